"""The story of somebody who speaks, by link and without script; and the organiser's beside it."""

import io
import re
from datetime import timedelta

import pytest

from eventkit.actions import appearances, asking
from eventkit.model.agenda import Part, Role
from eventkit.model.appearance import Answer
from eventkit.model.letter import LetterKind
from eventkit.model.text import Text
from eventkit.store import appearances as appearance_store
from eventkit.store import people as people_store
from tests.journeys.files import jpeg
from tests.world import BY

EN = {"Accept-Language": "en"}
NASTY = "<script>alert(1)</script>\u202e\x00 {{7*7}} Łukasz & 🎷"


@pytest.fixture
def speaker(world):
    """A meeting, somebody who was asked to speak in it, and their link."""
    event = world.event()
    thoms = world.person("Meral Thoms", email="meral@example.org", former_name="Cerci")
    item = world.item(event, "Bildung", people=(Part(thoms, Role.SPEAKER),))
    asking.ask(world.store, event.id, None, actor=BY, now=world.now, identity=world.identity)
    token = appearances.open_link(
        world.store, thoms.id, actor=BY, now=world.now, identity=world.identity
    )
    return event, thoms, item, f"/speaking/{token}"


@pytest.fixture
def post(client, form_token):
    """Send a form as a browser would: with the token of the page it stands on."""

    def send(url, page="", **fields):
        data = {"csrf_token": form_token(client, page or url), **fields}
        return client.post(url, data=data, headers=EN)

    return send


def said(world, event, person):
    return appearance_store.get(world.store, event.id, person.id)


def test_a_speaker_answers_says_when_and_what_is_needed(client, world, speaker, post):
    """R15"""
    event, thoms, _item, base = speaker
    page = client.get(f"{base}/", headers=EN)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    for words in ("Meral Thoms", "formerly Cerci", "Bildung", "planned, not published yet"):
        assert words in page.text
    assert "Please tell us whether you can" in page.text
    of = f"{base}/meetings/{event.slug}"

    assert client.get(f"{of}/answer?answer=confirmed").status_code == 200
    assert said(world, event, thoms).state is Answer.OPEN, "a mail scanner opened it (R15)"
    assert post(f"{of}/answer", answer="confirmed", remark=NASTY).status_code == 303
    assert post(f"{of}/answer", answer="perhaps").status_code == 422
    assert post(f"{of}/wishes", technical="Ton vom Rechner").status_code == 303
    two = {"from-0-0": "10:00", "to-0-0": "11:30", "from-0-1": "14:00", "to-0-1": "16:00"}
    assert post(f"{of}/times", **two).status_code == 303

    assert said(world, event, thoms).state is Answer.CONFIRMED
    hour = timedelta(hours=1)
    start = event.starts_at
    assert appearance_store.availabilities(world.store, event.id)[thoms.id] == (
        (start, start + 1.5 * hour),
        (start + 4 * hour, start + 6 * hour),
    )
    page = client.get(f"{base}/", headers=EN).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    for words in ("You take part. Something is still missing", "Ton vom Rechner", "14:00–16:00"):
        assert words in page
    assert post(f"{of}/answer", answer="declined", remark="").status_code == 303
    assert said(world, event, thoms).state is Answer.DECLINED
    assert "you may still change your answer" in client.get(f"{base}/", headers=EN).text


def test_wrong_times_are_said_at_their_place_and_kept(client, world, speaker, post):
    """R62"""
    event, _thoms, _item, base = speaker
    url = f"{base}/meetings/{event.slug}/times"
    wrong = post(url, **{"from-0-0": "12:00", "to-0-0": "11:00", "from-0-1": "ten", "to-0-1": ""})
    assert wrong.status_code == 422
    assert "The end lies before the beginning." in wrong.text
    assert "Please enter both times" in wrong.text
    assert 'id="error-summary"' in wrong.text
    for typed in ('value="12:00"', 'value="11:00"', 'value="ten"'):
        assert typed in wrong.text
    more = post(url, **{"from-0-0": "10:00", "to-0-0": "11:00", "more": "0"})
    assert more.status_code == 200
    assert 'name="from-0-2"' in more.text
    assert 'value="10:00"' in more.text
    assert appearance_store.availabilities(world.store, event.id) == {}


def test_a_profile_is_public_at_once_and_the_organiser_sees_the_change(
    client, world, speaker, post
):
    event, thoms, _item, base = speaker
    world.publish(event)
    fields = {"name": "Dr. Meral Thoms", "function_de": "Professorin", "biography_en": "I am here."}
    assert post(f"{base}/profile", **fields, language="en").status_code == 303
    assert "I am here." in client.get(f"/speakers/{thoms.slug}/?lang=en").text
    changed = people_store.by_id(world.store, thoms.id)
    assert (changed.language, changed.email) == ("en", "meral@example.org")
    bad = post(f"{base}/profile", name="", website="javascript:alert(1)")
    assert bad.status_code == 422
    assert 'value="javascript:alert(1)"' in bad.text
    world.login(client)
    desk = client.get(f"/organise/events/{event.slug}/speakers/people/{thoms.slug}", headers=EN)
    assert "Dr. Meral Thoms changed: Name" in desk.text
    assert "by their own link" in desk.text


