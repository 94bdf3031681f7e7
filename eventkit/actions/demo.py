"""The demo content of `eventkit/demo/`, loaded through the same actions as the web uses."""

import dataclasses
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from eventkit.actions import (
    accounts,
    agenda,
    archive,
    demo_answers,
    demo_preparing,
    events,
    post,
    publishing,
    registration,
    speakers,
)
from eventkit.actions.events import Plan
from eventkit.actions.post import PostOffice
from eventkit.actions.wishes import Wish
from eventkit.errors import Unavailable
from eventkit.identity import Identity
from eventkit.model.account import Access, Organisation
from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.archive import Quote
from eventkit.model.event import Event, Link, Mode, Place
from eventkit.model.material import Release
from eventkit.model.person import Person
from eventkit.model.registration import CancelledBy
from eventkit.model.text import NOTHING, Text
from eventkit.rules import dates, demo_calendar
from eventkit.store import events as event_store
from eventkit.store.rows import Store

Progress = Callable[[int, int], None]
FOLDER = Path(__file__).parents[1] / "demo"
LOGIN = "demo-login.json"
ADDRESSES = {Access.ADMIN: "organisation@example.org", Access.DOOR: "einlass@example.org"}
NAMES = {Access.ADMIN: "Jule Hartwig", Access.DOOR: "Einlass"}
BY = ADDRESSES[Access.ADMIN]
_STEPS = 7


@dataclass
class _Loader:
    """What the loading hands on: where to write, who people are, how far it is."""

    store: Store
    office: PostOffice
    now: datetime
    tell: Callable[[], None]
    people: dict[str, Person] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return self.office.identity


def load(store: Store, office: PostOffice, *, now: datetime, progress: Progress) -> bool:
    """Load the demo unless there is a meeting already; says whether it did.

    The letters to the invented guests are laid into the folder for letters as they would
    have been; a site with a real mail server is refused, because nobody lives there.
    Raises Unavailable.
    """
    if event_store.every(store):
        return False
    if office.mail.kind != "folder":
        raise Unavailable("the demo writes to invented people: set EVENTKIT_MAIL_URL=folder:")
    guests = _read("guests.json")
    total, done = _STEPS + len(guests["guests"]), iter(range(1, 1000))
    loader = _Loader(store, office, now, lambda: progress(min(next(done), total), total))
    _accounts(loader)
    _organisation(loader)
    _people(loader)
    _past(loader, _read("meeting-2016.json"))
    _past(loader, _read("meeting-2025.json"))
    _draft(loader, _read("meeting-draft.json"))
    event, items = _coming(loader, _read("meeting-coming.json"))
    _guests(loader, guests, event, items)
    demo_answers.load(store, event, actor=BY, now=now)
    return True


def logins(store: Store) -> list[tuple[str, str]]:
    """The demo's addresses and passwords, kept for the next start; empty without a demo."""
    try:
        kept = json.loads((store.folder / LOGIN).read_text())
        return [(str(address), str(password)) for address, password in kept]
    except (OSError, ValueError):
        return []


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


def _text(value: dict[str, str] | None) -> Text:
    return Text(**value) if value else NOTHING


def _accounts(loader: _Loader) -> None:
    kept = []
    for access, address in ADDRESSES.items():
        password = secrets.token_hex(6)
        accounts.add_organiser(
            loader.store,
            email=address,
            name=NAMES[access],
            password=password,
            access=access,
            actor="demo",
            now=loader.now,
        )
        kept.append((address, password))
    target = loader.store.folder / LOGIN
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file)
    loader.tell()


def _organisation(loader: _Loader) -> None:
    content = _read("organisation.json")
    values = content["organisation"]
    texts = ("name", "introduction", "imprint", "privacy", "accessibility")
    fields: dict[str, Any] = values | {name: _text(values[name]) for name in texts}
    fields["links"] = _links(values["links"])
    events.save_organisation(loader.store, Organisation(**fields), actor=BY, now=loader.now)
    for topic in content["topics"]:
        loader.topics[topic["slug"]] = events.save_topic(
            loader.store,
            topic_id=None,
            slug=topic["slug"],
            title=_text(topic["title"]),
            summary=_text(topic["summary"]),
            body=_text(topic["body"]),
            actor=BY,
            now=loader.now,
        )
    loader.tell()


def _links(values: list[dict[str, Any]]) -> tuple[Link, ...]:
    return tuple(Link(_text(value["label"]), value["url"]) for value in values)


