"""Handing out files: slides, all slides at once, the printed programme, pictures (R20, R21)."""

import zipfile
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any

from flask import Response, make_response, redirect, request, send_file, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.rules import access as access_rule
from eventkit.store import archive, files, people, shelf
from eventkit.web import access, materials, meeting
from eventkit.web.site import now, organisation, store

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


def _not_modified(etag: str) -> AnyResponse:
    response = make_response("", 304)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, no-cache"
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
def site_plan(slug: str) -> AnyResponse:
    """The plan of the house."""
    event = meeting.at(slug)
    if not event.site_plan:
        raise NotFoundPage
    return _picture(event.site_plan)


def site_plan_address(event: Event) -> str:
    """The address of the plan of the house, new when the picture is."""
    return url_for("public.site_plan", slug=event.slug, v=event.site_plan[:10])


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
