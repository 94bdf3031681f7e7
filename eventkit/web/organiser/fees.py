"""What taking part costs: the prices of a meeting, and the account the fees go to."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import prices as actions
from eventkit.errors import Invalid
from eventkit.model.account import Access
from eventkit.model.event import Event
from eventkit.model.fees import Price
from eventkit.store import fees, quotas
from eventkit.web import access
from eventkit.web.forms.fees import AccountForm, PriceForm, account_fields
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.pricing import amount
from eventkit.web.site import now, store

FIELDS = {"name": "name_de"}
ONE = "/events/<slug>/fees/<int(max=9223372036854775807):price_id>"


@blueprint.route("/organisation/account", methods=["GET", "POST"])
@access.admins
def fee_account() -> ResponseReturnValue:
    """Where fees go, and what invoices say of tax."""
    form = AccountForm(data=account_fields(fees.account(store())))
    if form.validate_on_submit():
        try:
            actions.save_account(store(), form.account(), actor=access.actor(), now=now())
        except Invalid as error:
            form.refuse(error, {"tax_note": "tax_note_de"})
        else:
            return back("fee_account", _("The account is saved. It stands on every new invoice."))
    return page("fees/account.html", 422 if form.errors else 200, form=form)


@blueprint.get("/events/<slug>/fees")
@access.organisers
def prices(slug: str) -> ResponseReturnValue:
    """The prices of a meeting, and how many chose each."""
    event = meeting(slug)
    session = access.logged_in()
    return page(
        "fees/prices.html",
        event=event,
        prices=fees.prices(store(), event.id),
        former=[p for p in fees.prices(store(), event.id, retired=True) if p.retired],
        users=fees.users(store(), event.id),
        groups={g.id: g.name for g in quotas.groups(store(), event.id, retired=True)},
        account=fees.account(store()),
        amount=amount,
        admin=session is not None and session.organiser.access is Access.ADMIN,
    )


@blueprint.route("/events/<slug>/fees/new", methods=["GET", "POST"])
@access.organisers
def price_new(slug: str) -> ResponseReturnValue:
    """A new price."""
    return _price_page(meeting(slug), PriceForm(), None)


@blueprint.route(ONE, methods=["GET", "POST"])
@access.organisers
def price(slug: str, price_id: int) -> ResponseReturnValue:
    """A price; invoices that were issued keep theirs."""
    event = meeting(slug)
    found = _price(event, price_id)
    values = {
        "name_de": found.name.de,
        "name_en": found.name.en,
        "amount": f"{found.cents // 100},{found.cents % 100:02d}",
        "group": str(found.group or ""),
    }
    return _price_page(event, PriceForm(data=values), found)


def _price_page(event: Event, form: PriceForm, before: Price | None) -> ResponseReturnValue:
    form.offer(quotas.groups(store(), event.id))
    if form.validate_on_submit():
        wanted = form.price(before.id if before else 0)
        try:
            if wanted is not None:
                actions.save_price(store(), event.id, wanted, actor=access.actor(), now=now())
                return back("prices", _("The price is saved."), slug=event.slug)
        except Invalid as error:
            form.refuse(error, FIELDS)
    status = 422 if form.errors else 200
    return page("fees/price_form.html", status, event=event, form=form, price=before)


@blueprint.route(f"{ONE}/remove", methods=["GET", "POST"])
@access.organisers
def price_remove(slug: str, price_id: int) -> ResponseReturnValue:
    """Take a price away, after asking."""
    event = meeting(slug)
    found = _price(event, price_id)
    if request.method == "POST":
        actions.remove_price(store(), event.id, found.id, actor=access.actor(), now=now())
        return back("prices", _("The price is removed."), slug=slug)
    users = fees.users(store(), event.id).get(found.id, 0)
    text = ngettext(
        "%(num)s registration has it and keeps it; nobody can choose it any more.",
        "%(num)s registrations have it and keep it; nobody can choose it any more.",
        users,
    )
    return ask(
        event,
        title=_("Remove the price “%(name)s”?") % {"name": plain(found.name)},
        text=text % {"num": users} if users else _("Nobody has chosen it."),
        button=_("Remove the price"),
        leave="prices",
    )


@blueprint.post(f"{ONE}/move")
@access.organisers
def price_move(slug: str, price_id: int) -> ResponseReturnValue:
    """Put a price further up or down in the form."""
    event = meeting(slug)
    found = _price(event, price_id)
    by = 1 if request.form.get("to") == "down" else -1
    actions.move_price(store(), event.id, found.id, by, actor=access.actor(), now=now())
    return back("prices", slug=slug)


def _price(event: Event, price_id: int) -> Price:
    for found in fees.prices(store(), event.id):
        if found.id == price_id:
            return found
    raise NotFoundPage
