"""What people of a programme type about themselves and their part, or organisers for them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import IntegerRangeField, RadioField, SelectField

from eventkit.errors import Refused
from eventkit.model.appearance import Answer, Window
from eventkit.model.event import Event
from eventkit.model.person import Crop, Person
from eventkit.rules import dates, text
from eventkit.web.forms.base import Between, Form, Required, Sound, line, lines, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.people import LETTERS_IN
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _

ROWS = 2
MOST_ROWS = 6
MOST_DAYS = 14
_TEXTS = ("function", "organisation", "biography")
_LINES = ("name", "former_name", "website", "language")


class ProfileForm(Form):
    """What the public reads of a person, and the language of letters to them."""

    name = line(_l("Your name"), Required(), Sound(text.person_name), longest=200)
    former_name = line(_l("Former name"), longest=200)
    function_de = line(_l("Function, German"), lang="de", longest=200)
    function_en = line(_l("Function, English"), lang="en", longest=200)
    organisation_de = line(_l("Organisation, German"), lang="de", longest=200)
    organisation_en = line(_l("Organisation, English"), lang="en", longest=200)
    biography_de = lines(_l("Text about you, German"), lang="de")
    biography_en = lines(_l("Text about you, English"), lang="en")
    website = line(_l("Website"), Sound(text.web_address), longest=2000)
    language = SelectField(
        _l("Language of our letters"),
        choices=options(LETTERS_IN),
        default="",
    )

    def person(self, person_id: int) -> Person:
        """The person the fields make."""
        values: dict[str, Any] = {name: self[name].data or "" for name in _LINES}
        values |= {name: self.text(name) for name in _TEXTS}
        return Person(id=person_id, slug="", **values)


def filled(person: Person) -> dict[str, object]:
    """The fields of the profile for a person."""
    values: dict[str, object] = {name: getattr(person, name) for name in _LINES}
    for name in _TEXTS:
        words = getattr(person, name)
        values |= {f"{name}_de": words.de, f"{name}_en": words.en}
    return values


class PhotoForm(Form):
    """A photo and the square of it that is shown; without script the sliders do it all."""

    photo = FileField(_l("Photo"))
    zoom = IntegerRangeField(_l("How near"), [Between(100, 400)], default=100)
    across = IntegerRangeField(_l("From left to right"), [Between(0, 100)], default=50)
    down = IntegerRangeField(_l("From top to bottom"), [Between(0, 100)], default=30)
    alt_de = line(_l("What the photo shows, German"), lang="de", longest=300)
    alt_en = line(_l("What the photo shows, English"), lang="en", longest=300)
    credit = line(_l("Photo by"), longest=200)

    def crop(self) -> Crop:
        """The square that was chosen."""
        chosen, usual = (self.across.data, self.down.data, self.zoom.data), Crop()
        known = (usual.across, usual.down, usual.zoom)
        return Crop(*(k if c is None else c for c, k in zip(chosen, known, strict=True)))


class AnswerForm(Form):
    """Taking part or not."""

    answer = RadioField(
        _l("Do you take part?"),
        [Required()],
        choices=options(
            [
                (Answer.CONFIRMED.value, _l("Yes, I take part")),
                (Answer.DECLINED.value, _l("No, I can’t")),
            ]
        ),
    )
    remark = lines(_l("A word to the organisers"))


class WishForm(Form):
    """What somebody needs in the room."""

    technical = lines(_l("What you need in the room"))


@dataclass
class Row:
    """One span of time as it was typed, and what is wrong with it."""

    name: str
    start: str = ""
    end: str = ""
    error: str = ""


@dataclass
class Day:
    """One day of a meeting with its spans."""

    day: date
    rows: list[Row] = field(default_factory=list)


class Hours:
    """When somebody can be there: spans of time for each day of a meeting, in its zone.

    Plain fields `from-<day>-<row>` and `to-<day>-<row>`; a submit button named `more` asks
    for another row of a day instead of saving.
    """

    def __init__(self, event: Event, windows: tuple[Window, ...] = ()) -> None:
        self.event = event
        self.problem = ""
        first = dates.to_local(event.starts_at, event.zone).date()
        last = dates.to_local(event.ends_at - timedelta(seconds=1), event.zone).date()
        number = min((last - first).days + 1, MOST_DAYS)
        self.days = [Day(first + timedelta(days=n)) for n in range(number)]
        for start, end in windows:
            self._put(start, end)
        for day in self.days:
            self._fill(day, max(ROWS, len(day.rows) + 1))

    def _put(self, start: datetime, end: datetime) -> None:
        local = dates.to_local(start, self.event.zone)
        until = dates.to_local(end, self.event.zone)
        for day in self.days:
            if day.day == local.date():
                row = Row(self._name(day, len(day.rows)), f"{local:%H:%M}", f"{until:%H:%M}")
                day.rows.append(row)

    def _name(self, day: Day, row: int) -> str:
        return f"{self.days.index(day)}-{row}"

    def _fill(self, day: Day, number: int) -> None:
        while len(day.rows) < min(number, MOST_ROWS):
            day.rows.append(Row(self._name(day, len(day.rows))))

    def read(self, typed: "MultiDict[str, str]") -> tuple[Window, ...]:
        """The windows of what was typed; what is wrong stands at its row."""
        found = []
        for day in self.days:
            day.rows = []
            for number in range(MOST_ROWS):
                name = self._name(day, number)
                start, end = (typed.get(f"{side}-{name}", "").strip() for side in ("from", "to"))
                if start or end or number < ROWS:
                    row = Row(name, start[:8], end[:8])
                    day.rows.append(row)
                    window = self._window(day.day, row)
                    found += [window] if window else []
        for number, day in enumerate(self.days):
            wanted = len(day.rows) + (typed.get("more") == str(number))
            self._renumber(day, wanted)
        return tuple(found)

    def _renumber(self, day: Day, number: int) -> None:
        for at, row in enumerate(day.rows):
            row.name = self._name(day, at)
        self._fill(day, number)

    def _window(self, day: date, row: Row) -> Window | None:
        if not row.start and not row.end:
            return None
        start, end = _clock(row.start), _clock(row.end)
        if start is None or end is None:
            row.error = _("Please enter both times, such as 10:00 and 12:30.")
            return None
        until = day + timedelta(days=1) if end == time(0) else day
        if datetime.combine(until, end) <= datetime.combine(day, start):
            row.error = sentence("end_before_start")
            return None
        try:
            zone = self.event.zone
            return (
                dates.to_instant(datetime.combine(day, start), zone),
                dates.to_instant(datetime.combine(until, end), zone),
            )
        except Refused as error:
            row.error = sentence(error.code)
            return None

    @property
    def wrong(self) -> bool:
        """Whether anything typed can't be kept."""
        return bool(self.problem or self.errors)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, with the field it stands at."""
        return [(f"from-{r.name}", r.error) for day in self.days for r in day.rows if r.error]


def _clock(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
