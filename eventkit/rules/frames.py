"""Ready frames of a day: what is certain, so that talks find their place between."""

from dataclasses import dataclass

from eventkit.language import catalogue
from eventkit.model.agenda import Kind
from eventkit.model.text import Text


def N_(message: str) -> str:  # noqa: N802 - marks a sentence for translation, as gettext does
    return message


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a frame: what, how long, and how many of it beside each other."""

    kind: Kind
    title: str
    minutes: int
    beside: int = 1

    @property
    def text(self) -> Text:
        """The title in both languages."""
        return both(self.title)


def both(message: str) -> Text:
    """A sentence of ours as a text that organisers may change."""
    return Text(de=catalogue("de").gettext(message), en=message)


_COFFEE = Part(Kind.NETWORKING, N_("Arrival and coffee"), 30)
_OPENING = Part(Kind.OPENING, N_("Welcome"), 15)
_TALK = Part(Kind.TALK, N_("Talk"), 45)
_BREAK = Part(Kind.BREAK, N_("Coffee break"), 30)
_LUNCH = Part(Kind.BREAK, N_("Lunch"), 60)
_WORKSHOPS = Part(Kind.WORKSHOP, N_("Workshop"), 90, beside=2)
_PANEL = Part(Kind.PANEL, N_("Panel discussion"), 60)
_END = Part(Kind.NETWORKING, N_("Winding up and conversations"), 30)

FRAMES: dict[str, tuple[Part, ...]] = {
    "day": (_OPENING, _TALK, _TALK, _BREAK, _WORKSHOPS, _LUNCH, _PANEL, _END),
    "talks": (_OPENING, _TALK, _TALK, _BREAK, _TALK, _LUNCH, _TALK, _TALK, _BREAK, _PANEL, _END),
    "half": (_COFFEE, _OPENING, _TALK, _BREAK, _WORKSHOPS, _END),
    "evening": (_OPENING, _TALK, _PANEL, _END),
}
