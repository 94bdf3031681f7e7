"""The files themselves, by content: written whole or not at all, named by their SHA-256 (R21)."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from eventkit.errors import Unavailable
from eventkit.store.rows import Store


def path(store: Store, sha256: str) -> Path:
    """Where a file lies. The hash must be 64 hex digits."""
    if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise ValueError("not a content hash")
    return store.folder / "files" / sha256[:2] / sha256


def read(store: Store, sha256: str) -> bytes:
    """The octets of a file. Raises FileNotFoundError."""
    return path(store, sha256).read_bytes()


def put(store: Store, source: BinaryIO | bytes) -> tuple[str, int]:
    """Lay a file on the shelf before its row is committed; returns its hash and size.

    Written beside, flushed to the disk, then renamed. Raises Unavailable when the disk
    is full or can't be written.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with _beside(store) as (handle, temporary):
            for chunk in _chunks(source):
                digest.update(chunk)
                size += len(chunk)
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
            target = path(store, digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.replace(target)
            _sync(target.parent)
    except OSError as error:
        raise Unavailable(str(error)) from error
    return digest.hexdigest(), size


def adopt(store: Store, part: Path) -> str:
    """Lay a file of the data folder on the shelf without moving its octets; returns its hash.

    It keeps its old name too, until its row is committed. Raises Unavailable.
    """
    try:
        with part.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            os.fsync(source.fileno())
        target = path(store, digest)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = target.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}")
        os.link(part, fresh)
        fresh.replace(target)
        fresh.unlink(missing_ok=True)  # the same file under both names: replace() did nothing
        _sync(target.parent)
    except OSError as error:
        raise Unavailable(str(error)) from error
    return digest


@contextmanager
def _beside(store: Store) -> Iterator[tuple[BinaryIO, Path]]:
    folder = store.folder / "files" / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(number, "wb") as handle:
            yield handle, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def cached(store: Store, key: str) -> bytes | None:
    """A made document kept under the hash of what it was made from, or None."""
    try:
        return _cache(store, key).read_bytes()
    except FileNotFoundError:
        return None


def keep(store: Store, key: str, octets: bytes) -> None:
    """Keep a made document; a full disk only means it is made again."""
    target = _cache(store, key)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = target.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}")
        temporary.write_bytes(octets)
        temporary.replace(target)
    except OSError:
        return


def sweep(
    store: Store, known: Iterable[str], *, older_than: float, made_before: float | None = None
) -> int:
    """Delete files without a row, unfinished uploads and old made documents; says how many.

    `older_than` is a POSIX timestamp: younger files may still be waiting for their row.
    `made_before` is the same for made documents, where it differs.
    """
    wanted, gone = set(known), 0
    for found in (store.folder / "files").glob("*/*"):
        if found.name not in wanted and _older(found, older_than):
            found.unlink(missing_ok=True)
            gone += 1
    for made in (store.folder / "made").glob("*/*"):
        if _older(made, older_than if made_before is None else made_before):
            made.unlink(missing_ok=True)
    return gone


def _older(path: Path, than: float) -> bool:
    """Whether a file is older; not if it went away meanwhile, renamed or swept by another."""
    try:
        return path.stat().st_mtime < than
    except FileNotFoundError:
        return False


def _cache(store: Store, key: str) -> Path:
    name = hashlib.sha256(key.encode()).hexdigest()
    return store.folder / "made" / name[:2] / name


def _chunks(source: BinaryIO | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    while chunk := source.read(1024 * 1024):
        yield chunk


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
