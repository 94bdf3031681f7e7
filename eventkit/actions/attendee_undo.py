"""Taking an import of attendees back as a whole, after saying whom that touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventkit.actions import registration, seating
from eventkit.actions.seating import Hand
from eventkit.errors import NotFound, Refused, RegistrationClosed
from eventkit.identity import Identity
from eventkit.model.attendee_import import Import
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.store import events, history, imports, registrations
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Sight:
    """Whom taking an import back would touch, in order of arrival.

    `silent` were never written to and go without a trace; `told` lose their registration with
    a letter; `moved`, some of these, did something themselves since. Whoever was at the
    meeting already stays.
    """

    silent: tuple[Registration, ...]
    told: tuple[Registration, ...]
    moved: tuple[Registration, ...]
    stay: tuple[Registration, ...]
    seen: str


def foresee(store: Store, found: Import) -> Sight:
    """Say whom taking an import back would touch now."""
    people = registrations.some(store, imports.people(store, found.id))
    moved = imports.moved(store, found.id)
    loud = imports.told(store, found.id) | moved | imports.owing(store, found.id)
    stay = tuple(each for each in people if each.state is State.ATTENDED)
    going = [each for each in people if each.state is not State.ATTENDED]
    return Sight(
        silent=tuple(each for each in going if each.id not in loud),
        told=tuple(each for each in going if each.id in loud),
        moved=tuple(each for each in going if each.id in moved),
        stay=stay,
        seen=_mark(going, loud),
    )


def _mark(people: Sequence[Registration], loud: set[int]) -> str:
    """A name for exactly these people and what happens to them."""
    ids = [each.id for each in people]
    said = sorted(loud & set(ids))
    return f"{len(ids)}-{sum(ids)}-{len(said)}-{sum(said)}"


def undo(
    store: Store,
    event_id: int,
    import_id: int,
    *,
    seen: str,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Sight:
    """Take an import back: free places go to those who wait (R1).

    Raises Refused `changed_meanwhile` when it would touch others than were seen, `undone` when
    it was taken back already; RegistrationClosed `over`, NotFound.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.by_id(store, event_id)
        found = imports.by_id(store, event_id, import_id) if event else None
        if event is None or found is None:
            raise NotFound
        if found.undone_at is not None:
            raise Refused("undone")
        if now >= event.ends_at:
            raise RegistrationClosed("over")
        sight = foresee(store, found)
        if sight.seen != seen:
            raise Refused("changed_meanwhile")
        for each in sight.told:
            _cancel(hand, event, each, actor)
        imports.erase(store, [each.id for each in sight.silent])
        imports.undone(store, found.id, now=now)
        history.note(
            store,
            "import_undone",
            actor=actor,
            now=now,
            event_id=event.id,
            subject=str(len(sight.silent) + len(sight.told)),
            file=found.id,
        )
        seating.give_out(hand, event, cause="import_undone")
        return sight


def _cancel(hand: Hand, event: Event, each: Registration, actor: str) -> None:
    registration.leave(hand, event, each, CancelledBy.ORGANISER, actor=actor)
    gone = registrations.by_id(hand.store, each.id) or each
    seating.write(hand, LetterKind.CANCELLED, event, gone)
