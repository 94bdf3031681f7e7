"""One letter when registration opens: asked for at the meeting, ended for good by a link."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response

from eventkit.actions import openings as actions
from eventkit.errors import Invalid, NotFound, RegistrationClosed, TooMany
from eventkit.web import access, errors, listing, meeting
from eventkit.web.forms.visitors import TellMe
from eventkit.web.language import current
from eventkit.web.site import network, now, organisation, site, store

blueprint = Blueprint("opening", __name__, url_prefix="/opening")


@access.public
def tell_me(slug: str) -> Response:
    """Leave an address for one letter. The answer is the same for every address (R11)."""
    event = meeting.at(slug)
    if not actions.may_ask(event, now()):
        return redirect(url_for("public.register", slug=event.slug), 303)
    form = TellMe()
    if request.method == "POST" and form.validate():
        try:
            actions.ask(
                store(),
                event.id,
                form.email.data or "",
                current(),
                network=network(),
                now=now(),
                identity=site().identity,
            )
        except Invalid as error:
            form.refuse(error)
        except RegistrationClosed:
            return redirect(url_for("public.register", slug=event.slug), 303)
        except TooMany:
            return errors.page(429)
        else:
            return redirect(url_for("public.told", slug=event.slug), 303)
    body = render_template(
        "public/tell_me.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        form=form,
        contact=meeting.contact_address(event, organisation().email),
    )
    return make_response(body, 422 if form.errors else 200)


@access.public
def told(slug: str) -> str:
    """What happens now, said to everybody alike."""
    event = meeting.at(slug)
    return render_template(
        "public/told.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        calendar=site().links.calendar(),
    )


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(NotFoundPage)
def unknown(error: Exception) -> Response:  # noqa: ARG001 # Flask hands it over
    """A link that opens nothing, whatever the reason: the same page."""
    return make_response(render_template("guest/unknown.html"), 404)


@blueprint.get("/<token>/")
@access.personal
def page(token: str) -> str:
    """The question; mail scanners open links, so opening it changes nothing (R15)."""
    actions.known(store(), token, now=now())
    return render_template("guest/opening.html", token=token, done=False)


@blueprint.post("/<token>/")
@access.personal
def never(token: str) -> str:
    """Never again a letter about an opening to this address."""
    actions.never_again(store(), token, now=now(), identity=site().identity)
    return render_template("guest/opening.html", token=token, done=True)
