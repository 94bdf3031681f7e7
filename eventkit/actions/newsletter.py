"""Reading the newsletter: asked for twice, ended at once (R52)."""

import dataclasses
from datetime import datetime, timedelta

from eventkit import transport
from eventkit.errors import Invalid, NotFound, TooMany
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.archive import Subscriber, Subscription
from eventkit.model.letter import Facts, Letter, LetterKind, LetterState
from eventkit.rules import correspondence, text
from eventkit.store import archive, events, history, outbox, registrations, retention
from eventkit.store.rows import Store
from eventkit.transport import Mail

PURPOSE = "newsletter"
CONFIRM_WITHIN = timedelta(days=7)


def ask(
    store: Store,
    *,
    email: str,
    language: str,
    consent_text: str,
    network: str,
    now: datetime,
    identity: Identity,
) -> None:
    """Note the wish and write the letter that asks for confirmation.

    The answer is the same for a known address (R11). Raises Invalid, TooMany.
    """
    if not consent_text:
        raise Invalid("consent", field="consent_newsletter")
    address = text.address(email)
    key = text.address_key(address)
    with store.changing():
        if history.count(store, f"newsletter:{fingerprint(network)}", seconds=3600, now=now) > 100:
            raise TooMany
        known = archive.subscriber_by_address(store, key)
        if known is not None and known.state is Subscription.CONFIRMED:
            return
        if known is not None:
            today = outbox.asked_since(store, known.id, now - timedelta(days=1))
            if not correspondence.may_repeat(known.asked_at, today, now):
                return
        nonce = identity.nonce()
        subscriber = Subscriber(
            id=known.id if known else 0,
            email=address,
            language=language,
            state=Subscription.PENDING,
            consent_text=consent_text,
            asked_at=now,
            confirmed_at=None,
            ended_at=None,
            nonce=nonce,
        )
        subscriber_id = archive.save_subscriber(store, subscriber, email_key=key)
        registrations.add_token(
            store,
            token_hash=fingerprint(identity.token(PURPOSE, nonce)),
            purpose=PURPOSE,
            subject_id=subscriber_id,
            now=now,
        )
        _write(store, LetterKind.NEWSLETTER_CONFIRM, subscriber, subscriber_id, now, identity)


def find(store: Store, token: str, *, now: datetime) -> Subscriber:
    """The subscription a link belongs to; an unconfirmed one for seven days. Raises NotFound."""
    found = archive.subscriber_by_token(store, fingerprint(token), now=now)
    if found is None or found.state is Subscription.ENDED:
        raise NotFound
    if found.state is Subscription.PENDING and now - found.asked_at > CONFIRM_WITHIN:
        raise NotFound
    return found


def confirm(store: Store, token: str, *, now: datetime, identity: Identity) -> Subscriber:
    """Confirm a subscription; the welcome letter carries the way out. Raises NotFound."""
    with store.changing():
        found = find(store, token, now=now)
        if found.state is Subscription.CONFIRMED:
            return found
        wanted = dataclasses.replace(found, state=Subscription.CONFIRMED, confirmed_at=now)
        archive.save_subscriber(store, wanted, email_key=text.address_key(found.email))
        history.note(store, "newsletter_confirmed", actor="subscriber", now=now)
        _write(store, LetterKind.NEWSLETTER_WELCOME, wanted, wanted.id, now, identity)
        return wanted


def leave(store: Store, token: str, mail: Mail, *, now: datetime) -> None:
    """End a subscription at once and forget the address, in its letters too. Raises NotFound."""
    with store.changing():
        found = find(store, token, now=now)
        letters = retention.forget_letters_to(store, found.id)
        archive.delete_subscriber(store, found.id)
        history.note(store, "newsletter_left", actor="subscriber", now=now)
    transport.discard(mail, [message_id for message_id, _ in letters])


def _write(
    store: Store,
    kind: LetterKind,
    subscriber: Subscriber,
    subscriber_id: int,
    now: datetime,
    identity: Identity,
) -> None:
    organisation = events.organisation(store)
    letter = Letter(
        id=0,
        kind=kind,
        state=LetterState.QUEUED,
        language=subscriber.language,
        name="",
        email=subscriber.email,
        message_id=identity.message_id(),
        facts=Facts(organisation=organisation.name, contact_email=organisation.email),
        created_at=now,
        subscriber_id=subscriber_id,
        nonce=subscriber.nonce,
    )
    outbox.queue(store, letter)
