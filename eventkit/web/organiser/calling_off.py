"""Calling a meeting off: what goes, why, and then everybody is written to."""

from flask.typing import ResponseReturnValue

from eventkit.actions import events as event_actions
from eventkit.errors import Invalid
from eventkit.model.event import Stage
from eventkit.store import seats as seat_store
from eventkit.web import access
from eventkit.web.forms.base import complain
from eventkit.web.forms.house import CallOffForm
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.route("/events/<slug>/call-off", methods=["GET", "POST"])
@access.organisers
def call_off(slug: str) -> ResponseReturnValue:
    """Say how many people lose a place, ask for the reason, call off."""
    event = meeting(slug)
    form = CallOffForm()
    if form.validate_on_submit():
        reason = form.text("reason")
        if not reason:
            complain(form, "reason_de", _("Please write why, in one language at least."))
        else:
            try:
                event_actions.call_off(
                    store(),
                    event.id,
                    reason,
                    actor=access.actor(),
                    now=now(),
                    identity=site().identity,
                )
            except Invalid as error:
                form.refuse(error)
            else:
                return back("event", _("The meeting is called off. Letters go out now."), slug=slug)
    seats = seat_store.seats(store(), event)
    possible = event.stage is Stage.ANNOUNCED and now() < event.ends_at
    status = 422 if form.errors else 200
    return page("call_off.html", status, event=event, form=form, seats=seats, possible=possible)
