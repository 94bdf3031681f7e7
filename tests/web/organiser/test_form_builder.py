"""The form an organiser builds: written, taken from the library, moved, tried, taken out."""

import re

import pytest

from eventkit.actions import forms
from eventkit.model.question import Condition, Kind
from eventkit.rules.ready import READY
from eventkit.store import questions as question_store
from tests.world import BY

EN = {"Accept-Language": "en"}
BASE = "/organise/events/treffen/form"
WORDS = {"label_en": "Colour?", "purpose_en": "For the paint."}


@pytest.fixture
def event(client, world):
    world.login(client)
    return world.event(slug="treffen")


@pytest.fixture
def post(client, event):
    """Send a form of the builder: `post("/new", label_en="…")`."""

    def send(path, **fields):
        fields = {"csrf_token": client.token(f"{BASE}/new")} | fields
        return client.post(f"{BASE}{path}", data=fields, headers=EN)

    return send


@pytest.fixture
def asked(world, event):
    """The keys that are asked, in order, or one question by its key."""

    def read(key=""):
        form = question_store.form(world.store, event.id)
        return form.by_key(key) if key else [q.key for q in form.questions if not q.retired_at]

    return read


def test_a_question_is_written_in_both_languages(client, post, asked):
    fields = {
        "kind": "choice",
        "label_de": "Welche Farbe?",
        "label_en": "Which colour?",
        "purpose_de": "Für den Anstrich.",
        "purpose_en": "For the paint.",
        "option_key": ["", "", ""],
        "option_de": ["Rot", "", "Blau"],
        "option_en": ["Red", "", "Blue"],
        "required": "y",
        "delete_after_days": "7",
    }
    assert post("/new", **fields).location == f"{BASE}#q_which_colour"
    question = asked("which_colour")
    assert [option.key for option in question.options] == ["red", "blue"]
    assert (question.required, question.delete_after_days) == (True, 7)
    page = client.get(BASE, headers=EN).text
    assert "Which colour?" in page
    assert "For the paint. Deleted on 27 November 2026." in page
    edit = client.get(f"{BASE}/questions/which_colour", headers=EN).text
    assert 'value="Rot"' in edit


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"purpose_en": ""}, '<a href="#purpose_de">'),
        ({"label_en": "", "label_de": " "}, '<a href="#label_de">'),
        ({"kind": "choice", "option_en": ["Red"], "option_de": [""]}, "offer at least two answers"),
        ({"kind": "choice", "option_en": ["x" * 201, "y"]}, "This is too long."),
        ({"kind": "nonsense"}, '<a href="#kind">'),
        ({"delete_after_days": "soon"}, '<a href="#delete_after_days">'),
        ({"kind": "number", "lowest": "3", "highest": "2"}, '<a href="#highest">'),
        ({"shown_if": "nothing=yes"}, "What it should depend on is not there."),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_what_was_typed(post, asked, fields, said):
    answer = post("/new", **(WORDS | {"kind": "short", "help_en": "Any <b>tone</b>"} | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Any &lt;b&gt;tone&lt;/b&gt;" in answer.text
    assert asked() == []


def test_rows_move_and_grow_before_anything_is_saved(post, asked):
    rows = {"option_key": ["", ""], "option_de": ["", ""], "option_en": ["One", "Two"]}
    page = post("/new", **(WORDS | rows), kind="choice", rows="up:1").text
    assert re.findall(r'name="option_en"[^>]*value="(\w+)"', page) == ["Two", "One"]
    more = post("/new", **(WORDS | rows), kind="choice", rows="more").text
    assert more.count('name="option_en"') == 5
    assert post("/new", **rows, rows="up:٣").status_code == 200
    assert asked() == []


def test_the_library_offers_what_is_not_asked_yet(client, post, asked):
    page = client.get(BASE, headers=EN).text
    assert page.count('name="name"') == len(READY)
    assert post("/add", name="train").location == f"{BASE}#q_train"
    assert post("/add", name="nonsense").status_code == 404
    assert asked() == ["train"]
    assert client.get(BASE, headers=EN).text.count('name="name"') == len(READY) - 1


def test_questions_are_put_in_order_with_buttons_and_by_hand(post, asked):
    for name in ("train", "heard", "note"):
        post("/add", name=name)
    post("/questions/note/move", to="up")
    assert asked() == ["train", "note", "heard"]
    post("/order", order="heard,train,<script>")
    assert asked() == ["heard", "train", "note"]


def test_one_question_depends_on_another(client, post, asked):
    post("/add", name="train")
    page = client.get(f"{BASE}/new", headers=EN).text
    assert "Do you come by train? – Yes" in page
    post("/new", **WORDS, kind="short", shown_if="train=yes")
    assert asked("colour").shown_if == Condition("train", ("yes",))
    assert "Only if you answered “Yes”" in client.get(BASE, headers=EN).text
    refused = post("/questions/train/remove")
    assert asked() == ["train", "colour"], refused.text
    post("/add", name="heard")
    both = post("/new", **WORDS, kind="short", shown_if=["train=yes", "heard=press"])
    assert both.status_code == 422
    assert "answers of one question only" in both.text


def test_answers_survive_what_an_organiser_does(client, world, event, post, asked):
    post("/add", name="heard")
    world.register(event, answers={"heard": ["press"]})
    page = client.get(f"{BASE}/questions/heard", headers=EN).text
    assert "1 person has answered it." in page
    assert '<option value="number">' not in page
    options = asked("heard").options
    fields = {
        "kind": "several",
        "label_en": "Where from?",
        "purpose_en": "To know.",
        "option_key": [option.key for option in options if option.key != "press"],
        "option_de": [option.label.de for option in options if option.key != "press"],
        "option_en": [option.label.en for option in options if option.key != "press"],
    }
    assert post("/questions/heard", **fields).status_code == 303
    question = asked("heard")
    assert (question.kind, question.options[-1].retired) == (Kind.SEVERAL, True)
    person = world.registrations(event)[0]
    seen = client.get(f"/organise/events/treffen/attendees/{person.id}", headers=EN).text
    assert "Press" in seen
    again = post("/questions/heard", **(fields | {"option_again": "press"}))
    assert again.status_code == 303
    assert not any(option.retired for option in asked("heard").options)
    assert (
        "1 person has answered it." in client.get(f"{BASE}/questions/heard/remove", headers=EN).text
    )
    post("/questions/heard/remove")
    assert asked() == []
    seen = client.get(f"/organise/events/treffen/attendees/{person.id}", headers=EN).text
    assert "asked no more" in seen
    post("/questions/heard/back")
    assert asked() == ["heard"]


def test_another_meeting_s_questions_are_copied(client, world, event, post, asked):
    other = world.event(slug="other")
    forms.add_ready(world.store, other.id, "train", actor=BY, now=world.now)
    assert "Copy its questions" in client.get(BASE, headers=EN).text
    post("/copy", **{"from": "other"})
    assert asked() == ["train"]
    assert post("/copy", **{"from": "nowhere"}).status_code == 303


def test_access_and_diet_are_switched(world, event, post):
    post("/switch", asks_diet="y")
    form = question_store.form(world.store, event.id)
    assert (form.asks_access, form.asks_diet) == (False, True)


def test_the_preview_shows_both_languages_and_keeps_nothing(client, world, event, post):
    for name in ("train", "proof", "childcare"):
        post("/add", name=name)
    german = client.get(f"{BASE}/preview?in=de", headers=EN).text
    assert '<html lang="de">' in german
    assert "Kommen Sie mit der Bahn?" in german
    assert "Do you come by train?" in client.get(f"{BASE}/preview?in=en").text
    wrong = post("/preview?in=en", q_childcare="99")
    assert wrong.status_code == 422
    assert "Please enter a number from 0 to 10." in wrong.text
    right = post("/preview?in=en", q_childcare="2")
    assert right.status_code == 200
    assert "These answers would be accepted." in right.text
    assert question_store.answered(world.store, event.id) == {}


def test_a_question_of_another_meeting_is_not_there(client, world, event, post):
    """R10"""
    other = world.event(slug="other")
    forms.add_ready(world.store, other.id, "train", actor=BY, now=world.now)
    for path in ("", "/remove"):
        assert client.get(f"{BASE}/questions/train{path}").status_code == 404
    for path in ("", "/remove", "/back", "/move"):
        assert post(f"/questions/train{path}").status_code == 404
