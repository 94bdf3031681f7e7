"""Upkeep: persons are forgotten when their time is over, leftovers are swept, the log is folded."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from eventkit import transport
from eventkit.actions import accounts, questions, uploading
from eventkit.errors import NotFound
from eventkit.rules import access, fees
from eventkit.store import accounts as account_store
from eventkit.store import (
    appearances,
    drafts,
    events,
    files,
    history,
    imports,
    invitations,
    openings,
    registrations,
    retention,
    shelf,
    stash,
)
from eventkit.store import fees as fee_store
from eventkit.store import questions as question_store
from eventkit.store.rows import Store
from eventkit.transport import Mail

SENSITIVE = timedelta(days=14)
LETTERS = timedelta(days=30)
UNCONFIRMED = timedelta(days=7)
TOKENS = timedelta(days=30)
STEPS = timedelta(days=30)
UPLOADS = timedelta(days=1)
MADE = timedelta(days=30)
COPIES = timedelta(days=30)
COUNTERS = timedelta(days=2)
ACTOR = "eventkit"
_COPIES = ("before-schema-*.sqlite3", "before-restore-*", "backup-*.sqlite3", ".restoring-*")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one upkeep did, in numbers."""

    registrations: int = 0
    sensitive: int = 0
    letters: int = 0
    subscribers: int = 0
    links: int = 0
    files: int = 0
    copies: int = 0


Step = Callable[[str], None]


def _silent(step: str) -> None:
    """Tell nobody which step it is."""


def run(store: Store, mail: Mail, *, now: datetime, step: Step = _silent) -> Swept:
    """Do everything that is due. Doing it twice changes nothing more.

    Each part is a transaction of its own, so that nobody waits for long. Raises Unavailable.
    """
    step("registrations")
    people = _forget_meetings(store, mail, now)
    step("letters")
    sensitive, letters = _forget_parts(store, mail, now)
    step("links")
    with store.changing():
        subscribers = retention.forget_unconfirmed(store, now - UNCONFIRMED)
        appearances.forget_meetings(store, now)
        appearances.extend_links(store, days=access.LINK_DAYS_AFTER)
        links = retention.forget_tokens(store, now - TOKENS)
        account_store.forget_sessions(
            store, created_before=now - accounts.LONGEST, seen_before=now - accounts.IDLE
        )
        history.forget_counts(store, now - COUNTERS)
        retention.forget_files(store, now - UPLOADS)
        drafts.forget(store, now - STEPS)
        openings.forget(store, now)
        kept_from = datetime.combine(fees.delete_before(now.date()), time(), UTC)
        fee_store.forget_invoices(store, kept_from)
    step("files")
    uploading.sweep(store, now=now)
    stash.sweep(store, (now - UPLOADS).timestamp())
    swept = shelf.sweep(
        store,
        files.hashes(store),
        older_than=(now - UPLOADS).timestamp(),
        made_before=(now - MADE).timestamp(),
    )
    copies = _sweep_copies(store.folder, (now - COPIES).timestamp())
    step("log")
    store.checkpoint()
    return Swept(people, sensitive, letters, subscribers, links, swept, copies)


def _forget_meetings(store: Store, mail: Mail, now: datetime) -> int:
    """Make the registrations of meetings anonymous whose retention is over (R56)."""
    total = 0
    for event_id in retention.events_due(store, now):
        with store.changing():
            people = retention.people_of(store, event_id)
            letters = retention.anonymise(store, people, now=now)
            invited = invitations.with_person(store, event_id)
            letters += retention.forget_invitations(store, invited, now=now)
            imports.forget(store, event_id)
            history.note(
                store,
                "anonymised",
                actor=ACTOR,
                now=now,
                event_id=event_id,
                registrations=len(people),
                letters=len(letters),
            )
        transport.discard(mail, [message_id for message_id, _ in letters])
        total += len(people)
    return total


def _forget_parts(store: Store, mail: Mail, now: datetime) -> tuple[int, int]:
    """Delete diet and access needs 14 days after, old letters' receivers 30 days after sending."""
    with store.changing():
        sensitive = retention.forget_sensitive(store, now - SENSITIVE, now=now)
        if sensitive:
            history.note(store, "sensitive_deleted", actor=ACTOR, now=now, number=sensitive)
        letters = retention.forget_old_letters(store, now - LETTERS)
        letters += retention.forget_goodbyes(store)
        retention.forget_old_replies(store, now - LETTERS)
    transport.discard(mail, [message_id for message_id, _ in letters])
    return sensitive, len(letters)


def forget(
    store: Store,
    registration_id: int,
    mail: Mail,
    *,
    actor: str,
    now: datetime,
    goodbye: bool = False,
) -> None:
    """Delete one person at their own wish, at once and everywhere in the data folder (R55).

    The place is given back before (`registration.cancel`) if it was still held. Writes to
    nobody, but a `goodbye` that confirms the cancellation may still go out. Raises NotFound.
    """
    with store.changing():
        registration = registrations.by_id(store, registration_id)
        if registration is None or events.by_id(store, registration.event_id) is None:
            raise NotFound
        sent = question_store.files_of(store, registration_id)
        letters = retention.anonymise(store, [registration_id], now=now, goodbye=goodbye)
        questions.forget_files(store, sent)
        history.note(store, "deleted", actor=actor, now=now, event_id=registration.event_id)
    transport.discard(mail, [message_id for message_id, _ in letters])
    stash.forget(store, registration.event_id)
    store.checkpoint()


def _sweep_copies(folder: Path, older_than: float) -> int:
    """Delete old copies of the database: they remember whom the database has forgotten."""
    gone = 0
    for pattern in _COPIES:
        for found in folder.glob(pattern):
            if found.stat().st_mtime < older_than:
                if found.is_dir():
                    shutil.rmtree(found, ignore_errors=True)
                else:
                    found.unlink(missing_ok=True)
                gone += 1
    return gone
