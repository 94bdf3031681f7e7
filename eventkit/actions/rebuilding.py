"""Writes a checked bundle into the store, inside the transaction of whoever calls."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from eventkit.actions import events as event_actions
from eventkit.actions.events import Plan
from eventkit.errors import Invalid
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.agenda import Item, Part, Programme, Room
from eventkit.model.archive import Photo, Quote, Recap
from eventkit.model.bundle import Bundle, GuestFacts, ItemFacts, PersonFacts, RecapFacts
from eventkit.model.event import Event
from eventkit.model.fees import Price
from eventkit.model.mailing import Mailing, MailingKind, MailingState
from eventkit.model.material import Stored
from eventkit.model.person import Person
from eventkit.model.places import Group, Quota
from eventkit.model.question import Filed, Question, Value
from eventkit.model.question import Kind as QuestionKind
from eventkit.model.registration import CancelledBy, Consent, Registration, State
from eventkit.model.wording import Wording
from eventkit.rules import access, changes, text
from eventkit.rules import bundle as bundle_rule
from eventkit.rules import questions as question_rules
from eventkit.rules.mailings import due_at
from eventkit.rules.portable import wrong
from eventkit.rules.uploads import SUFFIXES
from eventkit.store import (
    agenda,
    archive,
    events,
    fees,
    files,
    mailings,
    people,
    quotas,
    registrations,
    transfer,
    wordings,
)
from eventkit.store import questions as question_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store, stamp


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the bundle as it lies on our shelf now."""

    stored: Stored
    pages: int | None = None
    width: int = 0
    height: int = 0


@dataclass
class _Site:
    """Where it is built, and what the numbers of the file have become here."""

    store: Store
    bundle: Bundle
    kept: Mapping[str, Kept]
    now: datetime
    identity: Identity
    rooms: dict[int, Room] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    items: dict[int, int] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)

    def uid(self, table: str, wanted: str) -> str:
        """The identity of the file where it is free, else a new one."""
        good = 32 <= len(wanted) <= 200 and wanted.isascii() and wanted.isprintable()
        if good and not transfer.uid_taken(self.store, table, wanted):
            return wanted
        return self.identity.uid()


def write(
    store: Store, bundle: Bundle, kept: Mapping[str, Kept], *, now: datetime, identity: Identity
) -> Event:
    """Make everything in the bundle. Raises Invalid; the caller's transaction undoes it all."""
    site = _Site(store, bundle, kept, now, identity)
    event = _event(site)
    for position, facts in enumerate(bundle.rooms):
        room = Room(0, facts.name, facts.capacity, facts.note)
        room_id = agenda.save_room(store, event.id, room, position=position)
        site.rooms[facts.id] = dataclasses.replace(room, id=room_id)
    for person in bundle.people:
        site.people[person.slug] = _person(site, person)
    _programme(site, event)
    _materials(site, event)
    _questions(site, event)
    _places(site, event)
    _letters(site, event)
    if bundle.recap:
        _recap(site, event, bundle.recap)
    for guest in bundle.guests:
        _guest(site, event, guest)
    return events.by_id(store, event.id) or event


def _event(site: _Site) -> Event:
    facts, store = site.bundle.event, site.store
    shared = set(Plan.__dataclass_fields__) & set(type(facts).__dataclass_fields__)
    plan = Plan(**{name: getattr(facts, name) for name in shared}, links=site.bundle.links)
    try:
        checked = event_actions.check(plan)
    except Invalid as error:
        raise wrong(f"meeting.event.{error.field or ''}") from error
    values = {name: getattr(facts, name) for name in type(facts).__dataclass_fields__}
    values |= {name: getattr(checked, name) for name in shared}
    values["slug"] = _free_event_slug(store, checked.slug or text.slug(facts.title.pick("de")[0]))
    values["uid"] = site.uid("events", facts.uid)
    values["site_plan"] = site.kept[facts.site_plan].stored.sha256 if facts.site_plan else ""
    event_id = events.create(store, Event(id=0, **values))
    events.set_links(store, event_id, checked.links)
    events.set_topics(store, event_id, [_topic(site, n) for n in range(len(site.bundle.topics))])
    return dataclasses.replace(Event(id=0, **values), id=event_id)


def _letters(site: _Site, event: Event) -> None:
    """Own words, and the reminders whose time is still to come: importing writes to nobody."""
    for facts in site.bundle.wordings:
        wording = Wording(facts.kind, event.id, facts.subject, facts.body)
        wordings.save(site.store, wording, now=site.now)
    for minutes in site.bundle.reminders:
        reminder = Mailing(
            0, event.id, MailingKind.REMINDER, MailingState.SCHEDULED, before_minutes=minutes
        )
        due = due_at(reminder, event)
        if due is not None and due > site.now:
            mailings.add(site.store, reminder, now=site.now)


