"""Invites: one person, one entry, exactly what RFC 5546 and real programs want (R25)."""

from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import pytest

from eventkit.documents import ical
from eventkit.model.event import Mode
from eventkit.model.letter import LetterKind, Method
from eventkit.model.registration import State
from eventkit.model.text import Text
from tests.documents import golden, samples

WITH_CALENDAR = [
    LetterKind.CONFIRMED,
    LetterKind.WAITING,
    LetterKind.MOVED_UP,
    LetterKind.OFFERED,
    LetterKind.LAPSED,
    LetterKind.CHANGED,
    LetterKind.CANCELLED,
    LetterKind.CALLED_OFF,
]


def octets_of(letter, **more):
    given = {"sender": samples.SENDER, "personal_link": samples.PERSONAL, "reply": True, **more}
    return ical.invite(letter, links=samples.LINKS, **given)


def entry_of(letter, **more):
    return icalendar.Calendar.from_ical(octets_of(letter, **more)).walk("VEVENT")[0]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", WITH_CALENDAR)
def test_golden_copies(kind, language):
    letter = samples.letter(kind, language)
    golden.check(f"invite-{kind}-{language}.ics", octets_of(letter))


def test_the_same_letter_is_the_same_octets_at_every_try():
    assert octets_of(samples.LETTER) == octets_of(samples.LETTER)


@pytest.mark.parametrize("kind", WITH_CALENDAR)
def test_all_properties_of_the_calendar_stand_before_its_components(kind):
    lines = octets_of(samples.letter(kind)).decode().split("\r\n")
    assert [line.partition(":")[0] for line in lines[:5]] == [
        "BEGIN",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
    ]
    assert lines[5] == "BEGIN:VTIMEZONE"
    calendar = icalendar.Calendar.from_ical(octets_of(samples.letter(kind)))
    assert "UID" not in calendar
    assert len(calendar.walk("VEVENT")) == 1


