"""What a letter says and when it is tried again; how often anybody may be written to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from eventkit.model.account import Organisation
from eventkit.model.agenda import Item
from eventkit.model.archive import Topic
from eventkit.model.event import Event
from eventkit.model.letter import Facts, Session
from eventkit.model.registration import Registration
from eventkit.model.text import NOTHING
from eventkit.rules.access import delete_on

TRIES = 12
LEASE = timedelta(minutes=5)
ONE_AN_HOUR = timedelta(hours=1)
UNASKED_A_DAY = 3


def facts(
    organisation: Organisation,
    event: Event,
    registration: Registration,
    *,
    items: Iterable[Item] = (),
    topics: Iterable[Topic] = (),
    queue: int | None = None,
    before: Event | None = None,
) -> Facts:
    """Everything a letter about a registration may say, frozen at this moment.

    `before` is the meeting as the receiver knows it, when the letter tells of a change.
    """
    return replace(
        about(organisation, event),
        uid=registration.uid,
        invited_at=registration.created_at,
        state=registration.state,
        queue=queue,
        sessions=_sessions(registration, items),
        topics=tuple(topic.title for topic in topics),
        reason=event.cancellation,
        cancelled_by=registration.cancelled_by,
        programme=event.programme_version is not None,
        delete_on=delete_on(event.ends_at, event.retention_days),
        before_title=before.title if before and before.title != event.title else NOTHING,
        before_starts_at=before.starts_at if before else None,
        before_ends_at=before.ends_at if before else None,
        before_place=before.place if before and before.place != event.place else None,
    )


def about(organisation: Organisation, event: Event) -> Facts:
    """What any letter about a meeting may say. Nobody is led to the page of a draft."""
    return Facts(
        organisation=organisation.name,
        title=event.title,
        slug=event.slug if event.public else "",
        summary=event.summary,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        doors_at=event.doors_at,
        all_day=event.all_day,
        zone=event.zone,
        mode=event.mode,
        place=event.place,
        contact_name=event.contact_name,
        contact_email=event.contact_email or organisation.email,
    )


def _sessions(registration: Registration, items: Iterable[Item]) -> tuple[Session, ...]:
    by_id = {item.id: item for item in items}
    chosen = (
        (by_id[choice.item_id], choice)
        for choice in registration.choices
        if choice.item_id in by_id
    )
    return tuple(
        Session(
            title=item.title,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            room=item.room.name if item.room else NOTHING,
            confirmed=choice.confirmed,
            wish=choice.wish,
        )
        for item, choice in chosen
    )


def try_again_after(attempts: int) -> timedelta | None:
    """How long to wait after the n-th failed try: from 30 seconds doubling to 6 hours.

    None after twelve tries (about two days): the letter is given up, visibly.
    """
    if attempts >= TRIES:
        return None
    return min(timedelta(seconds=30 * 2 ** max(0, attempts - 1)), timedelta(hours=6))


def may_repeat(last: datetime | None, today: int, now: datetime) -> bool:
    """Whether an unasked repetition (a known address, a lost link) may be written now.

    At most one per form and hour and three letters a day (R41).
    """
    recently = last is not None and now - last < ONE_AN_HOUR
    return not recently and today < UNASKED_A_DAY
