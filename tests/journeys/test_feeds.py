"""What calendars and feed readers poll: CALENDAR 3 (f) to the letter, and what feeds may say."""

import gzip
import xml.etree.ElementTree as ET
from datetime import timedelta

import icalendar
import pytest

from eventkit.actions import archive, events, registration, upkeep
from eventkit.model.registration import CancelledBy
from eventkit.model.text import Text
from eventkit.store import history
from eventkit.web import feeds
from tests.world import BY

TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(answer):
    """The entries of a calendar."""
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def call_off(world, event):
    events.call_off(
        world.store, event.id, Text(de="Sturm"), actor=BY, now=world.now, identity=world.identity
    )


@pytest.fixture
def no_rendering(monkeypatch):
    """From here on nothing may be made anew."""

    def forbid():
        def refuse(*_, **__):
            raise AssertionError("rendered again")

        monkeypatch.setattr(feeds.answers, "entry", refuse)
        monkeypatch.setattr(feeds.ical, "join", refuse)
        monkeypatch.setattr(feeds.ical, "event_calendar", refuse)

    return forbid


def paths(event):
    return ["/calendar.ics", f"/events/{event.slug}/event.ics", f"/events/{event.slug}/agenda.ics"]


def test_a_calendar_has_all_its_headers(client, world):
    event = world.event()
    world.programme(event)
    for path in paths(event):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == TYPE
        assert answer.headers["Cache-Control"] == "public, max-age=900"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "Cookie" not in answer.headers["Vary"]
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert "Last-Modified" in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert not answer.headers["ETag"].startswith("W/")


def test_nothing_new_is_304_without_rendering(client, world, no_rendering):
    event = world.event()
    client.get("/calendar.ics")
    tag = client.get("/calendar.ics").headers["ETag"]
    no_rendering()
    for asked in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = client.get("/calendar.ics", headers={"If-None-Match": asked})
        assert answer.status_code == 304, asked
        assert answer.data == b""
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "public, max-age=900"
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert client.get("/calendar.ics", headers={"If-None-Match": '"x"'}).status_code == 200
    assert event.slug in client.get("/calendar.ics").text


def test_if_none_match_wins_over_the_date(client, world):
    world.event()
    first = client.get("/calendar.ics")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/calendar.ics", headers=since).status_code == 304
    both = since | {"If-None-Match": '"other"'}
    assert client.get("/calendar.ics", headers=both).status_code == 200
    for odd in ("yesterday", "Mon, 99 Foo 2026 00:00:00 GMT", ""):
        answer = client.get("/calendar.ics", headers={"If-Modified-Since": odd})
        assert answer.status_code == 200, odd


def test_head_is_get_without_a_body(client, world):
    world.event()
    got, head = client.get("/calendar.ics"), client.head("/calendar.ics")
    assert head.data == b""
    hidden = ("X-Request-Id", "Date")
    assert [h for h in head.headers if h[0] not in hidden] == [
        h for h in got.headers if h[0] not in hidden
    ]


