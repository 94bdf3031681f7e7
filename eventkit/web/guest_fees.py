"""A guest's invoice and receipt on paper, and the address they are made out to."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import payments
from eventkit.errors import Invalid
from eventkit.model.registration import State
from eventkit.store import fees
from eventkit.web import access, fee_papers, guest_facts, listing, meeting
from eventkit.web.forms.fees import BillingForm
from eventkit.web.guest import blueprint
from eventkit.web.site import now, organisation, store


@blueprint.get("/<token>/invoice.pdf")
@access.personal
def invoice_pdf(token: str) -> AnyResponse:
    """The invoice that stands, or with `?number=` a former one or a cancellation."""
    found, _event = guest_facts.opened(token)
    bills = fees.of_registration(store(), found.id)
    wanted = request.args.get("number", "")
    if wanted:
        bills = [bill for bill in bills if bill.number == wanted]
    else:
        bills = [bill for bill in bills if not bill.cancels]
    if not bills:
        raise NotFoundPage
    return fee_papers.invoice(bills[-1])


@blueprint.get("/<token>/receipt.pdf")
@access.personal
def receipt_pdf(token: str) -> AnyResponse:
    """That the fee was paid; not there before."""
    found, _event = guest_facts.opened(token)
    bill = fees.valid(store(), found.id)
    if bill is None or bill.paid_at is None:
        raise NotFoundPage
    return fee_papers.receipt(bill)


@blueprint.route("/<token>/invoice", methods=["GET", "POST"])
@access.personal
def billing(token: str) -> AnyResponse:
    """To whom the invoice goes. Another address means another invoice; the old one is cancelled."""
    found, event = guest_facts.opened(token)
    if found.price_id is None or found.state is State.CANCELLED:
        return redirect(url_for("guest.page", token=token), 303)
    form = BillingForm(data={"billing": found.billing})
    if form.is_submitted() and form.validate():
        try:
            payments.readdress(store(), found.id, form.billing.data or "", now=now())
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect(url_for("guest.page", token=token, _anchor="fee"), 303)
    body = render_template(
        "guest/billing.html",
        token=token,
        found=found,
        event=event,
        block=listing.block(event),
        form=form,
        bill=fees.valid(store(), found.id),
        contact=meeting.contact_address(event, organisation().email),
    )
    return make_response(body, 422 if form.errors else 200)
