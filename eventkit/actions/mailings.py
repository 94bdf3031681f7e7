"""Letters to many: messages to some of a meeting's people, and reminders before it."""

import dataclasses
from datetime import datetime

from eventkit.actions import wordings
from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Event, Stage
from eventkit.model.mailing import Audience, Mailing, MailingKind, MailingState
from eventkit.model.registration import State
from eventkit.model.text import LANGUAGES, Text
from eventkit.rules import mailings as rule
from eventkit.store import events, history, mailings
from eventkit.store.rows import Store

STOPPED = "stopped by an organiser"
REACHABLE = (
    State.CONFIRMED,
    State.ATTENDED,
    State.OFFERED,
    State.WAITING,
    State.REQUESTED,
)


def states_of(event: Event) -> tuple[State, ...]:
    """Whom the organisers of a meeting may write to, by state.

    Who gave the place back is left in peace; only after a meeting was called off there is a
    reason to write to everybody who was registered.
    """
    called_off = event.stage is Stage.CANCELLED
    return (State.CANCELLED,) if called_off else REACHABLE


def save_message(
    store: Store,
    event_id: int,
    mailing_id: int | None,
    *,
    subject: Text,
    body: Text,
    audience: Audience,
    actor: str,
    now: datetime,
) -> int:
    """Keep the draft of a message; returns its id.

    Raises NotFound, Invalid with the field: what `wordings.check` refuses, `half_written` for a
    language with a subject and no text (or the other way round), `required` for no words at
    all, `nobody` for no state, `under_way` once it is sent.
    """
    subject, body = wordings.check(subject, body)
    _whole(subject, body)
    with store.changing():
        event = events.required(store, event_id)
        allowed = tuple(state for state in audience.states if state in states_of(event))
        if not allowed:
            raise Invalid("nobody", field="states")
        wanted = Mailing(
            id=0,
            event_id=event.id,
            kind=MailingKind.MESSAGE,
            state=MailingState.DRAFT,
            subject=subject,
            body=body,
            audience=dataclasses.replace(audience, states=allowed),
            created_by=actor,
        )
        if mailing_id is None:
            history.note(store, "message_drafted", actor=actor, now=now, event_id=event.id)
            return mailings.add(store, wanted, now=now)
        before = _mailing(store, event_id, mailing_id, MailingKind.MESSAGE)
        if before.state is not MailingState.DRAFT:
            raise Invalid("under_way")
        changed = dataclasses.replace(wanted, id=before.id, created_by=before.created_by)
        mailings.save(store, changed, now=now)
        return before.id


def _whole(subject: Text, body: Text) -> None:
    """A language is written in full or not at all (R64)."""
    if not subject and not body:
        raise Invalid("required", field="body_de")
    for language in LANGUAGES:
        if bool(getattr(subject, language)) != bool(getattr(body, language)):
            missing = "body" if getattr(subject, language) else "subject"
            raise Invalid("half_written", field=f"{missing}_{language}")


def send(
    store: Store, event_id: int, mailing_id: int, *, at: datetime | None, actor: str, now: datetime
) -> Mailing:
    """Let a message go out now, or at an instant; doing it twice changes nothing.

    Raises NotFound, Invalid: `past` (field `at`), `nobody` when it would reach no one.
    """
    with store.changing():
        event = events.required(store, event_id)
        found = _mailing(store, event_id, mailing_id, MailingKind.MESSAGE)
        if found.state is not MailingState.DRAFT:
            return found
        if at is not None and at <= now:
            raise Invalid("past", field="at")
        if not sum(mailings.count(store, event.id, found.audience).values()):
            raise Invalid("nobody")
        changed = dataclasses.replace(found, state=MailingState.SCHEDULED, due_at=at or now)
        return _change(store, changed, "message_scheduled", actor=actor, now=now)


def pause(store: Store, event_id: int, mailing_id: int, *, actor: str, now: datetime) -> Mailing:
    """Hold a mailing: what waits in the outbox waits, what is being sent goes. Raises NotFound."""
    with store.changing():
        found = _mailing(store, event_id, mailing_id)
        held = found.state is MailingState.SCHEDULED or _waiting(store, found)
        if not held or found.state in (MailingState.DRAFT, MailingState.PAUSED):
            return found
        changed = dataclasses.replace(found, state=MailingState.PAUSED)
        return _change(store, changed, "mailing_paused", actor=actor, now=now)


