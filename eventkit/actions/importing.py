"""Taking a programme from another program into the draft: look first, then whole or not at all."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eventkit.actions import newcomers, steps
from eventkit.actions.planning import MOST_ITEMS, Hand
from eventkit.documents import programmes, tables
from eventkit.documents.tables import Table
from eventkit.errors import Invalid, Refused
from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.event import Event
from eventkit.model.proposal import Proposal, Proposals
from eventkit.model.text import NOTHING, Text
from eventkit.rules import dates, importing, programme_table
from eventkit.rules.importing import Entry, What
from eventkit.rules.programme_table import Column
from eventkit.store import agenda, drafts, events, origins
from eventkit.store.rows import Store, fold


@dataclass(frozen=True, slots=True)
class Choices:
    """How a file is to be understood: its columns (of a table), the language of its texts,
    whether what it does not name goes (`exact`), and the day its first day becomes.
    """

    language: str = "de"
    exact: bool = False
    first_day: date | None = None
    columns: tuple[Column | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; `seen` names this state of draft and file.

    `table` is there for CSV and XLSX, `outside` says that days lie outside the meeting.
    """

    entries: tuple[Entry, ...]
    proposals: Proposals
    columns: tuple[Column | None, ...]
    table: Table | None
    outside: bool
    seen: str


Read = tuple[Proposals, tuple[Column | None, ...], Table | None]


def look(
    store: Store, event: Event, data: bytes, choices: Choices, *, read: Read | None = None
) -> Preview:
    """Read a file and say what it would do to the draft. Raises Invalid (field "file").

    `read` is what reading the file said before, so that it need not be read again.
    """
    proposals, columns, table = read or _read(event, data, choices)
    start, end = (dates.to_local(i, event.zone).date() for i in (event.starts_at, event.ends_at))
    days = [dates.to_local(p.starts_at, event.zone).date() for p in proposals.items]
    outside = any(not start <= day <= end for day in days)
    if choices.first_day is not None:
        proposals = importing.shifted(proposals, to=choices.first_day, zone=event.zone)
    return Preview(
        entries=importing.plan(
            agenda.draft(store, event.id),
            origins.of_event(store, event.id),
            proposals.items,
            language=choices.language,
            exact=choices.exact,
        ),
        proposals=proposals,
        columns=columns,
        table=table,
        outside=outside,
        seen=_mark(store, event, data, dataclasses.replace(choices, columns=columns)),
    )


def _read(event: Event, data: bytes, choices: Choices) -> Read:
    if programmes.is_schedule(data):
        return programmes.read(data, event), (), None
    table = tables.read_table(data)
    if len(table.rows) > programmes.ITEMS:
        raise Invalid("too_many_items", field="file")
    columns = choices.columns or programme_table.guess(table.header)
    first_day = dates.to_local(event.starts_at, event.zone).date()
    proposals = programme_table.from_table(
        table.rows, table.lines, columns, first_day=first_day, zone=event.zone
    )
    return proposals, columns, table


def _mark(store: Store, event: Event, data: bytes, choices: Choices) -> str:
    state = repr((drafts.states(store, event.id), choices))
    return hashlib.sha256(hashlib.sha256(data).digest() + state.encode()).hexdigest()[:32]


def take_in(hand: Hand, data: bytes, choices: Choices, *, seen: str) -> int:
    """Do what was looked at, as one step of the draft; says how many items it touched.

    Raises Refused `changed_meanwhile` when the draft or the choices are not what was seen,
    Invalid `troubles` while something in the file can't be read, `too_many_items`,
    `nothing` when nothing would change, and what a person's name is refused for.
    """
    event = events.required(hand.store, hand.event_id)
    read = _read(event, data, choices)  # takes long, so before anybody else has to wait
    with hand.store.changing():
        if events.required(hand.store, hand.event_id) != event:
            raise Refused("changed_meanwhile")
        preview = look(hand.store, event, data, choices, read=read)
        if preview.seen != seen:
            raise Refused("changed_meanwhile")
        if preview.proposals.troubles:
            raise Invalid("troubles", field="file")
        doing = [entry for entry in preview.entries if entry.what is not What.SAME]
        if not doing:
            raise Invalid("nothing")
        new = sum(entry.what is What.NEW for entry in doing)
        if new + len(agenda.draft(hand.store, event.id)) > MOST_ITEMS:
            raise Invalid("too_many_items", field="file")
        steps.edited(hand.store, event.id, actor=hand.actor, now=hand.now)
        with steps.recorded(hand.store, event.id, "imported", actor=hand.actor, now=hand.now):
            _write(hand, event, preview.entries, choices.language)
        return len(doing)


