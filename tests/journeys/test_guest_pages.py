"""A guest's own pages over HTTP: ticket, workshops, companions, consents, the list, own data."""

import csv
import io
import re

import pytest
from pypdf import PdfReader

from eventkit.actions import forms, places
from eventkit.documents.letters import write
from eventkit.links import Links
from eventkit.model.letter import LetterKind
from eventkit.model.registration import State
from eventkit.store import registrations
from tests.actions.test_tickets import attend
from tests.world import BY

HOSTILE = "<script>alert(1)</script>' OR 1=1 --"


@pytest.fixture
def guest(world):
    """A meeting with everything switched on, and somebody with a place and a workshop."""
    event = world.event()
    world.programme(event, capacity=1)
    forms.ask_consents(world.store, event.id, photo=True, attendees=True, actor=BY, now=world.now)
    places.set_limits(
        world.store, event.id, per_organisation=None, offer_hours=0, companions=2,
        actor=BY, now=world.now, identity=world.identity,
    )  # fmt: skip
    outcome = world.register(
        event, "Łukasz O’Neill", "lukasz@example.com", organisation="Verein Ö",
        sessions=(world.workshops(event)[0],),
    )  # fmt: skip
    return world.again(event), f"/my/{outcome.token}/"


def post(client, page, path, **fields):
    csrf = client.token(page + path)
    return client.post(page + path, data={"csrf_token": csrf} | fields)


def words(pdf):
    return re.sub(r"\s+", " ", PdfReader(io.BytesIO(pdf)).pages[0].extract_text())


def test_the_ticket_on_screen_and_on_paper(client, guest):
    """R34: kept by nobody on the way, and without a word about the person in its code."""
    _event, page = guest
    shown = client.get(f"{page}ticket?lang=de")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert shown.headers["X-Keep-Until"] == "2026-11-20T15:00:00Z"
    code = re.search(r"figures\">([A-Z2-7 ]{32})<", shown.text)[1]
    for said in ("Łukasz O’Neill", "Workshop Matching", "Haus der Begegnung", "Ihr Ticket"):
        assert said in shown.text, said
    paper = client.get(f"{page}ticket.pdf?lang=de")
    assert (paper.mimetype, paper.headers["Cache-Control"]) == (
        "application/pdf",
        "private, no-store",
    )
    printed = words(paper.data)
    for said in ("Łukasz O’Neill", "Verein Ö", code[:14], "Workshop Matching", "Fünf Minuten"):
        assert said in printed, said
    worker = client.get(f"{page}sw.js")
    assert (worker.mimetype, worker.headers["Service-Worker-Allowed"]) == ("text/javascript", page)


def test_without_a_place_there_is_no_ticket(client, world):
    event = world.event(capacity=0)
    page = f"/my/{world.register(event).token}/"
    for path in ("ticket", "ticket.pdf", "sw.js", "certificate.pdf"):
        assert client.get(page + path).status_code == 404, path
    assert "ticket" not in client.get(page).text


def test_workshops_are_changed_until_they_begin(client, world, guest):
    event, page = guest
    one, two = world.workshops(event)
    world.register(event, "Bo", sessions=(two,))
    lost = post(client, page, "workshops", sessions=str(two))
    assert lost.status_code == 422
    assert "anyway" in lost.text
    assert f'value="{two}"' in lost.text
    saved = post(client, page, "workshops", sessions=str(two), second=str(one))
    assert (saved.status_code, saved.location) == (303, f"{page}#workshops")
    shown = client.get(f"{page}?lang=en").text
    assert "second wish" in shown
    assert "place 1 in the queue" in shown
    assert post(client, page, "workshops", sessions=HOSTILE).status_code == 422
    world.now = event.starts_at.replace(hour=11)
    assert "There is no workshop to choose now." in client.get(f"{page}workshops?lang=en").text


def test_companions_within_the_number_and_the_places(client, world, guest):
    event, page = guest
    many = {f"companions-{n}": f"Gast {n}" for n in range(5)}
    assert post(client, page, "companions", **many).status_code == 422
    wrong = post(client, page, "companions", **{"companions-0": "see https://example.org"})
    assert wrong.status_code == 422
    assert "see https://example.org" in wrong.text
    named = {"companions-0": "Ada <b>Lovelace</b>", "companions-1": ""}
    assert post(client, page, "companions", **named).status_code == 303
    assert world.registrations(event)[0].places == 2
    shown = client.get(f"{page}ticket?lang=en").text
    assert "Lets in 2 people" in shown
    assert "Ada &lt;b&gt;Lovelace" in shown


