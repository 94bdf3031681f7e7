"""Registering: every place once, every letter with its seat, nothing told to strangers."""

from datetime import UTC, datetime, timedelta

import pytest

from eventkit.actions import approval, registration
from eventkit.errors import Full, Invalid, NotFound, RegistrationClosed, TooMany
from eventkit.links import fingerprint
from eventkit.model.letter import LetterKind, Method
from eventkit.model.registration import CancelledBy, State
from eventkit.store import outbox, registrations
from eventkit.store.rows import Store
from tests.world import World


def states(world: World, event) -> list[str]:
    return [r.state.value for r in world.registrations(event)]


def kinds(world: World, event) -> list[str]:
    return [letter.kind.value for letter in world.letters(event)]


def cancel(world: World, event, name: str) -> None:
    found = next(r for r in world.registrations(event) if r.name == name)
    registration.cancel(
        world.store,
        found.id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )


def test_a_seat_and_its_letter_exist_together(world: World) -> None:
    """R6"""
    event = world.event(capacity=2)
    outcome = world.register(event, "Ada")
    (letter,) = world.letters(event)
    assert outcome.state is State.CONFIRMED
    assert (letter.kind, letter.method, letter.sequence) == (
        LetterKind.CONFIRMED,
        Method.REQUEST,
        0,
    )
    assert letter.facts.uid == world.registrations(event)[0].uid
    assert letter.message_id.endswith("@example.org>")


def test_a_full_meeting_gives_places_in_the_queue(world: World) -> None:
    event = world.event(capacity=1)
    outcomes = [world.register(event) for _ in range(3)]
    assert [o.state.value for o in outcomes] == ["confirmed", "waiting", "waiting"]
    assert [o.queue for o in outcomes] == [None, 1, 2]
    assert kinds(world, event) == ["confirmed", "waiting", "waiting"]


def test_a_full_meeting_without_a_queue_refuses_and_keeps_nothing(world: World) -> None:
    event = world.event(capacity=1, waiting_list=False)
    world.register(event)
    with pytest.raises(Full):
        world.register(event)
    assert states(world, event) == ["confirmed"]
    assert kinds(world, event) == ["confirmed"]


def test_whoever_waits_longest_moves_up_when_somebody_leaves(world: World) -> None:
    """R1"""
    event = world.event(capacity=1)
    for name in ("Ada", "Bo", "Cy"):
        world.register(event, name)
    cancel(world, event, "Ada")
    assert states(world, event) == ["cancelled", "confirmed", "waiting"]
    last = [(letter.kind.value, letter.name) for letter in world.letters(event)][-2:]
    assert last == [("cancelled", "Ada"), ("moved_up", "Bo")]
    moved = world.letters(event)[-1]
    assert (moved.method, moved.sequence) == (Method.REQUEST, 1)


def test_cancelling_twice_writes_one_letter(world: World) -> None:
    event = world.event()
    world.register(event, "Ada")
    cancel(world, event, "Ada")
    cancel(world, event, "Ada")
    (letter,) = [x for x in world.letters(event) if x.kind is LetterKind.CANCELLED]
    assert (letter.method, letter.sequence) == (Method.CANCEL, 1)


def test_registering_again_after_leaving_has_a_new_calendar_identity(world: World) -> None:
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    cancel(world, event, "Ada")
    world.register(event, "Ada", "ada@example.com")
    first, second = world.registrations(event)
    assert first.uid != second.uid
    assert (first.state, second.state) == (State.CANCELLED, State.CONFIRMED)


def test_the_same_form_sent_twice_is_one_registration(world: World) -> None:
    """R3"""
    event = world.event()
    wish = world.wish("Ada", "ada@example.com", attempt="same")
    first, second = (
        registration.register(world.store, event.id, wish, now=world.now, identity=world.identity)
        for _ in range(2)
    )
    assert first == second
    assert kinds(world, event) == ["confirmed"]


