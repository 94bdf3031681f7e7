"""An organiser's own words: filled exactly once, harmless, and never without the facts."""

import re
import string
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventkit.documents import own_words, writing
from eventkit.documents.letters import write
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy
from eventkit.rules import colours, placeholders, wordings
from eventkit.rules.text import clean
from tests.documents import samples
from tests.documents.test_ical_hostile import HOSTILE
from tests.documents.test_letters import Page, html_of, read_back, text_of

ADDRESSES = {
    "link": samples.PERSONAL,
    "page": samples.LINKS.event(samples.EVENT.slug),
    "programme": samples.LINKS.programme(samples.EVENT.slug),
}
PIECES = st.one_of(
    st.sampled_from([f"{{{name}}}" for name in placeholders.KNOWN]),
    st.sampled_from(["{", "}", "{{", "}}", "{}", "{0}", "{name!r}", "{nobody}", "%s", "{{ 7*7 }}"]),
    st.sampled_from(["*", "**", "_", "`", "# ", "- ", "1. ", "\n", "\n\n", " ", "[x](", ")", "<"]),
    st.text(string.ascii_letters + " äß.&\\", max_size=12),
)
TYPED = st.lists(PIECES, max_size=12).map("".join)


def worded(subject="", body="", name="Łucja Müller-O’Neill", kind=LetterKind.CONFIRMED):
    letter = samples.letter(kind)
    facts = replace(letter.facts, own_subject=subject, own_body=body)
    return replace(letter, name=name, facts=facts)


def written(letter):
    return write(letter, sender=samples.SENDER, links=samples.LINKS, personal_link=samples.PERSONAL)


def values(name="Bo"):
    return own_words.values(samples.FACTS, name, "en", addresses=ADDRESSES)


@given(typed=TYPED)
@example(typed="{name}{name}")
@example(typed="{{name}}")
def test_every_placeholder_is_filled_exactly_once(typed):
    """R19: a value that looks like a placeholder is not filled again."""
    marks = {name: f"<{name}|{{link}}>" for name in placeholders.KNOWN}
    filled = placeholders.fill(typed, marks)
    for name in placeholders.KNOWN:
        assert filled.count(marks[name]) == typed.count(f"{{{name}}}")


@settings(max_examples=60)
@given(typed=TYPED)
@example(typed="`{name}` and ```\n{name}\n```")
@example(typed="[{name}]({link}) <{link}> {link}")
@example(typed="{name}\n===\n> {place}\n1. {date}")
def test_what_may_be_saved_shows_each_value_once_in_both_forms(typed):
    if own_words.lost(typed):
        return
    shown = {name: f"Q{at:02}Q" for at, name in enumerate(placeholders.WORDS)}
    filled = values() | shown
    plain, rich = own_words.to_text(typed, filled), own_words.to_html(typed, filled)
    page = Page(f"</style>{rich}")
    for name, value in shown.items():
        assert plain.count(value) == clean(typed, lines=True).count(f"{{{name}}}")
        assert page.text.count(value) == plain.count(value)


@pytest.mark.parametrize(
    "value", ["{link}", "{{name}}", "**x**", "<b>x</b>", "[x](https://evil.example)", "# x", "`"]
)
def test_a_value_is_text_and_nothing_more(value):
    """R24: no mark-up, no placeholder and no link comes out of a name."""
    letter = worded(subject="{name}", body="Hello {name}, *{name}*!", name=value)
    page = Page(html_of(written(letter)))
    assert own_words.fenced(value) in page.text
    assert "https://evil.example" not in page.links
    assert "b" not in page.elements
    assert samples.PERSONAL not in str(written(letter)["Subject"])


