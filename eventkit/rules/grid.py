"""A day of a programme as a grid true to scale: rows of five minutes, a column for each room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from eventkit.model.agenda import Item, Room
from eventkit.model.event import Event
from eventkit.rules import dates

ROW = 5
HOUR = 60
DAY = 24 * HOUR
NIGHT = 30 * HOUR  # a day's grid ends at six in the morning at the latest
USUAL = (9 * HOUR, 17 * HOUR)
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Column:
    """A room, a track of items without one (`track`), or what has neither. Tracks of the grid
    `start` to `start + width - 1`, from 0; more than one where items overlap."""

    room: Room | None
    track: str = ""
    start: int = 0
    width: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """An item in the grid; rows and columns count from 0. `clipped`: it goes on below."""

    item: Item
    row: int
    rows: int
    column: int
    width: int
    clipped: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One day: `first` is the minute of its first row, counted from midnight on its clock."""

    day: date
    first: int
    rows: int
    columns: tuple[Column, ...]
    width: int
    slots: tuple[Slot, ...]


def days(event: Event, items: Iterable[Item]) -> tuple[date, ...]:
    """The days of a meeting and of everything in its programme, in order."""
    first = dates.to_local(event.starts_at, event.zone).date()
    last = dates.to_local(event.ends_at - timedelta(seconds=1), event.zone).date()
    span = min((last - first).days + 1, MOST_DAYS)
    found = {first + timedelta(days=n) for n in range(span)}
    return tuple(sorted(found | {_day(item, event.zone) for item in items}))


def of_day(event: Event, items: Iterable[Item], rooms: Sequence[Room], day: date) -> Grid:
    """The items that begin on a day, each in its rows and columns."""
    found = [item for item in items if _day(item, event.zone) == day]
    spans = {item.id: _span(item, event.zone, day) for item in found}
    first, last = _bounds(event, day, spans.values())
    columns, whole = _columns(found, rooms, spans)
    slots, placed, start = [], [], 0
    for column, inside in columns:
        lanes = _lanes(inside, spans)
        width = max((lane + 1 for lane, _ in lanes.values()), default=1)
        placed.append(replace(column, start=start, width=width))
        for item in inside:
            lane, alone = lanes[item.id]
            at, wide = (start, width) if alone else (start + lane, 1)
            slots.append(_slot(item, spans[item.id], first, at, wide))
        start += width
    slots += [_slot(item, spans[item.id], first, 0, start) for item in whole]
    slots.sort(key=lambda slot: (slot.item.starts_at, slot.column, slot.item.id))
    return Grid(day, first, (last - first) // ROW, tuple(placed), start, tuple(slots))


def _day(item: Item, zone: str) -> date:
    return dates.to_local(item.starts_at, zone).date()


def minute_of(instant: datetime, zone: str, day: date) -> int:
    """The minute of an instant on the clock of a zone, counted from the midnight of a day."""
    local = dates.to_local(instant, zone)
    return (local.date() - day).days * DAY + local.hour * HOUR + local.minute


def _span(item: Item, zone: str, day: date) -> tuple[int, int]:
    start = minute_of(item.starts_at, zone, day)
    return start, max(minute_of(item.ends_at, zone, day), start + ROW)


def _bounds(event: Event, day: date, spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Whole hours from the first to the last thing of a day; a meeting's own where it says them."""
    starts, ends = [a for a, _ in spans], [min(b, NIGHT) for _, b in spans]
    if not event.all_day:
        begins = minute_of(event.doors_at or event.starts_at, event.zone, day)
        over = minute_of(event.ends_at, event.zone, day)
        starts += [begins] if 0 <= begins < DAY else []
        ends += [over] if 0 < over <= NIGHT and over > min(starts, default=USUAL[0]) else []
    first = min(starts, default=USUAL[0]) // HOUR * HOUR
    last = -(-max(ends, default=max(first + 2 * HOUR, USUAL[1])) // HOUR) * HOUR
    return first, max(last, first + 2 * HOUR)


def _slot(item: Item, span: tuple[int, int], first: int, column: int, width: int) -> Slot:
    end = min(span[1], max(NIGHT, span[0] + ROW))
    row = (span[0] - first) // ROW
    rows = max(1, -(-(end - first) // ROW) - row)
    return Slot(item, row, rows, column, width, clipped=span[1] > end)


def _columns(
    items: Sequence[Item], rooms: Sequence[Room], spans: dict[int, tuple[int, int]]
) -> tuple[list[tuple[Column, list[Item]]], list[Item]]:
    """Every room with its items, tracks without rooms, and what spans them all."""
    whole = [
        item
        for item in items
        if item.room is None
        and not any(
            _meet(spans[item.id], spans[other.id]) for other in items if other.id != item.id
        )
    ]
    kept = {item.id for item in whole}
    beside = [item for item in items if item.id not in kept]
    made = [
        (Column(room), [i for i in beside if i.room and i.room.id == room.id]) for room in rooms
    ]
    loose = [item for item in beside if item.room is None]
    tracks = sorted({item.track for item in loose}, key=lambda name: (not name, name))
    made += [(Column(None, track), [i for i in loose if i.track == track]) for track in tracks]
    return made or [(Column(None), [])], whole


def _lanes(items: Sequence[Item], spans: dict[int, tuple[int, int]]) -> dict[int, tuple[int, bool]]:
    """For each item its lane in a column, and whether it stands alone there."""
    lanes: dict[int, tuple[int, bool]] = {}
    ends: list[int] = []
    for item in sorted(items, key=lambda i: (spans[i.id], i.id)):
        start, end = spans[item.id]
        lane = next((n for n, free in enumerate(ends) if free <= start), len(ends))
        ends[lane : lane + 1] = [end]
        alone = not any(_meet(spans[item.id], spans[o.id]) for o in items if o.id != item.id)
        lanes[item.id] = (lane, alone)
    return lanes


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
