"""Registering for a meeting: the form, its refusals, and the page that says what came of it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response

from eventkit.actions import openings
from eventkit.actions import registration as registrations
from eventkit.actions.registration import Outcome
from eventkit.actions.ways import CLOSED
from eventkit.actions.wishes import Wish
from eventkit.errors import Full, Invalid, NotFound, RegistrationClosed, TooMany
from eventkit.links import fingerprint
from eventkit.model.event import Admission, Event
from eventkit.model.registration import State
from eventkit.model.text import Text
from eventkit.model.ways import Code
from eventkit.rules import access as access_rule
from eventkit.rules import seats as seats_rule
from eventkit.rules.seats import Window
from eventkit.store import questions as question_store
from eventkit.store import quotas
from eventkit.store import seats as seat_store
from eventkit.web import (
    access,
    asking,
    choosing,
    entering,
    errors,
    headers,
    listing,
    meeting,
    pricing,
    sealing,
)
from eventkit.web.entering import Invited
from eventkit.web.forms.answers import ask, collected
from eventkit.web.forms.visitors import Registration
from eventkit.web.language import current
from eventkit.web.site import network, now, organisation, site, store

COOKIE = "registered"
REMEMBERED = 3600
SHOWN = 30  # of each name, so that a party fits into the cookie


@access.public
@headers.takes_answers
def register(slug: str) -> Response:
    """The registration form: shown, refused with what was typed, or accepted and led on."""
    return serve(meeting.at(slug), None)


def serve(event: Event, invited: Invited | None) -> Response:
    """The form for everybody, or for somebody with a personal invitation."""
    form = Registration()
    choosing.offer(form, event)
    ask(form, question_store.form(store(), event.id), companions=event.companions)
    entering.prepare(form, event, invited)
    if request.method != "POST" or entering.step(form, event, invited):
        return _form(event, form, invited)
    if request.form.get("do") == "code":
        return _with_code(event, form)
    sound = form.validate()
    if not entering.checked_party(form) or not sound:
        if invited is None or invited.invitation.group_id is None:
            choosing.ask_for_group(form)
        return _refused_if_open(event, form, invited)
    wishes = _wishes(form, invited)
    try:
        outcomes = registrations.together(
            store(), event.id, wishes, now=now(), identity=site().identity
        )
    except Invalid as error:
        entering.refuse(form, event, error)
        return _refused_if_open(event, form, invited)
    except (RegistrationClosed, Full) as error:
        return _closed(event, error.code, 409, form)
    except TooMany:
        return errors.page(429)
    return _accepted(event, outcomes, wishes)


def _with_code(event: Event, form: Registration) -> Response:
    """The form again, after somebody asked whether their code is right."""
    try:
        code = entering.check_code(form, event)
    except TooMany:
        return errors.page(429)
    if code is None and event.admission is Admission.CLOSED and not form.name.data:
        return _closed(event, CLOSED, 422, form)
    return _form(event, form, None, 200 if code else 422, code=code)


def _wishes(form: Registration, invited: Invited | None) -> list[Wish]:
    """What the form says, of everybody in it."""
    attempt = (form.attempt.data or "")[:100] or site().identity.public_id()
    first = _wish(form, attempt, invited)
    return [first, *entering.colleagues(form, first, attempt)]


def _wish(form: Registration, attempt: str, invited: Invited | None) -> Wish:
    """What the form says. The same attempt with another address is another wish."""
    email = form.email.data or ""
    given = collected(form.asked)
    access_needs = (form.access_needs.data or "") if form.asked.asks_access else ""
    diet = (form.diet.data or "") if form.asked.asks_diet else ""
    return Wish(
        name=form.name.data or "",
        email=email,
        language=current(),
        attempt=fingerprint(f"{attempt} {email.strip().casefold()}"),
        weight=sealing.weight(attempt),
        privacy_text=str(form.consent_privacy.label.text),
        organisation=form.organisation.data or "",
        role=form.role.data or "",
        access_needs=access_needs,
        diet=diet,
        sensitive_text=form.sensitive_consent() if access_needs or diet else "",
        sessions=tuple(form.sessions.data or ()),
        second=choosing.second_wishes(form),
        group=choosing.chosen_group(form),
        companions=choosing.companions(form),
        price=form.price.data or None,
        billing=form.billing.data or "",
        network=network(),
        answers=given.typed,
        files=given.files,
        answers_text=given.consent,
        code=form.code.data or "",
        invitation=invited.token if invited else "",
        photo_text=choosing.agreed(form, "consent_photo"),
        list_text=choosing.agreed(form, "consent_list"),
    )


def _form(
    event: Event,
    form: Registration,
    invited: Invited | None,
    status: int = 200,
    *,
    code: Code | None = None,
) -> Response:
    window = seats_rule.window(event, now())
    seats = seat_store.seats(store(), event)
    if window is not Window.OPEN and not (invited and window is Window.NOT_YET):
        return _closed(event, window.value, 200)
    if event.admission is Admission.CLOSED and invited is None and not form.code.data:
        return _closed(event, CLOSED, 200, form)
    door = choosing.door(event)
    choosing.label_groups(form, door)
    group = invited.invitation.group_id if invited else code.group_id if code else None
    waits = choosing.waits_in(event, group) if group else door.waits
    waits = waits and (group is not None or not form.code.data)  # a code may open another group
    if waits and not event.waiting_list:
        return _closed(event, "full", 200)
    if not form.attempt.data:
        form.attempt.data = sealing.fresh()
    body = render_template(
        "public/register.html",
        event=event,
        prices=pricing.offer(form, event, opened=group),
        block=listing.block(event),
        where=meeting.where(event),
        standing=meeting.standing(event, seats),
        form=form,
        waits=waits,
        invited=invited,
        code=code,
        opened=group_name(event, group),
        asks_code=entering.asks_code(form, event, invited),
        may_add=invited is None and len(form.party_name) < event.party_size - 1,
        approval=event.approval and invited is None,
        slots=choosing.slots(event, form),
        **asking.shown(form, event),
        contact=meeting.contact_address(event, organisation().email),
        delete_on=access_rule.delete_on(event.ends_at, event.retention_days),
    )
    return make_response(body, status)


def group_name(event: Event, group_id: int | None) -> Text | None:
    """The name of a group that a code or an invitation opens."""
    found = quotas.group(store(), event.id, group_id) if group_id else None
    return found.name if found else None


def _refused_if_open(event: Event, form: Registration, invited: Invited | None) -> Response:
    """The form again; a meeting that closed in the meantime says that instead (R2)."""
    response = _form(event, form, invited, 422)
    if response.status_code == 200:
        response.status_code = 409
    return response


def _closed(event: Event, why: str, status: int, form: Registration | None = None) -> Response:
    """A friendly page that says why one can't register, and when one can."""
    if why == CLOSED and status == 200 and form is not None and form.code.errors:
        status = 422
    body = render_template(
        "public/closed.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        why=why,
        form=form,
        tells=openings.may_ask(event, now()),
        contact=meeting.contact_address(event, organisation().email),
    )
    return make_response(body, status)


