"""One meeting at a glance: its facts, where it stands, what happened and what comes next."""

from flask.typing import ResponseReturnValue

from eventkit.actions import events as event_actions
from eventkit.actions import publishing
from eventkit.errors import Invalid
from eventkit.rules import access as access_rule
from eventkit.rules import agenda as agenda_rule
from eventkit.rules.seats import window
from eventkit.store import events, history
from eventkit.web import access
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.organiser import words
from eventkit.web.organiser.agenda import draft_of
from eventkit.web.organiser.dashboard import cards
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

LINES = 12


@blueprint.get("/events/<slug>/")
@access.organisers
def event(slug: str) -> ResponseReturnValue:
    """The overview of a meeting."""
    found = meeting(slug)
    lines = history.of_event(store(), found.id, limit=LINES)
    return page(
        "event.html",
        event=found,
        card=cards(
            [found],
            clashes=len(agenda_rule.once(draft_of(found).clashes)),
            unpublished=len(publishing.pending(store(), found.id)),
        )[0],
        window=window(found, now()).value,
        topics=events.topics_of(store(), found.id),
        lines=[(line.at, words.history(line), words.who(line)) for line in lines],
        more=len(lines) == LINES,
        delete_on=access_rule.delete_on(found.ends_at, found.retention_days),
        address=site().links.event(found.slug),
        over=now() >= found.ends_at,
    )


@blueprint.post("/events/<slug>/announce")
@access.organisers
def announce(slug: str) -> ResponseReturnValue:
    """Make a draft public."""
    found = meeting(slug)
    event_actions.announce(store(), found.id, actor=access.actor(), now=now())
    said = _("The meeting is announced: everybody can see it now.")
    return back("event", said, slug=slug)


@blueprint.post("/events/<slug>/archive")
@access.organisers
def archive(slug: str) -> ResponseReturnValue:
    """Close the books on a meeting that is over."""
    found = meeting(slug)
    try:
        event_actions.archive(store(), found.id, actor=access.actor(), now=now())
    except Invalid as error:
        return back("event", sentence(error.code), "danger", slug=slug)
    return back("event", _("The meeting is archived. Its page and downloads stay."), slug=slug)
