"""Where a meeting stands, and what its organisers have to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventkit.model.event import Event, Mode, Place, Stage
from eventkit.model.registration import Seats
from eventkit.model.text import Text
from eventkit.rules import stages
from eventkit.rules.stages import Need, Step, Task, Work

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
EVENT = Event(
    id=1,
    uid="u",
    slug="s",
    title=Text(de="Treffen"),
    summary=Text(),
    description=Text(),
    zone="Europe/Berlin",
    starts_at=NOW + 60 * DAY,
    ends_at=NOW + 60 * DAY + timedelta(hours=6),
    all_day=False,
    doors_at=None,
    stage=Stage.ANNOUNCED,
    mode=Mode.ON_SITE,
    place=Place(),
    capacity=10,
    waiting_list=True,
    approval=False,
    listed=True,
    opens_at=NOW - DAY,
    closes_at=None,
    contact_name="",
    contact_email="",
    retention_days=90,
    sequence=0,
    created_at=NOW,
    changed_at=NOW,
    revised_at=NOW,
)
SOME, FULL = Seats(10, 4, 0), Seats(10, 10, 2)


@pytest.mark.parametrize(
    ("changes", "seats", "now", "expected"),
    [
        ({"stage": Stage.DRAFT}, SOME, NOW, Step.DRAFT),
        ({"opens_at": NOW + DAY}, SOME, NOW, Step.ANNOUNCED),
        ({"opens_at": None}, SOME, NOW, Step.ANNOUNCED),
        ({}, SOME, NOW, Step.OPEN),
        ({}, FULL, NOW, Step.FULL),
        ({"programme_version": 1}, FULL, NOW, Step.PUBLISHED),
        ({}, SOME, EVENT.starts_at, Step.DAY),
        ({}, SOME, EVENT.ends_at, Step.RECAP),
        ({"stage": Stage.ARCHIVED}, SOME, EVENT.ends_at, Step.ARCHIVED),
        ({"stage": Stage.CANCELLED}, SOME, NOW, Step.ANNOUNCED),
    ],
)
def test_a_meeting_stands_where_it_got(changes, seats, now, expected):
    assert stages.step(replace(EVENT, **changes), seats, now) is expected


def test_the_day_begins_at_midnight_of_the_meetings_zone():
    midnight = datetime(2026, 10, 30, 23, 0, tzinfo=UTC)  # 31 October, 0:00 in Berlin
    assert EVENT.starts_at.date().isoformat() == "2026-10-31"
    assert stages.step(EVENT, SOME, midnight) is Step.DAY
    before = datetime(2026, 10, 30, 21, 59, 59, tzinfo=UTC)
    assert stages.step(EVENT, SOME, before) is Step.OPEN


def test_stations_a_meeting_never_had_are_skipped():
    assert Step.FULL in stages.skipped(EVENT, SOME, NOW)
    assert Step.FULL not in stages.skipped(EVENT, FULL, NOW)
    assert Step.OPEN in stages.skipped(replace(EVENT, opens_at=None), SOME, NOW)
    assert Step.PUBLISHED in stages.skipped(EVENT, SOME, EVENT.ends_at)


def needs(event: Event, work: Work, now: datetime) -> list[Need]:
    return [task.need for task in stages.tasks(event, work, now)]


def test_a_fresh_draft_wants_an_agenda_an_announcement_and_a_window():
    draft = replace(EVENT, stage=Stage.DRAFT, opens_at=None)
    assert needs(draft, Work(SOME), NOW) == [Need.NO_AGENDA, Need.ANNOUNCE, Need.NO_WINDOW]


def test_what_failed_comes_first():
    work = Work(Seats(10, 4, 0, requested=2), failed_letters=3, items=4)
    found = stages.tasks(EVENT, work, NOW)
    assert found[:2] == (Task(Need.LETTERS_FAILED, 3), Task(Need.REQUESTS, 2))


def test_deadlines_are_counted_in_midnights_of_the_meeting():
    closing = replace(EVENT, closes_at=NOW + 3 * DAY)
    assert Task(Need.CLOSES, 3) in stages.tasks(closing, Work(SOME, items=1), NOW)
    opening = replace(EVENT, opens_at=datetime(2026, 9, 2, 22, tzinfo=UTC))
    assert Task(Need.OPENS, 2) in stages.tasks(opening, Work(SOME, items=1), NOW)


def test_far_deadlines_wait():
    assert needs(EVENT, Work(SOME, items=1), NOW) == []


def test_slides_are_missed_two_weeks_before_and_some_weeks_after():
    work = Work(SOME, items=3, without_slides=2, recapped=True)
    published = replace(EVENT, programme_version=1)
    assert Need.SLIDES not in needs(published, work, NOW)
    assert Need.SLIDES in needs(published, work, EVENT.starts_at - 10 * DAY)
    assert Need.SLIDES in needs(published, work, EVENT.ends_at + DAY)
    assert Need.SLIDES not in needs(published, work, EVENT.ends_at + 40 * DAY)


def test_after_the_meeting_comes_the_recap_then_the_archive():
    later = EVENT.ends_at + 40 * DAY
    assert needs(EVENT, Work(SOME), later) == [Need.RECAP]
    assert needs(EVENT, Work(SOME, recapped=True), EVENT.ends_at + DAY) == []
    assert needs(EVENT, Work(SOME, recapped=True), later) == [Need.ARCHIVE]


def test_a_cancelled_or_archived_meeting_wants_only_its_letters_sent():
    for stage in (Stage.CANCELLED, Stage.ARCHIVED):
        gone = replace(EVENT, stage=stage)
        assert needs(gone, Work(SOME, failed_letters=1), NOW) == [Need.LETTERS_FAILED]
        assert needs(gone, Work(SOME, unpublished=3), NOW) == []
