"""What every answer carries and every request leaves behind, and how a full disk is told."""

import json

import pytest


def filled(client, slug, email):
    path = f"/events/{slug}/register"
    token = client.token(path)
    return path, {"csrf_token": token, "name": "Ada", "email": email, "consent_privacy": "y"}


def test_a_full_disk_stops_writing_and_nothing_else(client, world):
    """503 with a plain sentence; reading goes on, the organisers' too; no restart (R7)."""
    event = world.event(slug="treffen")
    world.login(client)
    path, form = filled(client, event.slug, "ada@example.com")
    lock = world.store.folder / "writing.lock"
    lock.unlink()
    lock.mkdir()  # what a folder that can't be written feels like, for root too
    world.pass_time(minutes=20)
    refused = client.post(path, data=form)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    for page in ("/", "/events/treffen/", "/organise/", "/organise/events/treffen/attendees"):
        assert client.get(page).status_code == 200, page
    lock.rmdir()
    assert client.post(path, data=form).status_code == 303
    assert len(world.registrations(event)) == 1


def test_a_page_forbids_what_it_does_not_need(client):
    """R38"""
    policy = client.get("/").headers["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("known", [True, False])
def test_the_log_names_nobody_and_opens_nothing(client, world, capfd, known):
    """One JSON line a request, without address, token or body (R42)."""
    token = world.register(world.event(slug="treffen"), "Ada", "ada@example.com").token
    path = f"/my/{token if known else 'x' * 43}/?from=ada@example.com"
    capfd.readouterr()
    client.get(path)
    path, form = filled(client, "treffen", "bo@example.com")
    client.post(path, data=form)
    logged = capfd.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    assert lines[0]["route"] == "/my/<token>/"
    assert all(set(line) == {"id", "method", "route", "status", "ms"} for line in lines)
    for secret in (token, "xxxx", "@", "Ada", form["csrf_token"]):
        assert secret not in logged
