"""The desk every page of the organisers stands on: the blueprint, the meeting, the question."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as File
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response

from eventkit.model.event import Event
from eventkit.store import events
from eventkit.web import access, listing
from eventkit.web.language import gettext as _
from eventkit.web.site import now, store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("organiser", __name__, url_prefix="/organise")


@blueprint.context_processor
def _who() -> dict[str, object]:
    session = access.logged_in()
    return {
        "organiser": session.organiser if session else None,
        "now": now(),
        "date_of": listing.block,
        "when": listing.when,
    }


def meeting(slug: str) -> Event:
    """The meeting of an address; a page that is not there for any other."""
    event = events.by_slug(store(), slug)
    if event is None:
        raise NotFoundPage
    return event


def page(template: str, status: int = 200, **data: Any) -> tuple[str, int]:
    """A page of the organisers; about a meeting if `event` is among the data."""
    if "event" in data:
        data["entries"] = _entries()
        data.setdefault("nav", _room(data["event"]))
    return render_template(f"organiser/{template}", **data), status


def _entries() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """The pages of one meeting under the headings of its menu."""
    return (
        (
            _("Meeting"),
            (
                ("organiser.event", _("Overview")),
                ("organiser.settings", _("Settings")),
                ("organiser.documents", _("Documents")),
                ("organiser.recap", _("Recap")),
            ),
        ),
        (
            _("Content"),
            (
                ("organiser.agenda", _("Programme")),
                ("organiser.speakers", _("Speakers")),
                ("organiser.slide_list", _("Slides")),
            ),
        ),
        (
            _("Guests"),
            (
                ("organiser.form", _("Form")),
                ("organiser.places", _("Places")),
                ("organiser.invitations", _("Invitations")),
                ("organiser.attendees", _("Attendees")),
                ("organiser.prices", _("Fees")),
            ),
        ),
        (
            _("Post"),
            (
                ("organiser.letters", _("Letters")),
                ("organiser.calendars", _("Calendars")),
            ),
        ),
    )


def _room(event: Event) -> str:
    """The entry of the menu that the page asked for belongs to, by its address."""
    base = url_for("organiser.event", slug=event.slug)
    asked = request.path.removeprefix(base).split("/")[0]
    for _heading, pages in _entries():
        for endpoint, _label in pages:
            if url_for(endpoint, slug=event.slug).removeprefix(base) == asked:
                return endpoint
    return request.endpoint or ""


def back(endpoint: str, said: str = "", kind: str = "success", **values: Any) -> Response:
    """To another page after a change, with a word of what happened."""
    if said:
        flash(said, kind)
    anchor = values.pop("anchor", None)
    return redirect(url_for(f"organiser.{endpoint}", _anchor=anchor, **values), 303)


def download(body: bytes | Iterator[bytes], media_type: str, filename: str) -> File:
    """A file nobody keeps on the way."""
    response = File(body, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def ask(
    event: Event | None,
    *,
    title: str,
    text: str,
    button: str,
    leave: str,
    facts: Sequence[str] = (),
) -> tuple[str, int]:
    """The question before something goes for good; the answer is a POST to the same address."""
    data: dict[str, Any] = {"event": event} if event else {}
    return page(
        "question.html",
        heading=title,
        text=text,
        facts=facts,
        button_label=button,
        leave=leave,
        action=request.path,
        **data,
    )