def test_a_photo_without_script_is_sent_cut_and_taken_away(client, world, speaker, post):
    _event, thoms, _item, base = speaker
    file = (io.BytesIO(jpeg(600, 300)), "ich.jpg")
    sent = post(f"{base}/photo", photo=file, zoom="200", across="0", down="100", alt_de="Porträt")
    assert sent.status_code == 303
    for name in ("photo.jpg", "photo-whole.jpg"):
        assert client.get(f"{base}/{name}").mimetype == "image/jpeg"
    found = people_store.by_id(world.store, thoms.id)
    assert (bool(found.photo), found.photo_alt) == (True, Text(de="Porträt"))
    assert post(f"{base}/photo", zoom="900").status_code == 422
    lie = (io.BytesIO(b"<svg onload=alert(1)>"), "ich.jpg")
    refused = post(f"{base}/photo", photo=lie)
    assert refused.status_code == 422
    assert "This kind of file is not taken" in refused.text
    assert client.get(f"{base}/remove/photo").status_code == 200
    assert people_store.by_id(world.store, thoms.id).photo
    assert post(f"{base}/remove/photo").status_code == 303
    assert not people_store.by_id(world.store, thoms.id).photo
    assert client.get(f"{base}/photo.jpg").status_code == 404
    assert client.get(f"{base}/remove/name").status_code == 404


