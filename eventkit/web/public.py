"""For everybody: the organisation, its meetings, topics and speakers, and all their addresses."""

from collections import OrderedDict
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.model.person import Person
from eventkit.rules import access as access_rule
from eventkit.rules import marks, text
from eventkit.store import agenda, files, people
from eventkit.store import events as event_store
from eventkit.web import (
    access,
    announcement,
    changelog,
    downloads,
    foyer,
    health,
    joining,
    listing,
    materials,
    opening,
    pages,
    printing,
    slides,
)
from eventkit.web import item as item_page
from eventkit.web.site import now, site, store

blueprint = Blueprint("public", __name__)
PER_PAGE = 20
IN_DOSSIER = 60  # the whole list is one link away
TALKS = 30


@blueprint.get("/")
@access.public
def home() -> str:
    """The organisation: what comes next, what was, which topics, how to stay in touch."""
    coming = event_store.coming(store(), now(), limit=6)
    past = event_store.past(store(), now(), limit=4)
    topics = event_store.topics(store())
    return render_template(
        "public/home.html",
        first=announcement.hero(coming[0]) if coming else None,
        coming=listing.rows(coming[1:], topics=topics),
        past=listing.rows(past, topics=topics),
        topics=topics,
        calendar=site().links.calendar(),
    )


