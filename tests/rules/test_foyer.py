"""The foyer's screen at every moment of a meeting: before, running, breaks, overnight, after."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from eventkit.model.agenda import Item, Kind, Room
from eventkit.model.text import Text
from eventkit.rules import foyer
from eventkit.rules.foyer import Moment

BERLIN = "Europe/Berlin"
DAY = datetime(2026, 11, 20, tzinfo=UTC)
ATTIC, HALL = Room(7, Text(de="Dach")), Room(3, Text(de="Saal"))
ROOMS = (HALL, ATTIC)
ITEM = Item(1, "u", Kind.TALK, Text(de="A"), Text(), "", DAY, DAY, None, "", None)


def _item(number: int, start: str, end: str, room: Room | None = HALL, **fields: object) -> Item:
    """An item by its hours (UTC) on 20 November; "+1" is the next day."""
    hours = {"starts_at": _at(start), "ends_at": _at(end)}
    return dataclasses.replace(ITEM, id=number, room=room, **hours, **fields)  # type: ignore[arg-type]


def _at(clock: str) -> datetime:
    time, _, later = clock.partition("+")
    hour, minute = time.split(":")
    return DAY + timedelta(days=int(later or 0), hours=int(hour), minutes=int(minute))


ITEMS = (
    _item(1, "9:00", "10:00"),
    _item(2, "9:00", "11:00", ATTIC),
    _item(3, "10:00", "10:30", None, kind=Kind.BREAK),
    _item(4, "10:30", "12:00"),
    _item(5, "8:00+1", "9:00+1", ATTIC),
)


def _board(clock: str, items: tuple[Item, ...] = ITEMS, morning: tuple[Item, ...] | None = None):
    return foyer.board(items, items if morning is None else morning, ROOMS, BERLIN, _at(clock))


def _said(board: foyer.Board) -> list[tuple[str, list[int], int | None]]:
    return [
        (
            line.room.name.de if line.room else "",
            [item.id for item in line.now],
            line.next.id if line.next else None,
        )
        for line in board.lines
    ]


@pytest.mark.parametrize(
    ("clock", "moment", "lines"),
    [
        ("7:00", Moment.BEFORE, [("", [], 3), ("Saal", [], 1), ("Dach", [], 2)]),
        ("9:00", Moment.RUNNING, [("", [], 3), ("Saal", [1], 4), ("Dach", [2], None)]),
        ("9:59", Moment.RUNNING, [("", [], 3), ("Saal", [1], 4), ("Dach", [2], None)]),
        ("10:00", Moment.RUNNING, [("", [3], None), ("Saal", [], 4), ("Dach", [2], None)]),
        ("10:30", Moment.RUNNING, [("Saal", [4], None), ("Dach", [2], None)]),
        ("12:00", Moment.OVERNIGHT, [("Dach", [], 5)]),
        ("8:00+1", Moment.RUNNING, [("Dach", [5], None)]),
        ("9:00+1", Moment.AFTER, []),
    ],
)
def test_each_room_says_what_runs_and_what_is_next(clock, moment, lines):
    board = _board(clock)
    assert (board.moment, _said(board)) == (moment, lines)


def test_before_and_overnight_say_when_it_goes_on():
    assert _board("7:00").starts_at == _at("9:00")
    assert _board("20:00").starts_at == _at("8:00+1")
    assert _board("9:30").starts_at is None


def test_a_gap_in_the_day_is_no_night():
    items = (_item(1, "9:00", "10:00"), _item(2, "13:00", "14:00"))
    assert _board("11:00", items).moment is Moment.RUNNING
    assert _said(_board("11:00", items)) == [("Saal", [], 2)]


def test_an_evening_past_midnight_is_still_today():
    items = (_item(1, "20:00", "22:00"), _item(2, "23:30", "1:00+1"))  # 00:30 in Berlin
    board = _board("22:30", items)
    assert (board.moment, _said(board)) == (Moment.RUNNING, [("Saal", [], 2)])


def test_what_is_cancelled_is_called_out_until_it_would_be_over():
    gone = _item(9, "10:30", "11:00", cancelled=True)
    items = (*ITEMS, gone)
    assert _board("9:00", items).off == (gone,)
    assert 9 not in [line.next.id for line in _board("9:00", items).lines if line.next]
    assert _board("11:00", items).off == ()


def test_what_moved_since_the_morning_is_called_out_and_nothing_else():
    earlier = dataclasses.replace(ITEMS[3], starts_at=_at("9:30"), room=ATTIC)
    renamed = dataclasses.replace(ITEMS[0], title=Text(de="Anders"))
    board = _board("9:00", morning=(renamed, earlier))
    assert board.moved == ((earlier, ITEMS[3]),)
    assert _board("12:00", morning=(renamed, earlier)).moved == ()


def test_nothing_planned_is_after():
    assert _board("9:00", ()).moment is Moment.AFTER
    gone = tuple(dataclasses.replace(item, cancelled=True) for item in ITEMS)
    assert _board("9:00", gone).moment is Moment.AFTER


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC)),
    ],
)
def test_the_day_begins_at_midnight_where_the_meeting_is(now, morning):
    """Also on the days the clocks change. R73"""
    assert foyer.morning_of(now, BERLIN) == morning
