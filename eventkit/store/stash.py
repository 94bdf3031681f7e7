"""Files that somebody handed in to look at first: kept for a day beside the database."""

import os
import re
from pathlib import Path

from eventkit.errors import NotFound, Unavailable
from eventkit.store.rows import Store

ATTENDEES, INVITATIONS = "attendees", "invitations"
PERSONAL = (ATTENDEES, INVITATIONS)  # lists of people: `<kind>-<id of the meeting>`
_NAME = re.compile(r"[A-Za-z0-9_-]{10,64}")


def _path(store: Store, purpose: str, public_id: str) -> Path:
    if not _NAME.fullmatch(public_id):
        raise NotFound
    return store.folder / "stash" / f"{purpose}-{public_id}"


def put(store: Store, purpose: str, public_id: str, data: bytes) -> None:
    """Keep a file under an unguessable name, for its owner only (0600). Raises Unavailable."""
    target = _path(store, purpose, public_id)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise Unavailable(str(error)) from error


def get(store: Store, purpose: str, public_id: str) -> bytes:
    """What was kept. Raises NotFound when it was taken away or is of another purpose."""
    try:
        return _path(store, purpose, public_id).read_bytes()
    except OSError:
        raise NotFound from None


def drop(store: Store, purpose: str, public_id: str) -> None:
    """Take a file away; it may be gone already."""
    _path(store, purpose, public_id).unlink(missing_ok=True)


def forget(store: Store, event_id: int) -> None:
    """Take away the lists of people handed in for a meeting: they may name who was deleted."""
    for kind in PERSONAL:
        for path in (store.folder / "stash").glob(f"{kind}-{event_id}-*"):
            path.unlink(missing_ok=True)


def sweep(store: Store, older_than: float) -> int:
    """Take away what is older than an instant (seconds since 1970, UTC); says how many."""
    swept = 0
    for path in (store.folder / "stash").glob("*"):
        if path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
