"""Short names of items: stable, telling nothing; a selection is read whatever was typed."""

import dataclasses
import re
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from eventkit.model.agenda import Item, Kind
from eventkit.model.text import Text
from eventkit.rules import marks

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ITEM = Item(1, "uid-1", Kind.TALK, Text(de="A"), Text(), "", AT, AT, None, "", None)
ITEMS = tuple(dataclasses.replace(ITEM, id=n, uid=f"uid-{n}") for n in range(1, 6))


def test_a_name_is_short_stable_and_counts_nothing():
    names = [marks.public_id(item.uid) for item in ITEMS]
    assert all(re.fullmatch("[a-z2-7]{8}", name) for name in names)
    assert len(set(names)) == len(ITEMS)
    assert marks.public_id("uid-1") == "petbkc5y"
    assert marks.named(ITEMS, names[2]) == ITEMS[2]
    assert marks.named(ITEMS, "3") is None


def test_a_selection_comes_back_from_its_address_in_the_order_of_the_programme():
    written = marks.written([ITEMS[3], ITEMS[0]])
    assert marks.chosen(ITEMS, [written]) == (ITEMS[0], ITEMS[3])
    assert marks.chosen(ITEMS, written.upper().split(".")) == (ITEMS[0], ITEMS[3])


@given(st.lists(st.text(max_size=40), max_size=5))
@example(["." * 5000])
@example(["1", "", "zzzzzzzz"])
def test_whatever_is_typed_is_no_error(typed):
    assert marks.chosen(ITEMS, typed) == ()
