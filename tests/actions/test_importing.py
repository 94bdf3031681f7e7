"""Programmes of other programs come into the draft, whole or not at all."""

import dataclasses
import json

import pytest

from eventkit.actions import importing, steps
from eventkit.actions.importing import Choices
from eventkit.actions.planning import Hand
from eventkit.documents import schedule, tables
from eventkit.documents.schedule import Source
from eventkit.errors import Invalid, Refused
from eventkit.links import Links
from eventkit.rules.importing import What
from eventkit.store import agenda, drafts, people
from tests.world import BY, World

SOURCE = Source(Links("https://example.org"), "de")


def hand(world, event):
    return Hand(world.store, event.id, BY, world.now, world.identity)


def whats(preview):
    return [entry.what for entry in preview.entries]


def take_in(world, event, data, **choices):
    wanted = Choices(**choices)
    seen = importing.look(world.store, event, data, wanted).seen
    return importing.take_in(hand(world, event), data, wanted, seen=seen)


def exported(world, event, write=schedule.as_xml):
    return write(event, agenda.published(world.store, event.id), SOURCE)


def facts(items):
    return [
        (
            i.kind,
            i.title.de,
            i.abstract.de,
            i.starts_at,
            i.ends_at,
            i.room.name.de if i.room else "",
            i.track,
            i.language,
            [part.person.id for part in i.people],
        )
        for i in items
    ]


@pytest.mark.parametrize("write", [schedule.as_xml, schedule.as_json])
def test_our_own_schedule_makes_the_same_programme_elsewhere(world: World, write) -> None:
    event, other = world.event(), world.event()
    world.programme(event)
    data = exported(world, event, write)
    before = len(people.every(world.store))
    take_in(world, other, data)
    assert facts(agenda.draft(world.store, other.id)) == facts(agenda.draft(world.store, event.id))
    assert len(people.every(world.store)) == before
    world.publish(other)
    again = json.loads(exported(world, other, schedule.as_json))["schedule"]["conference"]["days"]
    first = json.loads(exported(world, event, schedule.as_json))["schedule"]["conference"]["days"]
    for days in (again, first):
        for day in days:
            for room in day["rooms"].values():
                for entry in room:
                    for own in ("guid", "id", "slug", "url"):
                        del entry[own]
    assert again == first


def test_into_its_own_meeting_nothing_would_happen(world: World) -> None:
    event = world.event()
    world.programme(event)
    data = exported(world, event)
    assert set(whats(importing.look(world.store, event, data, Choices(exact=True)))) == {What.SAME}
    with pytest.raises(Invalid, match="nothing"):
        take_in(world, event, data, exact=True)


def test_a_changed_file_changes_and_doubles_nothing(world: World) -> None:
    event, other = world.event(), world.event()
    world.programme(event)
    take_in(world, other, exported(world, event))
    number = len(agenda.draft(world.store, other.id))
    document = json.loads(exported(world, event, schedule.as_json))
    rooms = document["schedule"]["conference"]["days"][0]["rooms"]
    entry = next(iter(rooms.values()))[0]
    entry |= {"title": "Ganz anders", "duration": "0:10", "persons": [{"name": "Neue Person"}]}
    preview = importing.look(world.store, other, json.dumps(document).encode(), Choices())
    changed = [e for e in preview.entries if e.what is not What.SAME]
    assert [(e.what, e.fields) for e in changed] == [(What.CHANGED, ("title", "ends_at", "people"))]
    assert take_in(world, other, json.dumps(document).encode()) == 1
    draft = agenda.draft(world.store, other.id)
    assert len(draft) == number
    assert [i.people[0].person.name for i in draft if i.title.de == "Ganz anders"] == [
        "Neue Person"
    ]


