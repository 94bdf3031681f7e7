"""One published calendar entry (VEVENT) as bytes: a meeting, or an item of its programme.

Entries are rendered once per revision and language, kept by the caller, and joined to
calendars by `calendars.join`. They name nobody but the organiser (RFC 5546 3.2.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from icalendar import Component
from icalendar import Event as Entry
from icalendar.prop import vInt, vText, vUri

from eventkit.documents import markup
from eventkit.documents.ical import values
from eventkit.language import catalogue, clock
from eventkit.links import Links
from eventkit.model.agenda import Item, Part, Role
from eventkit.model.event import Event, Link, Stage
from eventkit.model.text import Text


class _Participant(Component):
    name = "PARTICIPANT"


class _Location(Component):
    name = "VLOCATION"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, for whom: the organisation, its mailbox, the site, the readers' language.

    `address` becomes ORGANIZER, which PUBLISH demands (RFC 5546 3.2.1).
    """

    name: Text
    address: str
    links: Links
    language: str


def entry(
    event: Event,
    *,
    publisher: Publisher,
    topics: Sequence[Text] = (),
    further: Sequence[Link] = (),
    personal: bool = False,
    transparent: bool = False,
    rich: bool = False,
) -> bytes:
    """The VEVENT of a whole meeting.

    `further` are ways to slides and recap, named in the description. `personal` is for
    feeds of people who take part: only theirs hold the address of an online meeting.
    `transparent` leaves the time free where chosen sessions take it. `rich` adds the
    place as a component of RFC 9073, which some programs can't read.
    """
    language = publisher.language
    component = new_entry(
        uid=event.uid,
        sequence=event.sequence,
        stamp=max(event.changed_at, event.revised_at),
        created=event.created_at,
    )
    values.put_times(component, event.starts_at, event.ends_at, event.zone, all_day=event.all_day)
    cancelled = event.stage is Stage.CANCELLED
    _put_summary(component, event.title, "", language, cancelled=cancelled)
    parts = _about(event, further, publisher, cancelled=cancelled)
    online = catalogue(language).gettext("Join online")
    if personal and event.place.online_url:
        parts.insert(0, f"{online}: {event.place.online_url}")
    component["DESCRIPTION"] = values.text("\n\n".join(filter(None, parts)))
    values.put_place(component, event.place)
    if personal:
        values.put_conference(component, event.place, online)
    _finish(component, event, publisher, cancelled=cancelled, transparent=transparent)
    if rich:
        _add_location(component, event, "", publisher)
    names = [topic.pick(language)[0] for topic in topics]
    return _close(component, names, publisher)


def item_entry(
    event: Event, item: Item, *, publisher: Publisher, changed_at: datetime, rich: bool = False
) -> bytes:
    """The VEVENT of one programme item, related to the meeting's (RFC 5545 3.8.4.5).

    `changed_at` (UTC) is when the programme was published; it dates items that were
    never revised. `rich` adds speakers and place as components of RFC 9073.
    """
    language = publisher.language
    stamp = item.revised_at or changed_at
    component = new_entry(
        uid=item.uid, sequence=item.sequence, stamp=stamp, created=event.created_at
    )
    values.put_times(component, item.starts_at, item.ends_at, event.zone, all_day=False)
    cancelled = item.cancelled or event.stage is Stage.CANCELLED
    title = values.line(event.title.pick(language)[0])
    _put_summary(component, item.title, title, language, cancelled=cancelled)
    parts = [
        "\n".join(_speaker(part, language) for part in item.people),
        markup.to_plain(item.abstract.pick(language)[0]),
        publisher.links.event(event.slug),
    ]
    component["DESCRIPTION"] = values.text("\n\n".join(filter(None, parts)))
    room = item.room.name.pick(language)[0] if item.room else ""
    values.put_place(component, event.place, room)
    component["RELATED-TO"] = vText(event.uid)
    _finish(component, event, publisher, cancelled=cancelled, transparent=False)
    if rich:
        for part in item.people:
            component.add_component(_participant(part, publisher))
        _add_location(component, event, room, publisher)
    return _close(component, [item.track], publisher)


