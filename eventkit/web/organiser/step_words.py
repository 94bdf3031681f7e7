"""What steps of editing a draft did, as organisers say it."""

from collections.abc import Mapping

from eventkit.model.draft import Step
from eventkit.model.text import Text
from eventkit.web.language import gettext as _
from eventkit.web.language import plain


def step(found: Step, titles: Mapping[int, str]) -> str:
    """What a step of editing did. `titles` are those of the items in the draft, by id."""
    touched = list(found.before)
    kept = [state for at in touched for state in (found.after[at], found.before[at]) if state]
    title = titles.get(touched[0]) or plain(Text(*kept[0]["title"])) if kept else ""
    n = len(touched)
    if n > 1:
        return _several(found.verb, n)
    return {
        "moved": _("“%(title)s” moved"),
        "resized": _("“%(title)s” made longer or shorter"),
        "shifted": _("“%(title)s” moved"),
        "inserted": _("“%(title)s” inserted"),
        "copied": _("“%(title)s” copied to another room"),
        "duplicated": _("“%(title)s” duplicated"),
        "removed": _("“%(title)s” taken out"),
        "added": _("“%(title)s” added"),
    }.get(found.verb, _("“%(title)s” changed")) % {"title": title}


def _several(verb: str, n: int) -> str:
    return {
        "swapped": _("two items swapped"),
        "copied": _("%(num)s items copied to all rooms"),
        "shifted": _("%(num)s items moved"),
        "inserted": _("an item inserted and %(rest)s moved"),
        "framed": _("a frame with %(num)s items begun"),
        "begun": _("%(num)s items copied from another meeting"),
        "imported": _("%(num)s items imported"),
    }.get(verb, _("%(num)s items changed")) % {"num": n, "rest": n - 1}
