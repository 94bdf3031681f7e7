"""A guest's own data: corrected or deleted at their wish, from their own page (R55)."""

from dataclasses import dataclass
from datetime import datetime

from eventkit.actions import registration as registrations_action
from eventkit.actions import seating, upkeep
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.registration import (
    HOLDS_SEAT,
    LIVE,
    CancelledBy,
    Consent,
    Registration,
    State,
)
from eventkit.rules import text
from eventkit.store import events, history, own_data, quotas, registrations
from eventkit.store.rows import Store, fold
from eventkit.transport import Mail

GUEST = "guest"
SENSITIVE = "sensitive"
_LIMITS = {"organisation": 200, "role": 200, "access_needs": 1000, "diet": 500}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a guest says about themselves from now on, in their own words.

    `sensitive_text` is what filling in food or access agrees to, as the page showed it.
    """

    name: str
    language: str
    organisation: str = ""
    role: str = ""
    access_needs: str = ""
    diet: str = ""
    sensitive_text: str = ""


def correct(
    store: Store, registration_id: int, wish: Correction, *, now: datetime, identity: Identity
) -> None:
    """Keep what a guest corrected. Emptying food and access withdraws that consent.

    A seat goes along to another organisation only where its number allows it; the one left
    has room for the next. Raises NotFound, and Invalid with the field that can't be accepted.
    """
    fields = _checked(wish)
    with store.changing():
        found = registrations.by_id(store, registration_id)
        if found is None or not found.email:
            raise NotFound
        event = events.by_id(store, found.event_id)
        moves = event is not None and fold(fields["organisation"]) != fold(found.organisation)
        if event is not None and moves and not _welcome(store, event, found, fields):
            raise Invalid("organisation_full", field="organisation")
        own_data.correct(store, found.id, fields, now=now)
        if event is not None and moves:
            seating.give_out(Hand(store, now, identity), event, cause="limits")
        given = any(c.purpose == SENSITIVE and c.withdrawn_at is None for c in found.consents)
        if fields["access_needs"] or fields["diet"]:
            if not given:
                consent = Consent(SENSITIVE, wish.sensitive_text, wish.language, now)
                own_data.agree(store, found.id, consent)
        elif given:
            own_data.withdraw(store, found.id, SENSITIVE, now=now)
        history.note(
            store,
            "corrected",
            actor=GUEST,
            now=now,
            event_id=found.event_id,
            registration_id=found.id,
            fields=[name for name, value in fields.items() if value != getattr(found, name)],
        )


def _welcome(store: Store, event: Event, found: Registration, fields: dict[str, str]) -> bool:
    """Whether another organisation has room for the places somebody holds already."""
    if found.state not in HOLDS_SEAT or event.per_organisation is None:
        return True
    name = fold(fields["organisation"])
    taken = quotas.of_organisations(store, event.id).get(name, 0)
    return not name or taken + found.places <= event.per_organisation


def _checked(wish: Correction) -> dict[str, str]:
    fields = {"name": text.person_name(wish.name), "language": wish.language}
    for field, limit in _LIMITS.items():
        value = text.clean(getattr(wish, field), lines=limit > 200)
        if len(value) > limit:
            raise Invalid("too_long", field=field)
        fields[field] = value
    if (fields["access_needs"] or fields["diet"]) and not wish.sensitive_text:
        field = "access_needs" if fields["access_needs"] else "diet"
        raise Invalid("consent_sensitive", field=field)
    return fields


def delete(
    store: Store, registration_id: int, mail: Mail, *, now: datetime, identity: Identity
) -> None:
    """Forget a guest at their own wish.

    Before the end of the meeting the place is given back first: the next moves up, and one last
    letter takes the entry out of the calendar. It alone keeps the address, until it went out.
    Raises NotFound.
    """
    found = registrations.by_id(store, registration_id)
    event = events.by_id(store, found.event_id) if found else None
    if found is None or event is None:
        raise NotFound
    if now < event.ends_at and found.state in LIVE - {State.ATTENDED}:
        registrations_action.cancel(
            store, found.id, CancelledBy.GUEST, actor=GUEST, now=now, identity=identity
        )
    upkeep.forget(store, found.id, mail, actor=GUEST, now=now, goodbye=True)
