"""Answers: what was typed becomes a value or a refusal, and who is asked what at all."""

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from eventkit.errors import Invalid
from eventkit.model.event import Event, Stage
from eventkit.model.question import (
    Address,
    Filed,
    Form,
    Kind,
    Question,
    Tally,
    Upload,
    Value,
)
from eventkit.rules import text, uploads

SENSITIVE_DAYS = 14
SHORT, LONG, PART = 300, 3000, 200
REMOVE = "remove"
"""Typed for a file question to take the file given before away."""
Typed = Mapping[str, Sequence[str]]
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_GERMAN = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers of one form come to.

    `values` holds what is to be kept, by key; `uploads` the media type of each new file that
    is sound; `problems` a refusal's code for each key that has one.
    """

    values: dict[str, Value] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def judge(
    form: Form,
    typed: Typed,
    *,
    sent: Mapping[str, Upload] | None = None,
    before: Mapping[str, Value] | None = None,
    complete: bool = True,
    companions: int = 0,
    judged: Mapping[str, str] | None = None,
) -> Verdict:
    """Weigh all answers at once. Questions nobody asks any more are passed over.

    `before` holds what the person answered earlier: a file stays unless another comes or it is
    taken away, and an option that was retired since may be kept. Without `complete` a required
    answer may be missing. At most `companions` persons may come along. `judged` are the media
    types of files that were looked into already: that takes long, and is not done again.
    """
    sent, before, judged = sent or {}, before or {}, judged or {}
    verdict = Verdict()
    wrong: dict[str, str] = {}
    for question in form.questions:
        if question.retired_at is None:
            try:
                _weigh(question, typed, sent, before, verdict, companions, judged)
            except Invalid as error:
                wrong[question.key] = error.code
    for question in form.questions:
        if question.retired_at is not None:
            continue
        key = question.key
        if not shown(form, question, verdict.values, doubtful=wrong):
            verdict.values.pop(key, None)
            verdict.uploads.pop(key, None)
        elif key in wrong:
            verdict.problems[key] = wrong[key]
        elif complete and question.required and key not in {*verdict.values, *verdict.uploads}:
            verdict.problems[key] = "required"
    return verdict


def _weigh(
    question: Question,
    typed: Typed,
    sent: Mapping[str, Upload],
    before: Mapping[str, Value],
    verdict: Verdict,
    companions: int,
    judged: Mapping[str, str],
) -> None:
    key = question.key
    if question.kind is Kind.FILE:
        if key in sent:
            octets = sent[key].octets
            verdict.uploads[key] = judged.get(key) or uploads.check_attachment(
                io.BytesIO(octets), len(octets)
            )
        elif isinstance(before.get(key), Filed) and REMOVE not in typed.get(key, ()):
            verdict.values[key] = before[key]
        return
    value = parse(question, typed.get(key, ()), before=before.get(key))
    if value is not None:
        if question.kind is Kind.COMPANION and isinstance(value, tuple) and len(value) > companions:
            raise Invalid("companions_many")
        verdict.values[key] = value


def shown(
    form: Form,
    question: Question,
    values: Mapping[str, Value],
    *,
    doubtful: Mapping[str, str] | None = None,
) -> bool:
    """Whether somebody with these answers is asked this question.

    One that depends on a question which is hidden, retired, gone or unreadable is not asked.
    """
    seen = {question.key}
    while question.shown_if is not None:
        parent = form.by_key(question.shown_if.key)
        if parent is None or parent.retired_at is not None or parent.key in seen:
            return False
        if parent.key in (doubtful or {}):
            return False
        given = set(chosen(values.get(parent.key)))
        if not given & set(question.shown_if.values):
            return False
        seen.add(parent.key)
        question = parent
    return True


def chosen(value: Value | None) -> tuple[str, ...]:
    """The keys that an answer chooses; `yes` or `no` for one of these."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, tuple):
        return value
    return (str(value),)


def parse(question: Question, typed: Sequence[str], *, before: Value | None = None) -> Value | None:
    """The value of what was typed, None for nothing.

    Raises Invalid with the field of the question: `too_long`, `doubled` (two answers where one
    is meant), `choice`, `number`, `number_low`, `number_high`, `date`, `address_part`,
    `name_with_address`.
    """
    try:
        return _PARSERS[question.kind](question, typed, before)
    except Invalid as error:
        raise Invalid(error.code, field=question.field) from None


def _only(typed: Sequence[str], *, lines: bool = False) -> str:
    """The one answer that was given, "" for none."""
    given = list(dict.fromkeys(c for v in typed if (c := text.clean(v, lines=lines))))
    if len(given) > 1:
        raise Invalid("doubled")
    return given[0] if given else ""


