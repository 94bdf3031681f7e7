"""Reminders before a meeting: one click each, they follow the meeting by themselves."""

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import mailings as actions
from eventkit.errors import Invalid, NotFound
from eventkit.model.event import Event
from eventkit.model.mailing import Mailing, MailingKind, MailingState, Progress
from eventkit.rules import mailings as rule
from eventkit.store import mailings
from eventkit.web import access
from eventkit.web.forms.base import complain
from eventkit.web.forms.letters import ReminderForm
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.organiser.letters import ROOM
from eventkit.web.site import now, store

_DAY = 24 * 60


@blueprint.route("/events/<slug>/letters/reminders", methods=["GET", "POST"])
@access.organisers
def reminders(slug: str) -> ResponseReturnValue:
    """The reminders of a meeting; the usual ones are one click away."""
    event = meeting(slug)
    form = ReminderForm()
    if form.is_submitted() and form.validate():
        minutes = (form.before.data or 0) * (60 if form.unit.data == "hours" else _DAY)
        try:
            actions.remind(store(), event.id, minutes, actor=access.actor(), now=now())
        except Invalid as error:
            complain(form, "before", _refused(error.code))
        else:
            said = _("Everybody with a place is reminded %(when)s.") % {"when": spoken(minutes)}
            return back("reminders", said, slug=slug)
    found = mailings.of_event(store(), event.id, MailingKind.REMINDER)
    counted = mailings.progress(store(), [each.id for each in found])
    return page(
        "letters/reminders.html",
        422 if form.errors else 200,
        nav=ROOM,
        event=event,
        form=form,
        reminders=[
            (each, spoken(each.before_minutes or 0), rule.due_at(each, event), counted.get(each.id))
            for each in found
        ],
        progress=Progress(),
        proposed=_proposed(event, found),
        possible=actions.event_may_come(event) and now() < event.starts_at,
    )


def _refused(code: str) -> str:
    if code == "past":
        return _("That time is over already. Please choose a shorter one.")
    return sentence(code)


def _proposed(event: Event, found: list[Mailing]) -> list[tuple[int, str]]:
    """The usual reminders that still can be added, as (days, in words)."""
    taken = {each.before_minutes for each in found if each.state is not MailingState.SENT}
    ahead = event.starts_at - now()
    return [
        (days, spoken(days * _DAY))
        for days in rule.OFFERED_DAYS
        if days * _DAY not in taken and ahead.total_seconds() > days * 86400
    ]


def spoken(minutes: int) -> str:
    """How long before the beginning, in words."""
    if minutes % _DAY == 0:
        days = minutes // _DAY
        return ngettext("%(num)s day before", "%(num)s days before", days) % {"num": days}
    hours = max(1, minutes // 60)
    return ngettext("%(num)s hour before", "%(num)s hours before", hours) % {"num": hours}


@blueprint.post("/events/<slug>/letters/reminders/<int(max=9223372036854775807):mailing_id>/remove")
@access.organisers
def reminder_remove(slug: str, mailing_id: int) -> ResponseReturnValue:
    """Take a reminder out, or stop one that is under way."""
    event = meeting(slug)
    found = mailings.by_id(store(), mailing_id)
    if found is None or found.kind is not MailingKind.REMINDER:
        raise NotFoundPage
    try:
        if not actions.remove(store(), event.id, found.id, actor=access.actor(), now=now()):
            actions.stop(store(), event.id, found.id, actor=access.actor(), now=now())
            return back("reminders", _("Nobody else gets this reminder."), slug=slug)
    except NotFound:
        raise NotFoundPage from None
    return back("reminders", _("The reminder is taken out."), slug=slug)
