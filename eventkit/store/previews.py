"""Pictures of stored files: which are still to be drawn, their pages, their covers."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.model.material import Preview, Stored
from eventkit.store import files
from eventkit.store.rows import Row, Store, column


def due(store: Store) -> Stored | None:
    """A file that a download hands out and that was not drawn yet; the newest first."""
    row = store.one(
        """SELECT f.* FROM material_versions v JOIN files f ON f.sha256 = v.file
           JOIN materials m ON m.id = v.material_id AND m.removed_at IS NULL
           WHERE NOT EXISTS (SELECT 1 FROM covers c WHERE c.file = v.file)
             AND v.number = (SELECT max(number) FROM material_versions
                             WHERE material_id = v.material_id)
           ORDER BY v.uploaded_at DESC, v.file LIMIT 1"""
    )
    return Stored(row["sha256"], row["media_type"], row["size"]) if row else None


def keep(
    store: Store, file: str, cover: Preview | None, pages: Iterable[Preview], *, now: datetime
) -> None:
    """Write down what a file looks like; without a cover, that it can't be drawn."""
    for each in [*pages, *filter(None, [cover])]:
        files.record(store, each.picture, now=now)
    for page in pages:
        store.run(
            """INSERT OR REPLACE INTO previews (file, page, picture, width, height, words)
               VALUES (:file, :page, :picture, :width, :height, :words)""",
            file=file,
            page=page.page,
            picture=page.picture.sha256,
            width=page.width,
            height=page.height,
            words=page.words,
        )
    store.run(
        """INSERT OR REPLACE INTO covers (file, picture, width, height, made_at)
           VALUES (:file, :picture, :width, :height, :now)""",
        file=file,
        picture=cover.picture.sha256 if cover else None,
        width=cover.width if cover else 0,
        height=cover.height if cover else 0,
        now=column(now),
    )


def pages(store: Store, file: str) -> list[Preview]:
    """The pages of a file in their order; none before they are drawn."""
    rows = store.all(
        """SELECT p.*, f.media_type, f.size FROM previews p JOIN files f ON f.sha256 = p.picture
           WHERE p.file = :file ORDER BY p.page""",
        file=file,
    )
    return [_preview(row) for row in rows]


def covers(store: Store, wanted: Iterable[str]) -> dict[str, Preview]:
    """The covers of several files, those that have one."""
    marks = ", ".join(f"'{each}'" for each in wanted if each.isalnum()) or "''"
    rows = store.all(
        f"""SELECT c.*, 0 AS page, '' AS words, f.media_type, f.size
            FROM covers c JOIN files f ON f.sha256 = c.picture WHERE c.file IN ({marks})"""
    )
    return {row["file"]: _preview(row) for row in rows}


def forget(store: Store) -> None:
    """Drop the pictures of files that no download has any more."""
    for table in ("previews", "covers"):
        store.run(f"DELETE FROM {table} WHERE file NOT IN (SELECT file FROM material_versions)")


def _preview(row: Row) -> Preview:
    return Preview(
        page=row["page"],
        picture=Stored(row["picture"], row["media_type"], row["size"]),
        width=row["width"],
        height=row["height"],
        words=row["words"],
    )
