"""Who gets a seat: the window of registration, free places, strict order of arrival."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from eventkit.model.event import Event, Stage
from eventkit.model.registration import Seats


class Window(StrEnum):
    """Whether one may register now, and if not, why."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"
    NONE = "none"


def window(event: Event, now: datetime) -> Window:
    """The state of the registration window at `now`.

    A meeting without an opening instant has no registration here. The closing instant
    itself is already closed; without one, registration ends when the meeting starts.
    """
    if event.stage is Stage.CANCELLED:
        return Window.CANCELLED
    if event.stage is Stage.ARCHIVED or now >= event.ends_at:
        return Window.OVER
    if event.stage is Stage.DRAFT or event.opens_at is None:
        return Window.NONE
    if now < event.opens_at:
        return Window.NOT_YET
    if now >= (event.closes_at or event.starts_at):
        return Window.CLOSED
    return Window.OPEN


def moving_up(seats: Seats, queue: Sequence[int]) -> tuple[int, ...]:
    """Which of the waiting get a seat now: the first of the queue, as many as are free.

    `queue` holds ids in order of arrival. The newest arrival stands at its end, so
    whoever registers passes nobody. Nobody loses a seat when the capacity sinks.
    """
    free = seats.free
    return tuple(queue) if free is None else tuple(queue[:free])


def would_wait(seats: Seats) -> bool:
    """Whether somebody who registered now would stand in the queue."""
    return seats.free is not None and seats.free <= seats.waiting
