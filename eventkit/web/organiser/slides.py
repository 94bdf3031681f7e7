"""Slides and other downloads: adding on behalf of a speaker, releasing, withholding, removing."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import speakers as speaker_actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.material import Material, Release
from eventkit.store import agenda, files
from eventkit.web import access, headers, uploading
from eventkit.web.forms.people import MaterialForm, known_licence
from eventkit.web.language import gettext as _
from eventkit.web.language import plain
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, site, store

FIELDS = {"title": "title_de"}


@blueprint.route("/events/<slug>/speakers/slides/new", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def material_new(slug: str) -> ResponseReturnValue:
    """Add slides on behalf of a speaker; `?item=` chooses the talk."""
    event = meeting(slug)
    items = agenda.draft(store(), event.id)
    wanted = request.args.get("item", 0, type=int)
    item = next((item for item in items if item.id == wanted), None)
    first: dict[str, object] = {"release": Release.AFTER_ITEM.value, "item_id": 0}
    if item is not None:
        first |= {"item_id": item.id, "language": item.language}
        first |= {"title_de": item.title.de, "title_en": item.title.en}
    form = MaterialForm(data=first)
    form.offer(items)
    if form.validate_on_submit() and _add(event, form, None):
        return back("slide_list", _("The slides are added."), slug=slug)
    status = 422 if form.errors else 200
    return page(
        "material_form.html",
        status,
        event=event,
        form=form,
        material=None,
        limit=site().settings.upload_limit,
    )


@blueprint.route("/events/<slug>/speakers/slides/<public_id>", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def material(slug: str, public_id: str) -> ResponseReturnValue:
    """Change a download's description, or deliver a newer file for it."""
    event = meeting(slug)
    found = _material(event, public_id)
    form = MaterialForm(
        data={
            "title_de": found.title.de,
            "title_en": found.title.en,
            "item_id": found.item_id or 0,
            "url": found.url,
            "language": found.language,
            "licence": found.licence if known_licence(found.licence) else "",
            "own_licence": "" if known_licence(found.licence) else found.licence,
            "release": found.release.value,
        }
    )
    form.offer(agenda.draft(store(), event.id))
    if form.validate_on_submit() and _change(event, form, found):
        return back("slide_list", _("Saved."), slug=slug)
    status = 422 if form.errors else 200
    return page(
        "material_form.html",
        status,
        event=event,
        form=form,
        material=found,
        limit=site().settings.upload_limit,
    )


def _shown(event: Event, form: MaterialForm, found: Material | None) -> ResponseReturnValue:
    return page(
        "material_form.html",
        422 if form.errors else 200,
        event=event,
        form=form,
        material=found,
        limit=site().settings.upload_limit,
    )


def _change(event: Event, form: MaterialForm, found: Material) -> bool:
    if form.file.data and not _add(event, form, found):
        return False
    speaker_actions.change_material(
        store(),
        event.id,
        found.id,
        title=form.text("title"),
        language=form.language.data,
        licence=form.chosen_licence(),
        release=Release(form.release.data),
        item_id=form.item_id.data or None,
        actor=access.actor(),
        now=now(),
    )
    return True


def _add(event: Event, form: MaterialForm, found: Material | None) -> bool:
    """Deliver what was chosen; says whether it was taken."""
    chosen: FileStorage | None = form.file.data or None
    try:
        speaker_actions.add_material(
            store(),
            event.id,
            file=chosen.stream if chosen else None,  # type: ignore[arg-type] # a binary stream
            size=uploading.size_of(chosen),
            filename=(chosen.filename or "") if chosen else "",
            title=form.text("title"),
            item_id=form.item_id.data or None,
            language=form.language.data,
            licence=form.chosen_licence(),
            release=Release(form.release.data),
            url=form.url.data or "",
            material_id=found.id if found else None,
            limit=site().settings.upload_limit,
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        form.refuse(error, FIELDS | ({"": "url"} if error.code == "web_address" else {}))
        return False
    return True


@blueprint.post("/events/<slug>/speakers/slides/<public_id>/release")
@access.organisers
def material_release(slug: str, public_id: str) -> ResponseReturnValue:
    """Open a download for everybody from now on."""
    return _release(meeting(slug), public_id, open_now=True)


@blueprint.post("/events/<slug>/speakers/slides/<public_id>/withhold")
@access.organisers
def material_withhold(slug: str, public_id: str) -> ResponseReturnValue:
    """Close a download again."""
    return _release(meeting(slug), public_id, open_now=False)


def _release(event: Event, public_id: str, *, open_now: bool) -> ResponseReturnValue:
    found = _material(event, public_id)
    speaker_actions.release_material(
        store(), event.id, found.id, open_now=open_now, actor=access.actor(), now=now()
    )
    said = _("Everybody can download it now.") if open_now else _("Nobody can download it now.")
    return back("slide_list", said, slug=event.slug)


@blueprint.route("/events/<slug>/speakers/slides/<public_id>/remove", methods=["GET", "POST"])
@access.organisers
def material_remove(slug: str, public_id: str) -> ResponseReturnValue:
    """Take a download away, after asking."""
    event = meeting(slug)
    found = _material(event, public_id)
    if request.method == "POST":
        speaker_actions.remove_material(
            store(), event.id, found.id, actor=access.actor(), now=now()
        )
        return back("slide_list", _("The download is removed."), slug=slug)
    return ask(
        event,
        title=_("Remove “%(title)s”?") % {"title": plain(found.title)},
        text=_("Its address then leads nowhere, also from mails and bookmarks."),
        button=_("Remove it"),
        leave="slide_list",
    )


def _material(event: Event, public_id: str) -> Material:
    found = files.by_public_id(store(), event.id, public_id)
    if found is None:
        raise NotFoundPage
    return found
