"""Who gets a seat: the window of registration, free places, strict order of arrival."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from eventkit.model.agenda import Item
from eventkit.model.event import Event, Stage
from eventkit.model.places import Limits, Queued, Quota, Stake, Verdict
from eventkit.model.registration import Seats


class Window(StrEnum):
    """Whether one may register now, and if not, why."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"
    NONE = "none"


def window(event: Event, now: datetime) -> Window:
    """The state of the registration window at `now`.

    A meeting without an opening instant has no registration here. The closing instant
    itself is already closed; without one, registration ends when the meeting starts.
    """
    if event.stage is Stage.CANCELLED:
        return Window.CANCELLED
    if event.stage is Stage.ARCHIVED or now >= event.ends_at:
        return Window.OVER
    if event.stage is Stage.DRAFT or event.opens_at is None:
        return Window.NONE
    if now < event.opens_at:
        return Window.NOT_YET
    if now >= (event.closes_at or event.starts_at):
        return Window.CLOSED
    return Window.OPEN


def decide(limits: Limits, queue: Iterable[Queued]) -> Iterator[Verdict]:
    """Who of a queue (in order of arrival) gets a seat now, and what keeps the others.

    A seat needs room in the meeting, in every quota of the group, and for the organisation.
    Whoever is kept by a quota or an organisation's limit lets those pass whom it does not
    concern; whoever is kept by the meeting itself is passed by nobody. What is free but too
    little for the first is kept for them, unless they could never fit. Nobody loses a seat.
    """
    room = _Room(limits)
    for one in queue:
        yield room.settle(one)


class _Room:
    """What is left while places are handed out; `held` ones are kept for somebody earlier."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.free = limits.free
        self.held = False
        self.quotas = {q.id: q.capacity - limits.in_quotas.get(q.id, 0) for q in limits.quotas}
        self.of_group: dict[int, list[Quota]] = {}
        for quota in limits.quotas:
            for group in quota.groups:
                self.of_group.setdefault(group, []).append(quota)
        self.organisations = dict(limits.in_organisations)
        self.held_organisations: set[str] = set()
        self.held_quotas: set[int] = set()

    def settle(self, one: Queued) -> Verdict:
        """Give a place, or keep what is too little; the next one finds what is left."""
        verdict = self.verdict(one)
        if verdict.seat:
            self.give(one)
        else:
            self.keep(one, verdict)
        return verdict

    def _mine(self, one: Queued) -> list[Quota]:
        return self.of_group.get(one.group, []) if one.group is not None else []

    def verdict(self, one: Queued) -> Verdict:
        lacking = tuple(
            q.id
            for q in self._mine(one)
            if q.id in self.held_quotas or self.quotas[q.id] < one.places
        )
        organisation = self._organisation_full(one)
        short = self.free is not None and self.free < one.places
        behind = self.held and not short and self.free is not None
        seat = not (lacking or organisation or short or behind)
        return Verdict(one.id, seat, short, behind, lacking, organisation)

    def _organisation_full(self, one: Queued) -> bool:
        limit, name = self.limits.per_organisation, one.organisation
        if limit is None or not name:
            return False
        return name in self.held_organisations or (
            self.organisations.get(name, 0) + one.places > limit
        )

    def give(self, one: Queued) -> None:
        if self.free is not None:
            self.free -= one.places
        for quota in self._mine(one):
            self.quotas[quota.id] -= one.places
        if one.organisation:
            taken = self.organisations.get(one.organisation, 0)
            self.organisations[one.organisation] = taken + one.places

    def keep(self, one: Queued, verdict: Verdict) -> None:
        """Keep what is too little for this one from those who came later."""
        if self._never(one):
            return
        if verdict.quotas or verdict.organisation:
            self.held_quotas.update(verdict.quotas)
            if verdict.organisation:
                self.held_organisations.add(one.organisation)
        else:
            self.held = True

    def _never(self, one: Queued) -> bool:
        """Whether somebody could not even come to an empty meeting."""
        limits = self.limits
        bounds = [limits.capacity, *(quota.capacity for quota in self._mine(one))]
        if one.organisation:
            bounds.append(limits.per_organisation)
        return any(bound is not None and one.places > bound for bound in bounds)


def moving_up(limits: Limits, queue: Iterable[Queued]) -> tuple[int, ...]:
    """Which of the waiting get a seat now. The newest arrival stands at the end of `queue`."""
    room, moved = _Room(limits), []
    for one in queue:
        if room.free == 0:
            break
        if room.settle(one).seat:
            moved.append(one.id)
    return tuple(moved)


def would_wait(limits: Limits, queue: Iterable[Queued], newcomer: Queued) -> bool:
    """Whether somebody who registered now would stand in the queue."""
    *_, last = decide(limits, [*queue, newcomer])
    return not last.seat


def full(seats: Seats) -> bool:
    """Whether one person without a group would find no place free, by the numbers alone."""
    if seats.free is None:
        return False
    return seats.free == 0 or (not seats.limited and seats.free <= seats.waiting)


def never_fits(limits: Limits, one: Queued) -> bool:
    """Whether this many persons could not even come to an empty meeting."""
    empty = dataclasses.replace(limits, taken=0, in_quotas={}, in_organisations={})
    return would_wait(empty, (), one)


def offered_until(event: Event, now: datetime) -> datetime | None:
    """Until when a place that becomes free now is offered; None where it is given at once.

    Never past the start of the meeting.
    """
    if not event.offer_hours or now >= event.starts_at:
        return None
    return min(now + timedelta(hours=event.offer_hours), event.starts_at)


def at_one_time(items: Iterable[Item]) -> dict[int, frozenset[int]]:
    """Which other items take place at the same time, by item id."""
    known = tuple(items)
    return {
        item.id: frozenset(
            other.id
            for other in known
            if other is not item
            and item.starts_at < other.ends_at
            and other.starts_at < item.ends_at
        )
        for item in known
    }


def workshop_moves(
    stakes: Sequence[Stake],
    free: Mapping[int, int | None],
    rivals: Mapping[int, frozenset[int]],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which wishes for workshops are fulfilled now, and which end with that.

    `free` holds the places left by item (None: no limit), `rivals` the items at the same time.
    Each workshop goes strictly by arrival among those who have a seat of the meeting. Nobody
    gets two places at one time: a second wish only as long as no other place at that time is
    theirs, and it ends when the first is fulfilled. Returns ids (confirmed, ended).
    """
    play = _Workshops(stakes, free, rivals)
    # first wishes first; every step makes somebody's place at a time better, so it ends
    while found := min(play.heads(), key=lambda stake: (stake.wish, stake.id), default=None):
        play.join(found)
    before = {stake.id for stake in stakes if stake.confirmed}
    confirmed = tuple(s.id for s in stakes if play.joined.get(s.id) and s.id not in before)
    return confirmed, tuple(s.id for s in stakes if s.id not in play.joined)


