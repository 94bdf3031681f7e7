"""What everybody sees: the home page, lists, a meeting before and after, topics, people."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventkit.actions import archive, events, publishing, speakers
from eventkit.errors import PressBusy
from eventkit.model.archive import Quote
from eventkit.model.event import Link, Mode
from eventkit.model.material import Release
from eventkit.model.text import Text
from eventkit.store import history
from tests.journeys.files import PDF, jpeg, pdf_file
from tests.world import BY

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("app")


def structured(page):
    """The JSON-LD of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def topic(world, slug="mentoring", title="Interkulturelles Mentoring"):
    return events.save_topic(
        world.store,
        topic_id=None,
        slug=slug,
        title=Text(de=title, en="Intercultural mentoring"),
        summary=Text(de="Ein Themendossier."),
        body=Text(de="Mentor*innen und Vertreter*innen."),
        actor=BY,
        now=world.now,
    )


def recap(world, event, *, publish=True):
    return archive.save_recap(
        world.store,
        event.id,
        title=Text(de="Rückblick »Interkulturelles Mentoring«"),
        lead=Text(de="Vieles gelingt im Tandem besser."),
        body=Text(de="Es diskutierten Mentor*innen und Vertreter*innen."),
        quotes=[Quote(Text(de="Mentoring wirkt."), "Gabriele Hoffmeister-Schönfelder")],
        publish=publish,
        actor=BY,
        now=world.now,
    )


def test_an_empty_site_teaches(client):
    page = client.get("/?lang=en")
    assert page.status_code == 200
    assert "No meeting is announced at the moment" in page.text
    assert client.get("/events/").status_code == 200


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_home_page_leads_with_the_next_meeting(client, world, language):
    far = world.event(
        starts_at=datetime(2027, 1, 1, tzinfo=UTC), ends_at=datetime(2027, 1, 2, tzinfo=UTC)
    )
    near = world.event()
    page = client.get(f"/?lang={language}").text
    assert f'lang="{language}"' in page
    assert page.index(f"/events/{near.slug}/") < page.index(f"/events/{far.slug}/")


def test_a_plain_visitor_gets_no_cookie_and_a_304(client, world):
    """R34, R58"""
    event = world.event()
    world.programme(event)
    for path in (
        "/",
        "/events/",
        f"/events/{event.slug}/",
        "/imprint",
        "/privacy",
        "/accessibility",
    ):
        first = client.get(path)
        assert "Set-Cookie" not in first.headers, path
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, path


