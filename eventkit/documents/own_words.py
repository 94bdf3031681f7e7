"""An organiser's own words in a letter: a small Markdown whose placeholders are filled once.

Each placeholder travels through Markdown as one character that no typed text can hold, or
as a stand-in address, and only the finished text is filled. So a value is never read as
Markdown, and never searched for placeholders (R19, R24).
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from eventkit.documents import markup
from eventkit.documents.ical.values import clean, line
from eventkit.language import clock, day, hours, moment, span
from eventkit.model.event import Mode
from eventkit.model.letter import Facts
from eventkit.rules import placeholders

# Noncharacters: the gate of every field takes them out of whatever is typed (R23).
_MARKS = {name: chr(0xFDD0 + at) for at, name in enumerate(placeholders.WORDS)}
_STAND_INS = {name: f"https://{name}.placeholder.invalid/" for name in placeholders.ADDRESSES}
_NAMES = {mark: name for name, mark in (_MARKS | _STAND_INS).items()}
_ANY = re.compile("|".join(re.escape(mark) for mark in _NAMES))
_AS_TARGET = re.compile(r"(?<=\]\()\{(" + "|".join(placeholders.ADDRESSES) + r")\}(?=[\s)])")
_LINK_SIGN = re.compile(r"(?<=\S)([.:/@])(?=\S)")
_MAY_LINK = re.compile(r"\w[.@]\w{2}|[:/@]|www\.", re.IGNORECASE)
_TOP = 2


def fenced(name: str) -> str:
    """A name in which no mail program finds an address to make a link of (R24)."""
    return _LINK_SIGN.sub("\\1\u200b", name) if _MAY_LINK.search(name) else name


def lost(body: str) -> list[str]:
    """Placeholders that stand where they can't be filled, in an address for example."""
    shown = _ANY.findall(markup.to_plain(_marked(body)))
    wanted = [name for name in placeholders.used(body) if name in placeholders.KNOWN]
    return [
        name
        for name in dict.fromkeys(wanted)
        if wanted.count(name) != shown.count((_MARKS | _STAND_INS)[name])
    ]


def to_text(body: str, values: Mapping[str, str]) -> str:
    """The body as plain text, filled; lines are not wrapped yet."""
    return _ANY.sub(lambda found: values[_NAMES[found[0]]], markup.to_plain(_marked(body)))


def to_html(body: str, values: Mapping[str, str]) -> Markup:
    """The body as clean HTML, filled with escaped values."""
    html = markup.to_html(_marked(body), top=_TOP)
    return Markup(_ANY.sub(lambda found: _in_html(_NAMES[found[0]], values), html))  # noqa: S704


def _in_html(name: str, values: Mapping[str, str]) -> str:
    if name == "name":
        return str(Markup('<bdi class="name">{}</bdi>').format(values[name]))
    return str(Markup("<br>").join(escape(values[name]).split("\n")))


def _marked(body: str) -> str:
    """The typed Markdown with marks for its placeholders; any other mark is taken out."""
    marks = _MARKS | {name: f"<{address}>" for name, address in _STAND_INS.items()}
    plain = _ANY.sub("", clean(body))
    linked = _AS_TARGET.sub(lambda found: _STAND_INS[found[1]], plain)
    return placeholders.fill(linked, marks)


def subject(words: str, values: Mapping[str, str]) -> str:
    """A subject, filled, in one line."""
    return line(placeholders.fill(line(words), {k: line(v) for k, v in values.items()}))


def values(
    facts: Facts, name: str, language: str, *, addresses: Mapping[str, str]
) -> dict[str, str]:
    """What each placeholder stands for in a letter; `addresses` has one for each of those."""
    title, organisation = (
        line(text.pick(language)[0]) for text in (facts.title, facts.organisation)
    )
    contact = ", ".join(
        part for part in (line(facts.contact_name), line(facts.contact_email)) if part
    )
    place = facts.place
    where = line(place.online_url if facts.mode is Mode.ONLINE else place.line)
    return {
        "name": fenced(line(name)),
        "meeting": title,
        "organisation": organisation,
        "contact": contact,
        "place": where,
        "directions": _plain(place.directions.pick(language)[0]),
        "access": _plain(place.access.pick(language)[0]),
        "workshops": "\n".join(
            f"{hours(s.starts_at, s.ends_at, facts.zone, language)} · "
            f"{line(s.title.pick(language)[0])}"
            for s in facts.sessions
        ),
        "queue": str(facts.queue) if facts.queue else "",
        **_times(facts, language),
        **{key: line(addresses[key]) for key in placeholders.ADDRESSES},
    }


def _plain(markdown: str) -> str:
    return markup.to_plain(clean(markdown))


def _times(facts: Facts, language: str) -> dict[str, str]:
    start, end, zone = facts.starts_at, facts.ends_at, facts.zone
    if start is None or end is None:
        return dict.fromkeys(("date", "time", "doors", "offered_until"), "")
    same_day = day(start, zone, language) == day(end, zone, language)
    at = hours(start, end, zone, language) if same_day else clock(start, zone, language)
    until = facts.offered_until
    return {
        "date": span(start, end, zone, language, all_day=True),
        "time": "" if facts.all_day else at,
        "doors": clock(facts.doors_at, zone, language) if facts.doors_at else "",
        "offered_until": moment(until, zone, language) if until else "",
    }
