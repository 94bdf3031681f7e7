"""What needs me today? Every meeting with its stage, its seats and what is to be done."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    FileField,
    IntegerRangeField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit import language
from eventkit.model.account import Access
from eventkit.model.event import Event
from eventkit.model.question import Form as Asked
from eventkit.model.registration import Seats
from eventkit.rules import stages
from eventkit.rules.ready import READY
from eventkit.store import agenda, appearances, archive, events, outbox, registrations
from eventkit.store import seats as seat_store
from eventkit.web import access
from eventkit.web.forms.answers import AnswersForm, ask, consent
from eventkit.web.forms.base import Form, options
from eventkit.web.language import current
from eventkit.web.organiser import words
from eventkit.web.organiser.desk import blueprint, page
from eventkit.web.site import now, store

CURVE_POINTS = 40
COMING = 40
PAST = 20
MOST_PAST = 200
Todo = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Card:
    """One meeting on the dashboard."""

    event: Event
    seats: Seats
    step: str
    skipped: tuple[str, ...]
    dates: dict[str, str]
    todo: list[Todo] = field(default_factory=list)
    points: list[dict[str, object]] = field(default_factory=list)


@blueprint.get("/")
@access.door
def dashboard() -> ResponseReturnValue:
    """Coming meetings with what they need, past ones in a list; `?q=` searches both.

    Helpers at the door have no business here: they land on their own account.
    """
    if access.organiser().access is Access.DOOR:
        return redirect(url_for("organiser.account"), 303)
    wanted = request.args.get("q", "")
    most = MOST_PAST if request.args.get("past") == "all" else PAST
    coming, all_coming = events.for_desk(store(), now(), over=False, words=wanted, limit=COMING)
    past, all_past = events.for_desk(store(), now(), over=True, words=wanted, limit=most)
    made = cards([*coming, *past])
    return page(
        "dashboard.html",
        coming=made[: len(coming)],
        past=made[len(coming) :],
        later=all_coming - len(coming),
        hidden=all_past - len(past),
        whole=most == MOST_PAST,
        wanted=wanted,
    )


def cards(found: list[Event], *, clashes: int = 0, unpublished: int | None = None) -> list[Card]:
    """Cards of meetings, with one query of a kind for all of them (R70).

    `clashes` and `unpublished` are those of a single meeting, looked at item by item; for a
    list of many nobody looks for clashes, and what was touched counts as unpublished.
    """
    ids = [event.id for event in found]
    seats = seat_store.seats_of(store(), found)
    failures = outbox.failures(store())
    counted = agenda.counts(store(), ids)
    recapped = archive.recapped(store(), ids)
    answers = appearances.counts(store(), ids)
    recent = [event.id for event in found if event.ends_at > now() - timedelta(days=90)]
    arrived = registrations.per_day_of(store(), recent)
    made = []
    for event in found:
        declined, unanswered = answers.get(event.id, (0, 0))
        items, changed, bare = counted.get(event.id, (0, 0, 0))
        work = stages.Work(
            seats=seats[event.id],
            failed_letters=failures.get(event.id, 0),
            items=items,
            unpublished=changed if unpublished is None else unpublished,
            clashes=clashes,
            declined=declined,
            unanswered=unanswered,
            without_slides=bare,
            recapped=event.id in recapped,
        )
        made.append(_card(event, work, arrived.get(event.id, [])))
    return made


def _card(event: Event, work: stages.Work, arrived: list[tuple[str, int]]) -> Card:
    return Card(
        event=event,
        seats=work.seats,
        step=stages.step(event, work.seats, now()).value,
        skipped=tuple(step.value for step in stages.skipped(event, work.seats, now())),
        dates=_dates(event),
        todo=[words.task(task) for task in stages.tasks(event, work, now())],
        points=curve(arrived, event.zone),
    )


def _dates(event: Event) -> dict[str, str]:
    """The days on which a meeting reaches its stations, as shown under them."""
    known = {
        "draft": event.created_at,
        "announced": event.announced_at,
        "open": event.opens_at,
        "day": event.starts_at,
    }
    return {
        name: language.day(at, event.zone, current(), weekday=False)
        for name, at in known.items()
        if at is not None
    }


def curve(arrived: list[tuple[str, int]], zone: str) -> list[dict[str, object]]:
    """A running total of registrations by day, thinned to what a small drawing can show."""
    total, points = 0, []
    for day, n in arrived:
        total += n
        label = language.day(date.fromisoformat(day), zone, current(), weekday=False)
        points.append({"label": label, "value": total})
    step = max(1, len(points) // CURVE_POINTS)
    thinned = points[::step]
    return thinned if not points or thinned[-1] is points[-1] else [*thinned, points[-1]]


@blueprint.get("/patterns")
@access.organisers
def patterns() -> ResponseReturnValue:
    """Every component in every state."""
    form = _Pattern(formdata=None)
    form.email.errors = ["name@example.org"]
    form.consent.errors = ["…"]
    asked = AnswersForm(formdata=None)
    ask(asked, Asked(tuple(READY.values())), companions=2)
    asked.answers[0].errors = ["…"]
    return page("patterns.html", form=form, answers=asked.answers, answer_consent=consent())


_AB = options([("a", "A"), ("b", "B")])


class _Pattern(Form):
    """One field of each kind, for the page of patterns."""

    name = StringField("Name")
    email = StringField("E-Mail")
    about = TextAreaField("Text")
    role = SelectField("A", choices=_AB)
    session = RadioField("B", choices=_AB)
    days = SelectMultipleField("C", choices=_AB, widget=ListWidget(), option_widget=CheckboxInput())
    consent = BooleanField("D")
    slides = FileField("E")
    zoom = IntegerRangeField("F", default=150)
    across = IntegerRangeField("G", default=50)
    down = IntegerRangeField("H", default=30)
