"""What a guest agreed to beyond registering: given and taken back one by one, at any time (R54)."""

from datetime import datetime

from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Event
from eventkit.model.registration import Consent, Registration, State
from eventkit.store import archive, events, history, own_data, registrations
from eventkit.store.rows import Store

GUEST = "guest"
PHOTO = "photo"
LIST = "attendee_list"
SENSITIVE = "sensitive"


def agreed(registration: Registration, purpose: str) -> bool:
    """Whether somebody agrees to something now."""
    return any(c.purpose == purpose and c.withdrawn_at is None for c in registration.consents)


def asks(event: Event, purpose: str) -> bool:
    """Whether a meeting asks for a consent of this purpose."""
    return {PHOTO: event.photo_consent, LIST: event.attendee_list}.get(purpose, False)


def give(
    store: Store, registration_id: int, purpose: str, words: str, language: str, *, now: datetime
) -> None:
    """Keep that somebody agrees now, with the very words they saw. Twice is once.

    Raises NotFound, Invalid for a purpose this meeting does not ask for.
    """
    with store.changing():
        found, event = _open(store, registration_id)
        if not asks(event, purpose) or not words or found.state is State.CANCELLED:
            raise Invalid("purpose")
        if agreed(found, purpose):
            return
        own_data.agree(store, found.id, Consent(purpose, words, language, now))
        _note(store, "consent_given", found, purpose, now)


def withdraw(store: Store, registration_id: int, purpose: str, *, now: datetime) -> None:
    """Take a consent back; what stood on it ends at once. Twice is once.

    Without consent to photos the pictures that name the person are hidden (R54), without
    that to food and access these answers are deleted (R50). Raises NotFound, Invalid for a
    purpose that has other ways (the registration itself is cancelled or deleted).
    """
    with store.changing():
        found, event = _open(store, registration_id)
        if purpose not in (PHOTO, LIST, SENSITIVE):
            raise Invalid("purpose")
        if not agreed(found, purpose):
            return
        own_data.withdraw(store, found.id, purpose, now=now)
        if purpose == SENSITIVE:
            own_data.forget_needs(store, found.id, now=now)
        if purpose == PHOTO:
            for public_id in archive.photos_of(store, event.id, found.id):
                archive.hide_photo(store, event.id, public_id, now=now)
                history.note(store, "photo_removed", actor=GUEST, now=now, event_id=event.id)
        _note(store, "consent_withdrawn", found, purpose, now)


def _note(store: Store, verb: str, found: Registration, purpose: str, now: datetime) -> None:
    history.note(
        store,
        verb,
        actor=GUEST,
        now=now,
        event_id=found.event_id,
        registration_id=found.id,
        purpose=purpose,
    )


def _open(store: Store, registration_id: int) -> tuple[Registration, Event]:
    found = registrations.by_id(store, registration_id)
    event = events.by_id(store, found.event_id) if found else None
    if found is None or event is None or not found.email:
        raise NotFound
    return found, event
