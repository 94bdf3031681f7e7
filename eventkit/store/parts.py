"""Parts of files that are still arriving: one growing file an upload, in the data folder."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from eventkit.errors import Refused, Unavailable
from eventkit.store.rows import Store

SPARE = 64 * 1024 * 1024  # what stays free on the disk whatever arrives (octets)
_NAME = re.compile(r"[A-Za-z0-9_-]{10,64}")


class Busy(Refused):
    """Another request is writing to the same upload at this moment."""

    code = "busy"


def path(store: Store, public_id: str) -> Path:
    """Where the part of an upload lies. Raises ValueError for what is no public id."""
    if not _NAME.fullmatch(public_id):
        raise ValueError("not the name of an upload")
    return store.folder / "uploads" / public_id


def begin(store: Store, public_id: str, size: int) -> None:
    """Make the empty part of a file that will have `size` octets.

    Raises Unavailable when the disk has no room for it or can't be written.
    """
    target = path(store, public_id)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(target.parent).free < size + SPARE:
            raise Unavailable("the disk has no room for this upload")
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Unavailable(str(error)) from error


def arrived(store: Store, public_id: str) -> int | None:
    """How many octets are there; None when the part is gone."""
    try:
        return path(store, public_id).stat().st_size
    except FileNotFoundError:
        return None


@contextmanager
def held(store: Store, public_id: str) -> Iterator[BinaryIO]:
    """The part, open for reading and appending, for this request alone.

    Raises Busy while another request holds it, FileNotFoundError when it is gone,
    Unavailable when it can't be opened.
    """
    try:
        part = path(store, public_id).open("r+b")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable(str(error)) from error
    with part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield part


def append(part: BinaryIO, chunks: Iterable[bytes], *, room: int, whole: int) -> int:
    """Write what comes to the end, at most `room` octets; says how long the part is now.

    What arrived before the sender broke off stays. It is flushed to the disk once the part
    has all of its `whole` octets. Raises Unavailable when the disk is full or broken.
    """
    end = part.seek(0, os.SEEK_END)
    try:
        for chunk in chunks:
            taken = chunk[:room]
            part.write(taken)
            room -= len(taken)
            end += len(taken)
        part.flush()
        if end == whole:
            os.fsync(part.fileno())
    except OSError as error:
        raise Unavailable(str(error)) from error
    return end


def remove(store: Store, public_id: str) -> None:
    """Delete a part; nothing if it is gone."""
    path(store, public_id).unlink(missing_ok=True)


def sweep(store: Store, known: Iterable[str], *, older_than: float) -> int:
    """Delete parts without a row (older than a POSIX timestamp); says how many."""
    wanted, gone = set(known), 0
    for found in (store.folder / "uploads").glob("*"):
        if found.name not in wanted and found.stat().st_mtime < older_than:
            found.unlink(missing_ok=True)
            gone += 1
    return gone
