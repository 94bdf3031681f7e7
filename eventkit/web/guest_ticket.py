"""A guest's ticket, on paper and on a page that can be kept for the way; the certificate after."""

from base64 import b64encode

from flask import Response, make_response, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import tickets as actions
from eventkit.documents import paper
from eventkit.documents import tickets as papers
from eventkit.documents.tickets import Bearer
from eventkit.errors import PressBusy
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.registration import Registration
from eventkit.model.text import NOTHING
from eventkit.rules import tickets as rules
from eventkit.store import agenda, quotas
from eventkit.web import access, listing, meeting, printing
from eventkit.web.guest import NO_STORE, blueprint
from eventkit.web.language import current, iso
from eventkit.web.language import gettext as _
from eventkit.web.site import now, organisation, site, store

KEPT_UNTIL = "X-Keep-Until"


@blueprint.get("/<token>/ticket")
@access.personal
def ticket(token: str) -> AnyResponse:
    """The ticket on a page: the code, what to know on the day, and how to keep it offline."""
    found, event = actions.opened(store(), token, now=now())
    code = actions.code(found, site().identity)
    body = render_template(
        "guest/ticket.html",
        token=token,
        found=found,
        event=event,
        block=listing.block(event),
        bearer=_bearer(found, event),
        code=rules.grouped(code),
        picture="data:image/png;base64," + b64encode(paper.qr(code)).decode(),
        over=now() >= event.ends_at,
        contact=meeting.contact_address(event, organisation().email),
    )
    response = make_response(body)
    response.headers[KEPT_UNTIL] = iso(event.ends_at)
    return response


@blueprint.get("/<token>/ticket.pdf")
@access.personal
def ticket_pdf(token: str) -> AnyResponse:
    """The ticket on one page of paper."""
    found, event = actions.opened(store(), token, now=now())
    try:
        octets = papers.ticket(
            event,
            _bearer(found, event),
            code=actions.code(found, site().identity),
            organisation=organisation(),
            language=current(),
            accent=organisation().accent,
            printed_at=now(),
            press=site().press,
        )
    except PressBusy:
        return printing.busy()
    return _paper(octets, f"{event.slug}-{_('ticket')}")


@blueprint.get("/<token>/certificate.pdf")
@access.personal
def certificate(token: str) -> AnyResponse:
    """The certificate of whoever was there, once the meeting is over."""
    found, event = actions.attended(store(), token, now=now())
    code = actions.certificate_code(found, event, site().identity)
    try:
        octets = papers.certificate(
            event,
            _bearer(found, event),
            code=code,
            address=site().links.home().rstrip("/") + url_for("public.verify", code=code),
            organisation=organisation(),
            language=current(),
            accent=organisation().accent,
            press=site().press,
        )
    except PressBusy:
        return printing.busy()
    return _paper(octets, f"{event.slug}-{_('certificate')}")


@blueprint.get("/<token>/sw.js")
@access.personal
def ticket_worker(token: str) -> Response:
    """The worker that shows a kept ticket without a network; it reaches no other guest's pages."""
    actions.opened(store(), token, now=now())
    response = send_from_directory("../static/js", "ticket-worker.js", max_age=0)
    response.headers["Cache-Control"] = NO_STORE
    response.headers["Service-Worker-Allowed"] = url_for("guest.page", token=token)
    return response


def _bearer(found: Registration, event: Event) -> Bearer:
    known = {group.id: group.name for group in quotas.groups(store(), event.id, retired=True)}
    return Bearer(
        found.name,
        found.organisation,
        known.get(found.group_id or 0, NOTHING),
        found.companions,
        _seats(found, event),
    )


def _seats(found: Registration, event: Event) -> tuple[Item, ...]:
    """The workshops somebody has a place in, in order of time."""
    programme = agenda.published(store(), event.id)
    mine = {choice.item_id for choice in found.choices if choice.confirmed}
    items = programme.items if programme else ()
    held = [item for item in items if item.id in mine and not item.cancelled]
    return tuple(sorted(held, key=lambda item: (item.starts_at, item.id)))


def _paper(octets: bytes, name: str) -> AnyResponse:
    response = make_response(octets)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = NO_STORE
    return response
