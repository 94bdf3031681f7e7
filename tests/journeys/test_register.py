"""Registering over HTTP: a seat, the queue, moving up, refusals, and what stays hidden."""

import re
from datetime import UTC, datetime

import pytest

from eventkit.model.letter import LetterKind
from eventkit.model.registration import State
from eventkit.store import registrations


@pytest.fixture
def post(client):
    """Fill the form in: `post(event, name=…)`."""

    def fill(event, *, lang="de", **fields):
        url = f"/events/{event.slug}/register?lang={lang}"
        values = {
            "csrf_token": client.token("/newsletter/"),
            "name": "Anna Müller",
            "email": "anna@example.com",
            "consent_privacy": "y",
        } | fields
        return client.post(url, data={k: v for k, v in values.items() if v is not None})

    return fill


def one(world, event):
    """The only registration of a meeting."""
    (found,) = world.registrations(event)
    return registrations.by_id(world.store, found.id)


def test_a_seat(client, world, post):
    event = world.event()
    form = client.get(f"/events/{event.slug}/register?lang=de")
    assert form.status_code == 200
    assert form.headers["Cache-Control"] == "private, no-store"
    answer = post(event)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/events/{event.slug}/registered"
    cookie = answer.headers["Set-Cookie"]
    for said in ("HttpOnly", "SameSite=Lax", f"Path=/events/{event.slug}/", "Max-Age=3600"):
        assert said in cookie
    registered = one(world, event)
    assert registered.state is State.CONFIRMED
    assert registered.language == "de"
    assert registered.consents[0].text.startswith("Ich habe gelesen")
    assert [letter.kind for letter in world.letters(event)] == [LetterKind.CONFIRMED]
    page = client.get(answer.headers["Location"])
    assert "Sie sind dabei!" in page.text
    assert "unterwegs" in page.text
    mine = client.get(f"/events/{event.slug}/registered/mine")
    assert mine.status_code == 303
    assert client.get(mine.headers["Location"]).status_code == 200


def test_the_form_says_who_why_how_long(client, world):
    """R51"""
    event = world.event()
    page = client.get(f"/events/{event.slug}/register?lang=de").text
    for said in ("18. Februar 2027", "Verein für Netzwerktreffen", "DSGVO", "Widerruf"[:6].lower()):
        assert said in page, said
    assert "checked" not in page


def test_a_place_in_the_queue(client, world, post):
    event = world.event(capacity=1)
    world.register(event)
    world.register(event)
    page = client.get(f"/events/{event.slug}/register?lang=en").text
    assert "Put me on the waiting list" in page
    assert post(event, lang="en").status_code == 303
    page = client.get(f"/events/{event.slug}/registered?lang=en").text
    assert "You are number 2 in the queue" in page
    assert world.registrations(event)[-1].state is State.WAITING


def test_who_cancels_lets_the_next_move_up(client, world, post):
    event = world.event(capacity=1)
    first = world.register(event)
    post(event)
    token = client.token(f"/my/{first.token}/cancel")
    answer = client.post(f"/my/{first.token}/cancel", data={"csrf_token": token})
    assert answer.status_code == 303
    assert [r.state for r in world.registrations(event)] == [State.CANCELLED, State.CONFIRMED]
    assert world.letters(event)[-1].kind is LetterKind.MOVED_UP


def test_the_same_filling_twice_is_one_registration(client, world, post):
    """R3"""
    event = world.event()
    first, second = post(event, attempt="abc"), post(event, attempt="abc")
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(world.registrations(event)) == 1
    assert len(world.letters(event)) == 1
    assert client.get(f"/events/{event.slug}/registered/mine").status_code == 303


def test_the_same_filling_with_another_address_opens_nobody_elses_page(client, world, post):
    event = world.event()
    post(event, attempt="1")
    post(event, attempt="1", name="Ben", email="ben@example.com")
    assert len(world.registrations(event)) == 2
    mine = client.get(f"/events/{event.slug}/registered/mine").headers["Location"]
    page = client.get(mine).text
    assert "ben@example.com" in page
    assert "anna@example.com" not in page


