"""Creating a meeting, changing it, announcing it, calling it off; the organisation's own texts."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventkit.actions import fees, seating
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid
from eventkit.identity import Identity
from eventkit.model.account import Organisation
from eventkit.model.event import Event, Link, Mode, Place, Stage
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import NOTHING, Text
from eventkit.rules import access, changes, dates, text
from eventkit.store import events, history, invitations, registrations
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store

_TOLD = (State.CONFIRMED, State.OFFERED, State.WAITING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organiser decides about a meeting. Instants are aware (UTC); `zone` is IANA.

    `slug` may be empty: it is then made from the title and the year.
    """

    title: Text
    zone: str
    starts_at: datetime
    ends_at: datetime
    slug: str = ""
    summary: Text = NOTHING
    description: Text = NOTHING
    all_day: bool = False
    doors_at: datetime | None = None
    mode: Mode = Mode.ON_SITE
    place: Place = Place()
    capacity: int | None = None
    waiting_list: bool = True
    approval: bool = False
    listed: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    contact_name: str = ""
    contact_email: str = ""
    retention_days: int = 90
    topic_ids: tuple[int, ...] = ()
    links: tuple[Link, ...] = ()


def create(store: Store, plan: Plan, *, actor: str, now: datetime, identity: Identity) -> Event:
    """Create a meeting as a draft. Raises Invalid with the field's name."""
    checked = check(plan)
    with store.changing():
        slug = _free_slug(store, checked)
        event = Event(
            id=0,
            uid=identity.uid(),
            stage=Stage.DRAFT,
            sequence=0,
            created_at=now,
            changed_at=now,
            revised_at=now,
            **(_facts(checked) | {"slug": slug}),
        )
        event_id = events.create(store, event)
        events.set_topics(store, event_id, checked.topic_ids)
        events.set_links(store, event_id, checked.links)
        history.note(store, "created", actor=actor, now=now, event_id=event_id)
        return events.required(store, event_id)


def change(
    store: Store, event_id: int, plan: Plan, *, actor: str, now: datetime, identity: Identity
) -> Event:
    """Change a meeting; a save that changed nothing writes nothing.

    A new time, place or title of an announced meeting raises its SEQUENCE once and is
    written to everybody who holds an invite; a larger capacity lets the next move up.
    Raises Invalid with the field's name, NotFound.
    """
    checked = check(plan)
    hand = Hand(store, now, identity)
    with store.changing():
        before = events.required(store, event_id)
        slug = checked.slug or before.slug
        if slug != before.slug and events.slug_taken(store, slug, but=event_id):
            raise Invalid("slug_taken", field="slug")
        after = dataclasses.replace(before, **(_facts(checked) | {"slug": slug}))
        revised = before.public and bool(changes.event_changes(before, after))
        if revised:
            after = dataclasses.replace(after, sequence=before.sequence + 1, revised_at=now)
        around = _around(store, event_id)
        events.set_topics(store, event_id, checked.topic_ids)
        events.set_links(store, event_id, checked.links)
        if after != before or _around(store, event_id) != around:
            after = dataclasses.replace(after, changed_at=now)
            events.save(store, after)
            fields = [
                f.name
                for f in dataclasses.fields(after)
                if getattr(before, f.name) != getattr(after, f.name)
            ]
            history.note(store, "changed", actor=actor, now=now, event_id=event_id, fields=fields)
        if after.ends_at != before.ends_at:
            ends = access.link_ends_at(after.ends_at)
            registrations.keep_links_until(store, event_id, ends)
            invitations.keep_links_until(store, event_id, ends)
        after = events.required(store, event_id)
        if revised and now < after.ends_at:
            for registration in registrations.holders_of_invites(store, event_id):
                if registration.state in _TOLD:
                    seating.write(
                        hand,
                        LetterKind.CHANGED,
                        after,
                        registration,
                        raise_sequence=True,
                        before=before,
                    )
        seating.give_out(hand, after, cause=_why(before, after, actor))
        return events.required(store, event_id)


