"""What people answered: counted together, one by one, corrected, and as lists to take along."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import questions as answer_actions
from eventkit.documents import sheets
from eventkit.documents.sheets import Cell
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.question import Address, Kind, Question, Value
from eventkit.model.registration import HOLDS_SEAT, LIVE, Registration, State
from eventkit.rules import forms
from eventkit.rules import questions as rules
from eventkit.store import questions as question_store
from eventkit.store import registrations
from eventkit.web import access, asking, headers
from eventkit.web.forms.answers import AnswersForm, ask, collected, said_wrong
from eventkit.web.forms.base import complain
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import XLSX, back, blueprint, download, meeting, page
from eventkit.web.site import now, store

ONE = "/events/<slug>/attendees/<int(max=9223372036854775807):registration_id>/answers"
GROUPS: dict[str, frozenset[State]] = {
    "coming": HOLDS_SEAT,
    "waiting": frozenset({State.WAITING, State.REQUESTED}),
    "all": LIVE,
}


@blueprint.get("/events/<slug>/answers-summary")
@access.organisers
def answers_summary(slug: str) -> ResponseReturnValue:
    """All answers counted: options, sums, how many answered. `?who=` chooses whose."""
    event = meeting(slug)
    name = request.args.get("who", "coming")
    name = name if name in GROUPS else "coming"
    states = sorted(state.value for state in GROUPS[name])
    asked = question_store.form(store(), event.id)
    tallies = [
        rules.tally(question, question_store.values_of(store(), question, states))
        for question in asked.questions
        if question.kind is not Kind.COMPANION
    ]
    people = registrations.count_attendees(store(), event.id, states=sorted(GROUPS[name]))
    return page(
        "form/answers.html",
        event=event,
        who=name,
        people=people,
        tallies=[(each, _bars(event, each.question, each.counts)) for each in tallies],
        filters=[
            {
                "label": label,
                "current": other == name,
                "href": url_for("organiser.answers_summary", slug=slug, who=other),
            }
            for other, label in (
                ("coming", _("With a place")),
                ("waiting", _("Waiting list and requests")),
                ("all", _("All")),
            )
        ],
        hidden=_hidden(event),
    )


def _bars(
    event: Event, question: Question, counts: Sequence[tuple[str, int]]
) -> list[tuple[str, int, str]]:
    """(words, number, address of those people) for each answer."""
    return [
        (
            asking.choice(question, key),
            number,
            url_for("organiser.attendees", slug=event.slug, answer=f"{question.key}={key}"),
        )
        for key, number in counts
    ]


def _hidden(event: Event) -> bool:
    """Whether there is anything that only the separate list shows."""
    asked = question_store.form(store(), event.id)
    return asked.asks_access or asked.asks_diet or any(q.sensitive for q in asked.questions)


@blueprint.route(ONE, methods=["GET", "POST"])
@access.organisers
@headers.takes_answers
def attendee_answers(slug: str, registration_id: int) -> ResponseReturnValue:
    """Correct somebody's answers on their behalf; required ones may stay open."""
    event = meeting(slug)
    found = _registration(event, registration_id)
    asked = question_store.form(store(), event.id)
    before = answer_actions.of(store(), found.id)
    form = AnswersForm()
    ask(form, asked, before=before, complete=False)
    if form.validate_on_submit():
        try:
            answer_actions.correct(
                store(), found.id, collected(asked), actor=access.actor(), now=now()
            )
        except Invalid as error:
            key = (error.field or "").removeprefix("q_")
            question = asked.by_key(key)
            complain(form, error.field or "", said_wrong(question, error.code) if question else "")
        else:
            said = _("The answers of %(name)s are saved.") % {"name": found.name}
            return back("attendee", said, slug=slug, registration_id=found.id, anchor="answers")
    hrefs = {
        key: url_for("organiser.attendee_file", slug=slug, registration_id=registration_id, key=key)
        for key in before
    }
    return page(
        "form/attendee.html",
        422 if form.errors else 200,
        event=event,
        found=found,
        form=form,
        **asking.shown(form, event, hrefs),
    )


