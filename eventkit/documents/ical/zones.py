"""Time zones for calendars: a VTIMEZONE from the rule a zone follows today, or UTC.

The last line of a zone's TZif file (RFC 9636 3.3, package tzdata) is a POSIX rule such
as `CET-1CEST,M3.5.0,M10.5.0/3`. It becomes one STANDARD and one DAYLIGHT with an RRULE,
which every calendar program reads alike (RFC 5545 3.6.5). Where that rule is not true
at the instants of an entry (Istanbul in 2016), the entry is written in UTC instead.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDDDTypes, vRecur, vText, vUTCOffset

_NAME = r"([A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"
_OFFSET = r"([+-]?\d{1,3}(?::\d{2}){0,2})"
_ONSET = r"M(\d{1,2})\.(\d)\.(\d)(?:/([+-]?\d{1,3}(?::\d{2}){0,2}))?"
_POSIX = re.compile(f"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,{_ONSET},{_ONSET})?")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_FIRST_YEAR = 1970


@dataclass(frozen=True, slots=True)
class Onset:
    """When a clock is changed: the `week`th (5: last) `weekday` (0: Sunday) of `month`.

    `time` is counted from midnight on the clock before the change.
    """

    month: int
    week: int
    weekday: int
    time: timedelta

    def on(self, year: int) -> datetime:
        """The change in `year`, as a naive reading of the clock before it."""
        first = date(year, self.month, 1)
        start = (self.weekday - first.isoweekday()) % 7
        day = first + timedelta(days=start + 7 * (self.week - 1))
        while day.month != self.month:
            day -= timedelta(days=7)
        return datetime(day.year, day.month, day.day) + self.time  # noqa: DTZ001 # a clock reading


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two clocks of a zone: its name, its offset from UTC, and when it begins."""

    name: str
    offset: timedelta
    onset: Onset | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a zone does every year: the usual clock and, with DST, the other one.

    The other one may be behind the usual one: Dublin's winter (POSIX allows it).
    """

    usual: Half
    other: Half | None = None

    def offset(self, instant: datetime) -> timedelta:
        """The offset from UTC at an aware instant, if the rule were true for ever."""
        if self.other is None or self.other.onset is None or self.usual.onset is None:
            return self.usual.offset
        moment = instant.astimezone(UTC).replace(tzinfo=None)
        begins = self.other.onset.on(moment.year) - self.usual.offset
        ends = self.usual.onset.on(moment.year) - self.other.offset
        if begins < ends:
            return self.other.offset if begins <= moment < ends else self.usual.offset
        return self.usual.offset if ends <= moment < begins else self.other.offset


@cache
def rule(zone: str) -> Rule | None:
    """The yearly rule of an IANA zone, or None where an RRULE can't say it.

    Raises ZoneInfoNotFoundError or ValueError when there is no such zone.
    """
    key = ZoneInfo(zone).key
    try:
        octets = files("tzdata").joinpath("zoneinfo", *key.split("/")).read_bytes()
    except OSError:
        return None
    match = _POSIX.fullmatch(octets.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace"))
    return _read(match) if match else None


def holds(zone: str, *instants: datetime) -> bool:
    """Whether a local time in `zone`, read by today's rule, means each of these instants.

    False also for the second of two equal clock readings in autumn: a local time
    in a calendar always means the first (RFC 5545 3.3.5).
    """
    known = rule(zone)
    if known is None or "/" not in zone or zone.startswith("Etc/"):
        return False  # UTC itself and bare names such as "CET" need no VTIMEZONE
    there = [instant.astimezone(ZoneInfo(zone)) for instant in instants]
    return all(known.offset(local) == local.utcoffset() and not local.fold for local in there)


def local(instant: datetime, zone: str) -> datetime:
    """An instant on the clock of `zone`."""
    return instant.astimezone(ZoneInfo(zone))


@cache
def definition(zone: str) -> bytes:
    """The VTIMEZONE of a zone whose rule is known, with CRLF line ends.

    Raises ValueError for a zone without such a rule: its entries are written in UTC.
    """
    known = rule(zone)
    if known is None:
        raise ValueError(f"{zone} has no rule that a VTIMEZONE can say")
    component = Timezone()
    component["TZID"] = vText(ZoneInfo(zone).key)
    usual, other = known.usual, known.other
    if other is None:
        component.add_component(_clock(TimezoneStandard(), usual, usual.offset))
    else:
        winter, summer = sorted((usual, other), key=lambda half: half.offset)
        component.add_component(_clock(TimezoneDaylight(), summer, winter.offset))
        component.add_component(_clock(TimezoneStandard(), winter, summer.offset))
    octets: bytes = component.to_ical(sorted=False)
    return octets


def _clock(
    component: TimezoneStandard | TimezoneDaylight, half: Half, before: timedelta
) -> TimezoneStandard | TimezoneDaylight:
    component["TZNAME"] = vText(half.name)
    component["TZOFFSETFROM"] = vUTCOffset(before)
    component["TZOFFSETTO"] = vUTCOffset(half.offset)
    onset = half.onset
    if onset is None:
        component["DTSTART"] = vDDDTypes(datetime(_FIRST_YEAR, 1, 1))  # noqa: DTZ001 # local
        return component
    component["DTSTART"] = vDDDTypes(onset.on(_FIRST_YEAR))
    week = -1 if onset.week == 5 else onset.week
    day = f"{week}{_DAYS[onset.weekday]}"
    component["RRULE"] = vRecur({"FREQ": "YEARLY", "BYMONTH": onset.month, "BYDAY": day})
    return component


def _read(match: re.Match[str]) -> Rule | None:
    usual = Half(_bare(match[1]), -_duration(match[2]))
    if match[3] is None:
        return Rule(usual)
    # After the other clock's name POSIX counts west of Greenwich; one hour ahead by default.
    offset = -_duration(match[4]) if match[4] else usual.offset + timedelta(hours=1)
    begins, ends = _onset(match, 5), _onset(match, 9)
    if not all(timedelta(0) <= onset.time < timedelta(days=1) for onset in (begins, ends)):
        return None  # Santiago changes at "24:00", Nuuk at "-1:00": BYDAY can't say that
    return Rule(Half(usual.name, usual.offset, ends), Half(_bare(match[3]), offset, begins))


def _onset(match: re.Match[str], group: int) -> Onset:
    month, week, weekday = (int(match[group + i]) for i in range(3))
    return Onset(month, week, weekday, _duration(match[group + 3] or "2"))


def _duration(words: str) -> timedelta:
    sign = -1 if words.startswith("-") else 1
    hours, minutes, seconds = ([int(part) for part in words.lstrip("+-").split(":")] + [0, 0])[:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _bare(name: str) -> str:
    return name.strip("<>")
