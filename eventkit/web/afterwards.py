"""What a calendar entry gains when its meeting is over: the ways to slides and recap."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from eventkit.language import catalogue
from eventkit.model.event import Event, Link, Stage
from eventkit.model.text import Text
from eventkit.store import personal_feeds
from eventkit.web.site import now, site, store

Told = tuple[Event, tuple[Link, ...]]


def told(found: Sequence[Event]) -> list[Told]:
    """The meetings with their further links; the entry of one that gained any is dated anew.

    The same UID and SEQUENCE: nobody has to be asked or rung for it.
    """
    over = [e.id for e in found if e.stage is not Stage.CANCELLED and now() >= e.ends_at]
    known = personal_feeds.afterwards(store(), over, now=now()) if over else {}
    return [_told(event, *known[event.id]) if event.id in known else (event, ()) for event in found]


def _told(event: Event, recap: bool, downloads: int, since: datetime) -> Told:
    page = site().links.event(event.slug)
    links = []
    if recap:
        links.append(Link(_both("Recap"), f"{page}#recap"))
    if downloads:
        links.append(Link(_both("Slides and downloads"), f"{page}#downloads"))
    changed = max(event.changed_at, event.ends_at, since)
    return replace(event, changed_at=changed), tuple(links)


def _both(message: str) -> Text:
    return Text(de=catalogue("de").gettext(message), en=catalogue("en").gettext(message))


def until(found: Iterable[Event]) -> datetime | None:
    """When the next of these meetings is over, so that its entry may gain something."""
    return min((event.ends_at for event in found if event.ends_at > now()), default=None)