@blueprint.get("/events/")
@access.public
def events() -> str:
    """All meetings, to be filtered by topic and year and searched."""
    topic = text.clean(request.args.get("topic", ""))[:80]
    words = text.clean(request.args.get("q", ""))[:200]
    year = request.args.get("year", type=int)
    year = year if year is not None and 1 <= year <= 9998 else None
    page = max(1, min(request.args.get("page", 1, type=int), 100_000))
    found, total = event_store.listed(
        store(), topic=topic, year=year, words=words, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    coming = [event for event in reversed(found) if event.ends_at > now()]
    past = [event for event in found if event.ends_at <= now()]
    topics = event_store.topics(store())
    return render_template(
        "public/events.html",
        coming=listing.rows(coming, topics=topics),
        past=listing.rows(past, topics=topics),
        total=total,
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
        topics=topics,
        years=event_store.years(store()),
        chosen=_filled(topic=topic, year=year, q=words),
        calendar=site().links.calendar(),
    )


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


@blueprint.get("/topics/<slug>/")
@access.public
def topic(slug: str) -> str:
    """A topic's dossier: its meetings, talks, slides and people."""
    found = event_store.topic_by_slug(store(), slug)
    if found is None:
        raise NotFoundPage
    meetings = event_store.of_topic(store(), found.id, limit=IN_DOSSIER)
    coming = [event for event in reversed(meetings) if event.ends_at > now()]
    past = [event for event in meetings if event.ends_at <= now()]
    programmes = agenda.published_of(store(), [event.id for event in meetings])
    talks = [
        (event, item)
        for event in meetings
        if event.id in programmes
        for item in programmes[event.id].items
        if item.people and not item.cancelled
    ]
    topics = event_store.topics(store())
    return render_template(
        "public/topic.html",
        topic=found,
        coming=listing.rows(coming, topics=topics),
        past=listing.rows(past, topics=topics),
        more=len(meetings) == IN_DOSSIER,
        slides=_slides(meetings, [item for _, item in talks]),
        talks=[_talk(event, item) for event, item in talks[:TALKS]],
        speakers=_speakers(talks),
        calendar=site().links.topic_calendar(slug),
    )


def _talk(event: Event, item: Item) -> dict[str, Any]:
    """A talk of a dossier, with the way to its page."""
    address = url_for("public.item", slug=event.slug, public_id=marks.public_id(item.uid))
    names = [part.person.name for part in item.people]
    return {"event": event, "item": item, "href": address, "names": names}


def _slides(meetings: list[Event], items: list[Item]) -> list[dict[str, Any]]:
    """The downloads of several meetings that are open to everybody."""
    by_id = {event.id: event for event in meetings}
    found: list[dict[str, Any]] = []
    for material in _open(files.of_events(store(), by_id)):
        address = materials.public_address(by_id[material.event_id])
        found += materials.entries([material], items, address)
    return found


def _open(found: list[Material]) -> list[Material]:
    return [
        material
        for material in found
        if materials.deliverable(material) and access_rule.released(material, now())
    ]


def _speakers(talks: list[tuple[Event, Item]]) -> list[dict[str, Any]]:
    """Everybody who spoke, once, with the function of their latest appearance."""
    seen: OrderedDict[int, dict[str, Any]] = OrderedDict()
    for _, item in talks:
        for part in item.people:
            seen.setdefault(part.person.id, announcement.card(part))
    return list(seen.values())


@blueprint.get("/speakers/<slug>/")
@access.public
def speaker(slug: str) -> str:
    """A person who speaks or spoke: who they are, when they were here, what they left."""
    person = people.by_slug(store(), slug)
    if person is None or not people.is_public(store(), person.id):
        raise NotFoundPage
    appearances = agenda.appearances(store(), person.id)
    own = [item for _, item in appearances]
    wanted = {item.id for item in own}
    meetings = {event.id: event for event, _ in appearances}
    handed = [m for m in _open(files.of_events(store(), meetings)) if m.item_id in wanted]
    shown = [
        entry
        for material in handed
        for entry in materials.entries(
            [material], own, materials.public_address(meetings[material.event_id])
        )
    ]
    return render_template(
        "public/speaker.html",
        person=person,
        photo=downloads.portrait_address(person),
        appearances=[_appearance(event, item, person) for event, item in appearances],
        slides=shown,
    )


def _appearance(event: Event, item: Item, person: Person) -> dict[str, Any]:
    part = next(part for part in item.people if part.person.id == person.id)
    address = url_for("public.item", slug=event.slug, public_id=marks.public_id(item.uid))
    block = listing.block(event)
    return {"event": event, "item": item, "part": part, "block": block, "href": address}


blueprint.add_url_rule("/events/<slug>/", "event", announcement.event)
blueprint.add_url_rule(
    "/events/<slug>/register", "register", joining.register, methods=["GET", "POST"]
)
blueprint.add_url_rule("/events/<slug>/registered", "registered", joining.registered)
blueprint.add_url_rule("/events/<slug>/registered/mine", "registered_mine", joining.mine)
blueprint.add_url_rule(
    "/events/<slug>/opening", "tell_me", opening.tell_me, methods=["GET", "POST"]
)
blueprint.add_url_rule("/events/<slug>/opening/asked", "told", opening.told)
blueprint.add_url_rule("/events/<slug>/programme.pdf", "programme", printing.programme)
blueprint.add_url_rule(
    "/events/<slug>/programme/<int(max=9223372036854775807):version>/", "version", changelog.version
)
blueprint.add_url_rule("/events/<slug>/items/<public_id>/", "item", item_page.item)
blueprint.add_url_rule("/events/<slug>/now", "now", foyer.screen)
blueprint.add_url_rule("/events/<slug>/changes", "changes", changelog.changes)
blueprint.add_url_rule("/events/<slug>/changes.atom", "changes_feed", changelog.feed)
blueprint.add_url_rule("/events/<slug>/site-plan.jpg", "site_plan", downloads.site_plan)
blueprint.add_url_rule("/events/<slug>/slides.zip", "slides_zip", slides.slides_zip)
blueprint.add_url_rule("/events/<slug>/slides/<public_id>/", "slides_page", slides.slides_page)
blueprint.add_url_rule(
    "/events/<slug>/slides/<public_id>/pages/<int:number>.webp",
    "slides_picture",
    slides.slides_picture,
)
blueprint.add_url_rule("/events/<slug>/slides/<public_id>/<filename>", "slides", slides.slides)
blueprint.add_url_rule("/events/<slug>/photos/<public_id>.jpg", "photo", downloads.photo)
blueprint.add_url_rule("/speakers/<slug>/portrait.jpg", "portrait", downloads.portrait)
blueprint.add_url_rule("/logo", "logo", downloads.logo)
blueprint.add_url_rule("/imprint", "page_imprint", pages.page_imprint)
blueprint.add_url_rule("/privacy", "page_privacy", pages.page_privacy)
blueprint.add_url_rule("/accessibility", "page_accessibility", pages.page_accessibility)
blueprint.add_url_rule("/accent.css", "accent", pages.accent)
blueprint.add_url_rule("/healthz", "healthz", health.healthz)
blueprint.add_url_rule("/robots.txt", "robots", health.robots)
