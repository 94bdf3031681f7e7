"""What stays after a meeting: its recap, the topic's dossier, the people who read the news."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.material import Stored
from eventkit.model.text import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that outlives its meetings (in German: Themendossier)."""

    id: int
    slug: str
    title: Text
    summary: Text
    body: Text
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence somebody said, with the function they said it in."""

    text: Text
    name: str
    function: Text = NOTHING
    person_slug: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a meeting; `people` names those who can be recognised on it."""

    public_id: str
    file: Stored
    caption: Text
    alt: Text
    credit: str
    width: int
    height: int
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recap:
    """The page that remains: lead, body in Markdown, quotes and pictures."""

    event_id: int
    title: Text
    lead: Text
    body: Text
    published_at: datetime | None
    changed_at: datetime
    quotes: tuple[Quote, ...] = ()
    photos: tuple[Photo, ...] = ()


class Subscription(StrEnum):
    """How far a newsletter subscription got (double opt-in)."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who reads the newsletter, with the proof that they asked for it."""

    id: int
    email: str
    language: str
    state: Subscription
    consent_text: str
    asked_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    nonce: bytes = b""
