"""Local times and instants: what an organiser types in a meeting's zone, checked to the second."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eventkit.errors import Invalid


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises Invalid `zone` for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("zone", field="zone") from None


def to_instant(local: datetime, zone_name: str, *, field: str | None = None) -> datetime:
    """The UTC instant of a naive local time in a zone.

    Raises Invalid `no_such_time` when clocks jump over it and `time_twice` when it
    happens twice (the night the clocks go back), because a meeting must not be ambiguous;
    `century` at the edges of what a datetime can hold.
    """
    zone_info = zone(zone_name)
    first = local.replace(tzinfo=zone_info, fold=0)
    second = local.replace(tzinfo=zone_info, fold=1)
    try:
        instant = first.astimezone(UTC)
    except OverflowError:
        raise Invalid("century", field=field) from None
    if instant.astimezone(zone_info).replace(tzinfo=None) != local:
        raise Invalid("no_such_time", field=field)
    if second.utcoffset() != first.utcoffset():
        raise Invalid("time_twice", field=field)
    return instant


def to_local(instant: datetime, zone_name: str) -> datetime:
    """The naive local time of an instant in a zone, as a form shows it."""
    return instant.astimezone(zone(zone_name)).replace(tzinfo=None)
