"""Invoices, cancellations and receipts as PDFs, and the QR code that banking apps read.

An invoice prints what was written down at its issue and nothing else, so that it is the same
whenever it is printed. The address stands where a window envelope shows it (DIN 5008, form B).
"""

from decimal import Decimal
from io import BytesIO

from segno import helpers

from eventkit.documents import paper
from eventkit.documents.press import Job, Press
from eventkit.model.account import Organisation
from eventkit.model.fees import Invoice, Sender
from eventkit.model.text import Text
from eventkit.rules import colours, fees

_CODE = "girocode"


def girocode(sender: Sender, cents: int, purpose: str) -> bytes:
    """The QR code of a transfer as PNG, one pixel a module (EPC069-12 v3.1, version 002).

    `purpose` is the unstructured remittance information. Raises ValueError for what the
    guideline does not allow, such as an amount below one cent.
    """
    code = helpers.make_epc_qr(
        name=sender.holder,
        iban=sender.iban,
        amount=Decimal(cents) / 100,
        text=purpose,
        bic=sender.bic or None,
        encoding="utf-8",
    )
    picture = BytesIO()
    code.save(picture, kind="png", scale=1, border=4)
    return picture.getvalue()


def invoice(found: Invoice, *, accent: str, press: Press) -> bytes:
    """An invoice or its cancellation on paper, with a Girocode where something is to be paid.

    Raises PressBusy and PressFailed.
    """
    images = {}
    if found.cents > 0 and not found.cancelled_by:
        images[_CODE] = girocode(found.sender, found.cents, found.number)
    return _printed("invoice.html", found, accent, press, images)


def receipt(found: Invoice, *, accent: str, press: Press) -> bytes:
    """That an invoice was paid, and when; it must be. Raises PressBusy and PressFailed."""
    return _printed("receipt.html", found, accent, press, {})


def _printed(
    template: str, found: Invoice, accent: str, press: Press, images: dict[str, bytes]
) -> bytes:
    shade = colours.readable(accent, colours.PAPER)
    sender = found.sender
    html = paper.html(
        template,
        found.language,
        organisation=Organisation(name=Text(de=sender.name, en=sender.name)),
        accent=shade,
        tint=colours.tint(shade, 0.1),
        invoice=found,
        sender=sender,
        sender_line=" · ".join([sender.name, *sender.postal.splitlines()]),
        issued=fees.today(found.issued_at, sender.zone),
        paid=fees.today(found.paid_at, sender.zone) if found.paid_at else None,
        iban=fees.spaced(sender.iban),
        code=_CODE if images else "",
    )
    return press.print(Job(html, "invoice.css", found.issued_at, images))
