"""Handing out files: slides, all slides at once, the printed programme, pictures (R20, R21)."""

import zipfile
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.documents import ical, pdf
from eventkit.errors import PressBusy
from eventkit.model.agenda import Programme
from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.rules import access as access_rule
from eventkit.store import agenda, archive, files, people, shelf
from eventkit.web import access, materials, meeting
from eventkit.web.calendars import publisher
from eventkit.web.language import current
from eventkit.web.language import gettext as _
from eventkit.web.site import now, organisation, site, store

_HERE = Path(__file__).parents[2]
_SANDBOX = "sandbox; default-src 'none'"


@access.public
def slides(slug: str, public_id: str, filename: str) -> AnyResponse:
    """One file that is open to everybody; an old or mistyped name leads to the present one."""
    event = meeting.at(slug)
    material = files.by_public_id(store(), event.id, public_id)
    if material is None or not access_rule.released(material, now()):
        raise NotFoundPage
    if filename != materials.shown_name(material):
        return redirect(materials.public_address(event)(material), 301)
    return hand_out(material, "public, no-cache")


def hand_out(material: Material, caching: str) -> AnyResponse:
    """A file as an attachment that no browser runs, or the way to where it lies."""
    if material.current is None:
        if not material.url.startswith("https://"):
            raise NotFoundPage
        response: AnyResponse = redirect(material.url, 302)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    version = material.current
    sent = _send(
        version.file.sha256, version.file.media_type, version.uploaded_at, version.filename
    )
    sent.headers["Content-Security-Policy"] = _SANDBOX
    sent.headers["Cache-Control"] = caching
    return sent


def _send(digest: str, media_type: str, at: datetime | None, name: str = "") -> Response:
    """A file of the shelf with its hash as ETag; conditional requests and ranges are answered."""
    path = shelf.path(store(), digest)
    if not path.is_file():
        raise NotFoundPage
    sent = send_file(
        path,
        mimetype=media_type,
        as_attachment=bool(name),
        download_name=name or None,
        etag=digest,
        last_modified=at,
        conditional=True,
    )
    sent.expires = None  # the caller's Cache-Control says it
    if not name:
        del sent.headers["Content-Disposition"]
    return sent


@access.public
def slides_zip(slug: str) -> AnyResponse:
    """All files of a meeting that are open to everybody, in one archive with readable names."""
    event = meeting.at(slug)
    found = [m for m in materials.open_now(event) if m.current]
    if not found:
        raise NotFoundPage
    versions = [m.current for m in found if m.current]
    etag = sha256(repr([(v.file.sha256, v.filename) for v in versions]).encode()).hexdigest()
    if request.if_none_match.contains_weak(etag):
        return _not_modified(etag)
    archive_file = TemporaryFile(prefix="slides-")  # noqa: SIM115 - send_file closes it
    with zipfile.ZipFile(archive_file, "w", zipfile.ZIP_STORED) as packed:
        for number, version in enumerate(versions, 1):
            info = zipfile.ZipInfo(
                f"{event.slug}/{number:02} {version.filename}", version.uploaded_at.timetuple()[:6]
            )
            with (
                packed.open(info, "w", force_zip64=True) as target,
                shelf.path(store(), version.file.sha256).open("rb") as source,
            ):
                while chunk := source.read(1024 * 1024):
                    target.write(chunk)
    size = archive_file.tell()
    archive_file.seek(0)
    sent = send_file(
        archive_file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{event.slug}.zip",
        etag=etag,
        conditional=True,
    )
    sent.expires = None
    sent.content_length = size  # a HEAD says it too
    sent.headers["Cache-Control"] = "public, no-cache"
    return sent


