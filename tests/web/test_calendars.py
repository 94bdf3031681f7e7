"""The memory of made calendars: kept while it is the truth, forgotten in order of use."""

from datetime import UTC, datetime, timedelta

from eventkit.web import calendars
from eventkit.web.calendars import Made, Memory

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def made(text=b"x", **changes):
    return Made(text, NOW, **changes)


def test_it_is_kept_while_nothing_changed():
    memory = Memory()
    memory.put("a", made(), 7, NOW)
    assert memory.get("a", 7, NOW) is not None
    assert memory.get("a", 8, NOW) is None
    assert memory.get("b", 7, NOW) is None


def test_it_is_forgotten_when_something_leaves_it_by_age():
    memory = Memory()
    memory.put("a", made(until=NOW + timedelta(seconds=1)), 7, NOW)
    assert memory.get("a", 7, NOW) is not None
    assert memory.get("a", 7, NOW + timedelta(seconds=1)) is None


def test_a_clock_that_went_back_makes_it_anew():
    memory = Memory()
    memory.put("a", made(), 7, NOW)
    assert memory.get("a", 7, NOW - timedelta(seconds=1)) is None


def test_memory_is_bounded_and_forgets_what_was_used_least(monkeypatch):
    monkeypatch.setattr(calendars, "_KEPT", 2)
    memory = Memory()
    memory.put("a", made(), 1, NOW)
    memory.put("b", made(), 1, NOW)
    memory.get("a", 1, NOW)
    memory.put("c", made(), 1, NOW)
    assert [memory.get(key, 1, NOW) is not None for key in "abc"] == [True, False, True]


def test_small_calendars_are_not_compressed():
    assert Memory().put("a", made(b"x" * 500), 1, NOW).packed == b""
    assert Memory().put("a", made(b"x" * 501), 1, NOW).packed
