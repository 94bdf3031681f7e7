"""Registering for a meeting, giving the place back, being let in, asking for the link again."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventkit.actions import fees, parties, questions, seating, ways, wishes
from eventkit.actions.questions import Given, Sound, Weighed
from eventkit.actions.seating import Hand
from eventkit.actions.ways import Admitted
from eventkit.actions.wishes import Wish
from eventkit.errors import Full, Invalid, NotFound, Refused, RegistrationClosed, TooMany
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.places import Queued
from eventkit.model.registration import (
    HOLDS_SEAT,
    CancelledBy,
    Consent,
    Registration,
    Source,
    State,
)
from eventkit.rules import access, correspondence, text
from eventkit.rules import seats as seats_rule
from eventkit.rules.seats import Window
from eventkit.store import events, history, outbox, registrations
from eventkit.store import quotas as quota_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store, fold

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
    store: Store,
    event_id: int,
    wish: Wish,
    *,
    now: datetime,
    identity: Identity,
    actor: str = "guest",
) -> Outcome:
    """Register somebody: the seat, the letter with its invite and the link exist together.

    At the desk (`wish.source`) the window and the approval don't matter, the places do; an
    invitation needs no approval and opens the meeting before its form does.
    Raises RegistrationClosed, Full, Invalid (a field can't be accepted), TooMany.
    """
    return together(store, event_id, (wish,), now=now, identity=identity, actor=actor)[0]


def together(
    store: Store,
    event_id: int,
    party: Sequence[Wish],
    *,
    now: datetime,
    identity: Identity,
    actor: str = "guest",
) -> tuple[Outcome, ...]:
    """Register several people of one form, in their order, all of them or nobody.

    The first is whoever filled it in. Raises what `register` does, and Invalid (field "party").
    """
    wanted = [(wish, questions.drawn(wish.files)) for wish in parties.checked(party)]
    hand = Hand(store, now, identity)
    try:
        with store.changing():
            event = _open_event(store, event_id, wanted[0][0], now)
            parties.check_size(store, event, [wish for wish, _ready in wanted])
            name = identity.public_id() if len(wanted) > 1 else ""
            return tuple(
                _one(hand, event, wish, ready, party=name, actor=actor) for wish, ready in wanted
            )
    except Invalid as error:
        if error.code in ways.WRONG_CODES:
            ways.count_wrong(store, event_id, wanted[0][0].network, now=now)
        raise


def _one(
    hand: Hand,
    event: Event,
    wanted: Wish,
    ready: Mapping[str, Sound],
    *,
    party: str,
    actor: str,
) -> Outcome:
    store, now, identity = hand.store, hand.now, hand.identity
    key = text.address_key(wanted.email)
    again = registrations.by_attempt(store, event.id, wanted.attempt)
    if again is not None:
        return _outcome(store, again, identity)
    if not wanted.at_desk:
        _count(store, event, key, wanted, now)
    way = ways.admitted(store, event, wanted, now=now)
    # what is wrong is refused whether or not the address is known (R11)
    asked = questions.checked(
        store,
        event,
        _given(wanted),
        complete=not wanted.at_desk and not wanted.registered_by,
        own=not wanted.at_desk,
        ready=ready,
    )
    companions = wanted.companions + asked.companions
    wanted = dataclasses.replace(wanted, companions=companions, party=party)
    groups = quota_store.groups(store, event.id)
    wanted = dataclasses.replace(wanted, group=wishes.group(groups, wanted, opened=way.group))
    wanted = fees.charge(store, event, wanted)
    chosen = wishes.chosen(seating.workshops(store, event), wanted.sessions, wanted.second)
    limits = seat_store.limits(store, event)
    wishes.check_places(event, limits, _queued(wanted))
    known = registrations.live_by_address(store, event.id, key)
    if known is not None:
        if wanted.at_desk:
            raise Invalid("already", field="email")
        ways.used(store, way, known.id)
        return _already(hand, event, known, wanted)
    number = written(hand, event, wanted, key, chosen, asked, way, actor=actor)
    seating.give_out(hand, event, cause="registered", newcomers=(number,))
    registration = registrations.by_id(store, number)
    if registration is None:
        raise LookupError(number)
    if registration.state is State.WAITING and not event.waiting_list:
        raise _no_place(wanted)
    kind = seating.FIRST_LETTER[registration.state]
    seating.write(hand, kind, event, registration, registered_by=wanted.registered_by)
    return _outcome(store, registration, identity)


def _given(wish: Wish) -> Given:
    return Given(wish.answers, wish.files, wish.answers_text, wish.language)


def _queued(wish: Wish, registration_id: int = 0) -> Queued:
    """A wish as it would stand in the queue."""
    return Queued(registration_id, wish.places, wish.group, fold(wish.organisation))


def _open_event(store: Store, event_id: int, wish: Wish, now: datetime) -> Event:
    """The meeting, read again inside the transaction, if one may register now (R2)."""
    event = events.by_id(store, event_id)
    if event is None or not event.public:
        raise NotFound
    window = seats_rule.window(event, now)
    shut = {Window.OVER, Window.CANCELLED} if wish.at_desk else set(Window) - {Window.OPEN}
    if wish.invitation:  # whoever is invited need not wait for the others
        shut -= {Window.NOT_YET}
    if window in shut:
        raise RegistrationClosed(window.value)
    return event


def _count(store: Store, event: Event, key: str, wish: Wish, now: datetime) -> None:
    address = history.count(store, f"register:{event.id}:{fingerprint(key)}", seconds=3600, now=now)
    network = f"network:{fingerprint(wish.network)}"
    block = history.count(store, network, seconds=3600, now=now, by=wish.weight)
    if address > TRIES_PER_ADDRESS or block > TRIES_PER_NETWORK:
        raise TooMany


def written(
    hand: Hand,
    event: Event,
    wish: Wish,
    key: str,
    chosen: Sequence[tuple[Item, int]],
    asked: Weighed,
    way: Admitted,
    *,
    actor: str,
) -> int:
    """Write a registration at the end of the queue, inside a transaction; returns its id.

    What was wished was checked before; giving out places and writing letters is the caller's.
    """
    store, now = hand.store, hand.now
    nonce = hand.identity.nonce()
    registration_id = registrations.create(
        store,
        _new(event, wish, way, hand.identity.uid(), nonce, now),
        attempt=wish.attempt,
        email_key=key,
        now=now,
    )
    for item, nth in chosen:
        uid = hand.identity.uid()
        seat_store.choose(store, registration_id, item.id, uid=uid, wish=nth, now=now)
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
    questions.keep(store, registration_id, asked, now=now)
    ways.used(store, way, registration_id)
    history.note(
        store,
        "registered",
        actor=actor,
        now=now,
        event_id=event.id,
        registration_id=registration_id,
        source=wish.source.value,
    )
    return registration_id


def _new(
    event: Event, wish: Wish, way: Admitted, uid: str, nonce: bytes, now: datetime
) -> Registration:
    approved = way.invitation is not None or not event.approval
    approved = approved or (wish.at_desk and not wish.asks)
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
        state=State.WAITING if approved else State.REQUESTED,
        created_at=now,
        changed_at=now,
        nonce=nonce,
        consents=tuple(consents),
        group_id=wish.group,
        places=wish.places,
        companions=wish.companions,
        party=wish.party,
        source=Source.INVITATION if way.invitation else wish.source,
        code_id=way.code.id if way.code else None,
        price_id=wish.price,
        billing=wish.billing,
    )


def _no_place(wanted: Wish) -> Refused:
    """What somebody hears for whom there is no place, and no list to wait on."""
    if wanted.registered_by:
        return Invalid("party_full", field="party")
    return Full() if wanted.group is None else Invalid("group_full", field="group")


def _already(hand: Hand, event: Event, known: Registration, wanted: Wish) -> Outcome:
    """Answer like a first registration and write the truth to the address itself."""
    queue = seat_store.queue(hand.store, event.id)
    limits = seat_store.limits(hand.store, event)
    waits = seats_rule.would_wait(limits, queue, _queued(wanted))
    _repeat(hand, LetterKind.ALREADY, event, known)
    if event.approval:
        return Outcome(State.REQUESTED, None, "")
    if not waits:
        return Outcome(State.CONFIRMED, None, "")
    if not event.waiting_list:
        raise _no_place(wanted)
    return Outcome(State.WAITING, len(queue) + 1, "")


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
        seating.give_out(hand, event, cause="cancelled")
        return registrations.by_id(store, registration.id) or registration


def leave(
    hand: Hand, event: Event, registration: Registration, by: CancelledBy, *, actor: str
) -> None:
    """Take a registration out, inside a transaction; the letter is the caller's."""
    registrations.cancel(
        hand.store, registration.id, by, sequence=registration.sequence + 1, now=hand.now
    )
    seat_store.release_choices(hand.store, registration.id, now=hand.now)
    fees.withdraw(hand.store, registration.id, actor=actor, now=hand.now)
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
