"""The programme of a meeting: rooms, items, and who does what on them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text


class Kind(StrEnum):
    """What happens in a programme item."""

    OPENING = "opening"
    TALK = "talk"
    PANEL = "panel"
    WORKSHOP = "workshop"
    BREAK = "break"
    NETWORKING = "networking"


class Role(StrEnum):
    """What a person does in a programme item."""

    SPEAKER = "speaker"
    MODERATOR = "moderator"
    PANELLIST = "panellist"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Room:
    """A room of one meeting; `capacity` None means nobody counted the chairs."""

    id: int
    name: Text
    capacity: int | None = None
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Part:
    """A person on an item. Function and organisation are those of that day."""

    person: Person
    role: Role
    function: Text = NOTHING
    organisation: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the programme; instants in UTC.

    `sequence` and `revised_at` belong to the published calendar entry. `language`
    is the language spoken ("de", "en" or ""). `capacity` limits a workshop's places.
    """

    id: int
    uid: str
    kind: Kind
    title: Text
    abstract: Text
    language: str
    starts_at: datetime
    ends_at: datetime
    room: Room | None
    track: str
    capacity: int | None
    people: tuple[Part, ...] = ()
    sequence: int = 0
    revised_at: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """What the public sees: a numbered, published version of the items.

    `changes` counts what became different since the first version; None if nobody counted.
    """

    version: int
    published_at: datetime
    items: tuple[Item, ...]
    note: Text = NOTHING
    changes: int | None = None
