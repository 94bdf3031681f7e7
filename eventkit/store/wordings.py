"""Letters in an organisation's own words, of one meeting or of all."""

import dataclasses
from datetime import datetime

from eventkit.model.letter import Letter
from eventkit.model.wording import Wording
from eventkit.rules import wordings as rule
from eventkit.store.rows import Row, Store, instant, text, words


def of_kind(store: Store, kind: str, event_id: int | None) -> list[Wording]:
    """The wordings a letter may take: the meeting's first, then the organisation's."""
    rows = store.all(
        """SELECT * FROM wordings WHERE kind = :kind AND (event_id = :event OR event_id IS NULL)
           ORDER BY event_id IS NULL""",
        kind=kind,
        event=event_id,
    )
    return [_wording(row) for row in rows]


def one(store: Store, kind: str, event_id: int | None) -> Wording | None:
    """The wording of exactly this meeting, or of the organisation."""
    sql = "SELECT * FROM wordings WHERE kind = :kind AND event_id IS :event"
    row = store.one(sql, kind=kind, event=event_id)
    return _wording(row) if row else None


def every(store: Store, event_id: int | None) -> list[Wording]:
    """All wordings of a meeting, or of the organisation."""
    sql = "SELECT * FROM wordings WHERE event_id IS :event ORDER BY kind"
    return [_wording(row) for row in store.all(sql, event=event_id)]


def save(store: Store, wording: Wording, *, now: datetime) -> None:
    """Keep a wording in the place of a former one."""
    remove(store, wording.kind, wording.event_id)
    store.insert(
        "wordings",
        event_id=wording.event_id,
        kind=wording.kind,
        subject=words(wording.subject),
        body=words(wording.body),
        changed_at=now,
    )


def remove(store: Store, kind: str, event_id: int | None) -> bool:
    """Go back to the standard text; says whether there was another."""
    sql = "DELETE FROM wordings WHERE kind = :kind AND event_id IS :event"
    return bool(store.run(sql, kind=kind, event=event_id))


def dressed(store: Store, letter: Letter) -> Letter:
    """The letter with the words, the colour and the logo of this moment in its facts.

    Everything a letter is made of is fixed when it is queued, so that a try hours later is
    the same letter although somebody changed the wording meanwhile (R6).
    """
    facts = letter.facts
    row = store.one("SELECT accent, logo FROM organisation WHERE id = 1")
    if row is not None and not facts.accent:
        facts = dataclasses.replace(facts, accent=row["accent"], logo=row["logo"] or "")
    kind = rule.key(letter.kind, facts)
    if kind and not (facts.own_subject or facts.own_body):
        subject, body = rule.chosen(of_kind(store, kind, letter.event_id), letter.language)
        facts = dataclasses.replace(facts, own_subject=subject, own_body=body)
    return dataclasses.replace(letter, facts=facts)


def _wording(row: Row) -> Wording:
    return Wording(
        kind=row["kind"],
        event_id=row["event_id"],
        subject=text(row["subject"]),
        body=text(row["body"]),
        changed_at=instant(row["changed_at"]),
    )
