"""What the invented people of the demo's coming programme told the organisers so far."""

import dataclasses
from datetime import datetime, timedelta

from eventkit.actions import speakers, speaking, standings
from eventkit.actions.standings import Standing
from eventkit.model.appearance import Answer
from eventkit.model.event import Event
from eventkit.store.rows import Store

SILENT = 3
REMARK = "Ich komme gern, muss aber um 15 Uhr zum Zug."
WISH = "Ton vom eigenen Rechner und ein Funkmikrofon, bitte."


def load(store: Store, event: Event, *, actor: str, now: datetime) -> None:
    """Give everybody an address, and let all but the last few have answered by telephone.

    Nobody is written to. The second says when they can be there and what they need.
    """
    found = standings.of_event(store, event)
    for each in found:
        address = f"{each.person.slug}@example.org"
        person = dataclasses.replace(each.person, email=address)
        speakers.save_person(store, person, actor=actor, now=now)
    answered = found[:-SILENT]
    for position, each in enumerate(answered):
        remark = REMARK if position == 1 else ""
        _answer(store, each, Answer.CONFIRMED, remark, actor=actor, now=now)
    if len(answered) > 1:
        _details(store, answered[1], actor=actor, now=now)
    if found:
        _answer(store, found[-1], Answer.DECLINED, "", actor=actor, now=now)


def _answer(
    store: Store, each: Standing, state: Answer, remark: str, *, actor: str, now: datetime
) -> None:
    speaking.answer(store, each.event.id, each.person.id, state, remark, actor=actor, now=now)


def _details(store: Store, each: Standing, *, actor: str, now: datetime) -> None:
    event, person = each.event, each.person
    window = (event.starts_at, event.ends_at - timedelta(hours=1))
    speaking.say_when(store, event.id, person.id, [window], actor=actor, now=now)
    speaking.wish(store, event.id, person.id, WISH, actor=actor, now=now)
