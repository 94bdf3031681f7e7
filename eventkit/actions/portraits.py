"""A person's photo: kept as it was given (drawn anew), shown as a square of it."""

import io
from dataclasses import dataclass
from datetime import datetime

from eventkit.documents import pictures
from eventkit.errors import Invalid, NotFound
from eventkit.model.material import Stored
from eventkit.model.person import Crop
from eventkit.rules import uploads
from eventkit.store import files, people, shelf
from eventkit.store.rows import Store

SOURCE, SHOWN = 2000, 800


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photo that lies on the shelf: what is shown, what it was cut from, and how."""

    shown: Stored
    source: Stored
    crop: Crop


def draw(store: Store, octets: bytes, crop: Crop | None = None) -> Portrait:
    """Lay a photo on the shelf, before any transaction: clean, and its square.

    Raises Invalid (field "photo").
    """
    uploads.check_picture(io.BytesIO(octets), len(octets))
    return _cut(store, pictures.redraw(octets, longest=SOURCE).octets, crop or Crop())


def _cut(store: Store, source: bytes, crop: Crop) -> Portrait:
    shown = pictures.redraw(source, longest=SHOWN, crop=crop)
    return Portrait(_laid(store, shown.octets), _laid(store, source), crop)


def _laid(store: Store, octets: bytes) -> Stored:
    sha256, size = shelf.put(store, octets)
    return Stored(sha256, "image/jpeg", size)


def record(store: Store, person_id: int, portrait: Portrait, *, now: datetime) -> None:
    """Let a person have a photo that was drawn, inside the caller's transaction."""
    for each in (portrait.shown, portrait.source):
        files.record(store, each, now=now)
    people.set_photo(
        store,
        person_id,
        photo=portrait.shown.sha256,
        source=portrait.source.sha256,
        crop=portrait.crop,
        now=now,
    )


def cut_again(store: Store, person_id: int, crop: Crop) -> Portrait:
    """The same photo with another square. Raises NotFound for somebody without a photo."""
    source, _ = people.photo_source(store, person_id)
    if not source:
        raise NotFound
    if not (0 <= crop.across <= 100 and 0 <= crop.down <= 100 and 100 <= crop.zoom <= 400):
        raise Invalid("number", field="zoom")
    return _cut(store, shelf.path(store, source).read_bytes(), crop)
