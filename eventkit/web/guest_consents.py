"""A guest's consents, given and withdrawn one by one, and who else wants to be seen."""

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import consents as actions
from eventkit.model.registration import SEATED
from eventkit.store import own_data
from eventkit.web import access, guest_facts, listing
from eventkit.web.forms.guest import consent_words
from eventkit.web.guest import blueprint
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.site import now, store


@blueprint.post("/<token>/consents/<purpose>")
@access.personal
def consent(token: str, purpose: str) -> AnyResponse:
    """Agree, or take it back (`agree` empty)."""
    found, event = guest_facts.opened(token)
    if purpose not in (actions.PHOTO, actions.LIST, actions.SENSITIVE):
        raise NotFoundPage
    if request.form.get("agree"):
        if not actions.asks(event, purpose):
            raise NotFoundPage
        actions.give(store(), found.id, purpose, consent_words(purpose), current(), now=now())
        flash(_("Thank you, that is noted."))
    else:
        actions.withdraw(store(), found.id, purpose, now=now())
        flash(_("Withdrawn. It does not hold any more from now on."))
    return redirect(url_for("guest.page", token=token, _anchor="consents"), 303)


@blueprint.get("/<token>/people")
@access.personal
def people(token: str) -> AnyResponse:
    """Name and organisation of those who want to be seen, for those who do so too (R53)."""
    found, event = guest_facts.opened(token)
    if not event.attendee_list or found.state not in SEATED:
        raise NotFoundPage
    joined = actions.agreed(found, actions.LIST)
    body = render_template(
        "guest/people.html",
        token=token,
        event=event,
        block=listing.block(event),
        joined=joined,
        words=consent_words(actions.LIST),
        people=own_data.on_the_list(store(), event.id) if joined else [],
    )
    return make_response(body)
