"""Letters: complete, kind, in one language, and harmless whatever people are called."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import icalendar
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import example, given, settings

from eventkit.documents.letters import write
from eventkit.model.event import Mode
from eventkit.model.letter import Facts, LetterKind, Method
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import Text
from eventkit.rules.text import clean
from tests.documents import golden, samples
from tests.documents.test_ical_hostile import HOSTILE, NASTY

KINDS = list(LetterKind)
ROOT = Path(__file__).parents[2]


def written(letter, **more):
    link = samples.personal_link(letter.kind)
    given = {"sender": samples.SENDER, "links": samples.LINKS, "personal_link": link, **more}
    return write(letter, **{"reply": True, **given})


def read_back(message):
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def text_of(message):
    return message.get_body(("plain",)).get_content()


def html_of(message):
    return message.get_body(("html",)).get_content()


class Page(HTMLParser):
    """The words, links and elements of an HTML letter."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.links, self.words = [], [], []
        self.feed(html.partition("</style>")[2])

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_golden_copies(kind, language):
    message = written(samples.letter(kind, language))
    headers = "".join(
        f"{name}: {value}\n" for name, value in message.items() if name != "Content-Type"
    )
    golden.check(f"letter-{kind}-{language}.txt", f"{headers}\n{text_of(message)}".encode())


@pytest.mark.parametrize(
    "kind", [LetterKind.CONFIRMED, LetterKind.CANCELLED, LetterKind.NEWSLETTER_WELCOME]
)
def test_golden_mails(kind):
    golden.check(f"letter-{kind}-de.eml", written(samples.letter(kind)).as_bytes())


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_letter_is_the_same_octets_at_every_try(kind):
    letter = samples.letter(kind)
    assert written(letter).as_bytes() == written(letter).as_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_are_those_of_rfc_6047(kind):
    letter = samples.letter(kind)
    message = read_back(written(letter))
    shape = [part.get_content_type() for part in message.walk()]
    if letter.method is None:
        assert shape == ["multipart/alternative", "text/plain", "text/html"]
        return
    assert shape == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inline, attached = list(message.walk())[4:]
    assert inline["Content-Type"].params == {
        "charset": "utf-8",
        "method": letter.method.value,
        "component": "VEVENT",
    }
    assert attached["Content-Type"].params["name"] == attached.get_filename() == "invite.ics"
    assert "Content-Disposition" not in inline
    octets = inline.get_payload(decode=True)
    assert octets == attached.get_payload(decode=True)
    assert icalendar.Calendar.from_ical(octets)["METHOD"] == letter.method.value
    for part in message.walk():
        if not part.is_multipart():
            assert part["Content-Transfer-Encoding"] == "base64"
            assert part.get_content_charset() == "utf-8"


@pytest.mark.parametrize("kind", KINDS)
def test_headers_say_who_what_and_that_a_machine_wrote(kind):
    letter = samples.letter(kind)
    message = read_back(written(letter))
    assert message["Date"].datetime == samples.NOW
    assert message["Message-ID"] == letter.message_id
    assert [address.addr_spec for address in message["From"].addresses] == [samples.SENDER]
    assert [address.addr_spec for address in message["To"].addresses] == ["lucja@example.com"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == "de"
    assert "Cc" not in message
    assert "Bcc" not in message
    if letter.method:
        octets = message.get_body(("html",)) and list(message.walk())[4].get_payload(decode=True)
        entry = icalendar.Calendar.from_ical(octets).walk("VEVENT")[0]
        assert entry["ORGANIZER"] == f"mailto:{message['From'].addresses[0].addr_spec}"
        assert entry["ATTENDEE"] == f"mailto:{message['To'].addresses[0].addr_spec}"


def test_answers_of_people_go_to_the_contact_unless_that_is_the_sender():
    assert "jana@netzwerk.example" in str(written(samples.LETTER)["Reply-To"])
    facts = replace(samples.FACTS, contact_email="Post@Netzwerk.example")
    same = written(replace(samples.LETTER, facts=facts), sender="Post@netzwerk.example")
    assert same["Reply-To"] is None


def test_the_newsletter_can_be_left_with_one_click():
    """R52"""
    octets = written(samples.letter(LetterKind.NEWSLETTER_WELCOME)).as_bytes()
    link = samples.personal_link(LetterKind.NEWSLETTER_WELCOME)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in octets
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in octets
    assert (
        b"List-Unsubscribe" not in written(samples.letter(LetterKind.NEWSLETTER_CONFIRM)).as_bytes()
    )


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind, language):
    message = written(samples.letter(kind, language))
    page, text = Page(html_of(message)), text_of(message)
    plain = set(re.findall(r"\w+", re.sub(r"https?://\S+", "", text)))
    rich = set(re.findall(r"\w+", re.sub(r"https?://\S+", "", page.text)))
    assert plain <= rich | {"_"}
    assert rich <= plain
    for link in re.findall(r"https?://[^\s)]+", text):
        assert link in page.links


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_plain_and_safe(kind):
    html = html_of(written(samples.letter(kind)))
    page = Page(html)
    assert html.startswith('<!doctype html>\n<html lang="de">')
    assert page.elements.count("h1") == 1
    assert not {"table", "img", "script", "iframe", "form", "link"} & set(page.elements)
    assert " style=" not in html
    assert "url(" not in html
    assert all(link.startswith(("https://", "mailto:")) for link in page.links)


