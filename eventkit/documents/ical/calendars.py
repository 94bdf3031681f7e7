"""Published calendars: feeds to subscribe to and files to download (METHOD:PUBLISH).

A calendar is a head, the VTIMEZONEs its entries need, and entries rendered before. The
same entries give the same octets, so their hash is a strong ETag (RFC 9110 8.8.3).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Calendar
from icalendar.prop import vText, vUri

from eventkit.documents.ical import values, zones
from eventkit.documents.ical.entries import Publisher, entry, item_entry, new_entry
from eventkit.language import catalogue
from eventkit.model.agenda import Kind, Programme
from eventkit.model.event import Event, Link, Stage
from eventkit.model.text import Text

CANCELLED_STAYS = timedelta(days=30)
PAST_STAYS = timedelta(days=365)
_REFRESH = "PT6H"
_ZONE = re.compile(rb"^DT(?:START|END);TZID=([^:\r\n]+):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class About:
    """What a calendar says of itself (RFC 7986 5).

    `changed_at` (UTC) never goes back, not even when entries leave (CALENDAR 1.9).
    `source` is the address it can be fetched from again and `url` its page: both only
    for public calendars. `color` is a CSS3 name.
    """

    name: str
    language: str
    organisation: str
    zone: str
    description: str = ""
    changed_at: datetime | None = None
    source: str = ""
    url: str = ""
    color: str = "teal"
    image: str = ""


def join(entries: Iterable[bytes], *, about: About) -> bytes:
    """A calendar made of stored VEVENT octets, in the order given."""
    stored = tuple(entries)
    zone_names = sorted({match.decode() for each in stored for match in _ZONE.findall(each)})
    head: bytes = _head(about).to_ical(sorted=False)
    start = head.removesuffix(b"END:VCALENDAR\r\n")
    return b"".join((start, *map(zones.definition, zone_names), *stored, b"END:VCALENDAR\r\n"))


def event_calendar(
    event: Event,
    *,
    publisher: Publisher,
    topics: Sequence[Text] = (),
    further: Sequence[Link] = (),
    rich: bool = False,
) -> bytes:
    """The calendar of one meeting: event.ics."""
    made = entry(event, publisher=publisher, topics=topics, further=further, rich=rich)
    return join([made], about=_about_event(event, publisher, publisher.links.event_ics(event.slug)))


def agenda(
    event: Event, programme: Programme, *, publisher: Publisher, rich: bool = False
) -> bytes:
    """The published programme, an entry for each item but the breaks: agenda.ics."""
    made = [
        item_entry(event, item, publisher=publisher, changed_at=programme.published_at, rich=rich)
        for item in programme.items
        if item.kind is not Kind.BREAK
    ]
    source = publisher.links.agenda_ics(event.slug)
    changed = max([programme.published_at, event.changed_at, event.revised_at])
    return join(made, about=_about_event(event, publisher, source, changed))


def feed(events: Iterable[Event], *, publisher: Publisher, about: About, now: datetime) -> bytes:
    """A calendar of several meetings, without those whose time in feeds is over at `now`."""
    kept = (event for event in events if belongs(event, now=now))
    return join([entry(event, publisher=publisher) for event in kept], about=about)


def belongs(event: Event, *, now: datetime) -> bool:
    """Whether a feed still holds the meeting: called off 30 days, past 12 months, no drafts."""
    if event.stage is Stage.DRAFT:
        return False
    stays = CANCELLED_STAYS if event.stage is Stage.CANCELLED else PAST_STAYS
    return now < event.ends_at + stays


def closing(*, uid: str, closed_at: datetime, about: About, publisher: Publisher) -> bytes:
    """The calendar of a revoked personal feed: one all-day entry that says it has ended.

    An empty calendar, 404 and 410 leave the old private entries in many programs.
    `uid` is random and stored, `closed_at` (UTC) is the day the entry stands on.
    """
    words = catalogue(publisher.language)
    component = new_entry(uid=uid, sequence=0, stamp=closed_at, created=closed_at)
    end = closed_at + timedelta(seconds=1)
    values.put_times(component, closed_at, end, about.zone, all_day=True)
    component["SUMMARY"] = values.text(words.gettext("This calendar subscription has ended"))
    component["DESCRIPTION"] = values.text(
        words.gettext("You can delete this calendar now. All our meetings: %(address)s")
        % {"address": publisher.links.home()}
    )
    component["URL"] = vUri(values.web_address(publisher.links.home()))
    component["STATUS"] = vText("CONFIRMED")
    component["TRANSP"] = vText("TRANSPARENT")
    component["CLASS"] = vText("PUBLIC")
    name = publisher.name.pick(publisher.language)[0]
    component["ORGANIZER"] = values.calendar_address(publisher.address, name, {})
    return join([component.to_ical(sorted=False)], about=about)


def etag(octets: bytes) -> str:
    """The strong ETag of a calendar, in quotes: the SHA-256 of its octets."""
    return f'"{sha256(octets).hexdigest()}"'


def new_calendar(*, organisation: str, language: str, method: str) -> Calendar:
    """A VCALENDAR with what must come first, METHOD before any component (RFC 5545 3.6)."""
    calendar = Calendar()
    calendar["VERSION"] = vText("2.0")
    name = values.line(organisation).replace("//", "/").strip("/") or "eventkit"
    calendar["PRODID"] = values.text(f"-//{name}//eventkit//{language.upper()}")
    calendar["CALSCALE"] = vText("GREGORIAN")
    calendar["METHOD"] = vText(method)
    return calendar


def _head(about: About) -> Calendar:
    calendar = new_calendar(
        organisation=about.organisation, language=about.language, method="PUBLISH"
    )
    for names, words in (
        (("NAME", "X-WR-CALNAME"), values.line(about.name)),
        (("DESCRIPTION", "X-WR-CALDESC"), values.line(about.description)),
    ):
        calendar.update({name: values.text(words) for name in names if words})
    calendar["X-WR-TIMEZONE"] = vText(about.zone)
    calendar["REFRESH-INTERVAL"] = vText(_REFRESH, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vText(_REFRESH)
    if about.color:
        calendar["COLOR"] = vText(about.color)
    if about.changed_at:
        calendar["LAST-MODIFIED"] = values.utc(about.changed_at)
    if about.source:
        calendar["SOURCE"] = values.uri(about.source)
    if about.url:
        calendar["URL"] = vUri(values.web_address(about.url))
    if about.image:
        calendar["IMAGE"] = values.uri(about.image, {"FMTTYPE": "image/png"})
    return calendar


def _about_event(
    event: Event, publisher: Publisher, source: str, changed_at: datetime | None = None
) -> About:
    return About(
        name=event.title.pick(publisher.language)[0],
        language=publisher.language,
        organisation=publisher.name.pick(publisher.language)[0],
        zone=event.zone,
        changed_at=changed_at or max(event.changed_at, event.revised_at),
        source=source,
        url=publisher.links.event(event.slug),
    )
