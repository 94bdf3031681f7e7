"""Steps of editing a draft: the former and the later state of the items they touched."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from eventkit.model.agenda import Item
from eventkit.model.draft import State, Step
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.store import agenda, events
from eventkit.store.rows import Row, Store, instant, stamp

KEPT = 200


def states(store: Store, event_id: int) -> dict[int, State]:
    """Every item of the draft as a step keeps it, by id."""
    return states_of(agenda.draft(store, event_id))


def states_of(items: Iterable[Item]) -> dict[int, State]:
    """Items as a step keeps them, by id."""
    return {item.id: _state(item) for item in items}


def _state(item: Item) -> State:
    return {
        "kind": item.kind.value,
        "title": [item.title.de, item.title.en],
        "abstract": [item.abstract.de, item.abstract.en],
        "language": item.language,
        "starts_at": stamp(item.starts_at),
        "ends_at": stamp(item.ends_at),
        "room_id": item.room.id if item.room else None,
        "track": item.track,
        "capacity": item.capacity,
        "people": [
            [
                part.person.id,
                part.role.value,
                [part.function.de, part.function.en],
                [part.organisation.de, part.organisation.en],
            ]
            for part in item.people
        ],
    }


def add(
    store: Store,
    event_id: int,
    verb: str,
    *,
    before: Mapping[int, State | None],
    after: Mapping[int, State | None],
    actor: str,
    now: datetime,
) -> None:
    """Keep a step. What was undone before it can't be done again; very old ones go."""
    store.run("DELETE FROM draft_steps WHERE event_id = :id AND undone = 1", id=event_id)
    store.insert(
        "draft_steps",
        event_id=event_id,
        at=now,
        actor=actor,
        verb=verb,
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps(after, ensure_ascii=False),
    )
    store.run(
        """DELETE FROM draft_steps WHERE event_id = :id AND id NOT IN
           (SELECT id FROM draft_steps WHERE event_id = :id ORDER BY id DESC LIMIT :kept)""",
        id=event_id,
        kept=KEPT,
    )


def last_done(store: Store, event_id: int) -> Step | None:
    """The step that would be undone now."""
    return _one(store, event_id, "undone = 0 ORDER BY id DESC")


def first_undone(store: Store, event_id: int) -> Step | None:
    """The step that would be done again now."""
    return _one(store, event_id, "undone = 1 ORDER BY id")


def last_of_item(store: Store, event_id: int, item_id: int) -> Step | None:
    """The latest step that touched an item, to say who changed it."""
    key = f"$.{json.dumps(str(item_id))}"
    where = "undone = 0 AND (json_type(before, :key) IS NOT NULL OR json_type(after, :key) IS NOT"
    return _one(store, event_id, f"{where} NULL) ORDER BY id DESC", key=key)


def _one(store: Store, event_id: int, which: str, **values: str) -> Step | None:
    sql = f"SELECT * FROM draft_steps WHERE event_id = :id AND {which} LIMIT 1"
    row = store.one(sql, id=event_id, **values)
    return _step(store, event_id, row) if row else None


def _step(store: Store, event_id: int, row: Row) -> Step:
    rooms = {room.id for room in agenda.rooms(store, event_id)}
    found = []
    for name in ("before", "after"):
        kept = json.loads(row[name])
        found.append({int(key): _known(state, rooms) for key, state in kept.items()})
    return Step(
        id=row["id"],
        at=instant(row["at"]),
        actor=row["actor"],
        verb=row["verb"],
        before=found[0],
        after=found[1],
        undone=bool(row["undone"]),
    )


def _known(state: dict[str, Any] | None, rooms: set[int]) -> State | None:
    """The state without a room that is not there any more."""
    if state is not None and state["room_id"] not in rooms:
        return state | {"room_id": None}
    return state


def set_undone(store: Store, step_id: int, *, undone: bool) -> None:
    """Mark a step as taken back, or as done again."""
    store.update("draft_steps", step_id, undone=undone)


def forget(store: Store, before: datetime) -> None:
    """Drop the steps of meetings that ended before an instant."""
    store.run(
        """DELETE FROM draft_steps WHERE event_id IN
           (SELECT id FROM events WHERE ends_at < :before)""",
        before=stamp(before),
    )


def restore(store: Store, wanted: Mapping[int, State | None], *, now: datetime) -> None:
    """Bring items to these states, whether they are in the draft now or not."""
    for item_id, state in wanted.items():
        if state is None:
            agenda.remove_item(store, item_id, now=now)
            continue
        values = {name: value for name, value in state.items() if name != "people"}
        for name in ("title", "abstract"):
            values[name] = Text(*values[name])
        store.update("agenda_items", item_id, **values, removed_at=None, changed_at=now)
        _set_people(store, item_id, state["people"])


def _set_people(store: Store, item_id: int, parts: Sequence[Sequence[Any]]) -> None:
    store.run("DELETE FROM item_people WHERE item_id = :id", id=item_id)
    for position, (person_id, role, function, organisation) in enumerate(parts):
        store.insert(
            "item_people",
            item_id=item_id,
            person_id=person_id,
            role=role,
            position=position,
            function=Text(*function),
            organisation=Text(*organisation),
        )


def programmes_but(store: Store, event_id: int) -> list[Event]:
    """Other meetings that have a programme, the latest first."""
    rows = store.all(
        """SELECT e.id FROM events e WHERE e.id <> :id AND EXISTS (SELECT 1 FROM agenda_items i
               WHERE i.event_id = e.id AND i.removed_at IS NULL)
           ORDER BY e.starts_at DESC, e.id DESC LIMIT 40""",
        id=event_id,
    )
    known = events.some(store, [row["id"] for row in rows])
    return [known[row["id"]] for row in rows]


def place(store: Store, item: Item, *, now: datetime) -> None:
    """Write back only when and where an item is."""
    store.update(
        "agenda_items",
        item.id,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        room_id=item.room.id if item.room else None,
        changed_at=now,
    )
