"""Letters that wait, are on their way, went out or failed; and what each calendar was sent."""

import dataclasses
import json
import types
import typing
from datetime import datetime
from enum import Enum
from typing import Any

from eventkit.model.event import Place
from eventkit.model.fees import Fee
from eventkit.model.letter import (
    Facts,
    ItemChange,
    Letter,
    LetterKind,
    LetterState,
    Method,
    Session,
)
from eventkit.model.text import Text
from eventkit.store import wordings
from eventkit.store.rows import Row, Store, column, instant, instant_or_none, stamp

# A calendar part waits for the former one of the same person, so that nobody reads the old
# time after the new one. A mailing that somebody paused waits as a whole.
_FIRST = """NOT EXISTS (SELECT 1 FROM letters o WHERE o.registration_id = letters.registration_id
    AND o.id < letters.id AND o.method IS NOT NULL AND letters.method IS NOT NULL
    AND o.state IN ('queued', 'sending'))
    AND NOT EXISTS (SELECT 1 FROM mailings m WHERE m.id = letters.mailing_id
        AND m.state = 'paused')"""


def queue(store: Store, letter: Letter) -> int:
    """Put a letter into the outbox (its id is not used); it is due at once. Returns the id.

    The organisation's own words, colour and logo of this moment go with it.
    """
    letter = wordings.dressed(store, letter)
    return store.insert(
        "letters",
        kind=letter.kind,
        language=letter.language,
        name=letter.name,
        email=letter.email,
        message_id=letter.message_id,
        facts=pack(letter.facts),
        event_id=letter.event_id,
        registration_id=letter.registration_id,
        subscriber_id=letter.subscriber_id,
        person_id=letter.person_id,
        mailing_id=letter.mailing_id,
        invitation_id=letter.invitation_id,
        nonce=letter.nonce,
        method=letter.method,
        sequence=letter.sequence,
        created_at=letter.created_at,
        next_attempt_at=letter.created_at,
    )


def note_invite(store: Store, letter_id: int, letter: Letter, *, event_sequence: int) -> None:
    """Keep which SEQUENCE of which registration a letter carries.

    Former calendar parts that still wait go out at once, because this one waits for them.
    """
    store.run(
        """UPDATE letters SET next_attempt_at = :now WHERE registration_id = :id
             AND method IS NOT NULL AND state = 'queued' AND next_attempt_at > :now""",
        id=letter.registration_id,
        now=column(letter.created_at),
    )
    store.insert(
        "invites",
        registration_id=letter.registration_id,
        letter_id=letter_id,
        method=letter.method,
        sequence=letter.sequence,
        event_sequence=event_sequence,
        queued_at=letter.created_at,
    )


def may_hold_invite(store: Store, registration_id: int) -> bool:
    """Whether a calendar may have an entry of a registration: one was sent or is on its way."""
    sql = """SELECT 1 FROM invites i LEFT JOIN letters l ON l.id = i.letter_id
             WHERE i.registration_id = :id AND i.method = 'REQUEST'
               AND (i.sent_at IS NOT NULL OR l.state IN ('queued', 'sending'))"""
    return store.one(sql, id=registration_id) is not None


def lease(store: Store, *, limit: int, until: datetime, now: datetime) -> list[Letter]:
    """Take due letters for sending, oldest first; a lease that ran out is taken over.

    Letters to many wait for those to one: whoever registers is not kept waiting by a mailing.
    """
    rows = store.all(
        f"""UPDATE letters SET state = 'sending', leased_until = :until, attempts = attempts + 1
           WHERE id IN (
               SELECT id FROM letters
               WHERE ((state = 'queued' AND next_attempt_at <= :now)
                  OR (state = 'sending' AND leased_until <= :now)) AND {_FIRST}
               ORDER BY mailing_id IS NOT NULL, id LIMIT :limit)
           RETURNING *""",
        until=column(until),
        now=column(now),
        limit=limit,
    )
    letters = (_letter(row) for row in rows)
    return sorted(letters, key=lambda letter: (letter.mailing_id is not None, letter.id))


def sent(store: Store, letter_id: int, *, now: datetime) -> None:
    """Note that a letter was accepted for delivery."""
    store.update(
        "letters",
        letter_id,
        state="sent",
        sent_at=now,
        leased_until=None,
        next_attempt_at=None,
        error="",
    )
    store.run(
        "UPDATE invites SET sent_at = :now WHERE letter_id = :id", now=column(now), id=letter_id
    )