@pytest.mark.parametrize("capacity", [0, 1, 5])
def test_a_known_address_hears_what_a_stranger_would(world: World, capacity: int) -> None:
    event = world.event(capacity=capacity)
    known = world.register(event, "Ada", "Ada@example.com")
    again = world.register(event, "Eve", "ada@EXAMPLE.com")
    stranger = world.register(event, "Bo")
    assert (again.state, again.queue) == (stranger.state, stranger.queue)
    assert known.token
    assert again.token == ""
    assert [r.name for r in world.registrations(event)] == ["Ada", "Bo"]
    told = world.letters(event)[1]
    assert (told.kind, told.name, told.email) == (LetterKind.ALREADY, "Ada", "Ada@example.com")


def test_nobody_is_flooded_with_repetitions(world: World) -> None:
    """R41"""
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    for _ in range(4):
        world.register(event, "Eve", "ada@example.com")
    assert kinds(world, event) == ["confirmed", "already"]
    for _ in range(6):
        world.pass_time(hours=2)
        world.register(event, "Eve", "ada@example.com")
    assert kinds(world, event).count("already") == 3


def test_too_many_tries_for_one_address_are_refused_known_or_not(world: World) -> None:
    """R39"""
    event = world.event()
    for _ in range(registration.TRIES_PER_ADDRESS):
        world.register(event, "Ada", "ada@example.com")
    with pytest.raises(TooMany):
        world.register(event, "Ada", "ada@example.com")


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [(1, None, "not_yet"), (-5, 0, "closed"), (None, None, "none")],
)
def test_outside_its_window_registration_says_why(world: World, opens, closes, code) -> None:
    event = world.event(
        opens_at=None if opens is None else world.now + timedelta(seconds=opens),
        closes_at=None if closes is None else world.now + timedelta(seconds=closes),
    )
    with pytest.raises(RegistrationClosed) as refused:
        world.register(event)
    assert refused.value.code == code


def test_the_last_second_before_the_deadline_counts(world: World) -> None:
    """R2"""
    event = world.event(closes_at=world.now + timedelta(seconds=1))
    assert world.register(event).state is State.CONFIRMED
    world.pass_time(seconds=1)
    with pytest.raises(RegistrationClosed):
        world.register(event)


def test_a_draft_is_not_there(world: World) -> None:
    event = world.event(announced=False)
    with pytest.raises(NotFound):
        world.register(event)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " \u200b\u202e "}, "name"),
        ({"name": "Win at www.evil.example"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "a@b@c.de"}, "email"),
        ({"email": "ada@localhost"}, "email"),
        ({"email": "a\r\nBcc: x@example.com"}, "email"),
        ({"privacy_text": ""}, "consent_privacy"),
        ({"diet": "vegan"}, "consent_sensitive"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"sessions": (999,)}, "sessions"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(world: World, fields, field) -> None:
    event = world.event()
    values = {"name": "Ada", "email": "ada@example.com"} | fields
    with pytest.raises(Invalid) as refused:
        world.register(event, values.pop("name"), values.pop("email"), **values)
    assert refused.value.field == field
    assert states(world, event) == []


def test_sensitive_answers_keep_their_own_consent(world: World) -> None:
    event = world.event()
    world.register(event, diet="vegan", sensitive_text="Ja, dafür.")
    found = registrations.by_id(world.store, world.registrations(event)[0].id)
    assert found is not None
    assert [(c.purpose, c.text) for c in found.consents] == [
        ("privacy", "Ich habe die Hinweise gelesen."),
        ("sensitive", "Ja, dafür."),
    ]


def test_two_workshops_at_one_time_are_refused(world: World) -> None:
    event = world.event()
    world.programme(event)
    with pytest.raises(Invalid) as refused:
        world.register(event, sessions=tuple(world.workshops(event)))
    assert refused.value.code == "sessions_clash"


