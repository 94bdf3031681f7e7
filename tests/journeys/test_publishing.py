"""A programme is built, published, changed and published again: exactly the right letters."""

import dataclasses
import re
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from eventkit.actions import agenda
from eventkit.model.agenda import Kind, Part, Role, Room
from eventkit.model.letter import LetterKind
from eventkit.model.text import Text
from eventkit.store import agenda as agenda_store
from eventkit.store import people
from tests.world import BY

EN = {"Accept-Language": "en"}
ATOM = "{http://www.w3.org/2005/Atom}"
HOUR = timedelta(hours=1)


class Filled(HTMLParser):
    """What a browser would send of the form that has a certain field."""

    def __init__(self, html: str, having: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._select = self._area = ""
        self.feed(html)
        self.fields = next(form for form in self.forms if having in form)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.forms[-1][self._select] = given.get("value") or ""
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1][self._area] = ""
        elif tag == "input" and self._sent(given):
            self.forms[-1][given["name"]] = given.get("value") or ""

    @staticmethod
    def _sent(given):
        kind = given.get("type")
        ticked = kind not in ("checkbox", "radio") or "checked" in given
        return "name" in given and kind not in ("submit", "file") and ticked

    def handle_data(self, data):
        if self._area:
            self.forms[-1][self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""


@pytest.fixture
def desk(client, world):
    """The organiser at work: sends filled forms, publishes what the preview shows."""
    world.login(client)

    class Desk:
        def send(self, url, **fields):
            data = {"csrf_token": client.token("/organise/"), **fields}
            return client.post(url, data=data, headers=EN)

        def look(self, event):
            return client.get(f"/organise/events/{event.slug}/agenda/publish", headers=EN).text

        def change(self, event, item, **changes):
            url = f"/organise/events/{event.slug}/agenda/items/{item.id}"
            filled = Filled(client.get(url, headers=EN).text, "title_de").fields
            answer = client.post(url, data={**filled, **changes}, headers=EN)
            assert answer.status_code == 303, answer.text

        def publish(self, event, **fields):
            """Publish what is seen; returns the addresses written to."""
            before = {letter.id for letter in world.letters(event)}
            url = f"/organise/events/{event.slug}/agenda/publish"
            page = self.look(event)
            filled = Filled(page, "seen").fields
            answer = client.post(url, data={**filled, **fields}, headers=EN)
            assert answer.status_code == 303, answer.text
            written = [x for x in world.letters(event) if x.id not in before]
            announced = int((re.search(r"(\d+) (?:person gets|people get)", page) or [0, 0])[1])
            assert announced == len(written)
            return sorted(letter.email for letter in written)

    return Desk()


def test_built_published_moved_removed_and_only_those_touched_are_told(client, world, store, desk):
    event = world.event()
    base = f"/organise/events/{event.slug}"
    assert desk.send(f"{base}/agenda/rooms/new", name_de="Saal 2").status_code == 303
    room = agenda_store.rooms(store, event.id)[0]
    for name in ("Meral Thoms", "Bo Rahn", "Ohne Adresse"):
        email = "" if name.startswith("Ohne") else f"{name.split()[0].lower()}@example.net"
        assert desk.send("/organise/people/new", name=name, email=email).status_code == 303
    everybody = {person.name: person for person in people.every(store)}
    for hour, (title, name, kind) in enumerate(
        (
            ("Milieu", "Meral Thoms", "talk"),
            ("Werkstatt", "Bo Rahn", "workshop"),
            ("Ausblick", "Ohne Adresse", "talk"),
        )
    ):
        fields = {
            "kind": kind,
            "title_de": title,
            "on": "2026-11-20",
            "start_time": f"{10 + hour}:00",
            "end_time": f"{11 + hour}:00",
            "room_id": str(room.id),
            "person1": str(everybody[name].id),
            "role1": "speaker",
        }
        assert desk.send(f"{base}/agenda/items/new", **fields).status_code == 303
    page = desk.look(event)
    assert "2 people get a letter." in page
    assert "have no mail address" in page
    assert "Ohne Adresse" in page
    assert desk.publish(event) == ["bo@example.net", "meral@example.net"]

    milieu, workshop, _ = agenda_store.draft(store, event.id)
    world.register(event, email="gast@example.com", sessions=(workshop.id,))
    world.register(event, email="andere@example.com")
    desk.change(event, milieu, start_time="10:30", end_time="11:30")
    page = desk.look(event)
    assert '<bdi>Meral Thoms</bdi>: 10:00 → 10:30, <span lang="de">Saal 2</span>' in page
    assert "clash" in page  # the hall is taken at eleven
    desk.change(event, milieu, start_time="10:00", end_time="11:00")
    assert "There is nothing to publish" in desk.look(event)

    desk.change(event, milieu, start_time="10:15", end_time="11:00")
    assert desk.publish(event, note_de="Der Zug kommt später.") == ["meral@example.net"]
    (letter,) = (x for x in world.letters(event) if x.kind is LetterKind.SPEAKER_CHANGED)
    assert letter.facts.note.de == "Der Zug kommt später."

    assert desk.send(f"{base}/agenda/items/{workshop.id}/remove").status_code == 303
    page = desk.look(event)
    assert "Werkstatt: 1 guest" in re.sub(r"<[^>]+>", "", page)
    assert desk.publish(event) == ["bo@example.net", "gast@example.com"]
    guest = world.registrations(event)[0]
    assert guest.choices == ()
    shown = client.get(f"{base}/attendees/{guest.id}", headers=EN).text
    assert "What you chose has changed" in shown
    history = client.get(f"{base}/agenda/versions", headers=EN).text
    assert history.index("Version 3") < history.index("Version 2") < history.index("Version 1")
    assert BY in history


def test_what_changed_meanwhile_is_shown_again_and_not_published(client, world, store, desk):
    event = world.event()
    item = world.item(event, "Vortrag")
    filled = Filled(desk.look(event), "seen").fields
    desk.change(event, item, title_de="Ein anderer Vortrag")
    url = f"/organise/events/{event.slug}/agenda/publish"
    answer = client.post(url, data={**filled, "note_en": "My sentence"}, headers=EN)
    assert answer.status_code == 409
    assert "Nothing was published" in answer.text
    assert "My sentence" in answer.text
    assert agenda_store.published(store, event.id) is None
    again = Filled(answer.text, "seen").fields
    assert client.post(url, data=again, headers=EN).status_code == 303
    assert agenda_store.published(store, event.id).note == Text(en="My sentence")


def test_the_letters_are_previewed_in_both_languages_with_the_sentence(client, world, store, desk):
    event = world.event()
    speaker = world.person("Meral Thoms", email="meral@example.net")
    world.item(event, "Vortrag", people=(Part(speaker, Role.SPEAKER),))
    filled = Filled(desk.look(event), "seen").fields
    url = f"/organise/events/{event.slug}/agenda/publish"
    fields = {**filled, "note_de": "Bis bald!", "note_en": "See you!", "preview": "1"}
    page = client.post(url, data=fields, headers=EN).text
    assert "Das Programm steht, und das ist Ihr Teil" in page
    assert "The programme is ready, and this is your part" in page
    assert page.count("Bis bald!") == page.count("See you!") == 2
    assert agenda_store.published(store, event.id) is None
    assert world.letters(event) == []


def test_a_sentence_that_is_too_long_is_kept_and_nothing_published(client, world, store, desk):
    event = world.event()
    world.item(event, "Vortrag")
    filled = Filled(desk.look(event), "seen").fields
    url = f"/organise/events/{event.slug}/agenda/publish"
    answer = client.post(url, data={**filled, "note_de": "x" * 301}, headers=EN)
    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert agenda_store.published(store, event.id) is None


def step(world, event, item, **changes):
    """Another version in which an item is different."""
    agenda.save_item(
        world.store,
        event.id,
        dataclasses.replace(item, **changes),
        actor=BY,
        now=world.pass_time(minutes=10),
        identity=world.identity,
    )
    return world.publish(event)


@pytest.fixture
def lived(world):
    """A meeting whose programme was published three times."""
    event = world.event()
    room = Room(0, Text(de="Saal 1", en="Hall 1"), 80)
    room_id = agenda.save_room(world.store, event.id, room, position=0, actor=BY, now=world.now)
    item = world.item(
        event,
        "Milieu",
        people=(Part(world.person("Meral Thoms"), Role.SPEAKER),),
        room=dataclasses.replace(room, id=room_id),
    )
    world.publish(event)
    moved = {"starts_at": item.starts_at + HOUR, "ends_at": item.ends_at + HOUR}
    step(world, event, item, **moved)
    step(world, event, item, **moved, title=Text(de="Nur deutsch"), kind=Kind.PANEL)
    return event


def test_everybody_reads_what_became_of_the_programme(client, world, lived):
    page = client.get(f"/events/{lived.slug}/changes", headers=EN).text
    assert (
        page.index('id="version-3"')
        < page.index('id="version-2"')
        < page.index("The first programme")
    )
    assert "<bdi>Meral Thoms</bdi>: 10:00 → 11:00, Hall 1" in page
    assert "until now “Milieu (en)”; Talk → Panel" in page
    assert '<span lang="de">Nur deutsch</span>' in page
    step(
        world,
        lived,
        agenda_store.draft(world.store, lived.id)[0],
        title=Text(en="<b>Only English</b>"),
    )
    page = client.get(f"/events/{lived.slug}/changes", headers=EN).text
    assert 'until now “<span lang="de">Nur deutsch</span>”' in page
    assert "&lt;b&gt;Only English&lt;/b&gt;" in page
    german = client.get(f"/events/{lived.slug}/changes", headers={"Accept-Language": "de"}).text
    assert "10:00 → 11:00, Saal 1" in german
    assert "Vortrag → Podium" in german
    meeting = client.get(f"/events/{lived.slug}/", headers=EN).text
    assert f'href="/events/{lived.slug}/changes">3 changes since the first</a>' in meeting
    assert f'href="/events/{lived.slug}/changes.atom"' in meeting


def test_what_was_taken_out_is_said_in_its_version_and_never_again(client, world, lived):
    first = agenda_store.draft(world.store, lived.id)[0]
    extra = world.item(lived, "Zugabe")
    world.publish(lived)
    agenda.remove_item(world.store, lived.id, extra.id, actor=BY, now=world.now)
    world.publish(lived)
    step(world, lived, first, track="A")
    page = client.get(f"/events/{lived.slug}/changes", headers=EN).text
    sixth, fifth, fourth = (page.index(f'id="version-{n}"') for n in (6, 5, 4))
    assert "Zugabe" not in page[sixth:fifth]
    assert re.search(r"difference-removed[\s\S]+>removed<[\s\S]+Zugabe", page[fifth:fourth])
    assert "cancelled" not in page


def test_old_versions_stay_readable_and_lead_to_the_newest(client, lived):
    old = client.get(f"/events/{lived.slug}/programme/1/", headers=EN)
    assert "This version is superseded." in old.text
    assert "10:00" in old.text
    assert "Milieu (en)" in old.text
    assert f'href="/events/{lived.slug}/#agenda"' in old.text
    assert '<meta name="robots" content="noindex">' in old.text
    new = client.get(f"/events/{lived.slug}/programme/3/", headers=EN).text
    assert "This is the newest version." in new
    for nothing in ("0", "4", "9" * 18):
        assert client.get(f"/events/{lived.slug}/programme/{nothing}/").status_code == 404


def test_the_feed_of_changes_keeps_its_identities_and_answers_304(client, world, lived):
    url = f"/events/{lived.slug}/changes.atom"
    first = client.get(url)
    assert first.mimetype == "application/atom+xml"
    assert client.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    feed = ElementTree.fromstring(first.data)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 3
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        "Fassung 3: 1 Änderung",
        "Fassung 2: 1 Änderung",
        "Fassung 1: Das erste Programm",
    ]
    content = [entry.findtext(f"{ATOM}content") for entry in feed.iter(f"{ATOM}entry")]
    assert "<bdi>Meral Thoms</bdi>: 10:00 → 11:00, Saal 1" in content[1]
    assert "Set-Cookie" not in first.headers
    item = agenda_store.draft(world.store, lived.id)[0]
    step(world, lived, item, title=Text(de="Noch anders"))
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    later = ElementTree.fromstring(again.data)
    assert [e.findtext(f"{ATOM}id") for e in later.iter(f"{ATOM}entry")][1:] == ids
    assert later.findtext(f"{ATOM}id") == feed.findtext(f"{ATOM}id")