@blueprint.get(f"{ONE}/<key>")
@access.organisers
def attendee_file(slug: str, registration_id: int, key: str) -> Response:
    """A file somebody answered with."""
    found = _registration(meeting(slug), registration_id)
    return asking.hand_out(answer_actions.of(store(), found.id), key)


def _registration(event: Event, registration_id: int) -> Registration:
    found = registrations.by_id(store(), registration_id)
    if found is None or found.event_id != event.id or not found.email:
        raise NotFoundPage
    return found


@blueprint.get("/events/<slug>/needs.csv")
@access.organisers
def needs_csv(slug: str) -> Response:
    """Food, access and sensitive answers for any spreadsheet: a list of its own (R50)."""
    event = meeting(slug)
    body = b"".join(sheets.csv(_needs(event), language=current()))
    return download(body, "text/csv; charset=utf-8", f"{event.slug}-{_('needs')}.csv")


@blueprint.get("/events/<slug>/needs.xlsx")
@access.organisers
def needs_xlsx(slug: str) -> Response:
    """The same for Excel."""
    event = meeting(slug)
    body = sheets.xlsx(_needs(event), title=_("Needs"), language=current(), at=now())
    return download(body, XLSX, f"{event.slug}-{_('needs')}.xlsx")


def _needs(event: Event) -> Iterator[Sequence[Cell]]:
    """Whoever needs something, and what, header first."""
    asked = [q for q in question_store.form(store(), event.id).questions if q.sensitive]
    yield [
        _("Name"),
        _("Organisation"),
        _("Access needs"),
        _("Diet"),
        *(plain(question.label) for question in asked),
    ]
    people = registrations.attendees(store(), event.id, states=sorted(LIVE))
    answers = question_store.of_event(store(), event.id, (each.id for each in people))
    for each in people:
        given = answers.get(each.id, {})
        row = [each.access_needs, each.diet, *(cell(q, given.get(q.id)) for q in asked)]
        if any(value not in (None, "") for value in row):
            yield [each.name, each.organisation, *row]


def columns(event: Event) -> list[Question]:
    """The questions that have a column in lists of attendees; sensitive ones have none (R50)."""
    asked = question_store.form(store(), event.id).questions
    return [q for q in asked if not q.sensitive and q.kind is not Kind.COMPANION]


def heading(question: Question) -> str:
    """The words above such a column."""
    words = plain(question.label)
    return f"{words} ({_('asked no more')})" if question.retired_at else words


def cell(question: Question, value: Value | None) -> Cell:
    """An answer as a cell: numbers stay numbers, days days; an address has its lines."""
    if question.kind is Kind.NUMBER and isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return value
    if isinstance(value, Address):
        return "\n".join(value.lines)
    return asking.said(question, value)


def wanted(event: Event) -> tuple[Question, str] | None:
    """The answer a list of attendees is filtered by (`?answer=key=option`), if it is one."""
    key, _sign, option = request.args.get("answer", "").partition("=")
    found = question_store.form(store(), event.id).by_key(key)
    known = found is not None and not found.sensitive and option in forms.deciding(found)
    return (found, option) if found is not None and known else None


def chosen(answer: tuple[Question, str] | None) -> tuple[int, str] | None:
    """The same as the store asks for it."""
    return (answer[0].id, answer[1]) if answer else None


def offered(event: Event) -> list[tuple[str, str]]:
    """The answers a list can be filtered by, as (value in the address, words)."""
    asked = question_store.form(store(), event.id).questions
    return [
        (f"{question.key}={key}", f"{plain(question.label)} – {asking.choice(question, key)}")
        for question in asked
        if not question.sensitive
        for key in forms.deciding(question)
    ]


def told(event: Event, found: Registration) -> dict[str, Any]:
    """What the page of one attendee shows of their answers."""
    answers = question_store.of_registration(store(), found.id)
    return {
        "given": asking.given(answers),
        "file_hrefs": {
            answer.question.key: url_for(
                "organiser.attendee_file",
                slug=event.slug,
                registration_id=found.id,
                key=answer.question.key,
            )
            for answer in answers
        },
        "has_questions": bool(question_store.form(store(), event.id).questions),
    }
