"""Letters to many: a message to some of a meeting's people, or a reminder before it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.registration import State
from eventkit.model.text import NOTHING, Text


class MailingKind(StrEnum):
    """Why many are written to."""

    MESSAGE = "message"
    REMINDER = "reminder"


class MailingState(StrEnum):
    """How far it is. `SCHEDULED` also while it is being written; `SENT` once nobody is left."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PAUSED = "paused"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who of the registered people gets a message; what is empty asks for nothing.

    `groups` and `workshops` are ids, `question` the key of a question with the `answer`
    wanted. `silent` are those who never answered the invite in their calendar. With `people`
    (ids of registrations) exactly those are meant and nothing else counts.
    """

    states: tuple[State, ...] = (State.CONFIRMED,)
    groups: tuple[int, ...] = ()
    workshops: tuple[int, ...] = ()
    without_workshop: bool = False
    silent: bool = False
    question: str = ""
    answer: str = ""
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mailing:
    """One mailing; instants in UTC.

    A reminder has `before_minutes` and follows the meeting; `due_at` is when its sending
    began. A message has `due_at` once it is scheduled. `receivers` is how many letters were
    written in the end.
    """

    id: int
    event_id: int
    kind: MailingKind
    state: MailingState
    subject: Text = NOTHING
    body: Text = NOTHING
    audience: Audience = Audience()
    before_minutes: int | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    receivers: int | None = None
    created_by: str = ""
    created_at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The letters of a mailing, counted: waiting, on their way, arrived, failed."""

    queued: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def written(self) -> int:
        """How many letters there are by now."""
        return self.queued + self.sending + self.sent + self.failed
