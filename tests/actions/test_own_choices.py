"""A guest changes workshops and companions: through the one function, with one letter."""

import dataclasses
import random

import pytest

from eventkit.actions import own_choices as actions
from eventkit.actions import places
from eventkit.actions import registration as registrations_action
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, RegistrationClosed
from eventkit.model.letter import LetterKind, Method
from eventkit.model.registration import CancelledBy, State
from eventkit.store import registrations, seats
from tests.actions.test_fees import invoices, paid, priced
from tests.actions.test_places import limits
from tests.world import BY


@pytest.fixture
def hand(world):
    return lambda: Hand(world.store, world.now, world.identity)


@pytest.fixture
def meeting(world):
    """A meeting with two workshops of one place each at one time."""
    event = world.event(capacity=None)
    world.programme(event, capacity=1)
    return world.again(event), *world.workshops(event)


def choices(world, event):
    """Who chose what: (name, item, wish, confirmed), in order of arrival."""
    return [
        (r.name, c.item_id, c.wish, c.confirmed)
        for r in world.registrations(event)
        for c in r.choices
    ]


def kinds(world, event, name):
    return [letter.kind for letter in world.letters(event) if letter.name == name]


def test_another_workshop_frees_the_place_for_the_next(world, hand, meeting):
    """R1"""
    event, one, two = meeting
    world.register(event, "Ada", sessions=(one,))
    world.register(event, "Bo", sessions=(one,))
    ada, _bo = world.registrations(event)
    actions.choose(hand(), ada.id, [two])
    assert choices(world, event) == [("Ada", two, 1, True), ("Bo", one, 1, True)]
    assert kinds(world, event, "Bo") == [LetterKind.CONFIRMED, LetterKind.WORKSHOP]
    first, changed = (letter for letter in world.letters(event) if letter.name == "Ada")
    assert changed.kind is LetterKind.CHOSEN
    assert (changed.method, changed.sequence) == (Method.REQUEST, (first.sequence or 0) + 1)
    assert [session.title.de for session in changed.facts.sessions] == ["Workshop Qualität"]


def test_what_is_kept_keeps_its_place_in_the_queue(world, hand, meeting):
    event, one, two = meeting
    for name in ("Ada", "Bo", "Cem"):
        world.register(event, name, sessions=(one,))
    ada, bo, _cem = world.registrations(event)
    actions.choose(hand(), bo.id, [one], [two])
    assert choices(world, event)[1:3] == [("Bo", one, 1, False), ("Bo", two, 2, True)]
    actions.choose(hand(), ada.id, [])
    assert choices(world, event) == [("Bo", one, 1, True), ("Cem", one, 1, False)]


def test_nothing_changed_writes_nothing(world, hand, meeting):
    event, one, _two = meeting
    world.register(event, "Ada", sessions=(one,))
    (ada,) = world.registrations(event)
    actions.choose(hand(), ada.id, [one])
    assert kinds(world, event, "Ada") == [LetterKind.CONFIRMED]


def test_nobody_gives_a_place_up_for_a_queue_by_mistake(world, hand, meeting):
    event, one, two = meeting
    world.register(event, "Ada", sessions=(one,))
    world.register(event, "Bo", sessions=(two,))
    ada, bo = world.registrations(event)
    before = choices(world, event)
    with pytest.raises(Invalid, match="place_lost"):
        actions.choose(hand(), ada.id, [two])
    assert choices(world, event) == before
    actions.choose(hand(), ada.id, [two], [one])
    assert choices(world, event)[:2] == [("Ada", two, 1, False), ("Ada", one, 2, True)]
    actions.choose(hand(), bo.id, [])
    assert choices(world, event) == [("Ada", two, 1, True)]
    actions.choose(hand(), bo.id, [two], anyway=True)
    assert choices(world, event)[1:] == [("Bo", two, 1, False)]


def test_a_place_can_be_given_up_for_a_queue_on_purpose(world, hand, meeting):
    event, one, two = meeting
    world.register(event, "Ada", sessions=(one,))
    world.register(event, "Bo", sessions=(two,))
    actions.choose(hand(), world.registrations(event)[0].id, [two], anyway=True)
    assert choices(world, event)[0] == ("Ada", two, 1, False)


def test_a_workshop_that_began_stays_as_it_was(world, hand, meeting):
    event, one, two = meeting
    world.register(event, "Ada", sessions=(one,))
    (ada,) = world.registrations(event)
    world.pass_time(seconds=(event.starts_at - world.now).total_seconds() + 2 * 3600)
    actions.choose(hand(), ada.id, [])
    assert choices(world, event) == [("Ada", one, 1, True)]
    with pytest.raises(Invalid, match="workshop_begun"):
        actions.choose(hand(), ada.id, [two])


def test_an_unknown_workshop_or_two_at_once_are_refused(world, hand, meeting):
    event, one, two = meeting
    world.register(event, "Ada")
    (ada,) = world.registrations(event)
    for wrong in ([987654], [one, two]):
        with pytest.raises(Invalid):
            actions.choose(hand(), ada.id, wrong)
    assert choices(world, event) == []


