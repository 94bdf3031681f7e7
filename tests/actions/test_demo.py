"""The demo: every fact of the meeting of 2016 is in its place, and the coming one is alive."""

import json
import stat
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from PIL import Image

from eventkit.actions import demo, demo_preparing
from eventkit.actions.post import PostOffice
from eventkit.config import MailSettings
from eventkit.errors import Unavailable
from eventkit.identity import Identity
from eventkit.links import Links
from eventkit.model.account import Access
from eventkit.model.agenda import Kind
from eventkit.model.event import Stage
from eventkit.model.letter import LetterState
from eventkit.model.mailing import MailingKind
from eventkit.model.person import Person
from eventkit.rules import demo_calendar, seats
from eventkit.store import (
    accounts,
    agenda,
    appearances,
    archive,
    events,
    files,
    mailings,
    outbox,
    people,
    questions,
    registrations,
    schema,
    shelf,
)
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

pytestmark = pytest.mark.xdist_group("demo")  # it takes seconds to load: once is enough
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SLUG_2016 = "netzwerktreffen-interkulturelles-mentoring-2016"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One loaded demo for all tests, which only look at it."""
    made = Store(tmp_path_factory.mktemp("demo") / "data")
    schema.migrate(made)
    mail = MailSettings("folder", "events@example.org", made.folder / "mail")
    office = PostOffice(mail, Links("http://127.0.0.1:5000"), Identity(b"a key only tests use"))
    steps = []
    assert demo.load(made, office, now=NOW, progress=lambda *step: steps.append(step))
    assert [done for done, _ in steps] == list(range(1, steps[0][1] + 1))
    yield made, office
    made.close()


@pytest.fixture
def loaded(site):
    return site[0]


@pytest.fixture
def office(site):
    return site[1]


def everything_said(store, event):
    """All texts of a meeting's page, in both languages, as one string per language."""
    recap, programme = archive.recap(store, event.id), agenda.published(store, event.id)
    texts = [event.title, event.summary, event.description, recap.title, recap.lead, recap.body]
    texts += [programme.note] + [photo.caption for photo in recap.photos]
    texts += [text for quote in recap.quotes for text in (quote.text, quote.function)]
    texts += [material.title for material in files.of_event(store, event.id)]
    texts += [link.label for link in events.organisation(store).links]
    texts += [topic.title for topic in events.topics_of(store, event.id)]
    names = [quote.name for quote in recap.quotes] + [event.place.town]
    for item in programme.items:
        texts += [item.title, item.abstract]
        for part in item.people:
            texts += [part.function, part.organisation]
            names += [part.person.name, part.person.former_name]
    said = [[text.de for text in texts], [text.en for text in texts]]
    return ["\n".join([*each, *names]) for each in said]


FACTS = {
    "the society": ("Deutsche Gesellschaft für Mentoring (DGM)", "(DGM)"),
    "the subject": ("»Interkulturelles Mentoring«", "Intercultural mentoring"),
    "the town": ("Castrop-Rauxel", "Castrop-Rauxel"),
    "the day": ("18. November 2016", "18 November 2016"),
    "where mentoring is used": ("Zivilgesellschaft, Wirtschaft und Politik", "civil society"),
    "integration": ("Integration geflüchteter Menschen", "integration of refugees"),
    "who discussed": (
        "Erfahrene Mentor*innen, Projektverantwortliche und Vertreter*innen",
        "Experienced mentors, people in charge of projects",
    ),
    "education": ("interkulturellen Bildungsarbeit", "intercultural education"),
    "new initiatives": ("neuen Initiativen", "new initiatives"),
    "contexts": ("transkultureller Bildung", "transcultural education"),
    "guidance": ("Berufsberatung", "careers guidance"),
    "standards": ("Mindeststandards", "minimum standards"),
    "the project manager": ("Barbara Wenzel", "Barbara Wenzel"),
    "her function": ("Projektleiterin", "Project manager"),
    "her employer": ("Grone Bildungszentren NRW gGmbH", "Grone Bildungszentren NRW gGmbH"),
    "her subject": ("qualifizierte geflüchtete Frauen", "qualified refugee women"),
    "the sociologist": ("Meral Thoms", "Meral Thoms"),
    "her former name": ("Cerci", "Cerci"),
    "her profession": ("Soziologin, Koordinatorin des Projektes", "Sociologist, coordinator"),
    "her project": ("„Bildung, Migration und Milieu“", "“Bildung, Migration und Milieu”"),
    "her university": ("Heinrich-Heine-Universität Düsseldorf", "Heinrich Heine University"),
    "her results": ("Lebenswelten, Milieus und Bildungseinstellungen", "lifeworlds, milieus"),
    "the quote": ("ein wirksames Instrument", "an effective instrument"),
    "who said it": ("Gabriele Hoffmeister-Schönfelder", "Gabriele Hoffmeister-Schönfelder"),
    "her office": ("Vorstandsmitglied der DGM", "Member of the board of the DGM"),
    "matching": ("Matching", "matching"),
    "accompaniment": ("koordiniertes Begleitprogramm", "coordinated programme"),
    "potential": ("volles Potenzial", "full potential"),
    "the download": ("Vortrag von Meral Thoms", "Talk by Meral Thoms"),
    "the mayor": (
        "Raiko Kravanja, Bürgermeister der Stadt Castrop-Rauxel, eröffnet das Netzwerktreffen",
        "Raiko Kravanja, mayor",
    ),
    "the panel": (
        "Diskussionsrunde mit erfahrenen Mentor*innen, Projektverantwortlichen und Vertreter*innen",
        "Panel discussion",
    ),
    "the advice": ("Mentoring-Beratung", "Mentoring consultation"),
    "times are made up": ("Rekonstruiertes Programm", "Reconstructed programme"),
}


