"""What rules and history say, as sentences for organisers."""

import json
from collections.abc import Mapping
from typing import Any

from eventkit.model.account import HistoryLine
from eventkit.rules.agenda import Clash, Problem
from eventkit.rules.stages import Need, Task
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser import movements, speaker_words, way_words


def task(found: Task) -> tuple[str, str, str]:
    """A task as (icon, sentence, endpoint that helps)."""
    n = found.number
    icon, endpoint, words = {
        Need.LETTERS_FAILED: (
            "mail",
            "letters",
            ngettext(
                "%(num)s letter could not be delivered", "%(num)s letters could not be delivered", n
            ),
        ),
        Need.OFFERS: (
            "clock",
            "waiting",
            ngettext(
                "%(num)s offered place waits for an answer",
                "%(num)s offered places wait for an answer",
                n,
            ),
        ),
        Need.REQUESTS: (
            "hourglass",
            "waiting",
            ngettext("%(num)s person asks for a place", "%(num)s people ask for a place", n),
        ),
        Need.UNPUBLISHED: (
            "megaphone",
            "agenda",
            ngettext(
                "%(num)s change of the programme is not published",
                "%(num)s changes of the programme are not published",
                n,
            ),
        ),
        Need.CLASHES: (
            "triangle-alert",
            "agenda",
            ngettext(
                "%(num)s clash in the programme's draft",
                "%(num)s clashes in the programme's draft",
                n,
            ),
        ),
        Need.DECLINED: (
            "circle-x",
            "speakers",
            ngettext("%(num)s speaker can’t come", "%(num)s speakers can’t come", n),
        ),
        Need.UNANSWERED: (
            "hourglass",
            "speakers",
            ngettext("%(num)s speaker has not answered", "%(num)s speakers have not answered", n),
        ),
        Need.NO_AGENDA: ("list", "agenda", _("The programme is empty")),
        Need.PROGRAMME_DUE: ("megaphone", "agenda", _soon(_("Publish the programme"), n)),
        Need.ANNOUNCE: ("send", "event", _("Nobody knows of it yet: announce it when it is ready")),
        Need.NO_WINDOW: ("ticket", "settings", _("Say when registration opens")),
        Need.OPENS: ("calendar", "settings", _soon(_("Registration opens"), n)),
        Need.CLOSES: ("clock", "settings", _soon(_("Registration closes"), n)),
        Need.SLIDES: (
            "presentation",
            "speakers",
            ngettext("%(num)s talk without slides", "%(num)s talks without slides", n),
        ),
        Need.RECAP: ("pencil", "recap", _("Write the recap, while everybody remembers")),
        Need.ARCHIVE: ("archive", "event", _("Everything is done: archive it")),
    }[found.need]
    return icon, words % {"num": n}, f"organiser.{endpoint}"


def _soon(what: str, days: int) -> str:
    if days <= 0:
        when = _("today")
    elif days == 1:
        when = _("tomorrow")
    else:
        when = _("in %(days)s days") % {"days": days}
    return f"{what}: {when}".replace("%", "%%")


def told(fact: str) -> str:
    """A fact of a meeting that people are written about."""
    return {
        "title": _("the title"),
        "starts_at": _("the beginning"),
        "ends_at": _("the end"),
        "all_day": _("whole day or times"),
        "zone": _("the time zone"),
        "mode": _("on site or online"),
        "place_line": _("the place"),
    }.get(fact, fact)


def clash(found: Clash, zone: str) -> str:
    """What is wrong with an item."""
    other = plain(found.other.title) if found.other else ""
    room = plain(found.item.room.name) if found.item.room else ""
    return {
        Problem.PERSON_TWICE: _("%(person)s is in “%(other)s” at the same time."),
        Problem.ROOM_TWICE: _("%(room)s is taken by “%(other)s” at the same time."),
        Problem.OVERLAP: _("This is for everybody, and “%(other)s” is at the same time.")
        if found.item.room is None
        else _("“%(other)s” is for everybody and at the same time."),
        Problem.OUTSIDE: _("This lies outside the meeting."),
        Problem.ROOM_SMALL: _("There are more places than seats in %(room)s."),
        Problem.AWAY: _("%(person)s said they can't be there at this time."),
        Problem.NO_SPEAKER: _("Nobody speaks here yet."),
        Problem.NO_MODERATOR: _("Nobody moderates this panel yet."),
        Problem.HOLE: _("Nothing is planned anywhere between “%(other)s” and this."),
    }[found.problem] % {"person": found.person, "other": other, "room": room, "zone": zone}


def history(line: HistoryLine) -> str:
    """A line of history as a sentence without its time."""
    details = json.loads(line.details or "{}")
    if line.verb == "answers_changed" and line.subject:
        return _("Answers were changed: %(subject)s") % {"subject": line.subject}
    words = (
        movements.sentence(line.verb, details)
        or _of_event(line.verb)
        or _of_programme(line.verb)
        or _of_people(line.verb, details)
        or speaker_words.history(line.verb, details)
        or way_words.history(line.verb, details)
        or _of_form(line.verb)
        or _of_letters(line.verb)
        or _of_fees(line.verb)
        or line.verb
    )
    named = {"subject": line.subject} | {k: details.get(k, "") for k in ("version", "number")}
    return words % named


def who(line: HistoryLine) -> str:
    """Who did it, as organisers say it."""
    return {
        "guest": _("a guest"),
        "speaker": _("by their own link"),
        "calendar": _("by calendar"),
        "eventkit": _("by itself"),
        "worker": _("by itself"),
    }.get(line.actor, line.actor)


