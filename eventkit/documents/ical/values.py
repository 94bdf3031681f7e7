"""The values of calendar properties: clean text, addresses, instants, places.

icalendar leaves some of this to its caller: control characters, escaping of names,
mandatory VALUE parameters, and non-ASCII mail addresses.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from icalendar import Component
from icalendar.parser import Parameters
from icalendar.prop import vCalAddress, vCategory, vDDDTypes, vGeo, vText, vUri

from eventkit.documents.ical import zones
from eventkit.model.event import Place
from eventkit.rules import text as rules

_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"
_LOCAL_SAFE = "!$&'*+-=._~/|{}^`"


class _Quoted(Parameters):
    """Parameters whose CN always stands in quotes, as Outlook expects."""

    always_quoted = (*Parameters.always_quoted, "CN")  # type: ignore[assignment]


class _Exact(vText):
    """A TEXT value escaped as RFC 5545 3.3.11 says.

    The library takes a typed backslash and N for a line end.
    """

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def clean(words: str) -> str:
    """The words without characters that could harm a reader or a parser; newlines stay."""
    return rules.clean(words, lines=True)


def line(words: str) -> str:
    """The cleaned words in one line, single spaces between them."""
    return rules.clean(words)


def mail_address(address: str) -> str:
    """A mail address with its domain in ASCII (punycode, RFC 5890), the local part as it is."""
    local, _, domain = line(address).rpartition("@")
    labels = (label.lower() for label in domain.split("."))
    return f"{local}@{'.'.join(map(_ascii_label, labels))}"


def calendar_address(address: str, name: str, params: Mapping[str, str]) -> vCalAddress:
    """An ORGANIZER or ATTENDEE: a mailto URI (RFC 6068), its name in CN, then `params`."""
    local, _, domain = mail_address(address).rpartition("@")
    value = vCalAddress(f"mailto:{quote(local, safe=_LOCAL_SAFE)}@{domain}")
    shown = line(name).replace('"', "'")
    value.params = _Quoted({"CN": shown} if shown else {}, **params)
    return value


def web_address(address: str) -> str:
    """A URI in ASCII without spaces, quotes or line ends."""
    return quote(line(address).replace(" ", "%20"), safe=_URL_SAFE)


def text(words: str, language: str = "") -> vText:
    """A TEXT value; `language` is named only where it differs from the calendar's own."""
    return _Exact(clean(words), params={"LANGUAGE": language} if language else {})


def categories(names: Iterable[str]) -> vCategory | None:
    """CATEGORIES of the names that say anything, or None."""
    named: list[vText | str] = [_Exact(name) for name in map(line, names) if name]
    if not named:
        return None
    value = vCategory(list(map(str, named)))
    value.cats = named
    return value


def uri(address: str, params: Mapping[str, Any] | None = None) -> vUri:
    """A URI value with VALUE=URI, which RFC 7986 5 requires where TEXT would be the default."""
    return vUri(web_address(address), params={"VALUE": "URI", **(params or {})})


def utc(instant: datetime) -> vDDDTypes:
    """A DATE-TIME in UTC, without fractions of a second. Raises ValueError if naive."""
    return vDDDTypes(_aware(instant).astimezone(UTC).replace(microsecond=0))


def put_times(
    component: Component, start: datetime, end: datetime, zone: str, *, all_day: bool
) -> None:
    """Add DTSTART and DTEND (RFC 5545 3.6.1).

    Instants are aware; `zone` is the IANA name people read them in. All-day entries
    are dates of that zone, the last one exclusive. Raises ValueError for a naive
    instant, or an end that is not after the start.
    """
    if _aware(end) <= _aware(start):
        raise ValueError("an entry must end after it starts")
    first, last = (zones.local(moment.replace(microsecond=0), zone) for moment in (start, end))
    if all_day:
        days = first.date(), last.date()
        if days[1] <= days[0] or last != last.replace(hour=0, minute=0, second=0):
            days = days[0], last.date() + timedelta(days=1)
        component["DTSTART"], component["DTEND"] = (vDDDTypes(day) for day in days)
    elif zones.holds(zone, first, last):
        component["DTSTART"], component["DTEND"] = vDDDTypes(first), vDDDTypes(last)
    else:
        component["DTSTART"], component["DTEND"] = utc(first), utc(last)


def put_place(component: Component, place: Place, room: str = "") -> None:
    """Add LOCATION in one line, GEO, and the form in which Apple reads both."""
    words = ", ".join(filter(None, (line(room), line(place.line))))
    if words:
        component["LOCATION"] = text(words)
    if place.latitude is None or place.longitude is None:
        return
    component["GEO"] = vGeo((place.latitude, place.longitude))
    component["X-APPLE-STRUCTURED-LOCATION"] = vUri(
        f"geo:{place.latitude},{place.longitude}",
        params={"VALUE": "URI", "X-ADDRESS": line(place.line), "X-TITLE": line(place.name)},
    )


def put_conference(component: Component, place: Place, label: str) -> None:
    """Add the address of an online meeting (RFC 7986 5.11)."""
    if place.online_url:
        params = {"FEATURE": ["AUDIO", "VIDEO"], "LABEL": label}
        component["CONFERENCE"] = uri(place.online_url, params)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone would float in calendars")
    return instant


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")
