"""A list of attendees in a table: what its columns say, and whom each of its rows means."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from eventkit.errors import Invalid
from eventkit.model.agenda import Item
from eventkit.model.places import Group
from eventkit.model.question import Form, Kind, Question, Value
from eventkit.model.registration import State
from eventkit.rules import attendee_cells as cells
from eventkit.rules import questions, seats, text
from eventkit.rules.attendee_cells import Unread


class Column(StrEnum):
    """What a column can say; a meeting's own question is named by its field (`q_<key>`)."""

    NAME = "name"
    FIRST = "first_name"
    LAST = "last_name"
    EMAIL = "email"
    ORGANISATION = "organisation"
    ROLE = "role"
    STATE = "state"
    LANGUAGE = "language"
    GROUP = "group"
    WORKSHOPS = "workshops"
    WAITS = "waits_for"
    PERSONS = "persons"
    COMPANIONS = "companions"
    ACCESS = "access_needs"
    DIET = "diet"


_HEADINGS: tuple[tuple[Column, str], ...] = (
    (Column.EMAIL, r"e-?mail(-?adresse| address)?|mail(-?adresse)?|address"),
    (Column.FIRST, r"vornamen?|(first|given) ?name|forename|rufname"),
    (Column.LAST, r"(nach|familien|zu)name|(last|family) ?name|surname"),
    (
        Column.NAME,
        r"(full |vollständiger )?name|vor- und (nach|zu)name|teilnehm\S+|gast|guest|person",
    ),
    (
        Column.ORGANISATION,
        r"organi[sz]ation|firma|company|einrichtung|verein|institution|verband|träger",
    ),
    (Column.ROLE, r"funktion|function|position|rolle|role|job title|beruf|tätigkeit"),
    (Column.STATE, r"stand|status|state"),
    (Column.LANGUAGE, r"sprache|language|lang|locale"),
    (Column.GROUP, r"gruppe|group|kategorie|category|ticket( ?(type|name))?|teilnahmeart"),
    (Column.WORKSHOPS, r"workshops?"),
    (Column.WAITS, r"wartet auf|waits for"),
    (Column.PERSONS, r"personen(zahl)?|persons|people|(anzahl )?plätze|places|seats"),
    (Column.COMPANIONS, r"kommt mit|comes with|begleit\S+|companions?|guests"),
    (Column.ACCESS, r"bedarf|access needs|barrierefreiheit|accessibility"),
    (Column.DIET, r"essen|diet|ernährung|food"),
)


def guess(header: Sequence[str], form: Form) -> tuple[str, ...]:
    """What the columns of a table probably say, by their headings; each thing only once."""
    taken: set[str] = set()
    found = []
    named = {
        cells.key(words): question.field
        for question in reversed(askable(form))
        for words in (question.field, question.label.en, question.label.de)
        if words
    }
    allowed = meanings(form)
    for heading in header:
        word = cells.key(heading.replace("_", " "))
        fits = [named.get(cells.key(heading), "")]
        fits += [column.value for column, words in _HEADINGS if re.fullmatch(words, word)]
        column = next((each for each in fits if each in allowed and each not in taken), "")
        found.append(column)
        taken.add(column)
    return tuple(found)


def meanings(form: Form) -> tuple[str, ...]:
    """Everything a column may say at a meeting with this form."""
    gone = set()
    if not form.asks_access:
        gone.add(Column.ACCESS)
    if not form.asks_diet:
        gone.add(Column.DIET)
    fixed = [column.value for column in Column if column not in gone]
    return (*fixed, *(question.field for question in askable(form)))


