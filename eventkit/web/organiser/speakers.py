"""Everybody with a role on one meeting's draft: what they said and what is missing."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from eventkit.actions import asking, standings
from eventkit.actions.standings import Standing
from eventkit.model.appearance import Answer
from eventkit.rules import appearances as rules
from eventkit.web import access
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import blueprint, meeting, page
from eventkit.web.site import now, store


@blueprint.get("/events/<slug>/speakers")
@access.organisers
def speakers(slug: str) -> ResponseReturnValue:
    """Who is on the draft, what they said and what of theirs is there; `?show=` filters."""
    event = meeting(slug)
    found = standings.of_event(store(), event)
    asked = request.args.get("show", "")
    return page(
        "speakers.html",
        event=event,
        people=[each for each in found if shows(each, asked)],
        everybody=len(found),
        filters=_filters(slug, found, asked),
        show=asked,
        to_ask=len(asking.to_ask(found, now())),
        to_remind=len(asking.to_remind(found, now())),
        may_ask=rules.may_ask(event, now()),
    )


def shows(standing: Standing, asked: str) -> bool:
    """Whether a filter lets somebody through."""
    said = standing.said
    return {
        "confirmed": said.state is Answer.CONFIRMED,
        "declined": said.state is Answer.DECLINED,
        "open": said.state is Answer.OPEN and said.asked_at is not None,
        "unasked": said.state is Answer.OPEN and said.asked_at is None,
        "missing": bool(standing.owed),
        "no-address": not standing.person.email,
    }.get(asked, True)


def _filters(slug: str, found: list[Standing], asked: str) -> list[dict[str, Any]]:
    rows = (
        ("", _("All")),
        ("unasked", _("Not asked yet")),
        ("open", _("No answer yet")),
        ("confirmed", _("Confirmed")),
        ("declined", _("Declined")),
        ("missing", _("Something missing")),
        ("no-address", _("Without address")),
    )
    return [
        {
            "label": label,
            "count": sum(shows(each, name) for each in found),
            "current": name == asked,
            "href": url_for("organiser.speakers", slug=slug, show=name or None),
        }
        for name, label in rows
    ]
