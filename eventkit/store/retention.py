"""Forgetting: what must not be kept any longer loses its person, in one place (R50, R55, R56)."""

from collections.abc import Sequence
from datetime import datetime

from eventkit.store import invitations, mailings, personal_feeds, previews
from eventkit.store.rows import Store, column

_LIVE = "r.state <> 'cancelled' AND r.anonymised_at IS NULL"
_FACTS = (
    "'$.uid', '$.state', '$.queue', '$.sessions', '$.items', '$.missing', '$.invited_at', "
    "'$.fee', '$.cancelled_by', '$.own_subject', '$.own_body', '$.registered_by', "
    "'$.asked', '$.asker', '$.asker_email', '$.reason'"
)
_GOODBYE = "kind = 'cancelled' AND state IN ('queued', 'sending')"
_SAFE = "('registered', 'seat_given', 'offered', 'approved', 'refused', 'cancelled')"
_TITLES = "('workshop_given', 'workshop_freed')"  # their subject is a workshop
Letters = list[tuple[str, str]]


def events_due(store: Store, now: datetime) -> list[int]:
    """Meetings whose retention has run out and that still name a guest or somebody invited."""
    rows = store.all(
        """SELECT e.id FROM events e
           WHERE :now >= strftime('%Y-%m-%dT%H:%M:%SZ',
                   e.ends_at, '+' || e.retention_days || ' days')
             AND (EXISTS (SELECT 1 FROM registrations r
                          WHERE r.event_id = e.id AND r.anonymised_at IS NULL)
               OR EXISTS (SELECT 1 FROM invitations i
                          WHERE i.event_id = e.id AND i.anonymised_at IS NULL))
           ORDER BY e.id""",
        now=column(now),
    )
    return [row["id"] for row in rows]


def people_of(store: Store, event_id: int) -> list[int]:
    """The registrations of a meeting that still have a person."""
    sql = "SELECT id FROM registrations WHERE event_id = :id AND anonymised_at IS NULL ORDER BY id"
    return [row["id"] for row in store.all(sql, id=event_id)]


def anonymise(
    store: Store, registration_ids: Sequence[int], *, now: datetime, goodbye: bool = False
) -> Letters:
    """Take the person out of registrations: name, address, answers, links, letters, history.

    What is left counts: state, times, workshops, the wording of consents. Returns
    (Message-ID, creation) of the letters that lost their receiver. With `goodbye` the letter
    that confirms a cancellation may still go out, without a link (`forget_goodbyes`).
    """
    letters: Letters = []
    which = "registration_id = :id"
    if goodbye:
        which += f" AND NOT ({_GOODBYE})"
    letters += forget_invitations(
        store, invitations.of_registrations(store, registration_ids), now=now
    )
    for registration_id in registration_ids:
        letters += _forget_registrar(store, registration_id)
        mailings.forget_person(store, registration_id)
        letters += _forget_letters(store, which, id=registration_id)
        store.run("UPDATE letters SET nonce = x'' WHERE registration_id = :id", id=registration_id)
        _forget_replies(
            store,
            """registration_id = :id OR lower(:email) IN (lower(attendee), lower(sender))""",
            id=registration_id,
            email=store.value("SELECT email FROM registrations WHERE id = :id", id=registration_id),
        )
        store.run(
            """UPDATE registrations SET name = '', email = '', email_key = '', organisation = '',
                   organisation_key = '', role = '', access_needs = '', diet = '',
                   billing = '', attempt = 'anonymous-' || id, nonce = zeroblob(16),
                   feed_nonce = NULL, offered_until = NULL, changed_at = :now, anonymised_at = :now
               WHERE id = :id""",
            id=registration_id,
            now=column(now),
        )
        for sql in (
            "DELETE FROM answers WHERE registration_id = :id",
            "DELETE FROM marked_items WHERE registration_id = :id",
            "DELETE FROM companions WHERE registration_id = :id",
            "DELETE FROM tokens WHERE purpose = 'registration' AND subject_id = :id",
            "UPDATE photo_people SET name = '' WHERE registration_id = :id",
            f"""UPDATE history SET subject = ''
                WHERE registration_id = :id AND verb NOT IN {_TITLES}""",
            f"""UPDATE history SET details = '{{}}'
                WHERE registration_id = :id AND verb NOT IN {_SAFE}""",
        ):
            store.run(sql, id=registration_id)
        # the address of the feed stays as a hash that says it ended: 404 would leave the entries
        personal_feeds.revoke(store, "feed", registration_id, now=now)
    return letters


def forget_invitations(store: Store, invitation_ids: Sequence[int], *, now: datetime) -> Letters:
    """Take the person out of invitations and of the letters that carried them."""
    letters: Letters = []
    for invitation_id in invitation_ids:
        letters += _forget_letters(store, "invitation_id = :id", id=invitation_id)
    invitations.forget(store, invitation_ids, now=now)
    return letters


def _forget_registrar(store: Store, registration_id: int) -> Letters:
    """The letters to those whom somebody registered no longer say who that was."""
    rows = store.all(
        """UPDATE letters SET facts = json_remove(facts, '$.registered_by')
           WHERE json_extract(facts, '$.registered_by') IS NOT NULL AND registration_id IN
             (SELECT o.id FROM registrations o JOIN registrations r ON r.id = :id
              WHERE o.event_id = r.event_id AND o.party = r.party AND r.party <> '')
             AND json_extract(facts, '$.registered_by') =
                 (SELECT name FROM registrations WHERE id = :id)
           RETURNING message_id, created_at""",
        id=registration_id,
    )
    return [(row["message_id"], row["created_at"]) for row in rows]


