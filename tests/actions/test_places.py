"""Groups, quotas, companions, organisations, workshops of a second wish, the desk (R1)."""

import pytest

from eventkit.actions import approval, own_data, places, registration
from eventkit.actions.own_data import Correction
from eventkit.errors import Full, Invalid, NotFound, Refused, RegistrationClosed
from eventkit.model.letter import LetterKind
from eventkit.model.places import Group, OpenTo, Quota
from eventkit.model.registration import CancelledBy, Source, State
from eventkit.model.text import Text
from eventkit.store import quotas as quota_store
from eventkit.store import registrations, retention
from eventkit.store import seats as seat_store
from tests.world import BY, World


def by(world: World) -> dict[str, object]:
    return {"actor": BY, "now": world.now, "identity": world.identity}


def group(world: World, event, name: str, open_to: OpenTo = OpenTo.EVERYONE) -> int:
    return places.save_group(world.store, event.id, Group(0, Text(de=name), open_to), **by(world))


def quota(world: World, event, capacity: int, *groups: int) -> int:
    made = Quota(0, Text(de=f"Kontingent {capacity}"), capacity, frozenset(groups))
    return places.save_quota(world.store, event.id, made, **by(world))


def limits(world: World, event, **changes: object):
    wanted = {"per_organisation": None, "offer_hours": 0, "companions": 0} | changes
    return places.set_limits(world.store, event.id, **wanted, **by(world))


def named(world: World, event, name: str):
    return next(r for r in world.registrations(event) if r.name == name)


def leave(world: World, event, name: str) -> None:
    registration.cancel(world.store, named(world, event, name).id, CancelledBy.GUEST, **by(world))


def states(world: World, event) -> str:
    """c(onfirmed), w(aiting), x (cancelled), o(ffered), r(equested), in order of arrival."""
    letters = {"cancelled": "x"}
    return "".join(letters.get(r.state, r.state[0]) for r in world.registrations(event))


def told(world: World, event) -> list[tuple[str, str]]:
    return [(letter.kind.value, letter.name) for letter in world.letters(event)]


def test_a_full_quota_lets_other_groups_pass_and_keeps_its_own_order(world: World) -> None:
    event = world.event(capacity=10)
    members, guests = group(world, event, "Mitglieder"), group(world, event, "Gäste")
    quota(world, event, 1, members)
    quota(world, event, 3, members, guests)
    for name, kind in (("A", members), ("B", members), ("C", guests), ("D", members)):
        world.register(event, name, group=kind)
    assert states(world, event) == "cwcw"
    world.register(event, "E", group=guests)
    world.register(event, "F", group=guests)
    assert states(world, event) == "cwcwcw"
    leave(world, event, "A")
    assert states(world, event) == "xccwcw"
    leave(world, event, "C")
    assert states(world, event) == "xcxwcc"
    assert told(world, event)[-1] == ("moved_up", "F")


def test_a_larger_quota_moves_the_list_and_a_smaller_one_takes_no_seat(world: World) -> None:
    event = world.event(capacity=None)
    press = group(world, event, "Presse")
    quota_id = quota(world, event, 1, press)
    for name in "ABC":
        world.register(event, name, group=press)
    assert states(world, event) == "cww"
    made = Quota(quota_id, Text(de="Presse"), 2, frozenset({press}))
    places.save_quota(world.store, event.id, made, **by(world))
    assert states(world, event) == "ccw"
    small = Quota(quota_id, Text(de="Presse"), 0, frozenset({press}))
    places.save_quota(world.store, event.id, small, **by(world))
    assert states(world, event) == "ccw"
    places.remove_quota(world.store, event.id, quota_id, **by(world))
    assert states(world, event) == "ccc"


def test_a_group_has_to_be_chosen_where_there_are_some(world: World) -> None:
    event = world.event()
    group(world, event, "Mitglieder")
    closed = group(world, event, "Presse", OpenTo.CODE)
    other = group(world, world.event(), "Gäste")
    for wanted, code in ((None, "group"), (closed, "unknown_group"), (other, "unknown_group")):
        with pytest.raises(Invalid) as refused:
            world.register(event, group=wanted)
        assert (refused.value.code, refused.value.field) == (code, "group")
    assert world.registrations(event) == []


def test_a_full_group_without_a_waiting_list_says_so_at_the_group(world: World) -> None:
    event = world.event(waiting_list=False)
    members = group(world, event, "Mitglieder")
    quota(world, event, 1, members)
    world.register(event, group=members)
    with pytest.raises(Invalid) as refused:
        world.register(event, group=members)
    assert (refused.value.code, refused.value.field) == ("group_full", "group")


