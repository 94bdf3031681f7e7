"""One thing for several people of the list: who is touched is said first, then it is done."""

from hashlib import sha256

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventkit.actions import approval, places, several
from eventkit.errors import Invalid, Refused
from eventkit.model.event import Event
from eventkit.model.registration import LIVE, Registration, State
from eventkit.store import quotas, registrations
from eventkit.store import seats as seat_store
from eventkit.web import access
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser import answered
from eventkit.web.organiser.attendees import asked, asked_group
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

MOST_WRITTEN = 200
STATES: dict[str, frozenset[State]] = {
    "approve": frozenset({State.REQUESTED}),
    "cancel": several.MAY_LEAVE,
    "write": LIVE,
    "group": LIVE,
    "attend": frozenset({State.CONFIRMED}),
    "absent": frozenset({State.ATTENDED}),
}


@blueprint.post("/events/<slug>/attendees/several")
@access.organisers
def attendees_several(slug: str) -> ResponseReturnValue:
    """Ask before it touches several people; with the answer, do it.

    Whom the ticks (or the whole filtered list) mean and whom it does not concern is said.
    """
    event = meeting(slug)
    verb = request.form.get("verb", "")
    chosen = _chosen(event)
    people = [each for each in chosen if each.email and each.state in STATES.get(verb, ())]
    if verb not in STATES or not people:
        said = _("Nobody was chosen whom this concerns.")
        return back("attendees", said, "warning", slug=slug, **_kept())
    if verb == "write":
        return _write(event, people)
    wanted = request.form.get("group", type=int)
    if request.form.get("confirmed") != _mark(verb, people):
        return page(
            "attendees_several.html",
            event=event,
            verb=verb,
            people=people,
            others=len(chosen) - len(people),
            confirmed=_mark(verb, people),
            seats=seat_store.seats(store(), event),
            groups=quotas.groups(store(), event.id),
            begun=several.begun(event, now()),
        )
    try:
        return back("attendees", _done(event, verb, [p.id for p in people], wanted), slug=slug)
    except Refused as error:
        said = _refusal(error)
        return back("attendees", said, "danger", slug=slug)


def _done(event: Event, verb: str, ids: list[int], group: int | None) -> str:
    """Do it, and say how many it touched."""
    at, actor = now(), access.actor()
    if verb == "attend":
        n = len(several.attend(store(), event.id, ids, actor=actor, now=at))
        words = ngettext("%(num)s person is there.", "%(num)s people are there.", n)
    elif verb == "absent":
        n = len(several.not_attend(store(), event.id, ids, actor=actor, now=at))
        words = ngettext(
            "%(num)s person counts as not there.", "%(num)s people count as not there.", n
        )
    elif verb == "cancel":
        n = len(
            several.cancel(store(), event.id, ids, actor=actor, now=at, identity=site().identity)
        )
        words = ngettext(
            "%(num)s registration is cancelled.", "%(num)s registrations are cancelled.", n
        )
    elif verb == "approve":
        n = len(
            approval.approve(store(), event.id, ids, actor=actor, now=at, identity=site().identity)
        )
        words = ngettext("%(num)s request is approved.", "%(num)s requests are approved.", n)
    else:
        n = len(
            places.change_group(
                store(), event.id, ids, group, actor=actor, now=at, identity=site().identity
            )
        )
        words = ngettext(
            "%(num)s person is in another group now.", "%(num)s people are in another group now.", n
        )
    return words % {"num": n}


def _refusal(error: Refused) -> str:
    if isinstance(error, Invalid) and error.code == "group_full":
        return _("There is no room for all of their places in that group. Nobody was moved.")
    if error.code == "not_begun":
        return _("The doors are not open yet. Nothing was changed.")
    return sentence(error.code)


def _write(event: Event, people: list[Registration]) -> ResponseReturnValue:
    """To a new message for these people, or to its filters where they are too many."""
    if len(people) > MOST_WRITTEN:
        said = _("These are more than 200 people. Please choose them by state, group or workshop.")
        return back("message_new", said, "info", slug=event.slug)
    ids = [each.id for each in people]
    return redirect(url_for("organiser.message_new", slug=event.slug, person=ids), 303)


def _chosen(event: Event) -> list[Registration]:
    """Whom the ticks mean; with `all` everybody whom search and filter of the address find."""
    if request.form.get("all") and not request.form.get("confirmed"):
        wanted, _state, states = asked()
        group = asked_group(event)
        return registrations.attendees(
            store(),
            event.id,
            words=wanted,
            states=states,
            answer=answered.chosen(answered.wanted(event)),
            group=group.id if group else None,
        )
    ids = {int(each) for each in request.form.getlist("ids") if _is_number(each)}
    found = registrations.some(store(), ids)
    return [each for each in found if each.event_id == event.id]


def _kept() -> dict[str, str]:
    """The search and filter of the list one came from."""
    return {
        name: request.args[name]
        for name in ("q", "state", "answer", "group", "page")
        if name in request.args
    }


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 16


def _mark(verb: str, people: list[Registration]) -> str:
    """What the question was about: an answer to another question confirms nothing."""
    ids = " ".join(str(person.id) for person in people)
    return sha256(f"{verb} {ids}".encode()).hexdigest()[:16]
