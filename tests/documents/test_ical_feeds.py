"""Feeds and files to download: public, stable, and true in every program (R25)."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import icalendar
import pytest

from eventkit.documents import ical
from eventkit.model.event import Link, Stage
from eventkit.model.text import Text
from tests.documents import golden, samples

ABOUT = ical.About(
    name="Termine: Schule, Wirtschaft; Ganztag",
    language="de",
    organisation="Netzwerk Schule & Wirtschaft",
    zone="Europe/Berlin",
    description="Alle Treffen, auch online",
    changed_at=datetime(2027, 1, 12, 7, tzinfo=UTC),
    source="https://events.example.org/calendar.ics",
    url="https://events.example.org/",
)
ONLINE = replace(samples.PLACE, online_url="https://talk.example.org/geheim")


def entries_in(octets):
    return icalendar.Calendar.from_ical(octets).walk("VEVENT")


def feed(*events, now=samples.NOW, language="de"):
    return ical.feed(events, publisher=samples.publisher(language), about=ABOUT, now=now)


@pytest.mark.parametrize("language", ["de", "en"])
def test_golden_copies(language):
    publisher = samples.publisher(language)
    recap = Link(Text("Folien und Rückblick", "Slides and recap"), "https://events.example.org/r")
    topics = (Text("Übergang Schule – Beruf", "From school to work"),)
    one = ical.event_calendar(samples.EVENT, publisher=publisher, topics=topics, further=[recap])
    golden.check(f"event-{language}.ics", one)
    agenda = ical.agenda(samples.EVENT, samples.PROGRAMME, publisher=publisher)
    golden.check(f"agenda-{language}.ics", agenda)
    off = replace(
        samples.EVENT, uid="off", stage=Stage.CANCELLED, cancellation=Text("Krank.", "Ill.")
    )
    golden.check(f"feed-{language}.ics", feed(samples.EVENT, off, language=language))
    about = replace(ABOUT, source="", url="", language=language)
    closed = ical.closing(uid="closing-1", closed_at=samples.NOW, about=about, publisher=publisher)
    golden.check(f"closing-{language}.ics", closed)


def test_the_head_of_a_feed_is_escaped_and_names_its_value_types():
    lines = feed(samples.EVENT).decode().replace("\r\n ", "").split("\r\n")
    assert lines[:15] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Netzwerk Schule & Wirtschaft//eventkit//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Termine: Schule\\, Wirtschaft\\; Ganztag",
        "X-WR-CALNAME:Termine: Schule\\, Wirtschaft\\; Ganztag",
        "DESCRIPTION:Alle Treffen\\, auch online",
        "X-WR-CALDESC:Alle Treffen\\, auch online",
        "X-WR-TIMEZONE:Europe/Berlin",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "COLOR:teal",
        "LAST-MODIFIED:20270112T070000Z",
        "SOURCE;VALUE=URI:https://events.example.org/calendar.ics",
    ]


def test_a_calendar_has_no_uid_and_names_nobody():
    octets = feed(replace(samples.EVENT, place=ONLINE)) + ical.agenda(
        samples.EVENT, samples.PROGRAMME, publisher=samples.publisher()
    )
    head = octets.partition(b"BEGIN:VTIMEZONE")[0]
    assert b"\r\nUID" not in head
    for absent in (b"ATTENDEE", b"VALARM", b"geheim", b"CONFERENCE", b"jana@", b"/my/"):
        assert absent not in octets.replace(b"\r\n ", b"")


def test_only_the_feed_of_a_participant_holds_the_address_of_an_online_meeting():
    event = replace(samples.EVENT, place=ONLINE)
    octets = ical.entry(event, publisher=samples.publisher(), personal=True, transparent=True)
    unfolded = octets.replace(b"\r\n ", b"")
    assert b"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO" in unfolded
    assert b"TRANSP:TRANSPARENT" in unfolded


def test_dtstamp_is_last_modified_and_the_octets_stay_the_same():
    entry = entries_in(feed(samples.EVENT))[0]
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == samples.EVENT.changed_at
    assert feed(samples.EVENT) == feed(samples.EVENT)
    assert ical.etag(feed(samples.EVENT)) == f'"{sha256(feed(samples.EVENT)).hexdigest()}"'


def test_a_cancelled_meeting_is_struck_out_not_left_out():
    off = replace(samples.EVENT, stage=Stage.CANCELLED, sequence=2, cancellation=Text("Krank."))
    entry = entries_in(feed(off))[0]
    assert entry["STATUS"] == "CANCELLED"
    assert entry["SUMMARY"] == "Abgesagt: Frühjahrstreffen der Mentor*innen"
    assert entry["DESCRIPTION"].startswith("Krank.")
    assert entry["SEQUENCE"] == 2


@pytest.mark.parametrize(
    ("stage", "after", "stays"),
    [
        (Stage.ANNOUNCED, timedelta(days=364), True),
        (Stage.ANNOUNCED, timedelta(days=365), False),
        (Stage.ARCHIVED, timedelta(days=300), True),
        (Stage.CANCELLED, timedelta(days=29), True),
        (Stage.CANCELLED, timedelta(days=30), False),
        (Stage.DRAFT, -timedelta(days=10), False),
    ],
)
def test_how_long_a_meeting_stays_in_feeds(stage, after, stays):
    event = replace(samples.EVENT, stage=stage)
    now = event.ends_at + after
    assert ical.belongs(event, now=now) is stays
    assert bool(entries_in(feed(event, now=now))) is stays


def test_the_agenda_has_an_entry_for_each_item_but_the_breaks():
    made = entries_in(ical.agenda(samples.EVENT, samples.PROGRAMME, publisher=samples.publisher()))
    assert [str(entry["UID"])[-1] for entry in made] == ["1", "2", "4"]
    talk = made[1]
    assert talk["RELATED-TO"] == samples.EVENT_UID
    assert talk["SEQUENCE"] == 2
    assert str(talk["LOCATION"]).startswith("Großer Saal, Haus der Demokratie")
    assert str(talk["DESCRIPTION"]).startswith("Anna Łukasz (geb. Öz), Rektorin, Schule am See\n")
    assert made[2]["STATUS"] == "CANCELLED"


def test_a_title_written_in_one_language_only_is_marked_in_the_other():
    made = ical.agenda(samples.EVENT, samples.PROGRAMME, publisher=samples.publisher("en"))
    assert entries_in(made)[1]["SUMMARY"].params == {"LANGUAGE": "de"}


def test_each_zone_is_defined_once_and_only_if_an_entry_needs_it():
    vienna = replace(
        samples.EVENT, uid="v", zone="Europe/Vienna", title=Text("DTSTART;TZID=Europe/Rome:x")
    )
    octets = feed(samples.EVENT, samples.EVENT, vienna)
    assert octets.count(b"TZID:Europe/Berlin\r\n") == 1
    assert octets.count(b"TZID:Europe/Vienna\r\n") == 1
    assert b"TZID:Europe/Rome" not in octets


def test_an_empty_feed_is_a_calendar():
    assert icalendar.Calendar.from_ical(feed()).walk("VEVENT") == []


def test_a_revoked_feed_holds_one_closing_entry_of_one_day():
    octets = ical.closing(
        uid="c", closed_at=samples.NOW, about=ABOUT, publisher=samples.publisher()
    )
    (entry,) = entries_in(octets)
    assert entry["SUMMARY"] == "Dieses Kalender-Abo wurde beendet"
    assert (entry.end - entry.start).days == 1
    assert entry["URL"] == "https://events.example.org/"


def test_a_feed_of_five_hundred_stored_entries_is_joined_in_a_blink():
    stored = [
        ical.entry(replace(samples.EVENT, uid=f"u{n}"), publisher=samples.publisher())
        for n in range(500)
    ]
    took = []
    for _ in range(3):  # processor time, the best of three: other programs run here too
        began = time.thread_time()
        octets = ical.join(stored, about=ABOUT)
        took.append(time.thread_time() - began)
    assert octets.count(b"BEGIN:VEVENT") == 500
    assert min(took) < 0.1


def test_speakers_and_places_are_components_only_on_wish():
    publisher = samples.publisher()
    plain = ical.agenda(samples.EVENT, samples.PROGRAMME, publisher=publisher)
    rich = ical.agenda(samples.EVENT, samples.PROGRAMME, publisher=publisher, rich=True)
    assert b"BEGIN:PARTICIPANT" not in plain
    assert b"VLOCATION" not in plain
    calendar = icalendar.Calendar.from_ical(rich)
    people = calendar.walk("PARTICIPANT")
    assert [str(each["PARTICIPANT-TYPE"]) for each in people] == ["SPEAKER", "ACTIVE"]
    assert str(people[0]["SUMMARY"]).startswith("Anna Łukasz")
    assert b"CALENDAR-ADDRESS" not in rich
    assert len(calendar.walk("VLOCATION")) == 3
    assert len({str(each["UID"]) for each in calendar.walk("VLOCATION")}) == 2
    one = ical.event_calendar(samples.EVENT, publisher=publisher, rich=True)
    assert b"NAME:Haus der Demokratie" in one
