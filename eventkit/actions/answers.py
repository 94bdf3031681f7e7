"""Reading the answers to invites: each mail once, each answer weighed, nothing lost.

A mail and what follows from it are one transaction; only then it is put away. A mailbox
that can't be read is left alone for a while, with its trouble visible.
"""

import dataclasses
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from eventkit import mailbox
from eventkit.actions import offers, seating
from eventkit.actions import registration as registrations
from eventkit.actions.seating import Hand
from eventkit.documents import incoming
from eventkit.documents.ical import NoAnswer, Reply, Unreadable, read_reply
from eventkit.documents.incoming import Head
from eventkit.errors import Unavailable
from eventkit.identity import Identity
from eventkit.mailbox import Incoming, Mailbox, MailboxError
from eventkit.model.answers import MailboxState, ReplyRecord, ReplyState
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind, Method
from eventkit.model.registration import CancelledBy, Registration, State
from eventkit.rules import answers as rules
from eventkit.rules.answers import Effect, Known, Said
from eventkit.rules.text import clean
from eventkit.store import answers, events, history
from eventkit.store import registrations as registration_store
from eventkit.store.rows import Store

log = logging.getLogger("eventkit.answers")

MOST = 50
LONGEST = 30.0
LOOK_BACK = timedelta(days=14)
ACTOR = "calendar"
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Polled:
    """What one look into the mailbox brought; `problem` is a stable word, empty when well."""

    matched: int = 0
    unmatched: int = 0
    unreadable: int = 0
    problem: str = ""


def poll(
    store: Store,
    url: str,
    *,
    clock: Clock,
    identity: Identity,
    stop: Callable[[], bool] = lambda: False,
    context: ssl.SSLContext | None = None,
    at_once: bool = False,
) -> Polled | None:
    """Read what came in, at most 50 mails in half a minute; None when it isn't time yet.

    `at_once` looks although the pause is not over. Raises Unavailable when the database
    can't be written; then every mail stays where it is.
    """
    name, now = mailbox.named(url), clock()
    state = answers.mailbox(store, name)
    if not at_once and state.next_at is not None and now < state.next_at:
        return None
    state = dataclasses.replace(state, asked_at=now, next_at=now + rules.pause(state.failures))
    _save(store, name, state)
    started = monotonic()
    counted = dict.fromkeys(ReplyState, 0)
    try:
        with mailbox.opened(url, context=context) as box:
            if box.validity != state.validity:
                state = dataclasses.replace(state, validity=box.validity, last_uid=0)
            for mail in box.arrived(state.last_uid, since=now - LOOK_BACK, limit=MOST):
                if stop() or monotonic() - started > LONGEST:
                    break
                state = dataclasses.replace(state, last_uid=mail.uid)
                taken = _take(Hand(store, clock(), identity), box, mail, (name, state))
                if taken is not None:
                    counted[taken] += 1
    except MailboxError as error:
        failed = dataclasses.replace(
            answers.mailbox(store, name),
            failures=state.failures + 1,
            problem=error.problem,
            detail=error.detail,
            next_at=clock() + rules.pause(state.failures + 1),
        )
        _save(store, name, failed)
        return Polled(problem=error.problem)
    _save(store, name, _well(state, clock(), more=sum(counted.values()) >= MOST))
    return Polled(
        matched=counted[ReplyState.MATCHED],
        unmatched=counted[ReplyState.UNMATCHED],
        unreadable=counted[ReplyState.UNREADABLE],
    )


def _well(state: MailboxState, now: datetime, *, more: bool) -> MailboxState:
    pause = timedelta() if more else rules.POLL
    return dataclasses.replace(
        state, good_at=now, next_at=now + pause, failures=0, problem="", detail=""
    )


def _save(store: Store, name: str, state: MailboxState) -> None:
    with store.changing():
        answers.save_mailbox(store, name, state)


def _take(
    hand: Hand, box: Mailbox, mail: Incoming, place: tuple[str, MailboxState]
) -> ReplyState | None:
    """Take one mail in: kept with all that follows from it, then put away. None: known before."""
    found = incoming.head(mail.octets)
    try:
        kept = _keep(hand, mail, found, place, _judged)
    except Unavailable:
        raise
    except Exception:  # one mail that trips us must not block the others
        log.exception("an answer could not be worked on; it is kept for a person")
        kept = _keep(hand, mail, found, place, _faulty)
    read = kept is None or kept is ReplyState.MATCHED
    box.done(mail, read=read)
    return kept


def _keep(
    hand: Hand,
    mail: Incoming,
    found: Head,
    place: tuple[str, MailboxState],
    judged: Callable[[Hand, Incoming, Head], ReplyRecord],
) -> ReplyState | None:
    with hand.store.changing():
        answers.save_mailbox(hand.store, *place)
        if answers.known(hand.store, found.identity):
            return None
        reply = judged(hand, mail, found)
        answers.add(hand.store, reply)
        return reply.state


def _faulty(hand: Hand, mail: Incoming, found: Head) -> ReplyRecord:
    del mail
    return _unreadable(hand, found, "fault")


def _judged(hand: Hand, mail: Incoming, found: Head) -> ReplyRecord:
    """What a mail is, and everything that follows from it."""
    if not mail.whole:
        return _unreadable(hand, found, "too_large")
    try:
        reply = read_reply(mail.octets)
    except NoAnswer:
        return _ordinary(hand, mail, found)
    except Unreadable as error:
        return _unreadable(hand, found, "broken", str(error))
    return _answer(hand, reply, found)


