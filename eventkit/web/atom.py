"""What the news feed tells: each announcement and each recap once, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from eventkit.model.event import Event, Stage
from eventkit.model.text import NOTHING, Text
from eventkit.store import archive, events
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news. `id` is a URN that never changes (RFC 4287 4.2.6)."""

    id: str
    kind: str
    event: Event
    title: Text
    summary: Text
    body: Text
    published_at: datetime
    updated_at: datetime


def entries(store: Store, *, limit: int) -> list[Entry]:
    """The latest news of listed meetings."""
    found = [_announcement(event) for event in events.announced(store, limit=limit)]
    for event, recap in archive.published_recaps(store, limit=limit):
        published_at = recap.published_at or recap.changed_at
        found.append(
            Entry(
                id=_urn(event, "recap"),
                kind="recap",
                event=event,
                title=recap.title or event.title,
                summary=recap.lead or event.summary,
                body=recap.body,
                published_at=published_at,
                updated_at=max(published_at, recap.changed_at),
            )
        )
    found.sort(key=lambda entry: (entry.published_at, entry.id), reverse=True)
    return found[:limit]


def _announcement(event: Event) -> Entry:
    announced_at = event.announced_at or event.created_at
    cancelled = event.stage is Stage.CANCELLED
    return Entry(
        id=_urn(event, "announcement"),
        kind="called off" if cancelled else "announcement",
        event=event,
        title=event.title,
        summary=event.summary,
        body=event.cancellation if cancelled else NOTHING,
        published_at=announced_at,
        updated_at=max(announced_at, event.revised_at),
    )


def _urn(event: Event, kind: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{event.uid}#{kind}')}"
