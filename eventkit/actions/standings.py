"""How everybody of a programme stands: their part, what they said, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eventkit.model.appearance import Appearance, Window
from eventkit.model.event import Event, Stage
from eventkit.model.material import Material
from eventkit.model.person import Person
from eventkit.rules import appearances as rules
from eventkit.rules.appearances import Missing, Own
from eventkit.store import agenda, appearances, events, files
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """One person at one meeting. `materials` are the downloads of their items."""

    event: Event
    person: Person
    own: tuple[Own, ...]
    said: Appearance
    windows: tuple[Window, ...]
    materials: tuple[Material, ...]
    owed: tuple[Missing, ...]

    def of_item(self, item_id: int) -> tuple[Material, ...]:
        """The downloads of one item."""
        return tuple(m for m in self.materials if m.item_id == item_id)


def of_event(store: Store, event: Event) -> list[Standing]:
    """Everybody with a role on the draft, in order of their first item."""
    items = agenda.draft(store, event.id)
    people = {part.person.id: part.person for item in items for part in item.people}
    said = appearances.of_event(store, event.id)
    windows = appearances.availabilities(store, event.id)
    materials = files.of_event(store, event.id)
    return [
        _standing(
            event,
            person,
            rules.own_items(items, person.id),
            said.get(person.id, Appearance(event.id, person.id)),
            windows.get(person.id, ()),
            materials,
        )
        for person in people.values()
    ]


def of_person(store: Store, person: Person, *, since: datetime) -> list[Standing]:
    """What a person may see of their own meetings that ended after `since`, the next first.

    Published programmes of public meetings; drafts only where they were asked.
    """
    said = appearances.of_person(store, person.id)
    found = events.some(store, appearances.meetings_of(store, person.id))
    recent = [event for event in found.values() if event.ends_at > since]
    programmes = agenda.published_of(store, [event.id for event in recent])
    made = []
    for event in sorted(recent, key=lambda event: (event.starts_at, event.id)):
        own_said = said.get(event.id, Appearance(event.id, person.id))
        asked = own_said.asked_at is not None
        programme = programmes.get(event.id) if event.stage is not Stage.DRAFT else None
        own = rules.shown(
            programme.items if programme else (),
            agenda.draft(store, event.id) if asked else (),
            person.id,
            asked=asked,
        )
        if own or asked:
            windows = appearances.availabilities(store, event.id).get(person.id, ())
            materials = files.of_event(store, event.id)
            made.append(_standing(event, person, own, own_said, windows, materials))
    return made


def _standing(
    event: Event,
    person: Person,
    own: tuple[Own, ...],
    said: Appearance,
    windows: tuple[Window, ...],
    materials: Iterable[Material],
) -> Standing:
    ids = {each.item.id for each in own}
    theirs = tuple(m for m in materials if m.item_id in ids)
    delivered = {m.item_id for m in theirs if m.item_id is not None}
    owed = rules.missing(person, said, own, delivered)
    return Standing(event, person, own, said, windows, theirs, owed)
