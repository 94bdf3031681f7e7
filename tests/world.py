"""A small world for tests, made only through the actions the doors use."""

import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from flask import g
from flask.testing import FlaskClient

from eventkit.actions import accounts, agenda, events, publishing, registration, speakers
from eventkit.actions.registration import Outcome
from eventkit.actions.wishes import Wish
from eventkit.identity import Identity
from eventkit.model.account import Access, Organisation, Organiser
from eventkit.model.agenda import Item, Kind, Part, Programme, Role, Room
from eventkit.model.event import Event, Place
from eventkit.model.letter import Letter
from eventkit.model.person import Person
from eventkit.model.registration import Registration
from eventkit.model.text import Text
from eventkit.store import agenda as agenda_store
from eventkit.store import events as event_store
from eventkit.store import outbox
from eventkit.store import registrations as registration_store
from eventkit.store.rows import Store

PASSWORD = "correct horse battery"
BY = "organiser@example.org"
ORGANISATION = Organisation(
    name=Text(de="Verein für Netzwerktreffen", en="Association for Network Meetings"),
    short_name="VfN",
    email="office@example.org",
    introduction=Text(de="Wir treffen uns.", en="We meet."),
)
PLACE = Place(
    name="Haus der Begegnung",
    street="Musterstraße 1",
    postal_code="40210",
    town="Düsseldorf",
    map_url="https://www.openstreetmap.org/?mlat=51.22&mlon=6.79",
    directions=Text(de="Fünf Minuten vom Hauptbahnhof.", en="Five minutes from the main station."),
    access=Text(de="Stufenlos erreichbar.", en="Step-free access."),
)


