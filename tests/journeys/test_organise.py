"""The story of an organiser: from an empty desk to the first registration and a mended letter."""

import re

import pytest

from eventkit.model.letter import LetterState
from eventkit.model.registration import State
from eventkit.store import agenda as agenda_store
from eventkit.store import events as event_store
from eventkit.store import outbox, people
from tests.world import BY, PASSWORD

EN = {"Accept-Language": "en"}


@pytest.fixture
def post(client, form_token):
    """Send a form as a browser would: with the token of the page it stands on."""

    def send(url, page="", **fields):
        data = {"csrf_token": form_token(client, page or url), **fields}
        return client.post(url, data=data, headers=EN)

    return send


MEETING = {
    "title_de": "Fachtag Mentoring",
    "title_en": "Mentoring day",
    "zone": "Europe/Berlin",
    "start_date": "2026-11-20",
    "start_time": "10:00",
    "end_date": "2026-11-20",
    "end_time": "16:00",
    "mode": "on_site",
    "place_name": "Bürgerhaus",
    "town": "Castrop-Rauxel",
    "opens_date": "2026-08-31",
    "opens_time": "08:00",
    "capacity": "20",
    "waiting_list": "y",
    "listed": "y",
    "retention_days": "90",
}


def test_an_organiser_makes_a_meeting_and_sees_the_first_registration(client, world, store, post):
    world.organiser()
    home = post("/organise/login", email=BY, password=PASSWORD)
    assert home.status_code == 303
    assert home.location == "/organise/"

    made = post("/organise/events/new", **MEETING)
    assert made.status_code == 303
    event = event_store.by_slug(store, "fachtag-mentoring-2026")
    assert made.location == f"/organise/events/{event.slug}/"
    assert event.starts_at.isoformat() == "2026-11-20T09:00:00+00:00"
    base = f"/organise/events/{event.slug}"
    assert client.get(f"/events/{event.slug}/").status_code == 404

    assert post(f"{base}/agenda/rooms/new", name_de="Saal", capacity="80").status_code == 303
    assert post("/organise/people/new", name="Meral Thoms").status_code == 303
    room, person = agenda_store.rooms(store, event.id)[0], people.every(store)[0]
    item = {
        "kind": "talk",
        "title_de": "Bildung und Milieu",
        "on": "2026-11-20",
        "start_time": "10:00",
        "end_time": "11:00",
        "room_id": str(room.id),
        "person1": str(person.id),
        "role1": "speaker",
    }
    assert post(f"{base}/agenda/items/new", **item).status_code == 303
    draft = agenda_store.draft(store, event.id)
    assert [part.person.name for part in draft[0].people] == ["Meral Thoms"]

    preview = client.get(f"{base}/agenda/publish").text
    seen = re.search(r'name="seen" value="(\w+)"', preview)[1]
    assert post(f"{base}/agenda/publish", seen=seen).status_code == 303
    assert agenda_store.published(store, event.id).version == 1
    assert post(f"{base}/announce", f"{base}/").status_code == 303
    assert client.get(f"/events/{event.slug}/").status_code == 200

    world.register(world.again(event), "Ayşe Yılmaz", "ayse@example.com")
    page = client.get(f"{base}/attendees", headers=EN).text
    assert "Ayşe Yılmaz" in page
    sheet = client.get(f"{base}/attendees.csv", headers=EN)
    assert sheet.mimetype == "text/csv"
    assert sheet.headers["Cache-Control"] == "private, no-store"
    assert "Ayşe Yılmaz,ayse@example.com" in sheet.get_data(as_text=True)


def test_a_failed_letter_is_seen_and_sent_again(client, world, store, post):
    world.login(client)
    event = world.event()
    world.register(event)
    letter = world.letters(event)[0]
    with store.changing():
        outbox.failed(store, letter.id, error="550 5.1.1 No such user")
    assert "1 letter could not be delivered" in client.get("/organise/", headers=EN).text
    page = f"/organise/events/{event.slug}/letters"
    assert "550 5.1.1 No such user" in client.get(page).text
    assert "550 5.1.1 No such user" in client.get("/organise/letters").text
    assert post(f"{page}/{letter.id}/retry", page).status_code == 303
    assert outbox.by_id(store, letter.id).state is LetterState.QUEUED


def test_a_letter_can_be_read_but_its_personal_link_stays_hidden(client, world):
    world.login(client)
    event = world.event()
    outcome = world.register(event)
    letter = world.letters(event)[0]
    page = client.get(f"/organise/events/{event.slug}/letters/{letter.id}").text
    assert "[persönlicher Link]" in page
    assert outcome.token not in page


def test_people_are_written_to_only_after_a_confirmation(client, world, store, post):
    world.login(client)
    event = world.event(slug="treffen")
    world.register(event)
    page = "/organise/events/treffen/settings"
    moved = MEETING | {"start_time": "11:00"}
    asked = post(page, **moved)
    assert asked.status_code == 200
    assert "1 person will be written to" in asked.text
    assert len(world.letters(event)) == 1
    assert world.again(event).starts_at == event.starts_at
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', asked.text)[1]
    assert post(page, **moved, confirmed=confirmed).status_code == 303
    assert [letter.kind.value for letter in world.letters(event)] == ["confirmed", "changed"]


def test_another_change_after_the_question_is_asked_about_again(client, world, post):
    world.login(client)
    event = world.event(slug="treffen")
    world.register(event)
    page = "/organise/events/treffen/settings"
    asked = post(page, **MEETING | {"start_time": "11:00"})
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', asked.text)[1]
    elsewhere = MEETING | {"start_time": "11:00", "end_time": "17:00", "confirmed": confirmed}
    assert post(page, **elsewhere).status_code == 200
    assert len(world.letters(event)) == 1


def test_a_save_that_changes_nothing_people_hold_just_saves(client, world, post):
    world.login(client)
    event = world.event(slug="treffen")
    world.register(event)
    settings = client.get("/organise/events/treffen/settings").text
    assert 'value="10:00"' in settings
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', settings))
    kept = {
        k: v for k, v in fields.items() if k not in ("csrf_token", "mode", "all_day", "approval")
    }
    answer = post("/organise/events/treffen/settings", **MEETING | kept | {"capacity": "61"})
    assert answer.status_code == 303
    assert world.again(event).capacity == 61
    assert len(world.letters(event)) == 1


def test_a_request_is_approved_and_a_registration_cancelled(client, world, post):
    world.login(client)
    event = world.event(approval=True)
    world.register(event, "Ana Oliveira")
    (one,) = world.registrations(event)
    page = f"/organise/events/{event.slug}/attendees"
    assert post(f"{page}/{one.id}/approve", page).status_code == 303
    assert world.registrations(event)[0].state is State.CONFIRMED
    question = client.get(f"{page}/{one.id}/cancel", headers=EN)
    assert "Cancel the registration of Ana Oliveira?" in question.text
    assert world.registrations(event)[0].state is State.CONFIRMED
    assert post(f"{page}/{one.id}/cancel").status_code == 303
    assert world.registrations(event)[0].state is State.CANCELLED


def test_a_meeting_is_called_off_with_a_reason(client, world, post):
    world.login(client)
    event = world.event()
    world.register(event)
    page = f"/organise/events/{event.slug}/call-off"
    assert "1 person with a place is written to" in client.get(page, headers=EN).text
    assert post(page).status_code == 422
    assert post(page, reason_de="Sturm").status_code == 303
    assert world.again(event).cancellation.de == "Sturm"
    assert [letter.kind.value for letter in world.letters(event)] == ["confirmed", "called_off"]
