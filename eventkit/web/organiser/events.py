"""Creating a meeting and changing it, with a question before people are written to."""

import dataclasses
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from eventkit.actions import events as event_actions
from eventkit.actions.events import Plan
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.store import events
from eventkit.web import access
from eventkit.web.forms.event import FIELDS, LINKS, EventForm, filled
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser import words
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, organisation, site, store


@blueprint.route("/events/new", methods=["GET", "POST"])
@access.organisers
def events_new() -> ResponseReturnValue:
    """A new meeting; it stays a draft until it is announced."""
    form = _form(None, _first())
    if request.method == "POST":
        plan = form.plan()
        if plan is not None:
            try:
                made = event_actions.create(
                    store(), plan, actor=access.actor(), now=now(), identity=site().identity
                )
            except Invalid as error:
                form.refuse(error, FIELDS)
            else:
                return back(
                    "event",
                    _("The meeting is created. Nobody sees it until you announce it."),
                    slug=made.slug,
                )
    return page("event_form.html", 422 if form.errors else 200, form=form, told=(), concerned=0)


@blueprint.route("/events/<slug>/settings", methods=["GET", "POST"])
@access.organisers
def settings(slug: str) -> ResponseReturnValue:
    """Everything about a meeting. What people hold in their calendars is asked about first."""
    event = meeting(slug)
    form = _form(event, filled(event_actions.plan_of(store(), event)))
    told: tuple[str, ...] = ()
    concerned = 0
    if request.method == "POST":
        plan = form.plan()
        if plan is not None:
            told, concerned, saved = _save(form, event, _whole(plan, event))
            if saved is not None:
                return back("settings", _said(concerned), slug=saved.slug)
    return page(
        "event_form.html",
        422 if form.errors else 200,
        event=event,
        form=form,
        told=[words.told(fact) for fact in told],
        concerned=concerned,
        confirmed=_mark(told, concerned),
    )


def _save(form: EventForm, event: Event, plan: Plan) -> tuple[tuple[str, ...], int, Event | None]:
    """Save the plan, unless somebody would be written to and that was not confirmed yet."""
    try:
        told, concerned = event_actions.concerned(store(), event.id, plan)
        if concerned and request.form.get("confirmed") != _mark(told, concerned):
            return told, concerned, None
        saved = event_actions.change(
            store(),
            event.id,
            plan,
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        form.refuse(error, FIELDS)
        return (), 0, None
    return told, concerned, saved


def _whole(plan: Plan, event: Event) -> Plan:
    """The plan with what the form has no fields for: the point on the map, a fifth link."""
    before = event_actions.plan_of(store(), event)
    place = dataclasses.replace(
        plan.place, latitude=before.place.latitude, longitude=before.place.longitude
    )
    further = before.links[len(LINKS) :]
    return dataclasses.replace(plan, place=place, links=(*plan.links, *further))


def _mark(told: tuple[str, ...], concerned: int) -> str:
    """What was shown when somebody agreed; another change is asked about again."""
    return f"{concerned}:{','.join(told)}"


def _said(concerned: int) -> str:
    if not concerned:
        return _("Saved.")
    said = ngettext(
        "Saved. %(num)s person is being written to.",
        "Saved. %(num)s people are being written to.",
        concerned,
    )
    return said % {"num": concerned}


def _form(event: Event | None, values: dict[str, Any]) -> EventForm:
    form = EventForm(data=values)
    form.offer(events.topics(store()), event.zone if event else organisation().zone)
    return form


def _first() -> dict[str, Any]:
    """Where a new meeting begins: registration from today, ninety days of memory."""
    own = organisation()
    return {
        "zone": own.zone,
        "mode": "on_site",
        "waiting_list": True,
        "listed": True,
        "retention_days": 90,
        "contact_name": access.organiser().name,
        "contact_email": own.email,
        "topics": [],
    }