@pytest.mark.parametrize("kind", WITH_CALENDAR)
def test_exactly_one_attendee_who_is_the_receiver_and_not_the_organizer(kind):
    entry = entry_of(samples.letter(kind))
    assert str(entry["ATTENDEE"]) == "mailto:lucja@example.com"
    assert dict(entry["ATTENDEE"].params) == {
        "CN": "Łucja Müller-O’Neill",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert str(entry["ORGANIZER"]) == f"mailto:{samples.SENDER}"


def test_without_a_mailbox_for_answers_none_is_asked_for():
    assert entry_of(samples.LETTER, reply=False)["ATTENDEE"].params["RSVP"] == "FALSE"


@pytest.mark.parametrize(
    ("state", "status", "transparency", "alarms"),
    [
        (State.CONFIRMED, "CONFIRMED", "OPAQUE", 1),
        (State.WAITING, "TENTATIVE", "TRANSPARENT", 0),
        (State.OFFERED, "TENTATIVE", "TRANSPARENT", 0),
        (State.REQUESTED, "TENTATIVE", "TRANSPARENT", 0),
    ],
)
def test_a_waiting_list_is_tentative_and_a_seat_is_firm(state, status, transparency, alarms):
    letter = replace(samples.LETTER, facts=replace(samples.FACTS, state=state))
    entry = entry_of(letter)
    assert entry["STATUS"] == status
    assert entry["TRANSP"] == transparency
    assert len(entry.walk("VALARM")) == alarms


def test_a_meeting_called_off_is_cancelled_and_a_person_who_leaves_has_no_status():
    called_off = entry_of(samples.letter(LetterKind.CALLED_OFF))
    left = entry_of(samples.letter(LetterKind.CANCELLED))
    assert called_off["STATUS"] == "CANCELLED"
    assert "STATUS" not in left
    for entry in (called_off, left):
        assert {"DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE"} <= set(entry)
        assert not entry.walk("VALARM")
    assert b"\r\nMETHOD:CANCEL\r\n" in octets_of(samples.letter(LetterKind.CANCELLED))


def test_identity_and_dates_come_from_the_letter_never_from_a_clock():
    entry = entry_of(replace(samples.LETTER, sequence=4))
    assert entry["UID"] == samples.UID
    assert entry["SEQUENCE"] == 4
    assert entry["DTSTAMP"].dt == samples.NOW
    assert entry["CREATED"].dt == datetime(2027, 1, 18, 9, 29, 58, tzinfo=UTC)
    assert entry["LAST-MODIFIED"].dt >= entry["CREATED"].dt


def test_created_is_never_after_last_modified():
    late = replace(samples.FACTS, invited_at=datetime(2028, 1, 1, tzinfo=UTC))
    entry = entry_of(replace(samples.LETTER, facts=late))
    assert entry["CREATED"].dt == entry["LAST-MODIFIED"].dt


def test_the_description_begins_with_what_matters():
    letter = samples.letter(LetterKind.CONFIRMED, "en")
    lines = str(entry_of(letter)["DESCRIPTION"]).split("\n")
    assert lines[0] == "Doors open: 9:30 am"
    assert lines[2] == f"Change or cancel your registration: {samples.PERSONAL}"
    assert "1:30 pm – 2:30 pm: Workshop: placements, Hall, waiting list" in lines
    waiting = str(entry_of(samples.letter(LetterKind.WAITING))["DESCRIPTION"])
    assert waiting.startswith("Sie stehen auf der Warteliste.")


def test_the_public_address_carries_no_token():
    assert entry_of(samples.LETTER)["URL"] == samples.LINKS.event(samples.EVENT.slug)


def test_an_online_meeting_has_its_address_in_conference_and_description():
    place = replace(samples.PLACE, online_url="https://talk.example.org/r/abc?x=1,2;3")
    facts = replace(samples.FACTS, place=place, mode=Mode.HYBRID)
    octets = octets_of(replace(samples.LETTER, facts=facts, language="en"))
    unfolded = octets.replace(b"\r\n ", b"")
    assert (
        b"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Join online:"
        b"https://talk.example.org/r/abc?x=1,2;3\r\n" in unfolded
    )
    assert "Join online: https://talk" in str(
        entry_of(replace(samples.LETTER, facts=facts, language="en"))["DESCRIPTION"]
    )


def test_a_title_in_the_other_language_says_so():
    facts = replace(samples.FACTS, title=Text(en="Spring meeting"))
    assert entry_of(replace(samples.LETTER, facts=facts))["SUMMARY"].params == {"LANGUAGE": "en"}


def test_addresses_beyond_ascii_are_uris():
    octets = octets_of(
        replace(samples.LETTER, email="jürgen+x@straße.example"), sender="a@bücher.example"
    )
    unfolded = octets.replace(b"\r\n ", b"")
    assert b":mailto:j%C3%BCrgen+x@xn--strae-oqa.example\r\n" in unfolded
    assert b":mailto:a@xn--bcher-kva.example\r\n" in unfolded


def test_a_name_always_stands_in_quotes():
    octets = octets_of(replace(samples.LETTER, name='Bo "the one" Rahn'))
    assert b"CN=\"Bo 'the one' Rahn\"" in octets.replace(b"\r\n ", b"")
    assert b'ATTENDEE;CN="Bo";' in octets_of(replace(samples.LETTER, name="Bo"))


@pytest.mark.parametrize(
    "letter",
    [
        replace(samples.LETTER, method=None),
        replace(samples.LETTER, facts=replace(samples.FACTS, uid="")),
        replace(samples.LETTER, facts=replace(samples.FACTS, starts_at=None)),
    ],
)
def test_a_letter_without_a_meeting_has_no_calendar_part(letter):
    with pytest.raises(ValueError, match="no calendar part"):
        octets_of(letter)


def test_an_update_keeps_the_uid_and_a_cancellation_too():
    first = entry_of(samples.letter(LetterKind.CONFIRMED))
    update = entry_of(samples.letter(LetterKind.CHANGED))
    gone = entry_of(samples.letter(LetterKind.CANCELLED))
    assert first["UID"] == update["UID"] == gone["UID"]
    assert first["SEQUENCE"] < update["SEQUENCE"]
    assert samples.letter(LetterKind.CANCELLED).method is Method.CANCEL
