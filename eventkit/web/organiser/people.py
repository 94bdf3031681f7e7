"""People who speak, moderate or are quoted, in all meetings."""

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import speakers as speaker_actions
from eventkit.errors import Invalid
from eventkit.model.person import Person
from eventkit.rules.uploads import PICTURES
from eventkit.store import files, shelf
from eventkit.store import people as people_store
from eventkit.web import access, headers
from eventkit.web.forms.people import PersonForm, filled
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, page
from eventkit.web.site import now, store


@blueprint.get("/people")
@access.organisers
def people() -> ResponseReturnValue:
    """Everybody, or those a search finds."""
    wanted = request.args.get("q", "")
    return page("people.html", people=people_store.every(store(), words=wanted), wanted=wanted)


@blueprint.route("/people/new", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def person_new() -> ResponseReturnValue:
    """A new person."""
    return _person_page(PersonForm(), None)


@blueprint.route("/people/<slug>", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def person(slug: str) -> ResponseReturnValue:
    """A person."""
    found = people_store.by_slug(store(), slug)
    if found is None:
        raise NotFoundPage
    return _person_page(PersonForm(data=filled(found)), found)


def _person_page(form: PersonForm, before: Person | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        uploaded = form.photo.data
        try:
            saved = speaker_actions.save_person(
                store(),
                form.person(before.id if before else 0),
                photo=uploaded.read() if uploaded else None,
                actor=access.actor(),
                now=now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return back("people", _("%(name)s is saved.") % {"name": saved.name})
    status = 422 if form.errors else 200
    return page("person_form.html", status, form=form, person=before)


@blueprint.get("/pictures/<sha256>")
@access.organisers
def picture(sha256: str) -> Response:
    """A picture on the shelf, published or not."""
    stored = files.known(store(), sha256)
    if stored is None or stored.media_type not in PICTURES:
        raise NotFoundPage
    return send_file(shelf.path(store(), sha256), mimetype=stored.media_type)
