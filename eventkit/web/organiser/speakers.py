"""The people of one meeting's draft, their talks, and how their slides stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask.typing import ResponseReturnValue

from eventkit.model.agenda import Item, Role
from eventkit.model.material import Material
from eventkit.model.person import Person
from eventkit.rules import access as access_rule
from eventkit.store import agenda, files
from eventkit.web import access
from eventkit.web.organiser.desk import blueprint, meeting, page
from eventkit.web.site import now, store


@dataclass(frozen=True, slots=True)
class Appearance:
    """One item of a person, with the downloads that belong to it."""

    item: Item
    role: Role
    materials: list[Material]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person of this meeting with everything they do here."""

    person: Person
    appearances: list[Appearance] = field(default_factory=list)


@blueprint.get("/events/<slug>/speakers")
@access.organisers
def speakers(slug: str) -> ResponseReturnValue:
    """Who is on the draft, and what of theirs is there."""
    event = meeting(slug)
    items = agenda.draft(store(), event.id)
    materials = files.of_event(store(), event.id)
    shown = {m.id: access_rule.released(m, now()) for m in materials}
    told = {item.id for item in items}
    return page(
        "speakers.html",
        event=event,
        speakers=_speakers(items, materials),
        whole=[m for m in materials if m.item_id not in told],
        open_now=shown,
    )


def _speakers(items: Iterable[Item], materials: Iterable[Material]) -> list[Speaker]:
    found: dict[int, Speaker] = {}
    known = list(materials)
    for item in items:
        of_item = [m for m in known if m.item_id == item.id]
        for part in item.people:
            speaker = found.setdefault(part.person.id, Speaker(part.person))
            speaker.appearances.append(Appearance(item, part.role, of_item))
    return list(found.values())
