"""Who rings? The doors by visitor: public, guests, newsletter readers, calendars, organisers."""

import sys
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from eventkit.config import Settings, load_settings
from eventkit.documents.press import Press
from eventkit.errors import WrongSetting
from eventkit.identity import Identity
from eventkit.language import catalogue
from eventkit.links import Links
from eventkit.model.text import LANGUAGES
from eventkit.store import schema
from eventkit.store.rows import Store
from eventkit.web import (
    answering,  # noqa: F401 # hangs its addresses at the door of guests
    errors,
    feeds,
    guest,
    guest_choices,  # noqa: F401 # and these
    guest_consents,  # noqa: F401 # and these
    guest_contact,  # noqa: F401 # and these
    guest_data,  # noqa: F401 # and these
    guest_fees,  # noqa: F401 # and these
    guest_plan,  # noqa: F401 # and these
    guest_programme,  # noqa: F401 # and these
    guest_slides,  # noqa: F401 # hangs its addresses at the same door
    guest_ticket,  # noqa: F401 # and these
    headers,
    invited,
    language,
    newsletter,
    opening,
    organiser,
    public,
    speaking,
    verifying,  # noqa: F401 # hangs its address at the door for everybody
)
from eventkit.web.site import Site
from eventkit.web.tally import Tally

BESIDE_FILE = 5 * 1024 * 1024  # what a form may hold besides a file
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """The app with its settings. A wrong setting ends the process with one sentence."""
    if settings is None:
        try:
            settings = load_settings()
        except WrongSetting as error:
            sys.stderr.write(f"eventkit can't start: {error}\n")
            raise SystemExit(2) from None
    app = Flask("eventkit", static_folder="../static", template_folder="../templates")
    _configure(app, settings)
    app.extensions["eventkit"] = open_site(settings)
    _migrate_first(app)
    for room in (language, headers, errors):
        room.init_app(app)
    csrf.init_app(app)  # it reads the form: only after headers set how large that may be
    _open_doors(app)
    app.extensions["warm_up"] = lambda: _warm_up(app)
    return app


def open_site(settings: Settings) -> Site:
    """What the views work with, made from the settings; opens nothing yet."""
    store = Store(settings.data)
    return Site(
        settings=settings,
        store=store,
        links=Links(settings.base_url),
        identity=Identity(settings.secret_key, settings.mail.sender.rpartition("@")[2]),
        press=Press(settings.data / "press"),
        tally=Tally(store),
    )


def _warm_up(app: Flask) -> None:
    """Compile what every process needs, before processes are forked; touches no database."""
    for name in app.jinja_env.list_templates(extensions=["html", "xml"]):
        if not name.startswith(("letters/", "print/")):
            app.jinja_env.get_template(name)
    for spoken in LANGUAGES:
        catalogue(spoken)


def _migrate_first(app: Flask) -> None:
    """Bring the database up to date before a process answers for the first time.

    ./run does it before serving; this is for other ways of starting. Processes take turns.
    """
    migrated: list[bool] = []

    @app.before_request
    def migrate() -> None:
        if not migrated:
            schema.migrate(app.extensions["eventkit"].store)
            migrated.append(True)


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https://")
    host = urlsplit(settings.base_url).hostname or "127.0.0.1"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="eventkit",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.upload_limit + BESIDE_FILE,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=500,
        TRUSTED_HOSTS=sorted({host, "127.0.0.1", "localhost", "[::1]"}),
    )
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def _open_doors(app: Flask) -> None:
    for door in (public, guest, invited, opening, speaking, newsletter, feeds, organiser):
        app.register_blueprint(door.blueprint)
