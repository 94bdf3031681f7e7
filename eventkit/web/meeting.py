"""What the pages of one meeting share: finding it, and saying whether there is a seat."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.routing import RequestRedirect

from eventkit import language as words
from eventkit.model.event import Admission, Event, Mode
from eventkit.model.registration import Seats
from eventkit.rules import seats as seats_rule
from eventkit.rules.seats import Window
from eventkit.store import events
from eventkit.web.language import current, ngettext, plain
from eventkit.web.language import gettext as _
from eventkit.web.site import now, store


def at(slug: str) -> Event:
    """The public meeting at an address. A draft is 404, a former address leads here."""
    event = events.by_slug(store(), slug)
    if event is None:
        raise _elsewhere(slug)
    if not event.public:
        raise NotFoundPage
    return event


def _elsewhere(slug: str) -> NotFoundPage | RequestRedirect:
    present = events.moved_to(store(), slug)
    if present is None or request.endpoint is None:
        return NotFoundPage()
    arguments = {**(request.view_args or {}), **request.args.to_dict(), "slug": present}
    moved = RequestRedirect(url_for(request.endpoint, **arguments))
    moved.code = 301 if request.method in ("GET", "HEAD") else 308
    return moved


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether there is a seat, in words. `action` labels the way to the form, if it is open.

    `tone` is a badge's. `text` is a sentence, `short` a few words for lists.
    """

    window: Window
    text: str
    short: str
    tone: str
    action: str = ""


def standing(event: Event, seats: Seats) -> Standing:
    """How registration for a meeting stands now."""
    window = seats_rule.window(event, now())
    if window is Window.OPEN:
        return _open(event, seats)
    text, short, tone = _shut(event, window)
    return Standing(window, text, short, tone)


def _open(event: Event, seats: Seats) -> Standing:
    if event.admission is Admission.CLOSED:
        text = _("Only with a personal invitation or a code.")
        return Standing(Window.OPEN, text, _("by invitation"), "info", _("I have a code"))
    if seats_rule.full(seats):
        if not event.waiting_list:
            full = _("All places are taken.")
            return Standing(Window.OPEN, full, _("full"), "plain")
        waiting = ngettext(
            "All places are taken; %(num)s person is waiting.",
            "All places are taken; %(num)s people are waiting.",
            seats.waiting,
        ) % {"num": seats.waiting}
        text = waiting if seats.waiting else _("All places are taken; the waiting list is open.")
        return Standing(Window.OPEN, text, _("waiting list"), "warning", _("Join the waiting list"))
    action = _("Ask for a place") if event.approval else _("Register")
    if seats.free is None:
        return Standing(
            Window.OPEN, _("Registration is open."), _("registration is open"), "success", action
        )
    free = seats.free if seats.limited else seats.free - seats.waiting
    left = ngettext("%(num)s place free", "%(num)s places free", free) % {"num": free}
    of_all = _("%(left)s of %(capacity)s") % {"left": left, "capacity": seats.capacity}
    return Standing(Window.OPEN, of_all, left, "success", action)


def _shut(event: Event, window: Window) -> tuple[str, str, str]:
    if window is Window.NOT_YET and event.opens_at:
        opens = words.moment(event.opens_at, event.zone, current())
        return (
            _("Registration opens on %(moment)s.") % {"moment": opens},
            _("registration opens on %(moment)s") % {"moment": opens},
            "info",
        )
    if window is Window.CLOSED and now() < event.starts_at:
        return _("Registration is closed."), _("registration is closed"), "plain"
    if window is Window.CLOSED:
        return _("The meeting is going on right now."), _("going on right now"), "plain"
    if window is Window.CANCELLED:
        return _("This meeting is called off."), _("called off"), "danger"
    if window is Window.OVER:
        return _("This meeting is over."), "", "plain"
    return _("No registration is needed here."), "", "plain"


def where(event: Event) -> str:
    """Where a meeting is, in a few words: venue and town, or online."""
    place = ", ".join(part for part in (event.place.name, event.place.town) if part)
    if event.mode is Mode.ONLINE:
        return _("Online")
    if event.mode is Mode.HYBRID:
        return _("%(place)s and online") % {"place": place} if place else _("Online")
    return place


def contact_address(event: Event, fallback: str) -> str:
    """Whom to write to about a meeting."""
    return event.contact_email or fallback


def title(event: Event) -> str:
    """The meeting's name without mark-up."""
    return plain(event.title)
