"""Letters in the organisers' own words: the wording of a kind, a message, a reminder."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit.model.agenda import Item
from eventkit.model.mailing import Audience, Mailing
from eventkit.model.places import Group
from eventkit.model.question import Kind, Question
from eventkit.model.registration import State
from eventkit.rules import placeholders
from eventkit.rules.wordings import LONGEST_SUBJECT
from eventkit.web.forms.base import Form, clock, day, line, lines, number, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

SHOWN = ("de", "en", "de-text", "en-text")


def _many(label: object, **more: Any) -> SelectMultipleField:
    return SelectMultipleField(label, widget=ListWidget(), option_widget=CheckboxInput(), **more)


class WordsForm(Form):
    """Subject and text in both languages."""

    subject_de = line(_l("Subject, German"), lang="de", longest=LONGEST_SUBJECT)
    body_de = lines(_l("Text, German"), lang="de")
    subject_en = line(_l("Subject, English"), lang="en", longest=LONGEST_SUBJECT)
    body_en = lines(_l("Text, English"), lang="en")

    def words(self, language: str) -> tuple[str, str]:
        """Subject and body as typed for a language."""
        return self[f"subject_{language}"].data or "", self[f"body_{language}"].data or ""

    def mistakes(self, code: str, field: str) -> str:
        """What is wrong with a placeholder, naming it and all that are known."""
        typed = self[field].data or "" if field in self else ""
        if code == "placeholder":
            wrong = ", ".join(f"{{{name}}}" for name in placeholders.unknown(typed))
            known = ", ".join(f"{{{name}}}" for name in placeholders.KNOWN)
            words = _("%(wrong)s is not known. These can be used: %(known)s")
            return words % {"wrong": wrong, "known": known}
        return _(
            "A placeholder stands where it can't be filled in: only {link}, {page} and "
            "{programme} may be the target of a link."
        )


class MessageForm(WordsForm):
    """A message and whom it goes to."""

    states = _many(_l("Who gets it"))
    groups = _many(_l("Only these groups"), coerce=int)
    workshops = _many(_l("Only who chose one of these workshops"), coerce=int)
    without_workshop = BooleanField(_l("Only who has chosen no workshop"))
    silent = BooleanField(_l("Only who has not answered the invitation in their calendar"))
    answer = SelectField(_l("Only who answered a question so"), filters=[lambda v: v or ""])
    people = lines(_l("Only these people, by their mail addresses, one a line"))

    def offer(
        self,
        states: Iterable[State],
        groups: Sequence[Group],
        workshops: Sequence[Item],
        questions: Sequence[Question],
    ) -> None:
        """Give the choices of this meeting."""
        named = state_names()
        self.states.choices = options((s.value, named[s]) for s in states)
        self.groups.choices = options((group.id, plain(group.name)) for group in groups)
        self.workshops.choices = options((item.id, plain(item.title)) for item in workshops)
        self.answer.choices = options([("", _("everybody")), *_answers(questions)])

    def audience(self, people: Sequence[int]) -> Audience:
        """Whom the fields mean."""
        question, _equals, answer = (self.answer.data or "").partition("=")
        return Audience(
            states=tuple(State(state) for state in self.states.data or ()),
            groups=tuple(self.groups.data or ()),
            workshops=tuple(self.workshops.data or ()),
            without_workshop=bool(self.without_workshop.data),
            silent=bool(self.silent.data),
            question=question,
            answer=answer,
            people=tuple(people),
        )


def _answers(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """The answers one may choose by; those about health or belief are nobody's filter."""
    found = []
    for question in questions:
        if question.sensitive:
            continue
        label = plain(question.label)
        if question.kind is Kind.YES_NO:
            pairs = [("yes", _("yes")), ("no", _("no"))]
        else:
            pairs = [(option.key, plain(option.label)) for option in question.options]
        found += [(f"{question.key}={key}", f"{label}: {words}") for key, words in pairs]
    return found


def message_fields(message: Mailing, addresses: Sequence[str]) -> dict[str, object]:
    """A message as the fields show it."""
    wanted = message.audience
    return {
        "subject_de": message.subject.de,
        "subject_en": message.subject.en,
        "body_de": message.body.de,
        "body_en": message.body.en,
        "states": [state.value for state in wanted.states],
        "groups": list(wanted.groups),
        "workshops": list(wanted.workshops),
        "without_workshop": wanted.without_workshop,
        "silent": wanted.silent,
        "answer": f"{wanted.question}={wanted.answer}" if wanted.question else "",
        "people": "\n".join(addresses),
    }


def state_names() -> dict[State, str]:
    """Who somebody is for the organisers, by state."""
    return {
        State.CONFIRMED: _("with a place"),
        State.ATTENDED: _("were there"),
        State.OFFERED: _("a place is kept for them"),
        State.WAITING: _("on the waiting list"),
        State.REQUESTED: _("asked for a place"),
        State.CANCELLED: _("were registered when it was called off"),
    }


class SendForm(Form):
    """When a message goes out; empty is now."""

    on = day(_l("Day"))
    at = clock(_l("Time"))


class ReminderForm(Form):
    """How long before the beginning."""

    before = number(_l("How long before the beginning"), 1, 1440)
    unit = SelectField(_l("Unit"), choices=options([("days", _l("days")), ("hours", _l("hours"))]))


class LookForm(WordsForm):
    """For whom and in which form a letter is shown; what is typed is only looked at."""

    person = SelectField(_l("For"), validate_choice=False)
    shown = SelectField(
        _l("As"),
        choices=options(
            [
                ("de", _l("German, as it looks")),
                ("en", _l("English, as it looks")),
                ("de-text", _l("German, plain text")),
                ("en-text", _l("English, plain text")),
            ]
        ),
        validate_choice=False,
    )
