"""What a printed programme shows: days, rows on the time rail, columns, people.

Pure arrangement of the published items; words and layout are the templates'.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventkit.language import day, rail, short_day
from eventkit.model.agenda import Item, Kind, Part, Role
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text

COLUMNS = 3  # more than three columns of talks with their texts are unreadable on A4

_ORDER = (Role.OPENING, Role.SPEAKER, Role.PANELLIST, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as one cell. `until` ("11:30") only where it ends later or earlier than its row."""

    item: Item
    until: str
    groups: tuple[tuple[Role, tuple[Part, ...]], ...]

    @property
    def quiet(self) -> bool:
        """Whether it is a pause and printed as a quiet line."""
        return self.item.kind in (Kind.BREAK, Kind.NETWORKING)


_Key = tuple[str, int, int]  # a track, or a room where there is none, and which of those


@dataclass(frozen=True, slots=True)
class Row:
    """What begins at one moment: bands of so many cells as fit, None for an empty cell."""

    start: str
    end: str
    bands: tuple[tuple[Entry | None, ...], ...]

    @property
    def single(self) -> Entry | None:
        """The only entry of a row that is not divided."""
        return self.bands[0][0] if len(self.bands) == 1 and len(self.bands[0]) == 1 else None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the programme; `name` like "Freitag, 18. November 2016".

    `heads` name the columns (a track, or a room) where they are the same all day.
    """

    name: str
    rows: tuple[Row, ...]
    heads: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person with function and organisation of that day, and when they can be heard."""

    person: Person
    function: Text
    organisation: Text
    appearances: tuple[tuple[str, Item], ...]


def days(
    items: Iterable[Item], zone: str, language: str, *, columns: int = COLUMNS
) -> tuple[Day, ...]:
    """The programme by day, each in order of time, with simultaneous items side by side.

    At most `columns` stand side by side. Where a day divides more than once and its tracks
    or rooms are not more than that, each keeps its column all day.
    """
    by_day: dict[str, list[Item]] = {}
    for item in sorted(items, key=_moment):
        by_day.setdefault(day(item.starts_at, zone, language), []).append(item)
    return tuple(_day(name, each, zone, columns) for name, each in by_day.items())


def _day(name: str, items: Sequence[Item], zone: str, columns: int) -> Day:
    clusters = [_lanes(cluster) for cluster in _clusters(items)]
    divided = [lanes for lanes in clusters if len(lanes) > 1]
    keys = sorted({key for lanes in divided for key in lanes})
    lasting = keys if len(divided) > 1 and len(keys) <= columns else []
    rows = [
        row
        for lanes in clusters
        for row in _rows(lanes, lasting if len(lanes) > 1 else [], zone, columns)
    ]
    return Day(name, tuple(rows), tuple(_head(key, divided) for key in lasting))


def _head(key: _Key, divided: Sequence[dict[_Key, list[Item]]]) -> Text:
    """What a column of the whole day is called; nothing for a room's second column."""
    items = [item for lanes in divided for item in lanes.get(key, ())]
    if items[0].track:
        return Text(items[0].track, items[0].track)
    return items[0].room.name if items[0].room else NOTHING


def contributors(items: Iterable[Item], zone: str, *, dated: str = "") -> tuple[Contributor, ...]:
    """Everybody on the programme once, in order of appearance; without cancelled items.

    `dated` is a language when the meeting has several days: the first time of a day then
    has its date.
    """
    found: dict[int, list[tuple[Part, Item]]] = {}
    for item in sorted((item for item in items if not item.cancelled), key=_moment):
        for _, parts in _groups(item):
            for part in parts:
                found.setdefault(part.person.id, []).append((part, item))
    return tuple(_contributor(entries, zone, dated) for entries in found.values())


def widest(days: Iterable[Day]) -> int:
    """How many cells stand side by side at most."""
    return max((len(band) for each in days for row in each.rows for band in row.bands), default=1)


def languages(items: Iterable[Item]) -> tuple[str, ...]:
    """The languages spoken at the meeting, sorted."""
    return tuple(sorted({item.language for item in items if item.language}))


