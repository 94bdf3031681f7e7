"""A letter to one person, as it waits in the outbox."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.event import Mode, Place
from eventkit.model.fees import Fee
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import NOTHING, Text


class LetterKind(StrEnum):
    """Why a letter is written; each kind has one template in each language."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REQUESTED = "requested"
    MOVED_UP = "moved_up"
    OFFERED = "offered"
    LAPSED = "lapsed"
    REFUSED = "refused"
    WORKSHOP = "workshop"
    CHOSEN = "chosen"
    CANCELLED = "cancelled"
    ALREADY = "already"
    CHANGED = "changed"
    CALLED_OFF = "called_off"
    DECLINED = "declined"
    QUESTION = "question"
    LINK = "link"
    REMINDER = "reminder"
    MESSAGE = "message"
    INVOICE = "invoice"
    PAYMENT_REMINDER = "payment_reminder"
    RECEIPT = "receipt"
    INVITATION = "invitation"
    INVITATION_REMINDER = "invitation_reminder"
    OPENING = "opening"
    SPEAKER_PROGRAMME = "speaker_programme"
    SPEAKER_CHANGED = "speaker_changed"
    ITEMS_CHANGED = "items_changed"
    SPEAKER_REQUEST = "speaker_request"
    SPEAKER_REMINDER = "speaker_reminder"
    SPEAKER_LINK = "speaker_link"
    NEWSLETTER_CONFIRM = "newsletter_confirm"
    NEWSLETTER_WELCOME = "newsletter_welcome"


class LetterState(StrEnum):
    """How far a letter got."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Method(StrEnum):
    """The iTIP method of the calendar part, equal in MIME and body (RFC 6047 2.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Session:
    """A workshop of the receiver, as the letter names it; instants in UTC."""

    title: Text
    starts_at: datetime
    ends_at: datetime
    room: Text
    confirmed: bool
    wish: int = 1


class Touch(StrEnum):
    """What happened to a programme item, as far as it touches the reader.

    `PART` is theirs in the first programme, `LEFT` takes place without them, `OPENED` was
    a workshop that they chose and needs no place any more.
    """

    PART = "part"
    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    LEFT = "left"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A programme item as a letter tells of it; instants in UTC.

    `before_*` hold what is not true any more; `before_room` is None where the room stays
    and empty where there was none. `role` is the reader's on the item ("workshop" or
    "contribution" for who speaks where it is no talk), "" for whoever `chosen` it as a guest
    (a workshop, or marked).
    """

    touch: Touch
    title: Text
    starts_at: datetime
    ends_at: datetime
    room: Text = NOTHING
    role: str = ""
    chosen: bool = False
    before_title: Text = NOTHING
    before_starts_at: datetime | None = None
    before_ends_at: datetime | None = None
    before_room: Text | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The meeting and the registration as they were when the letter was queued.

    Instants are UTC, `zone` is the meeting's IANA zone. `uid`, `invited_at` and
    `state` are the registration's (calendar identity, CREATED, PARTSTAT/STATUS).
    `before` holds the former values of what changed, for "what is new" in the letter.
    `delete_on` is the day (UTC) the person's data becomes anonymous. `items` tell of
    `version` of the programme, with the organiser's `note` on it. `missing` names
    what somebody of the programme still owes (`rules.appearances.Missing`). `programme` says
    whether one is published. `own_subject` and `own_body` are the organiser's words in the letter's
    language, placeholders not yet filled; `accent` ("#rrggbb") and `logo` (a content hash)
    are the organisation's. A place is kept until `offered_until`; `freed` are workshops given
    back for a better one. A `trial` goes to an organiser and says so. An invitation is answered
    before `answer_by`. `registered_by` is the name of whoever registered the receiver too.
    `asked` is what a guest (`asker`, at `asker_email`) writes to the organisers.
    """

    organisation: Text
    title: Text = NOTHING
    slug: str = ""
    summary: Text = NOTHING
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    doors_at: datetime | None = None
    all_day: bool = False
    zone: str = "UTC"
    mode: Mode = Mode.ON_SITE
    place: Place = Place()
    contact_name: str = ""
    contact_email: str = ""
    uid: str = ""
    invited_at: datetime | None = None
    state: State | None = None
    queue: int | None = None
    sessions: tuple[Session, ...] = ()
    topics: tuple[Text, ...] = ()
    reason: Text = NOTHING
    delete_on: datetime | None = None
    before_title: Text = NOTHING
    before_starts_at: datetime | None = None
    before_ends_at: datetime | None = None
    before_place: Place | None = None
    cancelled_by: CancelledBy | None = None
    programme: bool = False
    own_subject: str = ""
    own_body: str = ""
    accent: str = ""
    logo: str = ""
    trial: bool = False
    offered_until: datetime | None = None
    freed: tuple[Text, ...] = ()
    items: tuple[ItemChange, ...] = ()
    version: int | None = None
    note: Text = NOTHING
    missing: tuple[str, ...] = ()
    fee: Fee | None = None
    answer_by: datetime | None = None
    registered_by: str = ""
    asked: str = ""
    asker: str = ""
    asker_email: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the worker needs to write and send one letter.

    `facts`, `message_id` and `created_at` (the DTSTAMP of a calendar part) are fixed
    when the letter is queued, so a retry hours later is the same letter. It holds no
    token: the personal link is made from `nonce` at the moment of sending. With `person_id`
    it goes to somebody of the programme and `nonce` is that of their own page; with
    `mailing_id` it is one of many of a reminder or message; with `invitation_id` `nonce` is
    that of a personal invitation.
    """

    id: int
    kind: LetterKind
    state: LetterState
    language: str
    name: str
    email: str
    message_id: str
    facts: Facts
    created_at: datetime
    event_id: int | None = None
    registration_id: int | None = None
    subscriber_id: int | None = None
    person_id: int | None = None
    mailing_id: int | None = None
    invitation_id: int | None = None
    nonce: bytes = b""
    method: Method | None = None
    sequence: int | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""
