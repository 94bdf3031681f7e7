"""The one function that gives out places, and the letters that follow from them (R1).

Registering, cancelling, approving and changing a capacity all end here, inside their
own transaction; nothing else confirms a registration or a workshop.
"""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from eventkit.actions import fees
from eventkit.identity import Identity
from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event, Stage
from eventkit.model.letter import Letter, LetterKind, LetterState, Method
from eventkit.model.registration import Registration, Seats, State
from eventkit.model.text import NOTHING, Text
from eventkit.rules import correspondence
from eventkit.rules import seats as seats_rule
from eventkit.store import agenda, events, history, outbox, registrations
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Hand:
    """What an action works with: the store, the instant (UTC) and the source of identity."""

    store: Store
    now: datetime
    identity: Identity


def give_out(
    hand: Hand,
    event: Event,
    *,
    cause: str = "",
    newcomers: Collection[int] = (),
    told: Collection[int] = (),
) -> None:
    """Give every free seat and workshop place to those whose turn it is.

    Whoever moves up from the waiting list gets a letter, and the time of `offer_hours` to
    accept where the meeting is set so. The letters of `newcomers` (who have just registered
    or been approved: their seat is certain at once) are the caller's business, and so is
    what happens to the workshops of those who are `told` of them anyway. `cause` is the word
    that history keeps for why places were given out now.
    """
    if event.stage is Stage.CANCELLED or hand.now >= event.ends_at:
        return
    seat_store.shorten_offers(hand.store, event)
    limits = seat_store.limits(hand.store, event)
    queue = seat_store.queue(hand.store, event.id) if limits.free != 0 else ()
    moved = seats_rule.moving_up(limits, queue)
    until = seats_rule.offered_until(event, hand.now)
    kinds: dict[int, LetterKind] = {}
    for registration_id in moved:
        if until is None or registration_id in newcomers:
            seat_store.confirm(hand.store, registration_id, now=hand.now)
            fees.issue(hand.store, event, registration_id, now=hand.now)
            note(hand, "seat_given", event, registration_id, cause=cause)
            kinds[registration_id] = LetterKind.MOVED_UP
        else:
            seat_store.offer(hand.store, registration_id, until=until, now=hand.now)
            note(hand, "offered", event, registration_id, cause=cause, until=until.isoformat())
            kinds[registration_id] = LetterKind.OFFERED
    freed = give_out_workshops(hand, event)
    for registration_id in sorted({*kinds, *(freed.keys() - {*told})} - {*newcomers}):
        kind = kinds.get(registration_id, LetterKind.WORKSHOP)
        registration = registrations.by_id(hand.store, registration_id)
        if registration is not None:
            write(
                hand,
                kind,
                event,
                registration,
                raise_sequence=registration_id in kinds,
                freed=freed.get(registration_id, ()),
            )


def give_out_workshops(hand: Hand, event: Event) -> dict[int, tuple[Text, ...]]:
    """Give free workshop places; says who got one, and which second wishes ended with it."""
    items = {item.id: item for item in workshops(hand.store, event)}
    taken = seat_store.item_seats(hand.store, event.id)
    free = {
        item.id: None if item.capacity is None else item.capacity - _taken(taken.get(item.id))
        for item in items.values()
    }
    if not any(
        counted.waiting and (free[item_id] is None or (free[item_id] or 0) > 0)
        for item_id, counted in taken.items()
        if item_id in free
    ):
        return {}
    stakes = {stake.id: stake for stake in seat_store.stakes(hand.store, event.id)}
    confirmed, ended = seats_rule.workshop_moves(
        [stake for stake in stakes.values() if stake.item in items],
        free,
        seats_rule.at_one_time(items.values()),
    )
    joined: dict[int, tuple[Text, ...]] = {}
    for choice_id in confirmed:
        stake = stakes[choice_id]
        seat_store.confirm_choice(hand.store, choice_id, now=hand.now)
        _note_workshop(hand, "workshop_given", event, stake.person, items[stake.item])
        joined.setdefault(stake.person, ())
    for choice_id in ended:
        stake = stakes[choice_id]
        seat_store.end_choice(hand.store, choice_id, now=hand.now)
        if stake.confirmed:
            _note_workshop(hand, "workshop_freed", event, stake.person, items[stake.item])
            joined[stake.person] = (*joined.get(stake.person, ()), items[stake.item].title)
    return joined


