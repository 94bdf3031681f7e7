"""Local times: none that does not exist, none that happens twice (R73)."""

from datetime import UTC, datetime

import pytest

from eventkit.errors import Invalid
from eventkit.rules import dates


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "typed", "instant"),
    [
        ("Europe/Berlin", "2026-07-01T10:00", "2026-07-01T08:00:00+00:00"),
        ("Europe/Berlin", "2016-11-18T10:00", "2016-11-18T09:00:00+00:00"),
        ("Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59+00:00"),
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00+00:00"),
        ("Asia/Kolkata", "2028-02-29T00:00", "2028-02-28T18:30:00+00:00"),
        ("America/New_York", "2026-12-31T23:59:59", "2027-01-01T04:59:59+00:00"),
    ],
)
def test_a_local_time_is_one_instant_and_back(zone: str, typed: str, instant: str) -> None:
    found = dates.to_instant(local(typed), zone)
    assert found == datetime.fromisoformat(instant).astimezone(UTC)
    assert dates.to_local(found, zone) == local(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2027-03-28T02:00", "no_such_time"),
        ("2027-03-28T02:59:59", "no_such_time"),
        ("2026-10-25T02:00", "time_twice"),
        ("2026-10-25T02:59:59", "time_twice"),
    ],
)
def test_the_two_nights_of_the_year_are_refused_by_name(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        dates.to_instant(local(typed), "Europe/Berlin", field="starts")
    assert (refused.value.code, refused.value.field) == (code, "starts")


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "/etc/localtime", "Europe"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        dates.zone(name)


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        (local("0001-01-01T00:00"), "Europe/Berlin"),
        (local("9999-12-31T23:59"), "America/New_York"),
    ],
)
def test_an_instant_beyond_the_calendar_is_refused(at: datetime, zone: str) -> None:
    with pytest.raises(Invalid, match="century"):
        dates.to_instant(at, zone)
