"""Eight processes race for meeting, quota and workshop: each place goes exactly once (R1)."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from eventkit.actions import registration
from eventkit.actions.wishes import Wish
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.store import outbox, registrations
from eventkit.store.rows import Store
from tests.actions.test_places import group, quota
from tests.processes import run_at_once
from tests.world import World

PROCESSES, EACH = 8, 15


def _register(
    folder: Path, event_id: int, workshop: int, group: int, process: int, now: datetime
) -> None:
    store = Store(folder)
    for number in range(EACH):
        wish = Wish(
            name=f"Guest {process} {number}",
            email=f"guest-{process}-{number}@example.com",
            language="en",
            attempt=f"{process}-{number}",
            privacy_text="yes",
            sessions=(workshop,),
            group=group,
            network=f"net-{process}",
        )
        identity = Identity(b"a key only tests use")
        registration.register(store, event_id, wish, now=now, identity=identity)
    store.close()


def _race(
    store: Store, event: Event, workshop: int, groups: tuple[int, int], now: datetime
) -> None:
    store.close()
    racers = [
        (store.folder, event.id, workshop, groups[number % 2], number, now)
        for number in range(PROCESSES)
    ]
    assert run_at_once(_register, racers) == [0] * PROCESSES


@pytest.mark.xdist_group("race")
def test_eight_processes_give_out_exactly_the_seats(world: World, store: Store) -> None:
    event = world.event(capacity=50)
    world.programme(event, capacity=7)
    workshop = world.workshops(event)[0]
    members, guests = group(world, event, "Mitglieder"), group(world, event, "Gäste")
    quota(world, event, 15, members)
    _race(store, event, workshop, (members, guests), world.now)
    everybody = registrations.attendees(store, event.id)
    assert Counter(r.state.value for r in everybody) == {"confirmed": 50, "waiting": 70}
    for kind, places in ((members, 15), (guests, 35)):
        mine = [r.state.value for r in everybody if r.group_id == kind]
        assert mine == ["confirmed"] * places + ["waiting"] * (60 - places)
    seated = [r for r in everybody if r.state.value == "confirmed"]
    joined = [r.id for r in everybody if r.choices[0].confirmed]
    assert joined == [r.id for r in seated[:7]]
    letters = Counter(letter.kind.value for letter in outbox.of_event(store, event.id, limit=500))
    assert letters == {"confirmed": 50, "waiting": 70}
