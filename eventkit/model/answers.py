"""What calendars hold and answer: entries sent to people, and what came back from them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.letter import LetterState, Method
from eventkit.model.registration import State


class DeclineRule(StrEnum):
    """What follows when somebody declines in their calendar; the organiser chooses."""

    AT_ONCE = "at_once"
    CONFIRM = "confirm"
    NOTE = "note"


class Held(StrEnum):
    """Whether the entry in somebody's calendar is the truth.

    `OLD` is a former time, place or state; `MISSING` no entry although there should be one;
    `LEFT_OVER` one that should be gone.
    """

    NOTHING = "nothing"
    CURRENT = "current"
    ON_THE_WAY = "on_the_way"
    OLD = "old"
    MISSING = "missing"
    LEFT_OVER = "left_over"


WRONG = frozenset({Held.OLD, Held.MISSING, Held.LEFT_OVER})


@dataclass(frozen=True, slots=True)
class Sent:
    """One calendar part that was written to a person; instants in UTC.

    `sequence` is the entry's own, `event_sequence` that of the meeting it tells of.
    `delivered_at` is when a mail server took it. `letter_id` and `state` are those of its
    letter, None when the letter is forgotten already.
    """

    id: int
    method: Method
    sequence: int
    event_sequence: int
    queued_at: datetime
    delivered_at: datetime | None
    letter_id: int | None
    state: LetterState | None
    error: str = ""
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The flight recorder of one registration: everything sent, the oldest first."""

    registration_id: int
    name: str
    email: str
    state: State
    sequence: int
    sent: tuple[Sent, ...] = ()

    @property
    def last(self) -> Sent | None:
        """What was written last, by version and then by time."""
        return max(self.sent, key=lambda s: (s.sequence, s.id), default=None)

    @property
    def delivered(self) -> Sent | None:
        """What the person's calendar last took: the highest version that was delivered."""
        taken = (s for s in self.sent if s.delivered_at is not None)
        return max(taken, key=lambda s: (s.sequence, s.id), default=None)

    @property
    def answered(self) -> Sent | None:
        """The latest version that was answered."""
        known = (s for s in self.sent if s.answer)
        return max(known, key=lambda s: (s.sequence, s.id), default=None)


class ReplyState(StrEnum):
    """What a mail in the reply mailbox turned out to be."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """A mail that came in, as it is kept; instants in UTC.

    `reason` is a stable word for what was done or why nothing was. `wanted_starts_at` is
    the time somebody proposes instead. `open` asks a person to look at it.
    """

    message: str
    received_at: datetime
    state: ReplyState
    reason: str
    sender: str = ""
    attendee: str = ""
    uid: str = ""
    open: bool = False
    event_id: int | None = None
    registration_id: int | None = None
    answer: str = ""
    sequence: int | None = None
    stamp: datetime | None = None
    wanted_starts_at: datetime | None = None
    wanted_ends_at: datetime | None = None
    excerpt: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How the reading of a mailbox stands; `problem` is a stable word, empty when well."""

    validity: int = 0
    last_uid: int = 0
    asked_at: datetime | None = None
    good_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    detail: str = ""