def test_every_fact_of_2016_is_in_its_place(loaded):
    event = events.by_slug(loaded, SLUG_2016)
    german, english = everything_said(loaded, event)
    missing = [name for name, (de, en) in FACTS.items() if de not in german or en not in english]
    assert missing == []
    assert event.starts_at.astimezone(ZoneInfo("Europe/Berlin")).date() == date(2016, 11, 18)
    assert event.all_day, "its times of day are not on record"
    assert event.place.line == "Castrop-Rauxel, Deutschland", "no street was invented"


def test_2016_stands_in_its_dossier_with_pictures_and_talk(loaded):
    event = events.by_slug(loaded, SLUG_2016)
    recap = archive.recap(loaded, event.id)
    [material] = files.of_event(loaded, event.id)
    assert event.stage is Stage.ARCHIVED
    assert recap.published_at is not None
    assert event.topic_slugs == ("interkulturelles-mentoring",)
    assert [photo.credit for photo in recap.photos] == ["Illustration: eventkit"] * 2
    assert all(photo.alt.de and photo.alt.en for photo in recap.photos)
    assert material.current.pages == 7
    person = people.by_slug(loaded, "meral-thoms")
    assert (person.name, person.former_name) == ("Meral Thoms", "Cerci")
    assert recap.quotes[0].person_slug == "gabriele-hoffmeister-schoenfelder"


def test_the_talk_says_on_every_page_that_it_is_not_the_talk(loaded):
    path = demo.FOLDER / "talk.pdf"
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    assert path.stat().st_size < 200_000
    assert 6 <= len(pages) <= 8
    assert all("nicht der Originalvortrag" in page for page in pages)


def test_the_coming_meeting_is_open_and_nearly_full(loaded):
    [event] = events.coming(loaded, NOW)
    counted = seat_store.seats(loaded, event)
    local = event.starts_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert seats.window(event, NOW) is seats.Window.OPEN
    assert (counted.capacity, counted.taken, counted.cancelled) == (60, 51, 1)
    assert (local.strftime("%a %H:%M"), 35 <= (local.date() - NOW.date()).days <= 49) == (
        "Fri 10:00",
        True,
    )
    assert event.place.access.de
    assert event.place.access.en
    assert event.place.map_url.startswith("https://www.openstreetmap.org/")


def test_one_workshop_is_full_with_a_short_queue(loaded):
    [event] = events.coming(loaded, NOW)
    shown = agenda.published(loaded, event.id).items
    workshops = [item for item in shown if item.kind is Kind.WORKSHOP]
    taken = seat_store.item_seats(loaded, event.id)
    found = sorted(
        (item.capacity, taken[item.id].taken, taken[item.id].waiting) for item in workshops
    )
    assert found == [(16, 16, 3), (20, 15, 0), (24, 13, 0)]
    assert len({item.room.name.de for item in workshops}) == 3
    assert len({(item.starts_at, item.ends_at) for item in workshops}) == 1


