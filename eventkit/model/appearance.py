"""What somebody on a programme says about taking part in a meeting."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Window = tuple[datetime, datetime]
"""A span of time, both ends in UTC."""


class Answer(StrEnum):
    """What a person said to the request to take part."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Appearance:
    """One person at one meeting; instants in UTC. Nothing of this is ever public.

    `asked_at` is when the organiser last sent the request (None: the draft is not shown to
    them), `reminders` how many reminders followed it. `technical` are wishes for the room.
    """

    event_id: int
    person_id: int
    state: Answer = Answer.OPEN
    answered_at: datetime | None = None
    remark: str = ""
    technical: str = ""
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
