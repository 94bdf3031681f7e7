"""Calendars: invites by mail, feeds to subscribe to, and the answers that come back.

The only writer of iCalendar in this project. It wraps the icalendar library and works
around its faults; docs/calendars.md tells which, and what an entry holds and why.
"""

from eventkit.documents.ical.calendars import (
    About,
    agenda,
    belongs,
    closing,
    etag,
    event_calendar,
    feed,
    join,
)
from eventkit.documents.ical.entries import Publisher, entry, item_entry
from eventkit.documents.ical.invites import invite
from eventkit.documents.ical.replies import Answer, NoAnswer, Reply, Unreadable, read_reply

__all__ = [
    "About",
    "Answer",
    "NoAnswer",
    "Publisher",
    "Reply",
    "Unreadable",
    "agenda",
    "belongs",
    "closing",
    "entry",
    "etag",
    "event_calendar",
    "feed",
    "invite",
    "item_entry",
    "join",
    "read_reply",
]
