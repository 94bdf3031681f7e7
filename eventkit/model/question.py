"""What an organiser asks besides name and address, and what people answer."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from eventkit.model.text import NOTHING, Text


class Kind(StrEnum):
    """How a question is answered.

    `COMPANION` asks for the names of the persons who come along: each takes a place, so its
    answer lies with the registration and not among the answers.
    """

    SHORT = "short"
    LONG = "long"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    FILE = "file"
    ADDRESS = "address"
    COMPANION = "companion"


WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.SEVERAL})
DECIDES = frozenset({Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO})
"""The kinds on whose answer another question may depend."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose. `key` never changes; a retired one is not offered any more."""

    key: str
    label: Text
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only where the one with `key` was answered with one of `values`.

    Values are the keys of options, or `yes` and `no`.
    """

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a meeting's form.

    `key` names its field (`q_<key>`) and never changes. `purpose` says what the answer is for.
    A `sensitive` one (Art. 9 GDPR) has a consent of its own and goes 14 days after the meeting;
    `delete_after_days` counts from the end of the meeting, None keeps the answer as long as the
    person. `lowest` and `highest` bound a number. A retired question is asked no more.
    """

    id: int
    event_id: int
    key: str
    kind: Kind
    label: Text
    help: Text = NOTHING
    purpose: Text = NOTHING
    options: tuple[Option, ...] = ()
    required: bool = False
    shown_if: Condition | None = None
    sensitive: bool = False
    delete_after_days: int | None = None
    lowest: int | None = None
    highest: int | None = None
    retired_at: datetime | None = None

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return f"q_{self.key}"

    @property
    def offered(self) -> tuple[Option, ...]:
        """What can be chosen now."""
        return tuple(option for option in self.options if not option.retired)


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is sent by post."""

    street: str
    postal_code: str
    town: str
    country: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it stands on an envelope."""
        town = " ".join(part for part in (self.postal_code, self.town) if part)
        return tuple(line for line in (self.street, town, self.country) if line)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent, nothing about it believed yet."""

    octets: bytes
    filename: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that lies on the shelf as an answer."""

    sha256: str
    filename: str
    media_type: str
    size: int


Value = str | int | float | bool | date | tuple[str, ...] | Address | Filed
"""An answer: text, the key of an option (several: a tuple), number, yes or no, day, …"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to a question."""

    question: Question
    value: Value


@dataclass(frozen=True, slots=True)
class Form:
    """All that a meeting asks: its questions in order, and the two built-in ones on needs."""

    questions: tuple[Question, ...] = ()
    asks_access: bool = True
    asks_diet: bool = True

    def by_key(self, key: str) -> Question | None:
        """The question with a key."""
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question together: how many answered, each option's count, the sum."""

    question: Question
    answered: int
    counts: tuple[tuple[str, int], ...] = ()
    total: int | float | None = None
