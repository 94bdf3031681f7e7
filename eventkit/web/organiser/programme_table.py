"""The draft as a table: for Excel, for colleagues, and to be imported again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Response

from eventkit.documents import sheets
from eventkit.documents.sheets import Cell
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules import dates
from eventkit.store import agenda
from eventkit.web import access
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.organiser import import_words
from eventkit.web.organiser.desk import XLSX, blueprint, download, meeting
from eventkit.web.site import now, store


@blueprint.get("/events/<slug>/agenda.csv")
@access.organisers
def programme_csv(slug: str) -> Response:
    """The draft for any spreadsheet."""
    event = meeting(slug)
    body = sheets.csv(list(_rows(event)), language=current())
    return download(body, "text/csv; charset=utf-8", f"{event.slug}-{_('programme')}.csv")


@blueprint.get("/events/<slug>/agenda.xlsx")
@access.organisers
def programme_xlsx(slug: str) -> Response:
    """The draft for Excel."""
    event = meeting(slug)
    body = sheets.xlsx(_rows(event), title=_("Programme"), language=current(), at=now())
    return download(body, XLSX, f"{event.slug}-{_('programme')}.xlsx")


def _rows(event: Event) -> Iterator[Sequence[Cell]]:
    """One row an item, in local time; the headings are those an import knows again."""
    yield [
        _("Day"),
        _("Begins"),
        _("Ends"),
        _("Title"),
        _("Room"),
        _("People"),
        _("Kind"),
        _("Track"),
        _("Language"),
        _("Description"),
        _("Places"),
        "UID",
    ]
    for item in agenda.draft(store(), event.id):
        start, end = (dates.to_local(i, event.zone) for i in (item.starts_at, item.ends_at))
        yield [
            start.date().isoformat(),
            f"{start:%H:%M}",
            f"{end:%H:%M}" if end.date() == start.date() else _with_day(end),
            _own(item.title),
            _own(item.room.name) if item.room else "",
            "; ".join(part.person.name for part in item.people),
            import_words.kind(item.kind),
            item.track,
            item.language,
            _own(item.abstract),
            item.capacity,
            item.uid,
        ]


def _with_day(end: datetime) -> str:
    return f"{end:%Y-%m-%d %H:%M}"


def _own(words: Text) -> str:
    return words.pick(current())[0]
