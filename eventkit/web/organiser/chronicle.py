"""What happened: at a meeting, page by page, and to one person, letters included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from eventkit.documents import sheets
from eventkit.documents.sheets import Cell
from eventkit.model.event import Event
from eventkit.model.letter import Letter, LetterState
from eventkit.model.registration import Registration
from eventkit.rules import chronicle as rule
from eventkit.rules.chronicle import Told
from eventkit.store import chronicle, history
from eventkit.store.chronicle import Wanted
from eventkit.web import access
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.organiser import words
from eventkit.web.organiser.desk import blueprint, download, meeting, page
from eventkit.web.organiser.letters import kinds as letter_kinds
from eventkit.web.site import store

ON_A_PAGE = 100
MOST_LINES = 50_000
_PERSONAL = (Told.PEOPLE, Told.PLACES, Told.ANSWERS, Told.LETTERS, Told.CALENDAR, Told.FEES)


def kinds() -> dict[Told, str]:
    """The kinds of lines, as one asks for them."""
    return {
        Told.PEOPLE: _("Registration"),
        Told.PLACES: _("Places and workshops"),
        Told.ANSWERS: _("Answers and consents"),
        Told.LETTERS: _("Letters"),
        Told.CALENDAR: _("Calendars"),
        Told.PROGRAMME: _("Programme"),
        Told.FEES: _("Fees"),
        Told.SETTINGS: _("Settings"),
    }


def _asked() -> Told | None:
    name = request.args.get("show", "")
    return Told(name) if name in set(Told) else None


@blueprint.get("/events/<slug>/history")
@access.organisers
def chronicle_page(slug: str) -> ResponseReturnValue:
    """Everything that happened at a meeting, the newest first; `?show=` one kind."""
    event = meeting(slug)
    asked = _asked()
    total = chronicle.count(store(), event.id, _wanted(asked))
    pages = max(1, -(-total // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    found = chronicle.lines(
        store(), event.id, _wanted(asked), limit=ON_A_PAGE, offset=(at - 1) * ON_A_PAGE
    )
    return page(
        "chronicle.html",
        event=event,
        lines=[(move, words.history(move.line), words.who(move.line)) for move in found],
        total=total,
        show=asked,
        filters=[
            {
                "label": label,
                "current": asked is told,
                "href": url_for("organiser.chronicle_page", slug=slug, show=told),
            }
            for told, label in ((None, _("All")), *kinds().items())
        ],
        at=at,
        pages=pages,
    )


@blueprint.get("/events/<slug>/history.csv")
@access.organisers
def chronicle_csv(slug: str) -> Response:
    """The same for any spreadsheet, as filtered on the page."""
    event = meeting(slug)
    body = b"".join(sheets.csv(_rows(event, _asked()), language=current()))
    return download(body, "text/csv; charset=utf-8", f"{event.slug}-{_('history')}.csv")


def _wanted(asked: Told | None) -> Wanted:
    if asked is Told.SETTINGS:
        return Wanted(but=rule.known())
    return Wanted(only=rule.verbs(asked)) if asked else Wanted()


def _rows(event: Event, asked: Told | None) -> Iterator[Sequence[Cell]]:
    zone = ZoneInfo(event.zone)
    yield [_("When"), _("Who"), _("Person"), _("What happened"), _("Kind")]
    named = kinds()
    for move in chronicle.lines(store(), event.id, _wanted(asked), limit=MOST_LINES):
        line = move.line
        yield [
            line.at.astimezone(zone).replace(tzinfo=None),
            words.who(line),
            move.name,
            words.history(line),
            named[rule.kind(line.verb)],
        ]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to somebody; `language` is that of quoted words."""

    at: datetime
    words: str
    who: str
    kind: Told
    quoted: str = ""
    language: str = ""


def of_person(
    event: Event, found: Registration, letters: Sequence[Letter]
) -> tuple[list[Entry], list[dict[str, object]]]:
    """What happened to one person in its order, and the kinds one can ask for."""
    entries = [
        Entry(line.at, words.history(line), words.who(line), rule.kind(line.verb))
        for line in history.of_registration(store(), found.id)
    ]
    entries += [entry for letter in letters for entry in _of_letter(letter)]
    for consent in found.consents:
        said = (consent.text, consent.language)
        entries.append(Entry(consent.given_at, _("Agreed:"), "", Told.ANSWERS, *said))
        if consent.withdrawn_at:
            words_ = _("Agreement withdrawn:")
            entries.append(Entry(consent.withdrawn_at, words_, "", Told.ANSWERS, *said))
    entries.sort(key=lambda entry: entry.at)
    asked, named = _asked(), kinds()
    filters: list[dict[str, object]] = [
        {
            "label": label,
            "current": asked is told,
            "href": url_for(
                "organiser.attendee",
                slug=event.slug,
                registration_id=found.id,
                show=told,
                _anchor="history",
            ),
        }
        for told, label in ((None, _("All")), *((told, named[told]) for told in _PERSONAL))
        if told is None or told is asked or any(entry.kind is told for entry in entries)
    ]
    return [entry for entry in entries if asked is None or entry.kind is asked], filters


def _of_letter(letter: Letter) -> Iterator[Entry]:
    """A letter: when it was written, and what became of it."""
    named = {"letter": letter_kinds().get(letter.kind, letter.kind)}
    by = _("by itself")
    yield Entry(letter.created_at, _("“%(letter)s” was written") % named, by, Told.LETTERS)
    if letter.sent_at:
        yield Entry(letter.sent_at, _("“%(letter)s” was sent") % named, by, Told.LETTERS)
    elif letter.state is LetterState.FAILED:
        at = letter.next_attempt_at or letter.created_at
        yield Entry(at, _("“%(letter)s” could not be delivered") % named, by, Told.LETTERS)
