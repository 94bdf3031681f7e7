"""Uploads that may break off and go on: begun, filled part by part, taken in when whole."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eventkit.actions import deliveries
from eventkit.errors import Invalid, NotFound, TooMany
from eventkit.identity import Identity
from eventkit.model.material import Material
from eventkit.model.text import Text
from eventkit.model.upload import Owner, Upload, Wanted
from eventkit.rules import text, uploads
from eventkit.store import files, history, parts
from eventkit.store import uploads as uploads_store
from eventkit.store.rows import Store

LASTS = timedelta(days=1)
MOST_OPEN = 20
PER_HOUR = 100


def begin(
    store: Store,
    event_id: int,
    owner: Owner,
    wanted: Wanted,
    *,
    filename: str,
    size: int,
    limit: int = uploads.LIMIT,
    now: datetime,
    identity: Identity,
) -> Upload:
    """Make room for a file of `size` octets.

    Raises Invalid (`empty`, `too_big`, `kind` by its name, so that nobody sends 90 MB for
    nothing), TooMany, Unavailable when the disk has no room.
    """
    if size <= 0:
        raise Invalid("empty", field="file")
    if size > limit:
        raise Invalid("too_big", field="file")
    if filename.rpartition(".")[2].lower() not in uploads.DOCUMENTS:
        raise Invalid("kind", field="file")
    upload = Upload(
        public_id=identity.public_id(),
        event_id=event_id,
        owner=owner,
        filename=text.clean(filename)[-200:],
        size=size,
        wanted=_cleaned(wanted),
        created_at=now,
        changed_at=now,
    )
    parts.begin(store, upload.public_id, size)
    try:
        with store.changing():
            whose = f"upload:{owner.person_id or ''}:{owner.organiser_id or ''}"
            many = uploads_store.count_open(store, owner) >= MOST_OPEN
            if history.count(store, whose, seconds=3600, now=now) > PER_HOUR or many:
                raise TooMany("too_many_uploads")
            uploads_store.create(store, upload)
    except BaseException:
        parts.remove(store, upload.public_id)
        raise
    return upload


def _cleaned(wanted: Wanted) -> Wanted:
    title = Text(de=text.clean(wanted.title.de)[:200], en=text.clean(wanted.title.en)[:200])
    return Wanted(
        item_id=wanted.item_id,
        material_id=wanted.material_id,
        title=title,
        language=wanted.language if wanted.language in ("de", "en") else "",
        licence=text.clean(wanted.licence)[:100],
        release=wanted.release,
    )


def find(
    store: Store, event_id: int | None, owner: Owner, public_id: str, *, now: datetime
) -> tuple[Upload, int]:
    """An upload of this owner (and meeting), and how many octets of it are there.

    Raises NotFound for another's or none, `Invalid("expired")` for one that is too old.
    """
    upload = uploads_store.find(store, public_id)
    if upload is None or upload.owner != owner or event_id not in (None, upload.event_id):
        raise NotFound
    if upload.done:
        return upload, upload.size
    there = parts.arrived(store, public_id)
    if there is None or now >= expires_at(upload):
        raise Invalid("expired", field="file")
    return upload, there


def expires_at(upload: Upload) -> datetime:
    """When an upload that gets nothing more is given up."""
    return upload.changed_at + LASTS


def receive(
    store: Store, upload: Upload, offset: int, chunks: Iterable[bytes], *, now: datetime
) -> int:
    """Add what comes at `offset`; says how many octets are there now.

    Raises Invalid `offset` when that is not where the part ends, Busy while another request
    writes to it, Unavailable when the disk is full: what was written stays.
    """
    if upload.done:
        return upload.size
    try:
        with parts.held(store, upload.public_id) as part:
            there = part.seek(0, 2)
            if there != offset:
                raise Invalid("offset", field="file")
            there = parts.append(part, chunks, room=upload.size - there, whole=upload.size)
    except FileNotFoundError:
        raise Invalid("expired", field="file") from None
    with store.changing():
        uploads_store.arrive(store, upload.public_id, there, now=now)
    return there


def finish(
    store: Store,
    upload: Upload,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
    limit: int = uploads.LIMIT,
) -> str:
    """Take a whole file in; says the public id of its download. Twice is once.

    The file is proved like a plain upload. Raises Invalid (field "file") when it is not what
    it says, NotFound when what it was for is gone; the upload is given up then.
    """
    if upload.done:
        return upload.done
    try:
        with parts.held(store, upload.public_id) as part:
            where = parts.path(store, upload.public_id)
            proved = deliveries.prove_part(store, where, part, upload.filename, limit=limit)
            with store.changing():
                again = uploads_store.find(store, upload.public_id)
                if again is None or again.done:
                    return again.done if again else ""
                made = deliveries.write_down(
                    store,
                    upload.event_id,
                    upload.wanted,
                    proved,
                    by=actor,
                    now=now,
                    identity=identity,
                )
                uploads_store.complete(store, upload.public_id, made.public_id)
                history.note(
                    store,
                    "material_added",
                    actor=actor,
                    now=now,
                    event_id=upload.event_id,
                    subject=proved.filename,
                )
            parts.remove(store, upload.public_id)
    except FileNotFoundError:
        raise Invalid("expired", field="file") from None
    except (Invalid, NotFound):
        abandon(store, upload)
        raise
    return made.public_id


def abandon(store: Store, upload: Upload) -> None:
    """Give an upload up and delete what came of it. A finished one only loses its record."""
    with store.changing():
        uploads_store.remove(store, upload.public_id)
    parts.remove(store, upload.public_id)


def sweep(store: Store, *, now: datetime) -> int:
    """Give up what nothing came for in a day; says how many parts went."""
    with store.changing():
        uploads_store.forget(store, now - LASTS)
    older = (now - LASTS).timestamp()
    return parts.sweep(store, uploads_store.every_id(store), older_than=older)


def material_for(store: Store, event_id: int, public_id: str) -> Material:
    """The download that a newer version is for. Raises NotFound."""
    found = files.by_public_id(store, event_id, public_id)
    if found is None:
        raise NotFound
    return found
