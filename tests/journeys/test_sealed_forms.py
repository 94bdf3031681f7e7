"""Forms know when they were handed out; what is too quick for a person weighs more (R40)."""

import re

import pytest

from tests.world import World


def attempt(page) -> str:
    """The seal in a form."""
    return re.search(r'<input[^>]*name="attempt"[^>]*value="([^"]*)"', page.text)[1]


@pytest.fixture
def send(client):
    """Fill the form in: `send(event, attempt)`."""

    def fill(event, sealed: str, email: str = "eva@example.org"):
        typed = {
            "csrf_token": client.token("/newsletter/"),
            "attempt": sealed,
            "name": "Eva Muster",
            "email": email,
            "consent_privacy": "y",
        }
        return client.post(f"/events/{event.slug}/register", data=typed)

    return fill


@pytest.mark.parametrize(
    ("waited", "sealed", "weight"),
    [
        (2, None, 1),
        (86400, None, 1),
        (1, None, 3),
        (60, "", 3),
        (60, "made up", 3),
        (60, "abcdefghijkl.1000000000.c2lnbmF0dXJl", 3),
    ],
)
def test_r40_a_try_without_a_seal_or_quicker_than_a_person_weighs_more(
    client, world: World, send, waited: int, sealed: str | None, weight: int
) -> None:
    event = world.event()
    found = attempt(client.get(f"/events/{event.slug}/register"))
    world.pass_time(seconds=waited)
    answer = send(event, found if sealed is None else sealed)
    assert answer.status_code == 303
    rows = world.store.all("SELECT count FROM counters WHERE bucket LIKE 'network:%'")
    assert [row["count"] for row in rows] == [weight]


def test_the_seal_stays_when_the_form_is_shown_again(client, world: World, send) -> None:
    event = world.event()
    sealed = attempt(client.get(f"/events/{event.slug}/register"))
    again = send(event, sealed, email="nonsense")
    assert again.status_code == 422
    assert attempt(again) == sealed
