"""What a guest's own pages show of a registration: its group, its workshops, its programme."""

from dataclasses import dataclass
from typing import Any

from eventkit.actions import consents, marks, seating
from eventkit.actions import registration as registrations
from eventkit.errors import NotFound
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.places import Group
from eventkit.model.registration import Consent, Registration, State
from eventkit.store import events, quotas
from eventkit.store import seats as seat_store
from eventkit.web.forms.guest import consent_words
from eventkit.web.language import gettext as _
from eventkit.web.site import now, store


@dataclass(frozen=True, slots=True)
class Mine:
    """An item of somebody's own programme; `held` is "place", "waiting" or "marked"."""

    item: Item
    held: str


def group(found: Registration, event: Event) -> Group | None:
    """The group somebody is in, a former one too."""
    known = quotas.groups(store(), event.id, retired=True)
    return next((group for group in known if group.id == found.group_id), None)


def workshops(found: Registration, event: Event) -> list[dict[str, Any]]:
    """The workshops somebody chose, in order of time, and whether there is a place."""
    items = {item.id: item for item in seating.workshops(store(), event)}
    chosen = [choice for choice in found.choices if choice.item_id in items]
    chosen.sort(key=lambda choice: (items[choice.item_id].starts_at, choice.wish, choice.item_id))
    return [
        {
            "item": items[choice.item_id],
            "confirmed": choice.confirmed,
            "wish": choice.wish,
            "queue": None if choice.confirmed else seat_store.item_place(store(), found, choice),
        }
        for choice in chosen
    ]


def programme(found: Registration, event: Event) -> list[Mine]:
    """Workshops and marked items together, in order of time."""
    held: dict[int, Mine] = {
        item.id: Mine(item, "marked") for item in marks.of_guest(store(), found)
    }
    for each in workshops(found, event):
        state = "place" if each["confirmed"] else "waiting"
        held[each["item"].id] = Mine(each["item"], state)
    return sorted(held.values(), key=lambda mine: (mine.item.starts_at, mine.item.id))


@dataclass(frozen=True, slots=True)
class Asked:
    """A consent as the page shows it: the last word on it, and whether it can be given now."""

    purpose: str
    title: str
    words: str
    last: Consent | None
    agreed: bool
    open: bool


def asked(found: Registration, event: Event) -> list[Asked]:
    """The consents that can be given or withdrawn one by one."""
    titles = {
        consents.PHOTO: _("Pictures"),
        consents.LIST: _("List of guests"),
        consents.SENSITIVE: _("Food and access"),
    }
    shown = []
    for purpose, title in titles.items():
        mine = [consent for consent in found.consents if consent.purpose == purpose]
        may_give = consents.asks(event, purpose) and found.state is not State.CANCELLED
        if mine or may_give:
            agreed = consents.agreed(found, purpose)
            words = consent_words(purpose)
            shown.append(Asked(purpose, title, words, mine[-1] if mine else None, agreed, may_give))
    return shown


def opened(token: str) -> tuple[Registration, Event]:
    """The registration a link opens and its meeting. Raises NotFound."""
    found = registrations.find(store(), token, now=now())
    event = events.by_id(store(), found.event_id)
    if event is None:
        raise NotFound
    return found, event
