"""Publishing a programme: what it changes, who is told, and the numbered version itself."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from eventkit.actions import appearances, seating
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound, Refused
from eventkit.identity import Identity
from eventkit.model.account import Organisation
from eventkit.model.agenda import Item, Kind, Programme
from eventkit.model.event import Event
from eventkit.model.letter import Letter, LetterKind, LetterState
from eventkit.model.text import NOTHING, Text
from eventkit.rules import changes, correspondence, telling, text
from eventkit.rules.telling import Telling, ToGuest, ToPerson
from eventkit.store import agenda, events, history, interests, outbox, registrations, seats
from eventkit.store.rows import Store

TOLD = (LetterKind.SPEAKER_PROGRAMME, LetterKind.SPEAKER_CHANGED, LetterKind.ITEMS_CHANGED)


class Unseen(Refused):
    """The draft is another one than the organiser was shown; nothing was published."""

    code = "unseen"


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing now would do. `fingerprint` stands for the draft as it was seen."""

    event: Event
    before: Programme | None
    draft: tuple[Item, ...]
    changes: tuple[changes.Change, ...]
    telling: Telling
    fingerprint: str

    @property
    def version(self) -> int:
        """The number the new version would have."""
        return self.before.version + 1 if self.before else 1

    @property
    def empty(self) -> bool:
        """Whether there is nothing to publish."""
        return not (self.changes if self.before else self.draft)


def plan(store: Store, event_id: int, *, now: datetime) -> Plan:
    """What publishing the draft would change and whom it would tell. Raises NotFound."""
    event = events.by_id(store, event_id)
    if event is None:
        raise NotFound
    before, draft = agenda.published(store, event_id), agenda.draft(store, event_id)
    found = changes.programme_changes(before.items if before else (), draft)
    concerned = telling.chosen_concerned(found) if before else ()
    chosen = interests.interested(store, event_id, concerned) if concerned else []
    return Plan(
        event=event,
        before=before,
        draft=draft,
        changes=found,
        telling=telling.telling(event, before, draft, found, chosen, now=now),
        fingerprint=telling.fingerprint(before, draft),
    )


def pending(store: Store, event_id: int) -> tuple[changes.Change, ...]:
    """The difference between the draft and what is published."""
    programme = agenda.published(store, event_id)
    return changes.programme_changes(
        programme.items if programme else (), agenda.draft(store, event_id)
    )