def _seal() -> TimestampSigner:
    return TimestampSigner(site().settings.secret_key, salt="registered", digest_method=sha256)


def _accepted(event: Event, outcomes: Sequence[Outcome], wishes: Sequence[Wish]) -> Response:
    """Lead on to what came of it. A known address gets a token that opens nothing (R11)."""
    outcome = outcomes[0]
    filler = site().identity.token("filler", site().identity.nonce())
    told: dict[str, Any] = {
        "state": outcome.state.value,
        "queue": outcome.queue,
        "token": outcome.token or filler,
        "event": event.id,
        "fee": pricing.total(event, wishes[0].price, sum(wish.places for wish in wishes)),
    }
    if len(outcomes) > 1:
        told["party"] = [
            (wish.name[:SHOWN], each.state.value, each.queue)
            for wish, each in zip(wishes, outcomes, strict=True)
        ]
    response = redirect(url_for("public.registered", slug=event.slug), 303)
    response.set_cookie(
        COOKIE,
        _seal().sign(urlsafe_b64encode(json.dumps(told, ensure_ascii=False).encode())).decode(),
        max_age=REMEMBERED,
        path=url_for("public.event", slug=event.slug),
        httponly=True,
        samesite="Lax",
        secure=site().settings.base_url.startswith("https://"),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(event: Event) -> dict[str, Any]:
    """What the cookie of this browser remembers of its registration, if it is ours and fresh."""
    try:
        told = json.loads(urlsafe_b64decode(_seal().unsign(request.cookies[COOKIE], REMEMBERED)))
    except (BadSignature, KeyError, ValueError):
        return {}
    return told if told.get("event") == event.id else {}


@access.public
def registered(slug: str) -> Response:
    """What came of the registration: a seat or a place in the queue, and what happens next."""
    event = meeting.at(slug)
    told = _told(event)
    body = render_template(
        "public/registered.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        state=State(told["state"]).value if told else "",
        queue=told.get("queue"),
        fee=told.get("fee", ""),
        party=told.get("party", ()),
        contact=meeting.contact_address(event, organisation().email),
        ics=site().links.event_ics(event.slug),
        calendar=site().links.calendar(),
    )
    return _for_one(make_response(body))


@access.public
def mine(slug: str) -> Response:
    """To the guest's own page, where this browser has its link; else it is in the letter."""
    event = meeting.at(slug)
    told = _told(event)
    try:
        registrations.find(store(), str(told.get("token", "")), now=now())
    except NotFound:
        return _for_one(make_response(render_template("public/in_the_letter.html", event=event)))
    return _for_one(redirect(url_for("guest.page", token=told["token"]), 303))


def _for_one(response: Response) -> Response:
    """Kept by nobody, found by no search engine."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
