"""What a letter says: subject, plain text and HTML of a queued letter.

Each kind has one template in `templates/letters`, written with the shapes of `text.j2`
and `html.j2`, so that both forms say the same. The opening of most can be an organiser's
own words; the facts below always stay.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from eventkit.documents import fee_words, item_news, markup, own_words, typeset
from eventkit.documents.ical.values import clean, line
from eventkit.documents.own_words import fenced
from eventkit.language import catalogue, clock, day, hours, moment, month, span
from eventkit.links import Links
from eventkit.model.event import Mode, Place
from eventkit.model.letter import Facts, Letter, LetterKind, LetterState, Session
from eventkit.model.registration import SEATED, CancelledBy, State
from eventkit.model.text import Text
from eventkit.rules import colours, wordings

_TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"
_PETROL = "#0f5b66"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a letter shows its reader."""

    subject: str
    text: str
    html: str


def render(
    letter: Letter,
    *,
    links: Links,
    personal_link: str = "",
    reply: bool = False,
    logo: str = "",
) -> Seen:
    """Subject, text and HTML, all from the one template of this kind.

    `logo` is the address of the picture at the top: of the enclosed part, or of data.
    """
    context = _context(letter, links, personal_link, reply=reply) | {"logo": logo, "heading": ""}
    template = f"{letter.kind.value}.j2"
    plain = _environment(letter.language, html=False)
    module: Any = plain.get_template(template).make_module({**context, "shape": "text.j2"})
    standard = line(str(module.subject()))
    own, values = letter.facts.own_subject, context["own_values"]
    subject = own_words.subject(own, values) if own else standard
    context["heading"] = subject
    module = plain.get_template(template).make_module({**context, "shape": "text.j2"})
    text = typeset.tidy(str(module.body()))
    rich = _environment(letter.language, html=True)
    inner: Any = rich.get_template(template).make_module({**context, "shape": "html.j2"})
    frame = rich.get_template("frame.html.j2")
    html = frame.render({**context, "subject": subject, "body": inner.body()})
    html = re.sub(r"\n\s*\n+", "\n", html) + "\n"
    if letter.facts.trial:
        text = f"{typeset.wrapped(context['trial'])}\n\n{text}"
        subject = str(_trial(letter.language).subject(subject))
    return Seen(subject, text, html)


def _trial(language: str) -> Any:
    """What a test to an organiser says of itself."""
    return _environment(language, html=False).get_template("trial.j2").module


def standard(kind: str, language: str) -> tuple[str, str]:
    """Subject and opening of the standard text of a kind, with placeholders, as Markdown.

    `kind` is one of `rules.wordings.KINDS`.
    """
    by_us = kind == wordings.BY_US
    facts = Facts(
        organisation=Text(),
        cancelled_by=CancelledBy.ORGANISER if by_us else CancelledBy.GUEST,
        state=State.CONFIRMED,
    )
    template = f"{LetterKind.CANCELLED.value if by_us else kind}.j2"
    context = {
        **_context(_sample(facts, language), Links(""), "", reply=False),
        "name": "{name}",
        "organisation": Text("{organisation}", "{organisation}"),
        "meeting": "{meeting}, {date}",
        "queue": "{queue}",
        "offered_until": "{offered_until}",
        "logo": "",
        "heading": "",
        "shape": "source.j2",
    }
    source: Any = _environment(language, html=False).get_template(template).make_module(context)
    return line(str(source.subject())), typeset.tidy(str(source.opening())).strip()


def _sample(facts: Facts, language: str) -> Letter:
    """A letter to nobody, for what all letters of a kind say."""
    return Letter(
        id=0,
        kind=LetterKind.CONFIRMED,
        state=LetterState.QUEUED,
        language=language,
        name="",
        email="",
        message_id="",
        facts=facts,
        created_at=datetime(1970, 1, 1, tzinfo=UTC),
    )


def _context(letter: Letter, links: Links, personal_link: str, *, reply: bool) -> dict[str, Any]:
    """What the templates may name; meetings' texts in Markdown stay Markdown here."""
    facts, language = letter.facts, letter.language
    page = links.event(facts.slug) if facts.slug else links.home()
    seated = facts.state in SEATED and facts.mode is not Mode.ONLINE and not facts.trial
    ticket_url = f"{personal_link}ticket" if seated and personal_link else ""
    personal_link = personal_link or (page if facts.trial else "")
    addresses = {
        "link": personal_link or page,
        "page": page,
        "programme": links.programme(facts.slug) if facts.slug and facts.programme else page,
    }
    own = own_words.values(facts, letter.name, language, addresses=addresses)
    return {
        "language": language,
        "own_values": own,
        "own_text": own_words.to_text(facts.own_body, own) if facts.own_body else "",
        "own_html": own_words.to_html(facts.own_body, own) if facts.own_body else "",
        "programme_url": addresses["programme"] if facts.programme else "",
        "shades": colours.shades(facts.accent or _PETROL),
        "trial": str(_trial(language).note()).strip() if facts.trial else "",
        "name": line(letter.name),
        "organisation": facts.organisation,
        "title": facts.title,
        "home": links.home(),
        "event_url": links.event(facts.slug) if facts.slug else "",
        "personal_link": personal_link,
        "ticket_url": ticket_url,
        "method": letter.method.value if letter.method else "",
        "reply": reply,
        "travels": facts.mode is not Mode.ONLINE,
        "state": facts.state.value if facts.state else "",
        "queue": facts.queue,
        "offered_until": moment(facts.offered_until, facts.zone, language)
        if facts.offered_until
        else "",
        "answer_by": moment(facts.answer_by, facts.zone, language) if facts.answer_by else "",
        "registered_by": line(facts.registered_by),
        "asker": line(facts.asker),
        "asker_email": facts.asker_email,
        "asked": [line(part) for part in facts.asked.splitlines() if part.strip()],
        "register_url": links.register(facts.slug) if facts.slug else links.home(),
        "freed": [line(title.pick(language)[0]) for title in facts.freed],
        "cancelled_by": facts.cancelled_by.value if facts.cancelled_by else "",
        "contact_name": line(facts.contact_name),
        "contact_email": facts.contact_email,
        "delete_on": day(facts.delete_on, facts.zone, language, weekday=False)
        if facts.delete_on
        else "",
        "topics": [line(topic.pick(language)[0]) for topic in facts.topics],
        "reason": facts.reason.pick(language)[0],
        "sessions": [_session(session, facts.zone, language) for session in facts.sessions],
        **_when(facts, language),
        **_where(facts, language),
        "changes": _changes(facts, language),
        "missing": facts.missing,
        **item_news.context(facts, language),
        **fee_words.context(facts, language),
    }


