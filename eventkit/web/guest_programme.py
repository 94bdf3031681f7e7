"""The programme for a guest with a personal link: with stars to mark what they want to see."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import marks as actions
from eventkit.actions import registration as registrations
from eventkit.errors import NotFound, RegistrationClosed
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.model.registration import SEATED, Registration, State
from eventkit.rules import marks as rule
from eventkit.store import agenda, events, marks
from eventkit.web import access, listing, materials, meeting, showing
from eventkit.web.guest import blueprint
from eventkit.web.language import gettext as _
from eventkit.web.site import now, store


@blueprint.get("/<token>/programme")
@access.personal
def programme(token: str) -> str:
    """The whole programme, what this guest marked in it, and a star at each item."""
    found, event, published = _open(token)
    handed = materials.open_now(event, registered=found.state in SEATED)
    more = materials.on_rail(materials.of_items(handed, materials.GuestAddress(token)))
    path = url_for("guest.programme", token=token)
    return render_template(
        "guest/programme.html",
        token=token,
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        live=found.state is not State.CANCELLED,
        agenda=showing.own(event, published, marks.of_registration(store(), found.id), path, more),
        query=_query(),
    )


@blueprint.post("/<token>/marks")
@access.personal
def mark(token: str) -> AnyResponse:
    """Mark items (`mark`) or take marks away (`unmark`), by their short names."""
    found, _event, published = _open(token)
    wanted, given_back = request.form.getlist("mark"), request.form.getlist("unmark")
    try:
        if wanted or not given_back:
            actions.mark(store(), found.id, wanted, marked=True, now=now())
        if given_back:
            actions.mark(store(), found.id, given_back, marked=False, now=now())
    except RegistrationClosed:
        flash(_("You have cancelled, so nothing can be marked any more."), "warning")
    item = rule.named(published.items, (wanted or given_back or [""])[0])
    if request.form.get("back") == "page":
        return redirect(url_for("guest.page", token=token, _anchor="programme"), 303)
    anchor = f"item-{item.id}" if item else "agenda"
    return redirect(url_for("guest.programme", token=token, _anchor=anchor, **_query()), 303)


def _query() -> dict[str, Any]:
    """What the address asks for, to come back to the same view."""
    return {name: value for name in showing.NAMES if (value := request.args.get(name))}


def _open(token: str) -> tuple[Registration, Event, Programme]:
    found = registrations.find(store(), token, now=now())
    event = events.by_id(store(), found.event_id)
    if event is None:
        raise NotFound
    published = agenda.published(store(), event.id)
    if published is None:
        raise NotFoundPage
    return found, event, published
