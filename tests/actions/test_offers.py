"""A place is kept for a while: accepted, declined, not answered (R1, R25)."""

from datetime import timedelta

import pytest

from eventkit.actions import offers, registration
from eventkit.errors import RegistrationClosed
from eventkit.model.letter import LetterKind, Method
from eventkit.model.registration import CancelledBy, State
from tests.actions.test_places import by, leave, limits, named, states, told
from tests.world import World


def full(world: World, hours: int = 24, **changes: object):
    """A meeting for one, with one who has the place and two who wait."""
    event = limits(world, world.event(capacity=1, **changes), offer_hours=hours)
    for name in "ABC":
        world.register(event, name)
    return event


def lapse(world: World) -> int:
    return offers.lapse(world.store, now=world.now, identity=world.identity)


def accept(world: World, event, name: str):
    found = named(world, event, name)
    return offers.accept(world.store, found.id, now=world.now, identity=world.identity)


def test_moving_up_is_an_offer_and_accepting_makes_it_firm(world: World) -> None:
    event = full(world)
    leave(world, event, "A")
    assert states(world, event) == "xow"
    offered = named(world, event, "B")
    assert offered.offered_until == world.now + timedelta(hours=24)
    letter = world.letters(event)[-1]
    assert (letter.kind, letter.method) == (LetterKind.OFFERED, Method.REQUEST)
    assert letter.facts.offered_until == offered.offered_until
    assert letter.sequence == 1
    world.register(event, "D")
    assert states(world, event) == "xoww"
    assert accept(world, event, "B").state is State.CONFIRMED
    assert accept(world, event, "B").state is State.CONFIRMED
    letter = world.letters(event)[-1]
    assert (letter.kind, letter.method) == (LetterKind.CONFIRMED, Method.REQUEST)
    assert (letter.sequence, letter.facts.uid) == (2, offered.uid)
    assert lapse(world) == 0


def test_declining_passes_it_on(world: World) -> None:
    event = full(world)
    leave(world, event, "A")
    leave(world, event, "B")
    assert states(world, event) == "xxo"
    assert told(world, event)[-2:] == [("cancelled", "B"), ("offered", "C")]


def test_not_answering_passes_it_on_with_a_letter(world: World) -> None:
    event = full(world)
    leave(world, event, "A")
    world.pass_time(hours=24)
    assert states(world, event) == "xow"
    with pytest.raises(RegistrationClosed) as refused:
        accept(world, event, "B")
    assert refused.value.code == "lapsed"
    assert lapse(world) == 1
    assert lapse(world) == 0
    assert states(world, event) == "xxo"
    gone = named(world, event, "B")
    assert gone.cancelled_by is CancelledBy.LAPSE
    assert told(world, event)[-2:] == [("lapsed", "B"), ("offered", "C")]
    letter = next(each for each in world.letters(event) if each.kind is LetterKind.LAPSED)
    assert (letter.method, letter.sequence) == (Method.CANCEL, 2)


def test_a_free_place_is_certain_at_once(world: World) -> None:
    event = limits(world, world.event(capacity=2), offer_hours=5)
    assert world.register(event).state is State.CONFIRMED
    assert states(world, event) == "c"


def test_no_offer_lasts_past_the_start(world: World) -> None:
    event = full(world, hours=48)
    world.now = event.starts_at - timedelta(hours=3)
    leave(world, event, "A")
    assert named(world, event, "B").offered_until == event.starts_at
    event = world.change(event, starts_at=event.starts_at - timedelta(hours=1))
    assert named(world, event, "B").offered_until == event.starts_at
    world.now = event.starts_at
    assert lapse(world) == 1
    assert states(world, event) == "xxc"  # once it has begun nobody is asked any more


def test_without_hours_whoever_moves_up_has_it_at_once(world: World) -> None:
    event = full(world, hours=0)
    leave(world, event, "A")
    assert states(world, event) == "xcw"


def test_a_workshop_place_comes_with_the_certain_seat(world: World) -> None:
    event = limits(world, world.event(capacity=1), offer_hours=24)
    world.programme(event, capacity=1)
    event = world.again(event)
    workshop = world.workshops(event)[0]
    world.register(event, "A")
    world.register(event, "B", sessions=(workshop,))
    leave(world, event, "A")
    assert not named(world, event, "B").choices[0].confirmed
    accept(world, event, "B")
    assert named(world, event, "B").choices[0].confirmed
    assert world.letters(event)[-1].facts.sessions[0].confirmed


def test_the_organiser_too_can_take_an_offer_back(world: World) -> None:
    event = full(world)
    leave(world, event, "A")
    found = named(world, event, "B")
    registration.cancel(world.store, found.id, CancelledBy.ORGANISER, **by(world))
    assert states(world, event) == "xxo"
