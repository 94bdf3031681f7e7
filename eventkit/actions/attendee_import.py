"""Taking a list of attendees from another program in: look first, then whole or not at all.

Each row is somebody who registers, in the order of the file, by the same rules as anybody
at the desk; the one function that gives out places decides who has one (R1).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from eventkit.actions import registration, seating
from eventkit.actions.questions import Weighed
from eventkit.actions.seating import Hand
from eventkit.actions.ways import Admitted
from eventkit.actions.wishes import Wish
from eventkit.documents.tables import Table
from eventkit.errors import Invalid, NotFound, Refused, RegistrationClosed
from eventkit.identity import Identity
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.places import Queued
from eventkit.model.registration import Source, State
from eventkit.rules import attendee_table, seats, text
from eventkit.rules.attendee_table import COMING, Guest, Known, Line, What
from eventkit.rules.seats import Window
from eventkit.store import events, history, imports, quotas, registrations
from eventkit.store import questions as question_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store, fold

MOST = 5000
LONGEST_CONSENT = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """How a table is to be understood: its columns, and what holds where it says nothing."""

    columns: tuple[str, ...] | None = None
    language: str = "de"
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organiser decides before it happens.

    `consent` says where the people agreed; with `write` they get the letter anybody gets;
    with `rest` those without a place wait; with `skip` rows that can't be taken are left out.
    """

    consent: str
    write: bool = False
    rest: bool = False
    skip: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, row by row; `seen` names exactly this."""

    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    seen: str

    def number(self, *whats: What) -> int:
        """How many rows meet one of these fates."""
        return sum(line.what in whats for line in self.lines)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: how many have a place, wait, ask."""

    import_id: int
    placed: int
    waiting: int
    requested: int


def look(store: Store, event: Event, table: Table, choices: Choices) -> Preview:
    """Say what a table would do now. Raises Invalid (field "file"): `too_many_rows`."""
    if len(table.rows) > MOST:
        raise Invalid("too_many_rows", field="file")
    form = question_store.form(store, event.id)
    allowed = {*attendee_table.meanings(form), ""}
    columns = choices.columns or attendee_table.guess(table.header, form)
    columns = tuple(column if column in allowed else "" for column in columns)
    groups = quotas.groups(store, event.id)
    known = Known(
        form=form,
        groups=groups,
        workshops=seating.workshops(store, event),
        companions=event.companions,
        taken=imports.addresses(store, event.id),
        language=choices.language,
        group=choices.group if any(each.id == choices.group for each in groups) else None,
    )
    lines = _settled(store, event, attendee_table.read(table.rows, table.lines, columns, known))
    return Preview(lines, columns, _mark(lines, columns, choices))


def _settled(store: Store, event: Event, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Who of those who could come gets a place now, behind those who wait already."""
    limits = seat_store.limits(store, event)
    done = list(lines)
    coming: dict[int, int] = {}
    newcomers = []
    for number, line in enumerate(done):
        if line.guest is None:
            continue
        one = Queued(
            -1 - number, line.guest.places, line.guest.group, fold(line.guest.organisation)
        )
        if one.places > 1 and seats.never_fits(limits, one):
            done[number] = replace(line, what=What.WRONG, guest=None, code="never_fits")
        elif line.what is What.REQUESTED and event.approval:
            continue
        else:
            coming[one.id] = number
            newcomers.append(one)
    queue = seat_store.queue(store, event.id)
    for verdict in seats.decide(limits, [*queue, *newcomers]):
        at = coming.get(verdict.id)
        if at is not None:
            what = What.PLACE if verdict.seat else What.WAITING
            done[at] = replace(done[at], what=what)
    return tuple(done)


def _mark(lines: Sequence[Line], columns: Sequence[str], choices: Choices) -> str:
    """A name for exactly this outcome: another file, choice or state has another one."""
    facts = repr((choices.language, choices.group, tuple(columns), lines))
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def take_in(
    store: Store,
    event_id: int,
    table: Table,
    choices: Choices,
    terms: Terms,
    *,
    seen: str,
    filename: str,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Taken:
    """Do what was looked at, in one transaction.

    Raises Refused `changed_meanwhile` when it would do something else now than was seen;
    Invalid `consent` (field "consent"), `troubles` while rows can't be taken and are not to be
    left out, `no_room` when not all have a place and nobody is to wait, `nothing`;
    RegistrationClosed, NotFound.
    """
    consent = text.clean(terms.consent)[:LONGEST_CONSENT]
    if not consent:
        raise Invalid("consent", field="consent")
    hand = Hand(store, now, identity)
    with store.changing(bulk=True):
        event = _open(store, event_id, now)
        preview = look(store, event, table, choices)
        if preview.seen != seen:
            raise Refused("changed_meanwhile")
        _accept(event, preview, terms)
        guests = [(line.number, line.guest) for line in preview.lines if line.guest]
        import_id = imports.create(
            store,
            event.id,
            filename=text.clean(filename)[:200],
            rows=len(guests),
            actor=actor,
            now=now,
        )
        workshops = {item.id: item for item in seating.workshops(store, event)}
        form = question_store.form(store, event.id)
        came = []
        for number, guest in guests:
            wish = _wish(guest, f"import-{import_id}-{number}", consent, event)
            weighed = Weighed(form, guest.answers, {}, (), "", guest.language)
            came.append(
                registration.written(
                    hand,
                    event,
                    wish,
                    text.address_key(guest.email),
                    _chosen(guest, workshops),
                    weighed,
                    Admitted(),
                    actor=actor,
                )
            )
        imports.add(store, import_id, came)
        history.note(
            store,
            "attendees_imported",
            actor=actor,
            now=now,
            event_id=event.id,
            subject=str(len(came)),
            file=import_id,
        )
        seating.give_out(hand, event, cause="registered", newcomers=frozenset(came))
        done = registrations.some(store, came)
        if terms.write:
            for each in done:
                seating.write(hand, seating.FIRST_LETTER[each.state], event, each)
        return Taken(
            import_id,
            *(sum(each.state is state for each in done) for state in _STATES),
        )


_STATES = (State.CONFIRMED, State.WAITING, State.REQUESTED)


def _open(store: Store, event_id: int, now: datetime) -> Event:
    """The meeting, read inside the transaction, if anybody can still be added to it."""
    event = events.by_id(store, event_id)
    if event is None or not event.public:
        raise NotFound
    window = seats.window(event, now)
    if window in (Window.OVER, Window.CANCELLED):
        raise RegistrationClosed(window.value)
    return event


def _accept(event: Event, preview: Preview, terms: Terms) -> None:
    if preview.number(What.WRONG) and not terms.skip:
        raise Invalid("troubles", field="skip")
    if not preview.number(*COMING):
        raise Invalid("nothing")
    if preview.number(What.WAITING) and not (event.waiting_list and terms.rest):
        raise Invalid("no_room", field="rest")


def _wish(guest: Guest, attempt: str, consent: str, event: Event) -> Wish:
    return Wish(
        name=guest.name,
        email=guest.email,
        language=guest.language,
        attempt=attempt,
        privacy_text=consent,
        organisation=guest.organisation,
        role=guest.role,
        access_needs=guest.access_needs,
        diet=guest.diet,
        sensitive_text=consent,
        group=guest.group,
        companions=guest.companions,
        source=Source.IMPORT,
        asks=guest.state is State.REQUESTED and event.approval,
    )


def _chosen(guest: Guest, workshops: dict[int, Item]) -> list[tuple[Item, int]]:
    wanted = [(item, 1) for item in guest.first] + [(item, 2) for item in guest.second]
    return [(workshops[item], nth) for item, nth in wanted]
