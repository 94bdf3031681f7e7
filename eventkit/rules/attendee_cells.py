"""What a cell of a list of attendees says: languages, states, names out of a list, answers."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from eventkit.errors import Invalid
from eventkit.model.question import Kind, Question
from eventkit.model.registration import State
from eventkit.rules import text

T = TypeVar("T")
_BETWEEN = re.compile(r"[;\n|]")
_YES = frozenset("ja yes j y x 1 wahr true".split())
_NO = frozenset("nein no n 0 falsch false".split())
_STATES: tuple[tuple[State, str], ...] = (
    (State.CANCELLED, r"abgemeldet|storniert|abgesagt|cancell?ed|withdrawn|declined"),
    (State.WAITING, r"wart\S*|wait\S*|waiting list"),
    (State.REQUESTED, r"angefragt|asked for|requested|pending|offen|open|beantragt"),
    (State.ATTENDED, r"war dabei|teilgenommen|anwesend|attended|checked[ -]in|present"),
    (State.OFFERED, r"platz angeboten|place offered|offered"),
    (
        State.CONFIRMED,
        r"bestätigt|confirmed|angemeldet|registered|zugesagt|accepted|ok|attending|going|active",
    ),
)


class Unread(Exception):
    """A cell can't be read. `code` says why, `value` is what stands there."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


def key(words: str) -> str:
    """Words as they are compared: without case and doubled blanks."""
    return " ".join(words.casefold().split())


def language(cell: str, default: str) -> str:
    """The language somebody is written to in. Raises Unread `language`."""
    word = key(cell)
    if not word:
        return default
    if re.fullmatch(r"de([-_].*)?|deu|ger|deutsch|german", word):
        return "de"
    if re.fullmatch(r"en([-_].*)?|eng|englisch|english", word):
        return "en"
    raise Unread("language", cell)


def state(cell: str) -> State | None:
    """How somebody's registration stood; None for an empty cell. Raises Unread `state`."""
    word = key(cell)
    if not word:
        return None
    for found, words in _STATES:
        if re.fullmatch(words, word):
            return found
    raise Unread("state", cell)


def names(cell: str) -> tuple[str, ...]:
    """The persons of a cell, separated by semicolons or lines. Raises Unread `companion`."""
    found = []
    for part in _BETWEEN.split(cell):
        if part.strip():
            try:
                found.append(text.person_name(part))
            except Invalid:
                raise Unread("companion", part.strip()) from None
    return tuple(found)


def picked(cell: str, known: Mapping[str, T], code: str) -> list[T]:
    """What a cell names out of something known (by folded name), in its order.

    Names are separated by semicolons or lines, or by commas where nothing else fits; a name
    may hold such signs itself. Raises Unread with `code` for a name that is not known.
    """
    whole = known.get(key(cell))
    if whole is not None:
        return [whole]
    return _joined(cell, _BETWEEN, known) or _joined(cell, re.compile(r"[;,\n|]"), known, code)


def _joined(cell: str, between: re.Pattern[str], known: Mapping[str, T], code: str = "") -> list[T]:
    """The longest known names that follow each other; none at all without a `code` to raise."""
    ends = [match.start() for match in between.finditer(cell)] + [len(cell)]
    found: list[T] = []
    start = 0
    while start < len(cell):
        behind = [end for end in ends if end > start]
        if not cell[start : behind[0]].strip():
            start = behind[0] + 1
            continue
        fits = (end for end in reversed(behind[:6]) if key(cell[start:end]) in known)
        end = next(fits, None)
        if end is None:
            if not code:
                return []
            raise Unread(code, cell[start : behind[0]].strip())
        value = known[key(cell[start:end])]
        if value not in found:
            found.append(value)
        start = end + 1
    return found


def typed(question: Question, cell: str) -> Sequence[str]:
    """What would be typed into the form for the answer of a cell; nothing for an empty one.

    Raises Unread `answer` for an option that is not offered.
    """
    if not cell.strip():
        return ()
    if question.kind in (Kind.CHOICE, Kind.SEVERAL):
        options = {
            key(name): option.key
            for option in reversed(question.offered)
            for name in (option.key, option.label.en, option.label.de)
            if name
        }
        return picked(cell, options, "answer")
    if question.kind is Kind.YES_NO:
        word = key(cell)
        if word not in _YES | _NO:
            raise Unread("answer", cell)
        return ("yes" if word in _YES else "no",)
    if question.kind is Kind.ADDRESS:
        return _address(cell)
    if question.kind is Kind.DATE:
        return (re.split(r"[ T]", cell, maxsplit=1)[0] if cell[:4].isdecimal() else cell,)
    return (cell,)


def _address(cell: str) -> tuple[str, str, str, str]:
    """Street, postal code, town, country of an address in lines (or between commas)."""
    lines = [line.strip() for line in re.split(r"\n" if "\n" in cell else ",", cell)]
    street, town, country = [*lines, "", ""][:3]
    code: list[str] = []
    words = town.split()
    while len(words) > 1 and any(sign.isdigit() for sign in words[0]):
        code.append(words.pop(0))
    return street, " ".join(code), " ".join(words), country or ""
