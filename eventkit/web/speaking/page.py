"""A speaker's own page: their meetings, what is missing, their calendar and their data."""

from typing import Any

from flask import Response, jsonify, redirect, render_template, send_file, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import appearances, speaking, standings
from eventkit.actions import calendars as calendar_actions
from eventkit.actions.standings import Standing
from eventkit.model.person import Person
from eventkit.rules import access as access_rule
from eventkit.rules import appearances as rules
from eventkit.store import history, people, shelf
from eventkit.web import access, listing, meeting, rail
from eventkit.web.language import current, iso, plain
from eventkit.web.site import now, organisation, site, store
from eventkit.web.speaking.desk import PAST, blueprint, opened


@blueprint.get("/<token>/")
@access.personal
def page(token: str) -> str:
    """Who I am, my meetings with my own agenda, what is missing."""
    person = opened(token)
    found = standings.of_person(store(), person, since=now() - PAST)
    feeds = calendar_actions.speaker_feeds(store(), [person.id], site().identity)
    coming = [each for each in found if now() < each.event.ends_at]
    return render_template(
        "speaker/page.html",
        token=token,
        person=person,
        coming=[_shown(each) for each in coming],
        past=[_shown(each) for each in found if now() >= each.event.ends_at][::-1],
        feed=site().links.speaking_calendar(feeds[person.id]) if person.id in feeds else "",
        public=people.is_public(store(), person.id),
        contact=organisation().email,
        closes_on=appearances.link_ends_at(store(), person.id, now()),
        zone=organisation().zone,
    )


def _shown(standing: Standing) -> dict[str, Any]:
    event = standing.event
    return {
        "event": event,
        "block": listing.block(event),
        "where": meeting.where(event),
        "said": standing.said,
        "owed": [each.value for each in standing.owed],
        "open": rules.may_ask(event, now()),
        "days": rail.days(
            [own.item for own in standing.own],
            event.zone,
            current(),
            more={own.item.id: {"people": [], "abstract": "", "own": own} for own in standing.own},
        ),
        "windows": standing.windows,
        "materials": {own.item.id: standing.of_item(own.item.id) for own in standing.own},
        "contact": meeting.contact_address(event, organisation().email),
        "clears_on": access_rule.delete_on(event.ends_at, event.retention_days),
    }


@blueprint.get("/<token>/photo.jpg")
@access.personal
def photo_shown(token: str) -> Response:
    """One's own photo as it is shown."""
    return _picture(opened(token).photo)


@blueprint.get("/<token>/photo-whole.jpg")
@access.personal
def photo_whole(token: str) -> Response:
    """One's own photo as it was given, to choose another square of it."""
    return _picture(people.photo_source(store(), opened(token).id)[0])


def _picture(sha256: str) -> Response:
    if not sha256:
        raise NotFoundPage
    return send_file(shelf.path(store(), sha256), mimetype="image/jpeg")


@blueprint.post("/<token>/calendar/renew")
@access.personal
def feed_renew(token: str) -> AnyResponse:
    """End the address of one's own calendar and make another, with one click."""
    person = opened(token)
    calendar_actions.renew_speaker_feed(
        store(), person.id, actor=speaking.SPEAKER, now=now(), identity=site().identity
    )
    return redirect(url_for("speaker.page", token=token, _anchor="subscribe"), 303)


@blueprint.get("/<token>/remove/<what>")
@access.personal
def remove(token: str, what: str) -> str:
    """The question what goes; opening it changes nothing (R15)."""
    person = opened(token)
    if what not in speaking.REMOVABLE:
        raise NotFoundPage
    return render_template("speaker/remove.html", token=token, person=person, what=what)


@blueprint.post("/<token>/remove/<what>")
@access.personal
def remove_now(token: str, what: str) -> AnyResponse:
    """Take the photo, the text or the address away, at once."""
    person = opened(token)
    speaking.remove(store(), person.id, what, actor=speaking.SPEAKER, now=now())
    return redirect(url_for("speaker.page", token=token, _anchor="data"), 303)


@blueprint.get("/<token>/data.json")
@access.personal
def data(token: str) -> Response:
    """All that is known about the person, to take away (GDPR 15 and 20, R55)."""
    person = opened(token)
    response = jsonify(_everything(person))
    response.headers["Content-Disposition"] = f'attachment; filename="{person.slug}.json"'
    return response


def _everything(person: Person) -> dict[str, Any]:
    texts = ("function", "organisation", "biography", "photo_alt")
    lines = ("name", "former_name", "website", "email", "language", "photo_credit")
    return {
        "person": {
            **{name: getattr(person, name) for name in lines},
            **{name: _both(getattr(person, name)) for name in texts},
            "photo": bool(person.photo),
            "address": site().links.speaker(person.slug),
        },
        "meetings": [
            _of_meeting(each)
            for each in standings.of_person(store(), person, since=now() - 50 * PAST)
        ],
        "history": [
            {"at": iso(line.at), "what": line.verb}
            for line in history.of_person(store(), person.id, limit=500)
        ],
    }


def _both(words: Any) -> dict[str, str]:
    return {"de": words.de, "en": words.en}


def _of_meeting(standing: Standing) -> dict[str, Any]:
    said = standing.said
    instants = {name: getattr(said, name) for name in ("answered_at", "asked_at", "reminded_at")}
    return {
        "title": plain(standing.event.title),
        "starts_at": iso(standing.event.starts_at),
        "answer": said.state.value,
        "remark": said.remark,
        "technical": said.technical,
        "reminders": said.reminders,
        **{name: iso(at) for name, at in instants.items() if at is not None},
        "available": [[iso(start), iso(end)] for start, end in standing.windows],
        "items": [
            {
                "title": plain(own.item.title),
                "starts_at": iso(own.item.starts_at),
                "ends_at": iso(own.item.ends_at),
                "roles": [role.value for role in own.roles],
                "planned": own.planned,
                "slides": [
                    m.current.filename if m.current else m.url
                    for m in standing.of_item(own.item.id)
                ],
            }
            for own in standing.own
        ],
    }
