"""What became of a programme: its change log for everybody, as page and feed, and old versions."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from flask import Response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.documents import markup
from eventkit.language import catalogue
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules import changes as changes_rule
from eventkit.store import agenda, programmes
from eventkit.web import access, listing, meeting, rail
from eventkit.web import calendars as answers
from eventkit.web.calendars import Made
from eventkit.web.differences import Difference, differences
from eventkit.web.language import current
from eventkit.web.site import organisation, site, store

ON_A_PAGE = 20
IN_FEED = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One version and its difference from the one before; the first has none."""

    programme: Programme
    differences: list[Difference]

    @property
    def first(self) -> bool:
        """Whether this is the first programme."""
        return self.programme.version == 1


def steps(event: Event, language: str, *, newest: int, count: int) -> list[Step]:
    """The steps of a programme from a version downwards; three queries however many."""
    found = programmes.whole(store(), event.id, newest=newest, count=count + 1)
    made = []
    for after, before in zip(found, [*found[1:], None], strict=True):
        difference = changes_rule.between(before, after) if before else ()
        made.append(Step(after, differences(difference, event, language)))
    return made[:count]


@access.public
def changes(slug: str) -> str:
    """The change log: every version, the newest first, with the organiser's sentence."""
    found = meeting.at(slug)
    total = _versions(found)
    pages = max(1, -(-total // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    newest = total - (at - 1) * ON_A_PAGE
    return render_template(
        "public/changes.html",
        event=found,
        block=listing.block(found),
        where=meeting.where(found),
        steps=steps(found, current(), newest=newest, count=ON_A_PAGE),
        newest=total,
        at=at,
        pages=pages,
    )


@access.public
def version(slug: str, version: int) -> str:
    """One version of a programme as it was, with the way to the newest."""
    found = meeting.at(slug)
    programme = agenda.published(store(), found.id, version=version)
    if programme is None:
        raise NotFoundPage
    newest = agenda.published(store(), found.id) if version < _versions(found) else programme
    known = {part.person.id for item in newest.items for part in item.people} if newest else set()
    return render_template(
        "public/version.html",
        event=found,
        block=listing.block(found),
        where=meeting.where(found),
        programme=programme,
        newest=newest,
        days=rail.days(programme.items, found.zone, current(), known=known),
    )


@access.public
def feed(slug: str) -> Response:
    """The change log for feed readers (RFC 4287), in the language of the address."""
    found, language = meeting.at(slug), answers.feed_language()
    total = _versions(found)
    key = f"changes:{found.id}:{language}:{site().links.base}"
    return answers.answer(key, lambda: _made(found, total, language))


def _made(event: Event, total: int, language: str) -> Made:
    told = steps(event, language, newest=total, count=IN_FEED)
    changed = answers.latest(
        organisation().changed_at, event.revised_at, told[0].programme.published_at
    )
    asked = "" if language == organisation().language else f"?lang={language}"
    body = render_template(
        "public/changes.xml",
        event=event,
        steps=told,
        updated_at=changed,
        spoken=language,
        words=catalogue(language),
        links=site().links,
        own=f"{site().links.changes(event.slug)}.atom{asked}",
        urn=lambda name: f"urn:uuid:{uuid5(NAMESPACE_URL, f'{event.uid}#{name}')}",
        html_of=lambda text: _html(text, language),
    )
    return Made(
        body.encode(),
        changed,
        mimetype="application/atom+xml; charset=utf-8",
        filename=f"{event.slug}-changes.atom",
    )


def _html(text: Text, language: str) -> Markup:
    return Markup(markup.to_html(text.pick(language)[0]))  # noqa: S704 - passed the one sanitiser


def _versions(event: Event) -> int:
    """How many versions there are; a meeting without a programme has no history."""
    if not event.programme_version:
        raise NotFoundPage
    return event.programme_version
