"""Slides for a guest with a personal link: what is public, and what only registered people see."""

from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import registration as registrations
from eventkit.errors import NotFound
from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.model.registration import SEATED
from eventkit.rules import access as access_rule
from eventkit.store import events, files
from eventkit.web import access, materials, slides
from eventkit.web.guest import NO_STORE, blueprint
from eventkit.web.site import now, store


@blueprint.get("/<token>/slides/<public_id>/")
@access.personal
def slides_page(token: str, public_id: str) -> AnyResponse:
    """The pages of slides as pictures."""
    event, material = _opened(token, public_id)
    return slides.shown(event, material, materials.GuestAddress(token))


@blueprint.get("/<token>/slides/<public_id>/pages/<int:number>.webp")
@access.personal
def slides_picture(token: str, public_id: str, number: int) -> AnyResponse:
    """One of these pictures; 0 is the cover."""
    _event, material = _opened(token, public_id)
    if material.current is None:
        raise NotFoundPage
    sent = slides.picture_of(material.current.file.sha256, number)
    sent.headers["Cache-Control"] = NO_STORE
    return sent


@blueprint.get("/<token>/slides.zip")
@access.personal
def slides_zip(token: str) -> AnyResponse:
    """All that this guest may have, in one archive."""
    event, registered = _meeting(token)
    return slides.zipped(event, materials.open_now(event, registered=registered), NO_STORE)


def _meeting(token: str) -> tuple[Event, bool]:
    """The meeting of a link, and whether its guest holds a place. Raises NotFound."""
    found = registrations.find(store(), token, now=now())
    event = events.by_id(store(), found.event_id)
    if event is None:
        raise NotFound
    return event, found.state in SEATED


def _opened(token: str, public_id: str) -> tuple[Event, Material]:
    event, registered = _meeting(token)
    material = files.by_public_id(store(), event.id, public_id)
    if material is None or not materials.deliverable(material):
        raise NotFoundPage
    if not access_rule.released(material, now(), registered=registered):
        raise NotFoundPage
    return event, material
