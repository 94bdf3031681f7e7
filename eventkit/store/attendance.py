"""Who was there."""

from datetime import datetime

from eventkit.store.rows import Store


def attend(store: Store, registration_id: int, *, now: datetime) -> None:
    """Note that somebody with a place is at the meeting."""
    store.update(
        "registrations", registration_id, state="attended", attended_at=now, changed_at=now
    )


def leave_open(store: Store, registration_id: int, *, now: datetime) -> None:
    """Take back that somebody was at the meeting; their place stays theirs."""
    store.update(
        "registrations", registration_id, state="confirmed", attended_at=None, changed_at=now
    )
