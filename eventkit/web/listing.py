"""Meetings in lists: the arguments of `meeting_row` and `date_block`, with few queries."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import url_for

from eventkit import language as words
from eventkit.model.archive import Topic
from eventkit.model.event import Event, Stage
from eventkit.store import archive, events
from eventkit.store import seats as seat_store
from eventkit.web import meeting
from eventkit.web.language import current, plain, t
from eventkit.web.language import gettext as _
from eventkit.web.site import now, store


def block(event: Event) -> dict[str, Any]:
    """A meeting's days for `date_block(**…)`."""
    language, first, last = current(), _local(event), _last(event)
    until = str(last.day) if last != first and last.month == first.month else ""
    return {
        "day": str(first.day),
        "month": words.month(event.starts_at, event.zone, language),
        "year": str(first.year),
        "iso": first.isoformat(),
        "weekday": "" if until else format_date(first, "EEEE", locale=language),
        "until": until,
    }


def rows(
    found: Sequence[Event], *, topics: Iterable[Topic] | None = None, heading: str = "h3"
) -> list[dict[str, Any]]:
    """Meetings for `meeting_row(**…)`; three queries, however many meetings there are."""
    named = {topic.slug: topic for topic in topics or events.topics(store())}
    seats = seat_store.seats_of(store(), found)
    recapped = archive.recapped(store(), [event.id for event in found])
    return [
        {
            "title": t(event.title),
            "href": url_for("public.event", slug=event.slug),
            "when": when(event),
            "place": meeting.where(event),
            "summary": t(event.summary),
            "state": _state(event, meeting.standing(event, seats[event.id]), event.id in recapped),
            "topics": topic_tags(named[slug] for slug in event.topic_slugs if slug in named),
            "heading": heading,
            **block(event),
        }
        for event in found
    ]


def topic_tags(topics: Iterable[Topic]) -> list[dict[str, Any]]:
    """Topics for `tags`."""
    return [
        {"label": t(topic.title), "href": url_for("public.topic", slug=topic.slug)}
        for topic in topics
    ]


def when(event: Event) -> str:
    """The hours of a meeting on one day, or both ends of a longer one."""
    language = current()
    if _local(event) != _last(event):
        return words.span(
            event.starts_at, event.ends_at, event.zone, language, all_day=event.all_day
        )
    if event.all_day:
        return _("all day")
    return words.hours(event.starts_at, event.ends_at, event.zone, language)


def further(links: Iterable[Any]) -> list[dict[str, str]]:
    """Labelled links for a list of further information."""
    return [{"label": plain(link.label) or link.url, "href": link.url} for link in links]


def _state(event: Event, standing: meeting.Standing, recapped: bool) -> str:
    if event.stage is Stage.CANCELLED:
        return _("called off")
    if now() >= event.ends_at:
        return _("with a recap") if recapped else ""
    return standing.short


def _local(event: Event) -> date:
    return event.starts_at.astimezone(ZoneInfo(event.zone)).date()


def _last(event: Event) -> date:
    end = event.ends_at - timedelta(seconds=1)
    return end.astimezone(ZoneInfo(event.zone)).date()
