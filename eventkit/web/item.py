"""The page of one programme item: what a link to a talk leads to, whatever moves."""

from flask import render_template, url_for
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.rules import marks
from eventkit.store import agenda
from eventkit.web import access, announcement, listing, materials, meeting, rail, showing
from eventkit.web.language import current
from eventkit.web.site import site, store


@access.public
def item(slug: str, public_id: str) -> str:
    """One item: who, when, where, what about, its slides, and into the calendar."""
    event = meeting.at(slug)
    programme = agenda.published(store(), event.id)
    found = marks.named(programme.items, public_id) if programme else None
    if found is None:
        raise NotFoundPage
    handed = [m for m in materials.open_now(event) if m.item_id == found.id]
    there = showing.elsewhere(event, showing.asked_zone())
    page = url_for("public.event", slug=event.slug)
    return render_template(
        "public/item.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        item=found,
        kind=showing.kind(found.kind),
        spoken=rail.spoken(found.language, current()),
        when=showing.day_and_hours(event, found),
        elsewhere=there,
        when_there=rail.there(
            found.starts_at, found.ends_at, event.zone, there.zone, current(), always=True
        )
        if there.zone
        else "",
        people=[(announcement.card(part), rail.role(part, current())) for part in found.people],
        downloads=materials.entries(handed, [found], materials.public_address(event)),
        ics=f"{url_for('feeds.programme', slug=event.slug)}?mark={public_id}",
        mark=f"{page}?mark={public_id}#item-{found.id}",
        back=f"{page}#item-{found.id}",
        canonical=site().links.item(event.slug, public_id),
    )
