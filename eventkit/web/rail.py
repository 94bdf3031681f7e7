"""A programme as the time rail shows it: slots in order of time, parallel items side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from eventkit.language import catalogue, short_day
from eventkit.language import day as day_in_words
from eventkit.language import rail as clock_on_rail
from eventkit.model.agenda import Item, Part, Role
from eventkit.web.language import iso, markdown, plain, t

Slot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a programme; `name` is empty when the meeting has only one."""

    name: str
    slots: tuple[Slot, ...]


def slots(
    items: Iterable[Item],
    zone: str,
    language: str,
    *,
    more: Mapping[int, Mapping[str, Any]] | None = None,
    known: Iterable[int] | None = None,
    elsewhere: str = "",
) -> list[Slot]:
    """What `time_rail` takes. Items that begin together stand beside each other.

    `more` adds to an item by its id (note, materials, href, clash, …). `known` holds the
    ids of people who have a public page; None means all of them. `elsewhere` is a second
    zone whose times stand below the meeting's.
    """
    extra, pages = more or {}, None if known is None else frozenset(known)
    ordered = sorted(items, key=lambda item: (item.starts_at, item.track, item.ends_at, item.id))
    found = []
    for _, together in groupby(ordered, key=lambda item: item.starts_at):
        slot = _slot(list(together), zone, language, extra, pages)
        found.append(slot | _there(slot, elsewhere, zone, language))
    return found


def _there(slot: Slot, elsewhere: str, zone: str, language: str) -> Slot:
    if not elsewhere:
        return {}
    start = datetime.fromisoformat(slot["start_iso"])
    end = datetime.fromisoformat(slot["end_iso"]) if "end_iso" in slot else None
    return {"there": there(start, end, zone, elsewhere, language)}


def there(
    start: datetime,
    end: datetime | None,
    zone: str,
    elsewhere: str,
    language: str,
    *,
    always: bool = False,
) -> str:
    """A time by the clock of another place, with its day where that is another one there.

    With `always` the day stands there anyhow.
    """
    hours = clock_on_rail(start, elsewhere)
    if end is not None:
        hours += f"–{clock_on_rail(end, elsewhere)}"
    same = start.astimezone(ZoneInfo(elsewhere)).date() == start.astimezone(ZoneInfo(zone)).date()
    if same and not always:
        return hours
    return f"{hours}, {short_day(start, elsewhere, language)}"


def days(
    items: Iterable[Item],
    zone: str,
    language: str,
    *,
    more: Mapping[int, Mapping[str, Any]] | None = None,
    known: Iterable[int] | None = None,
    elsewhere: str = "",
) -> list[Day]:
    """The programme by day, for meetings that last longer than one."""
    ordered = sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.id))
    grouped = [
        (name, list(of_day))
        for name, of_day in groupby(
            ordered, key=lambda i: day_in_words(i.starts_at, zone, language)
        )
    ]
    pages = None if known is None else frozenset(known)
    return [
        Day(
            name if len(grouped) > 1 else "",
            tuple(slots(of_day, zone, language, more=more, known=pages, elsewhere=elsewhere)),
        )
        for name, of_day in grouped
    ]


def _slot(
    together: Sequence[Item],
    zone: str,
    language: str,
    extra: Mapping[int, Mapping[str, Any]],
    pages: frozenset[int] | None,
) -> Slot:
    ends = {item.ends_at for item in together}
    first = together[0]
    times: Slot = {"start": clock_on_rail(first.starts_at, zone), "start_iso": iso(first.starts_at)}
    if len(ends) == 1:
        times |= {"end": clock_on_rail(first.ends_at, zone), "end_iso": iso(first.ends_at)}
    shown = []
    for item in together:
        made = _item(item, language, pages) | dict(extra.get(item.id, {}))
        if len(ends) > 1:
            until = catalogue(language).gettext("until %(time)s") % {
                "time": clock_on_rail(item.ends_at, zone)
            }
            made["note"] = " · ".join(filter(None, (until, str(made.get("note", "")))))
        shown.append(made)
    return shown[0] | times if len(shown) == 1 else times | {"parallel": shown}


def _item(item: Item, language: str, pages: frozenset[int] | None) -> Slot:
    return {
        "key": item.id,
        "id": f"item-{item.id}",
        "kind": item.kind.value,
        "title": t(item.title),
        "abstract": markdown(item.abstract, 4) if item.abstract else "",
        "room": plain(item.room.name) if item.room else "",
        "track": item.track,
        "language": spoken(item.language, language),
        "cancelled": item.cancelled,
        "people": [_person(part, language, pages) for part in item.people],
    }


def spoken(code: str, language: str) -> str:
    """The language an item is held in, as a word for the reader; "" when nobody said."""
    names = {"de": "German", "en": "English"}
    return catalogue(language).gettext(names[code]) if code in names else ""


def role(part: Part, language: str) -> str:
    """What somebody does on an item, where that has to be said; "" for who speaks."""
    return catalogue(language).gettext("Moderation") if part.role is Role.MODERATOR else ""


def _person(part: Part, language: str, pages: frozenset[int] | None) -> Slot:
    linked = pages is None or part.person.id in pages
    return {
        "name": part.person.name,
        "former_name": part.person.former_name,
        "role": role(part, language),
        "function": plain(part.function),
        "organisation": plain(part.organisation),
        "href": url_for("public.speaker", slug=part.person.slug) if linked else "",
    }
