"""Is everything well? One answer for machines that watch, without a word about people (R75)."""

from datetime import timedelta

from flask import Response, jsonify, make_response

from eventkit.errors import Unavailable
from eventkit.store import condition, history, outbox
from eventkit.web import access
from eventkit.web.site import now, store

WORKER_SILENT = timedelta(seconds=120)
LETTERS_WAIT = timedelta(minutes=15)
ROOM = 20 * 1024 * 1024  # octets


@access.public
def healthz() -> Response:
    """200 and {"status": "ok"}, or 503 with the names of what is not well."""
    wrong = _wrong()
    if not wrong:
        response = jsonify(status="ok")
    else:
        response = make_response(jsonify(status="failing", failing=wrong), 503)
    response.headers["Cache-Control"] = "no-store"
    return response


def _wrong() -> list[str]:
    try:
        worker = history.marked(store(), "worker")
        waiting = outbox.oldest_waiting(store(), now())
    except Unavailable:
        return ["database"]
    checks = {
        "disk": _room() > ROOM,
        "worker": worker is not None and now() - worker < WORKER_SILENT,
        "letters": waiting is None or now() - waiting < LETTERS_WAIT,
    }
    return [name for name, well in checks.items() if not well]


def _room() -> int:
    try:
        return condition.room(store())
    except Unavailable:
        return 0


@access.public
def robots() -> Response:
    """What search engines may read: all that is public."""
    private = ("/organise/", "/my/", "/speaking/", "/newsletter/confirm/", "/newsletter/leave/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    response = make_response("\n".join(lines) + "\n")
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
