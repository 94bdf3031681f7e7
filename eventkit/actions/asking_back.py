"""A guest writes to the organisers: a letter to their address that they can simply answer."""

from dataclasses import replace

from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound, TooMany
from eventkit.model.letter import Letter, LetterKind, LetterState
from eventkit.rules import correspondence, text
from eventkit.store import events, history, outbox, registrations

LONGEST = 2000
A_DAY = 5


def ask(hand: Hand, registration_id: int, words: str) -> None:
    """Send somebody's words to the contact of their meeting, as plain text.

    Raises NotFound (also where there is no address), Invalid (field "words"), and TooMany
    after five letters of one guest in a day.
    """
    cleaned = text.clean(words, lines=True)
    if not cleaned:
        raise Invalid("required", field="words")
    if len(cleaned) > LONGEST:
        raise Invalid("too_long", field="words")
    store = hand.store
    with store.changing():
        found = registrations.by_id(store, registration_id)
        event = events.by_id(store, found.event_id) if found else None
        organisation = events.organisation(store)
        to = (event.contact_email if event else "") or organisation.email
        if found is None or event is None or not found.email or not to:
            raise NotFound
        if history.count(store, f"question:{found.id}", seconds=86400, now=hand.now) > A_DAY:
            raise TooMany
        letter = Letter(
            id=0,
            kind=LetterKind.QUESTION,
            state=LetterState.QUEUED,
            language=found.language,
            name=event.contact_name or organisation.name.pick(found.language)[0],
            email=to,
            message_id=hand.identity.message_id(),
            facts=replace(
                correspondence.about(organisation, event),
                asked=cleaned,
                asker=found.name,
                asker_email=found.email,
            ),
            created_at=hand.now,
            event_id=event.id,
            registration_id=found.id,
        )
        outbox.queue(store, letter)
        history.note(
            store,
            "question_asked",
            actor="guest",
            now=hand.now,
            event_id=event.id,
            registration_id=found.id,
        )
