"""Everything of a meeting that can be printed or handed on."""

from flask import Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.documents import pdf
from eventkit.errors import PressBusy
from eventkit.model.agenda import Programme
from eventkit.model.text import LANGUAGES
from eventkit.store import agenda
from eventkit.web import access
from eventkit.web.downloads import print_programme
from eventkit.web.errors import page as error_page
from eventkit.web.organiser.desk import blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.get("/events/<slug>/documents")
@access.organisers
def documents(slug: str) -> ResponseReturnValue:
    """The papers and files of a meeting."""
    event = meeting(slug)
    return page(
        "documents.html",
        event=event,
        published=agenda.published(store(), event.id),
        drafted=bool(agenda.draft(store(), event.id)),
    )


@blueprint.get("/events/<slug>/documents/draft-<language>.pdf")
@access.organisers
def draft_pdf(slug: str, language: str) -> Response:
    """The draft of the programme on paper; it says on every page that it is one."""
    event = meeting(slug)
    items = agenda.draft(store(), event.id)
    if language not in LANGUAGES or not items:
        raise NotFoundPage
    before = agenda.published(store(), event.id)
    draft = Programme((before.version if before else 0) + 1, now(), items)
    try:
        body = print_programme(event, draft, language, draft=True)
    except PressBusy:
        return error_page(503)
    response = Response(body, mimetype="application/pdf")
    name = f"{event.slug}-draft-{language}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/events/<slug>/documents/qr.png")
@access.organisers
def qr_code(slug: str) -> Response:
    """The address of the public page as a QR code."""
    event = meeting(slug)
    response = Response(pdf.qr(site().links.event(event.slug)), mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename=f"{event.slug}-qr.png")
    return response