def publish(
    store: Store,
    event_id: int,
    *,
    note: Text = NOTHING,
    seen: str | None = None,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Programme:
    """Make the draft the public programme: a new numbered version, or the present one if equal.

    Raises the SEQUENCE of what moved, keeps removed items as cancelled entries, ends the
    choices of workshops that are gone, gives out places that a larger capacity opened, and
    writes one letter to everybody concerned. `seen` is the fingerprint of the plan that the
    organiser was shown. Raises NotFound, Invalid `empty`, Unseen.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        made = plan(store, event_id, now=now)
        if made.before is not None and made.empty:
            return made.before
        if seen is not None and seen != made.fingerprint:
            raise Unseen
        if made.empty:
            raise Invalid("empty")
        programme = Programme(
            version=made.version,
            published_at=now,
            items=_revised(made.before, made.draft, made.changes, now),
            note=text.clean_both(note, lines=True),
        )
        counted = changes.since_first(made.before, programme)
        programme = dataclasses.replace(programme, changes=counted)
        agenda.publish(store, event_id, programme, published_by=actor)
        history.note(
            store,
            "programme_published",
            actor=actor,
            now=now,
            event_id=event_id,
            version=programme.version,
            letters=made.telling.letters,
        )
        interests.end_choices(store, made.telling.ended, now=now)
        told = {guest.registration_id for guest in made.telling.guests}
        seating.give_out(hand, events.by_id(store, event_id) or made.event, told=told)
        _tell(hand, made, programme)
        return programme


def _tell(hand: Hand, made: Plan, programme: Programme) -> None:
    """Put exactly one letter for everybody concerned into the outbox."""
    organisation = events.organisation(hand.store)
    for reader in made.telling.people:
        nonce = appearances.link_nonce(hand, reader.person)
        letter = to_person(organisation, made, reader, programme.note, hand=hand)
        outbox.queue(hand.store, dataclasses.replace(letter, nonce=nonce))
    for guest in made.telling.guests:
        found = to_guest(organisation, made, guest, programme.note, hand=hand)
        if found is not None:
            outbox.queue(hand.store, found)


def to_person(
    organisation: Organisation, made: Plan, reader: ToPerson, note: Text, *, hand: Hand
) -> Letter:
    """The letter to somebody of the programme, without the nonce of their link."""
    first = made.before is None
    facts = correspondence.about(organisation, made.event)
    return Letter(
        id=0,
        kind=LetterKind.SPEAKER_PROGRAMME if first else LetterKind.SPEAKER_CHANGED,
        state=LetterState.QUEUED,
        language=reader.person.language or organisation.language,
        name=reader.person.name,
        email=reader.person.email,
        message_id=hand.identity.message_id(),
        facts=dataclasses.replace(facts, items=reader.items, version=made.version, note=note),
        created_at=hand.now,
        event_id=made.event.id,
        person_id=reader.person.id,
    )


def to_guest(
    organisation: Organisation, made: Plan, reader: ToGuest, note: Text, *, hand: Hand
) -> Letter | None:
    """The letter to a guest, with their workshops as they are in the new version."""
    found = registrations.by_id(hand.store, reader.registration_id)
    if found is None:
        return None
    facts = correspondence.facts(
        organisation,
        made.event,
        found,
        items=[item for item in made.draft if item.kind is Kind.WORKSHOP],
        queue=seats.queue_place(hand.store, found),
    )
    return Letter(
        id=0,
        kind=LetterKind.ITEMS_CHANGED,
        state=LetterState.QUEUED,
        language=reader.language,
        name=reader.name,
        email=reader.email,
        message_id=hand.identity.message_id(),
        facts=dataclasses.replace(facts, items=reader.items, version=made.version, note=note),
        created_at=hand.now,
        event_id=made.event.id,
        registration_id=found.id,
        nonce=found.nonce,
    )


def samples(
    store: Store, made: Plan, note: Text, *, now: datetime, identity: Identity
) -> list[Letter]:
    """One letter of each kind that publishing would write, to its first reader. Writes nothing."""
    hand, organisation = Hand(store, now, identity), events.organisation(store)
    note = text.clean_both(note, lines=True)
    found = [
        to_person(organisation, made, reader, note, hand=hand) for reader in made.telling.people[:1]
    ]
    for guest in made.telling.guests[:1]:
        letter = to_guest(organisation, made, guest, note, hand=hand)
        found += [letter] if letter else []
    return found


def _revised(
    before: Programme | None,
    draft: tuple[Item, ...],
    found: tuple[changes.Change, ...],
    now: datetime,
) -> tuple[Item, ...]:
    """The items of the new version with their SEQUENCE and instant of revision."""
    known = {item.id: item for item in before.items} if before else {}
    changed = {c.after.id: c for c in found if c.after is not None}
    items = []
    for item in draft:
        was, difference = known.get(item.id), changed.get(item.id)
        if was is None:
            items.append(dataclasses.replace(item, sequence=0, revised_at=now))
            continue
        back = was.cancelled
        raised = difference is not None and (back or changes.revises(difference.fields))
        items.append(
            dataclasses.replace(
                item,
                sequence=was.sequence + int(raised),
                revised_at=now if difference is not None else was.revised_at,
            )
        )
    kept = {item.id for item in draft}
    for was in known.values():
        if was.id not in kept:
            gone = (
                was
                if was.cancelled
                else dataclasses.replace(
                    was, cancelled=True, sequence=was.sequence + 1, revised_at=now
                )
            )
            items.append(gone)
    return tuple(items)
