"""Coming in and going out."""

from flask import Response, make_response, redirect, request, url_for

from eventkit.actions import accounts
from eventkit.errors import Invalid
from eventkit.web import access
from eventkit.web.forms.account import Login
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import blueprint, page
from eventkit.web.site import network, now, site, store


@blueprint.route("/login", methods=["GET", "POST"])
@access.public
def login() -> Response:
    """The login; a wrong address and a wrong password get the same answer (R11)."""
    form = Login()
    wanted = request.values.get("next", "")
    if request.method == "GET" and access.logged_in() is not None:
        return make_response(redirect(access.own_path(wanted), 303))
    if form.validate_on_submit():
        try:
            token = accounts.log_in(
                store(),
                email=form.email.data,
                password=form.password.data,
                agent=request.user_agent.string,
                network=network(),
                now=now(),
                identity=site().identity,
            )
        except Invalid:
            form.form_errors.append(_("Address and password don't fit together."))
        else:
            return _come_in(token, wanted)
    status = 422 if form.errors else 200
    return make_response(page("login.html", status, form=form, wanted=wanted))


def _come_in(token: str, wanted: str) -> Response:
    """A fresh session at every login (R13)."""
    response = make_response(redirect(access.own_path(wanted), 303))
    response.set_cookie(
        access.COOKIE,
        token,
        max_age=int(accounts.LONGEST.total_seconds()),
        path="/",
        secure=site().settings.base_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.post("/logout")
@access.door
def logout() -> Response:
    """End this session."""
    session = access.logged_in()
    if session is not None:
        accounts.log_out(store(), session.id, organiser_id=session.organiser.id)
    response = make_response(redirect(url_for("organiser.login"), 303))
    response.delete_cookie(access.COOKIE, path="/")
    return response