def test_a_meeting_without_a_programme_has_no_history(client, world):
    event = world.event()
    for path in ("changes", "changes.atom", "programme/1/"):
        assert client.get(f"/events/{event.slug}/{path}").status_code == 404


def test_the_history_costs_the_same_however_long_it_is(client, world, monkeypatch):
    """R70"""
    event = world.event()
    items = [world.item(event, f"Punkt {n}") for n in range(3)]
    world.publish(event)

    asked = []
    original = type(world.store)._ask

    def counting(self, sql, values):
        asked.append(sql)
        return original(self, sql, values)

    monkeypatch.setattr(type(world.store), "_ask", counting)

    def statements(path):
        client.get(path)
        asked.clear()
        assert client.get(path).status_code == 200
        return len(asked)

    world.login(client)
    paths = (
        f"/events/{event.slug}/changes",
        f"/events/{event.slug}/",
        f"/organise/events/{event.slug}/agenda/versions",
    )
    few = [statements(path) for path in paths]
    for n in range(25):
        step(world, event, items[n % 3], title=Text(de=f"Titel {n}"))
    assert [statements(path) for path in paths] == few
    assert all(few)


def test_a_lost_workshop_stays_in_the_guests_calendar_as_cancelled(client, world):
    """R25"""
    event = world.event()
    item = world.item(event, "Werkstatt", kind=Kind.WORKSHOP, capacity=1)
    world.item(event, "Bleibt")
    world.publish(event)
    feeds = [
        f"/my/{world.identity.token('feed', registration.nonce)}/calendar.ics"
        for registration in (
            _registered(world, event, "platz@example.com", item),
            _registered(world, event, "wartet@example.com", item),
        )
    ]
    agenda.remove_item(world.store, event.id, item.id, actor=BY, now=world.pass_time(hours=1))
    world.publish(event)
    held, waited = (client.get(feed).text for feed in feeds)
    assert "SUMMARY;LANGUAGE=" not in held
    assert re.search(r"Abgesagt: Werkstatt[\s\S]*STATUS:CANCELLED", held)
    assert "TRANSP:OPAQUE" in held
    assert "Werkstatt" not in waited


def _registered(world, event, email, item):
    world.register(event, email=email, sessions=(item.id,))
    return world.registrations(event)[-1]
