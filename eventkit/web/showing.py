"""A programme as one visitor wants to see it: filtered, with marks, in the time of their place.

Everything asked for stands in the address, so it can be shared and kept; nothing of it is
remembered here. A guest's own marks come from their registration instead.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from eventkit import language as words
from eventkit.errors import Invalid
from eventkit.model.agenda import Item, Kind, Programme, Room
from eventkit.model.event import Event
from eventkit.rules import dates, marks, selection, text
from eventkit.rules.selection import Filter, Offer
from eventkit.web import rail
from eventkit.web.forms.event import zones
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _

CHOOSE = "choose"
NAMES = ("track", "room", "language", "kind", "marked", "mark", "zone")
"""The words of an address that change what is shown."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, what it is called, its values, the chosen one."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str

    @property
    def said(self) -> str:
        """The chosen value in words."""
        return next((label for value, label in self.options if value == self.chosen), "")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The time of another place: the zone shown beside the meeting's, "" for none."""

    zone: str = ""
    choosing: bool = False
    wrong: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The place as people say it: "New York"."""
        return place(self.zone)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. `marked` are the items of a selection, `only` them alone."""

    filter: Filter
    marked: tuple[Item, ...]
    only: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A programme for the page; `path` is where its forms and links lead."""

    path: str
    days: list[rail.Day]
    total: int
    count: int
    choices: list[Choice]
    asked: Asked
    elsewhere: Elsewhere
    marked: int
    first_at: str
    last_at: str

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for something of its own (search engines needn't keep it)."""
        return any(name in request.args for name in NAMES)

    @property
    def hides(self) -> bool:
        """Whether something is not shown."""
        return self.count < self.total

    @property
    def said(self) -> list[str]:
        """The filters in force, in words."""
        return [f"{choice.label}: {choice.said}" for choice in self.choices if choice.said]

    @property
    def selection(self) -> str:
        """The marked items of the address, as the address holds them."""
        return marks.written(self.asked.marked)

    def address(self, **changes: str) -> str:
        """The address of the same view with other words; an empty one takes a word out."""
        return _address(self.path, _words(self.asked) | changes) + "#agenda"

    def all(self) -> str:
        """The address without filters."""
        nothing = dict.fromkeys(("track", "room", "language", "kind", "marked"), "")
        return self.address(**nothing)

    def kept(self, *names: str) -> dict[str, str]:
        """What a form must send along: the words of the address but those it asks for."""
        return {n: value for n, value in _words(self.asked).items() if value and n not in names}

    def calendar(self, address: str) -> str:
        """The calendar of what is shown, from the address of the whole one."""
        asked = _words(self.asked) | {"zone": ""}
        if not self.asked.only:
            asked["mark"] = ""
        asked["marked"] = ""
        return _address(address, asked)


def public(
    event: Event, programme: Programme | None, more: Mapping[int, Mapping[str, Any]]
) -> Shown | None:
    """The programme for everybody: marks are links, the selection lives in the address."""
    if programme is None:
        return None
    asked = read(programme)
    path = url_for("public.event", slug=event.slug)
    own = {item.id for item in asked.marked}

    def mark(item: Item) -> dict[str, Any]:
        others = [each for each in asked.marked if each.id != item.id]
        chosen = others if item.id in own else [*others, item]
        words_of = _words(asked) | {"mark": marks.written(chosen)}
        if not chosen:
            words_of["marked"] = ""
        return {"href": f"{_address(path, words_of)}#item-{item.id}", "marked": item.id in own}

    return _shown(event, programme, asked, own, path, more, mark)


def own(
    event: Event,
    programme: Programme,
    marked: Iterable[int],
    path: str,
    more: Mapping[int, Mapping[str, Any]],
) -> Shown:
    """The programme for a guest: marks are buttons, and what is marked is known."""
    kept = frozenset(marked)
    asked = read(programme, kept)
    return _shown(
        event,
        programme,
        asked,
        kept,
        path,
        more,
        lambda item: {"value": marks.public_id(item.uid), "marked": item.id in kept},
    )


def read(programme: Programme, marked: Iterable[int] | None = None) -> Asked:
    """What the address of this request asks for; `marked` if it is known from elsewhere."""
    typed = request.args
    wanted = Filter(
        track=typed.get("track", ""),
        room=typed.get("room", 0, type=int),
        language=typed.get("language", ""),
        kind=typed.get("kind", ""),
    )
    chosen = marks.chosen(programme.items, typed.getlist("mark")) if marked is None else ()
    return Asked(
        filter=selection.known(wanted, selection.offer(programme.items)),
        marked=chosen,
        only=typed.get("marked") == "1" and bool(chosen if marked is None else marked),
        zone=asked_zone(),
    )


