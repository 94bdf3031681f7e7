"""Those who organise: their accounts, and the organisation they work for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.event import Link
from eventkit.model.text import NOTHING, Text


class Access(StrEnum):
    """What an account may do; each includes the ones after it."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Organiser:
    """A person who logs in."""

    id: int
    email: str
    name: str
    password_hash: str
    access: Access
    language: str
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in browser; instants in UTC. The cookie is kept only by its hash."""

    id: int
    organiser: Organiser
    created_at: datetime
    seen_at: datetime
    agent: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The association itself, as its pages, letters and papers show it."""

    name: Text
    short_name: str = ""
    accent: str = "#7a2048"
    zone: str = "Europe/Berlin"
    language: str = "de"
    email: str = ""
    postal: str = ""
    introduction: Text = NOTHING
    imprint: Text = NOTHING
    privacy: Text = NOTHING
    accessibility: Text = NOTHING
    website: str = ""
    logo: str = ""
    links: tuple[Link, ...] = ()
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Who changed what, when (UTC). `details` is JSON text without secrets."""

    at: datetime
    actor: str
    verb: str
    subject: str
    details: str
