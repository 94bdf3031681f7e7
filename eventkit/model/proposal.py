"""What a file of another program proposes for a draft, before anything happens."""

from dataclasses import dataclass
from datetime import datetime

from eventkit.model.agenda import Kind, Role


@dataclass(frozen=True, slots=True)
class Proposal:
    """One item as a file says it; instants in UTC. None: the file says nothing about it.

    `where` names the place in the file (a line, an id) for messages, `guid` is the item's
    identity there ("" without one). Texts are in the one language of the file.
    """

    where: str
    title: str
    starts_at: datetime
    ends_at: datetime
    guid: str = ""
    abstract: str | None = None
    kind: Kind | None = None
    room: str | None = None
    track: str | None = None
    language: str | None = None
    people: tuple[tuple[str, Role], ...] | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What can't be read: where it stands, a stable code, and the value as it stands there."""

    where: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that a file proposes, in its order, and what could not be read."""

    items: tuple[Proposal, ...]
    troubles: tuple[Trouble, ...] = ()
    title: str = ""
