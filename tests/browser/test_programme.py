"""The programme in a real browser: the reader's own clock, the foyer's screen without network."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def _meeting(site: RunningSite, page: Page) -> str:
    """The address of a coming meeting with a programme."""
    page.goto(f"{site.url}/events/")
    for link in page.locator("main h3 a").all():
        address = f"{site.url}{link.get_attribute('href')}"
        if "agenda-" in page.request.get(address).text():
            return address
    raise AssertionError("the demo has no meeting with a programme")


def test_a_reader_elsewhere_is_told_their_own_time(site: RunningSite, browser: Browser) -> None:
    away = browser.new_context(timezone_id="America/New_York", locale="en-GB")
    page = away.new_page()
    page.goto(_meeting(site, page))
    line = page.locator("[data-elsewhere]")
    expect(line).to_contain_text(re.compile(r"\d\d:\d\d in Berlin is \d\d:\d\d for you"))
    line.locator("a").click()
    expect(page).to_have_url(re.compile(r"zone=America%2FNew_York|zone=America/New_York"))
    expect(page.locator(".rail-there").first).to_be_visible()
    away.close()
    near = browser.new_context(timezone_id="Europe/Vienna", locale="en-GB")
    page = near.new_page()
    page.goto(_meeting(site, page))
    expect(page.locator("[data-elsewhere]")).to_be_hidden()
    near.close()


def test_the_screen_keeps_its_last_state_without_network(
    site: RunningSite, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="de-DE")
    page = context.new_page()
    address = _meeting(site, page)
    page.clock.install()
    page.goto(f"{address}now")
    title = page.locator("h1").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("[data-stale]")).to_be_hidden()
    context.set_offline(True)
    page.clock.run_for(21_000)
    expect(page.locator("[data-stale]")).to_contain_text("Keine Verbindung")
    expect(page.locator("h1")).to_have_text(title)
    context.set_offline(False)
    page.clock.run_for(21_000)
    expect(page.locator("[data-stale]")).to_be_hidden()
    context.close()