def _write(hand: Hand, event: Event, entries: Sequence[Entry], language: str) -> None:
    rooms = _Rooms(hand, event)
    came: dict[str, int] = {}
    uids = {item.uid for item in agenda.draft(hand.store, event.id)}
    for entry in entries:
        if entry.proposal is None:
            if entry.item is not None:
                agenda.remove_item(hand.store, entry.item.id, now=hand.now)
            continue
        item_id = entry.item.id if entry.item else 0
        if entry.what is not What.SAME:
            item = _item(hand, rooms, entry.proposal, entry.item, language)
            item_id = agenda.save_item(hand.store, event.id, item, now=hand.now)
        if entry.proposal.guid and entry.proposal.guid not in uids:
            came[entry.proposal.guid] = item_id
    origins.note(hand.store, event.id, came)


def _item(
    hand: Hand, rooms: "_Rooms", proposal: Proposal, before: Item | None, language: str
) -> Item:
    base = before or Item(
        id=0,
        uid=hand.identity.uid(),
        kind=Kind.TALK,
        title=NOTHING,
        abstract=NOTHING,
        language="",
        starts_at=proposal.starts_at,
        ends_at=proposal.ends_at,
        room=None,
        track="",
        capacity=None,
    )
    kind = proposal.kind or base.kind
    return dataclasses.replace(
        base,
        kind=kind,
        title=_in(base.title, language, proposal.title),
        abstract=_in(base.abstract, language, proposal.abstract),
        starts_at=proposal.starts_at,
        ends_at=proposal.ends_at,
        room=base.room if proposal.room is None else rooms.named(proposal.room, language),
        track=base.track if proposal.track is None else proposal.track,
        language=base.language if proposal.language is None else proposal.language,
        capacity=base.capacity if proposal.capacity is None else proposal.capacity,
        people=base.people
        if proposal.people is None
        else _parts(hand, base.people, proposal.people),
    )


def _in(before: Text, language: str, words: str | None) -> Text:
    """The text with these words in one of its languages; the other one stays."""
    return before if words is None else dataclasses.replace(before, **{language: words})


def _parts(
    hand: Hand, before: tuple[Part, ...], named: tuple[tuple[str, Role], ...]
) -> tuple[Part, ...]:
    """The people by name: who was there keeps role and words, who is not known yet is made."""
    known = {fold(part.person.name): part for part in before}
    parts: dict[int, Part] = {}
    for name, role in named:
        part = known.get(fold(name))
        if part is None:
            person = newcomers.known_or_new(hand.store, name, actor=hand.actor, now=hand.now)
            part = Part(person, role, person.function, person.organisation)
        parts.setdefault(part.person.id, part)
    return tuple(parts.values())


class _Rooms:
    """The meeting's rooms by name, made when a file names one that is not there."""

    def __init__(self, hand: Hand, event: Event) -> None:
        self._hand, self._event = hand, event
        self._known: dict[str, Room] = {}
        self._count = 0
        for room in agenda.rooms(hand.store, event.id):
            self._keep(room)

    def _keep(self, room: Room) -> Room:
        self._count += 1
        for name in (room.name.de, room.name.en):
            if name:
                self._known.setdefault(fold(name), room)
        return room

    def named(self, name: str, language: str) -> Room | None:
        """The room of a name; None for none."""
        if not name:
            return None
        found = self._known.get(fold(name))
        if found is not None:
            return found
        room = Room(0, _in(NOTHING, language, name))
        room_id = agenda.save_room(self._hand.store, self._event.id, room, position=self._count)
        return self._keep(dataclasses.replace(room, id=room_id))
