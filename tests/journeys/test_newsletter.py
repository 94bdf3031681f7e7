"""The newsletter: asked for twice, left at once, and nobody learns who reads it."""

import pytest

from eventkit.links import fingerprint
from eventkit.model.letter import LetterKind
from eventkit.store import archive
from eventkit.store.rows import Store


@pytest.fixture
def token(client, world, app):
    """The link of a subscription that was just asked for."""
    client.post("/newsletter/", data=filled(client))
    found = subscriber(world.store, "anna@example.com")
    return app.extensions["eventkit"].identity.token("newsletter", found.nonce)


def filled(client, email="anna@example.com"):
    return {"csrf_token": client.token("/newsletter/"), "email": email, "consent_newsletter": "y"}


def subscriber(store: Store, email: str):
    return archive.subscriber_by_address(store, email)


def confirm(client, token):
    csrf = client.token(f"/newsletter/confirm/{token}/")
    return client.post(f"/newsletter/confirm/{token}/", data={"csrf_token": csrf})


def test_asking_is_not_subscribing(client, world):
    answer = client.post("/newsletter/?lang=de", data=filled(client))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsletter/asked")
    assert client.get("/newsletter/asked").status_code == 200
    found = subscriber(world.store, "anna@example.com")
    assert found.state == "pending"
    assert found.consent_text.startswith("Ja, bitte senden Sie mir den Newsletter")
    assert archive.count_subscribers(world.store) == 0


@pytest.mark.parametrize("missing", [{"email": ""}, {"email": "x"}, {"consent_newsletter": ""}])
def test_a_refused_form_keeps_what_was_typed(client, world, missing):
    answer = client.post(
        "/newsletter/", data={k: v for k, v in (filled(client) | missing).items() if v}
    )
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert archive.count_subscribers(world.store) == 0


def test_opening_the_link_changes_nothing_the_button_does(client, world, token):
    """R52"""
    for _ in range(2):
        page = client.get(f"/newsletter/confirm/{token}/?lang=en")
        assert page.status_code == 200
    assert archive.count_subscribers(world.store) == 0
    for _ in range(2):
        assert "Welcome!" in confirm(client, token).text
    assert archive.count_subscribers(world.store) == 1


def test_a_confirmation_waits_seven_days(client, world, token):
    """R15"""
    world.pass_time(days=7, seconds=1)
    answer = client.get(f"/newsletter/confirm/{token}/?lang=en")
    assert answer.status_code == 404
    assert "This link opens nothing" in answer.text


def test_a_known_reader_gets_the_same_answer(client, token):
    """R11"""
    confirm(client, token)
    known = client.post("/newsletter/", data=filled(client))
    new = client.post("/newsletter/", data=filled(client, "ben@example.com"))
    assert (known.status_code, known.text) == (new.status_code, new.text)


def test_leaving_takes_one_button(client, world, token):
    confirm(client, token)
    page = client.get(f"/newsletter/leave/{token}/")
    assert page.status_code == 200
    assert archive.count_subscribers(world.store) == 1
    assert client.post(f"/newsletter/leave/{token}/").status_code == 200
    assert subscriber(world.store, "anna@example.com") is None
    assert client.get(f"/newsletter/leave/{token}/").status_code == 404


def test_a_mail_program_leaves_without_cookie_and_form(app, client, world, token):
    """R52"""
    confirm(client, token)
    program = app.test_client(use_cookies=False)
    for _ in range(2):
        answer = program.post(f"/newsletter/leave/{token}/", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert subscriber(world.store, "anna@example.com") is None
    assert archive.subscriber_by_token(world.store, fingerprint(token), now=world.now) is None


def test_a_link_that_opens_nothing_leaves_nobody(client, world, token):
    confirm(client, token)
    assert client.post(f"/newsletter/leave/{'x' * 43}/").status_code == 200
    assert archive.count_subscribers(world.store) == 1
    assert client.get(f"/newsletter/confirm/{'x' * 43}/").status_code == 404


def test_programs_that_fill_in_everything_are_stopped(client, world):
    answer = client.post("/newsletter/", data=filled(client) | {"homepage": "https://spam.example"})
    assert answer.status_code == 422
    assert subscriber(world.store, "anna@example.com") is None


def asked_letters(store: Store) -> int:
    sql = "SELECT count(*) FROM letters WHERE kind = :kind"
    return store.value(sql, kind=LetterKind.NEWSLETTER_CONFIRM.value)


def test_nobody_is_flooded_with_confirmations(client, world):
    """One an hour and three a day, however the address is written and whoever asks (R41)."""
    for address in ("anna@example.com", "Anna@example.com", "ANNA@Example.com"):
        assert client.post("/newsletter/", data=filled(client, address)).status_code == 303
    assert asked_letters(world.store) == 1
    for _ in range(6):
        world.pass_time(hours=2)
        client.post("/newsletter/", data=filled(client, "aNNa@example.com"))
    assert asked_letters(world.store) == 3
    world.pass_time(days=1)
    client.post("/newsletter/", data=filled(client))
    assert asked_letters(world.store) == 4


def test_whoever_leaves_is_forgotten_and_gets_no_letter_any_more(client, world, token):
    """Unsubscribed at once, the outbox included (R52, R55)."""
    confirm(client, token)
    assert client.post(f"/newsletter/leave/{token}/").status_code == 200
    assert world.store.value("SELECT count(*) FROM letters WHERE email LIKE '%anna%'") == 0
    assert world.store.value("SELECT count(*) FROM letters WHERE state = 'queued'") == 0
