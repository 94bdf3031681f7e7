"""Personal invitations: one person, one meeting, one link."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from eventkit.model.letter import LetterState
from eventkit.model.registration import State
from eventkit.model.ways import Invitation
from eventkit.store.rows import Row, Store, column, instant_or_none

PURPOSE = "invitation"
_SELECT = """SELECT i.*, r.state AS state, (SELECT l.state FROM letters l
    WHERE l.invitation_id = i.id ORDER BY l.id DESC LIMIT 1) AS letter
    FROM invitations i LEFT JOIN registrations r ON r.id = i.registration_id """
_HAVE_PERSON = "i.anonymised_at IS NULL"


def of_event(store: Store, event_id: int) -> list[Invitation]:
    """The invitations of a meeting, by name."""
    sql = f"""{_SELECT}WHERE i.event_id = :id AND {_HAVE_PERSON}
              ORDER BY fold(i.name), i.email_key, i.id"""
    return [_invitation(row) for row in store.all(sql, id=event_id)]


def by_id(store: Store, event_id: int, invitation_id: int) -> Invitation | None:
    """The invitation with an id, of this meeting."""
    sql = f"{_SELECT}WHERE i.id = :id AND i.event_id = :event AND {_HAVE_PERSON}"
    row = store.one(sql, id=invitation_id, event=event_id)
    return _invitation(row) if row else None


def by_token(store: Store, token_hash: str, *, now: datetime) -> Invitation | None:
    """The invitation a personal link opens, unless it was revoked or ran out."""
    sql = f"""{_SELECT}JOIN tokens t ON t.subject_id = i.id
              WHERE t.hash = :hash AND t.purpose = :purpose AND t.revoked_at IS NULL
                AND (t.expires_at IS NULL OR t.expires_at > :now)
                AND i.revoked_at IS NULL AND {_HAVE_PERSON}"""
    row = store.one(sql, hash=token_hash, purpose=PURPOSE, now=column(now))
    return _invitation(row) if row else None


def by_address(store: Store, event_id: int, email_key: str) -> Invitation | None:
    """The invitation of an address to a meeting, a revoked one too."""
    sql = f"{_SELECT}WHERE i.event_id = :event AND i.email_key = :key AND {_HAVE_PERSON}"
    row = store.one(sql, event=event_id, key=email_key)
    return _invitation(row) if row else None


def known(store: Store, event_id: int) -> tuple[set[str], set[str]]:
    """The addresses (without case) that stand invited to a meeting, and those registered."""
    invited = store.all(
        """SELECT email_key FROM invitations
           WHERE event_id = :id AND revoked_at IS NULL AND anonymised_at IS NULL""",
        id=event_id,
    )
    registered = store.all(
        """SELECT email_key FROM registrations
           WHERE event_id = :id AND state <> 'cancelled' AND anonymised_at IS NULL""",
        id=event_id,
    )
    return {r["email_key"] for r in invited}, {r["email_key"] for r in registered}


def add(store: Store, invitation: Invitation, *, email_key: str, now: datetime) -> int:
    """Write an invitation down in the place of a revoked one; returns its id."""
    values = {
        "name": invitation.name,
        "email": invitation.email,
        "organisation": invitation.organisation,
        "language": invitation.language,
        "group_id": invitation.group_id,
        "nonce": invitation.nonce,
        "created_at": now,
        "sent_at": now,
    }
    former = by_address(store, invitation.event_id, email_key)
    if former is not None:
        cleared = {"reminded_at": None, "reminders": 0, "declined_at": None, "revoked_at": None}
        store.update("invitations", former.id, **values, **cleared, word="", registration_id=None)
        return former.id
    return store.insert("invitations", event_id=invitation.event_id, email_key=email_key, **values)


def reminded(store: Store, invitation_id: int, *, now: datetime) -> None:
    """Note that a reminder was written."""
    store.run(
        "UPDATE invitations SET reminded_at = :now, reminders = reminders + 1 WHERE id = :id",
        id=invitation_id,
        now=column(now),
    )


def declined(store: Store, invitation_id: int, word: str, *, now: datetime) -> None:
    """Note that somebody can't come."""
    store.update("invitations", invitation_id, declined_at=now, word=word)


