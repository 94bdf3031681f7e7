"""What can't be meant in a programme: people in two rooms, rooms taken twice, time outside."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event


class Problem(StrEnum):
    """What is wrong with an item."""

    PERSON_TWICE = "person_twice"
    ROOM_TWICE = "room_twice"
    OUTSIDE = "outside"
    ROOM_SMALL = "room_small"


@dataclass(frozen=True, slots=True)
class Clash:
    """A problem of one item; `person` and `other` say with whom and with what."""

    problem: Problem
    item: Item
    other: Item | None = None
    person: str = ""


def clashes(event: Event, items: Iterable[Item]) -> tuple[Clash, ...]:
    """Everything that can't be meant, in the order of the items; each pair stands at both."""
    planned = tuple(items)
    found = []
    for item in planned:
        for other in planned:
            if other is not item and _at_once(item, other):
                found += _between(item, other)
        found += _alone(event, item)
    return tuple(found)


def _at_once(one: Item, other: Item) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _between(item: Item, other: Item) -> list[Clash]:
    found = []
    taken = {part.person.id for part in other.people}
    names = {part.person.id: part.person.name for part in item.people}
    for person_id, name in names.items():
        if person_id in taken:
            found.append(Clash(Problem.PERSON_TWICE, item, other, name))
    if item.room and other.room and item.room.id == other.room.id:
        found.append(Clash(Problem.ROOM_TWICE, item, other))
    return found


def _alone(event: Event, item: Item) -> list[Clash]:
    found = []
    if item.starts_at < (event.doors_at or event.starts_at) or item.ends_at > event.ends_at:
        found.append(Clash(Problem.OUTSIDE, item))
    places = item.room.capacity if item.room else None
    if item.kind is Kind.WORKSHOP and item.capacity and places and item.capacity > places:
        found.append(Clash(Problem.ROOM_SMALL, item))
    return found
