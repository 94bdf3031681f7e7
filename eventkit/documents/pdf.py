"""The papers of a meeting as PDFs: programme, list of attendees, sign-in sheet.

Data in, bytes out. The HTML comes from `templates/print/`, the print shop is `press.py`.
The same data give the same bytes, so that papers can be kept by content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from eventkit import language as words
from eventkit.documents import booklet, markup
from eventkit.documents.press import IMAGES, Enclosure, Job, Press
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules import colours

_TEMPLATES = Path(__file__).parents[2] / "templates"
_SHARES = (0.28, 0.28, 0.16, 0.28)  # the columns of the list of attendees
_LETTER = 1.85  # a letter's width in the lists, millimetres, on the careful side
_HEAD = 44.0  # the head of a list, millimetres
_SIGNATURES = 18  # lines to sign below that head
_QR_MASK = 5  # a fixed mask: trying all eight takes five times as long


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
) -> bytes:
    """The programme on A4, with `calendar` inside as `programme.ics`.

    `portraits` holds the photos by their content hash; a person without one gets a circle
    with initials. `accent` ("#rrggbb") is darkened where it would not be readable. A draft
    says so on every page. Raises PressBusy and PressFailed, and ValueError for an `accent`
    that is no colour.
    """
    people = booklet.contributors(
        programme.items, event.zone, dated=language if _several_days(event) else ""
    )
    address = links.event(event.slug)
    shown = {each.person.photo for each in people if each.person.photo in portraits}
    html = _html(
        "programme.html",
        language,
        **_frame(event, organisation, language, accent),
        programme=programme,
        days=booklet.days(programme.items, event.zone, language),
        people=people,
        spoken=booklet.languages(programme.items),
        rooms=_rooms(programme),
        address=address,
        shown=shown,
        draft=draft,
    )
    images = {sha256: portraits[sha256] for sha256 in sorted(shown)} | {"qr": qr(address)}
    enclosure = Enclosure("programme.ics", calendar, event.title.pick(language)[0])
    return press.print(Job(html, "programme.css", programme.published_at, images, (enclosure,)))


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
    html = _html(
        "attendees.html",
        language,
        **_frame(event, organisation, language, accent),
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
    html = _html(
        "signin.html",
        language,
        **_frame(event, organisation, language, accent),
        sheets=_even_sheets(everybody, _SIGNATURES, _SIGNATURES + 4),
        total=len(everybody),
        printed_at=printed_at,
        spare=spare,
    )
    return press.print(Job(html, "lists.css", printed_at))


def qr(address: str) -> bytes:
    """A QR code of an address as PNG, one pixel a module, with its quiet zone."""
    picture = BytesIO()
    code = segno.make(address, error="m", mask=_QR_MASK, boost_error=False, micro=False)
    code.save(picture, kind="png", scale=1, border=4)
    return picture.getvalue()


def _frame(
    event: Event, organisation: Organisation, language: str, accent: str
) -> dict[str, object]:
    """What every paper shows of meeting and organisation."""
    shade = colours.readable(accent, colours.PAPER)
    zone = ZoneInfo(event.zone)
    last = event.ends_at - timedelta(seconds=1) if event.all_day else event.ends_at
    return {
        "event": event,
        "organisation": organisation,
        "accent": shade,
        "tint": colours.tint(shade, 0.1),
        "first": event.starts_at.astimezone(zone),
        "last": last.astimezone(zone),
        "several_days": _several_days(event),
        "when": words.span(
            event.starts_at, event.ends_at, event.zone, language, all_day=event.all_day
        ),
    }


def _several_days(event: Event) -> bool:
    zone = ZoneInfo(event.zone)
    end = event.ends_at - timedelta(seconds=1)
    return event.starts_at.astimezone(zone).date() != end.astimezone(zone).date()


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


def _html(template: str, language: str, **data: object) -> str:
    return _environment(language).get_template(f"print/{template}").render(**data)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = words.catalogue(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True, pgettext=catalogue.pgettext
    )

    def rich(text: Text) -> Markup:
        chosen, spoken = text.pick(language)
        # to_html cleans what organisers wrote against a short list of elements (R18).
        return _in_language(Markup(markup.to_html(chosen)), spoken, "div")  # noqa: S704

    def short(text: Text) -> Markup:
        chosen, spoken = text.pick(language)
        return _in_language(escape(chosen), spoken, "span")

    def _in_language(content: Markup, spoken: str, element: str) -> Markup:
        if spoken == language or not content:
            return content
        return Markup('<{} lang="{}">{}</{}>').format(element, spoken, content, element)

    environment.filters |= {"words": short, "rich": rich, "initials": booklet.initials}
    environment.globals |= {"language": language, "images": IMAGES, "say": words}
    return environment
