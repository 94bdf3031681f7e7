"""A speaker's own link: made, found, revoked, renewed."""

from datetime import datetime, timedelta

from eventkit.actions.seating import Hand
from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.person import Person
from eventkit.rules import access
from eventkit.store import appearances, history, people, personal_feeds, registrations
from eventkit.store.appearances import LINK
from eventkit.store.personal_feeds import SPEAKER_FEED
from eventkit.store.rows import Store

SHORTEST = timedelta(days=access.LINK_DAYS_AFTER)


def link_nonce(hand: Hand, person: Person) -> bytes:
    """What the link of a person's own page is derived from, for a letter (`Letter.nonce`).

    Runs inside the caller's transaction. Makes the link if there is none (or it was revoked)
    and keeps it open until 30 days after the person's last meeting, at least 30 days from now.
    Their calendar is opened with it, unless it ever was.
    """
    nonce = appearances.link_nonce(hand.store, person.id)
    if nonce is None:
        nonce = hand.identity.nonce()
        appearances.set_link_nonce(hand.store, person.id, nonce)
    appearances.keep_link(
        hand.store,
        fingerprint(hand.identity.token(LINK, nonce)),
        person.id,
        expires_at=link_ends_at(hand.store, person.id, hand.now),
        now=hand.now,
    )
    _open_feed(hand, person.id)
    return nonce


def link_ends_at(store: Store, person_id: int, now: datetime) -> datetime:
    """Until when a link asked for now opens: 30 days after the last meeting, 30 days at least."""
    last = appearances.last_end(store, person_id)
    return max(now + SHORTEST, access.link_ends_at(last)) if last else now + SHORTEST


def _open_feed(hand: Hand, person_id: int) -> None:
    """Give the person's own calendar an address, if it never had one."""
    if personal_feeds.was_opened(hand.store, person_id):
        return
    nonce = hand.identity.nonce()
    personal_feeds.set_speaker_nonce(hand.store, person_id, nonce)
    registrations.add_token(
        hand.store,
        token_hash=fingerprint(hand.identity.token(SPEAKER_FEED, nonce)),
        purpose=SPEAKER_FEED,
        subject_id=person_id,
        now=hand.now,
    )


def find(store: Store, token: str, *, now: datetime) -> Person:
    """The person whose page a link opens. Raises NotFound for a wrong, old or revoked one."""
    person_id = appearances.opened_by(store, fingerprint(token), now=now)
    person = people.by_id(store, person_id) if person_id is not None else None
    if person is None:
        raise NotFound
    return person


def links(
    store: Store, person_ids: list[int], *, now: datetime, identity: Identity
) -> dict[int, str]:
    """The tokens of the open links of several people, for the organiser to copy."""
    nonces = appearances.link_nonces(store, person_ids, now=now)
    return {key: identity.token(LINK, nonce) for key, nonce in nonces.items()}


def open_link(
    store: Store, person_id: int, *, actor: str, now: datetime, identity: Identity
) -> str:
    """Open a person's link, or keep the open one open; returns its token. Raises NotFound."""
    with store.changing():
        person = people.by_id(store, person_id)
        if person is None:
            raise NotFound
        nonce = link_nonce(Hand(store, now, identity), person)
        history.note(store, "speaker_link_opened", actor=actor, now=now, person=person_id)
        return identity.token(LINK, nonce)


def renew_link(
    store: Store, person_id: int, *, actor: str, now: datetime, identity: Identity
) -> str:
    """Close a person's link and open another; returns its token. Raises NotFound."""
    with store.changing():
        person = people.by_id(store, person_id)
        if person is None:
            raise NotFound
        _close(store, person_id, now)
        nonce = link_nonce(Hand(store, now, identity), person)
        history.note(store, "speaker_link_renewed", actor=actor, now=now, person=person_id)
        return identity.token(LINK, nonce)


def revoke_link(store: Store, person_id: int, *, actor: str, now: datetime) -> None:
    """Close a person's link; the next letter opens another. Raises NotFound."""
    with store.changing():
        if people.by_id(store, person_id) is None:
            raise NotFound
        _close(store, person_id, now)
        history.note(store, "speaker_link_closed", actor=actor, now=now, person=person_id)


def _close(store: Store, person_id: int, now: datetime) -> None:
    personal_feeds.revoke(store, LINK, person_id, now=now)
    appearances.set_link_nonce(store, person_id, None)