def _words(question: Question, typed: Sequence[str], _before: Value | None) -> Value | None:
    long = question.kind is Kind.LONG
    value = _only(typed, lines=long)
    if len(value) > (LONG if long else SHORT):
        raise Invalid("too_long")
    return value or None


def _choice(question: Question, typed: Sequence[str], before: Value | None) -> Value | None:
    value = _only(typed)
    if value and value not in _open(question, before):
        raise Invalid("choice")
    return value or None


def _several(question: Question, typed: Sequence[str], before: Value | None) -> Value | None:
    given = {c for v in typed if (c := text.clean(v))}
    if given - _open(question, before):
        raise Invalid("choice")
    return tuple(option.key for option in question.options if option.key in given) or None


def _open(question: Question, before: Value | None) -> set[str]:
    """What may be chosen: what is offered, and what this person had chosen before."""
    kept = {option.key for option in question.options} & set(chosen(before))
    return {option.key for option in question.offered} | kept


def _number(question: Question, typed: Sequence[str], _before: Value | None) -> Value | None:
    value = _only(typed).replace(" ", "").replace("\N{MINUS SIGN}", "-")
    if not value:
        return None
    if not _NUMBER.fullmatch(value):
        raise Invalid("number")
    number = float(value.replace(",", "."))
    if question.lowest is not None and number < question.lowest:
        raise Invalid("number_low")
    if question.highest is not None and number > question.highest:
        raise Invalid("number_high")
    return int(number) if number == math.floor(number) else number


def _date(_question: Question, typed: Sequence[str], _before: Value | None) -> Value | None:
    value = _only(typed)
    if not value:
        return None
    iso, german = _ISO.fullmatch(value), _GERMAN.fullmatch(value)
    try:
        if iso:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif german:
            found = date(int(german[3]), int(german[2]), int(german[1]))
        else:
            raise Invalid("date")
    except ValueError:
        raise Invalid("date") from None
    if not 1900 <= found.year <= 2199:
        raise Invalid("date")
    return found


def _yes_no(_question: Question, typed: Sequence[str], _before: Value | None) -> Value | None:
    value = _only(typed)
    if value not in ("", "yes", "no"):
        raise Invalid("choice")
    return value == "yes" if value else None


def _address(_question: Question, typed: Sequence[str], _before: Value | None) -> Value | None:
    parts = [text.clean(part) for part in typed]
    if not any(parts):
        return None
    if len(parts) > 4:
        raise Invalid("doubled")
    if any(len(part) > PART for part in parts):
        raise Invalid("too_long")
    street, postal_code, town, country = [*parts, "", "", ""][:4]
    if not street or not town:
        raise Invalid("address_part")
    return Address(street, postal_code, town, country)


def _companions(_question: Question, typed: Sequence[str], _before: Value | None) -> Value | None:
    return tuple(text.person_name(name) for name in typed if text.clean(name)) or None


_PARSERS: dict[Kind, Callable[[Question, Sequence[str], Value | None], Value | None]] = {
    Kind.SHORT: _words,
    Kind.LONG: _words,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.ADDRESS: _address,
    Kind.COMPANION: _companions,
}


def as_typed(value: Value | None) -> tuple[str, ...]:
    """How a value would be typed again: `parse` of it gives the value back (no files)."""
    if value is None or isinstance(value, Filed):
        return ()
    if isinstance(value, Address):
        return (value.street, value.postal_code, value.town, value.country)
    if isinstance(value, date):
        return (value.isoformat(),)
    return chosen(value)


def delete_on(question: Question, event: Event) -> datetime:
    """From when on an answer is gone: its own days, 14 for a sensitive one, or the person's."""
    days = [event.retention_days]
    if question.sensitive:
        days.append(SENSITIVE_DAYS)
    if question.delete_after_days is not None:
        days.append(question.delete_after_days)
    return event.ends_at + timedelta(days=min(days))


def may_edit(event: Event, now: datetime) -> bool:
    """Whether guests may still change their answers: until registration closes."""
    if event.stage in (Stage.CANCELLED, Stage.ARCHIVED):
        return False
    return now < min(event.closes_at or event.starts_at, event.ends_at)


def tally(question: Question, values: Iterable[Value]) -> Tally:
    """All answers to one question together."""
    given = list(values)
    counted = Counter(key for value in given for key in chosen(value))
    if question.kind is Kind.YES_NO:
        counts = tuple((key, counted[key]) for key in ("yes", "no"))
    else:
        counts = tuple(
            (option.key, counted[option.key])
            for option in question.options
            if counted[option.key] or not option.retired
        )
    numbers = [value for value in given if isinstance(value, int | float)]
    total = round(sum(numbers), 2) if question.kind is Kind.NUMBER else None
    return Tally(question, len(given), counts, total)
