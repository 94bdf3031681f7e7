"""What people on a programme said about a meeting, when they can be there, and their links."""

from collections.abc import Sequence
from datetime import datetime

from eventkit.model.appearance import Answer, Appearance, Window
from eventkit.store.rows import Row, Store, column, instant, instant_or_none

LINK = "speaker"

# Every meeting a person has a part in: on the draft, or in any published version.
_MEETINGS = """SELECT i.event_id, ip.person_id FROM item_people ip
    JOIN agenda_items i ON i.id = ip.item_id WHERE i.removed_at IS NULL
    UNION SELECT p.event_id, pp.person_id FROM programme_people pp
    JOIN programmes p ON p.id = pp.programme_id
    UNION SELECT event_id, person_id FROM appearances WHERE asked_at IS NOT NULL"""


def of_event(store: Store, event_id: int) -> dict[int, Appearance]:
    """What people said about a meeting, by person; whoever said nothing is left out."""
    rows = store.all("SELECT * FROM appearances WHERE event_id = :id", id=event_id)
    return {row["person_id"]: _appearance(row) for row in rows}


def of_person(store: Store, person_id: int) -> dict[int, Appearance]:
    """What a person said, by meeting."""
    rows = store.all("SELECT * FROM appearances WHERE person_id = :id", id=person_id)
    return {row["event_id"]: _appearance(row) for row in rows}


def get(store: Store, event_id: int, person_id: int) -> Appearance:
    """What a person said about a meeting, or an open appearance."""
    row = store.one(
        "SELECT * FROM appearances WHERE event_id = :event AND person_id = :person",
        event=event_id,
        person=person_id,
    )
    return _appearance(row) if row else Appearance(event_id, person_id)


def keep(store: Store, appearance: Appearance) -> None:
    """Write what a person said about a meeting."""
    store.run(
        """INSERT OR REPLACE INTO appearances (event_id, person_id, state, answered_at, remark,
               technical, asked_at, reminded_at, reminders)
           VALUES (:event, :person, :state, :answered, :remark, :technical, :asked, :reminded,
               :reminders)""",
        event=appearance.event_id,
        person=appearance.person_id,
        state=appearance.state.value,
        answered=column(appearance.answered_at),
        remark=appearance.remark,
        technical=appearance.technical,
        asked=column(appearance.asked_at),
        reminded=column(appearance.reminded_at),
        reminders=appearance.reminders,
    )


def availabilities(store: Store, event_id: int) -> dict[int, tuple[Window, ...]]:
    """When people can be at a meeting, by person, in order of time.

    Whoever is not in it said nothing and can be there at any time of the meeting.
    """
    rows = store.all(
        "SELECT * FROM availabilities WHERE event_id = :id ORDER BY person_id, starts_at, ends_at",
        id=event_id,
    )
    found: dict[int, tuple[Window, ...]] = {}
    for row in rows:
        window = (instant(row["starts_at"]), instant(row["ends_at"]))
        found[row["person_id"]] = (*found.get(row["person_id"], ()), window)
    return found


def set_availability(
    store: Store, event_id: int, person_id: int, windows: Sequence[Window]
) -> None:
    """Replace when a person can be at a meeting; none means at any time."""
    store.run(
        "DELETE FROM availabilities WHERE event_id = :event AND person_id = :person",
        event=event_id,
        person=person_id,
    )
    for starts_at, ends_at in windows:
        store.insert(
            "availabilities",
            event_id=event_id,
            person_id=person_id,
            starts_at=starts_at,
            ends_at=ends_at,
        )


