"""People of the programme, their photos, and the slides they give away."""

import dataclasses
import io
from datetime import datetime
from typing import BinaryIO

from eventkit.documents import pictures
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.material import Material, Release, Stored
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text
from eventkit.rules import text, uploads
from eventkit.store import agenda as agenda_store
from eventkit.store import events, files, history, people, shelf
from eventkit.store.rows import Store


def save_person(
    store: Store, person: Person, *, photo: bytes | None = None, actor: str, now: datetime
) -> Person:
    """Create a person (id 0) or change one. `photo` replaces the portrait (None keeps it).

    Raises Invalid with the field's name, NotFound.
    """
    wanted = _checked(person)
    portrait = None
    if photo:
        uploads.check_picture(io.BytesIO(photo), len(photo))
        portrait = pictures.redraw(photo, longest=800)
        sha256, _ = shelf.put(store, portrait.octets)
        wanted = dataclasses.replace(wanted, photo=sha256)
    with store.changing():
        if portrait:
            files.record(
                store, Stored(wanted.photo, portrait.media_type, len(portrait.octets)), now=now
            )
        if person.id:
            before = people.by_id(store, person.id)
            if before is None:
                raise NotFound
            kept = wanted.photo or before.photo
            people.save(store, dataclasses.replace(wanted, slug=before.slug, photo=kept), now=now)
            person_id = person.id
        else:
            slug = _free_slug(store, wanted.slug or wanted.name)
            person_id = people.create(store, dataclasses.replace(wanted, slug=slug), now=now)
        history.note(store, "person_saved", actor=actor, now=now, subject=wanted.name)
        return people.by_id(store, person_id) or wanted


def add_material(
    store: Store,
    event_id: int,
    *,
    file: BinaryIO | None,
    size: int,
    filename: str,
    title: Text,
    item_id: int | None = None,
    language: str = "",
    licence: str = "",
    release: Release = Release.MANUAL,
    url: str = "",
    material_id: int | None = None,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Material:
    """Add a download of a meeting, or (with `material_id`) deliver its newer version.

    The file is checked by content, laid on the shelf, then recorded. Raises Invalid, NotFound.
    """
    title = Text(de=text.clean(title.de)[:200], en=text.clean(title.en)[:200])
    address = text.web_address(url)
    if not title and material_id is None:
        raise Invalid("required", field="title")
    if file is None and not address:
        raise Invalid("required", field="file")
    stored, shown, pages = _shelve(store, file, size, filename) if file else (None, "", None)
    with store.changing():
        if events.by_id(store, event_id) is None:
            raise NotFound
        _own_item(store, event_id, item_id)
        if material_id is None:
            public_id = identity.public_id()
            material_id = files.create(
                store,
                public_id=public_id,
                event_id=event_id,
                item_id=item_id,
                title=title,
                language=language,
                licence=text.clean(licence)[:100],
                release=release,
                released_at=None,
                url=address,
                now=now,
            )
        if stored is not None:
            files.record(store, stored, now=now)
            files.add_version(
                store, material_id, stored, filename=shown, pages=pages, by=actor, now=now
            )
        history.note(
            store, "material_added", actor=actor, now=now, event_id=event_id, subject=shown
        )
        return _material(store, event_id, material_id)


def change_material(
    store: Store,
    event_id: int,
    material_id: int,
    *,
    title: Text,
    language: str,
    licence: str,
    release: Release,
    item_id: int | None,
    actor: str,
    now: datetime,
) -> Material:
    """Change the description and the release rule of a download. Raises NotFound, Invalid."""
    with store.changing():
        before = _material(store, event_id, material_id)
        _own_item(store, event_id, item_id)
        files.change(
            store,
            material_id,
            title=text.clean_both(title) or before.title,
            language=language,
            licence=text.clean(licence)[:100],
            release=release,
            released_at=before.released_at,
            item_id=item_id,
            now=now,
        )
        history.note(store, "material_changed", actor=actor, now=now, event_id=event_id)
        return _material(store, event_id, material_id)


def release_material(
    store: Store, event_id: int, material_id: int, *, open_now: bool, actor: str, now: datetime
) -> Material:
    """Open a download by hand from now on, or close it again. Raises NotFound."""
    with store.changing():
        before = _material(store, event_id, material_id)
        files.change(
            store,
            material_id,
            title=before.title,
            language=before.language,
            licence=before.licence,
            release=Release.MANUAL,
            released_at=now if open_now else None,
            item_id=before.item_id,
            now=now,
        )
        verb = "material_released" if open_now else "material_withheld"
        history.note(store, verb, actor=actor, now=now, event_id=event_id)
        return _material(store, event_id, material_id)


def remove_material(
    store: Store, event_id: int, material_id: int, *, actor: str, now: datetime
) -> None:
    """Take a download away. Raises NotFound."""
    with store.changing():
        _material(store, event_id, material_id)
        files.remove(store, material_id, now=now)
        history.note(store, "material_removed", actor=actor, now=now, event_id=event_id)


def _checked(person: Person) -> Person:
    email = text.address(person.email) if person.email.strip() else ""
    try:
        website = text.web_address(person.website)
    except Invalid as error:
        raise Invalid(error.code, field="website") from None
    return dataclasses.replace(
        person,
        name=text.person_name(person.name),
        former_name=text.clean(person.former_name)[:200],
        function=text.clean_both(person.function),
        organisation=text.clean_both(person.organisation),
        biography=text.clean_both(person.biography, lines=True),
        photo_alt=text.clean_both(person.photo_alt) or NOTHING,
        photo_credit=text.clean(person.photo_credit)[:200],
        website=website,
        email=email,
    )


def _shelve(
    store: Store, file: BinaryIO, size: int, filename: str
) -> tuple[Stored, str, int | None]:
    media_type = uploads.check_document(file, size)
    sha256, written = shelf.put(store, file)
    pages = None
    if media_type == "application/pdf":
        pages = pictures.pdf_pages(str(shelf.path(store, sha256)))
    shown = text.filename(filename, uploads.SUFFIXES[media_type])
    return Stored(sha256, media_type, written), shown, pages


def _own_item(store: Store, event_id: int, item_id: int | None) -> None:
    if item_id is not None and agenda_store.draft_item(store, event_id, item_id) is None:
        raise NotFound


def _material(store: Store, event_id: int, material_id: int) -> Material:
    found = next((m for m in files.of_event(store, event_id) if m.id == material_id), None)
    if found is None:
        raise NotFound
    return found


def _free_slug(store: Store, wanted: str) -> str:
    base = text.slug(wanted) or "person"
    taken, candidate, number = people.slugs_like(store, base), base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    return candidate
