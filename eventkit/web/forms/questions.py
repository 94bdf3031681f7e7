"""A question of a meeting's form, as organisers type it in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit.model.question import Condition, Kind, Option, Question
from eventkit.model.question import Form as Asked
from eventkit.model.text import Text
from eventkit.rules import forms as rules
from eventkit.rules import text
from eventkit.web.asking import choice, kinds
from eventkit.web.forms.base import Form, complain, line, lines, number, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

BLANK, MOST_ROWS = 2, rules.MOST_OPTIONS
FIELDS = {"label": "label_de", "help": "help_de", "purpose": "purpose_de"}


@dataclass(frozen=True, slots=True)
class Row:
    """An answer to choose, in the editor: its key ("" for a new one) and its words."""

    key: str
    de: str
    en: str


class QuestionForm(Form):
    """Everything about one question; the rows of options are read beside it."""

    kind = SelectField(_l("How it is answered"), default=Kind.SHORT.value)
    label_de = line(_l("Question in German"), lang="de", longest=300)
    label_en = line(_l("Question in English"), lang="en", longest=300)
    help_de = lines(_l("Help, German"), lang="de")
    help_en = lines(_l("Help, English"), lang="en")
    purpose_de = line(_l("What for, German"), lang="de", longest=300)
    purpose_en = line(_l("What for, English"), lang="en", longest=300)
    required = BooleanField(_l("An answer is required"))
    sensitive = BooleanField(
        _l("It is about health, disability, faith, origin or the like (Art. 9 GDPR)")
    )
    delete_after_days = number(_l("Days after the meeting until the answers are deleted"), 0, 3650)
    lowest = number(_l("Smallest number"), -1_000_000, 1_000_000)
    highest = number(_l("Largest number"), -1_000_000, 1_000_000)
    shown_if = SelectMultipleField(
        _l("Ask only after one of these answers"),
        validate_choice=False,
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, asked: Asked, before: Question | None, *, answered: bool) -> None:
        """Give the kinds that are possible, and the answers it may depend on."""
        kind = before.kind if before else None
        self.kind.choices = options(
            (name, label)
            for name, label in kinds().items()
            if kind is None or not answered or Kind(name) is kind or (kind, name) in rules.LOSSLESS
        )
        self.shown_if.choices = [
            (f"{parent.key}={name}", f"{plain(parent.label)} – {choice(parent, name)}")
            for parent in asked.questions
            if parent.retired_at is None and (before is None or parent.id != before.id)
            for name in rules.deciding(parent)
        ]

    def question(
        self, before: Question | None, rows: Sequence[Row], *, answered: bool
    ) -> Question | None:
        """The question the fields make; None when something is wrong, said at its field."""
        if not self.validate():
            return None
        condition = self._condition()
        if self.errors:
            return None
        kept = before.options if before else ()
        return Question(
            id=before.id if before else 0,
            event_id=before.event_id if before else 0,
            key=before.key if before else "",
            kind=Kind(self.kind.data),
            label=self.text("label"),
            help=self.text("help"),
            purpose=self.text("purpose"),
            options=rules.options(
                kept, [(row.key, Text(row.de, row.en)) for row in rows], answered=answered
            ),
            required=self.required.data,
            shown_if=condition,
            sensitive=self.sensitive.data,
            delete_after_days=self.delete_after_days.data,
            lowest=self.lowest.data,
            highest=self.highest.data,
        )

    def _condition(self) -> Condition | None:
        chosen = [value.partition("=") for value in self.shown_if.data or ()]
        if not chosen:
            return None
        if len({key for key, _sign, _name in chosen}) > 1:
            complain(self, "shown_if", _("Please choose answers of one question only."))
            return None
        return Condition(chosen[0][0], tuple(dict.fromkeys(name for _k, _s, name in chosen)))


def filled(question: Question) -> dict[str, object]:
    """The fields of the form for an existing question."""
    names = "required sensitive delete_after_days lowest highest".split()
    values: dict[str, object] = {name: getattr(question, name) for name in names}
    for name in ("label", "help", "purpose"):
        words = getattr(question, name)
        values |= {f"{name}_de": words.de, f"{name}_en": words.en}
    values["kind"] = question.kind.value
    if question.shown_if:
        values["shown_if"] = [f"{question.shown_if.key}={v}" for v in question.shown_if.values]
    return values


def rows_of(offered: Sequence[Option]) -> list[Row]:
    """The rows of the editor, with some empty ones behind."""
    rows = [Row(option.key, option.label.de, option.label.en) for option in offered]
    return [*rows, *[Row("", "", "")] * max(BLANK, 4 - len(rows))]


def rows_typed(before: Question | None) -> list[Row]:
    """The rows as they were typed; retired options that are offered again stand behind."""
    names = ("option_key", "option_de", "option_en")
    columns = [[text.clean(v) for v in request.form.getlist(name)[:MOST_ROWS]] for name in names]
    length = max((len(column) for column in columns), default=0)
    padded = [[*column, *[""] * (length - len(column))] for column in columns]
    rows = [Row(*cells) for cells in zip(*padded, strict=True)]
    again = request.form.getlist("option_again")
    retired = before.options if before else ()
    back = [Row(o.key, o.label.de, o.label.en) for o in retired if o.retired and o.key in again]
    return [*rows, *back]


def rows_moved(rows: Sequence[Row], wish: str) -> list[Row]:
    """The rows after one of the editor's buttons: `up:2`, `down:2` or `more`."""
    found = list(rows)
    what, _sign, digits = wish.partition(":")
    at = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else -1
    other = {"up": at - 1, "down": at + 1}.get(what, -1)
    if 0 <= at < len(found) and 0 <= other < len(found):
        found[at], found[other] = found[other], found[at]
    if what == "more":
        found += [Row("", "", "")] * 3
    return found[:MOST_ROWS]
