"""Answers to invites: an iTIP REPLY or COUNTER, read from a mail or an .ics file.

Programs answer in many shapes: nested MIME, 8bit, long lines, empty lines, two copies.
What matters is found by the UID, which only the invited person knows (CALENDAR 3 e).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from icalendar.parser import Contentlines, Parameters
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from eventkit.documents.ical import values

LARGEST = 1_000_000
_MOST_PARTS = 100
_INSTANT = re.compile(r"(\d{8})T(\d{6})(Z?)")
_MEDIA_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar"}

Line = tuple[str, Parameters, str]


class Unreadable(ValueError):  # the house names what is wrong, without "Error"
    """The octets hold an answer, but a broken one, or are too large; the message says why."""


class NoAnswer(Unreadable):
    """An ordinary mail without a calendar answer: leave it for a person to read."""


class Answer(StrEnum):
    """What a person says to an invite (PARTSTAT, RFC 5545 3.2.12)."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    NEEDS_ACTION = "NEEDS-ACTION"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Instants are UTC.

    `method` is "REPLY" or "COUNTER"; a counter-proposal may name another time in
    `starts_at` and `ends_at`. `attendee` is the address in the calendar part, `sender`
    the one the mail came from; aliases make both differ from the address invited.
    `automatic` marks mails of machines, which must not be answered (RFC 3834).
    """

    method: str
    uid: str
    sequence: int
    dtstamp: datetime | None
    attendee: str
    partstat: Answer
    comment: str = ""
    sender: str = ""
    automatic: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def read_reply(octets: bytes) -> Reply:
    """The answer in a mail (.eml) or in a bare .ics file.

    Raises NoAnswer if there is none, Unreadable if it is broken or beyond 1 MB.
    """
    if len(octets) > LARGEST:
        raise Unreadable("the mail is larger than an answer can be")
    if octets.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR":
        return _read_calendar(_decode(octets, "utf-8"), sender="", automatic=False)
    mail = message_from_bytes(octets, policy=compat32)
    sender = parseaddr(str(mail.get("From", "")))[1].lower()
    automatic = str(mail.get("Auto-Submitted", "no")).strip().lower() not in ("no", "")
    problem: Unreadable | None = None
    for text in _calendar_parts(mail):
        try:
            return _read_calendar(text, sender=sender, automatic=automatic)
        except Unreadable as error:
            problem = problem if type(problem) is Unreadable else error
    raise problem or NoAnswer("the mail has no calendar part")


def _calendar_parts(mail: Message) -> Iterator[str]:
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            return
        named = str(part.get_filename() or part.get_param("name") or "").lower()
        if part.is_multipart():
            continue
        if part.get_content_type() in _MEDIA_TYPES or named.endswith(".ics"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield _decode(payload, str(part.get_content_charset() or "utf-8"))


def _decode(octets: bytes, charset: str) -> str:
    for name in (charset, "utf-8"):
        with suppress(LookupError, UnicodeError):
            return octets.decode(name).removeprefix("\ufeff")
    return octets.decode("latin-1")


def _read_calendar(text: str, *, sender: str, automatic: bool) -> Reply:
    method, entry = _entry(text)
    if method not in ("REPLY", "COUNTER"):
        raise NoAnswer("the calendar part is no answer")
    uid = values.line(_first(entry, "UID"))
    if not uid or len(uid) > 255:
        raise Unreadable("the answer names no UID")
    attendee, partstat = _attendee(entry, sender)
    return Reply(
        method=method,
        uid=uid,
        sequence=_number(_first(entry, "SEQUENCE")),
        dtstamp=_instant(entry, "DTSTAMP"),
        attendee=attendee,
        partstat=partstat,
        comment=values.clean(_first(entry, "COMMENT"))[:2000],
        sender=sender,
        automatic=automatic,
        starts_at=_instant(entry, "DTSTART") if method == "COUNTER" else None,
        ends_at=_instant(entry, "DTEND") if method == "COUNTER" else None,
    )


def _entry(text: str) -> tuple[str, list[Line]]:
    """METHOD and the lines of the first VEVENT, without those of its sub-components."""
    method, entry, open_components = "", [], list[str]()
    for name, params, value in _lines(text):
        if name == "BEGIN":
            open_components.append(value.strip().upper())
        elif name == "END":
            if open_components and open_components.pop() == "VEVENT":
                break
        elif name == "METHOD" and "VEVENT" not in open_components:
            method = value.strip().upper()
        elif open_components and open_components[-1] == "VEVENT":
            entry.append((name, params, value))
    return method, entry


def _lines(text: str) -> Iterator[Line]:
    """The content lines that can be read; others are left out (they carry nothing we need)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for each in filter(None, Contentlines.from_ical(plain)):  # type: ignore[no-untyped-call]
        with suppress(ValueError):
            name, params, value = each.parts()
            yield name.upper(), params, value


def _first(entry: list[Line], wanted: str) -> str:
    return next((value for name, _, value in entry if name == wanted), "")


def _attendee(entry: list[Line], sender: str) -> tuple[str, Answer]:
    """The one who answers. Where several stand there, the one the mail came from."""
    found = []
    for name, params, value in entry:
        if name == "ATTENDEE":
            address = unquote(re.sub("^mailto:", "", value.strip(), flags=re.IGNORECASE)).lower()
            with suppress(ValueError):
                found.append((values.line(address), Answer(str(params.get("PARTSTAT")).upper())))
    if not found:
        raise Unreadable("the answer names nobody, or says neither yes nor no")
    return next((each for each in found if each[0] == sender), found[0])


def _number(words: str) -> int:
    digits = words.strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


def _instant(entry: list[Line], wanted: str) -> datetime | None:
    """An instant in UTC, or None where it is missing, a mere date, or in an unknown zone."""
    for name, params, value in entry:
        match = _INSTANT.fullmatch(value.strip())
        if name != wanted or not match:
            continue
        with suppress(ValueError, OSError, KeyError):
            zone = UTC if match[3] or wanted == "DTSTAMP" else _zone(str(params["TZID"]))
            naive = f"{match[1]}{match[2]}"
            return datetime.strptime(naive, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    return None


def _zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, or of the name Windows has for it (Outlook)."""
    return ZoneInfo(WINDOWS_TO_OLSON.get(name, name))
