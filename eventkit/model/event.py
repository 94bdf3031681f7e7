"""A meeting: what, when, where, for how many, and how far along it is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eventkit.model.text import NOTHING, Text


class Stage(StrEnum):
    """What the organiser decided; everything else about progress follows from time and numbers."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class Admission(StrEnum):
    """Who may register: everybody, or only with an invitation or a code."""

    OPEN = "open"
    CLOSED = "closed"


class Mode(StrEnum):
    """How people take part."""

    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting happens and how to get in."""

    name: str = ""
    street: str = ""
    postal_code: str = ""
    town: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    map_url: str = ""
    online_url: str = ""
    directions: Text = NOTHING
    access: Text = NOTHING

    @property
    def line(self) -> str:
        """The place in one line, "Venue, Street, 12345 Town", for calendars and letters."""
        town = " ".join(part for part in (self.postal_code, self.town) if part)
        return ", ".join(part for part in (self.name, self.street, town, self.country) if part)


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled way to further information."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting.

    Instants are aware and in UTC; `zone` is the IANA name in which people read them.
    `capacity` None means no limit. `sequence` is the iCalendar SEQUENCE of the
    published meeting, `revised_at` the instant of that revision (RFC 5545 3.8.7).
    `site_plan` is the content hash of a picture of the house, "" without one.
    `per_organisation` limits the places of one organisation (None: no limit); with
    `offer_hours` above 0 whoever moves up has that long to accept. `companions` persons
    may come along with a registration, `party_size` persons be registered at once.
    """

    id: int
    uid: str
    slug: str
    title: Text
    summary: Text
    description: Text
    zone: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    doors_at: datetime | None
    stage: Stage
    mode: Mode
    place: Place
    capacity: int | None
    waiting_list: bool
    approval: bool
    listed: bool
    opens_at: datetime | None
    closes_at: datetime | None
    contact_name: str
    contact_email: str
    retention_days: int
    sequence: int
    created_at: datetime
    changed_at: datetime
    revised_at: datetime
    announced_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancellation: Text = NOTHING
    per_organisation: int | None = None
    offer_hours: int = 0
    admission: Admission = Admission.OPEN
    companions: int = 0
    party_size: int = 1
    photo_consent: bool = False
    attendee_list: bool = False
    programme_version: int | None = None
    topic_slugs: tuple[str, ...] = field(default=())
    site_plan: str = ""
    site_plan_alt: Text = NOTHING

    @property
    def public(self) -> bool:
        """Whether strangers may see the page at all (listed or by its address)."""
        return self.stage is not Stage.DRAFT
