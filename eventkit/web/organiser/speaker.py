"""One person at one meeting: everything they can do by their link, done for them; and the link."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import appearances as links
from eventkit.actions import standings
from eventkit.actions.standings import Standing
from eventkit.rules import appearances as rules
from eventkit.store import history
from eventkit.store import people as people_store
from eventkit.web import access, appearing, headers
from eventkit.web.language import gettext as _
from eventkit.web.organiser import words
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

_OF = "/events/<slug>/speakers/people/<person>"


def _found(slug: str, person: str) -> Standing:
    """Somebody on the draft of this meeting; anybody else is not there (R10)."""
    for each in standings.of_event(store(), meeting(slug)):
        if each.person.slug == person:
            return each
    raise NotFoundPage


@blueprint.get(_OF)
@access.organisers
def speaker(slug: str, person: str) -> ResponseReturnValue:
    """What somebody said, what is missing, their link, and what they changed."""
    found = _found(slug, person)
    tokens = links.links(store(), [found.person.id], now=now(), identity=site().identity)
    token = tokens.get(found.person.id, "")
    lines = history.of_person(store(), found.person.id, limit=30)
    return page(
        "speaker.html",
        event=found.event,
        found=found,
        address=site().links.speaking(token) if token else "",
        closes_on=links.link_ends_at(store(), found.person.id, now()),
        open=rules.may_ask(found.event, now()),
        may_remind=rules.may_remind(found.event, found.person, found.said, found.owed, now()),
        next_reminder=rules.next_reminder(found.said),
        reminders_left=rules.REMINDERS - found.said.reminders,
        lines=[(line.at, words.history(line), words.who(line)) for line in lines],
    )


def _form(
    found: Standing, kind: str, *, done: bool, wrong: bool, **more: Any
) -> ResponseReturnValue:
    event, person = found.event, found.person
    if done:
        return back("speaker", _("Saved."), slug=event.slug, person=person.slug)
    if not rules.may_ask(event, now()):
        said = _("The meeting is over. Nothing was changed.")
        return back("speaker", said, "danger", slug=event.slug, person=person.slug)
    status = 422 if wrong else 200
    return page("speaker_form.html", status, event=event, found=found, kind=kind, **more)


@blueprint.route(f"{_OF}/answer", methods=["GET", "POST"])
@access.organisers
def speaker_answer(slug: str, person: str) -> ResponseReturnValue:
    """Confirm or decline on behalf, after a call or a mail."""
    found = _found(slug, person)
    form, done = appearing.answer(found.said, access.actor())
    return _form(found, "answer", done=done, wrong=bool(form.errors), form=form)


@blueprint.route(f"{_OF}/times", methods=["GET", "POST"])
@access.organisers
def speaker_times(slug: str, person: str) -> ResponseReturnValue:
    """When somebody can be there, on behalf."""
    found = _found(slug, person)
    hours, done = appearing.times(found.event, found.person.id, found.windows, access.actor())
    return _form(found, "times", done=done, wrong=hours.wrong, hours=hours)


@blueprint.route(f"{_OF}/wishes", methods=["GET", "POST"])
@access.organisers
def speaker_wishes(slug: str, person: str) -> ResponseReturnValue:
    """What somebody needs in the room, on behalf."""
    found = _found(slug, person)
    form, done = appearing.wishes(found.said, access.actor())
    return _form(found, "wishes", done=done, wrong=bool(form.errors), form=form)


@blueprint.post(f"{_OF}/link")
@access.organisers
def speaker_link(slug: str, person: str) -> ResponseReturnValue:
    """Make the link, to hand it over by other ways than mail."""
    found = _found(slug, person)
    links.open_link(store(), found.person.id, **_by())
    return back("speaker", slug=slug, person=person, anchor="link")


@blueprint.post(f"{_OF}/link/renew")
@access.organisers
def speaker_link_renew(slug: str, person: str) -> ResponseReturnValue:
    """End the link and make another, with one click."""
    found = _found(slug, person)
    links.renew_link(store(), found.person.id, **_by())
    said = _("The former link opens nothing any more.")
    return back("speaker", said, slug=slug, person=person, anchor="link")


@blueprint.post(f"{_OF}/link/revoke")
@access.organisers
def speaker_link_revoke(slug: str, person: str) -> ResponseReturnValue:
    """End the link."""
    found = _found(slug, person)
    links.revoke_link(store(), found.person.id, actor=access.actor(), now=now())
    said = _("The former link opens nothing any more.")
    return back("speaker", said, slug=slug, person=person, anchor="link")


def _by() -> dict[str, Any]:
    return {"actor": access.actor(), "now": now(), "identity": site().identity}


@blueprint.route("/people/<person>/photo", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def person_photo(person: str) -> ResponseReturnValue:
    """Somebody's photo and the square of it that is shown."""
    found = people_store.by_slug(store(), person)
    if found is None:
        raise NotFoundPage
    form, done = appearing.photo(found, access.actor())
    if done:
        return back("person_photo", _("Saved."), person=person)
    whole = people_store.photo_source(store(), found.id)[0]
    return page(
        "person_photo.html",
        422 if form.errors else 200,
        person=found,
        form=form,
        shown=url_for("organiser.picture", sha256=found.photo) if found.photo else "",
        whole=url_for("organiser.picture", sha256=whole) if whole else "",
    )
