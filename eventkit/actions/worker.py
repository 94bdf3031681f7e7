"""The worker's day: letters out, answers in, a sign of life, the log folded, upkeep hourly."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

from eventkit.actions import answers, covers, mailing_rounds, offers, openings, post, upkeep
from eventkit.actions.post import Clock, PostOffice
from eventkit.identity import Identity
from eventkit.store import history, outbox
from eventkit.store.rows import Store

log = logging.getLogger("eventkit.worker")

POLL = 1.0
HEARTBEAT = 20.0
ANSWERS = 10.0
CHECKPOINT = 60.0
COVERS = 3.0
OFFERS = 5.0
UPKEEP = 3600.0
WAL_LIMIT = 4 * 1024 * 1024
LONGEST_PAUSE = 30.0


def write_due(store: Store, *, now: datetime, identity: Identity) -> int:
    """Queue the next letters that time has made due, a bounded number; says how many."""
    mailed = mailing_rounds.write_due(store, now=now, identity=identity)
    return mailed + openings.write_due(store, now=now, identity=identity)


@dataclass
class Worker:
    """One worker process. `stop` is asked everywhere; `wait` sleeps, less if told to stop.

    `reply_url` names the mailbox of answers, empty when none is read; how often it is looked
    into is decided there.

    A full disk or a locked database is waited out with a growing pause; nothing that is due
    gets lost by it, because it stays in the outbox.
    """

    store: Store
    office: PostOffice
    clock: Clock
    stop: Callable[[], bool]
    wait: Callable[[float], None]
    reply_url: str = ""
    failures: int = 0
    _done: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        """Work until told to stop; the current letter is finished, the rest given back."""
        self._done = {"checkpoint": monotonic(), "upkeep": monotonic() - UPKEEP + CHECKPOINT}
        while not self.stop():
            try:
                pause = self.round()
                self.failures = 0
            except Exception:
                self.failures += 1
                pause = min(0.5 * 2 ** min(self.failures, 10), LONGEST_PAUSE)
                log.exception("the worker's round broke off; next try in %g s", pause)
                self.store.close()
            if not self.stop():
                self.wait(pause)

    def round(self) -> float:
        """Do what is due now and say how many seconds there is nothing to do."""
        identity = self.office.identity
        write_due(self.store, now=self.clock(), identity=identity)
        due = outbox.next_due(self.store)
        if due is not None and due <= self.clock():
            post.send_due(self.store, self.office, clock=self.clock, stop=self.stop)
            self._done["heartbeat"] = monotonic()
        elif self._due("heartbeat", HEARTBEAT):
            with self.store.changing():
                history.mark(self.store, post.WORKER, now=self.clock())
        if self.reply_url and self._due("answers", ANSWERS):
            answers.poll(
                self.store,
                self.reply_url,
                clock=self.clock,
                identity=self.office.identity,
                stop=self.stop,
            )
        if not self.stop() and self._due("covers", COVERS) and self._draw():
            self._done.pop("covers")
        if not self.stop() and self._due("offers", OFFERS):
            offers.lapse(self.store, now=self.clock(), identity=identity, stop=self.stop)
        if self._due("checkpoint", CHECKPOINT) or self._wal() > WAL_LIMIT:
            self.store.checkpoint()
        if not self.stop() and self._due("upkeep", UPKEEP):
            upkeep.run(self.store, self.office.mail, now=self.clock())
        return self._pause()

    def _draw(self) -> bool:
        """Draw the pages of one file that has no pictures yet; letters go first again after."""
        return covers.draw_next(self.store, now=self.clock())

    def _due(self, work: str, every: float) -> bool:
        """Whether a piece of work is due again; it then counts as done."""
        now = monotonic()
        if now - self._done.get(work, -every) < every:
            return False
        self._done[work] = now
        return True

    def _pause(self) -> float:
        due = outbox.next_due(self.store)
        if due is None:
            return POLL
        return min(POLL, max(0.02, (due - self.clock()).total_seconds()))

    def _wal(self) -> int:
        try:
            return Path(f"{self.store.path}-wal").stat().st_size
        except FileNotFoundError:
            return 0
