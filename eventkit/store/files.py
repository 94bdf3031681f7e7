"""Records of files: slides and other material with their versions."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.model.material import Material, Release, Stored, Version
from eventkit.model.text import Text
from eventkit.store.rows import Row, Store, instant, instant_or_none, stamp, text

_SELECT = """
SELECT m.*, v.number, v.file, v.filename, v.pages, v.uploaded_at, v.uploaded_by,
    f.media_type, f.size, coalesce(pi.ends_at, i.ends_at) AS item_ends_at
FROM materials m
LEFT JOIN material_versions v ON v.material_id = m.id
    AND v.number = (SELECT max(number) FROM material_versions WHERE material_id = m.id)
LEFT JOIN files f ON f.sha256 = v.file
LEFT JOIN agenda_items i ON i.id = m.item_id
LEFT JOIN programme_items pi ON pi.item_id = m.item_id AND pi.programme_id =
    (SELECT id FROM programmes p WHERE p.event_id = m.event_id ORDER BY version DESC LIMIT 1)
"""


def record(store: Store, stored: Stored, *, now: datetime) -> None:
    """Know a file that lies on the shelf."""
    sql = """INSERT INTO files (sha256, media_type, size, created_at)
             VALUES (:hash, :type, :size, :at) ON CONFLICT (sha256) DO NOTHING"""
    at = stamp(now)
    store.run(sql, hash=stored.sha256, type=stored.media_type, size=stored.size, at=at)


def known(store: Store, sha256: str) -> Stored | None:
    """The record of a file."""
    row = store.one("SELECT * FROM files WHERE sha256 = :hash", hash=sha256)
    return Stored(row["sha256"], row["media_type"], row["size"]) if row else None


def hashes(store: Store) -> set[str]:
    """Every file that has a record."""
    return {row["sha256"] for row in store.all("SELECT sha256 FROM files")}


def of_event(store: Store, event_id: int) -> list[Material]:
    """The downloads of a meeting in their order."""
    sql = _SELECT + "WHERE m.event_id = :id AND m.removed_at IS NULL ORDER BY m.position, m.id"
    return [_material(row) for row in store.all(sql, id=event_id)]


def of_events(store: Store, event_ids: Iterable[int]) -> list[Material]:
    """The downloads of several meetings, in their order."""
    marks = ", ".join(str(int(event_id)) for event_id in event_ids) or "0"
    sql = _SELECT + (
        f"WHERE m.event_id IN ({marks}) AND m.removed_at IS NULL ORDER BY m.position, m.id"
    )
    return [_material(row) for row in store.all(sql)]


def by_public_id(store: Store, event_id: int, public_id: str) -> Material | None:
    """The download of a meeting with an id as it stands in the address."""
    sql = _SELECT + "WHERE m.event_id = :event AND m.public_id = :public AND m.removed_at IS NULL"
    row = store.one(sql, event=event_id, public=public_id)
    return _material(row) if row else None


def by_id(store: Store, event_id: int, material_id: int) -> Material | None:
    """The download of a meeting with an id."""
    sql = _SELECT + "WHERE m.event_id = :event AND m.id = :id AND m.removed_at IS NULL"
    row = store.one(sql, event=event_id, id=material_id)
    return _material(row) if row else None


def create(
    store: Store,
    *,
    public_id: str,
    event_id: int,
    item_id: int | None,
    title: Text,
    language: str,
    licence: str,
    release: Release,
    released_at: datetime | None,
    url: str,
    now: datetime,
) -> int:
    """Insert a download without a file yet; returns its id."""
    sql = "SELECT count(*) FROM materials WHERE event_id = :id"
    return store.insert(
        "materials",
        public_id=public_id,
        event_id=event_id,
        item_id=item_id,
        position=store.value(sql, id=event_id),
        title=title,
        language=language,
        licence=licence,
        release=release,
        released_at=released_at,
        url=url,
        created_at=now,
        changed_at=now,
    )


def add_version(
    store: Store,
    material_id: int,
    stored: Stored,
    *,
    filename: str,
    pages: int | None,
    by: str,
    now: datetime,
) -> int:
    """Deliver a file for a download; the newest counts. Returns its number."""
    sql = "SELECT coalesce(max(number), 0) + 1 FROM material_versions WHERE material_id = :id"
    number = int(store.value(sql, id=material_id))
    store.insert(
        "material_versions",
        material_id=material_id,
        number=number,
        file=stored.sha256,
        filename=filename,
        pages=pages,
        uploaded_at=now,
        uploaded_by=by,
    )
    store.update("materials", material_id, changed_at=now)
    return number


def change(
    store: Store,
    material_id: int,
    *,
    title: Text,
    language: str,
    licence: str,
    release: Release,
    released_at: datetime | None,
    item_id: int | None,
    now: datetime,
) -> None:
    """Write the description and the release rule of a download."""
    store.update(
        "materials",
        material_id,
        title=title,
        language=language,
        licence=licence,
        release=release,
        released_at=released_at,
        item_id=item_id,
        changed_at=now,
    )


def arrange(store: Store, material_ids: Iterable[int]) -> None:
    """Put the downloads of a meeting into this order; nothing of them is changed by it."""
    for position, material_id in enumerate(material_ids):
        store.update("materials", material_id, position=position)


def remove(store: Store, material_id: int, *, now: datetime) -> None:
    """Take a download away; its versions stay for the history."""
    store.update("materials", material_id, removed_at=now, changed_at=now)


def versions_of(store: Store, material_ids: Iterable[int]) -> dict[int, list[Version]]:
    """Every delivery of several downloads by their id, the newest first."""
    marks = ", ".join(str(int(each)) for each in material_ids) or "0"
    found: dict[int, list[Version]] = {}
    for row in store.all(
        f"""SELECT v.*, f.media_type, f.size FROM material_versions v
            JOIN files f ON f.sha256 = v.file
            WHERE v.material_id IN ({marks}) ORDER BY v.material_id, v.number DESC"""
    ):
        found.setdefault(row["material_id"], []).append(_version(row))
    return found


def _version(row: Row) -> Version:
    return Version(
        number=row["number"],
        file=Stored(row["file"], row["media_type"], row["size"]),
        filename=row["filename"],
        pages=row["pages"],
        uploaded_at=instant(row["uploaded_at"]),
        by=row["uploaded_by"],
    )


def _material(row: Row) -> Material:
    current = None
    if row["number"] is not None:
        current = _version(row)
    return Material(
        id=row["id"],
        public_id=row["public_id"],
        event_id=row["event_id"],
        item_id=row["item_id"],
        title=text(row["title"]),
        language=row["language"],
        licence=row["licence"],
        release=Release(row["release"]),
        released_at=instant_or_none(row["released_at"]),
        url=row["url"],
        current=current,
        item_ends_at=instant_or_none(row["item_ends_at"]),
    )
