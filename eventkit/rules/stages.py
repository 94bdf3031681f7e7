"""Where a meeting stands on its way, and what its organisers have to do next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventkit.model.event import Event, Stage
from eventkit.model.registration import Seats
from eventkit.rules import dates
from eventkit.rules.seats import Window, window

SOON = timedelta(days=14)
PROGRAMME_DUE = timedelta(days=30)
ARCHIVE_AFTER = timedelta(days=30)


class Step(StrEnum):
    """The stations of a meeting, in their order."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    FULL = "full"
    PUBLISHED = "published"
    DAY = "day"
    RECAP = "recap"
    ARCHIVED = "archived"


class Need(StrEnum):
    """Something an organiser has to do, or should know is coming."""

    LETTERS_FAILED = "letters_failed"
    REQUESTS = "requests"
    OFFERS = "offers"
    UNPUBLISHED = "unpublished"
    CLASHES = "clashes"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    NO_AGENDA = "no_agenda"
    PROGRAMME_DUE = "programme_due"
    ANNOUNCE = "announce"
    NO_WINDOW = "no_window"
    OPENS = "opens"
    CLOSES = "closes"
    SLIDES = "slides"
    RECAP = "recap"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Task:
    """One need with its number: of letters, people or talks, or of days until it is due."""

    need: Need
    number: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a meeting besides itself.

    `unpublished` counts changed draft items, `clashes` what can't be meant in the draft (known
    only where one meeting is looked at), `declined` and `unanswered` people of the programme.
    """

    seats: Seats
    failed_letters: int = 0
    items: int = 0
    unpublished: int = 0
    clashes: int = 0
    declined: int = 0
    unanswered: int = 0
    without_slides: int = 0
    recapped: bool = False


def step(event: Event, seats: Seats, now: datetime) -> Step:
    """How far a meeting got. A cancelled one stands where it was announced."""
    if event.stage is Stage.DRAFT:
        return Step.DRAFT
    if event.stage is Stage.ARCHIVED:
        return Step.ARCHIVED
    if event.stage is Stage.CANCELLED:
        return Step.ANNOUNCED
    if now >= event.ends_at:
        return Step.RECAP
    if dates.to_local(now, event.zone).date() >= dates.to_local(event.starts_at, event.zone).date():
        return Step.DAY
    if event.programme_version:
        return Step.PUBLISHED
    if window(event, now) in (Window.OPEN, Window.CLOSED):
        return Step.FULL if seats.free == 0 else Step.OPEN
    return Step.ANNOUNCED


def skipped(event: Event, seats: Seats, now: datetime) -> tuple[Step, ...]:
    """The stations this meeting does not have, or passed by."""
    gone = []
    if event.opens_at is None:
        gone.append(Step.OPEN)
    if seats.free != 0:
        gone.append(Step.FULL)
    if not event.programme_version and now >= event.starts_at:
        gone.append(Step.PUBLISHED)
    return tuple(gone)


def tasks(event: Event, work: Work, now: datetime) -> tuple[Task, ...]:
    """What needs an organiser now, the most urgent first. Nothing for a meeting that is done."""
    found = []
    if work.failed_letters:
        found.append(Task(Need.LETTERS_FAILED, work.failed_letters))
    if event.stage in (Stage.CANCELLED, Stage.ARCHIVED):
        return tuple(found)
    if now >= event.ends_at:
        return (*found, *_afterwards(event, work, now))
    if work.seats.requested:
        found.append(Task(Need.REQUESTS, work.seats.requested))
    if work.seats.offered:
        found.append(Task(Need.OFFERS, work.seats.offered))
    found += _people(work)
    if work.clashes:
        found.append(Task(Need.CLASHES, work.clashes))
    found += _programme(event, work, now)
    if event.stage is Stage.DRAFT:
        found.append(Task(Need.ANNOUNCE))
    found += _registration(event, now)
    if work.without_slides and event.starts_at - now <= SOON:
        found.append(Task(Need.SLIDES, work.without_slides))
    return tuple(found)


def _people(work: Work) -> list[Task]:
    answers = ((Need.DECLINED, work.declined), (Need.UNANSWERED, work.unanswered))
    return [Task(need, number) for need, number in answers if number]


def _programme(event: Event, work: Work, now: datetime) -> list[Task]:
    if not work.items and not event.programme_version:
        return [Task(Need.NO_AGENDA)]
    if event.programme_version and work.unpublished:
        return [Task(Need.UNPUBLISHED, work.unpublished)]
    near = event.starts_at - now <= PROGRAMME_DUE
    if not event.programme_version and event.public and near:
        return [Task(Need.PROGRAMME_DUE, days_until(event.starts_at, event.zone, now))]
    return []


def _registration(event: Event, now: datetime) -> list[Task]:
    if event.opens_at is None:
        return [Task(Need.NO_WINDOW)]
    if now < event.opens_at <= now + SOON:
        return [Task(Need.OPENS, days_until(event.opens_at, event.zone, now))]
    closes = event.closes_at or event.starts_at
    if event.opens_at <= now < closes <= now + SOON:
        return [Task(Need.CLOSES, days_until(closes, event.zone, now))]
    return []


def _afterwards(event: Event, work: Work, now: datetime) -> list[Task]:
    found = []
    if event.public and work.without_slides and now - event.ends_at <= ARCHIVE_AFTER:
        found.append(Task(Need.SLIDES, work.without_slides))
    if event.public and not work.recapped:
        found.append(Task(Need.RECAP))
    elif event.public and now - event.ends_at > ARCHIVE_AFTER:
        found.append(Task(Need.ARCHIVE))
    return found


def days_until(instant: datetime, zone: str, now: datetime) -> int:
    """How many midnights of the meeting's zone lie between now and an instant."""
    return (dates.to_local(instant, zone).date() - dates.to_local(now, zone).date()).days
