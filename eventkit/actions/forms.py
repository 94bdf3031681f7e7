"""Building a meeting's form: questions added, changed, moved, retired; no answer is lost."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from eventkit.errors import Invalid, NotFound
from eventkit.model.question import Condition, Form, Question
from eventkit.rules import forms as rules
from eventkit.rules.ready import READY
from eventkit.store import events, history
from eventkit.store import questions as question_store
from eventkit.store.rows import Store


def save(store: Store, event_id: int, question: Question, *, actor: str, now: datetime) -> Question:
    """Add a question (id 0) at the end of the form, or change one.

    A new one gets its key from its words. Raises Invalid with the field, NotFound.
    """
    with store.changing():
        form = _form(store, event_id)
        before = next((each for each in form.questions if each.id == question.id), None)
        if question.id and before is None:
            raise NotFound
        if before is None:
            key = question.key or _free_key(form, question)
            question = dataclasses.replace(question, event_id=event_id, key=key)
        else:
            question = dataclasses.replace(
                question, event_id=event_id, key=before.key, retired_at=before.retired_at
            )
        answered = bool(question_store.answered(store, event_id).get(question.id))
        wanted = rules.checked(question, form, answered=answered)
        saved = dataclasses.replace(wanted, id=question_store.save(store, wanted))
        _note(store, "question_saved", saved, actor, now)
        return saved


def add_ready(store: Store, event_id: int, name: str, *, actor: str, now: datetime) -> Question:
    """Add a question of the library, with its words in both languages.

    Raises NotFound for an unknown one, Invalid where the form is full.
    """
    ready = READY.get(name)
    if ready is None:
        raise NotFound
    with store.changing():
        form = _form(store, event_id)
        return _add(store, form, dataclasses.replace(ready, event_id=event_id), actor, now)


def copy(store: Store, event_id: int, source_id: int, *, actor: str, now: datetime) -> int:
    """Ask what another meeting asks, too; says how many questions came.

    What is asked here under the same key is left as it is. Raises NotFound, Invalid.
    """
    with store.changing():
        form, source = _form(store, event_id), _form(store, source_id)
        known = {question.key for question in form.questions}
        number = 0
        for question in source.questions:
            if question.retired_at is None and question.key not in known:
                wanted = dataclasses.replace(question, id=0, event_id=event_id)
                _add(store, _form(store, event_id), wanted, actor, now)
                number += 1
        if not known:
            question_store.switch(store, event_id, access=source.asks_access, diet=source.asks_diet)
        return number


def _add(store: Store, form: Form, question: Question, actor: str, now: datetime) -> Question:
    """Add one under its key, or a key beside it where that is taken.

    A condition on a question that is not here (or says something else) is left out.
    """
    key = _free_key(form, question)
    parent = form.by_key(question.shown_if.key) if question.shown_if else None
    condition: Condition | None = question.shown_if
    if condition and not (parent and set(condition.values) <= set(rules.deciding(parent))):
        condition = None
    wanted = rules.checked(
        dataclasses.replace(question, key=key, shown_if=condition), form, answered=False
    )
    saved = dataclasses.replace(wanted, id=question_store.save(store, wanted))
    _note(store, "question_saved", saved, actor, now)
    return saved


def _free_key(form: Form, question: Question) -> str:
    taken = {each.key for each in form.questions}
    if question.key and question.key not in taken:
        return question.key
    return rules.key(question.label, taken)


def move(store: Store, event_id: int, key: str, *, steps: int, actor: str, now: datetime) -> None:
    """Put a question further up (steps below 0) or down. Raises NotFound."""
    with store.changing():
        keys = _asked(_form(store, event_id))
        if key not in keys:
            raise NotFound
        _arrange(store, event_id, keys, rules.moved(keys, key, steps=steps), actor, now)


def arrange(store: Store, event_id: int, keys: Sequence[str], *, actor: str, now: datetime) -> None:
    """Put all questions into an order, as they were dragged. Raises NotFound."""
    with store.changing():
        before = _asked(_form(store, event_id))
        _arrange(store, event_id, before, rules.arranged(before, keys), actor, now)


def _arrange(
    store: Store,
    event_id: int,
    before: Sequence[str],
    after: Sequence[str],
    actor: str,
    now: datetime,
) -> None:
    if list(before) != list(after):
        question_store.arrange(store, event_id, after)
        history.note(store, "form_arranged", actor=actor, now=now, event_id=event_id)


def take_out(store: Store, event_id: int, key: str, *, actor: str, now: datetime) -> bool:
    """Ask a question no more; says whether answers are kept with it.

    One that nobody answered is deleted. Raises NotFound, and Invalid `condition_needed` where
    another question depends on it.
    """
    with store.changing():
        form = _form(store, event_id)
        found = _question(form, key)
        if dependants(form, key):
            raise Invalid("condition_needed")
        answered = bool(question_store.answered(store, event_id).get(found.id))
        if answered:
            question_store.save(store, dataclasses.replace(found, retired_at=now))
        else:
            question_store.remove(store, found.id)
        _note(store, "question_removed", found, actor, now)
        return answered


def bring_back(store: Store, event_id: int, key: str, *, actor: str, now: datetime) -> None:
    """Ask a retired question again. Raises NotFound, Invalid where the form is full."""
    with store.changing():
        form = _form(store, event_id)
        wanted = dataclasses.replace(_question(form, key), retired_at=None)
        question_store.save(store, rules.checked(wanted, form, answered=True))
        _note(store, "question_saved", wanted, actor, now)


def switch(
    store: Store, event_id: int, *, access: bool, diet: bool, actor: str, now: datetime
) -> None:
    """Ask for access needs and diet, or not; what was answered stays. Raises NotFound."""
    with store.changing():
        _form(store, event_id)
        question_store.switch(store, event_id, access=access, diet=diet)
        history.note(store, "form_switched", actor=actor, now=now, event_id=event_id)


def ask_consents(
    store: Store, event_id: int, *, photo: bool, attendees: bool, actor: str, now: datetime
) -> None:
    """Ask apart for consent to pictures and to the list of guests, or not (R53, R54).

    What was agreed or withdrawn before stays as it is. Raises NotFound.
    """
    with store.changing():
        event = events.by_id(store, event_id)
        if event is None:
            raise NotFound
        if (event.photo_consent, event.attendee_list) == (photo, attendees):
            return
        wanted = dataclasses.replace(
            event, photo_consent=photo, attendee_list=attendees, changed_at=now
        )
        events.save(store, wanted)
        history.note(store, "form_switched", actor=actor, now=now, event_id=event_id)


def dependants(form: Form, key: str) -> list[Question]:
    """The questions asked only after a certain answer to this one."""
    return [
        question
        for question in form.questions
        if question.retired_at is None and question.shown_if and question.shown_if.key == key
    ]


def _form(store: Store, event_id: int) -> Form:
    if events.by_id(store, event_id) is None:
        raise NotFound
    return question_store.form(store, event_id)


def _question(form: Form, key: str) -> Question:
    found = form.by_key(key)
    if found is None:
        raise NotFound
    return found


def _asked(form: Form) -> list[str]:
    return [question.key for question in form.questions if question.retired_at is None]


def _note(store: Store, verb: str, question: Question, actor: str, now: datetime) -> None:
    subject = question.label.pick("de")[0][:80]
    history.note(store, verb, actor=actor, now=now, event_id=question.event_id, subject=subject)
