"""The walk of a calendar entry: everybody's program shows the truth after every step."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from eventkit.actions import answers as answering
from eventkit.actions import archive, calendars
from eventkit.actions import post as letters
from eventkit.actions.post import PostOffice
from eventkit.links import Links
from eventkit.model.agenda import Part, Role
from eventkit.model.answers import DeclineRule, Held
from eventkit.model.event import Event
from eventkit.model.registration import LIVE, State
from eventkit.model.text import Text
from eventkit.store import answers
from eventkit.store import events as event_store
from tests.calendar_client import Calendar, mails
from tests.calendar_client import calendars as programs
from tests.conftest import Reader, make_settings
from tests.journeys.test_organise import MEETING
from tests.world import BY, World

DESK = "/organise/events/fachtag-mentoring-2026"
GUESTS = {
    "ada@example.com": "Ada Łukasz-Ötztürk",
    "bo@example.com": "Bo »Bodo« O’Neill, Dr.",
    "cy@example.com": "赛 \U0001f389",
}


@pytest.fixture
def settings(tmp_path):
    """A site whose answers come from a folder."""
    box = tmp_path / "replies"
    box.mkdir()
    return replace(make_settings(tmp_path), reply_url=f"folder:{box}")


class Story:
    """Organiser, guests, worker and their calendars around one meeting."""

    def __init__(self, world: World, client: Reader, settings) -> None:
        self.world, self.client, self.settings = world, client, settings
        self.box = settings.data.parent / "replies"
        self.number = 0

    def post(self, url: str, page: str = "", **fields: str):
        data = {"csrf_token": self.client.token(page or url), **fields}
        return self.client.post(url, data=data)

    def work(self) -> None:
        """The worker's round: answers in, letters out."""
        self.world.pass_time(minutes=2)
        settings, world = self.settings, self.world
        answering.poll(
            world.store, settings.reply_url, clock=lambda: world.now, identity=world.identity
        )
        office = PostOffice(settings.mail, Links(settings.base_url), world.identity, reply=True)
        while letters.send_due(world.store, office, clock=lambda: world.now).sent:
            pass

    def answer(self, email: str, answer: str, **changes: str) -> None:
        """A button in somebody's calendar; the mail lands in the folder."""
        self.number += 1
        changes.setdefault("message_id", f"<{self.number}.{answer}@example.com>")
        mail = self.calendars()[email].reply(answer, now=self.world.now, **changes)
        (self.box / f"{self.number}.eml").write_bytes(mail)

    def calendars(self):
        return programs(self.settings.mail.folder)

    def event(self) -> Event:
        found = event_store.by_slug(self.world.store, "fachtag-mentoring-2026")
        assert found is not None
        return found

    def check(self) -> dict[str, str]:
        """Everybody's calendar shows exactly the truth, and the recorder knows it."""
        event, seen = self.event(), self.calendars()
        told = {}
        for guest in self.world.registrations(event):
            shown = seen[guest.email].shown() if guest.email in seen else []
            if guest.state not in LIVE:
                told[guest.email] = "nothing"
                assert shown == []
                continue
            (entry,) = shown
            assert (entry.starts_at, entry.ends_at) == (event.starts_at, event.ends_at)
            assert entry.place == event.place.line
            assert entry.title == event.title.de
            seated = guest.state is State.CONFIRMED
            told[guest.email] = entry.status
            assert entry.status == ("CONFIRMED" if seated else "TENTATIVE")
            assert entry.sequence == guest.sequence
        lines = told_by_the_recorder(self.world, event)
        assert set(lines.values()) <= {Held.CURRENT, Held.NOTHING}
        assert {e for e, held in lines.items() if held is Held.CURRENT} == {
            e for e, status in told.items() if status != "nothing"
        }
        return told


def told_by_the_recorder(world: World, event: Event) -> dict[str, Held]:
    """Who holds what, as the flight recorder tells it."""
    return {line.record.email: line.held for line in calendars.recorder(world.store, event)}


@pytest.fixture
def story(world: World, client: Reader, settings) -> Story:
    world.login(client)
    made = Story(world, client, settings)
    meeting = {**MEETING, "capacity": "2"}
    assert made.post("/organise/events/new", **meeting).status_code == 303
    assert made.post(f"{DESK}/announce", f"{DESK}/").status_code == 303
    for email, name in GUESTS.items():
        address = "/events/fachtag-mentoring-2026/register?lang=de"
        form = {"name": name, "email": email, "consent_privacy": "y"}
        assert made.post(address, "/newsletter/", **form).status_code == 303
    made.work()
    return made


def change(story: Story, **fields: str) -> None:
    """Save the settings form; the question before writing to people is answered with yes."""
    form = {**MEETING, "capacity": "2"} | fields
    asked = story.post(f"{DESK}/settings", **form)
    assert asked.status_code == 200
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', asked.text)
    assert confirmed, "people are asked about before they are written to"
    saved = story.post(f"{DESK}/settings", **form, confirmed=confirmed[1])
    assert saved.status_code == 303


