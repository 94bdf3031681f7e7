"""Two stories as people live them: a guest with a phone, an organiser at a desk."""

import re
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningSite
from tests.reader import proof_read

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def letter_to(site: RunningSite, address: str) -> EmailMessage:
    """The letter the worker laid into the folder for this address."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for path in site.mail.glob("*.eml"):
            mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            if address in mail["To"]:
                return mail
        time.sleep(0.2)
    pytest.fail(f"no letter to {address}")


def no_sideways_scrolling(page: Page) -> None:
    """Nothing overflows the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_a_guest_registers_on_a_phone_without_javascript(site: RunningSite, phone: Page) -> None:
    phone.goto(site.url)
    proof_read(phone.content())
    phone.locator("main a[href$='/register']").first.tap()
    phone.fill("[name=name]", "Łukasz O’Neill-Groß")
    phone.fill("[name=email]", "lukasz@example.net")
    phone.fill("[name=organisation]", "Mentor*innen e. V.")
    phone.locator("[name=sessions]").last.check()
    phone.locator("main button[type=submit]").tap()
    expect(phone.locator("#error-summary"), "without consent the form comes back").to_be_visible()
    expect(phone.locator("[name=name]")).to_have_value("Łukasz O’Neill-Groß")
    expect(phone.locator("[name=consent_privacy]")).to_have_attribute("aria-invalid", "true")
    phone.check("[name=consent_privacy]")
    phone.locator("main button[type=submit]").tap()
    phone.wait_for_url("**/registered")
    proof_read(phone.content())
    mail = letter_to(site, "lukasz@example.net")
    assert mail["Content-Language"] == "de"
    calendar = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert "METHOD:REQUEST" in calendar.get_content()
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://\S+/my/\S+/", body.get_content())
    assert found
    phone.goto(found[0])
    expect(phone.locator("main")).to_contain_text("Łukasz O’Neill-Groß")
    phone.locator("a[href$='/cancel']").first.tap()
    phone.wait_for_url("**/cancel")
    phone.locator("main form button[type=submit]").tap()
    phone.wait_for_url(found[0])
    proof_read(phone.content())
    expect(phone.locator("main a[href$='/cancel']")).to_have_count(0)


def test_an_organiser_opens_a_meeting_and_sees_the_first_guest(
    site: RunningSite, desk: Page
) -> None:
    desk.goto(f"{site.url}/organise/")
    desk.fill("[name=email]", site.email)
    desk.fill("[name=password]", site.password)
    desk.locator("main button[type=submit]").click()
    expect(desk).to_have_url(f"{site.url}/organise/")
    no_sideways_scrolling(desk)
    desk.goto(f"{site.url}/organise/events/new")
    fill_meeting(desk)
    desk.locator("main form button[type=submit]").last.click()
    expect(desk.locator("h1")).to_contain_text("Summer meeting of the mentors")
    desk.locator("form[action$='/announce'] button").first.click()
    expect(desk.locator("form[action$='/announce']")).to_have_count(0)
    slug = desk.url.removeprefix(f"{site.url}/organise/events/").split("/")[0]
    desk.goto(f"{site.url}/events/{slug}/register")
    desk.fill("[name=name]", "Mai Đặng")
    desk.fill("[name=email]", "mai@example.net")
    desk.check("[name=consent_privacy]")
    desk.locator("main form button[type=submit]").click()
    desk.wait_for_url("**/registered")
    desk.goto(f"{site.url}/organise/events/{slug}/attendees")
    expect(desk.locator("table")).to_contain_text("Mai Đặng")
    with desk.expect_download() as download:
        desk.locator("a[href*='attendees.csv']").first.click()
    assert "Mai Đặng" in download.value.path().read_text("utf-8-sig")
    assert letter_to(site, "mai@example.net")["Content-Language"] == "en"


def fill_meeting(desk: Page) -> None:
    """A meeting in two summers, typed into the form."""
    values = {
        "title_en": "Summer meeting of the mentors",
        "title_de": "Sommertreffen der Mentor*innen",
        "place_name": "Haus am Park",
        "town": "Köln",
        "capacity": "20",
    }
    for name, value in values.items():
        desk.fill(f"[name={name}]", value)
    year = time.gmtime().tm_year + 1
    moments = {
        "start_date": f"{year}-07-09",
        "start_time": "10:00",
        "end_time": "16:00",
        "opens_date": "2026-01-01",
    }
    for name, value in moments.items():
        desk.fill(f"[name={name}]", value)
