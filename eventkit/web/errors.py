"""Friendly pages for what goes wrong; the surprise is logged, the visitor gets an id."""

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from eventkit.errors import Invalid, NotFound, RegistrationClosed, TooMany, Unavailable
from eventkit.web.language import gettext as _

log = logging.getLogger("eventkit")


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forgery)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(TooMany, lambda _error: page(429))
    app.register_error_handler(RegistrationClosed, lambda _error: page(409))
    app.register_error_handler(Invalid, lambda _error: page(422))
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Exception, _surprise)


def page(status: int) -> Response:
    """The page for a status, in the visitor's language."""
    title, text = _words(status)
    response = make_response(
        render_template("errors/error.html", status=status, title=title, text=text), status
    )
    if status in (429, 503):
        response.headers["Retry-After"] = "60"
    return response


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (
            _("That did not work"),
            _("The request was incomplete. Please go back and try again."),
        ),
        404: (
            _("There is nothing here"),
            _("The address may be mistyped, or the page no longer exists."),
        ),
        405: (_("That is not possible here"), _("This address does not take such a request.")),
        409: (
            _("That is not possible any more"),
            _("It has changed in the meantime. Please look again."),
        ),
        410: (_("That is over"), _("What was here is gone for good.")),
        413: (
            _("That is too big"),
            _("What you sent is larger than we can take. Nothing was kept."),
        ),
        422: (_("That could not be accepted"), _("Please go back and check what you entered.")),
        429: (
            _("A little too fast"),
            _("There were too many attempts. Please try again in a while."),
        ),
        503: (
            _("We can't write anything down just now"),
            _("Reading still works. Please try again in a few minutes; nothing of this was kept."),
        ),
    }
    fallback = (
        _("Something went wrong"),
        _("It is our fault and has been noted. Please try again."),
    )
    return known.get(status, fallback)


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    response = page(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _forgery(_error: CSRFError) -> Response:
    title = _("The form was open too long")
    text = _("Please go back, reload the page and send it once more.")
    body = render_template("errors/error.html", status=400, title=title, text=text)
    return make_response(body, 400)


def _foreign_host(_error: SecurityError) -> Response:
    """A Host that is not ours: no page, because a page has links (R32)."""
    text = "This site has another name. Whoever runs it sets the name with EVENTKIT_BASE_URL.\n"
    return Response(text, 400, mimetype="text/plain")


def _unavailable(error: Unavailable) -> Response:
    log.error("unavailable %s: %s", g.get("request_id", "-"), error)
    return page(503)


def _surprise(error: Exception) -> Response:
    rule = request.url_rule.rule if request.url_rule else "-"
    log.exception("surprise %s at %s", g.get("request_id", "-"), rule, exc_info=error)
    try:
        return page(500)
    except Exception:  # the error page itself needs the database: say it without
        log.exception("no error page %s", g.get("request_id", "-"))
        return Response("Something went wrong.", 500, mimetype="text/plain")
