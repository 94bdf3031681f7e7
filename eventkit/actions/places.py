"""Who may have how many places: groups, quotas, limits. What changes here moves the queue."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from eventkit.actions import seating
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.places import Group, Queued, Quota
from eventkit.model.registration import HOLDS_SEAT, Registration
from eventkit.model.text import Text
from eventkit.rules import seats as seats_rule
from eventkit.rules import text
from eventkit.store import events, history, registrations
from eventkit.store import quotas as quota_store
from eventkit.store import seats as seat_store
from eventkit.store.rows import Store, fold, stamp


def set_limits(
    store: Store,
    event_id: int,
    *,
    per_organisation: int | None,
    offer_hours: int,
    companions: int,
    actor: str,
    now: datetime,
    identity: Identity,
) -> Event:
    """How many of one organisation, how many come along, how long an offer lasts (0: at once).

    Raises Invalid with the field, NotFound.
    """
    if per_organisation is not None and per_organisation < 1:
        raise Invalid("number", field="per_organisation")
    if not 0 <= offer_hours <= 720:
        raise Invalid("number", field="offer_hours")
    if not 0 <= companions <= 9:
        raise Invalid("number", field="companions")
    hand = Hand(store, now, identity)
    with store.changing():
        before = events.required(store, event_id)
        after = dataclasses.replace(
            before,
            per_organisation=per_organisation,
            offer_hours=offer_hours,
            companions=companions,
        )
        if after != before:
            events.save(store, dataclasses.replace(after, changed_at=now))
            _done(hand, "limits_changed", before, actor)
        return events.required(store, event_id)


def save_group(
    store: Store, event_id: int, wanted: Group, *, actor: str, now: datetime, identity: Identity
) -> int:
    """Write a group down; returns its id. Raises Invalid with the field, NotFound."""
    named = dataclasses.replace(wanted, name=_name(wanted.name))
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        if named.id and quota_store.group(store, event.id, named.id) is None:
            raise NotFound
        group_id = quota_store.save_group(store, event.id, named)
        _done(hand, "group_saved", event, actor, subject=named.name)
        return group_id


def remove_group(
    store: Store, event_id: int, group_id: int, *, actor: str, now: datetime, identity: Identity
) -> None:
    """Take a group away; where somebody is in it, it is only offered to nobody any more."""
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        group = quota_store.group(store, event.id, group_id)
        if group is None:
            raise NotFound
        if quota_store.group_used(store, group_id):
            quota_store.retire_group(store, group_id, at=stamp(now))
        else:
            quota_store.remove_group(store, group_id)
        _done(hand, "group_removed", event, actor, subject=group.name)


def save_quota(
    store: Store, event_id: int, wanted: Quota, *, actor: str, now: datetime, identity: Identity
) -> int:
    """Write a quota down; returns its id. Nobody loses a seat when it becomes smaller.

    Raises Invalid with the field, NotFound.
    """
    named = dataclasses.replace(wanted, name=_name(wanted.name))
    if not 0 <= named.capacity <= 100_000:
        raise Invalid("number", field="capacity")
    if not named.groups:
        raise Invalid("no_groups", field="groups")
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        known = {group.id for group in quota_store.groups(store, event.id, retired=True)}
        if not named.groups <= known:
            raise Invalid("unknown_group", field="groups")
        if named.id:
            _quota(store, event, named.id)
        quota_id = quota_store.save_quota(store, event.id, named)
        _done(hand, "quota_saved", event, actor, subject=named.name)
        return quota_id


def remove_quota(
    store: Store, event_id: int, quota_id: int, *, actor: str, now: datetime, identity: Identity
) -> None:
    """Take a quota away: its limit holds nobody back any more. Raises NotFound."""
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        quota = _quota(store, event, quota_id)
        quota_store.remove_quota(store, quota.id)
        _done(hand, "quota_removed", event, actor, subject=quota.name)


def change_group(
    store: Store,
    event_id: int,
    registration_ids: Iterable[int],
    group_id: int | None,
    *,
    actor: str,
    now: datetime,
    identity: Identity,
) -> list[Registration]:
    """Put people into another group, all or none. A seat goes along only where there is room.

    Returns those it touched, in order of arrival. Raises Invalid `group_full` or
    `unknown_group`, NotFound when somebody is of another meeting.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.required(store, event_id)
        found = registrations.some(store, registration_ids)
        if not found or any(each.event_id != event.id for each in found):
            raise NotFound
        if group_id is not None and quota_store.group(store, event.id, group_id) is None:
            raise Invalid("unknown_group", field="group")
        touched = [each for each in found if each.group_id != group_id]
        for each in touched:
            if each.state in HOLDS_SEAT and not _fits(store, event, each, group_id):
                raise Invalid("group_full", field="group")
            seat_store.set_group(store, each.id, group_id, now=now)
            history.note(
                store,
                "group_changed",
                actor=actor,
                now=now,
                event_id=event.id,
                registration_id=each.id,
            )
        if touched:
            seating.give_out(hand, event, cause="limits")
        return registrations.some(store, [each.id for each in touched])


def _fits(store: Store, event: Event, found: Registration, group_id: int | None) -> bool:
    """Whether the quotas of another group have room for somebody who has a seat already."""
    limits = seat_store.limits(store, event)
    counted = dict(limits.in_quotas)
    for quota in limits.quotas:
        if found.group_id in quota.groups:
            counted[quota.id] = counted.get(quota.id, 0) - found.places
    only_quotas = dataclasses.replace(
        limits, capacity=None, per_organisation=None, in_quotas=counted
    )
    moved = Queued(found.id, found.places, group_id, fold(found.organisation))
    return not seats_rule.would_wait(only_quotas, (), moved)


def _done(hand: Hand, verb: str, event: Event, actor: str, *, subject: Text | None = None) -> None:
    """Write the change down and let those move up for whom it made room."""
    history.note(
        hand.store,
        verb,
        actor=actor,
        now=hand.now,
        event_id=event.id,
        subject=subject.pick("de")[0] if subject else "",
    )
    seating.give_out(hand, events.required(hand.store, event.id), cause="limits")


def _name(name: Text) -> Text:
    cleaned = text.clean_both(name)
    if not cleaned:
        raise Invalid("required", field="name")
    if max(len(cleaned.de), len(cleaned.en)) > 120:
        raise Invalid("too_long", field="name")
    return cleaned


def _quota(store: Store, event: Event, quota_id: int) -> Quota:
    for quota in quota_store.quotas(store, event.id):
        if quota.id == quota_id:
            return quota
    raise NotFound
