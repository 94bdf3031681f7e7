"""A day as rows of five minutes and columns of rooms."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from eventkit.model.agenda import Item, Kind
from eventkit.rules import grid
from tests.rules.test_agenda import CELLAR, EVENT, HALL, TALK

HOUR = timedelta(hours=1)
ROOMS = (HALL, CELLAR)
DAY = grid.days(EVENT, [])[0]


def drawn(*items: Item, rooms=ROOMS, day: date = DAY) -> dict[int, tuple[int, int, int, int]]:
    made = grid.of_day(EVENT, items, rooms, day)
    return {s.item.id: (s.row, s.rows, s.column, s.width) for s in made.slots}


def test_items_stand_in_the_column_of_their_room():
    other = replace(TALK, id=2, room=CELLAR, starts_at=TALK.starts_at + HOUR / 4)
    made = grid.of_day(EVENT, [TALK, other], ROOMS, DAY)
    assert [column.room for column in made.columns] == [HALL, CELLAR]
    assert drawn(TALK, other) == {1: (0, 12, 0, 1), 2: (3, 9, 1, 1)}


def test_what_has_no_room_spans_all_when_it_is_alone():
    pause = replace(TALK, id=2, kind=Kind.BREAK, room=None, starts_at=TALK.ends_at)
    pause = replace(pause, ends_at=pause.starts_at + HOUR / 4)
    assert drawn(TALK, pause)[2] == (12, 3, 0, 2)
    beside = replace(pause, id=3, starts_at=TALK.starts_at)
    assert drawn(TALK, beside)[3][2:] == (2, 1)


def test_parallel_items_without_rooms_stand_by_track():
    one, two = (replace(TALK, id=n, room=None, track=name) for n, name in ((1, "A"), (2, "B")))
    made = grid.of_day(EVENT, [two, one], (), DAY)
    assert [(c.track, c.start) for c in made.columns] == [("A", 0), ("B", 1)]


def test_two_in_one_room_at_once_stand_beside_each_other():
    other = replace(TALK, id=2, starts_at=TALK.starts_at + HOUR / 2, ends_at=TALK.ends_at + HOUR)
    later = replace(TALK, id=3, starts_at=other.ends_at, ends_at=other.ends_at + HOUR)
    found = drawn(TALK, other, later)
    assert [found[n][2:] for n in (1, 2, 3)] == [(0, 1), (1, 1), (0, 2)]


def test_odd_minutes_take_the_rows_they_touch():
    odd = replace(
        TALK,
        starts_at=TALK.starts_at + timedelta(minutes=7),
        ends_at=TALK.starts_at + timedelta(minutes=11),
    )
    assert drawn(odd)[1][:2] == (1, 2)


def test_longer_than_the_night_is_clipped_and_stands_on_its_first_day():
    days = replace(TALK, ends_at=TALK.starts_at + HOUR * 50)
    (slot,) = grid.of_day(EVENT, [days], ROOMS, DAY).slots
    made = grid.of_day(EVENT, [days], ROOMS, DAY)
    assert slot.clipped
    assert made.first // 60 + made.rows * grid.ROW // 60 == 30
    assert grid.of_day(EVENT, [days], ROOMS, DAY + timedelta(days=1)).slots == ()


def test_a_night_in_which_the_clock_is_put_back_has_no_negative_length():
    """2:45 to 2:15, and yet half an hour (R73)."""
    starts = datetime(2026, 10, 25, 0, 45, tzinfo=TALK.starts_at.tzinfo)
    night = replace(TALK, starts_at=starts, ends_at=starts + HOUR / 2)
    (slot,) = grid.of_day(EVENT, [night], ROOMS, date(2026, 10, 25)).slots
    assert slot.rows == 1


def test_an_empty_day_shows_the_meetings_hours():
    made = grid.of_day(EVENT, [], (), DAY)
    assert (made.slots, made.width, len(made.columns)) == ((), 1, 1)
    assert made.rows >= 12


def test_days_reach_from_the_meeting_to_its_items():
    far = replace(TALK, starts_at=TALK.starts_at + HOUR * 72, ends_at=TALK.ends_at + HOUR * 72)
    assert grid.days(EVENT, [far]) == (DAY, DAY + timedelta(days=3))
