"""The organisers' papers, and the plan of the house."""

import io

import pypdfium2
import pytest
from PIL import Image

from eventkit.actions import transfer
from eventkit.model.account import Access
from eventkit.store import events as event_store
from eventkit.store import files, shelf

DE = {"Accept-Language": "de"}
HERE = "/organise/events/treffen/documents"


@pytest.fixture
def event(client, world):
    """A meeting with a published programme; an organiser is logged in."""
    world.login(client)
    made = world.event(slug="treffen")
    world.programme(made)
    return made


def plan(kind="PNG", size=(900, 500)):
    octets = io.BytesIO()
    Image.new("RGB", size, "teal").save(octets, kind)
    return octets.getvalue()


def give(client, octets=b"", **fields):
    """Send the form of the plan."""
    values = {"alt_de": "Zwei Flure", "alt_en": "Two corridors"} | fields
    values["csrf_token"] = client.token(f"{HERE}/site-plan")
    if octets:
        values["photo"] = (io.BytesIO(octets), "plan.png")
    return client.post(
        f"{HERE}/site-plan", data=values, content_type="multipart/form-data", headers=DE
    )


def text(answer):
    """The words of a PDF's first page."""
    return pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_range()


def test_the_documents_say_which_state_they_show(client, event, world):
    page = client.get(HERE, headers=DE).text
    assert "Die Drucksachen zeigen Fassung 1" in page
    assert "Entwurf</a>" not in page.replace('<span class="visually-hidden">', "</a>")
    assert "format=booklet" in page
    world.item(event, "Noch ein Vortrag")
    page = client.get(HERE, headers=DE).text
    assert "draft-de.pdf?format=sheet" in page
    assert "door-signs-de.pdf?of=draft" in page


def test_a_draft_alone_is_printed_as_a_draft(client, world):
    world.login(client)
    made = world.event(slug="treffen")
    world.item(made, "Vortrag", people=())
    assert "Noch ist nichts veröffentlicht" in client.get(HERE, headers=DE).text
    answer = client.get(f"{HERE}/draft-de.pdf?format=sheet")
    assert "Entwurf" in text(answer)
    assert "treffen-draft-sheet-de.pdf" in answer.headers["Content-Disposition"]
    empty = world.event(slug="leer")
    for name in ("door-signs", "rooms", "name-signs"):
        address = f"/organise/events/{empty.slug}/documents/{name}-de.pdf"
        assert client.get(address).status_code == 404


def test_signs_of_some_people(client, event, world):
    everybody = client.get(f"{HERE}/name-signs-de.pdf")
    pages = len(pypdfium2.PdfDocument(everybody.data))
    assert pages > 1
    (one,) = [p for p in range(1, 50) if f'value="{p}"' in client.get(HERE).text][:1]
    chosen = client.get(f"{HERE}/name-signs-de.pdf?person={one}&person=nobody")
    assert len(pypdfium2.PdfDocument(chosen.data)) == 1
    assert client.get(f"{HERE}/name-signs-de.pdf?person=987654").status_code == 404
    assert client.get(f"{HERE}/name-signs-fr.pdf").status_code == 404


def test_door_signs_and_poster_are_papers(client, event):
    for name in ("door-signs", "rooms"):
        answer = client.get(f"{HERE}/{name}-en.pdf")
        assert answer.mimetype == "application/pdf"
        assert "Draft" not in text(answer)


def test_every_form_of_the_programme_is_kept_for_itself(client, event):
    tags = set()
    for form in ("a4", "sheet", "booklet", "nonsense"):
        answer = client.get(f"/events/treffen/programme.pdf?format={form}&lang=de")
        assert answer.status_code == 200
        tags.add(answer.headers["ETag"])
    assert len(tags) == 3


def test_the_plan_is_shown_with_its_words(client, event, world):
    answer = give(client, plan())
    assert (answer.status_code, answer.location) == (303, f"{HERE}#site-plan")
    kept = world.again(event)
    page = client.get("/events/treffen/", headers={"Accept-Language": "en"}).text
    assert f"/events/treffen/site-plan.jpg?v={kept.site_plan[:10]}" in page
    assert 'alt="Two corridors"' in page
    picture = client.get("/events/treffen/site-plan.jpg")
    assert picture.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(picture.data)).size == (900, 500)
    printed = client.get("/events/treffen/programme.pdf?lang=en")
    assert "Site plan" in "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(printed.data)
    )


def test_words_alone_can_be_changed_and_the_plan_taken_away(client, event, world):
    give(client, plan())
    before = world.again(event).site_plan
    assert give(client, alt_de="Ein Flur").status_code == 303
    assert world.again(event).site_plan == before
    assert world.again(event).site_plan_alt.de == "Ein Flur"
    address = f"{HERE}/site-plan/remove"
    assert "wegnehmen?" in client.get(address, headers=DE).text
    client.post(address, data={"csrf_token": client.token(address)})
    assert world.again(event).site_plan == ""
    assert client.get("/events/treffen/site-plan.jpg").status_code == 404
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("octets", "fields", "said"),
    [
        (b"", {}, "Bitte"),
        (plan(), {"alt_de": "", "alt_en": " "}, "Bitte"),
        (b"%PDF-1.7 not a picture", {}, "photo"),
    ],
)
def test_a_wrong_plan_is_refused_at_its_field(client, event, world, octets, fields, said):
    answer = give(client, octets, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert world.again(event).site_plan == ""


def test_the_plan_of_a_draft_is_nobody_s(client, world):
    world.login(client)
    made = world.event(slug="treffen", announced=False)
    assert give(client, plan()).status_code == 303
    client.get("/organise/logout")
    assert client.application.test_client().get("/events/treffen/site-plan.jpg").status_code == 404
    assert world.again(made).site_plan


def test_the_plan_travels_with_its_meeting(client, event, world, tmp_path):
    give(client, plan("JPEG"))
    target = tmp_path / "treffen.zip"
    transfer.export(world.store, "treffen", target, with_people=False, progress=lambda *_: None)
    made = transfer.rebuild(
        world.store, target, now=world.now, identity=world.identity, progress=lambda *_: None
    )
    again = event_store.by_slug(world.store, made.slug)
    assert again is not None
    assert again.site_plan_alt.en == "Two corridors"
    assert files.known(world.store, again.site_plan)
    assert shelf.path(world.store, again.site_plan).is_file()


def test_the_door_prints_nothing(client, event, world):
    world.login(client, "door@example.org", Access.DOOR)
    for name in ("door-signs-de.pdf", "rooms-de.pdf", "name-signs-de.pdf", "site-plan"):
        assert client.get(f"{HERE}/{name}").status_code == 404
