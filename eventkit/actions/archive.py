"""The recap that stays: its texts, quotes and pictures."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from eventkit.documents import pictures
from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.model.archive import Photo, Quote, Recap
from eventkit.model.material import Stored
from eventkit.model.text import NOTHING, Text
from eventkit.rules import text
from eventkit.store import archive, events, files, history, shelf
from eventkit.store.rows import Store


def save_recap(
    store: Store,
    event_id: int,
    *,
    title: Text,
    lead: Text,
    body: Text,
    quotes: Sequence[Quote] = (),
    publish: bool,
    actor: str,
    now: datetime,
) -> Recap:
    """Write a meeting's recap and, with `publish`, show it to everybody. Raises NotFound."""
    with store.changing():
        if events.by_id(store, event_id) is None:
            raise NotFound
        before = archive.recap(store, event_id)
        published_at = (before.published_at if before else None) or now
        wanted = Recap(
            event_id=event_id,
            title=text.clean_both(title),
            lead=text.clean_both(lead, lines=True),
            body=text.clean_both(body, lines=True),
            published_at=published_at if publish else None,
            changed_at=now,
        )
        archive.save_recap(store, wanted, now=now)
        archive.set_quotes(store, event_id, [_quote(quote) for quote in quotes if quote.text])
        verb = "recap_published" if publish else "recap_saved"
        history.note(store, verb, actor=actor, now=now, event_id=event_id)
        return archive.recap(store, event_id) or wanted


def add_photo(
    store: Store,
    event_id: int,
    octets: bytes,
    *,
    caption: Text,
    alt: Text,
    credit: str = "",
    people: Sequence[str] = (),
    actor: str,
    now: datetime,
    identity: Identity,
) -> Photo:
    """Add a picture to a recap, drawn anew without EXIF. Raises Invalid, NotFound."""
    drawn = pictures.redraw(octets)
    sha256, size = shelf.put(store, drawn.octets)
    photo = Photo(
        public_id=identity.public_id(),
        file=Stored(sha256, drawn.media_type, size),
        caption=text.clean_both(caption),
        alt=text.clean_both(alt) or NOTHING,
        credit=text.clean(credit)[:200],
        width=drawn.width,
        height=drawn.height,
        people=tuple(text.clean(name)[:200] for name in people),
    )
    with store.changing():
        if events.by_id(store, event_id) is None:
            raise NotFound
        files.record(store, photo.file, now=now)
        archive.add_photo(store, event_id, photo)
        history.note(store, "photo_added", actor=actor, now=now, event_id=event_id)
    return photo


def remove_photo(store: Store, event_id: int, public_id: str, *, actor: str, now: datetime) -> None:
    """Take a picture off the recap. Raises NotFound."""
    with store.changing():
        if not archive.hide_photo(store, event_id, public_id, now=now):
            raise NotFound
        history.note(store, "photo_removed", actor=actor, now=now, event_id=event_id)


def _quote(quote: Quote) -> Quote:
    return dataclasses.replace(
        quote,
        text=text.clean_both(quote.text, lines=True),
        name=text.clean(quote.name)[:200],
        function=text.clean_both(quote.function),
    )
