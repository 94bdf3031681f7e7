"""Slides of somebody who speaks, by personal link: resumable uploads, and a page without script."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from eventkit.actions import speakers, standings
from eventkit.errors import Invalid, NotFound
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.material import Release
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.model.upload import Owner
from eventkit.store import files
from eventkit.store import uploads as upload_store
from eventkit.web import access, headers, listing, uploading
from eventkit.web.forms.people import SpeakerSlidesForm
from eventkit.web.site import now, site, store
from eventkit.web.speaking.desk import PAST, blueprint, opened

FIELDS = {"": "url"}


@blueprint.route("/<token>/slides/<int:item_id>", methods=["GET", "POST"])
@access.personal
@headers.takes_uploads
def slides(token: str, item_id: int) -> ResponseReturnValue:
    """The slides of one item: what is there, delivering more, a newer version, or a link."""
    person = opened(token)
    event, item = _own(person, item_id)
    form = SpeakerSlidesForm(data={"language": item.language, "material": ""})
    found = [m for m in files.of_event(store(), event.id) if m.item_id == item.id]
    form.offer(found)
    if form.validate_on_submit() and _deliver(event, item, form, person):
        return redirect(url_for(".slides", token=token, item_id=item_id, _anchor="there"), 303)
    body = render_template(
        "speaker/slides.html",
        token=token,
        person=person,
        event=event,
        item=item,
        block=listing.block(event),
        form=form,
        materials=found,
        versions=files.versions_of(store(), [m.id for m in found]),
        unfinished=upload_store.open_of(store(), event.id, Owner(person_id=person.id)),
        limit=site().settings.upload_limit,
    )
    return body, 422 if form.errors else 200


def _deliver(event: Event, item: Item, form: SpeakerSlidesForm, person: Person) -> bool:
    chosen: FileStorage | None = form.file.data or None
    material = next(
        (
            m
            for m in files.of_event(store(), event.id)
            if m.public_id == form.material.data and m.item_id == item.id
        ),
        None,
    )
    name = (chosen.filename or "") if chosen else ""
    typed = Text(de=form.title.data or "", en=form.title.data or "")
    try:
        speakers.add_material(
            store(),
            event.id,
            file=chosen.stream if chosen else None,  # type: ignore[arg-type] # a binary stream
            size=uploading.size_of(chosen),
            filename=name,
            title=typed if typed else uploading.default_title(event.id, item.id, name),
            item_id=item.id,
            language=form.language.data,
            licence=form.licence.data,
            release=Release.AFTER_ITEM,
            url=form.url.data or "",
            material_id=material.id if material else None,
            limit=site().settings.upload_limit,
            actor=person.name,
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        form.refuse(error, FIELDS)
        return False
    return True


@blueprint.route("/<token>/uploads/", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@access.personal
@uploading.speaks_tus
def uploads(token: str) -> Response:
    """Begin an upload for an item of one's own."""
    person = opened(token)
    if request.method == "OPTIONS":
        return uploading.options()
    said = uploading.metadata()
    event, item = _own(person, uploading.number(said.get("item_id", "")) or 0)
    wanted = uploading.wanted(event.id, item.id, release=Release.AFTER_ITEM)
    if wanted.material_id is not None:
        material = files.by_id(store(), event.id, wanted.material_id)
        if material is None or material.item_id != item.id:
            raise NotFound

    def address(public_id: str) -> str:
        return url_for("speaker.upload", token=token, public_id=public_id)

    return uploading.begin(event.id, Owner(person_id=person.id), wanted, address)


@blueprint.route("/<token>/uploads/<public_id>", methods=uploading.METHODS)
@access.personal
@headers.takes_uploads
@uploading.speaks_tus
def upload(token: str, public_id: str) -> Response:
    """Go on with an upload, or give it up."""
    person = opened(token)
    return uploading.go_on(None, Owner(person_id=person.id), public_id, person.name)


def _own(person: Person, item_id: int) -> tuple[Event, Item]:
    """An item this person sees on their own page, and its meeting. Raises NotFound for others."""
    for standing in standings.of_person(store(), person, since=now() - PAST):
        for own in standing.own:
            if own.item.id == item_id and own.takes_slides:
                return standing.event, own.item
    raise NotFound
