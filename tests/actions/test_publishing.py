"""Publishing tells everybody concerned once, nobody else, and never something unseen."""

import dataclasses
from datetime import timedelta

import pytest

from eventkit.actions import agenda, post, publishing
from eventkit.actions.publishing import Unseen
from eventkit.links import Links
from eventkit.model.agenda import Kind, Part, Role, Room
from eventkit.model.letter import LetterKind, Touch
from eventkit.model.text import Text
from eventkit.store import interests, outbox, retention
from tests.world import BY, World

HOUR = timedelta(hours=1)
OURS = set(publishing.TOLD)


@pytest.fixture
def event(world: World):
    return world.event()


def person(world: World, name: str, **fields):
    local = name.split()[0].lower()
    return world.person(name, **{"email": f"{local}@example.net"} | fields)


def speaker(who, role=Role.SPEAKER):
    return (Part(who, role),)


def edit(world: World, event, item, **changes):
    agenda.save_item(
        world.store,
        event.id,
        dataclasses.replace(item, **changes),
        actor=BY,
        now=world.now,
        identity=world.identity,
    )


def remove(world: World, event, item):
    agenda.remove_item(world.store, event.id, item.id, actor=BY, now=world.now)


def told(world: World, event, version: int):
    """Who was written to because of a version: (address, [(touch, title)])."""
    return {
        letter.email: [(each.touch, each.title.de) for each in letter.facts.items]
        for letter in world.letters(event)
        if letter.kind in OURS and letter.facts.version == version
    }


def test_the_first_programme_tells_everybody_in_it_their_part_and_no_guest(world, event):
    thoms, rahn = person(world, "Thoms"), person(world, "Rahn", language="en")
    world.item(event, "A", people=speaker(thoms))
    world.item(event, "P", kind=Kind.PANEL, people=(*speaker(rahn), Part(thoms, Role.MODERATOR)))
    world.item(event, "Pause", kind=Kind.BREAK)
    world.register(event)
    world.publish(event)
    assert told(world, event, 1) == {
        "thoms@example.net": [(Touch.PART, "A"), (Touch.PART, "P")],
        "rahn@example.net": [(Touch.PART, "P")],
    }
    ours = [letter for letter in world.letters(event) if letter.kind in OURS]
    assert {letter.kind for letter in ours} == {LetterKind.SPEAKER_PROGRAMME}
    assert [letter.language for letter in ours] == ["de", "en"]


def test_a_letter_calls_the_part_what_it_is(world, event):
    thoms = person(world, "Thoms")
    for title, kind in (("A", Kind.TALK), ("B", Kind.WORKSHOP), ("C", Kind.OPENING)):
        world.item(event, title, kind=kind, people=speaker(thoms))
    world.publish(event)
    (ours,) = (letter for letter in world.letters(event) if letter.kind in OURS)
    assert [each.role for each in ours.facts.items] == ["speaker", "workshop", "contribution"]


def test_each_is_told_only_what_touches_them(world, event):
    thoms, rahn, oz = (person(world, name) for name in ("Thoms", "Rahn", "Oz"))
    moved = world.item(event, "Verlegt", people=speaker(thoms))
    world.item(event, "Bleibt", people=speaker(oz))
    gone = world.item(event, "Entfällt", people=speaker(rahn))
    world.publish(event)
    edit(world, event, moved, starts_at=moved.starts_at + HOUR, ends_at=moved.ends_at + HOUR)
    remove(world, event, gone)
    world.item(event, "Neu", people=speaker(rahn))
    world.pass_time(days=1)
    world.publish(event)
    assert told(world, event, 2) == {
        "thoms@example.net": [(Touch.CHANGED, "Verlegt")],
        "rahn@example.net": [(Touch.NEW, "Neu"), (Touch.REMOVED, "Entfällt")],
    }
    (news,) = (x.facts.items[0] for x in world.letters(event) if x.email[0] == "t" and x.id > 3)
    assert (news.before_starts_at, news.starts_at) == (moved.starts_at, moved.starts_at + HOUR)


def test_moved_and_moved_back_is_no_version_and_no_letter(world, event):
    item = world.item(event, people=speaker(person(world, "Thoms")))
    world.publish(event)
    before = len(world.letters(event))
    edit(world, event, item, starts_at=item.starts_at + HOUR / 2)
    edit(world, event, item)
    assert world.publish(event).version == 1
    assert len(world.letters(event)) == before


