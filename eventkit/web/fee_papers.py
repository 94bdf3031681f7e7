"""Invoices and receipts as PDFs, for the guest and for the organisers; kept by nobody else."""

from collections.abc import Callable

from flask import make_response
from werkzeug.wrappers import Response as AnyResponse

from eventkit.documents import invoices
from eventkit.errors import PressBusy
from eventkit.model.fees import Invoice
from eventkit.web import printing
from eventkit.web.site import organisation, site


def invoice(bill: Invoice) -> AnyResponse:
    """An invoice or a cancellation, in the language it was issued in."""
    return _sent(invoices.invoice, bill, bill.number)


def receipt(bill: Invoice) -> AnyResponse:
    """The receipt of a paid invoice."""
    return _sent(invoices.receipt, bill, f"{bill.number}-receipt")


def _sent(made: Callable[..., bytes], bill: Invoice, name: str) -> AnyResponse:
    try:
        octets = made(bill, accent=organisation().accent, press=site().press)
    except PressBusy:
        return printing.busy()
    response = make_response(octets)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
