"""Seats as they are given: numbers, queues, and the workshops people chose."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.model.event import Event
from eventkit.model.registration import Registration, Seats, State
from eventkit.store.rows import Store, column


def seats(store: Store, event: Event) -> Seats:
    """The numbers of a meeting as they are now."""
    return seats_of(store, [event])[event.id]


def seats_of(store: Store, events: Iterable[Event]) -> dict[int, Seats]:
    """The numbers of several meetings in one query; companions count."""
    capacities = {event.id: event.capacity for event in events}
    marks = ", ".join(str(int(event_id)) for event_id in capacities) or "0"
    counted: dict[int, dict[str, int]] = {event_id: {} for event_id in capacities}
    sql = f"""SELECT event_id, state, sum(places) AS n FROM registrations
              WHERE event_id IN ({marks}) GROUP BY event_id, state"""
    for row in store.all(sql):
        counted[row["event_id"]][row["state"]] = row["n"]
    return {
        event_id: Seats(
            capacity=capacities[event_id],
            taken=sum(n.get(s, 0) for s in ("offered", "confirmed", "attended")),
            waiting=n.get("waiting", 0),
            requested=n.get("requested", 0),
            cancelled=n.get("cancelled", 0),
        )
        for event_id, n in counted.items()
    }


def waiting(store: Store, event_id: int, *, limit: int | None) -> list[int]:
    """The first ids of the waiting list in strict order of arrival; all without a limit."""
    sql = """SELECT id FROM registrations WHERE event_id = :id AND state = 'waiting'
             ORDER BY id LIMIT :limit"""
    return [row["id"] for row in store.all(sql, id=event_id, limit=-1 if limit is None else limit)]


def queue_place(store: Store, registration: Registration) -> int | None:
    """The place in the waiting list, from 1; None for whoever isn't waiting."""
    if registration.state is not State.WAITING:
        return None
    sql = """SELECT count(*) FROM registrations
             WHERE event_id = :event AND state = 'waiting' AND id <= :id"""
    return int(store.value(sql, event=registration.event_id, id=registration.id))


def item_seats(store: Store, event_id: int) -> dict[int, Seats]:
    """The numbers of each workshop that has choices, by item id, without their capacities."""
    rows = store.all(
        """SELECT c.item_id, sum(c.state = 'confirmed') AS taken,
               sum(c.state = 'waiting') AS waiting
           FROM choices c JOIN registrations r ON r.id = c.registration_id
           WHERE r.event_id = :id AND c.state <> 'cancelled' GROUP BY c.item_id""",
        id=event_id,
    )
    return {row["item_id"]: Seats(None, row["taken"], row["waiting"]) for row in rows}


def waiting_for_item(store: Store, item_id: int, *, limit: int | None) -> list[tuple[int, int]]:
    """(choice id, registration id) of those who wait for a workshop and hold a seat of the meeting.

    The first ones in strict order of arrival; all without a limit.
    """
    rows = store.all(
        """SELECT c.id, c.registration_id FROM choices c
           JOIN registrations r ON r.id = c.registration_id
           WHERE c.item_id = :id AND c.state = 'waiting' AND r.state IN ('confirmed', 'attended')
           ORDER BY c.id LIMIT :limit""",
        id=item_id,
        limit=-1 if limit is None else limit,
    )
    return [(row["id"], row["registration_id"]) for row in rows]


def confirm(store: Store, registration_id: int, *, now: datetime) -> None:
    """Give a seat."""
    store.update(
        "registrations", registration_id, state="confirmed", confirmed_at=now, changed_at=now
    )


def approve(store: Store, registration_id: int, *, now: datetime) -> None:
    """Let a requested registration join the queue for a seat."""
    store.update("registrations", registration_id, state="waiting", changed_at=now)


def confirm_choice(store: Store, choice_id: int, *, now: datetime) -> None:
    """Give a workshop place."""
    store.update("choices", choice_id, state="confirmed", changed_at=now)


def choose(store: Store, registration_id: int, item_id: int, *, uid: str, now: datetime) -> None:
    """Note the wish for a workshop, at the end of its queue."""
    store.insert(
        "choices",
        registration_id=registration_id,
        item_id=item_id,
        uid=uid,
        state="waiting",
        created_at=now,
        changed_at=now,
    )


def release_choices(store: Store, registration_id: int, *, now: datetime) -> list[int]:
    """Give back all workshop places of a registration; says in which workshops."""
    sql = "SELECT item_id FROM choices WHERE registration_id = :id AND state <> 'cancelled'"
    items = [row["item_id"] for row in store.all(sql, id=registration_id)]
    store.run(
        """UPDATE choices SET state = 'cancelled', changed_at = :now
           WHERE registration_id = :id AND state <> 'cancelled'""",
        id=registration_id,
        now=column(now),
    )
    return items
