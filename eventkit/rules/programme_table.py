"""A programme in a table: what its columns say, and the items its rows make."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from eventkit.model.agenda import Kind
from eventkit.model.proposal import Proposal, Proposals, Trouble
from eventkit.rules.proposals import (
    MOST,
    Unclear,
    at,
    clock_of,
    day_of,
    kind_of,
    length,
    names_of,
    role_on,
    sound,
    spoken,
)


class Column(StrEnum):
    """What a column can say."""

    TITLE = "title"
    DAY = "day"
    START = "start"
    END = "end"
    LENGTH = "length"
    ROOM = "room"
    TRACK = "track"
    KIND = "kind"
    LANGUAGE = "language"
    PEOPLE = "people"
    ABSTRACT = "abstract"
    CAPACITY = "capacity"
    GUID = "guid"


_HEADINGS: tuple[tuple[Column, str], ...] = (
    (Column.GUID, r"guid|uid|id|kennung|code"),
    (
        Column.TITLE,
        r"titel|title|thema|topic|name|session|vortrag|programmpunkt|item|proposal title",
    ),
    (Column.DAY, r"tag|datum|date|day"),
    (
        Column.START,
        r"beginn|begins|start|von|from|zeit|time|uhrzeit|anfang|startzeit|start time|starts at",
    ),
    (Column.END, r"ende|ends?|bis|to|until|endzeit|end time|ends at"),
    (Column.LENGTH, r"dauer|duration|minuten|minutes|länge|length"),
    (Column.ROOM, r"raum|room|saal|ort|location|place"),
    (Column.TRACK, r"track|strang|reihe|strecke"),
    (Column.KIND, r"art|kind|typ|type|format|session type"),
    (Column.LANGUAGE, r"sprache|language"),
    (
        Column.PEOPLE,
        r"people|person(en|s)?|speakers?( names)?|(referent|sprecher|mitwirk|vortrag)\S+|wer|who",
    ),
    (Column.ABSTRACT, r"beschreibung|abstract|description|text|inhalt|kurzbeschreibung"),
    (Column.CAPACITY, r"plätze|places|capacity|kapazität|seats|teilnehmerzahl"),
)


def guess(header: Sequence[str]) -> tuple[Column | None, ...]:
    """What the columns of a table probably say, by their headings; each thing only once."""
    taken: set[Column] = set()
    found: list[Column | None] = []
    for heading in header:
        word = re.sub(r"\s*\(.*\)$", "", " ".join(heading.casefold().replace("_", " ").split()))
        fits = (c for c, words in _HEADINGS if c not in taken and re.fullmatch(words, word))
        column = next(fits, None)
        found.append(column)
        if column:
            taken.add(column)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table by what its columns say, and the line it stands in."""

    line: int
    cells: Mapping[Column, str]

    def cell(self, column: Column) -> str:
        """What a column says, "" for nothing."""
        return self.cells.get(column, "")


def from_table(
    rows: Iterable[tuple[str, ...]],
    lines: Iterable[int],
    columns: Sequence[Column | None],
    *,
    first_day: date,
    zone: str,
) -> Proposals:
    """The items of a table. Without a column for the day, all of it is on `first_day`."""
    read = [
        Row(line, {c: cell for c, cell in zip(columns, row, strict=False) if c})
        for row, line in zip(rows, lines, strict=True)
    ]
    items: list[Proposal] = []
    troubles: list[Trouble] = []
    day, starts = first_day, [_start(row) for row in read]
    for number, row in enumerate(read):
        where = str(row.line)
        try:
            day = _day(row, day)
            items.append(_item(row, where, day, _next(read, starts, number), zone, columns))
        except Unclear as unclear:
            troubles.append(Trouble(where, unclear.code, unclear.value[:200]))
    return Proposals(tuple(items), tuple(troubles))


def _day(row: Row, before: date) -> date:
    """The day of a row; an empty cell means the day above it, as in printed tables."""
    typed = row.cell(Column.DAY) or _in_start(row)[0]
    if not typed:
        return before
    found = day_of(typed)
    if found is None:
        raise Unclear("day", typed)
    return found


