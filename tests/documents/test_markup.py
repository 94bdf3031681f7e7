"""Organisers' Markdown becomes safe HTML and readable text, stars included (R18)."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.documents.markup import to_html, to_plain
from eventkit.documents.typeset import WIDTH, columns, wrapped


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Mentor*innen und Vertreter*innen", "<p>Mentor*innen und Vertreter*innen</p>"),
        ("Kolleg*inn*en", "<p>Kolleg*inn*en</p>"),
        (
            "*Mentor*innen* **Bürger*innen**",
            "<p><em>Mentor*innen</em> <strong>Bürger*innen</strong></p>",
        ),
        ("**sehr** *wichtig*", "<p><strong>sehr</strong> <em>wichtig</em></p>"),
        ("# Eins\n\n## Zwei", "<h3>Eins</h3>\n<h4>Zwei</h4>"),
        ("##### Fünf", "<h3>Fünf</h3>"),
        ("Zeile\nZeile", "<p>Zeile<br>\nZeile</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("> Zitat", "<blockquote>\n<p>Zitat</p>\n</blockquote>"),
        (
            "[x](https://a.example/?b&c)",
            '<p><a href="https://a.example/?b&amp;c" rel="noopener">x</a></p>',
        ),
        ("[x](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="noopener">x</a></p>'),
        ("[x](http://a.example)", "<p>[x](http://a.example)</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](//a.example)", "<p>[x](//a.example)</p>"),
        ("[x](/my/)", "<p>[x](/my/)</p>"),
        ("www.a.example https://a.example", "<p>www.a.example https://a.example</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<b onclick=x>", "<p>&lt;b onclick=x&gt;</p>"),
        (
            "![x](https://a.example/x.png)",
            '<p>!<a href="https://a.example/x.png" rel="noopener">x</a></p>',
        ),
        ("&lt;script&gt; &amp; ©", "<p>&lt;script&gt; &amp; ©</p>"),
        ("", ""),
    ],
)
def test_html(source, html):
    assert to_html(source) == html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Weg\n\nTram **M4**\nzum Tor", "Weg\n\nTram M4\nzum Tor"),
        ("- a\n- b\n  1. c\n  2. d", "- a\n- b\n  1. c\n  2. d"),
        ("a\n\n- b\n\nc", "a\n\n- b\n\nc"),
        ("> eins\n>\n> zwei", "> eins\n>\n> zwei"),
        ("- a\n\n  b", "- a\n\n  b"),
        ("[Karte](https://a.example)", "Karte (https://a.example)"),
        ("<https://a.example>", "https://a.example"),
        ("[a@b.example](mailto:a@b.example)", "a@b.example"),
        ("Mentor*innen **x**", "Mentor*innen x"),
        ("`code` <b>", "code <b>"),
        ("---", "* * *"),
        ("    code\n    more", "code\nmore"),
        ("", ""),
    ],
)
def test_plain(source, text):
    assert to_plain(source) == text


ALLOWED = {"p", "br", "hr", "strong", "em", "a", "code", "pre", "ul", "ol", "li", "blockquote"}


@given(
    st.one_of(
        st.text(max_size=200),
        st.text(st.sampled_from("*_[]()<>!`#-> \n\"'&;:/ahrefscriptjvmlx"), max_size=200),
    )
)
def test_no_text_becomes_a_harmful_element(source):
    tree = html5lib.parseFragment(to_html(source), namespaceHTMLElements=False)
    for element in tree.iter():
        if element is tree:
            continue
        assert element.tag in ALLOWED | {"h3", "h4", "h5", "h6"}
        assert set(element.attrib) <= {"href", "rel", "start"}
        assert element.get("href", "https://").startswith(("https://", "mailto:"))
    assert isinstance(to_plain(source), str)


@given(st.text(max_size=300))
def test_wrapping_loses_no_word(text):
    assert wrapped(text).split() == text.split()


def test_list_items_and_quotes_keep_their_margin_when_wrapped():
    lines = wrapped("- " + "wort " * 30 + "\n> " + "zitat " * 30).splitlines()
    assert lines[0].startswith("- wort")
    assert lines[1].startswith("  wort")
    assert lines[-1].startswith("> zitat")
    assert max(map(len, lines)) <= WIDTH


def test_facts_stand_under_each_other():
    assert (
        columns([("Wann", "heute"), ("Wo", "hier\noder da")])
        == "Wann  heute\nWo    hier\n      oder da"
    )
