"""The pages on which a programme of another program comes into the draft."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from eventkit.actions import importing
from eventkit.actions.importing import Choices
from eventkit.rules.importing import What
from eventkit.rules.programme_table import Column
from eventkit.store import agenda
from tests.world import World

TABLE = "Beginn;Dauer;Titel;Personen\n9:00;30;Eröffnung;Bärbel Höhn\n9:30;45;Vortrag;\n"


@pytest.fixture
def hand_in(client, world: World):
    world.login(client)

    def send(event, data: bytes, name: str = "plan.csv"):
        page = client.get(f"/organise/events/{event.slug}/agenda/import")
        return client.post(
            f"/organise/events/{event.slug}/agenda/import",
            data={"csrf_token": token(page), "language": "de", "file": (BytesIO(data), name)},
        )

    return send


def token(page) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def hidden(page) -> dict[str, str]:
    """The hidden fields of the form that imports."""
    form = next(f for f in re.findall(r"<form.*?</form>", page.text, re.S) if 'name="seen"' in f)
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_look_first_then_all_of_it(client, world: World, hand_in) -> None:
    event = world.event()
    answer = hand_in(event, TABLE.encode())
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = client.get(address)
    assert "2 neu" in page.text
    assert "Bärbel Höhn" in page.text
    assert agenda.draft(world.store, event.id) == ()
    answer = client.post(address, data=hidden(page))
    assert answer.status_code == 303
    assert [i.title.de for i in agenda.draft(world.store, event.id)] == ["Eröffnung", "Vortrag"]
    assert client.get(address).status_code == 404  # the file is gone


def test_columns_can_be_chosen_and_a_wrong_row_is_said_at_its_line(client, world, hand_in) -> None:
    event = world.event()
    address = hand_in(event, b"Wann;Was\n9:00-9:30;Gut\nspaet;Schlecht\n").headers["Location"]
    assert "Zeile 3" in client.get(f"{address}&c0=start&c1=title").text
    page = client.get(f"{address}&c0=start&c1=title")
    assert "Der Beginn ist keine lesbare Uhrzeit." in page.text
    assert 'name="seen"' not in page.text
    answer = client.post(address, data={"csrf_token": token(page), "c0": "start", "c1": "title"})
    assert answer.status_code == 409
    assert agenda.draft(world.store, event.id) == ()


def test_a_draft_that_changed_meanwhile_is_shown_anew(client, world, hand_in) -> None:
    event = world.event()
    address = hand_in(event, TABLE.encode()).headers["Location"]
    page = client.get(address)
    world.item(event, "Inzwischen")
    answer = client.post(address, data=hidden(page))
    assert answer.status_code == 409
    assert "Inzwischen hat sich der Entwurf" in answer.text
    assert len(agenda.draft(world.store, event.id)) == 1


def test_a_large_file_is_taken(world: World, hand_in) -> None:
    rows = TABLE + f"10:15;45;{'Langer Titel ' * 5000};\n" * 20
    assert len(rows) > 1024 * 1024
    assert hand_in(world.event(), rows.encode()).status_code == 303


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"<html/>"])
def test_what_is_no_programme_is_said_at_the_field(world: World, hand_in, data: bytes) -> None:
    answer = hand_in(world.event(), data)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_another_meetings_file_is_not_there(client, world: World, hand_in) -> None:
    event, other = world.event(), world.event()
    address = hand_in(event, TABLE.encode()).headers["Location"]
    assert client.get(address.replace(event.slug, other.slug)).status_code == 404
    assert (
        client.get(f"/organise/events/{event.slug}/agenda/import/nonsense-name").status_code == 404
    )


def test_leaving_it_deletes_the_file(client, world: World, hand_in) -> None:
    event = world.event()
    address = hand_in(event, TABLE.encode()).headers["Location"]
    page = client.get(address)
    path = address.partition("?")[0]
    assert client.post(f"{path}/drop", data={"csrf_token": token(page)}).status_code == 303
    assert client.get(address).status_code == 404
    assert not list((world.store.folder / "stash").iterdir())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_exported_table_comes_back_as_it_was(client, world, kind, language) -> None:
    event = world.event()
    world.programme(event)
    night = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    world.item(event, "=Fest, lang", starts_at=night, ends_at=night + timedelta(hours=3))
    world.login(client)
    client.get(f"/?lang={language}")
    data = client.get(f"/organise/events/{event.slug}/agenda.{kind}").data
    seen = importing.look(world.store, event, data, Choices(language=language, exact=True))
    assert seen.proposals.troubles == ()
    assert {column for column in seen.columns if column} == set(Column) - {Column.LENGTH}
    assert {entry.what for entry in seen.entries} == {What.SAME}
