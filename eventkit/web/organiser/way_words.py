"""What organisers read about invitations and codes: states, marks of a list, refusals, history."""

from eventkit.model.ways import Mark, Standing
from eventkit.web.language import gettext as _


def standing(state: Standing) -> tuple[str, str, str]:
    """A state as words, tone and icon of its badge."""
    return {
        Standing.WAITING: (_("Waiting to be sent"), "plain", "clock"),
        Standing.FAILED: (_("Letter failed"), "danger", "circle-alert"),
        Standing.SENT: (_("No answer yet"), "info", "mail"),
        Standing.ACCEPTED: (_("Yes"), "success", "check"),
        Standing.LEFT: (_("Yes, then cancelled"), "plain", "x"),
        Standing.DECLINED: (_("No"), "plain", "x"),
        Standing.REVOKED: (_("Taken back"), "plain", "x"),
    }[state]


def mark(found: Mark) -> tuple[str, str]:
    """What is to be said of an entry of a list, and the tone of its badge."""
    return {
        Mark.NEW: (_("gets a letter"), "success"),
        Mark.NO_ADDRESS: (_("no address"), "danger"),
        Mark.ADDRESS: (_("not a mail address"), "danger"),
        Mark.NAME: (_("not a name"), "danger"),
        Mark.TOO_LONG: (_("too long"), "danger"),
        Mark.TWICE: (_("twice in the list"), "plain"),
        Mark.INVITED: (_("invited already"), "plain"),
        Mark.REGISTERED: (_("registered already"), "plain"),
    }[found]


def refusal(code: str) -> str:
    """Why nobody was invited."""
    return {
        "troubles": _("Please mend the marked lines first. Nobody was written to."),
        "nothing": _("There is nobody new on this list."),
    }.get(code, "")


def history(verb: str, details: dict[str, object]) -> str:
    """A line of history about the ways in, "" for another."""
    number = details.get("number", "")
    words = {
        "invited": _("%(number)s people were invited"),
        "invitations_reminded": _("%(number)s invited people were reminded"),
        "invitation_revoked": _("An invitation was taken back"),
        "invitation_declined": _("Somebody invited can't come"),
        "code_saved": _("A code was saved"),
        "code_ended": _("A code was ended"),
        "code_reopened": _("A code was made valid again"),
        "admission_changed": _("Who may register was changed"),
    }.get(verb, "")
    return words.replace("%(number)s", str(number))
