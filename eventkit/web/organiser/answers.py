"""The mailbox of answers: how it is, what a person should look at, and the calendar's self-test."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import calendars as actions
from eventkit.actions import trial
from eventkit.errors import Invalid, NotFound
from eventkit.model.answers import ReplyRecord
from eventkit.store import answers, events
from eventkit.web import access
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.organiser.calendars import box
from eventkit.web.organiser.desk import back, blueprint, page
from eventkit.web.site import now, site, store


@blueprint.get("/answers")
@access.organisers
def answers_open() -> ResponseReturnValue:
    """What came into the mailbox and could not be followed by itself."""
    return _page()


def _page(**tested: Any) -> tuple[str, int]:
    found = answers.open_replies(store())
    last = answers.last_trial(store())
    names = answers.names_of(store(), [r.registration_id for r in found if r.registration_id])
    meetings = events.some(store(), {each.event_id for each in found if each.event_id})
    data: dict[str, Any] = {"checks": (), "steps": (), "sent_to": ""}
    return page(
        "calendars/answers.html",
        rows=[
            {
                "reply": reply,
                "why": reason(reply),
                "name": names.get(reply.registration_id or 0, ""),
                "event": meetings.get(reply.event_id or 0),
            }
            for reply in found
        ],
        box=box(),
        trial=last,
        trial_word=_trial_word(last[1]) if last else None,
        **(data | tested),
    )


def _trial_word(answer: str) -> str:
    return {
        "ACCEPTED": _("Accepted"),
        "DECLINED": _("Declined"),
        "TENTATIVE": _("Perhaps"),
    }.get(answer, answer)


def reason(reply: ReplyRecord) -> str:
    """Why a person should look at a mail."""
    return {
        "stranger": _("The answer comes from another address than the invited one."),
        "unknown_uid": _("The answer belongs to no entry that we know."),
        "never_sent": _("The answer names a version that was never sent."),
        "ended": _("They accept, but their registration has ended."),
        "counter": _("They propose another time."),
        "delegated": _("They want to send somebody else."),
        "mail": _("An ordinary mail, waiting to be read."),
        "too_large": _("The mail is too large to be an answer."),
        "broken": _("The answer is broken."),
        "fault": _("eventkit stumbled over this mail; please tell its makers."),
    }.get(reply.reason, reply.reason)


@blueprint.post("/answers/<int(max=9223372036854775807):reply_id>/settle")
@access.organisers
def answer_settle(reply_id: int) -> ResponseReturnValue:
    """Somebody has looked at it."""
    try:
        actions.settle(store(), reply_id, actor=access.actor(), now=now())
    except NotFound:
        raise NotFoundPage from None
    return back("answers_open", _("Taken off the list."))


@blueprint.post("/answers/test")
@access.organisers
def calendar_test() -> ResponseReturnValue:
    """Send the trial entry to one's own address, and look at the settings and the feed."""
    address = access.organiser().email
    try:
        trial.queue(
            store(),
            address,
            language=current(),
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        return back("answers_open", sentence(error.code), "danger")
    checks = trial.examine(
        store(),
        site().settings.mail,
        site().links,
        reply_url=site().settings.reply_url,
        fetch=fetch,
        language=current(),
    )
    return _page(checks=checks, steps=trial.expected(current()), sent_to=address)


def fetch(path: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    """What a stranger gets at an address of this very site, without leaving the machine."""
    with current_app.app_context():  # a stranger knows nothing of this request
        client = current_app.test_client(use_cookies=False)
        return trial.stranger(client, site().settings.base_url)(path, headers)
