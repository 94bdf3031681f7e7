"""Headers of every answer, ETags of public pages, and one log line a request."""

import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, request

from eventkit.rules.forms import MOST_FILES
from eventkit.rules.uploads import ATTACHMENT_LIMIT
from eventkit.web.site import site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
FRAMING = f"{POLICY}; frame-src 'self'"
"""For a page that shows a preview of ours in a frame."""
SMALL_BODY = 512 * 1024
_PERSONAL = ("guest.", "speaker.", "invitation.", "opening.")


def init_app(app: Flask) -> None:
    """Put headers on every answer and write the log."""
    app.before_request(_arrive)
    app.after_request(_dress)
    app.after_request(_log)


def takes_uploads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that may receive files up to the upload limit; others take small forms only."""
    view.takes_uploads = True  # type: ignore[attr-defined]
    return view


def takes_answers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view whose form may carry the files people answer with."""
    view.takes_answers = True  # type: ignore[attr-defined]
    return view


def _arrive() -> None:
    g.request_id = secrets.token_hex(6)
    g.arrived = time.perf_counter()
    view = request.url_rule and _view(request.endpoint)
    if getattr(view, "takes_answers", False):
        request.max_content_length = SMALL_BODY + MOST_FILES * ATTACHMENT_LIMIT
    elif not getattr(view, "takes_uploads", False):
        request.max_content_length = SMALL_BODY


def _view(endpoint: str | None) -> object:
    return current_app.view_functions.get(endpoint or "")


def _dress(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    if site().settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    audience = getattr(_view(request.endpoint), "audience", None)
    if audience is not None and audience != "public":
        _hide(response)
    elif response.mimetype == "text/html":
        _let_revalidate(response)
    return response


def _hide(response: Response) -> None:
    """Personal pages: kept nowhere, found by no search engine, no trace to others (R34)."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    if request.endpoint and request.endpoint.startswith(_PERSONAL):
        response.headers["Referrer-Policy"] = (
            "same-origin" if request.method == "GET" else "no-referrer"
        )


def _let_revalidate(response: Response) -> None:
    """Public pages: an ETag and a cheap 304; a page with a form is kept by nobody."""
    response.vary.add("Accept-Language")
    response.vary.add("Cookie")
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        response.headers.setdefault("Cache-Control", "no-store")
        return
    if "csrf_token" in g or response.headers.get("Set-Cookie"):
        response.headers.setdefault("Cache-Control", "private, no-store")
        return
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if not response.direct_passthrough and "ETag" not in response.headers:
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32], weak=True)
        response.make_conditional(request)


def _log(response: Response) -> Response:
    """One JSON line with an id; no address, no token, no body (R42)."""
    took = time.perf_counter() - g.get("arrived", time.perf_counter())
    rule = request.url_rule.rule if request.url_rule else "-"
    line = {
        "id": g.get("request_id", "-"),
        "method": request.method,
        "route": rule,
        "status": response.status_code,
        "ms": round(took * 1000, 1),
    }
    response.headers["X-Request-Id"] = str(line["id"])
    sys.stderr.write(json.dumps(line) + "\n")
    return response
