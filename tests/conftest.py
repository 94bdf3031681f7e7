"""Fixtures: a real data folder, a clock that stands still, a client that proof-reads pages."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse
from xdist.scheduler import LoadScopeScheduling

from eventkit.actions import accounts
from eventkit.config import MailSettings, Settings
from eventkit.documents.press import Press
from eventkit.identity import Identity
from eventkit.store.rows import Store
from eventkit.web import create_app, open_site
from tests.fresh import fresh_store
from tests.reader import proof_read
from tests.world import World

_BARE = (301, 302, 303, 304, 308)
COMPILED = FileSystemBytecodeCache()  # templates are compiled once, not for every test
METHOD = accounts.METHOD  # how passwords are hashed outside the tests
_APPS: dict[tuple[object, ...], Flask] = {}
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


hypothesis.settings.register_profile("house", max_examples=50, deadline=None)
hypothesis.settings.load_profile("house")


# What shares something expensive runs in one process; everything else file by file. The marks
# of xdist's own loadgroup are lost with this pytest (9.2 keeps a test's address elsewhere).
TOGETHER = {
    "tests/browser/": "browser",
    "tests/house/": "house",
    "tests/actions/test_race.py": "race",
    "tests/actions/test_fees.py": "race",
    "tests/store/test_rows.py": "race",
}


class Rooms(LoadScopeScheduling):
    """Hands the tests out to the processes, a file or a group at a time."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((name for start, name in TOGETHER.items() if path.startswith(start)), path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Rooms:
    """Hand them out in the order of the folders: what takes longest is not left for the end."""
    config.option.loadscopereorder = False
    return Rooms(config, log)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hashing takes a tenth of a second where it is meant to; not for every login of a test."""
    accounts.METHOD = "scrypt:256:8:1"
    yield
    accounts.METHOD = METHOD


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh, migrated database in a folder of its own."""
    made = fresh_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def identity() -> Identity:
    """Where tests take identity from: the real thing with a known key."""
    return Identity(b"a key only tests use", "example.org")


@pytest.fixture
def world(store: Store, identity: Identity) -> World:
    """Meetings, people and registrations made through the real actions."""
    return World(store, identity, NOW)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a site whose clock stands at NOW."""
    return make_settings(tmp_path)


def make_settings(folder: Path, *, now: datetime | None = NOW, base_url: str = "") -> Settings:
    """Settings with a folder for letters and, unless None, a fixed clock."""
    return Settings(
        data=folder / "data",
        secret_key=b"a key only tests use",
        base_url=base_url or "http://127.0.0.1:5000",
        mail=MailSettings("folder", "events@example.org", folder / "mail"),
        reply_url="",
        host="127.0.0.1",
        port=5000,
        workers=1,
        trusted_proxies=0,
        now=now,
        demo=False,
    )


@pytest.fixture(scope="session")
def shared_press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """One printer for all tests that print through the site."""
    made = Press(tmp_path_factory.mktemp("press"))
    yield made
    made.close()


@pytest.fixture
def app(settings: Settings, world: World, shared_press: Press) -> Iterator[Flask]:
    """The app over the world's database; its clock follows `world.now`.

    The routes are made once for all tests, the site behind them for each.
    """
    key = (settings.base_url, settings.secret_key, settings.trusted_proxies)
    if key not in _APPS:
        _APPS[key] = create_app(settings)
        _APPS[key].jinja_env.bytecode_cache = COMPILED
    made = _APPS[key]
    made.extensions["eventkit"] = dataclasses.replace(open_site(settings), press=shared_press)
    made.extensions.pop("eventkit.calendars", None)
    before = dict(made.config)
    made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    # the clock has to be set before any other door opens
    doors = made.before_request_funcs[None]
    doors.insert(0, world.set_request_clock)
    yield made
    doors.remove(world.set_request_clock)
    made.config.clear()
    made.config.update(before)
    made.extensions["eventkit"].store.close()


@pytest.fixture
def client(app: Flask) -> "Reader":
    """A browser without JavaScript that proof-reads whatever it gets."""
    app.test_client_class = Reader
    made = app.test_client()
    assert isinstance(made, Reader)
    return made


class Reader(FlaskClient):
    """A test client; every HTML answer is proof-read, every answer has its headers."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Fetch and check; redirects are followed only where asked for."""
        response = super().open(*args, **kwargs)  # type: ignore[arg-type]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in response.headers
        page = response.mimetype == "text/html" and response.status_code not in _BARE
        if page and response.data:
            proof_read(response.get_data(as_text=True))
        return response

    def token(self, url: str) -> str:
        """The CSRF token of the form at an address."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(url).text)
        assert found, f"no form with a CSRF token at {url}"
        return found[1]


@pytest.fixture
def form_token():  # type: ignore[no-untyped-def]
    """The CSRF token of the form at an address: `form_token(client, url)`."""
    return lambda client, url: client.token(url)