def again(store: Store, letter_id: int, *, at: datetime, error: str) -> None:
    """Put a letter back for another try."""
    store.update(
        "letters",
        letter_id,
        state="queued",
        next_attempt_at=at,
        leased_until=None,
        error=error,
    )


def failed(store: Store, letter_id: int, *, error: str) -> None:
    """Give a letter up, visibly."""
    store.update(
        "letters", letter_id, state="failed", next_attempt_at=None, leased_until=None, error=error
    )


def release_leases(store: Store, letter_ids: list[int], *, now: datetime) -> None:
    """Give leased letters back when the worker stops before sending them."""
    for letter_id in letter_ids:
        store.run(
            """UPDATE letters SET state = 'queued', leased_until = NULL, next_attempt_at = :now,
               attempts = attempts - 1 WHERE id = :id AND state = 'sending'""",
            id=letter_id,
            now=column(now),
        )


def retry(store: Store, event_id: int, letter_id: int, *, now: datetime) -> bool:
    """Make a failed or waiting letter of a meeting due at once; says whether there was one.

    A calendar part that a newer one replaced stays where it is: it would tell the old time.
    """
    return bool(
        store.run(
            """UPDATE letters SET state = 'queued', next_attempt_at = :now, attempts = 0
               WHERE id = :id AND event_id = :event AND state IN ('failed', 'queued')
                 AND NOT EXISTS (SELECT 1 FROM letters n
                     WHERE n.registration_id = letters.registration_id AND n.id > letters.id
                       AND n.method IS NOT NULL AND letters.method IS NOT NULL)""",
            id=letter_id,
            event=event_id,
            now=column(now),
        )
    )


def readdress(store: Store, registration_id: int, *, email: str, now: datetime) -> None:
    """Send what did not reach somebody to another address, the newest calendar part alone."""
    store.run(
        """UPDATE letters SET email = :email, state = 'queued', next_attempt_at = :now, attempts = 0
           WHERE registration_id = :id AND state IN ('failed', 'queued') AND kind <> 'question'
             AND NOT EXISTS (SELECT 1 FROM letters n
                 WHERE n.registration_id = letters.registration_id AND n.id > letters.id
                   AND n.method IS NOT NULL AND letters.method IS NOT NULL)""",
        email=email,
        id=registration_id,
        now=column(now),
    )


def next_due(store: Store) -> datetime | None:
    """When the next letter is due, or None when nothing waits."""
    return instant_or_none(
        store.value(
            f"""SELECT min(CASE state WHEN 'queued' THEN next_attempt_at ELSE leased_until END)
               FROM letters WHERE state IN ('queued', 'sending') AND {_FIRST}"""
        )
    )


def count_due(store: Store, now: datetime) -> int:
    """How many letters should go out now."""
    sql = f"""SELECT count(*) FROM letters WHERE ((state = 'queued' AND next_attempt_at <= :now)
              OR (state = 'sending' AND leased_until <= :now)) AND {_FIRST}"""
    return int(store.value(sql, now=column(now)))


