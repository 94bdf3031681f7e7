"""One line as people write it: "10:15 Bildung und Milieu, 30 min, Saal 2"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from eventkit.model.agenda import Room

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)(?:\s*Uhr\b)?[\s,–-]+(?=\S)", re.I)
_LENGTH = re.compile(
    r"(?:(?P<h>\d{1,2})\s*(?:h|std\.?|stunden?|hours?)\b\s*)?"
    r"(?:(?P<m>\d{1,4})\s*(?:min\.?|minuten|minutes|m|['’′]))?",
    re.I,
)


# What says by itself that nobody speaks, with or without what comes along ("Pause mit Musik").
_BREAK = re.compile(
    r"(?:\w*pause|mittagessen|abendessen|mittag|imbiss|kaffee"
    r"|(?:coffee|tea|lunch|short)(?:\s+break)?|break|dinner)"
    r"(?:\s+(?:mit|im|in|bei|und|with|at|and)\b.*)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; None where it says nothing. `minute` counts from midnight."""

    title: str
    minute: int | None = None
    minutes: int | None = None
    room: int | None = None


def read(line: str, rooms: Iterable[Room]) -> Line:
    """The parts of a line. Only what stands at its ends counts, so titles may have commas."""
    title, minute = line.strip(), None
    if clock := _CLOCK.match(title):
        minute, title = int(clock[1]) * 60 + int(clock[2]), title[clock.end() :]
    names = {name.casefold(): room.id for room in rooms for name in (room.name.de, room.name.en)}
    minutes: int | None = None
    room: int | None = None
    while "," in title:
        rest, _, last = (part.strip() for part in title.rpartition(","))
        length = _minutes(last)
        if not rest:
            break
        if length is not None and minutes is None:
            minutes = length
        elif last and last.casefold() in names and room is None:
            room = names[last.casefold()]
        else:
            break
        title = rest
    return Line(title, minute, minutes, room)


def is_break(title: str) -> bool:
    """Whether a title is that of a break: "Mittagspause", "Coffee break", "Kaffee und Kuchen"."""
    return _BREAK.fullmatch(title.strip()) is not None


def _minutes(words: str) -> int | None:
    found = _LENGTH.fullmatch(words) if words else None
    if found is None or not (found["h"] or found["m"]):
        return None
    return int(found["h"] or 0) * 60 + int(found["m"] or 0)