def _of_event(verb: str) -> str:
    return {
        "created": _("The meeting was created"),
        "imported": _("The meeting was taken in from a file"),
        "changed": _("The settings were changed"),
        "announced": _("The meeting was announced"),
        "called_off": _("The meeting was called off"),
        "archived": _("The meeting was archived"),
        "recap_saved": _("The recap was saved"),
        "recap_published": _("The recap was published"),
        "photo_added": _("A photo was added"),
        "photo_removed": _("A photo was taken away"),
        "site_plan_saved": _("The site plan was saved"),
        "site_plan_removed": _("The site plan was taken away"),
        "letter_retried": _("A letter was sent again"),
        "anonymised": _("Personal data was made anonymous"),
        "deleted": _("Somebody's personal data was deleted"),
        "attendees_imported": _("A list of %(subject)s people was imported"),
        "import_undone": _("An import was taken back: %(subject)s registrations"),
    }.get(verb, "")


def _of_programme(verb: str) -> str:
    return {
        "room_saved": _("Room “%(subject)s” was saved"),
        "room_removed": _("A room was removed"),
        "item_saved": _("“%(subject)s” was saved in the draft"),
        "item_removed": _("“%(subject)s” was taken out of the draft"),
        "programme_edited": _("The programme's draft was edited"),
        "programme_published": _("Version %(version)s of the programme was published"),
        "material_added": _("File “%(subject)s” was added"),
        "material_changed": _("A download was changed"),
        "material_released": _("A download was released"),
        "materials_released": _("%(subject)s downloads were released"),
        "material_withheld": _("A download was withheld"),
        "material_removed": _("A download was removed"),
    }.get(verb, "")


def _of_people(verb: str, details: Mapping[str, Any]) -> str:
    if verb == "corrected" and details.get("fields"):
        named = ", ".join(_typed(str(field)) for field in details["fields"])
        return _("Answers were corrected: ") + named.replace("%", "%%")
    return {
        "registered": _registered(str(details.get("source", ""))),
        "seat_given": _("A place was given"),
        "cancelled": _("A place was given back"),
        "approved": _("A request was approved"),
        "attended": _("Somebody was checked in"),
        "not_attended": _("Somebody counts as not there"),
        "corrected": _("Somebody corrected their answers"),
        "answered": _("An answer came from a calendar"),
        "letter_returned": _("A letter came back undelivered"),
        "calendars_sent_again": _("The present calendar entry was sent again"),
        "decline_rule": _("What follows a “no” was changed"),
        "feed_renewed": _("A guest made a new calendar address"),
        "marks_changed": _("Items of the programme were marked"),
    }.get(verb, "")


def _registered(source: str) -> str:
    return {
        "import": _("Came with an imported list"),
        "invitation": _("Somebody registered by their invitation"),
        "desk": _("Somebody was added"),
        "door": _("Somebody was added at the door"),
    }.get(source, _("Somebody registered"))


def _typed(field: str) -> str:
    """The name of something a guest corrects themselves."""
    return {
        "name": _("Name"),
        "organisation": _("Organisation"),
        "role": _("Function"),
        "access_needs": _("Access needs"),
        "diet": _("Diet"),
        "language": _("Language"),
    }.get(field, field)


def _of_form(verb: str) -> str:
    return {
        "question_saved": _("Question “%(subject)s” was saved"),
        "question_removed": _("Question “%(subject)s” was taken out"),
        "form_arranged": _("The order of the questions was changed"),
        "form_switched": _("What the form always asks was changed"),
        "answers_changed": _("Answers were changed"),
        "workshops_changed": _("Somebody changed their workshops"),
        "companions_changed": _("Somebody changed who comes along"),
        "consent_given": _("Somebody gave a consent"),
        "question_asked": _("Somebody wrote to the organisers"),
        "consent_withdrawn": _("Somebody withdrew a consent"),
    }.get(verb, "")


def _of_letters(verb: str) -> str:
    return {
        "wording_saved": _("The words of a letter were changed"),
        "wording_restored": _("A letter has its standard text again"),
        "reminder_added": _("A reminder was planned"),
        "reminder_sent": _("A reminder was sent"),
        "message_drafted": _("A message was drafted"),
        "message_scheduled": _("A message was sent or planned"),
        "message_sent": _("A message was sent to everybody meant"),
        "mailing_paused": _("A message was held"),
        "mailing_resumed": _("A message goes on"),
        "mailing_stopped": _("A message was stopped"),
        "mailing_retried": _("Failed letters were sent again"),
        "mailing_removed": _("A draft or reminder was taken out"),
        "letter_tested": _("A letter was tested"),
        "address_corrected": _("An address was corrected"),
    }.get(verb, "")


def _of_fees(verb: str) -> str:
    return {
        "invoice_issued": _("Invoice %(number)s was issued"),
        "invoice_cancelled": _("Invoice %(number)s was cancelled"),
        "invoice_paid": _("Invoice %(number)s was paid"),
        "invoice_unpaid": _("Invoice %(number)s is open again"),
        "payment_reminded": _("A reminder of invoice %(number)s was written"),
        "price_saved": _("The price “%(subject)s” was saved"),
        "price_moved": _("The order of the prices was changed"),
        "price_removed": _("The price “%(subject)s” was removed"),
        "reply_settled": _("An answer to a letter was dealt with"),
    }.get(verb, "")
