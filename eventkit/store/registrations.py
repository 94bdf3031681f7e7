"""Registrations, their workshops, consents and personal tokens."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from eventkit.model.event import Event
from eventkit.model.registration import (
    CancelledBy,
    Choice,
    Consent,
    Registration,
    Seats,
    State,
)
from eventkit.store.rows import Row, Store, column, instant, instant_or_none, pattern

_SELECT = "SELECT r.* FROM registrations r "
_LIVE = "r.state <> 'cancelled' AND r.anonymised_at IS NULL"


def seats(store: Store, event: Event) -> Seats:
    """The numbers of a meeting as they are now."""
    return seats_of(store, [event])[event.id]


def seats_of(store: Store, events: Iterable[Event]) -> dict[int, Seats]:
    """The numbers of several meetings in one query."""
    capacities = {event.id: event.capacity for event in events}
    marks = ", ".join(str(int(event_id)) for event_id in capacities) or "0"
    counted: dict[int, dict[str, int]] = {event_id: {} for event_id in capacities}
    sql = f"""SELECT event_id, state, count(*) AS n FROM registrations
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


def by_attempt(store: Store, event_id: int, attempt: str) -> Registration | None:
    """The registration an earlier try of the same form made (R3)."""
    row = store.one(
        _SELECT + "WHERE r.event_id = :event AND r.attempt = :attempt",
        event=event_id,
        attempt=attempt,
    )
    return _registration(store, row) if row else None


def live_by_address(store: Store, event_id: int, email_key: str) -> Registration | None:
    """The live registration of an address for a meeting."""
    row = store.one(
        _SELECT + f"WHERE r.event_id = :event AND r.email_key = :key AND {_LIVE}",
        event=event_id,
        key=email_key,
    )
    return _registration(store, row) if row else None


def coming_of_address(store: Store, email_key: str, *, now: datetime) -> list[Registration]:
    """The live registrations of an address for meetings whose links still open."""
    rows = store.all(
        _SELECT
        + f"""JOIN events e ON e.id = r.event_id
              WHERE r.email_key = :key AND {_LIVE} AND e.ends_at > :now
              ORDER BY e.starts_at LIMIT 20""",
        key=email_key,
        now=column(now),
    )
    return [_of(row, (), ()) for row in rows]


def by_id(store: Store, registration_id: int) -> Registration | None:
    """The registration with an id."""
    row = store.one(_SELECT + "WHERE r.id = :id", id=registration_id)
    return _registration(store, row) if row else None


def by_token(store: Store, token_hash: str, purpose: str, *, now: datetime) -> Registration | None:
    """The registration a personal link opens, unless the link was revoked or ran out."""
    row = store.one(
        _SELECT
        + """JOIN tokens t ON t.subject_id = r.id
             WHERE t.hash = :hash AND t.purpose = :purpose AND t.revoked_at IS NULL
               AND (t.expires_at IS NULL OR t.expires_at > :now) AND r.anonymised_at IS NULL""",
        hash=token_hash,
        purpose=purpose,
        now=column(now),
    )
    return _registration(store, row) if row else None


