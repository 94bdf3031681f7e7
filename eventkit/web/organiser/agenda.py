"""The programme's draft on the time rail, its items, and publishing it."""

import dataclasses

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import agenda as agenda_actions
from eventkit.errors import Invalid
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.rules import agenda as agenda_rule
from eventkit.store import agenda as agenda_store
from eventkit.store import people
from eventkit.web import access, rail
from eventkit.web.forms.agenda import FIELDS, ROWS, ItemForm, filled, fresh
from eventkit.web.forms.house import PublishForm
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _
from eventkit.web.organiser import words
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.get("/events/<slug>/agenda")
@access.organisers
def agenda(slug: str) -> ResponseReturnValue:
    """The draft, its clashes, and how it differs from what is published."""
    event = meeting(slug)
    items = agenda_store.draft(store(), event.id)
    published = agenda_store.published(store(), event.id)
    return page(
        "agenda.html",
        event=event,
        days=rail.days(items, event.zone, current(), more=_clashes(event, items), known=()),
        items=items,
        rooms=agenda_store.rooms(store(), event.id),
        published=published,
        pending=[words.change(c, event) for c in agenda_actions.pending(store(), event.id)],
        form=PublishForm(formdata=None),
    )


def _clashes(event: Event, items: tuple[Item, ...]) -> dict[int, dict[str, str]]:
    found: dict[int, list[str]] = {}
    for clash in agenda_rule.clashes(event, items):
        found.setdefault(clash.item.id, []).append(words.clash(clash, event.zone))
    return {item_id: {"clash": " ".join(said)} for item_id, said in found.items()}


@blueprint.route("/events/<slug>/agenda/items/new", methods=["GET", "POST"])
@access.organisers
def item_new(slug: str) -> ResponseReturnValue:
    """A new item of the draft."""
    event = meeting(slug)
    form = ItemForm(data=fresh(event, agenda_store.draft(store(), event.id)))
    return _item_page(event, form, None)


@blueprint.route("/events/<slug>/agenda/items/<int:item_id>", methods=["GET", "POST"])
@access.organisers
def item(slug: str, item_id: int) -> ResponseReturnValue:
    """An item of the draft."""
    event = meeting(slug)
    found = _item(event, item_id)
    return _item_page(event, ItemForm(data=filled(found, event)), found)


def _item_page(event: Event, form: ItemForm, before: Item | None) -> ResponseReturnValue:
    rooms, everybody = agenda_store.rooms(store(), event.id), people.every(store())
    form.offer(rooms, everybody)
    if request.method == "POST":
        wanted = form.item(event, before.id if before else 0, rooms, everybody)
        if wanted is not None:
            if before is not None:
                further = before.people[len(ROWS) :]
                wanted = dataclasses.replace(wanted, people=(*wanted.people, *further))
            try:
                saved = agenda_actions.save_item(
                    store(),
                    event.id,
                    wanted,
                    actor=access.actor(),
                    now=now(),
                    identity=site().identity,
                )
            except Invalid as error:
                form.refuse(error, FIELDS)
            else:
                said = _("Saved in the draft. Nobody is told before you publish.")
                return back("agenda", said, slug=event.slug, anchor=f"item-{saved}")
    status = 422 if form.errors else 200
    return page("item_form.html", status, event=event, form=form, item=before, rows=ROWS)


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


@blueprint.post("/events/<slug>/agenda/publish")
@access.organisers
def publish(slug: str) -> ResponseReturnValue:
    """Make the draft the public programme."""
    event = meeting(slug)
    form = PublishForm()
    try:
        programme = agenda_actions.publish(
            store(),
            event.id,
            note=form.text("note"),
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Invalid as error:
        return back("agenda", sentence(error.code), "danger", slug=slug)
    said = _("Version %(version)s is published.") % {"version": programme.version}
    return back("agenda", said, slug=slug)
