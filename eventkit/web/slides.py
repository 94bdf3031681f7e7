"""Slides for everybody: the page of a download, its pictures, the file, all in one archive."""

from collections.abc import Iterable
from hashlib import sha256

from flask import Response, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.documents.archive import Archive, Member
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.rules import access as access_rule
from eventkit.rules import text
from eventkit.store import agenda, files, previews, shelf
from eventkit.web import access, downloads, listing, materials, meeting, rail
from eventkit.web.language import current, plain
from eventkit.web.site import now, site, store


@access.public
def slides(slug: str, public_id: str, filename: str) -> AnyResponse:
    """One file that is open to everybody; an old or mistyped name leads to the present one."""
    event, material = _there(slug, public_id)
    if not access_rule.released(material, now()):
        return _not_yet(event, material)
    if filename != materials.shown_name(material):
        return redirect(materials.public_address(event)(material), 301)
    return downloads.hand_out(material, "public, no-cache")


@access.public
def slides_page(slug: str, public_id: str) -> AnyResponse:
    """What there is to see of a download: its pages as pictures, who, when, and the file."""
    event, material = _there(slug, public_id)
    if not access_rule.released(material, now()):
        return _not_yet(event, material)
    return shown(event, material, materials.public_address(event))


def shown(event: Event, material: Material, address: materials.Address) -> AnyResponse:
    """The page of a download that its reader may have, with addresses made for this reader."""
    item = _item(event, material)
    version = material.current
    pages = previews.pages(store(), version.file.sha256) if version else []
    body = render_template(
        "public/slides.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        material=material,
        entry=materials.entries(
            [material], [item] if item else None, materials.public_address(event)
        )[0],
        item=item,
        pages=[
            {
                "src": address.picture(material, page),
                "width": page.width,
                "height": page.height,
                "words": page.words,
                "number": page.page,
            }
            for page in pages
        ],
        languages=rail.spoken(material.language, current()),
    )
    return make_response(body)


@access.public
def slides_picture(slug: str, public_id: str, number: int) -> AnyResponse:
    """A page of slides as a picture, as long as the file itself is open; 0 is the cover."""
    _event, material = _there(slug, public_id)
    if material.current is None or not access_rule.released(material, now()):
        raise NotFoundPage
    return picture_of(material.current.file.sha256, number)


def picture_of(file: str, number: int) -> AnyResponse:
    """The picture of a page of a file, or its cover (0)."""
    if number:
        found = next((p for p in previews.pages(store(), file) if p.page == number), None)
    else:
        found = previews.covers(store(), [file]).get(file)
    if found is None:
        raise NotFoundPage
    return downloads.picture(found.picture.sha256)


@access.public
def slides_zip(slug: str) -> AnyResponse:
    """All files of a meeting that are open to everybody, in one archive with readable names."""
    event = meeting.at(slug)
    return zipped(event, materials.open_now(event), "public, no-cache")


def zipped(event: Event, found: Iterable[Material], caching: str) -> AnyResponse:
    """These files in one archive, sent while it is read; a broken transfer can go on (Range)."""
    kept = [m for m in found if m.current and shelf.path(store(), m.current.file.sha256).is_file()]
    if not kept:
        raise NotFoundPage
    archive = Archive(_members(event, kept))
    etag = sha256(repr([(m.id, m.current, plain(m.title)) for m in kept]).encode()).hexdigest()
    response = Response(mimetype="application/zip")
    response.set_etag(etag)
    response.headers["Cache-Control"] = caching
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.zip"'
    response.headers["Accept-Ranges"] = "bytes"
    response.vary.update(("Accept-Language", "Cookie"))
    if request.if_none_match.contains_weak(etag):
        response.status_code = 304
        return response
    start, stop = _stretch(archive.size, etag)
    if (start, stop) != (0, archive.size):
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{archive.size}"
    if request.method == "GET":
        response.response = archive.read(start, stop)
        for material in kept if start == 0 else ():
            site().tally.count(material.id, now().date())
    response.content_length = stop - start
    return response


def _stretch(size: int, etag: str) -> tuple[int, int]:
    """The part of the archive that was asked for; all of it unless it is one plain range."""
    asked = request.range
    same = request.if_range.etag in (None, etag)
    if asked is None or not same or request.method != "GET" or len(asked.ranges) != 1:
        return 0, size
    found = asked.range_for_length(size)
    return found if found is not None else (0, size)


def _members(event: Event, found: list[Material]) -> list[Member]:
    """What the archive holds, in the order of the programme: "02 – Meral Thoms – Title.pdf"."""
    programme = agenda.published(store(), event.id)
    items = {item.id: item for item in programme.items} if programme else {}
    members = []
    for number, material in enumerate(materials.in_order(found, items), 1):
        version = material.current
        if version is None:
            continue
        makers = materials.makers(items.get(material.item_id or 0))
        words = " – ".join(filter(None, (f"{number:02}", makers[:60], plain(material.title))))
        suffix = version.filename.rpartition(".")[2]
        name = text.filename(words.replace("/", " ").replace("\\", " ") + f".{suffix}", suffix)
        path = shelf.path(store(), version.file.sha256)
        members.append(Member(f"{event.slug}/{name}", path, version.file.size, version.uploaded_at))
    return members


def _there(slug: str, public_id: str) -> tuple[Event, Material]:
    event = meeting.at(slug)
    material = files.by_public_id(store(), event.id, public_id)
    if material is None or not materials.deliverable(material):
        raise NotFoundPage
    return event, material


def _item(event: Event, material: Material) -> Item | None:
    programme = agenda.published(store(), event.id)
    items = programme.items if programme else ()
    return next((i for i in items if i.id == material.item_id and not i.cancelled), None)


def _not_yet(event: Event, material: Material) -> AnyResponse:
    """A friendly word on when it opens; of the download itself it says nothing."""
    body = render_template(
        "public/slides_not_yet.html",
        event=event,
        block=listing.block(event),
        where=meeting.where(event),
        item=_item(event, material),
        release=material.release,
        opens_at=material.item_ends_at,
    )
    response = make_response(body, 404)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
