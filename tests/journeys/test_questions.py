"""A meeting's own questions over HTTP: asked, refused with what was typed, corrected."""

import csv
import io
import re

import pytest
from PIL import Image

from eventkit.actions import forms, places, questions
from eventkit.model.question import Condition, Kind, Option, Question
from eventkit.model.text import Text
from tests.world import BY

EN = {"Accept-Language": "en"}
REGISTER = "/events/treffen/register"
OPTIONS = (Option("red", Text("Rot", "Red")), Option("blue", Text("Blau", "Blue")))


@pytest.fixture
def event(world):
    return world.event(slug="treffen")


@pytest.fixture
def ask(world, event):
    def add(key, kind=Kind.SHORT, **fields):
        values = {"purpose": Text("Darum.", "Because."), "options": OPTIONS} | fields
        label = Text(f"Frage {key}", f"Question {key}")
        wanted = Question(0, 0, key, kind, label, **values)
        return forms.save(world.store, event.id, wanted, actor=BY, now=world.now)

    return add


@pytest.fixture
def send(client):
    """Send a form: `send(url, q_color="red")`; files are (stream, name)."""

    def post(url, **fields):
        fields = {"csrf_token": client.token(url)} | fields
        return client.post(url, data=fields, headers=EN, content_type="multipart/form-data")

    return post


@pytest.fixture
def register(send):
    def post(**fields):
        person = {"name": "Ada", "email": "ada@example.com", "consent_privacy": "y"}
        return send(REGISTER, **(person | fields))

    return post


@pytest.fixture
def my(world, event):
    """The guest's own address: `my(email)`."""

    def address(**fields):
        return f"/my/{world.register(event, 'Ada', 'ada@example.com', **fields).token}"

    return address


