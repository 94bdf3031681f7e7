"""The worker's part in letters to many: a bounded batch at a time, nobody twice (R6)."""

import dataclasses
from datetime import datetime

from eventkit.actions import seating
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.letter import Facts, Letter, LetterKind, LetterState
from eventkit.model.mailing import Audience, Mailing, MailingKind, MailingState
from eventkit.model.registration import Registration, State
from eventkit.rules import correspondence
from eventkit.rules import mailings as rule
from eventkit.store import events, history, mailings, outbox, registrations
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

_WITH_A_SEAT = Audience(states=(State.CONFIRMED,))


def write_due(store: Store, *, now: datetime, identity: Identity, limit: int = rule.CHUNK) -> int:
    """Queue the next letters of what is due, at most `limit`; says how many.

    One short transaction a call, so that somebody who registers meanwhile does not wait.
    Whoever has a letter of the mailing is not written to again, whatever happened in between.
    """
    if not (mailings.due(store, now, limit=1) or mailings.moved(store, now)):
        return 0
    with store.changing():
        _plan_anew(store, now)
        for mailing in mailings.due(store, now):
            event = events.by_id(store, mailing.event_id)
            if event is None:
                continue
            begun = _begin(store, mailing, event, now)
            if begun is None:
                continue
            return _write_some(store, begun, event, now=now, identity=identity, limit=limit)
    return 0


def _plan_anew(store: Store, now: datetime) -> None:
    """A meeting that moved after its reminder went out is reminded of again in time."""
    for gone in mailings.moved(store, now):
        again = dataclasses.replace(
            gone, state=MailingState.SCHEDULED, due_at=None, sent_at=None, receivers=None
        )
        mailings.add(store, again, now=now)


def _begin(store: Store, mailing: Mailing, event: Event, now: datetime) -> Mailing | None:
    """The mailing, its beginning noted; None for a reminder that a later one makes needless."""
    if mailing.kind is MailingKind.MESSAGE or mailing.due_at is not None:
        return mailing
    later = any(
        other.event_id == event.id
        and other.kind is MailingKind.REMINDER
        and (other.before_minutes or 0) < (mailing.before_minutes or 0)
        for other in mailings.due(store, now)
    )
    if later:
        over = dataclasses.replace(mailing, state=MailingState.SENT, sent_at=now, receivers=0)
        mailings.save(store, dataclasses.replace(over, due_at=now), now=now)
        return None
    begun = dataclasses.replace(mailing, due_at=rule.due_at(mailing, event))
    mailings.save(store, begun, now=now)
    return begun


def _write_some(
    store: Store, mailing: Mailing, event: Event, *, now: datetime, identity: Identity, limit: int
) -> int:
    reminder = mailing.kind is MailingKind.REMINDER
    people = mailings.audience(
        store,
        event.id,
        _WITH_A_SEAT if reminder else mailing.audience,
        confirmed_by=mailing.due_at if reminder else None,
        arrived_by=mailing.due_at,
        without_letter_of=mailing.id,
        limit=limit,
    )
    organisation = events.organisation(store)
    items = seating.workshops(store, event)
    for registration in people:
        facts = correspondence.facts(
            organisation,
            event,
            registration,
            items=items,
            queue=seat_store.queue_place(store, registration),
        )
        outbox.queue(store, letter_of(mailing, event, registration, facts, now, identity))
    if len(people) < limit:
        _finish(store, mailing, now)
    return len(people)


def letter_of(
    mailing: Mailing,
    event: Event,
    registration: Registration,
    facts: Facts,
    now: datetime,
    identity: Identity,
) -> Letter:
    """The letter of a mailing to one person, whole in one language (R64)."""
    reminder = mailing.kind is MailingKind.REMINDER
    language = registration.language
    if not reminder:
        language = rule.spoken(mailing.subject, mailing.body, language)
        facts = dataclasses.replace(
            facts,
            own_subject=mailing.subject.en if language == "en" else mailing.subject.de,
            own_body=mailing.body.en if language == "en" else mailing.body.de,
        )
    return Letter(
        id=0,
        kind=LetterKind.REMINDER if reminder else LetterKind.MESSAGE,
        state=LetterState.QUEUED,
        language=language,
        name=registration.name,
        email=registration.email,
        message_id=identity.message_id(),
        facts=facts,
        created_at=now,
        event_id=event.id,
        registration_id=registration.id,
        mailing_id=mailing.id,
        nonce=registration.nonce,
    )


def _finish(store: Store, mailing: Mailing, now: datetime) -> None:
    """Nobody is left to write to."""
    counted = mailings.progress(store, [mailing.id]).get(mailing.id)
    written = counted.written if counted else 0
    done = dataclasses.replace(mailing, state=MailingState.SENT, sent_at=now, receivers=written)
    mailings.save(store, done, now=now)
    verb = "reminder_sent" if mailing.kind is MailingKind.REMINDER else "message_sent"
    history.note(store, verb, actor="worker", now=now, event_id=mailing.event_id, receivers=written)


def still_wanted(store: Store, letter: Letter, *, now: datetime) -> bool:
    """Whether a letter of a mailing is still true when it is about to go; if not, it is dropped.

    Seats are given back, meetings move or are called off while a letter waits. Letters that
    belong to no mailing are always wanted.
    """
    if letter.mailing_id is None or letter.registration_id is None:
        return True
    event = events.by_id(store, letter.event_id or 0)
    registration = registrations.by_id(store, letter.registration_id)
    kind = MailingKind.REMINDER if letter.kind is LetterKind.REMINDER else MailingKind.MESSAGE
    if event and registration and rule.still_wanted(kind, letter.facts, event, registration, now):
        return True
    with store.changing():
        mailings.drop(store, letter.id)
    return False
