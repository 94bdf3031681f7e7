"""The editor as it is posted to: buttons without a script, refusals that keep, two at once."""

import re
from datetime import timedelta

import pytest

from eventkit.model.account import Access
from eventkit.model.agenda import Kind
from eventkit.model.text import Text
from eventkit.rules import planning as moves
from eventkit.store import agenda as agenda_store
from eventkit.store import appearances, people
from tests.journeys.test_organise import EN

HOUR = timedelta(hours=1)
AGENDA = "/organise/events/treffen/agenda"


@pytest.fixture
def event(world):
    event = world.event(slug="treffen")
    hall, cellar = world.room(event, "Saal 1", 80), world.room(event, "Saal 2")
    world.item(event, "A", room=hall)
    world.item(event, "B", room=cellar, starts_at=event.starts_at + HOUR, ends_at=event.ends_at)
    return event


@pytest.fixture
def post(client, world, event):
    """Send a form of the editor with what the page shows; the answer follows no redirect."""
    world.login(client)

    def send(path, **fields):
        data = {"csrf_token": client.token(AGENDA), **fields}
        return client.post(f"{AGENDA}/{path}", data=data, headers=EN)

    return send


def draft(world, event):
    return {item.title.de: item for item in agenda_store.draft(world.store, event.id)}


def step(post, item, do, **fields):
    seen = fields.pop("seen", moves.mark(item))
    return post(f"items/{item.id}/step", do=do, seen=seen, **fields)


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_day_is_drawn_in_rows_of_five_minutes(client, world, event, post):
    page = client.get(AGENDA, headers=EN).text
    # 10:00 is the first row under the rooms, an hour has twelve; the columns follow the rail
    assert "from-2 rows-12 col-2 cols-1" in page
    assert "from-14 rows-60 col-3 cols-1" in page
    assert page.count('class="board-room from-1') == 2
    rows = client.get("/organise/grid.css")
    assert ".from-14 { grid-row-start: 14; }" in rows.text
    assert "max-age" in rows.headers["Cache-Control"]


def test_a_quick_line_knows_a_break_and_takes_an_address(client, world, event, post):
    line = {"on": event.starts_at.date().isoformat(), "start_time": "12:00", "minutes": "30"}
    line |= {"room_id": "0", "kind": "talk"}
    assert post("add", title="Coffee break", **line).status_code == 303
    assert post("add", title="Lunch break", people="Oz", **line).status_code == 303
    kinds = {
        i.title.en: i.kind for i in agenda_store.draft(world.store, event.id) if not i.title.de
    }
    assert kinds == {"Coffee break": Kind.BREAK, "Lunch break": Kind.TALK}
    wrong = post("add", title="C", people="Oz <no address>", **line)
    assert wrong.status_code == 422
    assert "This is not a mail address" in wrong.text
    assert "Oz &lt;no address&gt;" in wrong.text
    post("add", title="C", people="Oz <oz@example.org>; Thoms", **line)
    assert {p.name: p.email for p in people.every(world.store)}["Oz"] == "oz@example.org"
    other = post("add", title="D", people="Oz <else@example.org>", **line)
    assert "has another mail address already" in other.text


def test_every_button_does_its_step(client, world, event, post):
    """What can be dragged has a button (R62)."""
    item = draft(world, event)["A"]
    panel = client.get(f"{AGENDA}?item={item.id}", headers=EN).text
    for do in ("earlier", "later", "shorter", "longer", "place", "insert", "shift", "swap"):
        assert f'value="{do}"' in panel
    for do in ("spread", "duplicate", "remove"):
        assert f'value="{do}"' in panel
    assert step(post, item, "later", by="15").status_code == 303
    moved = draft(world, event)["A"]
    assert moved.starts_at == item.starts_at + HOUR / 4
    answer = step(post, moved, "place", room="0", minute="600", on="2026-11-21")
    assert "day=2026-11-21" in answer.location
    there = draft(world, event)["A"]
    assert (there.room, there.starts_at) == (None, event.starts_at + 24 * HOUR)
    answer = step(post, there, "insert", kind="break", by="20", scope="all")
    assert draft(world, event)["Pause"].starts_at == there.ends_at
    page = client.get(answer.location, headers=EN).text
    assert "“Pause” inserted" in text(page) or "“Break” inserted" in text(page)
    assert step(post, there, "remove", day="2026-11-21").status_code == 303
    assert set(draft(world, event)) == {"B", "Pause"}


