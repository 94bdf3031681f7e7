"""For calendars and feed readers: what they poll, in the language of the address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import Gone
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import registration as registrations
from eventkit.documents import ical, markup
from eventkit.documents.ical.calendars import CANCELLED_STAYS, PAST_STAYS
from eventkit.errors import NotFound
from eventkit.language import catalogue, span
from eventkit.links import fingerprint
from eventkit.model.agenda import Item, Programme
from eventkit.model.event import Event, Link, Stage
from eventkit.model.registration import SEATED, CancelledBy, Registration, State
from eventkit.model.text import Text
from eventkit.rules import selection
from eventkit.store import agenda, events, interests, marks
from eventkit.store import registrations as registration_store
from eventkit.web import access, afterwards, atom, meeting, schedules, showing
from eventkit.web import calendars as answers
from eventkit.web.calendars import Made
from eventkit.web.site import now, organisation, site, store

blueprint = Blueprint("feeds", __name__)
blueprint.add_url_rule("/events/<slug>/schedule.xml", view_func=schedules.schedule_xml)
blueprint.add_url_rule("/events/<slug>/schedule.json", view_func=schedules.schedule_json)
CLOSING_STAYS = timedelta(days=90)
NEWS = 40


@blueprint.get("/calendar.ics")
@access.public
def calendar() -> Response:
    """Every published meeting: what people subscribe to."""
    language = answers.feed_language()

    def make() -> Made:
        name = organisation().name
        return _made(language, None, name, site().links.calendar(), site().links.home())

    return answers.answer(f"all:{language}:{_source()}", make)


@blueprint.get("/topics/<slug>/calendar.ics")
@access.public
def topic(slug: str) -> Response:
    """The meetings of one topic."""
    language = answers.feed_language()
    found = events.topic_by_slug(store(), slug)
    if found is None:
        raise NotFoundPage

    def make() -> Made:
        own = organisation().short_name
        name = Text(
            de=f"{own}: {found.title.pick('de')[0]}" if own else found.title.pick("de")[0],
            en=f"{own}: {found.title.pick('en')[0]}" if own else found.title.pick("en")[0],
        )
        links = site().links
        return _made(language, found.id, name, links.topic_calendar(slug), links.topic(slug))

    return answers.answer(f"topic:{found.id}:{language}:{_source()}", make)


def _source() -> str:
    """What a feed says depends on besides the data: nothing that the asker may choose."""
    return site().links.base


def _made(language: str, topic_id: int | None, name: Text, source: str, url: str) -> Made:
    by = answers.publisher(language)
    kept = [
        event
        for event in events.in_feed(store(), now() - PAST_STAYS, topic_id=topic_id)
        if ical.belongs(event, now=now())
    ]
    told = afterwards.told(kept)
    changed = answers.latest(
        organisation().changed_at,
        events.changed_at(store()),
        *(event.changed_at for event, _ in told),
        events.left_feeds_at(store(), now(), cancelled=CANCELLED_STAYS, past=PAST_STAYS),
    )
    about = answers.about(name, language, changed_at=changed, source=source, url=url)
    entries = (answers.entry(event, by, further=further) for event, further in told)
    return Made(ical.join(entries, about=about), changed, _until(kept))


def _until(kept: Sequence[Event]) -> datetime | None:
    leaves = [_leaves_at(event) for event in kept]
    over = afterwards.until(kept)
    return min([*leaves, over] if over else leaves, default=None)


def _leaves_at(event: Event) -> datetime:
    stays = CANCELLED_STAYS if event.stage is Stage.CANCELLED else PAST_STAYS
    return event.ends_at + stays


@blueprint.get("/events/<slug>/event.ics")
@access.public
def event(slug: str) -> Response:
    """One meeting as one entry, however long ago it was."""
    found = meeting.at(slug)
    language = answers.feed_language()
    rich = _rich()

    def make() -> Made:
        ((shown, after),) = afterwards.told([found])
        octets = ical.event_calendar(
            shown,
            publisher=answers.publisher(language),
            topics=[topic.title for topic in events.topics_of(store(), found.id)],
            further=[*after, *_further(found)],
            rich=rich,
        )
        changed = answers.latest(shown.changed_at, found.revised_at, organisation().changed_at)
        return Made(octets, changed, afterwards.until([found]), filename=f"{found.slug}.ics")

    return answers.answer(f"event:{found.id}:{language}:{rich}:{_source()}", make)


def _rich() -> bool:
    """Whether speakers and places are wished for as components (RFC 9073)."""
    return request.args.get("rich") == "1"


def _further(found: Event) -> Sequence[Link]:
    """Where the calendar's description leads besides the meeting's page."""
    return () if found.stage is Stage.CANCELLED else events.links(store(), found.id)


@blueprint.get("/events/<slug>/agenda.ics")
@access.public
def programme(slug: str) -> Response:
    """The published programme, an entry for each talk; or what is marked and filtered of it."""
    found = meeting.at(slug)
    language = answers.feed_language()
    published = agenda.published(store(), found.id)
    if published is None:
        raise NotFoundPage
    rich = _rich()
    asked = showing.read(published)
    chosen = asked.marked if "mark" in request.args else published.items
    published = replace(published, items=selection.passing(chosen, asked.filter))
    whole = "mark" not in request.args and asked.filter.empty
    if not published.items and not whole:
        raise NotFoundPage  # an empty calendar would tell a client that everything is off

    def make() -> Made:
        octets = ical.agenda(found, published, publisher=answers.publisher(language), rich=rich)
        changed = answers.latest(
            found.changed_at, found.revised_at, published.published_at, organisation().changed_at
        )
        return Made(octets, changed, filename=f"{found.slug}-agenda.ics")

    key = f"agenda:{found.id}:{language}:{rich}:{_source()}"
    return answers.answer(key, make, kept=whole)


@blueprint.get("/my/<token>/calendar.ics")
@access.personal
def mine(token: str) -> Response:
    """A guest's own feed: the meeting, the workshops they have a place in, what they marked."""
    try:
        found = registrations.find(store(), token, now=now(), purpose=registrations.FEED)
    except NotFound:
        return ended(token, registration_store.token_ended(store(), fingerprint(token), now=now()))
    event = events.by_id(store(), found.event_id)
    if event is None:
        raise NotFoundPage
    if found.state is State.CANCELLED and found.cancelled_by is not CancelledBy.MEETING:
        return ended(token, found.cancelled_at)
    if not ical.belongs(event, now=now()):
        return ended(token, _leaves_at(event))
    language = found.language
    return answers.answer(
        f"my:{found.id}:{language}:{_source()}", lambda: _own(found, event, language), public=False
    )