def askable(form: Form) -> tuple[Question, ...]:
    """The questions whose answers a table can hold: no files, and companions stand by names."""
    return tuple(
        question
        for question in form.questions
        if question.retired_at is None and question.kind not in (Kind.FILE, Kind.COMPANION)
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What a table is read against: the meeting's form, groups, workshops and people.

    `taken` are the folded addresses of everybody who is registered already. `language` and
    `group` hold for whoever the table says nothing of. At most `companions` may come along.
    """

    form: Form
    groups: tuple[Group, ...] = ()
    workshops: tuple[Item, ...] = ()
    companions: int = 0
    taken: Collection[str] = frozenset()
    language: str = "de"
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody a row means, every field read. `first` and `second` are workshops by id."""

    name: str
    email: str
    organisation: str = ""
    role: str = ""
    language: str = "de"
    state: State | None = None
    group: int | None = None
    first: tuple[int, ...] = ()
    second: tuple[int, ...] = ()
    companions: tuple[str, ...] = ()
    access_needs: str = ""
    diet: str = ""
    answers: Mapping[str, Value] = field(default_factory=dict)

    @property
    def places(self) -> int:
        """How many persons would come."""
        return 1 + len(self.companions)


class What(StrEnum):
    """What becomes of a row. `OFF` was cancelled or names nobody, `DOUBLE` came before."""

    PLACE = "place"
    WAITING = "waiting"
    REQUESTED = "requested"
    KNOWN = "known"
    DOUBLE = "double"
    OFF = "off"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """One row and what becomes of it. `code`, `about` and `value` say what is wrong where."""

    number: int
    what: What
    name: str
    email: str
    guest: Guest | None = None
    code: str = ""
    about: str = ""
    value: str = ""


COMING = frozenset({What.PLACE, What.WAITING, What.REQUESTED})


def read(
    rows: Iterable[Sequence[str]], numbers: Iterable[int], columns: Sequence[str], known: Known
) -> list[Line]:
    """The rows one by one, in their order; whoever could come counts as PLACE for now."""
    reader = _Reader(known)
    return [
        reader.line(number, {c: cell for c, cell in zip(columns, row, strict=False) if c})
        for row, number in zip(rows, numbers, strict=True)
    ]


class _Reader:
    """Reads one row after the other and remembers the addresses it met."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.met: dict[str, int] = {}
        self.rivals = seats.at_one_time(known.workshops)
        self.workshops = {
            cells.key(title): item.id
            for item in reversed(known.workshops)
            for title in (item.title.en, item.title.de)
            if title
        }
        self.groups = {
            cells.key(name): group.id
            for group in reversed(known.groups)
            for name in (group.name.en, group.name.de)
            if name
        }

    def line(self, number: int, row: Mapping[str, str]) -> Line:
        """One row judged."""
        name, email = _name(row), text.clean(row.get(Column.EMAIL, ""))
        try:
            with _at(Column.STATE):
                state = cells.state(row.get(Column.STATE, ""))
            empty = Column.EMAIL in row and not (name or email)
            if state is State.CANCELLED or empty:
                return Line(number, What.OFF, name, email)
            email = _address(email)
            email_key = text.address_key(email)
            if email_key in self.met:
                earlier = str(self.met[email_key])
                return Line(number, What.DOUBLE, name, email, value=earlier)
            if email_key in self.known.taken:
                self.met[email_key] = number
                return Line(number, What.KNOWN, name, email)
            guest = self._guest(row, _sound_name(name), email, state)
        except _Wrong as wrong:
            return Line(
                number,
                What.WRONG,
                name[:200],
                email[:254],
                code=wrong.code,
                about=wrong.about,
                value=wrong.value[:200],
            )
        self.met[email_key] = number
        what = What.REQUESTED if state is State.REQUESTED else What.PLACE
        return Line(number, what, name, email, guest)

    def _guest(self, row: Mapping[str, str], name: str, email: str, state: State | None) -> Guest:
        first, second = self._sessions(row)
        companions = self._companions(row)
        with _at(Column.LANGUAGE):
            language = cells.language(row.get(Column.LANGUAGE, ""), self.known.language)
        return Guest(
            name=name,
            email=email,
            organisation=_short(row, Column.ORGANISATION, 200),
            role=_short(row, Column.ROLE, 200),
            language=language,
            state=state,
            group=self._group(row.get(Column.GROUP, "")),
            first=first,
            second=second,
            companions=companions,
            access_needs=_short(row, Column.ACCESS, 1000, lines=True),
            diet=_short(row, Column.DIET, 500, lines=True),
            answers=self._answers(row),
        )

    def _group(self, cell: str) -> int | None:
        if not cell.strip():
            return self.known.group
        found = self.groups.get(cells.key(cell))
        if found is None:
            raise _Wrong("unknown_group", Column.GROUP, cell)
        return found

    def _companions(self, row: Mapping[str, str]) -> tuple[str, ...]:
        cell, said = row.get(Column.COMPANIONS, ""), row.get(Column.PERSONS, "").strip()
        with _at(Column.COMPANIONS):
            found = cells.names(cell)
        if said and not re.fullmatch(r"[0-9]{1,3}", said):
            raise _Wrong("persons", Column.PERSONS, said)
        if said and int(said) not in (0, 1 + len(found)):
            raise _Wrong("persons_names", Column.PERSONS, said)
        if len(found) > self.known.companions:
            raise _Wrong("too_many_companions", Column.COMPANIONS, cell)
        return found

    def _sessions(self, row: Mapping[str, str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """First and second wishes. Whoever waits for something while they have another place
        at that time wanted the former first.
        """
        first: list[int] = []
        second: list[int] = []
        for column in (Column.WAITS, Column.WORKSHOPS):
            cell = row.get(column, "")
            with _at(column):
                named = cells.picked(cell, self.workshops, "workshop") if cell.strip() else []
            for item in named:
                if item in first or item in second:
                    continue
                if self.rivals[item].isdisjoint(first):
                    first.append(item)
                elif self.rivals[item].isdisjoint(second):
                    second.append(item)
                else:
                    raise _Wrong("sessions_clash", column, cell)
        return tuple(first), tuple(second)

    def _answers(self, row: Mapping[str, str]) -> Mapping[str, Value]:
        typed: dict[str, Sequence[str]] = {}
        for question in askable(self.known.form):
            cell = row.get(question.field, "")
            if cell.strip():
                with _at(question.field):
                    typed[question.key] = cells.typed(question, cell)
        if not typed:
            return {}
        verdict = questions.judge(self.known.form, typed, complete=False)
        for key, code in verdict.problems.items():
            raise _Wrong(f"answer_{code}", f"q_{key}", "; ".join(typed[key]))
        return verdict.values


class _Wrong(Exception):
    """Something in a row that can't be taken, at the column `about`."""

    def __init__(self, code: str, about: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.about, self.value = code, str(about), value


@contextmanager
def _at(column: str) -> Iterator[None]:
    """What can't be read stands in this column."""
    try:
        yield
    except Unread as error:
        raise _Wrong(error.code, column, error.value) from None


def _name(row: Mapping[str, str]) -> str:
    """The name of a row: whole, or first and last name together."""
    whole = text.clean(row.get(Column.NAME, ""))
    if whole and (Column.FIRST not in row or Column.LAST in row):
        return whole
    parts = (row.get(Column.FIRST, ""), row.get(Column.LAST, "") or whole)
    return text.clean(" ".join(parts))


def _sound_name(name: str) -> str:
    try:
        return text.person_name(name)
    except Invalid as error:
        raise _Wrong(f"name_{error.code}", Column.NAME, name) from None


def _address(typed: str) -> str:
    try:
        return text.address(typed)
    except Invalid:
        raise _Wrong("no_address" if not typed else "address", Column.EMAIL, typed) from None


def _short(row: Mapping[str, str], column: Column, limit: int, *, lines: bool = False) -> str:
    words = text.clean(row.get(column, ""), lines=lines)
    if len(words) > limit:
        raise _Wrong("too_long", column, words)
    return words
