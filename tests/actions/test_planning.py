"""The editor: every step can be undone exactly, and nobody overwrites anybody unseen."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventkit.actions import agenda, planning, steps, upkeep
from eventkit.config import MailSettings
from eventkit.errors import Invalid, NotFound, Refused
from eventkit.model.agenda import Kind, Part, Role
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules import planning as moves
from eventkit.store import agenda as agenda_store
from eventkit.store import drafts, history, people
from tests.world import BY, World

HOUR = timedelta(hours=1)
ANNA = "anna@example.org"


def hand(world: World, event: Event, actor: str = BY) -> planning.Hand:
    return planning.Hand(world.store, event.id, actor, world.now, world.identity)


def draft(world: World, event: Event):
    return agenda_store.draft(world.store, event.id)


def do(world: World, event: Event, move: moves.Move, actor: str = BY) -> tuple[int, ...]:
    """A move by somebody who looks at the present draft."""
    seen = {i.id: moves.mark(i) for i in draft(world, event) if i.id == move.item}
    return planning.change(hand(world, event, actor), move, seen=seen)


def undo(world: World, event: Event, actor: str = BY):
    step = drafts.last_done(world.store, event.id)
    return steps.undo(world.store, event.id, step.id if step else 0, actor=actor, now=world.now)


def redo(world: World, event: Event):
    step = drafts.first_undone(world.store, event.id)
    return steps.redo(world.store, event.id, step.id if step else 0, actor=BY, now=world.now)


@pytest.fixture
def event(world: World) -> Event:
    """A draft of two rooms and three items, one with people."""
    event = world.event()
    halls = [world.room(event, name) for name in ("Saal 1", "Saal 2")]
    thoms, host = world.person("Meral Thoms"), world.person("Łukasz O’Neill")
    people = (Part(thoms, Role.SPEAKER, Text(de="Soziologin")), Part(host, Role.MODERATOR))
    world.item(event, "A", room=halls[0], people=people)
    start = event.starts_at + HOUR
    world.item(event, "B", room=halls[0], starts_at=start, ends_at=start + HOUR)
    world.item(event, "C", room=halls[1], kind=Kind.WORKSHOP, capacity=9)
    return event


def test_every_kind_of_step_is_undone_and_done_again_exactly(world, event):
    first, other, _ = (i.id for i in draft(world, event))
    for move in (
        moves.Nudge(first, 15),
        moves.Stretch(first, -15),
        moves.Place(first, on=date(2026, 11, 21), minute=600, room=0),
        moves.Shift(first, 30, everywhere=True, first=True),
        moves.Swap(first, other),
        moves.Insert(first, Kind.BREAK, Text(de="Pause"), 15, "all"),
        moves.Spread(first),
        moves.Duplicate(first),
        moves.Remove(first),
    ):
        before = draft(world, event)
        do(world, event, move)
        after = draft(world, event)
        assert after != before, move
        assert undo(world, event).verb == move.verb
        assert draft(world, event) == before, move
        redo(world, event)
        assert draft(world, event) == after, move
        undo(world, event)


def test_a_new_step_ends_what_could_be_done_again(world, event):
    item = draft(world, event)[0].id
    do(world, event, moves.Nudge(item, 5))
    undo(world, event)
    do(world, event, moves.Nudge(item, 10))
    with pytest.raises(Invalid):
        redo(world, event)


def test_the_form_s_changes_are_steps_too(world, event):
    before = draft(world, event)
    agenda.remove_item(world.store, event.id, before[0].id, actor=BY, now=world.now)
    world.item(event, "Noch einer")
    undo(world, event)
    undo(world, event)
    assert draft(world, event) == before
    assert [step.verb for step in (redo(world, event), redo(world, event))] == ["removed", "added"]


def test_somebody_else_s_step_is_seen_before_it_is_undone(world, event):
    item = draft(world, event)[0].id
    do(world, event, moves.Nudge(item, 5))
    mine = drafts.last_done(world.store, event.id)
    do(world, event, moves.Nudge(item, 5), actor=ANNA)
    with pytest.raises(Refused) as refused:
        steps.undo(world.store, event.id, mine.id, actor=BY, now=world.now)
    assert refused.value.code == "other_step"
    assert drafts.last_done(world.store, event.id).actor == ANNA


def test_an_item_changed_meanwhile_is_not_overwritten(world, event):
    item = draft(world, event)[0]
    seen = {item.id: moves.mark(item)}
    do(world, event, moves.Nudge(item.id, 5), actor=ANNA)
    there = draft(world, event)
    with pytest.raises(Refused) as refused:
        planning.change(hand(world, event), moves.Nudge(item.id, -5), seen=seen)
    assert refused.value.code == "changed_meanwhile"
    with pytest.raises(Refused):
        agenda.save_item(
            world.store,
            event.id,
            item,
            seen=moves.mark(item),
            actor=BY,
            now=world.now,
            identity=world.identity,
        )
    assert draft(world, event) == there
    assert drafts.last_of_item(world.store, event.id, item.id).actor == ANNA
    do(world, event, moves.Remove(item.id), actor=ANNA)
    with pytest.raises(Refused) as refused:
        planning.change(hand(world, event), moves.Nudge(item.id, -5), seen=seen)
    assert refused.value.code == "gone_meanwhile"


def test_what_a_step_did_not_touch_stays_when_it_is_undone(world, event):
    """A person's page changes their function on the draft, after the item was moved."""
    item = draft(world, event)[0]
    do(world, event, moves.Nudge(item.id, 5))
    with world.store.changing():
        world.store.run(
            'UPDATE item_people SET function = \'{"de": "Direktorin"}\' WHERE item_id = :id',
            id=item.id,
        )
    undo(world, event)
    (now, *_) = [i for i in draft(world, event) if i.id == item.id]
    assert now.starts_at == item.starts_at
    assert now.people[0].function == Text(de="Direktorin")


