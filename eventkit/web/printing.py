"""Papers of a programme, each made once for each state of things (R30)."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.documents import ical, pdf
from eventkit.documents.pdf import Shape
from eventkit.errors import PressBusy
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.store import agenda, shelf
from eventkit.web import access, meeting
from eventkit.web.calendars import publisher
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.site import organisation, site, store

_HERE = Path(__file__).parents[2]


@access.public
def programme(slug: str) -> AnyResponse:
    """The printed programme in the reader's language, made once for each state of things."""
    event = meeting.at(slug)
    published = agenda.published(store(), event.id)
    if published is None:
        raise NotFoundPage
    language, shape = current(), wanted_shape()
    key = programme_key(event, published, language, shape)
    etag = sha256(key.encode()).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = make_response("", 304)
    else:
        try:
            octets = print_programme(event, published, language, shape)
        except PressBusy:
            return busy()
        response = make_response(octets)
        response.mimetype = "application/pdf"
        name = f"{event.slug}-{language}" + ("" if shape is Shape.A4 else f"-{shape}")
        response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def wanted_shape() -> Shape:
    """How the paper should lie, from the address; the reading version for any other word."""
    asked = request.args.get("format", "")
    return Shape(asked) if asked in {shape.value for shape in Shape} else Shape.A4


def programme_key(
    event: Event, programme: Programme, language: str, shape: Shape, *, draft: bool = False
) -> str:
    """What a programme on paper is made from, in one word."""
    return paper_key(f"programme:{shape}:{language}", event, programme, draft=draft)


def paper_key(name: str, event: Event, programme: Programme, *, draft: bool = False) -> str:
    """What a paper is made from; a draft has no date of its own."""
    made_of = f"draft:{programme.items!r}" if draft else repr(programme)
    return f"{name}:{event!r}:{made_of}:{surroundings()}"


def print_programme(
    event: Event, programme: Programme, language: str, shape: Shape, *, draft: bool = False
) -> bytes:
    """A programme on paper; pictures whose file is gone are left out. Raises PressBusy."""
    photos = {part.person.photo for item in programme.items for part in item.people}
    return kept(
        programme_key(event, programme, language, shape, draft=draft),
        lambda: pdf.programme(
            event,
            programme,
            organisation=organisation(),
            language=language,
            links=site().links,
            portraits={photo: octets for photo in photos if (octets := picture(photo))},
            accent=organisation().accent,
            calendar=ical.agenda(event, programme, publisher=publisher(language)),
            press=site().press,
            draft=draft,
            shape=shape,
            plan=picture(event.site_plan),
        ),
    )


def picture(digest: str) -> bytes:
    """A picture of the shelf; nothing when it is not there."""
    if not digest or not shelf.path(store(), digest).is_file():
        return b""
    return shelf.read(store(), digest)


def kept(key: str, make: Callable[[], bytes]) -> bytes:
    """A paper from the shelf, or made now and kept there. Raises PressBusy."""
    octets = shelf.cached(store(), key)
    if octets is None:
        octets = make()
        shelf.keep(store(), key, octets)
    return octets


def surroundings() -> str:
    """What every paper depends on besides its meeting."""
    return f"{_paper()}:{organisation()!r}:{site().links.base}"


@cache
def _paper() -> str:
    """What the look of a paper depends on besides its data."""
    digest = sha256()
    patterns = (
        "templates/print/*",
        "static/css/print/*",
        "eventkit/documents/*.py",
        "eventkit/translations/*/*.po",
    )
    for pattern in patterns:
        for path in sorted(_HERE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def busy() -> Response:
    """The page that says to come back when several papers are being printed."""
    body = render_template(
        "errors/error.html",
        status=503,
        title=_("The printer is busy"),
        text=_("Several papers are being printed just now. Please try again in a few seconds."),
    )
    response = make_response(body, 503)
    response.headers["Retry-After"] = "10"
    return response