def test_undo_says_what_and_by_whom_and_survives_a_reload(client, world, event, post):
    item = draft(world, event)["A"]
    step(post, item, "later", by="5")
    world.login(client, "anna@example.org")
    page = client.get(AGENDA, headers=EN).text
    assert "Undo: “A (en)” moved (organiser@example.org)" in text(page)
    number = re.search(r'name="step" value="(\d+)"', page)[1]
    answer = post("undo", step=number)
    assert draft(world, event)["A"].starts_at == item.starts_at
    page = client.get(answer.location, headers=EN).text
    assert "Undone: “A (en)” moved." in text(page)
    again = re.search(r'name="step" value="(\d+)">\s*<button[^>]*id="redo"', page)[1]
    assert post("redo", step=again).status_code == 303
    assert draft(world, event)["A"].starts_at == item.starts_at + HOUR / 12


def test_a_step_in_between_is_not_undone_unseen(client, world, event, post):
    step(post, draft(world, event)["A"], "later", by="5")
    page = client.get(AGENDA, headers=EN).text
    number = re.search(r'name="step" value="(\d+)"', page)[1]
    step(post, draft(world, event)["B"], "earlier", by="5")
    there = draft(world, event)
    answer = post("undo", step=number)
    assert answer.status_code == 409
    assert "the button says now what it would undo" in text(answer.text)
    assert draft(world, event) == there


def test_two_at_one_item_nothing_is_lost(client, world, event, post):
    item = draft(world, event)["A"]
    world.login(client, "anna@example.org")
    step(post, item, "later", by="30")
    there = draft(world, event)
    client.set_cookie("organiser", "")
    world.login(client, "berta@example.org")
    answer = step(post, item, "shorter", by="15")
    assert answer.status_code == 409
    assert "changed by somebody else" in text(answer.text)
    assert "That was anna@example.org." in text(answer.text)
    assert f'value="{moves.mark(there["A"])}"' in answer.text, "with what is there now"
    assert draft(world, event) == there
    step(post, there["A"], "remove")
    answer = step(post, there["A"], "later", by="5")
    assert answer.status_code == 409
    assert "was taken out" in text(answer.text)


def test_the_form_of_an_item_keeps_what_was_typed_when_somebody_was_faster(
    client, world, event, post
):
    item = draft(world, event)["A"]
    seen = moves.mark(item)
    step(post, item, "later", by="30")
    fields = {"kind": "talk", "title_de": "Mein Titel", "on": "2026-11-20", "seen": seen}
    fields |= {"start_time": "10:00", "end_time": "11:00", "rows": "6"}
    answer = post(f"items/{item.id}", **fields)
    assert answer.status_code == 409
    assert "Mein Titel" in answer.text
    assert "So it is in the draft now" in text(answer.text)
    fresh = re.search(r'name="seen" value="([0-9a-f]{12})"', answer.text)[1]
    assert post(f"items/{item.id}", **fields | {"seen": fresh}).status_code == 303
    assert "Mein Titel" in draft(world, event)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": "shorter", "by": "60"}, "at least five minutes"),
        ({"do": "shift", "by": "15", "scope": "room"}, "Nothing comes after it"),
        ({"do": "later", "by": "99999"}, "number from"),
        ({"do": "fly"}, "Not a valid choice"),
        ({"do": "place", "on": "9999-12-31"}, "this century"),
        ({"do": "swap", "other": "x"}, "nothing to do"),
    ],
)
def test_what_can_not_be_done_is_said_and_changes_nothing(world, event, post, fields, words):
    there = draft(world, event)
    answer = step(post, there["A"], **fields)
    assert answer.status_code == 422
    assert words in text(answer.text)
    assert draft(world, event) == there


