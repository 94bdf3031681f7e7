"""What a letter says of programme items: when and where, and what is not true any more."""

from typing import Any

from eventkit.documents.ical.values import line
from eventkit.language import day, hours, span
from eventkit.model.letter import Facts, ItemChange, Touch
from eventkit.model.text import NOTHING

_ORDER = (Touch.PART, Touch.CHANGED, Touch.NEW, Touch.REMOVED, Touch.LEFT, Touch.OPENED)


def context(facts: Facts, language: str) -> dict[str, Any]:
    """What the templates name of a version of the programme; the note stays Markdown."""
    groups = [
        (touch.value, [_item(item, facts, language) for item in facts.items if item.touch is touch])
        for touch in _ORDER
    ]
    return {
        "touched": [(touch, items) for touch, items in groups if items],
        "note": facts.note.pick(language)[0],
    }


def _item(item: ItemChange, facts: Facts, language: str) -> dict[str, Any]:
    start, end, zone = item.starts_at, item.ends_at, facts.zone
    room = line(item.room.pick(language)[0])
    title, before_title = (line(text.pick(language)[0]) for text in (item.title, item.before_title))
    return {
        "title": item.title,
        "when": span(start, end, zone, language),
        "before_when": _before(item, zone, language),
        "room": room or ("" if item.before_room is None else "–"),
        "before_room": line((item.before_room or NOTHING).pick(language)[0]),
        "before_title": before_title if before_title != title else "",
        "part": _part(item, facts),
    }


def _before(item: ItemChange, zone: str, language: str) -> str:
    """When it was to be; the hours alone where the day stays."""
    first, last = item.before_starts_at, item.before_ends_at
    if first is None or last is None:
        return ""
    if day(first, zone, language) == day(item.starts_at, zone, language):
        return hours(first, last, zone, language)
    return span(first, last, zone, language)


def _part(item: ItemChange, facts: Facts) -> str:
    """What the reader does there; "chosen" where somebody of the programme is a guest too."""
    if not item.chosen:
        return item.role
    return "" if facts.uid else "chosen"