class World:
    """Makes what a test needs. `now` (UTC) may be moved; requests see it too."""

    def __init__(self, store: Store, identity: Identity, now: datetime) -> None:
        self.store = store
        self.identity = identity
        self.now = now
        self._numbers = count(1)
        events.save_organisation(store, ORGANISATION, actor=BY, now=now)

    def set_request_clock(self) -> None:
        """Let the request that begins see this world's time."""
        g.now = self.now

    def pass_time(self, **span: float) -> datetime:
        """Let time go by: `pass_time(days=3)`."""
        self.now += timedelta(**span)
        return self.now

    def event(self, *, announced: bool = True, **changes: Any) -> Event:
        """A meeting on Friday 20 November 2026, 10–16 in Berlin, open for registration."""
        number = next(self._numbers)
        plan = events.Plan(
            title=Text(de=f"Netzwerktreffen Nr. {number}", en=f"Network meeting no. {number}"),
            summary=Text(de="Worum es geht.", en="What it is about."),
            zone="Europe/Berlin",
            starts_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
            ends_at=datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
            place=PLACE,
            capacity=60,
            opens_at=self.now - timedelta(days=1),
            contact_name="Büro",
            contact_email="office@example.org",
        )
        plan = dataclasses.replace(plan, **changes)
        event = events.create(self.store, plan, actor=BY, now=self.now, identity=self.identity)
        if announced:
            events.announce(self.store, event.id, actor=BY, now=self.now)
        return self.again(event)

    def again(self, event: Event) -> Event:
        """The meeting as it is now."""
        found = event_store.by_id(self.store, event.id)
        assert found is not None
        return found

    def change(self, event: Event, **changes: Any) -> Event:
        """Change a meeting as an organiser would."""
        plan = dataclasses.replace(events.plan_of(self.store, event), **changes)
        return events.change(
            self.store, event.id, plan, actor=BY, now=self.now, identity=self.identity
        )

    def person(self, name: str = "Meral Thoms", **fields: Any) -> Person:
        """A person of the programme."""
        person = Person(id=0, slug="", name=name, **fields)
        return speakers.save_person(self.store, person, actor=BY, now=self.now)

    def item(self, event: Event, title: str = "Vortrag", **fields: Any) -> Item:
        """A draft item of a meeting, by default a talk in its first hour."""
        values: dict[str, Any] = {
            "kind": Kind.TALK,
            "title": Text(de=title, en=f"{title} (en)"),
            "abstract": Text(),
            "language": "de",
            "starts_at": event.starts_at,
            "ends_at": event.starts_at + timedelta(hours=1),
            "room": None,
            "track": "",
            "capacity": None,
        } | fields
        item_id = agenda.save_item(
            self.store,
            event.id,
            Item(id=values.pop("id", 0), uid="", **values),
            actor=BY,
            now=self.now,
            identity=self.identity,
        )
        found = agenda_store.draft_item(self.store, event.id, item_id)
        assert found is not None
        return found

    def room(self, event: Event, name: str = "Saal", capacity: int | None = None) -> Room:
        """A room of a meeting, after those it has."""
        room = Room(0, Text(de=name), capacity)
        at = len(agenda_store.rooms(self.store, event.id))
        made = agenda.save_room(self.store, event.id, room, position=at, actor=BY, now=self.now)
        return dataclasses.replace(room, id=made)

    def programme(self, event: Event, *, capacity: int = 2) -> Programme:
        """A small published programme: opening, talk, break, two parallel workshops."""
        start, hour = event.starts_at, timedelta(hours=1)
        room = Room(0, Text(de="Saal 1", en="Hall 1"), 80)
        room_id = agenda.save_room(self.store, event.id, room, position=0, actor=BY, now=self.now)
        hall = dataclasses.replace(room, id=room_id)
        thoms = self.person(
            "Meral Thoms", former_name="Cerci", function=Text(de="Soziologin", en="Sociologist")
        )
        host = self.person("Łukasz O’Neill")
        self.item(
            event,
            "Begrüßung",
            kind=Kind.OPENING,
            people=(Part(host, Role.OPENING),),
            room=hall,
            ends_at=start + hour / 2,
        )
        self.item(
            event,
            "Bildung, Migration und Milieu",
            people=(Part(thoms, Role.SPEAKER),),
            room=hall,
            starts_at=start + hour / 2,
            ends_at=start + hour,
        )
        self.item(
            event, "Pause", kind=Kind.BREAK, starts_at=start + hour, ends_at=start + hour * 1.5
        )
        for name in ("Matching", "Qualität"):
            self.item(
                event,
                f"Workshop {name}",
                kind=Kind.WORKSHOP,
                capacity=capacity,
                starts_at=start + hour * 2,
                ends_at=start + hour * 3,
            )
        return self.publish(event)

    def publish(self, event: Event) -> Programme:
        """Publish the draft."""
        return publishing.publish(
            self.store, event.id, actor=BY, now=self.now, identity=self.identity
        )

    def workshops(self, event: Event) -> list[int]:
        """The ids of the published workshops."""
        programme = agenda_store.published(self.store, event.id)
        items = programme.items if programme else ()
        return [i.id for i in items if i.kind is Kind.WORKSHOP and not i.cancelled]

    def wish(self, name: str = "", email: str = "", **fields: Any) -> Wish:
        """What a form would send."""
        number = next(self._numbers)
        values: dict[str, Any] = {
            "name": name or f"Gast {number}",
            "email": email or f"gast{number}@example.com",
            "language": "de",
            "attempt": f"attempt-{number}",
            "privacy_text": "Ich habe die Hinweise gelesen.",
        }
        return Wish(**(values | fields))

    def register(self, event: Event, name: str = "", email: str = "", **fields: Any) -> Outcome:
        """Register somebody as the form would."""
        wish = self.wish(name, email, **fields)
        return registration.register(
            self.store, event.id, wish, now=self.now, identity=self.identity
        )

    def registrations(self, event: Event) -> list[Registration]:
        """Everybody of a meeting, in order of arrival."""
        return registration_store.attendees(self.store, event.id)

    def letters(self, event: Event) -> list[Letter]:
        """The letters of a meeting, the oldest first."""
        return outbox.of_event(self.store, event.id)[::-1]

    def organiser(self, email: str = BY, access: Access = Access.ADMIN) -> Organiser:
        """An account whose password is PASSWORD."""
        return accounts.add_organiser(
            self.store,
            email=email,
            name="Organisatorin",
            password=PASSWORD,
            access=access,
            actor="test",
            now=self.now,
        )

    def login(
        self, client: FlaskClient, email: str = BY, access: Access = Access.ADMIN
    ) -> Organiser:
        """Log a client in with a fresh session, without the form."""
        organiser = self.organiser(email, access)
        token = accounts.log_in(
            self.store,
            email=email,
            password=PASSWORD,
            agent="Firefox Linux",
            network="test",
            now=self.now,
            identity=self.identity,
        )
        client.set_cookie("organiser", token)
        return organiser
