"""The programme: the draft that organisers edit, and the numbered versions everybody sees."""

from collections.abc import Sequence
from datetime import datetime

from eventkit.model.agenda import Item, Kind, Part, Programme, Role, Room
from eventkit.model.event import Event
from eventkit.store.events import some
from eventkit.store.people import person_of
from eventkit.store.rows import Row, Store, instant, instant_or_none, text

_PERSON = ", ".join(
    f"pe.{name} AS person_{name}"
    for name in (
        "id slug name former_name function organisation biography website email photo photo_alt "
        "photo_credit language"
    ).split()
)


def rooms(store: Store, event_id: int) -> list[Room]:
    """The rooms of a meeting in their order."""
    sql = "SELECT * FROM rooms WHERE event_id = :id ORDER BY position, id"
    return [
        Room(r["id"], text(r["name"]), r["capacity"], text(r["note"]))
        for r in store.all(sql, id=event_id)
    ]


def save_room(store: Store, event_id: int, room: Room, *, position: int) -> int:
    """Create a room (id 0) or write one back; returns its id."""
    values = {"name": room.name, "capacity": room.capacity, "note": room.note, "position": position}
    if not room.id:
        return store.insert("rooms", event_id=event_id, **values)
    store.update("rooms", room.id, **values)
    return room.id


def remove_room(store: Store, room_id: int) -> None:
    """Delete a room; its draft items stay without one."""
    store.run("DELETE FROM rooms WHERE id = :id", id=room_id)


def draft(store: Store, event_id: int) -> tuple[Item, ...]:
    """The items organisers are working on, in order of time."""
    items = store.all(
        """SELECT i.*, i.id AS item_id, r.name AS room, r.capacity AS room_capacity,
               r.note AS room_note, NULL AS sequence, NULL AS revised_at, 0 AS cancelled
           FROM agenda_items i LEFT JOIN rooms r ON r.id = i.room_id
           WHERE i.event_id = :id AND i.removed_at IS NULL
           ORDER BY i.starts_at, r.position, i.ends_at, i.id""",
        id=event_id,
    )
    people = store.all(
        f"""SELECT ip.item_id, ip.role, ip.function, ip.organisation, {_PERSON}
            FROM item_people ip JOIN people pe ON pe.id = ip.person_id
            JOIN agenda_items i ON i.id = ip.item_id
            WHERE i.event_id = :id ORDER BY ip.position, pe.id""",
        id=event_id,
    )
    return _items(items, people)


def draft_item(store: Store, event_id: int, item_id: int) -> Item | None:
    """One draft item of this meeting."""
    return next((item for item in draft(store, event_id) if item.id == item_id), None)


def published(store: Store, event_id: int, *, version: int | None = None) -> Programme | None:
    """The programme everybody sees (or an older version); None before the first."""
    row = store.one(
        """SELECT * FROM programmes
           WHERE event_id = :id AND (:version IS NULL OR version = :version)
           ORDER BY version DESC LIMIT 1""",
        id=event_id,
        version=version,
    )
    if row is None:
        return None
    return programmes_of(store, [row])[row["id"]]


