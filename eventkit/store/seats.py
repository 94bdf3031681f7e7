"""Seats as they are given: numbers, queues, and the workshops people chose."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.model.event import Event
from eventkit.model.places import Limits, Queued, Stake
from eventkit.model.registration import Choice, Registration, Seats, State
from eventkit.store import quotas as quota_store
from eventkit.store.rows import Store, column


def seats(store: Store, event: Event) -> Seats:
    """The numbers of a meeting as they are now."""
    return seats_of(store, [event])[event.id]


def seats_of(store: Store, events: Iterable[Event]) -> dict[int, Seats]:
    """The numbers of several meetings in one query; companions count."""
    found = tuple(events)
    capacities = {event.id: event.capacity for event in found}
    marks = ", ".join(str(int(event_id)) for event_id in capacities) or "0"
    counted: dict[int, dict[str, int]] = {event_id: {} for event_id in capacities}
    limited = {event.id for event in found if event.per_organisation is not None}
    sql = f"""SELECT event_id, state, sum(places) AS n FROM registrations
              WHERE event_id IN ({marks}) GROUP BY event_id, state"""
    for row in store.all(sql):
        counted[row["event_id"]][row["state"]] = row["n"]
    sql = f"SELECT DISTINCT event_id FROM quotas WHERE event_id IN ({marks})"
    limited |= {row["event_id"] for row in store.all(sql)}
    return {
        event_id: Seats(
            capacity=capacities[event_id],
            taken=sum(n.get(s, 0) for s in ("offered", "confirmed", "attended")),
            waiting=n.get("waiting", 0),
            requested=n.get("requested", 0),
            cancelled=n.get("cancelled", 0),
            limited=event_id in limited,
            offered=n.get("offered", 0),
        )
        for event_id, n in counted.items()
    }


def tally(store: Store, event_id: int) -> dict[State, int]:
    """How many registrations (not persons) are in each state."""
    sql = "SELECT state, count(*) AS n FROM registrations WHERE event_id = :id GROUP BY state"
    return {State(row["state"]): row["n"] for row in store.all(sql, id=event_id)}


def limits(store: Store, event: Event) -> Limits:
    """Everything a seat of a meeting depends on, counted now."""
    quotas = quota_store.quotas(store, event.id)
    sql = """SELECT coalesce(sum(places), 0) FROM registrations
             WHERE event_id = :id AND state IN ('offered', 'confirmed', 'attended')"""
    limited = event.per_organisation is not None
    return Limits(
        capacity=event.capacity,
        taken=int(store.value(sql, id=event.id)),
        quotas=quotas,
        in_quotas=quota_store.taken(store, event.id) if quotas else {},
        per_organisation=event.per_organisation,
        in_organisations=quota_store.of_organisations(store, event.id) if limited else {},
    )


def queue(store: Store, event_id: int, *, limit: int | None = None) -> list[Queued]:
    """The waiting list in strict order of arrival, or its first ones."""
    rows = store.all(
        """SELECT id, places, group_id, organisation_key FROM registrations
           WHERE event_id = :id AND state = 'waiting' ORDER BY id LIMIT :limit""",
        id=event_id,
        limit=-1 if limit is None else limit,
    )
    return [Queued(r["id"], r["places"], r["group_id"], r["organisation_key"]) for r in rows]


def queue_place(store: Store, registration: Registration) -> int | None:
    """The place in the waiting list, from 1; None for whoever isn't waiting."""
    if registration.state is not State.WAITING:
        return None
    sql = """SELECT count(*) FROM registrations
             WHERE event_id = :event AND state = 'waiting' AND id <= :id"""
    return int(store.value(sql, event=registration.event_id, id=registration.id))


def item_place(store: Store, registration: Registration, choice: Choice) -> int:
    """The place in the queue of a workshop, from 1, among those who have a seat of the meeting."""
    sql = """SELECT count(*) FROM choices c JOIN registrations r ON r.id = c.registration_id
             WHERE c.item_id = :item AND c.state = 'waiting'
               AND (r.id = :id OR r.state IN ('confirmed', 'attended'))
               AND c.id <= (SELECT id FROM choices
                            WHERE registration_id = :id AND item_id = :item)"""
    return int(store.value(sql, id=registration.id, item=choice.item_id))


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


