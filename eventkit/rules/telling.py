"""Who is told what when a programme is published; the same for the preview and the truth.

People of the programme are told of items that are new to them, moved, in another room,
retitled or gone; guests of those of the items they chose. Small changes tell nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from eventkit.model.agenda import Item, Kind, Part, Programme, Role
from eventkit.model.event import Event, Stage
from eventkit.model.letter import ItemChange, Touch
from eventkit.model.person import Person
from eventkit.model.text import NOTHING
from eventkit.rules.changes import Change, What
from eventkit.rules.text import address_key

TOLD = frozenset({"title", "starts_at", "ends_at", "room"})


class Hold(StrEnum):
    """Why an item is a guest's: a place in it, a wish for one, or only marked."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Interest:
    """A guest who chose or marked an item."""

    registration_id: int
    name: str
    email: str
    language: str
    item_id: int
    hold: Hold


@dataclass(frozen=True, slots=True)
class ToPerson:
    """What somebody of the programme is told."""

    person: Person
    items: tuple[ItemChange, ...]


@dataclass(frozen=True, slots=True)
class ToGuest:
    """What a guest is told."""

    registration_id: int
    name: str
    email: str
    language: str
    items: tuple[ItemChange, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """Everybody who is written to, once each, and those who have no address.

    `by_item` counts the guests concerned by each item. `ended` are workshops whose choices
    end because one can't choose them any more.
    """

    people: tuple[ToPerson, ...] = ()
    unreachable: tuple[ToPerson, ...] = ()
    guests: tuple[ToGuest, ...] = ()
    by_item: tuple[tuple[Item, int], ...] = ()
    ended: frozenset[int] = frozenset()

    @property
    def letters(self) -> int:
        """How many letters are written."""
        return len(self.people) + len(self.guests)


def silent(event: Event, now: datetime) -> bool:
    """Whether nobody is told any more: the meeting is over or called off."""
    return event.stage in (Stage.CANCELLED, Stage.ARCHIVED) or now >= event.ends_at


def chosen_concerned(found: Iterable[Change]) -> dict[int, ItemChange]:
    """What guests would be told of items, if they chose them."""
    told = {}
    for change in found:
        item = change.after or change.before
        if item is not None and (made := _for_guests(change)):
            told[item.id] = made
    return told


def telling(
    event: Event,
    before: Programme | None,
    draft: Sequence[Item],
    found: Sequence[Change],
    interests: Sequence[Interest],
    *,
    now: datetime,
) -> Telling:
    """Who is told what when `draft` replaces `before`.

    A guest who has the address of somebody of the programme gets everything in that letter.
    """
    if silent(event, now):
        return Telling()
    parts = _first(draft) if before is None else _changed(found)
    concerned = {} if before is None else chosen_concerned(found)
    touched = [each for each in interests if _touches(each, concerned)]
    reached = {address_key(p.email): p.id for p, _ in parts.values() if p.email}
    guests: dict[int, ToGuest] = {}
    for each in touched:
        told = concerned[each.item_id]
        own = reached.get(address_key(each.email))
        if own is not None:
            _add(parts[own][1], each.item_id, told)
            continue
        known = guests.get(each.registration_id)
        items = (*known.items, told) if known else (told,)
        guests[each.registration_id] = ToGuest(
            each.registration_id, each.name, each.email, each.language, _in_order(items)
        )
    people = [ToPerson(person, _in_order(items.values())) for person, items in parts.values()]
    return Telling(
        people=tuple(each for each in people if each.person.email),
        unreachable=tuple(each for each in people if not each.person.email),
        guests=tuple(guests.values()),
        by_item=_counted(found, touched),
        ended=frozenset(_ended(found)) if before is not None else frozenset(),
    )


def fingerprint(before: Programme | None, draft: Sequence[Item]) -> str:
    """A sign of what would be published: the same as long as nothing of it changed."""
    version = before.version if before else 0
    return sha256(repr((version, tuple(draft))).encode()).hexdigest()[:32]


_Told = dict[int, tuple[Person, dict[int, ItemChange]]]


def _first(draft: Iterable[Item]) -> _Told:
    """Everybody's part in the first programme."""
    told: _Told = {}
    for item in draft:
        for part in item.people:
            _put(told, part, item.id, _made(Touch.PART, item, role=part.role))
    return told


def _changed(found: Iterable[Change]) -> _Told:
    """What touches whom of a difference."""
    told: _Told = {}
    for change in found:
        was, now = change.before, change.after
        if change.what is What.NEW and now:
            for part in now.people:
                _put(told, part, now.id, _made(Touch.NEW, now, role=part.role))
        elif change.what is What.REMOVED and was:
            for part in was.people:
                _put(told, part, was.id, _made(Touch.REMOVED, was, role=part.role))
        elif was and now:
            _between(told, was, now, moved=not TOLD.isdisjoint(change.fields))
    return told


def _between(told: _Told, was: Item, now: Item, *, moved: bool) -> None:
    old, new = _roles(was), _roles(now)
    for part in now.people:
        role = part.role.value
        if part.person.id not in old:
            _put(told, part, now.id, _made(Touch.NEW, now, role=role))
        elif moved or old[part.person.id] != new[part.person.id]:
            _put(told, part, now.id, _made(Touch.CHANGED, now, was, role=role))
    for part in was.people:
        if part.person.id not in new:
            _put(told, part, was.id, _made(Touch.LEFT, was, role=part.role))


def _roles(item: Item) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    for part in item.people:
        known = found.get(part.person.id, frozenset())
        found[part.person.id] = known | {part.role.value}
    return found


def _put(told: _Told, part: Part, item_id: int, change: ItemChange) -> None:
    _add(told.setdefault(part.person.id, (part.person, {}))[1], item_id, change)


def _add(items: dict[int, ItemChange], item_id: int, change: ItemChange) -> None:
    """An item is told once; with two roles on it, by the first."""
    items.setdefault(item_id, change)


def _for_guests(change: Change) -> ItemChange | None:
    was, now = change.before, change.after
    if change.what is What.REMOVED and was:
        return _made(Touch.REMOVED, was, chosen=True)
    if change.what is What.NEW and was and now:
        return _made(Touch.NEW, now, chosen=True)
    if was is None or now is None:
        return None
    if was.kind is Kind.WORKSHOP and now.kind is not Kind.WORKSHOP:
        return _made(Touch.OPENED, now, was, chosen=True)
    if not TOLD.isdisjoint(change.fields):
        return _made(Touch.CHANGED, now, was, chosen=True)
    return None


def _touches(interest: Interest, concerned: dict[int, ItemChange]) -> bool:
    """Whether a guest is told of the item; who only marked it needs no place in it anyway."""
    told = concerned.get(interest.item_id)
    if told is None:
        return False
    marked = interest.hold is Hold.MARKED
    moved = any((told.before_title, told.before_starts_at, told.before_room is not None))
    return moved if told.touch is Touch.OPENED and marked else True


def part_word(role: Role | str, kind: Kind) -> str:
    """What somebody does on an item: the role, or what speaking is where it is no talk."""
    if role != Role.SPEAKER or kind is Kind.TALK:
        return str(role)
    return "workshop" if kind is Kind.WORKSHOP else "contribution"


def _made(
    touch: Touch,
    item: Item,
    was: Item | None = None,
    *,
    role: Role | str = "",
    chosen: bool = False,
) -> ItemChange:
    room = item.room.name if item.room else NOTHING
    old_room = was.room.name if was and was.room else NOTHING
    moved = was is not None and (was.starts_at, was.ends_at) != (item.starts_at, item.ends_at)
    return ItemChange(
        touch=touch,
        title=item.title,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        room=room,
        role=part_word(role, item.kind),
        chosen=chosen,
        before_title=was.title if was and was.title != item.title else NOTHING,
        before_starts_at=was.starts_at if was and moved else None,
        before_ends_at=was.ends_at if was and moved else None,
        before_room=old_room if was and old_room != room else None,
    )


def _in_order(items: Iterable[ItemChange]) -> tuple[ItemChange, ...]:
    return tuple(sorted(items, key=lambda item: (item.starts_at, item.ends_at)))


def _counted(found: Iterable[Change], touched: Sequence[Interest]) -> tuple[tuple[Item, int], ...]:
    numbers: dict[int, int] = {}
    for each in touched:
        numbers[each.item_id] = numbers.get(each.item_id, 0) + 1
    items = [item for change in found if (item := change.after or change.before)]
    return tuple((item, numbers[item.id]) for item in items if item.id in numbers)


def _ended(found: Iterable[Change]) -> Iterable[int]:
    for change in found:
        was, now = change.before, change.after
        if was and was.kind is Kind.WORKSHOP and (now is None or now.kind is not Kind.WORKSHOP):
            yield was.id