def test_what_is_known_can_be_taken_away_and_names_nobody_else(client, world, speaker, post):
    """R55"""
    event, _thoms, _item, base = speaker
    guest = world.person("Łukasz O’Neill", email="lukasz@example.org")
    world.item(event, "Anderes", people=(Part(guest, Role.SPEAKER),))
    post(f"{base}/meetings/{event.slug}/answer", answer="confirmed", remark="Mit Hund")
    answer = client.get(f"{base}/data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = answer.json
    assert data["person"]["email"] == "meral@example.org"
    (meeting,) = data["meetings"]
    assert (meeting["answer"], meeting["remark"]) == ("confirmed", "Mit Hund")
    assert [item["title"] for item in meeting["items"]] == ["Bildung"]
    assert "ukasz" not in answer.text


def test_links_that_open_nothing_look_alike_and_other_meetings_are_not_there(
    client, world, speaker, post
):
    """R10, R12"""
    event, thoms, _item, base = speaker
    other, draft = world.event(), world.event(announced=False)
    world.item(draft, "Geheim", people=(Part(thoms, Role.SPEAKER),))
    hidden = world.item(event, "Geplant", people=(Part(world.person("Bo"), Role.SPEAKER),))
    secret = world.item(draft, "Noch geheimer", people=(Part(thoms, Role.SPEAKER),))
    for item in (hidden, secret):
        assert client.get(f"{base}/slides/{item.id}").status_code == 404
    for slug in (other.slug, draft.slug, "no-such-meeting"):
        for kind in ("answer", "times", "wishes"):
            assert client.get(f"{base}/meetings/{slug}/{kind}").status_code == 404
    assert "Geheim" not in client.get(f"{base}/").text
    appearances.revoke_link(world.store, thoms.id, actor=BY, now=world.now)
    pages = [client.get(f"{url}/", headers=EN) for url in (base, f"/speaking/{'x' * 43}")]
    assert {page.status_code for page in pages} == {404}
    own = base.rpartition("/")[2]
    assert pages[0].text.replace(own, "x" * 43) == pages[1].text
    assert "Send me the link again" in pages[0].text
    for path in ("profile", "photo", "data.json", f"meetings/{event.slug}/answer"):
        assert client.get(f"{base}/{path}").status_code == 404


def test_a_guests_link_opens_no_speakers_page(client, world, speaker):
    """R12"""
    event, _thoms, _item, base = speaker
    guest = world.register(event).token
    assert client.get(f"/speaking/{guest}/").status_code == 404
    assert client.get(f"/my/{base.rsplit('/', 1)[1]}/").status_code == 404


def test_the_link_comes_again_for_known_and_unknown_alike(client, world, speaker, post):
    """R11"""
    answers = [post("/my/", email=f"{name}@example.org") for name in ("meral", "nobody")]
    assert {(a.status_code, a.location) for a in answers} == {(303, "/my/sent")}
    kinds = [r["kind"] for r in world.store.all("SELECT kind FROM letters ORDER BY id")]
    assert kinds[-1] == LetterKind.SPEAKER_LINK
    assert kinds.count(LetterKind.SPEAKER_LINK) == 1


def test_an_organiser_asks_after_seeing_the_letter_and_does_everything_for_them(
    client, world, post
):
    event = world.event(announced=False)
    thoms = world.person("Meral Thoms", email="meral@example.org")
    silent = world.person("Łukasz O’Neill")
    parts = (Part(thoms, Role.SPEAKER), Part(silent, Role.MODERATOR))
    world.item(event, "Bildung", people=parts)
    world.login(client)
    desk = f"/organise/events/{event.slug}/speakers"
    page = client.get(desk, headers=EN).text
    for words in ("Ask 1 person", "not asked yet", "Łukasz O’Neill"):
        assert words in page
    seen = client.get(f"{desk}/ask", headers=EN).text
    for words in ("1 person is written to", "Sind Sie dabei?", "Will you take part?", "Bildung"):
        assert words in seen
    assert not world.letters(event), "looking sends nothing"
    assert post(f"{desk}/ask", person=str(thoms.id)).status_code == 303
    assert [x.kind for x in world.letters(event)] == [LetterKind.SPEAKER_REQUEST]

    of = f"{desk}/people/{silent.slug}"
    assert post(f"{of}/answer", answer="confirmed", remark="Am Telefon").status_code == 303
    assert post(f"{of}/times", **{"from-0-0": "10:00", "to-0-0": "12:00"}).status_code == 303
    assert post(f"{of}/wishes", technical="Pult").status_code == 303
    photo = (io.BytesIO(jpeg()), "x.jpg")
    assert post(f"/organise/people/{silent.slug}/photo", photo=photo).status_code == 303
    assert post(f"{of}/link", page=of).status_code == 303
    page = client.get(of, headers=EN).text
    for words in ("confirmed", "Am Telefon", "10:00–12:00", "Pult"):
        assert words in page
    (address,) = set(re.findall(r'value="[^"]*(/speaking/[^"]+)"', page))
    assert client.get(address).status_code == 200
    assert post(f"{of}/link/renew", page=of).status_code == 303
    assert client.get(address).status_code == 404
    shown = client.get(f"{desk}?show=confirmed", headers=EN).text
    assert silent.slug in shown
    assert f"people/{thoms.slug}" not in shown


def test_reminders_are_previewed_and_reach_only_those_who_were_shown(client, world, speaker, post):
    event, thoms, _item, _base = speaker
    world.login(client)
    url = f"/organise/events/{event.slug}/speakers/remind"
    early = client.get(url, headers=EN).text
    assert "was written to within three days" in early
    world.pass_time(days=3)
    world.login(client, "again@example.org")
    seen = client.get(url, headers=EN).text
    for words in ("Answer, Text, Photo, Slides", "Noch offen bei Ihnen", "Still missing from you"):
        assert words in seen
    assert post(url).status_code == 303
    assert len(world.letters(event)) == 1, "nobody was shown, nobody is written to"
    assert post(url, person=str(thoms.id), page=url).status_code == 303
    kinds = [x.kind for x in world.letters(event)]
    assert kinds == [LetterKind.SPEAKER_REQUEST, LetterKind.SPEAKER_REMINDER]


@pytest.mark.parametrize("path", ["ask", "remind"])
def test_a_number_longer_than_any_is_nobody(client, world, speaker, path):
    world.login(client)
    url = f"/organise/events/{speaker[0].slug}/speakers/{path}"
    assert client.get(url, query_string={"person": "9" * 5000}).status_code == 404


def test_people_of_another_meeting_are_not_there(client, world, speaker, post):
    """R10"""
    _event, thoms, _item, _base = speaker
    other = world.event()
    world.login(client)
    desk = f"/organise/events/{other.slug}/speakers"
    for path in ("", "/answer", "/times", "/wishes"):
        assert client.get(f"{desk}/people/{thoms.slug}{path}").status_code == 404
    for path in ("ask", "remind"):
        assert client.get(f"{desk}/{path}?person={thoms.id}").status_code == 404
        answer = post(f"{desk}/{path}", page="/organise/account", person=str(thoms.id))
        assert answer.status_code == 404
    for path in ("link", "link/renew", "link/revoke"):
        url = f"{desk}/people/{thoms.slug}/{path}"
        assert post(url, page="/organise/account").status_code == 404


def test_the_dashboard_says_who_declined_and_who_is_silent(client, world, speaker, post):
    event, _thoms, _item, base = speaker
    world.login(client)
    assert "1 speaker has not answered" in client.get("/organise/", headers=EN).text
    post(f"{base}/meetings/{event.slug}/answer", answer="declined", remark="Krank")
    desk = client.get(f"/organise/events/{event.slug}/", headers=EN).text
    assert "1 speaker can’t come" in desk
    assert "Meral Thoms can’t take part" in desk


@pytest.mark.parametrize("path", ["", "speakers/meral-thoms/", "agenda.ics"])
def test_nothing_a_speaker_said_is_public(client, world, speaker, post, path):
    event, _thoms, _item, base = speaker
    of = f"{base}/meetings/{event.slug}"
    post(f"{of}/answer", answer="confirmed", remark="Geheime Bemerkung")
    post(f"{of}/wishes", technical="Geheimer Wunsch")
    world.publish(event)
    address = f"/{path}" if path.startswith("speakers") else f"/events/{event.slug}/{path}"
    page = client.get(address)
    assert page.status_code == 200
    for secret in (b"Geheim", b"meral@example.org"):
        assert secret not in page.data
