"""One gate for what people type (R23)."""

import unicodedata
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.errors import Invalid
from eventkit.rules import text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("a\u202eb\u2066c\ufeff", "abc"),
        ("a\x00b\x0bc\x7f", "abc"),
        ("a\ud800b", "ab"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("e\u0301", "é"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("\ufdd0x\uffff", "x"),
    ],
)
def test_what_only_harms_is_taken_out(typed: str, kept: str) -> None:
    assert text.clean(typed) == kept


def test_longer_texts_keep_their_lines() -> None:
    assert text.clean("a \r\nb\rc\n\n", lines=True) == "a\nb\nc"


@given(st.text())
def test_nothing_cleaned_trips_a_writer(typed: str) -> None:
    kept = text.clean(typed, lines=True)
    assert text.clean(kept, lines=True) == kept
    assert kept.encode().decode() == kept
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in kept)
    assert "\n" not in text.clean(typed)


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz O’Neill-Ştefan",
        "Đặng Thị Mai",
        "Mentor*innen AG",
        "Dr. med. A.-B. Groß",
        "李小龍",
        "Ada (geb. X)",
        "Müller / Schmidt: Büro · Köln",
    ],
)
def test_real_names_are_welcome(name: str) -> None:
    assert text.person_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        ("\u200b – !", "required"),
        ("http://evil.example", "name_with_address"),
        ("Win evil.com now", "name_with_address"),
        ("a@b.de", "name_with_address"),
        ("x" * 201, "too_long"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    """R24"""
    with pytest.raises(Invalid) as refused:
        text.person_name(name)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.COM ", "Ada@example.com"),
        ("ü@bücher.de", "ü@xn--bcher-kva.de"),
        ("a+b.c_d'e@sub.example.museum", "a+b.c_d'e@sub.example.museum"),
    ],
)
def test_one_address_is_accepted(typed: str, kept: str) -> None:
    assert text.address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "a@b",
        "a@b@c.de",
        "a b@c.de",
        "a,b@c.de",
        "a@c.de, b@c.de",
        "a@-c.de",
        "a@c..de",
        ".a@c.de",
        "a..b@c.de",
        "a@1.2.3.4",
        "x" * 65 + "@c.de",
        "a@" + "x." * 130 + "de",
        "a@c.de\r\nBcc: x@y.de",
        "<a@c.de>",
    ],
)
def test_anything_else_is_no_address(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        text.address(typed)
    assert refused.value.field == "email"


@given(st.text(max_size=300))
def test_an_address_is_refused_or_safe_in_a_header(typed: str) -> None:
    try:
        kept = text.address(typed)
    except Invalid:
        return
    assert kept.count("@") == 1
    assert not any(c in kept for c in "\r\n,<>;: ")
    assert text.address(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\Vortrag.pptx", "Vortrag.pdf"),
        ("Bildung, Migration und Milieu.PDF", "Bildung, Migration und Milieu.pdf"),
        ("a\x00\u202efdp.exe", "afdp.pdf"),
        ("...", "file.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
    ],
)
def test_file_names_are_harmless(typed: str, kept: str) -> None:
    """R21"""
    assert text.filename(typed, "pdf") == kept


@pytest.mark.parametrize(
    "good", ["https://example.org/ä?x=1#y", "http://a.de", "mailto:a@b.de", ""]
)
def test_links_to_the_web_are_accepted(good: str) -> None:
    assert text.web_address(f" {good} ") == good


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.de",
        "https://",
        'https://a.de/"onclick',
        "https://a.de/<b>",
        "ftp://a.de",
        "https://a b.de",
    ],
)
def test_other_schemes_and_breakouts_are_refused(bad: str) -> None:
    with pytest.raises(Invalid):
        text.web_address(bad)


def test_slugs_lose_no_letter_of_a_turkish_or_polish_name() -> None:
    assert text.slug("Fatma Yıldız") == "fatma-yildiz"
    assert text.slug("Işıl Łącka-Əliyeva") == "isil-lacka-eliyeva"


@given(st.text())
def test_slugs_are_plain(typed: str) -> None:
    assert set(text.slug(typed)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert text.slug(text.slug(typed)) == text.slug(typed)


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 50_000 + "@",
        "a@" * 25_000,
        "a." * 25_000,
        "www." * 9_000,
        "-" * 50_000,
        "\u0301" * 9_000,
    ],
)
def test_no_text_makes_a_pattern_run_away(hostile):
    """R37"""
    started = process_time()
    for judge in (text.clean, text.person_name, text.address, text.slug, text.web_address):
        with suppress(Invalid):
            judge(hostile)
    text.filename(hostile, "pdf")
    assert process_time() - started < 2