def of_event(
    store: Store,
    event_id: int,
    *,
    state: LetterState | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[Letter]:
    """The letters of a meeting, the newest first."""
    rows = store.all(
        """SELECT * FROM letters WHERE event_id = :id AND (:state IS NULL OR state = :state)
           ORDER BY id DESC LIMIT :limit OFFSET :offset""",
        id=event_id,
        state=column(state) if state else None,
        limit=limit,
        offset=offset,
    )
    return [_letter(row) for row in rows]


def of_registration(store: Store, registration_id: int) -> list[Letter]:
    """The letters about one registration, the newest first."""
    sql = "SELECT * FROM letters WHERE registration_id = :id ORDER BY id DESC"
    return [_letter(row) for row in store.all(sql, id=registration_id)]


def unsent(store: Store, *, limit: int = 200) -> list[Letter]:
    """The letters of all meetings that failed or have to be tried again, the newest first."""
    rows = store.all(
        """SELECT * FROM letters WHERE state = 'failed' OR (state = 'queued' AND attempts > 0)
           ORDER BY id DESC LIMIT :limit""",
        limit=limit,
    )
    return [_letter(row) for row in rows]


def by_id(store: Store, letter_id: int) -> Letter | None:
    """The letter with an id."""
    row = store.one("SELECT * FROM letters WHERE id = :id", id=letter_id)
    return _letter(row) if row else None


def counts(store: Store, event_id: int) -> dict[LetterState, int]:
    """How many letters of a meeting are in each state."""
    rows = store.all(
        "SELECT state, count(*) AS n FROM letters WHERE event_id = :id GROUP BY state", id=event_id
    )
    found = {LetterState(row["state"]): row["n"] for row in rows}
    return {state: found.get(state, 0) for state in LetterState}


def failures(store: Store) -> dict[int, int]:
    """How many letters failed, by meeting, for the dashboard."""
    rows = store.all(
        """SELECT event_id, count(*) AS n FROM letters
           WHERE state = 'failed' AND event_id IS NOT NULL GROUP BY event_id"""
    )
    return {row["event_id"]: row["n"] for row in rows}


def last_to(store: Store, email: str, kind: LetterKind, event_id: int | None) -> datetime | None:
    """When an address last got a letter of a kind for a meeting."""
    return instant_or_none(
        store.value(
            """SELECT max(created_at) FROM letters
               WHERE email = :email AND kind = :kind AND event_id IS :event""",
            email=email,
            kind=kind.value,
            event=event_id,
        )
    )


def repeats_since(store: Store, email: str, since: datetime) -> int:
    """How many unasked repetitions (known address, lost link) an address was written since."""
    return int(
        store.value(
            """SELECT count(*) FROM letters WHERE email = :email AND created_at >= :since
               AND kind IN ('already', 'link', 'speaker_link', 'opening')""",
            email=email,
            since=stamp(since),
        )
    )


def asked_since(store: Store, subscriber_id: int, since: datetime) -> int:
    """How often somebody was asked to confirm the newsletter since."""
    return int(
        store.value(
            """SELECT count(*) FROM letters WHERE subscriber_id = :id AND created_at >= :since
               AND kind = 'newsletter_confirm'""",
            id=subscriber_id,
            since=stamp(since),
        )
    )


def oldest_waiting(store: Store, now: datetime) -> datetime | None:
    """The creation of the oldest letter that should have gone by now, first tries only.

    A mailing to many takes its time or is paused; that is no sign of trouble.
    """
    return instant_or_none(
        store.value(
            """SELECT min(created_at) FROM letters
               WHERE state = 'queued' AND attempts = 0 AND next_attempt_at <= :now
                 AND mailing_id IS NULL""",
            now=column(now),
        )
    )


def pack(facts: Facts) -> str:
    """The facts of a letter as JSON."""
    return json.dumps(_plain(facts), ensure_ascii=False, separators=(",", ":"))


def unpack(stored: str) -> Facts:
    """The facts a letter was queued with."""
    return typing.cast(Facts, _typed(Facts, json.loads(stored)))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name), f.default) for f in dataclasses.fields(value))
        return {name: _plain(found) for name, found, default in pairs if found != default}
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


_HINTS: dict[type, dict[str, Any]] = {
    shape: typing.get_type_hints(shape) for shape in (Facts, Session, ItemChange, Place, Text, Fee)
}


def _typed(shape: Any, value: Any) -> Any:
    if isinstance(shape, types.UnionType):
        if value is None:
            return None
        shape = next(s for s in typing.get_args(shape) if s is not type(None))
    if typing.get_origin(shape) is tuple:
        return tuple(_typed(typing.get_args(shape)[0], each) for each in value)
    if shape in _HINTS:
        return shape(**{name: _typed(_HINTS[shape][name], found) for name, found in value.items()})
    if shape is datetime:
        return instant(value)
    if isinstance(shape, type) and issubclass(shape, Enum):
        return shape(value)
    return value


def _letter(row: Row) -> Letter:
    return Letter(
        id=row["id"],
        kind=LetterKind(row["kind"]),
        state=LetterState(row["state"]),
        language=row["language"],
        name=row["name"],
        email=row["email"],
        message_id=row["message_id"],
        facts=unpack(row["facts"]),
        created_at=instant(row["created_at"]),
        event_id=row["event_id"],
        registration_id=row["registration_id"],
        subscriber_id=row["subscriber_id"],
        person_id=row["person_id"],
        mailing_id=row["mailing_id"],
        invitation_id=row["invitation_id"],
        nonce=row["nonce"],
        method=Method(row["method"]) if row["method"] else None,
        sequence=row["sequence"],
        attempts=row["attempts"],
        next_attempt_at=instant_or_none(row["next_attempt_at"]),
        sent_at=instant_or_none(row["sent_at"]),
        error=row["error"],
    )
