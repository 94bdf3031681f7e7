"""What is missing of somebody in a programme, what they see of it, and spans of time made one."""

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.errors import Invalid
from eventkit.model.agenda import Item, Kind, Part, Role
from eventkit.model.appearance import Answer, Appearance
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.rules import appearances as rules
from eventkit.rules.appearances import Missing

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA, BO = Person(1, "anna", "Anna"), Person(2, "bo", "Bo")


def item(number: int, *people: Part, kind: Kind = Kind.TALK, cancelled: bool = False) -> Item:
    return Item(
        id=number,
        uid=f"{number:036}",
        kind=kind,
        title=Text(de=f"Punkt {number}"),
        abstract=Text(),
        language="",
        starts_at=START + number * HOUR,
        ends_at=START + (number + 1) * HOUR,
        room=None,
        track="",
        capacity=None,
        people=people,
        cancelled=cancelled,
    )


SPEAKS, MODERATES = Part(ANNA, Role.SPEAKER), Part(ANNA, Role.MODERATOR)


def seen(published: list[Item], draft: list[Item], *, asked: bool = True) -> list[tuple[int, bool]]:
    found = rules.shown(published, draft, ANNA.id, asked=asked)
    return [(own.item.id, own.planned) for own in found]


def test_plans_are_seen_only_by_whoever_was_asked():
    draft = [item(1, SPEAKS), item(2, MODERATES), item(3, Part(BO, Role.SPEAKER))]
    assert seen([item(2, MODERATES)], draft, asked=False) == [(2, False)]
    assert seen([item(2, MODERATES)], draft) == [(1, True), (2, False)]


def test_what_is_published_stays_as_everybody_sees_it():
    moved = dataclasses.replace(item(1, SPEAKS), starts_at=START, title=Text(de="Anders"))
    (own,) = rules.shown([item(1, SPEAKS)], [moved], ANNA.id, asked=True)
    assert (own.item.title.de, own.planned) == ("Punkt 1", False)
    gone = item(1, SPEAKS, cancelled=True)
    assert seen([gone], []) == [(1, False)], "one that was taken out is said to be"
    assert seen([gone], [moved]) == [(1, True)], "one that comes back is planned"


@pytest.mark.parametrize(
    ("role", "kind", "wanted"),
    [
        (Role.SPEAKER, Kind.TALK, True),
        (Role.SPEAKER, Kind.WORKSHOP, True),
        (Role.SPEAKER, Kind.PANEL, False),
        (Role.MODERATOR, Kind.TALK, False),
        (Role.PANELLIST, Kind.PANEL, False),
        (Role.OPENING, Kind.OPENING, False),
    ],
)
def test_slides_are_missed_of_those_who_speak(role, kind, wanted):
    own = rules.own_items([item(1, Part(ANNA, role), kind=kind)], ANNA.id)
    said = Appearance(1, ANNA.id, state=Answer.CONFIRMED)
    owed = rules.missing(ANNA, said, own, set())
    assert (Missing.SLIDES in owed) == wanted
    assert Missing.SLIDES not in rules.missing(ANNA, said, own, {1})


def test_whoever_declined_owes_nothing():
    own = rules.own_items([item(1, SPEAKS)], ANNA.id)
    said = Appearance(1, ANNA.id)
    assert rules.missing(ANNA, said, own, set()) == tuple(Missing)
    declined = dataclasses.replace(said, state=Answer.DECLINED)
    assert rules.missing(ANNA, declined, own, set()) == ()


minutes = st.integers(0, 600)


@given(st.lists(st.tuples(minutes, st.integers(1, 120)), max_size=12))
def test_merged_windows_cover_the_same_time_and_never_touch(spans):
    windows = [
        (START + timedelta(minutes=a), START + timedelta(minutes=a + length)) for a, length in spans
    ]
    merged = rules.merged(windows)
    for first, second in itertools.pairwise(merged):
        assert first[1] < second[0]
    covered = {m for a, length in spans for m in range(a, a + length)}
    again = {
        m
        for start, end in merged
        for m in range(*(int((x - START).total_seconds() // 60) for x in (start, end)))
    }
    assert again == covered


def test_a_window_without_time_is_refused():
    with pytest.raises(Invalid, match="end_before_start"):
        rules.merged([(START, START)])
