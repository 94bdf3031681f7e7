"""A guest's own plan of the day: their workshops and what they marked, in time order, to print."""

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from eventkit.web import access, guest_facts, listing, meeting, rail
from eventkit.web.guest import blueprint
from eventkit.web.language import current
from eventkit.web.language import gettext as _


@blueprint.get("/<token>/plan")
@access.personal
def plan(token: str) -> AnyResponse:
    """What is this guest's own of the programme, day by day."""
    found, event = guest_facts.opened(token)
    mine = guest_facts.programme(found, event)
    words = {"place": _("Your place is certain"), "waiting": _("You are on the waiting list")}
    notes: dict[int, dict[str, Any]] = {
        each.item.id: {"note": words[each.held]} for each in mine if each.held in words
    }
    items = [each.item for each in mine]
    body = render_template(
        "guest/plan.html",
        token=token,
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        days=rail.days(items, event.zone, current(), more=notes, known=()),
    )
    return make_response(body)