class _Workshops:
    """The wishes while places are handed out; one that ended is not in `joined` any more."""

    def __init__(
        self,
        stakes: Sequence[Stake],
        free: Mapping[int, int | None],
        rivals: Mapping[int, frozenset[int]],
    ) -> None:
        self.joined = {stake.id: stake.confirmed for stake in stakes}
        self.left = dict(free)
        self.rivals = rivals
        self.by_person: dict[int, list[Stake]] = {}
        self.queues: dict[int, list[Stake]] = {}
        for stake in sorted(stakes, key=lambda each: each.id):
            self.by_person.setdefault(stake.person, []).append(stake)
            if not stake.confirmed and stake.seated:
                self.queues.setdefault(stake.item, []).append(stake)

    def heads(self) -> Iterator[Stake]:
        """Whose turn it is in each workshop that has a place."""
        for item, queue in self.queues.items():
            room = self.left.get(item, 0)
            if room is None or room > 0:
                first = next((stake for stake in queue if self._waits(stake)), None)
                if first is not None:
                    yield first

    def _waits(self, stake: Stake) -> bool:
        """Whether a wish is open, and no place at its time is as good for the person."""
        if self.joined.get(stake.id, True):
            return False
        return not any(
            self.joined[other.id] and other.wish <= stake.wish for other in self._at_once(stake)
        )

    def _at_once(self, stake: Stake) -> list[Stake]:
        """The person's other open or fulfilled wishes at the same time."""
        against = self.rivals.get(stake.item, frozenset())
        mine = self.by_person[stake.person]
        return [other for other in mine if other.id in self.joined and other.item in against]

    def join(self, stake: Stake) -> None:
        """Fulfil a wish; a first one ends the second wishes of its time."""
        self.joined[stake.id] = True
        self._add(stake.item, -1)
        if stake.wish > 1:
            return
        for other in self._at_once(stake):
            if other.wish > 1 and self.joined.pop(other.id):
                self._add(other.item, 1)

    def _add(self, item: int, places: int) -> None:
        room = self.left.get(item, 0)
        if room is not None:
            self.left[item] = room + places