def accepted(store: Store, invitation_id: int, registration_id: int) -> None:
    """Note the registration an invitation led to."""
    store.update(
        "invitations",
        invitation_id,
        registration_id=registration_id,
        declined_at=None,
        word="",
    )


def revoke(store: Store, invitation_id: int, *, now: datetime) -> None:
    """Take an invitation back, with its link."""
    store.update("invitations", invitation_id, revoked_at=now)
    sql = "UPDATE tokens SET revoked_at = :now WHERE purpose = :purpose AND subject_id = :id"
    store.run(sql, now=column(now), purpose=PURPOSE, id=invitation_id)


def readdress(store: Store, invitation_id: int, *, email: str, email_key: str) -> None:
    """Keep the address an invitation is for from now on."""
    store.update("invitations", invitation_id, email=email, email_key=email_key)


def send_to(store: Store, invitation_id: int, *, email: str, now: datetime) -> None:
    """Send the letters of an invitation that did not arrive to another address."""
    store.run(
        """UPDATE letters SET email = :email, state = 'queued', next_attempt_at = :now, attempts = 0
           WHERE invitation_id = :id AND state IN ('failed', 'queued')""",
        email=email,
        id=invitation_id,
        now=column(now),
    )


def stop_letters(store: Store, invitation_id: int) -> None:
    """Letters of an invitation that still wait are not sent any more: there is an answer."""
    sql = "DELETE FROM letters WHERE invitation_id = :id AND state IN ('queued', 'failed')"
    store.run(sql, id=invitation_id)


def keep_links_until(store: Store, event_id: int, ends_at: datetime) -> None:
    """Let the open links of a meeting's invitations end at another instant."""
    store.run(
        """UPDATE tokens SET expires_at = :at WHERE purpose = :purpose AND revoked_at IS NULL
             AND subject_id IN (SELECT id FROM invitations WHERE event_id = :event)""",
        at=column(ends_at),
        purpose=PURPOSE,
        event=event_id,
    )


def of_registrations(store: Store, registration_ids: Iterable[int]) -> list[int]:
    """The invitations of persons who registered: by it, or with the same address."""
    ids = ", ".join(str(int(each)) for each in registration_ids) or "0"
    rows = store.all(
        f"""SELECT DISTINCT i.id FROM invitations i JOIN registrations r ON r.id IN ({ids})
            WHERE i.anonymised_at IS NULL AND (i.registration_id = r.id
               OR (i.event_id = r.event_id AND i.email_key = r.email_key AND r.email_key <> ''))"""
    )
    return [row["id"] for row in rows]


def with_person(store: Store, event_id: int) -> list[int]:
    """The invitations of a meeting that still name somebody."""
    sql = "SELECT id FROM invitations WHERE event_id = :id AND anonymised_at IS NULL"
    return [row["id"] for row in store.all(sql, id=event_id)]


def forget(store: Store, invitation_ids: Sequence[int], *, now: datetime) -> None:
    """Take the person out of invitations; what became of them stays to be counted.

    Their letters are the caller's (`store.retention`).
    """
    for invitation_id in invitation_ids:
        store.update(
            "invitations",
            invitation_id,
            name="",
            email="",
            email_key="",
            organisation="",
            word="",
            nonce=bytes(16),
            anonymised_at=now,
        )
        sql = "DELETE FROM tokens WHERE purpose = :purpose AND subject_id = :id"
        store.run(sql, purpose=PURPOSE, id=invitation_id)


def _invitation(row: Row) -> Invitation:
    return Invitation(
        id=row["id"],
        event_id=row["event_id"],
        name=row["name"],
        email=row["email"],
        language=row["language"],
        organisation=row["organisation"],
        group_id=row["group_id"],
        nonce=row["nonce"],
        created_at=instant_or_none(row["created_at"]),
        sent_at=instant_or_none(row["sent_at"]),
        reminded_at=instant_or_none(row["reminded_at"]),
        reminders=row["reminders"],
        declined_at=instant_or_none(row["declined_at"]),
        revoked_at=instant_or_none(row["revoked_at"]),
        registration_id=row["registration_id"],
        word=row["word"],
        letter=LetterState(row["letter"]) if row["letter"] else None,
        state=State(row["state"]) if row["state"] else None,
    )