def initials(name: str) -> str:
    """One or two letters for the circle of somebody without a photo."""
    words = [word for word in name.split() if word[:1].isalpha() and not word.endswith(".")]
    letters = [word[0].upper() for word in (words[:1] + words[-1:] if words[1:] else words)]
    return "".join(letters) or name.strip()[:1].upper()


def _moment(item: Item) -> tuple[datetime, datetime, str, int]:
    return item.starts_at, item.ends_at, item.track, item.id


def _clusters(items: Sequence[Item]) -> list[list[Item]]:
    """Neighbours that overlap, directly or through others; `items` in order of time."""
    clusters: list[list[Item]] = []
    last: datetime | None = None
    for item in items:
        if last is not None and item.starts_at < last:
            clusters[-1].append(item)
            last = max(last, item.ends_at)
        else:
            clusters.append([item])
            last = item.ends_at
    return clusters


def _rows(
    lanes: dict[_Key, list[Item]], lasting: Sequence[_Key], zone: str, columns: int
) -> list[Row]:
    side_by_side = [lanes.get(key, []) for key in lasting or sorted(lanes)]
    rows = []
    for start in sorted({item.starts_at for lane in side_by_side for item in lane}):
        cells = [
            next((item for item in lane if item.starts_at == start), None) for lane in side_by_side
        ]
        ends = {item.ends_at for item in cells if item}
        common = ends.pop() if len(ends) == 1 else None
        entries = [_entry(item, common, zone) if item else None for item in cells]
        end = rail(common, zone) if common else ""
        rows.append(Row(rail(start, zone), end, tuple(_bands(entries, columns))))
    return rows


def _lanes(cluster: list[Item]) -> dict[_Key, list[Item]]:
    """The items in columns: one for each track or room, a further one where these clash."""
    lanes: dict[_Key, list[Item]] = {}
    for item in cluster:
        track, room = item.track, item.room.id if item.room and not item.track else 0
        attempt = 0
        while any(_collide(item, other) for other in lanes.get((track, room, attempt), ())):
            attempt += 1
        lanes.setdefault((track, room, attempt), []).append(item)
    return lanes


def _collide(item: Item, before: Item) -> bool:
    """Whether two can't stand in one column; what is cancelled takes up no more than its line."""
    if item.cancelled or before.cancelled:
        return item.starts_at == before.starts_at
    return item.starts_at < before.ends_at


def _bands(entries: list[Entry | None], columns: int) -> list[tuple[Entry | None, ...]]:
    """Cells side by side; more than fit are broken into bands of equal length."""
    if len(entries) <= columns:
        return [tuple(entries)]
    present = [entry for entry in entries if entry]
    bands = -(-len(present) // columns)
    width = -(-len(present) // bands)
    return [tuple(present[at : at + width]) for at in range(0, len(present), width)]


def _entry(item: Item, common: datetime | None, zone: str) -> Entry:
    until = "" if item.ends_at == common else rail(item.ends_at, zone)
    return Entry(item, until, _groups(item))


def _groups(item: Item) -> tuple[tuple[Role, tuple[Part, ...]], ...]:
    groups = ((role, tuple(part for part in item.people if part.role is role)) for role in _ORDER)
    return tuple((role, parts) for role, parts in groups if parts)


def _contributor(entries: list[tuple[Part, Item]], zone: str, dated: str) -> Contributor:
    parts = [part for part, _ in entries]
    person = parts[0].person
    function = next((part.function for part in parts if part.function), person.function)
    organisation = next((part.organisation for part in parts if part.organisation), None)
    seen: dict[int, tuple[str, Item]] = {}
    last = ""
    for _, item in entries:
        date = short_day(item.starts_at, zone, dated) if dated else ""
        told = f"{date} " if date != last else ""
        seen.setdefault(item.id, (told + rail(item.starts_at, zone), item))
        last = date
    return Contributor(person, function, organisation or person.organisation, tuple(seen.values()))
