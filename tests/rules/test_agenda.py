"""Clashes of a programme: people, rooms, hours, seats."""

from dataclasses import replace
from datetime import timedelta

from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.rules.agenda import Problem, clashes
from tests.rules.test_stages import EVENT

HOUR = timedelta(hours=1)
HALL, CELLAR = Room(1, Text(de="Saal"), 30), Room(2, Text(de="Keller"))
MERAL = Person(1, "meral-thoms", "Meral Thoms")
TALK = Item(
    id=1,
    uid="u",
    kind=Kind.TALK,
    title=Text(de="Vortrag"),
    abstract=Text(),
    language="",
    starts_at=EVENT.starts_at,
    ends_at=EVENT.starts_at + HOUR,
    room=HALL,
    track="",
    capacity=None,
    people=(Part(MERAL, Role.SPEAKER),),
)


def problems(*items: Item) -> list[tuple[int, Problem]]:
    return [(clash.item.id, clash.problem) for clash in clashes(EVENT, items)]


def test_a_good_programme_has_no_clash():
    after = replace(TALK, id=2, starts_at=TALK.ends_at, ends_at=TALK.ends_at + HOUR)
    beside = replace(TALK, id=3, room=CELLAR, people=())
    assert problems(TALK, after, beside) == []


def test_nobody_is_in_two_rooms_at_once():
    other = replace(TALK, id=2, room=CELLAR, starts_at=TALK.starts_at + HOUR / 2)
    assert problems(TALK, other) == [(1, Problem.PERSON_TWICE), (2, Problem.PERSON_TWICE)]


def test_somebody_with_two_roles_in_one_item_is_no_clash():
    both = replace(TALK, people=(Part(MERAL, Role.SPEAKER), Part(MERAL, Role.MODERATOR)))
    assert problems(both) == []


def test_a_room_is_taken_once():
    other = replace(TALK, id=2, people=())
    assert problems(TALK, other) == [(1, Problem.ROOM_TWICE), (2, Problem.ROOM_TWICE)]


def test_everything_lies_inside_the_meeting():
    early = replace(TALK, starts_at=EVENT.starts_at - HOUR)
    late = replace(TALK, ends_at=EVENT.ends_at + HOUR)
    assert problems(early) == problems(late) == [(1, Problem.OUTSIDE)]
    doors = replace(EVENT, doors_at=EVENT.starts_at - HOUR)
    assert clashes(doors, [early]) == ()


def test_a_workshop_fits_into_its_room():
    workshop = replace(TALK, kind=Kind.WORKSHOP, capacity=31)
    assert problems(workshop) == [(1, Problem.ROOM_SMALL)]
    assert problems(replace(workshop, capacity=30)) == []
    assert problems(replace(workshop, room=CELLAR)) == []
