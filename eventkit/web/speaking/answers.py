"""What a speaker says about one meeting: taking part, when, what they need. And who they are."""

from typing import Any

from flask import make_response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response

from eventkit.actions import standings
from eventkit.actions.speaking import SPEAKER
from eventkit.actions.standings import Standing
from eventkit.model.person import Person
from eventkit.rules import appearances as rules
from eventkit.store import events, people
from eventkit.web import access, appearing, headers, listing
from eventkit.web.site import now, store
from eventkit.web.speaking.desk import PAST, blueprint, opened


def _mine(token: str, slug: str) -> Standing:
    """The meeting of an address, if this person may see a part of theirs in it. Else 404 (R10)."""
    person, event = opened(token), events.by_slug(store(), slug)
    for each in standings.of_person(store(), person, since=now() - PAST):
        if event is not None and each.event.id == event.id:
            return each
    raise NotFoundPage


def _page(
    token: str, standing: Standing, kind: str, *, done: bool, wrong: bool, **more: Any
) -> Response:
    """The form of a kind, or back to one's own page after saving."""
    slug = standing.event.slug
    if done:
        return redirect(url_for("speaker.page", token=token, _anchor=f"meeting-{slug}"), 303)
    if not rules.may_ask(standing.event, now()):
        return redirect(url_for("speaker.page", token=token), 303)
    body = render_template(
        "speaker/form.html",
        token=token,
        standing=standing,
        event=standing.event,
        block=listing.block(standing.event),
        kind=kind,
        **more,
    )
    return make_response(body, 422 if wrong else 200)


@blueprint.route("/<token>/meetings/<slug>/answer", methods=["GET", "POST"])
@access.personal
def answer(token: str, slug: str) -> Response:
    """Confirm or decline; opening it changes nothing, and one may think again (R15)."""
    found = _mine(token, slug)
    form, done = appearing.answer(found.said, SPEAKER)
    return _page(token, found, "answer", done=done, wrong=bool(form.errors), form=form)


@blueprint.route("/<token>/meetings/<slug>/times", methods=["GET", "POST"])
@access.personal
def times(token: str, slug: str) -> Response:
    """When one can be there."""
    found = _mine(token, slug)
    hours, done = appearing.times(found.event, found.person.id, found.windows, SPEAKER)
    return _page(token, found, "times", done=done, wrong=hours.wrong, hours=hours)


@blueprint.route("/<token>/meetings/<slug>/wishes", methods=["GET", "POST"])
@access.personal
def wishes(token: str, slug: str) -> Response:
    """What one needs in the room."""
    found = _mine(token, slug)
    form, done = appearing.wishes(found.said, SPEAKER)
    return _page(token, found, "wishes", done=done, wrong=bool(form.errors), form=form)


@blueprint.route("/<token>/profile", methods=["GET", "POST"])
@access.personal
def profile(token: str) -> Response:
    """What the public reads of one."""
    person = opened(token)
    form, done = appearing.profile(person, SPEAKER)
    if done:
        return redirect(url_for("speaker.page", token=token, _anchor="profile"), 303)
    return _own(token, person, "profile", wrong=bool(form.errors), form=form)


@blueprint.route("/<token>/photo", methods=["GET", "POST"])
@access.personal
@headers.takes_uploads
def photo(token: str) -> Response:
    """One's photo and the square of it that is shown; saving shows it again, to look at."""
    person = opened(token)
    form, done = appearing.photo(person, SPEAKER)
    if done:
        return redirect(url_for("speaker.photo", token=token, _anchor="shown"), 303)
    whole = people.photo_source(store(), person.id)[0]
    return _own(
        token,
        person,
        "photo",
        wrong=bool(form.errors),
        form=form,
        shown=url_for("speaker.photo_shown", token=token, v=person.photo[:10])
        if person.photo
        else "",
        whole=url_for("speaker.photo_whole", token=token, v=whole[:10]) if whole else "",
    )


def _own(token: str, person: Person, kind: str, *, wrong: bool, **more: Any) -> Response:
    body = render_template(f"speaker/{kind}.html", token=token, person=person, **more)
    return make_response(body, 422 if wrong else 200)
