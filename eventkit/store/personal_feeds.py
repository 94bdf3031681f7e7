"""What makes personal calendars personal: the nonces of their links, and a speaker's items."""

from datetime import datetime

from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.store import agenda, events, people
from eventkit.store.rows import Store, column, instant, instant_or_none

FEED = "feed"
SPEAKER_FEED = "speaker_feed"


def guest_nonce(store: Store, registration_id: int) -> bytes:
    """What the present link of a guest's feed is derived from."""
    found = store.value(
        "SELECT coalesce(feed_nonce, nonce) FROM registrations WHERE id = :id", id=registration_id
    )
    return bytes(found or b"")


def set_guest_nonce(store: Store, registration_id: int, nonce: bytes) -> None:
    """Give a guest's feed another origin; the former link is then no longer made."""
    store.update("registrations", registration_id, feed_nonce=nonce)


def speaker_nonces(store: Store, person_ids: list[int]) -> dict[int, bytes]:
    """What the feeds of people who speak are derived from; those without one are left out."""
    marks = ", ".join(str(int(each)) for each in person_ids) or "0"
    rows = store.all(f"SELECT id, nonce FROM people WHERE nonce IS NOT NULL AND id IN ({marks})")
    return {row["id"]: bytes(row["nonce"]) for row in rows}


def set_speaker_nonce(store: Store, person_id: int, nonce: bytes | None) -> None:
    """Give a speaker's feed an origin, or none."""
    store.update("people", person_id, nonce=nonce)


def was_opened(store: Store, person_id: int) -> bool:
    """Whether somebody who speaks ever had a feed, open or ended."""
    sql = "SELECT 1 FROM tokens WHERE purpose = :purpose AND subject_id = :id"
    return store.one(sql, purpose=SPEAKER_FEED, id=person_id) is not None


def revoke(store: Store, purpose: str, subject_id: int, *, now: datetime) -> int:
    """Close every link of one purpose of somebody; says how many were open."""
    return store.run(
        """UPDATE tokens SET revoked_at = :now
           WHERE purpose = :purpose AND subject_id = :id AND revoked_at IS NULL""",
        purpose=purpose,
        id=subject_id,
        now=column(now),
    )


def speaker(store: Store, token_hash: str) -> tuple[Person, datetime | None] | None:
    """Whose feed a link opens, and when it was revoked (None while it is open)."""
    row = store.one(
        "SELECT * FROM tokens WHERE hash = :hash AND purpose = :purpose",
        hash=token_hash,
        purpose=SPEAKER_FEED,
    )
    person = people.by_id(store, row["subject_id"]) if row else None
    if row is None or person is None:
        return None
    return person, instant_or_none(row["revoked_at"])


def talks(store: Store, person_id: int, since: datetime) -> list[tuple[Event, Item, datetime]]:
    """What somebody does in published programmes of meetings that ended after `since`.

    With the instant of publication; cancelled items and meetings included, in order of time.
    """
    rows = store.all(
        """SELECT DISTINCT e.id FROM programme_people pp
           JOIN programmes p ON p.id = pp.programme_id JOIN events e ON e.id = p.event_id
           WHERE pp.person_id = :id AND e.stage <> 'draft' AND e.ends_at > :since
             AND p.version = (SELECT max(version) FROM programmes WHERE event_id = e.id)
           ORDER BY e.starts_at, e.id""",
        id=person_id,
        since=column(since),
    )
    programmes = agenda.published_of(store, [row["id"] for row in rows])
    return [
        (event, item, programmes[event.id].published_at)
        for event in (events.by_id(store, row["id"]) for row in rows)
        if event is not None and event.id in programmes
        for item in programmes[event.id].items
        if any(part.person.id == person_id for part in item.people)
    ]


def changed_at(store: Store) -> datetime | None:
    """When any meeting or programme was last changed; it never goes back."""
    return instant_or_none(
        store.value(
            """SELECT max(at) FROM (SELECT max(max(changed_at, revised_at)) AS at FROM events
               UNION ALL SELECT max(published_at) FROM programmes)"""
        )
    )


def afterwards(
    store: Store, event_ids: list[int], *, now: datetime
) -> dict[int, tuple[bool, int, datetime]]:
    """What there is to read after meetings: a recap, open downloads, and since when the latest.

    One query; meetings with nothing are left out.
    """
    marks = ", ".join(str(int(each)) for each in event_ids) or "0"
    rows = store.all(
        f"""SELECT e.id, r.published_at, r.changed_at AS written_at, m.number, m.opened_at
            FROM events e
            LEFT JOIN recaps r ON r.event_id = e.id AND r.published_at IS NOT NULL
            LEFT JOIN (SELECT m.event_id, count(*) AS number, max(CASE m.release
                           WHEN 'now' THEN m.changed_at
                           WHEN 'after_item' THEN max(m.changed_at,
                               coalesce(m.released_at, i.ends_at, m.changed_at))
                           ELSE max(m.changed_at, m.released_at) END) AS opened_at
                       FROM materials m LEFT JOIN agenda_items i ON i.id = m.item_id
                       WHERE m.removed_at IS NULL AND (m.release = 'now'
                         OR (m.release IN ('manual', 'after_item') AND m.released_at <= :now)
                         OR (m.release = 'after_item' AND i.ends_at <= :now))
                       GROUP BY m.event_id) m ON m.event_id = e.id
            WHERE e.id IN ({marks}) AND (r.published_at IS NOT NULL OR m.number > 0)""",
        now=column(now),
    )
    found = {}
    for row in rows:
        stamps = [row["published_at"], row["opened_at"]]
        latest = max(stamp for stamp in stamps if stamp)
        found[row["id"]] = (row["published_at"] is not None, row["number"] or 0, instant(latest))
    return found
