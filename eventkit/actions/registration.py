"""Registering for a meeting, giving the place back, being let in, asking for the link again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventkit.actions import seating, wishes
from eventkit.actions.seating import Hand
from eventkit.actions.wishes import Wish
from eventkit.errors import Full, NotFound, RegistrationClosed, TooMany
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.registration import (
    HOLDS_SEAT,
    CancelledBy,
    Consent,
    Registration,
    State,
)
from eventkit.rules import access, correspondence, text
from eventkit.rules import seats as seats_rule
from eventkit.store import events, history, outbox, registrations
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

PURPOSE = "registration"
FEED = "feed"
TRIES_PER_ADDRESS = 10
TRIES_PER_NETWORK = 5000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `token` opens the guest's page; empty when the address was known already.

    For a known address `state` is what a stranger would have got, so that the answer
    tells nobody whether an address is registered (R11).
    """

    state: State
    queue: int | None
    token: str


def register(
    store: Store, event_id: int, wish: Wish, *, now: datetime, identity: Identity
) -> Outcome:
    """Register somebody: the seat, the letter with its invite and the link exist together.

    Raises RegistrationClosed, Full, Invalid (a field can't be accepted), TooMany.
    """
    wanted = wishes.checked(wish)
    key = text.address_key(wanted.email)
    hand = Hand(store, now, identity)
    with store.changing():
        event = _open_event(store, event_id, now)
        again = registrations.by_attempt(store, event.id, wanted.attempt)
        if again is not None:
            return _outcome(store, again, identity)
        _count(store, event, key, wanted.network, now)
        # WAYS IN: ways.admitted(...) says whether a closed meeting lets this one in, with which
        # group, code and source; QUESTIONS: questions.checked(...) cleans the answers
        # a wrong workshop is refused whether or not the address is known (R11)
        chosen = wishes.chosen(seating.workshops(store, event), wanted.sessions)
        known = registrations.live_by_address(store, event.id, key)
        if known is not None:
            return _already(hand, event, known)
        registration = _enter(hand, event, wanted, key, chosen)
        if registration.state is State.WAITING and not event.waiting_list:
            raise Full
        seating.write(hand, seating.FIRST_LETTER[registration.state], event, registration)
        return _outcome(store, registration, identity)


def _open_event(store: Store, event_id: int, now: datetime) -> Event:
    """The meeting, read again inside the transaction, if one may register now (R2)."""
    event = events.by_id(store, event_id)
    if event is None or not event.public:
        raise NotFound
    window = seats_rule.window(event, now)
    if window is not seats_rule.Window.OPEN:
        raise RegistrationClosed(window.value)
    return event


def _count(store: Store, event: Event, key: str, network: str, now: datetime) -> None:
    address = history.count(store, f"register:{event.id}:{fingerprint(key)}", seconds=3600, now=now)
    block = history.count(store, f"network:{fingerprint(network)}", seconds=3600, now=now)
    if address > TRIES_PER_ADDRESS or block > TRIES_PER_NETWORK:
        raise TooMany


def _enter(hand: Hand, event: Event, wish: Wish, key: str, chosen: Sequence[Item]) -> Registration:
    """Write the registration at the end of the queue, then let places be given out."""
    store, now = hand.store, hand.now
    nonce = hand.identity.nonce()
    registration_id = registrations.create(
        store,
        _new(event, wish, hand.identity.uid(), nonce, now),
        attempt=wish.attempt,
        email_key=key,
        now=now,
    )
    for item in chosen:
        seat_store.choose(store, registration_id, item.id, uid=hand.identity.uid(), now=now)
    ends = access.link_ends_at(event.ends_at)
    for purpose, expires_at in ((PURPOSE, ends), (FEED, None)):
        hashed = fingerprint(hand.identity.token(purpose, nonce))
        registrations.add_token(
            store,
            token_hash=hashed,
            purpose=purpose,
            subject_id=registration_id,
            now=now,
            expires_at=expires_at,
        )
    # QUESTIONS: questions.keep(...); FEES: fees.charge(...); WAYS IN: the invitation is used up
    history.note(
        store,
        "registered",
        actor="guest",
        now=now,
        event_id=event.id,
        registration_id=registration_id,
    )
    seating.give_out(hand, event, newcomer=registration_id)
    registration = registrations.by_id(store, registration_id)
    if registration is None:
        raise LookupError(registration_id)
    return registration


def _new(event: Event, wish: Wish, uid: str, nonce: bytes, now: datetime) -> Registration:
    consents = [Consent("privacy", wish.privacy_text, wish.language, now)]
    if wish.access_needs or wish.diet:
        consents.append(Consent("sensitive", wish.sensitive_text, wish.language, now))
    if wish.photo_text:
        consents.append(Consent("photo", wish.photo_text, wish.language, now))
    if wish.list_text:
        consents.append(Consent("attendee_list", wish.list_text, wish.language, now))
    return Registration(
        id=0,
        event_id=event.id,
        uid=uid,
        sequence=0,
        name=wish.name,
        email=wish.email,
        organisation=wish.organisation,
        role=wish.role,
        access_needs=wish.access_needs,
        diet=wish.diet,
        language=wish.language,
        state=State.REQUESTED if event.approval else State.WAITING,
        created_at=now,
        changed_at=now,
        nonce=nonce,
        consents=tuple(consents),
        group_id=wish.group,
        places=wish.places,
        companions=wish.companions,
        party=wish.party,
        source=wish.source,
        price_id=wish.price,
    )