def test_one_line_makes_an_item_its_people_and_the_next_beginning(client, world, event, post):
    line = {"title": "15:15 Neu, und gut, 40 min, Saal 2", "on": "2026-11-20", "kind": "panel"}
    line |= {"start_time": "09:00", "minutes": "30", "room_id": "0"}
    answer = post("add", **line, people="Neue Person; Zweite Person", moderator="Mo Derator")
    assert answer.status_code == 303
    found = next(i for i in draft(world, event).values() if i.kind is Kind.PANEL)
    assert found.title == Text(en="Neu, und gut")
    assert found.starts_at.isoformat() == "2026-11-20T14:15:00+00:00"
    assert (found.ends_at - found.starts_at, found.room.name.de) == (HOUR * 2 / 3, "Saal 2")
    said = [(p.person.name, p.role.value) for p in found.people]
    assert said == [
        ("Neue Person", "panellist"),
        ("Zweite Person", "panellist"),
        ("Mo Derator", "moderator"),
    ]
    page = client.get(answer.location, headers=EN).text
    assert re.search(r'name="start_time"[^>]*value="15:55', page)
    assert f'<option selected value="{found.room.id}">' in page
    assert [p.name for p in people.every(world.store)] == sorted(name for name, _ in said)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"start_time": ""}, "start_time"),
        ({"minutes": "0"}, "minutes"),
        ({"title": "Neu, 2 min"}, "minutes"),
        ({"on": "2027-03-28", "start_time": "02:30"}, "start_time"),
        ({"people": "www.example.com"}, "people"),
    ],
)
def test_a_wrong_line_is_kept_and_says_what_is_wrong(client, world, event, post, changes, field):
    """R62"""
    line = {"title": "Neu", "on": "2026-11-20", "start_time": "09:00", "minutes": "30"}
    line |= {"room_id": "0", "kind": "talk", "moderator": "Mo Derator"} | changes
    answer = post("add", **line)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Mo Derator"' in answer.text
    assert len(draft(world, event)) == 2
    assert people.every(world.store) == []


def test_an_empty_programme_teaches_and_begins(client, world, event, post):
    later = world.event(slug="naechstes")
    page = client.get("/organise/events/naechstes/agenda", headers=EN).text
    assert "Nothing is planned yet" in page
    base = "/organise/events/naechstes/agenda"
    token = client.token(base)
    fields = {"csrf_token": token, "frame": "day", "on": "2026-11-20"}
    answer = client.post(f"{base}/frame", data=fields, headers=EN)
    assert "9 items are in the draft now." in client.get(answer.location, headers=EN).text
    fields = {"csrf_token": token, "source": str(event.id)}
    assert client.post(f"{base}/copy", data=fields).status_code == 303
    assert len(agenda_store.draft(world.store, later.id)) == 11
    for path, wrong in (("frame", {"frame": "x"}), ("copy", {"source": str(later.id)})):
        answer = client.post(f"{base}/{path}", data={"csrf_token": token, **wrong}, headers=EN)
        assert answer.status_code == 422


def test_a_long_meeting_has_a_tab_for_each_day_and_says_what_goes_on(client, world):
    world.login(client)
    event = world.event(slug="treffen", ends_at=world.event().ends_at + 48 * HOUR)
    world.item(event, "Ausstellung", ends_at=event.ends_at)
    world.item(event, "Nachts", starts_at=event.starts_at + 14 * HOUR, ends_at=event.ends_at)
    first = client.get(AGENDA, headers=EN).text
    assert first.count("?day=2026-11-2") >= 3
    second = client.get(f"{AGENDA}?day=2026-11-21", headers=EN).text
    assert "Goes on since an earlier day" in second
    assert client.get(f"{AGENDA}?day=yesterday&item=x").status_code == 200


