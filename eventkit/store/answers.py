"""The flight recorder of invites, the answers that came in, and the mailbox they came from."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.model.answers import (
    DeclineRule,
    MailboxState,
    Record,
    ReplyRecord,
    ReplyState,
    Sent,
)
from eventkit.model.letter import LetterState, Method
from eventkit.model.registration import Registration, State
from eventkit.store import registrations
from eventkit.store.rows import Row, Store, column, instant, instant_or_none

_INVITES = """
SELECT i.*, l.state AS letter_state, l.error AS letter_error
FROM invites i JOIN registrations r ON r.id = i.registration_id
LEFT JOIN letters l ON l.id = i.letter_id
"""


def decline_rule(store: Store, event_id: int) -> DeclineRule:
    """What follows when somebody declines this meeting in their calendar."""
    found = store.value("SELECT decline_rule FROM events WHERE id = :id", id=event_id)
    return DeclineRule(found) if found else DeclineRule.CONFIRM


def set_decline_rule(store: Store, event_id: int, rule: DeclineRule) -> None:
    """Choose what follows when somebody declines."""
    store.update("events", event_id, decline_rule=rule)


def recorder(store: Store, event_id: int) -> list[Record]:
    """Everybody of a meeting with what their calendar was sent, in order of arrival.

    Two queries, however many people there are. Those without a person any more are left out.
    """
    sent = _sent(store.all(_INVITES + "WHERE r.event_id = :id ORDER BY i.id", id=event_id))
    rows = store.all(
        """SELECT id, name, email, state, sequence FROM registrations
           WHERE event_id = :id AND anonymised_at IS NULL ORDER BY id""",
        id=event_id,
    )
    return [_record(row, sent.get(row["id"], ())) for row in rows]


def record_of(store: Store, registration_id: int) -> Record | None:
    """The flight recorder of one registration."""
    row = store.one(
        "SELECT id, name, email, state, sequence FROM registrations WHERE id = :id",
        id=registration_id,
    )
    sent = _sent(store.all(_INVITES + "WHERE r.id = :id ORDER BY i.id", id=registration_id))
    return _record(row, sent.get(registration_id, ())) if row else None


def by_uid(store: Store, uid: str) -> Registration | None:
    """The registration whose calendar entry has this identity."""
    found = store.value(
        "SELECT id FROM registrations WHERE uid = :uid AND anonymised_at IS NULL", uid=uid
    )
    return registrations.by_id(store, found) if found else None


def note_answer(
    store: Store, registration_id: int, *, sequence: int, answer: str, at: datetime
) -> None:
    """Keep an answer with the version of the entry that it answers."""
    store.run(
        """UPDATE invites SET answer = :answer, answered_at = :at
           WHERE id = (SELECT max(id) FROM invites WHERE registration_id = :registration
                       AND sequence = :sequence AND method = 'REQUEST')""",
        answer=answer,
        at=column(at),
        registration=registration_id,
        sequence=sequence,
    )


def last_answer(store: Store, registration_id: int) -> ReplyRecord | None:
    """The newest answer that was taken, by the entry's version and then by its date."""
    row = store.one(
        """SELECT * FROM replies WHERE registration_id = :id AND state = 'matched'
             AND reason IN ('stored', 'freed', 'asked', 'noted')
           ORDER BY sequence DESC, stamp DESC, id DESC LIMIT 1""",
        id=registration_id,
    )
    return _reply(row) if row else None


def asked_before(store: Store, registration_id: int, sequence: int) -> bool:
    """Whether a "no" to this version was already followed by a question."""
    sql = """SELECT 1 FROM replies WHERE registration_id = :id AND sequence = :sequence
             AND reason = 'asked'"""
    return store.one(sql, id=registration_id, sequence=sequence) is not None


def known(store: Store, message: str) -> bool:
    """Whether a mail was taken in before."""
    return store.one("SELECT 1 FROM replies WHERE message = :m", m=message) is not None


def add(store: Store, reply: ReplyRecord) -> int:
    """Keep what came in; its id is not used. Returns the id."""
    names = (
        "message received_at sender attendee uid state reason open event_id registration_id "
        "answer sequence stamp wanted_starts_at wanted_ends_at excerpt"
    ).split()
    return store.insert("replies", **{name: getattr(reply, name) for name in names})


def open_replies(store: Store, *, limit: int = 200) -> list[ReplyRecord]:
    """What a person should look at, the newest first."""
    sql = "SELECT * FROM replies WHERE open = 1 ORDER BY id DESC LIMIT :limit"
    return [_reply(row) for row in store.all(sql, limit=limit)]


def count_open(store: Store, event_id: int | None = None) -> int:
    """How many mails a person should look at, of one meeting or of all."""
    sql = "SELECT count(*) FROM replies WHERE open = 1 AND (:id IS NULL OR event_id = :id)"
    return int(store.value(sql, id=event_id))


def names_of(store: Store, registration_ids: Iterable[int]) -> dict[int, str]:
    """The names of registrations, for the list of answers."""
    marks = ", ".join(str(int(each)) for each in registration_ids) or "0"
    rows = store.all(f"SELECT id, name FROM registrations WHERE id IN ({marks})")
    return {row["id"]: row["name"] for row in rows}


