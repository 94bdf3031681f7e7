"""A programme item and a room, as organisers type them."""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import ClassVar

from wtforms import SelectField

from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.rules import dates
from eventkit.web.forms.base import (
    Form,
    Required,
    clock,
    day,
    instant,
    line,
    lines,
    number,
    options,
)
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

ROWS, MOST_ROWS = 6, 40
FIELDS = {"title": "title_de", "ends_at": "end_time", "name": "name_de"}
KINDS = [
    (Kind.TALK.value, _l("Talk")),
    (Kind.PANEL.value, _l("Panel")),
    (Kind.WORKSHOP.value, _l("Workshop")),
    (Kind.OPENING.value, _l("Opening")),
    (Kind.BREAK.value, _l("Break")),
    (Kind.NETWORKING.value, _l("Networking")),
]
ROLES = [
    (Role.SPEAKER.value, _l("Speaks")),
    (Role.MODERATOR.value, _l("Moderates")),
    (Role.PANELLIST.value, _l("Panellist")),
    (Role.OPENING.value, _l("Opens")),
]
SPOKEN = [("", _l("Not said")), ("de", "Deutsch"), ("en", "English")]


class RoomForm(Form):
    """A room of a meeting."""

    name_de = line(_l("Name in German"), lang="de", longest=120)
    name_en = line(_l("Name in English"), lang="en", longest=120)
    capacity = number(_l("Seats"), 0, 100_000)
    note_de = line(_l("Note, German"), lang="de", longest=300)
    note_en = line(_l("Note, English"), lang="en", longest=300)

    def room(self, room_id: int) -> Room:
        """The room the fields make."""
        return Room(room_id, self.text("name"), self.capacity.data, self.text("note"))


class _Items(Form):
    """What an item is, without its people."""

    kind = SelectField(_l("Kind"), choices=options(KINDS), default=Kind.TALK.value)
    title_de = line(_l("Title in German"), lang="de", longest=300)
    title_en = line(_l("Title in English"), lang="en", longest=300)
    abstract_de = lines(_l("Abstract, German"), lang="de")
    abstract_en = lines(_l("Abstract, English"), lang="en")
    language = SelectField(_l("Language spoken"), choices=options(SPOKEN), default="")
    on = day(_l("Day"), Required())
    start_time = clock(_l("From"), Required())
    end_time = clock(_l("To"), Required())
    end_on = day(_l("Last day, if it is another one"))
    room_id = SelectField(_l("Room"), coerce=int, default=0)
    track = line(_l("Track"), longest=80)
    capacity = number(_l("Places"), 0, 100_000)


def _row_of(at: int) -> dict[str, object]:
    return {
        f"person{at}": SelectField(_l("Person"), coerce=int, default=0),
        f"role{at}": SelectField(_l("Role"), choices=options(ROLES), default=Role.SPEAKER.value),
        f"place{at}": number(_l("Position"), 1, 99),
        f"function{at}_de": line(_l("Function that day, German"), lang="de", longest=200),
        f"function{at}_en": line(_l("Function that day, English"), lang="en", longest=200),
        f"organisation{at}_de": line(_l("Organisation that day, German"), lang="de", longest=200),
        f"organisation{at}_en": line(_l("Organisation that day, English"), lang="en", longest=200),
    }


def rows_for(item: Item | None, typed: Mapping[str, str]) -> int:
    """How many rows for people a form has: two more than needed, or as many as were shown."""
    shown = typed.get("rows", "")
    if shown.isdecimal() and len(shown) < 3:
        return max(1, min(int(shown), MOST_ROWS))
    return max(ROWS, min(len(item.people) + 2 if item else 0, MOST_ROWS))


