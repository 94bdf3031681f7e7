"""Ways in besides the open form: codes, personal invitations, a letter when it opens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.letter import LetterState
from eventkit.model.registration import State


@dataclass(frozen=True, slots=True)
class Code:
    """A word that opens a closed meeting, or a group, to several people.

    `uses` None means as often as there are places; `used` counts the registrations that
    stand, one each. It holds until `valid_until` (UTC, that instant is too late).
    """

    id: int
    event_id: int
    code: str
    group_id: int | None = None
    uses: int | None = None
    valid_until: datetime | None = None
    note: str = ""
    created_at: datetime | None = None
    ended_at: datetime | None = None
    used: int = 0


class Standing(StrEnum):
    """Where an invitation stands, at a glance. Whether it was opened is not watched."""

    WAITING = "waiting"
    FAILED = "failed"
    SENT = "sent"
    ACCEPTED = "accepted"
    LEFT = "left"
    DECLINED = "declined"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One person invited to one meeting; instants in UTC.

    `nonce` is what the personal link is made from. `sent_at` and `reminded_at` tell when
    letters were queued, `letter` how far the latest got. `word` is what somebody wrote who
    can't come. `state` is that of the registration it led to.
    """

    id: int
    event_id: int
    name: str
    email: str
    language: str
    organisation: str = ""
    group_id: int | None = None
    nonce: bytes = b""
    created_at: datetime | None = None
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
    declined_at: datetime | None = None
    revoked_at: datetime | None = None
    registration_id: int | None = None
    word: str = ""
    letter: LetterState | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who wants one letter when registration opens."""

    id: int
    event_id: int
    email: str
    language: str
    nonce: bytes


class Mark(StrEnum):
    """What stands in the way of an entry of a list of guests; NEW for nothing."""

    NEW = "new"
    NO_ADDRESS = "no_address"
    ADDRESS = "address"
    NAME = "name"
    TOO_LONG = "too_long"
    TWICE = "twice"
    INVITED = "invited"
    REGISTERED = "registered"


WRONG = frozenset({Mark.NO_ADDRESS, Mark.ADDRESS, Mark.NAME, Mark.TOO_LONG})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of guests: what was read, and what is to be said of it.

    `line` is that of the list, from 1; `language` "" where the list names none.
    """

    line: int
    name: str
    email: str
    organisation: str = ""
    language: str = ""
    mark: Mark = Mark.NEW