def test_the_whole_walk(story: Story) -> None:
    ada, bo, cy = GUESTS
    assert story.check() == {ada: "CONFIRMED", bo: "CONFIRMED", cy: "TENTATIVE"}

    change(story, start_time="11:00")
    story.work()
    assert story.check() == {ada: "CONFIRMED", bo: "CONFIRMED", cy: "TENTATIVE"}
    assert story.event().starts_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert {entry.sequence for c in story.calendars().values() for entry in c.shown()} == {1}

    change(story, start_time="11:00", place_name="Rathaus", town="Köln")
    story.work()
    assert story.check()[ada] == "CONFIRMED"
    assert "Rathaus" in story.calendars()[cy].shown()[0].place

    rule = story.post(f"{DESK}/calendars/rule", f"{DESK}/calendars", rule="at_once")
    assert rule.status_code == 303
    story.answer(bo, "ACCEPTED")
    story.answer(ada, "DECLINED")
    story.work()
    assert story.check() == {ada: "nothing", bo: "CONFIRMED", cy: "CONFIRMED"}

    page = story.client.get(f"{DESK}/calendars?lang=en").text
    assert "Every calendar tells the truth." in page
    assert [page.count(f">{word}<") >= 1 for word in ("Accepted", "Declined")] == [True, True]

    off = story.post(f"{DESK}/call-off", reason_de="Sturm")
    assert off.status_code == 303
    story.work()
    assert story.check() == {ada: "nothing", bo: "nothing", cy: "nothing"}


def test_a_no_that_asks_is_finished_by_the_link(story: Story) -> None:
    ada, _, cy = GUESTS
    story.answer(ada, "DECLINED")
    story.work()
    assert story.check()[ada] == "CONFIRMED"
    (question,) = [x for x in story.world.letters(story.event()) if x.kind == "declined"]
    settings = story.settings
    office = PostOffice(settings.mail, Links(settings.base_url), story.world.identity)
    link = letters.personal_link(office, question).removeprefix(settings.base_url)
    assert story.post(f"{link}cancel").status_code == 303
    story.work()
    assert story.check() == {ada: "nothing", "bo@example.com": "CONFIRMED", cy: "CONFIRMED"}


def test_forged_answers_move_nobody_and_are_listed(story: Story) -> None:
    ada, bo, _ = GUESTS
    world, before = story.world, story.check()
    with world.store.changing():
        answers.set_decline_rule(world.store, story.event().id, DeclineRule.AT_ONCE)
    uid = next(iter(story.calendars()[bo].invites))
    story.answer(ada, "DECLINED", uid=uid)
    story.answer(ada, "DECLINED", sender="eve@example.net", attendee="eve@example.net")
    story.answer(ada, "DECLINED", uid="11111111-2222-4333-8444-555555555555")
    story.work()
    assert story.check() == before
    page = story.client.get("/organise/answers?lang=en").text
    assert page.count("another address than the invited one") == 2
    assert "belongs to no entry that we know" in page
    settled = story.post("/organise/answers/1/settle", "/organise/answers")
    assert settled.status_code == 303
    assert answers.count_open(world.store) == 2


def test_who_has_the_old_time_is_shown_and_helped_with_one_click(story: Story) -> None:
    change(story, start_time="12:00")
    with story.world.store.changing():
        story.world.store.run(
            "UPDATE letters SET state = 'failed', error = '550 no' WHERE method = 'REQUEST' "
            "AND state = 'queued' AND name LIKE 'Ada%'"
        )
    story.work()
    page = story.client.get(f"{DESK}/calendars?lang=en").text
    assert "1 person still has the old time or place." in page
    assert "550 no" in page
    again = story.post(f"{DESK}/calendars/again", f"{DESK}/calendars")
    assert again.status_code == 303
    story.work()
    assert set(story.check().values()) == {"CONFIRMED", "TENTATIVE"}
    page = story.client.get(f"{DESK}/calendars?show=wrong&lang=en").text
    assert "Every calendar tells the truth." in page


def test_mails_in_any_order_give_the_same_calendars(story: Story) -> None:
    change(story, start_time="11:00")
    story.work()
    change(story, start_time="13:00")
    story.work()
    all_mails = mails(story.settings.mail.folder)
    straight, turned = Calendar("ada@example.com"), Calendar("ada@example.com")
    own = [m for m in all_mails if m["To"].addresses[0].addr_spec == "ada@example.com"]
    for mail in own:
        straight.take(mail)
    for mail in reversed(own):
        turned.take(mail)
    assert len(own) == 3
    assert straight.shown() == turned.shown()


