"""kill -9 at any time: what was acknowledged is there, nothing is half written (R4, R5)."""

import http.client
import os
import random
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventkit.identity import Identity
from eventkit.store import registrations, schema
from eventkit.store.rows import Store
from tests.visitor import Served, Visitor
from tests.world import World


def _prepared(folder: Path) -> tuple[Store, str, int]:
    store = Store(folder)
    schema.migrate(store)
    now = datetime.now(UTC).replace(microsecond=0)
    world = World(store, Identity(b"another key of tests"), now)
    event = world.event(
        capacity=10, starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=30, hours=6)
    )
    return store, event.slug, event.id


def _keep_registering(
    base: str, slug: str, number: int, kept: list[str], stop: threading.Event
) -> None:
    count = 0
    while not stop.is_set():
        count += 1
        email = f"guest-{number}-{count}@example.com"
        try:
            if Visitor(base, timeout=20).register(slug, f"Guest {number} {count}", email) == 303:
                kept.append(email)
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)


def _wait_for(kept: list[str], count: int) -> None:
    deadline = time.monotonic() + 60
    while len(kept) < count:
        assert time.monotonic() < deadline, f"{len(kept)} registrations, not {count}"
        time.sleep(0.01)


@pytest.mark.parametrize("kills", [2, pytest.param(12, marks=pytest.mark.slow)])
def test_killing_any_process_loses_no_acknowledged_registration(tmp_path: Path, kills: int) -> None:
    store, slug, event_id = _prepared(tmp_path)
    store.close()
    kept: list[str] = []
    chance = random.Random(7)
    with Served(tmp_path) as served:
        stop = threading.Event()
        visitors = [
            threading.Thread(target=_keep_registering, args=(served.base, slug, n, kept, stop))
            for n in range(4)
        ]
        for visitor in visitors:
            visitor.start()
        try:
            for _ in range(kills):
                _wait_for(kept, len(kept) + chance.randint(5, 9))
                time.sleep(chance.uniform(0, 0.1))  # not always at the same point of a request
                for child in served.children():
                    os.kill(child, signal.SIGKILL)
                served.wait_until_it_answers(60)
            _wait_for(kept, max(16, len(kept) + 1))
        finally:
            stop.set()
            for visitor in visitors:
                visitor.join(30)
    everybody = registrations.attendees(store, event_id)
    assert set(kept) <= {r.email for r in everybody}
    assert sum(r.state.value == "confirmed" for r in everybody) == 10
    assert [r.state.value for r in everybody][:10] == ["confirmed"] * 10
    assert store.value("PRAGMA integrity_check") == "ok"
    assert store.all("PRAGMA foreign_key_check") == []
    letters = store.value("SELECT count(DISTINCT registration_id) FROM letters")
    assert letters == len(everybody)
