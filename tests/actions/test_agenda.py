"""Programmes: quiet drafts, numbered versions, and revisions only of what really moved."""

import dataclasses
from datetime import timedelta

import pytest

from eventkit.actions import agenda, publishing
from eventkit.errors import Invalid, NotFound
from eventkit.model.agenda import Kind, Part, Role, Room
from eventkit.model.text import Text
from eventkit.rules.changes import What
from eventkit.store import agenda as agenda_store
from eventkit.store.rows import Store
from tests.world import BY, World


def save(world: World, event, item, **changes):
    wanted = dataclasses.replace(item, **changes)
    agenda.save_item(
        world.store, event.id, wanted, actor=BY, now=world.now, identity=world.identity
    )


def test_a_draft_is_not_public_until_it_is_published(world: World, store: Store) -> None:
    event = world.event()
    world.item(event)
    assert agenda_store.published(store, event.id) is None
    programme = world.publish(event)
    assert agenda_store.published(store, event.id) == programme
    assert (programme.version, [i.sequence for i in programme.items]) == (1, [0])


def test_publishing_an_equal_draft_makes_no_version(world: World) -> None:
    event = world.event()
    world.item(event)
    world.publish(event)
    world.pass_time(days=1)
    assert world.publish(event).version == 1


def test_only_what_moved_is_revised(world: World) -> None:
    event = world.event()
    first = world.item(event, "A")
    world.item(
        event,
        "B",
        starts_at=event.starts_at + timedelta(hours=1),
        ends_at=event.starts_at + timedelta(hours=2),
    )
    published = world.publish(event).published_at
    world.pass_time(days=1)
    save(world, event, first, starts_at=first.starts_at + timedelta(minutes=10))
    programme = world.publish(event)
    assert [(i.title.de, i.sequence, i.revised_at) for i in programme.items] == [
        ("A", 1, world.now),
        ("B", 0, published),
    ]


def test_moved_and_moved_back_is_no_change(world: World) -> None:
    event = world.event()
    item = world.item(event)
    world.publish(event)
    save(world, event, item, starts_at=item.starts_at + timedelta(minutes=10))
    assert [c.what for c in publishing.pending(world.store, event.id)] == [What.CHANGED]
    save(world, event, item)
    assert publishing.pending(world.store, event.id) == ()


def test_a_removed_item_stays_as_a_cancelled_entry_with_its_identity(world: World) -> None:
    event = world.event()
    item = world.item(event)
    world.item(event, "B")
    world.publish(event)
    agenda.remove_item(world.store, event.id, item.id, actor=BY, now=world.now)
    programme = world.publish(event)
    gone = next(i for i in programme.items if i.id == item.id)
    assert (gone.cancelled, gone.sequence, gone.uid) == (True, 1, item.uid)
    assert world.publish(event).version == 2


def test_a_person_keeps_the_function_of_that_day(world: World, store: Store) -> None:
    event = world.event()
    person = world.person("Meral Thoms", function=Text(de="Koordinatorin"))
    world.item(event, people=(Part(person, Role.SPEAKER),))
    programme = world.publish(event)
    assert programme.items[0].people[0].function == Text(de="Koordinatorin")
    from_store = agenda_store.published(store, event.id)
    assert from_store == programme
    assert agenda_store.appearances(store, person.id)[0][1].title.de == "Vortrag"


def test_nothing_of_another_meeting_can_be_touched(world: World) -> None:
    mine, other = world.event(), world.event()
    item = world.item(other)
    room = agenda.save_room(
        world.store, other.id, Room(0, Text(de="Saal")), position=0, actor=BY, now=world.now
    )
    with pytest.raises(NotFound):
        save(world, mine, item)
    with pytest.raises(NotFound):
        agenda.remove_item(world.store, mine.id, item.id, actor=BY, now=world.now)
    with pytest.raises(NotFound):
        world.item(mine, room=Room(room, Text(de="Saal")))
    with pytest.raises(NotFound):
        agenda.remove_room(world.store, mine.id, room, actor=BY, now=world.now)


def test_an_item_needs_a_title_and_an_order(world: World) -> None:
    event = world.event()
    with pytest.raises(Invalid) as refused:
        save(world, event, world.item(event), title=Text(de=" \u200e "))
    assert refused.value.field == "title"
    with pytest.raises(Invalid) as refused:
        world.item(event, ends_at=event.starts_at)
    assert refused.value.field == "ends_at"


def test_an_empty_programme_is_not_published(world: World) -> None:
    with pytest.raises(Invalid):
        world.publish(world.event())


def test_a_larger_workshop_lets_the_next_in(world: World) -> None:
    event = world.event()
    workshop = world.item(event, "W", kind=Kind.WORKSHOP, capacity=1)
    world.publish(event)
    for _ in range(3):
        world.register(event, sessions=(workshop.id,))
    save(world, event, workshop, capacity=2)
    world.publish(event)
    confirmed = [r.choices[0].confirmed for r in world.registrations(event)]
    assert confirmed == [True, True, False]
