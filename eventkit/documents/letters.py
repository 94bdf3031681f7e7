"""Letters: a queued letter in, a complete mail out, the same at every try.

What it says is written by `documents.writing`; a meeting travels along as a calendar part.
"""

from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, EmailPolicy
from hashlib import sha256
from typing import Any

from eventkit.documents.ical import invite
from eventkit.documents.ical.values import line, mail_address
from eventkit.documents.writing import render
from eventkit.links import Links
from eventkit.model.letter import Letter, LetterKind

_LONGEST_NAME = 64


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
    letter: Letter,
    *,
    sender: str,
    links: Links,
    personal_link: str = "",
    reply: bool = False,
    logo: bytes = b"",
) -> EmailMessage:
    """The whole mail of a queued letter, the same octets for the same arguments.

    `sender` is the organisation's mail address: From, and ORGANIZER of the calendar part.
    `personal_link` is the letter's one link: to the guest's page, or to confirm or leave
    the newsletter. `reply` says whether answers to invites are read. `logo` is a small PNG
    that travels along. Raises ValueError for a letter with a method but without uid, start
    or end.
    """
    seen = render(
        letter,
        links=links,
        personal_link=personal_link,
        reply=reply,
        logo=f"cid:{_logo_id(letter)}" if logo else "",
    )
    message = EmailMessage(policy=_POLICY.clone(utf8=not letter.email.rpartition("@")[0].isascii()))
    _put_headers(message, letter, sender, seen.subject)
    if letter.kind is LetterKind.NEWSLETTER_WELCOME and personal_link:
        message["List-Unsubscribe"] = f"<{personal_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    rich = _part("text/html", seen.html.encode())
    both = [_part("text/plain", seen.text.encode()), _with_logo(rich, letter, logo)]
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
    if facts.asker_email:
        message["Reply-To"] = _address(facts.asker, facts.asker_email)
    elif facts.contact_email and mail_address(facts.contact_email) != mail_address(sender):
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


def _with_logo(rich: MIMEPart, letter: Letter, logo: bytes) -> MIMEPart:
    """The HTML together with the picture it shows, if there is one (RFC 2387)."""
    if not logo:
        return rich
    picture = MIMEPart(policy=_POLICY)
    picture.set_content(logo, "image", "png", cte="base64", disposition="inline")
    picture["Content-ID"] = f"<{_logo_id(letter)}>"
    related = MIMEPart(policy=_POLICY)
    _enclose(related, "related", [rich, picture], letter)
    return related


def _logo_id(letter: Letter) -> str:
    return f"logo.{sha256(letter.message_id.encode()).hexdigest()[:24]}@letter.invalid"
