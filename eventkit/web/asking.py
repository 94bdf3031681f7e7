"""A meeting's own questions in words: conditions, values, days of deletion, files to hand out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, send_file, url_for
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit import language as words
from eventkit.actions import questions as answer_actions
from eventkit.model.event import Event
from eventkit.model.question import Address, Answer, Filed, Form, Kind, Question, Value
from eventkit.model.registration import Registration, State
from eventkit.rules import questions as rules
from eventkit.store import questions as question_store
from eventkit.store import shelf
from eventkit.web.forms.answers import consent
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _
from eventkit.web.site import store


def kinds() -> dict[str, str]:
    """The kinds of questions, as organisers choose them."""
    return {
        Kind.SHORT.value: _("Short text"),
        Kind.LONG.value: _("Long text"),
        Kind.CHOICE.value: _("One of several answers"),
        Kind.SEVERAL.value: _("Several answers"),
        Kind.NUMBER.value: _("A number"),
        Kind.DATE.value: _("A day"),
        Kind.YES_NO.value: _("Yes or no"),
        Kind.FILE.value: _("A file"),
        Kind.ADDRESS.value: _("Postal address"),
        Kind.COMPANION.value: _("Who comes along"),
    }


def said(question: Question, value: Value | None) -> str:
    """An answer in the reader's language; lines of an address are joined by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Address):
        return ", ".join(value.lines)
    if isinstance(value, Filed):
        return value.filename
    if question.kind in (Kind.CHOICE, Kind.SEVERAL):
        return "; ".join(choice(question, key) for key in rules.chosen(value))
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, float) and current() == "de":
        return str(value).replace(".", ",")
    if isinstance(value, str | int | float):
        return str(value)
    return words.day(value, "UTC", current(), weekday=False)


def choice(question: Question, key: str) -> str:
    """The words of an option, or of yes and no; the key itself where nothing is known of it."""
    if question.kind is Kind.YES_NO:
        return _("Yes") if key == "yes" else _("No")
    return next((plain(o.label) for o in question.options if o.key == key), key)


def condition(asked: Form, question: Question) -> str:
    """When a question is asked, in words; "" for always."""
    if question.shown_if is None:
        return ""
    parent = asked.by_key(question.shown_if.key)
    if parent is None:
        return _("Not asked: what it depends on is gone.")
    answers = [
        _("“%(words)s”") % {"words": choice(parent, key)} for key in question.shown_if.values
    ]
    return _("Only if you answered %(answers)s to “%(question)s”.") % {
        "answers": _(" or ").join(answers),
        "question": plain(parent.label),
    }


def conditions(asked: Form) -> dict[str, str]:
    """The conditions of all questions in words, by key."""
    return {question.key: condition(asked, question) for question in asked.questions}


def gone_on(asked: Form, event: Event) -> dict[str, str]:
    """The day from which on each answer is gone, in words, by key."""
    return {
        question.key: words.day(
            rules.delete_on(question, event), event.zone, current(), weekday=False
        )
        for question in asked.questions
    }


def shown(
    form: Any, event: Event, file_hrefs: Mapping[str, str] | None = None
) -> dict[str, object]:
    """What a page needs to show the questions that `ask` added to its form."""
    return {
        "asked": form.asked,
        "answers": form.answers,
        "conditions": conditions(form.asked),
        "gone_on": gone_on(form.asked, event),
        "answer_consent": consent(),
        "file_hrefs": file_hrefs or {},
        "sends_files": any(field.question.kind is Kind.FILE for field in form.answers),
    }


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as pages show it."""

    question: Question
    words: str


def given(answers: Iterable[Answer]) -> list[Told]:
    """Answers in words."""
    return [Told(each.question, said(each.question, each.value)) for each in answers]


def own(token: str, found: Registration, event: Event, now: datetime) -> dict[str, Any]:
    """What a guest's own page shows of their answers, and what is still to be answered."""
    live = found.state is not State.CANCELLED
    asked = question_store.form(store(), event.id)
    open_now = live and rules.may_edit(event, now)
    missing = answer_actions.open_for(store(), event, found.id) if open_now else []
    return {
        "given": given(question_store.of_registration(store(), found.id)),
        "file_hrefs": own_files(token, found.id),
        "missing": [plain(question.label) for question in missing],
        "may_answer": open_now and any(q.retired_at is None for q in asked.questions),
    }


def own_files(token: str, registration_id: int) -> dict[str, str]:
    """Where a guest fetches the files they answered with, by key."""
    return {
        answer.question.key: url_for("guest.answer_file", token=token, key=answer.question.key)
        for answer in question_store.of_registration(store(), registration_id)
        if isinstance(answer.value, Filed)
    }


def exported(answers: Iterable[Answer]) -> list[dict[str, object]]:
    """Answers as data for the person themselves (R55)."""
    return [
        {
            "question": plain(answer.question.label),
            "key": answer.question.key,
            "answer": said(answer.question, answer.value),
        }
        for answer in answers
    ]


def hand_out(answers: Mapping[str, Value], key: str) -> Response:
    """The file of an answer, as an attachment that no browser runs (R20)."""
    found = answers.get(key)
    if not isinstance(found, Filed):
        raise NotFoundPage
    path = shelf.path(store(), found.sha256)
    if not path.is_file():
        raise NotFoundPage
    sent = send_file(
        path, mimetype=found.media_type, as_attachment=True, download_name=found.filename
    )
    sent.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    sent.headers["Cache-Control"] = "private, no-store"
    return sent
