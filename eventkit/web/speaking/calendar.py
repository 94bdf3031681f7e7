"""For somebody who speaks, with a personal link: their own appearances as a calendar."""

from datetime import datetime

from flask import Response
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.documents import ical
from eventkit.documents.ical.calendars import CANCELLED_STAYS, PAST_STAYS
from eventkit.links import fingerprint
from eventkit.model.agenda import Item
from eventkit.model.event import Event, Stage
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.store import personal_feeds
from eventkit.web import access, feeds
from eventkit.web import calendars as answers
from eventkit.web.calendars import Made
from eventkit.web.site import now, organisation, site, store
from eventkit.web.speaking.desk import blueprint


@blueprint.get("/<token>/calendar.ics")
@access.personal
def calendar(token: str) -> Response:
    """A speaker's own feed: what they do in published programmes, cancelled items too."""
    found = personal_feeds.speaker(store(), fingerprint(token))
    if found is None:
        raise NotFoundPage
    person, revoked_at = found
    if revoked_at is not None:
        return feeds.ended(token, revoked_at)
    language = answers.feed_language()
    key = f"speaking:{person.id}:{language}:{site().links.base}"
    return answers.answer(key, lambda: _made(person, language), public=False)


def _made(person: Person, language: str) -> Made:
    by = answers.publisher(language)
    all_talks = personal_feeds.talks(store(), person.id, now() - PAST_STAYS)
    kept = [talk for talk in all_talks if now() < _leaves_at(talk[0], talk[1])]
    entries = (
        answers.item_entry(event, item, by, changed_at=published) for event, item, published in kept
    )
    left = (_leaves_at(event, item) for event, item, _ in all_talks)
    changed = answers.latest(
        organisation().changed_at,
        personal_feeds.changed_at(store()),
        *(moment for moment in left if moment <= now()),
    )
    name = organisation().short_name or organisation().name.pick(language)[0]
    about = answers.about(
        Text(de=f"{person.name} – {name}", en=f"{person.name} – {name}"),
        language,
        changed_at=changed,
    )
    until = min((_leaves_at(event, item) for event, item, _ in kept), default=None)
    return Made(ical.join(entries, about=about), changed, until, filename=f"{person.slug}.ics")


def _leaves_at(event: Event, item: Item) -> datetime:
    """When an appearance leaves the feed: a year after it, thirty days after if called off."""
    off = item.cancelled or event.stage is Stage.CANCELLED
    return event.ends_at + (CANCELLED_STAYS if off else PAST_STAYS)
