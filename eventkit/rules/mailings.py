"""When a letter to many goes out, in which language, and whether it is still wanted."""

from datetime import datetime, timedelta

from eventkit.model.event import Event, Stage
from eventkit.model.letter import Facts
from eventkit.model.mailing import Mailing, MailingKind
from eventkit.model.registration import Registration, State
from eventkit.model.text import LANGUAGES, Text

LONGEST_BEFORE = 60 * 24 * 60
OFFERED_DAYS = (7, 2, 1)
CHUNK = 50


def due_at(mailing: Mailing, event: Event) -> datetime | None:
    """When a mailing is due: a reminder counts back from the meeting as it is planned now."""
    if mailing.kind is MailingKind.REMINDER and mailing.before_minutes:
        return event.starts_at - timedelta(minutes=mailing.before_minutes)
    return mailing.due_at


def may_remind(event: Event, now: datetime) -> bool:
    """Whether reminders of a meeting may be written: announced, and not begun."""
    return event.stage is Stage.ANNOUNCED and now < event.starts_at


def still_wanted(
    kind: MailingKind, facts: Facts, event: Event, registration: Registration, now: datetime
) -> bool:
    """Whether a queued letter of a mailing is still true and wanted at the moment of sending.

    A reminder goes only to who still has a seat, before the beginning, with the time and the
    place that still hold: whoever was told of a change knows better than this letter.
    """
    if not registration.email:
        return False
    if kind is MailingKind.MESSAGE:
        return True
    told = (facts.starts_at, facts.ends_at, facts.place)
    return (
        may_remind(event, now)
        and registration.state is State.CONFIRMED
        and told == (event.starts_at, event.ends_at, event.place)
    )


def spoken(subject: Text, body: Text, wanted: str) -> str:
    """The language a message is written in for a reader: theirs, or the only one there is.

    A letter is whole in one language (R64): who reads English gets all of it in German
    where nobody wrote it in English.
    """
    written = [name for name in LANGUAGES if getattr(body, name) and getattr(subject, name)]
    return wanted if wanted in written or not written else written[0]
