"""The form of a meeting: what is asked, in which order, taken from where."""

from flask import g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import forms as form_actions
from eventkit.actions import questions as answer_actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.question import Form as Asked
from eventkit.model.question import Kind, Question
from eventkit.model.text import LANGUAGES
from eventkit.rules import forms as rules
from eventkit.rules.ready import READY
from eventkit.store import events
from eventkit.store import questions as question_store
from eventkit.web import access, asking, headers
from eventkit.web.forms.answers import AnswersForm, ask, collected, said_wrong
from eventkit.web.forms.base import complain
from eventkit.web.forms.questions import (
    FIELDS,
    QuestionForm,
    filled,
    rows_moved,
    rows_of,
    rows_typed,
)
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser.desk import ask as ask_first
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, store

BASE = "/events/<slug>/form"
ONE = f"{BASE}/questions/<key>"


@blueprint.get(BASE)
@access.organisers
def form(slug: str) -> ResponseReturnValue:
    """Everything the meeting asks, in order, and where more questions come from."""
    event = meeting(slug)
    asked = question_store.form(store(), event.id)
    live = [question for question in asked.questions if question.retired_at is None]
    others = events.some(store(), question_store.events_asking(store()))
    return page(
        "form/list.html",
        event=event,
        asked=asked,
        live=live,
        retired=[question for question in asked.questions if question.retired_at],
        answered=question_store.answered(store(), event.id),
        kinds=asking.kinds(),
        conditions=asking.conditions(asked),
        gone_on=asking.gone_on(asked, event),
        ready=[(name, each) for name, each in READY.items() if asked.by_key(name) is None],
        others=[(each.slug, plain(each.title)) for each in others.values() if each.id != event.id],
        needs_companions=not event.companions and any(q.kind is Kind.COMPANION for q in live),
    )


@blueprint.post(f"{BASE}/add")
@access.organisers
def form_add(slug: str) -> ResponseReturnValue:
    """Add a question of the library."""
    event = meeting(slug)
    try:
        added = form_actions.add_ready(
            store(), event.id, request.form.get("name", ""), actor=access.actor(), now=now()
        )
    except Invalid as error:
        return back("form", wrong(error.code), "danger", slug=slug)
    said = _("“%(question)s” is asked now. Have a look at its words.")
    return back("form", said % {"question": plain(added.label)}, slug=slug, anchor=added.field)


@blueprint.post(f"{BASE}/copy")
@access.organisers
def form_copy(slug: str) -> ResponseReturnValue:
    """Ask what another meeting asks."""
    event = meeting(slug)
    source = events.by_slug(store(), request.form.get("from", ""))
    if source is None or source.id == event.id:
        return back("form", _("Please choose a meeting."), "danger", slug=slug)
    try:
        number = form_actions.copy(store(), event.id, source.id, actor=access.actor(), now=now())
    except Invalid as error:
        return back("form", wrong(error.code), "danger", slug=slug)
    words = ngettext("%(num)s question was added.", "%(num)s questions were added.", number)
    return back("form", words % {"num": number}, slug=slug)


@blueprint.post(f"{BASE}/order")
@access.organisers
def form_order(slug: str) -> ResponseReturnValue:
    """Put the questions into the order in which they were dragged."""
    event = meeting(slug)
    keys = request.form.get("order", "").split(",")[: rules.MOST]
    form_actions.arrange(store(), event.id, keys, actor=access.actor(), now=now())
    return back("form", _("The order is saved."), slug=slug, anchor="questions")


@blueprint.post(f"{BASE}/switch")
@access.organisers
def form_switch(slug: str) -> ResponseReturnValue:
    """Ask for access needs and diet, or not."""
    event = meeting(slug)
    form_actions.switch(
        store(),
        event.id,
        access="asks_access" in request.form,
        diet="asks_diet" in request.form,
        actor=access.actor(),
        now=now(),
    )
    return back("form", _("Saved."), slug=slug, anchor="built-in")


@blueprint.post(f"{BASE}/consents")
@access.organisers
def form_consents(slug: str) -> ResponseReturnValue:
    """Ask apart for pictures and for the list of guests, or not."""
    event = meeting(slug)
    form_actions.ask_consents(
        store(),
        event.id,
        photo="photo_consent" in request.form,
        attendees="attendee_list" in request.form,
        actor=access.actor(),
        now=now(),
    )
    return back("form", _("Saved."), slug=slug, anchor="consents")


@blueprint.post(f"{ONE}/move")
@access.organisers
def question_move(slug: str, key: str) -> ResponseReturnValue:
    """Put a question one further up or down."""
    event = meeting(slug)
    steps = -1 if request.form.get("to") == "up" else 1
    form_actions.move(store(), event.id, key, steps=steps, actor=access.actor(), now=now())
    return back("form", slug=slug, anchor=f"q_{key}")


@blueprint.route(f"{BASE}/new", methods=["GET", "POST"])
@access.organisers
def question_new(slug: str) -> ResponseReturnValue:
    """A question of one's own."""
    return _question_page(meeting(slug), None)


@blueprint.route(ONE, methods=["GET", "POST"])
@access.organisers
def question(slug: str, key: str) -> ResponseReturnValue:
    """Change a question; what was answered stays readable."""
    event = meeting(slug)
    return _question_page(event, _question(event, key))