@pytest.mark.parametrize("kind", KINDS)
def test_plain_text_is_set_to_72_columns(kind):
    for line in text_of(written(samples.letter(kind))).splitlines():
        assert len(line) <= 72 or "https://" in line
        assert line == line.rstrip() or line == "-- "


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if not kind.startswith(("newsletter", "speaker_link"))]
)
def test_day_title_and_link_stand_in_both_forms(kind):
    message = written(samples.letter(kind, "en"))
    for words in (text_of(message), Page(html_of(message)).text):
        assert "Friday 12 March 2027, 10 am – 4 pm" in words
        assert "Spring meeting of the mentors" in words
    assert samples.LINKS.event(samples.EVENT.slug) in text_of(message)
    if kind is not LetterKind.MESSAGE:
        assert message["Subject"].endswith("Spring meeting of the mentors, 12 March 2027")


def test_a_registration_cancelled_by_the_organiser_says_why_and_does_not_thank():
    facts = replace(
        samples.FACTS,
        cancelled_by=CancelledBy.ORGANISER,
        state=State.CANCELLED,
        reason=Text("Leider zu spät."),
    )
    letter = replace(samples.letter(LetterKind.CANCELLED), facts=facts)
    text = text_of(written(letter))
    assert "Leider zu spät." in text
    assert "Danke" not in text
    assert written(letter)["Subject"].startswith("Ihre Anmeldung wurde storniert: ")


@pytest.mark.parametrize(
    ("state", "queue", "words"),
    [
        (State.CONFIRMED, None, "You have a seat."),
        (State.WAITING, 5, "You are number 5 on the waiting list."),
        (State.WAITING, None, "You are on the waiting list."),
        (State.REQUESTED, None, "Your request has arrived"),
    ],
)
def test_who_registers_twice_is_told_how_it_stands(state, queue, words):
    facts = replace(samples.FACTS, state=state, queue=queue)
    text = text_of(written(replace(samples.letter(LetterKind.ALREADY, "en"), facts=facts)))
    assert words in " ".join(text.split())
    assert ("do not travel" in text) is (state is not State.CONFIRMED)


def test_nobody_is_told_not_to_travel_to_an_online_meeting():
    place = replace(samples.PLACE, online_url="https://talk.example.org/r/1")
    for kind in (LetterKind.WAITING, LetterKind.REQUESTED, LetterKind.CALLED_OFF):
        letter = samples.letter(kind, "en")
        letter = replace(letter, facts=replace(letter.facts, mode=Mode.ONLINE, place=place))
        text = text_of(written(letter))
        assert "travel" not in text
        assert "Online      https://talk.example.org/r/1" in text
        assert "Greifswalder" not in text


def test_what_changed_is_shown_old_and_new():
    text = text_of(written(samples.letter(LetterKind.CHANGED, "en")))
    assert "When    Friday 12 March 2027, 10 am – 4 pm\nbefore  Thursday 11 March 2027" in text
    assert "before  Rathaus, Markt 1, 10405 Berlin" in text
    html = html_of(written(samples.letter(LetterKind.CHANGED, "en")))
    assert "<del>Thursday 11 March 2027, 10 am – 4 pm</del>" in html


def test_a_new_title_and_a_longer_meeting_are_changes_too():
    facts = replace(
        samples.FACTS,
        before_title=Text("Altes Treffen", "Old meeting"),
        before_ends_at=samples.EVENT.ends_at - timedelta(hours=1),
    )
    text = text_of(written(replace(samples.letter(LetterKind.CHANGED), facts=facts)))
    assert "vorher  Altes Treffen" in text
    assert "vorher  Freitag, 12. März 2027, 10–15 Uhr" in text
    assert "Rathaus" not in text


