"""What strangers send: a Host that is not ours, forms of another kind or size, other methods."""

from io import BytesIO

import pytest

FORM = {"name": "Anna Müller", "email": "anna@example.com", "consent_privacy": "y"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1@evil.example", "127.0.0.1:x"])
def test_a_host_that_is_not_ours_is_told_so(client, host):
    """R32"""
    for method in ("GET", "HEAD", "POST"):
        answer = client.open("/", method=method, headers={"Host": host})
        assert answer.status_code == 400
        assert answer.mimetype == "text/plain"
        assert "evil" not in answer.text


def test_a_form_beyond_its_size_is_refused_before_it_is_read(client):
    """R36"""
    form = {"csrf_token": client.token("/newsletter/"), "email": "x" * 600_000}
    for url in ("/newsletter/", "/my/", "/organise/login"):
        assert client.post(url, data=form).status_code == 413


@pytest.mark.parametrize("field", [*FORM, "organisation", "access_needs", "sessions", "attempt"])
def test_a_file_where_text_is_asked_for_is_nothing_typed(client, world, field):
    event = world.event()
    form = FORM | {"csrf_token": client.token("/newsletter/")}
    form[field] = (BytesIO(b"Anna"), "anna.txt")
    answer = client.post(f"/events/{event.slug}/register", data=form)
    assert answer.status_code == (422 if field in FORM else 303)


def test_json_is_no_form(client, world):
    event = world.event()
    headers = {"X-CSRFToken": client.token("/newsletter/")}
    for body in (FORM, FORM | {"name": 7}, FORM | {"name": {"a": 1}}, [1, 2], "x"):
        answer = client.post(f"/events/{event.slug}/register", json=body, headers=headers)
        assert answer.status_code == 422
    assert world.registrations(event) == []


def test_who_has_to_log_in_is_led_back_for_head_too(client):
    get, head = client.get("/organise/letters"), client.head("/organise/letters")
    assert get.headers["Location"] == head.headers["Location"]
