"""Counts downloads without looking at who fetches them, and without making anybody wait.

A process counts in its memory and writes at most once a minute, beside the requests. What it
has not written when it is killed is not counted; nobody is harmed by a count too low.
"""

import logging
from collections import Counter
from datetime import date
from threading import Lock, Timer

from eventkit.errors import Unavailable
from eventkit.store import tallies
from eventkit.store.rows import Store

log = logging.getLogger("eventkit")
PAUSE = 60.0


class Tally:
    """What one process has counted for one store; usable from all threads."""

    def __init__(self, store: Store, *, pause: float = PAUSE) -> None:
        self._store, self._pause = store, pause
        self._lock = Lock()
        self._counted: Counter[tuple[int, date]] = Counter()
        self._timer: Timer | None = None

    def count(self, material_id: int, day: date) -> None:
        """One more; it is written down within a minute."""
        with self._lock:
            self._counted[material_id, day] += 1
            if self._timer is None or not self._timer.is_alive():
                self._timer = Timer(self._pause, self._write_later)
                self._timer.daemon = True
                self._timer.start()

    def _write_later(self) -> None:
        try:
            self.write()
        finally:
            self._store.close()  # this thread's connection ends with it

    def write(self) -> None:
        """Write down what was counted; while nothing can be written, keep it for later."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            with self._store.changing():
                tallies.add(self._store, counted)
        except Unavailable as error:
            log.warning("downloads are counted later: %s", error)
            with self._lock:
                self._counted.update(counted)
