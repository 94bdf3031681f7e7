"""Organisers' Markdown: to safe HTML, and to plain text for letters and calendars.

CommonMark without HTML and without automatic links; a line break stays a line break.
A star between two letters stays a star, as in "Mentor*innen und Vertreter*innen".
"""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_TAGS = {"p", "br", "hr", "strong", "em", "a", "code", "pre", "ul", "ol", "li", "blockquote"} | {
    f"h{level}" for level in (2, 3, 4, 5, 6)
}
_SCHEMES = ("https://", "mailto:")


def to_html(text: str, *, top: int = 3) -> str:
    """The text as HTML that is safe to show: headings, lists, quotes, links.

    The highest heading of the text becomes `top` (2 to 6) and no level is skipped, however
    it was typed. Only https and mailto addresses become links; anything else stays as typed.
    """
    tokens = _MARKDOWN.parse(text)
    _level(tokens, top)
    rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener",
    ).strip()


def _level(tokens: Sequence[Token], top: int) -> None:
    """Fit the headings of a text below those of the page around it."""
    typed = sorted({token.tag for token in tokens if token.type == "heading_open"})
    deepest, shown = top - 1, ""
    for token in tokens:
        if token.type == "heading_open":
            deepest = min(top + typed.index(token.tag), deepest + 1, 6)
            shown = f"h{deepest}"
        if token.type in ("heading_open", "heading_close"):
            token.tag = shown


def to_plain(text: str) -> str:
    """The text for readers without HTML: "- " before list items, "> " before quotes.

    Paragraphs are parted by an empty line, a link is followed by its address in brackets.
    """
    return _Plain().write(_MARKDOWN.parse(text))


class _Plain:
    """Writes a list of Markdown tokens as lines of plain text."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._margin: list[str] = []
        self._counters: list[int | None] = []
        self._bullet = ""
        self._gap: str | None = None

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._block(token)
        return "\n".join(self._lines).strip("\n")

    def _block(self, token: Token) -> None:
        if token.type.endswith("list_open"):
            ordered = token.type.startswith("ordered")
            self._counters.append(int(token.attrs.get("start", 1)) if ordered else None)
        elif token.type.endswith("list_close"):
            self._counters.pop()
        elif token.type == "list_item_open":
            self._open_item()
        elif token.type == "blockquote_open":
            self._margin.append("> ")
        elif token.type in ("list_item_close", "blockquote_close"):
            self._margin.pop()
            self._bullet = ""
        else:
            self._leaf(token)
        if token.type.endswith("_close") and not token.hidden and token.type != "list_item_close":
            self._gap = "".join(self._margin)

    def _leaf(self, token: Token) -> None:
        if token.type == "inline":
            self._add(_inline(token.children or []))
        elif token.type in ("fence", "code_block", "hr"):
            self._add("* * *" if token.type == "hr" else token.content.rstrip("\n"))
            self._gap = "".join(self._margin)

    def _open_item(self) -> None:
        number = self._counters[-1]
        self._bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self._counters[-1] = number + 1
        self._margin.append(" " * len(self._bullet))

    def _add(self, words: str) -> None:
        margin = "".join(self._margin)
        if self._gap is not None and self._lines:
            self._lines.append(self._gap.rstrip())
        self._gap = None
        for words_line in words.split("\n"):
            start = margin[: len(margin) - len(self._bullet)] + self._bullet
            self._bullet = ""
            self._lines.append((start + words_line).rstrip())


def _inline(children: Sequence[Token]) -> str:
    words: list[str] = []
    opened: list[tuple[int, str]] = []
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif token.type == "link_open":
            opened.append((len(words), str(token.attrs.get("href", ""))))
        elif token.type == "link_close":
            start, address = opened.pop()
            label = "".join(words[start:])
            bare = address.removeprefix("mailto:")
            if label not in (address, bare):
                words.append(f" ({bare})")
        else:
            words.append(token.content)
    return "".join(words)


def _star_in_word(state: StateInline, silent: bool) -> bool:
    source, place = state.src, state.pos
    inside = source[place] == "*" and 0 < place < len(source) - 1
    if not inside or not (source[place - 1].isalpha() and source[place + 1].isalpha()):
        return False
    if not silent:
        state.pending += "*"
    state.pos += 1
    return True


class _Markdown(MarkdownIt):
    """CommonMark whose only links are https and mailto."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 # the library's name
        return url.lower().startswith(_SCHEMES)


def _markdown() -> MarkdownIt:
    markdown = _Markdown("commonmark", {"html": False, "linkify": False, "breaks": True})
    markdown.disable(["image", "html_block", "html_inline"])
    markdown.inline.ruler.before("emphasis", "star_in_word", _star_in_word)
    return markdown


_MARKDOWN = _markdown()
