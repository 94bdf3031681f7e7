"""Who changed what, when; signs of life; and how often something happened lately."""

import json
from datetime import UTC, datetime

from eventkit.model.account import HistoryLine
from eventkit.store.rows import Store, column, instant, instant_or_none, stamp


def note(
    store: Store,
    verb: str,
    *,
    actor: str,
    now: datetime,
    event_id: int | None = None,
    registration_id: int | None = None,
    subject: str = "",
    **details: object,
) -> None:
    """Write one line of history. `details` must hold no secret and no private data."""
    store.insert(
        "history",
        at=now,
        actor=actor,
        verb=verb,
        event_id=event_id,
        registration_id=registration_id,
        subject=subject,
        details=json.dumps(details, ensure_ascii=False, default=str),
    )


def of_event(store: Store, event_id: int, *, limit: int = 50) -> list[HistoryLine]:
    """The latest lines of a meeting, the newest first."""
    sql = "SELECT * FROM history WHERE event_id = :id ORDER BY id DESC LIMIT :limit"
    return [
        HistoryLine(instant(r["at"]), r["actor"], r["verb"], r["subject"], r["details"])
        for r in store.all(sql, id=event_id, limit=limit)
    ]


def of_registration(store: Store, registration_id: int) -> list[HistoryLine]:
    """Everything that happened to one registration, the oldest first."""
    sql = "SELECT * FROM history WHERE registration_id = :id ORDER BY id"
    return [
        HistoryLine(instant(r["at"]), r["actor"], r["verb"], r["subject"], r["details"])
        for r in store.all(sql, id=registration_id)
    ]


def of_person(store: Store, person_id: int, *, limit: int = 50) -> list[HistoryLine]:
    """The latest lines about somebody of a programme, the newest first."""
    sql = """SELECT * FROM history WHERE json_extract(details, '$.person') = :id
             ORDER BY id DESC LIMIT :limit"""
    return [
        HistoryLine(instant(r["at"]), r["actor"], r["verb"], r["subject"], r["details"])
        for r in store.all(sql, id=person_id, limit=limit)
    ]


def latest(store: Store) -> int:
    """The number of the latest line: the same number means that nothing was changed since."""
    return int(store.value("SELECT coalesce(max(id), 0) FROM history"))


def mark(store: Store, name: str, *, now: datetime, text: str = "") -> None:
    """Leave a sign of life, or the instant of something, under a name."""
    sql = "INSERT OR REPLACE INTO marks (name, at, note) VALUES (:name, :at, :text)"
    store.run(sql, name=name, at=column(now), text=text)


def marked(store: Store, name: str) -> datetime | None:
    """The instant kept under a name."""
    return instant_or_none(store.value("SELECT at FROM marks WHERE name = :name", name=name))


def count(store: Store, bucket: str, *, seconds: int, now: datetime, by: int = 1) -> int:
    """Count one more (or `by`) of something in its window and say how many there are (R39)."""
    return int(
        store.value(
            """INSERT INTO counters (bucket, starts_at, count) VALUES (:bucket, :at, :by)
               ON CONFLICT (bucket, starts_at) DO UPDATE SET count = count + :by RETURNING count""",
            bucket=f"{bucket}:{seconds}",
            by=by,
            at=_window(seconds, now),
        )
    )


def counted(store: Store, bucket: str, *, seconds: int, now: datetime) -> int:
    """How many of something its present window has, without counting one more."""
    found = store.value(
        "SELECT count FROM counters WHERE bucket = :bucket AND starts_at = :at",
        bucket=f"{bucket}:{seconds}",
        at=_window(seconds, now),
    )
    return int(found or 0)


def _window(seconds: int, now: datetime) -> str:
    """When the present window began, as a column holds it."""
    starts = now.timestamp() // seconds * seconds
    return stamp(datetime.fromtimestamp(starts, UTC))


def forget_counts(store: Store, before: datetime) -> None:
    """Drop windows that ended long ago."""
    store.run("DELETE FROM counters WHERE starts_at < :before", before=column(before))
