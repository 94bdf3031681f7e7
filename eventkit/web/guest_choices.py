"""A guest changes their workshops and who comes along."""

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import own_choices as actions
from eventkit.actions import seating
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, RegistrationClosed
from eventkit.model.event import Event
from eventkit.model.registration import Registration, State
from eventkit.web import access, choosing, guest_facts, listing, meeting
from eventkit.web.forms.base import complain
from eventkit.web.forms.guest import CompanionsForm, WorkshopsForm, declined
from eventkit.web.guest import blueprint
from eventkit.web.language import gettext as _
from eventkit.web.language import plain
from eventkit.web.site import now, organisation, site, store


@blueprint.route("/<token>/workshops", methods=["GET", "POST"])
@access.personal
def workshops(token: str) -> AnyResponse:
    """Choose, leave, wish for a second one: until each of them begins."""
    found, event = guest_facts.opened(token)
    form = WorkshopsForm()
    items = seating.workshops(store(), event)
    form.sessions.choices = [(item.id, plain(item.title)) for item in items]
    form.second.choices = list(form.sessions.choices)
    if not form.is_submitted():
        form.sessions.data = [c.item_id for c in found.choices if c.wish == 1]
        form.second.data = [c.item_id for c in found.choices if c.wish == 2]
        return _workshops(token, found, event, form, 200)
    if form.validate():
        try:
            actions.choose(
                _hand(),
                found.id,
                form.sessions.data or (),
                choosing.second_wishes(form),
                anyway=bool(form.anyway.data),
            )
        except Invalid as error:
            complain(form, error.field or "sessions", declined(error.code))
        except RegistrationClosed as error:
            return _closed(token, event, error.code)
        else:
            flash(_("Your workshops are as you chose them. A letter tells how it stands."))
            return redirect(url_for("guest.page", token=token, _anchor="workshops"), 303)
    return _workshops(token, found, event, form, 422)


def _workshops(
    token: str, found: Registration, event: Event, form: WorkshopsForm, status: int
) -> AnyResponse:
    if reason := _reason(found, event):
        return _closed(token, event, reason, 200 if status == 200 else 409)
    mine = {choice.item_id: choice for choice in found.choices}
    slots = choosing.slots(event, form, after=now())
    body = render_template(
        "guest/workshops.html",
        token=token,
        event=event,
        block=listing.block(event),
        form=form,
        slots=slots,
        mine=mine,
    )
    return make_response(body, status)


@blueprint.route("/<token>/companions", methods=["GET", "POST"])
@access.personal
def companions(token: str) -> AnyResponse:
    """Name others who come along, or fewer: within the meeting's number and its free places."""
    found, event = guest_facts.opened(token)
    form = CompanionsForm(data={"companions": list(found.companions)})
    while len(form.companions) < max(event.companions, len(found.companions)):
        form.companions.append_entry()
    for number, entry in enumerate(form.companions, 1):
        entry.label.text = _("Name of person %(number)s") % {"number": number}
    if not form.is_submitted():
        return _companions(token, found, event, form, 200)
    if form.validate():
        try:
            actions.bring(_hand(), found.id, [each.data or "" for each in form.companions])
        except Invalid as error:
            complain(form, "companions", declined(error.code))
        except RegistrationClosed as error:
            return _closed(token, event, error.code)
        else:
            flash(_("Who comes with you is noted."))
            return redirect(url_for("guest.page", token=token, _anchor="companions"), 303)
    return _companions(token, found, event, form, 422)


def _companions(
    token: str, found: Registration, event: Event, form: CompanionsForm, status: int
) -> AnyResponse:
    if reason := _reason(found, event):
        return _closed(token, event, reason, 200 if status == 200 else 409)
    body = render_template(
        "guest/companions.html",
        token=token,
        found=found,
        event=event,
        block=listing.block(event),
        form=form,
    )
    return make_response(body, status)


def _reason(found: Registration, event: Event) -> str:
    """Why nothing can be changed any more; "" while it can."""
    if found.state is State.CANCELLED:
        return "cancelled"
    return "over" if now() >= event.ends_at else ""


def _closed(token: str, event: Event, reason: str, status: int = 409) -> AnyResponse:
    body = render_template(
        "guest/settled.html",
        token=token,
        event=event,
        block=listing.block(event),
        reason=declined(reason),
        contact=meeting.contact_address(event, organisation().email),
    )
    return make_response(body, status)


def _hand() -> Hand:
    return Hand(store(), now(), site().identity)
