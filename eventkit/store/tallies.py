"""How often downloads were fetched on each day; nothing of who did."""

from collections.abc import Mapping
from datetime import date

from eventkit.store.rows import Store


def add(store: Store, counts: Mapping[tuple[int, date], int]) -> None:
    """Add what was counted, by download and day (UTC); downloads that are gone are left out."""
    for (material_id, day), number in counts.items():
        store.run(
            """INSERT INTO download_counts (material_id, day, count)
               SELECT id, :day, :number FROM materials WHERE id = :id
               ON CONFLICT (material_id, day) DO UPDATE SET count = count + :number""",
            id=material_id,
            day=day.isoformat(),
            number=number,
        )


def of_event(store: Store, event_id: int) -> dict[int, int]:
    """How often each download of a meeting was fetched in all."""
    rows = store.all(
        """SELECT c.material_id, sum(c.count) AS number FROM download_counts c
           JOIN materials m ON m.id = c.material_id
           WHERE m.event_id = :id GROUP BY c.material_id""",
        id=event_id,
    )
    return {row["material_id"]: row["number"] for row in rows}


def by_day(store: Store, material_id: int) -> list[tuple[date, int]]:
    """The days on which a download was fetched, in their order."""
    sql = "SELECT day, count FROM download_counts WHERE material_id = :id ORDER BY day"
    rows = store.all(sql, id=material_id)
    return [(date.fromisoformat(row["day"]), row["count"]) for row in rows]
