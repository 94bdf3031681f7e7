"""Whatever happens in whatever order: in the end every calendar shows the truth."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from eventkit.actions import calendars, post, registration
from eventkit.config import MailSettings
from eventkit.errors import Refused
from eventkit.model.answers import DeclineRule, Held
from eventkit.model.registration import LIVE, CancelledBy, State
from eventkit.store import answers
from tests.actions.test_answers import Desk
from tests.calendar_client import calendars as programs
from tests.world import BY, PLACE, World

PEOPLE = ("ada", "bo", "cy", "dora", "eli")


class Chance(Desk):
    """A desk where things happen by chance, the same ones for the same seed."""

    def __init__(self, world: World, folder: Path, seed: int) -> None:
        super().__init__(world, folder)
        self.chance = random.Random(seed)
        self.event = world.event(capacity=2)

    def live(self):
        return [r for r in self.world.registrations(self.event) if r.state in LIVE]

    def comes(self) -> None:
        name = self.chance.choice(PEOPLE)
        self.world.register(self.event, name.title(), f"{name}@example.com")

    def goes(self) -> None:
        if not self.live():
            return
        gone, world = self.chance.choice(self.live()), self.world
        by = self.chance.choice((CancelledBy.GUEST, CancelledBy.ORGANISER))
        registration.cancel(
            world.store, gone.id, by, actor=BY, now=world.now, identity=world.identity
        )

    def changes(self) -> None:
        event = self.world.again(self.event)
        start = event.starts_at.replace(hour=self.chance.randrange(6, 12))
        place = replace(PLACE, town=self.chance.choice(("Köln", "Bonn", "Essen")))
        capacity = self.chance.choice((1, 2, 3, 4))
        some = [{"starts_at": start}, {"place": place}, {"capacity": capacity}]
        self.world.change(event, **self.chance.choice(some))

    def answers(self) -> None:
        seen = [p for p in programs(self.mail).values() if p.invites]
        if seen:
            said = self.chance.choice(("ACCEPTED", "DECLINED", "TENTATIVE"))
            program = self.chance.choice(seen)
            mail = program.reply(said, now=self.world.now, message_id=f"<{self.number}@x.example>")
            self.put(mail)

    def breaks(self) -> None:
        """The mail server is down for one round."""
        down = MailSettings("smtp", "events@example.org", host="127.0.0.1", port=1)
        office = replace(self.office, mail=down)
        post.send_due(self.world.store, office, clock=lambda: self.world.now)

    def loses(self) -> None:
        """Letters are given up for good."""
        with self.world.store.changing():
            self.world.store.run(
                "UPDATE letters SET state = 'failed', error = '550' WHERE state = 'queued'"
            )

    def step(self) -> None:
        self.world.pass_time(minutes=self.chance.randrange(1, 90))
        what = (self.comes, self.goes, self.changes, self.answers, self.breaks, self.loses)
        weights = (5, 2, 3, 4, 1, 1)
        try:
            self.chance.choices((*what, self.send, self.poll), (*weights, 5, 4))[0]()
        except Refused:
            return

    def settle(self) -> None:
        """Everything that waits goes out; the organiser clicks once."""
        self.poll()
        self.world.pass_time(hours=12)
        self.send()
        self.again = calendars.send_again(
            self.world.store,
            self.event.id,
            actor=BY,
            now=self.world.now,
            identity=self.world.identity,
        )
        self.send()

    def check(self) -> None:
        event, seen = self.world.again(self.event), programs(self.mail)
        shown = {uid: e for program in seen.values() for uid, e in program.entries.items()}
        assert set(shown) == {guest.uid for guest in self.live()}
        for guest in self.live():
            entry = shown[guest.uid]
            assert (entry.starts_at, entry.ends_at) == (event.starts_at, event.ends_at)
            assert entry.place == event.place.line
            seated = guest.state is State.CONFIRMED
            assert entry.status == ("CONFIRMED" if seated else "TENTATIVE")
        lines = calendars.recorder(self.world.store, event)
        assert {line.held for line in lines} <= {Held.CURRENT, Held.NOTHING}
        seats = [guest for guest in self.live() if guest.state is State.CONFIRMED]
        waiting = [guest for guest in self.live() if guest.state is State.WAITING]
        assert not waiting or len(seats) >= (event.capacity or 0)


@pytest.mark.parametrize("rule", [DeclineRule.AT_ONCE, DeclineRule.CONFIRM])
@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 8))]
)
def test_after_any_walk_every_calendar_shows_the_truth(
    world: World, tmp_path: Path, seed: int, rule: DeclineRule
) -> None:
    """R25"""
    walk = Chance(world, tmp_path, seed)
    with world.store.changing():
        answers.set_decline_rule(world.store, walk.event.id, rule)
    for _ in range(60):
        walk.step()
    assert world.now < walk.event.starts_at - timedelta(days=1)
    walk.settle()
    walk.check()
