"""What the editor of the programme posts: a step, a line, a beginning."""

from collections.abc import Iterable
from datetime import datetime

from wtforms import BooleanField, HiddenField, SelectField

from eventkit.actions.planning import New
from eventkit.model.agenda import Item, Kind, Role, Room
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules import dates, frames, planning, quick
from eventkit.rules.planning import Move
from eventkit.web.forms.agenda import KINDS
from eventkit.web.forms.base import (
    Form,
    Required,
    clock,
    complain,
    day,
    instant,
    line,
    number,
    options,
)
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _

STEPS = (
    "earlier later shorter longer place lasting shift swap insert spread duplicate remove".split()
)
SCOPES = [("room", _l("In this room")), ("all", _l("In all rooms"))]
PUSHES = [("", _l("Nothing else moves")), *SCOPES]
ROLE_OF = {Kind.PANEL: Role.PANELLIST, Kind.OPENING: Role.OPENING}


class StepForm(Form):
    """One step at one item: a button says which, the other fields how."""

    do = SelectField(_l("What"), choices=options((name, name) for name in STEPS))
    by = number(_l("Minutes"), -1440, 20160)
    on = day(_l("Day"))
    minute = number(_l("Minute of the day"), 0, 2880)
    room = number(_l("Room"), 0, 10**15)
    scope = SelectField(_l("Where"), choices=options(PUSHES), default="")
    first = BooleanField(_l("This item too"))
    kind = SelectField(_l("Kind"), choices=options(KINDS), default=Kind.BREAK.value)
    title = line(_l("Title"), longest=300)
    other = HiddenField()
    seen = HiddenField()

    def marks(self, item_id: int) -> dict[int, str]:
        """What the organiser saw of the items this step is about."""
        other, _colon, mark = (self.other.data or "").partition(":")
        found = {item_id: self.seen.data or ""}
        if self.do.data == "swap" and other.isdecimal() and len(other) < 16:
            found[int(other)] = mark
        return {key: value for key, value in found.items() if value}

    def move(self, item: Item) -> Move | None:
        """The step as a move; None when something is wrong, said in `errors`."""
        if not self.validate():
            return None
        by, everywhere = self.by.data or 0, self.scope.data == "all"
        if self.do.data in ("earlier", "later"):
            return planning.Nudge(item.id, by if self.do.data == "later" else -by)
        if self.do.data in ("shorter", "longer"):
            return planning.Stretch(item.id, by if self.do.data == "longer" else -by)
        if self.do.data == "place":
            return planning.Place(item.id, self.on.data, self.minute.data, self.room.data)
        if self.do.data == "lasting":
            lasts = round((item.ends_at - item.starts_at).total_seconds() / 60)
            return planning.Stretch(item.id, by - lasts)
        if self.do.data == "shift":
            return planning.Shift(item.id, by, everywhere, bool(self.first.data))
        return self._further(item, by)

    def _further(self, item: Item, by: int) -> Move:
        if self.do.data == "swap":
            other = (self.other.data or "").partition(":")[0]
            known = other.isdecimal() and len(other) < 16
            return planning.Swap(item.id, int(other) if known else item.id)
        if self.do.data == "insert":
            kind = Kind(self.kind.data)
            return planning.Insert(item.id, kind, self._title(kind), by, push=self.scope.data or "")
        if self.do.data == "spread":
            return planning.Spread(item.id)
        return (
            planning.Duplicate(item.id) if self.do.data == "duplicate" else planning.Remove(item.id)
        )

    def _title(self, kind: Kind) -> Text:
        if typed := self.title.data or "":
            return in_language(typed)
        return frames.both(dict(KINDS)[kind.value].message)


class QuickForm(Form):
    """A new item in one line; what stands in the line wins over the fields."""

    title = line(_l("Title"), Required(), longest=400)
    on = day(_l("Day"), Required())
    start_time = clock(_l("From"), Required())
    minutes = number(_l("Minutes"), 5, 20160, Required())
    room_id = SelectField(_l("Room"), coerce=int, default=0)
    kind = SelectField(_l("Kind"), choices=options(KINDS), default=Kind.TALK.value)
    people = line(_l("Who"), longest=600)
    moderator = line(_l("Moderation"), longest=300)

    def offer(self, rooms: Iterable[Room]) -> None:
        """Give the rooms of the meeting."""
        self.rooms = tuple(rooms)
        known = [(room.id, plain(room.name)) for room in self.rooms]
        self.room_id.choices = options([(0, _("No room yet")), *known])

    def new(self, event: Event) -> New | None:
        """The item the fields make; None when something is wrong, said at its field."""
        said = quick.read(self.title.data or "", self.rooms)
        if not self.validate():
            return None
        if said.minute is None:
            at = instant(self, "start_time", self.on.data, self.start_time.data, event.zone)
        else:
            at = planning.at_minute(self.on.data, said.minute, event.zone)
        minutes = self.minutes.data if said.minutes is None else said.minutes
        if not 5 <= minutes <= 20160:
            words = _("Please enter a number from %(low)s to %(high)s.")
            complain(self, "minutes", words % {"low": 5, "high": 20160})
        if at is None or self.errors:
            return None
        kind = Kind(self.kind.data)
        alone = not (_names(self.people.data) or _names(self.moderator.data))
        if kind is Kind.TALK and alone and quick.is_break(said.title):
            kind = Kind.BREAK
        names = [(name, ROLE_OF.get(kind, Role.SPEAKER)) for name in _names(self.people.data)]
        names += [(name, Role.MODERATOR) for name in _names(self.moderator.data)]
        return New(
            title=in_language(said.title),
            kind=kind,
            starts_at=at,
            ends_at=planning.stepped(at, minutes, event.zone),
            room_id=self.room_id.data if said.room is None else said.room,
            people=tuple(names),
        )


def _names(typed: str | None) -> list[str]:
    return [name.strip() for name in (typed or "").split(";") if name.strip()]


def in_language(words: str) -> Text:
    """A text in the language of the page it was typed on."""
    return Text(de=words) if current() == "de" else Text(en=words)


def following(event: Event, after: Item | None, begins: datetime) -> dict[str, object]:
    """What a quick line begins with: where the item before ends, in its room."""
    local = dates.to_local(begins, event.zone)
    values: dict[str, object] = {"on": local.date(), "start_time": local.time(), "minutes": 30}
    if after is not None:
        values["room_id"] = after.room.id if after.room else 0
        values["minutes"] = min(90, round((after.ends_at - after.starts_at).total_seconds() / 60))
    return values


class FrameForm(Form):
    """A ready frame for a day."""

    frame = SelectField(
        _l("Frame"),
        choices=options(
            [
                ("day", _l("A day with talks and workshops")),
                ("talks", _l("A day of talks")),
                ("half", _l("Half a day with workshops")),
                ("evening", _l("An evening with a panel")),
            ]
        ),
    )
    on = day(_l("Day"), Required())


class CopyForm(Form):
    """The programme of an earlier meeting."""

    source = SelectField(_l("Meeting"), coerce=int)
    with_people = BooleanField(_l("With the people on it"))

    def offer(self, events: Iterable[Event]) -> None:
        """Give the meetings that have a programme."""
        self.source.choices = options(
            (event.id, f"{plain(event.title)} ({event.starts_at.year})") for event in events
        )
