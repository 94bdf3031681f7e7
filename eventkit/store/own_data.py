"""What guests change about themselves: what they told, and what they agreed to."""

from collections.abc import Mapping
from datetime import datetime

from eventkit.model.registration import Consent
from eventkit.store.rows import Store, column, fold


def correct(
    store: Store, registration_id: int, fields: Mapping[str, str], *, now: datetime
) -> None:
    """Keep what a guest corrected about themselves."""
    names = ("name", "organisation", "role", "access_needs", "diet", "language")
    values = {name: fields[name] for name in names}
    folded = fold(values["organisation"])
    store.update(
        "registrations", registration_id, **values, organisation_key=folded, changed_at=now
    )


def agree(store: Store, registration_id: int, consent: Consent) -> None:
    """Keep what a person agreed to, and when."""
    store.insert(
        "consents",
        registration_id=registration_id,
        purpose=consent.purpose,
        text=consent.text,
        language=consent.language,
        given_at=consent.given_at,
    )


def withdraw(store: Store, registration_id: int, purpose: str, *, now: datetime) -> None:
    """Note that a person no longer agrees."""
    store.run(
        """UPDATE consents SET withdrawn_at = :now
           WHERE registration_id = :id AND purpose = :purpose AND withdrawn_at IS NULL""",
        id=registration_id,
        purpose=purpose,
        now=column(now),
    )


def forget_needs(store: Store, registration_id: int, *, now: datetime) -> None:
    """Delete what somebody told about food and access."""
    store.update("registrations", registration_id, access_needs="", diet="", changed_at=now)


def on_the_list(store: Store, event_id: int) -> list[tuple[str, str]]:
    """Name and organisation of those with a place who agreed to be seen by each other (R53)."""
    rows = store.all(
        """SELECT r.name, r.organisation FROM registrations r
           WHERE r.event_id = :event AND r.state IN ('confirmed', 'attended')
             AND r.anonymised_at IS NULL AND EXISTS (
               SELECT 1 FROM consents c WHERE c.registration_id = r.id
                 AND c.purpose = 'attendee_list' AND c.withdrawn_at IS NULL)
           ORDER BY fold(r.name), r.id""",
        event=event_id,
    )
    return [(row["name"], row["organisation"]) for row in rows]
