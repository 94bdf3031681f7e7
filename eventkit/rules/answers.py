"""What an answer from a calendar means, and whether somebody's entry is the truth.

Only an answer from the invited address, to an entry that was really sent, moves anything;
a "no" to a former version never frees a seat by itself (RFC 5546 2.1.5, CALENDAR 3 e).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventkit.model.answers import DeclineRule, Held, Record, Sent
from eventkit.model.event import Event, Stage
from eventkit.model.letter import LetterState, Method
from eventkit.model.registration import State
from eventkit.rules import text

POLL = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
_LIVE = frozenset({State.OFFERED, State.CONFIRMED, State.WAITING, State.ATTENDED})
_UNDER_WAY = (LetterState.QUEUED, LetterState.SENDING)


class Effect(StrEnum):
    """What is done with an answer."""

    STORE = "stored"
    FREE = "freed"
    ASK = "asked"
    NOTE = "noted"
    REPEATED = "repeated"
    OUTDATED = "outdated"
    STRANGER = "stranger"
    NEVER_SENT = "never_sent"
    ENDED = "ended"
    OVER = "over"
    COUNTER = "counter"
    DELEGATED = "delegated"
    SILENT = "silent"


CHANGES_ANSWER = frozenset({Effect.STORE, Effect.FREE, Effect.ASK, Effect.NOTE})
FOR_A_PERSON = frozenset(
    {Effect.STRANGER, Effect.NEVER_SENT, Effect.ENDED, Effect.COUNTER, Effect.DELEGATED}
)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it came: REPLY or COUNTER, PARTSTAT, the entry's version, when, from whom."""

    method: str
    partstat: str
    sequence: int
    stamp: datetime | None
    attendee: str
    sender: str


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of the registration the answer names; `last_*` is the last answer taken."""

    email: str
    state: State
    ends_at: datetime
    sent: tuple[int, ...]
    last_sequence: int | None = None
    last_stamp: datetime | None = None
    last_answer: str = ""


def judge(said: Said, known: Known, rule: DeclineRule, *, now: datetime) -> Effect:
    """What an answer does. Total: every answer gets exactly one effect."""
    own = text.address_key(known.email)
    if text.address_key(said.attendee) != own or text.address_key(said.sender) != own:
        return Effect.STRANGER
    if said.method == "COUNTER":
        return Effect.COUNTER
    early = _behind(said, known)
    if early is not None:
        return early
    if said.partstat in ("DELEGATED", "NEEDS-ACTION"):
        return Effect.DELEGATED if said.partstat == "DELEGATED" else Effect.SILENT
    if now >= known.ends_at or known.state is State.ATTENDED:
        return Effect.OVER
    if known.state is State.CANCELLED:
        return Effect.SILENT if said.partstat == "DECLINED" else Effect.ENDED
    if said.partstat != "DECLINED":
        return Effect.STORE
    if rule is DeclineRule.NOTE:
        return Effect.NOTE
    newest = said.sequence >= max(known.sent)
    return Effect.FREE if rule is DeclineRule.AT_ONCE and newest else Effect.ASK


def _behind(said: Said, known: Known) -> Effect | None:
    """Why an answer is not even weighed: there is no such version, or a newer answer."""
    if said.sequence not in known.sent:
        return Effect.NEVER_SENT
    if known.last_sequence is None:
        return None
    if said.sequence < known.last_sequence:
        return Effect.OUTDATED
    if said.sequence == known.last_sequence:
        if said.stamp is None or known.last_stamp is None or said.stamp < known.last_stamp:
            return Effect.OUTDATED
        if said.stamp == known.last_stamp and said.partstat == known.last_answer:
            return Effect.REPEATED
    return None


def held(record: Record, event: Event) -> Held:
    """Whether the entry that a person's calendar took is the truth now."""
    taken, last = record.delivered, record.last
    holds = taken is not None and taken.method is Method.REQUEST
    coming = last is not None and last.delivered_at is None and _under_way(last)
    if record.state not in _LIVE:
        if holds:
            return Held.ON_THE_WAY if coming else Held.LEFT_OVER
        return Held.NOTHING
    if event.stage is Stage.DRAFT:
        return Held.NOTHING
    if taken is not None and holds and _is_now(taken, record, event):
        return Held.CURRENT
    if coming and last is not None and _is_now(last, record, event):
        return Held.ON_THE_WAY
    return Held.OLD if holds else Held.MISSING


def _is_now(sent: Sent, record: Record, event: Event) -> bool:
    """Whether a calendar part tells the present state of registration and meeting."""
    return sent.sequence >= record.sequence and sent.event_sequence >= event.sequence


def _under_way(sent: Sent) -> bool:
    """Whether a letter still goes out by itself and has met no trouble so far."""
    return sent.state in _UNDER_WAY and not sent.error


def pause(failures: int) -> timedelta:
    """How long to leave a mailbox alone: a minute, after failures doubling up to an hour."""
    return min(POLL * (1 << min(failures, 10)), LONGEST_PAUSE)
