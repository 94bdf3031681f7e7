"""Which items of the programme guests have marked for themselves."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.store.rows import Store


def of_registration(store: Store, registration_id: int) -> frozenset[int]:
    """The ids of the items a guest has marked; some may have left the programme since."""
    rows = store.all(
        "SELECT item_id FROM marked_items WHERE registration_id = :id", id=registration_id
    )
    return frozenset(row["item_id"] for row in rows)


def add(store: Store, registration_id: int, item_ids: Iterable[int], *, now: datetime) -> int:
    """Mark items; returns how many were not marked before."""
    return _change(
        store,
        """INSERT OR IGNORE INTO marked_items (registration_id, item_id)
           VALUES (:registration, :item)""",
        registration_id,
        item_ids,
        now,
    )


def remove(store: Store, registration_id: int, item_ids: Iterable[int], *, now: datetime) -> int:
    """Take marks away; returns how many there were."""
    return _change(
        store,
        "DELETE FROM marked_items WHERE registration_id = :registration AND item_id = :item",
        registration_id,
        item_ids,
        now,
    )


def _change(
    store: Store, sql: str, registration_id: int, item_ids: Iterable[int], now: datetime
) -> int:
    changed = sum(store.run(sql, registration=registration_id, item=each) for each in item_ids)
    if changed:  # the guest's own calendar shows another programme now
        store.update("registrations", registration_id, changed_at=now)
    return changed
