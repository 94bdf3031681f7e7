"""What happened, in words: at a meeting and to each person."""

import re

from flask import Flask

from eventkit.actions import own_data, questions, registration, upkeep
from eventkit.actions.own_data import Correction
from eventkit.actions.questions import Given
from eventkit.model.account import HistoryLine
from eventkit.model.question import Kind, Question
from eventkit.model.registration import CancelledBy
from eventkit.model.text import Text
from eventkit.rules import chronicle
from eventkit.store import history
from eventkit.store import questions as question_store
from eventkit.web.organiser import words
from tests.conftest import Reader
from tests.house.source import modules
from tests.world import BY, World

ELSEWHERE = {  # noted without a meeting: accounts, the organisation, the newsletter
    "account_changed",
    "calendar_tested",
    "logged_in",
    "newsletter_confirmed",
    "newsletter_left",
    "organisation_changed",
    "organiser_added",
    "password_changed",
    "sensitive_deleted",
    "topic_saved",
}


NOTED = re.compile(r"""note\(\s*[\w.]+,\s*"(\w+)\"""")


def noted() -> set[str]:
    """Every verb that the program writes into history as a plain word."""
    return {verb for path in modules() for verb in NOTED.findall(path.read_text())}


def test_everything_that_is_noted_has_words(app: Flask, world: World) -> None:
    assert "seat_given" in noted()
    with app.test_request_context("/?lang=en"):
        bare = {
            verb
            for verb in noted() | chronicle.known()
            if words.history(HistoryLine(world.now, BY, verb, "S", "{}")) == verb
        }
    assert bare - ELSEWHERE - {"lapsed", "not_attended", "photo_consent"} == set()


def test_a_meeting_tells_who_did_what_and_why(client: Reader, world: World) -> None:
    event = world.event(capacity=1)
    world.register(event, "Anna", "a@x.org")
    world.register(event, "Bo", "b@x.org")
    world.change(event, capacity=70)
    world.login(client)
    base = f"/organise/events/{event.slug}/history"
    page = client.get(base).text
    assert "Die Einstellungen wurden geändert" in page
    why = f"die Zahl der Plätze ging von 1 auf 70 ({BY})"
    assert why in page
    assert ">Bo<" in page
    places = client.get(f"{base}?show=places").text
    assert why in places
    assert "Die Einstellungen" not in places
    assert "Die Einstellungen" in client.get(f"{base}?show=settings").text
    table = client.get(f"{base}.csv?show=places").text
    assert "Bo;" in table
    assert "Die Einstellungen" not in table
    assert "Noch nichts dieser Art" in client.get(f"{base}?show=fees").text


def test_a_long_history_is_paged(client: Reader, world: World) -> None:
    event = world.event()
    with world.store.changing():
        for number in range(120):
            history.note(
                world.store,
                "room_saved",
                actor=BY,
                now=world.now,
                event_id=event.id,
                subject=f"<{number}>",
            )
    world.login(client)
    base = f"/organise/events/{event.slug}/history"
    assert "»&lt;119&gt;«" in client.get(base).text
    assert "»&lt;1&gt;«" not in client.get(base).text
    assert "»&lt;1&gt;«" in client.get(f"{base}?page=2").text
    assert client.get(f"{base}?page=99&show=nonsense").status_code == 200


def test_a_person_has_a_history_with_letters_and_fields(
    client: Reader, world: World, tmp_path
) -> None:
    event = world.event()
    question = Question(
        0, event.id, "secret", Kind.SHORT, Text(de="Mitgliedsnummer"), purpose=Text(de="x")
    )
    with world.store.changing():
        question_store.save(world.store, question)
    world.register(event, "Anna", "a@x.org")
    (anna,) = world.registrations(event)
    questions.correct(
        world.store, anna.id, Given({"secret": ["S3CRET-77"]}), actor=BY, now=world.now
    )
    wish = Correction(name="Anna Kim", organisation="Verein", language="de")
    own_data.correct(world.store, anna.id, wish, now=world.now, identity=world.identity)
    world.login(client)
    address = f"/organise/events/{event.slug}/attendees/{anna.id}"
    told = _history(client.get(address).text)
    for sentence in (
        "Jemand hat sich angemeldet",
        "Ein Platz wurde vergeben: es war sofort Platz",
        "Angaben geändert: Mitgliedsnummer",
        "Angaben berichtigt: Name, Organisation",
        "wurde geschrieben",
        "Zugestimmt:",
    ):
        assert sentence in told, sentence
    assert "S3CRET-77" not in told
    only = _history(client.get(f"{address}?show=letters").text)
    assert "wurde geschrieben" in only
    assert "Jemand hat sich angemeldet" not in only


def _history(page: str) -> str:
    found = re.search(r'<section class="sheet" id="history">.*?</section>', page, re.S)
    assert found
    return found[0]


def test_after_forgetting_history_names_nobody(client: Reader, world: World, settings) -> None:
    """R56"""
    event = world.event()
    world.register(event, "Anna Unverwechselbar", "a@x.org", organisation="Haus Eindeutig")
    (anna,) = world.registrations(event)
    registration.cancel(
        world.store,
        anna.id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    world.login(client)
    base = f"/organise/events/{event.slug}/history"
    assert "Unverwechselbar" in client.get(base).text
    upkeep.forget(world.store, anna.id, settings.mail, actor=BY, now=world.now)
    for address in (base, f"{base}.csv", f"/organise/events/{event.slug}/attendees/{anna.id}"):
        page = client.get(address).text
        assert "Unverwechselbar" not in page
        assert "Eindeutig" not in page