def test_clashes_are_listed_linked_and_counted(client, world, event, post):
    hall = agenda_store.rooms(world.store, event.id)[0]
    speaker = world.person("Meral Thoms")
    part = agenda_store.Part(speaker, agenda_store.Role.SPEAKER)
    world.item(event, "C", room=hall, people=(part,))
    with world.store.changing():
        window = (event.starts_at + 2 * HOUR, event.ends_at)
        appearances.set_availability(world.store, event.id, speaker.id, [window])
    page = client.get(AGENDA, headers=EN).text
    assert "4 clashes" in text(page)
    assert "Meral Thoms said they can&#39;t be there" in page
    assert re.search(r'href="[^"]*day=2026-11-20&amp;item=\d+#item-\d+">10:00 C', page)
    overview = client.get("/organise/events/treffen/", headers=EN).text
    assert "4 clashes in the programme" in overview


def test_seven_people_keep_their_order_and_can_change_it(client, world, event, post):
    parts = tuple(
        agenda_store.Part(world.person(f"Person {n}"), agenda_store.Role.PANELLIST)
        for n in range(1, 8)
    )
    item = world.item(event, "Podium", kind=Kind.PANEL, people=parts)
    page = client.get(f"{AGENDA}/items/{item.id}", headers=EN).text
    assert 'name="person9"' in page
    assert "Saal 1 (80 seats)" in page
    fields = {"kind": "panel", "title_de": "Podium", "on": "2026-11-20", "rows": "9"}
    fields |= {"start_time": "10:00", "end_time": "11:00", "seen": moves.mark(item)}
    for n, part in enumerate(parts, 1):
        fields |= {f"person{n}": str(part.person.id), f"role{n}": "panellist"}
        fields[f"place{n}"] = str(8 - n)
    assert post(f"items/{item.id}", **fields).status_code == 303
    names = [p.person.name for p in draft(world, event)["Podium"].people]
    assert names == [f"Person {n}" for n in range(7, 0, -1)]


def test_an_item_may_end_on_another_day(client, world, event, post):
    fields = {"kind": "networking", "title_de": "Fest", "on": "2026-11-20", "rows": "6"}
    fields |= {"start_time": "22:00", "end_time": "02:00"}
    assert "before the beginning" in post("items/new", **fields).text
    assert post("items/new", **fields | {"end_on": "2026-11-21"}).status_code == 303
    item = draft(world, event)["Fest"]
    assert item.ends_at - item.starts_at == 4 * HOUR
    page = client.get(f"{AGENDA}/items/{item.id}").text
    assert 'value="2026-11-21"' in page


def test_moved_and_brought_back_is_nothing_to_publish(client, world, event, post):
    world.publish(event)
    world.pass_time(minutes=1)
    overview = "/organise/events/treffen/"
    step(post, draft(world, event)["A"], "later", by="5")
    assert "1 change of the programme" in client.get(overview, headers=EN).text
    number = re.search(r'name="step" value="(\d+)"', client.get(AGENDA).text)[1]
    post("undo", step=number)
    assert "of the programme is not published" not in client.get(overview, headers=EN).text


def test_nobody_moves_the_items_of_another_meeting(client, world, event, post):
    """R10"""
    other = world.event(slug="anderes")
    theirs = world.item(other, "D")
    assert step(post, theirs, "later", by="5").status_code == 404
    assert step(post, draft(world, event)["A"], "swap", other=f"{theirs.id}:x").status_code in (
        404,
        409,
    )
    assert agenda_store.draft(world.store, other.id) == (theirs,)


def test_helpers_at_the_door_do_not_edit(client, world, event):
    world.login(client, "tuer@example.org", Access.DOOR)
    assert client.get(AGENDA).status_code == 404