def test_companions_take_places_and_whoever_needs_two_is_not_overtaken(world: World) -> None:
    event = limits(world, world.event(capacity=4), companions=2)
    world.register(event, "A", companions=("Kim", " "))
    world.register(event, "B")
    assert seat_store.seats(world.store, event).taken == 3
    world.register(event, "C", companions=("Lee",))
    world.register(event, "D")
    assert states(world, event) == "ccww"
    leave(world, event, "B")
    assert states(world, event) == "cxcw"
    assert named(world, event, "C").companions == ("Lee",)
    leave(world, event, "A")
    assert states(world, event) == "xxcc"
    for companions, code in ((("K", "L", "M"), "too_many_companions"), (("K@x.org",), None)):
        with pytest.raises(Invalid) as refused:
            world.register(event, companions=companions)
        assert refused.value.field == "companions"
        assert code in (None, refused.value.code)


def test_more_than_ever_fit_are_refused_at_once(world: World) -> None:
    event = limits(world, world.event(capacity=1), companions=1)
    with pytest.raises(Invalid) as refused:
        world.register(event, companions=("Kim",))
    assert refused.value.code == "never_fits"


def test_an_organisation_keeps_to_its_number(world: World) -> None:
    event = limits(world, world.event(capacity=9), per_organisation=2)
    for name, where in (("A", "Haus Über"), ("B", "haus uber"), ("C", "HAUS ÜBER"), ("D", "")):
        world.register(event, name, organisation=where)
    world.register(event, "E", organisation="Andere")
    assert states(world, event) == "ccwcc"
    leave(world, event, "A")
    assert states(world, event) == "xcccc"


def test_a_stranger_and_a_known_address_hear_the_same(world: World) -> None:
    """R11"""
    event = world.event(capacity=9)
    full, free = group(world, event, "Voll"), group(world, event, "Frei")
    quota(world, event, 1, full)
    world.register(event, email="known@example.com", group=full)
    assert world.register(event, email="known@example.com", group=free).state is State.CONFIRMED
    again = world.register(event, email="known@example.com", group=full)
    assert (again.state, again.queue) == (State.WAITING, 1)
    stranger = world.register(event, group=full)
    assert (stranger.state, stranger.queue) == (again.state, again.queue)


def test_r11_a_full_group_without_a_queue_refuses_known_and_strange_alike(world: World) -> None:
    event = world.event(capacity=9, waiting_list=False)
    full = group(world, event, "Voll")
    quota(world, event, 1, full)
    world.register(event, email="known@example.com", group=full)
    heard = []
    for address in ("known@example.com", "stranger@example.com"):
        with pytest.raises(Refused) as refused:
            world.register(event, email=address, group=full)
        heard.append((type(refused.value), refused.value.code, refused.value.field))
    assert heard[0] == heard[1]


def test_a_group_changes_only_where_its_seat_has_room(world: World) -> None:
    event = world.event(capacity=9)
    members, guests = group(world, event, "Mitglieder"), group(world, event, "Gäste")
    quota(world, event, 1, members)
    quota(world, event, 1, guests)
    for name, kind in (("A", members), ("B", guests), ("C", members)):
        world.register(event, name, group=kind)
    assert states(world, event) == "ccw"
    with pytest.raises(Invalid) as refused:
        change_group(world, event, "A", guests)
    assert refused.value.code == "group_full"
    change_group(world, event, "A", None)
    assert states(world, event) == "ccc"
    assert told(world, event)[-1] == ("moved_up", "C")
    with pytest.raises(NotFound):
        places.change_group(world.store, world.event().id, [1], None, **by(world))


def change_group(world: World, event, name: str, group_id: int | None) -> None:
    found = named(world, event, name)
    places.change_group(world.store, event.id, [found.id], group_id, **by(world))


def test_a_used_group_is_retired_and_an_empty_one_goes(world: World) -> None:
    event = world.event()
    used, empty = group(world, event, "A"), group(world, event, "B")
    world.register(event, group=used)
    for each in (used, empty):
        places.remove_group(world.store, event.id, each, **by(world))
    assert quota_store.groups(world.store, event.id) == ()
    kept = quota_store.groups(world.store, event.id, retired=True)
    assert [(each.id, each.retired) for each in kept] == [(used, True)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"per_organisation": 0}, "per_organisation"),
        ({"offer_hours": 721}, "offer_hours"),
        ({"companions": 10}, "companions"),
    ],
)
def test_limits_that_can_t_be(world: World, changes, field) -> None:
    with pytest.raises(Invalid) as refused:
        limits(world, world.event(), **changes)
    assert refused.value.field == field


def test_quotas_that_can_t_be(world: World) -> None:
    event = world.event()
    mine, theirs = group(world, event, "A"), group(world, world.event(), "B")
    for made, field in (
        (Quota(0, Text(de="x"), 1), "groups"),
        (Quota(0, Text(de="x"), 1, frozenset({theirs})), "groups"),
        (Quota(0, Text(), 1, frozenset({mine})), "name"),
        (Quota(0, Text(de="x"), -1, frozenset({mine})), "capacity"),
    ):
        with pytest.raises(Invalid) as refused:
            places.save_quota(world.store, event.id, made, **by(world))
        assert refused.value.field == field


def workshops(world: World, capacity: int):
    event = world.event(capacity=20)
    world.programme(event, capacity=capacity)
    return world.again(event), *world.workshops(event)


