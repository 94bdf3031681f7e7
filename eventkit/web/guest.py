"""For a guest with a personal link: how it stands, giving the place back, one's own data."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import asking as speaker_letters
from eventkit.actions import calendars as calendar_actions
from eventkit.actions import offers, own_data, seating
from eventkit.actions import registration as registrations
from eventkit.actions.own_data import Correction
from eventkit.errors import Invalid, NotFound, RegistrationClosed, TooMany
from eventkit.model.event import Event
from eventkit.model.places import Group
from eventkit.model.registration import HOLDS_SEAT, SEATED, CancelledBy, Registration, State
from eventkit.rules import access as access_rule
from eventkit.store import agenda, events, files, quotas
from eventkit.store import questions as question_store
from eventkit.store import seats as seat_store
from eventkit.web import access, asking, downloads, errors, listing, materials, meeting
from eventkit.web.forms.visitors import LostLink, OwnData
from eventkit.web.language import iso, plain
from eventkit.web.site import now, organisation, site, store

blueprint = Blueprint("guest", __name__, url_prefix="/my")
NO_STORE = "private, no-store"


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(NotFoundPage)
def unknown(error: Exception) -> AnyResponse:  # noqa: ARG001 # Flask hands it over
    """A link that opens nothing, whatever the reason: the same page, and a way out."""
    return make_response(render_template("guest/unknown.html"), 404)


def _open(token: str) -> tuple[Registration, Event]:
    """The registration a link opens and its meeting. Raises NotFound."""
    found = registrations.find(store(), token, now=now())
    event = events.by_id(store(), found.event_id)
    if event is None:
        raise NotFound
    return found, event


@blueprint.get("/<token>/")
@access.personal
def page(token: str) -> str:
    """The guest's own page."""
    found, event = _open(token)
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
        group=_group(found, event),
        **asking.own(token, found, event, now()),
        live=found.state is not State.CANCELLED and now() < event.ends_at,
        over=now() >= event.ends_at,
        holds=holds,
        workshops=_workshops(found, event),
        downloads=materials.entries(handed, programme, address),
        zipped=len([m for m in handed if m.current]) > 1,
        programme=programme,
        feed=site().links.my_calendar(calendar_actions.guest_feed(store(), found, site().identity)),
        delete_on=access_rule.delete_on(event.ends_at, event.retention_days),
        closes_on=access_rule.link_ends_at(event.ends_at),
        contact=meeting.contact_address(event, organisation().email),
    )


def _workshops(found: Registration, event: Event) -> list[dict[str, Any]]:
    """The workshops somebody chose, and whether there is a place."""
    items = {item.id: item for item in seating.workshops(store(), event)}
    return [
        {
            "item": items[choice.item_id],
            "confirmed": choice.confirmed,
            "wish": choice.wish,
            "queue": None if choice.confirmed else seat_store.item_place(store(), found, choice),
        }
        for choice in found.choices
        if choice.item_id in items
    ]


@blueprint.post("/<token>/accept")
@access.personal
def accept(token: str) -> AnyResponse:
    """Take the place that is kept; opening the page alone takes nothing (R15)."""
    found, _event = _open(token)
    try:
        offers.accept(store(), found.id, now=now(), identity=site().identity)
    except RegistrationClosed:
        offers.lapse(store(), now=now(), identity=site().identity)
    return redirect(url_for("guest.page", token=token), 303)


@blueprint.get("/<token>/cancel")
@access.personal
def cancel(token: str) -> AnyResponse:
    """The question; mail scanners open links, so opening it changes nothing (R15)."""
    found, event = _open(token)
    if found.state is State.CANCELLED or now() >= event.ends_at:
        return redirect(url_for("guest.page", token=token), 303)
    body = render_template(
        "guest/cancel.html", token=token, found=found, event=event, block=listing.block(event)
    )
    return make_response(body)


@blueprint.post("/<token>/cancel")
@access.personal
def cancel_now(token: str) -> AnyResponse:
    """Give the place back; the next one moves up."""
    found, _event = _open(token)
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
    found, event = _open(token)
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
    found, event = _open(token)
    return render_template(
        "guest/delete.html",
        token=token,
        found=found,
        event=event,
        block=listing.block(event),
        held=found.state in HOLDS_SEAT and now() < event.ends_at,
        queued=found.state in (State.WAITING, State.REQUESTED) and now() < event.ends_at,
    )


@blueprint.post("/<token>/delete")
@access.personal
def delete_now(token: str) -> AnyResponse:
    """Give the place back, then forget the person; the link ends with it (R55)."""
    found, _event = _open(token)
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
    found, event = _open(token)
    material = files.by_public_id(store(), event.id, public_id)
    registered = found.state in SEATED
    if material is None or not access_rule.released(material, now(), registered=registered):
        raise NotFoundPage
    if filename != materials.shown_name(material):
        present = materials.shown_name(material)
        address = url_for("guest.slides", token=token, public_id=public_id, filename=present)
        return redirect(address, 302)
    return downloads.hand_out(material, NO_STORE)


@blueprint.get("/<token>/data.json")
@access.personal
def data(token: str) -> Response:
    """All that is known about the guest, to take away (GDPR 15 and 20, R55)."""
    found, event = _open(token)
    response = jsonify(_everything(found, event))
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.json"'
    return response


def _group(found: Registration, event: Event) -> Group | None:
    """The group somebody is in, a former one too."""
    known = quotas.groups(store(), event.id, retired=True)
    return next((group for group in known if group.id == found.group_id), None)


def _everything(found: Registration, event: Event) -> dict[str, Any]:
    own = ("name", "email", "organisation", "role", "access_needs", "diet", "language")
    instants = ("created_at", "changed_at", "confirmed_at", "cancelled_at", "offered_until")
    return {
        "meeting": {
            "title": plain(event.title),
            "address": site().links.event(event.slug),
            "starts_at": iso(event.starts_at),
            "ends_at": iso(event.ends_at),
        },
        "registration": {
            **{name: getattr(found, name) for name in own},
            "state": found.state.value,
            "group": plain(group.name) if (group := _group(found, event)) else None,
            "places": found.places,
            "companions": list(found.companions),
            "source": found.source.value,
            **{name: iso(at) for name in instants if (at := getattr(found, name)) is not None},
        },
        "workshops": [
            {
                "title": plain(each["item"].title),
                "confirmed": each["confirmed"],
                "wish": each["wish"],
            }
            for each in _workshops(found, event)
        ],
        "answers": asking.exported(question_store.of_registration(store(), found.id)),
        "consents": [
            {
                "purpose": consent.purpose,
                "text": consent.text,
                "language": consent.language,
                "given_at": iso(consent.given_at),
                "withdrawn_at": iso(consent.withdrawn_at) if consent.withdrawn_at else None,
            }
            for consent in found.consents
        ],
        "anonymous_on": iso(access_rule.delete_on(event.ends_at, event.retention_days)),
    }


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
