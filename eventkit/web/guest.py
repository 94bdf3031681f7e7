"""For a guest with a personal link: how it stands, giving the place back, one's own data."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import asking as speaker_letters
from eventkit.actions import calendars as calendar_actions
from eventkit.actions import offers, own_data, seating
from eventkit.actions import registration as registrations
from eventkit.actions.own_data import Correction
from eventkit.errors import Invalid, NotFound, RegistrationClosed, TooMany
from eventkit.model.event import Event, Stage
from eventkit.model.registration import HOLDS_SEAT, SEATED, CancelledBy, Registration, State
from eventkit.rules import access as access_rule
from eventkit.store import agenda, fees, files
from eventkit.store import questions as question_store
from eventkit.store import seats as seat_store
from eventkit.web import (
    access,
    asking,
    downloads,
    errors,
    guest_facts,
    listing,
    materials,
    meeting,
    pricing,
)
from eventkit.web.forms.visitors import LostLink, OwnData
from eventkit.web.site import now, organisation, site, store

blueprint = Blueprint("guest", __name__, url_prefix="/my")
NO_STORE = "private, no-store"
LEFT_OR_HERE = frozenset({State.CANCELLED, State.ATTENDED})  # nothing is left to cancel


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(NotFoundPage)
def unknown(error: Exception) -> AnyResponse:  # noqa: ARG001 # Flask hands it over
    """A link that opens nothing, whatever the reason: the same page, and a way out."""
    return make_response(render_template("guest/unknown.html"), 404)


@blueprint.get("/<token>/")
@access.personal
def page(token: str) -> str:
    """The guest's own page."""
    found, event = guest_facts.opened(token)
    programme = agenda.published(store(), event.id)
    holds = found.state in SEATED
    handed = materials.open_now(event, registered=holds)
    address = materials.GuestAddress(token)
    return render_template(
        "guest/page.html",
        token=token,
        found=found,
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        queue=seat_store.queue_place(store(), found),
        group=guest_facts.group(found, event),
        **asking.own(token, found, event, now()),
        live=found.state not in LEFT_OR_HERE and now() < event.ends_at,
        over=now() >= event.ends_at,
        holds=holds,
        workshops=guest_facts.workshops(found, event),
        may_choose=_may_choose(found, event),
        may_bring=_may_change(found, event) and (event.companions > 0 or found.companions),
        own_programme=guest_facts.programme(found, event),
        consents=guest_facts.asked(found, event),
        certificate=found.state is State.ATTENDED and now() >= event.ends_at,
        downloads=materials.entries(handed, programme, address),
        zipped=len([m for m in handed if m.current]) > 1,
        programme=programme,
        feed=site().links.my_calendar(calendar_actions.guest_feed(store(), found, site().identity)),
        delete_on=access_rule.delete_on(event.ends_at, event.retention_days),
        **pricing.own(found),
        closes_on=access_rule.link_ends_at(event.ends_at),
        contact=meeting.contact_address(event, organisation().email),
    )


def _may_change(found: Registration, event: Event) -> bool:
    """Whether somebody's coming can still change."""
    off = found.state is State.CANCELLED or event.stage is Stage.CANCELLED
    return not off and now() < event.ends_at


def _may_choose(found: Registration, event: Event) -> bool:
    """Whether a workshop is still to begin."""
    items = seating.workshops(store(), event)
    return _may_change(found, event) and any(item.starts_at > now() for item in items)


@blueprint.post("/<token>/accept")
@access.personal
def accept(token: str) -> AnyResponse:
    """Take the place that is kept; opening the page alone takes nothing (R15)."""
    found, _event = guest_facts.opened(token)
    try:
        offers.accept(store(), found.id, now=now(), identity=site().identity)
    except RegistrationClosed:
        offers.lapse(store(), now=now(), identity=site().identity)
    return redirect(url_for("guest.page", token=token), 303)


@blueprint.get("/<token>/cancel")
@access.personal
def cancel(token: str) -> AnyResponse:
    """The question; mail scanners open links, so opening it changes nothing (R15)."""
    found, event = guest_facts.opened(token)
    if found.state in LEFT_OR_HERE or now() >= event.ends_at:
        return redirect(url_for("guest.page", token=token), 303)
    body = render_template(
        "guest/cancel.html", token=token, found=found, event=event, block=listing.block(event)
    )
    return make_response(body)


