"""Who may register for a meeting, and how many people with one form."""

import dataclasses
from datetime import datetime

from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Admission, Event
from eventkit.store import events, history
from eventkit.store.rows import Store

MOST = 20


def set_admission(
    store: Store, event_id: int, admission: Admission, party_size: int, *, actor: str, now: datetime
) -> Event:
    """Open a meeting to everybody or close it; whoever is registered stays.

    Raises Invalid `number` (field "party_size"), NotFound.
    """
    if not 1 <= party_size <= MOST:
        raise Invalid("number", field="party_size")
    with store.changing():
        before = events.by_id(store, event_id)
        if before is None:
            raise NotFound
        after = dataclasses.replace(before, admission=admission, party_size=party_size)
        if after != before:
            events.save(store, dataclasses.replace(after, changed_at=now))
            history.note(store, "admission_changed", actor=actor, now=now, event_id=event_id)
        return dataclasses.replace(after, changed_at=now)