def _forget_letters(store: Store, which: str, **values: object) -> Letters:
    """Letters lose receiver and personal facts; one that still waits is not sent any more.

    One that is being sent at this moment stays, without its receiver.
    """
    waiting = store.all(
        f"""DELETE FROM letters WHERE state IN ('queued', 'failed') AND ({which})
            RETURNING message_id, created_at""",
        **values,
    )
    rows = store.all(
        f"""UPDATE letters SET name = '', email = '', nonce = x'', error = '',
                facts = json_remove(facts, {_FACTS})
            WHERE email <> '' AND ({which}) RETURNING message_id, created_at""",
        **values,
    )
    return [(row["message_id"], row["created_at"]) for row in waiting + rows]


def forget_letters_to(store: Store, subscriber_id: int) -> Letters:
    """Letters of the newsletter to somebody who leaves lose their receiver."""
    return _forget_letters(store, "subscriber_id = :id", id=subscriber_id)


def _forget_replies(store: Store, which: str, **values: object) -> int:
    """Answers that came in lose their sender and their words."""
    return store.run(
        f"""UPDATE replies SET sender = '', attendee = '', excerpt = ''
            WHERE sender || attendee || excerpt <> '' AND ({which})""",
        **values,
    )


def forget_old_replies(store: Store, received_before: datetime) -> int:
    """Answers that nobody could match lose their sender after a while."""
    before = column(received_before)
    return _forget_replies(
        store, "received_at < :before AND registration_id IS NULL", before=before
    )


def forget_old_letters(store: Store, sent_before: datetime) -> Letters:
    """Letters sent long ago lose their receiver, unless that person is still registered.

    The list of letters shows its receivers for as long as their registration lives. One that
    failed goes with its registration, invitation or subscription; one that has none of these
    (to somebody who speaks, or waited for the opening) after the same time.
    """
    return _forget_letters(
        store,
        f"""(state = 'sent' AND sent_at < :before AND NOT EXISTS
              (SELECT 1 FROM registrations r WHERE r.id = letters.registration_id AND {_LIVE}))
            OR (state = 'failed' AND created_at < :before AND registration_id IS NULL
                AND invitation_id IS NULL AND subscriber_id IS NULL)""",
        before=column(sent_before),
    )


def forget_goodbyes(store: Store) -> Letters:
    """The last letters to persons already forgotten lose their receiver once they went out."""
    return _forget_letters(
        store,
        """state IN ('sent', 'failed') AND registration_id IN
           (SELECT id FROM registrations WHERE anonymised_at IS NOT NULL)""",
    )


def forget_sensitive(store: Store, ended_before: datetime, *, now: datetime) -> int:
    """Delete diet, access needs and sensitive answers of meetings that ended before (R50)."""
    before = column(ended_before)
    touched = store.run(
        """UPDATE registrations SET access_needs = '', diet = '', changed_at = :now
           WHERE (access_needs <> '' OR diet <> '')
             AND event_id IN (SELECT id FROM events WHERE ends_at < :before)""",
        before=before,
        now=column(now),
    )
    return touched + store.run(
        """DELETE FROM answers WHERE question_id IN
               (SELECT q.id FROM questions q JOIN events e ON e.id = q.event_id
                WHERE (q.sensitive = 1 AND e.ends_at < :before)
                   OR (q.delete_after_days IS NOT NULL AND :now >= strftime('%Y-%m-%dT%H:%M:%SZ',
                       e.ends_at, '+' || q.delete_after_days || ' days')))""",
        before=before,
        now=column(now),
    )


def forget_unconfirmed(store: Store, asked_before: datetime) -> int:
    """Delete newsletter wishes that nobody confirmed, with their letters' receivers."""
    old = "SELECT id FROM subscribers WHERE state = 'pending' AND asked_at < :before"
    before = column(asked_before)
    _forget_letters(store, f"subscriber_id IN ({old})", before=before)
    store.run(
        f"DELETE FROM tokens WHERE purpose = 'newsletter' AND subject_id IN ({old})", before=before
    )
    return store.run(f"DELETE FROM subscribers WHERE id IN ({old})", before=before)


def forget_tokens(store: Store, expired_before: datetime) -> int:
    """Delete personal links that ran out long ago."""
    return store.run("DELETE FROM tokens WHERE expires_at < :before", before=column(expired_before))


def forget_files(store: Store, created_before: datetime) -> int:
    """Delete the records of files that nothing refers to any more."""
    previews.forget(store)
    references = store.all(
        """SELECT m.name AS place, f."from" AS field FROM sqlite_master m
           JOIN pragma_foreign_key_list(m.name) f ON f."table" = 'files' WHERE m.type = 'table'"""
    )
    used = " UNION ".join(
        f'SELECT "{row["field"]}" FROM "{row["place"]}" WHERE "{row["field"]}" IS NOT NULL'
        for row in references
    )
    return store.run(
        f"""DELETE FROM files WHERE created_at < :before AND sha256 NOT IN ({used})
            AND NOT EXISTS (SELECT 1 FROM answers a WHERE instr(a.value, sha256))""",
        before=column(created_before),
    )