def test_optional_fields_may_be_left_out_of_a_post(world, post):
    """R50"""
    event = world.event()
    assert post(event).status_code == 303
    assert one(world, event).organisation == ""


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "Visit https://evil.example now"}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b.example, c@d.example"}, "email"),
        ({"email": "a@example.com\r\nBcc: x@example.com"}, "email"),
        ({"consent_privacy": None}, "consent_privacy"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"homepage": "https://spam.example"}, "homepage"),
        ({"sessions": "4711"}, "sessions"),
        ({"sessions": "x"}, "sessions"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(world, post, fields, at):
    """R62"""
    event = world.event()
    world.programme(event)
    answer = post(event, lang="en", role="Mentor*in", **fields)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert 'value="Mentor*in"' in answer.text
    assert f'id="{at}-error"' in answer.text or at == "homepage"
    assert world.registrations(event) == []


def test_all_that_is_missing_is_said_at_once(world, post):
    """R62"""
    answer = post(world.event(), lang="de", name="", email="", consent_privacy=None)
    assert answer.text.count('class="field-error"') == 3
    assert "Bitte sehen Sie sich 3 Felder noch einmal an" in answer.text


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} %(name)s {name} ${x}",
    "'; DROP TABLE registrations; --",
    "\u202egnp.exe",
    "a\x00b\x0bc\u2028d\ufffe",
    "Zoë Ångström-Łukasz O’Neill * : ·",
    "李小龍 محمد Ελένη",
    "=HYPERLINK(1)",
    "\U0001f389" * 50,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_type_stays_text(client, world, post, typed):
    event = world.event()
    answer = post(event, name=f"A {typed}", role=typed, organisation=typed)
    assert answer.status_code in (303, 422)
    assert "<script>alert" not in answer.text
    if answer.status_code == 303:
        page = client.get(client.get(f"/events/{event.slug}/registered/mine").headers["Location"])
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "A 49" not in page.text


def test_named_fields_only(world, post):
    """R17"""
    event, other = world.event(capacity=0), world.event()
    answer = post(event, state="confirmed", event_id=str(other.id), is_admin="1", id="7")
    assert answer.status_code == 303
    assert one(world, event).state is State.WAITING
    assert world.registrations(other) == []


def test_a_form_sent_after_the_deadline_is_refused_kindly(client, world, post):
    """R2"""
    event = world.event(closes_at=datetime(2026, 10, 1, tzinfo=UTC))
    world.now = datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC)
    assert client.get(f"/events/{event.slug}/register").status_code == 200
    world.pass_time(seconds=1)
    answer = post(event, lang="en")
    assert answer.status_code == 409
    assert "Registration is closed" in answer.text
    assert post(event, name="").status_code == 409
    assert world.registrations(event) == []


@pytest.mark.parametrize(
    ("changes", "later", "said"),
    [
        (
            {"opens_at": datetime(2026, 10, 1, 10, tzinfo=UTC)},
            0,
            "It opens on 1 October 2026, 12 pm",
        ),
        ({"opens_at": None}, 0, "There is no registration here"),
        ({"capacity": 0, "waiting_list": False}, 0, "All places are taken"),
        ({}, 90, "This meeting is over"),
    ],
)
def test_a_closed_form_says_why(client, world, post, changes, later, said):
    event = world.event(**changes)
    world.pass_time(days=later)
    page = client.get(f"/events/{event.slug}/register?lang=en")
    assert (page.status_code, said in page.text) == (200, True)
    answer = post(event, lang="en")
    assert (answer.status_code, said in answer.text) == (409, True)


def test_a_known_address_cannot_be_told_from_a_new_one(client, app, world):
    """R11"""

    def try_it(email):
        visitor = app.test_client()
        event = world.again(meeting)
        token = visitor.token("/newsletter/")
        answer = visitor.post(
            f"/events/{event.slug}/register?lang=de",
            data={"csrf_token": token, "name": "X", "email": email, "consent_privacy": "y"},
        )
        page = visitor.get(f"/events/{event.slug}/registered?lang=de")
        hidden = ("Date", "X-Request-Id", "Set-Cookie", "ETag")
        heads = [
            sorted((k, v) for k, v in each.headers if k not in hidden) for each in (answer, page)
        ]
        cookies = [
            re.sub("Expires=[^;]+", "", c.split(";", 1)[1])
            for c in answer.headers.getlist("Set-Cookie")
        ]
        sizes = [len(c.split(";", 1)[0]) for c in answer.headers.getlist("Set-Cookie")]
        return answer.status_code, answer.text, page.text, heads, cookies, sizes

    app.test_client_class = type(client)
    meeting = world.event(capacity=1)
    world.register(meeting, email="first@example.com")
    world.register(meeting, email="known@example.com")
    # the queue is one longer after a stranger joined it, so the known one comes first
    known = try_it("known@example.com")
    new = try_it("stranger@example.com")
    assert known == new
    kinds = [letter.kind for letter in world.letters(meeting)]
    assert kinds[-2:] == [LetterKind.ALREADY, LetterKind.WAITING]


