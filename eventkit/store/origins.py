"""The identities that imported items had in their files."""

from collections.abc import Mapping

from eventkit.store.rows import Store


def of_event(store: Store, event_id: int) -> dict[str, int]:
    """The draft's item ids by the identity they had in a file."""
    rows = store.all(
        """SELECT origin, id FROM agenda_items
           WHERE event_id = :id AND origin <> '' AND removed_at IS NULL""",
        id=event_id,
    )
    return {row["origin"]: row["id"] for row in rows}


def note(store: Store, event_id: int, found: Mapping[str, int]) -> None:
    """Keep where items came from. An identity belongs to one item: the latest."""
    for origin, item_id in found.items():
        store.run(
            "UPDATE agenda_items SET origin = '' WHERE event_id = :event AND origin = :origin",
            event=event_id,
            origin=origin,
        )
        store.update("agenda_items", item_id, origin=origin)
