"""Every letter with its fate, and what to do about the ones that did not arrive."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import post
from eventkit.documents import letters as letter_documents
from eventkit.model.event import Event
from eventkit.model.letter import Letter, LetterKind, LetterState
from eventkit.store import events, outbox
from eventkit.web import access
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

ON_A_PAGE = 100
MASKED = "[personal link]"


@blueprint.get("/events/<slug>/letters")
@access.organisers
def letters(slug: str) -> ResponseReturnValue:
    """The letters of a meeting, the newest first; `?state=` filters."""
    event = meeting(slug)
    counts = outbox.counts(store(), event.id)
    asked = request.args.get("state", "")
    state = LetterState(asked) if asked in set(LetterState) else None
    total = counts[state] if state else sum(counts.values())
    pages = max(1, -(-total // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    found = outbox.of_event(
        store(), event.id, state=state, limit=ON_A_PAGE, offset=(at - 1) * ON_A_PAGE
    )
    return page(
        "letters.html",
        event=event,
        letters=found,
        kinds=kinds(),
        filters=_filters(event, counts, asked),
        state=asked if state else "",
        at=at,
        pages=pages,
    )


@blueprint.get("/letters")
@access.organisers
def letters_failing() -> ResponseReturnValue:
    """What did not arrive, of all meetings."""
    found = outbox.unsent(store())
    meetings = events.some(store(), {each.event_id for each in found if each.event_id})
    return page("letters_failing.html", letters=found, kinds=kinds(), meetings=meetings)


def kinds() -> dict[LetterKind, str]:
    """Why a letter was written, in a few words."""
    return {
        LetterKind.CONFIRMED: _("You have a place"),
        LetterKind.WAITING: _("You are on the waiting list"),
        LetterKind.REQUESTED: _("Your request has arrived"),
        LetterKind.MOVED_UP: _("A place became free for you"),
        LetterKind.OFFERED: _("A place is kept for you"),
        LetterKind.LAPSED: _("Your place was not taken in time"),
        LetterKind.REFUSED: _("Your request was declined"),
        LetterKind.WORKSHOP: _("You have a place in a workshop"),
        LetterKind.CANCELLED: _("Your registration is cancelled"),
        LetterKind.ALREADY: _("You were registered already"),
        LetterKind.CHANGED: _("The meeting has changed"),
        LetterKind.CALLED_OFF: _("The meeting is called off"),
        LetterKind.DECLINED: _("Do you want to give your seat back?"),
        LetterKind.LINK: _("Your personal link again"),
        LetterKind.SPEAKER_PROGRAMME: _("Your part in the programme"),
        LetterKind.SPEAKER_CHANGED: _("Your part has changed"),
        LetterKind.ITEMS_CHANGED: _("What you chose has changed"),
        LetterKind.SPEAKER_REQUEST: _("Will you take part?"),
        LetterKind.SPEAKER_REMINDER: _("Still missing from you"),
        LetterKind.SPEAKER_LINK: _("Your own page for speakers"),
        LetterKind.NEWSLETTER_CONFIRM: _("Please confirm the newsletter"),
        LetterKind.NEWSLETTER_WELCOME: _("Welcome to the newsletter"),
    }


def _filters(event: Event, counts: dict[LetterState, int], asked: str) -> list[dict[str, Any]]:
    rows = (
        ("", _("All"), sum(counts.values())),
        ("failed", _("Failed"), counts[LetterState.FAILED]),
        ("queued", _("Waiting to be sent"), counts[LetterState.QUEUED]),
        ("sent", _("Sent"), counts[LetterState.SENT]),
    )
    return [
        {
            "label": label,
            "count": n,
            "current": name == asked,
            "href": url_for("organiser.letters", slug=event.slug, state=name or None),
        }
        for name, label, n in rows
    ]


@blueprint.get("/events/<slug>/letters/<int(max=9223372036854775807):letter_id>")
@access.organisers
def letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """What a letter says; the personal link in it stays its receiver's."""
    event = meeting(slug)
    found = _letter(event, letter_id)
    message = letter_documents.write(
        found,
        sender=site().settings.mail.sender,
        links=site().links,
        personal_link=f"{site().links.base}/{MASKED}" if found.nonce else "",
    )
    part = message.get_body(("plain",))
    return page(
        "letter.html",
        event=event,
        letter=found,
        kinds=kinds(),
        subject=str(message["Subject"]),
        body=part.get_content() if part else "",
    )


@blueprint.post("/events/<slug>/letters/<int(max=9223372036854775807):letter_id>/retry")
@access.organisers
def letter_retry(slug: str, letter_id: int) -> ResponseReturnValue:
    """Make a letter due at once."""
    event = meeting(slug)
    found = _letter(event, letter_id)
    again = post.send_again(store(), event.id, found.id, actor=access.actor(), now=now())
    if not again:
        return back("letters", _("This letter needs no other try."), "info", slug=slug)
    return back("letters", _("The letter goes out in a moment."), slug=slug)


def _letter(event: Event, letter_id: int) -> Letter:
    found = outbox.by_id(store(), letter_id)
    if found is None or found.event_id != event.id:
        raise NotFoundPage
    return found
