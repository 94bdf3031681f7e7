"""A list of attendees that was taken in as a whole."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Import:
    """One import; instants in UTC. `rows` came with it, `live` of them are still registered."""

    id: int
    event_id: int
    at: datetime
    actor: str
    filename: str
    rows: int
    undone_at: datetime | None = None
    live: int = 0
