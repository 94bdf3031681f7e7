"""For other programs: the published programme as frab and c3voc write schedules."""

from collections.abc import Callable
from datetime import datetime

from flask import Response
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.documents import schedule
from eventkit.documents.schedule import Attachment, Source
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.model.material import Material, Release
from eventkit.store import agenda, files
from eventkit.web import access, downloads, materials, meeting
from eventkit.web import calendars as answers
from eventkit.web.calendars import Made
from eventkit.web.site import now, organisation, site, store

Write = Callable[[Event, Programme, Source], bytes]


@access.public
def schedule_xml(slug: str) -> Response:
    """The programme as schedule.xml."""
    return _answer(slug, schedule.as_xml, "application/xml; charset=utf-8", "schedule.xml")


@access.public
def schedule_json(slug: str) -> Response:
    """The programme as schedule.json."""
    return _answer(slug, schedule.as_json, "application/json", "schedule.json")


def _answer(slug: str, write: Write, mimetype: str, filename: str) -> Response:
    event = meeting.at(slug)
    if not event.programme_version:
        raise NotFoundPage
    language = answers.feed_language()

    def make() -> Made:
        programme = agenda.published(store(), event.id)
        if programme is None:
            raise NotFoundPage
        found = files.of_event(store(), event.id)
        return Made(
            write(event, programme, _source(event, programme, language)),
            answers.latest(event.changed_at, programme.published_at, organisation().changed_at),
            until=_next_release(found),
            mimetype=mimetype,
            filename=filename,
        )

    return answers.answer(f"{filename}:{event.id}:{language}:{site().links.base}", make)


def _source(event: Event, programme: Programme, language: str) -> Source:
    attachments: dict[int, list[Attachment]] = {}
    for material in materials.open_now(event):
        if material.item_id is not None:
            attachments.setdefault(material.item_id, []).append(
                Attachment(_address(event, material), material.title.pick(language)[0])
            )
    people = {part.person.id: part.person for item in programme.items for part in item.people}
    portraits = {
        person.id: f"{site().links.base}{address}"
        for person in people.values()
        if (address := downloads.portrait_address(person))
    }
    return Source(site().links, language, organisation().accent, attachments, portraits)


def _address(event: Event, material: Material) -> str:
    if material.current is None:
        return material.url
    return site().links.slides(event.slug, material.public_id, material.current.filename)


def _next_release(found: list[Material]) -> datetime | None:
    """When the next file opens by itself."""
    ends = (m.item_ends_at for m in found if m.release is Release.AFTER_ITEM and m.item_ends_at)
    return min((end for end in ends if end > now()), default=None)
