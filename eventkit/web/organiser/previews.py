"""A letter as its reader sees it, in a frame that can do nothing; and a test to oneself."""

import base64
import hashlib
import re
from collections.abc import Sequence

from flask import Response, request

from eventkit.actions import post
from eventkit.actions import previews as actions
from eventkit.documents import writing
from eventkit.language import catalogue
from eventkit.model.event import Event
from eventkit.model.letter import Letter
from eventkit.model.registration import Registration, State
from eventkit.rules import text
from eventkit.store import registrations
from eventkit.web import access
from eventkit.web.forms.base import options
from eventkit.web.forms.letters import SHOWN, LookForm
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.site import now, site, store

PEOPLE = 100
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_LIVE = tuple(state for state in State if state is not State.CANCELLED)


def masked(language: str) -> str:
    """What stands in a letter, in its language, where its receiver finds their own link."""
    return f"{site().links.base}/{catalogue(language).gettext('[personal link]')}"


def choices(event: Event | None) -> Sequence[tuple[str, str]]:
    """For whom a letter can be shown: a sample person, or the first hundred of the meeting."""
    people = registrations.attendees(store(), event.id, states=_LIVE, limit=PEOPLE) if event else ()
    named = [(str(each.id), each.name) for each in people if each.email]
    return [("", _("a sample person")), *named]


def look(event: Event | None) -> LookForm:
    """The fields that choose for whom and how, with what the request asks for."""
    form = LookForm(data={"person": request.args.get("person", ""), "shown": asked()[0]})
    form.person.choices = options(choices(event))
    return form


def asked() -> tuple[str, str, bool]:
    """Which of the four forms is asked for: its name, the language, whether plain text."""
    wanted = request.values.get("shown", "")
    shown = wanted if wanted in SHOWN else current()
    return shown, shown[:2], shown.endswith("text")


def person(event: Event | None) -> Registration | None:
    """Whoever was chosen, if they belong to this meeting; None for the sample person."""
    number = request.values.get("person", "", type=str)
    if event is None or not number.isdecimal() or len(number) > 18:
        return None
    found = registrations.by_id(store(), int(number))
    return found if found and found.event_id == event.id and found.email else None


def words_of(form: LookForm, language: str) -> tuple[str, str]:
    """What was typed for a language, passed through the one gate (R23)."""
    subject, body = form.words(language)
    return text.clean(subject), text.clean(body, lines=True)


def shown(
    event: Event | None, kind: str, words: tuple[str, str], *, language: str = ""
) -> Response:
    """The letter alone, as a document of its own: no script, no form, no other host.

    A page may show it in a frame of ours; the Content-Security-Policy sandboxes it there and
    when it is opened by itself.
    """
    _name, wanted, plain = asked()
    letter = _letter(event, kind, language or wanted, words)
    logo = post.logo(store(), letter.facts.logo)
    data = f"data:image/png;base64,{base64.b64encode(logo).decode()}" if logo else ""
    seen = writing.render(
        letter,
        links=site().links,
        personal_link=masked(letter.language),
        reply=bool(site().settings.reply_url),
        logo=data,
    )
    if plain:
        answer = Response(f"{seen.subject}\n\n{seen.text}", mimetype="text/plain")
    else:
        answer = Response(seen.html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _policy(seen.html)
    return answer


def _policy(html: str) -> str:
    found = _STYLE.search(html)
    digest = hashlib.sha256((found[1] if found else "").encode()).digest()
    style = base64.b64encode(digest).decode()
    return (
        f"sandbox; default-src 'none'; style-src 'sha256-{style}'; img-src data:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


def _letter(event: Event | None, kind: str, language: str, words: tuple[str, str]) -> Letter:
    return actions.letter(
        store(), kind, event, person(event), language=language, words=words, now=now()
    )


def send_test(event: Event | None, kind: str, words: tuple[str, str], *, language: str = "") -> str:
    """Queue a test to whoever is logged in; says so. Raises Invalid for an unusable address."""
    _name, wanted, _plain = asked()
    organiser = access.organiser()
    text.address(organiser.email)
    letter = _letter(event, kind, language or wanted, words)
    actions.send_test(store(), letter, organiser, now=now(), identity=site().identity)
    return _("A test is on its way to %(address)s.") % {"address": organiser.email}
