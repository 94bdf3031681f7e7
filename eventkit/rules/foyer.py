"""Now and next: what the screen in the foyer shows at one moment of a meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from eventkit.model.agenda import Item, Room

SAME_EVENING = timedelta(hours=6)
"""What begins this soon is still part of today, also after midnight."""


class Moment(StrEnum):
    """Where in its course a meeting is."""

    BEFORE = "before"
    RUNNING = "running"
    OVERNIGHT = "overnight"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Line:
    """One room: what runs there now and what comes next; room None is everywhere."""

    room: Room | None
    now: tuple[Item, ...]
    next: Item | None


@dataclass(frozen=True, slots=True)
class Board:
    """The whole screen. `starts_at` is when it goes on, before and between the days.

    `off` holds what is cancelled and would still have come today; `moved` what is at
    another time or place than this morning, as (before, after).
    """

    moment: Moment
    lines: tuple[Line, ...]
    starts_at: datetime | None = None
    off: tuple[Item, ...] = ()
    moved: tuple[tuple[Item, Item], ...] = ()


def board(
    items: Iterable[Item],
    morning: Iterable[Item],
    rooms: Sequence[Room],
    zone: str,
    now: datetime,
) -> Board:
    """What to show at `now` (UTC). `morning` is the programme as this day began with it.

    `rooms` gives the order of the lines; what happens everywhere comes first.
    """
    planned = sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.id))
    live = [item for item in planned if not item.cancelled]
    left = [item for item in live if item.ends_at > now]
    if not left:
        return Board(Moment.AFTER, ())
    coming = next((item for item in left if item.starts_at > now), None)
    running = any(item.starts_at <= now for item in left)
    moment, at = Moment.RUNNING, now
    if not running and coming is not None and coming is live[0]:
        moment, at = Moment.BEFORE, coming.starts_at
    elif not running and coming is not None and not _today(coming, now, zone):
        moment, at = Moment.OVERNIGHT, coming.starts_at
    shown = [item for item in left if _today(item, at, zone)]
    return Board(
        moment,
        _lines(shown, rooms, now),
        at if moment is not Moment.RUNNING else None,
        off=tuple(i for i in planned if i.cancelled and i.ends_at > now and _today(i, at, zone)),
        moved=_moved(morning, shown, now),
    )


def morning_of(now: datetime, zone: str) -> datetime:
    """When the day of an instant began where the meeting is (UTC)."""
    local = now.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _today(item: Item, at: datetime, zone: str) -> bool:
    where = ZoneInfo(zone)
    same = item.starts_at.astimezone(where).date() == at.astimezone(where).date()
    return same or (item.starts_at <= at + SAME_EVENING and item.ends_at > at)


def _lines(shown: Sequence[Item], rooms: Sequence[Room], now: datetime) -> tuple[Line, ...]:
    by_room: dict[int | None, list[Item]] = {}
    for item in shown:
        by_room.setdefault(item.room.id if item.room else None, []).append(item)
    order = {room.id: place for place, room in enumerate(rooms)}
    keys = sorted(by_room, key=lambda key: -1 if key is None else order.get(key, len(order)))
    found = []
    for key in keys:
        own = by_room[key]
        current = tuple(item for item in own if item.starts_at <= now)
        coming = next((item for item in own if item.starts_at > now), None)
        found.append(Line(own[0].room, current, coming))
    return tuple(found)


def _moved(
    morning: Iterable[Item], shown: Iterable[Item], now: datetime
) -> tuple[tuple[Item, Item], ...]:
    before = {item.id: item for item in morning if not item.cancelled}
    pairs = [(before[item.id], item) for item in shown if item.id in before]
    return tuple(
        (was, item) for was, item in pairs if _place(was) != _place(item) and item.ends_at > now
    )


def _place(item: Item) -> tuple[datetime, object]:
    return item.starts_at, item.room.name if item.room else None
