"""Somebody who wants to come, and how that stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a registration stands.

    `REQUESTED` waits for the organiser's approval, `WAITING` for a free seat,
    `OFFERED` holds a seat until the person answers.
    """

    REQUESTED = "requested"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"


HOLDS_SEAT = frozenset({State.OFFERED, State.CONFIRMED, State.ATTENDED})
SEATED = frozenset({State.CONFIRMED, State.ATTENDED})
LIVE = frozenset(State) - {State.CANCELLED}


class CancelledBy(StrEnum):
    """Who gave the place back; `LAPSE` when nobody answered an offer in time."""

    GUEST = "guest"
    ORGANISER = "organiser"
    MEETING = "meeting"
    LAPSE = "lapse"


class Source(StrEnum):
    """How a registration came in."""

    FORM = "form"
    INVITATION = "invitation"
    DESK = "desk"
    IMPORT = "import"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to: the very text shown, and when (UTC)."""

    purpose: str
    text: str
    language: str
    given_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A workshop somebody wants to join; `confirmed` once a place in it is theirs."""

    item_id: int
    wish: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's registration for one meeting; instants in UTC.

    `uid` identifies the calendar invite of this registration and is never used again
    (CALENDAR 1.4); `sequence` is the last SEQUENCE decided for it. `places` counts the
    person and the `companions` (names); `party` joins those who were registered together;
    `billing` is name and address for the invoice, where they are others.
    """

    id: int
    event_id: int
    uid: str
    sequence: int
    name: str
    email: str
    organisation: str
    role: str
    access_needs: str
    diet: str
    language: str
    state: State
    created_at: datetime
    changed_at: datetime
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: CancelledBy | None = None
    nonce: bytes = b""
    choices: tuple[Choice, ...] = ()
    consents: tuple[Consent, ...] = ()
    group_id: int | None = None
    places: int = 1
    companions: tuple[str, ...] = ()
    party: str = ""
    source: Source = Source.FORM
    code_id: int | None = None
    price_id: int | None = None
    offered_until: datetime | None = None
    attended_at: datetime | None = None
    billing: str = ""


@dataclass(frozen=True, slots=True)
class Seats:
    """The numbers of a meeting, in persons; `capacity` None means no limit.

    `limited` says that quotas or a limit per organisation may keep somebody waiting
    although a place is free. `offered` are those of the `taken` that wait for an answer.
    """

    capacity: int | None
    taken: int
    waiting: int
    requested: int = 0
    cancelled: int = 0
    limited: bool = False
    offered: int = 0

    @property
    def free(self) -> int | None:
        """How many may still come; None without a limit. Never negative."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)
