"""A reader that proof-reads every page a test fetches, as a careful editor would."""

import re
from hashlib import sha256
from html.parser import HTMLParser

import html5lib

_TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
_READ: set[bytes] = set()  # pages that were found good; only their token differs
_IDREFS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list")
_LABELLED = {"input", "select", "textarea"}
_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
_FOREIGN = re.compile(r"^(?:https?:)?//", re.I)


class PageFault(AssertionError):
    """A page has a fault an editor would mark."""


class _Elements(HTMLParser):
    """All start tags with their attributes and the labels that wrap a field."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.wrapped: set[int] = set()
        self.text: dict[int, str] = {}
        self._open: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            raise PageFault(f"<{tag}> has an attribute twice: {names}")
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        at = len(self.found) - 1
        if any(name == "label" for name, _ in self._open):
            self.wrapped.add(at)
        if tag not in ("input", "img", "br", "hr", "meta", "link", "source", "col", "wbr"):
            self._open.append((tag, at))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position][0] == tag:
                del self._open[position:]
                return

    def handle_data(self, data: str) -> None:
        for _, at in self._open:
            self.text[at] = self.text.get(at, "") + data


def proof_read(html: str) -> None:
    """Raise PageFault for the first thing wrong with a page (R61, R64, R38)."""
    same = sha256(_TOKEN.sub("", html).encode()).digest()
    if same not in _READ:
        _read(html)
        _READ.add(same)


def _read(html: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    if parser.errors:
        place, code, details = parser.errors[0]
        raise PageFault(f"invalid HTML at {place}: {code} {details}")
    page = _Elements()
    page.feed(html)
    _frame(page)
    _ids(page)
    _fields(page)
    _own_things(page)
    _names(page)


def _all(page: _Elements, tag: str) -> list[tuple[int, dict[str, str]]]:
    return [(at, attrs) for at, (name, attrs) in enumerate(page.found) if name == tag]


def _frame(page: _Elements) -> None:
    html = _all(page, "html")
    if not html or html[0][1].get("lang") not in ("de", "en"):
        raise PageFault("the page does not say its language")
    if len(_all(page, "h1")) != 1:
        raise PageFault(f"{len(_all(page, 'h1'))} h1 on the page")
    if len(_all(page, "main")) != 1:
        raise PageFault("a page has one main")
    titles = _all(page, "title")
    if not titles or not page.text.get(titles[0][0], "").strip(" –\n"):
        raise PageFault("the page has no title")
    level = 0
    for name, _ in page.found:
        if re.fullmatch(r"h[1-6]", name):
            if int(name[1]) > level + 1:
                raise PageFault(f"a heading jumps from h{level} to {name}")
            level = int(name[1])


def _ids(page: _Elements) -> None:
    ids = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    doubled = {name for name in ids if ids.count(name) > 1}
    if doubled:
        raise PageFault(f"ids used twice: {sorted(doubled)}")
    for tag, attrs in page.found:
        for name in _IDREFS:
            for target in attrs.get(name, "").split():
                if target not in ids and tag != "output":
                    raise PageFault(f'<{tag} {name}="{target}"> points at nothing')
        href = attrs.get("href", "")
        if tag == "a" and href.startswith("#") and href[1:] not in ids:
            raise PageFault(f"a link leads to {href}, which is not on the page")


def _fields(page: _Elements) -> None:
    labels = {attrs.get("for") for _, attrs in _all(page, "label")}
    for at, (tag, attrs) in enumerate(page.found):
        if tag not in _LABELLED or attrs.get("type") in _NO_LABEL:
            continue
        named = attrs.get("id") in labels or "aria-label" in attrs or "aria-labelledby" in attrs
        if not named and at not in page.wrapped:
            raise PageFault(f"<{tag} name={attrs.get('name')}> has no label")


def _own_things(page: _Elements) -> None:
    for tag, attrs in page.found:
        if "style" in attrs:
            raise PageFault(f"<{tag}> has an inline style")
        for name in attrs:
            if name.startswith("on"):
                raise PageFault(f"<{tag}> has an inline script: {name}")
        loaded = attrs.get("src") or (attrs.get("href") if tag == "link" else "")
        if tag == "link" and attrs.get("rel") in ("canonical", "alternate", "license"):
            continue
        if loaded and _FOREIGN.match(loaded):
            raise PageFault(f"<{tag}> loads from another host: {loaded}")
        if tag == "script" and "src" not in attrs and attrs.get("type") != "application/ld+json":
            raise PageFault("an inline script")


def _names(page: _Elements) -> None:
    for _, attrs in _all(page, "img"):
        if "alt" not in attrs:
            raise PageFault(f"a picture without alt: {attrs.get('src')}")
    for at, attrs in _all(page, "a") + _all(page, "button"):
        inside = page.text.get(at, "").strip()
        pictures = any(a.get("alt") for t, a in page.found[at + 1 : at + 6] if t == "img")
        if not inside and not pictures and not attrs.get("aria-label"):
            raise PageFault(f"a link or button without a name: {attrs}")
