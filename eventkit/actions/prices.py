"""What organisers set: the prices of a meeting, and the account the fees go to."""

import dataclasses
from datetime import datetime

from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Event
from eventkit.model.fees import Account, Price
from eventkit.model.text import Text
from eventkit.rules import fees as rules
from eventkit.rules import text
from eventkit.store import events, history, quotas
from eventkit.store import fees as fee_store
from eventkit.store.rows import Store


def save_account(store: Store, wanted: Account, *, actor: str, now: datetime) -> None:
    """Write down where fees go. Raises Invalid with the field."""
    account = checked(wanted)
    with store.changing():
        events.save_organisation(store, events.organisation(store), now=now)
        fee_store.save_account(store, account)
        history.note(store, "account_changed", actor=actor, now=now)


def checked(wanted: Account) -> Account:
    """The account with every field cleaned. Raises Invalid with the field."""
    holder, tax_number = text.clean(wanted.holder), text.clean(wanted.tax_number)
    if not holder:
        raise Invalid("required", field="holder")
    if len(holder) > 70:
        raise Invalid("too_long", field="holder")
    if len(tax_number) > 60:
        raise Invalid("too_long", field="tax_number")
    note = text.clean_both(wanted.tax_note)
    if max(len(note.de), len(note.en)) > 500:
        raise Invalid("too_long", field="tax_note")
    if not 0 <= wanted.days <= 365:
        raise Invalid("number", field="days")
    return Account(
        holder=holder,
        iban=rules.iban(wanted.iban),
        bic=rules.bic(wanted.bic),
        tax_number=tax_number,
        tax_note=note,
        days=wanted.days,
    )


def save_price(store: Store, event_id: int, wanted: Price, *, actor: str, now: datetime) -> int:
    """Write a price down; returns its id. Invoices that were issued keep their amount.

    Raises Invalid with the field (`no_account`: nobody would know where to pay), NotFound.
    """
    named = dataclasses.replace(wanted, name=_name(wanted.name))
    if not 0 <= named.cents <= rules.MOST:
        raise Invalid("amount", field="amount")
    with store.changing():
        event = events.required(store, event_id)
        before = _price(store, event, named.id) if named.id else None
        if named.cents and not fee_store.account(store).complete:
            raise Invalid("no_account", field="amount")
        kept = before is not None and before.group == named.group
        known = named.group is None or quotas.group(store, event.id, named.group) is not None
        if not (kept or known):
            raise Invalid("unknown_group", field="group")
        price_id = fee_store.save_price(store, event.id, named)
        _noted(store, event, "price_saved", named.name, actor=actor, now=now)
        return price_id


def remove_price(store: Store, event_id: int, price_id: int, *, actor: str, now: datetime) -> None:
    """Offer a price to nobody any more; whoever has it keeps it. Raises NotFound."""
    with store.changing():
        event = events.required(store, event_id)
        price = _price(store, event, price_id)
        fee_store.remove_price(store, price.id, at=now)
        _noted(store, event, "price_removed", price.name, actor=actor, now=now)


def move_price(
    store: Store, event_id: int, price_id: int, by: int, *, actor: str, now: datetime
) -> None:
    """Put a price further up (-1) or down (1). Raises NotFound."""
    with store.changing():
        event = events.required(store, event_id)
        price = _price(store, event, price_id)
        ids = [each.id for each in fee_store.prices(store, event.id)]
        at = ids.index(price.id)
        to = min(max(0, at + by), len(ids) - 1)
        ids.insert(to, ids.pop(at))
        fee_store.order(store, ids)
        _noted(store, event, "price_moved", price.name, actor=actor, now=now)


def _name(typed: Text) -> Text:
    cleaned = text.clean_both(typed)
    if not cleaned:
        raise Invalid("required", field="name")
    if max(len(cleaned.de), len(cleaned.en)) > 120:
        raise Invalid("too_long", field="name")
    return cleaned


def _price(store: Store, event: Event, price_id: int) -> Price:
    for price in fee_store.prices(store, event.id):
        if price.id == price_id:
            return price
    raise NotFound


def _noted(store: Store, event: Event, verb: str, name: Text, *, actor: str, now: datetime) -> None:
    subject = name.pick("de")[0]
    history.note(store, verb, actor=actor, now=now, event_id=event.id, subject=subject)