def _already(hand: Hand, event: Event, known: Registration) -> Outcome:
    """Answer like a first registration and write the truth to the address itself."""
    seats = seat_store.seats(hand.store, event)
    _repeat(hand, LetterKind.ALREADY, event, known)
    if event.approval:
        return Outcome(State.REQUESTED, None, "")
    if not seats_rule.would_wait(seats):
        return Outcome(State.CONFIRMED, None, "")
    if not event.waiting_list:
        raise Full
    return Outcome(State.WAITING, seats.waiting + 1, "")


def _repeat(hand: Hand, kind: LetterKind, event: Event, known: Registration) -> None:
    last = outbox.last_to(hand.store, known.email, kind, event.id)
    today = outbox.repeats_since(hand.store, known.email, hand.now - timedelta(days=1))
    if correspondence.may_repeat(last, today, hand.now):
        seating.write(hand, kind, event, known)


def _outcome(store: Store, registration: Registration, identity: Identity) -> Outcome:
    return Outcome(
        state=registration.state,
        queue=seat_store.queue_place(store, registration),
        token=identity.token(PURPOSE, registration.nonce),
    )


def find(store: Store, token: str, *, now: datetime, purpose: str = PURPOSE) -> Registration:
    """The registration a personal link opens. Raises NotFound for a wrong, old or revoked one."""
    found = registrations.by_token(store, fingerprint(token), purpose, now=now)
    if found is None:
        raise NotFound
    return found


def cancel(
    store: Store,
    registration_id: int,
    by: CancelledBy,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Registration:
    """Give a place back and let the next move up. Doing it twice changes nothing.

    Raises NotFound, and RegistrationClosed `over` once the meeting is over.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        registration = registrations.by_id(store, registration_id)
        event = events.by_id(store, registration.event_id) if registration else None
        if registration is None or event is None:
            raise NotFound
        if registration.state is State.CANCELLED:
            return registration
        if now >= event.ends_at or registration.state is State.ATTENDED:
            raise RegistrationClosed("over")
        leave(hand, event, registration, by, actor=actor)
        seating.write(
            hand,
            LetterKind.CANCELLED,
            event,
            registrations.by_id(store, registration.id) or registration,
        )
        seating.give_out(hand, event)
        return registrations.by_id(store, registration.id) or registration


def leave(
    hand: Hand, event: Event, registration: Registration, by: CancelledBy, *, actor: str
) -> None:
    """Take a registration out, inside a transaction; the letter is the caller's."""
    registrations.cancel(
        hand.store, registration.id, by, sequence=registration.sequence + 1, now=hand.now
    )
    seat_store.release_choices(hand.store, registration.id, now=hand.now)
    history.note(
        hand.store,
        "cancelled",
        actor=actor,
        now=hand.now,
        event_id=event.id,
        registration_id=registration.id,
        by=by.value,
        held_seat=registration.state in HOLDS_SEAT,
    )


def approve(
    store: Store, registration_id: int, *, actor: str, now: datetime, identity: Identity
) -> Registration:
    """Let a requested registration have a seat, or a place in the queue if none is free."""
    hand = Hand(store, now, identity)
    with store.changing():
        registration = registrations.by_id(store, registration_id)
        event = events.by_id(store, registration.event_id) if registration else None
        if registration is None or event is None:
            raise NotFound
        if registration.state is not State.REQUESTED:
            return registration
        seat_store.approve(store, registration_id, now=now)
        history.note(
            store,
            "approved",
            actor=actor,
            now=now,
            event_id=event.id,
            registration_id=registration_id,
        )
        seating.give_out(hand, event, newcomer=registration_id)
        registration = registrations.by_id(store, registration_id) or registration
        seating.write(hand, seating.FIRST_LETTER[registration.state], event, registration)
        return registration


def send_links(store: Store, email: str, *, now: datetime, identity: Identity) -> None:
    """Send somebody the links to their coming registrations; says nothing about who is known.

    Raises Invalid for what is no address, TooMany after ten tries in an hour.
    """
    key = text.address_key(text.address(email))
    hand = Hand(store, now, identity)
    with store.changing():
        if (
            history.count(store, f"link:{fingerprint(key)}", seconds=3600, now=now)
            > TRIES_PER_ADDRESS
        ):
            raise TooMany
        for registration in registrations.coming_of_address(store, key, now=now):
            event = events.by_id(store, registration.event_id)
            if event is not None:
                _repeat(hand, LetterKind.LINK, event, registration)
