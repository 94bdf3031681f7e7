"""Inviting people by name: look at the list first, then all letters or none; remind, revoke."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventkit.actions.seating import Hand
from eventkit.documents import tables
from eventkit.errors import Invalid, NotFound, Refused
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.account import Organisation
from eventkit.model.event import Event, Stage
from eventkit.model.letter import Letter, LetterKind, LetterState
from eventkit.model.places import Group
from eventkit.model.ways import WRONG, Entry, Invitation, Mark
from eventkit.rules import access, correspondence, guest_list, text, ways
from eventkit.rules import seats as seats_rule
from eventkit.rules.seats import Window
from eventkit.store import events, history, invitations, outbox, quotas, registrations
from eventkit.store.rows import Store

LONGEST_WORD = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """For all of a list: the group the invitations open, and the language of the letters."""

    group: int | None = None
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Preview:
    """What inviting would do; `seen` names this state of list, choices and meeting."""

    entries: tuple[Entry, ...]
    seen: str

    @property
    def new(self) -> tuple[Entry, ...]:
        """Those who would get a letter."""
        return tuple(entry for entry in self.entries if entry.mark is Mark.NEW)

    @property
    def wrong(self) -> tuple[Entry, ...]:
        """What has to be mended first."""
        return tuple(entry for entry in self.entries if entry.mark in WRONG)


def read(data: bytes) -> list[Entry]:
    """The entries of a list: typed, pasted, CSV or XLSX.

    Raises Invalid (field "file"): what `tables.read_table` refuses, `too_many_guests`.
    """
    try:
        table = tables.read_table(data)
    except Invalid as error:
        if error.code == "too_many_rows":
            raise Invalid("too_many_guests", field="file") from None
        raise
    if guest_list.columns(table.header):
        found = guest_list.entries(list(zip(table.lines, table.rows, strict=True)), table.header)
    elif tables.is_workbook(data):
        rows = zip(table.lines, table.rows, strict=True)
        found = guest_list.entries([(1, table.header), *rows])
    else:
        lines = tables.read_lines(data)
        found = guest_list.entries([(n, guest_list.cells(line)) for n, line in lines])
    if len(found) > guest_list.MOST:
        raise Invalid("too_many_guests", field="file")
    return found


def look(
    store: Store,
    event: Event,
    data: bytes,
    choices: Choices,
    *,
    listed: Sequence[Entry] | None = None,
) -> Preview:
    """Read a list and say who would be written to. Raises Invalid (field "file", "group").

    `listed` is what `read` said before, so that it need not be read again.
    """
    group(store, event, choices.group)
    invited, registered = invitations.known(store, event.id)
    entries = guest_list.marked(
        read(data) if listed is None else listed, invited=invited, registered=registered
    )
    state = repr((entries, choices, event.stage, event.closes_at, event.starts_at))
    digest = hashlib.sha256(hashlib.sha256(data).digest() + state.encode()).hexdigest()
    return Preview(tuple(entries), digest[:32])


def group(store: Store, event: Event, group_id: int | None) -> Group | None:
    """The group invitations or a code may open. Raises Invalid `unknown_group`."""
    if group_id is None:
        return None
    found = next((g for g in quotas.groups(store, event.id) if g.id == group_id), None)
    if found is None:
        raise Invalid("unknown_group", field="group")
    return found


def may_invite(event: Event, now: datetime) -> bool:
    """Whether one can be invited now: the meeting is announced, and one can still register."""
    window = seats_rule.window(event, now)
    return event.stage is Stage.ANNOUNCED and window in (Window.OPEN, Window.NOT_YET)


def invite(
    hand: Hand, event_id: int, data: bytes, choices: Choices, *, seen: str, actor: str
) -> int:
    """Invite everybody new on a list that was looked at; says how many letters were queued.

    Raises Refused `changed_meanwhile` when list or meeting are not what was seen, `no_inviting`
    when nobody could register; Invalid `troubles` while something has to be mended, `nothing`.
    """
    store, now = hand.store, hand.now
    listed = read(data)  # takes long, so before anybody else has to wait
    with store.changing():
        event = events.required(store, event_id)
        if not may_invite(event, now):
            raise Refused("no_inviting")
        preview = look(store, event, data, choices, listed=listed)
        if preview.seen != seen:
            raise Refused("changed_meanwhile")
        if preview.wrong:
            raise Invalid("troubles", field="file")
        if not preview.new:
            raise Invalid("nothing")
        organisation = events.organisation(store)
        for entry in preview.new:
            _invite(hand, event, organisation, entry, choices)
        number = len(preview.new)
        history.note(store, "invited", actor=actor, now=now, event_id=event.id, number=number)
        return number


def _invite(
    hand: Hand, event: Event, organisation: Organisation, entry: Entry, choices: Choices
) -> None:
    nonce = hand.identity.nonce()
    invitation = Invitation(
        id=0,
        event_id=event.id,
        name=entry.name,
        email=entry.email,
        organisation=entry.organisation,
        language=entry.language or choices.language,
        group_id=choices.group,
        nonce=nonce,
    )
    key = text.address_key(entry.email)
    invitation_id = invitations.add(hand.store, invitation, email_key=key, now=hand.now)
    registrations.add_token(
        hand.store,
        token_hash=fingerprint(hand.identity.token(invitations.PURPOSE, nonce)),
        purpose=invitations.PURPOSE,
        subject_id=invitation_id,
        now=hand.now,
        expires_at=access.link_ends_at(event.ends_at),
    )
    known = dataclasses.replace(invitation, id=invitation_id)
    made = letter(known, event, organisation, now=hand.now, identity=hand.identity)
    outbox.queue(hand.store, made)


def letter(
    invitation: Invitation,
    event: Event,
    organisation: Organisation,
    *,
    now: datetime,
    identity: Identity,
    reminder: bool = False,
) -> Letter:
    """The letter that invites somebody, or reminds them."""
    facts = dataclasses.replace(
        correspondence.about(organisation, event),
        answer_by=event.closes_at or event.starts_at,
        delete_on=access.delete_on(event.ends_at, event.retention_days),
    )
    return Letter(
        id=0,
        kind=LetterKind.INVITATION_REMINDER if reminder else LetterKind.INVITATION,
        state=LetterState.QUEUED,
        language=invitation.language,
        name=invitation.name,
        email=invitation.email,
        message_id=identity.message_id(),
        facts=facts,
        created_at=now,
        event_id=event.id,
        invitation_id=invitation.id or None,
        nonce=invitation.nonce,
    )


def to_remind(store: Store, event: Event, now: datetime) -> list[Invitation]:
    """Who would be reminded now: nobody who answered, nobody twice within three days."""
    if not may_invite(event, now):
        return []
    return [each for each in invitations.of_event(store, event.id) if ways.may_remind(each, now)]


def remind(hand: Hand, event_id: int, wanted: Sequence[int], *, actor: str) -> int:
    """Remind those who were seen on the page and still may be; says how many."""
    store = hand.store
    with store.changing():
        event = events.required(store, event_id)
        organisation = events.organisation(store)
        chosen = [each for each in to_remind(store, event, hand.now) if each.id in set(wanted)]
        for each in chosen:
            outbox.queue(
                store,
                letter(
                    each,
                    event,
                    organisation,
                    now=hand.now,
                    identity=hand.identity,
                    reminder=True,
                ),
            )
            invitations.reminded(store, each.id, now=hand.now)
        if chosen:
            number = len(chosen)
            history.note(
                store,
                "invitations_reminded",
                actor=actor,
                now=hand.now,
                event_id=event.id,
                number=number,
            )
        return len(chosen)


def revoke(store: Store, event_id: int, invitation_id: int, *, actor: str, now: datetime) -> None:
    """Take an invitation back: its link opens nothing any more. Writes to nobody.

    A registration that it led to stays. Raises NotFound.
    """
    with store.changing():
        found = invitations.by_id(store, event_id, invitation_id)
        if found is None:
            raise NotFound
        if found.revoked_at is None:
            invitations.revoke(store, found.id, now=now)
            invitations.stop_letters(store, found.id)
            history.note(store, "invitation_revoked", actor=actor, now=now, event_id=event_id)


def find(store: Store, token: str, *, now: datetime) -> Invitation:
    """The invitation a personal link opens. Raises NotFound for any that opens nothing."""
    found = invitations.by_token(store, fingerprint(token), now=now)
    if found is None:
        raise NotFound
    return found


def decline(store: Store, token: str, word: str, *, now: datetime) -> Invitation:
    """Somebody can't come; their letters that still wait are not sent. A "yes" may follow.

    Raises NotFound, Invalid `too_long` (field "word"), Refused `accepted` while a registration
    stands: that one is cancelled on its own page.
    """
    cleaned = text.clean(word, lines=True)
    if len(cleaned) > LONGEST_WORD:
        raise Invalid("too_long", field="word")
    with store.changing():
        found = find(store, token, now=now)
        if not ways.opens(found):
            raise Refused("accepted")
        invitations.declined(store, found.id, cleaned, now=now)
        invitations.stop_letters(store, found.id)
        history.note(store, "invitation_declined", actor="guest", now=now, event_id=found.event_id)
        return find(store, token, now=now)