@access.public
def programme(slug: str) -> AnyResponse:
    """The printed programme in the reader's language, made once for each state of things."""
    event = meeting.at(slug)
    published = agenda.published(store(), event.id)
    if published is None:
        raise NotFoundPage
    language = current()
    key = f"programme:{_paper()}:{language}:{event!r}:{published!r}:{organisation()!r}"
    etag = sha256(key.encode()).hexdigest()
    if request.if_none_match.contains_weak(etag):
        return _not_modified(etag, "private, no-cache", by_reader=True)
    octets = shelf.cached(store(), key)
    if octets is None:
        try:
            octets = print_programme(event, published, language)
        except PressBusy:
            return _busy()
        shelf.keep(store(), key, octets)
    response = make_response(octets)
    response.mimetype = "application/pdf"
    response.set_etag(etag)
    response.headers["Content-Disposition"] = f'inline; filename="{event.slug}-{language}.pdf"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def print_programme(
    event: Event, published: Programme, language: str, *, draft: bool = False
) -> bytes:
    """A programme on paper; portraits whose file is gone are left out. Raises PressBusy."""
    photos = {part.person.photo for item in published.items for part in item.people}
    return pdf.programme(
        event,
        published,
        organisation=organisation(),
        language=language,
        links=site().links,
        portraits={
            photo: shelf.read(store(), photo)
            for photo in photos
            if photo and shelf.path(store(), photo).is_file()
        },
        accent=organisation().accent,
        calendar=ical.agenda(event, published, publisher=publisher(language)),
        press=site().press,
        draft=draft,
    )


@cache
def _paper() -> str:
    """What the look of a paper depends on besides its data."""
    digest = sha256()
    for pattern in ("templates/print/*", "static/css/print/*", "eventkit/documents/*.py"):
        for path in sorted(_HERE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _busy() -> Response:
    body = render_template(
        "errors/error.html",
        status=503,
        title=_("The printer is busy"),
        text=_("Several papers are being printed just now. Please try again in a few seconds."),
    )
    response = make_response(body, 503)
    response.headers["Retry-After"] = "10"
    return response


def _not_modified(
    etag: str, caching: str = "public, no-cache", *, by_reader: bool = False
) -> AnyResponse:
    response = make_response("", 304)
    response.set_etag(etag)
    response.headers["Cache-Control"] = caching
    if by_reader:
        response.vary.update(("Accept-Language", "Cookie"))
    return response


@access.public
def photo(slug: str, public_id: str) -> AnyResponse:
    """A picture of a published recap."""
    event = meeting.at(slug)
    recap = archive.recap(store(), event.id)
    found = archive.photo(store(), event.id, public_id)
    if recap is None or recap.published_at is None or found is None:
        raise NotFoundPage
    return _picture(found.file.sha256)


def photo_address(slug: str, public_id: str) -> str:
    """The address of a recap's picture."""
    return url_for("public.photo", slug=slug, public_id=public_id)


@access.public
def portrait(slug: str) -> AnyResponse:
    """The photo of a person who has a public page."""
    person = people.by_slug(store(), slug)
    if person is None or not person.photo or not people.is_public(store(), person.id):
        raise NotFoundPage
    return _picture(person.photo)


def portrait_address(person: Any) -> str:
    """The address of a person's photo, new when the photo is; "" without one."""
    if not person.photo:
        return ""
    return url_for("public.portrait", slug=person.slug, v=person.photo[:10])


@access.public
def logo() -> AnyResponse:
    """The organisation's logo."""
    if not organisation().logo:
        raise NotFoundPage
    return _picture(organisation().logo)


def _picture(digest: str) -> AnyResponse:
    stored = files.known(store(), digest)
    if stored is None or not stored.media_type.startswith("image/"):
        raise NotFoundPage
    sent = _send(digest, stored.media_type, None)
    sent.headers["Content-Security-Policy"] = _SANDBOX
    immutable = request.args.get("v", "") == digest[:10]
    age = "31536000, immutable" if immutable else "3600"
    sent.headers["Cache-Control"] = f"public, max-age={age}"
    return sent
