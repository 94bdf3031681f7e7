"""The papers of a meeting as PDFs: programme, list of attendees, sign-in sheet.

Data in, bytes out. The HTML comes from `templates/print/`, the print shop is `press.py`.
The same data give the same bytes, so that papers can be kept by content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

from eventkit.documents import booklet, paper
from eventkit.documents.press import Enclosure, Job, Press
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.model.text import Text

_SHARES = (0.28, 0.28, 0.16, 0.28)  # the columns of the list of attendees
_LETTER = 1.85  # a letter's width in the lists, millimetres, on the careful side
_HEAD = 44.0  # the head of a list, millimetres
_SIGNATURES = 18  # lines to sign below that head
_UPRIGHT = 3  # columns of a sheet in portrait; more turn it
_TYPE = {
    1: (16.0, 14.5, 13.0, 12.0, 11.0, 10.0, 9.2, 8.5),
    2: (10.0, 9.2, 8.5, 7.8, 7.2, 6.6),
}  # points


class Shape(StrEnum):
    """How a programme lies on paper."""

    A4 = "a4"
    SHEET = "sheet"
    BOOKLET = "booklet"


_SHAPES = {  # template, stylesheet, columns
    Shape.A4: ("programme.html", "programme.css", booklet.COLUMNS),
    Shape.SHEET: ("programme_sheet.html", "sheet.css", 6),
    Shape.BOOKLET: ("programme_folded.html", "folded.css", 2),
}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody on a list. `code` (0 to 999) is what the door types in after the meeting."""

    name: str
    organisation: str = ""
    role: str = ""
    workshops: tuple[Text, ...] = ()
    code: int | None = None


def programme(
    event: Event,
    programme: Programme,
    *,
    organisation: Organisation,
    language: str,
    links: Links,
    portraits: Mapping[str, bytes],
    accent: str,
    calendar: bytes,
    press: Press,
    draft: bool = False,
    shape: Shape = Shape.A4,
    plan: bytes = b"",
) -> bytes:
    """The programme on paper, with `calendar` inside as `programme.ics`.

    `portraits` holds the photos by their content hash; a person without one gets a circle
    with initials. `plan` is the picture of the house. `accent` ("#rrggbb") is darkened where
    it would not be readable. A draft says so on every page. Raises PressBusy and PressFailed,
    and ValueError for an `accent` that is no colour.
    """
    template, sheet, columns = _SHAPES[shape]
    days = booklet.days(programme.items, event.zone, language, columns=columns)
    people = booklet.contributors(
        programme.items, event.zone, dated=language if paper.several_days(event) else ""
    )
    addresses = {
        "page": links.event(event.slug),
        "slides": f"{links.event(event.slug)}#downloads",
        "calendar": links.agenda_ics(event.slug),
    }
    shown = {each.person.photo for each in people if each.person.photo in portraits}
    landscape = shape is Shape.SHEET and booklet.widest(days) > _UPRIGHT
    html = paper.html(
        template,
        language,
        **paper.frame(event, organisation, language, accent),
        programme=programme,
        days=days,
        people=people,
        spoken=booklet.languages(programme.items),
        rooms=_rooms(programme),
        addresses=addresses,
        shown=shown,
        draft=draft,
        plan=bool(plan),
        landscape=landscape,
    )
    images = {sha256: portraits[sha256] for sha256 in sorted(shown)}
    images |= {f"qr-{name}": paper.qr(address) for name, address in addresses.items()}
    images |= {"plan": plan} if plan else {}
    return press.print(
        Job(
            html,
            sheet,
            programme.published_at,
            images,
            (Enclosure("programme.ics", calendar, event.title.pick(language)[0]),),
            steps=_steps(len(days)) if shape is Shape.SHEET else (),
            folded=shape is Shape.BOOKLET,
        )
    )


def _steps(days: int) -> tuple[tuple[float, int], ...]:
    """Sizes of type for a sheet: one page if that can be read from a metre, else two.

    A meeting of several days has a page for each day, or two where one is too small.
    """
    return tuple((size, most * max(1, days)) for most in (1, 2) for size in _TYPE[most])


def attendee_list(
    event: Event,
    guests: Iterable[Guest],
    *,
    organisation: Organisation,
    language: str,
    accent: str,
    printed_at: datetime,
    press: Press,
    landscape: bool = False,
) -> bytes:
    """Who comes: name, organisation, role and workshops, in the order given.

    Raises PressBusy and PressFailed.
    """
    everybody = tuple(guests)
    width, height = (261, 168) if landscape else (174, 255)
    html = paper.html(
        "attendees.html",
        language,
        **paper.frame(event, organisation, language, accent),
        sheets=_sheets(everybody, language, width, height),
        total=len(everybody),
        printed_at=printed_at,
        landscape=landscape,
    )
    return press.print(Job(html, "lists.css", printed_at))


def signin_sheet(
    event: Event,
    guests: Iterable[Guest],
    *,
    organisation: Organisation,
    language: str,
    accent: str,
    printed_at: datetime,
    press: Press,
    spare: int = 8,
) -> bytes:
    """A sheet to sign at the door: code, name, organisation, room for a signature.

    `spare` empty lines at the end are for people who come without registration. Raises
    PressBusy and PressFailed.
    """
    everybody = tuple(guests)
    html = paper.html(
        "signin.html",
        language,
        **paper.frame(event, organisation, language, accent),
        sheets=_even_sheets(everybody, _SIGNATURES, _SIGNATURES + 4),
        total=len(everybody),
        printed_at=printed_at,
        spare=spare,
    )
    return press.print(Job(html, "lists.css", printed_at))


def _rooms(programme: Programme) -> list[object]:
    """The rooms in use, in the order the organisers made them."""
    rooms = {item.room.id: item.room for item in programme.items if item.room}
    return [rooms[number] for number in sorted(rooms)]


def _sheets(
    guests: Sequence[Guest], language: str, width: float, height: float
) -> list[tuple[Guest, ...]]:
    """The guests in tables of one page each: one endless table takes quadratic time.

    `width` and `height` of a page in millimetres. The estimate is careful; a row longer than
    expected moves to the next page, where the header is repeated.
    """
    columns = [int((width * share - 4) / _LETTER) for share in _SHARES]
    sheets: list[list[Guest]] = []
    room = 0.0
    for guest in guests:
        workshops = ", ".join(title.pick(language)[0] for title in guest.workshops)
        texts = (guest.name, guest.organisation, guest.role, workshops)
        pairs = zip(texts, columns, strict=True)
        needed = max(1, *(ceil(len(text) / letters) for text, letters in pairs)) * 4.5 + 2.8
        if needed > room:
            room = height if sheets else height - _HEAD
            sheets.append([])
        sheets[-1].append(guest)
        room -= needed
    return [tuple(sheet) for sheet in sheets]


def _even_sheets(guests: Sequence[Guest], first: int, rest: int) -> list[Sequence[Guest]]:
    """The guests in tables of `first` rows on the first page and `rest` on each other."""
    later = range(first, len(guests), rest)
    return [guests[:first], *(guests[at : at + rest] for at in later)] if guests else []
