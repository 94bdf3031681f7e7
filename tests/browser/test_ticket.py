"""A ticket without a network: kept when its owner asks for it, gone when they say so (R58)."""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import RunningSite
from tests.browser.test_stories import letter_to

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_kept_ticket_opens_without_a_network(site: RunningSite, desk: Page) -> None:
    desk.goto(site.url)
    public = desk.locator("main a[href$='/register']").first.get_attribute("href") or ""
    desk.goto(f"{site.url}{public}")
    desk.fill("[name=name]", "Ines Ohnenetz")
    desk.fill("[name=email]", "ines@example.net")
    desk.check("[name=consent_privacy]")
    desk.locator("form.form .actions button[type=submit]").click()
    body = letter_to(site, "ines@example.net").get_body(("plain",))
    assert body is not None
    found = re.search(r"(/my/[\w-]{43}/)ticket", body.get_content())
    assert found, "the letter leads to the ticket"
    ticket = f"{site.url}{found[0]}"

    desk.goto(ticket)
    desk.click("[data-keep-button] button")
    expect(desk.locator("[data-drop-button]")).to_be_visible()
    desk.context.set_offline(True)
    desk.goto(ticket)
    expect(desk.locator(".ticket-name")).to_have_text("Ines Ohnenetz")
    assert desk.locator(".ticket").evaluate("e => getComputedStyle(e).borderTopWidth") == "6px"
    with pytest.raises(Error, match="DISCONNECTED"):
        desk.goto(f"{site.url}{found[1]}")  # only the ticket was kept
    desk.goto(ticket)
    desk.click("[data-drop-button] button")
    expect(desk.locator("[data-keep-button]")).to_be_visible()
    with pytest.raises(Error, match="DISCONNECTED"):
        desk.goto(ticket)
    desk.context.set_offline(False)
    desk.goto(ticket)
    assert desk.evaluate("localStorage.length + sessionStorage.length") == 0
