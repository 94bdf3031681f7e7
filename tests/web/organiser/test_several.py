"""One thing for several people of the list."""

import re
from datetime import timedelta

import pytest

from eventkit.model.letter import LetterKind
from eventkit.model.registration import State
from tests.conftest import Reader
from tests.world import World


@pytest.fixture
def doing(client: Reader, world: World):
    """Ticks people, answers the question, and gives back the question's page."""
    world.login(client)

    def do(event, verb: str, ids, query: str = "", **fields):
        address = f"/organise/events/{event.slug}/attendees"
        data = {"csrf_token": client.token(address), "verb": verb, "ids": ids} | fields
        page = client.post(f"{address}/several{query}", data=data)
        confirmed = re.search(r'name="confirmed" value="(\w+)"', page.text)
        if confirmed:
            named = re.findall(r'name="ids" value="(\d+)"', page.text)
            answer = client.post(
                f"{address}/several", data=data | {"confirmed": confirmed[1], "ids": named}
            )
            assert answer.status_code == 303
        return page

    return do


def states(world: World, event) -> list[State]:
    return [each.state for each in world.registrations(event)]


def test_cancelling_says_how_many_and_the_next_move_up(world: World, doing) -> None:
    event = world.event(capacity=2)
    for _ in range(5):
        world.register(event)
    ids = [each.id for each in world.registrations(event)]
    page = doing(event, "cancel", ids[:2])
    assert "2 Anmeldungen stornieren?" in page.text
    assert states(world, event) == [State.CANCELLED] * 2 + [State.CONFIRMED] * 2 + [State.WAITING]
    kinds = [letter.kind for letter in world.letters(event)][5:]
    assert sorted(kinds) == [LetterKind.CANCELLED] * 2 + [LetterKind.MOVED_UP] * 2


def test_a_question_alone_changes_nothing_and_an_old_answer_neither(
    client: Reader, world: World
) -> None:
    event = world.event()
    world.register(event)
    world.register(event)
    one, two = world.registrations(event)
    world.login(client)
    address = f"/organise/events/{event.slug}/attendees"
    data = {"csrf_token": client.token(address), "verb": "cancel", "ids": [one.id]}
    page = client.post(f"{address}/several", data=data)
    mark = re.search(r'name="confirmed" value="(\w+)"', page.text)[1]
    other = client.post(f"{address}/several", data=data | {"confirmed": mark, "ids": [two.id]})
    assert other.status_code == 200
    assert states(world, event) == [State.CONFIRMED, State.CONFIRMED]


def test_everybody_of_a_filtered_list(world: World, doing) -> None:
    event = world.event(approval=True)
    for name in ("Anna", "Bo", "Anna Zwei"):
        world.register(event, name)
    page = doing(event, "approve", [], "?q=anna", all="1")
    assert "2 Anfragen" in page.text
    assert states(world, event) == [State.CONFIRMED, State.REQUESTED, State.CONFIRMED]


def test_those_not_concerned_and_of_other_meetings_stay(world: World, doing) -> None:
    event, other = world.event(approval=True), world.event()
    world.register(event)
    world.register(other)
    (mine,), (theirs,) = world.registrations(event), world.registrations(other)
    page = doing(event, "cancel", [mine.id, theirs.id])
    assert "1 Anmeldung stornieren?" in page.text
    assert states(world, other) == [State.CONFIRMED]
    assert doing(event, "approve", [mine.id]).status_code == 303  # nobody asks any more


def test_who_was_there_is_noted_and_taken_back(world: World, doing) -> None:
    soon = world.now + timedelta(hours=2)
    event = world.event(capacity=1, starts_at=soon, ends_at=soon + timedelta(hours=4))
    world.register(event)
    world.register(event)
    ids = [each.id for each in world.registrations(event)]
    page = doing(event, "attend", ids)
    assert "Der Einlass hat noch nicht begonnen." in page.text
    assert states(world, event) == [State.CONFIRMED, State.WAITING]
    world.now = event.starts_at
    page = doing(event, "attend", ids)
    assert "1 weitere gewählte Person betrifft das nicht" in page.text
    first = world.registrations(event)[0]
    assert (first.state, first.attended_at) == (State.ATTENDED, event.starts_at)
    doing(event, "absent", ids)
    assert states(world, event) == [State.CONFIRMED, State.WAITING]


def test_writing_leads_to_a_message_to_them(client: Reader, world: World, doing) -> None:
    event = world.event()
    world.register(event, email="a@x.org")
    world.register(event, email="b@x.org")
    ids = [each.id for each in world.registrations(event)]
    answer = doing(event, "write", ids)
    page = client.get(answer.headers["Location"]).text
    assert "a@x.org" in page
    assert "b@x.org" in page
