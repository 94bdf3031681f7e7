"""The words of each kind of letter: of one meeting, or (without one) of all of them."""

from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import wordings as actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.text import LANGUAGES
from eventkit.model.wording import Wording
from eventkit.rules import placeholders
from eventkit.rules import wordings as rule
from eventkit.store import wordings
from eventkit.web import access, headers
from eventkit.web.forms.base import complain
from eventkit.web.forms.letters import LookForm
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.organiser import previews
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.organiser.letters import ROOM
from eventkit.web.site import now, store

ONE = "/letters/wordings/<about>"
OF_EVENT = f"/events/<slug>{ONE}"


def names() -> dict[str, tuple[str, str]]:
    """Each kind of letter that can be worded: its name and when it is written."""
    return {
        "confirmed": (_("You have a place"), _("after registering, if a place is free")),
        "waiting": (_("You are on the waiting list"), _("after registering, if all is taken")),
        "requested": (_("Your request has arrived"), _("where you decide who gets a place")),
        "refused": (_("Your request was declined"), _("when you decline a request")),
        "offered": (_("A place is kept for you"), _("when somebody may move up for some hours")),
        "lapsed": (_("Your place was not taken in time"), _("when those hours are over")),
        "moved_up": (_("A place became free for you"), _("when somebody moves up")),
        "workshop": (_("You have a place in a workshop"), _("when one becomes free")),
        "chosen": (_("Other workshops"), _("when somebody changes their workshops")),
        "reminder": (_("A reminder of the meeting"), _("before the meeting, if you want one")),
        "changed": (_("The meeting has changed"), _("when the day, the time or the place changes")),
        "declined": (
            _("Do you want to give your seat back?"),
            _("when somebody declines in their calendar"),
        ),
        "cancelled": (_("Your registration is cancelled"), _("when a guest cancels")),
        rule.BY_US: (
            _("We cancelled a registration"),
            _("when you cancel somebody’s registration"),
        ),
        "called_off": (_("The meeting is called off"), _("to everybody, when you call it off")),
        "invitation": (_("You are invited"), _("when you invite somebody")),
        "invitation_reminder": (
            _("A reminder of the invitation"),
            _("when you remind those who have not answered"),
        ),
    }


def _where(slug: str | None) -> tuple[Event | None, int | None, dict[str, Any]]:
    """The meeting, its id, and what a page needs to stand in its frame; nothing for all."""
    if slug is None:
        return None, None, {}
    event = meeting(slug)
    return event, event.id, {"event": event}


@blueprint.get("/letters/wordings")
@blueprint.get("/events/<slug>/letters/wordings")
@access.organisers
def wordings_list(slug: str | None = None) -> ResponseReturnValue:
    """Every kind of letter, and whether it has words of its own."""
    _event, event_id, frame = _where(slug)
    own = {each.kind: each for each in wordings.every(store(), event_id)}
    above = {each.kind: each for each in wordings.every(store(), None)} if event_id else {}
    named = names()
    return page(
        "letters/wordings.html",
        nav=ROOM,
        kinds=[(kind, *named[kind]) for kind in _ordered(named)],
        own=own,
        above=above,
        slug=slug,
        **frame,
    )


def _ordered(named: dict[str, tuple[str, str]]) -> list[str]:
    return [kind for kind in named if kind in rule.KINDS]


@blueprint.route(ONE, methods=["GET", "POST"])
@blueprint.route(OF_EVENT, methods=["GET", "POST"])
@access.organisers
def wording(about: str, slug: str | None = None) -> ResponseReturnValue:
    """Change subject and opening in both languages; the preview stands beside them."""
    event, event_id, frame = _where(slug)
    _known(about)
    form = previews.look(event)
    if request.method != "POST":
        _fill(form, about, event_id)
    elif form.validate() and _save(form, about, event_id):
        return back("wording", _("Saved."), slug=slug, about=about)
    return _page(form, about, slug, event_id, frame)


def _fill(form: LookForm, kind: str, event_id: int | None) -> None:
    for language in LANGUAGES:
        subject, body = actions.in_force(store(), kind, event_id, language)
        form[f"subject_{language}"].data, form[f"body_{language}"].data = subject, body


def _save(form: LookForm, kind: str, event_id: int | None) -> bool:
    wanted = Wording(kind, event_id, form.text("subject"), form.text("body"))
    try:
        actions.save(store(), wanted, actor=access.actor(), now=now())
    except Invalid as error:
        refuse(form, error)
        return False
    return True