def test_whoever_left_changes_nothing_any_more(world, hand, meeting):
    event, one, _two = meeting
    world.register(event, "Ada")
    (ada,) = world.registrations(event)
    registrations_action.cancel(
        world.store, ada.id, CancelledBy.GUEST, actor="t", now=world.now, identity=world.identity
    )
    with pytest.raises(RegistrationClosed, match="cancelled"):
        actions.choose(hand(), ada.id, [one])
    with pytest.raises(RegistrationClosed, match="cancelled"):
        actions.bring(hand(), ada.id, ["Bo"])


def test_many_changes_never_fill_a_workshop_beyond_its_places(world, hand):
    """R1: whatever people change, a free place is never kept from the next."""
    event = world.event(capacity=None)
    world.programme(event, capacity=2)
    one, two = world.workshops(event)
    chance = random.Random(7)
    for number in range(6):
        world.register(event, f"G{number}", sessions=(one,))
    people = world.registrations(event)
    for _ in range(25):
        who = chance.choice(people)
        first, second = chance.choice([([], []), ([one], []), ([two], []), ([one], [two])])
        actions.choose(hand(), who.id, first, second, anyway=True)
        told = choices(world, event)
        for item in (one, two):
            mine = [(name, wish, held) for name, each, wish, held in told if each == item]
            taken = sum(held for _, _, held in mine)
            assert taken <= 2
            assert taken == 2 or not any(w == 1 and not held for _, w, held in mine), told
        for person in people:
            assert sum(held for name, _, _, held in told if name == person.name) <= 1


@pytest.fixture
def bringing(world):
    """A meeting with places and people somebody may bring along."""

    def made(capacity=4, companions=2):
        event = world.event(capacity=capacity)
        places.set_limits(
            world.store,
            event.id,
            per_organisation=None,
            offer_hours=0,
            companions=companions,
            actor=BY,
            now=world.now,
            identity=world.identity,
        )
        return world.again(event)

    return made


def taken(world, event):
    return seats.seats(world.store, event).taken


def test_more_people_take_places_that_are_free(world, hand, bringing):
    event = bringing(capacity=3)
    world.register(event, "Ada")
    (ada,) = world.registrations(event)
    actions.bring(hand(), ada.id, ["Bo Rahn", " ", "Cem Öz"])
    (after,) = world.registrations(event)
    assert (after.companions, after.places) == (("Bo Rahn", "Cem Öz"), 3)
    assert taken(world, event) == 3
    with pytest.raises(Invalid, match="too_many_companions"):
        actions.bring(hand(), ada.id, ["A", "B", "C"])


def test_nobody_brings_people_past_those_who_wait(world, hand, bringing):
    """R1"""
    event = bringing(capacity=3)
    world.register(event, "Ada")
    world.register(event, "Zoe")
    world.register(event, "Bo", companions=("Cem",))
    ada, _zoe, bo = world.registrations(event)
    assert bo.state is State.WAITING
    with pytest.raises(Invalid, match="no_more_places"):
        actions.bring(hand(), ada.id, ["Dora"])
    with pytest.raises(Invalid, match="waits_for_fewer"):
        actions.bring(hand(), bo.id, ["Cem", "Dora"])
    actions.bring(hand(), bo.id, [])
    assert registrations.by_id(world.store, bo.id).state is State.CONFIRMED


def test_fewer_people_leave_their_places_to_the_next(world, hand, bringing):
    event = bringing(capacity=2)
    world.register(event, "Ada", companions=("Bo",))
    world.register(event, "Cem")
    ada, cem = world.registrations(event)
    actions.bring(hand(), ada.id, [])
    assert registrations.by_id(world.store, cem.id).state is State.CONFIRMED
    assert kinds(world, event, "Cem") == [LetterKind.WAITING, LetterKind.MOVED_UP]
    assert taken(world, event) == 2


def test_another_name_needs_no_place(world, hand, bringing):
    event = bringing(capacity=2)
    world.register(event, "Ada", companions=("Bo",))
    (ada,) = world.registrations(event)
    actions.bring(hand(), ada.id, ["Cem"])
    assert world.registrations(event)[0].companions == ("Cem",)
    with pytest.raises(Invalid):
        actions.bring(hand(), ada.id, ["https://example.org"])
    world.now = event.ends_at
    with pytest.raises(RegistrationClosed, match="over"):
        actions.bring(dataclasses.replace(hand()), ada.id, [])


def test_another_number_of_people_is_another_invoice(world, hand):
    event = limits(world, priced(world, cents=2500), companions=2)
    world.register(event, "Ada")
    (ada,) = world.registrations(event)
    actions.bring(hand(), ada.id, ["Bo"])
    assert [(bill.number, bill.cents) for bill in invoices(world, event)][-3:] == [
        ("2026-0001", 2500),
        ("2026-0002", -2500),
        ("2026-0003", 5000),
    ]
    assert kinds(world, event, "Ada") == [LetterKind.CONFIRMED, LetterKind.INVOICE]
    paid(world, event, "2026-0003")
    for names in (["Bo", "Cem"], []):
        with pytest.raises(Invalid, match="paid_already"):
            actions.bring(hand(), ada.id, names)
    actions.bring(hand(), ada.id, ["Cem"])