def _people(loader: _Loader) -> None:
    for values in _read("people.json"):
        photo = (FOLDER / values["photo"]).read_bytes() if "photo" in values else None
        person = Person(
            id=0,
            slug=values["slug"],
            name=values["name"],
            former_name=values.get("former_name", ""),
            function=_text(values.get("function")),
            organisation=_text(values.get("organisation")),
            biography=_text(values.get("biography")),
            photo_alt=_text(values.get("photo_alt")),
            photo_credit="Illustration: eventkit" if photo else "",
        )
        loader.people[person.slug] = speakers.save_person(
            loader.store, person, photo=photo, actor=BY, now=loader.now
        )
    loader.tell()


def _plan(loader: _Loader, content: dict[str, Any], day: date, **more: Any) -> Plan:
    values = content["event"]
    all_day = values.get("all_day", False)
    place = dict(values["place"])
    for name in ("directions", "access"):
        place[name] = _text(place.get(name))
    return Plan(
        title=_text(values["title"]),
        slug=values.get("slug", ""),
        summary=_text(values["summary"]),
        description=_text(values.get("description")),
        zone=values["zone"],
        starts_at=_at(day, content["start"], values["zone"]),
        ends_at=_at(day + timedelta(days=all_day), content["end"], values["zone"]),
        all_day=all_day,
        mode=Mode(values.get("mode", "on_site")),
        place=Place(**place),
        capacity=values.get("capacity"),
        contact_name=values["contact_name"],
        contact_email=values["contact_email"],
        topic_ids=tuple(loader.topics[slug] for slug in content["topics"]),
        links=_links(content["links"]),
        **more,
    )


def _at(day: date, clock: str, zone: str) -> datetime:
    return dates.to_instant(datetime.combine(day, time.fromisoformat(clock)), zone)


def _programme(
    loader: _Loader, content: dict[str, Any], event: Event, at: datetime
) -> dict[str, int]:
    """The rooms and items of a meeting as a draft; returns the ids of items that have a key."""
    day = dates.to_local(event.starts_at, event.zone).date()
    rooms = {}
    for position, values in enumerate(content["rooms"]):
        room = Room(0, _text(values["name"]), values.get("capacity"), _text(values.get("note")))
        room_id = agenda.save_room(
            loader.store, event.id, room, position=position, actor=BY, now=at
        )
        rooms[values["key"]] = dataclasses.replace(room, id=room_id)
    keys = {}
    for values in content["items"]:
        parts = [(loader.people[slug], Role(role)) for slug, role in values.get("people", [])]
        item = Item(
            id=0,
            uid="",
            kind=Kind(values["kind"]),
            title=_text(values["title"]),
            abstract=_text(values.get("abstract")),
            language=values.get("language", ""),
            starts_at=_at(day, values["start"], event.zone),
            ends_at=_at(day, values["end"], event.zone),
            room=rooms.get(values.get("room", "")),
            track=values.get("track", ""),
            capacity=values.get("capacity"),
            people=tuple(Part(person, role) for person, role in parts),
        )
        item_id = agenda.save_item(
            loader.store, event.id, item, actor=BY, now=at, identity=loader.identity
        )
        keys[values.get("key", str(item_id))] = item_id
    return keys


def _materials(
    loader: _Loader, content: dict[str, Any], event: Event, items: dict[str, int], at: datetime
) -> None:
    for values in content["materials"]:
        path = FOLDER / values["file"]
        with path.open("rb") as file:
            speakers.add_material(
                loader.store,
                event.id,
                file=file,
                size=path.stat().st_size,
                filename=values["filename"],
                title=_text(values["title"]),
                item_id=items[values["item"]],
                language=values["language"],
                licence=values.get("licence", ""),
                release=Release(values["release"]),
                actor=BY,
                now=at,
                identity=loader.identity,
            )