def _why(before: Event, after: Event, actor: str) -> str:
    """The word history keeps for why places are given out after a change."""
    if before.capacity == after.capacity:
        return "limits"
    return f"capacity:{before.capacity or ''}:{after.capacity or ''}:{actor}"


def _around(store: Store, event_id: int) -> object:
    """What belongs to a meeting without standing in it."""
    return [t.id for t in events.topics_of(store, event_id)], events.links(store, event_id)


def concerned(store: Store, event_id: int, plan: Plan) -> tuple[tuple[str, ...], int]:
    """What a change would tell people (names of facts) and how many would be written to."""
    before = events.required(store, event_id)
    after = dataclasses.replace(before, **(_facts(check(plan)) | {"slug": before.slug}))
    told = changes.event_changes(before, after) if before.public else ()
    if not told:
        return (), 0
    tally = seat_store.tally(store, event_id)
    return told, sum(tally.get(state, 0) for state in _TOLD)


def announce(store: Store, event_id: int, *, actor: str, now: datetime) -> Event:
    """Make a draft public."""
    with store.changing():
        event = events.required(store, event_id)
        if event.stage is not Stage.DRAFT:
            return event
        events.save(
            store,
            dataclasses.replace(
                event, stage=Stage.ANNOUNCED, announced_at=now, changed_at=now, revised_at=now
            ),
        )
        history.note(store, "announced", actor=actor, now=now, event_id=event_id)
        return events.required(store, event_id)


def call_off(
    store: Store, event_id: int, reason: Text, *, actor: str, now: datetime, identity: Identity
) -> Event:
    """Call a meeting off: every live registration ends, everybody is written to once."""
    hand = Hand(store, now, identity)
    with store.changing():
        before = events.required(store, event_id)
        if before.stage is not Stage.ANNOUNCED or now >= before.ends_at:
            raise Invalid("not_announced")
        event = dataclasses.replace(
            before,
            stage=Stage.CANCELLED,
            cancelled_at=now,
            cancellation=text.clean_both(reason, lines=True),
            sequence=before.sequence + 1,
            changed_at=now,
            revised_at=now,
        )
        events.save(store, event)
        history.note(store, "called_off", actor=actor, now=now, event_id=event_id)
        for registration in list(registrations.holders_of_invites(store, event_id)):
            registrations.cancel(
                store,
                registration.id,
                CancelledBy.MEETING,
                sequence=registration.sequence + 1,
                now=now,
            )
            seat_store.release_choices(store, registration.id, now=now)
            fees.withdraw(store, registration.id, actor=actor, now=now)
            gone = registrations.by_id(store, registration.id)
            if gone is not None:
                seating.write(hand, LetterKind.CALLED_OFF, event, gone)
        return events.required(store, event_id)


def archive(store: Store, event_id: int, *, actor: str, now: datetime) -> Event:
    """Close the books on a meeting that is over; its page and downloads stay."""
    with store.changing():
        event = events.required(store, event_id)
        if event.stage is not Stage.ANNOUNCED or now < event.ends_at:
            raise Invalid("not_over")
        events.save(store, dataclasses.replace(event, stage=Stage.ARCHIVED, changed_at=now))
        history.note(store, "archived", actor=actor, now=now, event_id=event_id)
        return events.required(store, event_id)


def save_organisation(store: Store, wanted: Organisation, *, actor: str, now: datetime) -> None:
    """Write the organisation's name, accent, texts and links."""
    dates.zone(wanted.zone)
    with store.changing():
        events.save_organisation(store, wanted, now=now)
        history.note(store, "organisation_changed", actor=actor, now=now)


