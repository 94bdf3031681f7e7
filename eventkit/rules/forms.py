"""The form of a meeting: whether a question makes sense, and what may change once answered."""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Any

from eventkit.errors import Invalid
from eventkit.model.question import DECIDES, WITH_OPTIONS, Form, Kind, Option, Question
from eventkit.model.text import Text
from eventkit.rules import text

MOST = 60
MOST_OPTIONS = 60
MOST_FILES = 3
LOSSLESS = frozenset(
    {
        (Kind.SHORT, Kind.LONG),
        (Kind.CHOICE, Kind.SEVERAL),
    }
)
"""Changes of a kind that keep every answer given."""
_LIMITS = {"label": 300, "help": 1000, "purpose": 300}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def checked(question: Question, form: Form, *, answered: bool) -> Question:
    """The question cleaned, as it may stand in this form; id 0 for a new one.

    Raises Invalid with the field: `required`, `too_long`, `options_few`, `options_many`,
    `number`, `condition`, `condition_circle`, `form_full`, and for a question that was answered
    `kind_answered`, `sensitive_answered`, `deletion_promised`.
    """
    cleaned: dict[str, Any] = {}
    for name, limit in _LIMITS.items():
        words = text.clean_both(getattr(question, name), lines=name == "help")
        if max(len(words.de), len(words.en)) > limit:
            raise Invalid("too_long", field=name)
        cleaned[name] = words
    if not cleaned["label"]:
        raise Invalid("required", field="label")
    if not cleaned["purpose"]:
        raise Invalid("required", field="purpose")  # each field says why it is asked (R50)
    question = dataclasses.replace(question, **cleaned)
    if not KEY.fullmatch(question.key):
        raise Invalid("required", field="label")
    question = _bounded(_with_options(question))
    others = [each for each in form.questions if each.id != question.id or not question.id]
    _room(question, others)
    before = next((each for each in form.questions if each.id == question.id), None)
    if before is not None and answered:
        _keeps_its_word(question, before)
    _sound_condition(question, others)
    return question


def _with_options(question: Question) -> Question:
    if question.kind not in WITH_OPTIONS:
        return dataclasses.replace(question, options=())
    options = tuple(
        dataclasses.replace(option, label=text.clean_both(option.label))
        for option in question.options
    )
    if any(len(option.label.de) > 200 or len(option.label.en) > 200 for option in options):
        raise Invalid("too_long", field="options")
    question = dataclasses.replace(question, options=options)
    if len(question.offered) < 2:
        raise Invalid("options_few", field="options")
    if len(options) > MOST_OPTIONS:
        raise Invalid("options_many", field="options")
    return question


def _bounded(question: Question) -> Question:
    days = question.delete_after_days
    if days is not None and not 0 <= days <= 3650:
        raise Invalid("number", field="delete_after_days")
    if question.kind is not Kind.NUMBER:
        return dataclasses.replace(question, lowest=None, highest=None)
    low, high = question.lowest, question.highest
    if low is not None and high is not None and low > high:
        raise Invalid("number", field="highest")
    return question


def _room(question: Question, others: Sequence[Question]) -> None:
    """There is room for it in the form, and one question at most for who comes along."""
    asked = [each for each in others if each.retired_at is None]
    if len(asked) >= MOST:
        raise Invalid("form_full")
    kinds = [each.kind for each in asked]
    if question.kind is Kind.COMPANION and Kind.COMPANION in kinds:
        raise Invalid("companion_twice", field="kind")
    if question.kind is Kind.FILE and kinds.count(Kind.FILE) >= MOST_FILES:
        raise Invalid("files_many", field="kind")


def _keeps_its_word(question: Question, before: Question) -> None:
    """What people were told when they answered still holds."""
    if question.kind is not before.kind and (before.kind, question.kind) not in LOSSLESS:
        raise Invalid("kind_answered", field="kind")
    if before.sensitive and not question.sensitive:
        raise Invalid("sensitive_answered", field="sensitive")
    promised, wanted = before.delete_after_days, question.delete_after_days
    if promised is not None and (wanted is None or wanted > promised):
        raise Invalid("deletion_promised", field="delete_after_days")


def _sound_condition(question: Question, others: Sequence[Question]) -> None:
    """It depends on a question that can decide, on answers that exist, and on no circle."""
    if question.shown_if is None:
        return
    by_key = {each.key: each for each in others}
    parent = by_key.get(question.shown_if.key)
    if parent is None or not question.shown_if.values:
        raise Invalid("condition", field="shown_if")
    if set(question.shown_if.values) - set(deciding(parent)):
        raise Invalid("condition", field="shown_if")
    seen = {question.key, parent.key}
    while parent is not None and parent.shown_if is not None:
        if parent.shown_if.key in seen:
            raise Invalid("condition_circle", field="shown_if")
        seen.add(parent.shown_if.key)
        parent = by_key.get(parent.shown_if.key)


def deciding(question: Question) -> tuple[str, ...]:
    """The answers of a question on which another one may depend."""
    if question.kind not in DECIDES:
        return ()
    if question.kind is Kind.YES_NO:
        return ("yes", "no")
    return tuple(option.key for option in question.options)


def key(label: Text, taken: Iterable[str], *, fallback: str = "question") -> str:
    """A new key made of words, different from those taken."""
    words = text.slug(label.en or label.de).replace("-", "_")
    base = words[:30].strip("_").lstrip("0123456789_") or fallback
    candidate, number, known = base, 2, set(taken)
    while candidate in known:
        candidate, number = f"{base}_{number}", number + 1
    return candidate


def options(
    before: Sequence[Option], rows: Iterable[tuple[str, Text]], *, answered: bool
) -> tuple[Option, ...]:
    """The options as (key or "", words) rows want them, in their order.

    A row without words is left out. What is missing afterwards is retired where the question
    was answered, so that its words stay readable, and else forgotten.
    """
    known = {option.key: option for option in before}
    found: dict[str, Option] = {}
    for given, label in rows:
        if not label or given in found:
            continue
        name = given if given in known else key(label, {*known, *found}, fallback="option")
        found[name] = Option(name, label)
    gone = [option for option in before if option.key not in found]
    kept = [dataclasses.replace(option, retired=True) for option in gone] if answered else []
    return (*found.values(), *kept)


def moved(keys: Sequence[str], wanted: str, *, steps: int) -> list[str]:
    """The keys with one of them further up (steps below 0) or down."""
    order = list(keys)
    if wanted in order:
        at = order.index(wanted)
        order.insert(max(0, min(len(order) - 1, at + steps)), order.pop(at))
    return order


def arranged(keys: Sequence[str], wanted: Iterable[str]) -> list[str]:
    """The keys in a wanted order; unknown ones are ignored, unnamed ones stand at the end."""
    first = [name for name in dict.fromkeys(wanted) if name in keys]
    return [*first, *(name for name in keys if name not in first)]