def _past(loader: _Loader, content: dict[str, Any]) -> None:
    """A meeting that is over, lived through once more with the dates of then."""
    store, identity = loader.store, loader.identity
    announced, published, recap, archived = (
        datetime.fromisoformat(content[name])
        for name in ("announced", "published", "recap_at", "archived")
    )
    plan = _plan(loader, content, date.fromisoformat(content["date"]))
    event = events.create(store, plan, actor=BY, now=announced, identity=identity)
    events.announce(store, event.id, actor=BY, now=announced)
    items = _programme(loader, content, event, published)
    note = _text(content.get("note"))
    publishing.publish(store, event.id, note=note, actor=BY, now=published, identity=identity)
    _materials(loader, content, event, items, recap)
    for values in content["recap"]["photos"]:
        archive.add_photo(
            store,
            event.id,
            (FOLDER / values["file"]).read_bytes(),
            caption=_text(values["caption"]),
            alt=_text(values["alt"]),
            credit=values["credit"],
            people=values["people"],
            actor=BY,
            now=recap,
            identity=identity,
        )
    _recap(loader, content["recap"], event, recap)
    events.archive(store, event.id, actor=BY, now=archived)
    loader.tell()


def _recap(loader: _Loader, values: dict[str, Any], event: Event, at: datetime) -> None:
    archive.save_recap(
        loader.store,
        event.id,
        title=_text(values["title"]),
        lead=_text(values["lead"]),
        body=_text(values["body"]),
        quotes=[
            Quote(_text(q["text"]), q["name"], _text(q["function"]), q["person"])
            for q in values["quotes"]
        ],
        publish=True,
        actor=BY,
        now=at,
    )


def _draft(loader: _Loader, content: dict[str, Any]) -> None:
    """A meeting in spring that nobody sees yet."""
    plan = _plan(loader, content, demo_calendar.draft_day(loader.now.date()))
    event = events.create(loader.store, plan, actor=BY, now=loader.now, identity=loader.identity)
    _programme(loader, content, event, loader.now)
    loader.tell()


def _coming(loader: _Loader, content: dict[str, Any]) -> tuple[Event, dict[str, int]]:
    """The meeting people register for: announced and published a good two weeks ago."""
    store, identity, now = loader.store, loader.identity, loader.now
    zone = content["event"]["zone"]
    day = demo_calendar.coming_day(dates.to_local(now, zone).date())
    created, announced = now - timedelta(days=18), now - timedelta(days=15)
    plan = _plan(
        loader,
        content,
        day,
        doors_at=_at(day, content["doors"], zone),
        opens_at=announced,
        closes_at=_at(day - timedelta(days=3), "18:00", zone),
    )
    event = events.create(store, plan, actor=BY, now=created, identity=identity)
    items = _programme(loader, content, event, created)
    demo_preparing.ask(store, event.id, actor=BY, now=created)
    events.announce(store, event.id, actor=BY, now=announced)
    demo_preparing.publish(store, event.id, items["w3"], actor=BY, now=announced, identity=identity)
    _materials(loader, content, event, items, announced + timedelta(days=9))
    loader.tell()
    return event_store.by_id(store, event.id) or event, items


def _guests(loader: _Loader, content: dict[str, Any], event: Event, items: dict[str, int]) -> None:
    """Everybody registers in turn, in the course of two weeks; their letters go out meanwhile."""
    tokens = {}
    moments = demo_calendar.arrivals(len(content["guests"]), loader.now)
    for number, (values, at) in enumerate(zip(content["guests"], moments, strict=True)):
        wish = _wish(values, content["consent"], items, number)
        outcome = registration.register(
            loader.store, event.id, wish, now=at, identity=loader.identity
        )
        tokens[wish.email] = outcome.token
        _send(loader, at + timedelta(minutes=1))
        loader.tell()
    for address in content["cancels"]:
        found = registration.find(loader.store, tokens[address], now=loader.now)
        registration.cancel(
            loader.store,
            found.id,
            CancelledBy.GUEST,
            actor="guest",
            now=loader.now - timedelta(hours=3),
            identity=loader.identity,
        )
    _send(loader, loader.now - timedelta(hours=2))


def _send(loader: _Loader, at: datetime) -> None:
    """Let the letters of a moment go out as the worker would have sent them then."""
    post.send_due(loader.store, loader.office, clock=lambda: min(at, loader.now))


def _wish(
    values: dict[str, Any], consent: dict[str, Any], items: dict[str, int], number: int
) -> Wish:
    workshop, language = values["workshop"], values["language"]
    return Wish(
        name=values["name"],
        email=values["email"],
        language=language,
        attempt=f"demo-{number}",
        privacy_text=consent["privacy"][language],
        sensitive_text=consent["sensitive"][language],
        organisation=values["organisation"],
        role=values["role"],
        access_needs=values["access_needs"],
        diet=values["diet"],
        sessions=(items[f"w{workshop}"],) if workshop else (),
        network="demo",
        answers=demo_preparing.answers(number),
    )
