"""The desk every page of somebody who speaks stands on: the link, the person, their meetings."""

from datetime import timedelta

from flask import Blueprint, make_response, render_template
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response

from eventkit.actions import appearances
from eventkit.errors import NotFound
from eventkit.model.person import Person
from eventkit.web.site import now, store

PAST = timedelta(days=365)  # how long ago a meeting may be and still stand on the page
blueprint = Blueprint("speaker", __name__, url_prefix="/speaking")


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(NotFoundPage)
def unknown(error: Exception) -> Response:  # noqa: ARG001 # Flask hands it over
    """A link that opens nothing, whatever the reason: the same page, and a way out."""
    return make_response(render_template("guest/unknown.html"), 404)


def opened(token: str) -> Person:
    """Whose page a link opens. Raises NotFound."""
    return appearances.find(store(), token, now=now())
