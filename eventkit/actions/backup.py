"""One file that holds everything, and the way back from it (R8).

A backup is a ZIP with `manifest.json`, `eventkit.sqlite3`, each file of the shelf as
`files/<hash>`, and `secret_key` where the data folder keeps one: personal links depend on it.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from eventkit.errors import Invalid, Unavailable
from eventkit.store import backup, history, schema, shelf
from eventkit.store.rows import Store

MARK = "backup"
FORMAT = 1
DATABASE = "eventkit.sqlite3"
KEY = "secret_key"
MANIFEST_LIMIT = 64 * 1024 * 1024
Progress = Callable[[int, int], None]
_REPLACED = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "files", "made", KEY)
_FILE = re.compile(r"files/[0-9a-f]{64}")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds: rows of each table, number of files, octets in all."""

    counts: dict[str, int]
    files: int
    size: int
    kept: Path | None = None


def _silent(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def save(store: Store, target: Path, *, now: datetime, progress: Progress = _silent) -> Summary:
    """Write a backup while others go on working.

    The database first, then every file it knows: files are laid down before their row and
    swept long after it, so none is missing. Written beside, flushed, renamed, mode 0600.
    Raises Unavailable; Invalid `backup_file_missing` when a recorded file is not on the shelf.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    copy = store.folder / f"backup-{os.getpid()}.sqlite3"
    try:
        backup.snapshot(store, copy)
        found = backup.inspect(copy)
        if found.faults:
            raise Invalid("backup_unsound", field=found.faults[0])
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as handle:
            _pack(store, handle, copy, found, now, progress)
            handle.flush()
            os.fsync(handle.fileno())
            size = handle.seek(0, os.SEEK_END)
        beside.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise Unavailable(f"{error.strerror or error}: {error.filename or target}") from error
    finally:
        copy.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    with store.changing():
        history.mark(store, MARK, now=now)
    return Summary(found.counts, len(found.files), size)


def _pack(
    store: Store,
    handle: IO[bytes],
    copy: Path,
    found: backup.Copy,
    now: datetime,
    progress: Progress,
) -> None:
    total = len(found.files) + 1
    members = {}
    with zipfile.ZipFile(handle, "w") as archive:
        members[DATABASE] = _add(archive, DATABASE, copy, zipfile.ZIP_DEFLATED)
        progress(1, total)
        for number, sha256 in enumerate(sorted(found.files), start=2):
            name, source = f"files/{sha256}", shelf.path(store, sha256)
            if not source.exists():
                raise Invalid("backup_file_missing", field=sha256)
            members[name] = _add(archive, name, source, zipfile.ZIP_STORED)
            if members[name]["sha256"] != sha256:
                raise Invalid("backup_file_changed", field=sha256)
            progress(number, total)
        key = store.folder / KEY
        if key.exists():
            members[KEY] = _add(archive, KEY, key, zipfile.ZIP_STORED)
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "schema": found.schema,
            "counts": found.counts,
            "members": members,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))


def _add(archive: zipfile.ZipFile, name: str, source: Path, method: int) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name)
    info.compress_type, info.external_attr = method, 0o600 << 16
    with source.open("rb") as file, archive.open(info, "w", force_zip64=True) as member:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def restore(
    folder: Path, source: Path, *, force: bool, now: datetime, progress: Progress = _silent
) -> Summary:
    """Put a backup in the place of a data folder's content, after everything in it was proved.

    Refuses a folder that already holds a database unless `force`; what was there is then
    kept in a folder `before-restore-…` inside. Raises Invalid with a code that says why,
    Unavailable when the folder can't be written.
    """
    database = folder / DATABASE
    if not force and (database.exists() or (folder / "files").exists()):
        raise Invalid("restore_not_empty", field=str(folder))
    if database.exists() and backup.in_use(database):
        raise Invalid("restore_in_use", field=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = Path(tempfile.mkdtemp(prefix=".restoring-", dir=folder))
        try:
            summary = _unpack(source, fresh, progress)
            kept = _swap(folder, fresh, f"before-restore-{now:%Y%m%dT%H%M%SZ}")
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise Unavailable(f"{error.strerror or error}: {error.filename or folder}") from error
    return Summary(summary.counts, summary.files, summary.size, kept)


def _unpack(source: Path, fresh: Path, progress: Progress) -> Summary:
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            members = manifest["members"]
            for number, (name, wanted) in enumerate(members.items(), start=1):
                _take(archive, name, wanted, _target(fresh, name))
                progress(number, len(members))
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise Invalid("restore_no_backup", field=str(source)) from error
    found = backup.inspect(fresh / DATABASE)
    if found.faults:
        raise Invalid("restore_unsound", field=found.faults[0])
    if found.schema > schema.migrations()[-1][0]:
        raise Invalid("restore_too_new", field=str(found.schema))
    if found.counts != manifest["counts"]:
        raise Invalid("restore_counts", field=DATABASE)
    missing = {f"files/{sha256}" for sha256 in found.files} - set(members)
    if missing:
        raise Invalid("restore_incomplete", field=min(missing))
    return Summary(found.counts, len(found.files), source.stat().st_size)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, once every member is one that a backup can have (hostile names: R20)."""
    names = archive.namelist()
    strange = [
        n for n in names if n not in ("manifest.json", DATABASE, KEY) and not _FILE.fullmatch(n)
    ]
    if strange or len(set(names)) != len(names):
        raise Invalid("restore_strange", field=repr((strange or names)[0])[:80])
    if "manifest.json" not in names or archive.getinfo("manifest.json").file_size > MANIFEST_LIMIT:
        raise Invalid("restore_no_backup", field="manifest.json")
    try:
        manifest = json.loads(archive.read("manifest.json"))
        right = manifest["format"] == FORMAT and isinstance(manifest["counts"], dict)
        sized = all(
            re.fullmatch("[0-9a-f]{64}", each["sha256"]) and each["size"] >= 0
            for each in manifest["members"].values()
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        right = sized = False
    if not right or not sized or {*manifest["members"], "manifest.json"} != set(names):
        raise Invalid("restore_no_backup", field="manifest.json")
    if DATABASE not in names:
        raise Invalid("restore_incomplete", field=DATABASE)
    checked: dict[str, Any] = manifest
    return checked


def _target(fresh: Path, name: str) -> Path:
    if name in (DATABASE, KEY):
        return fresh / name
    sha256 = name.removeprefix("files/")
    return fresh / "files" / sha256[:2] / sha256


def _take(archive: zipfile.ZipFile, name: str, wanted: dict[str, Any], target: Path) -> None:
    """Unpack one member, never more octets than the manifest names, and prove its hash."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, left = hashlib.sha256(), int(wanted["size"])
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as member, os.fdopen(number, "wb") as file:
        while chunk := member.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    named = name.removeprefix("files/") if _FILE.fullmatch(name) else wanted["sha256"]
    if left or digest.hexdigest() != wanted["sha256"] or named != wanted["sha256"]:
        raise Invalid("restore_changed", field=name)


def _swap(folder: Path, fresh: Path, name: str) -> Path | None:
    """Set the old content aside and the new in its place, the database last."""
    aside = folder / name
    old = [folder / each for each in _REPLACED if (folder / each).exists()]
    kept = None
    if (folder / DATABASE).exists() or (folder / "files").exists():
        aside.mkdir(mode=0o700)
        kept = aside
        for each in old:
            if each.name != KEY or (fresh / KEY).exists():
                each.rename(aside / each.name)
    for new in sorted(fresh.iterdir(), key=lambda path: path.name == DATABASE):
        new.replace(folder / new.name)
    _sync(folder)
    return kept


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