def test_exactly_the_file_takes_out_what_it_does_not_name_and_undo_brings_it_back(
    world: World,
) -> None:
    event = world.event()
    world.item(event, "Bleibt nicht")
    before = drafts.states(world.store, event.id)
    assert take_in(world, event, b"Beginn;Dauer;Titel\n9:00;30;Neu\n", exact=True) == 2
    assert [i.title.de for i in agenda.draft(world.store, event.id)] == ["Neu"]
    step = drafts.last_done(world.store, event.id)
    steps.undo(world.store, event.id, step.id, actor=BY, now=world.now)
    assert drafts.states(world.store, event.id) == before


def test_one_wrong_row_and_nothing_happens(world: World) -> None:
    event = world.event()
    data = b"Beginn;Dauer;Titel\n9:00;30;Gut\n10:00;ewig;Schlecht\n"
    with pytest.raises(Invalid, match="troubles"):
        take_in(world, event, data)
    assert agenda.draft(world.store, event.id) == ()


def test_a_name_that_can_not_be_taken_leaves_nothing_behind(world: World) -> None:
    event = world.event()
    data = b"Beginn;Dauer;Titel;Personen\n9:00;30;Gut;Eva\n10:00;30;B;www.example.org\n"
    with pytest.raises(Invalid, match="name_with_address"):
        take_in(world, event, data)
    assert agenda.draft(world.store, event.id) == ()
    assert people.every(world.store) == []


def test_what_was_not_seen_is_not_done(world: World) -> None:
    event = world.event()
    data = b"Beginn;Dauer;Titel\n9:00;30;Neu\n"
    seen = importing.look(world.store, event, data, Choices()).seen
    world.item(event, "Inzwischen")
    with pytest.raises(Refused, match="changed_meanwhile"):
        importing.take_in(hand(world, event), data, Choices(), seen=seen)


def test_days_elsewhere_can_be_moved_to_the_meeting(world: World) -> None:
    event = world.event()
    data = b"Tag;Beginn;Dauer;Titel\n01.03.2020;9:00;30;A\n02.03.2020;9:00;30;B\n"
    assert importing.look(world.store, event, data, Choices()).outside
    first = event.starts_at.date()
    take_in(world, event, data, first_day=first)
    days = [i.starts_at.date() for i in agenda.draft(world.store, event.id)]
    assert [(day - first).days for day in days] == [0, 1]


ICS = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Elsewhere//EN
BEGIN:VEVENT
UID:a@elsewhere
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20261120T100000
DTEND;TZID=Europe/Berlin:20261120T103000
SUMMARY:Vortrag\\, lang
LOCATION:Saal 9
CATEGORIES:Workshop
END:VEVENT
BEGIN:VEVENT
UID:b@elsewhere
DTSTAMP:20260101T000000Z
DTSTART:20261120T110000
DURATION:PT45M
SUMMARY:Ohne Zone
END:VEVENT
BEGIN:VEVENT
UID:c@elsewhere
DTSTAMP:20260101T000000Z
DTSTART:20261120T110000Z
DTEND:20261120T120000Z
RRULE:FREQ=DAILY
SUMMARY:Jeden Tag
END:VEVENT
BEGIN:VEVENT
UID:d@elsewhere
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261120
SUMMARY:Ganzer Tag
END:VEVENT
BEGIN:VEVENT
UID:e@elsewhere
DTSTAMP:20260101T000000Z
DTSTART:20261120T110000Z
DTEND:20261120T120000Z
STATUS:CANCELLED
SUMMARY:Abgesagt
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


def test_a_calendar_is_read_and_what_repeats_is_said(world: World) -> None:
    event = world.event()
    found = importing.look(world.store, event, ICS, Choices()).proposals
    assert [(p.title, p.room, p.kind.value) for p in found.items] == [
        ("Vortrag, lang", "Saal 9", "workshop"),
        ("Ohne Zone", "", "talk"),
    ]
    assert [p.starts_at.hour for p in found.items] == [9, 10]
    assert [t.code for t in found.troubles] == ["repeats", "all_day"]


