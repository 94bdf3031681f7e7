"""What can't be meant in a programme: people and rooms taken twice, hours outside, holes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from eventkit.model.agenda import Item, Kind, Role
from eventkit.model.appearance import Window
from eventkit.model.event import Event
from eventkit.rules import dates

HOLE = timedelta(minutes=30)
_QUIET = frozenset({Kind.BREAK, Kind.NETWORKING})
_FOR_ALL = _QUIET | {Kind.OPENING}


class Problem(StrEnum):
    """What is wrong with an item."""

    PERSON_TWICE = "person_twice"
    ROOM_TWICE = "room_twice"
    OVERLAP = "overlap"
    OUTSIDE = "outside"
    ROOM_SMALL = "room_small"
    AWAY = "away"
    NO_SPEAKER = "no_speaker"
    NO_MODERATOR = "no_moderator"
    HOLE = "hole"


PAIRS = frozenset({Problem.PERSON_TWICE, Problem.ROOM_TWICE, Problem.OVERLAP})


@dataclass(frozen=True, slots=True)
class Clash:
    """A problem of one item; `person` and `other` say with whom and with what.

    Of a hole, `item` is what comes after it and `other` what was before.
    """

    problem: Problem
    item: Item
    other: Item | None = None
    person: str = ""


def clashes(
    event: Event, items: Iterable[Item], *, available: Mapping[int, Sequence[Window]] | None = None
) -> tuple[Clash, ...]:
    """Everything that can't be meant, in the order of the items; each pair stands at both.

    `available` says when people can be there, by person; whoever is not in it can always.
    """
    planned = tuple(items)
    beside, holes = _beside(planned), _holes(planned, event.zone)
    found: list[Clash] = []
    for at, item in enumerate(planned):
        for other in beside.get(at, ()):
            found += _between(item, planned[other])
        found += _alone(event, item)
        found += _away(item, available or {})
        if at in holes:
            found.append(Clash(Problem.HOLE, item, holes[at]))
    return tuple(found)


def once(found: Iterable[Clash]) -> tuple[Clash, ...]:
    """The same with each pair only once, for counting and for a list of all."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for clash in found:
        ids = frozenset({clash.item.id, clash.other.id if clash.other else 0})
        key = (clash.problem, ids, clash.person)
        if clash.problem not in PAIRS or key not in seen:
            kept.append(clash)
        seen.add(key)
    return tuple(kept)


def _beside(items: Sequence[Item]) -> dict[int, list[int]]:
    """Which items run at the same time, by their places: one sweep over the day, not all pairs."""
    found: dict[int, list[int]] = {}
    running: list[int] = []
    for at in sorted(range(len(items)), key=lambda n: items[n].starts_at):
        running = [n for n in running if items[n].ends_at > items[at].starts_at]
        for other in running:
            found.setdefault(at, []).append(other)
            found.setdefault(other, []).append(at)
        running.append(at)
    return {at: sorted(others) for at, others in found.items()}


def _holes(items: Sequence[Item], zone: str) -> dict[int, Item]:
    """Items before which nothing is planned anywhere for longer than HOLE, on the same day."""
    found: dict[int, Item] = {}
    last: Item | None = None
    for at in sorted(range(len(items)), key=lambda n: items[n].starts_at):
        item = items[at]
        if last is not None and item.starts_at - last.ends_at > HOLE:
            ended, begins = (dates.to_local(i, zone) for i in (last.ends_at, item.starts_at))
            if ended.date() == begins.date():
                found[at] = last
        if last is None or item.ends_at > last.ends_at:
            last = item
    return found


def _between(item: Item, other: Item) -> Iterator[Clash]:
    taken = {part.person.id for part in other.people}
    names = {part.person.id: part.person.name for part in item.people}
    for person_id, name in names.items():
        if person_id in taken:
            yield Clash(Problem.PERSON_TWICE, item, other, name)
    if item.room and other.room:
        if item.room.id == other.room.id:
            yield Clash(Problem.ROOM_TWICE, item, other)
    elif (_for_all(item) or _for_all(other)) and not {item.kind, other.kind} <= _QUIET:
        yield Clash(Problem.OVERLAP, item, other)


def _for_all(item: Item) -> bool:
    """Whether everybody is meant: a break or opening of no room and no track."""
    return item.kind in _FOR_ALL and item.room is None and not item.track


def _alone(event: Event, item: Item) -> Iterator[Clash]:
    if item.starts_at < (event.doors_at or event.starts_at) or item.ends_at > event.ends_at:
        yield Clash(Problem.OUTSIDE, item)
    places = item.room.capacity if item.room else None
    if item.kind is Kind.WORKSHOP and item.capacity and places and item.capacity > places:
        yield Clash(Problem.ROOM_SMALL, item)
    if item.kind is Kind.TALK and not item.people:
        yield Clash(Problem.NO_SPEAKER, item)
    if item.kind is Kind.PANEL and all(p.role is not Role.MODERATOR for p in item.people):
        yield Clash(Problem.NO_MODERATOR, item)


def _away(item: Item, available: Mapping[int, Sequence[Window]]) -> Iterator[Clash]:
    """People who said they can be there, but not for all of this item."""
    for person_id, name in {p.person.id: p.person.name for p in item.people}.items():
        windows = available.get(person_id, ())
        if windows and not any(a <= item.starts_at and item.ends_at <= b for a, b in windows):
            yield Clash(Problem.AWAY, item, person=name)
