"""Everything of a meeting that can be printed or handed on."""

from collections.abc import Callable, Sequence

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.documents import paper, signs
from eventkit.documents.pdf import Shape
from eventkit.errors import PressBusy
from eventkit.model.agenda import Item, Programme
from eventkit.model.event import Event
from eventkit.model.text import LANGUAGES
from eventkit.rules.changes import programme_changes
from eventkit.store import agenda
from eventkit.web import access, printing
from eventkit.web.errors import page as error_page
from eventkit.web.organiser.desk import blueprint, meeting, page
from eventkit.web.site import now, organisation, site, store


@blueprint.get("/events/<slug>/documents")
@access.organisers
def documents(slug: str) -> ResponseReturnValue:
    """The papers and files of a meeting."""
    event = meeting(slug)
    published = agenda.published(store(), event.id)
    draft = agenda.draft(store(), event.id)
    shown = published.items if published else draft
    return page(
        "documents.html",
        event=event,
        published=published,
        drafted=bool(draft) and not (published and _same(published, draft)),
        cards=signs.on_stage(shown, event.zone),
        roomed=any(item.room for item in shown),
    )


@blueprint.get("/events/<slug>/documents/draft-<language>.pdf")
@access.organisers
def draft_pdf(slug: str, language: str) -> ResponseReturnValue:
    """The draft of the programme on paper; it says on every page that it is one."""
    event = meeting(slug)
    draft = _draft(event)
    if language not in LANGUAGES or not draft.items:
        raise NotFoundPage
    shape = printing.wanted_shape()
    name = f"draft-{language}" if shape is Shape.A4 else f"draft-{shape}-{language}"
    return _paper(
        event,
        name,
        lambda: printing.print_programme(event, draft, language, shape, draft=True),
    )


@blueprint.get("/events/<slug>/documents/door-signs-<language>.pdf")
@access.organisers
def door_signs(slug: str, language: str) -> ResponseReturnValue:
    """A sign for each room and day."""
    event, programme, draft = _basis(slug, language)
    return _sign(
        (event, programme, draft),
        f"door-signs-{language}",
        lambda: signs.door_signs(
            event,
            programme,
            organisation=organisation(),
            language=language,
            links=site().links,
            accent=organisation().accent,
            press=site().press,
            draft=draft,
        ),
    )


@blueprint.get("/events/<slug>/documents/rooms-<language>.pdf")
@access.organisers
def rooms_poster(slug: str, language: str) -> ResponseReturnValue:
    """All rooms on a poster for the foyer."""
    event, programme, draft = _basis(slug, language)
    return _sign(
        (event, programme, draft),
        f"rooms-{language}",
        lambda: signs.rooms_poster(
            event,
            programme,
            organisation=organisation(),
            language=language,
            links=site().links,
            accent=organisation().accent,
            press=site().press,
            draft=draft,
            plan=printing.picture(event.site_plan),
        ),
    )


@blueprint.get("/events/<slug>/documents/name-signs-<language>.pdf")
@access.organisers
def name_signs(slug: str, language: str) -> ResponseReturnValue:
    """Tents for the podium: of the people chosen in the address, or of everybody."""
    event, programme, draft = _basis(slug, language)
    wanted = set(request.args.getlist("person"))
    everybody = signs.on_stage(programme.items, event.zone)
    cards = [card for card in everybody if not wanted or str(card.person.id) in wanted]
    if wanted and not cards:
        raise NotFoundPage
    return _sign(
        (event, programme, draft),
        f"name-signs-{language}",
        lambda: signs.name_signs(
            event,
            cards,
            organisation=organisation(),
            language=language,
            accent=organisation().accent,
            at=programme.published_at,
            press=site().press,
        ),
        chosen=[card.person.id for card in cards],
    )


@blueprint.get("/events/<slug>/documents/qr.png")
@access.organisers
def qr_code(slug: str) -> Response:
    """The address of the public page as a QR code."""
    event = meeting(slug)
    response = Response(paper.qr(site().links.event(event.slug)), mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename=f"{event.slug}-qr.png")
    return response


def _same(published: Programme, draft: tuple[Item, ...]) -> bool:
    """Whether the draft has nothing that the published programme has not."""
    shown = [item for item in published.items if not item.cancelled]
    return not programme_changes(shown, draft)


def _draft(event: Event) -> Programme:
    before = agenda.published(store(), event.id)
    version = (before.version if before else 0) + 1
    return Programme(version, now(), agenda.draft(store(), event.id))


def _basis(slug: str, language: str) -> tuple[Event, Programme, bool]:
    """The programme that signs show, and whether it is the draft: `?of=draft`, or the only one."""
    event = meeting(slug)
    if language not in LANGUAGES:
        raise NotFoundPage
    published = agenda.published(store(), event.id)
    if published is not None and request.args.get("of") != "draft":
        return event, published, False
    draft = _draft(event)
    if not draft.items:
        raise NotFoundPage
    return event, draft, True


def _sign(
    basis: tuple[Event, Programme, bool],
    name: str,
    make: Callable[[], bytes],
    chosen: Sequence[int] = (),
) -> ResponseReturnValue:
    """A sign, made once for each state of its programme."""
    event, programme, draft = basis
    key = printing.paper_key(f"{name}:{chosen}", event, programme, draft=draft)
    return _paper(event, name, lambda: printing.kept(key, make))


def _paper(event: Event, name: str, make: Callable[[], bytes]) -> ResponseReturnValue:
    """A paper to keep, or the page that says to come back."""
    try:
        body = make()
    except PressBusy:
        return error_page(503)
    response = Response(body, mimetype="application/pdf")
    filename = f"{event.slug}-{name}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response
