"""Editing the draft of a programme, and publishing it as a numbered version."""

import dataclasses
from datetime import datetime

from eventkit.actions import seating
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.agenda import Item, Part, Programme, Room
from eventkit.model.event import Event
from eventkit.model.text import NOTHING, Text
from eventkit.rules import changes, text
from eventkit.store import agenda, events, history, people
from eventkit.store.rows import Store


def save_room(
    store: Store, event_id: int, room: Room, *, position: int, actor: str, now: datetime
) -> int:
    """Create a room (id 0) or change one; returns its id. Raises Invalid, NotFound."""
    name = text.clean_both(room.name)
    if not name:
        raise Invalid("required", field="name")
    if room.capacity is not None and not 0 <= room.capacity <= 100000:
        raise Invalid("number", field="capacity")
    with store.changing():
        _own_room(store, event_id, room.id)
        history.note(
            store, "room_saved", actor=actor, now=now, event_id=event_id, subject=name.de or name.en
        )
        return agenda.save_room(
            store, event_id, dataclasses.replace(room, name=name), position=position
        )


def remove_room(store: Store, event_id: int, room_id: int, *, actor: str, now: datetime) -> None:
    """Delete a room of a meeting. Raises NotFound."""
    with store.changing():
        _own_room(store, event_id, room_id)
        agenda.remove_room(store, room_id)
        history.note(store, "room_removed", actor=actor, now=now, event_id=event_id)


def save_item(
    store: Store, event_id: int, item: Item, *, actor: str, now: datetime, identity: Identity
) -> int:
    """Create a draft item (id 0) or change one; nobody is told. Returns its id.

    Raises Invalid with the field's name; NotFound for an item, room or person that is not there.
    """
    title = text.clean_both(item.title)
    if not title:
        raise Invalid("required", field="title")
    if item.ends_at <= item.starts_at:
        raise Invalid("end_before_start", field="ends_at")
    if item.capacity is not None and not 0 <= item.capacity <= 100000:
        raise Invalid("number", field="capacity")
    abstract = text.clean_both(item.abstract, lines=True)
    wanted = dataclasses.replace(
        item, title=title, abstract=abstract, track=text.clean(item.track)[:80], uid=identity.uid()
    )
    with store.changing():
        if item.id and agenda.draft_item(store, event_id, item.id) is None:
            raise NotFound
        _own_room(store, event_id, item.room.id if item.room else 0)
        wanted = dataclasses.replace(
            wanted, people=tuple(_of_that_day(store, p) for p in item.people)
        )
        item_id = agenda.save_item(store, event_id, wanted, now=now)
        history.note(
            store,
            "item_saved",
            actor=actor,
            now=now,
            event_id=event_id,
            subject=title.de or title.en,
        )
        return item_id


def remove_item(store: Store, event_id: int, item_id: int, *, actor: str, now: datetime) -> None:
    """Take an item out of the draft. Raises NotFound."""
    with store.changing():
        item = agenda.draft_item(store, event_id, item_id)
        if item is None:
            raise NotFound
        agenda.remove_item(store, item_id, now=now)
        subject = item.title.de or item.title.en
        history.note(
            store, "item_removed", actor=actor, now=now, event_id=event_id, subject=subject
        )


def pending(store: Store, event_id: int) -> tuple[changes.Change, ...]:
    """The difference between the draft and what is published, for the page and for publish."""
    programme = agenda.published(store, event_id)
    return changes.programme_changes(
        programme.items if programme else (), agenda.draft(store, event_id)
    )


def publish(
    store: Store,
    event_id: int,
    *,
    note: Text = NOTHING,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Programme:
    """Make the draft the public programme: a new numbered version, or the present one if equal.

    Raises the SEQUENCE of what moved, keeps removed items as cancelled entries, and gives
    out workshop places that a larger capacity opened. Raises NotFound, Invalid `empty`.
    """
    with store.changing():
        event = events.by_id(store, event_id)
        if event is None:
            raise NotFound
        before = agenda.published(store, event_id)
        draft = agenda.draft(store, event_id)
        if not draft and before is None:
            raise Invalid("empty")
        found = changes.programme_changes(before.items if before else (), draft)
        if before is not None and not found:
            return before
        programme = Programme(
            version=before.version + 1 if before else 1,
            published_at=now,
            items=_revised(before, draft, found, now),
            note=text.clean_both(note, lines=True),
        )
        agenda.publish(store, event_id, programme, published_by=actor)
        history.note(
            store,
            "programme_published",
            actor=actor,
            now=now,
            event_id=event_id,
            version=programme.version,
        )
        seating.give_out(Hand(store, now, identity), _again(store, event))
        return programme


def _again(store: Store, event: Event) -> Event:
    return events.by_id(store, event.id) or event


def _revised(
    before: Programme | None,
    draft: tuple[Item, ...],
    found: tuple[changes.Change, ...],
    now: datetime,
) -> tuple[Item, ...]:
    """The items of the new version with their SEQUENCE and instant of revision."""
    known = {item.id: item for item in before.items} if before else {}
    changed = {c.after.id: c for c in found if c.after is not None}
    items = []
    for item in draft:
        was, difference = known.get(item.id), changed.get(item.id)
        if was is None:
            items.append(dataclasses.replace(item, sequence=0, revised_at=now))
            continue
        back = was.cancelled
        raised = difference is not None and (back or changes.revises(difference.fields))
        items.append(
            dataclasses.replace(
                item,
                sequence=was.sequence + int(raised),
                revised_at=now if difference is not None else was.revised_at,
            )
        )
    kept = {item.id for item in draft}
    for was in known.values():
        if was.id not in kept:
            gone = (
                was
                if was.cancelled
                else dataclasses.replace(
                    was, cancelled=True, sequence=was.sequence + 1, revised_at=now
                )
            )
            items.append(gone)
    return tuple(items)


def _own_room(store: Store, event_id: int, room_id: int) -> None:
    if room_id and all(room.id != room_id for room in agenda.rooms(store, event_id)):
        raise NotFound


def _of_that_day(store: Store, part: Part) -> Part:
    """The part with the function and organisation of that day, by default those of now."""
    person = people.by_id(store, part.person.id)
    if person is None:
        raise NotFound
    return Part(
        person=person,
        role=part.role,
        function=part.function or person.function,
        organisation=part.organisation or person.organisation,
    )
