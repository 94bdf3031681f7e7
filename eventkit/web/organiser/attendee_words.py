"""An import of attendees in words: what becomes of each row, and what is wrong with it."""

from typing import Any

from eventkit.actions.attendee_import import Taken
from eventkit.model.question import Form
from eventkit.rules.attendee_table import Column, Line, What, askable
from eventkit.rules.attendee_table import meanings as allowed
from eventkit.web.forms.answers import said_wrong
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain

_TONES = {
    What.PLACE: "success",
    What.WAITING: "warning",
    What.REQUESTED: "info",
    What.WRONG: "danger",
}


def what(fate: What) -> str:
    """What becomes of a row."""
    return {
        What.PLACE: _("with a place"),
        What.WAITING: _("onto the waiting list"),
        What.REQUESTED: _("asking for a place"),
        What.KNOWN: _("registered already"),
        What.DOUBLE: _("twice in the file"),
        What.OFF: _("left out"),
        What.WRONG: _("can’t be taken"),
    }[fate]


def row(line: Line, form: Form) -> dict[str, Any]:
    """One row of the preview."""
    guest = line.guest
    return {
        "number": line.number,
        "what": what(line.what),
        "tone": _TONES.get(line.what, "plain"),
        "name": line.name,
        "email": line.email,
        "organisation": guest.organisation if guest else "",
        "with": guest.places - 1 if guest else 0,
        "why": _why(line, form),
        "value": line.value if line.what is What.WRONG else "",
    }


def _why(line: Line, form: Form) -> str:
    if line.what is What.DOUBLE:
        return _("The same address stands in line %(line)s.") % {"line": line.value}
    if line.what is What.KNOWN:
        return _("This registration stays as it is.")
    if line.what is What.OFF:
        return _("Cancelled in the file, or empty.")
    if line.what is not What.WRONG:
        return ""
    question = form.by_key(line.about.removeprefix("q_"))
    if question is None:
        return trouble(line.code)
    code = line.code.removeprefix("answer_")
    why = trouble(code) if code == "answer" else said_wrong(question, code)
    return f"{plain(question.label)}: {why}"


def trouble(code: str) -> str:
    """Why a row can't be taken."""
    return {
        "no_address": _("There is no address."),
        "address": _("This is no mail address."),
        "name_required": _("There is no name."),
        "name_too_long": _("The name is longer than 200 characters."),
        "name_name_with_address": _("The name holds a web or mail address."),
        "too_long": _("This is too long."),
        "language": _("The language is neither German nor English."),
        "state": _("This word for the state is not known."),
        "unknown_group": _("There is no such group at this meeting."),
        "workshop": _("There is no such workshop in the published programme."),
        "sessions_clash": _("More than two of these workshops are at the same time."),
        "companion": _("The name of somebody who comes along can't be read."),
        "persons": _("The number of persons is no number."),
        "persons_names": _("The number of persons does not fit the names of those who come along."),
        "too_many_companions": _("More people come along than the meeting allows."),
        "never_fits": _("So many persons could not even come to an empty meeting."),
        "answer": _("This answer is not among those that can be chosen."),
    }.get(code, _("This can't be read."))


def meanings(form: Form) -> list[tuple[str, str]]:
    """What a column may say, for the choice at each column."""
    fixed = {
        Column.NAME: _("Name"),
        Column.FIRST: _("First name"),
        Column.LAST: _("Last name"),
        Column.EMAIL: _("E-mail"),
        Column.ORGANISATION: _("Organisation"),
        Column.ROLE: _("Function"),
        Column.STATE: _("State"),
        Column.LANGUAGE: _("Language"),
        Column.GROUP: _("Group"),
        Column.WORKSHOPS: _("Workshops"),
        Column.WAITS: _("Waits for"),
        Column.PERSONS: _("Persons"),
        Column.COMPANIONS: _("Comes with"),
        Column.ACCESS: _("Access needs"),
        Column.DIET: _("Diet"),
    }
    may = set(allowed(form))
    return [
        ("", _("not used")),
        *((column.value, words) for column, words in fixed.items() if column.value in may),
        *((question.field, plain(question.label)) for question in askable(form)),
    ]


def taken(done: Taken) -> str:
    """What an import did, in one line."""
    parts = (
        (done.placed, ngettext("%(num)s has a place", "%(num)s have a place", done.placed)),
        (done.waiting, ngettext("%(num)s waits", "%(num)s wait", done.waiting)),
        (
            done.requested,
            ngettext("%(num)s asks for a place", "%(num)s ask for a place", done.requested),
        ),
    )
    told = ", ".join(words % {"num": number} for number, words in parts if number)
    return _("Imported: %(what)s. The import can be taken back as a whole.") % {"what": told}


def refusal(code: str) -> str:
    """What only an import is refused for; "" for all else."""
    return {
        "too_many_rows": _(
            "This list has more than 5,000 rows. Please divide it into several files."
        ),
        "consent": _("Please say where these people agreed to the processing of their data."),
        "troubles": _(
            "Some rows can't be taken. Please mend them in the file and hand it in again, choose "
            "the columns anew, or tick that they are left out. Nobody was imported."
        ),
        "no_room": _(
            "There are not enough places for everybody. Tick that the rest waits, or raise the "
            "number of places first. Nobody was imported."
        ),
        "nothing": _("Nobody in this file could be registered anew."),
        "changed_meanwhile": _(
            "Meanwhile something changed. Nothing was done; this is what would happen now."
        ),
        "undone": _("This import was taken back already."),
        "over": _("The meeting is over. Nothing was changed."),
    }.get(code, "")
