"""A real site with the demo content, started as people start it, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from eventkit.actions import accounts
from eventkit.model.account import Access
from eventkit.store.rows import Store

EMAIL, PASSWORD = "story@example.org", "correct horse battery"
ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class RunningSite:
    """Where the site is and what its files are."""

    url: str
    data: Path
    email: str
    password: str

    @property
    def mail(self) -> Path:
        """The folder letters arrive in."""
        return self.data / "mail"


def chromium() -> str:
    """The browser's path; without one the test is skipped, in CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("CI needs Chromium: apt-get install chromium")
    pytest.skip("no Chromium here")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A served site with an organiser, started with the commands people use."""
    chromium()
    data = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("EVENTKIT_")} | {
        "EVENTKIT_DATA": str(data),
        "EVENTKIT_PORT": str(port),
        "EVENTKIT_WORKERS": "1",
        "EVENTKIT_DEMO": "1",
    }
    demo = [sys.executable, "-m", "flask", "--app", "app", "demo"]
    subprocess.run(demo, cwd=ROOT, env=environment, check=True)
    _add_organiser(data)
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "eventkit.server"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/imprint", server)
            url = f"http://127.0.0.1:{port}"
            yield RunningSite(url, data, EMAIL, PASSWORD)
        finally:
            server.terminate()
            server.wait(30)


def _add_organiser(data: Path) -> None:
    store = Store(data)
    accounts.add_organiser(
        store,
        email=EMAIL,
        name="Story",
        password=PASSWORD,
        access=Access.ADMIN,
        actor="test",
        now=datetime.now(UTC).replace(microsecond=0),
    )
    store.close()


def _wait_until_it_answers(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone without JavaScript that reads German."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="de-DE",
        java_script_enabled=False,
        has_touch=True,
        is_mobile=True,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A desk with a wide screen that reads English; anything asked of another host is an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    strangers: list[str] = []
    faults: list[str] = []
    page.on("request", lambda r: strangers.append(r.url) if "127.0.0.1" not in r.url else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    yield page
    assert [u for u in strangers if not u.startswith(("data:", "blob:"))] == []
    assert [f for f in faults if "status of 4" not in f] == []
    context.close()
