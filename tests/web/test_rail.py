"""The shape of the time rail: order, parallel items, ends that differ, several days."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from eventkit.model.agenda import Item, Kind, Part, Role
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.web import rail

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ITEM = Item(
    id=1,
    uid="u",
    kind=Kind.TALK,
    title=Text(de="Vortrag"),
    abstract=Text(de="Ein *Text*."),
    language="en",
    starts_at=START,
    ends_at=START + timedelta(hours=1),
    room=None,
    track="",
    capacity=None,
)


def item(number, hours, length=1.0, **changes):
    """An item that begins some hours after nine."""
    begins = START + timedelta(hours=hours)
    ends = begins + timedelta(hours=length)
    return dataclasses.replace(ITEM, id=number, starts_at=begins, ends_at=ends, **changes)


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context("/?lang=de"):
        yield


def test_items_stand_in_order_of_time():
    slots = rail.slots([item(2, 2), item(1, 0)], "Europe/Berlin", "de")
    assert [(s["start"], s["end"], s["key"]) for s in slots] == [
        ("10:00", "11:00", 1),
        ("12:00", "13:00", 2),
    ]
    assert slots[0]["start_iso"] == "2026-11-20T09:00:00Z"
    assert slots[0]["language"] == "Englisch"
    assert "<em>Text</em>" in slots[0]["abstract"]


def test_what_begins_together_stands_side_by_side():
    (slot,) = rail.slots([item(1, 0, track="B"), item(2, 0, track="A")], "Europe/Berlin", "de")
    assert [i["key"] for i in slot["parallel"]] == [2, 1]
    assert (slot["start"], slot["end"]) == ("10:00", "11:00")


def test_ends_that_differ_are_said_at_each_item():
    more = {2: {"note": "3 Plätze frei"}}
    (slot,) = rail.slots([item(1, 0), item(2, 0, 1.5)], "Europe/Berlin", "de", more=more)
    assert "end" not in slot
    assert [i["note"] for i in slot["parallel"]] == ["bis 11:00", "bis 11:30 · 3 Plätze frei"]


def test_a_day_has_a_name_only_among_several():
    (only,) = rail.days([item(1, 0)], "Europe/Berlin", "de")
    assert only.name == ""
    first, second = rail.days([item(1, 0), item(2, 24)], "Europe/Berlin", "de")
    assert (first.name, second.name) == (
        "Freitag, 20. November 2026",
        "Samstag, 21. November 2026",
    )


def test_days_are_those_of_the_meetings_zone():
    late = item(1, 14.5, 1.0)  # 23:30 UTC is the next day in Berlin
    assert [d.name for d in rail.days([item(2, 0), late], "Europe/Berlin", "de")][1].startswith(
        "Samstag"
    )


def test_people_carry_their_role_and_page_of_that_day():
    person = Person(1, "anna", "Anna", former_name="Alt")
    parts = (
        Part(person, Role.MODERATOR, Text(de="Leiterin")),
        Part(dataclasses.replace(person, id=2, slug="ben", name="Ben"), Role.SPEAKER),
    )
    (slot,) = rail.slots([item(1, 0, people=parts)], "Europe/Berlin", "de", known=[1])
    first, second = slot["people"]
    assert (first["role"], first["function"], first["href"]) == (
        "Moderation",
        "Leiterin",
        "/speakers/anna/",
    )
    assert (second["role"], second["href"]) == ("", "")