def resume(store: Store, event_id: int, mailing_id: int, *, actor: str, now: datetime) -> Mailing:
    """Let a paused mailing go on where it stopped. Raises NotFound."""
    with store.changing():
        found = _mailing(store, event_id, mailing_id)
        if found.state is not MailingState.PAUSED:
            return found
        changed = dataclasses.replace(found, state=MailingState.SCHEDULED)
        return _change(store, changed, "mailing_resumed", actor=actor, now=now)


def stop(store: Store, event_id: int, mailing_id: int, *, actor: str, now: datetime) -> Mailing:
    """End a mailing for good: nobody else gets it. One that nobody got is a draft again.

    Raises NotFound.
    """
    with store.changing():
        found = _mailing(store, event_id, mailing_id)
        if found.state is MailingState.DRAFT:
            return found
        mailings.take_back(store, found.id, error=STOPPED)
        written = mailings.progress(store, [found.id]).get(found.id)
        if written is None and found.kind is MailingKind.MESSAGE:
            changed = dataclasses.replace(found, state=MailingState.DRAFT, due_at=None)
        else:
            count = written.written if written else 0
            changed = dataclasses.replace(
                found, state=MailingState.SENT, sent_at=now, receivers=count
            )
        return _change(store, changed, "mailing_stopped", actor=actor, now=now)


def send_failed(store: Store, event_id: int, mailing_id: int, *, actor: str, now: datetime) -> int:
    """Try the letters of a mailing again that failed; says how many. Raises NotFound."""
    with store.changing():
        found = _mailing(store, event_id, mailing_id)
        again = mailings.send_failed(store, found.id, now=now)
        if again:
            history.note(store, "mailing_retried", actor=actor, now=now, event_id=event_id)
        return again


def remove(store: Store, event_id: int, mailing_id: int, *, actor: str, now: datetime) -> bool:
    """Throw away a draft, or a reminder that nobody got yet; says whether it went.

    Raises NotFound.
    """
    with store.changing():
        found = _mailing(store, event_id, mailing_id)
        begun = found.id in mailings.progress(store, [found.id])
        if begun or (found.kind is MailingKind.MESSAGE and found.state is not MailingState.DRAFT):
            return False
        mailings.remove(store, found.id)
        history.note(store, "mailing_removed", actor=actor, now=now, event_id=event_id)
        return True


def remind(store: Store, event_id: int, before_minutes: int, *, actor: str, now: datetime) -> int:
    """Have everybody with a seat reminded so long before the beginning; returns the mailing's id.

    Asking for the same twice is one reminder. Raises NotFound, Invalid (field `before`):
    `number` beyond 60 days, `past` when that time is over already.
    """
    if not 0 < before_minutes <= rule.LONGEST_BEFORE:
        raise Invalid("number", field="before")
    with store.changing():
        event = events.required(store, event_id)
        for known in mailings.of_event(store, event.id, MailingKind.REMINDER):
            if known.before_minutes == before_minutes and known.state is not MailingState.SENT:
                return known.id
        wanted = Mailing(
            id=0,
            event_id=event.id,
            kind=MailingKind.REMINDER,
            state=MailingState.SCHEDULED,
            audience=Audience(),
            before_minutes=before_minutes,
            created_by=actor,
        )
        due = rule.due_at(wanted, event)
        if due is None or due <= now or not event_may_come(event):
            raise Invalid("past", field="before")
        history.note(store, "reminder_added", actor=actor, now=now, event_id=event.id)
        return mailings.add(store, wanted, now=now)


def event_may_come(event: Event) -> bool:
    """Whether the meeting may still take place; a draft may get its reminders, too."""
    return event.stage in (Stage.DRAFT, Stage.ANNOUNCED)


def _waiting(store: Store, mailing: Mailing) -> bool:
    found = mailings.progress(store, [mailing.id]).get(mailing.id)
    return found is not None and found.queued > 0


def _change(store: Store, mailing: Mailing, verb: str, *, actor: str, now: datetime) -> Mailing:
    mailings.save(store, mailing, now=now)
    history.note(store, verb, actor=actor, now=now, event_id=mailing.event_id)
    return mailing


def _mailing(
    store: Store, event_id: int, mailing_id: int, kind: MailingKind | None = None
) -> Mailing:
    found = mailings.by_id(store, mailing_id)
    if found is None or found.event_id != event_id or (kind and found.kind is not kind):
        raise NotFound
    return found
