"""Taking in slides, however they came: proved by content, laid on the shelf, written down."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from eventkit.documents import previews
from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.model.material import Material, Stored
from eventkit.model.upload import Wanted
from eventkit.rules import text, uploads
from eventkit.store import agenda, events, files, shelf
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Proved:
    """A file that lies on the shelf and is what it says."""

    stored: Stored
    filename: str
    pages: int | None


def prove(
    store: Store, file: BinaryIO, size: int, filename: str, *, limit: int = uploads.LIMIT
) -> Proved:
    """Check a file and lay it on the shelf. Raises Invalid (field "file"), Unavailable."""
    media_type = uploads.check_document(file, size, limit=limit)
    sha256, written = shelf.put(store, file)
    return _shown(store, Stored(sha256, media_type, written), filename)


def prove_part(
    store: Store, path: Path, file: BinaryIO, filename: str, *, limit: int = uploads.LIMIT
) -> Proved:
    """The same for a file that lies in the data folder already; it stays there too."""
    size = path.stat().st_size
    media_type = uploads.check_document(file, size, limit=limit)
    sha256 = shelf.adopt(store, path)
    return _shown(store, Stored(sha256, media_type, size), filename)


def _shown(store: Store, stored: Stored, filename: str) -> Proved:
    pages = None
    if stored.media_type == "application/pdf":
        pages = previews.count_pages(shelf.path(store, stored.sha256))
    return Proved(stored, text.filename(filename, uploads.SUFFIXES[stored.media_type]), pages)


def write_down(
    store: Store,
    event_id: int,
    wanted: Wanted,
    proved: Proved | None,
    *,
    url: str = "",
    by: str,
    now: datetime,
    identity: Identity,
) -> Material:
    """Make the download, or the newer version of one; inside the caller's transaction.

    Raises NotFound when meeting, item or download are not (or no longer) there.
    """
    if events.by_id(store, event_id) is None:
        raise NotFound
    if wanted.item_id is not None and agenda.draft_item(store, event_id, wanted.item_id) is None:
        raise NotFound
    material_id = wanted.material_id
    if material_id is None:
        material_id = files.create(
            store,
            public_id=identity.public_id(),
            event_id=event_id,
            item_id=wanted.item_id,
            title=wanted.title,
            language=wanted.language,
            licence=wanted.licence,
            release=wanted.release,
            released_at=None,
            url=url,
            now=now,
        )
    found = files.by_id(store, event_id, material_id)
    if found is None:
        raise NotFound
    if proved is not None:
        files.record(store, proved.stored, now=now)
        files.add_version(
            store,
            material_id,
            proved.stored,
            filename=proved.filename,
            pages=proved.pages,
            by=by,
            now=now,
        )
        found = files.by_id(store, event_id, material_id) or found
    return found
