"""Recaps with quotes and pictures, and the people who read the newsletter."""

from collections.abc import Sequence
from datetime import datetime

from eventkit.model.archive import Photo, Quote, Recap, Subscriber, Subscription
from eventkit.model.event import Event
from eventkit.model.material import Stored
from eventkit.store.event_rows import event_of
from eventkit.store.rows import Row, Store, column, instant, instant_or_none, text


def recap(store: Store, event_id: int) -> Recap | None:
    """The recap of a meeting, published or not."""
    row = store.one("SELECT * FROM recaps WHERE event_id = :id", id=event_id)
    if row is None:
        return None
    return Recap(
        event_id=event_id,
        title=text(row["title"]),
        lead=text(row["lead"]),
        body=text(row["body"]),
        published_at=instant_or_none(row["published_at"]),
        changed_at=instant(row["changed_at"]),
        quotes=_quotes(store, event_id),
        photos=_photos(store, event_id),
    )


def recapped(store: Store, event_ids: Sequence[int]) -> set[int]:
    """Which of these meetings have a published recap."""
    marks = ", ".join(str(int(event_id)) for event_id in event_ids) or "0"
    sql = f"SELECT event_id FROM recaps WHERE published_at IS NOT NULL AND event_id IN ({marks})"
    return {row["event_id"] for row in store.all(sql)}


def published_recaps(store: Store, *, limit: int) -> list[tuple[Event, Recap]]:
    """The texts of listed meetings' recaps, the newest first, without quotes and pictures."""
    rows = store.all(
        """SELECT e.*, NULL AS topic_slugs, NULL AS programme_version, r.title AS recap_title,
               r.lead, r.body, r.published_at, r.changed_at AS recap_changed_at
           FROM recaps r JOIN events e ON e.id = r.event_id
           WHERE r.published_at IS NOT NULL AND e.stage <> 'draft' AND e.listed = 1
           ORDER BY r.published_at DESC, e.id DESC LIMIT :limit""",
        limit=limit,
    )
    return [
        (
            event_of(row),
            Recap(
                event_id=row["id"],
                title=text(row["recap_title"]),
                lead=text(row["lead"]),
                body=text(row["body"]),
                published_at=instant(row["published_at"]),
                changed_at=instant(row["recap_changed_at"]),
            ),
        )
        for row in rows
    ]


def save_recap(store: Store, wanted: Recap, *, now: datetime) -> None:
    """Write a recap's texts; quotes and pictures have their own ways."""
    store.run(
        """INSERT INTO recaps (event_id, title, lead, body, published_at, changed_at)
           VALUES (:id, :title, :lead, :body, :published, :now)
           ON CONFLICT (event_id) DO UPDATE SET title = :title, lead = :lead, body = :body,
               published_at = :published, changed_at = :now""",
        id=wanted.event_id,
        title=column(wanted.title),
        lead=column(wanted.lead),
        body=column(wanted.body),
        published=column(wanted.published_at),
        now=column(now),
    )


def set_quotes(store: Store, event_id: int, quotes: Sequence[Quote]) -> None:
    """Replace the quotes of a recap."""
    store.run("DELETE FROM quotes WHERE event_id = :id", id=event_id)
    for position, quote in enumerate(quotes):
        person_id = store.value("SELECT id FROM people WHERE slug = :slug", slug=quote.person_slug)
        store.insert(
            "quotes",
            event_id=event_id,
            position=position,
            person_id=person_id,
            name=quote.name,
            function=quote.function,
            text=quote.text,
        )


def add_photo(store: Store, event_id: int, photo: Photo) -> int:
    """Add a picture, whose file is recorded, at the end; returns its id."""
    sql = "SELECT count(*) FROM photos WHERE event_id = :id"
    position = store.value(sql, id=event_id)
    photo_id = store.insert(
        "photos",
        public_id=photo.public_id,
        event_id=event_id,
        position=position,
        file=photo.file.sha256,
        caption=photo.caption,
        alt=photo.alt,
        credit=photo.credit,
        width=photo.width,
        height=photo.height,
    )
    for place, name in enumerate(photo.people):
        store.insert("photo_people", photo_id=photo_id, position=place, name=name)
    return photo_id


def hide_photo(store: Store, event_id: int, public_id: str, *, now: datetime) -> bool:
    """Take a picture off its page; says whether it was there."""
    sql = """UPDATE photos SET hidden_at = :now
             WHERE event_id = :event AND public_id = :public AND hidden_at IS NULL"""
    return bool(store.run(sql, now=column(now), event=event_id, public=public_id))


