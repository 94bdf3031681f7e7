"""The schedule of frab and c3voc: what their schemas demand, and what apps rely on."""

import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree.ElementTree import fromstring

import pytest

from eventkit.actions import agenda
from eventkit.documents import schedule
from eventkit.documents.schedule import Attachment, Source
from eventkit.links import Links
from eventkit.model.event import Stage
from eventkit.model.text import Text
from tests.world import World

SOURCE = Source(Links("https://example.org"), "de", "#7a2048")
OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")  # both schemas
ENDS_WELL = re.compile(r"[a-z0-9_-]+[a-z0-9]")


def published(world: World, **changes):
    event = world.event(**changes)
    world.programme(event)
    programme = world.publish(event)
    return world.again(event), programme


def read(event, programme, source=SOURCE):
    said = json.loads(schedule.as_json(event, programme, source))["schedule"]
    return said, fromstring(schedule.as_xml(event, programme, source))


def test_both_say_what_the_schemas_demand(world: World) -> None:
    event, programme = published(world)
    said, root = read(event, programme)
    conference = said["conference"]
    assert re.fullmatch(r"[a-z0-9_-][a-z0-9_]{3,}", conference["acronym"])
    assert said["version"] == root.findtext("version") == "1"
    assert conference["time_zone_name"] == root.findtext("conference/time_zone_name")
    assert conference["daysCount"] == len(conference["days"]) == len(root.findall("day"))
    entries = [e for d in conference["days"] for room in d["rooms"].values() for e in room]
    nodes = root.findall("day/room/event")
    assert len(entries) == len(nodes) == len(programme.items)
    for entry, node in zip(entries, nodes, strict=True):
        assert UUID(entry["guid"])
        assert entry["guid"] == node.get("guid")
        assert 1 <= entry["id"] == int(node.get("id")) <= 2**31
        assert OFFSET.fullmatch(entry["date"])
        assert entry["date"] == node.findtext("date")
        assert entry["start"] == node.findtext("start") == entry["date"][11:16]
        assert re.fullmatch(r"\d{1,2}:\d\d", node.findtext("duration"))
        assert SLUG.fullmatch(entry["slug"])
        assert ENDS_WELL.fullmatch(entry["slug"])
        for name in "room title subtitle type abstract track persons".split():
            assert node.find(name) is not None
    for unique in ("guid", "id", "slug"):
        assert len({e[unique] for e in entries}) == len(entries)
    for track in conference["tracks"]:
        assert ENDS_WELL.fullmatch(track["slug"])
        assert re.fullmatch(r"[a-z][a-z0-9-]+", track["slug"])
    known = {room["name"]: room["guid"] for room in conference["rooms"]}
    assert {r.get("name"): r.get("guid") for r in root.findall("day/room")} == known


def test_an_item_keeps_its_identity_when_it_moves(world: World) -> None:
    event = world.event()
    item = world.item(event, "Vortrag")
    before, _ = read(event, world.publish(event))
    later = {n: getattr(item, n) + timedelta(hours=1) for n in ("starts_at", "ends_at")}
    world.item(event, "Vortrag", id=item.id, **later)
    after, _ = read(event, world.publish(event))
    one, other = (
        next(iter(s["conference"]["days"][0]["rooms"].values()))[0] for s in (before, after)
    )
    assert (one["guid"], one["id"]) == (other["guid"], other["id"])
    assert one["date"] != other["date"]
    assert (before["version"], after["version"]) == ("1", "2")


def test_an_item_taken_out_and_a_meeting_called_off_say_nothing_false(world: World) -> None:
    event = world.event()
    world.item(event, "Bleibt")
    gone = world.item(event, "Geht")
    world.publish(event)
    agenda.remove_item(world.store, event.id, gone.id, actor="test", now=world.now)
    programme = world.publish(event)
    _, root = read(event, programme)
    assert [node.findtext("title") for node in root.iter("event")] == ["Bleibt"]
    called_off = dataclasses.replace(event, stage=Stage.CANCELLED)
    _, root = read(called_off, programme)
    assert root.findtext("conference/title").startswith("Abgesagt: ")
    assert root.findall("day")
    assert not root.findall("day/room/event")


def test_the_night_belongs_to_the_evening_before(world: World) -> None:
    start = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)  # the clocks go back in that night
    event = world.event(starts_at=start, ends_at=start + timedelta(hours=18))
    world.item(event, "Abend", starts_at=start, ends_at=start + timedelta(hours=8))
    late = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    world.item(event, "Nachts", starts_at=late, ends_at=late + timedelta(hours=1))
    morning = datetime(2026, 10, 25, 8, 0, tzinfo=UTC)
    world.item(event, "Morgen", starts_at=morning, ends_at=morning + timedelta(minutes=5))
    said, root = read(event, world.publish(event))
    days = said["conference"]["days"]
    assert [d["date"] for d in days] == ["2026-10-24", "2026-10-25"]
    evening = [e for room in days[0]["rooms"].values() for e in room]
    assert [(e["title"], e["date"], e["duration"]) for e in evening] == [
        ("Abend", "2026-10-24T20:00:00+02:00", "8:00"),
        ("Nachts", "2026-10-25T02:30:00+01:00", "1:00"),
    ]
    assert days[0]["day_end"] == "2026-10-25T03:30:00+01:00"
    assert root.findall("day")[1].findtext("room/event/duration") == "0:05"


@pytest.mark.parametrize("words", ["<b>&amp; ]]> \x00\x0b\ud800", "„Zitat“ & Łódź 👩‍💻", "A" * 300])
def test_any_title_survives(world: World, words: str) -> None:
    event, programme = published(world, title=Text(de="Treffen"))
    item = programme.items[0]
    items = (dataclasses.replace(item, title=Text(de=words)),)
    programme = dataclasses.replace(programme, items=items)
    said, root = read(event, programme)
    title = next(iter(said["conference"]["days"][0]["rooms"].values()))[0]["title"]
    assert root.find("day/room/event").findtext("title") == title
    assert "\x00" not in title


def test_slides_and_portraits_travel_along(world: World) -> None:
    event, programme = published(world)
    item = next(i for i in programme.items if i.people)
    person = item.people[0].person
    source = Source(
        SOURCE.links,
        "en",
        attachments={item.id: [Attachment("https://example.org/f.pdf", "Folien")]},
        portraits={person.id: "https://example.org/p.jpg"},
    )
    said, root = read(event, programme, source)
    entries = [e for d in said["conference"]["days"] for r in d["rooms"].values() for e in r]
    entry = next(e for e in entries if e["guid"] == item.uid)
    assert entry["attachments"] == [
        {"url": "https://example.org/f.pdf", "title": "Folien", "type": "slides"}
    ]
    assert entry["persons"][0]["avatar"] == "https://example.org/p.jpg"
    assert "public_name" not in entry["persons"][0]  # with it two shapes of a person would fit
    assert root.find(".//attachment").get("href") == "https://example.org/f.pdf"
    assert "colors" not in said["conference"]


def test_lengths_are_hours_and_minutes() -> None:
    assert schedule.duration(timedelta(minutes=5)) == "0:05"
    assert schedule.duration(timedelta(hours=26, minutes=30)) == "26:30"
    assert schedule.acronym("a-b") == "a_b_"