def _ordinary(hand: Hand, mail: Incoming, found: Head) -> ReplyRecord:
    """A mail without an answer: a letter given back, a machine's word, or somebody who writes."""
    back = incoming.returned(mail.octets)
    if back is not None:
        for message_id in back.message_ids:
            ours = answers.returned(hand.store, message_id, error=back.reason)
            if ours is not None:
                event_id, registration_id = ours
                history.note(
                    hand.store, "letter_returned", actor=ACTOR, now=hand.now, event_id=event_id
                )
                return ReplyRecord(
                    message=found.identity,
                    received_at=hand.now,
                    state=ReplyState.MATCHED,
                    reason="returned",
                    event_id=event_id,
                    registration_id=registration_id,
                )
    return _unreadable(hand, found, "automatic" if found.automatic else "mail")


def _unreadable(hand: Hand, found: Head, reason: str, words: str = "") -> ReplyRecord:
    excerpt = "\n".join(filter(None, (found.subject, words)))
    return ReplyRecord(
        message=found.identity,
        received_at=hand.now,
        state=ReplyState.UNREADABLE,
        reason=reason,
        sender=found.sender,
        open=reason != "automatic",
        excerpt=clean(excerpt, lines=True)[:1000],
    )


def _answer(hand: Hand, reply: Reply, found: Head) -> ReplyRecord:
    """An answer, weighed and followed."""
    record = ReplyRecord(
        message=found.identity,
        received_at=hand.now,
        state=ReplyState.UNMATCHED,
        reason="unknown_uid",
        sender=found.sender,
        attendee=clean(reply.attendee)[:254],
        uid=clean(reply.uid)[:255],
        open=True,
        answer=reply.partstat.value,
        sequence=reply.sequence,
        stamp=min(reply.dtstamp or hand.now, hand.now),
        wanted_starts_at=reply.starts_at,
        wanted_ends_at=reply.ends_at,
        excerpt=clean(reply.comment, lines=True)[:1000],
    )
    if answers.answer_trial(hand.store, record.uid, record.answer, now=hand.now):
        done = ReplyState.MATCHED
        return dataclasses.replace(record, state=done, reason="trial", open=False)
    registration = answers.by_uid(hand.store, record.uid)
    event = events.by_id(hand.store, registration.event_id) if registration else None
    if registration is None or event is None:
        return record
    effect = _weigh(hand, reply.method, record, registration, event)
    _follow(hand, effect, record, registration, event)
    by_hand = effect in rules.FOR_A_PERSON
    return dataclasses.replace(
        record,
        state=ReplyState.UNMATCHED if by_hand else ReplyState.MATCHED,
        reason=effect.value,
        open=by_hand,
        event_id=event.id,
        registration_id=registration.id,
    )


def _weigh(
    hand: Hand, method: str, record: ReplyRecord, registration: Registration, event: Event
) -> Effect:
    sent = answers.record_of(hand.store, registration.id)
    last = answers.last_answer(hand.store, registration.id)
    versions = tuple(s.sequence for s in sent.sent if s.method is Method.REQUEST) if sent else ()
    known = Known(
        email=registration.email,
        state=registration.state,
        ends_at=event.ends_at,
        sent=versions,
        last_sequence=last.sequence if last else None,
        last_stamp=last.stamp if last else None,
        last_answer=last.answer if last else "",
    )
    said = Said(
        method=method,
        partstat=record.answer,
        sequence=record.sequence or 0,
        stamp=record.stamp,
        attendee=record.attendee,
        sender=record.sender,
    )
    return rules.judge(said, known, answers.decline_rule(hand.store, event.id), now=hand.now)


def _follow(
    hand: Hand, effect: Effect, record: ReplyRecord, registration: Registration, event: Event
) -> None:
    """Do what an answer brings about."""
    if effect not in rules.CHANGES_ANSWER:
        return
    store, sequence = hand.store, record.sequence or 0
    asked = answers.asked_before(store, registration.id, sequence)
    answers.note_answer(
        store, registration.id, sequence=sequence, answer=record.answer, at=hand.now
    )
    history.note(
        store,
        "answered",
        actor=ACTOR,
        now=hand.now,
        event_id=event.id,
        registration_id=registration.id,
        answer=record.answer,
        effect=effect.value,
    )
    if effect is Effect.ASK and not asked:
        seating.write(hand, LetterKind.DECLINED, event, registration)
    elif effect is Effect.FREE:
        registrations.leave(hand, event, registration, CancelledBy.GUEST, actor=ACTOR)
        gone = registration_store.by_id(store, registration.id) or registration
        seating.write(hand, LetterKind.CANCELLED, event, gone)
        seating.give_out(hand, event, cause="cancelled")
    elif _takes_offer(hand, effect, record, registration):
        offers.take(hand, event, registration, actor=ACTOR)


def _takes_offer(
    hand: Hand, effect: Effect, record: ReplyRecord, registration: Registration
) -> bool:
    """Whether a "yes" is to the place that is kept at this moment."""
    until = registration.offered_until
    return (
        effect is Effect.STORE
        and record.answer == "ACCEPTED"
        and registration.state is State.OFFERED
        and record.sequence == registration.sequence
        and until is not None
        and hand.now < until
    )
