"""Signs of a meeting: for doors, for the podium, and the poster of all rooms."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventkit.documents import booklet, paper
from eventkit.documents.booklet import Day, Entry, Row
from eventkit.documents.press import Job, Press
from eventkit.language import day
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.model.agenda import Item, Programme, Room
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.model.text import Text

_POINT = 25.4 / 72  # millimetres
_ROOM = 222.0  # the width a room's name has beside its code, millimetres
_LIST = 265.0  # the width of the list at a door
_SHEET = 184.0  # the height of a door sign within its margins
_ROOM_SIZES = (110, 96, 84, 72, 60, 50, 42, 36, 30)
_DOOR_SIZES = (34, 30, 26, 23, 20, 18, 16, 14, 12)  # points; 26 can be read from 3 m
_NAME_SIZES = (100, 90, 80, 70, 62, 54, 47, 41, 36, 31, 27, 23)
_POSTER_STEPS = (20.0, 18.0, 16.5, 15.0, 13.5, 12.0, 11.0, 10.0, 9.0)


@dataclass(frozen=True, slots=True)
class Door:
    """What hangs at a room on one day. `size` and `room_size` are type sizes in points."""

    room: Room
    name: str
    entries: tuple[tuple[Row, Entry], ...]
    address: str
    code: str
    room_size: int
    size: int


@dataclass(frozen=True, slots=True)
class Card:
    """The name of somebody on the podium; `size` of its type in points."""

    person: Person
    function: Text
    organisation: Text
    size: int


def door_signs(
    event: Event,
    programme: Programme,
    *,
    organisation: Organisation,
    language: str,
    links: Links,
    accent: str,
    press: Press,
    draft: bool = False,
) -> bytes:
    """A page A4 landscape for each room and day: what takes place there, and when.

    Raises PressBusy and PressFailed.
    """
    doors = _doors(event, programme.items, language, links)
    html = paper.html(
        "doors.html",
        language,
        **paper.frame(event, organisation, language, accent),
        doors=doors,
        draft=draft,
    )
    codes = {door.code: paper.qr(door.address) for door in doors}
    return press.print(Job(html, "signs.css", programme.published_at, codes))


def name_signs(
    event: Event,
    people: Sequence[Card],
    *,
    organisation: Organisation,
    language: str,
    accent: str,
    at: datetime,
    press: Press,
) -> bytes:
    """A page A4 for each person, to be folded to a tent: the name stands on both sides.

    Raises PressBusy and PressFailed.
    """
    frame = paper.frame(event, organisation, language, accent)
    html = paper.html("names.html", language, **frame, people=people)
    return press.print(Job(html, "signs.css", at))


def rooms_poster(
    event: Event,
    programme: Programme,
    *,
    organisation: Organisation,
    language: str,
    links: Links,
    accent: str,
    press: Press,
    draft: bool = False,
    plan: bytes = b"",
) -> bytes:
    """A poster for the foyer, A3 landscape: every room and what takes place in it, by day.

    The plan of the house is a page of its own. Raises PressBusy and PressFailed.
    """
    doors = _doors(event, programme.items, language, links)
    days: dict[str, list[Door]] = {}
    for door in doors:
        days.setdefault(door.name, []).append(door)
    address = links.event(event.slug)
    html = paper.html(
        "poster.html",
        language,
        **paper.frame(event, organisation, language, accent),
        days=days,
        address=address,
        draft=draft,
        plan=bool(plan),
    )
    images = {"qr-page": paper.qr(address)} | ({"plan": plan} if plan else {})
    pages = max(1, len(days)) + bool(plan)
    steps = tuple((size, pages) for size in _POSTER_STEPS)
    return press.print(Job(html, "poster.css", programme.published_at, images, steps=steps))


def on_stage(items: Iterable[Item], zone: str) -> tuple[Card, ...]:
    """Everybody of a programme with what they are that day, in order of appearance."""
    return tuple(
        Card(each.person, each.function, each.organisation, _name_size(each.person.name))
        for each in booklet.contributors(items, zone)
    )


def _doors(event: Event, items: Iterable[Item], language: str, links: Links) -> list[Door]:
    """By day, then by room in the order the organisers made them."""
    held = [item for item in items if item.room and not item.cancelled]
    found = []
    for name, of_day in _by_day(held, event.zone, language).items():
        rooms = {item.room.id: item.room for item in of_day if item.room}
        for number, room in sorted(rooms.items()):
            own = [item for item in of_day if item.room and item.room.id == number]
            found.append(_door(event, room, name, own, language, links))
    return found


def _by_day(items: Iterable[Item], zone: str, language: str) -> dict[str, list[Item]]:
    days: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.starts_at):
        days.setdefault(day(item.starts_at, zone, language), []).append(item)
    return days


def _door(
    event: Event, room: Room, name: str, items: Sequence[Item], language: str, links: Links
) -> Door:
    plan: Day = booklet.days(items, event.zone, language, columns=1)[0]
    entries = tuple(
        (row, cell) for row in plan.rows for band in row.bands for cell in band if cell is not None
    )
    room_name = room.name.pick(language)[0]
    room_size = _room_size(room_name)
    over = f"{name} · {event.title.pick(language)[0]}"
    above = 9.5 + _lines(over, 14, _ROOM) * 6.5
    above += _lines(room_name, room_size, _ROOM) * room_size * 1.05 * _POINT
    above += _lines(room.note.pick(language)[0], 14, _ROOM) * 6.5
    return Door(
        room,
        name,
        entries,
        f"{links.event(event.slug)}?room={room.id}#agenda",
        f"qr-{room.id}",
        room_size,
        _door_size(entries, language, _SHEET - above),
    )


def _room_size(name: str) -> int:
    """The largest type in which a room's name stands in one line, or at least in two."""
    fitting = [size for size in _ROOM_SIZES if _lines(name, size, _ROOM) <= 2]
    single = [size for size in fitting if _lines(name, size, _ROOM) <= 1 and size >= 60]
    return (single or fitting or [_ROOM_SIZES[-1]])[0]