@settings(max_examples=10)
@given(subject=HOSTILE, body=HOSTILE, name=HOSTILE)
@example(subject="=?utf-8?q?=0D=0ABcc:_x?=", body="</style><script>x</script>", name="x\r\nBcc: y")
@example(subject="{name}\r\nBcc: e@evil.example", body="\ufdd0\ufdd1{name}", name="\ufdd0{link}")
@example(subject="x", body="https://link.placeholder.invalid/ {link}", name="{name}")
def test_any_words_and_any_name_give_a_valid_mail(subject, body, name):
    """R18, R23"""
    message = read_back(written(worded(subject=subject, body=body, name=name)))
    assert not message.defects
    assert set(message.keys()) == set(written(samples.LETTER).keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["lucja@example.com"]
    page = Page(html_of(message))
    assert not {"script", "img", "iframe", "form"} & set(page.elements)
    assert all(link.startswith(("https://", "mailto:")) for link in page.links)


@pytest.mark.parametrize("kind", wordings.KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_wording_can_take_the_facts_away(kind, language):
    by_us = kind == wordings.BY_US
    made = samples.letter(LetterKind.CANCELLED if by_us else LetterKind(kind), language)
    letter = replace(made, facts=replace(made.facts, own_subject="x", own_body="y"))
    text = text_of(written(letter))
    assert ("Friday 12 March 2027" if language == "en" else "Freitag, 12. März 2027") in text
    assert "Greifswalder Straße 4" in text
    assert samples.EVENT.title.pick(language)[0] in text
    assert samples.LINKS.event(samples.EVENT.slug) in text
    was_linked = samples.PERSONAL in text_of(written(made))
    assert (samples.PERSONAL in text) is was_linked
    assert read_back(written(letter)).get_content_type() == (
        "multipart/mixed" if letter.method else "multipart/alternative"
    )


def test_what_stays_true_stays_said():
    """A queue's place, a deadline, what changed and why: not the organiser's to leave out."""
    waiting = replace(samples.FACTS, queue=3, own_body="y")
    letter = replace(samples.letter(LetterKind.WAITING, "en"), facts=waiting)
    assert "You are number 3 on the waiting list." in text_of(written(letter))
    changed = samples.letter(LetterKind.CHANGED, "en")
    changed = replace(changed, facts=replace(changed.facts, own_body="y"))
    assert "before  Thursday 11 March 2027" in text_of(written(changed))
    off = samples.letter(LetterKind.CALLED_OFF, "en")
    off = replace(off, facts=replace(off.facts, own_body="y"))
    assert "burst pipe" in text_of(written(off))


@pytest.mark.parametrize("kind", wordings.KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_standard_text_as_own_words_says_the_same(kind, language):
    """What the editor starts from is the letter as it is."""
    by_us = kind == wordings.BY_US
    made = samples.letter(LetterKind.CANCELLED if by_us else LetterKind(kind), language)
    if by_us:
        made = replace(made, facts=replace(made.facts, cancelled_by=CancelledBy.ORGANISER))
    subject, body = writing.standard(kind, language)
    assert not placeholders.unknown(subject + body)
    assert not own_words.lost(body)
    worded = replace(made, facts=replace(made.facts, own_subject=subject, own_body=body))
    own, standard = (text_of(written(letter)) for letter in (worded, made))
    assert set(standard.split()) <= set(own.split())


@pytest.mark.parametrize(
    ("typed", "lost"),
    [
        ("{name} {link} [here]({link}) [{name}]({page})", []),
        ("[x](https://example.org/{name})", ["name"]),
        ("[x]: {link}\n\n[x] and [x]", ["link"]),
        ("[x](https://example.org '{place}')", ["place"]),
    ],
)
def test_a_placeholder_that_would_vanish_is_found(typed, lost):
    assert own_words.lost(typed) == lost


def test_the_logo_travels_inside_and_the_letter_is_the_same_at_every_try():
    letter = samples.letter(LetterKind.CONFIRMED)
    pixel = bytes.fromhex("89504e470d0a1a0a")

    def carried():
        return write(letter, sender=samples.SENDER, links=samples.LINKS, logo=pixel)

    message = read_back(carried())
    assert carried().as_bytes() == carried().as_bytes()
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    address = picture["Content-ID"].strip("<>")
    assert f'src="cid:{address}"' in html_of(message)
    assert picture.get_payload(decode=True) == pixel
    assert "multipart/related" in [part.get_content_type() for part in message.walk()]


@pytest.mark.parametrize("accent", ["#ffff00", "#7a2048", "#000000", "#ffffff"])
def test_the_accent_is_readable_in_light_and_dark(accent):
    facts = replace(samples.FACTS, accent=accent)
    html = html_of(written(replace(samples.LETTER, facts=facts)))
    light, dark = re.findall(r"\n *a(?:, \.date)? \{ color: (#\w{6}); \}", f"\n{html}")
    assert colours.contrast(light, "#ffffff") >= 4.5
    assert colours.contrast(dark, "#1c2124") >= 4.5
