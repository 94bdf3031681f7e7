"""Forms keep what was typed and say at the field what is wrong."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from eventkit.store import agenda as agenda_store
from eventkit.store import archive, files, people
from eventkit.store import events as event_store
from tests.journeys.test_organise import EN, MEETING


@pytest.fixture
def post(client, world, form_token):
    world.login(client)

    def send(url, page="", **fields):
        data = {"csrf_token": form_token(client, page or url), **fields}
        return client.post(url, data=data, headers=EN)

    return send


def wrong(page: str) -> dict[str, str]:
    """The sentence at each field that is complained about."""
    found = re.findall(r'id="([\w]+)-error"><span[^>]*>[^<]*</span>([^<]*)</p>', page)
    return {name: words.strip() for name, words in found}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title_de": "", "title_en": ""}, "title_de", "Please fill this in."),
        ({"start_date": ""}, "start_date", "Please fill this in."),
        ({"start_time": ""}, "start_time", "whole day"),
        ({"start_date": "2027-03-28", "start_time": "02:30"}, "start_time", "put forward"),
        ({"start_date": "2026-10-25", "start_time": "02:30"}, "start_time", "put back"),
        ({"end_time": "09:00"}, "end_time", "before the beginning"),
        ({"doors_time": "10:30"}, "doors_time", "after the beginning"),
        ({"start_date": "0001-01-01"}, "start_date", "this century"),
        ({"start_date": "9999-12-31", "end_date": "9999-12-31"}, "end_date", "this century"),
        ({"start_date": "tomorrow"}, "start_date", "Not a valid date value."),
        ({"capacity": "many"}, "capacity", "Not a valid integer value."),
        ({"capacity": "-1"}, "capacity", "from 0 to 100000"),
        ({"map_url": "javascript:alert(1)"}, "map_url", "not a web address"),
        ({"contact_email": "nobody"}, "contact_email", "not a mail address"),
        ({"zone": "Mars/Base"}, "zone", "Not a valid choice."),
        ({"closes_date": "2026-08-01"}, "closes_time", "before the beginning"),
        ({"opens_date": "", "opens_time": "08:00"}, "opens_date", "choose the day"),
        ({"link1_url": "ftp://example.org"}, "link1_url", "not a web address"),
        ({"slug": "!!!"}, "slug", "letters, digits and hyphens"),
    ],
)
def test_what_is_wrong_stands_at_its_field(post, store, changes, field, words):
    """R62"""
    answer = post("/organise/events/new", **MEETING | changes)
    assert answer.status_code == 422
    assert words in wrong(answer.text)[field]
    assert 'id="error-summary"' in answer.text
    assert event_store.every(store) == []
    for name in ("place_name", "town"):
        assert f'value="{MEETING[name]}"' in answer.text


def test_everything_wrong_is_said_at_once(post):
    """R62"""
    changes = {
        "title_de": "",
        "title_en": "",
        "start_date": "2027-03-28",
        "start_time": "02:30",
        "map_url": "javascript:alert(1)",
        "contact_email": "nobody",
        "link2_url": "ftp://example.org",
    }
    found = wrong(post("/organise/events/new", **MEETING | changes).text)
    assert set(found) >= {"title_de", "start_time", "map_url", "contact_email", "link2_url"}


def test_the_night_the_clocks_change_is_no_trouble_on_either_side(post, store):
    """R73"""
    late = {"start_date": "2026-10-25", "start_time": "03:00", "end_date": "2026-10-25"}
    assert post("/organise/events/new", **MEETING | late).status_code == 303
    (event,) = event_store.every(store)
    assert event.starts_at.isoformat() == "2026-10-25T02:00:00+00:00"


def test_an_all_day_meeting_ends_with_its_last_day(post, store):
    changes = {"all_day": "y", "end_date": "2026-11-21", "start_time": "", "end_time": ""}
    assert post("/organise/events/new", **MEETING | changes).status_code == 303
    (event,) = event_store.every(store)
    assert event.starts_at.isoformat() == "2026-11-19T23:00:00+00:00"
    assert event.ends_at.isoformat() == "2026-11-21T23:00:00+00:00"


def test_fields_nobody_asked_for_change_nothing(post, store):
    """R17"""
    extra = {"stage": "announced", "sequence": "9", "uid": "x", "event_id": "7"}
    assert post("/organise/events/new", **MEETING | extra).status_code == 303
    (event,) = event_store.every(store)
    assert (event.stage.value, event.sequence) == ("draft", 0)


def test_a_taken_address_is_said_at_its_field(post, world):
    world.event(slug="treffen")
    answer = post("/organise/events/new", **MEETING | {"slug": "treffen"})
    assert "another page" in wrong(answer.text)["slug"]


def test_what_the_form_has_no_field_for_stays(post, world, store):
    event = world.event(slug="treffen", announced=False)
    place = event.place.__class__(name="Haus", latitude=51.2, longitude=6.8)
    world.change(event, place=place)
    assert post("/organise/events/treffen/settings", **MEETING).status_code == 303
    assert world.again(event).place.latitude == 51.2


def test_an_item_says_its_errors_at_the_field(post, world, store):
    event = world.event(slug="treffen")
    fields = {"kind": "talk", "on": "2026-11-20", "start_time": "12:00", "end_time": "11:00"}
    page = "/organise/events/treffen/agenda/items/new"
    answer = post(page, **fields, title_de="Vortrag")
    assert "before the beginning" in wrong(answer.text)["end_time"]
    answer = post(page, **fields | {"end_time": "13:00"})
    assert "fill this in" in wrong(answer.text)["title_de"]
    assert agenda_store.draft(store, event.id) == ()


def test_clashes_stand_at_both_items(client, post, world):
    event = world.event(slug="treffen")
    world.programme(event)
    hall = agenda_store.rooms(world.store, event.id)[0]
    world.item(event, "Zugleich", room=hall)
    page = client.get("/organise/events/treffen/agenda", headers=EN).text
    assert page.count("Hall 1 is taken by") == 4 + 2, "at each item, and each pair in the list"
    assert "Zugleich" in page


def test_an_item_is_taken_out_only_after_the_question(client, post, world, store):
    event = world.event(slug="treffen")
    item = world.item(event)
    page = f"/organise/events/treffen/agenda/items/{item.id}/remove"
    assert client.get(page).status_code == 200
    assert agenda_store.draft(store, event.id)
    assert post(page).status_code == 303
    assert agenda_store.draft(store, event.id) == ()


def test_a_person_gets_a_photo_and_keeps_it(post, store, client):
    octets = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(octets, "PNG")
    octets.seek(0)
    fields = {"name": "Meral Thoms", "photo": (octets, "m.png")}
    assert post("/organise/people/new", **fields).status_code == 303
    (person,) = people.every(store)
    assert client.get(f"/organise/pictures/{person.photo}").mimetype == "image/jpeg"
    assert post("/organise/people/meral-thoms", name="Meral Thoms-Cerci").status_code == 303
    (after,) = people.every(store)
    assert (after.name, after.photo) == ("Meral Thoms-Cerci", person.photo)


def test_a_picture_that_is_none_is_refused_at_the_field(post, store):
    fields = {"name": "Meral Thoms", "photo": (io.BytesIO(b"<svg></svg>"), "m.png")}
    answer = post("/organise/people/new", **fields)
    assert "This kind of file" in wrong(answer.text)["photo"]
    assert people.every(store) == []


def test_slides_are_added_released_withheld_and_removed(post, world, store):
    event = world.event(slug="treffen")
    item = world.item(event, people=())
    octets = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(octets, "PDF")
    octets.seek(0)
    page = "/organise/events/treffen/speakers"
    fields = {"title_de": "Folien", "release": "manual", "file": (octets, "Folien.pdf")}
    assert post(f"{page}/slides/new?item={item.id}", **fields).status_code == 303
    (material,) = files.of_event(store, event.id)
    base = f"{page}/slides/{material.public_id}"
    assert post(f"{base}/release", page).status_code == 303
    assert files.of_event(store, event.id)[0].released_at == world.now
    assert post(f"{base}/withhold", page).status_code == 303
    assert files.of_event(store, event.id)[0].released_at is None
    assert post(f"{base}/remove").status_code == 303
    assert files.of_event(store, event.id) == []


def test_slides_with_a_wrong_kind_are_refused_at_the_field(post, world, store):
    """R20"""
    event = world.event(slug="treffen")
    fields = {"title_de": "Folien", "release": "now", "file": (io.BytesIO(b"MZ..."), "a.pdf")}
    answer = post("/organise/events/treffen/speakers/slides/new", **fields)
    assert "This kind of file" in wrong(answer.text)["file"]
    assert files.of_event(store, event.id) == []


def begun(world, slug="treffen"):
    """A meeting that begins at this moment."""
    return world.event(slug=slug, starts_at=world.now, ends_at=world.now + timedelta(hours=6))


def test_a_recap_is_saved_published_and_hidden(post, world, store):
    event = begun(world)
    person = world.person()
    page = "/organise/events/treffen/recap"
    fields = {"title_de": "Rückblick", "quote1_de": "Ein Satz.", "quote1_person": str(person.id)}
    assert post(page, **fields, publish="yes").status_code == 303
    found = archive.recap(store, event.id)
    assert found.published_at == world.now
    assert [(q.name, q.person_slug) for q in found.quotes] == [("Meral Thoms", "meral-thoms")]
    assert post(page, **fields, publish="no").status_code == 303
    assert archive.recap(store, event.id).published_at is None


def test_a_recap_is_not_published_before_its_meeting(post, client, world, store):
    event = world.event(slug="treffen")
    page = "/organise/events/treffen/recap"
    assert 'value="yes"' not in client.get(page).text
    answer = post(page, title_de="Rückblick", publish="yes")
    assert answer.status_code == 422
    assert "The meeting has not begun yet." in answer.text
    assert 'value="Rückblick"' in answer.text
    assert archive.recap(store, event.id) is None
    begun(world, slug="begonnen")
    assert 'value="yes"' in client.get("/organise/events/begonnen/recap").text


def test_a_quote_without_a_speaker_is_asked_about(post, world):
    begun(world)
    answer = post("/organise/events/treffen/recap", quote2_de="Ein Satz.", publish="yes")
    assert "whose words" in wrong(answer.text)["quote2_person"]


def test_the_organisation_takes_only_a_colour_as_accent(post, store):
    fields = {"name_de": "Verein", "short_name": "V", "zone": "Europe/Berlin", "language": "de"}
    page = "/organise/organisation"
    answer = post(page, **fields, accent="red;}")
    assert "A colour is" in wrong(answer.text)["accent"]
    assert post(page, **fields, accent="#0F5B66").status_code == 303
    assert event_store.organisation(store).accent == "#0f5b66"


@pytest.mark.parametrize(
    "text", ["\x00\x1b[31m", "\u202egnp.exe", "\ud800", "\U0001f600" * 50, "'); DROP TABLE x;--"]
)
def test_any_text_in_any_field_is_taken_or_refused_kindly(post, text):
    """R23, R74"""
    sent = text.encode("utf-8", "surrogatepass").decode("latin-1")
    for url in ("/organise/events/new", "/organise/people/new", "/organise/topics/new"):
        names = ("title_de", "summary_de", "slug", "town", "name", "biography_de", "body_en")
        answer = post(url, **MEETING | dict.fromkeys(names, sent))
        assert answer.status_code in (303, 422), url
