"""The guest's own page: how it stands, cancelling, downloads, data, and links that open nothing."""

from datetime import timedelta

import pytest

from eventkit.actions import events, speakers
from eventkit.model.letter import LetterKind
from eventkit.model.material import Release
from eventkit.model.registration import State
from eventkit.model.text import Text
from tests.journeys.files import PDF, pdf_file
from tests.world import BY


@pytest.fixture
def guest(world):
    """A meeting with a programme, and somebody with a seat and a workshop."""
    event = world.event()
    world.programme(event)
    outcome = world.register(
        event,
        name="Łukasz O’Neill",
        email="lukasz@example.com",
        diet="vegan",
        sensitive_text="Ja",
        sessions=(world.workshops(event)[0],),
    )
    return event, outcome.token


def test_the_page_tells_how_it_stands(client, guest):
    _, token = guest
    page = client.get(f"/my/{token}/?lang=de")
    assert page.status_code == 200
    for said in (
        "Sie sind dabei. Wir freuen uns auf Sie, Łukasz O’Neill!",
        "Workshop Matching",
        "Platz bestätigt",
        "vegan",
        "lukasz@example.com",
        "18. Februar 2027",
        "20. Dezember 2026",
    ):
        assert said in page.text, said
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_waiting_guest_sees_the_place_in_the_queue(client, world):
    event = world.event(capacity=0)
    world.register(event)
    token = world.register(event).token
    assert "You are number 2 in the queue" in client.get(f"/my/{token}/?lang=en").text


def test_opening_the_link_to_cancel_changes_nothing(client, world, guest):
    """R15"""
    event, token = guest
    for method in (client.get, client.head):
        assert method(f"/my/{token}/cancel").status_code == 200
    assert world.registrations(event)[0].state is State.CONFIRMED
    assert client.post(f"/my/{token}/cancel").status_code == 400
    assert world.registrations(event)[0].state is State.CONFIRMED


def test_cancelling_gives_the_place_back(client, world, guest):
    event, token = guest
    csrf = client.token(f"/my/{token}/cancel")
    for _ in range(2):
        answer = client.post(f"/my/{token}/cancel", data={"csrf_token": csrf})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/my/{token}/")
    assert world.registrations(event)[0].state is State.CANCELLED
    kinds = [letter.kind for letter in world.letters(event)]
    assert kinds == [LetterKind.CONFIRMED, LetterKind.CANCELLED]
    page = client.get(f"/my/{token}/?lang=en").text
    assert "You have cancelled. Thank you for telling us." in page
    assert f"/my/{token}/cancel" not in page
    assert client.get(f"/my/{token}/cancel").status_code == 303


def test_after_the_meeting_nothing_can_be_cancelled(client, world, guest):
    event, token = guest
    csrf = client.token(f"/my/{token}/cancel")
    world.now = event.ends_at
    assert client.post(f"/my/{token}/cancel", data={"csrf_token": csrf}).status_code == 409
    assert world.registrations(event)[0].state is State.CONFIRMED


def test_a_meeting_called_off_is_told(client, world, guest):
    event, token = guest
    events.call_off(
        world.store, event.id, Text(de="Leider."), actor=BY, now=world.now, identity=world.identity
    )
    page = client.get(f"/my/{token}/?lang=en").text
    assert "The meeting has been called off" in page
    assert "Register again" not in page


