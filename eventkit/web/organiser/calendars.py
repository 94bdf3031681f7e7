"""Whose calendar tells the truth, what people answered, and sending again to those it fails."""

from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage
from wtforms import RadioField

from eventkit import mailbox
from eventkit.actions import calendars as actions
from eventkit.actions import trial
from eventkit.actions.calendars import Line
from eventkit.errors import NotFound
from eventkit.model.answers import WRONG, DeclineRule, Held, MailboxState, Sent
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.store import agenda, answers, people
from eventkit.web import access
from eventkit.web.forms.base import Form, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import current, ngettext
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

ON_A_PAGE = 100
_ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE")


class DeclineForm(Form):
    """What follows when somebody declines."""

    rule = RadioField(
        _l("When somebody declines in their calendar"),
        choices=options(
            [
                (DeclineRule.AT_ONCE.value, _l("give the seat to the next person at once")),
                (
                    DeclineRule.CONFIRM.value,
                    _l("ask them by mail first, with a link to give it back"),
                ),
                (DeclineRule.NOTE.value, _l("only note it here")),
            ]
        ),
    )


@blueprint.get("/events/<slug>/calendars")
@access.organisers
def calendars(slug: str) -> ResponseReturnValue:
    """The flight recorder of a meeting; `?show=` filters."""
    event = meeting(slug)
    lines = actions.recorder(store(), event)
    asked = request.args.get("show", "")
    chosen = [line for line in lines if shows(line, asked)]
    pages = max(1, -(-len(chosen) // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "calendars/event.html",
        event=event,
        lines=chosen[(at - 1) * ON_A_PAGE : at * ON_A_PAGE],
        filters=_filters(event, lines, asked),
        show=asked,
        at=at,
        pages=pages,
        over=now() >= event.ends_at,
        numbers={each: sum(line.held is each for line in lines) for each in Held},
        wrong=_wrong(lines),
        wrong_number=len(actions.wrong(lines)),
        form=DeclineForm(data={"rule": answers.decline_rule(store(), event.id).value}),
        box=box(),
        open_replies=answers.count_open(store(), event.id),
        speakers=_speakers(event),
        answer_word=answer_word,
        held_word=held_word,
    )


def shows(line: Line, asked: str) -> bool:
    """Whether a filter lets a line through."""
    said = line.record.answered
    if asked == "wrong":
        return line.held in WRONG
    if asked == "unanswered":
        return said is None and line.held is Held.CURRENT
    if asked.upper() in _ANSWERS:
        return said is not None and said.answer == asked.upper()
    return True


def _filters(event: Event, lines: list[Line], asked: str) -> list[dict[str, Any]]:
    rows = (
        ("", _("All")),
        ("wrong", _("Needs attention")),
        ("accepted", _("Accepted")),
        ("tentative", _("Perhaps")),
        ("declined", _("Declined")),
        ("unanswered", _("No answer")),
    )
    return [
        {
            "label": label,
            "count": sum(shows(line, name) for line in lines),
            "current": name == asked,
            "href": url_for("organiser.calendars", slug=event.slug, show=name or None),
        }
        for name, label in rows
    ]


def _wrong(lines: list[Line]) -> list[str]:
    """What is not right in how many calendars, each as a sentence."""
    counted = {each: sum(line.held is each for line in lines) for each in WRONG}
    sentences = (
        (
            Held.OLD,
            ngettext(
                "%(num)s person still has the old time or place.",
                "%(num)s people still have the old time or place.",
                counted[Held.OLD],
            ),
        ),
        (
            Held.MISSING,
            ngettext(
                "%(num)s person has no entry yet.",
                "%(num)s people have no entry yet.",
                counted[Held.MISSING],
            ),
        ),
        (
            Held.LEFT_OVER,
            ngettext(
                "%(num)s person has an entry that should be gone.",
                "%(num)s people have an entry that should be gone.",
                counted[Held.LEFT_OVER],
            ),
        ),
    )
    return [words % {"num": counted[each]} for each, words in sentences if counted[each]]


def answer_word(sent: Sent | None) -> tuple[str, str, str]:
    """An answer as (word, tone, icon) of a badge."""
    return {
        "ACCEPTED": (_("Accepted"), "success", "check"),
        "DECLINED": (_("Declined"), "danger", "x"),
        "TENTATIVE": (_("Perhaps"), "warning", "hourglass"),
    }.get(sent.answer if sent else "", (_("No answer"), "plain", ""))


def held_word(held: Held) -> tuple[str, str, str]:
    """What a calendar tells, as (word, tone, icon) of a badge."""
    return {
        Held.CURRENT: (_("Right"), "success", "check"),
        Held.ON_THE_WAY: (_("On its way"), "info", "send"),
        Held.OLD: (_("Old time or place"), "danger", "circle-alert"),
        Held.MISSING: (_("No entry"), "danger", "circle-alert"),
        Held.LEFT_OVER: (_("Should be gone"), "danger", "circle-alert"),
        Held.NOTHING: (_("Nothing to show"), "plain", ""),
    }[held]


@blueprint.post("/events/<slug>/calendars/again")
@access.organisers
def calendars_again(slug: str) -> ResponseReturnValue:
    """Send the present entry to those whose calendar does not tell the truth, to nobody else."""
    event = meeting(slug)
    number = actions.send_again(
        store(), event.id, actor=access.actor(), now=now(), identity=site().identity
    )
    if not number:
        return back("calendars", _("Every calendar tells the truth already."), "info", slug=slug)
    said = ngettext(
        "%(num)s person is sent the present entry.",
        "%(num)s people are sent the present entry.",
        number,
    )
    return back("calendars", said % {"num": number}, slug=slug)


@blueprint.post("/events/<slug>/calendars/rule")
@access.organisers
def calendars_rule(slug: str) -> ResponseReturnValue:
    """Choose what follows when somebody declines."""
    event = meeting(slug)
    chosen = request.form.get("rule", "")
    if chosen not in set(DeclineRule):
        abort(400)
    actions.set_decline_rule(
        store(), event.id, DeclineRule(chosen), actor=access.actor(), now=now()
    )
    return back("calendars", _("Saved."), slug=slug)


def box() -> dict[str, Any] | None:
    """The mailbox of answers as organisers see it; None where none is set."""
    url = site().settings.reply_url
    if not url:
        return None
    state = answers.mailbox(store(), mailbox.named(url))
    return {
        "shown": mailbox.shown(url),
        "state": state,
        "trouble": trial.trouble(state.problem, current()) if state.problem else "",
        "silent": _silent(state),
    }


def _silent(state: MailboxState) -> bool:
    """Whether nobody looked into the mailbox for long: the worker does not run."""
    late = state.next_at is None or (now() - state.next_at).total_seconds() > 600
    return late and not state.problem


def _speakers(event: Event) -> list[dict[str, Any]]:
    """Everybody of the programme with the address of their own calendar, if there is one."""
    found: dict[int, Person] = {}
    programme = agenda.published(store(), event.id)
    for item in (*agenda.draft(store(), event.id), *(programme.items if programme else ())):
        found |= {part.person.id: part.person for part in item.people}
    tokens = actions.speaker_feeds(store(), list(found), site().identity)
    return [
        {
            "person": person,
            "address": site().links.speaking_calendar(tokens[key]) if key in tokens else "",
        }
        for key, person in sorted(found.items(), key=lambda pair: pair[1].name)
    ]


@blueprint.post("/events/<slug>/calendars/speakers/<person>/open")
@access.organisers
def speaker_feed_open(slug: str, person: str) -> ResponseReturnValue:
    """Make the address of a speaker's own calendar; a former one ends."""
    event, found = meeting(slug), _person(person)
    actions.renew_speaker_feed(
        store(), found.id, actor=access.actor(), now=now(), identity=site().identity
    )
    said = _("%(name)s has a new calendar address. Hand it over in person or by mail.")
    return back(
        "calendars", said % {"name": found.name}, slug=event.slug, anchor=f"speaker-{found.id}"
    )


@blueprint.post("/events/<slug>/calendars/speakers/<person>/end")
@access.organisers
def speaker_feed_end(slug: str, person: str) -> ResponseReturnValue:
    """End a speaker's own calendar; programs that ask for it read so."""
    event, found = meeting(slug), _person(person)
    try:
        actions.end_speaker_feed(store(), found.id, actor=access.actor(), now=now())
    except NotFound:
        raise NotFoundPage from None
    said = _("The calendar of %(name)s has ended.") % {"name": found.name}
    return back("calendars", said, slug=event.slug, anchor="speakers")


def _person(slug: str) -> Person:
    found = people.by_slug(store(), slug)
    if found is None:
        raise NotFoundPage
    return found
