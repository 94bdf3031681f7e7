"""What an import into a draft would do, item by item, before it does it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from eventkit.model.agenda import Item
from eventkit.model.proposal import Proposal, Proposals, Trouble
from eventkit.rules import dates
from eventkit.rules.proposals import Unclear, at

T = TypeVar("T")


class What(StrEnum):
    """What an import does with an item."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the preview: the proposal, the draft's item it means, what differs."""

    what: What
    proposal: Proposal | None
    item: Item | None
    fields: tuple[str, ...] = ()


def plan(
    items: Sequence[Item],
    origins: Mapping[str, int],
    proposals: Sequence[Proposal],
    *,
    language: str,
    exact: bool,
) -> tuple[Entry, ...]:
    """What an import would do. Items are known by their identity, by the identity they had in
    an earlier file (`origins`), or by a title that occurs once on both sides.

    `exact` also takes out what the file does not name.
    """
    by_id = {item.id: item for item in items}
    by_uid = {item.uid: item for item in items}
    titles = _once(
        (_key(words), item) for item in items for words in {item.title.de, item.title.en}
    )
    wanted = _once((_key(p.title), p) for p in proposals)
    matched: dict[int, Item] = {}
    used: set[int] = set()
    for sure in (True, False):
        for number, proposal in enumerate(proposals):
            if number in matched:
                continue
            found: Item | None
            if sure:
                found = by_uid.get(proposal.guid) or by_id.get(origins.get(proposal.guid, 0))
            else:
                key = _key(proposal.title)
                found = titles.get(key) if key in wanted else None
            if found is not None and found.id not in used:
                matched[number] = found
                used.add(found.id)
    entries = []
    for number, proposal in enumerate(proposals):
        item = matched.get(number)
        if item is None:
            entries.append(Entry(What.NEW, proposal, None))
            continue
        fields = differing(item, proposal, language)
        entries.append(Entry(What.CHANGED if fields else What.SAME, proposal, item, fields))
    if exact:
        entries += [Entry(What.REMOVED, None, item) for item in items if item.id not in used]
    return tuple(entries)


def _key(words: str) -> str:
    return " ".join(words.casefold().split())


def _once(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Only what has its key for itself."""
    found: dict[str, T] = {}
    several: set[str] = set()
    for key, value in pairs:
        if key in found and found[key] is not value:
            several.add(key)
        found[key] = value
    return {key: value for key, value in found.items() if key and key not in several}


def differing(item: Item, proposal: Proposal, language: str) -> tuple[str, ...]:
    """The names of the facts a proposal would change."""
    room = {w for w in (item.room.name.de, item.room.name.en) if w} if item.room else {""}
    said: dict[str, bool] = {
        "title": getattr(item.title, language) != proposal.title,
        "starts_at": item.starts_at != proposal.starts_at,
        "ends_at": item.ends_at != proposal.ends_at,
        "kind": proposal.kind is not None and item.kind is not proposal.kind,
        "room": proposal.room is not None and _key(proposal.room) not in {_key(w) for w in room},
        "track": proposal.track is not None and item.track != proposal.track,
        "language": proposal.language is not None and item.language != proposal.language,
        "abstract": proposal.abstract is not None
        and getattr(item.abstract, language) != proposal.abstract,
        "people": proposal.people is not None
        and [_key(p.person.name) for p in item.people]
        != [_key(name) for name, _ in proposal.people],
        "capacity": proposal.capacity is not None and item.capacity != proposal.capacity,
    }
    return tuple(name for name, differs in said.items() if differs)


def shifted(proposals: Proposals, *, to: date, zone: str) -> Proposals:
    """The same times of day on other days: the first day of the file becomes `to`."""
    if not proposals.items:
        return proposals
    first = min(dates.to_local(p.starts_at, zone).date() for p in proposals.items)
    days = to - first
    items, troubles = [], list(proposals.troubles)
    for proposal in proposals.items:
        start, end = (
            dates.to_local(i, zone) + days for i in (proposal.starts_at, proposal.ends_at)
        )
        try:
            begins = at(start.date(), start.time(), zone)
            ends = at(end.date(), end.time(), zone)
        except Unclear as unclear:
            troubles.append(Trouble(proposal.where, unclear.code, unclear.value))
            continue
        items.append(replace(proposal, starts_at=begins, ends_at=ends))
    return replace(proposals, items=tuple(items), troubles=tuple(troubles))
