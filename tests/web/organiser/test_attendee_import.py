"""The pages on which a list of attendees comes in and is taken back."""

import re
from datetime import date
from io import BytesIO

import pytest

from eventkit.actions import attendee_import, places
from eventkit.actions.attendee_import import Choices
from eventkit.documents import tables
from eventkit.model.places import Group
from eventkit.model.question import Address, Kind, Option, Question
from eventkit.model.registration import State
from eventkit.model.text import Text
from eventkit.rules.attendee_table import What
from eventkit.store import imports, questions
from tests.world import BY, World

LIST = "Name;E-Mail;Verein\nÄnne Groß;a@x.org;Haus\nBo;b@x.org;\nBo;b@x.org;\nCem;nichts;\n"


@pytest.fixture
def hand_in(client, world: World):
    world.login(client)

    def send(event, data: bytes, name: str = "liste.csv"):
        address = f"/organise/events/{event.slug}/attendees/import"
        fields = {"csrf_token": client.token(address), "file": (BytesIO(data), name)}
        return client.post(address, data=fields)

    return send


def hidden(page) -> dict[str, str]:
    """The hidden fields of the form that imports."""
    form = next(f for f in re.findall(r"<form.*?</form>", page.text, re.S) if 'name="seen"' in f)
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_look_first_then_all_of_it_and_back_again(
    client, world: World, hand_in, encoding: str
) -> None:
    event = world.event(capacity=1)
    address = hand_in(event, LIST.encode(encoding)).headers["Location"]
    page = client.get(address)
    assert "1 mit Platz, 1 auf die Warteliste, 1 doppelt" in page.text
    assert "Änne Groß" in page.text
    assert "Das ist keine E-Mail-Adresse." in page.text
    assert world.registrations(event) == []
    fields = hidden(page)
    refused = client.post(address, data=fields | {"consent": "Verband <3", "rest": "y"})
    assert refused.status_code == 422
    assert "Verband &lt;3" in refused.text
    assert "Einige Zeilen sind nicht übernehmbar" in refused.text
    fields |= {"consent": "Verband", "rest": "y", "skip": "y"}
    assert client.post(address, data=fields).status_code == 303
    found = world.registrations(event)
    assert [(r.name, r.state) for r in found] == [
        ("Änne Groß", State.CONFIRMED),
        ("Bo", State.WAITING),
    ]
    assert client.get(address).status_code == 404
    assert not list((world.store.folder / "stash").iterdir())
    (kept,) = imports.of_event(world.store, event.id)
    assert (kept.filename, kept.rows, kept.live) == ("liste.csv", 2, 2)
    undo = f"/organise/events/{event.slug}/attendees/imports/{kept.id}/undo"
    page = client.get(undo)
    assert "2 Personen gehen ohne Spur" in page.text
    assert client.post(undo, data=hidden(page)).status_code == 303
    assert world.registrations(event) == []


def test_consent_is_asked_for_and_a_repeated_click_changes_nothing(client, world, hand_in) -> None:
    event = world.event()
    address = hand_in(event, b"Name,Mail\nAnna,a@x.org\n").headers["Location"]
    fields = hidden(client.get(address))
    refused = client.post(address, data=fields)
    assert refused.status_code == 422
    assert 'id="consent-error"' in refused.text
    world.register(event)
    late = client.post(address, data=fields | {"consent": "x", "seen": "other"})
    assert late.status_code == 409
    assert len(world.registrations(event)) == 1


def test_columns_can_be_chosen_and_rows_looked_through(client, world, hand_in) -> None:
    event = world.event()
    rows = "\n".join(f"g{n}@x.org,Gast {n}" for n in range(150))
    address = hand_in(event, f"Wohin,Wer\n{rows}\n".encode()).headers["Location"]
    assert "150 nicht übernehmbar" in client.get(address).text
    chosen = f"{address}?c0=email&c1=name"
    page = client.get(chosen)
    assert "60 mit Platz, 90 auf die Warteliste" in page.text
    assert "Gast 149" not in page.text
    assert "Gast 149" in client.get(f"{chosen}&page=3").text
    assert "Gast 1<" not in client.get(f"{chosen}&show=wrong").text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"<html/>"])
def test_what_is_no_table_is_said_at_the_field(world: World, hand_in, data: bytes) -> None:
    answer = hand_in(world.event(), data)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_a_large_table_is_taken(world: World, hand_in) -> None:
    rows = "Name;Mail;Notiz\n" + f"A;a@x.org;{'x' * 100_000}\n" * 6
    assert hand_in(world.event(), rows.encode()).status_code == 303


