"""A meeting for machines: schema.org/Event as JSON-LD. Nothing in it that the page hides."""

from typing import Any
from zoneinfo import ZoneInfo

from eventkit.model.account import Organisation
from eventkit.model.agenda import Item, Kind, Programme, Role
from eventkit.model.event import Admission, Event, Mode, Stage
from eventkit.model.person import Person
from eventkit.model.registration import Seats
from eventkit.rules import marks
from eventkit.rules.seats import Window
from eventkit.web.language import current, plain
from eventkit.web.meeting import Standing
from eventkit.web.site import site

_MODES = {
    Mode.ON_SITE: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}
_SPEAKING = (Role.SPEAKER, Role.PANELLIST, Role.OPENING, Role.MODERATOR)


def event(
    meeting: Event,
    programme: Programme | None,
    organisation: Organisation,
    seats: Seats,
    standing: Standing,
    images: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The meeting as schema.org/Event."""
    items = tuple(i for i in programme.items if not i.cancelled) if programme else ()
    cancelled = meeting.stage is Stage.CANCELLED
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BusinessEvent",
        "@id": site().links.event(meeting.slug),
        "url": site().links.event(meeting.slug),
        "name": plain(meeting.title),
        "description": plain(meeting.summary),
        "startDate": _local(meeting, meeting.starts_at),
        "endDate": _local(meeting, meeting.ends_at),
        "doorTime": _local(meeting, meeting.doors_at) if meeting.doors_at else None,
        "eventStatus": f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[meeting.mode]}",
        "location": _places(meeting),
        "organizer": _organiser(organisation),
        "inLanguage": sorted({i.language for i in items if i.language}) or [current()],
        "isAccessibleForFree": True,
        "offers": _offer(meeting, standing),
        "maximumAttendeeCapacity": meeting.capacity,
        "remainingAttendeeCapacity": seats.free,
        "performer": [_person(p) for p in _people(items)],
        "subEvent": [_item(meeting, i) for i in items if i.kind is not Kind.BREAK],
        "image": list(images),
    }
    return _filled(data)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def _local(meeting: Event, instant: Any) -> str:
    local = instant.astimezone(ZoneInfo(meeting.zone))
    return str(local.date().isoformat() if meeting.all_day else local.isoformat())


def _places(meeting: Event) -> list[dict[str, Any]]:
    place, found = meeting.place, []
    if meeting.mode is not Mode.ONLINE:
        address = {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postal_code,
            "addressLocality": place.town,
            "addressCountry": place.country,
        }
        site_of_it: dict[str, Any] = {
            "@type": "Place",
            "name": place.name or place.town,
            "address": _filled(dict(address)),
            "hasMap": place.map_url,
        }
        if place.latitude is not None and place.longitude is not None:
            site_of_it["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": place.latitude,
                "longitude": place.longitude,
            }
        found.append(_filled(site_of_it))
    if meeting.mode is not Mode.ON_SITE:
        # The address of the online room is only in the letters of those who take part.
        found.append({"@type": "VirtualLocation", "url": site().links.event(meeting.slug)})
    return found


def _organiser(organisation: Organisation) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Organization",
            "name": plain(organisation.name),
            "url": organisation.website or site().links.home(),
            "email": organisation.email,
        }
    )


def _offer(meeting: Event, standing: Standing) -> dict[str, Any] | None:
    if standing.window not in (Window.OPEN, Window.NOT_YET):
        return None
    if meeting.admission is Admission.CLOSED:
        return None
    state = "PreOrder" if standing.window is Window.NOT_YET else "InStock"
    if standing.window is Window.OPEN and standing.tone != "success":
        state = "SoldOut"
    return _filled(
        {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "EUR",
            "url": f"{site().links.event(meeting.slug)}register",
            "availability": f"https://schema.org/{state}",
            "validFrom": _local(meeting, meeting.opens_at) if meeting.opens_at else None,
        }
    )


def _people(items: tuple[Item, ...]) -> list[Person]:
    found = {
        part.person.id: part.person
        for item in items
        for part in item.people
        if part.role in _SPEAKING
    }
    return list(found.values())


def _person(person: Person) -> dict[str, Any]:
    return {
        "@type": "Person",
        "name": person.name,
        "url": site().links.speaker(person.slug),
    }


def _item(meeting: Event, item: Item) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Event",
            "name": plain(item.title),
            "startDate": item.starts_at.astimezone(ZoneInfo(meeting.zone)).isoformat(),
            "endDate": item.ends_at.astimezone(ZoneInfo(meeting.zone)).isoformat(),
            "url": site().links.item(meeting.slug, marks.public_id(item.uid)),
            "inLanguage": item.language,
            "location": {"@type": "Place", "name": plain(item.room.name)} if item.room else None,
            "performer": [_person(part.person) for part in item.people],
            "maximumAttendeeCapacity": item.capacity,
        }
    )
