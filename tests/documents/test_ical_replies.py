"""Answers to invites are read in every shape programs send them (CALENDAR 3 e)."""

import base64
import quopri
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.documents.ical import Answer, NoAnswer, Reply, Unreadable, read_reply

REPLY = """BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CREATED:20270118T092958Z
LAST-MODIFIED:20270118T101500Z
DTSTAMP:20270118T101501Z
UID:5f1d9c9e-0d4b-4c73-9a55-2b9b1ee8f0a4
SUMMARY:Frühjahrstreffen der Mentor*innen\\, Teil 1
ORGANIZER;CN="Netzwerk: Schule":mailto:post@netzwerk.example
ATTENDEE;CN="Müller; Łucja";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:Lucja.Alias@Example.com
DTSTART;TZID=Europe/Berlin:20270312T100000
DTEND;TZID=Europe/Berlin:20270312T160000
SEQUENCE:2
COMMENT:Komme gern\\, bringe
  Kuchen mit\\nBis dann
BEGIN:VALARM
ACTION:DISPLAY
UID:not-this-one
TRIGGER:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""
EXPECTED = Reply(
    method="REPLY",
    uid="5f1d9c9e-0d4b-4c73-9a55-2b9b1ee8f0a4",
    sequence=2,
    dtstamp=datetime(2027, 1, 18, 10, 15, 1, tzinfo=UTC),
    attendee="lucja.alias@example.com",
    partstat=Answer.ACCEPTED,
    comment="Komme gern, bringe Kuchen mit\nBis dann",
    sender="lucja@example.com",
)


def mail(
    calendar=REPLY, *, content_type="text/calendar; method=REPLY; charset=UTF-8", encoding="8bit"
):
    octets = calendar.replace("\n", "\r\n").encode()
    if encoding == "base64":
        octets = base64.encodebytes(octets)
    elif encoding == "quoted-printable":
        octets = quopri.encodestring(octets)
    head = (
        "From: =?utf-8?q?=C5=81ucja?= <Lucja@example.com>\r\nTo: post@netzwerk.example\r\n"
        "Subject: Accepted\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="A"\r\n\r\n--A\r\n'
        'Content-Type: multipart/alternative; boundary="B"\r\n\r\n--B\r\n'
        "Content-Type: text/plain; charset=utf-8\r\n\r\nIch komme.\r\n--B\r\n"
        f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + octets + b"\r\n--B--\r\n\r\n--A--\r\n"


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable", "7bit", "binary"])
def test_a_reply_is_found_in_any_encoding(encoding):
    assert read_reply(mail(encoding=encoding)) == EXPECTED


@pytest.mark.parametrize(
    "content_type",
    [
        'application/ics; name="invite.ics"',
        'application/octet-stream; name="antwort.ics"',
        "TEXT/Calendar",
        "text/calendar; charset=no-such-charset",
    ],
)
def test_a_reply_is_found_under_any_media_type(content_type):
    assert read_reply(mail(content_type=content_type)) == EXPECTED


def test_a_reply_in_a_forwarded_mail_is_found():
    outer = EmailMessage()
    outer["From"] = "Lucja <lucja@example.com>"
    outer.set_content("siehe unten")
    inner = EmailMessage()
    inner["From"] = "a@b.example"
    inner.set_content("x")
    inner.add_attachment(REPLY.encode(), "text", "calendar", filename="r.ics")
    outer.add_attachment(inner)
    assert read_reply(outer.as_bytes()) == EXPECTED


def test_a_mail_that_is_only_a_calendar_and_a_bare_file_are_read():
    single = b"From: lucja@example.com\nContent-Type: text/calendar\n\n" + REPLY.encode()
    assert read_reply(single) == EXPECTED
    for octets in (REPLY.encode(), b"\xef\xbb\xbf\r\n" + REPLY.replace("\n", "\r\n").encode()):
        assert read_reply(octets).uid == EXPECTED.uid


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16"])
def test_other_charsets_are_read(charset):
    text = REPLY.replace("Ł", "L").replace("Komme gern", "Schöne Grüße")
    octets = (
        f"From: x@y.example\nContent-Type: text/calendar; charset={charset}\n"
        "Content-Transfer-Encoding: base64\n\n"
    )
    octets = octets.encode() + base64.encodebytes(text.encode(charset))
    assert read_reply(octets).comment.startswith("Schöne Grüße")


def test_empty_lines_long_lines_and_bare_line_ends_do_no_harm():
    odd = REPLY.replace("SEQUENCE:2", "\nSEQUENCE:2\n\n").replace(
        "METHOD", "X-LONG:" + "ä" * 900 + "\nMETHOD"
    )
    assert read_reply(mail(odd)) == EXPECTED
    assert read_reply(REPLY.replace("\n", "\r").encode()).uid == EXPECTED.uid


@pytest.mark.parametrize("partstat", list(Answer))
def test_each_answer_is_understood_in_any_case(partstat):
    reply = mail(REPLY.replace("PARTSTAT=ACCEPTED", f"PARTSTAT={partstat.value.lower()}"))
    assert read_reply(reply).partstat is partstat


def test_a_counter_proposal_names_its_time():
    counter = mail(REPLY.replace("METHOD:REPLY", "METHOD:COUNTER"))
    read = read_reply(counter)
    assert read.method == "COUNTER"
    assert read.starts_at == datetime(2027, 3, 12, 9, tzinfo=UTC)
    assert read.ends_at == datetime(2027, 3, 12, 15, tzinfo=UTC)


def test_of_several_attendees_the_sender_answers():
    two = (
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:other@example.com\n"
        "ATTENDEE;PARTSTAT=DECLINED:MAILTO:lucja@example.com\nDTSTART;"
    )
    reply = read_reply(mail(REPLY.replace("ATTENDEE;CN", "X-WAS;CN").replace("DTSTART;", two)))
    assert (reply.attendee, reply.partstat) == ("lucja@example.com", Answer.DECLINED)


@pytest.mark.parametrize("value", ["auto-replied", "auto-generated; x=y", "AUTO-REPLIED"])
def test_machines_are_recognised(value):
    assert read_reply(b"Auto-Submitted: " + value.encode() + b"\r\n" + mail()).automatic
    assert not read_reply(b"Auto-Submitted: no\r\n" + mail()).automatic


@pytest.mark.parametrize(
    "octets",
    [
        b"From: x@y.example\nSubject: Hallo\n\nIch komme gern!",
        mail(REPLY.replace("METHOD:REPLY", "METHOD:REQUEST")),
        mail(REPLY.replace("METHOD:REPLY\n", "")),
        b"",
    ],
)
def test_ordinary_mails_are_left_to_people(octets):
    with pytest.raises(NoAnswer):
        read_reply(octets)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("UID:5f1d9c9e-0d4b-4c73-9a55-2b9b1ee8f0a4\n", ""),
        ("UID:5f1d", "UID:" + "x" * 300),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=MAYBE"),
        ("ATTENDEE;", "X-NOBODY;"),
    ],
)
def test_a_broken_answer_is_unreadable(old, new):
    with pytest.raises(Unreadable) as caught:
        read_reply(mail(REPLY.replace(old, new)))
    assert not isinstance(caught.value, NoAnswer)


def test_a_mail_too_large_for_an_answer_is_not_even_parsed():
    with pytest.raises(Unreadable, match="larger"):
        read_reply(mail() + b"x" * 1_000_000)


def test_a_sequence_or_date_that_makes_no_sense_counts_as_none():
    odd = REPLY.replace("SEQUENCE:2", "SEQUENCE:-9999999999999").replace(
        "20270118T101501Z", "20279999T999999Z"
    )
    read = read_reply(mail(odd))
    assert (read.sequence, read.dtstamp) == (0, None)


@given(st.binary(max_size=400))
def test_any_octets_are_read_or_refused(octets):
    for attempt in (octets, b"BEGIN:VCALENDAR\n" + octets, mail()[:900] + octets):
        try:
            assert isinstance(read_reply(attempt), Reply)
        except Unreadable:
            continue


@given(st.integers(0, len(REPLY)), st.text(max_size=30))
def test_a_reply_with_junk_in_it_is_read_or_refused(place, junk):
    octets = (REPLY[:place] + junk + REPLY[place:]).encode("utf-8", "surrogatepass")
    try:
        assert isinstance(read_reply(octets), Reply)
    except Unreadable:
        pass
