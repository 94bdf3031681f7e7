"""What one chooses when registering: the group, the workshops of each time, who comes along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import request

from eventkit import language as words
from eventkit.actions import seating
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.places import Group, Limits, OpenTo, Queued
from eventkit.model.registration import Seats
from eventkit.rules import seats as seats_rule
from eventkit.store import quotas
from eventkit.store import seats as seat_store
from eventkit.web import listing
from eventkit.web.forms.base import complain
from eventkit.web.forms.guest import WorkshopsForm
from eventkit.web.forms.visitors import Registration, refusal
from eventkit.web.language import current, ngettext, plain
from eventkit.web.language import gettext as _
from eventkit.web.site import store


def offer(form: Registration, event: Event, *, desk: bool = False) -> None:
    """Give the form the choices of a meeting; at the desk every group can be chosen."""
    items = seating.workshops(store(), event)
    form.sessions.choices = [(item.id, plain(item.title)) for item in items]
    form.second.choices = list(form.sessions.choices)
    found = [g for g in quotas.groups(store(), event.id) if desk or g.open_to is OpenTo.EVERYONE]
    form.group.choices = [(group.id, plain(group.name)) for group in found]
    if desk and found:
        form.group.choices.insert(0, (0, _("No group")))
    if desk or not event.photo_consent:
        del form.consent_photo
    if desk or not event.attendee_list:
        del form.consent_list
    while len(form.companions) < event.companions:
        form.companions.append_entry()
    for number, entry in enumerate(form.companions, 1):
        entry.label.text = _("Name of person %(number)s") % {"number": number}


def label_groups(form: Registration, found: "Door") -> None:
    """Say beside each group how many places it has left."""
    form.group.choices = [
        (group.id, f"{plain(group.name)} · {left}" if left else plain(group.name))
        for group, left in found.groups
    ]


def chosen_group(form: Registration) -> int | None:
    """The group chosen; None where there is nothing to choose, or nothing was chosen."""
    return (form.group.data or None) if form.group.choices else None


def ask_for_group(form: Registration) -> None:
    """Say along with what else is wrong that a group is missing; a code may open one."""
    opened = request.values.get("code") or request.values.get("invitation")
    if form.group.choices and not form.group.data and not opened:
        complain(form, "group", refusal("group"))


@dataclass(frozen=True, slots=True)
class Door:
    """Whether there is a place: for each group of the form, and for whoever comes next."""

    waits: bool
    groups: tuple[tuple[Group, str], ...]


def door(event: Event) -> Door:
    """How full the meeting and its open groups are, in words; nothing is counted without them."""
    limits = seat_store.limits(store(), event)
    queue = seat_store.queue(store(), event.id) if limits.free != 0 else []
    found = [g for g in quotas.groups(store(), event.id) if g.open_to is OpenTo.EVERYONE]
    if not found:
        return Door(seats_rule.would_wait(limits, queue, Queued(0)), ())
    waits = {g.id: seats_rule.would_wait(limits, queue, Queued(0, 1, g.id)) for g in found}
    groups = tuple((g, _left(event, limits, g, waits=waits[g.id])) for g in found)
    return Door(all(waits.values()), groups)


def waits_in(event: Event, group: int | None) -> bool:
    """Whether somebody who comes next in this group would stand in the queue."""
    limits = seat_store.limits(store(), event)
    queue = seat_store.queue(store(), event.id) if limits.free != 0 else []
    return seats_rule.would_wait(limits, queue, Queued(0, 1, group))


def _left(event: Event, limits: Limits, group: Group, *, waits: bool) -> str:
    """How many places a group has left, as far as anything limits it."""
    if waits:
        return _("full, waiting list") if event.waiting_list else _("full")
    rooms = [
        quota.capacity - limits.in_quotas.get(quota.id, 0)
        for quota in limits.quotas
        if group.id in quota.groups
    ]
    rooms += [limits.free] if limits.free is not None else []
    if not rooms:
        return ""
    left = min(rooms)
    return ngettext("%(num)s place free", "%(num)s places free", left) % {"num": left}


@dataclass(frozen=True, slots=True)
class Offer:
    """A workshop in the form: its check box, the item, and how many places are left."""

    box: Any
    item: Item
    places: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The workshops of one time. `second` says whether a second wish makes sense here."""

    time: str
    offers: tuple[Offer, ...]
    second: bool


def slots(
    event: Event, form: Registration | WorkshopsForm, *, after: datetime | None = None
) -> list[Slot]:
    """The workshops by the time they begin; those of one time exclude each other.

    With `after` (UTC) only those that begin later.
    """
    items = [i for i in seating.workshops(store(), event) if after is None or i.starts_at > after]
    if not items:
        return []
    taken = seat_store.item_seats(store(), event.id)
    boxes = {box.data: box for box in form.sessions}
    ordered = sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.id))
    several_days = listing.block(event)["until"] != ""
    found = []
    for starts_at, together in groupby(ordered, key=lambda item: item.starts_at):
        group = list(together)
        time = words.hours(starts_at, max(i.ends_at for i in group), event.zone, current())
        if several_days:
            time = f"{words.day(starts_at, event.zone, current())}, {time}"
        offers = tuple(Offer(boxes[i.id], i, _places(i, taken.get(i.id))) for i in group)
        limited = any(item.capacity is not None for item in group)
        found.append(Slot(time, offers, second=len(group) > 1 and limited))
    return found


def _places(item: Item, taken: Seats | None) -> str:
    if item.capacity is None:
        return ""
    counted = taken or Seats(None, 0, 0)
    free = Seats(item.capacity, counted.taken, counted.waiting).free or 0
    free = max(0, free - counted.waiting)
    if not free:
        return _("full, waiting list")
    return ngettext("%(num)s place free", "%(num)s places free", free) % {"num": free}


def second_wishes(form: Registration | WorkshopsForm) -> tuple[int, ...]:
    """The second wishes; a select that was left alone says nothing."""
    wanted: Sequence[int] = form.second.data or ()
    return tuple(item_id for item_id in wanted if item_id > 0)


def companions(form: Registration) -> tuple[str, ...]:
    """The names typed for those who come along."""
    return tuple(entry.data for entry in form.companions if (entry.data or "").strip())


def agreed(form: Registration, name: str) -> str:
    """The words of a consent that is asked apart, if this form asks for it and it was given."""
    return str(form[name].label.text) if name in form and form[name].data else ""
