"""Who gets a seat, in microseconds."""

from hypothesis import given
from hypothesis import strategies as st

from eventkit.model.registration import Seats
from eventkit.rules import seats

counts = st.integers(0, 60)


@given(st.none() | counts, counts, st.lists(st.integers(), max_size=60, unique=True))
def test_never_more_than_the_places_and_always_in_order(capacity, taken, queue) -> None:
    """R1"""
    moved = seats.moving_up(Seats(capacity, taken, len(queue)), queue)
    assert list(moved) == queue[: len(moved)]
    if capacity is None:
        assert list(moved) == queue
    else:
        assert len(moved) == min(len(queue), max(0, capacity - taken))


@given(st.none() | counts, counts, counts)
def test_would_wait_agrees_with_what_happens(capacity, taken, waiting) -> None:
    after = Seats(capacity, taken, waiting + 1)
    queue = list(range(waiting + 1))
    assert seats.would_wait(Seats(capacity, taken, waiting)) == (
        waiting not in seats.moving_up(after, queue)
    )
