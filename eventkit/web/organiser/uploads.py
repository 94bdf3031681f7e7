"""Resumable uploads of organisers, on behalf of people who speak."""

from flask import Response, request, url_for

from eventkit.errors import NotFound
from eventkit.model.material import Release
from eventkit.model.upload import Owner
from eventkit.store import agenda
from eventkit.web import access, headers, uploading
from eventkit.web.organiser.desk import blueprint, meeting
from eventkit.web.site import store


@blueprint.route(
    "/events/<slug>/uploads/", methods=["POST", "OPTIONS"], provide_automatic_options=False
)
@access.organisers
@uploading.speaks_tus
def uploads(slug: str) -> Response:
    """Begin an upload to a meeting."""
    event = meeting(slug)
    if request.method == "OPTIONS":
        return uploading.options()
    said = uploading.metadata()
    item_id = uploading.number(said.get("item_id", "")) or None
    if item_id and agenda.draft_item(store(), event.id, item_id) is None:
        raise NotFound
    rules = {rule.value: rule for rule in Release}
    release = rules.get(said.get("release", ""), Release.AFTER_ITEM)
    wanted = uploading.wanted(event.id, item_id, release=release)

    def address(public_id: str) -> str:
        return url_for("organiser.upload", slug=slug, public_id=public_id)

    return uploading.begin(event.id, _owner(), wanted, address)


@blueprint.route("/events/<slug>/uploads/<public_id>", methods=uploading.METHODS)
@access.organisers
@headers.takes_uploads
@uploading.speaks_tus
def upload(slug: str, public_id: str) -> Response:
    """Go on with an upload, or give it up."""
    return uploading.go_on(meeting(slug).id, _owner(), public_id, access.actor())


def _owner() -> Owner:
    return Owner(organiser_id=access.organiser().id)