def stakes(store: Store, event_id: int) -> list[Stake]:
    """Every live wish for a workshop of those who wait for one, in the order of arrival."""
    rows = store.all(
        """SELECT c.id, c.registration_id, c.item_id, c.wish, c.state,
               r.state IN ('confirmed', 'attended') AS seated
           FROM choices c JOIN registrations r ON r.id = c.registration_id
           WHERE r.event_id = :id AND c.state <> 'cancelled' AND EXISTS (
               SELECT 1 FROM choices w WHERE w.registration_id = r.id AND w.state = 'waiting')
           ORDER BY c.id""",
        id=event_id,
    )
    return [
        Stake(
            id=row["id"],
            person=row["registration_id"],
            item=row["item_id"],
            wish=row["wish"],
            confirmed=row["state"] == "confirmed",
            seated=bool(row["seated"]),
        )
        for row in rows
    ]


def confirm(store: Store, registration_id: int, *, now: datetime) -> None:
    """Give a seat."""
    store.update(
        "registrations",
        registration_id,
        state="confirmed",
        confirmed_at=now,
        changed_at=now,
        offered_until=None,
    )


def offer(store: Store, registration_id: int, *, until: datetime, now: datetime) -> None:
    """Keep a seat for somebody until an instant."""
    store.update(
        "registrations", registration_id, state="offered", offered_until=until, changed_at=now
    )


def shorten_offers(store: Store, event: Event) -> None:
    """Let no offer of a meeting last past its start."""
    store.run(
        """UPDATE registrations SET offered_until = :start
           WHERE event_id = :id AND state = 'offered' AND offered_until > :start""",
        id=event.id,
        start=column(event.starts_at),
    )


def lapsed(store: Store, now: datetime, *, limit: int) -> list[int]:
    """The meetings with offers that ran out, those waiting longest first."""
    rows = store.all(
        """SELECT event_id FROM registrations WHERE state = 'offered' AND offered_until <= :now
           GROUP BY event_id ORDER BY min(offered_until) LIMIT :limit""",
        now=column(now),
        limit=limit,
    )
    return [row["event_id"] for row in rows]


def lapsed_in(store: Store, event_id: int, now: datetime, *, limit: int) -> list[int]:
    """The registrations of a meeting whose offer ran out, in order of arrival."""
    rows = store.all(
        """SELECT id FROM registrations WHERE event_id = :id AND state = 'offered'
           AND offered_until <= :now ORDER BY offered_until, id LIMIT :limit""",
        id=event_id,
        now=column(now),
        limit=limit,
    )
    return [row["id"] for row in rows]


def approve(store: Store, registration_id: int, *, now: datetime) -> None:
    """Let a requested registration join the queue for a seat."""
    store.update("registrations", registration_id, state="waiting", changed_at=now)


def set_group(store: Store, registration_id: int, group_id: int | None, *, now: datetime) -> None:
    """Put somebody into another group."""
    store.update("registrations", registration_id, group_id=group_id, changed_at=now)


def confirm_choice(store: Store, choice_id: int, *, now: datetime) -> None:
    """Give a workshop place."""
    store.update("choices", choice_id, state="confirmed", changed_at=now)


def end_choice(store: Store, choice_id: int, *, now: datetime) -> None:
    """End one wish for a workshop; its place, if there was one, is free."""
    store.update("choices", choice_id, state="cancelled", changed_at=now)


def unchoose(store: Store, registration_id: int, item_id: int, *, now: datetime) -> None:
    """End somebody's wish for a workshop; its place, if there was one, is free."""
    store.run(
        """UPDATE choices SET state = 'cancelled', changed_at = :now
           WHERE registration_id = :id AND item_id = :item AND state <> 'cancelled'""",
        id=registration_id,
        item=item_id,
        now=column(now),
    )


def set_wish(store: Store, registration_id: int, item_id: int, wish: int, *, now: datetime) -> None:
    """Make a wish the first or the second at its time; its place in the queue stays."""
    store.run(
        """UPDATE choices SET wish = :wish, changed_at = :now
           WHERE registration_id = :id AND item_id = :item AND state <> 'cancelled'""",
        id=registration_id,
        item=item_id,
        wish=wish,
        now=column(now),
    )


def set_places(store: Store, registration_id: int, places: int, *, now: datetime) -> None:
    """How many persons a registration stands for; the names are kept beside it."""
    store.update("registrations", registration_id, places=places, changed_at=now)


def choose(
    store: Store, registration_id: int, item_id: int, *, uid: str, now: datetime, wish: int = 1
) -> None:
    """Note the wish for a workshop, at the end of its queue; one that had ended begins anew."""
    store.run(
        """DELETE FROM choices WHERE registration_id = :id AND item_id = :item
           AND state = 'cancelled'""",
        id=registration_id,
        item=item_id,
    )
    store.insert(
        "choices",
        registration_id=registration_id,
        item_id=item_id,
        uid=uid,
        wish=wish,
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