def add_token(
    store: Store,
    *,
    token_hash: str,
    purpose: str,
    subject_id: int,
    now: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Keep the hash of a personal link."""
    store.insert(
        "tokens",
        hash=token_hash,
        purpose=purpose,
        subject_id=subject_id,
        created_at=now,
        expires_at=expires_at,
    )


def keep_links_until(store: Store, event_id: int, ends_at: datetime) -> None:
    """Let the open personal links of a meeting end at another instant."""
    store.run(
        """UPDATE tokens SET expires_at = :at
           WHERE purpose = 'registration' AND expires_at IS NOT NULL AND revoked_at IS NULL
             AND subject_id IN (SELECT id FROM registrations WHERE event_id = :event)""",
        at=column(ends_at),
        event=event_id,
    )


def token_ended(store: Store, token_hash: str, *, now: datetime) -> datetime | None:
    """When a personal link ended (revoked, run out, its person anonymous); None if it never was."""
    row = store.one(
        """SELECT t.revoked_at, t.expires_at, r.anonymised_at
           FROM tokens t LEFT JOIN registrations r ON r.id = t.subject_id WHERE t.hash = :hash""",
        hash=token_hash,
    )
    moments = [instant(value) for value in (row or {}).values() if value is not None]
    return min((moment for moment in moments if moment <= now), default=None)


def create(
    store: Store, registration: Registration, *, attempt: str, email_key: str, now: datetime
) -> int:
    """Insert a registration (its id is not used) with its consents; returns the id."""
    names = (
        "event_id uid name email organisation role access_needs diet language state nonce".split()
    )
    registration_id = store.insert(
        "registrations",
        **{name: getattr(registration, name) for name in names},
        attempt=attempt,
        email_key=email_key,
        created_at=now,
        changed_at=now,
    )
    for consent in registration.consents:
        store.insert(
            "consents",
            registration_id=registration_id,
            purpose=consent.purpose,
            text=consent.text,
            language=consent.language,
            given_at=consent.given_at,
        )
    return registration_id


def confirm(store: Store, registration_id: int, *, now: datetime) -> None:
    """Give a seat."""
    store.update(
        "registrations", registration_id, state="confirmed", confirmed_at=now, changed_at=now
    )


def approve(store: Store, registration_id: int, *, now: datetime) -> None:
    """Let a requested registration join the queue for a seat."""
    store.update("registrations", registration_id, state="waiting", changed_at=now)


def cancel(
    store: Store, registration_id: int, by: CancelledBy, *, sequence: int, now: datetime
) -> None:
    """Give a seat (or a place in the queue) back."""
    store.update(
        "registrations",
        registration_id,
        state="cancelled",
        cancelled_at=now,
        cancelled_by=by,
        sequence=sequence,
        changed_at=now,
    )


def raise_sequence(store: Store, registration_id: int, sequence: int) -> None:
    """Keep the SEQUENCE last decided for a registration's invite."""
    store.update("registrations", registration_id, sequence=sequence)


def attendees(
    store: Store,
    event_id: int,
    *,
    words: str = "",
    states: Iterable[State] = (),
    limit: int = -1,
    offset: int = 0,
) -> list[Registration]:
    """Registrations of a meeting for its organisers, in order of arrival, with their workshops."""
    where, values = _attendee_filter(event_id, words, states)
    rows = store.all(
        f"{_SELECT}WHERE {where} ORDER BY r.id LIMIT :limit OFFSET :offset",
        **values,
        limit=limit,
        offset=offset,
    )
    choices = _choices(store, f"SELECT r.id FROM registrations r WHERE {where}", values)
    return [_of(row, choices.get(row["id"], ()), ()) for row in rows]


def count_attendees(
    store: Store, event_id: int, *, words: str = "", states: Iterable[State] = ()
) -> int:
    """How many registrations a search finds."""
    where, values = _attendee_filter(event_id, words, states)
    return int(store.value(f"SELECT count(*) FROM registrations r WHERE {where}", **values))


def per_day_of(store: Store, event_ids: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """How many registrations of each meeting arrived on each day (UTC), for the curve."""
    marks = ", ".join(str(int(event_id)) for event_id in event_ids) or "0"
    found: dict[int, list[tuple[str, int]]] = {}
    sql = f"""SELECT event_id, substr(created_at, 1, 10) AS day, count(*) AS n FROM registrations
              WHERE event_id IN ({marks}) GROUP BY event_id, day ORDER BY day"""
    for row in store.all(sql):
        found.setdefault(row["event_id"], []).append((row["day"], row["n"]))
    return found


def holders_of_invites(store: Store, event_id: int) -> Iterator[Registration]:
    """Everybody live on a meeting (waiting people too), in order of arrival."""
    for registration in attendees(store, event_id):
        if registration.state is not State.CANCELLED:
            yield registration


def _attendee_filter(
    event_id: int, words: str, states: Iterable[State]
) -> tuple[str, dict[str, object]]:
    where = ["r.event_id = :event"]
    if words.strip():
        where.append(
            "fold(r.name || ' ' || r.email || ' ' || r.organisation) LIKE :words ESCAPE '!'"
        )
    wanted = sorted({State(state).value for state in states})
    if wanted:
        where.append("r.state IN (" + ", ".join(f"'{state}'" for state in wanted) + ")")
    return " AND ".join(where), {"event": event_id, "words": pattern(words)}


def _choices(
    store: Store, ids_sql: str, values: dict[str, object]
) -> dict[int, tuple[Choice, ...]]:
    found: dict[int, list[Choice]] = {}
    sql = f"""SELECT registration_id, item_id, wish, state FROM choices
              WHERE state <> 'cancelled' AND registration_id IN ({ids_sql}) ORDER BY wish, id"""
    for row in store.all(sql, **values):
        choice = Choice(row["item_id"], row["wish"], row["state"] == "confirmed")
        found.setdefault(row["registration_id"], []).append(choice)
    return {key: tuple(choices) for key, choices in found.items()}


def _registration(store: Store, row: Row) -> Registration:
    choices = _choices(store, ":id", {"id": row["id"]})
    consents = tuple(
        Consent(
            c["purpose"],
            c["text"],
            c["language"],
            instant(c["given_at"]),
            instant_or_none(c["withdrawn_at"]),
        )
        for c in store.all(
            "SELECT * FROM consents WHERE registration_id = :id ORDER BY id", id=row["id"]
        )
    )
    return _of(row, choices.get(row["id"], ()), consents)


def _of(row: Row, choices: tuple[Choice, ...], consents: tuple[Consent, ...]) -> Registration:
    return Registration(
        id=row["id"],
        event_id=row["event_id"],
        uid=row["uid"],
        sequence=row["sequence"],
        name=row["name"],
        email=row["email"],
        organisation=row["organisation"],
        role=row["role"],
        access_needs=row["access_needs"],
        diet=row["diet"],
        language=row["language"],
        state=State(row["state"]),
        created_at=instant(row["created_at"]),
        changed_at=instant(row["changed_at"]),
        confirmed_at=instant_or_none(row["confirmed_at"]),
        cancelled_at=instant_or_none(row["cancelled_at"]),
        cancelled_by=CancelledBy(row["cancelled_by"]) if row["cancelled_by"] else None,
        nonce=row["nonce"],
        choices=choices,
        consents=consents,
    )
