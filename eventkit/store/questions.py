"""The questions of a meeting and what people answered."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from eventkit.model.question import (
    Address,
    Answer,
    Condition,
    Filed,
    Form,
    Kind,
    Option,
    Question,
    Value,
)
from eventkit.store.rows import Row, Store, instant_or_none, text, words

_HELD = "r.state <> 'cancelled' AND r.anonymised_at IS NULL"


def form(store: Store, event_id: int) -> Form:
    """Everything a meeting asks, retired questions last."""
    row = store.one("SELECT asks_access, asks_diet FROM events WHERE id = :id", id=event_id)
    found = store.all(
        """SELECT * FROM questions WHERE event_id = :id
           ORDER BY retired_at IS NOT NULL, position, id""",
        id=event_id,
    )
    return Form(
        questions=tuple(_question(each) for each in found),
        asks_access=bool(row["asks_access"]) if row else True,
        asks_diet=bool(row["asks_diet"]) if row else True,
    )


def events_asking(store: Store) -> list[int]:
    """The meetings that ask anything of their own."""
    sql = "SELECT DISTINCT event_id FROM questions WHERE retired_at IS NULL ORDER BY event_id DESC"
    return [row["event_id"] for row in store.all(sql)]


def save(store: Store, question: Question) -> int:
    """Insert a question (id 0) at the end of its form, or change one; returns its id."""
    condition = question.shown_if
    values: dict[str, Any] = {
        "kind": question.kind,
        "label": question.label,
        "help": question.help,
        "purpose": question.purpose,
        "options": json.dumps(
            [_option_row(option) for option in question.options], ensure_ascii=False
        ),
        "required": question.required,
        "shown_if": json.dumps({"key": condition.key, "values": list(condition.values)})
        if condition
        else None,
        "sensitive": question.sensitive,
        "delete_after_days": question.delete_after_days,
        "lowest": question.lowest,
        "highest": question.highest,
        "retired_at": question.retired_at,
    }
    if question.id:
        store.update("questions", question.id, **values)
        return question.id
    last = "SELECT coalesce(max(position), 0) + 1 FROM questions WHERE event_id = :id"
    return store.insert(
        "questions",
        event_id=question.event_id,
        key=question.key,
        position=store.value(last, id=question.event_id),
        **values,
    )


def arrange(store: Store, event_id: int, keys: Sequence[str]) -> None:
    """Put the questions of a form into an order."""
    for position, key in enumerate(keys, start=1):
        store.run(
            "UPDATE questions SET position = :position WHERE event_id = :event AND key = :key",
            position=position,
            event=event_id,
            key=key,
        )


def remove(store: Store, question_id: int) -> None:
    """Delete a question that nobody answered."""
    store.run("DELETE FROM questions WHERE id = :id", id=question_id)


def switch(store: Store, event_id: int, *, access: bool, diet: bool) -> None:
    """Ask for access needs and diet, or not."""
    store.update("events", event_id, asks_access=access, asks_diet=diet)


def answered(store: Store, event_id: int) -> dict[int, int]:
    """How many answers each question of a meeting has, by its id."""
    rows = store.all(
        """SELECT a.question_id, count(*) AS n FROM answers a
           JOIN questions q ON q.id = a.question_id
           WHERE q.event_id = :id GROUP BY a.question_id""",
        id=event_id,
    )
    return {row["question_id"]: row["n"] for row in rows}


def keep(store: Store, registration_id: int, question: Question, value: Value | None) -> None:
    """Write down an answer, or that there is none any more."""
    if value is None:
        store.run(
            "DELETE FROM answers WHERE registration_id = :registration AND question_id = :question",
            registration=registration_id,
            question=question.id,
        )
        return
    # a question that was deleted a moment ago takes no answer
    store.run(
        """INSERT INTO answers (registration_id, question_id, value)
           SELECT :registration, id, :value FROM questions WHERE id = :question
           ON CONFLICT (registration_id, question_id) DO UPDATE SET value = excluded.value""",
        registration=registration_id,
        question=question.id,
        value=json.dumps(_stored(value), ensure_ascii=False),
    )


def of_registration(store: Store, registration_id: int) -> list[Answer]:
    """What somebody answered, in the order of the form, retired questions last."""
    rows = store.all(
        """SELECT q.*, a.value FROM answers a JOIN questions q ON q.id = a.question_id
           WHERE a.registration_id = :id ORDER BY q.retired_at IS NOT NULL, q.position, q.id""",
        id=registration_id,
    )
    found = ((_question(row), row["value"]) for row in rows)
    return [Answer(question, _restored(question, value)) for question, value in found]


def of_event(
    store: Store, event_id: int, registration_ids: Iterable[int]
) -> dict[int, dict[int, Value]]:
    """The answers of many as {registration id: {question id: value}}."""
    questions = {question.id: question for question in form(store, event_id).questions}
    wanted = set(registration_ids)
    found: dict[int, dict[int, Value]] = {}
    rows = store.each(
        """SELECT a.* FROM answers a JOIN questions q ON q.id = a.question_id
           WHERE q.event_id = :id""",
        id=event_id,
    )
    for row in rows:
        if row["registration_id"] in wanted:
            value = _restored(questions[row["question_id"]], row["value"])
            found.setdefault(row["registration_id"], {})[row["question_id"]] = value
    return found


def values_of(store: Store, question: Question, states: Sequence[str]) -> Iterator[Value]:
    """The answers to one question of everybody in one of these states."""
    marks = ", ".join(f"'{state}'" for state in states if state.isalpha())
    rows = store.each(
        f"""SELECT a.value FROM answers a JOIN registrations r ON r.id = a.registration_id
            WHERE a.question_id = :id AND {_HELD} AND r.state IN ({marks})""",
        id=question.id,
    )
    for row in rows:
        yield _restored(question, row["value"])


def files_of(store: Store, registration_id: int) -> set[str]:
    """The hashes of the files somebody sent as answers."""
    rows = store.all(
        """SELECT json_extract(value, '$.sha256') AS sha256 FROM answers
           WHERE registration_id = :id AND json_type(value) = 'object'""",
        id=registration_id,
    )
    return {row["sha256"] for row in rows if row["sha256"]}


def forget_file(store: Store, sha256: str) -> bool:
    """Delete the record of a file that was only an answer; says whether nobody needs it now."""
    references = store.all(
        """SELECT m.name AS place, f."from" AS field FROM sqlite_master m
           JOIN pragma_foreign_key_list(m.name) f ON f."table" = 'files' WHERE m.type = 'table'"""
    )
    used = [
        store.value(
            f'SELECT 1 FROM "{row["place"]}" WHERE "{row["field"]}" = :hash LIMIT 1', hash=sha256
        )
        for row in references
    ]
    used.append(store.value("SELECT 1 FROM answers WHERE instr(value, :hash) LIMIT 1", hash=sha256))
    if any(used):
        return False
    store.run("DELETE FROM files WHERE sha256 = :hash", hash=sha256)
    return True


def _option_row(option: Option) -> dict[str, Any]:
    row: dict[str, Any] = {"key": option.key, "label": json.loads(words(option.label))}
    return row | ({"retired": True} if option.retired else {})


def _question(row: Row) -> Question:
    shown_if = json.loads(row["shown_if"]) if row["shown_if"] else None
    return Question(
        id=row["id"],
        event_id=row["event_id"],
        key=row["key"],
        kind=Kind(row["kind"]),
        label=text(row["label"]),
        help=text(row["help"]),
        purpose=text(row["purpose"]),
        options=tuple(
            Option(each["key"], text(json.dumps(each["label"])), bool(each.get("retired")))
            for each in json.loads(row["options"])
        ),
        required=bool(row["required"]),
        shown_if=Condition(shown_if["key"], tuple(shown_if["values"])) if shown_if else None,
        sensitive=bool(row["sensitive"]),
        delete_after_days=row["delete_after_days"],
        lowest=row["lowest"],
        highest=row["highest"],
        retired_at=instant_or_none(row["retired_at"]),
    )


def _stored(value: Value) -> Any:
    """A value as JSON."""
    if isinstance(value, Address):
        names = ("street", "postal_code", "town", "country")
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Filed):
        names = ("sha256", "filename", "media_type", "size")
        return {name: getattr(value, name) for name in names}
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _restored(question: Question, stored: str) -> Value:
    """The value of stored JSON, in the shape of the question's present kind."""
    value = json.loads(stored)
    if question.kind is Kind.ADDRESS:
        return Address(**value)
    if question.kind is Kind.FILE:
        return Filed(**value)
    if question.kind is Kind.DATE:
        return date.fromisoformat(value)
    if question.kind in (Kind.SEVERAL, Kind.COMPANION):
        return tuple(value) if isinstance(value, list) else (str(value),)
    found: Value = value
    return found
