"""Every entry means the right instant, whoever reads it (R25, R73, CALENDAR 2.2)."""

# ruff: noqa: DTZ001 # readings of clocks are what is tested here

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar
import pytest
import vobject

from eventkit.documents import ical
from eventkit.documents.ical import zones
from tests.documents import samples

BERLIN = "Europe/Berlin"
IN_ZONE = [
    (BERLIN, datetime(2026, 1, 15, 10)),
    (BERLIN, datetime(2026, 7, 15, 10)),
    (BERLIN, datetime(2026, 10, 24, 10)),
    (BERLIN, datetime(2026, 10, 25, 10)),
    (BERLIN, datetime(2026, 10, 26, 10)),
    (BERLIN, datetime(2027, 3, 27, 23)),
    (BERLIN, datetime(2027, 3, 28, 1, 30)),
    (BERLIN, datetime(2027, 3, 28, 3)),
    (BERLIN, datetime(2016, 11, 18, 10)),
    (BERLIN, datetime(2045, 7, 1, 9)),
    ("Europe/Vienna", datetime(2026, 7, 15, 10)),
    ("Europe/London", datetime(2026, 7, 15, 10)),
    ("Europe/London", datetime(2026, 12, 15, 10)),
    ("Europe/Dublin", datetime(2026, 7, 15, 10)),
    ("Europe/Dublin", datetime(2026, 12, 15, 10)),
    ("America/New_York", datetime(2026, 3, 9, 9)),
    ("America/New_York", datetime(2026, 11, 2, 9)),
    ("Australia/Sydney", datetime(2026, 1, 15, 10)),
    ("Australia/Sydney", datetime(2026, 7, 15, 10)),
    ("Australia/Lord_Howe", datetime(2026, 1, 15, 10)),
    ("Pacific/Chatham", datetime(2026, 1, 15, 10)),
    ("Asia/Kolkata", datetime(2026, 7, 15, 10)),
    ("Asia/Tokyo", datetime(2031, 2, 28, 10)),
    ("Europe/Istanbul", datetime(2026, 7, 15, 10)),
]
IN_UTC = [
    ("Europe/Istanbul", datetime(2016, 1, 15, 10)),
    ("America/Sao_Paulo", datetime(2016, 1, 15, 10)),
    ("America/Santiago", datetime(2026, 7, 15, 10)),
    ("America/Nuuk", datetime(2026, 7, 15, 10)),
    ("Asia/Jerusalem", datetime(2026, 7, 15, 10)),
    ("Africa/Casablanca", datetime(2025, 7, 15, 10)),
    ("UTC", datetime(2026, 7, 15, 10)),
    ("CET", datetime(2026, 7, 15, 10)),
    ("Etc/GMT-3", datetime(2026, 7, 15, 10)),
    (BERLIN, datetime(2026, 10, 25, 2, 30, fold=1)),
]


def made(zone, reading, length=timedelta(hours=6)):
    start = reading.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    event = replace(
        samples.EVENT, zone=zone, starts_at=start, ends_at=start + length, doors_at=None
    )
    return event, ical.event_calendar(event, publisher=samples.publisher())


def with_own_name(octets):
    """The same calendar under a zone name nobody knows, so that a parser must read VTIMEZONE."""
    return re.sub(rb"TZID([:=])([A-Za-z_]+)/([A-Za-z_]+)", rb"TZID\1X-\2-\3", octets)


def read_by_icalendar(octets):
    entry = icalendar.Calendar.from_ical(octets).walk("VEVENT")[0]
    return entry.start.astimezone(UTC), entry.end.astimezone(UTC)


def read_by_vobject(octets):
    entry = vobject.readOne(octets.decode()).vevent
    return entry.dtstart.value.astimezone(UTC), entry.dtend.value.astimezone(UTC)


@pytest.mark.parametrize("read", [read_by_icalendar, read_by_vobject])
@pytest.mark.parametrize(("zone", "reading"), IN_ZONE + IN_UTC, ids=str)
def test_two_parsers_read_the_true_instants_from_the_vtimezone(zone, reading, read):
    event, octets = made(zone, reading)
    assert read(with_own_name(octets)) == (event.starts_at, event.ends_at)


