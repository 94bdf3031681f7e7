"""The draft of a programme as the editor shows it: a day true to scale, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for

from eventkit import language as spoken
from eventkit.model.agenda import Item, Kind, Room
from eventkit.model.draft import Step
from eventkit.model.event import Event
from eventkit.rules import agenda as agenda_rule
from eventkit.rules import dates, grid, planning
from eventkit.rules.agenda import Clash
from eventkit.web.forms.agenda import with_seats
from eventkit.web.language import current, iso, plain, t
from eventkit.web.language import gettext as _
from eventkit.web.organiser import step_words, words

SHORT = 5  # up to so many rows, the time stands beside the title
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the page is made of."""

    event: Event
    items: tuple[Item, ...]
    rooms: tuple[Room, ...]
    clashes: tuple[Clash, ...]

    def item(self, item_id: int | None) -> Item | None:
        """An item of the draft, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def day_of(self, item: Item) -> date:
        """The day an item begins on."""
        return _day(item.starts_at, self.event.zone)


def _day(instant: datetime, zone: str) -> date:
    return dates.to_local(instant, zone).date()


def days(draft: Draft, shown: date) -> list[View]:
    """The days as tabs, with how many items each has."""
    counted: dict[date, int] = {}
    for item in draft.items:
        counted[draft.day_of(item)] = counted.get(draft.day_of(item), 0) + 1
    return [
        {
            "label": spoken.day(day, draft.event.zone, current()),
            "href": address(draft.event, day),
            "current": day == shown,
            "count": counted.get(day, 0),
            "iso": day.isoformat(),
        }
        for day in grid.days(draft.event, draft.items)
    ]


def address(
    event: Event, day: date | str, item: int | None = None, anchor: str = "", **more: str
) -> str:
    """The editor at a day and an item."""
    values: dict[str, Any] = {"slug": event.slug, "day": str(day), "item": item, **more}
    return url_for("organiser.agenda", _anchor=anchor or None, **values)


def board(draft: Draft, day: date, chosen: int | None = None) -> View:
    """A day as `components/board.html` takes it."""
    made = grid.of_day(draft.event, draft.items, draft.rooms, day)
    wrong: dict[int, list[str]] = {}
    for clash in draft.clashes:
        wrong.setdefault(clash.item.id, []).append(words.clash(clash, draft.event.zone))
    base = url_for("organiser.agenda", slug=draft.event.slug, day=day.isoformat())
    return {
        "day": day.isoformat(),
        "first": made.first,
        "rows": made.rows,
        "columns": _columns(made),
        "width": made.width,
        "hours": [
            {"label": f"{minute // 60 % 24:02}:00", "row": (minute - made.first) // grid.ROW + 2}
            for minute in range(made.first, made.first + made.rows * grid.ROW, 60)
        ],
        "slots": [
            _slot(slot, draft.event, day, wrong.get(slot.item.id, []), base, chosen)
            for slot in made.slots
        ],
        "running": _running(draft, day),
    }


def _columns(made: grid.Grid) -> list[View]:
    named = [column for column in made.columns if column.room or column.track]
    if not named:
        return []
    return [
        {
            "label": plain(column.room.name) if column.room else column.track or _("No room yet"),
            "seats": column.room.capacity if column.room else None,
            "room": column.room.id if column.room else 0,
            "col": column.start + 2,
            "cols": column.width,
        }
        for column in made.columns
    ]


def _slot(
    slot: grid.Slot, event: Event, day: date, wrong: Sequence[str], base: str, chosen: int | None
) -> View:
    item, zone = slot.item, event.zone
    return {
        "key": item.id,
        "mark": planning.mark(item),
        "kind": item.kind.value,
        "row": slot.row + 2,
        "rows": slot.rows,
        "col": slot.column + 2,
        "cols": slot.width,
        "short": slot.rows <= SHORT,
        "title": t(item.title),
        "href": f"{base}&item={item.id}#item-{item.id}",
        "start": spoken.rail(item.starts_at, zone),
        "end": ending(item, zone),
        "start_iso": iso(item.starts_at),
        "end_iso": iso(item.ends_at),
        "minute": grid.minute_of(item.starts_at, zone, day),
        "room": item.room.id if item.room else 0,
        "place": " · ".join(filter(None, (plain(item.room.name) if item.room else "", item.track))),
        "people": [part.person.name for part in item.people],
        "wrong": wrong,
        "chosen": item.id == chosen,
    }


def ending(item: Item, zone: str) -> str:
    """When an item ends; with the day if that is another one."""
    end = spoken.rail(item.ends_at, zone)
    far = item.ends_at - item.starts_at > timedelta(hours=12)
    if far and _day(item.starts_at, zone) < _day(item.ends_at, zone):
        return f"{spoken.day(item.ends_at, zone, current(), weekday=False)}, {end}"
    return end


def _running(draft: Draft, day: date) -> list[View]:
    """What began on an earlier day and still goes on."""
    midnight = planning.at_minute(day, grid.NIGHT - grid.DAY, draft.event.zone)
    return [
        {"title": t(item.title), "href": address(draft.event, draft.day_of(item), item.id)}
        for item in draft.items
        if draft.day_of(item) < day and item.ends_at > midnight
    ]


def panel(draft: Draft, item: Item) -> View:
    """What can be done to the chosen item."""
    zone, here = draft.event.zone, draft.day_of(item)
    same_day = [i for i in draft.items if draft.day_of(i) == here and i.id != item.id]
    return {
        "key": item.id,
        "mark": planning.mark(item),
        "title": t(item.title),
        "plain": plain(item.title),
        "when": f"{spoken.rail(item.starts_at, zone)}–{ending(item, zone)}",
        "minutes": round((item.ends_at - item.starts_at).total_seconds() / 60),
        "place": plain(item.room.name) if item.room else _("No room yet"),
        "day": here.isoformat(),
        "is_break": item.kind is Kind.BREAK,
        "wrong": [words.clash(c, zone) for c in draft.clashes if c.item.id == item.id],
        "rooms": [(0, _("No room yet"), item.room is None)]
        + [(r.id, with_seats(r), r == item.room) for r in draft.rooms],
        "days": [
            (d.isoformat(), spoken.day(d, zone, current()), d == here)
            for d in grid.days(draft.event, draft.items)
        ],
        "others": [
            (f"{i.id}:{planning.mark(i)}", f"{spoken.rail(i.starts_at, zone)} {plain(i.title)}")
            for i in same_day
        ],
    }


def clash_list(draft: Draft) -> list[View]:
    """Every clash once, with the way to its item."""
    return [
        {
            "title": t(clash.item.title),
            "when": spoken.rail(clash.item.starts_at, draft.event.zone),
            "words": words.clash(clash, draft.event.zone),
            "href": address(
                draft.event, draft.day_of(clash.item), clash.item.id, f"item-{clash.item.id}"
            ),
        }
        for clash in agenda_rule.once(draft.clashes)
    ]


def step(found: Step | None, me: str, titles: Mapping[int, str]) -> View | None:
    """A step that can be undone or done again, and what it was."""
    if found is None:
        return None
    words_for = step_words.step(found, titles)
    return {"id": found.id, "words": words_for, "by": "" if found.actor == me else found.actor}
