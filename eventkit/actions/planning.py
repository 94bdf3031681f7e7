"""The editor of the programme: moves, new items in one line, and beginnings. Nobody is told."""

import dataclasses
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from eventkit.actions import newcomers, steps
from eventkit.errors import Invalid, NotFound, Refused
from eventkit.identity import Identity
from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.event import Event
from eventkit.model.text import NOTHING, Text
from eventkit.rules import dates, frames, planning, text
from eventkit.rules.planning import Move, Outcome, Plan
from eventkit.store import agenda, drafts, events
from eventkit.store.rows import Store, fold

MOST_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class New:
    """An item as it is typed in one line. People are names: who is not known yet is made."""

    title: Text
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    room_id: int = 0
    people: tuple[tuple[str, Role], ...] = ()


@dataclass(frozen=True, slots=True)
class Hand:
    """What every change here needs to know: where, who, when."""

    store: Store
    event_id: int
    actor: str
    now: datetime
    identity: Identity


def plan_of(store: Store, event: Event) -> Plan:
    """The draft as moves work on it."""
    rooms = tuple(agenda.rooms(store, event.id))
    return Plan(agenda.draft(store, event.id), rooms, event.zone)


def change(hand: Hand, move: Move, *, seen: Mapping[int, str]) -> tuple[int, ...]:
    """Do a move and say which items it touched, the moved one first, new ones included.

    `seen` are the marks (rules.planning.mark) of the items the organiser saw. Raises
    NotFound, Invalid, and Refused `changed_meanwhile` when one of them is different now.
    """
    with hand.store.changing():
        plan = plan_of(hand.store, events.required(hand.store, hand.event_id))
        for item_id, mark in seen.items():
            unchanged(plan, item_id, mark)
        outcome = move.done(plan)
        with _recorded(hand, move.verb, plan):
            touched = _write(hand, plan, outcome)
        return (*sorted(touched, key=lambda i: i != move.item), *outcome.removed)


def unchanged(plan: Plan, item_id: int, mark: str) -> None:
    """Raise Refused `changed_meanwhile` when an item is not what the organiser saw, or is gone."""
    found = next((i for i in plan.items if i.id == item_id), None)
    if found is None or planning.mark(found) != mark:
        raise Refused("changed_meanwhile" if found else "gone_meanwhile")


def _write(hand: Hand, plan: Plan, outcome: Outcome) -> list[int]:
    if len(plan.items) + sum(not item.id for item in outcome.items) > MOST_ITEMS:
        raise Invalid("too_many_items")
    touched = []
    for item in outcome.items:
        _in_our_times(item)
        if item.id:
            drafts.place(hand.store, item, now=hand.now)
            touched.append(item.id)
        else:
            touched.append(_insert(hand, item))
    for item_id in outcome.removed:
        agenda.remove_item(hand.store, item_id, now=hand.now)
    return touched


def _in_our_times(item: Item) -> None:
    if not 1970 <= item.starts_at.year <= item.ends_at.year <= 2199:
        raise Invalid("century")


def _insert(hand: Hand, item: Item) -> int:
    new = dataclasses.replace(item, id=0, uid=hand.identity.uid())
    return agenda.save_item(hand.store, hand.event_id, new, now=hand.now)


def add(hand: Hand, new: New) -> int:
    """Put a new item into the draft; its id. Raises Invalid with the field's name, NotFound."""
    title = text.clean_both(new.title)
    if not title:
        raise Invalid("required", field="title")
    if max(len(title.de), len(title.en)) > 300:
        raise Invalid("too_long", field="title")
    if new.ends_at - new.starts_at < planning.LEAST:
        raise Invalid("too_short", field="minutes")
    with hand.store.changing():
        plan = plan_of(hand.store, events.required(hand.store, hand.event_id))
        item = Item(
            id=0,
            uid="",
            kind=new.kind,
            title=title,
            abstract=NOTHING,
            language="",
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            room=plan.room(new.room_id),
            track="",
            capacity=None,
            people=_parts(hand, new.people),
        )
        with _recorded(hand, "added", plan):
            return _write(hand, plan, Outcome((item,)))[0]


