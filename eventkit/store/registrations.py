"""Registrations, their workshops, consents and personal tokens."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from eventkit.model.registration import (
    CancelledBy,
    Choice,
    Consent,
    Registration,
    Source,
    State,
)
from eventkit.store.rows import Row, Store, column, fold, instant, instant_or_none, pattern

_SELECT = "SELECT r.* FROM registrations r "
_LIVE = "r.state <> 'cancelled' AND r.anonymised_at IS NULL"


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
        "event_id uid name email organisation role access_needs diet language state nonce "
        "group_id places party source code_id price_id offered_until attended_at "
        "billing"
    ).split()
    registration_id = store.insert(
        "registrations",
        **{name: getattr(registration, name) for name in names},
        attempt=attempt,
        email_key=email_key,
        organisation_key=fold(registration.organisation),
        created_at=now,
        changed_at=now,
    )
    set_companions(store, registration_id, registration.companions)
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


def set_companions(store: Store, registration_id: int, names: Iterable[str]) -> None:
    """Write down who comes along; `places` of the registration is not touched."""
    store.run("DELETE FROM companions WHERE registration_id = :id", id=registration_id)
    for position, name in enumerate(names, 1):
        store.insert("companions", registration_id=registration_id, position=position, name=name)


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


def readdress(
    store: Store, registration_id: int, *, email: str, email_key: str, now: datetime
) -> None:
    """Keep the address at which somebody can be reached."""
    store.update("registrations", registration_id, email=email, email_key=email_key, changed_at=now)


def raise_sequence(store: Store, registration_id: int, sequence: int) -> None:
    """Keep the SEQUENCE last decided for a registration's invite."""
    store.update("registrations", registration_id, sequence=sequence)


def attendees(
    store: Store,
    event_id: int,
    *,
    words: str = "",
    states: Iterable[State] = (),
    answer: tuple[int, str] | None = None,
    group: int | None = None,
    limit: int = -1,
    offset: int = 0,
) -> list[Registration]:
    """Registrations of a meeting for its organisers, in order of arrival, with their workshops.

    `answer` keeps those who answered a question (by id) with an option (yes_no: yes or no).
    """
    where, values = _attendee_filter(event_id, words, states, answer, group)
    rows = store.all(
        f"{_SELECT}WHERE {where} ORDER BY r.id LIMIT :limit OFFSET :offset",
        **values,
        limit=limit,
        offset=offset,
    )
    ids = f"SELECT r.id FROM registrations r WHERE {where}"
    choices, companions = _choices(store, ids, values), _companions(store, ids, values)
    return [_of(row, choices.get(row["id"], ()), (), companions.get(row["id"], ())) for row in rows]


def some(store: Store, registration_ids: Iterable[int]) -> list[Registration]:
    """Registrations by their ids, in order of arrival, with their workshops."""
    ids = ", ".join(str(int(number)) for number in registration_ids) or "0"
    rows = store.all(f"{_SELECT}WHERE r.id IN ({ids}) ORDER BY r.id")
    choices, companions = _choices(store, ids, {}), _companions(store, ids, {})
    return [_of(row, choices.get(row["id"], ()), (), companions.get(row["id"], ())) for row in rows]


def party_of(store: Store, registration: Registration) -> list[Registration]:
    """Those who were registered together with somebody, in order of arrival."""
    rows = store.all(
        """SELECT id FROM registrations WHERE event_id = :event AND party = :party
             AND party <> '' AND id <> :id AND anonymised_at IS NULL ORDER BY id""",
        event=registration.event_id,
        party=registration.party,
        id=registration.id,
    )
    return some(store, [row["id"] for row in rows]) if rows else []


def count_attendees(
    store: Store,
    event_id: int,
    *,
    words: str = "",
    states: Iterable[State] = (),
    answer: tuple[int, str] | None = None,
    group: int | None = None,
) -> int:
    """How many registrations a search finds."""
    where, values = _attendee_filter(event_id, words, states, answer, group)
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
    event_id: int,
    words: str,
    states: Iterable[State],
    answer: tuple[int, str] | None,
    group: int | None,
) -> tuple[str, dict[str, object]]:
    where = ["r.event_id = :event"]
    if words.strip():
        where.append(
            "fold(r.name || ' ' || r.email || ' ' || r.organisation) LIKE :words ESCAPE '!'"
        )
    wanted = sorted({State(state).value for state in states})
    if wanted:
        where.append("r.state IN (" + ", ".join(f"'{state}'" for state in wanted) + ")")
    values: dict[str, object] = {"event": event_id, "words": pattern(words)}
    if group is not None:
        where.append("r.group_id = :group")
        values["group"] = group
    if answer is not None:
        where.append(
            """EXISTS (SELECT 1 FROM answers a, json_each(a.value) j
                       WHERE a.registration_id = r.id AND a.question_id = :question
                         AND CASE j.type WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no'
                             ELSE j.value END = :option)"""
        )
        values |= {"question": answer[0], "option": answer[1]}
    return " AND ".join(where), values


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


def _companions(
    store: Store, ids_sql: str, values: dict[str, object]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    sql = f"""SELECT registration_id, name FROM companions
              WHERE registration_id IN ({ids_sql}) ORDER BY registration_id, position"""
    for row in store.all(sql, **values):
        found.setdefault(row["registration_id"], []).append(row["name"])
    return {key: tuple(names) for key, names in found.items()}


def _registration(store: Store, row: Row) -> Registration:
    choices = _choices(store, ":id", {"id": row["id"]})
    companions = _companions(store, ":id", {"id": row["id"]})
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
    return _of(row, choices.get(row["id"], ()), consents, companions.get(row["id"], ()))


def _of(
    row: Row,
    choices: tuple[Choice, ...],
    consents: tuple[Consent, ...],
    companions: tuple[str, ...] = (),
) -> Registration:
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
        group_id=row["group_id"],
        places=row["places"],
        companions=companions,
        party=row["party"],
        source=Source(row["source"]),
        code_id=row["code_id"],
        price_id=row["price_id"],
        offered_until=instant_or_none(row["offered_until"]),
        attended_at=instant_or_none(row["attended_at"]),
        billing=row["billing"],
    )