def test_r64_words_agreed_to_in_another_language_say_so(client, world):
    told = world.register(world.event(), "Anna", diet="vegan", sensitive_text="Ich willige ein.")
    page = f"/my/{told.token}/"
    assert '<p lang="de">Ich willige ein.</p>' in client.get(f"{page}?lang=en").text
    client.post(f"{page}consents/sensitive", data={"csrf_token": client.token(page)})
    assert '<p lang="de">Ich willige ein.</p>' in client.get(f"{page}?lang=en").text


def test_consents_are_given_and_withdrawn_and_open_the_list(client, world, guest):
    """R53, R54"""
    event, page = guest
    world.register(event, "Bo Rahn", organisation="Hof", list_text="Ja")
    world.register(event, "Cem Still")
    assert "Bo Rahn" not in client.get(f"{page}people").text
    for purpose, path in (("attendee_list", "people"), ("photo", "")):
        csrf = client.token(page + path)
        agree = {"csrf_token": csrf, "agree": "y"}
        assert client.post(f"{page}consents/{purpose}", data=agree).status_code == 303
    seen = client.get(f"{page}people").text
    assert "Bo Rahn" in seen
    assert "Łukasz" in seen
    assert "Cem Still" not in seen
    assert "@" not in re.sub(r"<[^>]*>", "", seen)
    csrf = client.token(f"{page}people")
    client.post(f"{page}consents/attendee_list", data={"csrf_token": csrf})
    assert "Bo Rahn" not in client.get(f"{page}people").text
    own = client.get(f"{page}?lang=en").text
    assert "You withdrew this on" in own
    assert "You agreed on" in own
    for purpose in ("privacy", "x"):
        assert client.post(
            f"{page}consents/{purpose}", data={"csrf_token": csrf, "agree": "y"}
        ).status_code == 404  # fmt: skip


def test_the_form_asks_apart_and_ticks_nothing(client, world, guest):
    """R51, R54"""
    event, _page = guest
    path = f"/events/{event.slug}/register"
    form = client.get(f"{path}?lang=de").text
    for name in ("consent_photo", "consent_list"):
        box = re.search(rf'<input[^>]*name="{name}"[^>]*>', form)[0]
        assert "checked" not in box
        assert "required" not in box
    csrf = client.token(path)
    sent = {"csrf_token": csrf, "name": "Dora", "email": "dora@example.com", "consent_privacy": "y"}
    client.post(path, data=sent | {"consent_photo": "y"})
    dora = next(r for r in world.registrations(event) if r.name == "Dora")
    found = client.get(f"/my/{world.identity.token('registration', dora.nonce)}/data.json").json
    assert [c["purpose"] for c in found["consents"]] == ["privacy", "photo"]
    assert "Bilder" in found["consents"][1]["text"]
    bare = world.event()
    csrf = client.token(f"/events/{bare.slug}/register")
    client.post(
        f"/events/{bare.slug}/register", data=sent | {"csrf_token": csrf, "consent_photo": "y"}
    )
    unasked = registrations.by_id(world.store, world.registrations(bare)[0].id)
    assert [consent.purpose for consent in unasked.consents] == ["privacy"]


def test_all_that_is_known_as_a_table(client, guest):
    """R55, R22"""
    _event, page = guest
    rows = list(
        csv.reader(io.StringIO(client.get(f"{page}data.csv?lang=en").text.lstrip("\ufeff")))
    )
    assert rows[0] == ["What", "Which", "Value"]
    told = {(what, which): value for what, which, value in rows[1:]}
    assert told["registration", "name"] == "Łukasz O’Neill"
    assert told["workshops", "1 title"].startswith("Workshop Matching")
    assert told["letters", "1 kind"] == "confirmed"


