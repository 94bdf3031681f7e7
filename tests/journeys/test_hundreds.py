"""A meeting filled, changed and emptied by hundreds: everything agrees to the last person."""

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from eventkit.actions import forms, own_choices, places, registration
from eventkit.actions.seating import Hand
from eventkit.documents import tables
from eventkit.errors import Refused
from eventkit.model.agenda import Kind
from eventkit.model.places import Group, Quota
from eventkit.model.registration import LIVE, CancelledBy, Registration, State
from eventkit.model.text import Text
from eventkit.rules.ready import READY
from eventkit.store import agenda, outbox, quotas, registrations, seats
from tests.actions.test_answers import Desk
from tests.calendar_client import calendars
from tests.world import BY, World


class Crowd(Desk):
    """Members and guests who come, change their minds and go, the same for the same seed."""

    def __init__(self, world: World, folder: Path, people: int) -> None:
        super().__init__(world, folder)
        self.chance, self.people = random.Random(people), people
        self.by = {"actor": BY, "now": world.now}
        self.event = world.event(capacity=people // 2)
        world.programme(self.event, capacity=people // 8)
        world.item(
            self.event,
            "Workshop Tandems",
            kind=Kind.WORKSHOP,
            capacity=people // 10,
            starts_at=self.event.starts_at + timedelta(hours=4),
            ends_at=self.event.starts_at + timedelta(hours=5),
        )
        world.publish(self.event)
        self.groups = [self.group(name) for name in ("Mitglieder", "Gäste")]
        self.quotas = [
            self.quota(Quota(0, Text(de=str(number)), capacity, frozenset({group.id})))
            for number, (group, capacity) in enumerate(
                zip(self.groups, (people // 3, people // 4), strict=True)
            )
        ]
        self.asked = self.questions()

    def group(self, name: str) -> Group:
        world = self.world
        wanted = Group(0, Text(de=name))
        more = {"identity": world.identity}
        places.save_group(world.store, self.event.id, wanted, **self.by, **more)
        return next(g for g in quotas.groups(world.store, self.event.id) if g.name.de == name)

    def quota(self, wanted: Quota) -> Quota:
        world = self.world
        places.save_quota(world.store, self.event.id, wanted, **self.by, identity=world.identity)
        return next(
            q for q in quotas.quotas(world.store, self.event.id) if q.name.de == wanted.name.de
        )

    def questions(self) -> dict[str, tuple[str, ...]]:
        """Six ready questions, each with an answer that is right."""
        typed = {"short": ("Ja",), "long": ("Ja",), "yes_no": ("yes",), "number": ("2",)}
        answers = {}
        for name, question in READY.items():
            given = (question.options[0].key,) if question.options else typed.get(question.kind)
            if given and len(answers) < 6 and not question.shown_if:
                forms.add_ready(self.world.store, self.event.id, name, **self.by)
                answers[name] = given
        return answers

    def all(self) -> list[Registration]:
        found = [
            registrations.by_id(self.world.store, r.id)
            for r in self.world.registrations(self.event)
        ]
        return [r for r in found if r is not None]

    def live(self) -> list[Registration]:
        return [r for r in self.all() if r.state in LIVE]

    def comes(self, number: int) -> None:
        chosen = [i for i in self.world.workshops(self.event) if self.chance.random() < 0.4]
        fields = {
            "group": self.chance.choice(self.groups).id,
            "answers": self.asked,
            "answers_text": "Ja",
        }
        try:
            self.world.register(
                self.event,
                f"Person {number}",
                f"p{number}@example.com",
                sessions=chosen[:1],
                **fields,
            )
        except Refused as error:
            raise AssertionError(f"{error.code} {error.field}") from error

    def changes(self) -> None:
        world = self.world
        found = self.chance.choice(self.live())
        hand = Hand(world.store, world.now, world.identity)
        shops = world.workshops(self.event)
        do = self.chance.choice(("goes", "goes", "chooses", "capacity", "quota", "group"))
        try:
            if do == "goes":
                registration.cancel(
                    world.store,
                    found.id,
                    CancelledBy.GUEST,
                    actor="guest",
                    now=world.now,
                    identity=world.identity,
                )
            elif do == "chooses":
                own_choices.choose(hand, found.id, [self.chance.choice(shops)], anyway=True)
            elif do == "capacity":
                size = self.people // 2 + self.chance.randrange(-20, 20)
                world.change(self.event, capacity=max(1, size))
            elif do == "quota":
                quota = self.chance.choice(self.quotas)
                self.quota(replace(quota, capacity=self.chance.randrange(5, self.people // 2)))
            else:
                places.change_group(
                    world.store,
                    self.event.id,
                    [found.id],
                    self.chance.choice(self.groups).id,
                    **self.by,
                    identity=world.identity,
                )
        except Refused:
            return

    def agree(self, client) -> None:
        """Counts, letters, calendars and the exported list say the same of everybody."""
        self.world.pass_time(hours=1)
        self.send()
        everybody, live = self.all(), self.live()
        counted = seats.seats(self.world.store, self.world.again(self.event))
        states = Counter(r.state for r in everybody)
        assert (counted.taken, counted.waiting) == (states[State.CONFIRMED], states[State.WAITING])
        shown = {u: e for c in calendars(self.mail).values() for u, e in c.entries.items()}
        assert set(shown) == {r.uid for r in live}
        for guest in live:
            seated = guest.state is State.CONFIRMED
            assert shown[guest.uid].status == ("CONFIRMED" if seated else "TENTATIVE")
        assert all(letter.sent_at for letter in outbox.of_event(self.world.store, self.event.id))
        self.exported(client, everybody)

    def exported(self, client, everybody: list[Registration]) -> None:
        path = f"/organise/events/{self.event.slug}/attendees.csv"
        table = tables.read_table(client.get(path).data)
        column = {name: number for number, name in enumerate(table.header)}
        told = {row[column["E-Mail"]]: row[column["Stand"]] for row in table.rows}
        words = {State.CONFIRMED: "Bestätigt", State.WAITING: "Warteliste"}
        assert told == {r.email: words.get(r.state, "Abgemeldet") for r in everybody}
        groups = Counter(row[column["Gruppe"]] for row in table.rows)
        names = {group.id: group.name.de for group in self.groups}
        assert groups == Counter(names[r.group_id] for r in everybody)
        shops = {i.id: i.title.de for i in agenda.published(self.world.store, self.event.id).items}
        for title in {shops[i] for i in self.world.workshops(self.event)}:
            listed = sum(
                bool(re.search(rf"{re.escape(title)}(?! \(wartet\))", row[column["Workshops"]]))
                for row in table.rows
            )
            held = sum(
                c.confirmed and shops[c.item_id] == title for r in everybody for c in r.choices
            )
            assert listed == held


@pytest.mark.parametrize("people", [24, pytest.param(300, marks=pytest.mark.slow)])
def test_hundreds_come_change_and_go_and_everything_agrees(
    client, world: World, tmp_path: Path, people: int
) -> None:
    """R1"""
    crowd = Crowd(world, tmp_path / "crowd", people)
    world.login(client)
    for number in range(people):
        world.pass_time(seconds=20)
        crowd.comes(number)
    assert len(crowd.asked) == 6
    assert len(world.workshops(crowd.event)) == 3
    taken = quotas.taken(world.store, crowd.event.id)
    assert all(taken[quota.id] <= quota.capacity for quota in crowd.quotas)
    assert any(r.state is State.WAITING for r in crowd.live())
    crowd.agree(client)
    for _ in range(people):
        world.pass_time(seconds=20)
        crowd.changes()
    crowd.agree(client)
    for found in crowd.live():
        registration.cancel(
            world.store,
            found.id,
            CancelledBy.ORGANISER,
            actor=BY,
            now=world.now,
            identity=world.identity,
        )
    crowd.agree(client)
    assert {r.state for r in crowd.all()} == {State.CANCELLED}