def _free_event_slug(store: Store, wanted: str) -> str:
    return _free(wanted or "event", lambda slug: events.slug_taken(store, slug))


def _free(base: str, taken: Callable[[str], bool]) -> str:
    candidate, number = base, 2
    while taken(candidate):
        candidate, number = f"{base}-{number}", number + 1
    return candidate


def _topic(site: _Site, number: int) -> int:
    facts = site.bundle.topics[number]
    known = events.topic_by_slug(site.store, facts.slug)
    if known is not None:
        return known.id
    return events.save_topic(
        site.store,
        topic_id=None,
        slug=facts.slug,
        title=facts.title,
        summary=facts.summary,
        body=facts.body,
        now=site.now,
    )


def _person(site: _Site, facts: PersonFacts) -> Person:
    """The person of that address and name who is here already, or a new one."""
    known = people.by_slug(site.store, facts.slug)
    if known is not None and known.name == facts.name:
        return known
    values = {name: getattr(facts, name) for name in type(facts).__dataclass_fields__}
    values["photo"] = site.kept[facts.photo].stored.sha256 if facts.photo else ""
    values["slug"] = _free(facts.slug, lambda s: people.by_slug(site.store, s) is not None)
    person_id = people.create(site.store, Person(id=0, **values), now=site.now)
    return Person(id=person_id, **values)


def _item(site: _Site, facts: ItemFacts) -> Item:
    room = site.rooms.get(facts.room or 0)
    if facts.room_name and (room is None or room.name != facts.room_name):
        room = Room(room.id if room else 0, facts.room_name)
    return Item(
        id=site.items.get(facts.id, 0),
        uid=site.uid("agenda_items", facts.uid) if facts.id not in site.items else "",
        kind=facts.kind,
        title=facts.title,
        abstract=facts.abstract,
        language=facts.language[:20],
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        room=room,
        track=facts.track[:80],
        capacity=facts.capacity,
        people=tuple(
            Part(site.people[part.person], part.role, part.function, part.organisation)
            for part in facts.people
        ),
        sequence=facts.sequence,
        revised_at=facts.revised_at or site.now,
        cancelled=facts.cancelled,
    )


def _programme(site: _Site, event: Event) -> None:
    """The draft, then every published version; what was removed since keeps its identity."""
    bundle, store = site.bundle, site.store
    for facts in bundle.draft:
        site.items[facts.id] = agenda.save_item(store, event.id, _item(site, facts), now=site.now)
    before: Programme | None = None
    for programme in sorted(bundle.programmes, key=lambda each: each.version):
        for facts in programme.items:
            if facts.id not in site.items:
                wanted = _item(site, facts)
                if wanted.room and not wanted.room.id:
                    wanted = dataclasses.replace(wanted, room=None)
                item_id = agenda.save_item(store, event.id, wanted, now=site.now)
                agenda.remove_item(store, item_id, now=site.now)
                site.items[facts.id] = item_id
        published = Programme(
            version=programme.version,
            published_at=programme.published_at,
            items=tuple(_item(site, facts) for facts in programme.items),
            note=programme.note,
        )
        published = dataclasses.replace(published, changes=changes.since_first(before, published))
        agenda.publish(store, event.id, published, published_by="import")
        before = published


def _materials(site: _Site, event: Event) -> None:
    for facts in site.bundle.materials:
        material_id = files.create(
            site.store,
            public_id=site.identity.public_id(),
            event_id=event.id,
            item_id=None if facts.item is None else site.items[facts.item],
            title=facts.title,
            language=facts.language[:20],
            licence=facts.licence[:100],
            release=facts.release,
            released_at=facts.released_at,
            url=facts.url,
            now=site.now,
        )
        if facts.file:
            kept = site.kept[facts.file]
            files.add_version(
                site.store,
                material_id,
                kept.stored,
                filename=text.filename(facts.filename, SUFFIXES[kept.stored.media_type]),
                pages=kept.pages,
                by="import",
                now=site.now,
            )


def _questions(site: _Site, event: Event) -> None:
    bundle = site.bundle
    for facts in bundle.questions:
        wanted = dataclasses.replace(bundle_rule.question(facts), event_id=event.id)
        question_id = question_store.save(site.store, wanted)
        site.questions[facts.key] = dataclasses.replace(wanted, id=question_id)
    question_store.switch(site.store, event.id, access=bundle.asks_access, diet=bundle.asks_diet)


