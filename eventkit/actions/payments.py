"""What comes of invoices: paid or not, reminders, receipts, another address, money returned."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from eventkit.actions import fees, seating
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.fees import Invoice
from eventkit.model.letter import LetterKind
from eventkit.model.registration import Registration, State
from eventkit.rules import fees as rules
from eventkit.store import events, registrations
from eventkit.store import fees as fee_store
from eventkit.store.rows import Store


def pay(
    store: Store,
    event_id: int,
    numbers: Iterable[str],
    on: date,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> int:
    """Note that invoices were paid on a day and write the receipts; says how many were new.

    Invoices that are paid or cancelled already stay as they are. Raises Invalid `paid_later`
    for a day to come, `paid_before` for one before the invoice, NotFound for another
    meeting's number.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        found = [_invoice(store, event, number) for number in dict.fromkeys(numbers)]
        fresh = [i for i in found if not (i.cancels or i.cancelled_by or i.paid_at)]
        for each in fresh:
            if on > rules.today(now, each.sender.zone):
                raise Invalid("paid_later", field="on")
            if on < rules.today(each.issued_at, each.sender.zone):
                raise Invalid("paid_before", field="on")
            fee_store.set_paid(store, each.id, datetime.combine(on, time(12), UTC))
            fees.note(store, "invoice_paid", each, actor=actor, now=now, on=on.isoformat())
            _write(hand, LetterKind.RECEIPT, event, each)
        return len(fresh)


def unpay(store: Store, event_id: int, number: str, *, actor: str, now: datetime) -> None:
    """Take back that an invoice was paid. Raises NotFound, and Invalid `settled`."""
    with store.changing():
        found = _invoice(store, events.required(store, event_id), number)
        if found.settled or found.cancelled_by:
            raise Invalid("settled")
        if found.paid_at is None:
            return
        fee_store.set_paid(store, found.id, None)
        fees.note(store, "invoice_unpaid", found, actor=actor, now=now)
        if found.left and found.registration_id is not None:
            fees.withdraw(store, found.registration_id, actor=actor, now=now)


def due_reminders(store: Store, event_id: int, *, now: datetime) -> list[Invoice]:
    """The invoices a reminder may be written for now: overdue, none in the last seven days."""
    found = fee_store.invoices(store, event_id)
    late = [i for i in found if rules.may_remind(i, now, i.sender.zone)]
    people = registrations.some(store, {i.registration_id for i in late if i.registration_id})
    reachable = {person.id for person in people if person.email}
    return [i for i in late if i.registration_id in reachable]