def refuse(form: Any, error: Invalid) -> None:
    """Say what was refused, a wrong placeholder by its name."""
    if error.code in ("placeholder", "placeholder_lost") and error.field:
        complain(form, error.field, form.mistakes(error.code, error.field))
    elif error.code == "half_written":
        words = _("Subject and text belong together: please write both, or neither.")
        complain(form, error.field or "", words)
    elif error.code == "nobody":
        complain(form, error.field or "", _("Nobody would get this. Please choose who."))
    else:
        complain(form, error.field or "", sentence(error.code))


def _page(
    form: LookForm, kind: str, slug: str | None, event_id: int | None, frame: dict[str, Any]
) -> Response:
    own = wordings.one(store(), kind, event_id)
    status = 422 if form.errors else 200
    name, when = names()[kind]
    return framed(
        page(
            "letters/wording.html",
            status,
            nav=ROOM,
            form=form,
            kind=kind,
            name=name,
            written_when=when,
            own=own,
            slug=slug,
            known=placeholders.KNOWN,
            meanings=meanings(),
            **frame,
        )
    )


def framed(answer: tuple[str, int]) -> Response:
    """A page that shows a preview of ours in a frame."""
    made = make_response(answer)
    made.headers["Content-Security-Policy"] = headers.FRAMING
    return made


def meanings() -> dict[str, str]:
    """What each placeholder becomes."""
    return {
        "name": _("the receiver’s name"),
        "meeting": _("the title of the meeting"),
        "date": _("the day, in words"),
        "time": _("from when to when"),
        "doors": _("when the doors open"),
        "place": _("the place in one line"),
        "directions": _("how to get there"),
        "access": _("what you say about access"),
        "workshops": _("the receiver’s workshops"),
        "queue": _("the place on the waiting list"),
        "offered_until": _("until when a place is kept"),
        "organisation": _("the name of the organisation"),
        "contact": _("the contact’s name and address"),
        "link": _("the receiver’s own page"),
        "page": _("the public page of the meeting"),
        "programme": _("the programme, as soon as it is published"),
    }


def _known(kind: str) -> None:
    if kind not in rule.KINDS or kind not in names():
        raise NotFoundPage


@blueprint.post(f"{ONE}/restore")
@blueprint.post(f"{OF_EVENT}/restore")
@access.organisers
def wording_restore(about: str, slug: str | None = None) -> ResponseReturnValue:
    """Go back to the text this one stands in for."""
    _event, event_id, _frame = _where(slug)
    _known(about)
    actions.restore(store(), about, event_id, actor=access.actor(), now=now())
    return back("wording", _("The standard text is back."), slug=slug, about=about)


@blueprint.route(f"{ONE}/preview", methods=["GET", "POST"])
@blueprint.route(f"{OF_EVENT}/preview", methods=["GET", "POST"])
@access.organisers
def wording_preview(about: str, slug: str | None = None) -> ResponseReturnValue:
    """The letter as it is, or (POST) with what is typed but not saved; changes nothing."""
    event, event_id, _frame = _where(slug)
    _known(about)
    return previews.shown(event, about, _words(event, event_id, about))


def _words(event: Event | None, event_id: int | None, kind: str) -> tuple[str, str]:
    _name, language, _plain = previews.asked()
    if request.method == "POST":
        typed = previews.words_of(previews.look(event), language)
        below = actions.inherited(store(), kind, event_id, language)
        return typed[0] or below[0], typed[1] or below[1]
    return actions.in_force(store(), kind, event_id, language)


@blueprint.post(f"{ONE}/test")
@blueprint.post(f"{OF_EVENT}/test")
@access.organisers
def wording_test(about: str, slug: str | None = None) -> ResponseReturnValue:
    """Send what is typed to oneself; what was typed stays on the page."""
    event, event_id, frame = _where(slug)
    _known(about)
    form = previews.look(event)
    words = _words(event, event_id, about)
    try:
        actions.check(form.text("subject"), form.text("body"))
        said = previews.send_test(event, about, words)
    except Invalid as error:
        refuse(form, error)
        return _page(form, about, slug, event_id, frame)
    return _page_said(form, about, slug, event_id, frame, said)


def _page_said(
    form: LookForm,
    kind: str,
    slug: str | None,
    event_id: int | None,
    frame: dict[str, Any],
    said: str,
) -> Response:
    return _page(form, kind, slug, event_id, {**frame, "said": said})
