"""Whether a certificate is genuine: for whoever holds the paper, without a name."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventkit.actions import tickets as actions
from eventkit.errors import NotFound
from eventkit.rules import tickets as rules
from eventkit.web import access, listing, meeting
from eventkit.web.public import blueprint
from eventkit.web.site import site, store


@blueprint.get("/verify/")
@blueprint.get("/verify/<code>")
@access.public
def verify(code: str = "") -> Response:
    """The meeting and the day a certificate was issued for, or that its code is none of ours."""
    typed = rules.tidy(code or request.args.get("code", ""))
    if typed and not code:
        return redirect(url_for("public.verify", code=typed), 303)
    shown: dict[str, Any] = {"code": rules.grouped(typed), "event": None, "block": None}
    if not typed:
        return make_response(render_template("public/verify.html", **shown))
    try:
        event = actions.certified(store(), typed, identity=site().identity)
    except NotFound:
        return make_response(render_template("public/verify.html", **shown), 404)
    shown |= {"event": event, "block": listing.block(event), "where": meeting.where(event)}
    return make_response(render_template("public/verify.html", **shown))
