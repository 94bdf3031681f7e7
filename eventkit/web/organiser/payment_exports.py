"""Invoices of a meeting for the bookkeeping: CSV and Excel."""

from collections.abc import Iterator, Sequence

from flask import Response

from eventkit.documents import sheets
from eventkit.documents.sheets import Cell
from eventkit.model.event import Event
from eventkit.rules import fees as rules
from eventkit.web import access
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import XLSX, blueprint, download, meeting
from eventkit.web.organiser.payments import listed, standing_words
from eventkit.web.site import now, organisation


def _rows(event: Event) -> Iterator[Sequence[Cell]]:
    """The invoices as the address of the list asks for them, header first; amounts in euro."""
    yield [
        _("Number"),
        _("Date"),
        _("Name"),
        _("Address"),
        _("Amount"),
        _("State"),
        _("Due on"),
        _("Paid on"),
        _("Reminded"),
        _("Cancels"),
        _("Cancelled by"),
        _("Returned on"),
    ]
    on = rules.today(now(), organisation().zone)
    words = standing_words()
    for each in listed(event)[0]:
        zone = each.sender.zone
        returned = each.settled_at if each.settled == "refunded" else None
        yield [
            each.number,
            rules.today(each.issued_at, zone),
            each.name,
            each.address.replace("\n", ", "),
            each.cents / 100,
            words[rules.standing(each, on)],
            each.due_on,
            rules.today(each.paid_at, zone) if each.paid_at else None,
            each.reminders,
            each.cancels,
            each.cancelled_by,
            rules.today(returned, zone) if returned else None,
        ]


@blueprint.get("/events/<slug>/payments.csv")
@access.organisers
def payments_csv(slug: str) -> Response:
    """The invoices for any spreadsheet."""
    event = meeting(slug)
    body = b"".join(sheets.csv(_rows(event), language=current()))
    return download(body, "text/csv; charset=utf-8", f"{event.slug}-{_name()}.csv")


@blueprint.get("/events/<slug>/payments.xlsx")
@access.organisers
def payments_xlsx(slug: str) -> Response:
    """The invoices for Excel, amounts and dates as such."""
    event = meeting(slug)
    octets = sheets.xlsx(_rows(event), title=_("Invoices"), language=current(), at=now())
    return download(octets, XLSX, f"{event.slug}-{_name()}.xlsx")


def _name() -> str:
    return _("invoices")
