"""For readers of the newsletter: subscribe, confirm, leave (R52)."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from eventkit.actions import newsletter
from eventkit.errors import Invalid, NotFound, TooMany
from eventkit.web import access, errors
from eventkit.web.forms.visitors import Newsletter
from eventkit.web.language import current
from eventkit.web.site import network, now, site, store

blueprint = Blueprint("newsletter", __name__, url_prefix="/newsletter")


@blueprint.errorhandler(NotFound)
def unknown(error: Exception) -> Response:  # noqa: ARG001 # Flask hands it over
    """A link that opens nothing, whatever the reason."""
    return make_response(render_template("newsletter/unknown.html"), 404)


@blueprint.route("/", methods=["GET", "POST"])
@access.public
def subscribe() -> Response:
    """The form; its answer is the same for every address (R11)."""
    form = Newsletter()
    if not form.is_submitted():
        return make_response(render_template("newsletter/subscribe.html", form=form))
    if not form.validate():
        return make_response(render_template("newsletter/subscribe.html", form=form), 422)
    try:
        newsletter.ask(
            store(),
            email=form.email.data or "",
            language=current(),
            consent_text=str(form.consent_newsletter.label.text),
            network=network(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        form.refuse(error)
        return make_response(render_template("newsletter/subscribe.html", form=form), 422)
    except TooMany:
        return errors.page(429)
    return redirect(url_for("newsletter.asked"), 303)


@blueprint.get("/asked")
@access.public
def asked() -> str:
    """What happens next: the letter with the link to confirm."""
    return render_template("newsletter/asked.html")


@blueprint.get("/confirm/<token>/")
@access.personal
def confirm(token: str) -> str:
    """A page with a button: opening a link changes nothing (R15)."""
    subscriber = newsletter.find(store(), token, now=now())
    return render_template("newsletter/confirm.html", token=token, subscriber=subscriber)


@blueprint.post("/confirm/<token>/")
@access.personal
def confirm_now(token: str) -> str:
    """Confirm; doing it twice is the same as once."""
    newsletter.confirm(store(), token, now=now(), identity=site().identity)
    return render_template("newsletter/confirmed.html")


@blueprint.route("/leave/<token>/", methods=["GET", "POST"])
@access.personal
def leave(token: str) -> str:
    """A page with a button, which ends it at once; so does a mail program's click (RFC 8058).

    Mail programs send no cookie, so the token alone is the proof. Leaving twice, or with a
    link that is none, answers the same: the address is not on the list.
    """
    if request.method != "POST":
        newsletter.find(store(), token, now=now())
        return render_template("newsletter/leave.html", token=token)
    try:
        newsletter.leave(store(), token, site().settings.mail, now=now())
    except NotFound:
        pass  # it is not on the list, which is what was wanted
    return render_template("newsletter/left.html")


@blueprint.record_once
def _let_mail_programs_leave(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(leave)