def _when(facts: Facts, language: str) -> dict[str, Any]:
    title = line(facts.title.pick(language)[0])
    start, end, zone = facts.starts_at, facts.ends_at, facts.zone
    if start is None or end is None:
        return {"meeting": title, "when": "", "doors": "", "date": None}
    doors = clock(facts.doors_at, zone, language) if facts.doors_at else ""
    date = day(start, zone, language, weekday=False)
    return {
        "meeting": f"{title}, {date}",
        "when": span(start, end, zone, language, all_day=facts.all_day),
        "doors": "" if facts.all_day else doors,
        "date": {
            "day": date.split()[0].rstrip("."),
            "month": month(start, zone, language),
            "year": date.split()[-1],
        },
    }


def _where(facts: Facts, language: str) -> dict[str, str]:
    place = facts.place
    return {
        "where": _place(place) if facts.mode is not Mode.ONLINE else "",
        "online_url": place.online_url if facts.mode is not Mode.ON_SITE else "",
        "map_url": place.map_url,
        "directions": place.directions.pick(language)[0],
        "access": place.access.pick(language)[0],
    }


def _place(place: Place) -> str:
    return line(place.line)


def _session(session: Session, zone: str, language: str) -> dict[str, Any]:
    return {
        "hours": hours(session.starts_at, session.ends_at, zone, language),
        "title": line(session.title.pick(language)[0]),
        "room": line(session.room.pick(language)[0]),
        "confirmed": session.confirmed,
        "second": session.wish == 2,
    }


def _changes(facts: Facts, language: str) -> list[dict[str, str]]:
    """What is new, each with its label, what is true now, and what was before."""
    words, found = catalogue(language), []
    title, before_title = (
        line(text.pick(language)[0]) for text in (facts.title, facts.before_title)
    )
    if before_title and before_title != title:
        found.append((words.pgettext("letter", "Title"), title, before_title))
    start, end = facts.starts_at, facts.ends_at
    old_start, old_end = facts.before_starts_at or start, facts.before_ends_at or end
    if start and end and old_start and old_end and (start, end) != (old_start, old_end):
        now, before = (
            span(first, last, facts.zone, language, all_day=facts.all_day)
            for first, last in ((start, end), (old_start, old_end))
        )
        found.append((words.pgettext("letter", "When"), now, before))
    if facts.before_place is not None:
        now, before = _place(facts.place), _place(facts.before_place)
        if now != before:
            found.append((words.pgettext("letter", "Where"), now or "–", before))
        if facts.place.online_url != facts.before_place.online_url:
            online = facts.place.online_url or "–"
            found.append((words.pgettext("letter", "Online"), online, ""))
    return [{"label": label, "now": now, "before": before} for label, now, before in found]


def _in_text(language: str) -> Mapping[str, Callable[..., str]]:
    return {
        "wrapped": typeset.wrapped,
        "underlined": typeset.underlined,
        "columns": typeset.columns,
        "fenced": fenced,
        "prose": lambda markdown: typeset.wrapped(markup.to_plain(clean(markdown))),
        "words": lambda text: line(text.pick(language)[0]),
        "address": lambda address, scheme="": address,  # noqa: ARG005 # as in HTML
    }


def _in_html(language: str) -> Mapping[str, Callable[..., str]]:
    def words(text: Text) -> Markup:
        picked, spoken = text.pick(language)
        if spoken == language:
            return escape(line(picked))
        return Markup('<span lang="{}">{}</span>').format(spoken, line(picked))

    return {
        "fenced": fenced,
        "lines": lambda value: Markup("<br>").join(escape(value).split("\n")),
        "prose": lambda markdown: Markup(markup.to_html(clean(markdown))),  # noqa: S704 # nh3
        "words": words,
        "address": lambda address, scheme="": Markup('<a href="{}{}">{}</a>').format(
            scheme, address, address
        ),
    }


@cache
def _environment(language: str, *, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=html,  # noqa: S701 # the other form is text/plain
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters.update(_in_html(language) if html else _in_text(language))
    install = environment.install_gettext_translations  # type: ignore[attr-defined] # i18n adds it
    install(catalogue(language), newstyle=True)
    return environment
