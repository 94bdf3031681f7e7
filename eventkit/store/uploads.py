"""Records of uploads under way."""

import json
from datetime import datetime
from typing import Any

from eventkit.model.material import Release
from eventkit.model.text import Text
from eventkit.model.upload import Owner, Upload, Wanted
from eventkit.store.rows import Row, Store, column, instant

_OWN = "person_id IS :person AND organiser_id IS :organiser"


def create(store: Store, upload: Upload) -> None:
    """Write down an upload that begins."""
    store.run(
        """INSERT INTO uploads (public_id, event_id, person_id, organiser_id, filename, size,
               wish, created_at, changed_at)
           VALUES (:public_id, :event, :person, :organiser, :filename, :size, :wish, :at, :at)""",
        public_id=upload.public_id,
        event=upload.event_id,
        **_owner(upload.owner),
        filename=upload.filename,
        size=upload.size,
        wish=json.dumps(_wish(upload.wanted), ensure_ascii=False),
        at=column(upload.created_at),
    )


def find(store: Store, public_id: str) -> Upload | None:
    """The upload with a public id."""
    row = store.one("SELECT * FROM uploads WHERE public_id = :id", id=public_id)
    return _upload(row) if row else None


def open_of(store: Store, event_id: int, owner: Owner) -> list[Upload]:
    """The uploads of somebody to a meeting that are not complete, the newest first."""
    rows = store.all(
        f"""SELECT * FROM uploads WHERE event_id = :event AND {_OWN}
            AND wish ->> '$.done' IS NULL ORDER BY changed_at DESC, public_id""",
        event=event_id,
        **_owner(owner),
    )
    return [_upload(row) for row in rows]


def count_open(store: Store, owner: Owner) -> int:
    """How many uploads of somebody are not complete."""
    sql = f"SELECT count(*) FROM uploads WHERE {_OWN} AND wish ->> '$.done' IS NULL"
    return int(store.value(sql, **_owner(owner)))


def arrive(store: Store, public_id: str, received: int, *, now: datetime) -> None:
    """Note how much is there."""
    store.run(
        """UPDATE uploads SET received = min(:received, size), changed_at = :now
           WHERE public_id = :id""",
        received=received,
        now=column(now),
        id=public_id,
    )


def complete(store: Store, public_id: str, material: str) -> None:
    """Note which download an upload became."""
    store.run(
        """UPDATE uploads SET received = size, wish = json_set(wish, '$.done', :material)
           WHERE public_id = :id""",
        material=material,
        id=public_id,
    )


def remove(store: Store, public_id: str) -> None:
    """Forget an upload."""
    store.run("DELETE FROM uploads WHERE public_id = :id", id=public_id)


def forget(store: Store, changed_before: datetime) -> None:
    """Forget the uploads that nothing came for since."""
    store.run("DELETE FROM uploads WHERE changed_at < :before", before=column(changed_before))


def every_id(store: Store) -> set[str]:
    """The public ids of all uploads that are known."""
    return {row["public_id"] for row in store.all("SELECT public_id FROM uploads")}


def _owner(owner: Owner) -> dict[str, int | None]:
    return {"person": owner.person_id, "organiser": owner.organiser_id}


def _wish(wanted: Wanted) -> dict[str, Any]:
    return {
        "item": wanted.item_id,
        "material": wanted.material_id,
        "title": {"de": wanted.title.de, "en": wanted.title.en},
        "language": wanted.language,
        "licence": wanted.licence,
        "release": wanted.release.value,
    }


def _upload(row: Row) -> Upload:
    wish = json.loads(row["wish"])
    return Upload(
        public_id=row["public_id"],
        event_id=row["event_id"],
        owner=Owner(row["person_id"], row["organiser_id"]),
        filename=row["filename"],
        size=row["size"],
        wanted=Wanted(
            item_id=wish["item"],
            material_id=wish["material"],
            title=Text(**wish["title"]),
            language=wish["language"],
            licence=wish["licence"],
            release=Release(wish["release"]),
        ),
        created_at=instant(row["created_at"]),
        changed_at=instant(row["changed_at"]),
        done=wish.get("done", ""),
    )
