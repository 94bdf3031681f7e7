"""Which guests chose or marked which items of a programme, and what happens when one goes."""

from collections.abc import Iterable
from datetime import datetime

from eventkit.rules.telling import Hold, Interest
from eventkit.store.rows import Store, column

_LIVE = "r.state <> 'cancelled' AND r.anonymised_at IS NULL"


def interested(store: Store, event_id: int, item_ids: Iterable[int]) -> list[Interest]:
    """The guests of some items in order of arrival, each once an item; a choice counts first."""
    marks = _marks(item_ids)
    rows = store.all(
        f"""SELECT r.id, r.name, r.email, r.language, c.item_id, c.state AS hold
            FROM choices c JOIN registrations r ON r.id = c.registration_id
            WHERE r.event_id = :event AND {_LIVE} AND c.state <> 'cancelled'
              AND c.item_id IN ({marks})
            UNION ALL
            SELECT r.id, r.name, r.email, r.language, m.item_id, 'marked' AS hold
            FROM marked_items m JOIN registrations r ON r.id = m.registration_id
            WHERE r.event_id = :event AND {_LIVE} AND m.item_id IN ({marks})
              AND NOT EXISTS (SELECT 1 FROM choices c WHERE c.registration_id = r.id
                  AND c.item_id = m.item_id AND c.state <> 'cancelled')
            ORDER BY 1, 5""",
        event=event_id,
    )
    return [
        Interest(
            registration_id=row["id"],
            name=row["name"],
            email=row["email"],
            language=row["language"],
            item_id=row["item_id"],
            hold=Hold(row["hold"]),
        )
        for row in rows
    ]


def end_choices(store: Store, item_ids: Iterable[int], *, now: datetime) -> None:
    """End every choice of workshops that can't be chosen any more.

    A place that was lost is remembered: the guest's calendar shows it as cancelled. The wish
    stays as a mark, in case the item still takes place or comes back.
    """
    marks = _marks(item_ids)
    live = f"item_id IN ({marks}) AND state <> 'cancelled'"
    store.run(
        f"""UPDATE registrations SET changed_at = :now
            WHERE id IN (SELECT registration_id FROM choices WHERE {live})""",
        now=column(now),
    )
    store.run(
        f"""INSERT OR IGNORE INTO marked_items (registration_id, item_id)
            SELECT registration_id, item_id FROM choices WHERE {live}"""
    )
    store.run(
        f"""UPDATE choices SET lost_at = CASE WHEN state = 'confirmed' THEN :now END,
                state = 'cancelled', changed_at = :now WHERE {live}""",
        now=column(now),
    )


def lost(store: Store, registration_id: int) -> set[int]:
    """The workshops whose place a guest lost because they left the programme."""
    rows = store.all(
        "SELECT item_id FROM choices WHERE registration_id = :id AND lost_at IS NOT NULL",
        id=registration_id,
    )
    return {row["item_id"] for row in rows}


def ended(store: Store, registration_id: int) -> set[int]:
    """The workshops a guest once chose and does not any more, whoever ended it."""
    rows = store.all(
        "SELECT item_id FROM choices WHERE registration_id = :id AND state = 'cancelled'",
        id=registration_id,
    )
    return {row["item_id"] for row in rows}


def _marks(item_ids: Iterable[int]) -> str:
    return ", ".join(str(int(each)) for each in item_ids) or "0"
