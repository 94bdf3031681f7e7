"""Invites by mail: the calendar part of a letter to one person (iTIP, RFC 5546).

REQUEST puts the meeting into the person's calendar or changes it, CANCEL takes it out.
One VEVENT, one ATTENDEE; the ORGANIZER is the mailbox the letter comes from (RFC 6047 2.3).
"""

from datetime import datetime, timedelta

from icalendar import Alarm
from icalendar import Event as Entry
from icalendar.prop import vDuration, vText, vUri

from eventkit.documents import markup
from eventkit.documents.ical import values, zones
from eventkit.documents.ical.calendars import new_calendar
from eventkit.documents.ical.entries import new_entry
from eventkit.language import catalogue, clock, hours, moment
from eventkit.links import Links
from eventkit.model.letter import Facts, Letter, LetterKind, Method
from eventkit.model.registration import State

_SEATED = (State.CONFIRMED, State.ATTENDED)


def invite(
    letter: Letter, *, sender: str, links: Links, personal_link: str = "", reply: bool = False
) -> bytes:
    """The octets of the letter's calendar part, the same at every call.

    `sender` is the mail address of ORGANIZER and From. `reply` says whether a mailbox
    for answers is read (RSVP); `personal_link` leads to the person's own page.
    Raises ValueError when the letter has no method, uid, start or end.
    """
    facts, method = letter.facts, letter.method
    if method is None or not facts.uid or not facts.starts_at or not facts.ends_at:
        raise ValueError("this letter has no calendar part")
    calendar = new_calendar(
        organisation=facts.organisation.pick(letter.language)[0],
        language=letter.language,
        method=method.value,
    )
    component = _entry(letter, facts.starts_at, facts.ends_at, links, personal_link)
    _put_people(component, letter, sender, reply=reply)
    if method is Method.REQUEST and facts.state in _SEATED:
        component.add_component(_reminder(letter))
    calendar.add_component(component)
    octets: bytes = calendar.to_ical(sorted=False)
    if b"\r\nDTSTART;TZID=" not in octets:
        return octets
    head, tail = octets.split(b"BEGIN:VEVENT\r\n", 1)
    return head + zones.definition(facts.zone) + b"BEGIN:VEVENT\r\n" + tail


def _entry(
    letter: Letter, start: datetime, end: datetime, links: Links, personal_link: str
) -> Entry:
    facts, language = letter.facts, letter.language
    component = new_entry(
        uid=facts.uid,
        sequence=letter.sequence or 0,
        stamp=letter.created_at,
        created=facts.invited_at or letter.created_at,
    )
    values.put_times(component, start, end, facts.zone, all_day=facts.all_day)
    picked, spoken = facts.title.pick(language)
    title = values.line(picked) or "–"
    component["SUMMARY"] = values.text(title, spoken if spoken != language else "")
    component["DESCRIPTION"] = values.text(_description(letter, links, personal_link))
    values.put_place(component, facts.place)
    values.put_conference(component, facts.place, catalogue(language).gettext("Join online"))
    if facts.slug:
        component["URL"] = vUri(values.web_address(links.event(facts.slug)))
    _put_state(component, letter)
    if categories := values.categories(topic.pick(language)[0] for topic in facts.topics):
        component["CATEGORIES"] = categories
    return component


def _put_state(component: Entry, letter: Letter) -> None:
    """STATUS, TRANSP, CLASS: a person who leaves has no STATUS (RFC 5546 3.2.5)."""
    seated = letter.facts.state in _SEATED
    if letter.method is Method.REQUEST:
        component["STATUS"] = vText("CONFIRMED" if seated else "TENTATIVE")
    elif letter.kind is LetterKind.CALLED_OFF:
        component["STATUS"] = vText("CANCELLED")
    opaque = seated and letter.method is Method.REQUEST
    component["TRANSP"] = vText("OPAQUE" if opaque else "TRANSPARENT")
    component["CLASS"] = vText("PUBLIC")


def _put_people(component: Entry, letter: Letter, sender: str, *, reply: bool) -> None:
    name = letter.facts.organisation.pick(letter.language)[0]
    component["ORGANIZER"] = values.calendar_address(sender, name, {})
    params = {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE" if reply else "FALSE",
    }
    component["ATTENDEE"] = values.calendar_address(letter.email, letter.name, params)


def _reminder(letter: Letter) -> Alarm:
    alarm = Alarm()
    alarm["ACTION"] = vText("DISPLAY")
    alarm["DESCRIPTION"] = values.text(values.line(letter.facts.title.pick(letter.language)[0]))
    alarm["TRIGGER"] = vDuration(timedelta(days=-1))
    return alarm


def _description(letter: Letter, links: Links, personal_link: str) -> str:
    """What the entry says when it is opened, the most needed first."""
    facts, words = letter.facts, catalogue(letter.language)
    if letter.method is Method.CANCEL:
        parts = [markup.to_plain(facts.reason.pick(letter.language)[0])]
    else:
        parts = [_standing(facts, letter.language), _own_page(personal_link, letter.language)]
        parts.append(_sessions(facts, letter.language))
        for heading, text in (
            (words.gettext("How to get there"), facts.place.directions),
            (words.pgettext("letter", "Access"), facts.place.access),
        ):
            written = markup.to_plain(text.pick(letter.language)[0])
            parts.append(f"{heading}:\n{written}" if written else "")
    contact = ", ".join(filter(None, (values.line(facts.contact_name), facts.contact_email)))
    label, page = words.pgettext("letter", "Contact"), words.gettext("All about the meeting")
    parts.append(f"{label}: {contact}" if contact else "")
    parts.append(f"{page}: {links.event(facts.slug)}" if facts.slug else "")
    return "\n\n".join(filter(None, parts))


def _standing(facts: Facts, language: str) -> str:
    words, lines = catalogue(language), []
    if facts.state is State.WAITING:
        lines.append(words.gettext("You are on the waiting list."))
    elif facts.state is State.OFFERED and facts.offered_until:
        until = moment(facts.offered_until, facts.zone, language)
        said = words.gettext("A seat is kept for you until %(moment)s. Please take it or decline.")
        lines.append(said % {"moment": until})
    elif facts.state not in _SEATED:
        lines.append(words.gettext("Your seat is not confirmed yet."))
    if facts.place.online_url:
        online = words.gettext("Join online")
        lines.append(f"{online}: {facts.place.online_url}")
    if facts.doors_at:
        opens = clock(facts.doors_at, facts.zone, language)
        lines.append(words.gettext("Doors open: %(time)s") % {"time": opens})
    return "\n".join(lines)


def _own_page(personal_link: str, language: str) -> str:
    if not personal_link:
        return ""
    words = catalogue(language).gettext("Change or cancel your registration")
    return f"{words}: {personal_link}"


def _sessions(facts: Facts, language: str) -> str:
    words = catalogue(language)
    lines = []
    for session in facts.sessions:
        time = hours(session.starts_at, session.ends_at, facts.zone, language)
        where = values.line(session.room.pick(language)[0])
        title = values.line(session.title.pick(language)[0])
        waits = "" if session.confirmed else words.pgettext("letter", "waiting list")
        lines.append(f"{time}: " + ", ".join(filter(None, (title, where, waits))))
    heading = words.gettext("Your workshops")
    return "\n".join((f"{heading}:", *lines)) if lines else ""
