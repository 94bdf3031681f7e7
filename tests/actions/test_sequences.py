"""Whatever happens in whatever order: never more than the places, in order (R1, R25)."""

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eventkit.actions import approval, registration
from eventkit.errors import Full
from eventkit.identity import Identity
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy, State
from tests.fresh import fresh_store
from tests.world import World

EXPECTED = {
    State.REQUESTED: LetterKind.REQUESTED,
    State.WAITING: LetterKind.WAITING,
    State.CANCELLED: LetterKind.CANCELLED,
}


class Meeting(RuleBasedStateMachine):
    """A meeting with one workshop, and everything that can happen to its places."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = fresh_store(Path(self.folder.name))
        now = datetime(2026, 9, 1, 8, tzinfo=UTC)
        self.world = World(self.store, Identity(b"a key only tests use"), now)
        event = self.world.event(capacity=3)
        self.world.programme(event, capacity=2)
        self.event = self.world.again(event)
        self.workshop = self.world.workshops(event)[0]
        self.most = 3

    def everybody(self):
        return self.world.registrations(self.event)

    @rule(workshop=st.booleans())
    def somebody_registers(self, workshop: bool) -> None:
        self.world.register(self.event, sessions=(self.workshop,) if workshop else ())

    @rule(number=st.integers(0, 30))
    def somebody_leaves(self, number: int) -> None:
        live = [r for r in self.everybody() if r.state is not State.CANCELLED]
        if live:
            registration.cancel(
                self.store,
                live[number % len(live)].id,
                CancelledBy.GUEST,
                actor="guest",
                now=self.world.now,
                identity=self.world.identity,
            )

    @rule(capacity=st.integers(0, 8))
    def the_capacity_changes(self, capacity: int) -> None:
        self.event = self.world.change(self.event, capacity=capacity)
        held = sum(r.state is State.CONFIRMED for r in self.everybody())
        self.most = max(capacity, held)

    @rule(on=st.booleans())
    def approval_is_switched(self, on: bool) -> None:
        self.event = self.world.change(self.event, approval=on)

    @rule(number=st.integers(0, 30))
    def somebody_is_approved(self, number: int) -> None:
        asked = [r for r in self.everybody() if r.state is State.REQUESTED]
        if asked:
            approval.approve(
                self.store,
                self.event.id,
                [asked[number % len(asked)].id],
                actor="organiser",
                now=self.world.now,
                identity=self.world.identity,
            )

    @precondition(lambda self: self.event.waiting_list)
    @rule()
    def the_waiting_list_closes(self) -> None:
        self.event = self.world.change(self.event, waiting_list=False)
        before = len(self.everybody())
        try:
            self.world.register(self.event)
        except Full:
            assert len(self.everybody()) == before
        self.event = self.world.change(self.event, waiting_list=True)

    @invariant()
    def never_more_than_the_places(self) -> None:
        held = sum(r.state is State.CONFIRMED for r in self.everybody())
        assert held <= self.most
        self.most = max(self.event.capacity or 0, held)

    @invariant()
    def no_seat_is_free_while_somebody_waits(self) -> None:
        counted = Counter(r.state for r in self.everybody())
        free = (self.event.capacity or 0) - counted[State.CONFIRMED]
        assert free <= 0 or not counted[State.WAITING]

    @invariant()
    def workshops_keep_their_limit_and_their_order(self) -> None:
        chosen = [r for r in self.everybody() if r.choices and r.state is State.CONFIRMED]
        joined = [r.choices[0].confirmed for r in chosen]
        assert sum(joined) == min(2, len(chosen))

    @invariant()
    def everybody_has_the_letter_of_their_state(self) -> None:
        last: dict[int, LetterKind] = {}
        for letter in self.world.letters(self.event):
            if letter.kind is not LetterKind.WORKSHOP:
                last[letter.registration_id or 0] = letter.kind
        for person in self.everybody():
            wanted = EXPECTED.get(person.state)
            found = last[person.id]
            right = found is wanted if wanted else found in _SEATED
            assert right, (person.state, found)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


_SEATED = {LetterKind.CONFIRMED, LetterKind.MOVED_UP}
SHORT = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class LongStories(Meeting):
    """The same for as long as it takes to find what is rare."""


TestMeeting = Meeting.TestCase
TestMeeting.settings = SHORT
TestLongStories = pytest.mark.slow(LongStories.TestCase)
TestLongStories.settings = settings(SHORT, max_examples=60, stateful_step_count=40)
