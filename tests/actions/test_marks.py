"""What a guest marks: only what is on the programme of their own meeting, and once."""

import pytest

from eventkit.actions import agenda, marks, registration
from eventkit.errors import NotFound, RegistrationClosed
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.registration import CancelledBy, Registration
from eventkit.rules.marks import public_id
from eventkit.store import retention
from tests.world import BY, World


@pytest.fixture
def event(world: World) -> Event:
    """A meeting with a published programme."""
    made = world.event()
    world.programme(made)
    return world.again(made)


def _guest(world: World, event: Event) -> Registration:
    world.register(event)
    return world.registrations(event)[-1]


def _mark(world: World, guest: Registration, *items: Item, marked: bool = True) -> int:
    names = [public_id(item.uid) for item in items]
    return marks.mark(world.store, guest.id, names, marked=marked, now=world.now)


def _of(world: World, guest: Registration) -> list[int]:
    return [item.id for item in marks.of_guest(world.store, guest)]


def test_marks_are_kept_once_and_in_the_order_of_the_programme(world, event):
    guest, other = _guest(world, event), _guest(world, event)
    items = world.publish(event).items
    world.pass_time(hours=1)
    assert _mark(world, guest, items[-1], items[0]) == 2
    assert _of(world, guest) == [items[0].id, items[-1].id]
    assert _of(world, other) == []
    assert world.registrations(event)[0].changed_at == world.now
    world.pass_time(hours=1)
    assert _mark(world, guest, items[-1]) == 0
    assert world.registrations(event)[0].changed_at < world.now, "nothing changed"
    assert _mark(world, guest, items[0], marked=False) == 1
    assert _of(world, guest) == [items[-1].id]


def test_an_item_of_another_meeting_is_not_found(world, event):
    """R10"""
    guest = _guest(world, event)
    foreign = world.programme(world.event()).items[0]
    own = world.publish(event).items[0]
    with pytest.raises(NotFound):
        _mark(world, guest, own, foreign)
    with pytest.raises(NotFound):
        marks.mark(world.store, guest.id, [], marked=True, now=world.now)
    assert _of(world, guest) == []


def test_what_left_the_programme_can_be_unmarked_but_not_marked(world, event):
    guest = _guest(world, event)
    item = world.publish(event).items[1]
    _mark(world, guest, item)
    agenda.remove_item(world.store, event.id, item.id, actor=BY, now=world.now)
    world.publish(event)
    (left,) = marks.of_guest(world.store, guest)
    assert left.cancelled
    with pytest.raises(NotFound):
        _mark(world, guest, item)
    assert _mark(world, guest, item, marked=False) == 1


def test_who_has_cancelled_marks_nothing(world, event):
    guest = _guest(world, event)
    registration.cancel(
        world.store,
        guest.id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    with pytest.raises(RegistrationClosed):
        _mark(world, guest, world.publish(event).items[0])


def test_forgetting_takes_the_marks_along(world, event):
    guest = _guest(world, event)
    _mark(world, guest, world.publish(event).items[0])
    with world.store.changing():
        retention.anonymise(world.store, [guest.id], now=world.now)
    assert world.store.value("SELECT count(*) FROM marked_items") == 0
