"""Moves in the draft of a programme, as data: what they make of its items.

A step is a step on the clock of the meeting: 15 minutes later than 1:45 is 2:00, and where
clocks jump, the next time that exists in the direction of the step.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Protocol

from eventkit.errors import Invalid, NotFound
from eventkit.model.agenda import Item, Kind, Room
from eventkit.model.text import NOTHING, Text
from eventkit.rules import dates

LEAST = timedelta(minutes=5)
MOST = timedelta(days=14)
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft to work on: its items, the meeting's rooms and its zone."""

    items: tuple[Item, ...]
    rooms: tuple[Room, ...]
    zone: str

    def item(self, item_id: int) -> Item:
        """An item of the draft. Raises NotFound."""
        for found in self.items:
            if found.id == item_id:
                return found
        raise NotFound

    def room(self, room_id: int) -> Room | None:
        """A room of the meeting, None for 0. Raises NotFound."""
        if not room_id:
            return None
        for found in self.rooms:
            if found.id == room_id:
                return found
        raise NotFound

    def day(self, instant: datetime) -> date:
        """The day of an instant where the meeting is."""
        return dates.to_local(instant, self.zone).date()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move makes: items as they are then (id 0 for new ones), and what goes."""

    items: tuple[Item, ...]
    removed: tuple[int, ...] = ()


class Move(Protocol):
    """Something done to an item; `verb` names it in the list of steps."""

    verb: ClassVar[str]

    @property
    def item(self) -> int:
        """The id of the item it is done to."""
        ...

    def done(self, plan: Plan) -> Outcome:
        """What comes of it. Raises NotFound, Invalid (`too_short`, `too_long`, `nothing`)."""
        ...


def mark(item: Item) -> str:
    """What an item is, in 12 characters: another mark, another state.

    An instant would not do: it has whole seconds, and two organisers are faster than that.
    """
    people = [(p.person.id, p.role.value, p.function, p.organisation) for p in item.people]
    facts = (
        item.kind.value,
        item.title,
        item.abstract,
        item.language,
        item.starts_at.isoformat(),
        item.ends_at.isoformat(),
        item.room.id if item.room else 0,
        item.track,
        item.capacity,
        people,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


def stepped(instant: datetime, minutes: int, zone: str) -> datetime:
    """The instant so many minutes further (or back) on the clock of a zone."""
    local = instant.astimezone(dates.zone(zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    wall = local.replace(tzinfo=None) + timedelta(minutes=minutes)
    return _instant(wall, zone, local.fold if twice else int(minutes < 0))


def at_minute(day: date, minute: int, zone: str) -> datetime:
    """The instant of a minute counted from the midnight a day begins with."""
    return _instant(datetime.combine(day, time()) + timedelta(minutes=minute), zone, 0)


def _instant(wall: datetime, zone: str, fold: int) -> datetime:
    """An instant for any time on the clock: of two the one of `fold`; where clocks are put
    forward the time after the jump (fold 0) or before it (fold 1)."""
    return wall.replace(tzinfo=dates.zone(zone), fold=fold).astimezone(UTC)


def _kept(item: Item, starts_at: datetime) -> Item:
    """The item at another time; it takes as long as before."""
    return replace(item, starts_at=starts_at, ends_at=starts_at + (item.ends_at - item.starts_at))


def _sound(item: Item) -> Item:
    if item.ends_at - item.starts_at < LEAST:
        raise Invalid("too_short")
    if item.ends_at - item.starts_at > MOST:
        raise Invalid("too_long_a_time")
    return item


def _new(item: Item) -> Item:
    return replace(item, id=0, uid="", sequence=0, revised_at=None)


@dataclass(frozen=True, slots=True)
class Nudge:
    """Earlier or later by some minutes."""

    verb: ClassVar[str] = "moved"
    item: int
    minutes: int

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        return Outcome((_kept(item, stepped(item.starts_at, self.minutes, plan.zone)),))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Longer or shorter by some minutes."""

    verb: ClassVar[str] = "resized"
    item: int
    minutes: int

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        ends_at = stepped(item.ends_at, self.minutes, plan.zone)
        return Outcome((_sound(replace(item, ends_at=ends_at)),))


