"""An upload under way: what is known of a file before all of it is there."""

from dataclasses import dataclass
from datetime import datetime

from eventkit.model.material import Release
from eventkit.model.text import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a file: a new download, or a newer version of `material_id`."""

    item_id: int | None = None
    material_id: int | None = None
    title: Text = NOTHING
    language: str = ""
    licence: str = ""
    release: Release = Release.AFTER_ITEM


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose upload it is: a person with a link, or an organiser; exactly one of them."""

    person_id: int | None = None
    organiser_id: int | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrives in parts. `size` is what it will have, in octets.

    `done` is the public id of the download it became, "" until then; `changed_at` the
    instant of its last part.
    """

    public_id: str
    event_id: int
    owner: Owner
    filename: str
    size: int
    wanted: Wanted
    created_at: datetime
    changed_at: datetime
    done: str = ""
