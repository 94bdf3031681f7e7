"""When the demo's meetings are and when its guests registered, counted from the first start."""

from datetime import UTC, date, datetime, timedelta

FRIDAY, WEDNESDAY = 4, 2
# How many of 52 guests came on each of the fourteen days before the first start.
_PER_DAY = (9, 6, 3, 1, 1, 4, 5, 3, 2, 1, 2, 6, 5, 4)


def coming_day(today: date) -> date:
    """A Friday six weeks ahead, and not between the years."""
    day = _next(today + timedelta(days=40), FRIDAY)
    while (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 6):
        day += timedelta(days=7)
    return day


def draft_day(today: date) -> date:
    """A Wednesday in April, at least three months ahead."""
    year = today.year if date(today.year, 4, 8) - today >= timedelta(days=90) else today.year + 1
    return _next(date(year, 4, 8), WEDNESDAY)


def arrivals(number: int, now: datetime) -> list[datetime]:
    """Instants for `number` registrations in the two weeks before `now`, in order.

    Many after the announcement, a quiet weekend, a few more after the reminder.
    """
    moments: list[datetime] = []
    start = (now - timedelta(days=14)).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for day, count in enumerate(_PER_DAY):
        for place in range(count):
            minutes = (place + 1) * 600 // (count + 1) + 7 * (day * 5 + place * 3) % 23
            moments.append(start + timedelta(days=day, minutes=minutes))
    last = moments[-1]
    while len(moments) < number:
        moments.append(last)
    return sorted(moments)[:number]


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