def test_a_title_written_only_in_the_other_language_is_marked():
    """R64"""
    facts = replace(samples.FACTS, title=Text(de="Nur deutsch"))
    html = html_of(written(replace(samples.LETTER, facts=facts, language="en")))
    assert '<span lang="de">Nur deutsch</span>' in html


def test_a_name_that_is_an_address_makes_no_link():
    """R24"""
    letter = replace(samples.LETTER, name="www.evil.example/x https://evil.example a@b.example")
    message = written(letter)
    for words in (text_of(message), html_of(message)):
        assert "www.evil" not in words
        assert "https://evil" not in words
        assert "a@b.example" not in words
    assert '<bdi class="name">' in html_of(message)
    assert "evil" not in message["Subject"]


@pytest.mark.parametrize("name", ["Łucja Müller-O’Neill", "Dr. Ö. al-Ḥasan (Bo)", "Anna M. Rahn"])
def test_ordinary_names_stay_as_they_are(name):
    assert name in text_of(written(replace(samples.LETTER, name=name)))


@settings(max_examples=40, deadline=None)
@given(name=HOSTILE, words=HOSTILE)
@example(name=NASTY[2], words="x\r\nBcc: evil@evil.example")
@example(name="<b>x</b>", words="<b onclick=x>\n<img src=x><script>")
@example(name="a b, " * 50 + "ü", words="=?utf-8?q?=0D=0ABcc:_x?=")
def test_no_name_breaks_a_letter(name, words):
    place = replace(samples.PLACE, name=words, directions=Text(words, words))
    facts = replace(
        samples.FACTS, organisation=Text(words), title=Text(words), contact_name=name, place=place
    )
    message = read_back(written(replace(samples.LETTER, name=name, facts=facts)))
    assert set(message.keys()) == set(written(samples.LETTER).keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["lucja@example.com"]
    assert [address.addr_spec for address in message["From"].addresses] == [samples.SENDER]
    assert [a.addr_spec for a in message["Reply-To"].addresses] == ["jana@netzwerk.example"]
    assert not message.defects
    page = Page(html_of(message))
    assert not {"script", "img", "b"} & set(page.elements)
    assert len(list(message.walk())) == 6


@pytest.mark.parametrize(
    "name", ["Łucja Müller-O’Neill", 'Bo "Quote", Rahn; x', "Jürgen (Öz) <x@y>"]
)
def test_the_name_in_the_header_is_the_name(name):
    assert read_back(written(replace(samples.LETTER, name=name)))["To"].addresses[
        0
    ].display_name == clean(name)


def test_a_domain_beyond_ascii_is_written_in_punycode():
    message = read_back(written(replace(samples.LETTER, email="bo@bücher.example")))
    assert message["To"].addresses[0].addr_spec == "bo@xn--bcher-kva.example"
    assert message.as_bytes().isascii()


def test_an_address_beyond_ascii_keeps_its_local_part():
    octets = written(replace(samples.LETTER, email="jürgen@bücher.example")).as_bytes()
    assert "jürgen@xn--bcher-kva.example".encode() in octets


def test_a_letter_with_a_method_but_no_meeting_is_a_mistake():
    facts = Facts(organisation=samples.ORGANISATION, title=Text("x"))
    with pytest.raises(ValueError, match="no calendar part"):
        written(replace(samples.LETTER, facts=facts, method=Method.REQUEST))


def test_every_sentence_has_its_german():
    """R64"""
    sources = [
        *(("jinja2.ext:babel_extract", path) for path in (ROOT / "templates/letters").glob("*.j2")),
        *(("python", path) for path in (ROOT / "eventkit/documents/ical").glob("*.py")),
        ("python", ROOT / "eventkit/documents/writing.py"),
    ]
    keywords = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2)}
    used = set()
    for method, path in sources:
        for _, message, _, context in extract_from_file(method, path, keywords=keywords):
            used.add((context, message if isinstance(message, str) else message[-1]))
    with (ROOT / "eventkit/translations/de/letters.po").open("rb") as file:
        messages = {(m.context, m.id): m.string for m in read_po(file, locale="de") if m.id}
    assert used == set(messages)
    for (_, english), german in messages.items():
        assert german
        assert set(re.findall(r"%\(\w+\)s", german)) == set(re.findall(r"%\(\w+\)s", english))
