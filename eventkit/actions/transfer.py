"""One meeting as one file: written here, rebuilt elsewhere, whole or not at all.

The file is a ZIP with `event.json` and each picture and slide as `files/<hash>`.
"""

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eventkit.actions import bundling, rebuilding
from eventkit.documents import pictures, previews
from eventkit.errors import Invalid, NotFound, Unavailable
from eventkit.identity import Identity
from eventkit.model.bundle import FORMAT, Bundle
from eventkit.model.material import Stored
from eventkit.rules import bundle as bundle_rule
from eventkit.rules import portable, uploads
from eventkit.store import events, files, history, shelf
from eventkit.store.rows import Store

Progress = Callable[[int, int], None]
FACTS = "event.json"
FACTS_LIMIT = 32 * 1024 * 1024
MOST_FILES = 2000
_FILE = re.compile(r"files/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Made:
    """What an import made."""

    slug: str
    items: int
    people: int
    files: int
    registrations: int


def export(store: Store, slug: str, target: Path, *, with_people: bool, progress: Progress) -> None:
    """Write a meeting into a file only we can read. Raises NotFound, Unavailable."""
    event = events.by_slug(store, slug)
    if event is None:
        raise NotFound
    bundle = bundling.gather(store, event, with_people=with_people)
    wanted = sorted(bundling.hashes(bundle))
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        number = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w+b") as handle:
            with zipfile.ZipFile(handle, "w") as archive:
                facts = json.dumps(portable.dump(bundle), ensure_ascii=False, indent=1)
                archive.writestr(FACTS, facts, zipfile.ZIP_DEFLATED)
                for done, sha256 in enumerate(wanted, start=1):
                    archive.write(shelf.path(store, sha256), f"files/{sha256}")
                    progress(done, len(wanted))
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(target)
    except OSError as error:
        raise Unavailable(f"{error.strerror or error}: {error.filename or target}") from error
    finally:
        beside.unlink(missing_ok=True)


def rebuild(
    store: Store, source: Path, *, now: datetime, identity: Identity, progress: Progress
) -> Made:
    """Add the meeting in a file; an address that is taken gets a number behind it.

    Everything is read and judged before the first row is written; then one transaction
    makes it all. Writes to nobody. Raises Invalid with what is wrong, Unavailable.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            bundle = _facts(archive)
            stored = _files(store, archive, bundle, progress)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, KeyError) as error:
        raise Invalid("import_no_bundle", field=source.name) from error
    except OSError as error:
        raise Unavailable(f"{error.strerror or error}: {error.filename or source}") from error
    with store.changing():
        for each in stored.values():
            files.record(store, each.stored, now=now)
        event = rebuilding.write(store, bundle, stored, now=now, identity=identity)
        history.note(store, "imported", actor="command line", now=now, event_id=event.id)
    return Made(event.slug, len(bundle.draft), len(bundle.people), len(stored), len(bundle.guests))


def _facts(archive: zipfile.ZipFile) -> Bundle:
    """The bundle, once every member is one that an export can have (R20)."""
    names = archive.namelist()
    strange = [name for name in names if name != FACTS and not _FILE.fullmatch(name)]
    if strange or len(set(names)) != len(names) or len(names) > MOST_FILES:
        raise Invalid("import_strange", field=repr((strange or names)[0])[:80])
    if FACTS not in names:
        raise Invalid("import_no_bundle", field=FACTS)
    octets = _read(archive, FACTS, FACTS_LIMIT)
    try:
        values = json.loads(octets)
    except (ValueError, RecursionError):
        raise Invalid("import_no_bundle", field=FACTS) from None
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise Invalid("import_no_bundle", field=f"{FACTS}, format")
    bundle: Bundle = portable.load(Bundle, values, at="meeting")
    return bundle_rule.check(bundle)


def _files(
    store: Store, archive: zipfile.ZipFile, bundle: Bundle, progress: Progress
) -> dict[str, rebuilding.Kept]:
    """Lay every file the bundle names on the shelf, judged like an upload."""
    documents = {material.file for material in bundle.materials} - {""}
    answers = {answer.file for guest in bundle.guests for answer in guest.answers}
    found = {}
    wanted = sorted(bundling.hashes(bundle))
    for done, sha256 in enumerate(wanted, start=1):
        name = f"files/{sha256}"
        if not _FILE.fullmatch(name) or name not in archive.namelist():
            raise Invalid("import_file", field=sha256[:64])
        octets = _read(archive, name, uploads.LIMIT)
        if hashlib.sha256(octets).hexdigest() != sha256:
            raise Invalid("import_file", field=sha256)
        try:
            paper = sha256 in answers and b"%PDF-" in octets[:1024]
            keep = _document if paper or sha256 in documents else _picture
            found[sha256] = keep(store, octets)
        except Invalid:
            raise Invalid("import_file", field=sha256) from None
        progress(done, len(wanted))
    return found


def _document(store: Store, octets: bytes) -> rebuilding.Kept:
    media_type = uploads.check_document(io.BytesIO(octets), len(octets))
    sha256, size = shelf.put(store, octets)
    pages = None
    if media_type == "application/pdf":
        pages = previews.count_pages(shelf.path(store, sha256))
    return rebuilding.Kept(Stored(sha256, media_type, size), pages=pages)


def _picture(store: Store, octets: bytes) -> rebuilding.Kept:
    uploads.check_picture(io.BytesIO(octets), len(octets))
    drawn = pictures.redraw(octets)
    sha256, size = shelf.put(store, drawn.octets)
    return rebuilding.Kept(
        Stored(sha256, drawn.media_type, size), width=drawn.width, height=drawn.height
    )


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """A member, never more of it than the limit, whatever its header says."""
    with archive.open(name) as member:
        octets = member.read(limit + 1)
    if len(octets) > limit:
        raise Invalid("import_file", field=name)
    return octets
