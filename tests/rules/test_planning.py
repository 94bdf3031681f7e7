"""Moves of a programme's draft, in local wall time, through midnight and the nights of the year."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from eventkit.errors import Invalid, NotFound
from eventkit.model.agenda import Item, Kind, Room
from eventkit.model.text import Text
from eventkit.rules import planning
from eventkit.rules.planning import Plan
from tests.rules.test_agenda import CELLAR, HALL, TALK

ZONE = "Europe/Berlin"
HOUR = timedelta(hours=1)
AFTER = replace(TALK, id=2, title=Text(de="B"), starts_at=TALK.ends_at, ends_at=TALK.ends_at + HOUR)
BESIDE = replace(TALK, id=3, title=Text(de="C"), room=CELLAR, people=())
LATE = replace(AFTER, id=4, room=CELLAR)


def plan(*items: Item, zone: str = ZONE) -> Plan:
    return Plan(items, (HALL, CELLAR), zone)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def local(*when: int) -> datetime:
    return planning.at_minute(date(*when[:3]), when[3] * 60 + when[4], ZONE)


def times(outcome: planning.Outcome) -> dict[int, tuple[datetime, datetime]]:
    return {item.id: (item.starts_at, item.ends_at) for item in outcome.items}


def test_an_item_moves_and_takes_as_long_as_before():
    (moved,) = planning.Nudge(1, -15).done(plan(TALK)).items
    assert moved == replace(
        TALK, starts_at=TALK.starts_at - HOUR / 4, ends_at=TALK.ends_at - HOUR / 4
    )


def test_it_gets_longer_and_shorter_but_never_nothing():
    (longer,) = planning.Stretch(1, 5).done(plan(TALK)).items
    assert longer.ends_at - TALK.ends_at == timedelta(minutes=5)
    (least,) = planning.Stretch(1, -55).done(plan(TALK)).items
    assert least.ends_at - least.starts_at == planning.LEAST
    for minutes, code in ((-60, "too_short"), (-500, "too_short"), (15 * 24 * 60, "too_long")):
        with pytest.raises(Invalid) as refused:
            planning.Stretch(1, minutes).done(plan(TALK))
        assert refused.value.code.startswith(code)


def test_to_another_day_it_keeps_its_hour_where_the_clocks_changed():
    before = replace(TALK, starts_at=local(2027, 3, 27, 10, 0), ends_at=local(2027, 3, 27, 11, 0))
    (moved,) = planning.Place(1, on=date(2027, 3, 28)).done(plan(before)).items
    assert (moved.starts_at, moved.ends_at) == (at(2027, 3, 28, 8), at(2027, 3, 28, 9))


def test_to_another_room_or_none():
    (moved,) = planning.Place(1, room=CELLAR.id).done(plan(TALK)).items
    assert moved == replace(TALK, room=CELLAR)
    (moved,) = planning.Place(1, room=0).done(plan(TALK)).items
    assert moved.room is None
    with pytest.raises(NotFound):
        planning.Place(1, room=99).done(plan(TALK))


def test_through_midnight():
    late = replace(TALK, starts_at=local(2026, 11, 20, 23, 30), ends_at=local(2026, 11, 21, 0, 30))
    (moved,) = planning.Nudge(1, 45).done(plan(late)).items
    assert moved.starts_at == local(2026, 11, 21, 0, 15)
    (placed,) = planning.Place(1, on=date(2026, 11, 20), minute=25 * 60).done(plan(late)).items
    assert placed.starts_at == local(2026, 11, 21, 1, 0)


@pytest.mark.parametrize(
    ("starts", "minutes", "expected"),
    [
        # clocks are put forward at 2:00 (1:00 UTC): the next time that exists
        (at(2027, 3, 28, 0, 45), 15, at(2027, 3, 28, 1, 0)),
        (at(2027, 3, 28, 0, 45), 30, at(2027, 3, 28, 1, 15)),
        (at(2027, 3, 28, 1, 0), -15, at(2027, 3, 28, 0, 45)),
        # clocks are put back at 3:00 (1:00 UTC): on through the second hour of that name
        (at(2026, 10, 24, 23, 45), 15, at(2026, 10, 25, 0, 0)),
        (at(2026, 10, 25, 1, 15), 15, at(2026, 10, 25, 1, 30)),
        (at(2026, 10, 25, 1, 45), 15, at(2026, 10, 25, 2, 0)),
        (at(2026, 10, 25, 2, 0), -15, at(2026, 10, 25, 1, 45)),
    ],
)
def test_a_step_goes_its_way_in_the_nights_the_clocks_change(starts, minutes, expected):
    """R73"""
    assert planning.stepped(starts, minutes, ZONE) == expected


def test_everything_after_moves_in_its_room_or_in_all():
    items = plan(TALK, AFTER, BESIDE, LATE)
    assert set(times(planning.Shift(1, 10).done(items))) == {2}
    assert set(times(planning.Shift(1, 10, everywhere=True).done(items))) == {2, 4}
    assert set(times(planning.Shift(1, 10, everywhere=True, first=True).done(items))) == {
        1,
        2,
        3,
        4,
    }
    next_day = replace(
        AFTER, starts_at=AFTER.starts_at + HOUR * 24, ends_at=AFTER.ends_at + HOUR * 24
    )
    with pytest.raises(Invalid):
        planning.Shift(1, 10, everywhere=True).done(plan(TALK, next_day))


def test_two_in_a_row_change_places_and_keep_their_pause():
    short = replace(AFTER, starts_at=AFTER.starts_at + HOUR / 4, ends_at=AFTER.starts_at + HOUR / 2)
    for move in (planning.Swap(1, 2), planning.Swap(2, 1)):
        found = times(move.done(plan(TALK, short)))
        assert found[2] == (TALK.starts_at, TALK.starts_at + HOUR / 4)
        assert found[1] == (short.ends_at - HOUR, short.ends_at)
        assert found[1][0] - found[2][1] == HOUR / 4


def test_two_in_different_rooms_change_hour_and_room():
    found = {i.id: i for i in planning.Swap(1, 4).done(plan(TALK, LATE)).items}
    assert (found[1].starts_at, found[1].room) == (LATE.starts_at, CELLAR)
    assert (found[4].starts_at, found[4].room) == (TALK.starts_at, HALL)


def test_a_break_comes_between_and_pushes_the_rest():
    insert = planning.Insert(1, Kind.BREAK, Text(de="Pause"), 15, push="all")
    new, *pushed = insert.done(plan(TALK, AFTER, LATE)).items
    assert (new.id, new.room, new.kind, new.people) == (0, None, Kind.BREAK, ())
    assert (new.starts_at, new.ends_at) == (TALK.ends_at, TALK.ends_at + HOUR / 4)
    assert {item.id: item.starts_at - AFTER.starts_at for item in pushed} == {
        2: HOUR / 4,
        4: HOUR / 4,
    }
    quiet = planning.Insert(1, Kind.BREAK, Text(de="Pause"), 15).done(plan(TALK, AFTER))
    assert [(i.id, i.room) for i in quiet.items] == [(0, HALL)]


def test_a_break_is_copied_to_every_room_once():
    pause = replace(TALK, kind=Kind.BREAK, people=())
    (copy,) = planning.Spread(1).done(plan(pause)).items
    assert (copy.id, copy.room) == (0, CELLAR)
    with pytest.raises(Invalid):
        planning.Spread(1).done(plan(pause, replace(pause, id=2, room=CELLAR)))
    nowhere = planning.Spread(1).done(plan(replace(pause, room=None))).items
    assert [(i.id, i.room) for i in nowhere] == [(1, HALL), (0, CELLAR)]


def test_a_duplicate_follows_and_what_is_removed_is_gone():
    (copy,) = planning.Duplicate(1).done(plan(TALK)).items
    assert (copy.id, copy.uid, copy.starts_at) == (0, "", TALK.ends_at)
    assert planning.Remove(1).done(plan(TALK)) == planning.Outcome((), (1,))
    with pytest.raises(NotFound):
        planning.Remove(9).done(plan(TALK))


def test_a_programme_is_copied_to_the_same_hours_of_other_days():
    summer = replace(TALK, starts_at=local(2026, 7, 3, 10, 0), ends_at=local(2026, 7, 3, 11, 0))
    second = replace(summer, starts_at=local(2026, 7, 4, 9, 0), ends_at=local(2026, 7, 4, 10, 0))
    copies = planning.moved_to(
        [summer, second],
        since=date(2026, 7, 3),
        zone=ZONE,
        day=date(2026, 11, 20),
        new_zone="Europe/Lisbon",
    )
    assert [i.starts_at for i in copies] == [at(2026, 11, 20, 10), at(2026, 11, 21, 9)]
    assert [i.id for i in copies] == [0, 0]


def test_the_mark_tells_every_difference_but_not_the_version():
    assert planning.mark(TALK) == planning.mark(replace(TALK, sequence=3, revised_at=TALK.ends_at))
    other = [
        replace(TALK, title=Text(de="Vortrag", en="Talk")),
        replace(TALK, starts_at=TALK.starts_at - HOUR),
        replace(TALK, room=Room(2, HALL.name)),
        replace(TALK, people=()),
        replace(TALK, capacity=3),
    ]
    marks = {planning.mark(item) for item in (TALK, *other)}
    assert len(marks) == 1 + len(other)
