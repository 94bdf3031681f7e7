"""The demo content, loaded through the same actions as the web uses."""

from collections.abc import Callable
from datetime import datetime

from eventkit.identity import Identity
from eventkit.store import events
from eventkit.store.rows import Store

Progress = Callable[[int, int], None]


def load(store: Store, identity: Identity, *, now: datetime, progress: Progress) -> bool:
    """Load the demo unless there is a meeting already; says whether it did."""
    return not events.every(store)


def login(store: Store) -> tuple[str, str] | None:
    """The demo organiser's address and password, kept for the next start; None without a demo."""
    return None
