"""What a printed programme shows: days, rows on the time rail, columns, people.

Pure arrangement of the published items; words and layout are the templates'.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventkit.language import day, rail
from eventkit.model.agenda import Item, Kind, Part, Role
from eventkit.model.person import Person
from eventkit.model.text import Text

COLUMNS = 3  # more than three columns of talks are unreadable on A4

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


@dataclass(frozen=True, slots=True)
class Row:
    """What begins at one moment: bands of at most `COLUMNS` cells, None for an empty cell."""

    start: str
    end: str
    bands: tuple[tuple[Entry | None, ...], ...]

    @property
    def single(self) -> Entry | None:
        """The only entry of a row that is not divided."""
        return self.bands[0][0] if len(self.bands) == 1 and len(self.bands[0]) == 1 else None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the programme; `name` like "Freitag, 18. November 2016"."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person with function and organisation of that day, and when they can be heard."""

    person: Person
    function: Text
    organisation: Text
    appearances: tuple[tuple[str, Item], ...]


def days(items: Iterable[Item], zone: str, language: str) -> tuple[Day, ...]:
    """The programme by day, each in order of time, with simultaneous items side by side."""
    by_day: dict[str, list[Item]] = {}
    for item in sorted(items, key=_moment):
        by_day.setdefault(day(item.starts_at, zone, language), []).append(item)
    return tuple(
        Day(name, tuple(row for cluster in _clusters(each) for row in _rows(cluster, zone)))
        for name, each in by_day.items()
    )


def contributors(items: Iterable[Item], zone: str, *, dated: str = "") -> tuple[Contributor, ...]:
    """Everybody on the programme once, in order of appearance; without cancelled items.

    `dated` is a language when the meeting has several days and times need their date.
    """
    found: dict[int, list[tuple[Part, Item]]] = {}
    for item in sorted((item for item in items if not item.cancelled), key=_moment):
        for _, parts in _groups(item):
            for part in parts:
                found.setdefault(part.person.id, []).append((part, item))
    return tuple(_contributor(entries, zone, dated) for entries in found.values())


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


def _rows(cluster: list[Item], zone: str) -> list[Row]:
    lanes = _lanes(cluster)
    rows = []
    for start in sorted({item.starts_at for item in cluster}):
        cells = [next((item for item in lane if item.starts_at == start), None) for lane in lanes]
        ends = {item.ends_at for item in cells if item}
        common = ends.pop() if len(ends) == 1 else None
        entries = [_entry(item, common, zone) if item else None for item in cells]
        end = rail(common, zone) if common else ""
        rows.append(Row(rail(start, zone), end, tuple(_bands(entries))))
    return rows


def _lanes(cluster: list[Item]) -> list[list[Item]]:
    """The items in columns: one for each track or room, a further one where these clash."""
    lanes: dict[tuple[str, int, int], list[Item]] = {}
    for item in cluster:
        track, room = item.track, item.room.id if item.room and not item.track else 0
        attempt = 0
        while any(
            item.starts_at < other.ends_at for other in lanes.get((track, room, attempt), ())
        ):
            attempt += 1
        lanes.setdefault((track, room, attempt), []).append(item)
    return [lanes[key] for key in sorted(lanes)]


def _bands(entries: list[Entry | None]) -> list[tuple[Entry | None, ...]]:
    """Cells side by side; more than fit are broken into bands of equal length."""
    if len(entries) <= COLUMNS:
        return [tuple(entries)]
    present = [entry for entry in entries if entry]
    bands = -(-len(present) // COLUMNS)
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
    for _, item in entries:
        date = f"{day(item.starts_at, zone, dated, weekday=False)}, " if dated else ""
        seen.setdefault(item.id, (date + rail(item.starts_at, zone), item))
    return Contributor(person, function, organisation or person.organisation, tuple(seen.values()))
