"""Default deny: each view declares whom it is for (R10)."""

import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from flask import g, redirect, request, url_for
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response

from eventkit.actions import accounts
from eventkit.errors import Unavailable
from eventkit.model.account import Access, Organiser, Session
from eventkit.web.site import now, store

View = Callable[..., Any]
COOKIE = "organiser"
_RANK = {Access.DOOR: 1, Access.ORGANISER: 2, Access.ADMIN: 3}


def public(view: View) -> View:
    """For everybody."""
    return _declare(view, "public")


def personal(view: View) -> View:
    """For whoever holds the link; the view itself looks the token up."""
    return _declare(view, "personal link")


def organisers(view: View) -> View:
    """For logged-in organisers and administrators."""
    return _guard(view, Access.ORGANISER)


def admins(view: View) -> View:
    """For administrators; nobody else learns that the page exists."""
    return _guard(view, Access.ADMIN)


def door(view: View) -> View:
    """For everybody who logs in, helpers at the door included."""
    return _guard(view, Access.DOOR)


def _declare(view: View, audience: str) -> View:
    view.audience = audience  # type: ignore[attr-defined]
    return view


def _guard(view: View, least: Access) -> View:
    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        session = logged_in()
        if session is None:
            return _to_login()
        if _RANK[session.organiser.access] < _RANK[least]:
            raise NotFoundPage
        return view(*args, **kwargs)

    return _declare(guarded, least.value)


def _to_login() -> Response:
    path = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else ""
    return redirect(url_for("organiser.login", next=path or None), 303)


def logged_in() -> Session | None:
    """The session of this browser, read once per request."""
    if "login" not in g:
        token = request.cookies.get(COOKIE, "")
        g.login = accounts.session(store(), token, now=now()) if token else None
        if g.login is not None:
            with suppress(Unavailable):  # reading goes on while nothing can be written (R7)
                accounts.seen(store(), g.login, now=now())
    return cast("Session | None", g.login)


def organiser() -> Organiser:
    """Who is logged in, inside a guarded view."""
    session = logged_in()
    if session is None:
        raise NotFoundPage
    return session.organiser


def actor() -> str:
    """Who history names for what this request does."""
    session = logged_in()
    return session.organiser.email if session else "guest"


def own_path(wanted: str) -> str:
    """Where to go after a login: a path of this site, or the dashboard (R33)."""
    plain = wanted.startswith("/organise") and "\\" not in wanted and "//" not in wanted
    if plain and all(32 < ord(c) < 127 for c in wanted):
        return wanted
    return url_for("organiser.dashboard")
