"""Every change of a draft is a step: kept with what it touched, undone and done again."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from eventkit.errors import Invalid, Refused
from eventkit.model.agenda import Item
from eventkit.model.draft import State, Step
from eventkit.store import drafts, history
from eventkit.store.rows import Store

OFFERED = timedelta(days=7)


@contextmanager
def recorded(
    store: Store,
    event_id: int,
    verb: str,
    *,
    present: Iterable[Item] | None = None,
    actor: str,
    now: datetime,
) -> Iterator[None]:
    """Keep what the block changes in the draft as one step; inside a transaction.

    Whoever writes items of a draft does it in here, so that undoing knows of it. `present`
    is the draft, where somebody has read it in this transaction.
    """
    before = drafts.states(store, event_id) if present is None else drafts.states_of(present)
    yield
    after = drafts.states(store, event_id)
    touched = [i for i in {**before, **after} if before.get(i) != after.get(i)]
    if touched:
        drafts.add(
            store,
            event_id,
            verb,
            before={i: before.get(i) for i in touched},
            after={i: after.get(i) for i in touched},
            actor=actor,
            now=now,
        )


def to_undo(store: Store, event_id: int, *, now: datetime) -> Step | None:
    """The step that can be undone now; a week is long enough to change one's mind."""
    step = drafts.last_done(store, event_id)
    return step if step and step.at >= now - OFFERED else None


def to_redo(store: Store, event_id: int, *, now: datetime) -> Step | None:
    """The step that can be done again now."""
    step = drafts.first_undone(store, event_id)
    return step if step and step.at >= now - OFFERED else None


def undo(store: Store, event_id: int, step_id: int, *, actor: str, now: datetime) -> Step:
    """Bring the items of the last step back to what they were before it.

    `step_id` is the step the organiser saw. Raises Invalid `nothing`, Refused
    `other_step` when another one came in between, `changed_meanwhile` when the items are
    not what the step made of them.
    """
    with store.changing():
        step = _expected(to_undo(store, event_id, now=now), step_id)
        _bring(store, event_id, step.after, step.before, now)
        drafts.set_undone(store, step.id, undone=True)
        edited(store, event_id, actor=actor, now=now)
        return step


def redo(store: Store, event_id: int, step_id: int, *, actor: str, now: datetime) -> Step:
    """Do the last undone step again. Raises as `undo` does."""
    with store.changing():
        step = _expected(to_redo(store, event_id, now=now), step_id)
        _bring(store, event_id, step.before, step.after, now)
        drafts.set_undone(store, step.id, undone=False)
        edited(store, event_id, actor=actor, now=now)
        return step


def _expected(step: Step | None, step_id: int) -> Step:
    if step is None:
        raise Invalid("nothing")
    if step.id != step_id:
        raise Refused("other_step")
    return step


def _bring(
    store: Store,
    event_id: int,
    known: Mapping[int, State | None],
    wanted: Mapping[int, State | None],
    now: datetime,
) -> None:
    """Lead items from one state to another; what the step left alone stays as it is now."""
    present = drafts.states(store, event_id)
    drafts.restore(
        store,
        {i: _merged(present.get(i), known[i], state) for i, state in wanted.items()},
        now=now,
    )


def _merged(present: State | None, known: State | None, wanted: State | None) -> State | None:
    """The present state with what differs between `known` and `wanted`.

    Raises Refused `changed_meanwhile` where the present is not what is known.
    """
    if (present is None) != (known is None):
        raise Refused("changed_meanwhile")
    if present is None or known is None or wanted is None:
        return wanted
    fields = [name for name in wanted if known[name] != wanted[name]]
    if any(present[name] != known[name] for name in fields):
        raise Refused("changed_meanwhile")
    return {**present, **{name: wanted[name] for name in fields}}


def edited(store: Store, event_id: int, *, actor: str, now: datetime) -> None:
    """One line of history for an hour at the editor, not one for every nudge."""
    last = history.of_event(store, event_id, limit=1)
    same = last and (last[0].verb, last[0].actor) == ("programme_edited", actor)
    if not (same and (now - last[0].at).total_seconds() < 3600):
        history.note(store, "programme_edited", actor=actor, now=now, event_id=event_id)