def test_a_known_address_opens_its_page_only_from_the_letter(client, world, post):
    event = world.event()
    world.register(event, email="anna@example.com")
    post(event)
    page = client.get(f"/events/{event.slug}/registered/mine?lang=en")
    assert page.status_code == 200
    assert "Your link is in the letter" in page.text


def test_without_the_cookie_the_page_says_nothing_of_anybody(client, world):
    event = world.event()
    page = client.get(f"/events/{event.slug}/registered?lang=en")
    assert page.status_code == 200
    assert "Thank you" in page.text
    assert "registered/mine" not in page.text
    client.set_cookie("registered", "forged.value.here", path=f"/events/{event.slug}/")
    assert "registered/mine" not in client.get(f"/events/{event.slug}/registered").text


def test_workshops_are_chosen_with_their_free_places(client, world, post):
    event = world.event()
    world.programme(event, capacity=1)
    first, second = world.workshops(event)
    page = client.get(f"/events/{event.slug}/register?lang=de").text
    assert page.count("1 Platz frei") == 2
    assert "12–13 Uhr" in page
    assert post(event, sessions=str(first)).status_code == 303
    assert [c.item_id for c in one(world, event).choices if c.confirmed] == [first]
    page = client.get(f"/events/{event.slug}/register?lang=de").text
    assert "ausgebucht, Warteliste" in page
    both = post(event, lang="en", email="b@example.com", sessions=[str(first), str(second)])
    assert both.status_code == 422
    assert "at the same time" in both.text
    assert both.text.count("checked") == 3  # both workshops and the consent


def test_an_unknown_workshop_does_not_tell_whether_an_address_is_known(world, post):
    event = world.event()
    world.register(event, email="known@example.com")
    for email in ("known@example.com", "stranger@example.com"):
        assert post(event, email=email, sessions="424242").status_code == 422


def test_sensitive_data_has_its_own_consent_with_the_words_shown(client, world, post):
    """R50"""
    event = world.event()
    shown = client.get(f"/events/{event.slug}/register?lang=en").text
    assert post(event, lang="en", diet="vegan", access_needs="Rampe").status_code == 303
    privacy, sensitive = one(world, event).consents
    assert (privacy.purpose, sensitive.purpose) == ("privacy", "sensitive")
    assert sensitive.text in shown
    assert "expressly agree" in sensitive.text


def test_without_sensitive_data_there_is_no_such_consent(world, post):
    event = world.event()
    post(event)
    assert [c.purpose for c in one(world, event).consents] == ["privacy"]


def test_without_a_token_nothing_happens(client, world):
    event = world.event()
    answer = client.post(f"/events/{event.slug}/register", data={"name": "X"})
    assert answer.status_code == 400
    assert world.registrations(event) == []


def test_too_many_tries_are_stopped(world, post):
    event = world.event()
    answers = [post(event).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]


def test_an_old_address_takes_the_form_along(client, world):
    event = world.event()
    world.change(event, slug="neu")
    token = client.token("/newsletter/")
    answer = client.post(f"/events/{event.slug}/register", data={"csrf_token": token})
    assert answer.status_code == 308
    assert answer.headers["Location"] == "/events/neu/register"


def test_an_approved_meeting_takes_requests(client, world, post):
    event = world.event(approval=True)
    assert "Ask for a place" in client.get(f"/events/{event.slug}/register?lang=en").text
    post(event)
    assert one(world, event).state is State.REQUESTED
    assert "Your request has arrived" in client.get(f"/events/{event.slug}/registered?lang=en").text