class ItemForm(_Items):
    """An item; `item_form` gives it its rows for people."""

    rows: ClassVar[range] = range(0)

    def offer(self, rooms: list[Room], people: list[Person]) -> None:
        """Give the choices that depend on the meeting."""
        known = [(room.id, with_seats(room)) for room in rooms]
        self.room_id.choices = options([(0, _("No room yet")), *known])
        names = [(0, _("Nobody")), *((p.id, p.name) for p in people)]
        for at in self.rows:
            self[f"person{at}"].choices = options(names)

    def item(
        self, event: Event, item_id: int, rooms: list[Room], people: list[Person]
    ) -> Item | None:
        """The item the fields make; None when something is wrong, said at its field."""
        if not self.validate():
            return None
        starts_at = instant(self, "start_time", self.on.data, self.start_time.data, event.zone)
        until = self.end_on.data or self.on.data
        ends_at = instant(self, "end_time", until, self.end_time.data, event.zone)
        if starts_at is None or ends_at is None:
            return None
        return Item(
            id=item_id,
            uid="",
            kind=Kind(self.kind.data),
            title=self.text("title"),
            abstract=self.text("abstract"),
            language=self.language.data,
            starts_at=starts_at,
            ends_at=ends_at,
            room=next((room for room in rooms if room.id == self.room_id.data), None),
            track=self.track.data or "",
            capacity=self.capacity.data,
            people=self._parts({person.id: person for person in people}),
        )

    def _parts(self, people: dict[int, Person]) -> tuple[Part, ...]:
        """The people in the order of their positions; without one, where they stand."""
        found: dict[tuple[int, str], Part] = {}
        for at in sorted(self.rows, key=lambda at: (self[f"place{at}"].data or at, at)):
            person, role = people.get(self[f"person{at}"].data), self[f"role{at}"].data
            if person is not None:
                part = Part(
                    person,
                    Role(role),
                    self.text(f"function{at}"),
                    self.text(f"organisation{at}"),
                )
                found.setdefault((person.id, role), part)
        return tuple(found.values())


@cache
def item_form(rows: int) -> type[ItemForm]:
    """The form of an item with so many rows for people."""
    fields: dict[str, object] = {"rows": range(1, rows + 1)}
    for at in range(1, rows + 1):
        fields |= _row_of(at)
    return type("ItemForm", (ItemForm,), fields)


def with_seats(room: Room) -> str:
    """A room with its seats, where somebody counted them."""
    if room.capacity is None:
        return plain(room.name)
    return _("%(room)s (%(seats)s seats)") % {"room": plain(room.name), "seats": room.capacity}


def filled(item: Item, event: Event) -> dict[str, object]:
    """The fields of the form for an existing item, in the meeting's zone."""
    start, end = (dates.to_local(at, event.zone) for at in (item.starts_at, item.ends_at))
    values: dict[str, object] = {
        "kind": item.kind.value,
        "language": item.language,
        "on": start.date(),
        "start_time": start.time(),
        "end_on": end.date() if end.date() != start.date() else None,
        "end_time": end.time(),
        "room_id": item.room.id if item.room else 0,
        "track": item.track,
        "capacity": item.capacity,
    }
    values |= _pair("title", item.title) | _pair("abstract", item.abstract)
    for at, part in enumerate(item.people, 1):
        values |= {f"person{at}": part.person.id, f"role{at}": part.role.value, f"place{at}": at}
        values |= _pair(f"function{at}", part.function)
        values |= _pair(f"organisation{at}", part.organisation)
    return values


def fresh(event: Event, items: tuple[Item, ...]) -> dict[str, object]:
    """Where a new item begins: when the last one ends."""
    begins = max((item.ends_at for item in items), default=event.starts_at)
    local = dates.to_local(begins, event.zone)
    values: dict[str, date | time] = {"on": local.date(), "start_time": local.time()}
    return dict(values)


def room_fields(room: Room) -> dict[str, object]:
    """The fields of the form for an existing room."""
    return _pair("name", room.name) | _pair("note", room.note) | {"capacity": room.capacity}


def _pair(name: str, words: Text) -> dict[str, object]:
    return {f"{name}_de": words.de, f"{name}_en": words.en}
