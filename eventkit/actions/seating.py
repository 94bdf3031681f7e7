"""The one function that gives out places, and the letters that follow from them (R1).

Registering, cancelling, approving and changing a capacity all end here, inside their
own transaction; nothing else confirms a registration or a workshop.
"""

from dataclasses import dataclass
from datetime import datetime

from eventkit.identity import Identity
from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event, Stage
from eventkit.model.letter import Letter, LetterKind, LetterState, Method
from eventkit.model.registration import Registration, Seats, State
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


def give_out(hand: Hand, event: Event, *, newcomer: int | None = None) -> None:
    """Give every free seat and workshop place to the first in its queue.

    Whoever moves up gets a letter; the newcomer's own letter is its register's business.
    """
    if event.stage is Stage.CANCELLED or hand.now >= event.ends_at:
        return
    seats = seat_store.seats(hand.store, event)
    queue = seat_store.waiting(hand.store, event.id, limit=seats.free)
    moved = seats_rule.moving_up(seats, queue)
    for registration_id in moved:
        seat_store.confirm(hand.store, registration_id, now=hand.now)
        history.note(
            hand.store,
            "seat_given",
            actor="eventkit",
            now=hand.now,
            event_id=event.id,
            registration_id=registration_id,
        )
    items = workshops(hand.store, event)
    joined = _give_out_workshops(hand, event, items)
    for registration_id in sorted({*moved, *joined} - {newcomer}):
        kind = LetterKind.MOVED_UP if registration_id in moved else LetterKind.WORKSHOP
        registration = registrations.by_id(hand.store, registration_id)
        if registration is not None:
            write(hand, kind, event, registration, raise_sequence=kind is LetterKind.MOVED_UP)


def _give_out_workshops(hand: Hand, event: Event, items: tuple[Item, ...]) -> set[int]:
    """Give free workshop places; returns the registrations that got one."""
    taken = seat_store.item_seats(hand.store, event.id)
    joined = set()
    for item in items:
        counted = taken.get(item.id)
        if counted is None or not counted.waiting:
            continue
        seats = Seats(item.capacity, counted.taken, counted.waiting)
        queue = seat_store.waiting_for_item(hand.store, item.id, limit=seats.free)
        holders = dict(queue)
        for choice_id in seats_rule.moving_up(seats, [choice for choice, _ in queue]):
            seat_store.confirm_choice(hand.store, choice_id, now=hand.now)
            joined.add(holders[choice_id])
    return joined


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
) -> None:
    """Put one letter about a registration into the outbox, with its calendar part.

    `raise_sequence` marks a new state of the person's calendar entry (RFC 5546 2.1.4).
    """
    if raise_sequence:
        registrations.raise_sequence(hand.store, registration.id, registration.sequence + 1)
        registration = registrations.by_id(hand.store, registration.id) or registration
    method = _METHODS.get(kind)
    if method is Method.CANCEL and not outbox.may_hold_invite(hand.store, registration.id):
        method = None  # nothing to take out of a calendar
    letter = Letter(
        id=0,
        kind=kind,
        state=LetterState.QUEUED,
        language=registration.language,
        name=registration.name,
        email=registration.email,
        message_id=hand.identity.message_id(),
        facts=correspondence.facts(
            events.organisation(hand.store),
            event,
            registration,
            items=workshops(hand.store, event) if registration.choices else (),
            topics=events.topics_of(hand.store, event.id),
            queue=seat_store.queue_place(hand.store, registration),
            before=before,
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
    LetterKind.CHANGED: Method.REQUEST,
    LetterKind.CANCELLED: Method.CANCEL,
    LetterKind.CALLED_OFF: Method.CANCEL,
}

FIRST_LETTER = {
    State.CONFIRMED: LetterKind.CONFIRMED,
    State.WAITING: LetterKind.WAITING,
    State.REQUESTED: LetterKind.REQUESTED,
}