def joined(world: World, event, name: str) -> dict[int, bool]:
    return {c.item_id: c.confirmed for c in named(world, event, name).choices}


def test_a_second_wish_holds_a_place_until_the_first_is_free(world: World) -> None:
    event, one, two = workshops(world, 1)
    world.register(event, "A", sessions=(one,))
    world.register(event, "B", sessions=(one,), second=(two,))
    world.register(event, "C", sessions=(two,))
    assert joined(world, event, "B") == {one: False, two: True}
    assert joined(world, event, "C") == {two: False}
    leave(world, event, "A")
    assert joined(world, event, "B") == {one: True}
    assert joined(world, event, "C") == {two: True}
    letters = {letter.name: letter for letter in world.letters(event)}
    assert letters["B"].kind is letters["C"].kind is LetterKind.WORKSHOP
    assert [title.de for title in letters["B"].facts.freed] == ["Workshop Qualität"]
    assert letters["C"].facts.freed == ()


def test_wishes_that_can_t_be(world: World) -> None:
    event, one, two = workshops(world, 1)
    for first, second, code in (
        ((one, two), (), "sessions_clash"),
        ((), (one, two), None),
        ((one,), (99,), "unknown_session"),
    ):
        if code is None:
            # without a first wish at that time the second one is the first
            with pytest.raises(Invalid):
                world.register(event, sessions=(one, two), second=second)
            continue
        with pytest.raises(Invalid) as refused:
            world.register(event, sessions=first, second=second)
        assert refused.value.code == code
    world.register(event, "A", second=(one,))
    assert named(world, event, "A").choices[0].wish == 1


def test_requests_are_decided_together_in_order(world: World) -> None:
    event = world.event(capacity=2, approval=True)
    for name in "ABCD":
        world.register(event, name)
    ids = [named(world, event, name).id for name in "CAB"]
    done = approval.approve(world.store, event.id, [*ids, 999], **by(world))
    assert [each.name for each in done] == ["A", "B", "C"]
    assert states(world, event) == "ccwr"
    refused = approval.refuse(
        world.store,
        event.id,
        [named(world, event, "D").id, ids[0]],
        words="Im Herbst gern.",
        **by(world),
    )
    assert [each.name for each in refused] == ["D"]
    letter = world.letters(event)[-1]
    assert (letter.kind, letter.name, letter.method) == (LetterKind.REFUSED, "D", None)
    assert letter.facts.reason.de == "Im Herbst gern."
    assert named(world, event, "D").cancelled_by is CancelledBy.ORGANISER


def test_the_desk_passes_window_and_approval_but_never_the_places(world: World) -> None:
    event = world.event(capacity=1, approval=True, closes_at=world.now)
    with pytest.raises(RegistrationClosed):
        world.register(event)
    world.register(event, "A", source=Source.DESK)
    world.register(event, "B", source=Source.DOOR)
    assert states(world, event) == "cw"
    assert [r.source for r in world.registrations(event)] == [Source.DESK, Source.DOOR]
    with pytest.raises(Invalid) as refused:
        world.register(event, email=named(world, event, "A").email, source=Source.DESK)
    assert (refused.value.code, refused.value.field) == ("already", "email")
    event = world.change(event, waiting_list=False)
    with pytest.raises(Full):
        world.register(event, source=Source.DESK)
    world.now = event.ends_at
    with pytest.raises(RegistrationClosed):
        world.register(event, source=Source.DESK)


def test_forgetting_reaches_companions_and_organisation(world: World) -> None:
    """R55"""
    event = limits(world, world.event(), companions=1)
    world.register(event, "A", companions=("Kim Begleitung",), organisation="Haus")
    found = named(world, event, "A")
    with world.store.changing():
        retention.anonymise(world.store, [found.id], now=world.now)
    assert registrations.by_id(world.store, found.id).companions == ()
    dump = "\n".join(world.store.database.conn.iterdump())
    assert "Kim Begleitung" not in dump
    assert "'haus'" not in dump
    assert seat_store.seats(world.store, event).taken == 2


def test_a_seat_moves_to_another_organisation_only_where_it_has_room(world: World) -> None:
    event = limits(world, world.event(capacity=9), per_organisation=1)
    world.register(event, "A", organisation="Haus")
    world.register(event, "B", organisation="Verein")
    world.register(event, "C", organisation="verein")
    assert states(world, event) == "ccw"
    correct = {"now": world.now, "identity": world.identity}
    haus, verein = named(world, event, "A").id, named(world, event, "B").id
    with pytest.raises(Invalid) as refused:
        own_data.correct(world.store, verein, Correction("B", "de", organisation="HAUS"), **correct)
    assert (refused.value.code, refused.value.field) == ("organisation_full", "organisation")
    own_data.correct(world.store, haus, Correction("A", "de", organisation=""), **correct)
    own_data.correct(world.store, verein, Correction("B", "de", organisation="Haus"), **correct)
    assert states(world, event) == "ccc"
