"""Whatever people type, a calendar stays a calendar and says what was typed (R23, R25, R74)."""

import re
import unicodedata
from dataclasses import replace

import icalendar
import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventkit.documents import ical
from eventkit.model.text import Text
from eventkit.rules.text import clean
from tests.documents import samples

NASTY = [
    'Anna "Quote" O’Neill',
    "Müller, Anna; geb. Öz: x",
    "x\r\nATTENDEE:mailto:evil@evil.example",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    "\\n \\N \\, \\; \\\\ \\",
    "a\x00b\x0bc\x7fd\x85e",
    "\u202eevil\u202c \u2066x\u2069 \u200e",
    "\u2028line\u2029paragraph",
    "👩🏽‍🏫" * 40,
    "ä" * 200,
    "Mentor*innen »x« — 50 % ^n ^' ^^",
    "BEGIN:VCALENDAR",
    "=?utf-8?q?x?=",
    "\ud800lone",
    "\ufffe\ufdd0\U0001ffff",
    "../../x%00%0d%0a",
    "{{ 7*7 }} %(name)s {0} <b>",
    "",
    " ",
]
HOSTILE = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.text(st.sampled_from("\\,;:\"^'nN\r\n\t =?%äß😀\u2028"), max_size=120),
)


def structure(octets):
    """The lines that make the frame of a calendar, unfolded."""
    text = octets.decode("utf-8").replace("\r\n ", "")
    return [
        line
        for line in text.split("\r\n")
        if line.startswith(("BEGIN:", "END:", "ATTENDEE", "METHOD"))
    ]


def unescaped(words):
    """The text of an X- property, which icalendar hands out as it stands in the file."""
    return re.sub(r"\\(.)", r"\1", words)


def assert_well_formed(octets):
    octets.decode("utf-8")
    assert octets.endswith(b"END:VCALENDAR\r\n")
    for line in octets.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no character is torn apart by folding
        assert b"\r" not in line
        assert b"\n" not in line
        assert not any(unicodedata.category(c) == "Cc" and c != "\t" for c in line.decode("utf-8"))


@settings(max_examples=50, deadline=None)
@given(name=HOSTILE, title=HOSTILE, words=HOSTILE)
@example(name=NASTY[2], title=NASTY[3], words=NASTY[4])
def test_an_invite_has_the_same_frame_whatever_people_type(name, title, words):
    place = replace(samples.PLACE, name=words, street=title, directions=Text(words, words))
    facts = replace(
        samples.FACTS, title=Text(title), place=place, organisation=Text(words), contact_name=name
    )
    letter = replace(samples.LETTER, name=name, facts=facts)
    octets = ical.invite(letter, sender=samples.SENDER, links=samples.LINKS, reply=True)
    assert_well_formed(octets)
    frame = structure(octets)
    plain = structure(
        ical.invite(samples.LETTER, sender=samples.SENDER, links=samples.LINKS, reply=True)
    )
    assert [line.partition(";")[0] for line in frame] == [line.partition(";")[0] for line in plain]
    entry = icalendar.Calendar.from_ical(octets).walk("VEVENT")[0]
    assert not entry.errors
    assert str(entry["SUMMARY"]) == (clean(title) or "–")
    assert str(entry["ATTENDEE"]) == "mailto:lucja@example.com"


@settings(max_examples=40, deadline=None)
@given(title=HOSTILE, words=HOSTILE)
def test_a_feed_keeps_every_word_and_its_frame(title, words):
    event = replace(samples.EVENT, title=Text(title), summary=Text("x"))
    about = ical.About(words, "de", words, "Europe/Berlin", description=title)
    octets = ical.feed([event], publisher=samples.publisher(), about=about, now=samples.NOW)
    assert_well_formed(octets)
    calendar = icalendar.Calendar.from_ical(octets)
    assert unescaped(calendar.get("X-WR-CALNAME", "")) == clean(words)
    assert str(calendar.walk("VEVENT")[0]["SUMMARY"]) == (clean(title) or "–")
    assert len(structure(octets)) == 2 + 6 + 2 + 1


@pytest.mark.parametrize("name", NASTY[:12])
def test_an_unrelated_parser_reads_the_same_names(name):
    octets = ical.invite(
        replace(samples.LETTER, name=name, facts=replace(samples.FACTS, title=Text(name))),
        sender=samples.SENDER,
        links=samples.LINKS,
    )
    entry = vobject.readOne(octets.decode()).vevent
    assert entry.summary.value == clean(name)
    assert len(entry.attendee_list) == 1


def test_long_lines_of_umlauts_and_emoji_are_folded_between_characters():
    event = replace(samples.EVENT, title=Text("Grüße 👩🏽‍🏫 " * 30))
    octets = ical.event_calendar(event, publisher=samples.publisher())
    assert_well_formed(octets)
    entry = icalendar.Calendar.from_ical(octets).walk("VEVENT")[0]
    assert str(entry["SUMMARY"]) == ("Grüße 👩🏽‍🏫 " * 30).strip()


@pytest.mark.parametrize("address", ["https://x.example/a b\r\nX:1", 'https://x.example/"<>ä'])
def test_an_address_is_always_one_line_of_ascii(address):
    place = replace(samples.PLACE, online_url=address)
    octets = ical.entry(
        replace(samples.EVENT, place=place), publisher=samples.publisher(), personal=True
    )
    line = next(
        line
        for line in octets.replace(b"\r\n ", b"").split(b"\r\n")
        if line.startswith(b"CONFERENCE")
    )
    assert line.isascii()
    assert b" " not in line.rpartition(b":")[2]
