"""Tickets and certificates: who has one, the code on it, and who a code belongs to.

Codes are derived from the nonce of a registration and the site's key and kept nowhere: a
code dies with the nonce when the person is forgotten, and its validity is the state.
"""

import hmac
from datetime import datetime

from eventkit.actions import registration as registrations
from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.registration import SEATED, Registration, State
from eventkit.rules import tickets as rules
from eventkit.store import events
from eventkit.store import registrations as registration_store
from eventkit.store.rows import Store

TICKET = "ticket"
CERTIFICATE = "certificate"
BEARER = "certificate bearer"


def opened(store: Store, token: str, *, now: datetime) -> tuple[Registration, Event]:
    """Whose ticket a personal link opens, and for what. Raises NotFound without a seat."""
    found, event = _of(store, token, now)
    if found.state not in SEATED:
        raise NotFound
    return found, event


def code(registration: Registration, identity: Identity) -> str:
    """The code of somebody's ticket; it says nothing about them (R11)."""
    return rules.code(identity.token(TICKET, registration.nonce))


def holder(store: Store, event_id: int, typed: str, *, identity: Identity) -> Registration:
    """Whose ticket a scanned or typed code is, whatever their state is by now.

    Raises NotFound for a code that is nobody's at this meeting.
    """
    wanted = rules.tidy(typed)
    for each in registration_store.attendees(store, event_id):
        if each.email and hmac.compare_digest(code(each, identity), wanted):
            return each
    raise NotFound


def attended(store: Store, token: str, *, now: datetime) -> tuple[Registration, Event]:
    """Whose certificate a personal link opens. Raises NotFound before the end of the meeting
    and for whoever was not there."""
    found, event = _of(store, token, now)
    if found.state is not State.ATTENDED or now < event.ends_at:
        raise NotFound
    return found, event


def certificate_code(registration: Registration, event: Event, identity: Identity) -> str:
    """The code on somebody's certificate: it proves the meeting and names nobody.

    It needs no record, so it can still be checked when the person was forgotten (R56).
    """
    person = rules.person_part(identity.token(BEARER, registration.nonce))
    return rules.meeting_part(event.uid) + person + _seal(event, person, identity)


def certified(store: Store, typed: str, *, identity: Identity) -> Event:
    """The meeting a certificate was issued for, from the code on it. Raises NotFound."""
    meeting, person, seal = rules.parts(rules.tidy(typed))
    for event_id, uid in events.uids(store):
        if meeting and rules.meeting_part(uid) == meeting:
            event = events.by_id(store, event_id)
            if event and hmac.compare_digest(_seal(event, person, identity), seal):
                return event
    raise NotFound


def _seal(event: Event, person: str, identity: Identity) -> str:
    sealed = f"{event.uid}\0{person}".encode()
    return rules.seal_part(identity.token(CERTIFICATE, sealed))


def _of(store: Store, token: str, now: datetime) -> tuple[Registration, Event]:
    found = registrations.find(store, token, now=now)
    event = events.by_id(store, found.event_id)
    if event is None:
        raise NotFound
    return found, event
