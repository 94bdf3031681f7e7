"""Groups of attendees and the quotas over them."""

from collections.abc import Iterable

from eventkit.model.places import Group, OpenTo, Quota
from eventkit.store.rows import Row, Store, text

_SEATED = "r.state IN ('offered', 'confirmed', 'attended')"


def groups(store: Store, event_id: int, *, retired: bool = False) -> tuple[Group, ...]:
    """The groups of a meeting in the organiser's order; with `retired` also the former ones."""
    sql = "SELECT * FROM attendee_groups WHERE event_id = :id"
    sql += "" if retired else " AND retired_at IS NULL"
    return tuple(_group(row) for row in store.all(f"{sql} ORDER BY position, id", id=event_id))


def _group(row: Row) -> Group:
    return Group(
        id=row["id"],
        name=text(row["name"]),
        open_to=OpenTo(row["open_to"]),
        retired=row["retired_at"] is not None,
    )


def group(store: Store, event_id: int, group_id: int) -> Group | None:
    """One group of a meeting that is not retired."""
    return next((each for each in groups(store, event_id) if each.id == group_id), None)


def save_group(store: Store, event_id: int, wanted: Group) -> int:
    """Write a group down; a new one (id 0) comes last. Returns its id."""
    values = {"name": wanted.name, "open_to": wanted.open_to.value}
    if wanted.id:
        store.update("attendee_groups", wanted.id, **values)
        return wanted.id
    last = store.value(
        "SELECT coalesce(max(position), 0) FROM attendee_groups WHERE event_id = :id", id=event_id
    )
    return store.insert("attendee_groups", event_id=event_id, position=last + 1, **values)


def group_used(store: Store, group_id: int) -> bool:
    """Whether anything still points at a group: somebody, a code, an invitation, a price."""
    tables = ("registrations", "codes", "invitations", "prices")
    sql = " UNION ALL ".join(f'SELECT 1 FROM "{name}" WHERE group_id = :id' for name in tables)
    return store.one(f"SELECT 1 FROM ({sql})", id=group_id) is not None


def remove_group(store: Store, group_id: int) -> None:
    """Delete a group that nothing points at."""
    store.run("DELETE FROM attendee_groups WHERE id = :id", id=group_id)


def retire_group(store: Store, group_id: int, *, at: str) -> None:
    """Offer a group to nobody any more; those in it stay in it."""
    store.update("attendee_groups", group_id, retired_at=at)


def quotas(store: Store, event_id: int) -> tuple[Quota, ...]:
    """The quotas of a meeting in the organiser's order."""
    rows = store.all(
        """SELECT q.*, (SELECT group_concat(g.group_id, ' ') FROM quota_groups g
                        WHERE g.quota_id = q.id) AS group_ids
           FROM quotas q WHERE q.event_id = :id ORDER BY q.position, q.id""",
        id=event_id,
    )
    return tuple(
        Quota(
            id=row["id"],
            name=text(row["name"]),
            capacity=row["capacity"],
            groups=frozenset(int(each) for each in (row["group_ids"] or "").split()),
        )
        for row in rows
    )


def save_quota(store: Store, event_id: int, wanted: Quota) -> int:
    """Write a quota down; a new one (id 0) comes last. Returns its id."""
    values = {"name": wanted.name, "capacity": wanted.capacity}
    quota_id = wanted.id
    if quota_id:
        store.update("quotas", quota_id, **values)
    else:
        last = store.value(
            "SELECT coalesce(max(position), 0) FROM quotas WHERE event_id = :id", id=event_id
        )
        quota_id = store.insert("quotas", event_id=event_id, position=last + 1, **values)
    _set_groups(store, quota_id, wanted.groups)
    return quota_id


def _set_groups(store: Store, quota_id: int, group_ids: Iterable[int]) -> None:
    store.run("DELETE FROM quota_groups WHERE quota_id = :id", id=quota_id)
    for group_id in sorted(group_ids):
        store.insert("quota_groups", quota_id=quota_id, group_id=group_id)


def remove_quota(store: Store, quota_id: int) -> None:
    """Delete a quota; nobody's place depends on it."""
    store.run("DELETE FROM quotas WHERE id = :id", id=quota_id)


def taken(store: Store, event_id: int) -> dict[int, int]:
    """How many persons hold a seat in each quota, by its id."""
    return _by_quota(store, event_id, _SEATED)


def waiting(store: Store, event_id: int) -> dict[int, int]:
    """How many persons wait in each quota's groups, by its id."""
    return _by_quota(store, event_id, "r.state = 'waiting'")


def _by_quota(store: Store, event_id: int, which: str) -> dict[int, int]:
    rows = store.all(
        f"""SELECT g.quota_id, sum(r.places) AS n FROM registrations r
            JOIN quota_groups g ON g.group_id = r.group_id
            WHERE r.event_id = :id AND {which} GROUP BY g.quota_id""",
        id=event_id,
    )
    return {row["quota_id"]: row["n"] for row in rows}


def in_group(store: Store, event_id: int) -> dict[int, dict[str, int]]:
    """How many persons of each group are in each state, by group id."""
    found: dict[int, dict[str, int]] = {}
    sql = """SELECT group_id, state, sum(places) AS n FROM registrations
             WHERE event_id = :id AND group_id IS NOT NULL GROUP BY group_id, state"""
    for row in store.all(sql, id=event_id):
        found.setdefault(row["group_id"], {})[row["state"]] = row["n"]
    return found


def of_organisations(store: Store, event_id: int) -> dict[str, int]:
    """How many persons of each organisation (folded name) hold a seat."""
    rows = store.all(
        f"""SELECT r.organisation_key, sum(r.places) AS n FROM registrations r
            WHERE r.event_id = :id AND r.organisation_key <> '' AND {_SEATED}
            GROUP BY r.organisation_key""",
        id=event_id,
    )
    return {row["organisation_key"]: row["n"] for row in rows}
