"""Invoices of a meeting: who has paid, who is late, what is to be returned."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import payments as actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.fees import Invoice
from eventkit.rules import fees as rules
from eventkit.rules.fees import Standing
from eventkit.store import fees, registrations
from eventkit.web import access, fee_papers
from eventkit.web.forms.fees import PaidForm
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.pricing import amount
from eventkit.web.site import now, organisation, site, store

ONE = "/events/<slug>/payments/<number>"
FILTERS: dict[str, frozenset[Standing]] = {
    "open": rules.UNPAID,
    "overdue": frozenset({Standing.OVERDUE, Standing.REMINDED}),
    "paid": frozenset({Standing.PAID}),
    "return": frozenset({Standing.RETURN}),
    "cancelled": frozenset({Standing.CANCELLED, Standing.REFUNDED, Standing.CANCELLATION}),
}


def listed(event: Event) -> tuple[list[Invoice], str, str]:
    """The invoices the address of the list asks for, with its words and its filter."""
    words, name = request.args.get("q", ""), request.args.get("state", "")
    wanted = FILTERS.get(name)
    on = rules.today(now(), organisation().zone)
    found = fees.invoices(store(), event.id, words)
    if wanted is not None:
        found = [each for each in found if rules.standing(each, on) in wanted]
    return found, words, name if wanted is not None else ""


@blueprint.get("/events/<slug>/payments")
@access.organisers
def payments(slug: str) -> ResponseReturnValue:
    """The list; `?q=` searches number and receiver, `?state=` filters."""
    return _list(meeting(slug), PaidForm(data={"on": rules.today(now(), organisation().zone)}))


def _list(event: Event, form: PaidForm, chosen: Sequence[str] = ()) -> ResponseReturnValue:
    found, words, state = listed(event)
    everything = fees.invoices(store(), event.id)
    on = rules.today(now(), organisation().zone)
    kept = {name: value for name, value in (("q", words), ("state", state)) if value}
    return page(
        "fees/payments.html",
        422 if form.errors else 200,
        event=event,
        form=form,
        found=[(each, rules.standing(each, on)) for each in reversed(found)],
        any=bool(everything),
        payable=bool(form.errors) or any(rules.standing(e, on) in rules.UNPAID for e in found),
        chosen=chosen,
        wanted=words,
        state=state,
        kept=kept,
        filters=_filters(event, everything, kept),
        sums=_sums(everything),
        due=len(actions.due_reminders(store(), event.id, now=now())),
        missing=len(fees.uninvoiced(store(), event.id)),
        words=standing_words(),
        today=on,
    )


def _sums(everything: Sequence[Invoice]) -> dict[str, int]:
    """The money of a meeting in cents: owed, arrived, to be returned."""
    on = rules.today(now(), organisation().zone)
    sums = {"open": 0, "paid": 0, "return": 0}
    for each in everything:
        standing = rules.standing(each, on)
        for name in sums:
            if standing in FILTERS[name]:
                sums[name] += each.cents
    return sums


def _filters(
    event: Event, everything: Sequence[Invoice], kept: dict[str, Any]
) -> Sequence[dict[str, Any]]:
    on = rules.today(now(), organisation().zone)
    standings = [rules.standing(each, on) for each in everything]
    state = kept.get("state", "")
    names = {
        "": _("All"),
        "open": _("Unpaid"),
        "overdue": _("Overdue"),
        "paid": _("Paid"),
        "return": _("To be returned"),
        "cancelled": _("Cancelled invoices"),
    }
    counted = {
        name: sum(standing in FILTERS[name] for standing in standings) if name else len(standings)
        for name in names
    }
    return [
        {
            "label": label,
            "count": counted[name],
            "current": name == state,
            "href": url_for(
                "organiser.payments", slug=event.slug, **(kept | {"state": name or None})
            ),
        }
        for name, label in names.items()
        if counted[name] or not name or name == state
    ]


def standing_words() -> dict[Standing, str]:
    """How an invoice stands, in a word."""
    return {
        Standing.OPEN: _("open"),
        Standing.OVERDUE: _("overdue"),
        Standing.REMINDED: _("reminded"),
        Standing.PAID: _("paid"),
        Standing.RETURN: _("to be returned"),
        Standing.REFUNDED: _("returned"),
        Standing.CANCELLED: _("invoice cancelled"),
        Standing.CANCELLATION: _("cancellation"),
    }


@blueprint.post("/events/<slug>/payments/paid")
@access.organisers
def payments_paid(slug: str) -> ResponseReturnValue:
    """Note that the chosen invoices were paid on a day; each gets its receipt by letter."""
    event = meeting(slug)
    form, numbers = PaidForm(), request.form.getlist("number")
    if not numbers:
        return back("payments", _("Nothing was chosen."), "warning", slug=slug)
    if not form.validate():
        return _list(event, form, numbers)
    try:
        new = actions.pay(
            store(),
            event.id,
            numbers,
            form.on.data,
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        form.refuse(error)
        return _list(event, form, numbers)
    said = ngettext(
        "%(num)s invoice is paid; the receipt is on its way.",
        "%(num)s invoices are paid; the receipts are on their way.",
        new,
    )
    return back("payments", said % {"num": new}, slug=slug)


@blueprint.post(f"{ONE}/unpaid")
@access.organisers
def payment_undo(slug: str, number: str) -> ResponseReturnValue:
    """Take back that an invoice was paid."""
    event = meeting(slug)
    try:
        actions.unpay(store(), event.id, number, actor=access.actor(), now=now())
    except Invalid as error:
        return back("payments", sentence(error.code), "danger", slug=slug)
    said = _("Invoice %(number)s is not paid. A letter that was sent can't be taken back.")
    return back("payments", said % {"number": number}, slug=slug)


@blueprint.route("/events/<slug>/payments/remind", methods=["GET", "POST"])
@access.organisers
def payments_remind(slug: str) -> ResponseReturnValue:
    """Write to those who are late, after showing who that is."""
    event = meeting(slug)
    due = actions.due_reminders(store(), event.id, now=now())
    if request.method == "POST":
        sent = actions.remind(
            store(),
            event.id,
            request.form.getlist("number"),
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
        said = ngettext(
            "%(num)s reminder is on its way.", "%(num)s reminders are on their way.", sent
        )
        return back("payments", said % {"num": sent}, slug=slug)
    return page("fees/remind.html", event=event, due=due)


@blueprint.post("/events/<slug>/payments/issue")
@access.organisers
def payments_issue(slug: str) -> ResponseReturnValue:
    """Issue and send the invoices that are missing."""
    event = meeting(slug)
    try:
        sent = actions.issue_missing(store(), event.id, now=now(), identity=site().identity)
    except Invalid as error:
        return back("payments", sentence(error.code), "danger", slug=slug)
    said = ngettext(
        "%(num)s invoice is issued and on its way.",
        "%(num)s invoices are issued and on their way.",
        sent,
    )
    return back("payments", said % {"num": sent}, slug=slug)


@blueprint.route(f"{ONE}/cancel", methods=["GET", "POST"])
@access.organisers
def invoice_cancel(slug: str, number: str) -> ResponseReturnValue:
    """Cancel an unpaid invoice, after asking."""
    event = meeting(slug)
    found = _invoice(event, number)
    if request.method == "POST":
        try:
            actions.cancel(
                store(),
                event.id,
                number,
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Invalid as error:
            return back("payments", sentence(error.code), "danger", slug=slug)
        return back("payments", _("The invoice is cancelled by another one."), slug=slug)
    return ask(
        event,
        title=_("Cancel invoice %(number)s?") % {"number": number},
        text=_(
            "%(name)s owes nothing any more and keeps the place. A cancellation invoice with its "
            "own number is issued, and a letter says so."
        )
        % {"name": found.name},
        button=_("Cancel the invoice"),
        leave="payments",
        facts=(f"{found.name} · {amount(found.cents)}",),
    )


@blueprint.post(f"{ONE}/settle")
@access.organisers
def invoice_settle(slug: str, number: str) -> ResponseReturnValue:
    """Note that money was returned, or that the fee stays."""
    event = meeting(slug)
    refunded = request.form.get("how") == "refunded"
    try:
        actions.settle(
            store(), event.id, number, refunded=refunded, actor=access.actor(), now=now()
        )
    except Invalid as error:
        return back("payments", sentence(error.code), "danger", slug=slug)
    said = _("Noted: the money was returned, and the invoice is cancelled by another one.")
    return back("payments", said if refunded else _("Noted: the fee stays."), slug=slug)


@blueprint.post("/events/<slug>/attendees/<int(max=9223372036854775807):registration_id>/price")
@access.organisers
def attendee_price(slug: str, registration_id: int) -> ResponseReturnValue:
    """Let somebody pay another price, or nothing."""
    event = meeting(slug)
    found = registrations.by_id(store(), registration_id)
    if found is None or found.event_id != event.id:
        raise NotFoundPage
    try:
        actions.set_price(
            store(),
            event.id,
            found.id,
            request.form.get("price", type=int) or None,
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        said = sentence(error.code)
        return back("attendee", said, "danger", slug=slug, registration_id=found.id)
    return back("attendee", _("The price is changed."), slug=slug, registration_id=found.id)


@blueprint.get(f"{ONE}.pdf")
@access.organisers
def invoice_pdf(slug: str, number: str) -> ResponseReturnValue:
    """An invoice or a cancellation on paper."""
    return fee_papers.invoice(_invoice(meeting(slug), number))


@blueprint.get(f"{ONE}/receipt.pdf")
@access.organisers
def receipt_pdf(slug: str, number: str) -> ResponseReturnValue:
    """The receipt of a paid invoice."""
    found = _invoice(meeting(slug), number)
    if found.paid_at is None:
        raise NotFoundPage
    return fee_papers.receipt(found)


def _invoice(event: Event, number: str) -> Invoice:
    found = fees.invoice(store(), event.id, number)
    if found is None:
        raise NotFoundPage
    return found
