"""A guest writes to the organisers from their own page."""

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import asking_back as actions
from eventkit.actions.seating import Hand
from eventkit.errors import Invalid, TooMany
from eventkit.web import access, errors, guest_facts, listing, meeting
from eventkit.web.forms.guest import ContactForm
from eventkit.web.guest import blueprint
from eventkit.web.language import gettext as _
from eventkit.web.site import now, organisation, site, store


@blueprint.route("/<token>/ask", methods=["GET", "POST"])
@access.personal
def contact(token: str) -> AnyResponse:
    """Some words to the organisers; their answer comes by e-mail."""
    found, event = guest_facts.opened(token)
    address = meeting.contact_address(event, organisation().email)
    if not address:
        raise NotFoundPage
    form, status = ContactForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                actions.ask(Hand(store(), now(), site().identity), found.id, form.words.data or "")
            except Invalid as error:
                form.refuse(error)
            except TooMany:
                return errors.page(429)
            else:
                flash(_("Your words are on their way. The answer comes by e-mail."))
                return redirect(url_for("guest.page", token=token), 303)
    body = render_template(
        "guest/contact.html",
        token=token,
        event=event,
        found=found,
        block=listing.block(event),
        contact=address,
        form=form,
    )
    return make_response(body, status)
