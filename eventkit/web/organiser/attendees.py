"""Who comes, who waits, who asks: the list of a meeting and each person on it."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import approval, several
from eventkit.actions import registration as registration_actions
from eventkit.errors import RegistrationClosed
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.places import Group
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.store import agenda, codes, fees, outbox, quotas, registrations
from eventkit.store import seats as seat_store
from eventkit.web import access
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.organiser import answered, chronicle
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.organiser.letters import kinds
from eventkit.web.site import now, site, store

ON_A_PAGE = 100
ONE = "/events/<slug>/attendees/<int(max=9223372036854775807):registration_id>"
FILTERS: dict[str, tuple[State, ...]] = {
    "coming": (State.CONFIRMED, State.OFFERED, State.ATTENDED),
    "waiting": (State.WAITING,),
    "requested": (State.REQUESTED,),
    "cancelled": (State.CANCELLED,),
}


def asked() -> tuple[str, str, tuple[State, ...]]:
    """What the address of a list asks for: words, the filter's name, its states."""
    words_asked, name = request.args.get("q", ""), request.args.get("state", "")
    return words_asked, name if name in FILTERS else "", FILTERS.get(name, ())


def asked_group(event: Event) -> Group | None:
    """The group the address of a list asks for, a former one too."""
    wanted = request.args.get("group", type=int)
    known = quotas.groups(store(), event.id, retired=True)
    return next((group for group in known if group.id == wanted), None)


@blueprint.get("/events/<slug>/attendees")
@access.organisers
def attendees(slug: str) -> ResponseReturnValue:
    """The list; `?q=` searches, `?state=` filters, both can be shared and exported."""
    event = meeting(slug)
    wanted, state, states = asked()
    answer, group = answered.wanted(event), asked_group(event)
    group_id = group.id if group else None
    total = registrations.count_attendees(
        store(),
        event.id,
        words=wanted,
        states=states,
        answer=answered.chosen(answer),
        group=group_id,
    )
    pages = max(1, -(-total // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    found = registrations.attendees(
        store(),
        event.id,
        words=wanted,
        states=states,
        answer=answered.chosen(answer),
        group=group_id,
        limit=ON_A_PAGE,
        offset=(at - 1) * ON_A_PAGE,
    )
    seats = seat_store.seats(store(), event)
    chosen = f"{answer[0].key}={answer[1]}" if answer else ""
    pairs = (("q", wanted), ("state", state), ("answer", chosen), ("group", group_id))
    kept = {name: value for name, value in pairs if value}
    return page(
        "attendees.html",
        event=event,
        found=found,
        total=total,
        seats=seats,
        wanted=wanted,
        state=state,
        kept=kept,
        filters=_filters(event, kept),
        group=group_id,
        groups=quotas.groups(store(), event.id, retired=True),
        answer=chosen,
        answers=answered.offered(event),
        workshops=workshops(event),
        at=at,
        pages=pages,
        begun=several.begun(event, now()),
        over=now() >= event.ends_at,
    )


def _filters(event: Event, kept: dict[str, Any]) -> Sequence[dict[str, Any]]:
    tally = seat_store.tally(store(), event.id)
    state = kept.get("state", "")
    narrowed = kept.keys() & {"q", "answer", "group"}
    counted = {name: sum(tally.get(each, 0) for each in states) for name, states in FILTERS.items()}
    rows = (
        ("", _("All"), sum(tally.values())),
        ("coming", _("With a place"), counted["coming"]),
        ("waiting", _("Waiting list"), counted["waiting"]),
        ("requested", _("Asked for"), counted["requested"]),
        ("cancelled", _("Cancelled"), counted["cancelled"]),
    )
    return [
        {
            "label": label,
            "count": None if narrowed else count,
            "current": name == state,
            "href": url_for(
                "organiser.attendees", slug=event.slug, **(kept | {"state": name or None})
            ),
        }
        for name, label, count in rows
        if count or not name or name in (state, "coming")
    ]


def workshops(event: Event) -> dict[int, Item]:
    """The items people may have chosen, draft and published, by id."""
    programme = agenda.published(store(), event.id)
    found = {item.id: item for item in agenda.draft(store(), event.id)}
    return found | {item.id: item for item in (programme.items if programme else ())}


@blueprint.get(ONE)
@access.organisers
def attendee(slug: str, registration_id: int) -> ResponseReturnValue:
    """One registration: answers, workshops, letters, what happened."""
    event = meeting(slug)
    found = _registration(event, registration_id)
    letters = outbox.of_registration(store(), found.id)
    entries, filters = chronicle.of_person(event, found, letters)
    return page(
        "attendee.html",
        event=event,
        found=found,
        queue=seat_store.queue_place(store(), found),
        letters=letters,
        kinds=kinds(),
        happened=entries,
        filters=filters,
        workshops=workshops(event),
        groups=quotas.groups(store(), event.id, retired=True),
        **answered.told(event, found),
        code=codes.by_id(store(), event.id, found.code_id) if found.code_id else None,
        party=registrations.party_of(store(), found),
        prices=fees.prices(store(), event.id),
        bills=fees.of_registration(store(), found.id),
        over=now() >= event.ends_at,
    )


@blueprint.post(f"{ONE}/approve")
@access.organisers
def approve(slug: str, registration_id: int) -> ResponseReturnValue:
    """Let somebody who asked have a place, or stand in the queue."""
    event = meeting(slug)
    found = _registration(event, registration_id)
    touched = approval.approve(
        store(), event.id, [found.id], actor=access.actor(), now=now(), identity=site().identity
    )
    after = touched[0] if touched else found
    if after.state is State.WAITING:
        said = _("%(name)s is on the waiting list: no place is free.")
    else:
        said = _("%(name)s has a place.")
    return back("attendees", said % {"name": after.name}, slug=slug)


@blueprint.route(
    "/events/<slug>/attendees/<int(max=9223372036854775807):registration_id>/cancel",
    methods=["GET", "POST"],
)
@access.organisers
def cancel(slug: str, registration_id: int) -> ResponseReturnValue:
    """Give somebody's place back, after asking; the next moves up."""
    event = meeting(slug)
    found = _registration(event, registration_id)
    if request.method == "POST":
        try:
            registration_actions.cancel(
                store(),
                found.id,
                CancelledBy.ORGANISER,
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except RegistrationClosed as error:
            return back("attendees", sentence(error.code), "danger", slug=slug)
        said = _("The registration of %(name)s is cancelled.") % {"name": found.name}
        return back("attendees", said, slug=slug)
    return ask(
        event,
        title=_("Cancel the registration of %(name)s?") % {"name": found.name},
        text=_("They get a letter that takes the meeting out of their calendar."),
        facts=[_("A free place goes to the first on the waiting list.")],
        button=_("Cancel the registration"),
        leave="attendees",
    )


def _registration(event: Event, registration_id: int) -> Registration:
    found = registrations.by_id(store(), registration_id)
    if found is None or found.event_id != event.id:
        raise NotFoundPage
    return found
