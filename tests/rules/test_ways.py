"""Codes and invitations as pure decisions; lists of guests however they are written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.errors import Invalid
from eventkit.model.letter import LetterState
from eventkit.model.registration import State
from eventkit.model.ways import Code, Invitation, Mark, Standing
from eventkit.rules import guest_list, ways

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
CODE = Code(1, 1, "KRTM-7H2P")
INVITED = Invitation(
    1, 1, "Anna Kim", "anna@example.org", "de", sent_at=NOW, letter=LetterState.SENT
)


def test_a_code_is_the_same_however_it_is_typed():
    same = ("KRTM-7H2P", "krtm7h2p", " Krtm 7H2P ", "KRTM–7H2P")
    assert {ways.code_key(typed) for typed in same} == {"krtm7h2p"}


@pytest.mark.parametrize(
    ("typed", "why"), [("kurz", "code_short"), ("------", "code_short"), ("x" * 41, "too_long")]
)
def test_a_code_that_could_be_guessed_is_refused(typed, why):
    with pytest.raises(Invalid) as refused:
        ways.checked_code(typed)
    assert (refused.value.code, refused.value.field) == (why, "code")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (None, "code_unknown"),
        (replace(CODE, ended_at=NOW), "code_unknown"),
        (replace(CODE, valid_until=NOW), "code_over"),
        (replace(CODE, valid_until=NOW + timedelta(seconds=1)), ""),
        (replace(CODE, uses=2, used=2), "code_used"),
        (replace(CODE, uses=2, used=1), ""),
    ],
)
def test_a_code_opens_to_the_second_and_to_the_last_use(code, why):
    assert ways.refused(code, NOW) == why


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"letter": LetterState.QUEUED}, Standing.WAITING),
        ({"letter": LetterState.FAILED}, Standing.FAILED),
        ({}, Standing.SENT),
        ({"declined_at": NOW}, Standing.DECLINED),
        ({"revoked_at": NOW, "declined_at": NOW}, Standing.REVOKED),
        ({"registration_id": 3, "state": State.WAITING}, Standing.ACCEPTED),
        ({"registration_id": 3, "state": State.CANCELLED}, Standing.LEFT),
    ],
)
def test_an_invitation_says_how_it_stands(changes, standing):
    assert ways.standing(replace(INVITED, **changes)) is standing


def test_only_the_silent_are_reminded_and_never_twice_within_three_days():
    later = NOW + timedelta(days=3)
    assert not ways.may_remind(INVITED, later - timedelta(seconds=1))
    assert ways.may_remind(INVITED, later)
    assert not ways.may_remind(replace(INVITED, reminded_at=NOW + timedelta(days=1)), later)
    assert not ways.may_remind(replace(INVITED, declined_at=NOW), later)
    assert not ways.may_remind(replace(INVITED, letter=LetterState.FAILED), later)


@pytest.mark.parametrize(
    ("line", "name", "organisation"),
    [
        ("anna@example.org", "", ""),
        ("Anna Kim <anna@example.org>", "Anna Kim", ""),
        ('"Kim, Anna" <anna@example.org>;', "Kim, Anna", ""),
        ("Anna Kim; anna@example.org; Verein e. V.", "Anna Kim", "Verein e. V."),
        ("anna@example.org, Anna Kim, Verein", "Anna Kim", "Verein"),
        ("Anna Kim\tanna@example.org", "Anna Kim", ""),
        ("Anna Kim anna@example.org", "Anna Kim", ""),
    ],
)
def test_a_typed_line_is_understood(line, name, organisation):
    (entry,) = guest_list.entries([(1, guest_list.cells(line))])
    assert (entry.name, entry.email, entry.organisation) == (name, "anna@example.org", organisation)
    assert entry.mark is Mark.NEW


def test_columns_are_known_by_their_headings():
    heading = ("Firma", "Nachname", "Vorname", "E-Mail", "Sprache")
    (entry,) = guest_list.entries(
        [(2, ("Verein", "Kim", "Anna", "a@example.org", "Englisch"))], heading
    )
    assert (entry.name, entry.organisation, entry.language) == ("Anna Kim", "Verein", "en")


def test_what_has_to_be_mended_and_what_is_passed_over_is_marked():
    rows = [
        (1, ["anna@example.org"]),
        (2, ["ANNA@example.org"]),
        (3, ["nobody"]),
        (4, ["x@y"]),
        (5, ["www.spam.com", "bo@example.org"]),
        (6, ["kai@example.org"]),
        (7, ["lea@example.org"]),
    ]
    found = guest_list.marked(
        guest_list.entries(rows), invited={"kai@example.org"}, registered={"lea@example.org"}
    )
    assert [entry.mark for entry in found] == [
        Mark.NEW,
        Mark.TWICE,
        Mark.NO_ADDRESS,
        Mark.ADDRESS,
        Mark.NAME,
        Mark.INVITED,
        Mark.REGISTERED,
    ]


@given(st.text(max_size=60))
def test_no_line_trips_the_reader(line):
    for entry in guest_list.entries([(1, guest_list.cells(line))]):
        assert len(entry.name) <= 200
