"""Who wants one letter when registration for a meeting opens, and who wants none ever."""

from datetime import datetime, timedelta

from eventkit.model.ways import Asked
from eventkit.store.rows import Row, Store, column

PURPOSE = "opening"
# A meeting where everybody may register at this moment.
_OPEN = """e.stage = 'announced' AND e.admission = 'open' AND e.opens_at <= :now
    AND coalesce(e.closes_at, e.starts_at) > :now"""


def ask(
    store: Store,
    event_id: int,
    *,
    email: str,
    email_key: str,
    language: str,
    nonce: bytes,
    now: datetime,
) -> None:
    """Remember an address; asking again changes only the language of the letter."""
    store.run(
        """INSERT INTO openings (event_id, email, email_key, language, nonce, asked_at)
           VALUES (:event, :email, :key, :language, :nonce, :now)
           ON CONFLICT (event_id, email_key) DO UPDATE SET language = excluded.language""",
        event=event_id,
        email=email,
        key=email_key,
        language=language,
        nonce=nonce,
        now=column(now),
    )


def count(store: Store, event_id: int) -> int:
    """How many want to be told when a meeting opens."""
    return int(store.value("SELECT count(*) FROM openings WHERE event_id = :id", id=event_id))


def due(store: Store, now: datetime, *, limit: int, most_a_day: int) -> list[Asked]:
    """Who is to be told now, in order of asking.

    Whoever got `most_a_day` letters that nobody confirmed within a day has to wait (R41).
    """
    rows = store.all(
        f"""SELECT o.* FROM openings o JOIN events e ON e.id = o.event_id
            WHERE {_OPEN} AND (SELECT count(*) FROM letters l
                WHERE l.email = o.email AND l.created_at >= :since
                  AND l.kind IN ('already', 'link', 'speaker_link', 'opening')) < :most
            ORDER BY o.id LIMIT :limit""",
        now=column(now),
        since=column(now - timedelta(days=1)),
        most=most_a_day,
        limit=limit,
    )
    return [_asked(row) for row in rows]


def told(store: Store, asked_id: int) -> None:
    """The letter is written: the address goes."""
    store.run("DELETE FROM openings WHERE id = :id", id=asked_id)


def refuse(store: Store, fingerprint: str, *, now: datetime) -> None:
    """Remember that an address wants no such letter, by its fingerprint alone."""
    sql = "INSERT OR IGNORE INTO opening_refusals (address, at) VALUES (:address, :now)"
    store.run(sql, address=fingerprint, now=column(now))


def is_refused(store: Store, fingerprint: str) -> bool:
    """Whether an address wants no such letter."""
    sql = "SELECT 1 FROM opening_refusals WHERE address = :address"
    return store.one(sql, address=fingerprint) is not None


def withdraw(store: Store, email_key: str) -> None:
    """Take an address off every list of openings."""
    store.run("DELETE FROM openings WHERE email_key = :key", key=email_key)


def receiver(store: Store, token_hash: str, *, now: datetime) -> str | None:
    """The address of the letter whose link this is; None once it is forgotten."""
    found = store.value(
        """SELECT l.email FROM tokens t JOIN letters l ON l.id = t.subject_id
           WHERE t.hash = :hash AND t.purpose = :purpose AND l.kind = 'opening'
             AND (t.expires_at IS NULL OR t.expires_at > :now) AND l.email <> ''""",
        hash=token_hash,
        purpose=PURPOSE,
        now=column(now),
    )
    return None if found is None else str(found)


def forget(store: Store, now: datetime) -> int:
    """Delete addresses that can't be told any more: the meeting began or does not take place."""
    return store.run(
        """DELETE FROM openings WHERE event_id IN (SELECT id FROM events
           WHERE stage IN ('cancelled', 'archived') OR starts_at <= :now)""",
        now=column(now),
    )


def _asked(row: Row) -> Asked:
    return Asked(row["id"], row["event_id"], row["email"], row["language"], row["nonce"])
