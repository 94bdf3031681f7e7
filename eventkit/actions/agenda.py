"""Editing the draft of a programme: quietly, nobody is told before it is published."""

import dataclasses
from datetime import datetime

from eventkit.actions import steps
from eventkit.errors import Invalid, NotFound, Refused
from eventkit.identity import Identity
from eventkit.model.agenda import Item, Part, Room
from eventkit.rules import planning, text
from eventkit.store import agenda, history, people
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
    store: Store,
    event_id: int,
    item: Item,
    *,
    seen: str = "",
    actor: str,
    now: datetime,
    identity: Identity,
) -> int:
    """Create a draft item (id 0) or change one; nobody is told. Returns its id.

    `seen` is the mark (rules.planning.mark) of the item somebody began to change; without one
    whatever is there is replaced. Raises Invalid with the field's name, Refused
    `changed_meanwhile`; NotFound for an item, room or person that is not there.
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
        before = agenda.draft_item(store, event_id, item.id) if item.id else None
        if item.id and before is None:
            raise NotFound
        if seen and before and planning.mark(before) != seen:
            raise Refused("changed_meanwhile")
        _own_room(store, event_id, item.room.id if item.room else 0)
        wanted = dataclasses.replace(
            wanted, people=tuple(_of_that_day(store, p) for p in item.people)
        )
        verb = "saved" if before else "added"
        with steps.recorded(store, event_id, verb, actor=actor, now=now):
            item_id = agenda.save_item(store, event_id, wanted, now=now)
        subject = title.de or title.en
        history.note(store, "item_saved", actor=actor, now=now, event_id=event_id, subject=subject)
        return item_id


def remove_item(store: Store, event_id: int, item_id: int, *, actor: str, now: datetime) -> None:
    """Take an item out of the draft. Raises NotFound."""
    with store.changing():
        item = agenda.draft_item(store, event_id, item_id)
        if item is None:
            raise NotFound
        with steps.recorded(store, event_id, "removed", actor=actor, now=now):
            agenda.remove_item(store, item_id, now=now)
        subject = item.title.de or item.title.en
        history.note(
            store, "item_removed", actor=actor, now=now, event_id=event_id, subject=subject
        )


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
