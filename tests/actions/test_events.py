"""Meetings: what a change means, who is told, and what a save that changed nothing does."""

from datetime import timedelta

import pytest

from eventkit.actions import events, registration
from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Link, Stage
from eventkit.model.letter import LetterKind, Method
from eventkit.model.registration import CancelledBy
from eventkit.model.text import Text
from eventkit.store import events as event_store
from eventkit.store.rows import Store
from tests.world import BY, World


def kinds(world: World, event) -> list[str]:
    return [letter.kind.value for letter in world.letters(event)]


def test_a_new_meeting_is_a_quiet_draft(world: World) -> None:
    event = world.event(announced=False)
    assert event.stage is Stage.DRAFT
    assert (event.sequence, event.slug) == (0, "netzwerktreffen-nr-1-2026")


def test_two_meetings_of_one_name_have_two_addresses(world: World) -> None:
    title = Text(de="Mentor*innen größer Łukasz")
    slugs = [world.event(title=title).slug for _ in range(2)]
    assert slugs == ["mentor-innen-groesser-lukasz-2026", "mentor-innen-groesser-lukasz-2026-2"]


def test_a_save_that_changed_nothing_changes_nothing(world: World) -> None:
    event = world.event()
    world.register(event)
    world.pass_time(days=1)
    assert world.change(event) == event
    assert kinds(world, event) == ["confirmed"]


@pytest.mark.parametrize(
    "what",
    [
        {"title": Text(de="Neu", en="New")},
        {"starts_at": timedelta(minutes=30)},
        {"ends_at": timedelta(hours=1)},
        {"place": "town"},
    ],
)
def test_what_calendars_show_raises_the_sequence_once(world: World, what) -> None:
    event = world.event()
    (name, value) = next(iter(what.items()))
    if isinstance(value, timedelta):
        value = getattr(event, name) + value
    if name == "place":
        value = type(event.place)(name="Anderswo", town="Köln")
    world.register(event, "Ada")
    world.pass_time(days=1)
    changed = world.change(event, **{name: value})
    assert (changed.sequence, changed.revised_at) == (1, world.now)
    letter = world.letters(event)[-1]
    assert (letter.kind, letter.method, letter.sequence) == (
        LetterKind.CHANGED,
        Method.REQUEST,
        1,
    )
    assert world.change(event, **{name: value}).sequence == 1
    assert kinds(world, event) == ["confirmed", "changed"]


def test_a_corrected_description_is_told_to_nobody(world: World) -> None:
    event = world.event()
    world.register(event)
    changed = world.change(event, description=Text(de="Genauer."))
    assert changed.sequence == 0
    assert changed.description == Text(de="Genauer.")
    assert kinds(world, event) == ["confirmed"]


def test_a_change_says_before_how_many_it_touches(world: World) -> None:
    event = world.event(capacity=1)
    world.register(event)
    world.register(event)
    plan = events.plan_of(world.store, event)
    assert events.concerned(world.store, event.id, plan) == ((), 0)
    plan = events.Plan(**{**_fields(plan), "starts_at": event.starts_at + timedelta(hours=1)})
    assert events.concerned(world.store, event.id, plan) == (("starts_at",), 2)


def _fields(plan) -> dict[str, object]:
    return {name: getattr(plan, name) for name in plan.__slots__}


def test_the_letter_of_a_change_knows_what_was_before(world: World) -> None:
    event = world.event()
    world.register(event, "Ada")
    world.change(event, starts_at=event.starts_at + timedelta(hours=1))
    facts = world.letters(event)[-1].facts
    assert facts.before_starts_at == event.starts_at
    assert facts.starts_at == event.starts_at + timedelta(hours=1)
    assert facts.before_place is None


def test_drafts_change_without_a_sequence(world: World) -> None:
    event = world.event(announced=False)
    assert world.change(event, ends_at=event.ends_at + timedelta(hours=1)).sequence == 0


def test_calling_off_tells_everybody_once_and_ends_all(world: World) -> None:
    event = world.event(capacity=1)
    for name in ("Ada", "Bo", "Cy"):
        world.register(event, name)
    gone = world.registrations(event)[2]
    registration.cancel(
        world.store, gone.id, CancelledBy.GUEST, actor="g", now=world.now, identity=world.identity
    )
    called_off = events.call_off(
        world.store,
        event.id,
        Text(de="Krankheit"),
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    assert (called_off.stage, called_off.sequence) == (Stage.CANCELLED, 1)
    told = [
        (x.name, x.method, x.sequence)
        for x in world.letters(event)
        if x.kind is LetterKind.CALLED_OFF
    ]
    assert told == [("Ada", Method.CANCEL, 1), ("Bo", Method.CANCEL, 1)]
    assert {r.state.value for r in world.registrations(event)} == {"cancelled"}
    with pytest.raises(Invalid):
        events.call_off(
            world.store, event.id, Text(), actor=BY, now=world.now, identity=world.identity
        )


def test_an_old_address_leads_to_the_new_one(world: World, store: Store) -> None:
    event = world.event(slug="alt")
    moved = world.change(event, slug="neu")
    assert (moved.slug, event_store.moved_to(store, "alt")) == ("neu", "neu")
    with pytest.raises(Invalid) as refused:
        world.event(slug="alt")
    assert refused.value.field == "slug"
    assert world.change(moved, slug="alt").slug == "alt"
    assert event_store.moved_to(store, "neu") == "alt"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": Text(de=" \u200e ")}, "title"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"ends_at": "start"}, "ends_at"),
        ({"capacity": -1}, "capacity"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"links": (Link(Text(de="x"), "javascript:alert(1)"),)}, "links"),
        ({"place": "bad"}, "map_url"),
    ],
)
def test_a_bad_field_is_named(world: World, changes, field) -> None:
    event = world.event()
    if changes.get("ends_at") == "start":
        changes = {"ends_at": event.starts_at}
    if changes.get("place") == "bad":
        changes = {"place": type(event.place)(map_url="file:///etc/passwd")}
    with pytest.raises(Invalid) as refused:
        world.change(event, **changes)
    assert refused.value.field == field
    assert world.again(event) == event


def test_only_what_is_over_can_be_archived(world: World) -> None:
    event = world.event()
    with pytest.raises(Invalid):
        events.archive(world.store, event.id, actor=BY, now=world.now)
    archived = events.archive(world.store, event.id, actor=BY, now=event.ends_at)
    assert archived.stage is Stage.ARCHIVED


def test_the_personal_links_follow_the_meeting_to_another_day(world: World) -> None:
    """A guest's page stays open until 30 days after the meeting, wherever it moves (R15)."""
    event = world.event()
    token = world.register(event, "Ada").token
    later = timedelta(days=120)
    moved = world.change(event, starts_at=event.starts_at + later, ends_at=event.ends_at + later)
    last = moved.ends_at + timedelta(days=30, seconds=-1)
    assert registration.find(world.store, token, now=last).name == "Ada"
    with pytest.raises(NotFound):
        registration.find(world.store, token, now=last + timedelta(seconds=1))
    back = world.change(moved, starts_at=event.starts_at, ends_at=event.ends_at)
    with pytest.raises(NotFound):
        registration.find(world.store, token, now=back.ends_at + timedelta(days=30))
