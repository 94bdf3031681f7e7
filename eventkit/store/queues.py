"""What organisers see of the queues: who waits for which workshop, and who moved when."""

from dataclasses import dataclass
from datetime import datetime

from eventkit.model.account import HistoryLine
from eventkit.store.rows import Store, instant

VERBS = (
    "seat_given",
    "offered",
    "accepted",
    "lapsed",
    "approved",
    "refused",
    "workshop_given",
    "workshop_freed",
    "group_changed",
    "cancelled",
    "limits_changed",
    "quota_saved",
    "quota_removed",
    "group_saved",
    "group_removed",
)


@dataclass(frozen=True, slots=True)
class Move:
    """One line of what moved the queue: `name` is empty for what concerns nobody alone."""

    line: HistoryLine
    registration_id: int | None
    name: str


def moves(store: Store, event_id: int, *, limit: int) -> list[Move]:
    """Why anybody moved, the newest first."""
    marks = ", ".join(f"'{verb}'" for verb in VERBS)
    rows = store.all(
        f"""SELECT h.*, coalesce(r.name, '') AS name FROM history h
            LEFT JOIN registrations r ON r.id = h.registration_id
            WHERE h.event_id = :id AND h.verb IN ({marks}) ORDER BY h.id DESC LIMIT :limit""",
        id=event_id,
        limit=limit,
    )
    return [
        Move(
            line=HistoryLine(
                instant(row["at"]), row["actor"], row["verb"], row["subject"], row["details"]
            ),
            registration_id=row["registration_id"],
            name=row["name"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody in the queue of a workshop; `seated` says whether they have a meeting's seat."""

    item_id: int
    registration_id: int
    name: str
    wish: int
    since: datetime
    seated: bool


def for_workshops(store: Store, event_id: int) -> dict[int, list[InLine]]:
    """The queue of each workshop in strict order of arrival, by item id."""
    rows = store.all(
        """SELECT c.item_id, c.registration_id, r.name, c.wish, c.created_at,
               r.state IN ('confirmed', 'attended') AS seated
           FROM choices c JOIN registrations r ON r.id = c.registration_id
           WHERE r.event_id = :id AND c.state = 'waiting' ORDER BY c.item_id, c.id""",
        id=event_id,
    )
    found: dict[int, list[InLine]] = {}
    for row in rows:
        line = InLine(
            item_id=row["item_id"],
            registration_id=row["registration_id"],
            name=row["name"],
            wish=row["wish"],
            since=instant(row["created_at"]),
            seated=bool(row["seated"]),
        )
        found.setdefault(line.item_id, []).append(line)
    return found
