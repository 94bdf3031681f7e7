"""Answers lie with their registration, survive every change of the form, and go in time."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from eventkit.actions import forms, own_data, places, questions, transfer, upkeep
from eventkit.actions.questions import Given
from eventkit.config import MailSettings
from eventkit.errors import Invalid, NotFound, RegistrationClosed
from eventkit.model.question import Condition, Filed, Kind, Option, Question, Upload
from eventkit.model.registration import Source
from eventkit.model.text import Text
from eventkit.rules import uploads
from eventkit.rules.ready import READY
from eventkit.store import events, registrations, schema, shelf
from eventkit.store import questions as question_store
from eventkit.store.rows import Store
from tests.world import BY

WHY = Text("Darum.", "Because.")
AGREED = "Ich willige ein."


@pytest.fixture
def event(world):
    made = world.event()
    places.set_limits(
        world.store,
        made.id,
        per_organisation=None,
        offer_hours=0,
        companions=2,
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    return world.again(made)


@pytest.fixture
def ask(world, event):
    """Add a question: `ask("color", Kind.CHOICE)`."""

    def add(key, kind=Kind.SHORT, **fields):
        options = (Option("a", Text("A")), Option("b", Text("B")))
        values = {"label": Text(f"Frage {key}"), "purpose": WHY, "options": options} | fields
        wanted = Question(0, 0, key, kind, **values)
        return forms.save(world.store, event.id, wanted, actor=BY, now=world.now)

    return add


@pytest.fixture
def come(world, event):
    """Register somebody with answers; returns the registration."""

    def register(email="ada@example.com", **fields):
        world.register(event, "Ada", email, **fields)
        return world.registrations(event)[-1]

    return register


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def values(world, registration):
    return questions.of(world.store, registration.id)


def test_a_registration_and_its_answers_exist_together_or_not_at_all(world, event, ask, come):
    ask("color", Kind.CHOICE, required=True)
    with pytest.raises(Invalid) as error:
        come(answers={"color": ["purple"]})
    assert (error.value.code, error.value.field) == ("choice", "q_color")
    assert world.registrations(event) == []
    assert values(world, come(answers={"color": ["b"], "who_knows": ["x"]})) == {"color": "b"}


def test_whoever_is_put_down_by_an_organiser_may_answer_later(world, event, ask, come):
    ask("color", Kind.CHOICE, required=True)
    found = come(source=Source.DESK)
    missing = questions.open_for(world.store, event, found.id)
    assert [question.key for question in missing] == ["color"]


def test_a_sensitive_answer_has_a_consent_of_its_own(world, ask, come):
    """R50"""
    ask("care", sensitive=True)
    with pytest.raises(Invalid) as error:
        come(answers={"care": ["Rollstuhl"]})
    assert (error.value.code, error.value.field) == ("consent_sensitive", "q_care")
    found = come(answers={"care": ["Rollstuhl"]}, answers_text=AGREED)
    consents = {c.purpose: c.text for c in registrations.by_id(world.store, found.id).consents}
    assert consents["answer:care"] == AGREED
    questions.correct(world.store, found.id, Given(), now=world.now)
    after = registrations.by_id(world.store, found.id).consents
    assert [c.withdrawn_at for c in after if c.purpose == "answer:care"] == [world.now]


def test_who_comes_along_takes_places(world, event, ask, come):
    ask("who", Kind.COMPANION)
    found = come(answers={"who": ["Grace Hopper", " "]})
    assert (found.companions, found.places) == (("Grace Hopper",), 2)
    assert values(world, found) == {}


def test_changing_a_question_loses_no_answer(world, event, ask, come):
    question = ask("color", Kind.CHOICE)
    found = come(answers={"color": ["a"]})
    retired, new = Option("a", Text("A"), retired=True), Option("c", Text("C"))
    options = (question.options[1], retired, new)
    wider = replace(question, kind=Kind.SEVERAL, options=options)
    forms.save(world.store, event.id, wider, actor=BY, now=world.now)
    (answer,) = question_store.of_registration(world.store, found.id)
    assert answer.value == ("a",)
    assert answer.question.options[1].label.de == "A"
    number = replace(wider, kind=Kind.NUMBER)
    with pytest.raises(Invalid, match="kind_answered"):
        forms.save(world.store, event.id, number, actor=BY, now=world.now)
    forms.take_out(world.store, event.id, "color", actor=BY, now=world.now)
    (answer,) = question_store.of_registration(world.store, found.id)
    assert answer.question.retired_at == world.now
    questions.correct(world.store, found.id, Given({"color": ["c"]}), now=world.now)
    assert values(world, found) == {"color": ("a",)}, "nobody is asked it any more"
    forms.bring_back(world.store, event.id, "color", actor=BY, now=world.now)
    questions.correct(world.store, found.id, Given({"color": ["c", "a"]}), now=world.now)
    assert values(world, found) == {"color": ("a", "c")}


def test_a_question_nobody_answered_goes_without_a_trace(world, event, ask):
    ask("color")
    assert not forms.take_out(world.store, event.id, "color", actor=BY, now=world.now)
    assert question_store.form(world.store, event.id).questions == ()


def test_what_another_question_depends_on_stays(world, event, ask):
    ask("care", Kind.YES_NO)
    ask("ages", shown_if=Condition("care", ("yes",)))
    with pytest.raises(Invalid, match="condition_needed"):
        forms.take_out(world.store, event.id, "care", actor=BY, now=world.now)


def test_questions_are_put_in_order(world, event, ask):
    for key in ("a", "b", "c"):
        ask(key)
    forms.move(world.store, event.id, "c", steps=-1, actor=BY, now=world.now)
    forms.arrange(world.store, event.id, ["b", "x"], actor=BY, now=world.now)
    keys = [question.key for question in question_store.form(world.store, event.id).questions]
    assert keys == ["b", "a", "c"]
    with pytest.raises(NotFound):
        forms.move(world.store, event.id, "x", steps=1, actor=BY, now=world.now)


def test_a_meeting_asks_what_another_asks(world, event, ask):
    ask("care", Kind.YES_NO)
    ask("ages", shown_if=Condition("care", ("yes",)))
    forms.switch(world.store, event.id, access=True, diet=False, actor=BY, now=world.now)
    other = world.event()
    assert forms.copy(world.store, other.id, event.id, actor=BY, now=world.now) == 2
    assert forms.copy(world.store, other.id, event.id, actor=BY, now=world.now) == 0
    copied = question_store.form(world.store, other.id)
    assert [q.key for q in copied.questions] == ["care", "ages"]
    assert copied.questions[1].shown_if == Condition("care", ("yes",))
    assert (copied.asks_access, copied.asks_diet) == (True, False)


def test_every_ready_question_can_be_asked_at_once(world, event):
    for name in READY:
        forms.add_ready(world.store, event.id, name, actor=BY, now=world.now)
    again = forms.add_ready(world.store, event.id, "train", actor=BY, now=world.now)
    assert again.key == "do_you_come_by_train"


def test_guests_correct_until_registration_closes(world, event, ask, come):
    ask("color")
    found = come(answers={"color": ["red"]})
    world.pass_time(days=100)
    with pytest.raises(RegistrationClosed):
        questions.correct(world.store, found.id, Given({"color": ["blue"]}), now=world.now)
    given = Given({"color": ["blue"]})
    questions.correct(world.store, found.id, given, actor=BY, now=world.now)
    assert values(world, found) == {"color": "blue"}


def test_a_file_is_drawn_anew_and_forgotten_with_its_answer(world, event, ask, come):
    """R20, R55"""
    ask("proof", Kind.FILE)
    sent = {"proof": Upload(picture(), "../../<Pass>.pdf")}
    first, second = come(files=sent), come("grace@example.com", files=sent)
    filed = values(world, first)["proof"]
    assert isinstance(filed, Filed)
    assert (filed.media_type, filed.filename) == ("image/jpeg", "Pass.jpg")
    path = shelf.path(world.store, filed.sha256)
    questions.correct(world.store, first.id, Given({"proof": ["remove"]}), now=world.now)
    assert values(world, first) == {}
    assert path.is_file(), "somebody else sent the same"
    mail = MailSettings("folder", "a@example.org", world.store.folder / "mail")
    own_data.delete(world.store, second.id, mail, now=world.now, identity=world.identity)
    assert not path.exists()


def test_r55_an_answer_on_its_way_does_not_outlive_its_person(world, event, ask, come, monkeypatch):
    ask("proof", Kind.FILE)
    found = come()
    mail = MailSettings("folder", "a@example.org", world.store.folder / "mail")
    look = questions.drawn

    def meanwhile(files):
        own_data.delete(world.store, found.id, mail, now=world.now, identity=world.identity)
        return look(files)

    monkeypatch.setattr(questions, "drawn", meanwhile)
    given = Given(files={"proof": Upload(picture(), "Pass.png")})
    with pytest.raises(NotFound):
        questions.correct(world.store, found.id, given, now=world.now)
    assert world.store.value("SELECT count(*) FROM answers") == 0


def test_files_are_looked_into_before_anybody_has_to_wait(world, event, ask, come, monkeypatch):
    """R1: what takes long is done before the write lock is taken."""
    ask("proof", Kind.FILE)

    def again(file, size):
        raise AssertionError("looked into while nobody else can write")

    monkeypatch.setattr(uploads, "check_attachment", again)
    found = come(files={"proof": Upload(picture(), "Pass.png")})
    assert isinstance(values(world, found)["proof"], Filed)


def test_a_form_travels_with_its_meeting_and_answers_with_their_people(
    world, event, ask, come, tmp_path
):
    ask("care", Kind.YES_NO)
    ask("ages", shown_if=Condition("care", ("yes",)), delete_after_days=3)
    ask("colors", Kind.SEVERAL)
    ask("home", Kind.ADDRESS)
    ask("proof", Kind.FILE)
    ask("health", Kind.LONG, sensitive=True)
    forms.switch(world.store, event.id, access=False, diet=True, actor=BY, now=world.now)
    typed = {
        "care": ["yes"],
        "ages": ["3"],
        "colors": ["b"],
        "home": ["Weg 1", "", "Unna", ""],
        "health": ["eins\nzwei"],
    }
    sent = {"proof": Upload(picture(), "pass.png")}
    first = come(answers=typed, files=sent, answers_text=AGREED)
    forms.take_out(world.store, event.id, "home", actor=BY, now=world.now)
    target = tmp_path / "meeting.zip"
    elsewhere = Store(tmp_path / "elsewhere")
    schema.migrate(elsewhere)
    nobody = {"progress": lambda _done, _total: None}
    transfer.export(world.store, event.slug, target, with_people=True, **nobody)
    made = transfer.rebuild(elsewhere, target, now=world.now, identity=world.identity, **nobody)
    there = events.by_slug(elsewhere, made.slug)

    def facts(store, event_id):
        form = question_store.form(store, event_id)
        return replace(form, questions=tuple(replace(q, id=0, event_id=0) for q in form.questions))

    assert facts(elsewhere, there.id) == facts(world.store, event.id)
    (second,) = registrations.attendees(elsewhere, there.id)
    before, after = values(world, first), questions.of(elsewhere, second.id)
    assert after.pop("proof").filename == before.pop("proof").filename == "pass.jpg"
    assert after == before
    consents = registrations.by_id(elsewhere, second.id).consents
    assert "answer:health" in [consent.purpose for consent in consents]
    elsewhere.close()


def test_r50_answers_go_when_it_was_said(world, event, ask, come):
    """R50: sensitive ones after 14 days, others on their own day, files with them."""
    ask("care", sensitive=True)
    ask("proof", Kind.FILE, delete_after_days=30)
    ask("color")
    sent = {"proof": Upload(picture(), "pass.png")}
    typed = {"care": ["Rollstuhl"], "color": ["red"]}
    found = come(answers=typed, files=sent, answers_text=AGREED)
    path = shelf.path(world.store, values(world, found)["proof"].sha256)
    mail = MailSettings("folder", "a@example.org", world.store.folder / "mail")
    kept = []
    for days in (14, 15, 29, 31, 91):
        now = event.ends_at + timedelta(days=days)
        upkeep.run(world.store, mail, now=now)
        kept.append((days, sorted(values(world, found)), path.exists()))
    assert kept == [
        (14, ["care", "color", "proof"], True),
        (15, ["color", "proof"], True),
        (29, ["color", "proof"], True),
        (31, ["color"], False),
        (91, [], False),
    ]
