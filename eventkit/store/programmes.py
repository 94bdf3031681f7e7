"""The history of a programme: every version with who published it and what it wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from eventkit.model.agenda import Programme
from eventkit.model.letter import LetterKind, LetterState
from eventkit.model.text import Text
from eventkit.store.agenda import programmes_of
from eventkit.store.rows import Store, column, instant, text


@dataclass(frozen=True, slots=True)
class Version:
    """One version as its organisers see it; `letters` counts what it wrote, by state."""

    version: int
    published_at: datetime
    published_by: str
    note: Text
    changes: int | None
    letters: dict[LetterState, int] = field(default_factory=dict)


def versions(
    store: Store, event_id: int, kinds: Sequence[LetterKind], *, limit: int, offset: int = 0
) -> list[Version]:
    """The versions of a meeting, the newest first, with the letters of some kinds.

    `changes` are those since the version before, None where nobody counted them.
    """
    rows = store.all(
        """SELECT version, published_at, published_by, note,
               changes - lag(changes) OVER (ORDER BY version) AS changes
           FROM programmes WHERE event_id = :id
           ORDER BY version DESC LIMIT :limit OFFSET :offset""",
        id=event_id,
        limit=limit,
        offset=offset,
    )
    marks = ", ".join(f"'{kind.value}'" for kind in kinds)
    written: dict[int, dict[LetterState, int]] = {}
    for row in store.each(
        f"""SELECT json_extract(facts, '$.version') AS version, state, count(*) AS n FROM letters
            WHERE event_id = :id AND kind IN ({marks}) GROUP BY 1, 2""",
        id=event_id,
    ):
        written.setdefault(row["version"], {})[LetterState(row["state"])] = row["n"]
    return [
        Version(
            version=row["version"],
            published_at=instant(row["published_at"]),
            published_by=row["published_by"],
            note=text(row["note"]),
            changes=row["changes"],
            letters=written.get(row["version"], {}),
        )
        for row in rows
    ]


def version_at(store: Store, event_id: int, at: datetime) -> int | None:
    """The number of the version that was in force at an instant; None before the first."""
    found = store.value(
        "SELECT max(version) FROM programmes WHERE event_id = :id AND published_at <= :at",
        id=event_id,
        at=column(at),
    )
    return None if found is None else int(found)


def whole(store: Store, event_id: int, *, newest: int, count: int) -> list[Programme]:
    """Whole versions from `newest` downwards, in three queries."""
    rows = store.all(
        """SELECT * FROM programmes WHERE event_id = :id AND version <= :newest
           ORDER BY version DESC LIMIT :count""",
        id=event_id,
        newest=newest,
        count=count,
    )
    found = programmes_of(store, rows)
    return [found[row["id"]] for row in rows]