def photos_of(store: Store, event_id: int, registration_id: int) -> list[str]:
    """The pictures of a meeting that show a guest: named by their registration, or by their name.

    Two people of one name are both meant: better one picture less than one too many.
    """
    rows = store.all(
        """SELECT DISTINCT ph.public_id FROM photos ph
           JOIN photo_people pp ON pp.photo_id = ph.id
           JOIN registrations r ON r.id = :registration
           WHERE ph.event_id = :event AND ph.hidden_at IS NULL
             AND (pp.registration_id = r.id
                  OR (pp.registration_id IS NULL AND pp.name <> ''
                      AND fold(pp.name) = fold(r.name)))
           ORDER BY ph.public_id""",
        event=event_id,
        registration=registration_id,
    )
    return [row["public_id"] for row in rows]


def photo(store: Store, event_id: int, public_id: str) -> Photo | None:
    """A picture of a meeting that is not hidden."""
    return next((p for p in _photos(store, event_id) if p.public_id == public_id), None)


def subscriber_by_address(store: Store, email_key: str) -> Subscriber | None:
    """The subscription of an address, whatever its state."""
    row = store.one("SELECT * FROM subscribers WHERE email_key = :key", key=email_key)
    return _subscriber(row) if row else None


def subscriber_by_token(store: Store, token_hash: str, *, now: datetime) -> Subscriber | None:
    """The subscription a link of a newsletter letter opens."""
    row = store.one(
        """SELECT s.* FROM subscribers s JOIN tokens t ON t.subject_id = s.id
           WHERE t.hash = :hash AND t.purpose = 'newsletter' AND t.revoked_at IS NULL
             AND (t.expires_at IS NULL OR t.expires_at > :now)""",
        hash=token_hash,
        now=column(now),
    )
    return _subscriber(row) if row else None


def save_subscriber(store: Store, subscriber: Subscriber, *, email_key: str) -> int:
    """Create a subscription (id 0) or write one back; returns its id."""
    names = "email language state consent_text nonce asked_at confirmed_at ended_at".split()
    values = {name: getattr(subscriber, name) for name in names}
    if not subscriber.id:
        return store.insert("subscribers", email_key=email_key, **values)
    store.update("subscribers", subscriber.id, **values)
    return subscriber.id


def delete_subscriber(store: Store, subscriber_id: int) -> None:
    """Forget a subscription and its links."""
    sql = "DELETE FROM tokens WHERE purpose = 'newsletter' AND subject_id = :id"
    store.run(sql, id=subscriber_id)
    store.run("DELETE FROM subscribers WHERE id = :id", id=subscriber_id)


def count_subscribers(store: Store) -> int:
    """How many people read the newsletter."""
    return int(store.value("SELECT count(*) FROM subscribers WHERE state = 'confirmed'"))


def _subscriber(row: Row) -> Subscriber:
    return Subscriber(
        id=row["id"],
        email=row["email"],
        language=row["language"],
        state=Subscription(row["state"]),
        consent_text=row["consent_text"],
        asked_at=instant(row["asked_at"]),
        confirmed_at=instant_or_none(row["confirmed_at"]),
        ended_at=instant_or_none(row["ended_at"]),
        nonce=row["nonce"],
    )


def _quotes(store: Store, event_id: int) -> tuple[Quote, ...]:
    rows = store.all(
        """SELECT q.*, p.slug FROM quotes q LEFT JOIN people p ON p.id = q.person_id
           WHERE q.event_id = :id ORDER BY q.position, q.id""",
        id=event_id,
    )
    return tuple(
        Quote(text(r["text"]), r["name"], text(r["function"]), r["slug"] or "") for r in rows
    )


def _photos(store: Store, event_id: int) -> tuple[Photo, ...]:
    rows = store.all(
        """SELECT ph.*, f.media_type, f.size FROM photos ph JOIN files f ON f.sha256 = ph.file
           WHERE ph.event_id = :id AND ph.hidden_at IS NULL ORDER BY ph.position, ph.id""",
        id=event_id,
    )
    names: dict[int, list[str]] = {}
    people = store.all(
        """SELECT pp.photo_id, coalesce(nullif(pp.name, ''), pe.name, '') AS name
           FROM photo_people pp JOIN photos ph ON ph.id = pp.photo_id
           LEFT JOIN people pe ON pe.id = pp.person_id
           WHERE ph.event_id = :id ORDER BY pp.position""",
        id=event_id,
    )
    for row in people:
        names.setdefault(row["photo_id"], []).append(row["name"])
    return tuple(
        Photo(
            public_id=r["public_id"],
            file=Stored(r["file"], r["media_type"], r["size"]),
            caption=text(r["caption"]),
            alt=text(r["alt"]),
            credit=r["credit"],
            width=r["width"],
            height=r["height"],
            people=tuple(names.get(r["id"], ())),
        )
        for r in rows
    )