@blueprint.post("/<token>/cancel")
@access.personal
def cancel_now(token: str) -> AnyResponse:
    """Give the place back; the next one moves up."""
    found, _event = guest_facts.opened(token)
    registrations.cancel(
        store(),
        found.id,
        CancelledBy.GUEST,
        actor="guest",
        now=now(),
        identity=site().identity,
    )
    return redirect(url_for("guest.page", token=token), 303)


@blueprint.route("/<token>/correct", methods=["GET", "POST"])
@access.personal
def correct(token: str) -> AnyResponse:
    """Correct one's own data; emptying food and access takes that consent back (R50, R55)."""
    found, event = guest_facts.opened(token)
    form = OwnData(obj=found)
    contact = meeting.contact_address(event, organisation().email)
    context: dict[str, Any] = {"token": token, "found": found, "event": event, "form": form}
    context |= {"block": listing.block(event), "contact": contact}
    context["asked"] = question_store.form(store(), event.id)
    if not form.is_submitted():
        return make_response(render_template("guest/correct.html", **context))
    if form.validate():
        try:
            own_data.correct(
                store(), found.id, _correction(form), now=now(), identity=site().identity
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect(url_for("guest.page", token=token, _anchor="data"), 303)
    return make_response(render_template("guest/correct.html", **context), 422)


def _correction(form: OwnData) -> Correction:
    names = ("name", "language", "organisation", "role", "access_needs", "diet")
    return Correction(
        **{name: form[name].data or "" for name in names}, sensitive_text=form.sensitive_consent()
    )


@blueprint.get("/<token>/delete")
@access.personal
def delete(token: str) -> str:
    """The question what deleting takes along; opening it changes nothing (R15)."""
    found, event = guest_facts.opened(token)
    return render_template(
        "guest/delete.html",
        token=token,
        found=found,
        event=event,
        block=listing.block(event),
        bills=fees.of_registration(store(), found.id),
        held=found.state in HOLDS_SEAT and now() < event.ends_at,
        queued=found.state in (State.WAITING, State.REQUESTED) and now() < event.ends_at,
    )


@blueprint.post("/<token>/delete")
@access.personal
def delete_now(token: str) -> AnyResponse:
    """Give the place back, then forget the person; the link ends with it (R55)."""
    found, _event = guest_facts.opened(token)
    mail = site().settings.mail
    own_data.delete(store(), found.id, mail, now=now(), identity=site().identity)
    return redirect(url_for("guest.deleted"), 303)


@blueprint.get("/deleted")
@access.public
def deleted() -> str:
    """What became of it, without saying of whom."""
    return render_template("guest/deleted.html")


@blueprint.post("/<token>/calendar/renew")
@access.personal
def feed_renew(token: str) -> AnyResponse:
    """End the address of one's own calendar and make another, with one click."""
    calendar_actions.renew_guest_feed(store(), token, now=now(), identity=site().identity)
    return redirect(url_for("guest.page", token=token, _anchor="subscribe"), 303)


@blueprint.get("/<token>/slides/<public_id>/<filename>")
@access.personal
def slides(token: str, public_id: str, filename: str) -> AnyResponse:
    """A download for guests: what is public, and what only those who registered may have."""
    found, event = guest_facts.opened(token)
    material = files.by_public_id(store(), event.id, public_id)
    registered = found.state in SEATED
    if material is None or not access_rule.released(material, now(), registered=registered):
        raise NotFoundPage
    if filename != materials.shown_name(material):
        present = materials.shown_name(material)
        address = url_for("guest.slides", token=token, public_id=public_id, filename=present)
        return redirect(address, 302)
    return downloads.hand_out(material, NO_STORE)


@blueprint.route("/", methods=["GET", "POST"])
@access.public
def lost() -> AnyResponse:
    """Ask for the link again. The answer is the same for every address (R11)."""
    form = LostLink()
    if not form.is_submitted():
        return make_response(render_template("guest/lost.html", form=form))
    if not form.validate():
        return make_response(render_template("guest/lost.html", form=form), 422)
    try:
        registrations.send_links(
            store(), form.email.data or "", now=now(), identity=site().identity
        )
        speaker_letters.send_link(
            store(), form.email.data or "", now=now(), identity=site().identity
        )
    except Invalid as error:
        form.refuse(error)
        return make_response(render_template("guest/lost.html", form=form), 422)
    except TooMany:
        return errors.page(429)
    return redirect(url_for("guest.sent"), 303)


@blueprint.get("/sent")
@access.public
def sent() -> str:
    """What happens after asking for the link again, said to everybody alike."""
    return render_template("guest/sent.html")
