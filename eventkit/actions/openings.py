"""One letter when registration opens, to whoever wants it, and never another (R11, R41)."""

from datetime import datetime, timedelta

from eventkit.errors import NotFound, RegistrationClosed, TooMany
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.event import Admission, Event
from eventkit.model.letter import Letter, LetterKind, LetterState
from eventkit.rules import correspondence, text
from eventkit.rules import seats as seats_rule
from eventkit.rules.seats import Window
from eventkit.store import events, history, openings, outbox, registrations
from eventkit.store.rows import Store

CHUNK = 50
LINK = timedelta(days=30)
TRIES_PER_ADDRESS = 10
TRIES_PER_NETWORK = 100
_HOUR = 3600


def may_ask(event: Event, now: datetime) -> bool:
    """Whether one can ask to be told: everybody may register, but not yet."""
    waiting = seats_rule.window(event, now) in (Window.NOT_YET, Window.NONE)
    return event.public and event.admission is Admission.OPEN and waiting and now < event.starts_at


def ask(
    store: Store,
    event_id: int,
    email: str,
    language: str,
    *,
    network: str,
    now: datetime,
    identity: Identity,
) -> None:
    """Remember an address for one letter; says nothing about who is known or wants none (R11).

    Raises Invalid for what is no address, RegistrationClosed `open` where there is nothing to
    wait for, TooMany, NotFound.
    """
    address = text.address(email)
    key = text.address_key(address)
    with store.changing():
        event = events.by_id(store, event_id)
        if event is None or not event.public:
            raise NotFound
        if not may_ask(event, now):
            raise RegistrationClosed("open")
        at_address = history.count(store, f"opening:{fingerprint(key)}", seconds=_HOUR, now=now)
        block = f"opening-network:{fingerprint(network)}"
        at_network = history.count(store, block, seconds=_HOUR, now=now)
        if at_address > TRIES_PER_ADDRESS or at_network > TRIES_PER_NETWORK:
            raise TooMany
        if openings.is_refused(store, _secret(identity, key)):
            return
        nonce = identity.nonce()
        openings.ask(
            store,
            event.id,
            email=address,
            email_key=key,
            language=language,
            nonce=nonce,
            now=now,
        )


def _secret(identity: Identity, key: str) -> str:
    """An address as a refusal keeps it: nobody without the site's key can try addresses."""
    return fingerprint(identity.token("no-opening", key.encode()))


def write_due(store: Store, *, now: datetime, identity: Identity, limit: int = CHUNK) -> int:
    """Queue the letters of what has opened, at most `limit`; each address goes with its letter."""
    most = correspondence.UNASKED_A_DAY
    if not openings.due(store, now, limit=1, most_a_day=most):
        return 0
    with store.changing():
        asked = openings.due(store, now, limit=limit, most_a_day=most)
        organisation = events.organisation(store)
        found = events.some(store, {each.event_id for each in asked})
        for each in asked:
            event = found[each.event_id]
            letter = Letter(
                id=0,
                kind=LetterKind.OPENING,
                state=LetterState.QUEUED,
                language=each.language,
                name="",
                email=each.email,
                message_id=identity.message_id(),
                facts=correspondence.about(organisation, event),
                created_at=now,
                event_id=event.id,
                nonce=each.nonce,
            )
            letter_id = outbox.queue(store, letter)
            registrations.add_token(
                store,
                token_hash=fingerprint(identity.token(openings.PURPOSE, each.nonce)),
                purpose=openings.PURPOSE,
                subject_id=letter_id,
                now=now,
                expires_at=now + LINK,
            )
            openings.told(store, each.id)
        return len(asked)


def known(store: Store, token: str, *, now: datetime) -> str:
    """The address a link of such a letter is for. Raises NotFound."""
    found = openings.receiver(store, fingerprint(token), now=now)
    if found is None:
        raise NotFound
    return found


def never_again(store: Store, token: str, *, now: datetime, identity: Identity) -> None:
    """Never write to the address of this letter about an opening again. Raises NotFound."""
    with store.changing():
        key = text.address_key(known(store, token, now=now))
        openings.refuse(store, _secret(identity, key), now=now)
        openings.withdraw(store, key)
