"""Groups, quotas, organisations, companions, offers, second wishes: whatever happens (R1, R25)."""

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eventkit.actions import (
    approval,
    attendee_import,
    attendee_undo,
    offers,
    places,
    registration,
)
from eventkit.documents.tables import Table
from eventkit.errors import Invalid, RegistrationClosed
from eventkit.identity import Identity
from eventkit.model.letter import LetterKind
from eventkit.model.places import Group, Quota
from eventkit.model.registration import HOLDS_SEAT, CancelledBy, Source, State
from eventkit.model.text import Text
from eventkit.rules import seats as seats_rule
from eventkit.rules.attendee_table import What
from eventkit.store import imports
from eventkit.store import quotas as quota_store
from eventkit.store import seats as seat_store
from tests.fresh import fresh_store
from tests.world import BY, World

LETTERS = {
    State.REQUESTED: {LetterKind.REQUESTED},
    State.WAITING: {LetterKind.WAITING},
    State.OFFERED: {LetterKind.OFFERED},
    State.CONFIRMED: {LetterKind.CONFIRMED, LetterKind.MOVED_UP},
    State.CANCELLED: {LetterKind.CANCELLED, LetterKind.LAPSED, LetterKind.REFUSED},
}
numbers = st.integers(0, 30)


class Places(RuleBasedStateMachine):
    """A meeting with everything that limits a place, and everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = fresh_store(Path(self.folder.name))
        now = datetime(2026, 9, 1, 8, tzinfo=UTC)
        self.world = World(self.store, Identity(b"a key only tests use"), now)
        event = self.world.event(capacity=5)
        self.world.programme(event, capacity=1)
        self.one, self.two = self.world.workshops(event)
        self.event = event
        self.groups = [self.save_group(name) for name in ("Mitglieder", "Gäste", "Presse")]
        self.quotas = [
            self.save_quota(0, 3, self.groups[:1]),
            self.save_quota(0, 3, self.groups[1:]),
        ]
        self.set_limits(2, 24)
        self.arrived = self.lists = 0
        self.imports: list[int] = []
        self.held: dict[object, int] = {}

    def by(self) -> dict[str, object]:
        return {"actor": BY, "now": self.world.now, "identity": self.world.identity}

    def save_group(self, name: str) -> int:
        return places.save_group(self.store, self.event.id, Group(0, Text(de=name)), **self.by())

    def save_quota(self, quota_id: int, capacity: int, groups: list[int]) -> int:
        made = Quota(quota_id, Text(de="Kontingent"), capacity, frozenset(groups))
        return places.save_quota(self.store, self.event.id, made, **self.by())

    def set_limits(self, per_organisation: int | None, offer_hours: int) -> None:
        self.event = places.set_limits(
            self.store,
            self.event.id,
            per_organisation=per_organisation,
            offer_hours=offer_hours,
            companions=2,
            **self.by(),
        )

    def everybody(self):
        return self.world.registrations(self.event)

    def some(self, number: int, *states: State):
        found = [r for r in self.everybody() if r.state in states]
        return found[number % len(found)] if found else None

    @rule(
        group=numbers,
        companions=st.sampled_from([(), (), ("Kim",), ("Kim", "Lee")]),
        organisation=st.sampled_from(["", "Haus", "HAUS", "Verein"]),
        workshop=st.sampled_from([0, 1, 2]),
        desk=st.booleans(),
    )
    def somebody_registers(self, group, companions, organisation, workshop, desk) -> None:
        wishes = {0: ((), ()), 1: ((self.one,), (self.two,)), 2: ((self.two,), ())}[workshop]
        before = len(self.everybody())
        try:
            self.world.register(
                self.event,
                group=self.groups[group % len(self.groups)],
                companions=companions,
                organisation=organisation,
                sessions=wishes[0],
                second=wishes[1],
                source=Source.DESK if desk else Source.FORM,
            )
        except Invalid as error:
            refused = error.code
        else:
            refused = ""
            self.arrived += 1
        assert refused in ("", "never_fits")
        assert len(self.everybody()) == before + (not refused)

    @rule(number=numbers)
    def somebody_leaves(self, number: int) -> None:
        found = self.some(number, State.CONFIRMED, State.OFFERED, State.WAITING, State.REQUESTED)
        if found:
            registration.cancel(self.store, found.id, CancelledBy.GUEST, **self.by())

    @rule(number=numbers)
    def somebody_accepts(self, number: int) -> None:
        found = self.some(number, State.OFFERED)
        if found:
            try:
                offers.accept(
                    self.store, found.id, now=self.world.now, identity=self.world.identity
                )
            except RegistrationClosed:
                assert found.offered_until <= self.world.now

    @rule(hours=st.sampled_from([1, 12, 30]))
    def time_passes(self, hours: int) -> None:
        if self.world.now + timedelta(hours=hours) < self.event.starts_at:
            self.world.pass_time(hours=hours)
        offers.lapse(self.store, now=self.world.now, identity=self.world.identity)

    @rule(capacity=st.none() | st.integers(0, 9))
    def the_capacity_changes(self, capacity: int | None) -> None:
        self.event = self.world.change(self.event, capacity=capacity)

    @rule(which=st.integers(0, 1), capacity=st.integers(0, 6), overlap=st.booleans())
    def a_quota_changes(self, which: int, capacity: int, overlap: bool) -> None:
        own = self.groups[:1] if which == 0 else self.groups[1:]
        self.save_quota(self.quotas[which], capacity, self.groups if overlap else own)

    @rule(per_organisation=st.none() | st.integers(1, 3), hours=st.sampled_from([0, 24]))
    def the_limits_change(self, per_organisation: int | None, hours: int) -> None:
        self.set_limits(per_organisation, hours)

    @rule(on=st.booleans())
    def approval_is_switched(self, on: bool) -> None:
        self.event = self.world.change(self.event, approval=on)

    @rule(number=numbers, kindly=st.booleans())
    def requests_are_decided(self, number: int, kindly: bool) -> None:
        asked = [r.id for r in self.everybody() if r.state is State.REQUESTED]
        decide = approval.approve if kindly else approval.refuse
        if asked:
            decide(self.store, self.event.id, asked[: 1 + number % 3], **self.by())

    @rule(number=numbers, group=st.integers(0, 3))
    def somebody_changes_group(self, number: int, group: int) -> None:
        found = self.some(number, State.CONFIRMED, State.OFFERED, State.WAITING)
        wanted = self.groups[group] if group < len(self.groups) else None
        if found:
            try:
                places.change_group(self.store, self.event.id, [found.id], wanted, **self.by())
            except Invalid as error:
                refused = error.code
            else:
                refused = ""
            assert refused == "" or (refused == "group_full" and found.state in HOLDS_SEAT)

    @rule(
        rows=st.lists(
            st.tuples(
                st.sampled_from(["", "Mitglieder", "Gäste", "Presse"]),
                st.sampled_from(["", "Haus", "Verein"]),
                st.sampled_from(["", "", "Kim; Lee"]),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def a_list_comes_in(self, rows: list[tuple[str, str, str]]) -> None:
        """What was said to happen to each row is what happens to it."""
        self.lists += 1
        found = [(f"Gast {n}", f"l{self.lists}-{n}@x.org", *row) for n, row in enumerate(rows)]
        header = ("Name", "Mail", "Gruppe", "Organisation", "Kommt mit")
        table = Table(header, tuple(found), tuple(range(2, 2 + len(found))))
        choices = attendee_import.Choices()
        look = attendee_import.look(self.store, self.event, table, choices)
        terms = attendee_import.Terms("Liste", write=True, rest=True, skip=True)
        if not look.number(What.PLACE, What.WAITING):
            return
        before = len(self.everybody())
        done = attendee_import.take_in(
            self.store,
            self.event.id,
            table,
            choices,
            terms,
            seen=look.seen,
            filename="",
            **self.by(),
        )
        said = [line.what for line in look.lines if line.guest]
        came = [person.state for person in self.everybody()[before:]]
        assert came == [State.CONFIRMED if w is What.PLACE else State.WAITING for w in said]
        self.arrived += len(came)
        self.imports.append(done.import_id)

    @rule()
    def a_list_is_taken_back(self) -> None:
        """Those nobody wrote to are gone, and the next move up."""
        if self.imports:
            found = imports.by_id(self.store, self.event.id, self.imports.pop())
            assert found
            seen = attendee_undo.foresee(self.store, found).seen
            gone = attendee_undo.undo(self.store, self.event.id, found.id, seen=seen, **self.by())
            self.arrived -= len(gone.silent)

    @invariant()
    def no_limit_is_exceeded_but_by_those_who_were_there_before(self) -> None:
        """What was lowered below those inside may only shrink."""
        limits = seat_store.limits(self.store, self.event)
        counted: dict[object, int] = {"all": limits.taken}
        bounds: dict[object, int | None] = {"all": limits.capacity}
        for quota in limits.quotas:
            key = (quota.id, quota.groups)
            counted[key], bounds[key] = limits.in_quotas.get(quota.id, 0), quota.capacity
        for name, n in quota_store.of_organisations(self.store, self.event.id).items():
            counted[name], bounds[name] = n, self.event.per_organisation
        for key, bound in bounds.items():
            if bound is not None and counted[key] > bound and key in self.held:
                assert counted[key] <= self.held[key], key
        self.held = counted

    @invariant()
    def no_seat_is_free_for_whose_turn_it_is(self) -> None:
        limits = seat_store.limits(self.store, self.event)
        assert seats_rule.moving_up(limits, seat_store.queue(self.store, self.event.id)) == ()

    @invariant()
    def nobody_is_lost_and_offers_have_an_end(self) -> None:
        people = self.everybody()
        assert len(people) == self.arrived
        for person in people:
            if person.state is State.OFFERED:
                assert person.offered_until is not None
                assert person.offered_until <= self.event.starts_at
            assert person.places == 1 + len(person.companions)
        states = Counter(person.state for person in people)
        taken = sum(p.places for p in people if p.state in HOLDS_SEAT)
        assert seat_store.seats(self.store, self.event).taken == taken
        assert seat_store.tally(self.store, self.event.id) == dict(states)

    @invariant()
    def a_workshop_place_is_one_at_a_time_and_never_too_many(self) -> None:
        joined: Counter[int] = Counter()
        for person in self.everybody():
            mine = [c for c in person.choices if c.confirmed]
            assert len(mine) <= 1
            assert not mine or person.state is State.CONFIRMED
            joined.update(c.item_id for c in mine)
            if mine and mine[0].wish == 1:
                assert len(person.choices) == 1
        assert max(joined.values(), default=0) <= 1

    @invariant()
    def everybody_has_the_letter_of_their_state(self) -> None:
        last: dict[int, LetterKind] = {}
        for letter in self.world.letters(self.event):
            if letter.kind is not LetterKind.WORKSHOP:
                last[letter.registration_id or 0] = letter.kind
        for person in self.everybody():
            assert last[person.id] in LETTERS[person.state], (person.state, last[person.id])

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


SHORT = settings(
    max_examples=4,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class LongStories(Places):
    """The same for as long as it takes to find what is rare."""


TestPlaces = Places.TestCase
TestPlaces.settings = SHORT
TestLongStories = pytest.mark.slow(LongStories.TestCase)
TestLongStories.settings = settings(SHORT, max_examples=60, stateful_step_count=60)