def test_a_step_whose_items_were_changed_past_the_editor_is_not_undone(world, event):
    item = draft(world, event)[0]
    do(world, event, moves.Nudge(item.id, 5))
    with world.store.changing():
        drafts.place(world.store, item, now=world.now)
    with pytest.raises(Refused) as refused:
        undo(world, event)
    assert refused.value.code == "changed_meanwhile"


def test_a_room_that_is_gone_does_not_stop_undoing(world, event):
    before = draft(world, event)
    do(world, event, moves.Nudge(before[0].id, 5))
    agenda.remove_room(world.store, event.id, before[0].room.id, actor=BY, now=world.now)
    undo(world, event)
    found = next(i for i in draft(world, event) if i.id == before[0].id)
    assert (found.starts_at, found.room) == (before[0].starts_at, None)


def test_what_is_older_than_a_week_is_not_undone_by_the_way(world, event):
    do(world, event, moves.Nudge(draft(world, event)[0].id, 5))
    there = draft(world, event)
    world.pass_time(days=8)
    assert steps.to_undo(world.store, event.id, now=world.now) is None
    with pytest.raises(Invalid):
        undo(world, event)
    assert draft(world, event) == there


def test_nothing_to_undo_and_nothing_of_another_meeting(world, event):
    other = world.event()
    with pytest.raises(Invalid):
        undo(world, other)
    item = draft(world, event)[0].id
    with pytest.raises(NotFound):
        planning.change(hand(world, other), moves.Nudge(item, 5), seen={})
    theirs = world.room(other, "Keller")
    with pytest.raises(NotFound):
        do(world, event, moves.Place(item, room=theirs.id))


def test_a_name_is_the_known_person_or_a_new_one(world, event, store):
    hour = (event.starts_at + 3 * HOUR, event.starts_at + 4 * HOUR)
    names = (("meral thoms", Role.SPEAKER), ("Neue Person", Role.SPEAKER))
    new = planning.New(Text(de="Neu"), Kind.TALK, *hour, people=names)
    item = planning.add(hand(world, event), new)
    found = agenda_store.draft_item(store, event.id, item)
    assert [p.person.name for p in found.people] == ["Meral Thoms", "Neue Person"]
    assert "neue-person" in [p.slug for p in people.every(store)]
    world.person("Neue Person")
    with pytest.raises(Invalid) as refused:
        planning.add(hand(world, event), new)
    assert refused.value.code == "name_twice"
    undo(world, event)
    assert agenda_store.draft_item(store, event.id, item) is None


def test_a_name_may_bring_its_address(world, event, store):
    hour = (event.starts_at + 3 * HOUR, event.starts_at + 4 * HOUR)

    def add(*names: str) -> list[tuple[str, str]]:
        said = tuple((name, Role.SPEAKER) for name in names)
        new = planning.New(Text(de="Neu"), Kind.TALK, *hour, people=said)
        item = agenda_store.draft_item(store, event.id, planning.add(hand(world, event), new))
        return [(part.person.name, part.person.email) for part in item.people]

    both = [("Fatma Yıldız", "fatma@example.org"), ("Chi Nguyễn", "")]
    assert add("Fatma Yıldız <fatma@example.org>", "Chi Nguyễn") == both
    assert add("Chi Nguyễn <chi@example.org>") == [("Chi Nguyễn", "chi@example.org")]
    assert add("fatma yıldız <Fatma@example.org>") == [("Fatma Yıldız", "fatma@example.org")]
    for wrong, code in (
        ("Chi Nguyễn <else@example.org>", "address_other"),
        ("Wer Neues <kein>", "address"),
        ("<wer@example.org>", "required"),
    ):
        with pytest.raises(Invalid) as refused:
            add(wrong)
        assert refused.value.code == code
    assert "wer-neues" not in [p.slug for p in people.every(store)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": Text(de=" ")}, "title"),
        ({"title": Text(de="x" * 301)}, "title"),
        ({"people": (("www.example.com", Role.SPEAKER),)}, "name"),
        ({"ends_at": None}, "minutes"),
    ],
)
def test_a_wrong_line_adds_nothing(world, event, changes, field):
    values = {"title": Text(de="Neu"), "kind": Kind.TALK, "starts_at": event.starts_at}
    values |= {"ends_at": event.starts_at + HOUR} | changes
    values["ends_at"] = values["ends_at"] or event.starts_at
    before = draft(world, event)
    with pytest.raises(Invalid) as refused:
        planning.add(hand(world, event), planning.New(**values))
    assert refused.value.field == field
    assert draft(world, event) == before