def test_a_mailbox_that_is_down_is_told_on_the_page(story: Story) -> None:
    story.box.rename(story.box.with_name("gone"))
    story.box.write_text("")
    story.work()
    page = story.client.get(f"{DESK}/calendars?lang=en").text
    assert "The folder of the mailbox is not there or can’t be read." in page
    assert "no answer is lost" in page


def test_the_self_test_sends_three_letters_and_knows_the_answer(story: Story) -> None:
    page = story.post("/organise/answers/test?lang=en", "/organise/answers")
    assert page.status_code == 200
    assert "Asked again, it answers “nothing new” (304) without a body." in page.text
    assert "It sets no cookie." in page.text
    organiser = "organiser@example.org"
    story.work()
    (entry,) = story.calendars()[organiser].shown()
    assert entry.title.startswith("Test des Kalenders") or entry.title.startswith("Calendar test")
    story.answer(organiser, "ACCEPTED")
    story.work()
    (moved,) = story.calendars()[organiser].shown()
    assert moved.starts_at - entry.starts_at == timedelta(hours=4)
    story.work()
    assert story.calendars()[organiser].shown() == []
    page = story.client.get("/organise/answers?lang=en")
    assert "Your answer arrived: Accepted." in page.text
    assert answers.count_open(story.world.store) == 0


def entries(octets: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(octets).walk("VEVENT")


def test_a_speakers_own_feed(world: World, client: Reader) -> None:
    event = world.event()
    ada, bo = world.person("Ada Łukasz"), world.person("Bo")
    world.item(event, "Mein Vortrag", people=(Part(ada, Role.SPEAKER),))
    world.item(event, "Anderes", people=(Part(bo, Role.SPEAKER),))
    world.publish(event)
    world.login(client)
    desk = f"/organise/events/{event.slug}/calendars"
    data = {"csrf_token": client.token(desk)}
    assert client.post(f"{desk}/speakers/{ada.slug}/open", data=data).status_code == 303
    (address,) = set(re.findall(r'value="[^"]*(/speaking/[^"]+)"', client.get(desk).text))
    client.delete_cookie("organiser")
    feed = client.get(address)
    assert feed.status_code == 200
    assert feed.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert "Set-Cookie" not in feed.headers
    assert [str(e["SUMMARY"]).split(" (")[0] for e in entries(feed.data)] == ["Mein Vortrag"]
    again = client.get(address, headers={"If-None-Match": feed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    world.login(client, "second@example.org")
    assert client.post(f"{desk}/speakers/{ada.slug}/end", data=data).status_code == 303
    ended = client.get(address)
    assert ended.status_code == 200
    assert [str(e["SUMMARY"]) for e in entries(ended.data)] == ["Dieses Kalender-Abo wurde beendet"]
    assert client.get("/speaking/never-was/calendar.ics").status_code == 404


def test_a_guest_ends_an_address_and_has_another(world: World, client: Reader) -> None:
    token = world.register(world.event()).token
    page = client.get(f"/my/{token}/").text
    (old,) = set(re.findall(r"/my/[^/\"]+/calendar\.ics", page))
    data = {"csrf_token": client.token(f"/my/{token}/")}
    assert client.post(f"/my/{token}/calendar/renew", data=data).status_code == 303
    (new,) = set(re.findall(r"/my/[^/\"]+/calendar\.ics", client.get(f"/my/{token}/").text))
    assert new != old
    assert len(entries(client.get(new).data)) == 1
    assert "Abo wurde beendet" in str(entries(client.get(old).data)[0]["SUMMARY"])


def test_afterwards_the_entry_gains_slides_and_recap(world: World, client: Reader) -> None:
    event = world.event()
    (before,) = entries(client.get("/calendar.ics").data)
    world.now = event.ends_at + timedelta(days=2)
    archive.save_recap(
        world.store,
        event.id,
        title=Text("Rückblick"),
        lead=Text(),
        body=Text("Schön."),
        publish=True,
        actor=BY,
        now=world.now,
    )
    (after,) = entries(client.get("/calendar.ics").data)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"])
    assert f"/events/{event.slug}/#recap" in str(after["DESCRIPTION"])
    assert after["LAST-MODIFIED"].dt == world.now > before["LAST-MODIFIED"].dt
    assert not after.walk("VALARM")
    (own,) = entries(client.get(f"/events/{event.slug}/event.ics?lang=en").data)
    assert "Recap: " in str(own["DESCRIPTION"])


def test_components_of_rfc_9073_only_where_asked_for(world: World, client: Reader) -> None:
    event = world.event()
    world.programme(event)
    plain = client.get(f"/events/{event.slug}/agenda.ics").data
    rich = client.get(f"/events/{event.slug}/agenda.ics?rich=1").data
    assert (b"BEGIN:PARTICIPANT" in plain, b"BEGIN:PARTICIPANT" in rich) == (False, True)