HOSTILE = {
    "doctype": b"<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><schedule>&x;</schedule>",
    "laughs": b"<!DOCTYPE s [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><schedule>&b;</schedule>",
    "deep json": b'{"schedule":' + b"[" * 100_000,
    "broken": b"<schedule><day>",
    "no json": b"{schedule}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        importing.look(world.store, world.event(), HOSTILE[name], Choices())
    assert refused.value.field == "file"


@pytest.mark.parametrize("data", [b"<html/>", b"{}", b'{"schedule": {"conference": 3}}'])
def test_other_files_are_not_programmes(world: World, data: bytes) -> None:
    with pytest.raises(Invalid, match="kind"):
        importing.look(world.store, world.event(), data, Choices())


def test_odd_values_in_a_schedule_are_troubles_and_no_surprise(world: World) -> None:
    day = {
        "date": 3,
        "rooms": {"S": [{"title": 4}, 5, {"title": "A", "date": "x"}, {"persons": 1}]},
    }
    document = {"schedule": {"conference": {"title": [], "days": [day, 7, {"rooms": []}]}}}
    data = json.dumps(document).encode()
    found = importing.look(world.store, world.event(), data, Choices()).proposals
    assert [t.code for t in found.troubles] == ["start", "start", "no_title"]


def test_the_other_language_of_a_title_stays(world: World) -> None:
    event = world.event()
    item = world.item(event, "Vortrag")
    data = b"Start,Duration,Title,UID\n9:00,30,Talk," + item.uid.encode()
    take_in(world, event, data, language="en")
    (changed,) = agenda.draft(world.store, event.id)
    assert (changed.id, changed.title.de, changed.title.en) == (item.id, "Vortrag", "Talk")
    assert dataclasses.replace(changed.title, en="") == dataclasses.replace(item.title, en="")


def calendar_of(*lines):
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "SUMMARY:Hallo")
    return "\r\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR", "")).encode()


def entry_of(**facts):
    day = {"date": "2026-11-20", "rooms": {"Saal": [{"title": "Hallo", **facts}]}}
    return json.dumps({"schedule": {"conference": {"title": "x", "days": [day]}}}).encode()


@pytest.mark.parametrize(
    "data",
    [
        calendar_of("DTSTART:00010101T000000", "DTEND:00010101T010000"),
        calendar_of("DTSTART:99991231T235959Z", "DTEND:99991231T235959Z"),
        calendar_of("DTSTART:20261120T100000Z", "DURATION:P2999999D"),
        calendar_of("DTSTART:20261120T100000Z", "DURATION:-P2999999D"),
        calendar_of("DTSTART:20261120T100000Z", "DURATION:P99999999999999D"),
        entry_of(date="0001-01-01T00:00:00+14:00", duration="01:00"),
        entry_of(date="9999-12-31T23:30:00", duration="20:00"),
        entry_of(date="0001-01-01", start="00:00", duration="01:00"),
        b"Tag;Beginn;Ende;Titel\n9999-12-31;23:00;01:00;Hallo\n",
    ],
)
def test_times_no_clock_can_reckon_are_troubles_of_the_file(world: World, data) -> None:
    preview = importing.look(world.store, world.event(), data, Choices())
    assert preview.proposals.troubles
    assert not preview.proposals.items


def test_a_table_longer_than_any_programme_is_refused_unread(world: World) -> None:
    rows = "".join(f"10:00;Vortrag {number}\n" for number in range(1001))
    with pytest.raises(Invalid, match="too_many_items"):
        importing.look(world.store, world.event(), f"Beginn;Titel\n{rows}".encode(), Choices())


def test_nobody_waits_while_a_file_is_read(world: World, monkeypatch) -> None:
    """R1: a large workbook takes seconds; the write lock is taken afterwards."""
    event = world.event()
    data = b"Beginn;Dauer;Titel\n10:00;30;Vortrag\n"
    seen = importing.look(world.store, event, data, Choices()).seen
    read_table = tables.read_table

    def outside(octets):
        with world.store.changing():  # does not nest
            return read_table(octets)

    monkeypatch.setattr(tables, "read_table", outside)
    assert importing.take_in(hand(world, event), data, Choices(), seen=seen) == 1
