"""The fields of a meeting's own questions, added to whatever form asks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import Field

from eventkit.actions.questions import Given
from eventkit.model.question import Filed, Kind, Question, Upload, Value
from eventkit.model.question import Form as Asked
from eventkit.rules import questions as rules
from eventkit.rules.uploads import ATTACHMENT_LIMIT
from eventkit.web.forms.base import Form
from eventkit.web.forms.visitors import VisitorForm, refusal
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _

PARTS = ("street", "postal_code", "town", "country")
LONG_LIST = 8
ACCEPTED = ".pdf,image/jpeg,image/png,image/webp"


@dataclass(frozen=True, slots=True)
class Box:
    """One thing to choose: its value, its words, whether it is chosen."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One of several lines of an answer: the field's name, its words, what was typed."""

    name: str
    label: str
    typed: str
    autocomplete: str = ""


class AnswerField(Field):  # type: ignore[misc] # comes without types
    """One question on a page. What was typed is shown again; `problem` is a refusal's code."""

    def __init__(
        self,
        question: Question,
        *,
        typed: Sequence[str],
        before: Value | None,
        problem: str,
        sent: bool,
        lines: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(plain(question.label), **kwargs)
        self.question, self.typed, self.before = question, tuple(typed), before
        self.problem, self.sent, self.lines = problem, sent, lines
        if question.required:
            self.flags.required = True

    def process(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is read here: the rules have weighed it already."""
        self.process_errors: list[str] = []

    def validate(self, *_args: Any, **_kwargs: Any) -> bool:
        self.errors = [said_wrong(self.question, self.problem)] if self.problem else []
        return not self.errors

    @property
    def value(self) -> str:
        """The one line that was typed."""
        return self.typed[0] if self.typed else ""

    @property
    def long_list(self) -> bool:
        """Whether there are too many options for buttons."""
        return self.question.kind is Kind.CHOICE and len(self.question.offered) >= LONG_LIST

    @property
    def boxes(self) -> list[Box]:
        """What can be chosen; one that was retired stays for whoever chose it."""
        if self.question.kind is Kind.YES_NO:
            pairs = [("yes", _("Yes")), ("no", _("No"))]
        else:
            kept = rules.chosen(self.before)
            pairs = [
                (option.key, plain(option.label))
                for option in self.question.options
                if not option.retired or option.key in kept
            ]
        found = [Box(key, label, key in self.typed) for key, label in pairs]
        if self.question.kind is not Kind.SEVERAL and not self.question.required:
            found.append(Box("", _("I’d rather not say"), not any(self.typed)))
        return found

    @property
    def parts(self) -> list[Part]:
        """The lines of an address, or a line for each person who may come along."""
        typed = [*self.typed, *[""] * (len(PARTS) + self.lines)]
        if self.question.kind is Kind.ADDRESS:
            words = (_("Street and number"), _("Postal code"), _("Town"), _("Country"))
            hints = ("street-address", "postal-code", "address-level2", "country-name")
            return [
                Part(f"{self.name}-{name}", label, line, hint)
                for name, label, line, hint in zip(PARTS, words, typed, hints, strict=False)
            ]
        return [
            Part(self.name, _("Person %(number)s") % {"number": number + 1}, typed[number])
            for number in range(self.lines)
        ]

    @property
    def day(self) -> bool:
        """Whether the browser's own calendar can show what was typed."""
        return not self.value or (len(self.value) == 10 and self.value[4:8:3] == "--")

    @property
    def file(self) -> Filed | None:
        """The file that was given before."""
        return self.before if isinstance(self.before, Filed) else None


def ask(
    form: Form,
    asked: Asked,
    *,
    before: Mapping[str, Value] | None = None,
    complete: bool = True,
    companions: int = 0,
) -> None:
    """Add a field for each question (`form.answers`). On a POST they are weighed at once.

    `before` is what the person answered earlier; with `companions` above 0 the form
    asks who comes along.
    """
    before = before or {}
    posted = request.method == "POST"
    given = collected(asked) if posted else Given()
    problems: Mapping[str, str] = {}
    if posted:
        problems = rules.judge(
            asked,
            given.typed,
            sent=given.files,
            before=before,
            complete=complete,
            companions=companions,
        ).problems
    found = []
    for question in asked.questions:
        if question.retired_at is not None:
            continue
        if question.kind is Kind.COMPANION and not companions:
            continue
        earlier = before.get(question.key)
        unbound = AnswerField(
            question,
            typed=given.typed.get(question.key, ()) if posted else rules.as_typed(earlier),
            before=earlier,
            problem=problems.get(question.key, ""),
            sent=question.key in given.files,
            lines=companions,
        )
        field = form.meta.bind_field(form, unbound, {"name": question.field, "prefix": ""})
        field.process()
        form._fields[question.field] = field
        found.append(field)
    form.asked, form.answers = asked, found
    if any(field.question.kind is Kind.COMPANION for field in found) and "companions" in form:
        # asked in the organiser's words already; what an old form sent stays
        while form.companions.entries and not form.companions.entries[-1].data:
            form.companions.pop_entry()


def collected(asked: Asked) -> Given:
    """What this request answers, raw; fields nobody asks for are passed over."""
    typed, files = {}, {}
    for question in asked.questions:
        if question.retired_at is not None:
            continue
        if question.kind is Kind.ADDRESS:
            typed[question.key] = _address(question)
        else:
            typed[question.key] = request.form.getlist(question.field)
        if question.kind is Kind.FILE:
            sent = request.files.get(question.field)
            if sent is not None and sent.filename:
                octets = sent.stream.read(ATTACHMENT_LIMIT + 1)
                sent.stream.seek(0)
                files[question.key] = Upload(octets, sent.filename)
    return Given(typed, files, consent(), current())


def _address(question: Question) -> list[str]:
    """The lines of an address; all of them, where one was sent twice."""
    lines = [request.form.getlist(f"{question.field}-{part}") for part in PARTS]
    if any(len(set(line)) > 1 for line in lines):
        return [each for line in lines for each in [*line, ""]]
    return [line[0] if line else "" for line in lines]


def consent() -> str:
    """What answering a sensitive question agrees to, as the page shows it (R50)."""
    return _(
        "By answering this question you expressly agree that we use your answer for this purpose. "
        "We delete it 14 days after the meeting at the latest, and you can withdraw at any time."
    )


def said_wrong(question: Question, code: str) -> str:
    """What is wrong with an answer, as a sentence."""
    if code == "consent_sensitive":
        return _("Please load this page again and read the note at this question.")
    if code in ("number_low", "number_high"):
        low, high = question.lowest, question.highest
        if low is not None and high is not None:
            return _("Please enter a number from %(low)s to %(high)s.") % {"low": low, "high": high}
        if low is not None:
            return _("Please enter %(low)s or more.") % {"low": low}
        return _("Please enter %(high)s or less.") % {"high": high}
    words = {
        "doubled": _("There are two answers here. Please give one."),
        "choice": _("Please choose one of the answers offered. Perhaps they changed meanwhile."),
        "number": _("Please enter a number, such as 2 or 1.5."),
        "date": _("Please enter a day, such as 2026-11-20."),
        "address_part": _("Please enter at least street and town."),
        "companions_many": _("So many persons can't come along."),
    }
    return words.get(code) or refusal(code)


class AnswersForm(VisitorForm):
    """Nothing but the meeting's own questions."""
