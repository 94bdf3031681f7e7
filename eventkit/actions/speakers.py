"""People of the programme, their photos, and the slides they give away."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from eventkit.actions import deliveries, newcomers, portraits
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.material import Material, Release
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.model.upload import Wanted
from eventkit.rules import people as person_rules
from eventkit.rules import text, uploads
from eventkit.store import agenda as agenda_store
from eventkit.store import files, history, people
from eventkit.store.rows import Store


def save_person(
    store: Store, person: Person, *, photo: bytes | None = None, actor: str, now: datetime
) -> Person:
    """Create a person (id 0) or change one. `photo` replaces the portrait (None keeps it).

    Raises Invalid with the field's name, NotFound.
    """
    wanted = person_rules.checked(person)
    portrait = portraits.draw(store, photo) if photo else None
    with store.changing():
        if person.id:
            before = people.by_id(store, person.id)
            if before is None:
                raise NotFound
            kept = dataclasses.replace(wanted, slug=before.slug, photo=before.photo)
            people.save(store, kept, now=now)
            people.follow(store, before, kept, now=now)
            person_id = person.id
        else:
            slug = newcomers.free_slug(store, wanted.slug or wanted.name)
            person_id = people.create(store, dataclasses.replace(wanted, slug=slug), now=now)
        if portrait:
            portraits.record(store, person_id, portrait, now=now)
        history.note(
            store, "person_saved", actor=actor, now=now, subject=wanted.name, person=person_id
        )
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
    limit: int = uploads.LIMIT,
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
    proved = deliveries.prove(store, file, size, filename, limit=limit) if file else None
    wanted = Wanted(
        item_id=item_id,
        material_id=material_id,
        title=title,
        language=language,
        licence=text.clean(licence)[:100],
        release=release,
    )
    with store.changing():
        made = deliveries.write_down(
            store, event_id, wanted, proved, url=address, by=actor, now=now, identity=identity
        )
        history.note(
            store,
            "material_added",
            actor=actor,
            now=now,
            event_id=event_id,
            subject=proved.filename if proved else "",
        )
        return made


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
        _open(store, before, now if open_now else None, now=now)
        verb = "material_released" if open_now else "material_withheld"
        history.note(store, verb, actor=actor, now=now, event_id=event_id)
        return _material(store, event_id, material_id)


def release_all(
    store: Store, event_id: int, material_ids: Sequence[int], *, actor: str, now: datetime
) -> int:
    """Open several downloads of a meeting by hand; says how many. Raises NotFound."""
    with store.changing():
        for material_id in material_ids:
            _open(store, _material(store, event_id, material_id), now, now=now)
        if material_ids:
            history.note(
                store,
                "materials_released",
                actor=actor,
                now=now,
                event_id=event_id,
                subject=str(len(material_ids)),
            )
    return len(material_ids)


def _open(store: Store, before: Material, since: datetime | None, *, now: datetime) -> None:
    files.change(
        store,
        before.id,
        title=before.title,
        language=before.language,
        licence=before.licence,
        release=Release.MANUAL,
        released_at=since,
        item_id=before.item_id,
        now=now,
    )


def move_material(store: Store, event_id: int, material_id: int, *, down: bool) -> None:
    """Let a download change places with its neighbour of the same item. Raises NotFound."""
    with store.changing():
        moved = _material(store, event_id, material_id)
        everything = files.of_event(store, event_id)
        beside = [m.id for m in everything if m.item_id == moved.item_id]
        at = beside.index(moved.id) + (1 if down else -1)
        if 0 <= at < len(beside):
            order = [m.id for m in everything]
            here, there = order.index(moved.id), order.index(beside[at])
            order[here], order[there] = order[there], order[here]
            files.arrange(store, order)


def remove_material(
    store: Store, event_id: int, material_id: int, *, actor: str, now: datetime
) -> None:
    """Take a download away. Raises NotFound."""
    with store.changing():
        _material(store, event_id, material_id)
        files.remove(store, material_id, now=now)
        history.note(store, "material_removed", actor=actor, now=now, event_id=event_id)


def _own_item(store: Store, event_id: int, item_id: int | None) -> None:
    if item_id is not None and agenda_store.draft_item(store, event_id, item_id) is None:
        raise NotFound


def _material(store: Store, event_id: int, material_id: int) -> Material:
    found = files.by_id(store, event_id, material_id)
    if found is None:
        raise NotFound
    return found