def test_the_compressed_variant_has_its_own_tag(client, world):
    world.event()
    plain = client.get("/calendar.ics")
    packed = client.get("/calendar.ics", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    tag = {"If-None-Match": packed.headers["ETag"]}
    assert client.get("/calendar.ics", headers=tag).status_code == 200
    tag["Accept-Encoding"] = "gzip"
    assert client.get("/calendar.ics", headers=tag).status_code == 304
    refused = client.get("/calendar.ics", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_change_is_seen_at_once_even_within_a_second(client, world):
    event = world.event()
    before = client.get("/calendar.ics")
    world.change(event, title=Text(de="Neuer Name"))
    after = client.get("/calendar.ics", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Neuer Name" in after.text


def test_a_topic_feed_follows_the_topics_of_a_meeting(client, world):
    topic_id = events.save_topic(
        world.store,
        topic_id=None,
        slug="mentoring",
        title=Text(de="Mentoring"),
        summary=Text(),
        body=Text(),
        actor=BY,
        now=world.now,
    )
    event, other = world.event(topic_ids=(topic_id,)), world.event()
    first = client.get("/topics/mentoring/calendar.ics")
    assert [str(e["UID"]) for e in entries(first)] == [event.uid]
    world.pass_time(seconds=5)
    world.change(other, topic_ids=(topic_id,))
    second = client.get("/topics/mentoring/calendar.ics")
    assert len(entries(second)) == 2
    assert second.last_modified > first.last_modified
    assert client.get("/topics/nothing/calendar.ics").status_code == 404


def test_drafts_and_unlisted_meetings_stay_out(client, world):
    draft, unlisted = world.event(announced=False), world.event(listed=False)
    assert entries(client.get("/calendar.ics")) == []
    assert client.get(f"/events/{draft.slug}/event.ics").status_code == 404
    assert client.get(f"/events/{unlisted.slug}/event.ics").status_code == 200


def test_meetings_leave_by_age_and_the_date_moves_on(client, world):
    past, off = world.event(), world.event()
    call_off(world, off)
    dates, sizes = [], []
    for moment in (
        off.ends_at + timedelta(days=30) - timedelta(seconds=1),
        off.ends_at + timedelta(days=30),
        past.ends_at + timedelta(days=365) - timedelta(seconds=1),
        past.ends_at + timedelta(days=365),
    ):
        world.now = moment
        answer = client.get("/calendar.ics")
        sizes.append(len(entries(answer)))
        dates.append(answer.last_modified)
    assert sizes == [2, 1, 1, 0]
    assert dates[0] < dates[1] == dates[2] < dates[3]
    assert client.get(f"/events/{past.slug}/event.ics").status_code == 200


def test_a_meeting_called_off_stays_with_its_state(client, world):
    event = world.event()
    call_off(world, event)
    (found,) = entries(client.get("/calendar.ics"))
    assert found["STATUS"] == "CANCELLED"
    assert found["SEQUENCE"] == 1


def test_the_language_is_the_addresses_and_never_the_browsers(client, world):
    world.event()
    german = client.get("/calendar.ics", headers={"Accept-Language": "en"})
    assert "Netzwerktreffen" in german.text
    client.set_cookie("language", "en")
    assert client.get("/calendar.ics").data == german.data
    assert "Network meeting" in client.get("/calendar.ics?lang=en").text


def test_a_public_feed_names_no_guest_and_no_link(client, world):
    """R35"""
    event = world.event()
    world.programme(event)
    world.register(event, name="Anna Geheim", email="geheim@example.com")
    for path in [*paths(event), "/feed.atom"]:
        text = client.get(path).text
        for private in ("ATTENDEE", "Geheim", "geheim@", "/my/"):
            assert private not in text, (path, private)


def test_asking_writes_nothing(client, world):
    event = world.event()
    before = world.store.path.read_bytes(), history.latest(world.store)
    for path in paths(event)[:2]:
        client.get(path)
    assert (world.store.path.read_bytes(), history.latest(world.store)) == before


@pytest.fixture
def own(world, app):
    """A meeting, a guest with a workshop, and the address of their own feed."""
    event = world.event()
    world.programme(event)
    world.register(event, name="Anna", sessions=(world.workshops(event)[0],))
    found = world.registrations(event)[0]
    token = app.extensions["eventkit"].identity.token("feed", found.nonce)
    return event, found, f"/my/{token}/calendar.ics"


def test_a_guests_feed_holds_the_meeting_and_their_workshop(client, own):
    event, _, path = own
    answer = client.get(path)
    assert answer.headers["Content-Type"] == TYPE
    assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    whole, workshop = entries(answer)
    assert (str(whole["UID"]), whole["TRANSP"]) == (event.uid, "TRANSPARENT")
    assert "Workshop Matching" in workshop["SUMMARY"]
    assert "ATTENDEE" not in answer.text
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_waiting_guest_sees_that_it_is_not_certain(client, world, app):
    event = world.event(capacity=0)
    world.register(event)
    found = world.registrations(event)[0]
    token = app.extensions["eventkit"].identity.token("feed", found.nonce)
    (entry,) = entries(client.get(f"/my/{token}/calendar.ics"))
    assert entry["SUMMARY"].startswith("Warteliste: ")
    assert entry["TRANSP"] == "TRANSPARENT"


def test_who_cancelled_gets_one_closing_entry_then_nothing(client, world, own):
    _, found, path = own
    assert len(entries(client.get(path))) == 2
    registration.cancel(
        world.store,
        found.id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    answer = client.get(path)
    (closing,) = entries(answer)
    assert closing["SUMMARY"] == "Dieses Kalender-Abo wurde beendet"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(path).data == answer.data
    world.pass_time(days=90)
    assert client.get(path).status_code == 410
    assert client.get(f"/my/{'x' * 43}/calendar.ics").status_code == 404


def test_a_forgotten_persons_feed_closes_too(client, world, own, settings):
    _, found, path = own
    upkeep.forget(world.store, found.id, settings.mail, actor="guest", now=world.now)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    (closing,) = entries(answer)
    assert "beendet" in closing["SUMMARY"]
    world.pass_time(days=90)
    assert client.get(path).status_code == 410


def test_a_revoked_feed_closes_too(client, world, own):
    with world.store.changing():
        world.store.run(
            "UPDATE tokens SET revoked_at = :at WHERE purpose = 'feed'", at="2026-09-01T08:00:00Z"
        )
    (closing,) = entries(client.get(own[2]))
    assert "beendet" in closing["SUMMARY"]


def test_a_meeting_called_off_is_told_to_its_guests(client, world, own):
    event, _, path = own
    call_off(world, event)
    (entry,) = entries(client.get(path))
    assert entry["STATUS"] == "CANCELLED"
    assert str(entry["UID"]) == event.uid
    world.now = event.ends_at + timedelta(days=30)
    (closing,) = entries(client.get(path))
    assert "beendet" in closing["SUMMARY"]


def test_moving_a_workshop_moves_it_in_the_feed(client, world, own):
    event, _, path = own
    before = client.get(path)
    workshop = next(i for i in world.publish(event).items if i.id == world.workshops(event)[0])
    world.pass_time(minutes=1)
    world.item(
        event,
        "Workshop Matching",
        id=workshop.id,
        kind=workshop.kind,
        capacity=2,
        starts_at=event.starts_at + timedelta(hours=3),
        ends_at=event.starts_at + timedelta(hours=4),
    )
    assert client.get(path).data == before.data
    world.publish(event)
    after = entries(client.get(path))[1]
    assert after["SEQUENCE"] == 1
    assert after["DTSTART"].dt.hour == 13


def test_the_news_feed_is_atom_with_stable_ids(client, world):
    event = world.event(title=Text(de="Treffen <b>&</b> »Tandem«"))
    world.event(listed=False)
    first = client.get("/feed.atom")
    assert first.mimetype == "application/atom+xml"
    feed = ET.fromstring(first.data)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "Treffen <b>&</b> »Tandem«"
    ids = [entry.find(f"{ATOM}id").text]
    world.now = event.ends_at + timedelta(days=1)
    archive.save_recap(
        world.store,
        event.id,
        title=Text(de="Es war schön"),
        lead=Text(de="Lead"),
        body=Text(de="Mentor*innen **stark**"),
        publish=True,
        actor=BY,
        now=world.now,
    )
    world.change(event, slug="neu")
    answer = client.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    found = ET.fromstring(answer.data).findall(f"{ATOM}entry")
    assert [e.find(f"{ATOM}title").text for e in found] == [
        "Rückblick: Es war schön",
        "Treffen <b>&</b> »Tandem«",
    ]
    assert found[1].find(f"{ATOM}id").text == ids[0]
    assert found[0].find(f"{ATOM}id").text != ids[0]
    assert found[0].find(f"{ATOM}content").text == "<p>Mentor*innen <strong>stark</strong></p>"
    assert answer.last_modified > first.last_modified
    for each in found:
        for name in ("id", "title", "updated", "published", "link", "summary"):
            assert each.find(ATOM + name) is not None
