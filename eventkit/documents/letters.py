"""Letters: a queued letter in, a complete mail out, the same at every try.

Each kind has one template in `templates/letters`, written with the shapes of `text.j2`
and `html.j2`, so that both forms say the same. A meeting travels along as a calendar part.
"""

import re
from collections.abc import Callable, Mapping
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, EmailPolicy
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from eventkit.documents import markup, typeset
from eventkit.documents.ical import invite
from eventkit.documents.ical.values import clean, line, mail_address
from eventkit.language import catalogue, clock, day, hours, month, span
from eventkit.links import Links
from eventkit.model.event import Mode, Place
from eventkit.model.letter import Facts, Letter, LetterKind, Session
from eventkit.model.text import Text

_TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"
_LONGEST_NAME = 64
_LINK_SIGN = re.compile(r"(?<=\S)([.:/@])(?=\S)")
_MAY_LINK = re.compile(r"\w[.@]\w{2}|[:/@]|www\.", re.IGNORECASE)


class _Whole(UniqueUnstructuredHeader):
    """A header that is never folded: the library would turn a long address into code words."""

    name: str

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type] # mixed in there
    return SMTP.clone(header_factory=headers)


_POLICY = _policy()


def write(
    letter: Letter, *, sender: str, links: Links, personal_link: str = "", reply: bool = False
) -> EmailMessage:
    """The whole mail of a queued letter, the same octets for the same arguments.

    `sender` is the organisation's mail address: From, and ORGANIZER of the calendar part.
    `personal_link` is the letter's one link: to the guest's page, or to confirm or leave
    the newsletter. `reply` says whether answers to invites are read. Raises ValueError for
    a letter with a method but without uid, start or end.
    """
    text, html, subject = _render(letter, links, personal_link, reply=reply)
    message = EmailMessage(policy=_POLICY.clone(utf8=not letter.email.rpartition("@")[0].isascii()))
    _put_headers(message, letter, sender, subject)
    if letter.kind is LetterKind.NEWSLETTER_WELCOME and personal_link:
        message["List-Unsubscribe"] = f"<{personal_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    both = [_part("text/plain", text.encode()), _part("text/html", html.encode())]
    if letter.method is None:
        _enclose(message, "alternative", both, letter)
        return message
    octets = invite(letter, sender=sender, links=links, personal_link=personal_link, reply=reply)
    inline = _part("text/calendar", octets, method=letter.method.value, component="VEVENT")
    alternative = MIMEPart(policy=_POLICY)
    _enclose(alternative, "alternative", [*both, inline], letter)
    attached = _part("application/ics", octets, name="invite.ics")
    attached.add_header("Content-Disposition", "attachment", filename="invite.ics")
    _enclose(message, "mixed", [alternative, attached], letter)
    return message


def _put_headers(message: EmailMessage, letter: Letter, sender: str, subject: str) -> None:
    facts = letter.facts
    message["Date"] = letter.created_at
    message["Message-ID"] = letter.message_id
    message["From"] = _address(facts.organisation.pick(letter.language)[0], sender)
    message["To"] = _address(letter.name, letter.email)
    if facts.contact_email and mail_address(facts.contact_email) != mail_address(sender):
        message["Reply-To"] = _address(facts.contact_name, facts.contact_email)
    message["Subject"] = _in_header(subject)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["Content-Language"] = letter.language
    message["MIME-Version"] = "1.0"


def _in_header(words: str) -> str:
    """The words as a header may hold them.

    The library decodes "=?utf-8?q?=0D=0ABcc:…?=" in any value: a typed title could add headers.
    """
    return line(words).replace("=?", "= ?")


def _address(name: str, address: str) -> Address:
    """A mailbox for a header: the name cleaned and short enough not to be folded."""
    shown = _in_header(name)
    if len(shown) > _LONGEST_NAME:
        shown = f"{shown[: _LONGEST_NAME - 1].rstrip()}…"
    local, _, domain = mail_address(address).rpartition("@")
    return Address(display_name=shown, username=local, domain=domain)


def _part(media_type: str, octets: bytes, **params: str) -> MIMEPart:
    """A leaf in base64, charset always named; `params` follow in Content-Type."""
    main, _, sub = media_type.partition("/")
    part = MIMEPart(policy=_POLICY)
    part.set_content(octets, main, sub, cte="base64", params={"charset": "utf-8", **params})
    return part


def _enclose(whole: MIMEPart, subtype: str, parts: list[MIMEPart], letter: Letter) -> None:
    """Make `whole` a multipart; its boundary follows from the Message-ID, not from chance."""
    digest = sha256(f"{subtype} {letter.message_id}".encode()).hexdigest()[:32]
    whole["Content-Type"] = f'multipart/{subtype}; boundary="=_{digest}"'
    whole.set_payload(parts)  # type: ignore[arg-type] # parts of a multipart are a list


def _render(
    letter: Letter, links: Links, personal_link: str, *, reply: bool
) -> tuple[str, str, str]:
    """Text, HTML and subject, all from the one template of this kind."""
    context = _context(letter, links, personal_link, reply=reply)
    template = f"{letter.kind.value}.j2"
    plain = _environment(letter.language, html=False)
    module: Any = plain.get_template(template).make_module({**context, "shape": "text.j2"})
    text, subject = typeset.tidy(str(module.body())), line(str(module.subject()))
    rich = _environment(letter.language, html=True)
    inner: Any = rich.get_template(template).make_module({**context, "shape": "html.j2"})
    frame = rich.get_template("frame.html.j2")
    html = frame.render({**context, "subject": subject, "body": inner.body()})
    return text, re.sub(r"\n\s*\n+", "\n", html) + "\n", subject


def _context(letter: Letter, links: Links, personal_link: str, *, reply: bool) -> dict[str, Any]:
    """What the templates may name; meetings' texts in Markdown stay Markdown here."""
    facts, language = letter.facts, letter.language
    return {
        "language": language,
        "name": line(letter.name),
        "organisation": facts.organisation,
        "title": facts.title,
        "home": links.home(),
        "event_url": links.event(facts.slug) if facts.slug else "",
        "personal_link": personal_link,
        "method": letter.method.value if letter.method else "",
        "reply": reply,
        "travels": facts.mode is not Mode.ONLINE,
        "state": facts.state.value if facts.state else "",
        "queue": facts.queue,
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


def _fenced(name: str) -> str:
    """A name in which no mail program finds an address to make a link of (R24)."""
    return _LINK_SIGN.sub("\\1\u200b", name) if _MAY_LINK.search(name) else name


def _in_text(language: str) -> Mapping[str, Callable[..., str]]:
    return {
        "wrapped": typeset.wrapped,
        "underlined": typeset.underlined,
        "columns": typeset.columns,
        "fenced": _fenced,
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
        "fenced": _fenced,
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
