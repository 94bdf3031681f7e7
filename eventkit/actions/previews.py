"""How a letter would look to one person of a meeting, and a test of it to an organiser."""

import dataclasses
from datetime import datetime, timedelta

from eventkit.actions import seating
from eventkit.identity import Identity
from eventkit.model.account import Organisation, Organiser
from eventkit.model.event import Event, Place
from eventkit.model.letter import Facts, Letter, LetterKind, LetterState, Session
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.model.text import Text
from eventkit.rules import correspondence, wordings
from eventkit.store import events, history, outbox
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

SAMPLE_NAME = Text(de="Ayşe Beispiel", en="Ayşe Example")
_STATES = {
    LetterKind.WAITING: State.WAITING,
    LetterKind.OFFERED: State.OFFERED,
    LetterKind.LAPSED: State.CANCELLED,
    LetterKind.REFUSED: State.CANCELLED,
    LetterKind.REQUESTED: State.REQUESTED,
    LetterKind.CANCELLED: State.CANCELLED,
    LetterKind.CALLED_OFF: State.CANCELLED,
}


def letter(
    store: Store,
    kind: str,
    event: Event | None,
    registration: Registration | None,
    *,
    language: str,
    words: tuple[str, str],
    now: datetime,
) -> Letter:
    """A letter of a kind as it would be queued now, without a receiver's link.

    `kind` is one of `rules.wordings.KINDS` or "message". Without a registration it is a sample
    person's, without an event a sample meeting's. `words` are the subject and body to try out;
    what is empty is the standard text.
    """
    by_us = kind == wordings.BY_US
    letter_kind = LetterKind.CANCELLED if by_us else LetterKind(kind)
    organisation = events.organisation(store)
    if event is None:
        facts = _sample_facts(organisation, now)
    elif registration is None:
        facts = _without_person(store, organisation, event)
    else:
        facts = correspondence.facts(
            organisation,
            event,
            registration,
            items=seating.workshops(store, event),
            queue=seat_store.queue_place(store, registration),
        )
    return Letter(
        id=0,
        kind=letter_kind,
        state=LetterState.QUEUED,
        language=language,
        name=registration.name if registration else SAMPLE_NAME.pick(language)[0],
        email=registration.email if registration else "sample@example.org",
        message_id="<preview@example.org>",
        facts=_as_it_would_be(facts, letter_kind, organisation, words, now, by_us=by_us),
        created_at=now,
        event_id=event.id if event else None,
    )


def _as_it_would_be(
    facts: Facts,
    kind: LetterKind,
    organisation: Organisation,
    words: tuple[str, str],
    now: datetime,
    *,
    by_us: bool,
) -> Facts:
    """The facts with the state this kind of letter tells of."""
    state = _STATES.get(kind)
    if kind is not LetterKind.MESSAGE:
        facts = dataclasses.replace(facts, state=state or State.CONFIRMED)
    return dataclasses.replace(
        facts,
        queue=(facts.queue or 3) if kind is LetterKind.WAITING else facts.queue,
        cancelled_by=CancelledBy.ORGANISER if by_us else CancelledBy.GUEST,
        offered_until=facts.offered_until or now + timedelta(days=2),
        own_subject=words[0],
        own_body=words[1],
        accent=organisation.accent,
        logo=organisation.logo,
    )


def _without_person(store: Store, organisation: Organisation, event: Event) -> Facts:
    """What a letter about a meeting says to somebody with the first two workshops."""
    items = seating.workshops(store, event)[:2]
    return dataclasses.replace(
        correspondence.about(organisation, event),
        state=State.CONFIRMED,
        programme=event.programme_version is not None,
        sessions=tuple(
            Session(i.title, i.starts_at, i.ends_at, i.room.name if i.room else Text(), True)
            for i in items
        ),
    )


def _sample_facts(organisation: Organisation, now: datetime) -> Facts:
    """A meeting that does not exist, in four weeks."""
    start = (now + timedelta(days=28)).replace(hour=9, minute=0, second=0)
    return Facts(
        organisation=organisation.name,
        title=Text(de="Beispieltreffen", en="Sample meeting"),
        starts_at=start,
        ends_at=start + timedelta(hours=6),
        doors_at=start - timedelta(minutes=30),
        zone=organisation.zone,
        state=State.CONFIRMED,
        place=Place(
            name="Haus der Begegnung",
            street="Musterstraße 1",
            postal_code="40210",
            town="Düsseldorf",
            directions=Text(
                de="Fünf Minuten vom Hauptbahnhof.", en="Five minutes from the main station."
            ),
            access=Text(de="Stufenlos erreichbar.", en="Step-free access."),
        ),
        contact_email=organisation.email,
    )


def send_test(
    store: Store, shown: Letter, organiser: Organiser, *, now: datetime, identity: Identity
) -> None:
    """Send what is shown to the organiser's own address, marked as a test.

    It greets the organiser, names no guest, carries nobody's link and no calendar entry, so
    nothing lands in a calendar and no personal data leaves.
    """
    trial = dataclasses.replace(
        shown,
        name=organiser.name,
        email=organiser.email,
        message_id=identity.message_id(),
        facts=dataclasses.replace(shown.facts, trial=True, uid="", invited_at=None),
        created_at=now,
        nonce=b"",
        method=None,
        sequence=None,
        registration_id=None,
        mailing_id=None,
    )
    with store.changing():
        outbox.queue(store, trial)
        history.note(
            store,
            "letter_tested",
            actor=organiser.email,
            now=now,
            event_id=shown.event_id,
            subject=shown.kind.value,
        )
