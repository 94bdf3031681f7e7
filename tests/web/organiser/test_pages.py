"""Every organisers' page opens in both languages, with much on it and with nothing."""

import io
import re
import shutil

import pytest
from PIL import Image

from eventkit.actions import archive, speakers
from eventkit.identity import Identity
from eventkit.model.archive import Quote
from eventkit.model.material import Release
from eventkit.model.text import Text
from eventkit.store import agenda as agenda_store
from tests.conftest import NOW
from tests.fresh import fresh_store
from tests.world import World


def pdf_of_one_page() -> bytes:
    octets = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(octets, "PDF")
    return octets.getvalue()


BY = "organiser@example.org"
HREF = re.compile(r'(?:href|src)="(/organise/[^"?#]*)')
PDF = pdf_of_one_page()
GENERAL = (
    "/organise/",
    "/organise/?q=Netz",
    "/organise/?q=nothing-like-this",
    "/organise/account",
    "/organise/organisers",
    "/organise/organisation",
    "/organise/people",
    "/organise/people?q=nobody",
    "/organise/people/new",
    "/organise/topics",
    "/organise/topics/new",
    "/organise/letters",
    "/organise/events/new",
    "/organise/patterns",
)
OF_A_MEETING = (
    "",
    "history",
    "settings",
    "agenda",
    "agenda/items/new",
    "agenda/rooms/new",
    "speakers",
    "speakers/slides/new",
    "slides",
    "form",
    "places",
    "invitations",
    "codes",
    "fees",
    "payments",
    "calendars",
    "attendees",
    "attendees?state=waiting",
    "attendees?q=nobody",
    "letters",
    "letters?state=failed",
    "documents",
    "documents/site-plan",
    "recap",
    "recap/photos/new",
    "call-off",
)


def picture() -> bytes:
    octets = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(octets, "JPEG")
    return octets.getvalue()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The folder of a site with such a meeting, made once: each test gets a copy of it."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    store = fresh_store(folder)
    event = furnished(World(store, Identity(b"a key only tests use", "example.org"), NOW))
    store.checkpoint()
    store.close()
    return folder, event


@pytest.fixture
def full(world, kept):
    folder, event = kept
    world.store.close()
    shutil.copytree(folder, world.store.folder, dirs_exist_ok=True)
    return event


def furnished(world):
    """A meeting with something in every place."""
    event = world.event(capacity=1)
    world.programme(event)
    world.register(event, "Ayşe Yılmaz", access_needs="Rampe", diet="vegan", sensitive_text="Ja")
    world.register(event, "Jürgen von der Lippe")
    person = world.person("Zoë <b>Fett</b>", organisation=Text(de="Haus & Hof", en="House & Yard"))
    speakers.save_person(world.store, person, photo=picture(), actor=BY, now=world.now)
    item = next(i for i in agenda_store.draft(world.store, event.id) if i.people)
    speakers.add_material(
        world.store,
        event.id,
        file=io.BytesIO(PDF),
        size=len(PDF),
        filename="Vortrag.pdf",
        title=Text(de="Folien", en="Slides"),
        item_id=item.id,
        release=Release.AFTER_ITEM,
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    archive.save_recap(
        world.store,
        event.id,
        title=Text(de="Rückblick", en="Recap"),
        lead=Text(de="Es war gut.", en=""),
        body=Text(de="**Viel** Text", en=""),
        quotes=[Quote(Text(de="Ein Satz.", en=""), person.name, person.function, person.slug)],
        publish=True,
        actor=BY,
        now=world.now,
    )
    archive.add_photo(
        world.store,
        event.id,
        picture(),
        caption=Text(de="Auf der Bühne", en=""),
        alt=Text(de="Zwei Menschen", en=""),
        people=["Zoë"],
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    return event


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", GENERAL)
def test_a_page_opens(client, world, full, path, language):
    world.login(client)
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text


@pytest.mark.parametrize("path", OF_A_MEETING)
def test_a_page_of_a_meeting_opens(client, world, full, path):
    world.login(client)
    for language in ("de", "en"):
        answer = client.get(
            f"/organise/events/{full.slug}/{path}", headers={"Accept-Language": language}
        )
        assert answer.status_code == 200


@pytest.mark.parametrize("path", OF_A_MEETING)
def test_a_page_of_an_empty_draft_opens(client, world, path):
    world.login(client)
    event = world.event(announced=False, opens_at=None, capacity=None)
    assert client.get(f"/organise/events/{event.slug}/{path}").status_code == 200


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("", "Overview"),
        ("agenda/items/new", "Programme"),
        ("recap/photos/new", "Recap"),
        ("codes", "Invitations"),
        ("history", ""),
    ],
)
def test_the_menu_shows_the_room_a_page_belongs_to(client, world, path, entry):
    world.login(client)
    base = f"/organise/events/{world.event().slug}/"
    page = client.get(base + path, headers={"Accept-Language": "en"}).text
    menu = page.partition('class="event-nav"')[2].partition("</nav>")[0]
    for group, label in enumerate(("Meeting", "Content", "Guests", "Post"), 1):
        assert f'id="event-nav-{group}">{label}<' in menu
        assert f'aria-labelledby="event-nav-{group}"' in menu
    assert re.findall(r'aria-current="page">([^<]+)<', menu) == ([entry] if entry else [])


def test_the_first_page_teaches(client, world):
    world.login(client)
    page = client.get("/organise/", headers={"Accept-Language": "en"}).text
    assert "No meetings yet" in page
    assert "/organise/events/new" in page


def test_everything_inside_a_full_meeting_opens(client, world, full):
    """Items, rooms, people, letters, slides, photos and the questions before they go."""
    world.login(client)
    base = f"/organise/events/{full.slug}"
    seen, todo = set(), [base + "/", base + "/agenda", base + "/speakers", base + "/attendees"]
    todo += [base + "/letters", base + "/recap", "/organise/people", "/organise/topics"]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            found = HREF.findall(answer.text)
            todo += [f for f in found if f not in seen and not f.endswith((".pdf", ".xlsx"))]
    assert len(seen) > 40