def test_workshop_places_go_in_order_and_move_up(world: World) -> None:
    event = world.event(capacity=3)
    world.programme(event, capacity=1)
    workshop = world.workshops(event)[0]
    for name in ("Ada", "Bo", "Cy", "Di"):
        world.register(event, name, sessions=(workshop,))
    before = [r.choices[0].confirmed for r in world.registrations(event)]
    assert before == [True, False, False, False]
    cancel(world, event, "Ada")
    after = [
        (r.name, r.state.value, [c.confirmed for c in r.choices])
        for r in world.registrations(event)
    ]
    assert after == [
        ("Ada", "cancelled", []),
        ("Bo", "confirmed", [True]),
        ("Cy", "confirmed", [False]),
        ("Di", "confirmed", [False]),
    ]
    told = [(letter.kind.value, letter.name) for letter in world.letters(event)][-3:]
    assert told == [("cancelled", "Ada"), ("workshop", "Bo"), ("moved_up", "Di")]


def test_approval_comes_before_any_place(world: World) -> None:
    event = world.event(capacity=1, approval=True)
    first, second = world.register(event, "Ada"), world.register(event, "Bo")
    assert (first.state, second.state) == (State.REQUESTED, State.REQUESTED)
    for name in ("Bo", "Ada"):
        found = next(r for r in world.registrations(event) if r.name == name)
        approval.approve(
            world.store, event.id, [found.id], actor="o", now=world.now, identity=world.identity
        )
    assert states(world, event) == ["waiting", "confirmed"]
    assert kinds(world, event) == ["requested", "requested", "confirmed", "waiting"]


def test_more_seats_let_the_next_move_up_and_fewer_take_none_away(world: World) -> None:
    event = world.event(capacity=1)
    for _ in range(4):
        world.register(event)
    event = world.change(event, capacity=3)
    assert states(world, event) == ["confirmed", "confirmed", "confirmed", "waiting"]
    event = world.change(event, capacity=1)
    assert states(world, event) == ["confirmed", "confirmed", "confirmed", "waiting"]
    assert kinds(world, event).count("moved_up") == 2


def test_a_personal_link_opens_one_registration_until_it_ends(world: World, store: Store) -> None:
    """R15"""
    event = world.event()
    token = world.register(event, "Ada").token
    assert registration.find(store, token, now=world.now).name == "Ada"
    for wrong in ("", "x" * 43, token[:-1], fingerprint(token)):
        with pytest.raises(NotFound):
            registration.find(store, wrong, now=world.now)
    with pytest.raises(NotFound):
        registration.find(store, token, now=world.now, purpose="feed")
    assert registration.find(store, token, now=event.ends_at + timedelta(days=29)).name == "Ada"
    with pytest.raises(NotFound):
        registration.find(store, token, now=event.ends_at + timedelta(days=30))


def test_no_token_lies_in_the_database(world: World, store: Store) -> None:
    """R14"""
    token = world.register(world.event()).token
    store.checkpoint()
    assert token.encode() not in store.path.read_bytes()
    assert fingerprint(token).encode() in store.path.read_bytes()


def test_a_lost_link_is_sent_to_the_address_alone(world: World) -> None:
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    for address in ("ada@example.com", "nobody@example.com"):
        registration.send_links(world.store, address, now=world.now, identity=world.identity)
    assert kinds(world, event) == ["confirmed", "link"]


def test_leaving_is_not_possible_after_the_meeting(world: World) -> None:
    event = world.event()
    world.register(event, "Ada")
    world.now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    with pytest.raises(RegistrationClosed):
        cancel(world, event, "Ada")


def test_the_flight_recorder_knows_each_invite(world: World, store: Store) -> None:
    event = world.event(capacity=1)
    world.register(event, "Ada")
    world.register(event, "Bo")
    cancel(world, event, "Ada")
    rows = store.all("SELECT method, sequence FROM invites ORDER BY id")
    assert [(r["method"], r["sequence"]) for r in rows] == [
        ("REQUEST", 0),
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 1),
    ]
    assert outbox.counts(store, event.id)["queued"] == 4
