"""The slides of one meeting at a glance: what is there, what is missing, who may see it."""

from dataclasses import dataclass, field

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import speakers as speaker_actions
from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.rules import access as access_rule
from eventkit.store import agenda, files, previews, tallies
from eventkit.web import access, slides
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, store

WITH_SLIDES = (Kind.TALK, Kind.WORKSHOP)


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its downloads; `missing` when slides are expected and there are none."""

    item: Item
    missing: bool
    materials: list[Material] = field(default_factory=list)


@blueprint.get("/events/<slug>/slides")
@access.organisers
def slide_list(slug: str) -> ResponseReturnValue:
    """Everything handed in for a meeting, in the order of its programme."""
    event = meeting(slug)
    found = files.of_event(store(), event.id)
    rows = _rows(event, found)
    told = {row.item.id for row in rows}
    known = [m.current.file.sha256 for m in found if m.current]
    return page(
        "slides.html",
        event=event,
        rows=rows,
        whole=[m for m in found if m.item_id not in told],
        missing=sum(row.missing for row in rows),
        open_now={m.id: access_rule.released(m, now()) for m in found},
        closed=_closed(found),
        covers=previews.covers(store(), known),
        versions=files.versions_of(store(), [m.id for m in found]),
        counts=tallies.of_event(store(), event.id),
    )


def _rows(event: Event, found: list[Material]) -> list[Row]:
    rows = []
    for item in agenda.draft(store(), event.id):
        of_item = [m for m in found if m.item_id == item.id]
        if of_item or item.people:
            missing = bool(not of_item and item.people and item.kind in WITH_SLIDES)
            rows.append(Row(item, missing, of_item))
    return rows


def _closed(found: list[Material]) -> list[Material]:
    """What can be released at once: all that is closed, but not what is for registered people."""
    return [m for m in found if not access_rule.released(m, now(), registered=True)]


@blueprint.get("/events/<slug>/slides/<public_id>/pages/<int:number>.webp")
@access.organisers
def slide_picture(slug: str, public_id: str, number: int) -> ResponseReturnValue:
    """A page of slides as a picture, open to others or not; 0 is the cover."""
    found = files.by_public_id(store(), meeting(slug).id, public_id)
    if found is None or found.current is None:
        raise NotFoundPage
    sent = slides.picture_of(found.current.file.sha256, number)
    sent.headers["Cache-Control"] = "private, max-age=3600"
    return sent


@blueprint.route("/events/<slug>/slides/release", methods=["GET", "POST"])
@access.organisers
def slides_release(slug: str) -> ResponseReturnValue:
    """Open all downloads that are closed, after asking."""
    event = meeting(slug)
    closed = _closed(files.of_event(store(), event.id))
    if request.method == "POST":
        number = speaker_actions.release_all(
            store(), event.id, [m.id for m in closed], actor=access.actor(), now=now()
        )
        said = ngettext("%(num)s download is open now.", "%(num)s downloads are open now.", number)
        return back("slide_list", said % {"num": number}, slug=slug)
    words = ngettext(
        "Release %(num)s download for everybody?",
        "Release %(num)s downloads for everybody?",
        len(closed),
    )
    return ask(
        event,
        title=words % {"num": len(closed)},
        text=_("What is only for registered people stays so. Each can be withheld again."),
        button=_("Release all"),
        leave="slide_list",
    )


@blueprint.post("/events/<slug>/slides/<public_id>/move")
@access.organisers
def slide_move(slug: str, public_id: str) -> ResponseReturnValue:
    """Change places with the download before, or (`down`) with the next of the same item."""
    event = meeting(slug)
    found = files.by_public_id(store(), event.id, public_id)
    if found is None:
        raise NotFoundPage
    down = request.form.get("way") == "down"
    speaker_actions.move_material(store(), event.id, found.id, down=down)
    return back("slide_list", slug=slug, anchor=f"m-{public_id}")