@pytest.mark.parametrize(
    ("changes", "writes"),
    [
        ({"abstract": Text(de="Neuer Text")}, False),
        ({"track": "A"}, False),
        ({"language": "en"}, False),
        ({"capacity": 12}, False),
        ({"title": Text(de="Anders")}, True),
        ({"room": "another"}, True),
    ],
)
def test_small_changes_write_to_nobody(world, event, changes, writes):
    item = world.item(event, people=speaker(person(world, "Thoms")))
    world.publish(event)
    if "room" in changes:
        room = Room(0, Text(de="Saal 2"), 80)
        room_id = agenda.save_room(world.store, event.id, room, position=0, actor=BY, now=world.now)
        changes = {"room": dataclasses.replace(room, id=room_id)}
    edit(world, event, item, **changes)
    assert world.publish(event).version == 2
    assert bool(told(world, event, 2)) is writes


def test_who_joins_and_who_leaves_an_item_are_told_the_others_not(world, event):
    stays, leaves, joins = (person(world, name) for name in ("Stays", "Leaves", "Joins"))
    item = world.item(event, "P", people=(*speaker(stays), Part(leaves, Role.PANELLIST)))
    world.publish(event)
    edit(world, event, item, people=(*speaker(stays), Part(joins, Role.PANELLIST)))
    world.publish(event)
    assert told(world, event, 2) == {
        "leaves@example.net": [(Touch.LEFT, "P")],
        "joins@example.net": [(Touch.NEW, "P")],
    }


def test_guests_of_a_workshop_are_told_and_lose_their_choice_when_it_goes(world, event, store):
    later = {"starts_at": event.starts_at + HOUR, "ends_at": event.starts_at + 2 * HOUR}
    one = world.item(event, "Eins", kind=Kind.WORKSHOP, capacity=1)
    two = world.item(event, "Zwei", kind=Kind.WORKSHOP, capacity=1, **later)
    world.publish(event)
    world.register(event, email="platz@example.com", sessions=(one.id, two.id))
    world.register(event, email="wartet@example.com", sessions=(one.id,))
    world.register(event, email="andere@example.com")
    remove(world, event, one)
    world.publish(event)
    assert told(world, event, 2) == {
        "platz@example.com": [(Touch.REMOVED, "Eins")],
        "wartet@example.com": [(Touch.REMOVED, "Eins")],
    }
    holder, waiter, _ = world.registrations(event)
    assert [choice.item_id for choice in holder.choices] == [two.id]
    assert waiter.choices == ()
    assert interests.lost(store, holder.id) == {one.id}
    assert interests.lost(store, waiter.id) == set()
    letter = next(x for x in world.letters(event) if x.facts.version == 2)
    assert [session.title.de for session in letter.facts.sessions] == ["Zwei"]
    assert letter.registration_id == holder.id


def test_who_moves_up_because_of_it_reads_that_in_the_same_letter(world, event):
    gone = world.item(event, "Weg", kind=Kind.WORKSHOP, capacity=1)
    later = {"starts_at": event.starts_at + HOUR, "ends_at": event.starts_at + 2 * HOUR}
    full = world.item(event, "Voll", kind=Kind.WORKSHOP, capacity=1, **later)
    world.publish(event)
    world.register(event, sessions=(full.id,))
    world.register(event, email="gast@example.com", sessions=(gone.id, full.id))
    world.register(event, email="andere@example.com", sessions=(full.id,))
    edit(world, event, full, capacity=3)
    remove(world, event, gone)
    known = len(world.letters(event))
    world.publish(event)
    letters = {letter.email: letter for letter in world.letters(event)[known:]}
    assert {email: letter.kind for email, letter in letters.items()} == {
        "gast@example.com": LetterKind.ITEMS_CHANGED,
        "andere@example.com": LetterKind.WORKSHOP,
    }
    (session,) = letters["gast@example.com"].facts.sessions
    assert (session.title.de, session.confirmed) == ("Voll", True)


def test_a_moved_workshop_is_told_to_who_has_waits_for_or_marked_it(world, event, store):
    item = world.item(event, "W", kind=Kind.WORKSHOP, capacity=1)
    world.publish(event)
    for name in ("platz", "wartet", "merkt", "geht"):
        sessions = () if name == "merkt" else (item.id,)
        world.register(event, email=f"{name}@example.com", sessions=sessions)
    marker, leaver = world.registrations(event)[2:]
    with store.changing():
        store.insert("marked_items", registration_id=marker.id, item_id=item.id)
        store.run("UPDATE choices SET state = 'cancelled' WHERE registration_id = :i", i=leaver.id)
    edit(world, event, item, starts_at=item.starts_at + HOUR, ends_at=item.ends_at + HOUR)
    world.publish(event)
    assert set(told(world, event, 2)) == {f"{x}@example.com" for x in ("platz", "wartet", "merkt")}
    assert all(registration.choices for registration in world.registrations(event)[:2])


