"""Calendars that never lie: who holds what, sending again, and personal feeds made anew."""

from dataclasses import dataclass
from datetime import datetime

from eventkit.actions import registration as registrations
from eventkit.actions import seating
from eventkit.actions.seating import Hand
from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.answers import WRONG, DeclineRule, Held, Record
from eventkit.model.event import Event, Stage
from eventkit.model.letter import LetterKind, LetterState, Method
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.rules import answers as rules
from eventkit.store import answers, events, history, outbox, people, personal_feeds
from eventkit.store import registrations as registration_store
from eventkit.store.personal_feeds import FEED, SPEAKER_FEED
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the flight recorder, and whether their calendar tells the truth."""

    record: Record
    held: Held


def recorder(store: Store, event: Event) -> list[Line]:
    """The flight recorder of a meeting: everybody whose calendar was ever written to, or ought."""
    lines = [Line(each, rules.held(each, event)) for each in answers.recorder(store, event.id)]
    return [line for line in lines if line.record.sent or line.held is not Held.NOTHING]


def wrong(lines: list[Line]) -> list[Line]:
    """Those whose calendar tells something that is not true."""
    return [line for line in lines if line.held in WRONG]


def send_again(
    store: Store, event_id: int, *, actor: str, now: datetime, identity: Identity
) -> int:
    """Send the present entry to exactly those whose calendar does not tell the truth.

    A letter that failed or hangs is tried again as it is; where none is left, a new one is
    written with the same SEQUENCE and a later date. Says to how many. Raises NotFound.
    """
    hand = Hand(store, now, identity)
    with store.changing():
        event = events.by_id(store, event_id)
        if event is None:
            raise NotFound
        concerned = [] if now >= event.ends_at else wrong(recorder(store, event))
        for line in concerned:
            if not _tried_again(hand, event, line.record):
                _write_anew(hand, event, line.record)
        if concerned:
            history.note(
                store,
                "calendars_sent_again",
                actor=actor,
                now=now,
                event_id=event_id,
                number=len(concerned),
            )
        return len(concerned)


def _tried_again(hand: Hand, event: Event, record: Record) -> bool:
    """Make the letter with the present entry due at once, if it is still there."""
    last = record.last
    if last is None or last.letter_id is None or last.sequence < record.sequence:
        return False
    if last.method is Method.REQUEST and last.event_sequence < event.sequence:
        return False
    if last.state not in (LetterState.FAILED, LetterState.QUEUED):
        return False
    return outbox.retry(hand.store, event.id, last.letter_id, now=hand.now)


def _write_anew(hand: Hand, event: Event, record: Record) -> None:
    registration = registration_store.by_id(hand.store, record.registration_id)
    if registration is None:
        return
    seating.write(
        hand,
        _kind(event, registration),
        event,
        registration,
        raise_sequence=_behind(event, registration, record),
    )


def _behind(event: Event, registration: Registration, record: Record) -> bool:
    """Whether no entry with the present facts was ever written, so that it needs a new number."""
    if registration.state is State.CANCELLED:
        return False
    known = (s for s in record.sent if s.method is Method.REQUEST)
    return all(
        s.sequence < registration.sequence or s.event_sequence < event.sequence for s in known
    ) and bool(record.sent)


def _kind(event: Event, registration: Registration) -> LetterKind:
    if registration.state is State.CANCELLED:
        off = event.stage is Stage.CANCELLED or registration.cancelled_by is CancelledBy.MEETING
        return LetterKind.CALLED_OFF if off else LetterKind.CANCELLED
    return seating.FIRST_LETTER.get(registration.state, LetterKind.CONFIRMED)


def set_decline_rule(
    store: Store, event_id: int, rule: DeclineRule, *, actor: str, now: datetime
) -> None:
    """Choose what follows when somebody declines in their calendar. Raises NotFound."""
    with store.changing():
        if events.by_id(store, event_id) is None:
            raise NotFound
        if answers.decline_rule(store, event_id) is rule:
            return
        answers.set_decline_rule(store, event_id, rule)
        history.note(
            store, "decline_rule", actor=actor, now=now, event_id=event_id, rule=rule.value
        )


def settle(store: Store, reply_id: int, *, actor: str, now: datetime) -> None:
    """Take a mail off the list of those a person should look at. Raises NotFound."""
    with store.changing():
        if not answers.settle(store, reply_id):
            raise NotFound
        history.note(store, "reply_settled", actor=actor, now=now)


def guest_feed(store: Store, registration: Registration, identity: Identity) -> str:
    """The token of a guest's own feed as it is now."""
    return identity.token(FEED, personal_feeds.guest_nonce(store, registration.id))


def renew_guest_feed(store: Store, token: str, *, now: datetime, identity: Identity) -> str:
    """Close the feed of the guest whose page this token opens, and open another.

    Whoever has the old address reads that it has ended. Returns the new feed's token.
    Raises NotFound.
    """
    with store.changing():
        registration = registrations.find(store, token, now=now)
        nonce = identity.nonce()
        personal_feeds.revoke(store, FEED, registration.id, now=now)
        personal_feeds.set_guest_nonce(store, registration.id, nonce)
        made = identity.token(FEED, nonce)
        registration_store.add_token(
            store, token_hash=fingerprint(made), purpose=FEED, subject_id=registration.id, now=now
        )
        history.note(
            store,
            "feed_renewed",
            actor="guest",
            now=now,
            event_id=registration.event_id,
            registration_id=registration.id,
        )
        return made


def speaker_feeds(store: Store, person_ids: list[int], identity: Identity) -> dict[int, str]:
    """The tokens of the open feeds of people who speak."""
    nonces = personal_feeds.speaker_nonces(store, person_ids)
    return {key: identity.token(SPEAKER_FEED, nonce) for key, nonce in nonces.items()}


def renew_speaker_feed(
    store: Store, person_id: int, *, actor: str, now: datetime, identity: Identity
) -> str:
    """Open a feed for somebody who speaks; a former one is closed. Returns its token.

    Raises NotFound.
    """
    with store.changing():
        if people.by_id(store, person_id) is None:
            raise NotFound
        nonce = identity.nonce()
        personal_feeds.revoke(store, SPEAKER_FEED, person_id, now=now)
        personal_feeds.set_speaker_nonce(store, person_id, nonce)
        made = identity.token(SPEAKER_FEED, nonce)
        registration_store.add_token(
            store, token_hash=fingerprint(made), purpose=SPEAKER_FEED, subject_id=person_id, now=now
        )
        history.note(store, "speaker_feed_opened", actor=actor, now=now)
        return made


def end_speaker_feed(store: Store, person_id: int, *, actor: str, now: datetime) -> None:
    """Close somebody's feed for good; it then says that it has ended. Raises NotFound."""
    with store.changing():
        if not personal_feeds.revoke(store, SPEAKER_FEED, person_id, now=now):
            raise NotFound
        personal_feeds.set_speaker_nonce(store, person_id, None)
        history.note(store, "speaker_feed_closed", actor=actor, now=now)