def picture(name="pass.png"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return io.BytesIO(out.getvalue()), name


def given(world, event):
    return questions.of(world.store, world.registrations(event)[-1].id)


def test_every_question_says_what_it_is_for_and_when_the_answer_goes(client, ask):
    """R50"""
    for kind in Kind:
        ask(kind.value, kind)
    ask("care", sensitive=True, delete_after_days=3)
    page = client.get(REGISTER, headers=EN).text
    for kind in set(Kind) - {Kind.COMPANION}:
        assert f"Question {kind.value}" in page
    assert page.count("Because. Deleted on 18 February 2027.") == len(Kind) - 1
    assert "Because. Deleted on 23 November 2026." in page
    assert page.count("By answering this question you expressly agree") == 1
    assert 'enctype="multipart/form-data"' in page


def test_answers_of_all_kinds_come_with_the_registration(world, event, ask, register):
    for kind in Kind:
        ask(kind.value, kind)
    answer = register(
        q_short="kurz",
        q_long="eine\nzwei",
        q_choice="red",
        q_several=["blue", "red"],
        q_number="1,5",
        q_date="20.11.2026",
        q_yes_no="yes",
        q_file=picture(),
        **{"q_address-street": "Weg 1", "q_address-town": "Unna"},
    )
    assert answer.status_code == 303, answer.text
    values = given(world, event)
    assert values.pop("file").filename == "pass.jpg"
    assert {key: questions.rules.as_typed(value) for key, value in values.items()} == {
        "short": ("kurz",),
        "long": ("eine\nzwei",),
        "choice": ("red",),
        "several": ("red", "blue"),
        "number": ("1.5",),
        "date": ("2026-11-20",),
        "yes_no": ("yes",),
        "address": ("Weg 1", "", "Unna", ""),
    }


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        (Kind.SHORT, ["", ""], "Please fill this in."),
        (Kind.SHORT, ["x" * 301], "This is too long."),
        (Kind.SHORT, ["one", "two"], "There are two answers here."),
        (Kind.CHOICE, ["green"], "Please choose one of the answers offered."),
        (Kind.NUMBER, ["<script>alert(1)</script>"], "Please enter a number, such as 2 or 1.5."),
        (Kind.NUMBER, ["11"], "Please enter a number from 1 to 10."),
        (Kind.DATE, ["29.2.2026"], "Please enter a day"),
        (Kind.FILE, [], "Please fill this in."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    world, event, ask, register, kind, typed, said
):
    bounds = {"lowest": 1, "highest": 10} if kind is Kind.NUMBER else {}
    ask("it", kind, required=True, **bounds)
    ask("note")
    answer = register(q_it=typed, q_note="O’Neill & <b>")
    assert answer.status_code == 422
    page = answer.text
    assert re.search(rf'<a href="#q_it">Question it</a>: {re.escape(said)}', page)
    assert re.search(rf'id="q_it-error">.*{re.escape(said)}', page)
    assert 'value="O’Neill &amp; &lt;b&gt;"' in page
    assert 'value="ada@example.com"' in page
    assert world.registrations(event) == []


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(ask, register):
    ask("proof", Kind.FILE)
    ask("it", required=True)
    answer = register(q_proof=picture())
    assert answer.status_code == 422
    assert "Please choose the file again" in answer.text
    lying = register(q_proof=(io.BytesIO(b"MZ program"), "photo.jpg"), q_it="x")
    assert lying.status_code == 422
    assert "This kind of file is not taken." in lying.text


def test_a_condition_stands_in_words_and_the_server_decides(client, world, event, ask, register):
    ask("care", Kind.YES_NO)
    ask("ages", required=True, shown_if=Condition("care", ("yes",)))
    page = client.get(REGISTER, headers=EN).text
    assert "Only if you answered “Yes” to “Question care”." in page
    assert 'data-shown-if="q_care" data-shown-values="yes"' in page
    german = client.get(f"{REGISTER}?lang=de").text
    assert "Nur wenn Sie bei »Frage care« »Ja« geantwortet haben." in german
    assert register(q_care="yes").status_code == 422
    assert register(q_care="no", q_ages="4").status_code == 303
    assert given(world, event) == {"care": False}


def test_an_old_form_is_answered_sensibly(client, world, event, ask, register):
    """A question was taken out and a required one came since the page was opened."""
    ask("gone")
    client.get(REGISTER)
    forms.take_out(world.store, event.id, "gone", actor=BY, now=world.now)
    ask("new", required=True)
    answer = register(q_gone="x", q_hack="'; DROP TABLE answers; --", organisation="VfN")
    assert answer.status_code == 422
    assert '<a href="#q_new">' in answer.text
    assert 'value="VfN"' in answer.text
    assert register(q_gone="x", q_new="y").status_code == 303
    assert given(world, event) == {"new": "y"}


def test_what_is_switched_off_is_neither_asked_nor_kept(client, world, event, register):
    """R50"""
    forms.switch(world.store, event.id, access=False, diet=False, actor=BY, now=world.now)
    page = client.get(REGISTER).text
    assert 'name="diet"' not in page
    assert 'name="access_needs"' not in page
    assert register(diet="vegan").status_code == 303
    assert world.registrations(event)[0].diet == ""


def test_who_comes_along_is_asked_once_and_takes_a_place(client, world, event, ask, register):
    ask("who", Kind.COMPANION)
    limits = {"per_organisation": None, "offer_hours": 0, "companions": 2}
    who = {"actor": BY, "now": world.now, "identity": world.identity}
    places.set_limits(world.store, event.id, **limits, **who)
    page = client.get(REGISTER, headers=EN).text
    assert page.count('name="q_who"') == 2
    assert "companions-0" not in page
    assert register(q_who=["Grace Hopper", ""]).status_code == 303
    assert world.registrations(event)[0].companions == ("Grace Hopper",)


def test_a_guest_changes_answers_until_registration_closes(client, world, event, ask, my, send):
    """R55"""
    ask("color", Kind.CHOICE)
    ask("proof", Kind.FILE)
    mine = my(answers={"color": ["red"]})
    assert "Red" in client.get(f"{mine}/", headers=EN).text
    changed = send(f"{mine}/answers", q_color="blue", q_proof=picture())
    assert (changed.status_code, changed.location) == (303, f"{mine}/#answers")
    answers = client.get(f"{mine}/data.json", headers=EN).json["answers"]
    assert [(each["key"], each["answer"]) for each in answers] == [
        ("color", "Blue"),
        ("proof", "pass.jpg"),
    ]
    handed = client.get(f"{mine}/answers/proof")
    assert handed.mimetype == "image/jpeg"
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert handed.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{mine}/answers/color").status_code == 404
    assert send(f"{mine}/answers", q_color="purple").status_code == 422
    token = client.token(f"{mine}/answers")
    world.pass_time(days=81)
    late = client.post(f"{mine}/answers", data={"csrf_token": token, "q_color": "red"}, headers=EN)
    assert late.status_code == 409
    assert "office@example.org" in late.text
    assert given(world, event)["color"] == "blue"


def test_a_question_that_came_later_is_asked_on_the_own_page(client, ask, my):
    mine = my()
    ask("color", Kind.CHOICE, required=True)
    page = client.get(f"{mine}/", headers=EN).text
    assert "One more thing: something is not answered yet." in page


def test_nobody_else_gets_a_file(client, world, ask, my, send):
    """R10"""
    ask("proof", Kind.FILE)
    mine = my()
    send(f"{mine}/answers", q_proof=picture())
    other = world.event()
    world.login(client)
    found = world.registrations(world.again(other))
    assert found == []
    base = f"/organise/events/{other.slug}/attendees/1/answers"
    assert client.get(f"{base}/proof").status_code == 404
    assert client.get(base).status_code == 404
    assert client.get("/organise/events/treffen/attendees/1/answers/proof").status_code == 200


def rows(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_lists_hold_the_answers_and_sensitive_ones_a_list_of_their_own(client, world, event, ask):
    """R50, R22"""
    ask("color", Kind.CHOICE)
    ask("note")
    ask("care", sensitive=True)
    typed = {"color": ["red"], "note": ["=SUM(A1)"], "care": ["Rollstuhl"]}
    agreed = {"answers_text": "Ja", "sensitive_text": "Ja"}
    world.register(event, "Ada", "ada@example.com", answers=typed, diet="vegan", **agreed)
    world.register(event, "Bo", "bo@example.com", answers={"color": ["blue"]})
    world.login(client)
    base = "/organise/events/treffen"
    head, ada, _bo = rows(client.get(f"{base}/attendees.csv", headers=EN))
    assert head[-2:] == ["Question color", "Question note"]
    assert ada[-2:] == ["Red", "'=SUM(A1)"]
    assert "vegan" not in ada
    assert "Rollstuhl" not in ada
    chosen = rows(client.get(f"{base}/attendees.csv?answer=color%3Dblue", headers=EN))
    assert [row[0] for row in chosen[1:]] == ["Bo"]
    needs = rows(client.get(f"{base}/needs.csv", headers=EN))
    assert needs == [
        ["Name", "Organisation", "Access needs", "Diet", "Question care"],
        ["Ada", "", "", "vegan", "Rollstuhl"],
    ]
    page = client.get(f"{base}/attendees?answer=color%3Dred", headers=EN).text
    assert "Ada" in page
    assert "bo@example.com" not in page
    assert ">Bo<" not in page
    assert "attendees.csv?answer=color%3Dred" in page


def test_answers_are_counted(client, world, event, ask):
    ask("color", Kind.CHOICE)
    ask("care", Kind.YES_NO)
    ask("kids", Kind.NUMBER)
    for color, care, kids in (("red", "yes", "2"), ("red", "no", "1,5"), ("blue", "", "")):
        typed = {"color": [color], "care": [care], "kids": [kids]}
        world.register(event, answers=typed)
    world.login(client)
    page = client.get("/organise/events/treffen/answers-summary", headers=EN).text
    found = re.findall(
        r'data-label="Answer">(?:<a[^>]*>)?([^<]*)|data-label="How many"[^>]*>(\d+)', page
    )
    assert " ".join(one or other for one, other in found) == "Red 2 Blue 1 Yes 1 No 1"
    assert "together: 3.5" in page
    assert "2 of 3 answered" in page
    waiting = client.get("/organise/events/treffen/answers-summary?who=waiting", headers=EN).text
    assert "0 of 0 answered" in waiting
    for answer, names in (("care=yes", 1), ("color=red", 2), ("kids=2", 3), ("x", 3)):
        url = f"/organise/events/treffen/attendees.csv?answer={answer.replace('=', '%3D')}"
        assert len(rows(client.get(url, headers=EN))) - 1 == names


def test_an_organiser_corrects_answers(client, world, event, ask, send):
    ask("color", Kind.CHOICE, required=True)
    world.register(event, "Ada", "ada@example.com", answers={"color": ["red"]})
    world.login(client)
    url = f"/organise/events/treffen/attendees/{world.registrations(event)[0].id}"
    assert send(f"{url}/answers", q_color="green").status_code == 422
    assert send(f"{url}/answers", q_color="blue").status_code == 303
    page = client.get(url, headers=EN).text
    assert "Blue" in page
    assert "Answers were changed" in page