def _taken(counted: Seats | None) -> int:
    return counted.taken if counted else 0


def _note_workshop(hand: Hand, verb: str, event: Event, registration_id: int, item: Item) -> None:
    title = item.title.pick("de")[0]
    note(hand, verb, event, registration_id, subject=title)


def note(hand: Hand, verb: str, event: Event, registration_id: int, **details: str) -> None:
    """Write down what happened to somebody by itself."""
    history.note(
        hand.store,
        verb,
        actor="eventkit",
        now=hand.now,
        event_id=event.id,
        registration_id=registration_id,
        subject=details.pop("subject", ""),
        **{name: value for name, value in details.items() if value},
    )


def workshops(store: Store, event: Event) -> tuple[Item, ...]:
    """The workshops of the published programme that one can choose."""
    programme = agenda.published(store, event.id) if event.programme_version else None
    found = programme.items if programme else ()
    return tuple(i for i in found if i.kind is Kind.WORKSHOP and not i.cancelled)


def write(
    hand: Hand,
    kind: LetterKind,
    event: Event,
    registration: Registration,
    *,
    raise_sequence: bool = False,
    before: Event | None = None,
    reason: Text = NOTHING,
    freed: tuple[Text, ...] = (),
    registered_by: str = "",
) -> None:
    """Put one letter about a registration into the outbox, with its calendar part.

    `raise_sequence` marks a new state of the person's calendar entry (RFC 5546 2.1.4).
    `reason` are the organiser's words, `freed` the workshops of second wishes that ended,
    `registered_by` is the name of whoever registered this person with themselves.
    """
    if raise_sequence:
        registrations.raise_sequence(hand.store, registration.id, registration.sequence + 1)
        registration = registrations.by_id(hand.store, registration.id) or registration
    method = _METHODS.get(kind)
    follows = method is Method.CANCEL or kind is LetterKind.CHOSEN
    if follows and not outbox.may_hold_invite(hand.store, registration.id):
        method = None  # nothing is in a calendar that could be changed or taken out
    facts = correspondence.facts(
        events.organisation(hand.store),
        event,
        registration,
        items=workshops(hand.store, event) if registration.choices else (),
        topics=events.topics_of(hand.store, event.id),
        queue=seat_store.queue_place(hand.store, registration),
        before=before,
    )
    letter = Letter(
        id=0,
        kind=kind,
        state=LetterState.QUEUED,
        language=registration.language,
        name=registration.name,
        email=registration.email,
        message_id=hand.identity.message_id(),
        facts=dataclasses.replace(
            facts,
            offered_until=registration.offered_until,
            freed=freed,
            registered_by=registered_by,
            reason=reason or facts.reason,
            fee=fees.fee(hand.store, registration),
        ),
        created_at=hand.now,
        event_id=event.id,
        registration_id=registration.id,
        nonce=registration.nonce,
        method=method,
        sequence=registration.sequence if method else None,
    )
    letter_id = outbox.queue(hand.store, letter)
    if method:
        outbox.note_invite(hand.store, letter_id, letter, event_sequence=event.sequence)


_METHODS = {
    LetterKind.CONFIRMED: Method.REQUEST,
    LetterKind.WAITING: Method.REQUEST,
    LetterKind.MOVED_UP: Method.REQUEST,
    LetterKind.OFFERED: Method.REQUEST,
    LetterKind.LAPSED: Method.CANCEL,
    LetterKind.CHANGED: Method.REQUEST,
    LetterKind.CHOSEN: Method.REQUEST,
    LetterKind.CANCELLED: Method.CANCEL,
    LetterKind.CALLED_OFF: Method.CANCEL,
}

FIRST_LETTER = {
    State.CONFIRMED: LetterKind.CONFIRMED,
    State.WAITING: LetterKind.WAITING,
    State.REQUESTED: LetterKind.REQUESTED,
}
