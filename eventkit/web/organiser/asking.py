"""The request and the reminder to people of a programme: seen first, then sent."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import asking, standings
from eventkit.actions.standings import Standing
from eventkit.documents import writing
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.text import LANGUAGES
from eventkit.store import events, wordings
from eventkit.web import access
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

HIDDEN = "…"


@blueprint.route("/events/<slug>/speakers/ask", methods=["GET", "POST"])
@access.organisers
def speakers_ask(slug: str) -> ResponseReturnValue:
    """The request to one (`?person=`) or to all not yet asked, with the letter as it will be."""
    event = meeting(slug)
    found = standings.of_event(store(), event)
    wanted = _wanted(found)
    chosen = [each for each in found if each.person.id in wanted and each.person.email]
    chosen = chosen if wanted else asking.to_ask(found, now())
    if request.method == "POST":
        number = asking.ask(store(), event.id, [each.person.id for each in chosen], **_by())
        return _sent(slug, number)
    silent = [each for each in found if not each.person.email] if not wanted else []
    return _preview(event, chosen, LetterKind.SPEAKER_REQUEST, silent=silent)


@blueprint.route("/events/<slug>/speakers/remind", methods=["GET", "POST"])
@access.organisers
def speakers_remind(slug: str) -> ResponseReturnValue:
    """Whom a reminder reaches now and what is missing from each; only those shown are sent one."""
    event = meeting(slug)
    found = standings.of_event(store(), event)
    chosen = asking.to_remind(found, now())
    wanted = _wanted(found)
    chosen = [each for each in chosen if each.person.id in wanted] if wanted else chosen
    if request.method == "POST":
        if not wanted:
            chosen = []
        number = asking.remind(store(), event.id, [each.person.id for each in chosen], **_by())
        return _sent(slug, number)
    ids = {each.person.id for each in chosen}
    later = [each for each in found if each.owed and each.person.id not in ids]
    return _preview(event, chosen, LetterKind.SPEAKER_REMINDER, later=later)


def _by() -> dict[str, Any]:
    return {"actor": access.actor(), "now": now(), "identity": site().identity}


def _wanted(found: list[Standing]) -> set[int]:
    """The people an address or a form names. Those of another meeting are not there (R10)."""
    named = request.form if request.method == "POST" else request.args
    ids = {_number(each) for each in named.getlist("person")}
    if ids - {each.person.id for each in found}:
        raise NotFoundPage
    return ids


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _sent(slug: str, number: int) -> ResponseReturnValue:
    said = ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", number)
    return back("speakers", said % {"num": number}, slug=slug)


def _preview(
    event: Event,
    chosen: list[Standing],
    kind: LetterKind,
    *,
    silent: list[Standing] | None = None,
    later: list[Standing] | None = None,
) -> ResponseReturnValue:
    house = events.organisation(store())
    seen: list[dict[str, Any]] = []
    if chosen:
        first = chosen[0]
        for spoken in LANGUAGES:
            made = asking.letter(store(), kind, first, now=now(), language=spoken)
            made = wordings.dressed(store(), made)
            link = site().links.speaking(HIDDEN)
            letter = writing.render(made, links=site().links, personal_link=link)
            seen.append({"language": spoken, "subject": letter.subject, "text": letter.text})
    return page(
        "speakers_write.html",
        event=event,
        chosen=chosen,
        reminder=kind is LetterKind.SPEAKER_REMINDER,
        letters=seen,
        silent=silent or [],
        later=later or [],
        house_language=house.language,
        count=_count(len(chosen)),
    )


def _count(number: int) -> str:
    if not number:
        return _("Nobody is written to now.")
    words = ngettext("%(num)s person is written to.", "%(num)s people are written to.", number)
    return words % {"num": number}