def test_a_meeting_answers_what_when_where_seat_and_how(client, world):
    event = world.event(doors_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    page = client.get(f"/events/{event.slug}/?lang=de").text
    head = page[: page.index("</header>", page.index("hero"))]
    for answer in (
        "Netzwerktreffen Nr. 1",
        "Freitag, 20. November 2026, 10–16 Uhr",
        "9:30 Uhr",
        "Haus der Begegnung, Düsseldorf",
        "60 Plätze frei",
        f"/events/{event.slug}/register",
    ):
        assert answer in head, answer


def test_a_draft_is_not_there(client, world):
    event = world.event(announced=False)
    for tail in (
        "",
        "register",
        "registered",
        "event.ics",
        "agenda.ics",
        "programme.pdf",
        "slides.zip",
    ):
        assert client.get(f"/events/{event.slug}/{tail}").status_code == 404, tail


def test_an_unlisted_meeting_has_its_page_only(client, world):
    event = world.event(listed=False)
    assert client.get(f"/events/{event.slug}/").status_code == 200
    for path in ("/", "/events/", "/calendar.ics", "/feed.atom"):
        assert event.slug not in client.get(path).text, path


def test_an_old_address_leads_to_the_present_one(client, world):
    event = world.event()
    world.change(event, slug="neu")
    for tail in ("", "register", "event.ics"):
        answer = client.get(f"/events/{event.slug}/{tail}?lang=de")
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"/events/neu/{tail}?lang=de"


def test_a_cancelled_meeting_says_so_with_the_reason(client, world):
    event = world.event()
    events.call_off(
        world.store,
        event.id,
        Text(de="Der Saal ist gesperrt.", en="The hall is closed."),
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    page = client.get(f"/events/{event.slug}/?lang=en").text
    assert "This meeting does not take place." in page
    assert "The hall is closed." in page
    assert f"/events/{event.slug}/register" not in page
    assert structured(page)["eventStatus"] == "https://schema.org/EventCancelled"


def test_the_programme_hangs_on_the_rail(client, world):
    event = world.event()
    world.programme(event)
    page = client.get(f"/events/{event.slug}/?lang=de").text
    assert page.count('class="rail-slot') == 4
    assert page.count('class="rail-track ') == 2
    assert "(geb. Cerci)" in page
    assert "Łukasz O’Neill" in page
    assert "/speakers/meral-thoms/" in page


def test_machines_read_the_whole_meeting(client, world):
    event = world.event(mode=Mode.HYBRID, title=Text(de="</script><b>Treffen", en="x"))
    world.programme(event)
    data = structured(client.get(f"/events/{event.slug}/?lang=de").text)
    assert data["name"] == "</script><b>Treffen"
    assert data["startDate"] == "2026-11-20T10:00:00+01:00"
    assert data["eventAttendanceMode"].endswith("MixedEventAttendanceMode")
    assert data["eventStatus"].endswith("EventScheduled")
    assert data["isAccessibleForFree"] is True
    assert data["offers"]["availability"].endswith("InStock")
    assert data["maximumAttendeeCapacity"] == 60
    assert data["inLanguage"] == ["de"]
    assert [p["name"] for p in data["performer"]] == ["Łukasz O’Neill", "Meral Thoms"]
    assert len(data["subEvent"]) == 4


def test_after_the_meeting_the_same_address_leads_with_the_recap(client, world):
    topic_id = topic(world)
    event = world.event(
        topic_ids=(topic_id,),
        links=(Link(Text(de="Mentoring-Beratung"), "https://example.org/beratung"),),
    )
    world.programme(event)
    archive.add_photo(
        world.store,
        event.id,
        jpeg(),
        caption=Text(de="Raiko Kravanja eröffnet"),
        alt=Text(de="Ein Mann am Pult"),
        credit="M. Muster",
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    world.pass_time(days=100)
    recap(world, event, publish=False)
    assert "Tandem" not in client.get(f"/events/{event.slug}/?lang=de").text
    recap(world, event)
    page = client.get(f"/events/{event.slug}/?lang=de").text
    for said in (
        "Rückblick »Interkulturelles Mentoring«",
        "Vieles gelingt im Tandem besser.",
        "Es diskutierten Mentor*innen und Vertreter*innen.",
        "Mentoring wirkt.",
        "Hoffmeister-Schönfelder",
        'alt="Ein Mann am Pult"',
        "Raiko Kravanja eröffnet",
        "M. Muster",
        "Mentoring-Beratung",
        "/topics/mentoring/",
        "/newsletter/",
        "mailto:office@example.org?subject=",
    ):
        assert said in page, said
    assert page.index("Tandem") < page.index('id="agenda"')
    photo = re.search(r'src="(/events/[^"]+\.jpg)"', page)[1]
    answer = client.get(photo)
    assert answer.mimetype == "image/jpeg"
    assert client.get(photo, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_picture_of_an_unpublished_recap_is_not_there(client, world):
    event = world.event()
    photo = archive.add_photo(
        world.store,
        event.id,
        jpeg(),
        caption=Text(),
        alt=Text(),
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    recap(world, event, publish=False)
    assert client.get(f"/events/{event.slug}/photos/{photo.public_id}.jpg").status_code == 404


def test_the_list_is_filtered_searched_and_paged(client, world):
    topic_id = topic(world)
    mine = world.event(topic_ids=(topic_id,), title=Text(de="Über Mentoring", en="On mentoring"))
    for _ in range(21):
        world.event()
    assert "/events/?page=2" in client.get("/events/").text
    assert client.get("/events/?page=2").text.count('<li class="meeting">') == 2
    by_topic = client.get("/events/?topic=mentoring").text
    assert by_topic.count('<li class="meeting">') == 1
    assert mine.slug in by_topic
    assert mine.slug in client.get("/events/?q=uber+MENTORING").text
    assert client.get("/events/?year=1999&lang=en").text.count('<li class="meeting">') == 0


@pytest.mark.parametrize(
    "odd",
    [
        "year=x",
        "year=-1",
        "year=99999999999",
        "page=0",
        "page=99999999999999999999",
        "page=-3",
        "q=%00%F0%9F%8E%89",
        "topic=%27%22%3C",
        "q=" + "%25" * 300,
    ],
)
def test_odd_addresses_are_answered(client, world, odd):
    world.event()
    assert client.get(f"/events/?{odd}").status_code == 200


def test_a_topic_is_a_dossier(client, world):
    event = world.event(topic_ids=(topic(world),))
    world.programme(event)
    page = client.get("/topics/mentoring/?lang=de").text
    for said in (
        "Interkulturelles Mentoring",
        "Mentor*innen und",
        event.slug,
        "Meral Thoms",
        "/topics/mentoring/calendar.ics",
    ):
        assert said in page, said
    assert client.get("/topics/nothing/").status_code == 404


def test_queries_do_not_grow_with_the_meetings_of_a_topic(client, world, monkeypatch):
    """R70"""
    topic_id = topic(world)
    asked = []
    original = type(world.store).all

    def counting(self, sql, **values):
        asked.append(sql)
        return original(self, sql, **values)

    monkeypatch.setattr(type(world.store), "all", counting)
    counts = []
    for _ in range(2):
        for _ in range(3):
            world.programme(world.event(topic_ids=(topic_id,)))
        asked.clear()
        assert client.get("/topics/mentoring/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_person_has_a_page_once_they_speak_in_public(client, world):
    assert client.get("/speakers/meral-thoms/").status_code == 404
    event = world.event(announced=False)
    world.programme(event)
    assert client.get("/speakers/meral-thoms/").status_code == 404
    events.announce(world.store, event.id, actor=BY, now=world.now)
    page = client.get("/speakers/meral-thoms/?lang=de").text
    assert "(geb. Cerci)" in page
    assert "Soziologin" in page
    assert "Bildung, Migration und Milieu" in page


def test_a_portrait_is_shown_with_the_person_only(client, world):
    person = world.person("Anna Unbekannt")
    speakers.save_person(world.store, person, photo=jpeg(), actor=BY, now=world.now)
    assert client.get("/speakers/anna-unbekannt/portrait.jpg").status_code == 404
    world.programme(world.event())
    thoms = next(p for p in [world.person("Meral Thoms")])
    assert client.get(f"/speakers/{thoms.slug}/portrait.jpg").status_code == 404


def test_the_accent_is_readable_and_kept(client):
    answer = client.get("/accent.css")
    assert answer.mimetype == "text/css"
    for name in ("--accent-light", "--accent-dark", "--on-accent-light", "--on-accent-dark"):
        assert re.search(rf"{name}: #[0-9a-f]{{6}};", answer.text)
    again = client.get("/accent.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_an_organiser_typed_stays_text(client, world):
    """R18"""
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    event = world.event(
        title=Text(de=evil, en=evil),
        summary=Text(de=evil),
        description=Text(de=evil + " [x](javascript:alert(1))"),
    )
    page = client.get(f"/events/{event.slug}/?lang=de").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page


def test_a_download_is_there_exactly_when_it_is_released(client, world):
    event = world.event()
    programme = world.programme(event)
    talk = programme.items[1]
    handed = {}
    for release in Release:
        handed[release] = speakers.add_material(
            world.store,
            event.id,
            file=pdf_file(),
            size=len(PDF),
            filename="Vortrag Ü.pdf",
            title=Text(de=f"Folien {release.value}"),
            item_id=talk.id,
            release=release,
            actor=BY,
            now=world.now,
            identity=world.identity,
        )

    def status(release):
        material = handed[release]
        return client.get(
            f"/events/{event.slug}/slides/{material.public_id}/{material.current.filename}"
        ).status_code

    assert {r: status(r) for r in Release} == {
        Release.NOW: 200,
        Release.AFTER_ITEM: 404,
        Release.MANUAL: 404,
        Release.REGISTERED: 404,
    }
    page = client.get(f"/events/{event.slug}/").text
    assert handed[Release.NOW].public_id in page
    assert handed[Release.MANUAL].public_id not in page
    world.now = talk.ends_at - timedelta(seconds=1)
    assert status(Release.AFTER_ITEM) == 404
    world.now = talk.ends_at
    assert status(Release.AFTER_ITEM) == 200
    speakers.release_material(
        world.store, event.id, handed[Release.MANUAL].id, open_now=True, actor=BY, now=world.now
    )
    assert status(Release.MANUAL) == 200
    assert status(Release.REGISTERED) == 404
    zipped = client.get(f"/events/{event.slug}/slides.zip")
    headed = client.head(f"/events/{event.slug}/slides.zip")
    assert headed.headers["Content-Length"] == str(len(zipped.data))
    assert zipped.mimetype == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(zipped.data)).namelist()
    assert len(names) == 3
    assert names[0].endswith("/01 – Meral Thoms – Folien now.pdf")
    assert (
        client.get(
            f"/events/{event.slug}/slides.zip", headers={"If-None-Match": zipped.headers["ETag"]}
        ).status_code
        == 304
    )


def test_a_download_is_an_attachment_that_no_browser_runs(client, world):
    """R20"""
    event = world.event()
    material = speakers.add_material(
        world.store,
        event.id,
        file=pdf_file(),
        size=len(PDF),
        filename="../../x.pdf",
        title=Text(de="Folien"),
        release=Release.NOW,
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    path = f"/events/{event.slug}/slides/{material.public_id}/"
    answer = client.get(path + "x.pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=x.pdf")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert (
        client.get(path + "x.pdf", headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )
    part = client.get(path + "x.pdf", headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, b"%PDF-")
    old = client.get(path + "other.pdf")
    assert (old.status_code, old.headers["Location"]) == (301, path + "x.pdf")
    other = world.event()
    assert client.get(f"/events/{other.slug}/slides/{material.public_id}/x.pdf").status_code == 404


def test_an_outside_address_is_left_to_over_https_only(client, world):
    event = world.event()

    def add(url):
        return speakers.add_material(
            world.store,
            event.id,
            file=None,
            size=0,
            filename="",
            title=Text(de="Video"),
            release=Release.NOW,
            url=url,
            actor=BY,
            now=world.now,
            identity=world.identity,
        )

    good, plain = add("https://example.org/video"), add("http://example.org/video")
    answer = client.get(f"/events/{event.slug}/slides/{good.public_id}/link")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://example.org/video")
    assert client.get(f"/events/{event.slug}/slides/{plain.public_id}/link").status_code == 404
    assert plain.public_id not in client.get(f"/events/{event.slug}/").text


def test_the_site_says_whether_it_is_well(client, world):
    """R75"""
    sick = client.get("/healthz")
    assert (sick.status_code, sick.json) == (503, {"status": "failing", "failing": ["worker"]})
    with world.store.changing():
        history.mark(world.store, "worker", now=world.now)
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (
        200,
        {"status": "ok"},
    )
    world.register(world.event())
    world.pass_time(minutes=20)
    assert client.get("/healthz").json["failing"] == ["worker", "letters"]


def test_search_engines_know_what_is_private(client):
    assert "Disallow: /my/" in client.get("/robots.txt").text


def test_the_programme_is_printed_once_for_each_state(client, world):
    """R30"""
    event = world.event()
    assert client.get(f"/events/{event.slug}/programme.pdf").status_code == 404
    world.programme(event)
    first = client.get(f"/events/{event.slug}/programme.pdf?lang=de")
    assert first.status_code == 200
    assert first.data.startswith(b"%PDF-")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/events/{event.slug}/programme.pdf?lang=de", headers=tag).status_code == 304
    english = client.get(f"/events/{event.slug}/programme.pdf?lang=en", headers=tag)
    assert english.status_code == 200
    world.pass_time(seconds=1)
    world.change(event, title=Text(de="Anders"))
    changed = client.get(f"/events/{event.slug}/programme.pdf?lang=de", headers=tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_busy_press_asks_to_come_back(client, world, app, monkeypatch):
    event = world.event()
    world.programme(event)

    def busy(*_, **__):
        raise PressBusy

    monkeypatch.setattr(type(app.extensions["eventkit"].press), "print", busy)
    answer = client.get(f"/events/{event.slug}/programme.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_the_programme_s_note_stands_with_the_programme(client, world):
    event = world.event()
    world.item(event, "Vortrag")
    publishing.publish(
        world.store,
        event.id,
        note=Text(de="Die *Uhrzeiten* sind angenommen."),
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    page = client.get(f"/events/{event.slug}/?lang=de").text
    assert page.index('id="agenda"') < page.index("Die <em>Uhrzeiten</em> sind angenommen.")
    assert page.index("sind angenommen.") < page.index('class="rail"')


def test_a_former_name_is_said_with_the_same_word_on_page_and_paper():
    for templates in ("templates", "eventkit/documents", "eventkit/translations"):
        said = [
            path.name
            for path in (ROOT / templates).rglob("*")
            if path.suffix in (".html", ".j2", ".po", ".py") and "née" in path.read_text()
        ]
        assert said == [], "English says (formerly …)"
