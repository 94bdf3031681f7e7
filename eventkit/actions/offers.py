"""Places that are offered for a while: accepting one, and what happens when nobody answers."""

from collections.abc import Callable
from datetime import datetime

from eventkit.actions import fees, seating
from eventkit.actions import registration as registrations
from eventkit.actions.seating import Hand
from eventkit.errors import NotFound, RegistrationClosed
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.store import events, history
from eventkit.store import registrations as registration_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

AT_ONCE = 50


def accept(
    store: Store, registration_id: int, *, now: datetime, identity: Identity
) -> Registration:
    """Take the place that is kept. Doing it twice changes nothing.

    Raises NotFound, and RegistrationClosed `lapsed` when it is too late.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        registration = registration_store.by_id(store, registration_id)
        event = events.by_id(store, registration.event_id) if registration else None
        if registration is None or event is None:
            raise NotFound
        if registration.state is not State.OFFERED:
            return registration
        return take(hand, event, registration, actor="guest")


def take(hand: Hand, event: Event, registration: Registration, *, actor: str) -> Registration:
    """Make an offered place firm, inside a transaction, with the letter that says so.

    Raises RegistrationClosed `lapsed` when it is too late.
    """
    store, now = hand.store, hand.now
    if registration.offered_until is None or now >= registration.offered_until:
        raise RegistrationClosed("lapsed")
    seat_store.confirm(store, registration.id, now=now)
    fees.issue(store, event, registration.id, now=now)
    history.note(
        store,
        "accepted",
        actor=actor,
        now=now,
        event_id=event.id,
        registration_id=registration.id,
    )
    # workshops go to those with a certain seat: this one may have its turn now
    freed = seating.give_out_workshops(hand, event)
    taken = registration_store.by_id(store, registration.id) or registration
    seating.write(hand, LetterKind.CONFIRMED, event, taken, raise_sequence=True)
    for other_id in sorted(freed.keys() - {registration.id}):
        other = registration_store.by_id(store, other_id)
        if other is not None:
            seating.write(hand, LetterKind.WORKSHOP, event, other, freed=freed[other_id])
    return registration_store.by_id(store, registration.id) or taken


def _never() -> bool:
    return False


def lapse(
    store: Store, *, now: datetime, identity: Identity, stop: Callable[[], bool] = _never
) -> int:
    """End the offers nobody answered in time and let the next move up; says how many.

    One transaction for each meeting and at most fifty people in it, so that nobody waits for
    long; the rest has its turn in the next round.
    """
    hand, total = Hand(store, now, identity), 0
    for event_id in seat_store.lapsed(store, now, limit=AT_ONCE):
        if stop():
            break
        with store.changing():
            event = events.by_id(store, event_id)
            if event is not None:
                total += _lapse_in(hand, event)
    return total


def _lapse_in(hand: Hand, event: Event) -> int:
    late = seat_store.lapsed_in(hand.store, event.id, hand.now, limit=AT_ONCE)
    for registration_id in late:
        registration = registration_store.by_id(hand.store, registration_id)
        if registration is None:
            continue
        registrations.leave(hand, event, registration, CancelledBy.LAPSE, actor="eventkit")
        gone = registration_store.by_id(hand.store, registration_id) or registration
        if hand.now < event.ends_at:
            seating.write(hand, LetterKind.LAPSED, event, gone)
    seating.give_out(hand, event, cause="lapsed")
    return len(late)
