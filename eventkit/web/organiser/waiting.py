"""The waiting list as organisers see it: who, since when, what keeps them, and why anyone moved."""

from hashlib import sha256
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from eventkit.actions import approval, seating
from eventkit.model.event import Event
from eventkit.model.registration import Registration, State
from eventkit.rules import seats as seats_rule
from eventkit.store import queues, quotas, registrations
from eventkit.store import seats as seat_store
from eventkit.web import access
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser import movements, words
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

SHOWN = 300
LINES = 40


@blueprint.get("/events/<slug>/waiting")
@access.organisers
def waiting(slug: str) -> ResponseReturnValue:
    """Requests, offers and queues of a meeting, each in strict order of arrival."""
    event = meeting(slug)
    requested = registrations.attendees(store(), event.id, states=[State.REQUESTED], limit=SHOWN)
    offered = registrations.attendees(store(), event.id, states=[State.OFFERED], limit=SHOWN)
    known = quotas.groups(store(), event.id, retired=True)
    tally = seat_store.tally(store(), event.id)
    return page(
        "places/waiting.html",
        event=event,
        seats=seat_store.seats(store(), event),
        tally={state.value: number for state, number in tally.items()},
        requested=requested,
        offered=offered,
        queue=_queue(event),
        workshops=_workshops(event),
        groups={group.id: group.name for group in known},
        lines=_lines(event),
        over=now() >= event.ends_at,
        shown=SHOWN,
    )


def _queue(event: Event) -> list[dict[str, Any]]:
    """The waiting list with what keeps each, as the rule that gives out places sees it."""
    limits = seat_store.limits(store(), event)
    people = registrations.attendees(store(), event.id, states=[State.WAITING], limit=SHOWN)
    queue = seat_store.queue(store(), event.id, limit=SHOWN)
    verdicts = {verdict.id: verdict for verdict in seats_rule.decide(limits, queue)}
    return [
        {
            "place": place,
            "person": person,
            "why": movements.obstacles(verdicts[person.id], limits, person.places),
        }
        for place, person in enumerate(people, 1)
        if person.id in verdicts
    ]


def _workshops(event: Event) -> list[dict[str, Any]]:
    """The queue of each workshop that has one."""
    lines = queues.for_workshops(store(), event.id)
    taken = seat_store.item_seats(store(), event.id)
    return [
        {"item": item, "taken": taken[item.id].taken, "lines": lines[item.id]}
        for item in seating.workshops(store(), event)
        if item.id in lines
    ]


def _lines(event: Event) -> list[dict[str, Any]]:
    return [
        {"move": move, "words": words.history(move.line), "who": words.who(move.line)}
        for move in queues.moves(store(), event.id, limit=LINES)
    ]


@blueprint.post("/events/<slug>/waiting/decide")
@access.organisers
def decide(slug: str) -> ResponseReturnValue:
    """Approve or decline the requests that were ticked, after saying how many it touches."""
    event = meeting(slug)
    verb = "refuse" if request.form.get("verb") == "refuse" else "approve"
    asked = _chosen(event)
    if not asked:
        return back("waiting", _("Nobody was chosen who still asks."), "warning", slug=slug)
    if request.form.get("confirmed") != _mark(verb, asked):
        return page(
            "places/decide.html",
            event=event,
            verb=verb,
            people=asked,
            confirmed=_mark(verb, asked),
            seats=seat_store.seats(store(), event),
        )
    ids = [person.id for person in asked]
    if verb == "refuse":
        done = approval.refuse(
            store(),
            event.id,
            ids,
            words=request.form.get("words", ""),
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
        said = ngettext("%(num)s request is declined.", "%(num)s requests are declined.", len(done))
        return back("waiting", said % {"num": len(done)}, slug=slug)
    done = approval.approve(
        store(), event.id, ids, actor=access.actor(), now=now(), identity=site().identity
    )
    waits = sum(each.state is State.WAITING for each in done)
    said = ngettext(
        "%(num)s person has a place.", "%(num)s people have a place.", len(done) - waits
    )
    said = said % {"num": len(done) - waits}
    if waits:
        more = ngettext(
            "%(num)s person is on the waiting list.",
            "%(num)s people are on the waiting list.",
            waits,
        )
        said = f"{said} {more % {'num': waits}}"
    return back("waiting", said, slug=slug)


def _chosen(event: Event) -> list[Registration]:
    """Those of the ticked who still ask for a place of this meeting."""
    ids = {int(each) for each in request.form.getlist("ids") if _is_number(each)}
    return [
        person
        for person in registrations.attendees(store(), event.id, states=[State.REQUESTED])
        if person.id in ids
    ]


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 16


def _mark(verb: str, people: list[Registration]) -> str:
    """What the question was about: an answer to another question confirms nothing."""
    ids = " ".join(str(person.id) for person in people)
    return sha256(f"{verb} {ids}".encode()).hexdigest()[:16]
