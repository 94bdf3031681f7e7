"""Requests: letting people in, or refusing them kindly."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.actions import registration as registrations
from eventkit.actions import seating
from eventkit.actions.seating import Hand
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.model.text import NOTHING, Text
from eventkit.rules import text
from eventkit.store import events, history
from eventkit.store import registrations as registration_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

LONGEST = 1000


def approve(
    store: Store,
    event_id: int,
    registration_ids: Iterable[int],
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> list[Registration]:
    """Let requested people have a seat, or a place in the queue, in the order of their arrival.

    Who was decided already is left alone. Returns those it touched. Raises NotFound.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        asked = _requested(store, event, registration_ids)
        for each in asked:
            seat_store.approve(store, each.id, now=now)
            _note(hand, "approved", event, each, actor)
        seating.give_out(hand, event, cause="approved", newcomers=[each.id for each in asked])
        done = [_again(store, each) for each in asked]
        for each in done:
            seating.write(hand, seating.FIRST_LETTER[each.state], event, each)
        return done


def refuse(
    store: Store,
    event_id: int,
    registration_ids: Iterable[int],
    *,
    words: str = "",
    actor: str,
    now: datetime,
    identity: Identity,
) -> list[Registration]:
    """Decline requests, each with a letter that may carry the organiser's own words.

    Who was decided already is left alone. Returns those it touched. Raises NotFound.
    """
    hand = Hand(store, now, identity)
    said = text.clean(words, lines=True)[:LONGEST]
    reason = Text(de=said, en=said) if said else NOTHING
    with store.changing():
        event = events.required(store, event_id)
        asked = _requested(store, event, registration_ids)
        for each in asked:
            registrations.leave(hand, event, each, CancelledBy.ORGANISER, actor=actor)
            _note(hand, "refused", event, each, actor)
            gone = _again(store, each)
            seating.write(hand, LetterKind.REFUSED, event, gone, reason=reason)
        return [_again(store, each) for each in asked]


def _requested(store: Store, event: Event, ids: Iterable[int]) -> list[Registration]:
    """Those of the ids who asked for a place of this meeting, in order of arrival."""
    found = (registration_store.by_id(store, each) for each in sorted(set(ids)))
    return [
        each
        for each in found
        if each is not None and each.event_id == event.id and each.state is State.REQUESTED
    ]


def _again(store: Store, registration: Registration) -> Registration:
    return registration_store.by_id(store, registration.id) or registration


def _note(hand: Hand, verb: str, event: Event, registration: Registration, actor: str) -> None:
    history.note(
        hand.store,
        verb,
        actor=actor,
        now=hand.now,
        event_id=event.id,
        registration_id=registration.id,
    )