def _door_size(entries: Sequence[tuple[Row, Entry]], language: str, height: float) -> int:
    """The largest type in which a day at a door takes at most `height` millimetres."""
    return next(
        (size for size in _DOOR_SIZES if _list_height(entries, language, size) <= height),
        _DOOR_SIZES[-1],
    )


def _list_height(entries: Sequence[tuple[Row, Entry]], language: str, size: int) -> float:
    """How high the list of a door is in a type size, on the careful side."""
    width, small = _LIST - 6.6 * size * _POINT, 0.68 * size
    height = 0.0
    for _, entry in entries:
        title = entry.item.title.pick(language)[0]
        height += _lines(title, size, width) * size * 1.2 * _POINT + 0.8 * size * _POINT
        if not entry.quiet:
            names = " ".join(
                f"{part.person.name}, "
                + (part.organisation or part.person.organisation).pick(language)[0]
                for _, parts in entry.groups
                for part in parts
            )
            height += _lines(names, small, width) * small * 1.35 * _POINT
    return height


def _name_size(name: str) -> int:
    """The size in which a name stands on at most two lines of a tent."""
    longest = max(name.split() or [""], key=_ems)
    fits = (s for s in _NAME_SIZES if _lines(name, s, 178) <= 2 and _lines(longest, s, 178) <= 1)
    return next(fits, _NAME_SIZES[-1])


def _lines(text: str, size: float, width: float) -> int:
    """How many lines a text takes in bold type of a size (points), `width` in millimetres."""
    room = max(1.0, width / (size * _POINT))
    lines, left = 0, 0.0
    for word in text.split():
        needed = _ems(word)
        if needed <= left:
            left -= needed + 0.3
            continue
        whole = -(-needed // room)
        lines += int(whole)
        left = whole * room - needed - 0.3
    return lines


def _ems(text: str) -> float:
    """The width of bold type in ems, on the careful side."""
    return sum(
        1.05
        if unicodedata.east_asian_width(sign) in "WF"
        else 0.0
        if unicodedata.combining(sign)
        else 0.82
        if sign.isupper() or sign in "mw@%"
        else 0.36
        if sign in "fijlrtI.,:;'’!|()-"
        else 0.62
        for sign in text
    )
