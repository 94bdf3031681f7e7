"""Fees inside other actions: which price somebody takes, invoices that come and go with a place.

Nothing here decides who gets a place, and nothing here writes letters.
"""

import dataclasses
from datetime import datetime, timedelta

from eventkit import language as words
from eventkit.actions.wishes import Wish
from eventkit.errors import Invalid, TooMany
from eventkit.model.event import Event
from eventkit.model.fees import Fee, Invoice, Line, Price, Sender
from eventkit.model.registration import SEATED, Registration, State
from eventkit.rules import fees as rules
from eventkit.rules import text
from eventkit.store import events, history, registrations
from eventkit.store import fees as fee_store
from eventkit.store.rows import Store

ANEW_A_DAY = 10


def charge(store: Store, event: Event, wish: Wish) -> Wish:
    """The wish with the price it registers with, and the address of its invoice cleaned.

    Whoever the desk adds may stay without a price; those a person registers too take the
    price they are given, else the only one. Raises Invalid (fields "price", "billing").
    """
    prices = fee_store.prices(store, event.id)
    if not prices:
        return dataclasses.replace(wish, price=None, billing="")
    price = wish.price
    if price is not None or not wish.at_desk:
        price = rules.chosen(prices, price, wish.group)
    return dataclasses.replace(wish, price=price, billing=billing(wish.billing))


def billing(typed: str) -> str:
    """Name and address for an invoice, cleaned. Raises Invalid (field "billing")."""
    cleaned = text.clean(typed, lines=True)
    lines = [line for line in cleaned.splitlines() if line.strip()]
    if len(cleaned) > rules.LONGEST_BILLING:
        raise Invalid("too_long", field="billing")
    if len(lines) > rules.BILLING_LINES:
        raise Invalid("billing_lines", field="billing")
    return "\n".join(lines)


def issue(
    store: Store,
    event: Event,
    registration_id: int,
    *,
    now: datetime,
    paid_at: datetime | None = None,
) -> Invoice | None:
    """Issue the invoice of a certain place, inside the transaction that makes it certain.

    The number follows the last one of the year without a gap, because nobody else can write
    meanwhile. None where nothing is to be paid, an invoice stands, or no account is known.
    """
    registration = registrations.by_id(store, registration_id)
    if registration is None or registration.state not in SEATED:
        return None
    price, account = price_of(store, registration), fee_store.account(store)
    if price is None or not price.cents or not account.complete:
        return None
    if fee_store.valid(store, registration.id) is not None:
        return None
    sender = _sender(store, event, registration.language)
    on = rules.today(now, sender.zone)
    name, address = rules.billed(registration.billing, registration.name, registration.organisation)
    wanted = Invoice(
        id=0,
        number=_next_number(store, on.year),
        event_id=event.id,
        registration_id=registration.id,
        issued_at=now,
        due_on=on + timedelta(days=account.days),
        language=registration.language,
        name=name,
        address=address,
        lines=(Line(price.name.pick(registration.language)[0], registration.places, price.cents),),
        cents=price.cents * registration.places,
        sender=sender,
        paid_at=paid_at,
    )
    fee_store.issue(store, wanted)
    note(store, "invoice_issued", wanted, actor="eventkit", now=now)
    return wanted


def cancel_invoice(store: Store, invoice: Invoice, *, actor: str, now: datetime) -> Invoice:
    """Cancel an invoice by another one with its own number, inside a transaction."""
    on = rules.today(now, invoice.sender.zone)
    lines = tuple(dataclasses.replace(line, count=-line.count) for line in invoice.lines)
    wanted = dataclasses.replace(
        invoice,
        id=0,
        number=_next_number(store, on.year),
        issued_at=now,
        due_on=on,
        lines=lines,
        cents=-invoice.cents,
        cancels=invoice.number,
        paid_at=None,
    )
    fee_store.issue(store, wanted, cancels=invoice.id)
    note(store, "invoice_cancelled", wanted, actor=actor, now=now, cancels=invoice.number)
    return wanted


def count_anew(store: Store, registration_id: int, *, now: datetime) -> None:
    """Count that a guest has their invoice written anew, inside the transaction that does it.

    Each time is two numbers that stay in the books for years. Raises TooMany after ten in a day.
    """
    if history.count(store, f"invoice:{registration_id}", seconds=86400, now=now) > ANEW_A_DAY:
        raise TooMany


def withdraw(store: Store, registration_id: int, *, actor: str, now: datetime) -> None:
    """Cancel the unpaid invoice of somebody who gives the place back; a paid one waits."""
    found = fee_store.valid(store, registration_id)
    if found is not None and found.paid_at is None:
        cancel_invoice(store, found, actor=actor, now=now)


def price_of(store: Store, registration: Registration) -> Price | None:
    """The price a registration has, a former one too."""
    if registration.price_id is None:
        return None
    known = fee_store.prices(store, registration.event_id, retired=True)
    return next((price for price in known if price.id == registration.price_id), None)


def fee(store: Store, registration: Registration) -> Fee | None:
    """What somebody is told of their fee; None where nothing is to be paid."""
    price = price_of(store, registration)
    if price is None:
        return None
    found = fee_store.of_registration(store, registration.id)
    bills = [each for each in found if not each.cancels]
    if not bills:
        cents = price.cents * registration.places
        if not cents or registration.state is State.CANCELLED:
            return None
        return Fee(cents, "following" if registration.state in SEATED else "later")
    last = bills[-1]
    paid_on = rules.today(last.paid_at, last.sender.zone).isoformat() if last.paid_at else ""
    return Fee(
        cents=last.cents,
        state=_state(last),
        number=last.number,
        due_on=last.due_on.isoformat(),
        holder=last.sender.holder,
        iban=last.sender.iban,
        bic=last.sender.bic,
        cancelled_by=last.cancelled_by,
        paid_on=paid_on,
    )


def _state(invoice: Invoice) -> str:
    if invoice.settled:
        return invoice.settled
    if invoice.cancelled_by:
        return "cancelled"
    if invoice.paid_at is not None:
        return "returned" if invoice.left else "paid"
    return "open"


def _next_number(store: Store, year: int) -> str:
    return rules.numbered(year, fee_store.last_number(store, year))


def _sender(store: Store, event: Event, language: str) -> Sender:
    organisation, account = events.organisation(store), fee_store.account(store)
    return Sender(
        name=organisation.name.pick(language)[0],
        postal=organisation.postal,
        email=organisation.email,
        website=organisation.website,
        tax_number=account.tax_number,
        tax_note=account.tax_note.pick(language)[0],
        holder=account.holder,
        iban=account.iban,
        bic=account.bic,
        meeting=event.title.pick(language)[0],
        served=words.span(
            event.starts_at, event.ends_at, event.zone, language, all_day=event.all_day
        ),
        zone=organisation.zone,
    )


def note(
    store: Store, verb: str, invoice: Invoice, *, actor: str, now: datetime, **more: str
) -> None:
    """Write down what happened to an invoice, by its number."""
    history.note(
        store,
        verb,
        actor=actor,
        now=now,
        event_id=invoice.event_id,
        registration_id=invoice.registration_id,
        number=invoice.number,
        **more,
    )
