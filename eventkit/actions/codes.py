"""Codes for groups: made, changed, ended; each says how often and by whom it was used."""

import dataclasses
from datetime import datetime

from eventkit.actions import invitations as invitation_actions
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.ways import Code
from eventkit.rules import text, ways
from eventkit.store import codes, events, history
from eventkit.store.rows import Store

LONGEST_NOTE = 200


def proposal(identity: Identity) -> str:
    """A random code that is easy to read aloud and to type (40 bits)."""
    return ways.proposal(identity.letters(ways.ALPHABET, 8))


def save(store: Store, event_id: int, wanted: Code, *, actor: str, now: datetime) -> int:
    """Write a code down, a new one with id 0; returns its id.

    Raises Invalid with the field (`code_short`, `code_taken`, `unknown_group`, `number`,
    `too_long`), NotFound.
    """
    code = ways.checked_code(wanted.code)
    note = text.clean(wanted.note)
    if len(note) > LONGEST_NOTE:
        raise Invalid("too_long", field="note")
    if wanted.uses is not None and not 1 <= wanted.uses <= 100_000:
        raise Invalid("number", field="uses")
    key = ways.code_key(code)
    with store.changing():
        event = events.by_id(store, event_id)
        before = codes.by_id(store, event_id, wanted.id) if wanted.id else None
        if event is None or (wanted.id and before is None):
            raise NotFound
        other = codes.by_key(store, event_id, key)
        if other is not None and other.id != wanted.id:
            raise Invalid("code_taken", field="code")
        if before is None or before.group_id != wanted.group_id:
            invitation_actions.group(store, event, wanted.group_id)
        made = dataclasses.replace(wanted, event_id=event_id, code=code, note=note)
        code_id = codes.save(store, made, key=key, now=now)
        history.note(store, "code_saved", actor=actor, now=now, event_id=event_id)
        return code_id


def end(
    store: Store, event_id: int, code_id: int, *, again: bool = False, actor: str, now: datetime
) -> None:
    """End a code at once, or let it open `again`. Whoever used it stays. Raises NotFound."""
    with store.changing():
        found = codes.by_id(store, event_id, code_id)
        if found is None:
            raise NotFound
        if (found.ended_at is None) is not again:
            codes.end(store, found.id, at=None if again else now)
            verb = "code_reopened" if again else "code_ended"
            history.note(store, verb, actor=actor, now=now, event_id=event_id)
