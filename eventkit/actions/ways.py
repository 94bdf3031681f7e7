"""Whom a meeting lets in: everybody, or whoever has a code or a personal invitation (R2).

Asked inside the transaction that registers somebody, so that no code is used too often.
"""

from dataclasses import dataclass
from datetime import datetime

from eventkit.actions.wishes import Wish
from eventkit.errors import Invalid, NotFound, Refused, RegistrationClosed, TooMany
from eventkit.links import fingerprint
from eventkit.model.event import Admission, Event
from eventkit.model.ways import Code, Invitation
from eventkit.rules import text, ways
from eventkit.store import codes, history, invitations, quotas
from eventkit.store.rows import Store

CLOSED = "invitation_only"
WRONG_CODES = frozenset({"code_unknown", "code_over", "code_used"})
TRIES_PER_NETWORK = 20
TRIES_PER_EVENT = 1000
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Admitted:
    """How somebody comes in: nothing of it where the form is open to all."""

    code: Code | None = None
    invitation: Invitation | None = None
    group: int | None = None


def admitted(store: Store, event: Event, wish: Wish, *, now: datetime) -> Admitted:
    """What opens the meeting to this wish. At the desk nothing is needed.

    Raises RegistrationClosed `invitation_only`, Invalid (field "code") for a code that opens
    nothing, TooMany after too many wrong ones, NotFound for a wrong invitation.
    """
    if wish.at_desk:
        return Admitted()
    invitation = _invitation(store, event, wish, now) if wish.invitation else None
    code = valid(store, event, wish.code, wish.network, now=now) if wish.code.strip() else None
    if event.admission is Admission.CLOSED and code is None and invitation is None:
        raise RegistrationClosed(CLOSED)
    wanted = (code and code.group_id) or (invitation and invitation.group_id)
    offered = {group.id for group in quotas.groups(store, event.id)}
    return Admitted(code, invitation, wanted if wanted in offered else None)


def _invitation(store: Store, event: Event, wish: Wish, now: datetime) -> Invitation:
    """The invitation of a link; it is that person's alone, so the address has to be theirs."""
    found = invitations.by_token(store, fingerprint(wish.invitation), now=now)
    own = found and text.address_key(found.email) == text.address_key(wish.email)
    if found is None or found.event_id != event.id or not own:
        raise NotFound
    return found


def valid(store: Store, event: Event, typed: str, network: str, *, now: datetime) -> Code:
    """The code that was typed, if it opens something now. Reads only.

    Raises Invalid (field "code"), TooMany for a network or a meeting with many wrong ones.
    """
    limits = zip(_buckets(event.id, network), (TRIES_PER_NETWORK, TRIES_PER_EVENT), strict=True)
    for bucket, most in limits:
        if history.counted(store, bucket, seconds=_HOUR, now=now) >= most:
            raise TooMany
    key = ways.code_key(typed)
    found = codes.by_key(store, event.id, key) if key else None
    why = ways.refused(found, now)
    if found is None or why:
        raise Invalid(why or "code_unknown", field="code")
    return found


def _buckets(event_id: int, network: str) -> tuple[str, str]:
    return f"code:{event_id}:{fingerprint(network)}", f"codes:{event_id}"


def count_wrong(store: Store, event_id: int, network: str, *, now: datetime) -> None:
    """Remember a wrong code: the transaction that refused it left no trace (R39)."""
    with store.changing():
        for bucket in _buckets(event_id, network):
            history.count(store, bucket, seconds=_HOUR, now=now)


def try_code(store: Store, event: Event, typed: str, network: str, *, now: datetime) -> Code:
    """Check a code before somebody fills in the form. Raises as `valid`; wrong ones count."""
    try:
        return valid(store, event, typed, network, now=now)
    except Refused as error:
        if error.code in WRONG_CODES:
            count_wrong(store, event.id, network, now=now)
        raise


def used(store: Store, way: Admitted, registration_id: int) -> None:
    """Note which registration an invitation led to; letters about it that wait are not sent."""
    if way.invitation is not None:
        invitations.accepted(store, way.invitation.id, registration_id)
        invitations.stop_letters(store, way.invitation.id)