def test_the_certificate_proves_itself_without_a_name(client, world, guest):
    event, page = guest
    found = world.registrations(event)[0]
    attend(world, found)
    assert client.get(f"{page}certificate.pdf").status_code == 404
    here = client.get(f"{page}?lang=en").text
    assert "You are here. Welcome" in here
    assert "/cancel" not in here
    world.now = event.ends_at
    assert "certificate.pdf" in client.get(page).text
    printed = words(client.get(f"{page}certificate.pdf?lang=en").data)
    assert "Łukasz O’Neill" in printed
    assert "(6 hours)" in printed
    code = "".join(re.search(r"/verify/ ?([A-Z2-7 ]+)", printed)[1].split())[:32]
    checked = client.get(f"/verify/{code}?lang=en")
    assert "This certificate is genuine." in checked.text
    assert "Łukasz" not in checked.text
    assert client.get("/verify/?code=" + code.lower()).location == f"/verify/{code}"
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert client.get(f"/verify/{other}").status_code == 404
    assert client.get("/verify/" + "%3Cscript%3E").status_code == 404


def test_own_plan_holds_workshops_and_marks_in_time_order(client, world, guest):
    _event, page = guest
    csrf = client.token(f"{page}programme")
    name = re.search(r'name="mark" value="([a-z2-7]+)"', client.get(f"{page}programme").text)[1]
    client.post(f"{page}marks", data={"csrf_token": csrf, "mark": name})
    plan = client.get(f"{page}plan?lang=de").text
    assert plan.index("Begrüßung") < plan.index("Workshop Matching")
    assert "Ihr Platz ist sicher" in plan
    assert client.get(f"{page}data.json").json["marked"]


def test_old_and_wrong_links_open_nothing(client, world, guest):
    """R12, R15"""
    event, page = guest
    paths = (
        "ticket", "ticket.pdf", "certificate.pdf", "sw.js", "workshops", "companions", "people",
        "plan", "data.csv",
    )  # fmt: skip
    for path in paths:
        assert client.get(f"/my/{'x' * 43}/{path}").status_code == 404, path
    world.now = event.ends_at
    world.pass_time(days=31)
    for path in paths:
        assert client.get(page + path).status_code == 404, path


def test_whoever_left_is_told_so(client, world, guest):
    event, page = guest
    csrf = client.token(f"{page}cancel")
    tokens = {path: client.token(page + path) for path in ("workshops", "companions")}
    client.post(f"{page}cancel", data={"csrf_token": csrf})
    for path, token in tokens.items():
        assert "nothing can be changed" in client.get(f"{page}{path}?lang=en").text
        assert client.post(page + path, data={"csrf_token": token}).status_code == 409
    assert world.registrations(event)[0].state is State.CANCELLED
    for path in ("ticket", "people"):
        assert client.get(page + path).status_code == 404


def test_a_guest_writes_to_the_organisers(client, world, guest):
    """R24, R41: plain text, to the organisers' own address, answered to the guest."""
    event, page = guest
    assert post(client, page, "ask", words=" ").status_code == 422
    long = post(client, page, "ask", words="x" * 2001)
    assert long.status_code == 422
    assert "x" * 2001 in long.text
    assert post(client, page, "ask", words=HOSTILE).status_code == 303
    letter = next(each for each in world.letters(event) if each.kind is LetterKind.QUESTION)
    assert (letter.email, letter.nonce) == ("office@example.org", b"")
    mail = write(letter, sender="events@example.org", links=Links("https://example.org"))
    assert mail["Reply-To"].addresses[0].addr_spec == "lukasz@example.com"
    assert "<script>" not in mail.get_body(("html",)).get_content()
    for _ in range(4):
        post(client, page, "ask", words="Und noch etwas.")
    assert post(client, page, "ask", words="Zu viel.").status_code == 429


def test_forgetting_reaches_what_a_guest_asked(client, world, guest):
    """R55"""
    _event, page = guest
    post(client, page, "ask", words="Darf Bello mit?")
    with world.store.changing():
        world.store.run("UPDATE letters SET state = 'sent', sent_at = created_at")
    csrf = client.token(f"{page}delete")
    client.post(f"{page}delete", data={"csrf_token": csrf})
    world.store.checkpoint()
    assert b"Darf Bello mit?" not in world.store.path.read_bytes()