@dataclass(frozen=True, slots=True)
class Place:
    """To another day, minute of the day or room; None leaves it, room 0 means none."""

    verb: ClassVar[str] = "moved"
    item: int
    on: date | None = None
    minute: int | None = None
    room: int | None = None

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        if self.on is not None or self.minute is not None:
            local = dates.to_local(item.starts_at, plan.zone)
            minute = local.hour * 60 + local.minute if self.minute is None else self.minute
            item = _kept(item, at_minute(self.on or local.date(), minute, plan.zone))
        if self.room is not None:
            item = replace(item, room=plan.room(self.room))
        return Outcome((item,))


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything after an item (`first`: and the item itself) on its day, in its room or in all."""

    verb: ClassVar[str] = "shifted"
    item: int
    minutes: int
    everywhere: bool = False
    first: bool = False

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        since = item.starts_at if self.first else item.ends_at
        moved = _after(plan, item, since, self.minutes, everywhere=self.everywhere)
        kept = tuple(i for i in moved if self.first or i.id != item.id)
        if not kept:
            raise Invalid("nothing_after")
        return Outcome(kept)


def _after(
    plan: Plan, item: Item, since: datetime, minutes: int, *, everywhere: bool
) -> tuple[Item, ...]:
    room = item.room.id if item.room else 0
    return tuple(
        _kept(other, stepped(other.starts_at, minutes, plan.zone))
        for other in plan.items
        if other.starts_at >= since
        and plan.day(other.starts_at) == plan.day(item.starts_at)
        and (everywhere or (other.room.id if other.room else 0) == room)
    )


@dataclass(frozen=True, slots=True)
class Swap:
    """Two items change places: time, day and room. Each takes as long as before, and where one
    follows the other the pause between them stays as long."""

    verb: ClassVar[str] = "swapped"
    item: int
    other: int

    def done(self, plan: Plan) -> Outcome:
        one, two = plan.item(self.item), plan.item(self.other)
        if one.id == two.id:
            raise Invalid("nothing")
        first, second = sorted((one, two), key=lambda i: (i.starts_at, i.id))
        in_a_row = first.room == second.room and first.ends_at <= second.starts_at
        if in_a_row and plan.day(first.starts_at) == plan.day(second.starts_at):
            late = second.ends_at - (first.ends_at - first.starts_at)
            return Outcome((_kept(second, first.starts_at), _kept(first, late)))
        return Outcome(
            (
                replace(_kept(one, two.starts_at), room=two.room),
                replace(_kept(two, one.starts_at), room=one.room),
            )
        )


@dataclass(frozen=True, slots=True)
class Insert:
    """A new item where this one ends; `push` moves what follows: "", "room" or "all"."""

    verb: ClassVar[str] = "inserted"
    item: int
    kind: Kind
    title: Text
    minutes: int
    push: str = ""

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        everywhere = self.push == "all"
        ends_at = stepped(item.ends_at, self.minutes, plan.zone)
        new = replace(
            _new(item),
            kind=self.kind,
            title=self.title,
            abstract=NOTHING,
            language="",
            starts_at=item.ends_at,
            ends_at=ends_at,
            room=None if everywhere and self.kind is Kind.BREAK else item.room,
            capacity=None,
            people=(),
        )
        pushed: tuple[Item, ...] = ()
        if self.push:
            pushed = _after(plan, item, item.ends_at, self.minutes, everywhere=everywhere)
        return Outcome((_sound(new), *pushed))


@dataclass(frozen=True, slots=True)
class Spread:
    """The same item in every room; of no room, it becomes one of each."""

    verb: ClassVar[str] = "copied"
    item: int

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        there = {
            i.room.id
            for i in plan.items
            if i.room and i.kind is item.kind and i.starts_at == item.starts_at
        }
        wanted = [room for room in plan.rooms if room.id not in there]
        if not wanted:
            raise Invalid("nothing")
        made = [replace(_new(item), room=room, people=()) for room in wanted]
        if item.room is None:
            made[0] = replace(item, room=wanted[0])
        return Outcome(tuple(made))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same item once more, where it ends."""

    verb: ClassVar[str] = "duplicated"
    item: int

    def done(self, plan: Plan) -> Outcome:
        item = plan.item(self.item)
        return Outcome((_kept(_new(item), item.ends_at),))


@dataclass(frozen=True, slots=True)
class Remove:
    """Out of the draft."""

    verb: ClassVar[str] = "removed"
    item: int

    def done(self, plan: Plan) -> Outcome:
        return Outcome((), (plan.item(self.item).id,))


def moved_to(
    items: Iterable[Item], *, since: date, zone: str, day: date, new_zone: str
) -> tuple[Item, ...]:
    """Copies of a programme that began on the day `since`, on the same hours from `day` on."""
    copies = []
    for item in items:
        local = dates.to_local(item.starts_at, zone)
        minute = (local.date() - since).days * DAY + local.hour * 60 + local.minute
        copies.append(_kept(_new(item), at_minute(day, minute, new_zone)))
    return tuple(copies)


def places(items: Iterable[Item], room_of: Callable[[Room], Room | None]) -> tuple[Item, ...]:
    """The items in the rooms of another meeting."""
    return tuple(replace(i, room=room_of(i.room) if i.room else None) for i in items)
