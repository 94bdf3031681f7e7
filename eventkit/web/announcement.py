"""The page of one meeting: announcement before, recap after, at the same address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as quoted

from flask import render_template, url_for

from eventkit.actions import openings
from eventkit.model.agenda import Part, Programme
from eventkit.model.archive import Photo, Recap
from eventkit.model.event import Event, Link
from eventkit.store import agenda, archive
from eventkit.store import events as event_store
from eventkit.store import seats as seat_store
from eventkit.web import access, downloads, listing, materials, meeting, showing, structured
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _
from eventkit.web.site import now, organisation, site, store


@access.public
def event(slug: str) -> str:
    """One meeting."""
    found = meeting.at(slug)
    programme = agenda.published(store(), found.id)
    recap = archive.recap(store(), found.id)
    shown = recap if recap is not None and recap.published_at is not None else None
    seats = seat_store.seats(store(), found)
    standing = meeting.standing(found, seats)
    handed = materials.open_now(found)
    photos = [_photo(found, photo) for photo in shown.photos] if shown else []
    topics = event_store.topics_of(store(), found.id)
    return render_template(
        "public/recap.html" if shown else "public/event.html",
        event=found,
        block=listing.block(found),
        where=meeting.where(found),
        over=now() >= found.ends_at,
        standing=standing,
        tells=openings.may_ask(found, now()),
        seats=seats,
        programme=programme,
        agenda=_agenda(found, programme),
        people=people(programme),
        downloads=materials.entries(handed, programme, materials.public_address(found)),
        zipped=len([m for m in handed if m.current]) > 1,
        recap=shown,
        quotes=_quotes(shown),
        photos=photos,
        topics=topics,
        topic_tags=listing.topic_tags(topics),
        further=_further(found),
        contact=meeting.contact_address(found, organisation().email),
        ics=site().links.event_ics(found.slug),
        agenda_ics=site().links.agenda_ics(found.slug),
        structured=structured.event(
            found, programme, organisation(), seats, standing, _addresses(photos)
        ),
    )


def _addresses(photos: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{site().links.base}{photo['src']}" for photo in photos)


def _further(found: Event) -> list[Link]:
    """The meeting's own links, then the organisation's, each address once."""
    links = (*event_store.links(store(), found.id), *organisation().links)
    return list({link.url: link for link in reversed(links)}.values())[::-1]


def _agenda(found: Event, programme: Programme | None) -> showing.Shown | None:
    """The programme as this visitor asks for it, with the slides that are open."""
    by_item = materials.of_items(materials.open_now(found), materials.public_address(found))
    return showing.public(found, programme, materials.on_rail(by_item))


@dataclass(frozen=True, slots=True)
class Hero:
    """The next meeting, as the home page opens with it."""

    event: Event
    block: dict[str, Any]
    where: str
    standing: meeting.Standing


def hero(found: Event) -> Hero:
    """A meeting as the opening of the home page."""
    seats = seat_store.seats(store(), found)
    return Hero(found, listing.block(found), meeting.where(found), meeting.standing(found, seats))


def people(programme: Programme | None) -> list[dict[str, Any]]:
    """Everybody of the programme once, in order of appearance, for `person_card`."""
    seen: dict[int, dict[str, Any]] = {}
    items = sorted(programme.items, key=lambda item: item.starts_at) if programme else []
    for item in items:
        for part in item.people if not item.cancelled else ():
            seen.setdefault(part.person.id, card(part))
    return list(seen.values())


def card(part: Part) -> dict[str, Any]:
    """A person with the function and organisation of that day, for `person_card(**…)`."""
    person = part.person
    return {
        "name": person.name,
        "former_name": person.former_name,
        "function": plain(part.function or person.function),
        "organisation": plain(part.organisation or person.organisation),
        "photo": downloads.portrait_address(person),
        "photo_credit": person.photo_credit,
        "href": url_for("public.speaker", slug=person.slug),
    }


def _quotes(recap: Recap | None) -> list[dict[str, str]]:
    """What was said, for `quote(**…)`."""
    found = []
    for quote in recap.quotes if recap else ():
        said, spoken = quote.text.pick(current())
        found.append(
            {
                "text": said,
                "by": quote.name,
                "function": plain(quote.function),
                "lang": spoken if spoken != current() else "",
            }
        )
    return found


def _photo(found: Event, photo: Photo) -> dict[str, Any]:
    """A picture of the recap, for `picture(**…)`."""
    caption = plain(photo.caption)
    contact = meeting.contact_address(found, organisation().email)
    subject = _("Please remove picture %(number)s") % {"number": photo.public_id}
    return {
        "src": downloads.photo_address(found.slug, photo.public_id),
        "alt": plain(photo.alt) or caption,
        "caption": caption,
        "credit": photo.credit,
        "width": photo.width,
        "height": photo.height,
        "takedown_href": mailto(contact, subject) if contact else "",
    }


def mailto(address: str, subject: str) -> str:
    """An address for a mail with a subject."""
    return f"mailto:{quoted(address, safe='@')}?subject={quoted(subject)}"
