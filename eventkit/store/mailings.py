"""Letters to many: their words, whom they go to, how far they are."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from eventkit.model.mailing import Audience, Mailing, MailingKind, MailingState, Progress
from eventkit.model.registration import Registration, State
from eventkit.store import registrations
from eventkit.store.rows import Row, Store, column, instant, instant_or_none, text, words

_DUE = "strftime('%Y-%m-%dT%H:%M:%SZ', e.starts_at, '-' || m.before_minutes || ' minutes')"


def by_id(store: Store, mailing_id: int) -> Mailing | None:
    """The mailing with an id."""
    row = store.one("SELECT * FROM mailings WHERE id = :id", id=mailing_id)
    return _mailing(row) if row else None


def of_event(store: Store, event_id: int, kind: MailingKind) -> list[Mailing]:
    """The mailings of a kind of a meeting: reminders the earliest first, messages the newest."""
    order = "before_minutes DESC, id" if kind is MailingKind.REMINDER else "id DESC"
    rows = store.all(
        f"SELECT * FROM mailings WHERE event_id = :id AND kind = :kind ORDER BY {order} LIMIT 200",
        id=event_id,
        kind=kind.value,
    )
    return [_mailing(row) for row in rows]


def reminders_planned(store: Store, event_id: int) -> tuple[int, ...]:
    """How many minutes before a meeting its people are reminded, sent or not."""
    sql = """SELECT DISTINCT before_minutes AS n FROM mailings
             WHERE event_id = :id AND kind = 'reminder' ORDER BY n DESC"""
    return tuple(row["n"] for row in store.all(sql, id=event_id))


def add(store: Store, mailing: Mailing, *, now: datetime) -> int:
    """Insert a mailing (its id is not used); returns the id."""
    return store.insert("mailings", **_values(mailing), created_at=now, changed_at=now)


def save(store: Store, mailing: Mailing, *, now: datetime) -> None:
    """Write a mailing back."""
    store.update("mailings", mailing.id, **_values(mailing), changed_at=now)


def remove(store: Store, mailing_id: int) -> None:
    """Delete a mailing; letters that went out stay in the list."""
    store.run("DELETE FROM mailings WHERE id = :id", id=mailing_id)


def due(store: Store, now: datetime, *, limit: int = 20) -> list[Mailing]:
    """What should be written now: messages whose time has come, reminders of coming meetings.

    Of several reminders of a meeting the earliest comes first.
    """
    rows = store.all(
        f"""SELECT m.* FROM mailings m JOIN events e ON e.id = m.event_id
            WHERE m.state = 'scheduled' AND (
                (m.kind = 'message' AND m.due_at <= :now)
                OR (m.kind = 'reminder' AND e.stage = 'announced' AND e.starts_at > :now
                    AND {_DUE} <= :now))
            ORDER BY m.before_minutes DESC, m.id LIMIT :limit""",
        now=column(now),
        limit=limit,
    )
    return [_mailing(row) for row in rows]


def moved(store: Store, now: datetime) -> list[Mailing]:
    """Reminders that went out although their time, the meeting having moved, is still to come."""
    rows = store.all(
        f"""SELECT m.* FROM mailings m JOIN events e ON e.id = m.event_id
            WHERE m.kind = 'reminder' AND m.state = 'sent' AND e.stage = 'announced'
              AND e.starts_at > :now AND {_DUE} > :now AND NOT EXISTS (
                SELECT 1 FROM mailings n WHERE n.event_id = m.event_id AND n.id <> m.id
                  AND n.kind = 'reminder' AND n.before_minutes = m.before_minutes
                  AND (n.state <> 'sent' OR n.id > m.id))""",
        now=column(now),
    )
    return [_mailing(row) for row in rows]


def audience(
    store: Store,
    event_id: int,
    wanted: Audience,
    *,
    confirmed_by: datetime | None = None,
    arrived_by: datetime | None = None,
    without_letter_of: int | None = None,
    limit: int = -1,
    offset: int = 0,
) -> list[Registration]:
    """The people a mailing goes to, in order of arrival, with their workshops.

    `confirmed_by` leaves out who got their seat later, `arrived_by` who registered later,
    `without_letter_of` whoever has a letter of that mailing.
    """
    where, values = _where(event_id, wanted)
    if confirmed_by is not None:
        where += " AND r.confirmed_at <= :confirmed_by"
        values["confirmed_by"] = column(confirmed_by)
    if arrived_by is not None:
        where += " AND r.created_at <= :arrived_by"
        values["arrived_by"] = column(arrived_by)
    if without_letter_of is not None:
        where += """ AND NOT EXISTS (SELECT 1 FROM letters l WHERE l.mailing_id = :mailing
                     AND l.registration_id = r.id)"""
        values["mailing"] = without_letter_of
    rows = store.all(
        f"SELECT r.id FROM registrations r WHERE {where} ORDER BY r.id LIMIT :limit OFFSET :offset",
        **values,
        limit=limit,
        offset=offset,
    )
    return registrations.some(store, [row["id"] for row in rows])


def count(store: Store, event_id: int, wanted: Audience) -> dict[str, int]:
    """How many people a mailing goes to, by their language."""
    where, values = _where(event_id, wanted)
    sql = f"SELECT language, count(*) AS n FROM registrations r WHERE {where} GROUP BY language"
    return {row["language"]: row["n"] for row in store.all(sql, **values)}


def _where(event_id: int, wanted: Audience) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"event": event_id}
    where = ["r.event_id = :event", "r.anonymised_at IS NULL"]
    if wanted.people:
        where.append(f"r.id IN ({_numbers(wanted.people)})")
    else:
        where += _chosen(wanted, values)
    return " AND ".join(where), values


def _chosen(wanted: Audience, values: dict[str, Any]) -> list[str]:
    where = ["r.state IN (" + ", ".join(f"'{State(s).value}'" for s in wanted.states) + ")"]
    chosen = "SELECT 1 FROM choices c WHERE c.registration_id = r.id AND c.state <> 'cancelled'"
    if wanted.groups:
        where.append(f"r.group_id IN ({_numbers(wanted.groups)})")
    if wanted.workshops:
        where.append(f"EXISTS ({chosen} AND c.item_id IN ({_numbers(wanted.workshops)}))")
    if wanted.without_workshop:
        where.append(f"NOT EXISTS ({chosen})")
    if wanted.silent:
        where.append(
            """NOT EXISTS (SELECT 1 FROM invites i WHERE i.registration_id = r.id
               AND i.answer IS NOT NULL AND i.answer <> '')"""
        )
    if wanted.question:
        values |= {"question": wanted.question, "answer": wanted.answer}
        where.append(
            """EXISTS (SELECT 1 FROM answers a JOIN questions q ON q.id = a.question_id
               JOIN json_each(a.value) j
               WHERE a.registration_id = r.id AND q.event_id = :event AND q.key = :question
                 AND :answer = CASE j.type WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no'
                               ELSE j.value END)"""
        )
    return where


def _numbers(ids: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in ids) or "0"


def progress(store: Store, mailing_ids: Iterable[int]) -> dict[int, Progress]:
    """The letters of mailings, counted by state."""
    found: dict[int, dict[str, int]] = {}
    sql = f"""SELECT mailing_id, state, count(*) AS n FROM letters
              WHERE mailing_id IN ({_numbers(mailing_ids)}) GROUP BY mailing_id, state"""
    for row in store.all(sql):
        found.setdefault(row["mailing_id"], {})[row["state"]] = row["n"]
    return {key: Progress(**states) for key, states in found.items()}


def take_back(store: Store, mailing_id: int, *, error: str) -> int:
    """Stop a mailing: letters nobody tried to send are gone, tried ones given up; says how many.

    A letter that is being sent at this moment goes out.
    """
    store.run(
        """UPDATE letters SET state = 'failed', next_attempt_at = NULL, error = :error
           WHERE mailing_id = :id AND state = 'queued' AND attempts > 0""",
        id=mailing_id,
        error=error,
    )
    return store.run(
        "DELETE FROM letters WHERE mailing_id = :id AND state = 'queued'", id=mailing_id
    )


def send_failed(store: Store, mailing_id: int, *, now: datetime) -> int:
    """Make the failed letters of a mailing due again; says how many."""
    return store.run(
        """UPDATE letters SET state = 'queued', next_attempt_at = :now, attempts = 0
           WHERE mailing_id = :id AND state = 'failed' AND email <> ''""",
        id=mailing_id,
        now=column(now),
    )


def drop(store: Store, letter_id: int) -> None:
    """Take a letter out of the outbox that nobody needs any more."""
    store.run("DELETE FROM letters WHERE id = :id AND mailing_id IS NOT NULL", id=letter_id)


def forget_person(store: Store, registration_id: int) -> None:
    """Take a person out of messages to chosen people; one to nobody else loses its words."""
    rows = store.all(
        """SELECT m.* FROM mailings m, json_each(m.filter, '$.people') p
           WHERE p.value = :id AND m.event_id =
               (SELECT event_id FROM registrations WHERE id = :id)""",
        id=registration_id,
    )
    for mailing in map(_mailing, rows):
        left = tuple(one for one in mailing.audience.people if one != registration_id)
        # an empty list would mean everybody: 0 is nobody's number
        audience = dataclasses.replace(mailing.audience, people=left or (0,))
        changes: dict[str, Any] = {} if left else {"subject": "{}", "body": "{}"}
        store.update("mailings", mailing.id, filter=_packed(audience), **changes)


def _values(mailing: Mailing) -> dict[str, Any]:
    return {
        "event_id": mailing.event_id,
        "kind": mailing.kind,
        "subject": words(mailing.subject),
        "body": words(mailing.body),
        "filter": _packed(mailing.audience),
        "state": mailing.state,
        "before_minutes": mailing.before_minutes,
        "due_at": mailing.due_at,
        "sent_at": mailing.sent_at,
        "receivers": mailing.receivers,
        "created_by": mailing.created_by,
    }


def _packed(wanted: Audience) -> str:
    plain = dataclasses.asdict(wanted)
    return json.dumps({name: value for name, value in plain.items() if value}, ensure_ascii=False)


def _unpacked(stored: str) -> Audience:
    found: dict[str, Any] = json.loads(stored)
    states = tuple(State(state) for state in found.pop("states", ()))
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items()
    }
    return Audience(states=states, **lists)


def _mailing(row: Row) -> Mailing:
    return Mailing(
        id=row["id"],
        event_id=row["event_id"],
        kind=MailingKind(row["kind"]),
        state=MailingState(row["state"]),
        subject=text(row["subject"]),
        body=text(row["body"]),
        audience=_unpacked(row["filter"]),
        before_minutes=row["before_minutes"],
        due_at=instant_or_none(row["due_at"]),
        sent_at=instant_or_none(row["sent_at"]),
        receivers=row["receivers"],
        created_by=row["created_by"],
        created_at=instant(row["created_at"]),
        changed_at=instant(row["changed_at"]),
    )
