"""A rush: many people register at once over HTTP; how long they wait, whether it is exact.

    python benchmarks/rush.py [PEOPLE] [AT_ONCE]

Each person fetches the form and sends it, a visitor of its own. The ratio compares the median
wait of a registration with that of the plain page /imprint under the same load.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))

from eventkit.identity import Identity
from eventkit.store import registrations, schema
from eventkit.store.rows import Store
from tests.visitor import Served, Visitor
from tests.world import World

SEATS = 300


def main() -> None:
    """Prepare a meeting, let them all come, count."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    at_once = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        schema.migrate(store)
        now = datetime.now(UTC).replace(microsecond=0)
        world = World(store, Identity(b"a key of the benchmark"), now)
        event = world.event(
            capacity=SEATS,
            starts_at=now + timedelta(days=30),
            ends_at=now + timedelta(days=30, hours=6),
        )
        world.programme(event)
        store.close()
        with Served(Path(folder)) as served:
            plain, _, _ = crowd(served.base, people, at_once, visit)
            waits, answers, took = crowd(
                served.base, people, at_once, lambda v, n: enter(v, n, event.slug)
            )
        states = Counter(r.state.value for r in registrations.attendees(store, event.id))
    print(f"{people} people, {at_once} at once, {took:.1f} s: {people / took * 60:.0f} a minute")
    print(f"answers {dict(answers)}, places {dict(states)}")
    p95 = quantiles(waits, n=20)[-1]
    print(f"a registration: median {median(waits) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    print(f"ratio to a plain page under the same load: {median(waits) / median(plain):.1f}")


def visit(visitor: Visitor, _number: int) -> int:
    """Read a plain page."""
    return visitor.ask("/imprint")[0]


def enter(visitor: Visitor, number: int, slug: str) -> int:
    """Register."""
    return visitor.register(slug, f"Guest {number}", f"guest{number}@example.com")


def crowd(base: str, people: int, at_once: int, act) -> tuple[list[float], Counter[int], float]:
    """Let everybody act, so many at once: their waits in seconds, the answers, the time of all."""
    waits: list[float] = []
    answers: Counter[int] = Counter()
    numbers = iter(range(people))
    lock = threading.Lock()

    def stream() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            began = time.perf_counter()
            answer = act(Visitor(base), number)
            with lock:
                waits.append(time.perf_counter() - began)
                answers[answer] += 1

    streams = [threading.Thread(target=stream) for _ in range(at_once)]
    began = time.perf_counter()
    for each in streams:
        each.start()
    for each in streams:
        each.join()
    return waits, answers, time.perf_counter() - began


if __name__ == "__main__":
    main()
