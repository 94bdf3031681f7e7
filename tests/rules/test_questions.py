"""What was typed becomes a value or a refusal; hidden questions are asked nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.errors import Invalid
from eventkit.model.question import (
    Address,
    Condition,
    Filed,
    Form,
    Kind,
    Option,
    Question,
    Upload,
)
from eventkit.model.text import Text
from eventkit.rules import questions

OPTIONS = (Option("a", Text("A", "A")), Option("b", Text("B", "B")), Option("old", Text("O"), True))
PDF = b"%PDF-1.4\n%%EOF"


def asked(kind: Kind, key: str = "q", **fields) -> Question:
    return Question(1, 1, key, kind, Text("Frage", "Question"), options=OPTIONS, **fields)


def refused(question: Question, *typed: str) -> str:
    with pytest.raises(Invalid) as error:
        questions.parse(question, typed)
    assert error.value.field == question.field
    return error.value.code


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.SHORT, ["  zwei \n Zeilen\u202e "], "zwei Zeilen"),
        (Kind.SHORT, ["", "  "], None),
        (Kind.LONG, ["eine\r\nzwei"], "eine\nzwei"),
        (Kind.CHOICE, ["b"], "b"),
        (Kind.CHOICE, ["b", "b", ""], "b"),
        (Kind.SEVERAL, ["b", "a", "b"], ("a", "b")),
        (Kind.SEVERAL, [], None),
        (Kind.NUMBER, ["0"], 0),
        (Kind.NUMBER, [" 1 200,50 "], 1200.5),
        (Kind.NUMBER, ["\N{MINUS SIGN}3"], -3),
        (Kind.DATE, ["2026-02-28"], date(2026, 2, 28)),
        (Kind.DATE, ["28. 2. 2026"], date(2026, 2, 28)),
        (Kind.YES_NO, ["no"], False),
        (Kind.ADDRESS, ["Weg 1", "44575", "Unna", ""], Address("Weg 1", "44575", "Unna")),
        (Kind.ADDRESS, ["", "", "", ""], None),
        (Kind.COMPANION, ["Łukasz O’Neill", ""], ("Łukasz O’Neill",)),
    ],
)  # fmt: skip
def test_what_was_typed_becomes_a_value(kind, typed, value):
    assert questions.parse(asked(kind), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (Kind.SHORT, ["x" * 301], "too_long"),
        (Kind.LONG, ["x" * 3001], "too_long"),
        (Kind.SHORT, ["one", "two"], "doubled"),
        (Kind.CHOICE, ["c"], "choice"),
        (Kind.CHOICE, ["old"], "choice"),
        (Kind.CHOICE, ["a", "b"], "doubled"),
        (Kind.SEVERAL, ["a", "'; DROP TABLE answers; --"], "choice"),
        (Kind.NUMBER, ["many"], "number"),
        (Kind.NUMBER, ["1e9"], "number"),
        (Kind.NUMBER, ["٣"], "number"),
        (Kind.NUMBER, ["9" * 400], "number"),
        (Kind.DATE, ["2026-02-29"], "date"),
        (Kind.DATE, ["0001-01-01"], "date"),
        (Kind.DATE, ["tomorrow"], "date"),
        (Kind.YES_NO, ["maybe"], "choice"),
        (Kind.ADDRESS, ["", "44575", "Unna", ""], "address_part"),
        (Kind.ADDRESS, ["Weg 1", "1", "Town", "DE", "Weg 2"], "doubled"),
        (Kind.ADDRESS, ["Weg " * 60, "1", "Town", ""], "too_long"),
        (Kind.COMPANION, ["buy at https://spam.example"], "name_with_address"),
    ],
)
def test_what_can_not_be_meant_is_refused(kind, typed, code):
    assert refused(asked(kind), *typed) == code


def test_a_number_has_its_bounds():
    bounded = asked(Kind.NUMBER, lowest=0, highest=3)
    assert questions.parse(bounded, ["3"]) == 3
    assert refused(bounded, "-1") == "number_low"
    assert refused(bounded, "3,5") == "number_high"


def test_an_option_retired_since_may_be_kept_by_whoever_chose_it():
    assert questions.parse(asked(Kind.CHOICE), ["old"], before="old") == "old"
    assert questions.parse(asked(Kind.SEVERAL), ["a", "old"], before=("old",)) == ("a", "old")


@given(st.sampled_from([k for k in Kind if k is not Kind.FILE]), st.lists(st.text(), max_size=5))
def test_any_text_gives_a_value_that_can_be_typed_again_or_a_refusal(kind, typed):
    """R74"""
    question = asked(kind)
    try:
        value = questions.parse(question, typed)
    except Invalid as error:
        value, typed = None, [error.field]
    if value is None:
        assert typed == ["q_q"] or not any(questions.text.clean(each) for each in typed)
    else:
        assert questions.parse(question, questions.as_typed(value)) == value


CARE = Question(1, 1, "care", Kind.YES_NO, Text("Betreuung?"))
AGES = Question(
    2, 1, "ages", Kind.SHORT, Text("Alter?"), required=True, shown_if=Condition("care", ("yes",))
)
TOYS = Question(3, 1, "toys", Kind.SHORT, Text("Spiel?"), shown_if=Condition("ages", ("3",)))
FORM = Form((TOYS, AGES, CARE))


def test_a_hidden_question_is_neither_required_nor_kept():
    verdict = questions.judge(FORM, {"care": ["no"], "ages": ["4"], "toys": ["x" * 999]})
    assert verdict == questions.Verdict(values={"care": False})
    assert questions.judge(FORM, {"care": ["yes"]}).problems == {"ages": "required"}
    assert questions.judge(FORM, {"care": ["yes"]}, complete=False).problems == {}


def test_conditions_reach_through_each_other():
    seen = questions.judge(FORM, {"care": ["yes"], "ages": ["3"], "toys": ["ball"]})
    assert seen.values == {"care": True, "ages": "3", "toys": "ball"}
    hidden = questions.judge(FORM, {"care": ["no"], "ages": ["3"], "toys": ["ball"]})
    assert hidden.values == {"care": False}


def test_a_question_that_hangs_on_an_unreadable_answer_waits():
    verdict = questions.judge(FORM, {"care": ["perhaps"], "ages": ["3"]})
    assert verdict.problems == {"care": "choice"}
    assert verdict.values == {}


def test_an_old_form_is_answered_sensibly():
    """Unknown fields are passed over, a retired question keeps nothing new."""
    retired = Question(4, 1, "gone", Kind.SHORT, Text("Weg"), required=True, retired_at=date.max)
    verdict = questions.judge(Form((CARE, retired)), {"gone": ["x"], "who_knows": ["y"]})
    assert verdict == questions.Verdict()


PROOF = Question(5, 1, "proof", Kind.FILE, Text("Nachweis"), required=True)
BEFORE = Filed("0" * 64, "old.pdf", "application/pdf", 9)


def test_a_file_stays_until_another_comes_or_it_is_taken_away():
    form = Form((PROOF,))
    assert questions.judge(form, {}).problems == {"proof": "required"}
    assert questions.judge(form, {}, before={"proof": BEFORE}).values == {"proof": BEFORE}
    taken = questions.judge(form, {"proof": ["remove"]}, before={"proof": BEFORE})
    assert taken.problems == {"proof": "required"}
    fresh = questions.judge(form, {}, sent={"proof": Upload(PDF, "a.pdf")})
    assert fresh.uploads == {"proof": "application/pdf"}


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a program", "kind"),
        (b"PK\x03\x04 an archive", "kind"),
        (PDF + b"/JavaScript (x)", "active"),
        (b"%PDF-" + b" " * (10 * 1024 * 1024), "too_big"),
    ],
)
def test_a_file_is_judged_by_its_content(octets, code):
    """R20"""
    verdict = questions.judge(Form((PROOF,)), {}, sent={"proof": Upload(octets, "photo.jpg")})
    assert verdict.problems == {"proof": code}
    assert verdict.uploads == {}


def test_at_most_as_many_come_along_as_the_meeting_allows():
    form = Form((asked(Kind.COMPANION),))
    typed = {"q": ["Ada", "Grace"]}
    assert questions.judge(form, typed, companions=2).values == {"q": ("Ada", "Grace")}
    assert questions.judge(form, typed, companions=1).problems == {"q": "companions_many"}


def test_answers_are_counted_together():
    several = asked(Kind.SEVERAL)
    tally = questions.tally(several, [("a", "old"), ("a",)])
    assert (tally.answered, tally.counts) == (2, (("a", 2), ("b", 0), ("old", 1)))
    assert questions.tally(CARE, [True, False, True]).counts == (("yes", 2), ("no", 1))
    assert questions.tally(asked(Kind.NUMBER), [1, 2.5]).total == 3.5
