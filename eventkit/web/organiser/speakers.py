"""Everybody with a role on one meeting's draft: what they said, what is missing, their slides."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from eventkit.actions import appearances, asking, standings
from eventkit.actions.standings import Standing
from eventkit.model.agenda import Item
from eventkit.model.appearance import Answer
from eventkit.model.material import Material
from eventkit.rules import access as access_rule
from eventkit.rules import appearances as rules
from eventkit.store import agenda, files
from eventkit.web import access
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.get("/events/<slug>/speakers")
@access.organisers
def speakers(slug: str) -> ResponseReturnValue:
    """Who is on the draft, what they said and what of theirs is there; `?show=` filters."""
    event = meeting(slug)
    items = agenda.draft(store(), event.id)
    materials = files.of_event(store(), event.id)
    known = {item.id for item in items}
    found = standings.of_event(store(), event)
    asked = request.args.get("show", "")
    ids = [each.person.id for each in found]
    tokens = appearances.links(store(), ids, now=now(), identity=site().identity)
    return page(
        "speakers.html",
        event=event,
        people=[each for each in found if shows(each, asked)],
        everybody=len(found),
        filters=_filters(slug, found, asked),
        show=asked,
        to_ask=len(asking.to_ask(found, now())),
        to_remind=len(asking.to_remind(found, now())),
        links={key: site().links.speaking(token) for key, token in tokens.items()},
        may_ask=rules.may_ask(event, now()),
        slides=_slides(items, found, materials),
        whole=[m for m in materials if m.item_id not in known],
        open_now={m.id: access_rule.released(m, now()) for m in materials},
    )


def shows(standing: Standing, asked: str) -> bool:
    """Whether a filter lets somebody through."""
    said = standing.said
    return {
        "confirmed": said.state is Answer.CONFIRMED,
        "declined": said.state is Answer.DECLINED,
        "open": said.state is Answer.OPEN and said.asked_at is not None,
        "unasked": said.state is Answer.OPEN and said.asked_at is None,
        "missing": bool(standing.owed),
        "no-address": not standing.person.email,
    }.get(asked, True)


def _filters(slug: str, found: list[Standing], asked: str) -> list[dict[str, Any]]:
    rows = (
        ("", _("All")),
        ("unasked", _("Not asked yet")),
        ("open", _("No answer yet")),
        ("confirmed", _("Confirmed")),
        ("declined", _("Declined")),
        ("missing", _("Something missing")),
        ("no-address", _("Without address")),
    )
    return [
        {
            "label": label,
            "count": sum(shows(each, name) for each in found),
            "current": name == asked,
            "href": url_for("organiser.speakers", slug=slug, show=name or None),
        }
        for name, label in rows
    ]


def _slides(
    items: tuple[Item, ...], found: list[Standing], materials: list[Material]
) -> list[dict[str, Any]]:
    """The items that have slides, or should: with who is on them."""
    wanted = {own.item.id for each in found for own in each.own if own.wants_slides}
    return [
        {
            "item": item,
            "names": [part.person.name for part in item.people],
            "materials": [m for m in materials if m.item_id == item.id],
        }
        for item in items
        if item.id in wanted or any(m.item_id == item.id for m in materials)
    ]
