"""Writing to people of a programme: the request, reminders that stop by themselves, the link."""

import dataclasses
from collections.abc import Collection
from datetime import datetime, timedelta

from eventkit.actions import appearances as links
from eventkit.actions import standings
from eventkit.actions.seating import Hand
from eventkit.actions.standings import Standing
from eventkit.identity import Identity
from eventkit.model.appearance import Answer
from eventkit.model.letter import Facts, ItemChange, Letter, LetterKind, LetterState, Touch
from eventkit.model.person import Person
from eventkit.model.text import NOTHING
from eventkit.rules import appearances as rules
from eventkit.rules import correspondence, telling, text
from eventkit.store import appearances, events, history, outbox, people
from eventkit.store.rows import Store


def to_ask(found: Collection[Standing], now: datetime) -> list[Standing]:
    """Who was not asked yet, did not answer anyhow, and has an address."""
    return [
        each
        for each in found
        if each.said.asked_at is None
        and each.said.state is Answer.OPEN
        and each.person.email
        and rules.may_ask(each.event, now)
    ]


def to_remind(found: Collection[Standing], now: datetime) -> list[Standing]:
    """Whom a reminder may reach now: only those with something missing."""
    return [
        each
        for each in found
        if rules.may_remind(each.event, each.person, each.said, each.owed, now)
    ]


def ask(
    store: Store,
    event_id: int,
    person_ids: Collection[int] | None = None,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> int:
    """Send the request to these people, again if they had it, or (None) to all not yet asked.

    From then on they see their part of the draft on their own page. Says to how many.
    Raises NotFound.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        found = standings.of_event(store, events.required(store, event_id))
        if person_ids is None:
            chosen = to_ask(found, now)
        else:
            chosen = [
                each
                for each in found
                if each.person.id in person_ids
                and each.person.email
                and rules.may_ask(each.event, now)
            ]
        for each in chosen:
            _send(hand, LetterKind.SPEAKER_REQUEST, each)
            appearances.keep(store, dataclasses.replace(each.said, asked_at=now))
            _note(hand, "speaker_asked", each, actor)
        return len(chosen)


def remind(
    store: Store,
    event_id: int,
    person_ids: Collection[int] | None = None,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> int:
    """Remind these people, or all, of what is missing; says how many.

    Whoever owes nothing any more, was written to within three days or three times already
    is left out, whatever the page showed before. Raises NotFound.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        found = to_remind(standings.of_event(store, events.required(store, event_id)), now)
        chosen = [each for each in found if person_ids is None or each.person.id in person_ids]
        for each in chosen:
            _send(hand, LetterKind.SPEAKER_REMINDER, each)
            said = dataclasses.replace(
                each.said, reminded_at=now, reminders=each.said.reminders + 1
            )
            appearances.keep(store, said)
            _note(hand, "speaker_reminded", each, actor)
        return len(chosen)


def _send(hand: Hand, kind: LetterKind, standing: Standing) -> None:
    made = letter(hand.store, kind, standing, now=hand.now)
    nonce = links.link_nonce(hand, standing.person)
    outbox.queue(
        hand.store,
        dataclasses.replace(made, message_id=hand.identity.message_id(), nonce=nonce),
    )


def letter(
    store: Store, kind: LetterKind, standing: Standing, *, now: datetime, language: str = ""
) -> Letter:
    """The letter as it would be written now, without a link; for the preview and for sending."""
    house = events.organisation(store)
    facts = dataclasses.replace(
        correspondence.about(house, standing.event),
        items=tuple(
            ItemChange(
                touch=Touch.PART,
                title=own.item.title,
                starts_at=own.item.starts_at,
                ends_at=own.item.ends_at,
                room=own.item.room.name if own.item.room else NOTHING,
                role=telling.part_word(own.roles[0], own.item.kind),
            )
            for own in standing.own
            if not own.item.cancelled
        ),
        missing=tuple(each.value for each in standing.owed),
    )
    person = standing.person
    spoken = language or person.language or house.language
    return _letter(kind, person, facts, spoken, now, event_id=standing.event.id)


def _letter(
    kind: LetterKind,
    person: Person,
    facts: Facts,
    language: str,
    now: datetime,
    *,
    event_id: int | None = None,
) -> Letter:
    return Letter(
        id=0,
        kind=kind,
        state=LetterState.QUEUED,
        language=language,
        name=person.name,
        email=person.email,
        message_id="<preview@localhost>",
        facts=facts,
        created_at=now,
        event_id=event_id,
        person_id=person.id,
    )


def _note(hand: Hand, verb: str, standing: Standing, actor: str) -> None:
    history.note(
        hand.store,
        verb,
        actor=actor,
        now=hand.now,
        event_id=standing.event.id,
        subject=standing.person.name,
        person=standing.person.id,
    )


def send_link(store: Store, email: str, *, now: datetime, identity: Identity) -> None:
    """Send the link to somebody who speaks, if the address is known; says nothing about it.

    As often as any unasked repetition may be written (R41). Raises Invalid for no address.
    """
    key = text.address_key(text.address(email))
    hand = Hand(store, now, identity)
    with store.changing():
        house = events.organisation(store)
        for person in people.by_address(store, key):
            kind = LetterKind.SPEAKER_LINK
            last = outbox.last_to(store, person.email, kind, None)
            today = outbox.repeats_since(store, person.email, now - timedelta(days=1))
            if not correspondence.may_repeat(last, today, now):
                continue
            facts = Facts(organisation=house.name, contact_email=house.email)
            made = _letter(kind, person, facts, person.language or house.language, now)
            queued = dataclasses.replace(
                made,
                message_id=identity.message_id(),
                nonce=links.link_nonce(hand, person),
            )
            outbox.queue(store, queued)
