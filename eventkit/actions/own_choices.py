"""What a guest changes about their coming: workshops, and who comes along.

Nothing here confirms anybody: wishes are written down at the end of their queues, and
`seating.give_out` gives what is free (R1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eventkit.actions import fees, seating, wishes
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound, RegistrationClosed
from eventkit.model.agenda import Item
from eventkit.model.event import Event, Stage
from eventkit.model.fees import Invoice
from eventkit.model.letter import LetterKind
from eventkit.model.places import Queued
from eventkit.model.registration import HOLDS_SEAT, Choice, Registration, State
from eventkit.rules import seats as rules
from eventkit.store import events, history, registrations
from eventkit.store import fees as fee_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import fold

GUEST = "guest"


def choose(
    hand: Hand,
    registration_id: int,
    first: Sequence[int],
    second: Sequence[int] = (),
    *,
    anyway: bool = False,
) -> None:
    """Take part in other workshops from now on; one letter says how it stands then.

    A workshop can be joined or left until it begins; one that is kept keeps its place in the
    queue. Whoever would lose a place at a time without getting another is refused
    (`place_lost`), unless they want it `anyway`. Raises NotFound, RegistrationClosed, and
    Invalid with the field.
    """
    with hand.store.changing():
        found, event = _open(hand, registration_id)
        items = {item.id: item for item in seating.workshops(hand.store, event)}
        wanted = _wanted(hand, found, items, first, second)
        before = {c.item_id: c for c in found.choices if c.item_id in items}
        if wanted == {item_id: choice.wish for item_id, choice in before.items()}:
            return
        _write(hand, found, before, wanted)
        seating.give_out(hand, event, cause="cancelled", told=(found.id,))
        after = registrations.by_id(hand.store, found.id) or found
        if not anyway and _lost(items, before.values(), after.choices):
            raise Invalid("place_lost", field="sessions")
        _note(hand, "workshops_changed", event, found)
        seating.write(hand, LetterKind.CHOSEN, event, after, raise_sequence=True)


def _wanted(
    hand: Hand,
    found: Registration,
    items: Mapping[int, Item],
    first: Sequence[int],
    second: Sequence[int],
) -> dict[int, int]:
    """The wishes meant, by item; what has begun stays as it was."""
    begun = {item.id for item in items.values() if item.starts_at <= hand.now}
    kept = {c.item_id: c.wish for c in found.choices if c.item_id in begun}
    still = [item for item in items.values() if item.id not in begun]
    late = begun & {*first, *second} - kept.keys()
    if late:
        raise Invalid("workshop_begun", field="sessions")
    chosen = wishes.chosen(
        still,
        [item_id for item_id in first if item_id not in begun],
        [item_id for item_id in second if item_id not in begun],
    )
    held = {c.item_id for c in found.choices if c.confirmed}
    best = held & {item.id for item, nth in chosen if nth == 1}
    rivals = rules.at_one_time(items.values())
    # whoever has a place in the first wish needs no second one at that time
    return kept | {item.id: n for item, n in chosen if n == 1 or not rivals[item.id] & best}


def _write(
    hand: Hand, found: Registration, before: Mapping[int, Choice], wanted: Mapping[int, int]
) -> None:
    for item_id in before.keys() - wanted.keys():
        seat_store.unchoose(hand.store, found.id, item_id, now=hand.now)
    for item_id, nth in wanted.items():
        if item_id not in before:
            uid = hand.identity.uid()
            seat_store.choose(hand.store, found.id, item_id, uid=uid, wish=nth, now=hand.now)
        elif before[item_id].wish != nth:
            seat_store.set_wish(hand.store, found.id, item_id, nth, now=hand.now)


def _lost(items: Mapping[int, Item], before: Iterable[Choice], after: Sequence[Choice]) -> bool:
    """Whether a place at some time went and a wish at that time now waits without any place."""
    rivals = rules.at_one_time(items.values())
    places = {choice.item_id for choice in after if choice.confirmed}
    waiting = {choice.item_id for choice in after if not choice.confirmed}
    return any(
        choice.confirmed
        and choice.item_id not in places
        and rivals[choice.item_id] & waiting
        and not rivals[choice.item_id] & places
        for choice in before
    )


def bring(hand: Hand, registration_id: int, names: Sequence[str]) -> None:
    """Say who comes along from now on; whoever stays away leaves a place to the next.

    More people need places that are free for the last in the queue. Who waits can bring
    fewer, not more: their place in the queue was for that many. An invoice is replaced by
    another one; once it is paid the number stays (`paid_already`). Raises NotFound, TooMany
    after ten invoices in a day, RegistrationClosed, and Invalid with the field `companions`.
    """
    wanted = wishes.companions(names)
    with hand.store.changing():
        found, event = _open(hand, registration_id)
        if wanted == found.companions:
            return
        more = len(wanted) - len(found.companions)
        bill = fee_store.valid(hand.store, found.id)
        if more and bill is not None and bill.paid_at is not None:
            raise Invalid("paid_already", field="companions")
        if more > 0:
            _check_room(hand, event, found, len(wanted), more)
        registrations.set_companions(hand.store, found.id, wanted)
        seat_store.set_places(hand.store, found.id, 1 + len(wanted), now=hand.now)
        _note(hand, "companions_changed", event, found)
        if more:
            if bill is not None:
                _bill_anew(hand, event, found, bill)
            seating.give_out(hand, event, cause="cancelled")


def _bill_anew(hand: Hand, event: Event, found: Registration, bill: Invoice) -> None:
    """Another number of people is another invoice; the old one is cancelled."""
    fees.count_anew(hand.store, found.id, now=hand.now)
    fees.cancel_invoice(hand.store, bill, actor=GUEST, now=hand.now)
    fees.issue(hand.store, event, found.id, now=hand.now)
    after = registrations.by_id(hand.store, found.id) or found
    seating.write(hand, LetterKind.INVOICE, event, after)


def _check_room(hand: Hand, event: Event, found: Registration, number: int, more: int) -> None:
    limits = seat_store.limits(hand.store, event)
    organisation = fold(found.organisation)
    whole = Queued(found.id, 1 + number, found.group_id, organisation)
    wishes.check_places(event, limits, whole)
    if found.state is State.WAITING:
        raise Invalid("waits_for_fewer", field="companions")
    if found.state in HOLDS_SEAT:
        queue = seat_store.queue(hand.store, event.id)
        if rules.would_wait(limits, queue, replace(whole, places=more)):
            raise Invalid("no_more_places", field="companions")


def _open(hand: Hand, registration_id: int) -> tuple[Registration, Event]:
    """Somebody whose coming can still change. Raises NotFound, RegistrationClosed."""
    found = registrations.by_id(hand.store, registration_id)
    event = events.by_id(hand.store, found.event_id) if found else None
    if found is None or event is None or not found.email:
        raise NotFound
    if event.stage is Stage.CANCELLED or found.state is State.CANCELLED:
        raise RegistrationClosed("cancelled")
    if hand.now >= event.ends_at:
        raise RegistrationClosed("over")
    return found, event


def _note(hand: Hand, verb: str, event: Event, found: Registration) -> None:
    history.note(
        hand.store,
        verb,
        actor=GUEST,
        now=hand.now,
        event_id=event.id,
        registration_id=found.id,
    )
