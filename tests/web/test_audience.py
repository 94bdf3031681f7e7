"""Default deny: every address says whom it is for, and holds (R10)."""

import pytest
from flask import Flask

from eventkit.actions import post
from eventkit.model.account import Access
from eventkit.store import history
from tests.conftest import Reader
from tests.world import World

AUDIENCES = {"public", "personal link", "door", "organiser", "admin"}
RANK = {None: 0, Access.DOOR: 1, Access.ORGANISER: 2, Access.ADMIN: 3}
NEEDED = {"door": 1, "organiser": 2, "admin": 3}
HOUSE = {"static"}


def rules(app: Flask):
    return [r for r in app.url_map.iter_rules() if r.endpoint not in HOUSE]


def audience(app: Flask, endpoint: str) -> str:
    return getattr(app.view_functions[endpoint], "audience", "nobody said")


def filled(rule, slug: str) -> str:
    """An address of this rule with the meeting's slug and otherwise impossible values."""
    values = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        number = type(converter).__name__ == "IntegerConverter"
        values[name] = slug if name == "slug" else 987654 if number else "x" * 43
    return rule.build(values)[1]


def test_every_route_declares_its_audience(app: Flask) -> None:
    found = {r.endpoint: audience(app, r.endpoint) for r in rules(app)}
    assert {e: a for e, a in found.items() if a not in AUDIENCES} == {}


def test_organisers_addresses_are_organisers_business(app: Flask) -> None:
    for rule in rules(app):
        inside = rule.rule.startswith("/organise") and rule.endpoint != "organiser.login"
        assert (audience(app, rule.endpoint) in NEEDED) == inside, rule.rule


@pytest.mark.parametrize("role", [None, Access.DOOR, Access.ORGANISER, Access.ADMIN])
def test_every_role_reaches_exactly_its_own(
    app: Flask, client: Reader, world: World, role: Access | None
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    event = world.event()
    with world.store.changing():
        history.mark(world.store, post.WORKER, now=world.now)
    if role is not None:
        world.login(client, f"{role.value}@example.org", role)
    for rule in rules(app):
        needed = NEEDED.get(audience(app, rule.endpoint), 0)
        if rule.endpoint in ("organiser.logout", "organiser.login"):
            continue
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            answer = client.open(filled(rule, event.slug), method=method)
            assert answer.status_code < 500, (method, rule.rule)
            if needed > RANK[role]:
                sent_away = answer.status_code == 303 and "/organise/login" in answer.location
                assert sent_away if role is None else answer.status_code == 404, rule.rule
            elif needed and answer.status_code == 303:
                assert "/organise/login" not in answer.location, rule.rule


def test_an_unknown_meeting_is_a_friendly_404_everywhere(
    app: Flask, client: Reader, world: World
) -> None:
    world.login(client)
    for rule in rules(app):
        if "slug" in rule.arguments and "GET" in rule.methods:
            answer = client.get(filled(rule, "no-such-meeting"))
            assert answer.status_code == 404, rule.rule


def test_a_draft_is_unknown_to_everybody_outside(app: Flask, client: Reader, world: World) -> None:
    event = world.event(announced=False)
    for rule in rules(app):
        public = audience(app, rule.endpoint) == "public" and rule.rule.startswith("/events/<slug>")
        if public and "GET" in rule.methods:
            assert client.get(filled(rule, event.slug)).status_code == 404, rule.rule


def test_every_changing_request_needs_its_token(app: Flask, client: Reader, world: World) -> None:
    """R16"""
    event = world.event()
    world.login(client)
    by_token_alone = {
        "newsletter.leave"
    }  # one-click unsubscribing (RFC 8058): the link is the proof
    for rule in rules(app):
        if "POST" in rule.methods and rule.endpoint not in by_token_alone:
            answer = client.post(filled(rule, event.slug))
            assert answer.status_code == 400, rule.rule
