"""What a change means: the difference of two meetings or two programmes, as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from eventkit.model.agenda import Item, Programme
from eventkit.model.event import Event


class What(StrEnum):
    """What happened to a programme item between two versions."""

    NEW = "new"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One item's difference; `fields` names what is not the same any more."""

    what: What
    before: Item | None
    after: Item | None
    fields: tuple[str, ...] = ()


_EVENT = ("title", "starts_at", "ends_at", "all_day", "zone", "mode", "place_line")
_ITEM = ("kind", "title", "starts_at", "ends_at", "language", "track", "capacity", "cancelled")
_REVISING = frozenset({"title", "starts_at", "ends_at", "room", "cancelled"})


def event_changes(before: Event, after: Event) -> tuple[str, ...]:
    """Which facts a calendar shows have changed; any of them raises SEQUENCE (RFC 5546 2.1.4).

    A save that changed nothing gives an empty tuple.
    """

    def facts(event: Event) -> dict[str, object]:
        values: dict[str, object] = {
            name: getattr(event, name) for name in _EVENT if name != "place_line"
        }
        return values | {"place_line": (event.place.line, event.place.online_url)}

    old, new = facts(before), facts(after)
    return tuple(name for name in _EVENT if old[name] != new[name])


def programme_changes(before: Iterable[Item], after: Iterable[Item]) -> tuple[Change, ...]:
    """The difference between two versions of a programme, by the identity of the items.

    In the order of the new programme, removed items last. Moved and moved back is no
    change. A cancelled item that stays cancelled is none either.
    """
    old = {item.id: item for item in before}
    new = {item.id: item for item in after}
    found = []
    for item in new.values():
        was = old.get(item.id)
        if was is None or (was.cancelled and not item.cancelled):
            found.append(Change(What.NEW, was, item))
        elif fields := item_fields(was, item):
            found.append(Change(What.CHANGED, was, item, fields))
    gone = (was for was in old.values() if was.id not in new and not was.cancelled)
    found.extend(Change(What.REMOVED, was, None) for was in gone)
    return tuple(found)


def between(before: Programme, after: Programme) -> tuple[Change, ...]:
    """The difference of two published versions; items kept as cancelled are not there."""
    return programme_changes(before.items, (item for item in after.items if not item.cancelled))


def since_first(before: Programme | None, after: Programme) -> int | None:
    """How many changes there were since the first version; None where nobody counted them."""
    if before is None:
        return 0 if after.version == 1 else None
    if before.changes is None:
        return None
    return before.changes + len(between(before, after))


def item_fields(before: Item, after: Item) -> tuple[str, ...]:
    """The names of the facts in which two versions of an item differ."""
    fields = [name for name in _ITEM if getattr(before, name) != getattr(after, name)]
    if _room(before) != _room(after):
        fields.append("room")
    if before.abstract != after.abstract:
        fields.append("abstract")
    if _people(before) != _people(after):
        fields.append("people")
    return tuple(fields)


def revises(fields: Iterable[str]) -> bool:
    """Whether a difference raises the SEQUENCE of the item's calendar entry."""
    return not _REVISING.isdisjoint(fields)


def _room(item: Item) -> object:
    return item.room.name if item.room else None


def _people(item: Item) -> list[tuple[int, str, object, object]]:
    return [(p.person.id, p.role.value, p.function, p.organisation) for p in item.people]
