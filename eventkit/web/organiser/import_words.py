"""An import of a programme in words: what it would do, and what could not be read."""

from typing import Any

from eventkit import language as words
from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event
from eventkit.model.proposal import Proposal, Trouble
from eventkit.rules.importing import Entry, What
from eventkit.rules.programme_table import Column
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _

_TONES = {What.NEW: "success", What.CHANGED: "info", What.SAME: "plain", What.REMOVED: "danger"}


def what(happens: What) -> str:
    """What happens with an item."""
    return {
        What.NEW: _("new"),
        What.CHANGED: _("changed"),
        What.SAME: _("stays as it is"),
        What.REMOVED: _("taken out"),
    }[happens]


def row(entry: Entry, event: Event, language: str) -> dict[str, Any]:
    """One line of the preview: what, when, title, and the differences as (what, before, after)."""
    shown = entry.proposal or entry.item
    if shown is None:
        raise ValueError("an entry is about something")
    title = (
        entry.proposal.title if entry.proposal else plain(entry.item.title) if entry.item else ""
    )
    return {
        "what": what(entry.what),
        "tone": _TONES[entry.what],
        "day": words.short_day(shown.starts_at, event.zone, current()),
        "hours": words.hours(shown.starts_at, shown.ends_at, event.zone, current()),
        "title": title,
        "room": _room(entry.proposal, entry.item),
        "people": _people(entry.proposal, entry.item),
        "kind": kind(entry.proposal.kind) if entry.proposal and entry.proposal.kind else "",
        "differences": _differences(entry, event, language),
    }


def _room(proposal: Proposal | None, item: Item | None) -> str:
    if proposal and proposal.room is not None:
        return proposal.room
    return plain(item.room.name) if item and item.room else ""


def _people(proposal: Proposal | None, item: Item | None) -> str:
    if proposal and proposal.people is not None:
        return ", ".join(name for name, _role in proposal.people)
    return ", ".join(part.person.name for part in item.people) if item else ""


def _differences(entry: Entry, event: Event, language: str) -> list[dict[str, str]]:
    item, proposal = entry.item, entry.proposal
    if item is None or proposal is None:
        return []

    def moment(which: str) -> tuple[str, str]:
        return (
            words.moment(getattr(item, which), event.zone, current()),
            words.moment(getattr(proposal, which), event.zone, current()),
        )

    def said(name: str) -> tuple[str, str]:
        if name in ("starts_at", "ends_at"):
            return moment(name)
        if name in ("title", "abstract"):
            return getattr(getattr(item, name), language), getattr(proposal, name) or ""
        if name == "kind":
            return kind(item.kind), kind(proposal.kind or item.kind)
        if name == "room":
            return _room(None, item), proposal.room or ""
        if name == "people":
            return _people(None, item), _people(proposal, item)
        return str(getattr(item, name) or ""), str(getattr(proposal, name) or "")

    found = []
    for name in entry.fields:
        before, after = said(name)
        found.append({"what": _field(name), "before": before[:200], "after": after[:200]})
    return found


def _field(name: str) -> str:
    return {
        "title": _("Title"),
        "starts_at": _("Begins"),
        "ends_at": _("Ends"),
        "kind": _("Kind"),
        "room": _("Room"),
        "track": _("Track"),
        "language": _("Language"),
        "abstract": _("Description"),
        "people": _("People"),
        "capacity": _("Places"),
    }.get(name, name)


def kind(of: Kind) -> str:
    """What an item is, in one word."""
    return {
        Kind.TALK: _("Talk"),
        Kind.PANEL: _("Panel"),
        Kind.WORKSHOP: _("Workshop"),
        Kind.OPENING: _("Opening"),
        Kind.BREAK: _("Break"),
        Kind.NETWORKING: _("Networking"),
    }[of]


def meanings() -> list[tuple[str, str]]:
    """What a column may say, for the choice at each column."""
    return [
        ("", _("not used")),
        (Column.TITLE.value, _("Title")),
        (Column.DAY.value, _("Day")),
        (Column.START.value, _("Begins")),
        (Column.END.value, _("Ends")),
        (Column.LENGTH.value, _("How long")),
        (Column.ROOM.value, _("Room")),
        (Column.PEOPLE.value, _("People")),
        (Column.KIND.value, _("Kind")),
        (Column.TRACK.value, _("Track")),
        (Column.LANGUAGE.value, _("Language")),
        (Column.ABSTRACT.value, _("Description")),
        (Column.CAPACITY.value, _("Places")),
        (Column.GUID.value, _("Identity (guid)")),
    ]


def trouble(found: Trouble) -> dict[str, str]:
    """What could not be read, where, and why."""
    where = _("Line %(number)s") % {"number": found.where} if found.where.isdigit() else found.where
    return {"where": where, "words": _trouble(found.code), "value": found.value}


def _trouble(code: str) -> str:
    return {
        "no_title": _("There is no title."),
        "start": _("The beginning is no time that can be read."),
        "day": _("This is no day that can be read."),
        "end": _("The end is no time that can be read."),
        "no_end": _("It says neither an end nor a length, and nothing follows in the same room."),
        "length": _("The length can't be read."),
        "end_before_start": _("The end lies before the beginning."),
        "number": _("The number of places is no number."),
        "no_such_time": _("This time does not exist: the clocks are put forward that night."),
        "time_twice": _("This time happens twice: the clocks are put back that night."),
        "repeats": _("It repeats. Please enter each of its dates by itself."),
        "all_day": _("It lasts whole days, without times."),
        "double": _("This identity occurs twice in the file."),
    }.get(code, _("This can't be read."))


def refusal(code: str) -> str:
    """What only an import is refused for; "" for all else."""
    return {
        "troubles": _(
            "Something in the file can't be read; it is listed here. Please mend it in the file "
            "and hand it in again, or choose the columns anew. Nothing was imported."
        ),
        "nothing": _("The draft says all of this already. There is nothing to import."),
        "changed_meanwhile": _(
            "Meanwhile the draft or your choices changed. Nothing was imported; this is what "
            "would happen now."
        ),
        "name_twice": _(
            "Several people have the same name as somebody in the file. Please put them on their "
            "items by hand. Nothing was imported."
        ),
        "name_with_address": _("A name in the file holds a web or mail address."),
    }.get(code, "")
