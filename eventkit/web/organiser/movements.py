"""Why places were given, kept or lost, in words."""

from collections.abc import Mapping

from eventkit.model.places import Limits, Quota, Verdict
from eventkit.web.language import gettext as _
from eventkit.web.language import plain


def sentence(verb: str, details: Mapping[str, object]) -> str:
    """A line of history about places; "" for what is not about them."""
    words = {
        "seat_given": _("A place was given"),
        "offered": _("A place was offered"),
        "accepted": _("The offered place was taken"),
        "refused": _("A request was declined"),
        "workshop_given": _("A place in “%(subject)s” was given"),
        "workshop_freed": _("The second wish “%(subject)s” was given back for the first"),
        "group_changed": _("Somebody was put into another group"),
        "limits_changed": _("The limits of places were changed"),
        "quota_saved": _("The quota “%(subject)s” was saved"),
        "quota_removed": _("The quota “%(subject)s” was removed"),
        "group_saved": _("The group “%(subject)s” was saved"),
        "group_removed": _("The group “%(subject)s” was removed"),
    }.get(verb, "")
    if verb == "cancelled" and details.get("by") == "lapse":
        return _("An offered place was not taken in time")
    why = cause(str(details.get("cause", "")))
    return _("%(what)s: %(why)s") % {"what": words, "why": why} if words and why else words


def cause(name: str) -> str:
    """Why places were given out at that moment; safe to be filled with `%`."""
    if name.startswith("capacity:"):
        _word, before, after, who = name.split(":", 3)
        return (
            _("the number of places went from %(before)s to %(after)s (%(who)s)")
            % {"before": before or "∞", "after": after or "∞", "who": who}
        ).replace("%", "%%")
    return {
        "registered": _("there was room at once"),
        "cancelled": _("somebody gave theirs back"),
        "lapsed": _("somebody did not take theirs in time"),
        "approved": _("requests were approved"),
        "limits": _("the numbers were changed"),
        "import_undone": _("an import was taken back"),
    }.get(name, "")


def obstacles(verdict: Verdict, limits: Limits, places: int) -> list[str]:
    """Everything that keeps somebody waiting."""
    named: dict[int, Quota] = {quota.id: quota for quota in limits.quotas}
    found = [
        _("“%(quota)s” is full") % {"quota": plain(named[quota_id].name)}
        for quota_id in verdict.quotas
    ]
    if verdict.organisation:
        found.append(_("the limit for this organisation is reached"))
    if verdict.meeting and limits.free:
        found.append(
            _("needs %(places)s places, %(free)s are free")
            % {"places": places, "free": limits.free}
        )
    elif verdict.meeting:
        found.append(_("the meeting is full"))
    if verdict.behind:
        found.append(_("free places are kept for somebody who came earlier"))
    return found or [_("moves up with the next change")]
