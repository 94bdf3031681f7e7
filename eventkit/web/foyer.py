"""The screen in the foyer: what runs now in which room, and what comes next."""

from base64 import b64encode
from functools import lru_cache

from flask import Response, make_response, render_template, request, url_for

from eventkit import language as words
from eventkit.documents import paper
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.rules import foyer
from eventkit.store import agenda, programmes
from eventkit.web import access, meeting
from eventkit.web.language import current, iso, plain
from eventkit.web.site import now, site, store

FRESH = "public, max-age=30"
MOST_NEWS = 3


@access.public
def screen(slug: str) -> Response:
    """Now and next; refreshes itself, keeps the last state when the network drops."""
    event = meeting.at(slug)
    programme = agenda.published(store(), event.id)
    items = programme.items if programme else ()
    asked = request.args.get("room", 0, type=int)
    if asked:
        items = tuple(i for i in items if i.room is None or i.room.id == asked)
    board = foyer.board(
        items, _morning(event, items), agenda.rooms(store(), event.id), event.zone, now()
    )
    address = site().links.event(event.slug)
    response = make_response(
        render_template(
            "public/now.html",
            event=event,
            programme=programme,
            board=board,
            clock=words.rail(now(), event.zone),
            now_iso=iso(now()),
            day=words.day(now(), event.zone, current()),
            today=_day(event, event.starts_at if board.starts_at is None else board.starts_at),
            news=_news(event, board),
            code=_code(address),
            address=address.partition("://")[2].rstrip("/"),
            back=url_for("public.event", slug=event.slug),
        )
    )
    response.headers["Cache-Control"] = FRESH
    return response


def _day(event: Event, at: object) -> str:
    """A day in words; "" when it is today, where nobody has to be told."""
    named = words.day(at, event.zone, current())  # type: ignore[arg-type]
    return "" if named == words.day(now(), event.zone, current()) else named


def _morning(event: Event, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The programme this day began with: who came in the morning has read that one."""
    version = programmes.version_at(store(), event.id, foyer.morning_of(now(), event.zone))
    if version is None or version == event.programme_version:
        return items
    found = agenda.published(store(), event.id, version=version)
    return found.items if found else items


def _news(event: Event, board: foyer.Board) -> list[dict[str, str]]:
    """What is not as people know it, the soonest first."""
    off = [
        (i.starts_at, {"kind": "off", "title": plain(i.title), **_at(event, i)}) for i in board.off
    ]
    moved = [
        (
            after.starts_at,
            {
                "kind": "moved",
                "title": plain(after.title),
                "was": _at(event, before)["at"],
                **_at(event, after),
            },
        )
        for before, after in board.moved
    ]
    return [told for _, told in sorted(off + moved, key=lambda each: each[0])][:MOST_NEWS]


def _at(event: Event, item: Item) -> dict[str, str]:
    time = words.rail(item.starts_at, event.zone)
    return {"at": ", ".join(filter(None, (time, plain(item.room.name) if item.room else "")))}


@lru_cache(maxsize=64)
def _code(address: str) -> str:
    """A QR code as the address of a picture."""
    return f"data:image/png;base64,{b64encode(paper.qr(address)).decode()}"
