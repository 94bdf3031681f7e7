"""One meeting with all that belongs to it, as it travels in an exported file.

People and topics are known by their slug, rooms and items by a number that counts only
inside the file, files by their content hash.
"""

from dataclasses import dataclass
from datetime import datetime

from eventkit.model.agenda import Kind, Role
from eventkit.model.event import Admission, Link, Mode, Place, Stage
from eventkit.model.material import Release
from eventkit.model.places import OpenTo
from eventkit.model.question import Kind as QuestionKind
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import NOTHING, Text

FORMAT = 1


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The meeting itself."""

    uid: str
    slug: str
    title: Text
    zone: str
    starts_at: datetime
    ends_at: datetime
    stage: Stage
    created_at: datetime
    changed_at: datetime
    revised_at: datetime
    summary: Text = NOTHING
    description: Text = NOTHING
    all_day: bool = False
    doors_at: datetime | None = None
    mode: Mode = Mode.ON_SITE
    place: Place = Place()
    capacity: int | None = None
    waiting_list: bool = True
    approval: bool = False
    listed: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    contact_name: str = ""
    contact_email: str = ""
    retention_days: int = 90
    sequence: int = 0
    announced_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancellation: Text = NOTHING
    site_plan: str = ""
    site_plan_alt: Text = NOTHING
    per_organisation: int | None = None
    offer_hours: int = 0
    companions: int = 0
    admission: Admission = Admission.OPEN
    party_size: int = 1
    photo_consent: bool = False
    attendee_list: bool = False


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """A topic the meeting belongs to."""

    slug: str
    title: Text
    summary: Text = NOTHING
    body: Text = NOTHING


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody of the programme or recap; the address stays at home."""

    slug: str
    name: str
    former_name: str = ""
    function: Text = NOTHING
    organisation: Text = NOTHING
    biography: Text = NOTHING
    website: str = ""
    photo: str = ""
    photo_alt: Text = NOTHING
    photo_credit: str = ""


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room."""

    id: int
    name: Text
    capacity: int | None = None
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Who does what on an item, with function and organisation of that day."""

    person: str
    role: Role
    function: Text = NOTHING
    organisation: Text = NOTHING


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item of the draft or of a published programme."""

    id: int
    uid: str
    kind: Kind
    title: Text
    starts_at: datetime
    ends_at: datetime
    abstract: Text = NOTHING
    language: str = ""
    room: int | None = None
    room_name: Text = NOTHING
    track: str = ""
    capacity: int | None = None
    people: tuple[PartFacts, ...] = ()
    sequence: int = 0
    revised_at: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A published version."""

    version: int
    published_at: datetime
    items: tuple[ItemFacts, ...]
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """A download with its newest file, if one was delivered."""

    title: Text
    release: Release
    item: int | None = None
    language: str = ""
    licence: str = ""
    released_at: datetime | None = None
    url: str = ""
    file: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class QuoteFacts:
    """A quote of the recap."""

    text: Text
    name: str
    function: Text = NOTHING
    person: str = ""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A picture of the recap."""

    file: str
    caption: Text = NOTHING
    alt: Text = NOTHING
    credit: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecapFacts:
    """The recap."""

    title: Text = NOTHING
    lead: Text = NOTHING
    body: Text = NOTHING
    published_at: datetime | None = None
    quotes: tuple[QuoteFacts, ...] = ()
    photos: tuple[PhotoFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What a guest agreed to."""

    purpose: str
    text: str
    language: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """A workshop a guest chose."""

    item: int
    confirmed: bool
    wish: int = 1


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group of attendees."""

    id: int
    name: Text
    open_to: OpenTo = OpenTo.EVERYONE
    retired: bool = False


@dataclass(frozen=True, slots=True)
class QuotaFacts:
    """Places for some groups together."""

    name: Text
    capacity: int
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """What taking part costs, in cents of a euro; invoices stay where they were issued."""

    name: Text
    cents: int
    group: int | None = None


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """Something to choose in the meeting's form."""

    key: str
    label: Text
    retired: bool = False


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question of the meeting's form; `after` and `answers` say when it is asked."""

    key: str
    kind: QuestionKind
    label: Text
    help: Text = NOTHING
    purpose: Text = NOTHING
    options: tuple[OptionFacts, ...] = ()
    required: bool = False
    after: str = ""
    answers: tuple[str, ...] = ()
    sensitive: bool = False
    delete_after_days: int | None = None
    lowest: int | None = None
    highest: int | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What a guest answered to the question with a key, as it would be typed, or their file."""

    question: str
    typed: tuple[str, ...] = ()
    file: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class GuestFacts:
    """A registration; only in a file made with people."""

    uid: str
    name: str
    email: str
    language: str
    state: State
    created_at: datetime
    sequence: int = 0
    organisation: str = ""
    role: str = ""
    access_needs: str = ""
    diet: str = ""
    cancelled_at: datetime | None = None
    cancelled_by: CancelledBy | None = None
    group: int | None = None
    companions: tuple[str, ...] = ()
    offered_until: datetime | None = None
    choices: tuple[ChoiceFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    answers: tuple[AnswerFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """The organisers' own words for one kind of letter."""

    kind: str
    subject: Text = NOTHING
    body: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything in the file. Items of `programmes` that are not in `draft` were removed."""

    format: int
    event: MeetingFacts
    topics: tuple[TopicFacts, ...] = ()
    links: tuple[Link, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    rooms: tuple[RoomFacts, ...] = ()
    draft: tuple[ItemFacts, ...] = ()
    programmes: tuple[ProgrammeFacts, ...] = ()
    materials: tuple[MaterialFacts, ...] = ()
    recap: RecapFacts | None = None
    groups: tuple[GroupFacts, ...] = ()
    quotas: tuple[QuotaFacts, ...] = ()
    prices: tuple[PriceFacts, ...] = ()
    guests: tuple[GuestFacts, ...] = ()
    questions: tuple[QuestionFacts, ...] = ()
    asks_access: bool = True
    asks_diet: bool = True
    wordings: tuple[WordingFacts, ...] = ()
    reminders: tuple[int, ...] = ()
