"""Every letter with its fate, and what to do about the ones that did not arrive."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import addresses, post
from eventkit.documents import writing
from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Event
from eventkit.model.letter import Letter, LetterKind, LetterState
from eventkit.store import events, outbox
from eventkit.web import access
from eventkit.web.forms.base import Form, Required, complain, line
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.organiser.previews import masked
from eventkit.web.site import now, site, store

ON_A_PAGE = 100
ROOM = "organiser.letters"


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
        LetterKind.CHOSEN: _("Your workshops have changed"),
        LetterKind.CANCELLED: _("Your registration is cancelled"),
        LetterKind.ALREADY: _("You were registered already"),
        LetterKind.CHANGED: _("The meeting has changed"),
        LetterKind.CALLED_OFF: _("The meeting is called off"),
        LetterKind.DECLINED: _("Do you want to give your seat back?"),
        LetterKind.QUESTION: _("A guest’s question to you"),
        LetterKind.LINK: _("Your personal link again"),
        LetterKind.REMINDER: _("A reminder of the meeting"),
        LetterKind.INVOICE: _("Your invoice"),
        LetterKind.PAYMENT_REMINDER: _("A reminder of your invoice"),
        LetterKind.RECEIPT: _("Your payment has arrived"),
        LetterKind.MESSAGE: _("A message about the meeting"),
        LetterKind.INVITATION: _("You are invited"),
        LetterKind.INVITATION_REMINDER: _("A reminder of the invitation"),
        LetterKind.OPENING: _("Registration is open"),
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


class AddressForm(Form):
    """Where a letter that did not arrive should go."""

    email = line(_l("Correct address"), Required(), longest=254)


@blueprint.get("/events/<slug>/letters/<int(max=9223372036854775807):letter_id>")
@access.organisers
def letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """What a letter says; the personal link in it stays its receiver's."""
    event = meeting(slug)
    found = _letter(event, letter_id)
    return _letter_page(event, found, AddressForm(data={"email": found.email}))


def _letter_page(event: Event, found: Letter, form: AddressForm) -> ResponseReturnValue:
    seen = writing.render(
        found,
        links=site().links,
        personal_link=masked(found.language) if found.nonce else "",
        reply=bool(site().settings.reply_url),
    )
    return page(
        "letter.html",
        422 if form.errors else 200,
        nav=ROOM,
        event=event,
        letter=found,
        form=form,
        kinds=kinds(),
        subject=seen.subject,
        body=seen.text,
    )


@blueprint.post("/events/<slug>/letters/<int(max=9223372036854775807):letter_id>/address")
@access.organisers
def letter_address(slug: str, letter_id: int) -> ResponseReturnValue:
    """Correct the address of somebody a letter could not reach, and send it there."""
    event = meeting(slug)
    found = _letter(event, letter_id)
    form = AddressForm()
    if form.validate():
        email = form.email.data or ""
        try:
            addresses.correct(store(), event.id, found.id, email, actor=access.actor(), now=now())
        except NotFound:
            return back(
                "letter", _("This letter needs no other try."), slug=slug, letter_id=found.id
            )
        except Invalid as error:
            taken = _("Somebody else of this meeting has this address.")
            complain(form, "email", taken if error.code == "registered" else sentence(error.code))
        else:
            said = _("Corrected. What did not arrive goes there now.")
            return back("letter", said, slug=slug, letter_id=found.id)
    return _letter_page(event, found, form)


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
