"""Mails that come in: what their head says, and letters that a mail server gave back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from hashlib import sha256

from eventkit.rules.text import clean

_MOST_PARTS = 50
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,500}>")


@dataclass(frozen=True, slots=True)
class Head:
    """What a mail says of itself. `identity` is a hash of its Message-ID, or of all of it."""

    identity: str
    sender: str
    subject: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail server's word that letters could not be delivered (RFC 3464)."""

    message_ids: tuple[str, ...]
    reason: str


def head(octets: bytes) -> Head:
    """The head of any octets; whatever is missing or broken is empty."""
    mail = message_from_bytes(octets, policy=compat32)
    named = _MESSAGE_ID.search(_header(mail, "Message-ID"))
    identity = sha256(named[0].encode("utf-8", "replace") if named else octets).hexdigest()
    submitted = _header(mail, "Auto-Submitted").split(";")[0].strip().lower()
    return Head(
        identity=identity,
        sender=clean(parseaddr(_header(mail, "From"))[1])[:254].lower(),
        subject=clean(_decoded(_header(mail, "Subject")))[:200],
        automatic=submitted not in ("", "no") or bool(_header(mail, "X-Autoreply")),
    )


def returned(octets: bytes) -> Returned | None:
    """What a report of failed delivery says, or None for any other mail."""
    mail = message_from_bytes(octets, policy=compat32)
    kind = str(mail.get_param("report-type") or "").lower()
    if mail.get_content_type() != "multipart/report" or kind != "delivery-status":
        return None
    reason, found = "", list[str]()
    for part in _parts(mail):
        if _word(part, "Action") == "failed" and not reason:
            told = _header(part, "Diagnostic-Code") or _header(part, "Status")
            reason = clean(told)[:300] or "failed"
        if part is not mail:
            found += _MESSAGE_ID.findall(_header(part, "Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            found += _MESSAGE_ID.findall(_own_id(part))
    return Returned(tuple(dict.fromkeys(found)), reason) if reason and found else None


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _own_id(part: Message) -> str:
    """The Message-ID in a part that holds only the head of the mail given back."""
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    return _header(message_from_bytes(octets, policy=compat32), "Message-ID")


def _word(part: Message, name: str) -> str:
    return _header(part, name).strip().lower()


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name) or "")


def _decoded(words: str) -> str:
    try:
        return str(make_header(decode_header(words)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return words
