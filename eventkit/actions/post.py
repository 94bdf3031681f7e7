"""The worker's round: due letters go out one after the other, each exactly accounted for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from eventkit.actions import mailing_rounds
from eventkit.documents import letters, logos
from eventkit.identity import Identity
from eventkit.links import Links
from eventkit.model.letter import Letter, LetterKind
from eventkit.rules import correspondence
from eventkit.store import history, outbox, shelf
from eventkit.store.rows import Store
from eventkit.transport import Carrier, Mail, TransportError

Clock = Callable[[], datetime]
WORKER = "worker"


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending needs besides the store: the way out, the site's addresses, the identity.

    `reply` says whether answers to invites are read.
    """

    mail: Mail
    links: Links
    identity: Identity
    reply: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What one round did. Dropped are letters of a mailing that are not true any more."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0


def send_due(
    store: Store,
    office: PostOffice,
    *,
    clock: Clock,
    limit: int = 20,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Send what is due, at most `limit` letters, over one connection.

    A letter is leased before it is sent, so two workers never send the same one; a lease
    that ran out (a killed worker) is taken over. `stop` is asked between letters; then, and
    when half of the lease is over (a slow server), the rest is given back. Nothing is raised
    for a letter that can't be sent: it is kept with the reason.
    """
    now = clock()
    with store.changing():
        due = outbox.lease(store, limit=limit, until=now + correspondence.LEASE, now=now)
        history.mark(store, WORKER, now=now)
    sent = postponed = failed = dropped = 0
    in_time = now + correspondence.LEASE / 2
    with Carrier(office.mail) as carrier:
        for position, letter in enumerate(due):
            if stop() or clock() > in_time:
                with store.changing():
                    rest = [each.id for each in due[position:]]
                    outbox.release_leases(store, rest, now=clock())
                break
            if not mailing_rounds.still_wanted(store, letter, now=clock()):
                dropped += 1
                continue
            error = _send(store, office, carrier, letter)
            with store.changing():
                at = clock()
                history.mark(store, WORKER, now=at)
                if error is None:
                    outbox.sent(store, letter.id, now=at)
                    sent += 1
                elif _put_back(store, letter, error, at):
                    postponed += 1
                else:
                    failed += 1
    return Tally(sent, postponed, failed, dropped)


def _send(
    store: Store, office: PostOffice, carrier: Carrier, letter: Letter
) -> TransportError | None:
    """Write and carry one letter; any fault becomes its reason, so no letter stops the others."""
    try:
        message = compose(office, letter, logo=logo(store, letter.facts.logo))
        carrier.send(message)
    except TransportError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one unwritable letter must not block the others
        return TransportError(f"{type(error).__name__}: {error}"[:300], permanent=False)
    return None


def compose(office: PostOffice, letter: Letter, *, logo: bytes = b"") -> EmailMessage:
    """The whole mail of a queued letter, its personal link made at this moment (R14)."""
    return letters.write(
        letter,
        sender=office.mail.sender,
        links=office.links,
        personal_link=personal_link(office, letter),
        reply=office.reply,
        logo=logo,
    )


def logo(store: Store, sha256: str) -> bytes:
    """An organisation's logo, small enough for a letter; nothing once it is replaced and swept."""
    if not sha256:
        return b""
    try:
        return logos.small(shelf.read(store, sha256))
    except OSError:
        return b""


def personal_link(office: PostOffice, letter: Letter) -> str:
    """The one link only the receiver gets, or "" for a letter that has none."""
    if not letter.nonce:
        return ""
    if letter.kind is LetterKind.NEWSLETTER_CONFIRM:
        return office.links.newsletter_confirm(office.identity.token("newsletter", letter.nonce))
    if letter.kind is LetterKind.NEWSLETTER_WELCOME:
        return office.links.newsletter_leave(office.identity.token("newsletter", letter.nonce))
    if letter.kind is LetterKind.OPENING:
        return office.links.opening(office.identity.token("opening", letter.nonce))
    if letter.invitation_id is not None:
        return office.links.invitation(office.identity.token("invitation", letter.nonce))
    if letter.person_id is not None:
        return office.links.speaking(office.identity.token("speaker", letter.nonce))
    return office.links.my(office.identity.token("registration", letter.nonce))


def _put_back(store: Store, letter: Letter, error: TransportError, now: datetime) -> bool:
    """Keep the letter for another try, or give it up visibly; says which."""
    pause = None if error.permanent else correspondence.try_again_after(letter.attempts)
    if pause is None:
        outbox.failed(store, letter.id, error=error.message)
        return False
    outbox.again(store, letter.id, at=now + pause, error=error.message)
    return True


def send_again(store: Store, event_id: int, letter_id: int, *, actor: str, now: datetime) -> bool:
    """Make a failed or waiting letter due at once; says whether there was one."""
    with store.changing():
        found = outbox.retry(store, event_id, letter_id, now=now)
        if found:
            history.note(store, "letter_retried", actor=actor, now=now, event_id=event_id)
        return found