def test_the_coming_meeting_asks_reminds_and_has_changed(loaded):
    [event] = events.coming(loaded, NOW)
    asked = questions.form(loaded, event.id).questions
    assert [each.key for each in asked] == list(demo_preparing.QUESTIONS)
    assert all(each.purpose.de and each.purpose.en for each in asked)
    assert sum(questions.answered(loaded, event.id).values()) > 40
    [reminder] = mailings.of_event(loaded, event.id, MailingKind.REMINDER)
    assert reminder.before_minutes == demo_preparing.REMINDER
    programme = agenda.published(loaded, event.id)
    assert (programme.version, programme.note) == (2, demo_preparing.NOTE)


def test_one_talk_has_no_slides_yet(loaded):
    [event] = events.coming(loaded, NOW)
    delivered = {material.item_id for material in files.of_event(loaded, event.id)}
    talks = [
        i for i in agenda.published(loaded, event.id).items if i.kind is Kind.TALK and i.abstract
    ]
    assert [item.id in delivered for item in talks] == [True, False]


def test_guests_came_in_the_course_of_two_weeks(loaded):
    [event] = events.coming(loaded, NOW)
    days = registrations.per_day_of(loaded, [event.id])[event.id]
    assert sum(count for _, count in days) == 52
    assert len(days) == 14
    arrived = [each.created_at for each in registrations.attendees(loaded, event.id)]
    assert arrived == sorted(arrived)
    assert arrived[-1] < NOW


def test_every_letter_lies_in_the_folder(loaded, office):
    [event] = events.coming(loaded, NOW)
    counted = outbox.counts(loaded, event.id)
    assert counted[LetterState.SENT] == len(list(office.mail.folder.glob("*.eml"))) == 54
    assert sum(counted.values()) == 54


def test_there_is_a_draft_and_an_archive(loaded):
    stages = [event.stage for event in events.every(loaded)]
    assert stages == [Stage.DRAFT, Stage.ANNOUNCED, Stage.ARCHIVED, Stage.ARCHIVED]


def test_everybody_with_a_biography_has_it_in_both_languages(loaded):
    found: list[Person] = people.every(loaded)
    assert len(found) == 13
    assert all(bool(p.biography.de) == bool(p.biography.en) for p in found)
    portraits = [person for person in found if person.photo]
    assert len(portraits) == 5
    for person in portraits:
        assert Image.open(shelf.path(loaded, person.photo)).size == (480, 480)
        assert person.photo_alt.de
        assert person.photo_alt.en


def test_a_second_start_keeps_everything(loaded, office):
    logins = demo.logins(loaded)
    assert not demo.load(loaded, office, now=NOW, progress=lambda done, total: None)
    assert demo.logins(loaded) == logins
    assert len(events.every(loaded)) == 4


def test_the_logins_work_and_only_the_owner_reads_them(loaded):
    kept = dict(demo.logins(loaded))
    found = {each.email: each.access for each in accounts.every(loaded)}
    assert found == {"organisation@example.org": Access.ADMIN, "einlass@example.org": Access.DOOR}
    assert set(kept) == set(found)
    assert stat.S_IMODE((loaded.folder / demo.LOGIN).stat().st_mode) == 0o600


def test_nobody_is_written_to_by_a_real_mail_server(store, identity):
    mail = MailSettings("smtp", "events@example.org", host="mail.example.org", port=587)
    office = PostOffice(mail, Links("http://127.0.0.1:5000"), identity)
    with pytest.raises(Unavailable, match="invented people"):
        demo.load(store, office, now=NOW, progress=lambda done, total: None)
    assert events.every(store) == []


def test_all_addresses_are_reserved_for_examples():
    guests = json.loads((demo.FOLDER / "guests.json").read_text())["guests"]
    domains = {guest["email"].partition("@")[2] for guest in guests}
    assert domains == {"example.org", "example.com", "example.net"}


def test_whatever_the_day_the_meeting_is_on_a_friday_in_five_to_seven_weeks():
    for number in range(800):
        today = date(2026, 1, 1) + timedelta(days=number)
        day = demo_calendar.coming_day(today)
        assert day.weekday() == 4
        holidays = day - today > timedelta(days=49)
        assert timedelta(days=35) <= day - today or holidays
        assert (day.month, day.day) not in ((12, 25), (1, 1))
        assert demo_calendar.draft_day(today) - today >= timedelta(days=90)


def test_most_speakers_have_answered_and_nobody_was_written_to(loaded):
    [event] = events.coming(loaded, NOW)
    said = appearances.of_event(loaded, event.id)
    assert sorted(each.state.value for each in said.values()) == ["confirmed"] * 6 + ["declined"]
    assert [bool(each.remark and each.technical) for each in said.values()].count(True) == 1
    assert len(appearances.availabilities(loaded, event.id)) == 1
    assert all(each.asked_at is None for each in said.values())
