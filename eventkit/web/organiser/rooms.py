"""The rooms of a meeting."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import agenda as agenda_actions
from eventkit.errors import Invalid
from eventkit.model.agenda import Room
from eventkit.model.event import Event
from eventkit.store import agenda as agenda_store
from eventkit.web import access
from eventkit.web.forms.agenda import FIELDS, RoomForm, room_fields
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, store


@blueprint.route("/events/<slug>/agenda/rooms/new", methods=["GET", "POST"])
@access.organisers
def room_new(slug: str) -> ResponseReturnValue:
    """A new room."""
    return _room_page(meeting(slug), RoomForm(), None)


@blueprint.route("/events/<slug>/agenda/rooms/<int:room_id>", methods=["GET", "POST"])
@access.organisers
def room(slug: str, room_id: int) -> ResponseReturnValue:
    """A room."""
    event = meeting(slug)
    found = _room(event, room_id)
    return _room_page(event, RoomForm(data=room_fields(found)), found)


def _room_page(event: Event, form: RoomForm, before: Room | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        rooms = [each.id for each in agenda_store.rooms(store(), event.id)]
        try:
            agenda_actions.save_room(
                store(),
                event.id,
                form.room(before.id if before else 0),
                position=rooms.index(before.id) if before else len(rooms),
                actor=access.actor(),
                now=now(),
            )
        except Invalid as error:
            form.refuse(error, FIELDS)
        else:
            return back("agenda", _("The room is saved."), slug=event.slug, anchor="rooms")
    status = 422 if form.errors else 200
    return page("room_form.html", status, event=event, form=form, room=before)


@blueprint.route("/events/<slug>/agenda/rooms/<int:room_id>/remove", methods=["GET", "POST"])
@access.organisers
def room_remove(slug: str, room_id: int) -> ResponseReturnValue:
    """Remove a room, after asking."""
    event = meeting(slug)
    found = _room(event, room_id)
    if request.method == "POST":
        agenda_actions.remove_room(store(), event.id, found.id, actor=access.actor(), now=now())
        return back("agenda", _("The room is removed."), slug=slug, anchor="rooms")
    draft = agenda_store.draft(store(), event.id)
    used = sum(1 for item in draft if item.room and item.room.id == found.id)
    left = ngettext(
        "%(num)s item of the draft is without a room then.",
        "%(num)s items of the draft are without a room then.",
        used,
    )
    return ask(
        event,
        title=_("Remove the room “%(name)s”?") % {"name": plain(found.name)},
        text=left % {"num": used} if used else _("Nothing takes place in it."),
        button=_("Remove the room"),
        leave="agenda",
    )


def _room(event: Event, room_id: int) -> Room:
    for found in agenda_store.rooms(store(), event.id):
        if found.id == room_id:
            return found
    raise NotFoundPage