def test_a_workshop_that_becomes_a_talk_needs_no_place_any_more(world, event, store):
    item = world.item(event, "W", kind=Kind.WORKSHOP, capacity=1)
    world.publish(event)
    world.register(event, email="gast@example.com", sessions=(item.id,))
    edit(world, event, item, kind=Kind.TALK, capacity=None)
    world.publish(event)
    assert told(world, event, 2) == {"gast@example.com": [(Touch.OPENED, "W")]}
    (guest,) = world.registrations(event)
    assert guest.choices == ()
    assert store.value("SELECT count(*) FROM marked_items") == 1


def test_somebody_who_speaks_and_is_a_guest_gets_one_letter(world, event):
    thoms = person(world, "Thoms")
    talk = world.item(event, "Vortrag", people=speaker(thoms))
    workshop = world.item(event, "W", kind=Kind.WORKSHOP, capacity=3)
    world.publish(event)
    world.register(event, email="Thoms@Example.net", sessions=(workshop.id,))
    edit(world, event, talk, title=Text(de="Anders"))
    remove(world, event, workshop)
    world.publish(event)
    assert told(world, event, 2) == {
        "thoms@example.net": [(Touch.CHANGED, "Anders"), (Touch.REMOVED, "W")]
    }
    assert world.registrations(event)[0].choices == ()


def test_people_without_an_address_are_named_and_not_written_to(world, event):
    world.item(event, "A", people=speaker(person(world, "Thoms", email="")))
    made = publishing.plan(world.store, event.id, now=world.now)
    assert made.telling.letters == 0
    assert [each.person.name for each in made.telling.unreachable] == ["Thoms"]
    world.publish(event)
    assert told(world, event, 1) == {}


def test_a_meeting_that_is_over_or_called_off_tells_nobody(world, event):
    item = world.item(event, "A", people=speaker(person(world, "Thoms")))
    world.publish(event)
    world.now = event.ends_at
    edit(world, event, item, title=Text(de="Wie es wirklich hieß"))
    assert world.publish(event).version == 2
    assert told(world, event, 2) == {}


def test_what_was_not_seen_is_not_published(world, event):
    item = world.item(event, people=speaker(person(world, "Thoms")))
    seen = publishing.plan(world.store, event.id, now=world.now).fingerprint
    edit(world, event, item, title=Text(de="Schnell noch geändert"))

    def publish(fingerprint):
        return publishing.publish(
            world.store,
            event.id,
            seen=fingerprint,
            actor=BY,
            now=world.now,
            identity=world.identity,
        )

    with pytest.raises(Unseen):
        publish(seen)
    assert world.letters(event) == []
    again = publishing.plan(world.store, event.id, now=world.now).fingerprint
    assert publish(again).version == 1
    assert publish(again).version == 1  # a second click publishes nothing and refuses nothing


def test_the_letter_leads_to_the_speakers_own_page(world, event):
    world.item(event, people=speaker(person(world, "Thoms")))
    world.publish(event)
    (letter,) = world.letters(event)
    office = post.PostOffice(
        mail=None,  # type: ignore[arg-type] # nothing is sent here
        links=Links("https://events.example.org"),
        identity=world.identity,
    )
    link = post.personal_link(office, letter)
    assert link.startswith("https://events.example.org/speaking/")
    assert letter.person_id is not None
    assert outbox.unpack(outbox.pack(letter.facts)) == letter.facts


def test_a_forgotten_guests_letter_names_no_choice_any_more(world, event, store):
    """R55"""
    item = world.item(event, "W", kind=Kind.WORKSHOP)
    world.item(event, "Bleibt")
    world.publish(event)
    world.register(event, "Ayşe Yılmaz", sessions=(item.id,))
    remove(world, event, item)
    world.publish(event)
    letter = world.letters(event)[-1]
    assert letter.facts.items
    with store.changing():
        outbox.sent(store, letter.id, now=world.now)
        retention.anonymise(store, [letter.registration_id], now=world.now)
    kept = outbox.by_id(store, letter.id)
    assert (kept.name, kept.facts.items, kept.facts.version) == ("", (), 2)


def test_versions_count_what_changed_since_the_first(world, event):
    item = world.item(event, "A")
    counts = [world.publish(event).changes]
    edit(world, event, item, title=Text(de="B"))
    world.item(event, "C")
    counts.append(world.publish(event).changes)
    remove(world, event, item)
    counts.append(world.publish(event).changes)
    assert counts == [0, 2, 3]