def test_guests_may_have_what_is_for_those_who_registered(client, world, guest):
    event, token = guest
    material = speakers.add_material(
        world.store,
        event.id,
        file=pdf_file(),
        size=len(PDF),
        filename="talk.pdf",
        title=Text(de="Nur für Gäste"),
        release=Release.REGISTERED,
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    tail = f"slides/{material.public_id}/talk.pdf"
    assert client.get(f"/events/{event.slug}/{tail}").status_code == 404
    assert "Nur für Gäste" not in client.get(f"/events/{event.slug}/").text
    assert f"/my/{token}/{tail}" in client.get(f"/my/{token}/").text
    answer = client.get(f"/my/{token}/{tail}")
    assert answer.data == PDF
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (
        client.get(f"/my/{token}/slides/{material.public_id}/x.pdf")
        .headers["Location"]
        .endswith(tail)
    )
    waiting = world.register(world.event(capacity=0)).token
    assert client.get(f"/my/{waiting}/{tail}").status_code == 404
    csrf = client.token(f"/my/{token}/cancel")
    client.post(f"/my/{token}/cancel", data={"csrf_token": csrf})
    assert client.get(f"/my/{token}/{tail}").status_code == 404


def test_the_data_can_be_taken_along(client, guest):
    """R55"""
    _, token = guest
    answer = client.get(f"/my/{token}/data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    own = answer.json
    assert own["registration"]["name"] == "Łukasz O’Neill"
    assert own["registration"]["diet"] == "vegan"
    assert own["workshops"][0]["confirmed"] is True
    assert [c["purpose"] for c in own["consents"]] == ["privacy", "sensitive"]


def test_r55_the_address_of_an_invoice_not_written_yet_is_told_as_well(client, world, guest):
    _, token = guest
    with world.store.changing():
        world.store.run("UPDATE registrations SET billing = :typed", typed="Amt für Kunst")
    assert client.get(f"/my/{token}/data.json").json["registration"]["billing"] == "Amt für Kunst"


@pytest.mark.parametrize(
    "tail", ["", "cancel", "correct", "delete", "data.json", "slides/abc/x.pdf"]
)
def test_a_wrong_link_is_the_same_404_everywhere(client, guest, world, tail):
    event, token = guest
    wrong = client.get(f"/my/{'x' * 43}/{tail}?lang=en")
    assert wrong.status_code == 404
    assert "This link opens nothing" in wrong.text
    world.now = event.ends_at + timedelta(days=30)
    old = client.get(f"/my/{token}/{tail}?lang=en")
    assert old.status_code == 404
    strip = lambda page, t: page.text.replace(t, "")  # noqa: E731
    assert strip(old, token) == strip(wrong, "x" * 43)


def test_one_link_opens_one_thing(client, guest, world, app):
    """R12"""
    _, token = guest
    registration = world.registrations(world.again(guest[0]))[0]
    feed = app.extensions["eventkit"].identity.token("feed", registration.nonce)
    assert client.get(f"/my/{feed}/").status_code == 404
    assert client.get(f"/my/{token}/calendar.ics").status_code == 404
    assert client.get(f"/my/{feed}/calendar.ics").status_code == 200


def test_the_lost_link_is_sent_and_nobody_learns_who_is_known(client, world, guest):
    """R11"""
    event, _ = guest
    csrf = client.token("/my/")
    answers = []
    for email in ("lukasz@example.com", "nobody@example.com", "LUKASZ@example.com"):
        answer = client.post("/my/", data={"csrf_token": csrf, "email": email})
        answers.append((answer.status_code, answer.headers["Location"], answer.text))
    assert answers == [answers[0]] * 3
    assert answers[0][:2] == (303, "/my/sent")
    kinds = [letter.kind for letter in world.letters(event)]
    assert kinds.count(LetterKind.LINK) == 1
    assert client.get("/my/sent").status_code == 200


def test_what_is_no_address_is_said_so(client):
    csrf = client.token("/my/")
    answer = client.post("/my/?lang=en", data={"csrf_token": csrf, "email": "x"})
    assert answer.status_code == 422
    assert 'value="x"' in answer.text
    assert client.post("/my/", data={"csrf_token": csrf, "email": ""}).status_code == 422


def test_too_many_lost_links_are_stopped(client):
    """R39"""
    csrf = client.token("/my/")
    data = {"csrf_token": csrf, "email": "a@example.com"}
    assert [client.post("/my/", data=data).status_code for _ in range(11)][-2:] == [303, 429]


def test_opening_the_page_to_delete_changes_nothing_and_says_what_happens(client, world, guest):
    event, token = guest
    assert f"/my/{token}/delete" in client.get(f"/my/{token}/").text
    page = client.get(f"/my/{token}/delete?lang=en")
    assert page.status_code == 200
    assert "Your seat goes to the next person in the queue." in page.text
    assert client.post(f"/my/{token}/delete").status_code == 400
    assert world.registrations(event)[0].name == "Łukasz O’Neill"


def test_deleting_takes_everything_and_the_link_with_it(client, world, guest):
    """R55"""
    event, token = guest
    csrf = client.token(f"/my/{token}/delete")
    answer = client.post(f"/my/{token}/delete", data={"csrf_token": csrf})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/deleted")
    assert "Ihre Daten sind gelöscht" in client.get("/my/deleted?lang=de").text
    assert client.get(f"/my/{token}/").status_code == 404
    gone = world.registrations(event)[0]
    assert (gone.name, gone.email, gone.diet, gone.state) == ("", "", "", State.CANCELLED)
    world.login(client)
    desk = f"/organise/events/{event.slug}/attendees"
    assert "<bdi>anonym</bdi></a>" in client.get(f"{desk}?lang=de").text
    page = client.get(f"{desk}/{gone.id}").text
    assert "<h1><bdi>anonym</bdi></h1>" in page
    assert "Ein Platz in »Workshop Matching« wurde vergeben" in page


def test_after_the_meeting_deleting_speaks_of_no_seat(client, world, guest):
    event, token = guest
    world.now = event.ends_at
    page = client.get(f"/my/{token}/delete?lang=en").text
    assert "goes to the next person" not in page


def test_a_guest_corrects_their_own_data(client, world, guest):
    """R55"""
    event, token = guest
    assert f"/my/{token}/correct" in client.get(f"/my/{token}/").text
    page = client.get(f"/my/{token}/correct?lang=en")
    assert 'value="Łukasz O’Neill"' in page.text
    csrf = client.token(f"/my/{token}/correct")
    data = {"csrf_token": csrf, "name": "Łukasz Öz", "organisation": "Zweiter Schritt", "diet": ""}
    answer = client.post(f"/my/{token}/correct", data=data | {"language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/my/{token}/#data")
    found = world.registrations(event)[0]
    assert (found.name, found.organisation, found.language, found.diet) == (
        "Łukasz Öz",
        "Zweiter Schritt",
        "en",
        "",
    )


def test_a_wrong_correction_is_shown_again_with_its_reason(client, world, guest):
    event, token = guest
    csrf = client.token(f"/my/{token}/correct")
    data = {"csrf_token": csrf, "name": "", "language": "de", "diet": "nur Brot"}
    answer = client.post(f"/my/{token}/correct?lang=de", data=data)
    assert answer.status_code == 422
    assert 'value="nur Brot"' in answer.text
    assert 'href="#name"' in answer.text
    assert world.registrations(event)[0].diet == "vegan"
