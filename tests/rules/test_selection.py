"""Filters of the programme: only useful ones are offered, and breaks are seen under each."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from eventkit.model.agenda import Item, Kind, Room
from eventkit.model.text import Text
from eventkit.rules import selection
from eventkit.rules.selection import Filter

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HALL, ROOM = Room(1, Text(de="Saal")), Room(2, Text(de="Raum"))
ITEM = Item(
    1, "u", Kind.TALK, Text(de="A"), Text(), "", AT, AT + timedelta(hours=1), None, "", None
)


def _item(number: int, kind: Kind = Kind.TALK, **fields: object) -> Item:
    return dataclasses.replace(ITEM, id=number, kind=kind, **fields)  # type: ignore[arg-type]


ITEMS = (
    _item(1, Kind.OPENING),
    _item(2, room=HALL, track="Bildung", language="de"),
    _item(3, room=ROOM, track="Arbeit", language="en"),
    _item(4, Kind.BREAK),
    _item(5, Kind.WORKSHOP, room=ROOM, track="Bildung"),
    _item(6, Kind.OPENING, room=HALL),
)


def test_what_a_programme_has_is_offered():
    offered = selection.offer(ITEMS)
    assert offered.tracks == ("Arbeit", "Bildung")
    assert offered.rooms == (HALL, ROOM)
    assert offered.languages == ("de", "en")
    assert offered.kinds == (Kind.OPENING, Kind.TALK, Kind.WORKSHOP)
    assert offered.useful
    assert not selection.offer([ITEMS[1], ITEMS[3]]).useful, "nothing to choose between"
    assert not selection.offer([]).useful


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Filter(), [1, 2, 3, 4, 5, 6]),
        (Filter(room=2), [1, 3, 4, 5]),
        (Filter(track="Bildung"), [1, 2, 4, 5, 6]),
        (Filter(language="en"), [1, 3, 4, 6]),
        (Filter(kind="workshop"), [5]),
        (Filter(kind="opening", room=2), [1]),
        (Filter(track="Arbeit", room=1), [1, 4, 6]),
    ],
)
def test_a_filter_leaves_what_it_asks_for_and_what_is_for_everybody(wanted, left):
    assert [item.id for item in selection.passing(ITEMS, wanted)] == left


def test_a_value_that_is_not_there_hides_nothing():
    asked = Filter(track="Kunst", room=99, language="fr", kind="break")
    assert selection.known(asked, selection.offer(ITEMS)) == Filter()
    kept = Filter("Arbeit", 2, "de", "talk")
    assert selection.known(kept, selection.offer(ITEMS)) == kept
