"""What only an imported meeting needs: identities that are free, choices as they were."""

from datetime import datetime

from eventkit.store.rows import Store

_HOLDERS = {"events": "uid", "agenda_items": "uid", "registrations": "uid"}


def uid_taken(store: Store, table: str, uid: str) -> bool:
    """Whether a calendar identity is used here already."""
    sql = f'SELECT 1 FROM "{table}" WHERE "{_HOLDERS[table]}" = :uid'
    return store.one(sql, uid=uid) is not None


def add_choice(
    store: Store,
    registration_id: int,
    item_id: int,
    *,
    confirmed: bool,
    wish: int,
    uid: str,
    now: datetime,
) -> None:
    """Write down a workshop somebody had chosen elsewhere."""
    store.insert(
        "choices",
        registration_id=registration_id,
        item_id=item_id,
        uid=uid,
        wish=wish,
        state="confirmed" if confirmed else "waiting",
        created_at=now,
        changed_at=now,
    )