def _answers(site: _Site, registration_id: int, facts: GuestFacts) -> None:
    """What a guest answered; an option offered no more may still have been chosen."""
    for answer in facts.answers:
        question = site.questions[answer.question]
        value: Value | None
        if (question.kind is QuestionKind.FILE) != bool(answer.file):
            raise wrong(f"meeting.guests.answers.{question.key}")
        if answer.file:
            kept = site.kept[answer.file].stored
            name = text.filename(answer.filename, SUFFIXES[kept.media_type])
            value = Filed(kept.sha256, name, kept.media_type, kept.size)
        else:
            known = tuple(option.key for option in question.options)
            value = question_rules.parse(question, answer.typed, before=known)
        if value is not None:
            question_store.keep(site.store, registration_id, question, value)


def _recap(site: _Site, event: Event, facts: RecapFacts) -> None:
    archive.save_recap(
        site.store,
        Recap(event.id, facts.title, facts.lead, facts.body, facts.published_at, site.now),
        now=site.now,
    )
    quotes = [
        Quote(
            quote.text,
            quote.name[:200],
            quote.function,
            site.people[quote.person].slug if quote.person in site.people else "",
        )
        for quote in facts.quotes
    ]
    archive.set_quotes(site.store, event.id, quotes)
    for facts_of_photo in facts.photos:
        kept = site.kept[facts_of_photo.file]
        photo = Photo(
            public_id=site.identity.public_id(),
            file=kept.stored,
            caption=facts_of_photo.caption,
            alt=facts_of_photo.alt,
            credit=facts_of_photo.credit[:200],
            width=kept.width,
            height=kept.height,
            people=facts_of_photo.people,
        )
        archive.add_photo(site.store, event.id, photo)


def _places(site: _Site, event: Event) -> None:
    for facts in site.bundle.groups:
        group = Group(0, facts.name, facts.open_to)
        site.groups[facts.id] = quotas.save_group(site.store, event.id, group)
    for quota in site.bundle.quotas:
        shared = frozenset(site.groups[each] for each in quota.groups)
        quotas.save_quota(site.store, event.id, Quota(0, quota.name, quota.capacity, shared))
    for price in site.bundle.prices:
        group_id = site.groups[price.group] if price.group is not None else None
        fees.save_price(site.store, event.id, Price(0, price.name, price.cents, group_id))
    for facts in site.bundle.groups:
        if facts.retired:
            quotas.retire_group(site.store, site.groups[facts.id], at=stamp(site.now))


def _guest(site: _Site, event: Event, facts: GuestFacts) -> None:
    """A registration with a link of its own; its letters stay where they were written."""
    store, nonce = site.store, site.identity.nonce()
    names = "name email organisation role access_needs diet language created_at".split()
    registration = Registration(
        **{name: getattr(facts, name) for name in names},
        id=0,
        event_id=event.id,
        uid=site.uid("registrations", facts.uid),
        sequence=facts.sequence,
        state=State.WAITING if facts.state is State.CANCELLED else facts.state,
        changed_at=site.now,
        nonce=nonce,
        group_id=site.groups[facts.group] if facts.group is not None else None,
        places=1 + len(facts.companions),
        companions=facts.companions,
        offered_until=facts.offered_until,
        consents=tuple(
            Consent(each.purpose, each.text, each.language, each.given_at)
            for each in facts.consents
        ),
    )
    registration_id = registrations.create(
        store,
        registration,
        attempt=site.identity.uid(),
        email_key=text.address_key(facts.email),
        now=facts.created_at,
    )
    if facts.state is State.CONFIRMED:
        seat_store.confirm(store, registration_id, now=facts.created_at)
    if facts.state is State.CANCELLED:
        registrations.cancel(
            store,
            registration_id,
            facts.cancelled_by or CancelledBy.ORGANISER,
            sequence=facts.sequence,
            now=facts.cancelled_at or site.now,
        )
    registrations.raise_sequence(store, registration_id, facts.sequence)
    for choice in facts.choices:
        transfer.add_choice(
            store,
            registration_id,
            site.items[choice.item],
            confirmed=choice.confirmed,
            wish=choice.wish,
            uid=site.identity.uid(),
            now=facts.created_at,
        )
    _answers(site, registration_id, facts)
    ends = access.link_ends_at(event.ends_at)
    for purpose, expires_at in (("registration", ends), ("feed", None)):
        registrations.add_token(
            store,
            token_hash=fingerprint(site.identity.token(purpose, nonce)),
            purpose=purpose,
            subject_id=registration_id,
            now=site.now,
            expires_at=expires_at,
        )
