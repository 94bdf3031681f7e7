"""One thing done to several people of a meeting at once, all of it or nothing."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.actions import registration, seating
from eventkit.actions.seating import Hand
from eventkit.errors import Refused, RegistrationClosed
from eventkit.identity import Identity
from eventkit.model.event import Event, Stage
from eventkit.model.letter import LetterKind
from eventkit.model.registration import LIVE, CancelledBy, Registration, State
from eventkit.store import attendance, events, history, registrations
from eventkit.store.rows import Store

MAY_LEAVE = LIVE - {State.ATTENDED}


def cancel(
    store: Store,
    event_id: int,
    registration_ids: Iterable[int],
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> list[Registration]:
    """Cancel registrations, each with its letter, then give the places to the next.

    Who was cancelled already or is at the meeting is left alone. Returns those it touched.
    Raises RegistrationClosed `over`, NotFound.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        if now >= event.ends_at:
            raise RegistrationClosed("over")
        touched = _some(store, event, registration_ids, MAY_LEAVE)
        for each in touched:
            registration.leave(hand, event, each, CancelledBy.ORGANISER, actor=actor)
            gone = registrations.by_id(store, each.id) or each
            seating.write(hand, LetterKind.CANCELLED, event, gone)
        seating.give_out(hand, event, cause="cancelled")
        return touched


def attend(
    store: Store, event_id: int, registration_ids: Iterable[int], *, actor: str, now: datetime
) -> list[Registration]:
    """Note that people with a place are or were there; others are left alone.

    Returns those it touched. Raises Refused `not_begun` before the doors open, NotFound.
    """
    with store.changing():
        event = events.required(store, event_id)
        if not begun(event, now):
            raise Refused("not_begun")
        touched = _some(store, event, registration_ids, {State.CONFIRMED})
        for each in touched:
            attendance.attend(store, each.id, now=now)
            _note(store, "attended", event, each, actor, now)
        return touched


def not_attend(
    store: Store, event_id: int, registration_ids: Iterable[int], *, actor: str, now: datetime
) -> list[Registration]:
    """Take back that people were there; their places stay theirs. Raises NotFound."""
    with store.changing():
        event = events.required(store, event_id)
        touched = _some(store, event, registration_ids, {State.ATTENDED})
        for each in touched:
            attendance.leave_open(store, each.id, now=now)
            _note(store, "not_attended", event, each, actor, now)
        return touched


def begun(event: Event, now: datetime) -> bool:
    """Whether people may be at a meeting: its doors are open, or it is over."""
    return event.stage is not Stage.CANCELLED and now >= (event.doors_at or event.starts_at)


def _some(
    store: Store, event: Event, ids: Iterable[int], states: Iterable[State]
) -> list[Registration]:
    """Those of the ids in these states of this meeting, in order of arrival."""
    wanted = set(states)
    return [
        each
        for each in registrations.some(store, ids)
        if each.event_id == event.id and each.state in wanted
    ]


def _note(
    store: Store, verb: str, event: Event, found: Registration, actor: str, now: datetime
) -> None:
    history.note(store, verb, actor=actor, now=now, event_id=event.id, registration_id=found.id)
