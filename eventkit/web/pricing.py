"""What taking part costs, as the form and the pages of visitors show it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from eventkit import language as words
from eventkit.actions import fees as fee_actions
from eventkit.model.event import Event
from eventkit.model.fees import Price
from eventkit.model.places import OpenTo
from eventkit.model.registration import Registration
from eventkit.rules import fees as fee_rules
from eventkit.store import fees, quotas
from eventkit.web.forms.visitors import Registration as RegistrationForm
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _
from eventkit.web.site import store


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a form: `single` in words where there is nothing to choose.

    `paid` says whether anything costs money, so that an address for the invoice makes sense.
    """

    single: str
    paid: bool
    each: bool


def offer(
    form: RegistrationForm, event: Event, *, opened: int | None = None, desk: bool = False
) -> Prices:
    """Give the form the prices of a meeting; those of groups nobody can choose are left out.

    `opened` is the group a code or an invitation opens.
    """
    groups = {group.id: group for group in quotas.groups(store(), event.id)}
    open_groups = {g.id for g in groups.values() if desk or g.open_to is OpenTo.EVERYONE}
    if opened is not None:
        open_groups = {opened}
    found = [
        price
        for price in fees.prices(store(), event.id)
        if price.group is None or price.group in open_groups
    ]
    several = len(found) > 1 or desk
    form.price.choices = [(price.id, _label(price, event)) for price in found] if several else []
    if desk and found:
        form.price.choices.insert(0, (0, _("Nothing is charged")))
    return Prices(
        single=amount(found[0].cents) if len(found) == 1 and not several else "",
        paid=any(price.cents for price in found),
        each=event.companions > 0 or event.party_size > 1,
    )


def _label(price: Price, event: Event) -> str:
    named = f"{plain(price.name)}: {amount(price.cents)}"
    if price.group is None:
        return named
    known = quotas.groups(store(), event.id, retired=True)
    group = next((plain(group.name) for group in known if group.id == price.group), "")
    return _("%(price)s (only for %(group)s)") % {"price": named, "group": group}


def amount(cents: int) -> str:
    """An amount in the reader's language; nothing to pay in words."""
    return words.money(cents, current()) if cents else _("free of charge")


def total(event: Event, price_id: int | None, places: int) -> str:
    """What somebody would pay who chose a price (or the only one); "" where nothing is asked.

    It is computed from the form, so that it tells nobody whether an address is known (R11).
    """
    prices = fees.prices(store(), event.id)
    found = [price for price in prices if price.id == price_id]
    if price_id is None and len(prices) == 1:
        found = list(prices)
    return amount(found[0].cents * places) if found and found[0].cents else ""


def own(found: Registration) -> dict[str, Any]:
    """What a guest's own page says of the fee and which papers there are."""
    fee = fee_actions.fee(store(), found)
    return {
        "fee": fee,
        "fee_iban": fee_rules.spaced(fee.iban) if fee else "",
        "fee_due": date.fromisoformat(fee.due_on) if fee and fee.due_on else None,
        "fee_paid": date.fromisoformat(fee.paid_on) if fee and fee.paid_on else None,
        "bills": fees.of_registration(store(), found.id),
        "wants_address": any(
            fee_rules.needs_address(bill) and not bill.cancelled_by
            for bill in fees.of_registration(store(), found.id)
        ),
    }