def new_entry(*, uid: str, sequence: int, stamp: datetime, created: datetime) -> Entry:
    """A VEVENT with its identity and dates; instants aware, CREATED never after the rest."""
    component = Entry()
    component["UID"] = vText(uid)
    component["SEQUENCE"] = vInt(sequence)
    component["DTSTAMP"] = values.utc(stamp)
    component["CREATED"] = values.utc(min(created, stamp))
    component["LAST-MODIFIED"] = values.utc(stamp)
    return component


def _put_summary(
    component: Entry, title: Text, event_title: str, language: str, *, cancelled: bool
) -> None:
    picked, spoken = title.pick(language)
    words = values.line(picked) or "–"
    if event_title:
        words = f"{words} ({event_title})"
    if cancelled:
        called_off = catalogue(language).pgettext("letter", "Called off")
        words = f"{called_off}: {words}"
    component["SUMMARY"] = values.text(words, spoken if spoken != language else "")


def _about(
    event: Event, further: Sequence[Link], publisher: Publisher, *, cancelled: bool
) -> list[str]:
    language, words = publisher.language, catalogue(publisher.language)
    parts = []
    if cancelled:
        parts.append(markup.to_plain(event.cancellation.pick(language)[0]))
    elif event.doors_at:
        opens = clock(event.doors_at, event.zone, language)
        parts.append(words.gettext("Doors open: %(time)s") % {"time": opens})
    parts.append(markup.to_plain(event.summary.pick(language)[0]))
    parts += [f"{values.line(link.label.pick(language)[0])}: {link.url}" for link in further]
    page = words.gettext("All about the meeting")
    parts.append(f"{page}: {publisher.links.event(event.slug)}")
    return parts


def _speaker(part: Part, language: str) -> str:
    words = catalogue(language)
    name = values.line(part.person.name)
    if part.person.former_name:
        born = words.gettext("formerly %(name)s") % {"name": values.line(part.person.former_name)}
        name = f"{name} ({born})"
    own = (part.function.pick(language)[0], part.organisation.pick(language)[0])
    described = ", ".join(filter(None, (name, *map(values.line, own))))
    if part.role is Role.MODERATOR:
        role = words.pgettext("letter", "Moderation")
        return f"{role}: {described}"
    return described


def _participant(part: Part, publisher: Publisher) -> Component:
    """Who does what in an item (RFC 9073 7.1), without an address of theirs."""
    page = publisher.links.speaker(part.person.slug)
    component = _Participant()
    component["UID"] = vText(str(uuid5(NAMESPACE_URL, page)))
    moderates = part.role is Role.MODERATOR
    component["PARTICIPANT-TYPE"] = vText("ACTIVE" if moderates else "SPEAKER")
    component["SUMMARY"] = values.text(_speaker(part, publisher.language))
    component["URL"] = vUri(values.web_address(page))
    return component


def _add_location(component: Entry, event: Event, room: str, publisher: Publisher) -> None:
    """Add the place as VLOCATION (RFC 9073 7.2)."""
    name = ", ".join(filter(None, map(values.line, (room, event.place.name))))
    if not name:
        return
    location = _Location()
    identity = f"{publisher.links.event(event.slug)}#{name}"
    location["UID"] = vText(str(uuid5(NAMESPACE_URL, identity)))
    location["NAME"] = values.text(name)
    location["DESCRIPTION"] = values.text(event.place.line)
    component.add_component(location)


def _finish(
    component: Entry, event: Event, publisher: Publisher, *, cancelled: bool, transparent: bool
) -> None:
    component["URL"] = vUri(values.web_address(publisher.links.event(event.slug)))
    component["STATUS"] = vText("CANCELLED" if cancelled else "CONFIRMED")
    component["TRANSP"] = vText("TRANSPARENT" if transparent or cancelled else "OPAQUE")
    component["CLASS"] = vText("PUBLIC")


def _close(component: Entry, names: Sequence[str], publisher: Publisher) -> bytes:
    if categories := values.categories(names):
        component["CATEGORIES"] = categories
    name = publisher.name.pick(publisher.language)[0]
    component["ORGANIZER"] = values.calendar_address(publisher.address, name, {})
    octets: bytes = component.to_ical(sorted=False)
    return octets
