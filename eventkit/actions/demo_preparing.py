"""What the organisers of the demo's coming meeting prepared before anybody registered."""

import dataclasses
from datetime import datetime, timedelta

from eventkit.actions import agenda, forms, mailings, publishing
from eventkit.identity import Identity
from eventkit.model.text import Text
from eventkit.store import agenda as agenda_store
from eventkit.store.rows import Store

QUESTIONS = ("train", "interests", "childcare")
REMINDER = 3 * 24 * 60  # minutes before the beginning
SECOND_THOUGHT = timedelta(hours=20)
NOTE = Text(
    de="Der dritte Workshop zieht aus dem Foyer in den Saal: Dort ist es ruhiger.",
    en="The third workshop moves from the foyer to the hall: it is quieter there.",
)
_TRAIN = ("yes", "no", "yes", "")
_INTERESTS = (("practice", "network"), ("funding",), (), ("practice",), ("research", "network"))


def publish(
    store: Store, event_id: int, moved: int, *, actor: str, now: datetime, identity: Identity
) -> None:
    """Publish the draft twice: first with the item `moved` in the last room, then as it is now.

    The second time is a day later, with a note, so that there is a change to read about.
    """
    [item] = [each for each in agenda_store.draft(store, event_id) if each.id == moved]
    elsewhere = dataclasses.replace(item, room=agenda_store.rooms(store, event_id)[-1])
    agenda.save_item(store, event_id, elsewhere, actor=actor, now=now, identity=identity)
    publishing.publish(store, event_id, actor=actor, now=now, identity=identity)
    now += SECOND_THOUGHT
    agenda.save_item(store, event_id, item, actor=actor, now=now, identity=identity)
    publishing.publish(store, event_id, note=NOTE, actor=actor, now=now, identity=identity)


def ask(store: Store, event_id: int, *, actor: str, now: datetime) -> None:
    """Ask some questions of the library, and have everybody with a place reminded."""
    for name in QUESTIONS:
        forms.add_ready(store, event_id, name, actor=actor, now=now)
    mailings.remind(store, event_id, REMINDER, actor=actor, now=now)


def answers(number: int) -> dict[str, tuple[str, ...]]:
    """What the guest with this number answered; not everybody answers everything."""
    return {
        "train": (_TRAIN[number % len(_TRAIN)],),
        "interests": _INTERESTS[number % len(_INTERESTS)],
        "childcare": ("2",) if number % 17 == 5 else (),
    }