def _own(found: Registration, event: Event, language: str) -> Made:
    by = answers.publisher(language)
    published = agenda.published(store(), event.id)
    workshops = _sessions(found, published)
    sessions = [*workshops, *_marked(found, published, workshops)]
    holds = found.state in SEATED
    shown = event if holds or found.state is State.CANCELLED else _on_hold(event, found.state)
    ((shown, further),) = afterwards.told([shown])
    inside = any(not item.cancelled for item in workshops)
    whole = answers.entry(
        shown, by, further=further, personal=holds, transparent=inside or not holds
    )
    parts = (ical.item_entry(event, i, publisher=by, changed_at=event.changed_at) for i in sessions)
    changed = answers.latest(
        shown.changed_at,
        event.revised_at,
        found.changed_at,
        organisation().changed_at,
        *(item.revised_at for item in sessions),
    )
    about = answers.about(event.title, language, changed_at=changed)
    octets = ical.join(chain([whole], parts), about=about)
    return Made(octets, changed, _until([event]), filename=f"{event.slug}.ics")


def _sessions(found: Registration, published: Programme | None) -> list[Item]:
    """The workshops somebody has a place in, as long as they have a seat.

    One that was taken out of the programme stays as a cancelled entry (CALENDAR 3 (c)).
    """
    if published is None or found.state not in SEATED:
        return []
    wanted = {choice.item_id for choice in found.choices if choice.confirmed}
    lost = interests.lost(store(), found.id)
    return [i for i in published.items if i.id in wanted or (i.cancelled and i.id in lost)]


def _marked(
    found: Registration, published: Programme | None, besides: Sequence[Item]
) -> list[Item]:
    """What somebody with a seat marked for themselves, beside their workshops (CALENDAR 3 (b)).

    A mark takes no place and says no time is taken: only workshops make the meeting's own
    entry transparent. The mark that is left of a wish for a workshop that is gone was never
    in the calendar, so nothing is cancelled there.
    """
    if published is None or found.state not in SEATED:
        return []
    wanted = marks.of_registration(store(), found.id) - {item.id for item in besides}
    gone = interests.ended(store(), found.id) if wanted else set()
    return [
        item
        for item in published.items
        if item.id in wanted and not (item.cancelled and item.id in gone)
    ]


def _on_hold(event: Event, state: State) -> Event:
    """The meeting as somebody without a seat sees it: its name says so."""
    de, en = {
        State.WAITING: ("Warteliste", "Waiting list"),
        State.OFFERED: ("Angeboten", "Offered"),
    }.get(state, ("Angefragt", "Asked for"))
    title = Text(
        de=f"{de}: {event.title.de}" if event.title.de else "",
        en=f"{en}: {event.title.en}" if event.title.en else "",
    )
    return replace(event, title=title)


def ended(token: str, at: datetime | None) -> Response:
    """A closing entry for what was revoked, for 90 days; then gone; 404 for what never was."""
    if at is None or at > now():
        raise NotFoundPage
    if now() >= at + CLOSING_STAYS:
        raise Gone
    language = organisation().language
    uid = str(UUID(sha256(b"closing" + fingerprint(token).encode()).hexdigest()[:32], version=4))
    octets = ical.closing(
        uid=uid,
        closed_at=at,
        about=answers.about(organisation().name, language, changed_at=at),
        publisher=answers.publisher(language),
    )
    response = make_response(octets)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/feed.atom")
@access.public
def news() -> Response:
    """Announcements and recaps, the newest first (RFC 4287)."""
    language = answers.feed_language()
    return answers.answer(f"news:{language}:{_source()}", lambda: _news(language))


def _news(language: str) -> Made:
    told = atom.entries(store(), limit=NEWS)
    changed = answers.latest(organisation().changed_at, *(each.updated_at for each in told))
    own = "" if language == organisation().language else f"?lang={language}"
    body = render_template(
        "public/feed.xml",
        entries=told,
        updated_at=changed,
        spoken=language,
        words=catalogue(language),
        own=f"{site().links.base}/feed.atom{own}",
        links=site().links,
        html_of=lambda text: markup.to_html(text.pick(language)[0]),
        day_of=lambda event: span(
            event.starts_at, event.ends_at, event.zone, language, all_day=event.all_day
        ),
    )
    return Made(
        body.encode(), changed, mimetype="application/atom+xml; charset=utf-8", filename="feed.atom"
    )