def remind(
    store: Store,
    event_id: int,
    numbers: Sequence[str],
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> int:
    """Write a reminder for each of these invoices that is due for one; says how many."""
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        chosen = [i for i in due_reminders(store, event.id, now=now) if i.number in set(numbers)]
        for each in chosen:
            fee_store.reminded(store, each.id, at=now)
            fees.note(store, "payment_reminded", each, actor=actor, now=now)
            _write(hand, LetterKind.PAYMENT_REMINDER, event, each)
        return len(chosen)


def issue_missing(store: Store, event_id: int, *, now: datetime, identity: Identity) -> int:
    """Issue and send the invoices of certain places that have none; says how many.

    Raises Invalid `no_account` where nobody would know where to pay.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        missing = fee_store.uninvoiced(store, event.id)
        if missing and not fee_store.account(store).complete:
            raise Invalid("no_account")
        issued = [fees.issue(store, event, each, now=now) for each in missing]
        for each in issued:
            if each is not None:
                _write(hand, LetterKind.INVOICE, event, each)
        return sum(each is not None for each in issued)


def cancel(
    store: Store, event_id: int, number: str, *, actor: str, now: datetime, identity: Identity
) -> Invoice:
    """Cancel an unpaid invoice; the person keeps the place and owes nothing.

    The registration loses its price, so that no new invoice is written. Raises NotFound, and
    Invalid `settled` for one that is paid or cancelled.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        found = _invoice(store, event, number)
        if found.cancels or found.cancelled_by or found.paid_at:
            raise Invalid("settled")
        cancelled = fees.cancel_invoice(store, found, actor=actor, now=now)
        _write(hand, LetterKind.INVOICE, event, found)
        if found.registration_id is not None:
            fee_store.set_price(store, found.registration_id, None)
        return cancelled


def set_price(
    store: Store,
    event_id: int,
    registration_id: int,
    price_id: int | None,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> None:
    """Let somebody pay another price, or nothing (None): an unpaid invoice is replaced.

    Raises NotFound, and Invalid: `price_unknown`, `settled` once the invoice is paid.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        found = registrations.by_id(store, registration_id)
        if found is None or found.event_id != event.id or found.state is State.CANCELLED:
            raise NotFound
        if found.price_id == price_id:
            return
        if price_id not in {None, *(price.id for price in fee_store.prices(store, event.id))}:
            raise Invalid("price_unknown", field="price")
        before = fee_store.valid(store, found.id)
        if before is not None and before.paid_at is not None:
            raise Invalid("settled", field="price")
        if before is not None:
            fees.cancel_invoice(store, before, actor=actor, now=now)
        if before is not None and price_id is None:
            _write(hand, LetterKind.INVOICE, event, before)
        fee_store.set_price(store, found.id, price_id)
        issued = fees.issue(store, event, found.id, now=now)
        if issued is not None or (before is not None and price_id is not None):
            after = registrations.by_id(store, found.id) or found
            seating.write(hand, LetterKind.INVOICE, event, after)


def settle(
    store: Store, event_id: int, number: str, *, refunded: bool, actor: str, now: datetime
) -> None:
    """Note what became of the money of somebody who gave the place back.

    A refund cancels the invoice by another one; otherwise it stands. Raises NotFound, and
    Invalid `settled` where there is nothing to decide.
    """
    with store.changing():
        event = events.required(store, event_id)
        found = _invoice(store, event, number)
        on = rules.today(now, found.sender.zone)
        if rules.standing(found, on) is not rules.Standing.RETURN:
            raise Invalid("settled")
        fee_store.settle(store, found.id, "refunded" if refunded else "kept", at=now)
        if refunded:
            fees.cancel_invoice(store, found, actor=actor, now=now)
        verb = "fee_refunded" if refunded else "fee_kept"
        fees.note(store, verb, found, actor=actor, now=now)


def readdress(store: Store, registration_id: int, billing: str, *, now: datetime) -> Invoice | None:
    """Another name or address for somebody's invoice: the old one is cancelled, a new one issued.

    What was paid counts for the new one. Without an invoice the address is kept for it.
    Raises Invalid (field "billing"), TooMany after ten invoices in a day, NotFound.
    """
    wanted = fees.billing(billing)
    with store.changing():
        registration = registrations.by_id(store, registration_id)
        event = events.by_id(store, registration.event_id) if registration else None
        if registration is None or event is None:
            raise NotFound
        before = fee_store.valid(store, registration.id)
        fee_store.set_billing(store, registration.id, wanted)
        if before is None:
            return fees.issue(store, event, registration.id, now=now)
        receiver = rules.billed(wanted, registration.name, registration.organisation)
        if receiver == (before.name, before.address) or before.left:
            return before
        fees.count_anew(store, registration.id, now=now)
        fees.cancel_invoice(store, before, actor="guest", now=now)
        if before.paid_at is not None:  # the money now stands for the new invoice
            fee_store.set_paid(store, before.id, None)
        return fees.issue(store, event, registration.id, now=now, paid_at=before.paid_at)


def _write(hand: Hand, kind: LetterKind, event: Event, invoice: Invoice) -> None:
    registration = _of(hand.store, invoice)
    if registration is not None and registration.email:
        seating.write(hand, kind, event, registration)


def _of(store: Store, invoice: Invoice) -> Registration | None:
    if invoice.registration_id is None:
        return None
    return registrations.by_id(store, invoice.registration_id)


def _invoice(store: Store, event: Event, number: str) -> Invoice:
    found = fee_store.invoice(store, event.id, number)
    if found is None:
        raise NotFound
    return found
