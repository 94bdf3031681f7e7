"""Lists of attendees that were taken in as a whole: which, by whom, and who came with each."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.model.attendee_import import Import
from eventkit.store.rows import Row, Store, instant, instant_or_none


def create(
    store: Store, event_id: int, *, filename: str, rows: int, actor: str, now: datetime
) -> int:
    """Note that a list comes in; returns its id."""
    return store.insert(
        "imports", event_id=event_id, at=now, actor=actor, filename=filename, rows=rows
    )


def add(store: Store, import_id: int, registration_ids: Iterable[int]) -> None:
    """Note who came with a list."""
    for registration_id in registration_ids:
        store.update("registrations", registration_id, import_id=import_id)


def of_event(store: Store, event_id: int) -> list[Import]:
    """The imports of a meeting, the newest first, with those who are still there."""
    rows = store.all(_SELECT + "WHERE i.event_id = :id ORDER BY i.id DESC", id=event_id)
    return [_import(row) for row in rows]


def by_id(store: Store, event_id: int, import_id: int) -> Import | None:
    """One import of a meeting."""
    row = store.one(
        _SELECT + "WHERE i.event_id = :event AND i.id = :id", event=event_id, id=import_id
    )
    return _import(row) if row else None


def undone(store: Store, import_id: int, *, now: datetime) -> None:
    """Note that an import was taken back."""
    store.update("imports", import_id, undone_at=now)


def people(store: Store, import_id: int) -> list[int]:
    """The live registrations that came with an import, in order of arrival."""
    sql = """SELECT id FROM registrations WHERE import_id = :id AND state <> 'cancelled'
             AND anonymised_at IS NULL ORDER BY id"""
    return [row["id"] for row in store.all(sql, id=import_id)]


def told(store: Store, import_id: int) -> set[int]:
    """Those of an import to whom a letter went out, or goes out at this moment."""
    sql = f"""SELECT DISTINCT l.registration_id FROM letters l {_JOIN}
              AND l.state IN ('sending', 'sent')"""
    return {row["registration_id"] for row in store.all(sql, id=import_id)}


def moved(store: Store, import_id: int) -> set[int]:
    """Those of an import who did something themselves since, or were at the meeting."""
    sql = f"""SELECT l.registration_id FROM history l {_JOIN}
              AND l.actor IN ('guest', 'calendar')
              UNION SELECT id FROM registrations WHERE import_id = :id AND state = 'attended'"""
    return {row["registration_id"] for row in store.all(sql, id=import_id)}


def owing(store: Store, import_id: int) -> set[int]:
    """Those of an import who have an invoice: that is never deleted."""
    sql = f"SELECT DISTINCT l.registration_id FROM invoices l {_JOIN}"
    return {row["registration_id"] for row in store.all(sql, id=import_id)}


def forget(store: Store, event_id: int) -> None:
    """Forget what the files of a meeting were called: a name may stand there."""
    store.run("UPDATE imports SET filename = '' WHERE event_id = :id", id=event_id)


def erase(store: Store, registration_ids: Iterable[int]) -> None:
    """Delete registrations as if they had never come, with all that hangs on them.

    For those only to whom no letter went out and who did nothing themselves.
    """
    for registration_id in registration_ids:
        for sql in (
            "DELETE FROM letters WHERE registration_id = :id",
            "DELETE FROM history WHERE registration_id = :id",
            """DELETE FROM tokens WHERE purpose IN ('registration', 'feed', 'ticket')
               AND subject_id = :id""",
            "DELETE FROM registrations WHERE id = :id",
        ):
            store.run(sql, id=registration_id)


_SELECT = """SELECT i.*, (SELECT count(*) FROM registrations r WHERE r.import_id = i.id
               AND r.state <> 'cancelled' AND r.anonymised_at IS NULL) AS live FROM imports i """
_JOIN = "JOIN registrations r ON r.id = l.registration_id WHERE r.import_id = :id"


def _import(row: Row) -> Import:
    return Import(
        id=row["id"],
        event_id=row["event_id"],
        at=instant(row["at"]),
        actor=row["actor"],
        filename=row["filename"],
        rows=row["rows"],
        undone_at=instant_or_none(row["undone_at"]),
        live=row["live"],
    )


def addresses(store: Store, event_id: int) -> frozenset[str]:
    """The folded addresses of everybody who is registered for a meeting."""
    sql = """SELECT email_key FROM registrations WHERE event_id = :id AND state <> 'cancelled'
             AND anonymised_at IS NULL"""
    return frozenset(row["email_key"] for row in store.all(sql, id=event_id))
