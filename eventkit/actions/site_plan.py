"""The plan of the house: one picture of a meeting, with words for those who can't see it."""

import dataclasses
from datetime import datetime

from eventkit.documents import pictures
from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Event
from eventkit.model.material import Stored
from eventkit.model.text import NOTHING, Text
from eventkit.rules import text
from eventkit.store import events, files, history, shelf
from eventkit.store.rows import Store


def save(
    store: Store, event_id: int, octets: bytes, alt: Text, *, actor: str, now: datetime
) -> Event:
    """Lay down the plan, drawn anew without EXIF; without `octets` the picture stays.

    Raises Invalid (`required` at "photo" or "alt_de", or what is wrong with the picture)
    and NotFound.
    """
    words = text.clean_both(alt)
    if not words:
        raise Invalid("required", field="alt_de")
    drawn = pictures.redraw(octets) if octets else None
    stored = None
    if drawn is not None:
        sha256, size = shelf.put(store, drawn.octets)
        stored = Stored(sha256, drawn.media_type, size)
    with store.changing():
        before = events.by_id(store, event_id)
        if before is None:
            raise NotFound
        if stored is None and not before.site_plan:
            raise Invalid("required", field="photo")
        if stored is not None:
            files.record(store, stored, now=now)
        after = dataclasses.replace(
            before,
            site_plan=stored.sha256 if stored else before.site_plan,
            site_plan_alt=words,
        )
        if after != before:
            events.save(store, dataclasses.replace(after, changed_at=now))
            history.note(store, "site_plan_saved", actor=actor, now=now, event_id=event_id)
        return events.by_id(store, event_id) or after


def remove(store: Store, event_id: int, *, actor: str, now: datetime) -> None:
    """Take the plan away. Raises NotFound when there is none."""
    with store.changing():
        before = events.by_id(store, event_id)
        if before is None or not before.site_plan:
            raise NotFound
        after = dataclasses.replace(before, site_plan="", site_plan_alt=NOTHING, changed_at=now)
        events.save(store, after)
        history.note(store, "site_plan_removed", actor=actor, now=now, event_id=event_id)
