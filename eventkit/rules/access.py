"""What a visitor may have now: the release of a file, the life of a personal link."""

from datetime import datetime, timedelta

from eventkit.model.material import Material, Release

LINK_DAYS_AFTER = 30


def released(material: Material, now: datetime, *, registered: bool = False) -> bool:
    """Whether a download is open: at once, when its talk is over, by hand, or for guests only."""
    if material.release is Release.NOW:
        return True
    if material.release is Release.REGISTERED:
        return registered
    if material.release is Release.AFTER_ITEM:
        over = material.item_ends_at is not None and now >= material.item_ends_at
        return over or _by_hand(material, now)
    return _by_hand(material, now)


def _by_hand(material: Material, now: datetime) -> bool:
    return material.released_at is not None and now >= material.released_at


def link_ends_at(event_ends_at: datetime) -> datetime:
    """When a guest's own page closes: 30 days after the meeting (R15)."""
    return event_ends_at + timedelta(days=LINK_DAYS_AFTER)


def delete_on(event_ends_at: datetime, retention_days: int) -> datetime:
    """From when on a guest's data is anonymous (R56)."""
    return event_ends_at + timedelta(days=retention_days)