def test_a_frame_of_a_day_is_one_step(world):
    event = world.event()
    day = date(2026, 11, 20)
    made = planning.frame(hand(world, event), "day", day)
    items = draft(world, event)
    assert len(made) == len(items) == 9
    assert [i.track for i in items if i.kind is Kind.WORKSHOP] == ["A", "B"]
    assert items[0].starts_at == event.starts_at
    assert all(i.title.de and i.title.en for i in items)
    undo(world, event)
    assert draft(world, event) == ()
    with pytest.raises(NotFound):
        planning.frame(hand(world, event), "century", day)


def test_an_earlier_programme_begins_a_new_one(world, event, store):
    later = world.event(
        starts_at=event.starts_at + timedelta(days=200), ends_at=event.ends_at + timedelta(days=200)
    )
    world.room(later, "Saal 1")
    planning.begin_from(hand(world, later), event.id)
    copies = draft(world, later)
    assert [i.title for i in copies] == [i.title for i in draft(world, event)]
    # in June the clocks are an hour ahead: the same hour on the wall is another one in UTC
    assert copies[0].starts_at == event.starts_at + timedelta(days=200) - HOUR
    assert [r.name.de for r in agenda_store.rooms(store, later.id)] == ["Saal 1", "Saal 2"]
    assert not any(i.people for i in copies)
    undo(world, later)
    planning.begin_from(hand(world, later), event.id, with_people=True)
    assert draft(world, later)[0].people[0].person.name == "Meral Thoms"
    with pytest.raises(Invalid):
        planning.begin_from(hand(world, event), world.event().id)
    with pytest.raises(NotFound):
        planning.begin_from(hand(world, event), event.id)


def test_an_hour_at_the_editor_is_one_line_of_history(world, event, store):
    item = draft(world, event)[0].id
    for _ in range(3):
        do(world, event, moves.Nudge(item, 5))
    verbs = [line.verb for line in history.of_event(store, event.id)]
    assert verbs.count("programme_edited") == 1
    do(world, event, moves.Nudge(item, 5), actor=ANNA)
    verbs = [line.verb for line in history.of_event(store, event.id)]
    assert verbs.count("programme_edited") == 2


def test_steps_go_a_month_after_the_meeting(world, event, store, tmp_path):
    drafts_of = "SELECT count(*) FROM draft_steps"
    assert store.value(drafts_of) == 3
    mail = MailSettings("folder", "x@example.org", tmp_path / "mail")
    upkeep.run(store, mail, now=event.ends_at + timedelta(days=29))
    assert store.value(drafts_of) == 3
    upkeep.run(store, mail, now=event.ends_at + timedelta(days=31))
    assert store.value(drafts_of) == 0


MINUTES = st.sampled_from([-60, -15, -5, 5, 15, 45])


@st.composite
def wanted(draw, items, rooms):
    """Any move at any item."""
    item = draw(st.sampled_from(items))
    minutes = draw(MINUTES)
    return draw(
        st.sampled_from(
            [
                moves.Nudge(item, minutes),
                moves.Stretch(item, minutes),
                moves.Place(item, minute=600 + minutes, room=draw(st.sampled_from([0, *rooms]))),
                moves.Shift(item, minutes, everywhere=minutes > 0, first=minutes < 0),
                moves.Swap(item, draw(st.sampled_from(items))),
                moves.Insert(item, Kind.BREAK, Text(de="Pause"), 15, "room"),
                moves.Spread(item),
                moves.Duplicate(item),
                moves.Remove(item),
            ]
        )
    )


def check_undone_whatever_was_done(world: World, data: st.DataObject, most: int) -> None:
    event = world.event()
    rooms = [world.room(event, name).id for name in ("Saal 1", "Saal 2")]
    world.item(event, "A", people=(Part(world.person(), Role.SPEAKER),))
    world.item(event, "B", starts_at=event.starts_at + HOUR, ends_at=event.starts_at + 2 * HOUR)
    before, done, after = draft(world, event), 0, []
    for _ in range(data.draw(st.integers(1, most))):
        items = [i.id for i in draft(world, event)]
        if not items:
            break
        earlier = draft(world, event)
        try:
            do(world, event, data.draw(wanted(items, rooms)))
        except Invalid:
            assert draft(world, event) == earlier
        else:
            if draft(world, event) != earlier:
                done += 1
                after.append(draft(world, event))
    for _ in range(done):
        undo(world, event)
    assert draft(world, event) == before
    for expected in after:
        redo(world, event)
        assert draft(world, event) == expected


SHORT = settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHORT
@given(st.data())
def test_as_many_undos_as_steps_give_the_first_draft(world: World, data):
    check_undone_whatever_was_done(world, data, 4)


@pytest.mark.slow
@LONG
@given(st.data())
def test_as_many_undos_as_any_steps_give_the_first_draft(world: World, data):
    check_undone_whatever_was_done(world, data, 25)
