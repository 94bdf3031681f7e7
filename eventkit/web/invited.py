"""For whoever was invited by name: say yes and register, or say no; the link is theirs alone."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response

from eventkit.actions import invitations as actions
from eventkit.errors import Invalid, NotFound, Refused
from eventkit.model.event import Event
from eventkit.model.ways import Invitation
from eventkit.rules import access as access_rule
from eventkit.rules import seats as seats_rule
from eventkit.rules import ways
from eventkit.rules.seats import Window
from eventkit.store import events
from eventkit.web import access, headers, joining, listing, meeting
from eventkit.web.entering import Invited
from eventkit.web.forms.visitors import Decline
from eventkit.web.site import now, organisation, store

blueprint = Blueprint("invitation", __name__, url_prefix="/invitation")


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(NotFoundPage)
def unknown(error: Exception) -> Response:  # noqa: ARG001 # Flask hands it over
    """A link that opens nothing, whatever the reason: the same page."""
    return make_response(render_template("guest/unknown.html"), 404)


def _open(token: str) -> tuple[Invitation, Event]:
    found = actions.find(store(), token, now=now())
    event = events.by_id(store(), found.event_id)
    if event is None or not event.public:
        raise NotFound
    return found, event


@blueprint.get("/<token>/")
@access.personal
def page(token: str) -> Response:
    """The invitation; opening it answers nothing and is not watched (R15)."""
    found, event = _open(token)
    return _page(found, event, token, Decline())


def _page(
    found: Invitation, event: Event, token: str, form: Decline, status: int = 200
) -> Response:
    window = seats_rule.window(event, now())
    body = render_template(
        "guest/invitation.html",
        token=token,
        found=found,
        event=event,
        standing=ways.standing(found).value,
        open=window in (Window.OPEN, Window.NOT_YET) and ways.opens(found),
        over=now() >= event.ends_at,
        block=listing.block(event),
        where=meeting.where(event),
        form=form,
        opened=joining.group_name(event, found.group_id),
        contact=meeting.contact_address(event, organisation().email),
        delete_on=access_rule.delete_on(event.ends_at, event.retention_days),
    )
    return make_response(body, status)


@blueprint.post("/<token>/decline")
@access.personal
def decline(token: str) -> Response:
    """Somebody can't come, with a word if they like. A yes may still follow."""
    found, event = _open(token)
    form = Decline()
    try:
        actions.decline(store(), token, form.word.data or "", now=now())
    except Invalid as error:
        form.refuse(error)
        return _page(found, event, token, form, 422)
    except Refused:
        return _page(found, event, token, form, 409)
    return redirect(url_for("invitation.page", token=token), 303)


@blueprint.route("/<token>/register", methods=["GET", "POST"])
@access.personal
@headers.takes_answers
def register(token: str) -> Response:
    """The form of the meeting, with what is known of the person; the address stays theirs."""
    found, event = _open(token)
    if request.method != "POST" and not ways.opens(found):
        return redirect(url_for("invitation.page", token=token), 303)
    return joining.serve(event, Invited(found, token))