def test_what_belongs_to_another_meeting_is_not_there(client, world: World, hand_in) -> None:
    event, other = world.event(), world.event()
    address = hand_in(event, LIST.encode()).headers["Location"]
    assert client.get(address.replace(event.slug, other.slug)).status_code == 404
    fields = hidden(client.get(address)) | {"consent": "x", "skip": "y"}
    client.post(address, data=fields)
    (kept,) = imports.of_event(world.store, event.id)
    undo = f"/organise/events/{other.slug}/attendees/imports/{kept.id}/undo"
    assert client.get(undo).status_code == 404


def test_leaving_it_deletes_the_file(client, world: World, hand_in) -> None:
    event = world.event()
    address = hand_in(event, LIST.encode()).headers["Location"]
    fields = {"csrf_token": hidden(client.get(address))["csrf_token"]}
    assert client.post(f"{address}/drop", data=fields).status_code == 303
    assert not list((world.store.folder / "stash").iterdir())


def ask(world: World, event) -> None:
    """One question of each kind that a table can hold."""
    option = (Option("a", Text(de="Bahn; Bus")), Option("b", Text(de="Rad")))
    for key, kind in {
        "words": Kind.LONG,
        "one": Kind.CHOICE,
        "more": Kind.SEVERAL,
        "count": Kind.NUMBER,
        "born": Kind.DATE,
        "car": Kind.YES_NO,
        "home": Kind.ADDRESS,
    }.items():
        question = Question(
            0,
            event.id,
            key,
            kind,
            Text(de=f"Frage {key}"),
            purpose=Text(de="Test"),
            options=option if kind in (Kind.CHOICE, Kind.SEVERAL) else (),
        )
        with world.store.changing():
            questions.save(world.store, question)


ANSWERS = {
    "words": ("=Zeile eins\nZeile zwei",),
    "one": ("a",),
    "more": ("a", "b"),
    "count": ("1,5",),
    "born": ("2026-05-03",),
    "car": ("no",),
    "home": ("10 Downing Street", "SW1A 2AA", "London", "UK"),
}


def facts(world: World, event) -> list[object]:
    """Everything a list says of the people of a meeting."""
    names = dict(zip(world.workshops(event), "MQ", strict=True))
    groups = {row["id"]: row["name"] for row in world.store.all("SELECT * FROM attendee_groups")}
    given = {r.id: questions.of_registration(world.store, r.id) for r in world.registrations(event)}
    return [
        (
            r.name,
            r.email,
            r.organisation,
            r.role,
            r.state,
            r.language,
            groups.get(r.group_id),
            r.companions,
            {(names[c.item_id], c.wish, c.confirmed) for c in r.choices},
            {a.question.key: a.value for a in given[r.id]},
        )
        for r in world.registrations(event)
        if r.state is not State.CANCELLED
    ]


@pytest.mark.parametrize(("kind", "language"), [("csv", "de"), ("csv", "en"), ("xlsx", "de")])
def test_our_own_list_comes_in_again_as_it_was(client, world, kind, language) -> None:
    """R22"""
    event, other = (world.event(capacity=3) for _ in range(2))
    for each in (event, other):
        world.programme(each, capacity=1)
        ask(world, each)
        places.set_limits(
            world.store,
            each.id,
            per_organisation=None,
            offer_hours=0,
            companions=1,
            actor=BY,
            now=world.now,
            identity=world.identity,
        )
        places.save_group(
            world.store,
            each.id,
            Group(0, Text(de="Mitglieder")),
            actor=BY,
            now=world.now,
            identity=world.identity,
        )
    first, second = world.workshops(event)
    group = world.store.value("SELECT id FROM attendee_groups WHERE event_id = :id", id=event.id)
    world.register(event, "Anna", "a@x.org", group=group, sessions=(first,), answers=ANSWERS)
    world.register(event, "Bo", "b@x.org", group=group, sessions=(first,), second=(second,))
    world.register(
        event, "+Cem", "c@x.org", group=group, companions=("Lee O’Neill",), language="en"
    )
    world.register(event, "Dörte; D.", "d@x.org", group=group, organisation="=1+1", role="Chefin")
    world.login(client)
    client.get(f"/?lang={language}")
    data = client.get(f"/organise/events/{event.slug}/attendees.{kind}").data
    table = tables.read_table(data)
    look = attendee_import.look(world.store, world.again(other), table, Choices())
    assert {line.what for line in look.lines} == {What.PLACE, What.WAITING}
    attendee_import.take_in(
        world.store,
        other.id,
        table,
        Choices(),
        attendee_import.Terms("Wie zuvor", rest=True),
        seen=look.seen,
        filename="",
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    assert facts(world, other) == facts(world, event)
    anna = facts(world, other)[0][-1]
    assert anna["home"] == Address("10 Downing Street", "SW1A 2AA", "London", "UK")
    assert anna["born"] == date(2026, 5, 3)
