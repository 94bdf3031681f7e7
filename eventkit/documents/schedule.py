"""The published programme for other programs: the schedule of frab and c3voc, as XML and JSON.

Both say the same. What they say follows the schema for schedule.json and the XSD for
schedule.xml of c3voc (https://c3voc.de/wiki/schedule).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zoneinfo import ZoneInfo

from eventkit.language import catalogue
from eventkit.links import Links
from eventkit.model.agenda import Item, Part, Programme
from eventkit.model.event import Event, Stage
from eventkit.model.text import Text
from eventkit.rules import marks, text

NIGHT_ENDS = time(4)
"""What begins before four in the morning after an evening belongs to that evening's day."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A public file of an item: its address and what it is called."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a schedule comes from: addresses, the reader's language, the accent (#rrggbb).

    `attachments` holds the public slides by item id, `portraits` addresses by person id.
    """

    links: Links
    language: str
    accent: str = ""
    attachments: Mapping[int, Sequence[Attachment]] | None = None
    portraits: Mapping[int, str] | None = None


def as_json(event: Event, programme: Programme, source: Source) -> bytes:
    """The programme as schedule.json, UTF-8."""
    document = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "eventkit"},
        "schedule": _schedule(event, programme, source),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_xml(event: Event, programme: Programme, source: Source) -> bytes:
    """The programme as schedule.xml, UTF-8 with its declaration."""
    data = _schedule(event, programme, source)
    root = Element("schedule")
    SubElement(root, "generator", {"name": "eventkit"})
    _leaf(root, "url", source.links.schedule_xml(event.slug))
    _leaf(root, "version", data["version"])
    _conference(root, data)
    for day in data["conference"]["days"]:
        _day(root, day, {r["name"]: r["guid"] for r in data["conference"]["rooms"]})
    indent(root, " ")
    octets: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return octets + b"\n"


# --- What both say ----------------------------------------------------------------------------


def _schedule(event: Event, programme: Programme, source: Source) -> dict[str, Any]:
    items = () if event.stage is Stage.CANCELLED else programme.items
    shown = sorted((i for i in items if not i.cancelled), key=lambda i: (i.starts_at, i.id))
    page = source.links.event(event.slug)
    zone = ZoneInfo(event.zone)
    first, last = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    days = _days(event, shown, source)
    conference: dict[str, Any] = {
        "acronym": acronym(event.slug),
        "title": _title(event, source.language),
        "start": first.date().isoformat(),
        "end": last.date().isoformat(),
        "daysCount": len(days),
        "timeslot_duration": "00:05",
        "time_zone_name": event.zone,
        "url": page,
        "tracks": [
            {"name": name, "slug": f"track-{text.slug(name) or number}"}
            for number, name in enumerate(dict.fromkeys(_line(i.track) for i in shown if i.track))
        ],
        "rooms": _rooms(event, shown, source),
        "days": days,
    }
    if source.accent:
        conference["colors"] = {"primary": source.accent}
    return {"version": str(programme.version), "base_url": page, "conference": conference}


def acronym(slug: str) -> str:
    """The short name of a meeting that the schemas allow: lower case, digits, "_"; four or more."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in slug.lower()).strip("_")
    return name.ljust(4, "_")


def _title(event: Event, language: str) -> str:
    title = _pick(event.title, language)
    if event.stage is Stage.CANCELLED:
        return catalogue(language).gettext("Called off: %(title)s") % {"title": title}
    return title


def _rooms(event: Event, items: Iterable[Item], source: Source) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        name = _room(event, item, source.language)
        guid = str(uuid5(NAMESPACE_URL, f"{event.uid}#{item.room.id if item.room else 0}"))
        entry: dict[str, Any] = {"name": name, "guid": guid}
        if item.room and item.room.capacity is not None:
            entry["capacity"] = item.room.capacity
        found.setdefault(name, entry)
    return list(found.values())


def _room(event: Event, item: Item, language: str) -> str:
    """The room's name; what has none happens everywhere in the house."""
    named = _pick(item.room.name, language) if item.room else ""
    return named or _line(event.place.name) or catalogue(language).gettext("Everywhere")


def _days(event: Event, items: Sequence[Item], source: Source) -> list[dict[str, Any]]:
    zone = ZoneInfo(event.zone)
    grouped: dict[date, list[Item]] = {}
    for item in items:
        grouped.setdefault(_day_of(item.starts_at.astimezone(zone), grouped), []).append(item)
    if not grouped:  # the formats want a day even if nothing is on it
        grouped[event.starts_at.astimezone(zone).date()] = []
    numbers = _numbers(items)
    days = []
    for index, (on, planned) in enumerate(sorted(grouped.items()), start=1):
        start = min((i.starts_at for i in planned), default=event.starts_at)
        end = max((i.ends_at for i in planned), default=event.ends_at)
        rooms: dict[str, list[dict[str, Any]]] = {}
        for item in planned:
            room = _room(event, item, source.language)
            rooms.setdefault(room, []).append(_event(event, item, room, numbers, source))
        days.append(
            {
                "index": index,
                "date": on.isoformat(),
                "day_start": start.astimezone(zone).isoformat(),
                "day_end": end.astimezone(zone).isoformat(),
                "rooms": rooms,
            }
        )
    return days


def _day_of(start: datetime, known: Mapping[date, object]) -> date:
    evening = (start - timedelta(days=1)).date()
    return evening if start.time() < NIGHT_ENDS and evening in known else start.date()


def _numbers(items: Iterable[Item]) -> dict[int, int]:
    """Stable positive numbers that count nothing: 31 bits of each identity's hash."""
    found: dict[int, int] = {}
    for item in sorted(items, key=lambda i: i.uid):
        number = int.from_bytes(sha256(item.uid.encode()).digest()[:4]) % 0x7FFFFFFF + 1
        while number in found.values():
            number += 1
        found[item.id] = number
    return found


def _event(
    event: Event, item: Item, room: str, numbers: Mapping[int, int], source: Source
) -> dict[str, Any]:
    start = item.starts_at.astimezone(ZoneInfo(event.zone))
    end = item.ends_at.astimezone(ZoneInfo(event.zone))
    title = _pick(item.title, source.language)
    number = numbers[item.id]
    name = text.slug(title)[:60].strip("-")
    portraits = source.portraits or {}
    return {
        "guid": item.uid,
        "id": number,
        "date": start.isoformat(),
        "start": start.strftime("%H:%M"),
        "end": end.isoformat(),
        "duration": duration(item.ends_at - item.starts_at),
        "room": room,
        "slug": "-".join(part for part in (acronym(event.slug), str(number), name) if part),
        "url": source.links.item(event.slug, marks.public_id(item.uid)),
        "title": title,
        "subtitle": "",
        "track": _line(item.track),
        "type": item.kind.value,
        "language": item.language,
        "abstract": text.clean(item.abstract.pick(source.language)[0], lines=True),
        "description": "",
        "persons": [_person(part, source.links, portraits) for part in item.people],
        "links": [],
        "attachments": [
            {"url": file.url, "title": file.title, "type": "slides"}
            for file in (source.attachments or {}).get(item.id, ())
        ],
    }


def duration(length: timedelta) -> str:
    """A length of time as H:MM; more than a day counts on in hours."""
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _person(part: Part, links: Links, portraits: Mapping[int, str]) -> dict[str, Any]:
    url = links.speaker(part.person.slug)
    person = {
        "guid": str(uuid5(NAMESPACE_URL, f"{links.base}/people/{part.person.id}")),
        "name": _line(part.person.name),
        "url": url,
    }
    portrait = portraits.get(part.person.id)
    return person | ({"avatar": portrait} if portrait else {})


def _pick(words: Text, language: str) -> str:
    return _line(words.pick(language)[0])


def _line(words: str) -> str:
    """What every XML reader accepts: no control characters whatever lies in the database."""
    return text.clean(words)


# --- The XML ----------------------------------------------------------------------------------


def _leaf(parent: Element, name: str, words: object, **attributes: str) -> Element:
    leaf = SubElement(parent, name, attributes)
    leaf.text = str(words)
    return leaf


def _conference(root: Element, data: Mapping[str, Any]) -> None:
    facts = data["conference"]
    node = SubElement(root, "conference")
    for name in ("acronym", "title", "start", "end"):
        _leaf(node, name, facts[name])
    _leaf(node, "days", facts["daysCount"])
    _leaf(node, "timeslot_duration", facts["timeslot_duration"])
    _leaf(node, "base_url", data["base_url"])
    _leaf(node, "url", facts["url"])
    _leaf(node, "time_zone_name", facts["time_zone_name"])
    if "colors" in facts:
        SubElement(node, "color", {"primary": facts["colors"]["primary"]})
    for track in facts["tracks"]:
        SubElement(node, "track", track)


def _day(root: Element, day: Mapping[str, Any], guids: Mapping[str, str]) -> None:
    node = SubElement(
        root,
        "day",
        {
            "index": str(day["index"]),
            "date": day["date"],
            "start": day["day_start"],
            "end": day["day_end"],
        },
    )
    for name, events in day["rooms"].items():
        room = SubElement(node, "room", {"name": name, "guid": guids[name]})
        for entry in events:
            _item(room, entry)


_LEAVES = (
    "date start duration room slug url title subtitle track type language abstract description"
).split()


def _item(room: Element, entry: Mapping[str, Any]) -> None:
    node = SubElement(room, "event", {"guid": entry["guid"], "id": str(entry["id"])})
    for name in _LEAVES:
        _leaf(node, name, entry[name])
    persons = SubElement(node, "persons")
    for person in entry["persons"]:
        number = int.from_bytes(sha256(person["guid"].encode()).digest()[:4]) % 0x7FFFFFFF + 1
        _leaf(persons, "person", person["name"], id=str(number), guid=person["guid"])
    SubElement(node, "links")
    attachments = SubElement(node, "attachments")
    for file in entry["attachments"]:
        _leaf(attachments, "attachment", file["title"], href=file["url"], type="slides")
