"""Messages to start from: practical matters before a meeting, thanks after it."""

from dataclasses import dataclass

from eventkit.language import catalogue
from eventkit.model.registration import State
from eventkit.model.text import Text
from eventkit.web.forms.base import Label
from eventkit.web.forms.base import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Ready:
    """A text to start from, and whom it usually goes to."""

    name: Label
    subject: Label
    body: Label
    states: tuple[State, ...]
    without_workshop: bool = False


READY = {
    "practical": Ready(
        _l("Good to know before the meeting"),
        _l("Good to know: {meeting}"),
        _l(
            "Hello {name},\n\nthe meeting is near. Here is what you should know:\n\n"
            "- It is on {date}, {time}.\n- The place: {place}\n\n"
            "You find everything else on [your page]({link})."
        ),
        (State.CONFIRMED,),
    ),
    "workshops": Ready(
        _l("Please choose a workshop"),
        _l("Which workshop would you like? {meeting}"),
        _l(
            "Hello {name},\n\nyou have a seat, but you have not chosen a workshop yet. "
            "Please do so on [your page]({link}), as long as there are places."
        ),
        (State.CONFIRMED,),
        without_workshop=True,
    ),
    "waiting": Ready(
        _l("How it stands on the waiting list"),
        _l("You are still on the waiting list: {meeting}"),
        _l(
            "Hello {name},\n\nyou are number {queue} on our waiting list. As soon as a seat "
            "becomes free for you, we write at once. If you cannot come any more, "
            "please tell us on [your page]({link})."
        ),
        (State.WAITING,),
    ),
    "thanks": Ready(
        _l("Thank you, with the slides"),
        _l("Thank you for coming: {meeting}"),
        _l(
            "Hello {name},\n\nthank you for coming. Slides, pictures and what we take with us "
            "stand on [the page of the meeting]({page}).\n\nWe look forward to seeing you again!"
        ),
        (State.CONFIRMED, State.ATTENDED),
    ),
}


def both(label: Label) -> Text:
    """A text in both languages."""
    german, english = (catalogue(language).gettext(label.message) for language in ("de", "en"))
    return Text(de=german, en=english)