def _parts(hand: Hand, named: tuple[tuple[str, Role], ...]) -> tuple[Part, ...]:
    parts: dict[tuple[int, Role], Part] = {}
    for name, role in named:
        person = newcomers.named(hand.store, name, actor=hand.actor, now=hand.now)
        part = Part(person, role, person.function, person.organisation)
        parts.setdefault((person.id, role), part)
    return tuple(parts.values())


def frame(hand: Hand, name: str, day: date) -> tuple[int, ...]:
    """Put a ready frame of a day into the draft, from the meeting's beginning on.

    Raises NotFound for an unknown frame.
    """
    if name not in frames.FRAMES:
        raise NotFound
    with hand.store.changing():
        event = events.required(hand.store, hand.event_id)
        plan = plan_of(hand.store, event)
        starts_at = dates.to_local(event.starts_at, event.zone)
        minute = 9 * 60 if event.all_day else starts_at.hour * 60 + starts_at.minute
        items = []
        for part in frames.FRAMES[name]:
            begins, ends = (
                planning.at_minute(day, m, event.zone) for m in (minute, minute + part.minutes)
            )
            parallel = part.beside > 1
            for number in range(part.beside):
                room = plan.rooms[number] if parallel and number < len(plan.rooms) else None
                if not parallel and part.kind in (Kind.TALK, Kind.PANEL, Kind.OPENING):
                    room = plan.rooms[0] if plan.rooms else None
                track = chr(ord("A") + number) if parallel and room is None else ""
                items.append(_bare(part.kind, part.text, begins, ends, room, track))
            minute += part.minutes
        with _recorded(hand, "framed", plan):
            return tuple(_write(hand, plan, Outcome(tuple(items))))


def _bare(
    kind: Kind, title: Text, begins: datetime, ends: datetime, room: Room | None, track: str
) -> Item:
    return Item(0, "", kind, title, NOTHING, "", begins, ends, room, track, None)


def begin_from(hand: Hand, source_id: int, *, with_people: bool = False) -> tuple[int, ...]:
    """Copy an earlier meeting's programme: the same hours, on this meeting's days.

    Rooms go by their names; those missing here are made. Raises NotFound, Invalid `empty`.
    """
    store = hand.store
    with store.changing():
        event, source = events.required(hand.store, hand.event_id), events.by_id(store, source_id)
        if source is None or source.id == event.id:
            raise NotFound
        programme = agenda.published(store, source.id)
        items = [i for i in (programme.items if programme else ()) if not i.cancelled]
        items = items or list(agenda.draft(store, source.id))
        if not items:
            raise Invalid("empty", field="source")
        copies = planning.moved_to(
            items,
            since=dates.to_local(source.starts_at, source.zone).date(),
            zone=source.zone,
            day=dates.to_local(event.starts_at, event.zone).date(),
            new_zone=event.zone,
        )
        if not with_people:
            copies = tuple(dataclasses.replace(item, people=()) for item in copies)
        here = {fold(room.name.pick("de")[0]): room for room in agenda.rooms(store, event.id)}
        copies = planning.places(copies, lambda room: _same_room(hand, room, here))
        plan = plan_of(store, event)
        with _recorded(hand, "begun", plan):
            return tuple(_write(hand, plan, Outcome(copies)))


def _same_room(hand: Hand, room: Room, here: dict[str, Room]) -> Room:
    key = fold(room.name.pick("de")[0])
    if key not in here:
        made = dataclasses.replace(room, id=0)
        room_id = agenda.save_room(hand.store, hand.event_id, made, position=len(here))
        here[key] = dataclasses.replace(room, id=room_id)
    return here[key]


def _recorded(hand: Hand, verb: str, plan: Plan) -> AbstractContextManager[None]:
    steps.edited(hand.store, hand.event_id, actor=hand.actor, now=hand.now)
    return steps.recorded(
        hand.store, hand.event_id, verb, present=plan.items, actor=hand.actor, now=hand.now
    )
