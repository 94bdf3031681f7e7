"""One meeting as one file, to be rebuilt elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.store.rows import Store

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What an import made."""

    slug: str
    items: int
    people: int
    files: int
    registrations: int


def export(
    store: Store, slug: str, target: Path, *, with_people: bool, progress: Progress
) -> None:
    """Write a meeting into a file."""
    raise NotFound


def rebuild(
    store: Store, source: Path, *, now: datetime, identity: Identity, progress: Progress
) -> Made:
    """Add the meeting in a file."""
    raise NotFound
