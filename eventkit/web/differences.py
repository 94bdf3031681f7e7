"""What is different between two versions of a programme, in words, for desk, log and feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from eventkit.language import catalogue, day
from eventkit.language import rail as clock
from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules.changes import Change, What
from eventkit.web import rail

Words = Markup | str
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One item's difference: `label` says what happened, `people` whose item it is.

    `words` is the rest in the reader's language: "11:00 → 11:30, Saal 2".
    """

    what: What
    label: str
    title: Text
    people: tuple[str, ...]
    words: Words


def differences(found: Iterable[Change], event: Event, language: str) -> list[Difference]:
    """The changes of a programme, each as one line."""
    return [each for change in found if (each := difference(change, event, language))]


def difference(change: Change, event: Event, language: str) -> Difference | None:
    """One change as one line; None for a change of nothing."""
    was, now = change.before, change.after
    item = now or was
    if item is None:
        return None
    words = catalogue(language)
    if change.what is What.CHANGED and was and now:
        moved = not {"starts_at", "ends_at"}.isdisjoint(change.fields)
        label = words.gettext("moved") if moved else words.gettext("changed")
        said = _changed(was, now, change.fields, event, language)
    else:
        label = words.gettext("removed") if now is None else words.gettext("new")
        said = _place(item, _hours(item, item, event, language), language)
    return Difference(change.what, label, item.title, _names(item), said)


def _changed(was: Item, now: Item, fields: Iterable[str], event: Event, language: str) -> Words:
    changed = frozenset(fields)
    said: list[Words] = []
    if not {"starts_at", "ends_at", "room"}.isdisjoint(changed):
        said.append(_where_and_when(was, now, changed, event, language))
    words = catalogue(language)
    if "title" in changed:
        message = Markup(words.gettext("until now “%(title)s”"))  # noqa: S704 - our own sentence
        said.append(message % {"title": _spoken(was.title, language)})
    if "people" in changed:
        said += _other_people(was, now, language)
    if "kind" in changed:
        said.append(f"{_kind(was.kind, language)} → {_kind(now.kind, language)}")
    if "language" in changed:
        old, new = (rail.spoken(i.language, language) or "–" for i in (was, now))
        said.append(f"{old} → {new}")
    if "capacity" in changed:
        old, new = (str(i.capacity if i.capacity is not None else "–") for i in (was, now))
        said.append(words.gettext("places: %(change)s") % {"change": f"{old} → {new}"})
    if "track" in changed:
        said.append(f"{was.track or '–'} → {now.track or '–'}")
    if "abstract" in changed:
        said.append(words.gettext("another text"))
    return Markup("; ").join(said)


def _where_and_when(
    was: Item, now: Item, changed: frozenset[str], event: Event, language: str
) -> Words:
    moved = not {"starts_at", "ends_at"}.isdisjoint(changed)
    parts: list[Words] = []
    if moved:
        same_length = was.ends_at - was.starts_at == now.ends_at - now.starts_at
        first, last = (
            _hours(item, other, event, language, whole=not same_length)
            for item, other in ((was, now), (now, was))
        )
        parts.append(f"{first} → {last}")
    old, new = (_room(item, language) for item in (was, now))
    if "room" in changed:
        parts.append(Markup(" → ").join((old or "–", new or "–")))
    elif new:
        parts.append(new)
    return Markup(", ").join(parts)


def _hours(item: Item, other: Item, event: Event, language: str, *, whole: bool = True) -> str:
    """From when (to when), with the day where it changes or the meeting has several."""
    said = clock(item.starts_at, event.zone)
    if whole:
        said += f"–{clock(item.ends_at, event.zone)}"
    dates = {i.astimezone(ZoneInfo(event.zone)).date() for i in (item.starts_at, other.starts_at)}
    if len(dates) > 1 or event.ends_at - event.starts_at > _A_DAY:
        said = f"{day(item.starts_at, event.zone, language, weekday=False)}, {said}"
    return said


def _place(item: Item, hours: str, language: str) -> Words:
    return Markup(", ").join(filter(None, (hours, _room(item, language))))


def _room(item: Item, language: str) -> Words:
    return _spoken(item.room.name, language) if item.room else ""


def _spoken(text: Text, language: str) -> Words:
    """A text in the reader's language; marked where only the other exists (R64)."""
    found, spoken = text.pick(language)
    if spoken == language:
        return found
    return Markup('<span lang="{}">{}</span>').format(spoken, found)


def _other_people(was: Item, now: Item, language: str) -> list[Words]:
    words, old, new = catalogue(language), _names(was), _names(now)
    said: list[Words] = []
    for message, names in (
        (words.gettext("now with %(names)s"), [name for name in new if name not in old]),
        (words.gettext("without %(names)s"), [name for name in old if name not in new]),
    ):
        if names:
            shown = Markup(", ").join(Markup("<bdi>{}</bdi>").format(name) for name in names)
            said.append(Markup(message) % {"names": shown})  # noqa: S704 - our own sentence
    return said or [words.gettext("another role or function")]


def _names(item: Item) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.person.name for part in item.people))


def _kind(kind: Kind, language: str) -> str:
    words = catalogue(language)
    return {
        Kind.OPENING: words.gettext("Opening"),
        Kind.TALK: words.gettext("Talk"),
        Kind.PANEL: words.gettext("Panel"),
        Kind.WORKSHOP: words.gettext("Workshop"),
        Kind.BREAK: words.gettext("Break"),
        Kind.NETWORKING: words.gettext("Networking"),
    }[kind]
