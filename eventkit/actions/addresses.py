"""An address that does not work is corrected by an organiser, and its letters go out again."""

from datetime import datetime

from eventkit.errors import Invalid, NotFound
from eventkit.model.letter import LetterKind, LetterState
from eventkit.model.ways import Standing
from eventkit.rules import text, ways
from eventkit.store import history, invitations, outbox, registrations
from eventkit.store.rows import Store


def correct(
    store: Store, event_id: int, letter_id: int, email: str, *, actor: str, now: datetime
) -> None:
    """Give the receiver of a failed letter another address, and send what did not arrive there.

    The registration gets it, too, so that every later letter finds its way. What arrived
    stays as it was; so it is with an invitation. Raises NotFound for a letter that did not
    fail or belongs to nobody of these, Invalid (field `email`): `address`, `registered` when
    somebody else of this meeting has it.
    """
    wanted = text.address(email)
    with store.changing():
        letter = outbox.by_id(store, letter_id)
        if letter is None or letter.event_id != event_id or letter.state is not LetterState.FAILED:
            raise NotFound
        if letter.invitation_id is not None:
            _of_invitation(store, event_id, letter.invitation_id, wanted, now)
            history.note(store, "address_corrected", actor=actor, now=now, event_id=event_id)
            return
        if letter.kind is LetterKind.QUESTION:
            raise NotFound  # it went from the guest to the organisers, at an address of theirs
        registration = registrations.by_id(store, letter.registration_id or 0)
        if registration is None or not registration.email:
            raise NotFound
        key = text.address_key(wanted)
        other = registrations.live_by_address(store, event_id, key)
        if other is not None and other.id != registration.id:
            raise Invalid("registered", field="email")
        registrations.readdress(store, registration.id, email=wanted, email_key=key, now=now)
        outbox.readdress(store, registration.id, email=wanted, now=now)
        history.note(
            store,
            "address_corrected",
            actor=actor,
            now=now,
            event_id=event_id,
            registration_id=registration.id,
        )


def _of_invitation(
    store: Store, event_id: int, invitation_id: int, email: str, now: datetime
) -> None:
    found = invitations.by_id(store, event_id, invitation_id)
    if found is None or ways.standing(found) is not Standing.FAILED:
        raise NotFound
    key = text.address_key(email)
    other = invitations.by_address(store, event_id, key)
    taken = other is not None and other.id != found.id
    if taken or registrations.live_by_address(store, event_id, key) is not None:
        raise Invalid("registered", field="email")
    invitations.readdress(store, found.id, email=email, email_key=key)
    invitations.send_to(store, found.id, email=email, now=now)
