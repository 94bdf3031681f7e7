"""A guest marks what they want to see, and takes marks away."""

from collections.abc import Sequence
from datetime import datetime

from eventkit.errors import NotFound, RegistrationClosed
from eventkit.model.agenda import Item
from eventkit.model.registration import Registration, State
from eventkit.rules import marks as rule
from eventkit.store import agenda, history, marks, registrations
from eventkit.store.rows import Store


def mark(
    store: Store, registration_id: int, names: Sequence[str], *, marked: bool, now: datetime
) -> int:
    """Mark items of the published programme by their short names, or take the marks away.

    Returns how many marks changed; doing it twice changes nothing. A mark of an item that
    left the programme can still be taken away. Raises NotFound for an unknown guest or
    item (all of them are refused then), RegistrationClosed `cancelled` for somebody who
    isn't registered any more.
    """
    with store.changing():
        found = registrations.by_id(store, registration_id)
        if found is None:
            raise NotFound
        if found.state is State.CANCELLED:
            raise RegistrationClosed("cancelled")
        ids = [item.id for item in _items(store, found, names, marked=marked)]
        changed = (marks.add if marked else marks.remove)(store, found.id, ids, now=now)
        if changed:  # a line of the person, not of the meeting: there it would hide the others
            history.note(store, "marks_changed", actor="guest", now=now, registration_id=found.id)
        return changed


def _items(
    store: Store, found: Registration, names: Sequence[str], *, marked: bool
) -> Sequence[Item]:
    programme = agenda.published(store, found.event_id)
    items = programme.items if programme else ()
    known = [rule.named(items, name) for name in dict.fromkeys(names)]
    wanted = [item for item in known if item is not None and not (marked and item.cancelled)]
    if not wanted or len(wanted) < len(known):
        raise NotFound
    return wanted


def of_guest(store: Store, registration: Registration) -> tuple[Item, ...]:
    """What a guest marked, as published now and in its order; cancelled items among them."""
    programme = agenda.published(store, registration.event_id)
    ids = marks.of_registration(store, registration.id) if programme else frozenset()
    return tuple(item for item in programme.items if item.id in ids) if programme else ()
