"""A programme in a table, as people write them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from eventkit.model.agenda import Kind, Role
from eventkit.rules import proposals
from eventkit.rules.programme_table import Column, from_table, guess

DAY = date(2026, 11, 20)


def read(header, *rows, **other):
    lines = range(2, 2 + len(rows))
    return from_table(rows, lines, guess(header), first_day=DAY, zone="Europe/Berlin", **other)


def utc(hour, minute=0, day=20):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (("Beginn", "Ende", "Titel", "Raum"), "start end title room"),
        (("Zeit", "Thema", "Referent*in", "Saal (EG)"), "start title people room"),
        (("start_time", "Duration", "Title", "Speakers"), "start length title people"),
        (("ID", "Proposal title", "Session type", "Track"), "guid title kind track"),
        (("Datum", "Von", "Bis", "Was", "Titel", "Titel"), "day start end  title "),
    ],
)
def test_columns_are_known_by_their_headings(header, columns) -> None:
    assert [c.value if c else "" for c in guess(header)] == columns.split(" ")


def test_a_day_as_people_write_it() -> None:
    found = read(
        ("Zeit", "Titel", "Raum", "Personen", "Art"),
        ("9.30 – 10 Uhr", "Begrüßung", "Saal 1", "Bärbel Höhn", ""),
        ("10:00", "Bildung, Milieu & Migration", "Saal 1", "Heiner Barz; Meral Thoms", "Vortrag"),
        ("10:45", "Kaffeepause", "", "", ""),
        ("11:00-12:30", "Runde", "Saal 2", "A und B", "Podium"),
    )
    assert found.troubles == ()
    assert [(p.starts_at, p.ends_at) for p in found.items] == [
        (utc(8, 30), utc(9)),
        (utc(9), utc(9, 45)),
        (utc(9, 45), utc(10)),
        (utc(10), utc(11, 30)),
    ]
    kinds = [p.kind for p in found.items]
    assert kinds == [Kind.OPENING, Kind.TALK, Kind.BREAK, Kind.PANEL]
    assert found.items[0].people == (("Bärbel Höhn", Role.OPENING),)
    assert [name for name, _ in found.items[1].people or ()] == ["Heiner Barz", "Meral Thoms"]
    assert found.items[3].people == (("A", Role.PANELLIST), ("B", Role.PANELLIST))


def test_an_empty_day_is_the_day_above_and_midnight_is_passed() -> None:
    found = read(
        ("Tag", "Beginn", "Ende", "Titel"),
        ("Fr., 20.11.2026", "22:00", "01:00", "Fest"),
        ("", "23:00", "23:30", "Rede"),
        ("21.11.26", "9", "10 Uhr", "Frühstück"),
    )
    assert [(p.starts_at, p.ends_at) for p in found.items] == [
        (utc(21), utc(0, day=21)),
        (utc(22), utc(22, 30)),
        (utc(8, day=21), utc(9, day=21)),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("", "10:00", "11:00", ""), "no_title"),
        (("", "25:00", "11:00", "A"), "start"),
        (("", "bald", "11:00", "A"), "start"),
        (("31.02.2026", "10:00", "11:00", "A"), "day"),
        (("", "10:00", "später", "A"), "end"),
        (("", "10:00", "", "A"), "no_end"),
        (("", "16:00", "10:00", "A"), "end_before_start"),
        (("", "10:00", "10:00", "A"), "end_before_start"),
        (("28.03.2027", "02:30", "03:30", "A"), "no_such_time"),
        (("25.10.2026", "02:30", "03:30", "A"), "time_twice"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_keeps_the_others(row, code) -> None:
    found = read(("Tag", "Beginn", "Ende", "Titel"), ("", "8:00", "9:00", "Gut"), row)
    assert [p.title for p in found.items] == ["Gut"]
    assert [(t.where, t.code) for t in found.troubles] == [("3", code)]


def test_places_and_lengths_that_are_none_are_said() -> None:
    header = ("Beginn", "Dauer", "Titel", "Plätze")
    found = read(header, ("9:00", "ewig", "A", ""), ("9:00", "1,5 h", "B", "viele"))
    assert [t.code for t in found.troubles] == ["length", "number"]
    assert read(header, ("9:00", "1,5 h", "B", "20")).items[0].capacity == 20


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("0:30", 30),
        ("00:45:00", 45),
        ("90", 90),
        ("90 Min.", 90),
        ("1,5 h", 90),
        ("2 Std.", 120),
        ("PT1H15M", 75),
        ("P1DT1H", 25 * 60),
        ("bald", None),
        ("", None),
        ("0", None),
    ],
)
def test_lengths(typed, minutes) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert proposals.length(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9", time(9)),
        ("9.30 Uhr", time(9, 30)),
        ("9:30 pm", time(21, 30)),
        ("12 am", time(0)),
        ("13 pm", None),
        ("24:00", None),
        ("9:75", None),
    ],
)
def test_times_of_day(typed, expected) -> None:
    assert proposals.clock_of(typed) == expected


def test_a_column_that_is_not_there_says_nothing() -> None:
    item = read(("Beginn", "Dauer", "Titel"), ("9:00", "30", "A")).items[0]
    assert (item.room, item.people, item.abstract, item.track) == (None, None, None, None)
    empty = read(("Beginn", "Dauer", "Titel", "Raum"), ("9:00", "30", "A", "")).items[0]
    assert empty.room == ""
    assert Column.ROOM in guess(("Raum",))
