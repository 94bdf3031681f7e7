"""What an organisation says in a letter in its own words."""

from dataclasses import dataclass
from datetime import datetime

from eventkit.model.text import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and opening of one kind of letter, of one meeting or (`event_id` None) of all.

    An empty language means the standard text of that language, so that no letter mixes two
    (R64). `kind` is one of `rules.wordings.KINDS`; `changed_at` is in UTC.
    """

    kind: str
    event_id: int | None
    subject: Text = NOTHING
    body: Text = NOTHING
    changed_at: datetime | None = None