def counts(store: Store, event_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Of each meeting: draft items, those changed since its last version, those without slides.

    Slides are missed of talks and workshops that have people. For the dashboard: one query.
    """
    marks = ", ".join(str(int(event_id)) for event_id in event_ids) or "0"
    rows = store.all(
        f"""SELECT i.event_id, sum(i.removed_at IS NULL) AS items,
                sum(p.published_at IS NOT NULL AND i.changed_at > p.published_at) AS changed,
                sum(i.removed_at IS NULL AND i.kind IN ('talk', 'workshop')
                    AND EXISTS (SELECT 1 FROM item_people ip WHERE ip.item_id = i.id)
                    AND NOT EXISTS (SELECT 1 FROM materials m
                        WHERE m.item_id = i.id AND m.removed_at IS NULL)) AS bare
            FROM agenda_items i
            LEFT JOIN (SELECT event_id, max(published_at) AS published_at FROM programmes
                WHERE event_id IN ({marks}) GROUP BY event_id) p ON p.event_id = i.event_id
            WHERE i.event_id IN ({marks}) GROUP BY i.event_id"""
    )
    return {row["event_id"]: (row["items"], row["changed"], row["bare"]) for row in rows}


def published_of(store: Store, event_ids: Sequence[int]) -> dict[int, Programme]:
    """The programmes everybody sees of several meetings, in three queries."""
    wanted = ", ".join(str(int(event_id)) for event_id in event_ids) or "0"
    rows = store.all(
        f"""SELECT p.* FROM programmes p WHERE p.event_id IN ({wanted}) AND p.version =
            (SELECT max(version) FROM programmes WHERE event_id = p.event_id)"""
    )
    programmes = programmes_of(store, rows)
    return {row["event_id"]: programmes[row["id"]] for row in rows}


def programmes_of(store: Store, rows: Sequence[Row]) -> dict[int, Programme]:
    """Whole versions from their rows, by the id of the row, in two queries."""
    marks = ", ".join(str(row["id"]) for row in rows) or "0"
    items: dict[int, list[Row]] = {row["id"]: [] for row in rows}
    people: dict[int, list[Row]] = {row["id"]: [] for row in rows}
    for item in store.each(
        f"""SELECT pi.*, i.uid, r.capacity AS room_capacity, r.note AS room_note
            FROM programme_items pi JOIN agenda_items i ON i.id = pi.item_id
            LEFT JOIN rooms r ON r.id = pi.room_id
            WHERE pi.programme_id IN ({marks})
            ORDER BY pi.starts_at, r.position, pi.ends_at, pi.item_id"""
    ):
        items[item["programme_id"]].append(item)
    for person in store.each(
        f"""SELECT pp.programme_id, pp.item_id, pp.role, pp.function, pp.organisation, {_PERSON}
            FROM programme_people pp JOIN people pe ON pe.id = pp.person_id
            WHERE pp.programme_id IN ({marks}) ORDER BY pp.position, pe.id"""
    ):
        people[person["programme_id"]].append(person)
    return {
        row["id"]: Programme(
            version=row["version"],
            published_at=instant(row["published_at"]),
            items=_items(items[row["id"]], people[row["id"]]),
            note=text(row["note"]),
            changes=row["changes"],
        )
        for row in rows
    }


def save_item(store: Store, event_id: int, item: Item, *, now: datetime) -> int:
    """Create a draft item (id 0) or write one back, with its people; returns its id."""
    values = {
        "kind": item.kind,
        "title": item.title,
        "abstract": item.abstract,
        "language": item.language,
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
        "room_id": item.room.id if item.room else None,
        "track": item.track,
        "capacity": item.capacity,
        "changed_at": now,
    }
    if item.id:
        store.update("agenda_items", item.id, **values)
        item_id = item.id
    else:
        item_id = store.insert(
            "agenda_items", event_id=event_id, uid=item.uid, created_at=now, **values
        )
    store.run("DELETE FROM item_people WHERE item_id = :id", id=item_id)
    for position, part in enumerate(item.people):
        store.insert(
            "item_people",
            item_id=item_id,
            person_id=part.person.id,
            role=part.role,
            position=position,
            function=part.function,
            organisation=part.organisation,
        )
    return item_id


def remove_item(store: Store, item_id: int, *, now: datetime) -> None:
    """Take an item out of the draft; its identity stays."""
    store.update("agenda_items", item_id, removed_at=now, changed_at=now)


def publish(store: Store, event_id: int, programme: Programme, *, published_by: str) -> None:
    """Keep a numbered version for good."""
    programme_id = store.insert(
        "programmes",
        event_id=event_id,
        version=programme.version,
        published_at=programme.published_at,
        published_by=published_by,
        note=programme.note,
        changes=programme.changes,
    )
    for item in programme.items:
        store.insert("programme_items", programme_id=programme_id, **_published_columns(item))
        for position, part in enumerate(item.people):
            store.insert(
                "programme_people",
                programme_id=programme_id,
                item_id=item.id,
                person_id=part.person.id,
                role=part.role,
                position=position,
                function=part.function,
                organisation=part.organisation,
            )


def appearances(store: Store, person_id: int) -> list[tuple[Event, Item]]:
    """What a person did or does in published programmes of public meetings, the latest first."""
    rows = store.all(
        """SELECT DISTINCT pp.item_id, p.id AS programme_id, e.id AS event_id
           FROM programme_people pp JOIN programmes p ON p.id = pp.programme_id
           JOIN events e ON e.id = p.event_id
           JOIN programme_items pi ON pi.programme_id = p.id AND pi.item_id = pp.item_id
           WHERE pp.person_id = :id AND e.stage <> 'draft' AND e.listed = 1 AND pi.cancelled = 0
             AND p.version = (SELECT max(version) FROM programmes WHERE event_id = e.id)
           ORDER BY pi.starts_at DESC""",
        id=person_id,
    )
    found = []
    events = some(store, {row["event_id"] for row in rows})
    programmes = published_of(store, sorted(events))
    for row in rows:
        items = programmes[row["event_id"]].items
        found += [(events[row["event_id"]], item) for item in items if item.id == row["item_id"]]
    return found


def _published_columns(item: Item) -> dict[str, object]:
    names = (
        "kind title abstract language starts_at ends_at track capacity sequence cancelled".split()
    )
    values: dict[str, object] = {name: getattr(item, name) for name in names}
    return values | {
        "item_id": item.id,
        "revised_at": item.revised_at,
        "room": item.room.name if item.room else "{}",
        "room_id": item.room.id if item.room else None,
    }


def _items(rows: Sequence[Row], people: Sequence[Row]) -> tuple[Item, ...]:
    parts: dict[int, list[Part]] = {}
    for row in people:
        part = Part(
            person=person_of(row, "person_"),
            role=Role(row["role"]),
            function=text(row["function"]),
            organisation=text(row["organisation"]),
        )
        parts.setdefault(row["item_id"], []).append(part)
    return tuple(_item(row, tuple(parts.get(row["item_id"], ()))) for row in rows)


def _item(row: Row, people: tuple[Part, ...]) -> Item:
    name = text(row["room"])
    room = Room(row["room_id"] or 0, name, row["room_capacity"], text(row["room_note"]))
    return Item(
        id=row["item_id"],
        uid=row["uid"],
        kind=Kind(row["kind"]),
        title=text(row["title"]),
        abstract=text(row["abstract"]),
        language=row["language"],
        starts_at=instant(row["starts_at"]),
        ends_at=instant(row["ends_at"]),
        room=room if name else None,
        track=row["track"],
        capacity=row["capacity"],
        people=people,
        sequence=row["sequence"] or 0,
        revised_at=instant_or_none(row["revised_at"]),
        cancelled=bool(row["cancelled"]),
    )
