"""Places for some: groups of attendees, quotas over them, and whoever stands in a queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eventkit.model.text import Text


class OpenTo(StrEnum):
    """Who may choose a group in the form."""

    EVERYONE = "everyone"
    CODE = "code"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of attendees: members, guests, press. A retired one is kept for those in it."""

    id: int
    name: Text
    open_to: OpenTo = OpenTo.EVERYONE
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """Places for the persons of some groups together. Quotas may add up or overlap."""

    id: int
    name: Text
    capacity: int
    groups: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Queued:
    """Somebody who waits: `places` with companions, `organisation` folded, "" for none."""

    id: int
    places: int = 1
    group: int | None = None
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything a seat depends on, and how many persons hold one already.

    `in_quotas` counts by quota id, `in_organisations` by folded name.
    """

    capacity: int | None
    taken: int
    quotas: tuple[Quota, ...] = ()
    in_quotas: Mapping[int, int] = field(default_factory=dict)
    per_organisation: int | None = None
    in_organisations: Mapping[str, int] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether the capacity is the only limit."""
        return not self.quotas and self.per_organisation is None

    @property
    def free(self) -> int | None:
        """How many persons may still come; None without a limit. Never negative."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody gets a seat now, and if not, everything that stands in the way.

    `behind` says that free places are kept for somebody who came earlier.
    """

    id: int
    seat: bool
    meeting: bool = False
    behind: bool = False
    quotas: tuple[int, ...] = ()
    organisation: bool = False


@dataclass(frozen=True, slots=True)
class Stake:
    """One wish for one workshop, in the order of arrival by `id`.

    `seated`: the person has a seat of the meeting.
    """

    id: int
    person: int
    item: int
    wish: int
    confirmed: bool
    seated: bool = True
