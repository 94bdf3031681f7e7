"""What a visitor wants to see of a programme: by track, room, language and kind.

Which filters make sense, and which items they leave. What is for everybody (a break, an
opening without a room) is seen under every filter but that of the kind: whoever looks at
one room still wants to know when lunch is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eventkit.model.agenda import Item, Kind, Room

_FOR_ALL = frozenset({Kind.BREAK, Kind.NETWORKING, Kind.OPENING})


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; an empty value (room 0) asks for nothing."""

    track: str = ""
    room: int = 0
    language: str = ""
    kind: str = ""

    @property
    def empty(self) -> bool:
        """Whether everything is shown."""
        return not (self.track or self.room or self.language or self.kind)


@dataclass(frozen=True, slots=True)
class Offer:
    """The values a programme has, in its own order (kinds in that of `Kind`)."""

    tracks: tuple[str, ...]
    rooms: tuple[Room, ...]
    languages: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @property
    def useful(self) -> bool:
        """Whether any filter has more than one value to choose from."""
        return any(len(v) > 1 for v in (self.tracks, self.rooms, self.languages, self.kinds))


def offer(items: Iterable[Item]) -> Offer:
    """What can be filtered by. Breaks are no kind anybody looks for."""
    items = tuple(items)
    rooms = {item.room.id: item.room for item in items if item.room and item.room.id}
    kinds = {item.kind for item in items} - {Kind.BREAK}
    return Offer(
        tracks=tuple(sorted({item.track for item in items if item.track})),
        rooms=tuple(rooms.values()),
        languages=tuple(sorted({item.language for item in items if item.language})),
        kinds=tuple(kind for kind in Kind if kind in kinds),
    )


def known(wanted: Filter, offered: Offer) -> Filter:
    """The filter without values the programme does not have.

    An old address (a track that was renamed, a room that went) shows everything then and
    not an empty page.
    """
    return Filter(
        track=wanted.track if wanted.track in offered.tracks else "",
        room=wanted.room if wanted.room in {room.id for room in offered.rooms} else 0,
        language=wanted.language if wanted.language in offered.languages else "",
        kind=wanted.kind if wanted.kind in offered.kinds else "",
    )


def passing(items: Sequence[Item], wanted: Filter) -> tuple[Item, ...]:
    """The items a filter leaves, in their order."""
    return tuple(item for item in items if _passes(item, wanted))


def _passes(item: Item, wanted: Filter) -> bool:
    """Each filter by itself; what says nothing about it (no track, …) passes if it is for all."""
    if wanted.kind and item.kind.value != wanted.kind:
        return False
    for_all = item.kind in _FOR_ALL
    room = item.room.id if item.room else 0
    return (
        _meets(wanted.track, item.track, lenient=for_all)
        and _meets(wanted.room, room, lenient=for_all)
        and _meets(wanted.language, item.language, lenient=for_all)
    )


def _meets(wanted: object, own: object, *, lenient: bool) -> bool:
    return not wanted or own == wanted or (lenient and not own)
