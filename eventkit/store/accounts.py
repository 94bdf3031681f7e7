"""Organisers and their logged-in browsers."""

from datetime import datetime

from eventkit.model.account import Access, Organiser, Session
from eventkit.store.rows import Row, Store, column, instant, instant_or_none


def by_address(store: Store, email_key: str) -> Organiser | None:
    """The account of an address, disabled ones too."""
    row = store.one("SELECT * FROM organisers WHERE email_key = :key", key=email_key)
    return _organiser(row) if row else None


def by_id(store: Store, organiser_id: int) -> Organiser | None:
    """The account with an id."""
    row = store.one("SELECT * FROM organisers WHERE id = :id", id=organiser_id)
    return _organiser(row) if row else None


def every(store: Store) -> list[Organiser]:
    """All accounts by name."""
    rows = store.all("SELECT * FROM organisers ORDER BY fold(name), id")
    return [_organiser(row) for row in rows]


def create(store: Store, organiser: Organiser, *, email_key: str) -> int:
    """Insert an account (its id is not used) and return its id."""
    return store.insert(
        "organisers",
        email=organiser.email,
        email_key=email_key,
        name=organiser.name,
        password_hash=organiser.password_hash,
        access=organiser.access,
        language=organiser.language,
        created_at=organiser.created_at,
    )


def set_password(store: Store, organiser_id: int, password_hash: str) -> None:
    """Replace the password and end every session of the account (R13)."""
    store.update("organisers", organiser_id, password_hash=password_hash)
    store.run("DELETE FROM sessions WHERE organiser_id = :id", id=organiser_id)


def disable(store: Store, organiser_id: int, *, now: datetime) -> None:
    """Close an account and end its sessions."""
    store.update("organisers", organiser_id, disabled_at=now)
    store.run("DELETE FROM sessions WHERE organiser_id = :id", id=organiser_id)


def open_session(
    store: Store, organiser_id: int, *, token_hash: str, agent: str, now: datetime
) -> int:
    """Keep a new login by the hash of its cookie."""
    return store.insert(
        "sessions",
        hash=token_hash,
        organiser_id=organiser_id,
        created_at=now,
        seen_at=now,
        agent=agent,
    )


def session(
    store: Store, token_hash: str, *, created_after: datetime, seen_after: datetime
) -> Session | None:
    """The session of a cookie, unless it is too old, idle too long or its account is closed."""
    row = store.one(
        """SELECT s.id AS session_id, s.created_at AS opened_at, s.seen_at, s.agent, o.*
           FROM sessions s JOIN organisers o ON o.id = s.organiser_id
           WHERE s.hash = :hash AND s.created_at > :created AND s.seen_at > :seen
             AND o.disabled_at IS NULL""",
        hash=token_hash,
        created=column(created_after),
        seen=column(seen_after),
    )
    return _session(row) if row else None


def sessions_of(store: Store, organiser_id: int) -> list[Session]:
    """The open sessions of an account, the latest used first."""
    rows = store.all(
        """SELECT s.id AS session_id, s.created_at AS opened_at, s.seen_at, s.agent, o.*
           FROM sessions s JOIN organisers o ON o.id = s.organiser_id
           WHERE o.id = :id ORDER BY s.seen_at DESC""",
        id=organiser_id,
    )
    return [_session(row) for row in rows]


def touch(store: Store, session_id: int, *, now: datetime) -> None:
    """Note that a session was used."""
    store.run("UPDATE sessions SET seen_at = :now WHERE id = :id", now=column(now), id=session_id)


def close_session(store: Store, session_id: int, *, organiser_id: int) -> None:
    """End one session of an account."""
    sql = "DELETE FROM sessions WHERE id = :id AND organiser_id = :organiser"
    store.run(sql, id=session_id, organiser=organiser_id)


def forget_sessions(store: Store, *, created_before: datetime, seen_before: datetime) -> None:
    """Delete sessions that ran out."""
    store.run(
        "DELETE FROM sessions WHERE created_at <= :created OR seen_at <= :seen",
        created=column(created_before),
        seen=column(seen_before),
    )


def _session(row: Row) -> Session:
    return Session(
        id=row["session_id"],
        organiser=_organiser(row),
        created_at=instant(row["opened_at"]),
        seen_at=instant(row["seen_at"]),
        agent=row["agent"],
    )


def _organiser(row: Row) -> Organiser:
    return Organiser(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        password_hash=row["password_hash"],
        access=Access(row["access"]),
        language=row["language"],
        created_at=instant(row["created_at"]),
        disabled_at=instant_or_none(row["disabled_at"]),
    )
