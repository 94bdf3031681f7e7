"""What people of a programme did, as history tells organisers."""

from collections.abc import Mapping
from typing import Any

from eventkit.web.language import gettext as _


def history(verb: str, details: Mapping[str, Any]) -> str:
    """A verb as a sentence with `%(subject)s`, or "" for one that is not of speakers."""
    if verb in ("speaker_profile", "speaker_removed"):
        named = [_field(name) for name in details.get("fields", ())]
        said = (
            _("%(subject)s changed: ") if verb == "speaker_profile" else _("%(subject)s removed: ")
        )
        return said + ", ".join(named).replace("%", "%%")
    return {
        "person_saved": _("%(subject)s was saved"),
        "speaker_asked": _("%(subject)s was asked to take part"),
        "speaker_reminded": _("%(subject)s was reminded"),
        "speaker_confirmed": _("%(subject)s takes part"),
        "speaker_declined": _("%(subject)s can’t take part"),
        "speaker_open": _("The answer of %(subject)s was taken back"),
        "speaker_available": _("%(subject)s said when they can be there"),
        "speaker_wish": _("%(subject)s said what they need in the room"),
        "speaker_photo": _("%(subject)s has another photo"),
        "speaker_link_opened": _("The personal link was opened"),
        "speaker_link_renewed": _("The personal link was replaced"),
        "speaker_link_closed": _("The personal link was ended"),
        "speaker_feed_opened": _("The personal calendar got a new address"),
        "speaker_feed_closed": _("The personal calendar was ended"),
    }.get(verb, "")


def _field(name: str) -> str:
    return {
        "name": _("Name"),
        "former_name": _("Former name"),
        "function": _("Function"),
        "organisation": _("Organisation"),
        "biography": _("Text"),
        "text": _("Text"),
        "website": _("Website"),
        "language": _("Language"),
        "photo": _("Photo"),
        "address": _("Address"),
    }.get(name, name)
