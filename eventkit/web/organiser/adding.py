"""Adding somebody at the desk or at the door, and putting somebody into another group."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import places as place_actions
from eventkit.actions import registration as registration_actions
from eventkit.actions.wishes import Wish
from eventkit.errors import Full, Invalid, RegistrationClosed
from eventkit.links import fingerprint
from eventkit.model.event import Event
from eventkit.model.registration import Source, State
from eventkit.store import registrations
from eventkit.store import seats as seat_store
from eventkit.web import access, choosing, pricing
from eventkit.web.forms.base import complain
from eventkit.web.forms.places import DeskRegistration
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.route("/events/<slug>/attendees/new", methods=["GET", "POST"])
@access.organisers
def attendee_new(slug: str) -> ResponseReturnValue:
    """Add a person: as the form would, but before it opens and after it closed as well."""
    event = meeting(slug)
    if not event.public or now() >= event.ends_at:
        said = _("Nobody can be added: the meeting is a draft, called off or over.")
        return back("attendees", said, "warning", slug=slug)
    form = DeskRegistration(data={"language": current()})
    choosing.offer(form, event, desk=True)
    if request.method == "POST" and form.validate():
        try:
            outcome = registration_actions.register(
                store(),
                event.id,
                _wish(form, event),
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Full:
            complain(form, "", _("All places are taken, and there is no waiting list."))
        except RegistrationClosed as error:
            complain(form, "", sentence(error.code))
        except Invalid as error:
            form.refuse(error)
        else:
            return _added(event, form.name.data or "", outcome.state)
    if not form.attempt.data:
        form.attempt.data = site().identity.public_id()
    return page(
        "places/attendee_new.html",
        422 if request.method == "POST" else 200,
        event=event,
        form=form,
        slots=choosing.slots(event, form),
        prices=pricing.offer(form, event, desk=True),
        seats=seat_store.seats(store(), event),
    )


def _wish(form: DeskRegistration, event: Event) -> Wish:
    email = form.email.data or ""
    begun = now() >= (event.doors_at or event.starts_at)
    sensitive = form.access_needs.data or form.diet.data
    return Wish(
        name=form.name.data or "",
        email=email,
        language=form.language.data or current(),
        attempt=fingerprint(f"{form.attempt.data or ''} {email.strip().casefold()}"),
        privacy_text=str(form.consent_privacy.label.text),
        organisation=form.organisation.data or "",
        role=form.role.data or "",
        access_needs=form.access_needs.data or "",
        diet=form.diet.data or "",
        sensitive_text=form.sensitive_consent() if sensitive else "",
        sessions=tuple(form.sessions.data or ()),
        second=choosing.second_wishes(form),
        group=choosing.chosen_group(form),
        companions=choosing.companions(form),
        price=form.price.data or None,
        billing=form.billing.data or "",
        source=Source.DOOR if begun else Source.DESK,
    )


def _added(event: Event, name: str, state: State) -> ResponseReturnValue:
    if state is State.WAITING:
        said = _("%(name)s is on the waiting list: no place is free. A letter is on its way.")
        return back("attendees", said % {"name": name}, "warning", slug=event.slug)
    said = _("%(name)s has a place. A letter is on its way.")
    return back("attendees", said % {"name": name}, slug=event.slug)


@blueprint.post("/events/<slug>/attendees/<int(max=9223372036854775807):registration_id>/group")
@access.organisers
def attendee_group(slug: str, registration_id: int) -> ResponseReturnValue:
    """Put somebody into another group, where there is room for their seat."""
    event = meeting(slug)
    found = registrations.by_id(store(), registration_id)
    if found is None or found.event_id != event.id:
        raise NotFoundPage
    wanted = request.form.get("group", type=int)
    try:
        place_actions.change_group(
            store(),
            event.id,
            [found.id],
            wanted or None,
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        said = sentence(error.code)
        return back("attendee", said, "danger", slug=slug, registration_id=found.id)
    return back("attendee", _("The group is changed."), slug=slug, registration_id=found.id)
