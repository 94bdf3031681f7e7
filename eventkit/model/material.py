"""Slides and other files that belong to a meeting or to one talk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.text import Text


class Release(StrEnum):
    """When a file becomes public."""

    NOW = "now"
    AFTER_ITEM = "after_item"
    MANUAL = "manual"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the shelf, named by the SHA-256 of its content (hex)."""

    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture of a page of a file with the words on it; page 0 is the small cover for lists."""

    page: int
    picture: Stored
    width: int
    height: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One delivery of a file; the newest counts. `by` says who delivered it."""

    number: int
    file: Stored
    filename: str
    pages: int | None
    uploaded_at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A download of a meeting. `public_id` is random and stands in the address."""

    id: int
    public_id: str
    event_id: int
    item_id: int | None
    title: Text
    language: str
    licence: str
    release: Release
    released_at: datetime | None
    url: str
    current: Version | None
    item_ends_at: datetime | None = None
