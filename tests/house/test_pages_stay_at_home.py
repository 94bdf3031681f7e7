"""Templates and stylesheets obey the content security policy and never call another host."""

import re

import pytest

from tests.house.source import files, place

COMMENT = re.compile(r"{#.*?#}|<!--.*?-->", re.DOTALL)
# Letters are read in mail programs, which know nothing but inline styles.
LETTERS = "templates/letters/"

INLINE = {
    "marks text as safe": re.compile(r"\|\s*safe\b"),
    "switches escaping off": re.compile(r"{%-?\s*autoescape\s+false"),
    "has an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "has a style element": re.compile(r"<style\b", re.IGNORECASE),
    "has an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"'{]", re.IGNORECASE),
    "has a javascript: address": re.compile(r"[\"']javascript:", re.IGNORECASE),
    "has an inline script": re.compile(
        r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*type=[\"']application/ld\+json[\"'])", re.IGNORECASE
    ),
}
FOREIGN = {
    "loads from another host": re.compile(
        r"<(?:script|img|iframe|source|video|audio|embed|object|track|input)\b[^>]*\s"
        r"(?:src|srcset|data|poster)\s*=\s*[\"'](?:https?:)?//",
        re.IGNORECASE,
    ),
    "links a resource of another host": re.compile(
        r"<link\b(?=[^>]*rel\s*=\s*[\"'](?:stylesheet|preload|icon|preconnect|dns-prefetch|"
        r"modulepreload|manifest))[^>]*href\s*=\s*[\"'](?:https?:)?//",
        re.IGNORECASE,
    ),
    "has url() or @import of another host": re.compile(
        r"(?:url\(\s*|@import\s+)[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}
SCRIPT_CALLS = re.compile(
    r"(?:fetch|import|importScripts|Worker|EventSource|WebSocket|sendBeacon|open)\s*\(\s*"
    r"[\"'`](?:https?:|wss?:)?//"
)


def offences(where: str, text: str) -> list[str]:
    """What a template or stylesheet does that no page may do."""
    text = COMMENT.sub("", text)
    rules = dict(FOREIGN)
    if where.startswith("templates/"):
        rules |= INLINE
        if where.startswith(LETTERS):
            rules.pop("has an inline style")
            rules.pop("has a style element")
        if where.startswith("templates/print/"):
            rules.pop("has a style element")  # no browser sees these, WeasyPrint does
    if where.endswith(".js"):
        rules = {"calls another host": SCRIPT_CALLS}
    return [
        f"{where} {what}: {m[0][:60]}" for what, rule in rules.items() for m in rule.finditer(text)
    ]


def test_no_page_does_what_no_page_may_do():
    """R38"""
    pages = files("templates/**/*.*", "static/**/*.css", "static/**/*.js", "static/**/*.svg")
    found = [o for path in pages for o in offences(place(path), path.read_text())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "sample",
    [
        "{{ text|safe }}",
        "{{ text | safe }}",
        "{% autoescape false %}",
        '<p style="color:red">',
        "<style>p{}</style>",
        '<a href="/" onclick="go()">',
        "<script>alert(1)</script>",
        '<script type="module">go()</script>',
        '<a href="javascript:go()">',
        '<img alt="" src="https://other.example/a.png">',
        '<script src="//other.example/a.js"></script>',
        '<link rel="stylesheet" href="https://other.example/a.css">',
    ],
)
def test_a_bad_template_is_found(sample):
    assert offences("templates/public/page.html", sample)


def test_a_bad_stylesheet_or_script_is_found():
    assert offences("static/css/a.css", "@font-face{src:url(https://fonts.example/a.woff2)}")
    assert offences("static/css/a.css", "@import '//other.example/a.css';")
    assert offences("static/js/a.js", "fetch('https://other.example/')")


def test_a_good_template_is_left_alone():
    good = """{# no |safe here #}<script src="{{ asset('js/form.js') }}" defer></script>
    <script type="application/ld+json">{{ data|tojson }}</script><a href="https://example.org">x</a>
    <link rel="canonical" href="https://example.org/"><button data-once="yes">ok</button>"""
    assert offences("templates/public/page.html", good) == []
    assert offences("templates/letters/frame.html", '<p style="margin:0">') == []
