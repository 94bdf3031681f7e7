"""Clashes of a programme: people, rooms, hours, seats."""

from dataclasses import replace
from datetime import timedelta

from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.rules.agenda import Problem, clashes, once
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
    beside = replace(TALK, id=3, room=CELLAR, kind=Kind.WORKSHOP, people=())
    assert problems(TALK, after, beside) == []


def test_nobody_is_in_two_rooms_at_once():
    other = replace(TALK, id=2, room=CELLAR, starts_at=TALK.starts_at + HOUR / 2)
    assert problems(TALK, other) == [(1, Problem.PERSON_TWICE), (2, Problem.PERSON_TWICE)]


def test_somebody_with_two_roles_in_one_item_is_no_clash():
    both = replace(TALK, people=(Part(MERAL, Role.SPEAKER), Part(MERAL, Role.MODERATOR)))
    assert problems(both) == []


def test_a_room_is_taken_once():
    other = replace(TALK, id=2, kind=Kind.WORKSHOP, people=())
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


def test_everybodys_break_is_nobodys_talk():
    pause = replace(TALK, id=2, kind=Kind.BREAK, room=None, people=())
    assert problems(TALK, pause) == [(1, Problem.OVERLAP), (2, Problem.OVERLAP)]
    assert problems(pause, replace(pause, id=3, kind=Kind.NETWORKING)) == []
    workshops = [replace(pause, id=n, kind=Kind.WORKSHOP, track=t) for n, t in ((4, "A"), (5, "B"))]
    assert problems(*workshops) == []


def test_a_talk_has_a_speaker_and_a_panel_somebody_who_moderates():
    assert problems(replace(TALK, people=())) == [(1, Problem.NO_SPEAKER)]
    panel = replace(TALK, kind=Kind.PANEL)
    assert problems(panel) == [(1, Problem.NO_MODERATOR)]
    assert problems(replace(panel, people=(Part(MERAL, Role.MODERATOR),))) == []


def test_a_hole_is_where_nothing_is_anywhere():
    later = replace(TALK, id=2, starts_at=TALK.ends_at + HOUR, ends_at=TALK.ends_at + HOUR * 2)
    found = clashes(EVENT, [TALK, later])
    assert [(c.item.id, c.problem, c.other) for c in found] == [(2, Problem.HOLE, TALK)]
    beside = replace(TALK, id=3, room=CELLAR, people=(), ends_at=later.starts_at, kind=Kind.PANEL)
    assert Problem.HOLE not in {c.problem for c in clashes(EVENT, [TALK, later, beside])}
    soon = replace(later, starts_at=TALK.ends_at + HOUR / 2)
    assert problems(TALK, soon) == []


def test_the_night_between_two_days_is_no_hole():
    tomorrow = replace(TALK, id=2, starts_at=TALK.starts_at + HOUR * 24)
    tomorrow = replace(tomorrow, ends_at=tomorrow.starts_at + HOUR)
    assert Problem.HOLE not in {c.problem for c in clashes(EVENT, [TALK, tomorrow])}


def test_nobody_speaks_when_they_said_they_are_away():
    morning = {MERAL.id: [(TALK.starts_at, TALK.ends_at)]}
    assert clashes(EVENT, [TALK], available=morning) == ()
    late = replace(TALK, starts_at=TALK.starts_at + HOUR / 2, ends_at=TALK.ends_at + HOUR / 2)
    assert [(c.problem, c.person) for c in clashes(EVENT, [late], available=morning)] == [
        (Problem.AWAY, "Meral Thoms")
    ]
    assert clashes(EVENT, [late], available={99: ()}) == ()


def test_a_list_of_all_says_each_pair_once():
    other = replace(TALK, id=2)
    found = clashes(EVENT, [TALK, other])
    assert len(found) == 4
    assert [c.problem for c in once(found)] == [Problem.PERSON_TWICE, Problem.ROOM_TWICE]


def test_the_sweep_finds_what_comparing_all_pairs_finds():
    """A programme of 120 items, against the plain way."""
    items = [
        replace(
            TALK,
            id=n,
            room=(HALL, CELLAR)[n % 2],
            people=(),
            kind=Kind.WORKSHOP,
            starts_at=TALK.starts_at + timedelta(minutes=n * 37 % 300),
            ends_at=TALK.starts_at + timedelta(minutes=n * 37 % 300 + 5 + n * 11 % 90),
        )
        for n in range(1, 121)
    ]
    pairs = {
        (a.id, b.id)
        for a in items
        for b in items
        if a is not b and a.room == b.room and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    }
    found = [c for c in clashes(EVENT, items) if c.problem is Problem.ROOM_TWICE]
    assert {(c.item.id, c.other.id) for c in found if c.other} == pairs
    assert [c.item.id for c in found] == sorted(c.item.id for c in found)
