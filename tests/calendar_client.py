"""A small calendar program, as RFC 5546 wants one: it takes mails and shows entries.

Whatever the order in which mails arrive, the highest SEQUENCE and then the latest DTSTAMP
wins; an entry that was cancelled never comes back under its UID.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

import icalendar


@dataclass(frozen=True)
class Entry:
    """What one sees of an entry."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str
    sequence: int


@dataclass
class Calendar:
    """One person's calendar program."""

    email: str
    entries: dict[str, Entry] = field(default_factory=dict)
    invites: dict[str, icalendar.Event] = field(default_factory=dict)
    _versions: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)

    def take(self, mail: EmailMessage) -> None:
        """Read a mail as programs do: the calendar part, for its one invited person."""
        parts = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
        if not parts:
            return
        calendar = _calendar(parts[0].get_payload(decode=True))
        method = str(calendar["METHOD"])
        assert parts[0]["Content-Type"].params["method"] == method, "Exchange refuses this"
        (event,) = calendar.walk("VEVENT")
        assert not event.errors
        assert not isinstance(event["ATTENDEE"], list), "one person an invite"
        assert str(event["ATTENDEE"]).lower() == f"mailto:{self.email}".lower(), "on whose behalf?"
        sender = mail["From"].addresses[0].addr_spec
        assert str(event["ORGANIZER"]) == f"mailto:{sender}", "unknown organizer"
        self.apply(method, event)

    def apply(self, method: str, event: icalendar.Event) -> None:
        """RFC 5546 2.1.5 and 3.2: newer replaces, CANCEL removes, older is ignored."""
        uid = str(event["UID"])
        version = (int(event["SEQUENCE"]), event["DTSTAMP"].dt)
        if version < self._versions.get(uid, (-1, version[1])) or uid in self._gone:
            return
        self._versions[uid] = version
        if method == "CANCEL":
            self.entries.pop(uid, None)
            self._gone.add(uid)
            return
        self.invites[uid] = event
        self.entries[uid] = Entry(
            str(event["SUMMARY"]),
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC),
            str(event.get("LOCATION", "")),
            str(event["STATUS"]),
            version[0],
        )

    def shown(self) -> list[Entry]:
        """Everything one sees, by time."""
        return sorted(self.entries.values(), key=lambda entry: entry.starts_at)

    def reply(self, answer: str, *, now: datetime, **changes: str) -> bytes:
        """The mail with which this program answers its last invite."""
        event = list(self.invites.values())[-1]
        values = {
            "uid": str(event["UID"]),
            "sequence": str(event["SEQUENCE"]),
            "attendee": self.email,
            "sender": self.email,
            "method": "REPLY",
            "message_id": f"<{now:%H%M%S%f}.{answer}@{self.email.rpartition('@')[2]}>",
        } | changes
        return reply_mail(answer, now=now, **values)


def reply_mail(
    answer: str,
    *,
    now: datetime,
    uid: str,
    sequence: str,
    attendee: str,
    sender: str,
    method: str = "REPLY",
    message_id: str = "<1@example.com>",
    comment: str = "",
) -> bytes:
    """An answer in the shape of Outlook: alternative, base64."""
    lines = [
        "BEGIN:VCALENDAR",
        f"METHOD:{method}",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={answer};CN=Gast:mailto:{attendee}",
        *([f"COMMENT;LANGUAGE=de-DE:{comment}"] if comment else []),
        f"UID:{uid}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        "DTSTART:20261120T110000Z",
        "DTEND:20261120T160000Z",
        f"SEQUENCE:{sequence}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    body = base64.encodebytes("\r\n".join(lines).encode()).decode()
    return (
        f"From: Gast <{sender}>\r\nTo: events@example.org\r\nMessage-ID: {message_id}\r\n"
        f"Subject: {answer}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain; charset=utf-8\r\n\r\n\r\n--b\r\n"
        f'Content-Type: text/calendar; charset="utf-8"; method={method}\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n"
    ).encode()


@lru_cache(maxsize=256)
def _mail(octets: bytes) -> EmailMessage:
    """A mail is looked at after every step of a walk, and read once."""
    return message_from_bytes(octets, policy=policy.default)


@lru_cache(maxsize=256)
def _calendar(octets: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(octets)


def mails(folder: Path) -> list[EmailMessage]:
    """The mails laid into a folder."""
    return [_mail(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def calendars(folder: Path) -> dict[str, Calendar]:
    """The calendar programs of everybody who got mails, after taking all of them."""
    found: dict[str, Calendar] = {}
    for mail in mails(folder):
        email = mail["To"].addresses[0].addr_spec
        found.setdefault(email, Calendar(email)).take(mail)
    return found
