"""Who is told is exactly who is touched, whatever is done to a programme."""

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from eventkit.model.agenda import Item, Kind, Part, Programme, Role, Room
from eventkit.model.letter import Touch
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.rules import changes, telling
from eventkit.rules.telling import Hold, Interest
from tests.documents.samples import EVENT

NOW = EVENT.starts_at - timedelta(days=30)
PEOPLE = [Person(n, f"p{n}", f"Person {n}", email=f"p{n}@example.net") for n in range(4)]
ROOMS = [None, Room(1, Text(de="Saal 1")), Room(2, Text(de="Saal 2"))]
START = datetime(2027, 3, 12, 9, tzinfo=UTC)


@some.composite
def an_item(draw, number):
    at = START + draw(some.integers(0, 3)) * timedelta(minutes=30)
    people = draw(some.lists(some.sampled_from(PEOPLE), max_size=2, unique_by=lambda p: p.id))
    return Item(
        id=number,
        uid=f"uid-{number}",
        kind=Kind.WORKSHOP,
        title=Text(de=draw(some.sampled_from(["A", "B"]))),
        abstract=Text(de=draw(some.sampled_from(["", "x"]))),
        language="",
        starts_at=at,
        ends_at=at + timedelta(minutes=30),
        room=draw(some.sampled_from(ROOMS)),
        track=draw(some.sampled_from(["", "T"])),
        capacity=None,
        people=tuple(Part(person, Role.SPEAKER) for person in people),
    )


def a_programme():
    numbers = some.lists(some.integers(1, 4), unique=True, max_size=4)
    return numbers.flatmap(lambda ns: some.tuples(*(an_item(n) for n in ns)))


CHOSEN = some.lists(
    some.tuples(some.integers(1, 3), some.integers(1, 4)), unique=True, max_size=6
).map(
    lambda pairs: [
        Interest(guest, f"G{guest}", f"g{guest}@example.com", "de", item, Hold.CONFIRMED)
        for guest, item in sorted(pairs)
    ]
)


def told(before, after, interests=()):
    programme = Programme(1, NOW, tuple(before))
    found = changes.programme_changes(before, after)
    return telling.telling(EVENT, programme, after, found, list(interests), now=NOW)


def facts(item):
    return (item.title, item.starts_at, item.ends_at, item.room and item.room.name)


@settings(max_examples=60, deadline=None)
@given(before=a_programme(), after=a_programme(), interests=CHOSEN)
def test_receivers_are_exactly_those_touched_each_once(before, after, interests):
    old, new = ({item.id: item for item in items} for items in (before, after))
    both = old.keys() & new.keys()
    moved = {n for n in both if facts(old[n]) != facts(new[n])}
    people, guests = set(), set()
    for person in PEOPLE:
        was, now = (
            {n for n, item in items.items() if person in [part.person for part in item.people]}
            for items in (old, new)
        )
        if was ^ now or (was & now & moved):
            people.add(person.id)
    for each in interests:
        gone = each.item_id in old and each.item_id not in new
        if gone or each.item_id in moved:
            guests.add(each.registration_id)
    result = told(before, after, interests)
    assert [each.person.id for each in result.people] == list(
        dict.fromkeys(each.person.id for each in result.people)
    )
    assert {each.person.id for each in result.people} == people
    assert sorted(each.registration_id for each in result.guests) == sorted(guests)
    assert result.letters == len(people) + len(guests)
    assert result.ended == {n for n in old if n not in new}


def test_whoever_has_two_roles_on_an_item_is_told_of_it_once():
    base = dataclasses.replace(_item(1), people=tuple(Part(PEOPLE[0], role) for role in Role))
    later = dataclasses.replace(base, starts_at=base.starts_at - timedelta(minutes=5))
    (reader,) = told([base], [later]).people
    assert [each.touch for each in reader.items] == [Touch.CHANGED]


def test_another_role_is_told():
    speaks, moderates = (
        dataclasses.replace(_item(1), people=(Part(PEOPLE[0], role),))
        for role in (Role.SPEAKER, Role.MODERATOR)
    )
    (reader,) = told([speaks], [moderates]).people
    assert (reader.items[0].touch, reader.items[0].role) == (Touch.CHANGED, "moderator")


def test_an_item_that_comes_back_is_told_to_whoever_marked_it():
    marked = [Interest(1, "G", "g@example.com", "de", 1, Hold.MARKED)]
    gone = dataclasses.replace(_item(1), cancelled=True)
    (guest,) = told([gone], [_item(1)], marked).guests
    assert guest.items[0].touch is Touch.NEW


def test_who_only_marked_a_workshop_hears_nothing_of_its_places():
    marked = [Interest(1, "G", "g@example.com", "de", 1, Hold.MARKED)]
    talk = dataclasses.replace(_item(1), kind=Kind.TALK)
    assert told([_item(1)], [talk], marked).guests == ()


def test_the_fingerprint_follows_the_draft():
    programme = Programme(1, NOW, (_item(1),))
    other = dataclasses.replace(_item(1), track="T")
    prints = [
        telling.fingerprint(programme, [_item(1)]),
        telling.fingerprint(programme, [_item(1)]),
        telling.fingerprint(programme, [other]),
        telling.fingerprint(dataclasses.replace(programme, version=2), [_item(1)]),
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def _item(number):
    return Item(
        id=number,
        uid="uid",
        kind=Kind.WORKSHOP,
        title=Text(de="W"),
        abstract=Text(),
        language="",
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        room=None,
        track="",
        capacity=None,
    )