def _question_page(event: Event, before: Question | None) -> ResponseReturnValue:
    asked = question_store.form(store(), event.id)
    number = question_store.answered(store(), event.id).get(before.id, 0) if before else 0
    edit = QuestionForm(data=filled(before) if before else None)
    edit.offer(asked, before, answered=bool(number))
    posted = request.method == "POST"
    rows = rows_typed(before) if posted else rows_of(before.offered if before else ())
    moved = request.form.get("rows", "")
    problem = ""
    if moved:
        rows = rows_moved(rows, moved)
    elif posted:
        wanted = edit.question(before, rows, answered=bool(number))
        if wanted is not None:
            try:
                saved = form_actions.save(
                    store(), event.id, wanted, actor=access.actor(), now=now()
                )
            except Invalid as error:
                problem = wrong(error.code)
                complain(edit, FIELDS.get(error.field or "", error.field or ""), problem)
            else:
                said = _("The question is saved.")
                return back("form", said, slug=event.slug, anchor=saved.field)
    return page(
        "form/question.html",
        422 if edit.errors else 200,
        event=event,
        form=edit,
        before=before,
        rows=rows,
        rows_wrong=problem if "options" not in edit and problem in edit.form_errors else "",
        retired=[option for option in before.options if option.retired] if before else [],
        number=number,
        gone_on=asking.gone_on(asked, event).get(before.key, "") if before else "",
    )


@blueprint.route(f"{ONE}/remove", methods=["GET", "POST"])
@access.organisers
def question_remove(slug: str, key: str) -> ResponseReturnValue:
    """Ask a question no more, after asking; answers given stay."""
    event = meeting(slug)
    found = _question(event, key)
    if request.method == "POST":
        try:
            kept = form_actions.take_out(store(), event.id, key, actor=access.actor(), now=now())
        except Invalid as error:
            return back("form", wrong(error.code), "danger", slug=slug)
        if kept:
            said = _("The question is asked no more. Its answers stay with the people.")
        else:
            said = _("The question is gone.")
        return back("form", said, slug=slug)
    number = question_store.answered(store(), event.id).get(found.id, 0)
    words = ngettext(
        "%(num)s person has answered it. The answer stays readable, marked as retired.",
        "%(num)s people have answered it. The answers stay readable, marked as retired.",
        number,
    )
    return ask_first(
        event,
        title=_("Ask “%(question)s” no more?") % {"question": plain(found.label)},
        text=words % {"num": number} if number else _("Nobody has answered it."),
        button=_("Take it out"),
        leave="form",
    )


@blueprint.post(f"{ONE}/back")
@access.organisers
def question_back(slug: str, key: str) -> ResponseReturnValue:
    """Ask a retired question again."""
    event = meeting(slug)
    try:
        form_actions.bring_back(store(), event.id, key, actor=access.actor(), now=now())
    except Invalid as error:
        return back("form", wrong(error.code), "danger", slug=slug)
    return back("form", _("The question is asked again."), slug=slug, anchor=f"q_{key}")


@blueprint.route(f"{BASE}/preview", methods=["GET", "POST"])
@access.organisers
@headers.takes_answers
def form_preview(slug: str) -> ResponseReturnValue:
    """The true form in one language; sending it says what guests would hear, and keeps nothing."""
    event = meeting(slug)
    wanted = request.args.get("in", "")
    if wanted in LANGUAGES:
        g.language = wanted  # this page only: the organiser's own choice stays
    asked = question_store.form(store(), event.id)
    preview = AnswersForm()
    ask(preview, asked, companions=event.companions)
    sound = False
    if request.method == "POST":
        sound = preview.validate() and _files_are_sound(preview, asked)
    return page(
        "form/preview.html",
        200 if sound or request.method == "GET" else 422,
        event=event,
        form=preview,
        sound=sound,
        **asking.shown(preview, event),
    )


def _files_are_sound(preview: AnswersForm, asked: Asked) -> bool:
    try:
        answer_actions.drawn(collected(asked).files)
    except Invalid as error:
        found = asked.by_key((error.field or "").removeprefix("q_"))
        complain(preview, error.field or "", said_wrong(found, error.code) if found else "")
    return not preview.errors


def _question(event: Event, key: str) -> Question:
    found = question_store.form(store(), event.id).by_key(key)
    if found is None:
        raise NotFoundPage
    return found


def wrong(code: str) -> str:
    """Why a question can't stand so, as a sentence."""
    words = {
        "options_few": _("Please offer at least two answers."),
        "options_many": _("These are more answers than a form can show."),
        "condition": _("What it should depend on is not there. Please choose again."),
        "condition_circle": _("These questions would wait for each other for ever."),
        "condition_needed": _("Another question depends on this one. Change that one first."),
        "form_full": _("A form has at most 60 questions."),
        "files_many": _("A form has at most 3 files."),
        "companion_twice": _("The form asks already who comes along."),
        "kind_answered": _("Answers given would be lost. Ask a new question instead."),
        "sensitive_answered": _("People were promised that their answers go after 14 days."),
        "deletion_promised": _("People were promised an earlier day. It can only become earlier."),
        "number": _("This number can't be right. Please look at it again."),
    }
    return words.get(code) or sentence(code)
