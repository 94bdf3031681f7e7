"""Handing out files: slides, all slides at once, the printed programme, pictures (R20, R21)."""

from datetime import datetime
from typing import Any

from flask import Response, redirect, request, send_file, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.store import archive, files, people, shelf
from eventkit.web import access, meeting
from eventkit.web.site import now, organisation, site, store

_SANDBOX = "sandbox; default-src 'none'"


def hand_out(material: Material, caching: str) -> AnyResponse:
    """A file as an attachment that no browser runs, or the way to where it lies; counted."""
    if material.current is None:
        if not material.url.startswith("https://"):
            raise NotFoundPage
        response: AnyResponse = redirect(material.url, 302)
        count(material, response)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    version = material.current
    sent = _send(
        version.file.sha256, version.file.media_type, version.uploaded_at, version.filename
    )
    sent.headers["Content-Security-Policy"] = _SANDBOX
    sent.headers["Cache-Control"] = caching
    count(material, sent)
    return sent


def count(material: Material, sent: AnyResponse) -> None:
    """Count a download that begins; not a HEAD, a 304, nor a part further on."""
    further_on = not sent.headers.get("Content-Range", "bytes 0-").startswith("bytes 0-")
    if request.method == "GET" and sent.status_code in (200, 206, 302) and not further_on:
        site().tally.count(material.id, now().date())


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
def photo(slug: str, public_id: str) -> AnyResponse:
    """A picture of a published recap."""
    event = meeting.at(slug)
    recap = archive.recap(store(), event.id)
    found = archive.photo(store(), event.id, public_id)
    if recap is None or recap.published_at is None or found is None:
        raise NotFoundPage
    return picture(found.file.sha256)


def photo_address(slug: str, public_id: str) -> str:
    """The address of a recap's picture."""
    return url_for("public.photo", slug=slug, public_id=public_id)


@access.public
def site_plan(slug: str) -> AnyResponse:
    """The plan of the house."""
    event = meeting.at(slug)
    if not event.site_plan:
        raise NotFoundPage
    return picture(event.site_plan)


def site_plan_address(event: Event) -> str:
    """The address of the plan of the house, new when the picture is."""
    return url_for("public.site_plan", slug=event.slug, v=event.site_plan[:10])


@access.public
def portrait(slug: str) -> AnyResponse:
    """The photo of a person who has a public page."""
    person = people.by_slug(store(), slug)
    if person is None or not person.photo or not people.is_public(store(), person.id):
        raise NotFoundPage
    return picture(person.photo)


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
    return picture(organisation().logo)


def picture(digest: str) -> AnyResponse:
    """A picture of the shelf; kept for long where its address says which one it is."""
    stored = files.known(store(), digest)
    if stored is None or not stored.media_type.startswith("image/"):
        raise NotFoundPage
    sent = _send(digest, stored.media_type, None)
    sent.headers["Content-Security-Policy"] = _SANDBOX
    immutable = request.args.get("v", "") == digest[:10]
    age = "31536000, immutable" if immutable else "3600"
    sent.headers["Cache-Control"] = f"public, max-age={age}"
    return sent
