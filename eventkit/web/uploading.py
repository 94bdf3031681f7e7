"""Resumable uploads as tus 1.0.0 describes them: https://tus.io/protocols/resumable-upload

The core protocol with the extensions creation, expiration and termination. The two doors
(organisers, speakers) say whose upload it is and what it is for; what is refused is answered
with one sentence as JSON: {"error": "…"}.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from eventkit.actions import uploading
from eventkit.errors import NotFound, Refused, TooMany, Unavailable
from eventkit.model.material import Release
from eventkit.model.text import Text
from eventkit.model.upload import Owner, Upload, Wanted
from eventkit.store import agenda, files
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.site import now, site, store

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
METHODS = ["POST", "HEAD", "PATCH", "DELETE"]
OFFSET_STREAM = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,15}")
_STATUS = {"offset": 409, "expired": 410, "too_big": 413, "busy": 423}


def speaks_tus(view: Callable[..., Response]) -> Callable[..., Response]:
    """Wrap a view: the version is agreed on first, refusals become a status and a sentence."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            response = _refusal(412, _("This kind of upload is not understood here."))
            response.headers["Tus-Version"] = VERSION
            return response
        try:
            response = view(*args, **kwargs)
        except NotFound:
            response = _refusal(404, _("This upload is not there (any more)."))
        except TooMany:
            words = _("There are too many uploads under way. Finish or cancel one, then go on.")
            response = _refusal(429, words)
        except Refused as refused:
            response = _refusal(_STATUS.get(refused.code, 422), _said(refused.code))
        except Unavailable:
            response = _refusal(
                507,
                _("There is no room for the file just now. What has arrived is kept for a day."),
            )
            response.headers["Retry-After"] = "60"
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def options() -> Response:
    """What this server can do (6.3.3 of the protocol)."""
    response = Response(status=204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(site().settings.upload_limit)
    return response


def begin(event_id: int, owner: Owner, wanted: Wanted, address: Callable[[str], str]) -> Response:
    """Begin an upload (extension "creation"); `address` makes its address from its id."""
    size = request.headers.get("Upload-Length", "")
    if not _NUMBER.fullmatch(size):
        return _refusal(400, _("The size of the file is missing."))
    upload = uploading.begin(
        store(),
        event_id,
        owner,
        wanted,
        filename=metadata().get("filename", ""),
        size=int(size),
        limit=site().settings.upload_limit,
        now=now(),
        identity=site().identity,
    )
    response = Response(status=201)
    response.headers["Location"] = address(upload.public_id)
    return _expiring(response, upload)


def go_on(event_id: int | None, owner: Owner, public_id: str, actor: str) -> Response:
    """Say how much is there (HEAD), take more (PATCH) or give up (DELETE).

    Where a network knows no PATCH and DELETE, X-HTTP-Method-Override on a POST says them.
    """
    method = request.method
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "")
    upload, there = uploading.find(store(), event_id, owner, public_id, now=now())
    if method == "DELETE":
        uploading.abandon(store(), upload)
        return Response(status=204)
    if method == "HEAD":
        response = Response(status=200)
        response.headers["Upload-Length"] = str(upload.size)
        response.headers["Upload-Offset"] = str(there)
        return _expiring(response, upload)
    if method != "PATCH":
        return _refusal(405, _("This address does not take such a request."))
    return _take(upload, there, actor)


def _take(upload: Upload, there: int, actor: str) -> Response:
    if request.mimetype != OFFSET_STREAM:
        return _refusal(415, _("This kind of upload is not understood here."))
    offset = request.headers.get("Upload-Offset", "")
    if not _NUMBER.fullmatch(offset):
        return _refusal(400, _("The place in the file is missing."))
    if int(offset) + (request.content_length or 0) > upload.size:
        return _refusal(413, _("This is more than the file has."))
    if not upload.done:
        there = uploading.receive(store(), upload, int(offset), _chunks(), now=now())
        if there == upload.size:
            uploading.finish(
                store(),
                upload,
                actor=actor,
                now=now(),
                identity=site().identity,
                limit=site().settings.upload_limit,
            )
    response = Response(status=204)
    response.headers["Upload-Offset"] = str(there)
    return _expiring(response, replace(upload, changed_at=now()))


def _chunks() -> Iterator[bytes]:
    """What arrives; a sender who breaks off only ends it."""
    while True:
        try:
            chunk = request.stream.read(256 * 1024)
        except (OSError, HTTPException):
            return
        if not chunk:
            return
        yield chunk


def _expiring(response: Response, upload: Upload) -> Response:
    response.headers["Upload-Expires"] = http_date(uploading.expires_at(upload))
    return response


def metadata() -> dict[str, str]:
    """Upload-Metadata: names with values in Base64 (extension "creation")."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "")[:8000].split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def wanted(event_id: int, item_id: int | None, *, release: Release) -> Wanted:
    """What the sender wants of the file, as far as it may be true.

    Raises NotFound for a download of another meeting. `release` is for a new download.
    """
    said = metadata()
    material = None
    if said.get("material"):
        material = uploading.material_for(store(), event_id, said["material"])
    typed = Text(de=said.get("title_de", ""), en=said.get("title_en", ""))
    return Wanted(
        item_id=item_id,
        material_id=material.id if material else None,
        title=typed if typed else default_title(event_id, item_id, said.get("filename", "")),
        language=said.get("language", "") or _language(event_id, item_id),
        licence=said.get("own_licence", "") or said.get("licence", ""),
        release=release,
    )


def default_title(event_id: int, item_id: int | None, filename: str) -> Text:
    """What slides are called if nobody says: like their talk, the second ones like their file."""
    item = agenda.draft_item(store(), event_id, item_id) if item_id else None
    taken = any(m.item_id == item_id for m in files.of_event(store(), event_id))
    if item and not taken:
        return item.title
    stem = filename.rpartition(".")[0] or filename or "?"
    return Text(de=stem, en=stem)


def _language(event_id: int, item_id: int | None) -> str:
    item = agenda.draft_item(store(), event_id, item_id) if item_id else None
    return item.language if item else ""


def _said(code: str) -> str:
    known = {
        "offset": _("The file goes on at another place than expected."),
        "expired": _("This upload is too old. Please begin again."),
        "busy": _("Another part of this file is arriving at this moment."),
    }
    return known.get(code) or sentence(code)


def _refusal(status: int, words: str) -> Response:
    response = Response(status=status, mimetype="application/json")
    response.set_data(json.dumps({"error": words}))
    return response


def number(value: str) -> int | None:
    """A whole number somebody sent, or None."""
    return int(value) if _NUMBER.fullmatch(value) else None


def size_of(chosen: FileStorage | None) -> int:
    """How many octets a file of a plain form has."""
    if chosen is None:
        return 0
    size = chosen.stream.seek(0, 2)
    chosen.stream.seek(0)
    return size
