"""Programmes that other programs wrote: schedule.xml, schedule.json and calendars, as proposals.

Nothing in a file can make this read another file or the network, or fill the memory: XML with
a DTD is refused, sizes and depths are bounded.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from icalendar import Calendar

from eventkit.errors import Invalid
from eventkit.language import catalogue
from eventkit.model.agenda import Kind
from eventkit.model.event import Event
from eventkit.model.proposal import Proposal, Proposals, Trouble
from eventkit.rules import proposals, text
from eventkit.rules.proposals import MOST, Unclear

LIMIT = 10 * 1024 * 1024
ITEMS = 1000


def is_schedule(data: bytes) -> bool:
    """Whether the octets look like one of the formats here, and not like a table."""
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:20]
    return head[:1] in (b"<", b"{") or head.upper().startswith(b"BEGIN:VCALENDAR")


def read(data: bytes, event: Event) -> Proposals:
    """The items of a schedule.xml, schedule.json or calendar (RFC 5545).

    Local times without an offset are those of the meeting's zone. Raises Invalid (field
    "file"): `broken`, `too_big`, `kind`, `empty`, `too_many_items`.
    """
    if len(data) > LIMIT:
        raise Invalid("too_big", field="file")
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    reader = {b"<": _xml, b"{": _json}.get(head, _calendar)
    found = reader(data, event)
    if not found.items and not found.troubles:
        raise Invalid("empty", field="file")
    if len(found.items) > ITEMS:
        raise Invalid("too_many_items", field="file")
    return found


def _broken() -> Invalid:
    return Invalid("broken", field="file")


# --- frab and c3voc ---------------------------------------------------------------------------


def _xml(data: bytes, event: Event) -> Proposals:
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise _broken() from None
    if root.tag != "schedule":
        raise Invalid("kind", field="file")
    title = root.findtext("conference/title") or ""
    return _gathered(title, _nodes(root), event)


def _nodes(root: Element) -> Iterator[dict[str, Any]]:
    """Each event of a schedule.xml in the shape of one in schedule.json."""
    for day in root.findall("day"):
        for room in day.findall("room"):
            for node in room.findall("event"):
                facts: dict[str, Any] = {leaf.tag: leaf.text or "" for leaf in node}
                people = node.findall("persons/person")
                yield {
                    **facts,
                    "guid": node.get("guid") or node.get("id") or "",
                    "room": facts.get("room") or room.get("name") or "",
                    "day": day.get("date") or "",
                    "persons": [{"name": person.text or ""} for person in people],
                }


def _json(data: bytes, event: Event) -> Proposals:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _broken() from None
    schedule = document.get("schedule") if isinstance(document, dict) else None
    conference = schedule.get("conference") if isinstance(schedule, dict) else None
    if not isinstance(conference, dict) or not isinstance(conference.get("days"), list):
        raise Invalid("kind", field="file")
    title = conference.get("title")
    return _gathered(title if isinstance(title, str) else "", _entries(conference), event)


def _entries(conference: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for day in conference["days"]:
        rooms = day.get("rooms") if isinstance(day, dict) else None
        for name, entries in rooms.items() if isinstance(rooms, dict) else ():
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict):
                    yield {"day": day.get("date"), "room": name, **entry}


def _gathered(title: str, entries: Iterator[dict[str, Any]], event: Event) -> Proposals:
    items: list[Proposal] = []
    troubles: list[Trouble] = []
    seen: set[str] = set()
    for entry in entries:
        where = _words(entry, "title")[:80] or _words(entry, "guid")[:80]
        try:
            item = _from_entry(entry, where, event)
        except Unclear as unclear:
            troubles.append(Trouble(where, unclear.code, unclear.value[:200]))
            continue
        if item.guid and item.guid in seen:
            troubles.append(Trouble(where, "double", item.guid[:80]))
            continue
        seen.add(item.guid)
        items.append(item)
        if len(items) > ITEMS:
            break
    return Proposals(tuple(items), tuple(troubles), text.clean(title)[:300])


def _words(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return text.clean(str(value), lines=True) if isinstance(value, str | int) else ""


def _from_entry(entry: Mapping[str, Any], where: str, event: Event) -> Proposal:
    title, subtitle = _words(entry, "title"), _words(entry, "subtitle")
    if not title:
        raise Unclear("no_title", _words(entry, "guid"))
    starts_at = _instant(entry, event)
    takes = proposals.length(_words(entry, "duration"))
    if takes is None or not timedelta() < takes <= MOST:
        raise Unclear("length", _words(entry, "duration"))
    kind = (
        _exact(_words(entry, "type"))
        or proposals.kind_of(_words(entry, "type"))
        or proposals.kind_of(title)
        or Kind.TALK
    )
    abstract, description = _words(entry, "abstract"), _words(entry, "description")
    both = "\n\n".join(dict.fromkeys(part for part in (abstract, description) if part))
    people = entry.get("persons")
    return proposals.sound(
        Proposal(
            where=where,
            title=f"{title}: {subtitle}" if subtitle else title,
            starts_at=starts_at,
            ends_at=starts_at + takes,
            guid=_words(entry, "guid")[:200],
            abstract=both,
            kind=kind,
            room=_room(_words(entry, "room"), event),
            track=_words(entry, "track"),
            language=proposals.spoken(_words(entry, "language")),
            people=tuple(
                (name, proposals.role_on(kind))
                for name in _names(people if isinstance(people, list) else [])
            ),
        )
    )


def _exact(word: str) -> Kind | None:
    return next((kind for kind in Kind if kind.value == word), None)


def _names(people: list[Any]) -> Iterator[str]:
    for person in people:
        if isinstance(person, dict):
            name = _words(person, "name") or _words(person, "public_name")
            name = name or _words(person, "full_public_name")
            if name:
                yield text.clean(name)


def _room(name: str, event: Event) -> str:
    """The room, "" for what our own files say of items that happen everywhere in the house."""
    everywhere = {catalogue(language).gettext("Everywhere") for language in ("de", "en")}
    return "" if name in {*everywhere, event.place.name} else name


def _instant(entry: Mapping[str, Any], event: Event) -> datetime:
    typed = _words(entry, "date")
    if "T" in typed:
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            raise Unclear("start", typed) from None
        if found.tzinfo is not None:
            return _utc(found)
        return proposals.at(found.date(), found.time(), event.zone)
    day = proposals.day_of(typed or _words(entry, "day"))
    start = proposals.clock_of(_words(entry, "start"))
    if day is None or start is None:
        raise Unclear("start", _words(entry, "start"))
    return proposals.at(day, start, event.zone)


def _utc(found: datetime) -> datetime:
    if not proposals.in_our_times(found):
        raise Unclear("start", str(found))
    try:
        return found.astimezone(UTC)
    except ValueError:
        raise Unclear("start", str(found)) from None


# --- Calendars --------------------------------------------------------------------------------


def _calendar(data: bytes, event: Event) -> Proposals:
    try:
        calendar = Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        raise _broken() from None
    items: list[Proposal] = []
    troubles: list[Trouble] = []
    for entry in calendar.walk("VEVENT")[: ITEMS + 1]:
        where = text.clean(str(entry.get("SUMMARY", "")))[:80]
        if str(entry.get("STATUS", "")).upper() == "CANCELLED":
            continue
        try:
            items.append(_from_vevent(entry, where, event))
        except Unclear as unclear:
            troubles.append(Trouble(where, unclear.code, unclear.value[:200]))
    name = text.clean(str(calendar.get("X-WR-CALNAME", "") or calendar.get("NAME", "")))
    return Proposals(tuple(items), tuple(troubles), name[:300])


def _from_vevent(entry: Any, where: str, event: Event) -> Proposal:
    if not where:
        raise Unclear("no_title")
    if "RRULE" in entry or "RDATE" in entry or "RECURRENCE-ID" in entry:
        raise Unclear("repeats")
    starts_at = _moment(entry, "DTSTART", event)
    if "DTEND" in entry:
        ends_at = _moment(entry, "DTEND", event)
    else:
        takes = _value(entry, "DURATION", lambda v: isinstance(v, timedelta), "no_end")
        if not timedelta() < takes <= MOST:
            raise Unclear("length", str(takes))
        ends_at = starts_at + takes
    if not starts_at < ends_at <= starts_at + MOST:
        raise Unclear("end_before_start")
    words = entry.get("CATEGORIES")
    categories = [text.clean(str(c)) for c in getattr(words, "cats", ())] if words else []
    found = (_exact(word.casefold()) or proposals.kind_of(word) for word in categories)
    kind = next((k for k in found if k), None) or proposals.kind_of(where) or Kind.TALK
    place = text.clean(str(entry.get("LOCATION", "")))
    if event.place.line and place.endswith(event.place.line):
        place = place.removesuffix(event.place.line).rstrip(" ,")
    return proposals.sound(
        Proposal(
            where=where,
            title=text.clean(str(entry["SUMMARY"])),
            starts_at=starts_at,
            ends_at=ends_at,
            guid=text.clean(str(entry.get("UID", "")))[:200],
            abstract=text.clean(str(entry.get("DESCRIPTION", "")), lines=True) or None,
            kind=kind,
            room=_room(place, event),
        )
    )


def _value(entry: Any, name: str, fits: Callable[[object], bool], code: str) -> Any:
    try:
        value = getattr(entry.get(name), "dt", None)
    except ValueError:  # a property that says what no calendar can hold
        value = None
    if value is None or not fits(value):
        raise Unclear(code)
    return value


def _moment(entry: Any, name: str, event: Event) -> datetime:
    value = _value(entry, name, lambda v: isinstance(v, date), "start")
    if not isinstance(value, datetime):
        raise Unclear("all_day", value.isoformat())
    if value.tzinfo is None:
        return proposals.at(value.date(), value.time().replace(second=0), event.zone)
    return _utc(value)