@pytest.mark.parametrize(("zone", "reading"), IN_ZONE, ids=str)
def test_an_entry_carries_its_iana_zone_and_one_vtimezone(zone, reading):
    _, octets = made(zone, reading)
    assert b"DTSTART;TZID=" + zone.encode() + b":" + f"{reading:%Y%m%dT%H%M%S}".encode() in octets
    assert octets.count(b"BEGIN:VTIMEZONE") == 1
    assert octets.count(b"BEGIN:STANDARD") == 1
    assert octets.count(b"BEGIN:DAYLIGHT") <= 1


@pytest.mark.parametrize(("zone", "reading"), IN_UTC, ids=str)
def test_where_the_rule_of_today_is_not_true_the_entry_is_in_utc(zone, reading):
    event, octets = made(zone, reading)
    assert f"DTSTART:{event.starts_at:%Y%m%dT%H%M%SZ}\r\n".encode() in octets
    assert b"VTIMEZONE" not in octets


def test_the_end_counts_too_when_the_rule_changes_during_a_meeting():
    # Istanbul has stayed on its summer clock since 2016; in the winter before it did not.
    _, inside = made("Europe/Istanbul", datetime(2015, 9, 1, 10), length=timedelta(days=2))
    assert b"DTSTART;TZID=Europe/Istanbul:20150901T100000" in inside
    _, across = made("Europe/Istanbul", datetime(2015, 9, 1, 10), length=timedelta(days=100))
    assert b"DTSTART:20150901T070000Z" in across


def test_a_meeting_through_the_night_when_clocks_change_lasts_as_long_as_it_lasts():
    event, octets = made(BERLIN, datetime(2026, 10, 24, 20), timedelta(hours=12))
    assert b"DTEND;TZID=Europe/Berlin:20261025T070000" in octets
    assert read_by_vobject(with_own_name(octets)) == (event.starts_at, event.ends_at)


def test_the_rule_agrees_with_zoneinfo_at_every_hour_of_a_year():
    rule = zones.rule(BERLIN)
    here = ZoneInfo(BERLIN)
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    while instant.year == 2026:
        assert rule.offset(instant) == instant.astimezone(here).utcoffset()
        instant += timedelta(hours=1)


@pytest.mark.parametrize("zone", ["Europe/Dublin", "Australia/Sydney", "Pacific/Chatham"])
def test_rules_that_wrap_the_year_agree_with_zoneinfo_too(zone):
    rule, here = zones.rule(zone), ZoneInfo(zone)
    for day in range(366):
        instant = datetime(2027, 1, 1, 15, tzinfo=UTC) + timedelta(days=day)
        assert rule.offset(instant) == instant.astimezone(here).utcoffset()


def test_the_vtimezone_of_berlin_is_the_text_of_rfc_5545():
    assert zones.definition(BERLIN).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "", "/etc/localtime"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises((ZoneInfoNotFoundError, ValueError)):
        zones.rule(zone)


def test_a_zone_without_a_rule_has_no_definition():
    with pytest.raises(ValueError, match="America/Santiago"):
        zones.definition("America/Santiago")


def test_an_all_day_meeting_has_dates_and_an_exclusive_end():
    start = samples.local(BERLIN, 2027, 3, 27)
    event = replace(
        samples.EVENT, all_day=True, starts_at=start, ends_at=samples.local(BERLIN, 2027, 3, 29)
    )
    octets = ical.event_calendar(event, publisher=samples.publisher())
    assert b"DTSTART;VALUE=DATE:20270327\r\n" in octets
    assert b"DTEND;VALUE=DATE:20270329\r\n" in octets
    assert b"VTIMEZONE" not in octets


def test_an_all_day_meeting_that_ends_within_a_day_takes_that_whole_day():
    event = replace(samples.EVENT, all_day=True)
    octets = ical.event_calendar(event, publisher=samples.publisher())
    assert b"DTSTART;VALUE=DATE:20270312\r\n" in octets
    assert b"DTEND;VALUE=DATE:20270313\r\n" in octets


def test_naive_instants_and_backward_meetings_are_refused():
    naive = replace(samples.EVENT, starts_at=datetime(2027, 3, 12, 10))
    backward = replace(samples.EVENT, ends_at=samples.EVENT.starts_at)
    for event in (naive, backward):
        with pytest.raises(ValueError):
            ical.event_calendar(event, publisher=samples.publisher())