def asked_zone() -> str:
    """The zone the address of this request asks for, unchecked."""
    return text.clean(request.args.get("zone", ""))[:64]


def _shown(
    event: Event,
    programme: Programme,
    asked: Asked,
    marked: Iterable[int],
    path: str,
    more: Mapping[int, Mapping[str, Any]],
    mark: Callable[[Item], dict[str, Any]],
) -> Shown:
    ids = frozenset(marked)
    left = selection.passing(programme.items, asked.filter)
    if asked.only:
        left = tuple(item for item in left if item.id in ids)
    there = elsewhere(event, asked.zone)
    extra = {item.id: _extra(event, item, mark) | dict(more.get(item.id, {})) for item in left}
    return Shown(
        path=path,
        days=rail.days(left, event.zone, current(), more=extra, elsewhere=there.zone),
        total=len(programme.items),
        count=len(left),
        choices=_choices(selection.offer(programme.items), asked.filter),
        asked=asked,
        elsewhere=there,
        marked=len(ids & {item.id for item in programme.items}),
        first_at=_edge(min, programme),
        last_at=_edge(max, programme),
    )


def _edge(which: Callable[..., Any], programme: Programme) -> str:
    at = which((item.starts_at for item in programme.items), default=None)
    return at.isoformat() if at else ""


def _extra(event: Event, item: Item, mark: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
    if item.kind in (Kind.BREAK, Kind.NETWORKING):
        return {}
    shown = mark(item)
    address = url_for("public.item", slug=event.slug, public_id=marks.public_id(item.uid))
    found: dict[str, Any] = {"href": address}
    return found if item.cancelled and not shown["marked"] else found | {"mark": shown}


def _choices(offered: Offer, wanted: Filter) -> list[Choice]:
    """The filters that have something to choose, and those in force."""
    found = [
        Choice("track", _("Track"), [(t, t) for t in offered.tracks], wanted.track),
        Choice("room", _("Room"), _rooms(offered.rooms), str(wanted.room or "")),
        Choice(
            "language",
            _("Language"),
            [(c, rail.spoken(c, current()) or c) for c in offered.languages],
            wanted.language,
        ),
        Choice("kind", _("Kind"), [(k.value, kind(k)) for k in offered.kinds], wanted.kind),
    ]
    return [choice for choice in found if len(choice.options) > 1 or choice.chosen]


def _rooms(rooms: Iterable[Room]) -> list[tuple[str, str]]:
    return [(str(room.id), plain(room.name)) for room in rooms]


def kind(which: Kind) -> str:
    """What a kind of item is called."""
    return {
        Kind.OPENING: _("Opening"),
        Kind.TALK: _("Talk"),
        Kind.PANEL: _("Panel"),
        Kind.WORKSHOP: _("Workshop"),
        Kind.BREAK: _("Break"),
        Kind.NETWORKING: _("Networking"),
    }[which]


def elsewhere(event: Event, asked: str) -> Elsewhere:
    """The zone an address asks for, checked; choosing shows the list of zones."""
    if not asked:
        return Elsewhere()
    options = zones(event.zone)
    if asked == CHOOSE:
        return Elsewhere(choosing=True, options=options)
    try:
        dates.zone(asked)
    except Invalid:
        return Elsewhere(choosing=True, wrong=True, options=options)
    if asked not in dict(options):
        options = [*options, (asked, asked)]
    return Elsewhere("" if asked == event.zone else asked, choosing=True, options=options)


def place(zone: str) -> str:
    """The place a zone is named after: "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def day_and_hours(event: Event, item: Item) -> str:
    """When an item is, by the clock of its meeting."""
    return words.span(item.starts_at, item.ends_at, event.zone, current())


def _words(asked: Asked) -> dict[str, str]:
    wanted = asked.filter
    return {
        "track": wanted.track,
        "room": str(wanted.room or ""),
        "language": wanted.language,
        "kind": wanted.kind,
        "marked": "1" if asked.only else "",
        "mark": marks.written(asked.marked),
        "zone": asked.zone,
    }


def _address(path: str, said: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in said.items() if value}, safe="/")
    return f"{path}?{query}" if query else path
