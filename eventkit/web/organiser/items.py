"""One item of the programme's draft: everything about it, and taking it out."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import agenda as agenda_actions
from eventkit.errors import Refused
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.rules import planning
from eventkit.store import agenda as agenda_store
from eventkit.store import people
from eventkit.web import access
from eventkit.web.forms.agenda import FIELDS, ItemForm, filled, fresh, item_form, rows_for
from eventkit.web.language import gettext as _
from eventkit.web.language import plain
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.route("/events/<slug>/agenda/items/new", methods=["GET", "POST"])
@access.organisers
def item_new(slug: str) -> ResponseReturnValue:
    """A new item of the draft."""
    event = meeting(slug)
    rows = rows_for(None, request.form)
    form = item_form(rows)(data=fresh(event, agenda_store.draft(store(), event.id)))
    return _item_page(event, form, rows, None)


@blueprint.route("/events/<slug>/agenda/items/<int:item_id>", methods=["GET", "POST"])
@access.organisers
def item(slug: str, item_id: int) -> ResponseReturnValue:
    """An item of the draft."""
    event = meeting(slug)
    found = _item(event, item_id)
    rows = rows_for(found, request.form)
    return _item_page(event, item_form(rows)(data=filled(found, event)), rows, found)


def _item_page(event: Event, form: ItemForm, rows: int, before: Item | None) -> ResponseReturnValue:
    rooms, everybody = agenda_store.rooms(store(), event.id), people.every(store())
    form.offer(rooms, everybody)
    status, there = 200, None
    if request.method == "POST":
        wanted = form.item(event, before.id if before else 0, rooms, everybody)
        if wanted is not None:
            try:
                saved = agenda_actions.save_item(
                    store(),
                    event.id,
                    wanted,
                    seen=request.form.get("seen", "")[:20],
                    actor=access.actor(),
                    now=now(),
                    identity=site().identity,
                )
            except Refused as error:
                form.refuse(error, FIELDS)
                there = before if error.code == "changed_meanwhile" else None
            else:
                said = _("Saved in the draft. Nobody is told before you publish.")
                anchor = f"item-{saved}"
                day = form.on.data.isoformat()
                return back("agenda", said, slug=event.slug, day=day, item=saved, anchor=anchor)
        status = 409 if there else 422
    return page(
        "item_form.html",
        status,
        event=event,
        form=form,
        item=before,
        seen=planning.mark(before) if before else "",
        there=there,
        rows=range(1, rows + 1),
    )


@blueprint.route("/events/<slug>/agenda/items/<int:item_id>/remove", methods=["GET", "POST"])
@access.organisers
def item_remove(slug: str, item_id: int) -> ResponseReturnValue:
    """Take an item out of the draft, after asking."""
    event = meeting(slug)
    found = _item(event, item_id)
    if request.method == "POST":
        agenda_actions.remove_item(store(), event.id, found.id, actor=access.actor(), now=now())
        return back("agenda", _("Taken out of the draft."), slug=slug)
    return ask(
        event,
        title=_("Take “%(title)s” out?") % {"title": plain(found.title)},
        text=_("It leaves the draft now, and the public programme when you publish."),
        button=_("Take it out"),
        leave="agenda",
    )


def _item(event: Event, item_id: int) -> Item:
    found = agenda_store.draft_item(store(), event.id, item_id)
    if found is None:
        raise NotFoundPage
    return found
