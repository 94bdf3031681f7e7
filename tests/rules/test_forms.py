"""A question makes sense in its form, and what people were told when they answered holds."""

from dataclasses import replace

import pytest

from eventkit.errors import Invalid
from eventkit.model.question import Condition, Form, Kind, Option, Question
from eventkit.model.text import Text
from eventkit.rules import forms
from eventkit.rules.ready import READY

EMPTY = Form()
WHY = Text("Darum.", "Because.")
TWO = (Option("a", Text("A")), Option("b", Text("B")))


def made(number: int = 0, key: str = "q", kind: Kind = Kind.SHORT, **fields) -> Question:
    values = {"label": Text("Frage", "Question"), "purpose": WHY} | fields
    return Question(number, 1, key, kind, **values)


def refused(question: Question, form: Form = EMPTY, *, answered: bool = False) -> tuple:
    with pytest.raises(Invalid) as error:
        forms.checked(question, form, answered=answered)
    return error.value.code, error.value.field


def test_every_question_says_what_it_is_for():
    """R50"""
    assert refused(made(purpose=Text())) == ("required", "purpose")
    assert refused(made(label=Text(" ", ""))) == ("required", "label")
    assert refused(made(label=Text("x" * 301))) == ("too_long", "label")
    assert forms.checked(made(label=Text(" Ja?\x00 ")), Form(), answered=False).label.de == "Ja?"


def test_a_choice_needs_two_options():
    assert refused(made(kind=Kind.CHOICE, options=TWO[:1])) == ("options_few", "options")
    retired = (TWO[0], replace(TWO[1], retired=True))
    assert refused(made(kind=Kind.SEVERAL, options=retired)) == ("options_few", "options")


def test_a_condition_hangs_on_an_answer_that_exists_and_on_no_circle():
    parent = made(1, "care", Kind.YES_NO, shown_if=Condition("q", ("x",)))
    form = Form((parent, made(2, "words")))
    for condition in (
        Condition("nothing", ("yes",)),
        Condition("words", ("yes",)),
        Condition("care", ("perhaps",)),
        Condition("care", ()),
        Condition("q", ("yes",)),
    ):
        assert refused(made(shown_if=condition), form) == ("condition", "shown_if")
    asked = made(shown_if=Condition("care", ("yes",)))
    assert refused(asked, form) == ("condition_circle", "shown_if")
    open_form = Form((replace(parent, shown_if=None),))
    assert forms.checked(asked, open_form, answered=False) == asked


def test_what_people_were_told_when_they_answered_holds():
    before = made(1, sensitive=True, delete_after_days=30)
    form = Form((before,))
    kind = replace(before, kind=Kind.NUMBER)
    later = replace(before, delete_after_days=31)
    never = replace(before, delete_after_days=None)
    plain = replace(before, sensitive=False)
    assert refused(kind, form, answered=True) == ("kind_answered", "kind")
    assert refused(plain, form, answered=True) == ("sensitive_answered", "sensitive")
    for question in (later, never):
        assert refused(question, form, answered=True) == ("deletion_promised", "delete_after_days")
    sooner = replace(before, kind=Kind.LONG, delete_after_days=7)
    assert forms.checked(sooner, form, answered=True) == sooner
    for question in (kind, later, never, plain):
        assert forms.checked(question, form, answered=False) == question


def test_there_is_an_end_of_questions():
    many = Form(tuple(made(n, f"q{n}") for n in range(1, forms.MOST + 1)))
    assert refused(made(), many) == ("form_full", None)
    files = Form(tuple(made(n, f"f{n}", Kind.FILE) for n in range(1, forms.MOST_FILES + 1)))
    assert refused(made(kind=Kind.FILE), files) == ("files_many", "kind")
    who = Form((made(1, "who", Kind.COMPANION),))
    assert refused(made(kind=Kind.COMPANION), who) == ("companion_twice", "kind")


@pytest.mark.parametrize("low_high", [(3, 2), (0, -1)])
def test_bounds_are_the_right_way_round(low_high):
    low, high = low_high
    wrong = made(kind=Kind.NUMBER, lowest=low, highest=high)
    assert refused(wrong) == ("number", "highest")


def test_options_keep_their_keys_and_are_retired_once_answered():
    rows = [("", Text("Neu", "Brand new")), ("b", Text("B!")), ("", Text())]
    kept = forms.options(TWO, rows, answered=True)
    assert [(o.key, o.label.de, o.retired) for o in kept] == [
        ("brand_new", "Neu", False),
        ("b", "B!", False),
        ("a", "A", True),
    ]
    assert [o.key for o in forms.options(TWO, rows, answered=False)] == ["brand_new", "b"]
    back = forms.options(kept, [("a", Text("A")), ("b", Text("B"))], answered=True)
    assert [(o.key, o.retired) for o in back] == [("a", False), ("b", False), ("brand_new", True)]


def test_a_key_is_made_of_words_and_free():
    assert forms.key(Text("Wie viele Gäste?", ""), ["wie_viele_gaeste"]) == "wie_viele_gaeste_2"
    assert forms.key(Text("", "3 wishes"), []) == "wishes"
    assert forms.key(Text("محمد", ""), []) == "question"


def test_questions_move_by_steps_and_by_hand():
    assert forms.moved(["a", "b", "c"], "c", steps=-1) == ["a", "c", "b"]
    assert forms.moved(["a", "b"], "a", steps=-1) == ["a", "b"]
    assert forms.moved(["a", "b"], "x", steps=1) == ["a", "b"]
    assert forms.arranged(["a", "b", "c"], ["c", "x", "c", "a"]) == ["c", "a", "b"]


@pytest.mark.parametrize("name", READY)
def test_every_ready_question_may_stand_in_a_form_in_both_languages(name):
    ready = READY[name]
    assert forms.checked(ready, Form(), answered=False) == ready
    words = [ready.label, ready.purpose, *(option.label for option in ready.options)]
    assert all(each.de and each.en for each in words)
