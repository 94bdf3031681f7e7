"""Codes that open a meeting or a group, and who used them."""

from datetime import datetime

from eventkit.model.registration import Registration
from eventkit.model.ways import Code
from eventkit.store import registrations
from eventkit.store.rows import Row, Store, instant_or_none

# Whoever cancels gives the use back; whoever is forgotten did use it.
_SELECT = """SELECT c.*, (SELECT count(*) FROM registrations r
    WHERE r.code_id = c.id AND r.state <> 'cancelled') AS used FROM codes c """


def of_event(store: Store, event_id: int) -> list[Code]:
    """The codes of a meeting, the newest first, ended ones after the others."""
    sql = _SELECT + "WHERE c.event_id = :id ORDER BY c.ended_at IS NOT NULL, c.id DESC"
    return [_code(row) for row in store.all(sql, id=event_id)]


def by_id(store: Store, event_id: int, code_id: int) -> Code | None:
    """The code with an id, of this meeting."""
    row = store.one(
        _SELECT + "WHERE c.id = :id AND c.event_id = :event", id=code_id, event=event_id
    )
    return _code(row) if row else None


def by_key(store: Store, event_id: int, key: str) -> Code | None:
    """The code of a meeting whatever its case and separators (`rules.ways.code_key`)."""
    row = store.one(
        _SELECT + "WHERE c.event_id = :event AND c.code_key = :key", event=event_id, key=key
    )
    return _code(row) if row else None


def any_open(store: Store, event_id: int) -> bool:
    """Whether a meeting has codes that somebody may hold."""
    sql = "SELECT 1 FROM codes WHERE event_id = :id AND ended_at IS NULL LIMIT 1"
    return store.one(sql, id=event_id) is not None


def save(store: Store, code: Code, *, key: str, now: datetime) -> int:
    """Write a code down (its id is 0 for a new one); returns the id."""
    values = {
        "code": code.code,
        "code_key": key,
        "group_id": code.group_id,
        "uses": code.uses,
        "valid_until": code.valid_until,
        "note": code.note,
    }
    if code.id:
        store.update("codes", code.id, **values)
        return code.id
    return store.insert("codes", event_id=code.event_id, created_at=now, **values)


def end(store: Store, code_id: int, *, at: datetime | None) -> None:
    """End a code, or (None) let it open again."""
    store.update("codes", code_id, ended_at=at)


def users(store: Store, code_id: int) -> list[Registration]:
    """Who registered with a code, in order of arrival, cancelled ones too."""
    rows = store.all("SELECT id FROM registrations WHERE code_id = :id ORDER BY id", id=code_id)
    return registrations.some(store, [row["id"] for row in rows]) if rows else []


def _code(row: Row) -> Code:
    return Code(
        id=row["id"],
        event_id=row["event_id"],
        code=row["code"],
        group_id=row["group_id"],
        uses=row["uses"],
        valid_until=instant_or_none(row["valid_until"]),
        note=row["note"],
        created_at=instant_or_none(row["created_at"]),
        ended_at=instant_or_none(row["ended_at"]),
        used=row["used"],
    )
