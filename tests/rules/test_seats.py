"""Who gets a seat, in microseconds."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eventkit.model.places import Limits, Queued, Quota, Stake, Verdict
from eventkit.model.registration import Seats
from eventkit.model.text import Text
from eventkit.rules import seats

counts = st.integers(0, 60)
GROUPS = (1, 2, 3)


def quota(number: int, capacity: int, *groups: int) -> Quota:
    return Quota(number, Text(de=f"Q{number}"), capacity, frozenset(groups))


@given(st.none() | counts, counts, st.lists(st.integers(), max_size=60, unique=True))
def test_never_more_than_the_places_and_always_in_order(capacity, taken, queue) -> None:
    """R1"""
    moved = seats.moving_up(Limits(capacity, taken), [Queued(number) for number in queue])
    assert list(moved) == queue[: len(moved)]
    if capacity is None:
        assert list(moved) == queue
    else:
        assert len(moved) == min(len(queue), max(0, capacity - taken))


@given(st.none() | counts, counts, counts)
def test_the_numbers_alone_say_the_same_as_the_queue(capacity, taken, waiting) -> None:
    queue = [Queued(number) for number in range(waiting)]
    waits = seats.would_wait(Limits(capacity, taken), queue, Queued(-1))
    assert seats.full(Seats(capacity, taken, waiting)) == waits


people = st.builds(
    Queued,
    id=st.just(0),
    places=st.integers(1, 4),
    group=st.none() | st.sampled_from(GROUPS),
    organisation=st.sampled_from(["", "a", "b"]),
)
quotas = st.lists(
    st.tuples(st.integers(0, 8), st.sets(st.sampled_from(GROUPS), min_size=1)), max_size=3
)


@st.composite
def situations(draw):
    """Limits as they may be (also exceeded after they were lowered) and a queue."""
    drawn = draw(quotas)
    found = tuple(quota(n, capacity, *groups) for n, (capacity, groups) in enumerate(drawn))
    limits = Limits(
        capacity=draw(st.none() | st.integers(0, 12)),
        taken=draw(st.integers(0, 12)),
        quotas=found,
        in_quotas={each.id: draw(st.integers(0, 8)) for each in found},
        per_organisation=draw(st.none() | st.integers(1, 4)),
        in_organisations={"a": draw(st.integers(0, 4))},
    )
    queue = draw(st.lists(people, max_size=12))
    return limits, [Queued(n, q.places, q.group, q.organisation) for n, q in enumerate(queue)]


def after(limits: Limits, moved: list[Queued]) -> tuple[int, dict[int, int], dict[str, int]]:
    """How many hold a place when these have moved up: all, by quota, by organisation."""
    in_quotas = dict(limits.in_quotas)
    organisations = dict(limits.in_organisations)
    for one in moved:
        for each in limits.quotas:
            if one.group in each.groups:
                in_quotas[each.id] = in_quotas.get(each.id, 0) + one.places
        if one.organisation:
            organisations[one.organisation] = organisations.get(one.organisation, 0) + one.places
    return limits.taken + sum(one.places for one in moved), in_quotas, organisations


def fits(limits: Limits, one: Queued, moved: list[Queued]) -> bool:
    """Whether no limit is exceeded when this one comes too, written down the slow way."""
    total, in_quotas, organisations = after(limits, [*moved, one])
    if limits.capacity is not None and total > limits.capacity:
        return False
    if any(one.group in q.groups and in_quotas[q.id] > q.capacity for q in limits.quotas):
        return False
    limit = limits.per_organisation
    return limit is None or not one.organisation or organisations[one.organisation] <= limit


@given(situations())
def test_no_limit_is_ever_exceeded_by_moving_up(situation) -> None:
    """R1"""
    limits, queue = situation
    moved: list[Queued] = []
    for verdict in seats.decide(limits, queue):
        if verdict.seat:
            assert fits(limits, queue[verdict.id], moved)
            moved.append(queue[verdict.id])


def shares(limits: Limits, verdict: Verdict, kept: Queued, one: Queued) -> bool:
    """Whether somebody who got a seat used the very limit that keeps an earlier one."""
    if not verdict.quotas and not verdict.organisation:
        return limits.capacity is not None
    same = verdict.organisation and one.organisation == kept.organisation
    return same or any(q.id in verdict.quotas and one.group in q.groups for q in limits.quotas)


@given(situations())
def test_whoever_is_kept_has_a_reason_and_nobody_passes_them_there(situation) -> None:
    limits, queue = situation
    moved: list[Queued] = []
    kept: list[tuple[Queued, Verdict]] = []
    for verdict in seats.decide(limits, queue):
        one = queue[verdict.id]
        if verdict.seat:
            moved.append(one)
            for earlier, why in kept:
                assert seats.never_fits(limits, earlier) or not shares(limits, why, earlier, one)
        else:
            reasons = (verdict.meeting, verdict.behind, verdict.quotas, verdict.organisation)
            assert any(reasons)
            kept.append((one, verdict))
            alone = fits(limits, one, moved)
            assert not alone or any(not fits(limits, earlier, moved) for earlier, _ in kept[:-1])


@given(situations())
def test_it_is_settled_at_once(situation) -> None:
    """Asking again after everybody moved up moves nobody: no seat was forgotten."""
    limits, queue = situation
    ids = set(seats.moving_up(limits, queue))
    total, in_quotas, organisations = after(limits, [one for one in queue if one.id in ids])
    settled = Limits(
        limits.capacity,
        total,
        limits.quotas,
        in_quotas,
        limits.per_organisation,
        organisations,
    )
    assert seats.moving_up(settled, [one for one in queue if one.id not in ids]) == ()


def test_a_full_quota_lets_the_others_pass() -> None:
    limits = Limits(10, 4, (quota(1, 2, 1), quota(2, 8, 1, 2)), {1: 2, 2: 4})
    verdicts = list(seats.decide(limits, [Queued(1, 1, 1), Queued(2, 1, 2), Queued(3)]))
    assert [v.seat for v in verdicts] == [False, True, True]
    assert verdicts[0].quotas == (1,)
    assert not verdicts[0].meeting


def test_the_first_who_needs_two_is_not_overtaken_for_the_last_place() -> None:
    limits = Limits(10, 9)
    first, second = seats.decide(limits, [Queued(1, 2), Queued(2, 1)])
    assert (first.seat, first.meeting) == (False, True)
    assert (second.seat, second.behind, second.meeting) == (False, True, False)


def test_inside_a_quota_too_nobody_overtakes_who_needs_two() -> None:
    limits = Limits(None, 4, (quota(1, 5, 1),), {1: 4})
    queue = [Queued(1, 2, 1), Queued(2, 1, 1), Queued(3, 1, 2)]
    assert seats.moving_up(limits, queue) == (3,)


def test_who_could_never_fit_holds_up_nobody() -> None:
    assert seats.moving_up(Limits(1, 0), [Queued(1, 2), Queued(2, 1)]) == (2,)
    assert seats.never_fits(Limits(1, 1), Queued(1, 2))
    assert not seats.never_fits(Limits(2, 2), Queued(1, 2))


def test_an_organisation_keeps_to_its_number_and_no_organisation_is_free() -> None:
    limits = Limits(10, 2, per_organisation=2, in_organisations={"a": 1})
    queue = [Queued(1, 1, None, "a"), Queued(2, 1, None, "a"), Queued(3), Queued(4)]
    assert seats.moving_up(limits, queue) == (1, 3, 4)


# workshops: items 1 and 2 are at one time, 3 later

RIVALS = {1: frozenset({2}), 2: frozenset({1}), 3: frozenset[int]()}


def test_a_second_wish_is_a_place_until_the_first_is_free() -> None:
    first, second = Stake(10, 7, 1, 1, confirmed=False), Stake(11, 7, 2, 2, confirmed=False)
    assert seats.workshop_moves([first, second], {1: 0, 2: 1}, RIVALS) == ((11,), ())
    second = Stake(11, 7, 2, 2, confirmed=True)
    assert seats.workshop_moves([first, second], {1: 1, 2: 0}, RIVALS) == ((10,), (11,))


def test_moving_to_the_first_wish_lets_the_next_into_the_second() -> None:
    stakes = [
        Stake(10, 7, 1, 1, confirmed=False),
        Stake(11, 7, 2, 2, confirmed=True),
        Stake(12, 8, 2, 1, confirmed=False),
    ]
    assert seats.workshop_moves(stakes, {1: 1, 2: 0}, RIVALS) == ((10, 12), (11,))


def test_without_a_seat_of_the_meeting_one_is_passed_over() -> None:
    stakes = [
        Stake(10, 7, 3, 1, confirmed=False, seated=False),
        Stake(12, 8, 3, 1, confirmed=False),
    ]
    assert seats.workshop_moves(stakes, {3: 1}, RIVALS) == ((12,), ())


@st.composite
def chosen(draw):
    stakes, number = [], 0
    for person in range(draw(st.integers(0, 6))):
        wishes = draw(st.sampled_from([(1, 2), (2, 1), (1, 0), (2, 0), (3, 0)]))
        for wish, item in enumerate(wishes, 1):
            if item:
                number += 1
                stakes.append(Stake(number, person, item, wish, confirmed=False))
    return draw(st.permutations(stakes)), {n: draw(st.none() | st.integers(0, 4)) for n in RIVALS}


@given(chosen())
def test_workshops_keep_limit_and_order_and_one_place_at_a_time(drawn) -> None:
    stakes, free = drawn
    got, ended = seats.workshop_moves(stakes, free, RIVALS)
    by_id = {stake.id: stake for stake in stakes}
    assert not set(got) & set(ended)
    for item, room in free.items():
        mine = sorted(s.id for s in stakes if s.item == item)
        joined = [number for number in mine if number in got]
        assert room is None or len(joined) <= room
        for number in mine:
            stake = by_id[number]
            better = any(
                by_id[o].person == stake.person and by_id[o].item in RIVALS[item] for o in got
            )
            waits = number not in got and number not in ended
            if waits and not (stake.wish == 2 and better):
                assert room is not None
                assert len(joined) == room
                assert all(earlier < number for earlier in joined)
    held = [(by_id[n].person, by_id[n].item == 3) for n in got]
    assert len(held) == len(set(held))


def test_an_offer_never_lasts_past_the_start() -> None:
    class Meeting:
        offer_hours, starts_at = 48, datetime(2026, 11, 20, 9, tzinfo=UTC)

    early, late = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC)
    assert seats.offered_until(Meeting, early) == early + timedelta(hours=48)
    assert seats.offered_until(Meeting, late) == Meeting.starts_at
    assert seats.offered_until(Meeting, Meeting.starts_at) is None