def _in_start(row: Row) -> tuple[str, str, str]:
    """Day, start and end where one cell holds several: "2026-11-20 10:00", "10:00–10:30"."""
    typed = row.cell(Column.START).replace("T", " ").strip()
    found = re.fullmatch(
        r"(?P<day>\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})?[,\s]*"
        r"(?P<start>[^–—-]*?)\s*(?:[–—-]|bis|to)?\s*(?P<end>[^–—-]*)",
        typed,
    )
    if not found:
        return "", typed, ""
    return (
        found["day"] or "",
        (found["start"] or found["end"]).strip(),
        (found["end"].strip() if found["start"] else ""),
    )


def _start(row: Row) -> time | None:
    return clock_of(_in_start(row)[1])


def _next(rows: Sequence[Row], starts: Sequence[time | None], number: int) -> time | None:
    """When the next row of the same room and day begins: the end of one that names none."""
    row, own = rows[number], starts[number]
    for later, start in zip(rows[number + 1 :], starts[number + 1 :], strict=True):
        if later.cell(Column.DAY) not in ("", row.cell(Column.DAY)):
            return None
        same = later.cell(Column.ROOM) in ("", row.cell(Column.ROOM)) or not row.cell(Column.ROOM)
        if same and start is not None and own is not None and start > own:
            return start
    return None


def _item(
    row: Row,
    where: str,
    day: date,
    following: time | None,
    zone: str,
    columns: Sequence[Column | None],
) -> Proposal:
    title = row.cell(Column.TITLE)
    if not title:
        raise Unclear("no_title")
    starts_at, ends_at = _times(row, day, following, zone)
    said = kind_of(row.cell(Column.KIND)) if Column.KIND in columns else None
    kind = said or kind_of(title) or Kind.TALK
    people = None
    if Column.PEOPLE in columns:
        people = tuple((name, role_on(kind)) for name in names_of(row.cell(Column.PEOPLE)))
    capacity = row.cell(Column.CAPACITY)
    if capacity and not re.fullmatch(r"\d{1,5}", capacity):
        raise Unclear("number", capacity)
    return sound(
        Proposal(
            where=where,
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            guid=row.cell(Column.GUID)[:200],
            abstract=row.cell(Column.ABSTRACT) if Column.ABSTRACT in columns else None,
            kind=kind,
            room=row.cell(Column.ROOM) if Column.ROOM in columns else None,
            track=row.cell(Column.TRACK) if Column.TRACK in columns else None,
            language=spoken(row.cell(Column.LANGUAGE)) if Column.LANGUAGE in columns else None,
            people=people,
            capacity=int(capacity) if capacity else None,
        )
    )


def _times(row: Row, day: date, following: time | None, zone: str) -> tuple[datetime, datetime]:
    _, typed, inside = _in_start(row)
    start = clock_of(typed)
    if start is None:
        raise Unclear("start", row.cell(Column.START))
    begins = at(day, start, zone)
    if word := row.cell(Column.LENGTH):
        takes = length(word)
        if takes is None or not timedelta() < takes <= MOST:
            raise Unclear("length", word)
        return begins, begins + takes
    word = (row.cell(Column.END) or inside).replace("T", " ").strip()
    own_day, _, clock = (
        word.rpartition(" ") if re.match(r"\d{4}-|\d{1,2}[./]\d{1,2}[./]", word) else ("", "", word)
    )
    end = clock_of(clock) if word else following
    if end is None:
        raise Unclear("end" if word else "no_end", word)
    ends = at(day_of(own_day) or day, end, zone) if own_day else at(day, end, zone)
    if ends <= begins and not own_day and end < start:
        ends = at(day + timedelta(days=1), end, zone)  # past midnight
        if ends - begins > timedelta(hours=8):
            raise Unclear("end_before_start", word)
    if ends <= begins:
        raise Unclear("end_before_start", word)
    return begins, ends
