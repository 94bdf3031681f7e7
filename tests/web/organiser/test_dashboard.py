"""The dashboard: what needs me today, with as many statements for two meetings as for forty."""

import sqlite3
from datetime import timedelta

import pytest

from eventkit.web.organiser import dashboard

EN = {"Accept-Language": "en"}


@pytest.fixture
def statements(store):
    """Counts the SQL statements between two looks."""
    seen: list[str] = []
    connection: sqlite3.Connection = store.database.conn
    connection.set_trace_callback(seen.append)
    yield seen
    connection.set_trace_callback(None)


@pytest.mark.parametrize("path", ["/organise/", "/organise/events/treffen/attendees"])
def test_the_number_of_statements_does_not_grow(client, world, statements, app, path):
    """R70"""
    world.login(client)
    site = app.extensions["eventkit"]
    object.__setattr__(site, "store", world.store)
    first = world.event(slug="treffen")
    world.register(first)
    client.get(path)
    statements.clear()
    assert client.get(path).status_code == 200
    few = len(statements)
    for _ in range(8):
        event = world.event()
        world.programme(event)
        world.register(event)
        world.register(first)
    statements.clear()
    assert client.get(path).status_code == 200
    assert 0 < few < 30
    assert len(statements) == few


def test_search_finds_by_title_and_place(client, world):
    world.login(client)
    world.event(slug="eins")
    page = client.get("/organise/?q=dusseldorf", headers=EN).text
    assert "/organise/events/eins/" in page
    assert "/organise/events/eins/" not in client.get("/organise/?q=Kassel").text


def test_each_meeting_says_what_it_needs(client, world):
    world.login(client)
    world.event(announced=False, opens_at=None, slug="draft")
    asked = world.event(approval=True)
    world.register(asked)
    page = client.get("/organise/", headers=EN).text
    for words in ("Nobody knows of it yet", "Say when registration opens", "asks for a place"):
        assert words in page


def test_a_past_meeting_asks_for_its_recap(client, world):
    event = world.event(slug="past")
    world.pass_time(days=100)
    world.login(client)
    page = client.get("/organise/", headers=EN).text
    assert "Past meetings" in page
    assert f"/organise/events/{event.slug}/recap" in page


def test_of_many_past_meetings_the_latest_are_shown(client, world):
    for _ in range(22):
        world.event()
    world.pass_time(days=100)
    world.login(client)
    assert "2 more past meetings" in client.get("/organise/", headers=EN).text
    assert "more past meeting" not in client.get("/organise/?past=all", headers=EN).text


def test_of_many_coming_meetings_the_next_are_shown(client, world, monkeypatch):
    """A page stays small however many meetings there are (R70)."""
    monkeypatch.setattr(dashboard, "COMING", 3)
    for number in range(5):
        starts_at = world.now + timedelta(days=10 + number)
        ends_at = starts_at + timedelta(hours=2)
        world.event(slug=f"m-{number}", starts_at=starts_at, ends_at=ends_at)
    world.login(client)
    page = client.get("/organise/", headers=EN).text
    assert [f"/organise/events/m-{n}/" in page for n in range(5)] == [True] * 3 + [False] * 2
    assert "2 meetings are later." in page
