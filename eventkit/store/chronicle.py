"""The whole history of a meeting: by kind, page by page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from eventkit.model.account import HistoryLine
from eventkit.store.queues import Move
from eventkit.store.rows import Row, Store, instant


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: those with these verbs `only`, or all `but` these; else all."""

    only: Collection[str] = ()
    but: Collection[str] = ()


def lines(
    store: Store, event_id: int, wanted: Wanted, *, limit: int, offset: int = 0
) -> Iterator[Move]:
    """The lines of a meeting, the newest first.

    Whoever a line is about is named as long as they are registered.
    """
    where, values = _filter(event_id, wanted)
    rows = store.each(
        f"""SELECT h.*, coalesce(r.name, '') AS name FROM history h
            LEFT JOIN registrations r ON r.id = h.registration_id
            WHERE {where} ORDER BY h.id DESC LIMIT :limit OFFSET :offset""",
        **values,
        limit=limit,
        offset=offset,
    )
    return (_move(row) for row in rows)


def count(store: Store, event_id: int, wanted: Wanted) -> int:
    """How many lines a meeting has."""
    where, values = _filter(event_id, wanted)
    return int(store.value(f"SELECT count(*) FROM history h WHERE {where}", **values))


def _filter(event_id: int, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    where = "h.event_id = :event"
    values: dict[str, Any] = {"event": event_id}
    for sign, words in (("IN", wanted.only), ("NOT IN", wanted.but)):
        if words:
            names = [f"{sign[:1]}{number}" for number in range(len(words))]
            values |= dict(zip(names, sorted(words), strict=True))
            where += f" AND h.verb {sign} ({', '.join(f':{name}' for name in names)})"
    return where, values


def _move(row: Row) -> Move:
    line = HistoryLine(
        instant(row["at"]), row["actor"], row["verb"], row["subject"], row["details"]
    )
    return Move(line=line, registration_id=row["registration_id"], name=row["name"])