def save_topic(
    store: Store,
    *,
    topic_id: int | None,
    slug: str,
    title: Text,
    summary: Text,
    body: Text,
    actor: str,
    now: datetime,
) -> int:
    """Create a topic or write one back; returns its id. Raises Invalid with the field's name."""
    title = text.clean_both(title)
    if not title:
        raise Invalid("required", field="title")
    address = text.slug(slug or title.pick("de")[0])
    with store.changing():
        other = events.topic_by_slug(store, address)
        if not address or (other is not None and other.id != topic_id):
            raise Invalid("slug_taken", field="slug")
        history.note(store, "topic_saved", actor=actor, now=now, subject=address)
        return events.save_topic(
            store,
            topic_id=topic_id,
            slug=address,
            title=title,
            summary=text.clean_both(summary, lines=True),
            body=text.clean_both(body, lines=True),
            now=now,
        )


def check(plan: Plan) -> Plan:
    """The plan with clean texts. Raises Invalid with the field's name."""
    title = text.clean_both(plan.title)
    if not title:
        raise Invalid("required", field="title")
    if max(len(title.de), len(title.en)) > 200:
        raise Invalid("too_long", field="title")
    dates.zone(plan.zone)
    if plan.ends_at <= plan.starts_at:
        raise Invalid("end_before_start", field="ends_at")
    if plan.doors_at and plan.doors_at > plan.starts_at:
        raise Invalid("doors_after_start", field="doors_at")
    if plan.opens_at and plan.closes_at and plan.closes_at <= plan.opens_at:
        raise Invalid("end_before_start", field="closes_at")
    if plan.capacity is not None and not 0 <= plan.capacity <= 100000:
        raise Invalid("number", field="capacity")
    if not 0 <= plan.retention_days <= 3650:
        raise Invalid("number", field="retention_days")
    slug = text.slug(plan.slug)
    if plan.slug and not slug:
        raise Invalid("slug", field="slug")
    return dataclasses.replace(
        plan,
        title=title,
        slug=slug,
        summary=text.clean_both(plan.summary, lines=True),
        description=text.clean_both(plan.description, lines=True),
        place=_place(plan.place),
        contact_name=text.clean(plan.contact_name)[:200],
        contact_email=_contact(plan.contact_email),
        links=tuple(_link(link) for link in plan.links),
    )


def _contact(value: str) -> str:
    if not value.strip():
        return ""
    try:
        return text.address(value)
    except Invalid as error:
        raise Invalid(error.code, field="contact_email") from None


def _link(link: Link) -> Link:
    try:
        return Link(text.clean_both(link.label), text.web_address(link.url))
    except Invalid as error:
        raise Invalid(error.code, field="links") from None


def _place(place: Place) -> Place:
    cleaned: dict[str, Any] = {
        name: text.clean(getattr(place, name))[:200]
        for name in ("name", "street", "postal_code", "town", "country")
    }
    for name in ("map_url", "online_url"):
        try:
            cleaned[name] = text.web_address(getattr(place, name))
        except Invalid as error:
            raise Invalid(error.code, field=name) from None
    return dataclasses.replace(
        place,
        directions=text.clean_both(place.directions, lines=True),
        access=text.clean_both(place.access, lines=True),
        **cleaned,
    )


def _facts(plan: Plan) -> dict[str, Any]:
    """The plan's fields that are the meeting's own."""
    return {
        field.name: getattr(plan, field.name)
        for field in dataclasses.fields(plan)
        if field.name not in ("topic_ids", "links")
    }


def _free_slug(store: Store, plan: Plan) -> str:
    if plan.slug:
        if events.slug_taken(store, plan.slug):
            raise Invalid("slug_taken", field="slug")
        return plan.slug
    year = dates.to_local(plan.starts_at, plan.zone).year
    base = text.slug(plan.title.pick("de")[0], str(year)) or f"event-{year}"
    candidate, number = base, 2
    while events.slug_taken(store, candidate):
        candidate, number = f"{base}-{number}", number + 1
    return candidate


def plan_of(store: Store, event: Event) -> Plan:
    """The plan of an existing meeting, for a form to start from."""
    names = [f.name for f in dataclasses.fields(Plan) if f.name not in ("topic_ids", "links")]
    return Plan(
        **{name: getattr(event, name) for name in names},
        topic_ids=tuple(topic.id for topic in events.topics_of(store, event.id)),
        links=events.links(store, event.id),
    )
