"""Which language a visitor reads, and what templates need to speak it."""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from eventkit import language as words
from eventkit.documents import markup
from eventkit.links import webcal
from eventkit.model.text import LANGUAGES, Text
from eventkit.web.site import organisation, site

COOKIE = "language"


def init_app(app: Flask) -> None:
    """Teach templates both languages, dates and texts; keep a chosen language."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda s: words.catalogue(current()).gettext(s),
        lambda s, p, n: words.catalogue(current()).ngettext(s, p, n),
        newstyle=True,
        pgettext=lambda c, s: words.catalogue(current()).pgettext(c, s),
    )
    app.jinja_env.globals.update(t=t, asset_version=_asset_version(app.static_folder or ""))
    app.jinja_env.filters.update(
        day=lambda i, zone, weekday=True: words.day(i, zone, current(), weekday=weekday),
        clock=lambda i, zone: words.clock(i, zone, current()),
        hours=lambda i, end, zone: words.hours(i, end, zone, current()),
        rail=words.rail,
        moment=lambda i, zone: words.moment(i, zone, current()),
        month=lambda i, zone, short=False: words.month(i, zone, current(), short=short),
        filesize=lambda n: words.size(n, current()),
        money=lambda cents: words.money(cents, current()),
        markdown=markdown,
        plain=plain,
        webcal=webcal,
        iso=iso,
    )
    app.jinja_env.filters["span"] = span
    app.context_processor(context)
    app.after_request(_keep_choice)


def current() -> str:
    """The visitor's language: asked for in the address, chosen before, or wished by the browser."""
    if "language" not in g:
        asked = request.args.get("lang", "")
        chosen = request.cookies.get(COOKIE, "")
        g.language = next((c for c in (asked, chosen) if c in LANGUAGES), "") or words.choose(
            request.accept_languages.values()
        )
    return cast(str, g.language)


def gettext(message: str) -> str:
    """A sentence in the visitor's language, for flashes and form errors."""
    return words.catalogue(current()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """A counted sentence in the visitor's language; insert the number with % yourself."""
    return words.catalogue(current()).ngettext(one, many, n)


def t(text: Text) -> Markup:
    """A text in the visitor's language; marked with `lang` where only the other exists (R64)."""
    found, spoken = text.pick(current())
    if spoken == current():
        return escape(found)
    return Markup('<span lang="{}">{}</span>').format(spoken, found)


def plain(text: Text) -> str:
    """A text in the visitor's language without any mark-up, for titles and attributes."""
    return text.pick(current())[0]


def markdown(text: Text, top: int = 3) -> Markup:
    """An organiser's Markdown as clean HTML (R18), in a `<div lang>` where it fell back.

    Its headings begin at `top`.
    """
    found, spoken = text.pick(current())
    html = Markup(markup.to_html(found, top=top))  # noqa: S704 - passed the one sanitiser
    if spoken == current():
        return html
    return Markup('<div lang="{}">{}</div>').format(spoken, html)


def span(event: Any) -> str:
    """The whole date of a meeting (anything with starts_at, ends_at, zone, all_day)."""
    return words.span(event.starts_at, event.ends_at, event.zone, current(), all_day=event.all_day)


def iso(instant: datetime) -> str:
    """An instant for `<time datetime>`."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def context() -> dict[str, Any]:
    """What every template may use."""
    return {"organisation": organisation(), "language": current(), "site_url": site().links.home()}


def _keep_choice(response: Response) -> Response:
    asked = request.args.get("lang", "")
    if (
        asked in LANGUAGES
        and asked != request.cookies.get(COOKIE)
        and response.mimetype == "text/html"
        and not response.cache_control.public  # what is for all carries nobody's cookie
    ):
        secure = site().settings.base_url.startswith("https://")
        response.set_cookie(
            COOKIE, asked, max_age=365 * 86400, samesite="Lax", httponly=True, secure=secure
        )
    return response


@cache
def _asset_version(folder: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix in (".css", ".js"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