def settle(store: Store, reply_id: int) -> bool:
    """Take one off the list; says whether it was there."""
    return bool(store.run("UPDATE replies SET open = 0 WHERE id = :id AND open = 1", id=reply_id))


def returned(store: Store, message_id: str, *, error: str) -> tuple[int | None, int | None] | None:
    """A mail server gave a letter back: it failed after all.

    Returns the ids of meeting and registration, or None when the letter is not ours.
    """
    row = store.one(
        """UPDATE letters SET state = 'failed', sent_at = NULL, next_attempt_at = NULL,
               leased_until = NULL, error = :error
           WHERE message_id = :id AND state = 'sent' RETURNING id, event_id, registration_id""",
        id=message_id,
        error=error,
    )
    if row is None:
        return None
    store.run("UPDATE invites SET sent_at = NULL WHERE letter_id = :id", id=row["id"])
    return row["event_id"], row["registration_id"]


def mailbox(store: Store, name: str) -> MailboxState:
    """How the reading of a mailbox stands; the beginning of one never read."""
    row = store.one("SELECT * FROM mailboxes WHERE name = :name", name=name)
    if row is None:
        return MailboxState()
    return MailboxState(
        validity=row["validity"],
        last_uid=row["last_uid"],
        asked_at=instant_or_none(row["asked_at"]),
        good_at=instant_or_none(row["good_at"]),
        next_at=instant_or_none(row["next_at"]),
        failures=row["failures"],
        problem=row["problem"],
        detail=row["detail"],
    )


def save_mailbox(store: Store, name: str, state: MailboxState) -> None:
    """Write the state of a mailbox."""
    store.run(
        """INSERT OR REPLACE INTO mailboxes (name, validity, last_uid, asked_at, good_at, next_at,
               failures, problem, detail)
           VALUES (:name, :validity, :last_uid, :asked_at, :good_at, :next_at, :failures,
               :problem, :detail)""",
        name=name,
        validity=state.validity,
        last_uid=state.last_uid,
        asked_at=column(state.asked_at),
        good_at=column(state.good_at),
        next_at=column(state.next_at),
        failures=state.failures,
        problem=state.problem,
        detail=state.detail,
    )


def add_trial(store: Store, uid: str, *, now: datetime) -> None:
    """Remember a trial invite, so that its answer is recognised."""
    store.insert("trials", uid=uid, started_at=now)
    store.run(
        """DELETE FROM trials
           WHERE uid NOT IN (SELECT uid FROM trials ORDER BY started_at DESC LIMIT 20)"""
    )


def answer_trial(store: Store, uid: str, answer: str, *, now: datetime) -> bool:
    """Note the answer to a trial invite; says whether it was one."""
    return bool(
        store.run(
            "UPDATE trials SET answer = :answer, answered_at = :now WHERE uid = :uid",
            answer=answer,
            now=column(now),
            uid=uid,
        )
    )


def last_trial(store: Store) -> tuple[datetime, str, datetime | None] | None:
    """When a trial was last sent, what was answered and when."""
    row = store.one("SELECT * FROM trials ORDER BY answered_at DESC, started_at DESC LIMIT 1")
    if row is None:
        return None
    return instant(row["started_at"]), row["answer"], instant_or_none(row["answered_at"])


def _sent(rows: Iterable[Row]) -> dict[int, tuple[Sent, ...]]:
    found: dict[int, list[Sent]] = {}
    for row in rows:
        state = LetterState(row["letter_state"]) if row["letter_state"] else None
        sent = Sent(
            id=row["id"],
            method=Method(row["method"]),
            sequence=row["sequence"],
            event_sequence=row["event_sequence"],
            queued_at=instant(row["queued_at"]),
            delivered_at=instant_or_none(row["sent_at"]),
            letter_id=row["letter_id"],
            state=state,
            error=row["letter_error"] or "",
            answer=row["answer"] or "",
            answered_at=instant_or_none(row["answered_at"]),
        )
        found.setdefault(row["registration_id"], []).append(sent)
    return {key: tuple(each) for key, each in found.items()}


def _record(row: Row, sent: tuple[Sent, ...]) -> Record:
    return Record(
        registration_id=row["id"],
        name=row["name"],
        email=row["email"],
        state=State(row["state"]),
        sequence=row["sequence"],
        sent=sent,
    )


def _reply(row: Row) -> ReplyRecord:
    return ReplyRecord(
        id=row["id"],
        message=row["message"],
        received_at=instant(row["received_at"]),
        state=ReplyState(row["state"]),
        reason=row["reason"],
        sender=row["sender"],
        attendee=row["attendee"],
        uid=row["uid"],
        open=bool(row["open"]),
        event_id=row["event_id"],
        registration_id=row["registration_id"],
        answer=row["answer"],
        sequence=row["sequence"],
        stamp=instant_or_none(row["stamp"]),
        wanted_starts_at=instant_or_none(row["wanted_starts_at"]),
        wanted_ends_at=instant_or_none(row["wanted_ends_at"]),
        excerpt=row["excerpt"],
    )