def counts(store: Store, event_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each meeting: people of the draft who declined, and asked ones who did not answer."""
    marks = ", ".join(str(int(event_id)) for event_id in event_ids) or "0"
    rows = store.all(
        f"""SELECT a.event_id, sum(a.state = 'declined') AS declined,
                sum(a.state = 'open' AND a.asked_at IS NOT NULL) AS silent
            FROM appearances a WHERE a.event_id IN ({marks}) AND EXISTS
                (SELECT 1 FROM item_people ip JOIN agenda_items i ON i.id = ip.item_id
                 WHERE ip.person_id = a.person_id AND i.event_id = a.event_id
                   AND i.removed_at IS NULL)
            GROUP BY a.event_id"""
    )
    return {row["event_id"]: (row["declined"], row["silent"]) for row in rows}


def forget_meetings(store: Store, now: datetime) -> int:
    """Forget what was said about meetings whose retention has run out, also in their history.

    Who spoke stays in the programme; what they answered, needed and when they could goes.
    """
    over = """SELECT id FROM events WHERE :now >= strftime('%Y-%m-%dT%H:%M:%SZ',
                  ends_at, '+' || retention_days || ' days')"""
    at = column(now)
    store.run(f"DELETE FROM availabilities WHERE event_id IN ({over})", now=at)
    store.run(
        f"""UPDATE history SET subject = '', details = '{{}}'
            WHERE event_id IN ({over}) AND verb LIKE 'speaker!_%' ESCAPE '!'
              AND details <> '{{}}'""",
        now=at,
    )
    return store.run(f"DELETE FROM appearances WHERE event_id IN ({over})", now=at)


def meetings_of(store: Store, person_id: int) -> list[int]:
    """The meetings a person has a part in, drafts too, the next first."""
    rows = store.all(
        f"""SELECT DISTINCT e.id FROM ({_MEETINGS}) m JOIN events e ON e.id = m.event_id
            WHERE m.person_id = :id ORDER BY e.starts_at, e.id""",
        id=person_id,
    )
    return [row["id"] for row in rows]


def last_end(store: Store, person_id: int) -> datetime | None:
    """When the last meeting of a person ends; None for somebody without a meeting."""
    return instant_or_none(
        store.value(
            f"""SELECT max(e.ends_at) FROM ({_MEETINGS}) m JOIN events e ON e.id = m.event_id
                WHERE m.person_id = :id""",
            id=person_id,
        )
    )


def link_nonce(store: Store, person_id: int) -> bytes | None:
    """What the link of a person's own page is derived from, if there is one."""
    found = store.value("SELECT link_nonce FROM people WHERE id = :id", id=person_id)
    return bytes(found) if found else None


def link_nonces(store: Store, person_ids: Sequence[int], *, now: datetime) -> dict[int, bytes]:
    """What the open links of several people are derived from."""
    marks = ", ".join(str(int(each)) for each in person_ids) or "0"
    rows = store.all(
        f"""SELECT p.id, p.link_nonce FROM people p WHERE p.link_nonce IS NOT NULL
            AND p.id IN ({marks}) AND EXISTS (SELECT 1 FROM tokens t WHERE t.purpose = '{LINK}'
                AND t.subject_id = p.id AND t.revoked_at IS NULL AND t.expires_at > :now)""",
        now=column(now),
    )
    return {row["id"]: bytes(row["link_nonce"]) for row in rows}


def set_link_nonce(store: Store, person_id: int, nonce: bytes | None) -> None:
    """Give a person's link another origin, or none."""
    store.update("people", person_id, link_nonce=nonce)


def keep_link(
    store: Store, token_hash: str, person_id: int, *, expires_at: datetime, now: datetime
) -> None:
    """Keep a person's link open until an instant; one that is open longer stays so."""
    store.run(
        """INSERT INTO tokens (hash, purpose, subject_id, created_at, expires_at)
           VALUES (:hash, :purpose, :id, :now, :at)
           ON CONFLICT (hash) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)""",
        hash=token_hash,
        purpose=LINK,
        id=person_id,
        now=column(now),
        at=column(expires_at),
    )


def opened_by(store: Store, token_hash: str, *, now: datetime) -> int | None:
    """Whose page a link opens; None for one that is unknown, revoked or over."""
    found = store.value(
        """SELECT subject_id FROM tokens WHERE hash = :hash AND purpose = :purpose
           AND revoked_at IS NULL AND expires_at > :now""",
        hash=token_hash,
        purpose=LINK,
        now=column(now),
    )
    return int(found) if found is not None else None


def extend_links(store: Store, *, days: int) -> int:
    """Let open links last until some days after the last meeting of their person, as it is now.

    Meetings move and more are added. Says how many were extended.
    """
    return store.run(
        f"""UPDATE tokens SET expires_at = m.ends_at FROM (
                SELECT m.person_id, strftime('%Y-%m-%dT%H:%M:%SZ', max(e.ends_at),
                    '+' || :days || ' days') AS ends_at
                FROM ({_MEETINGS}) m JOIN events e ON e.id = m.event_id GROUP BY m.person_id) m
            WHERE tokens.purpose = '{LINK}' AND tokens.subject_id = m.person_id
              AND tokens.revoked_at IS NULL AND tokens.expires_at < m.ends_at""",
        days=days,
    )


def _appearance(row: Row) -> Appearance:
    return Appearance(
        event_id=row["event_id"],
        person_id=row["person_id"],
        state=Answer(row["state"]),
        answered_at=instant_or_none(row["answered_at"]),
        remark=row["remark"],
        technical=row["technical"],
        asked_at=instant_or_none(row["asked_at"]),
        reminded_at=instant_or_none(row["reminded_at"]),
        reminders=row["reminders"],
    )
