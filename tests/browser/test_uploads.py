"""Slides over a shaky line: what breaks off goes on, and the browser keeps nothing personal."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_upload_that_breaks_off_goes_on_by_itself(
    site: RunningSite, browser: Browser, tmp_path: Path
) -> None:
    """R58"""
    talk = (Path(__file__).parents[2] / "eventkit/demo/talk.pdf").read_bytes()
    file = tmp_path / "Vortrag Meral Thoms.pdf"
    file.write_bytes(talk + b"\n%" + b"x" * 3_000_000 + talk[talk.rfind(b"startxref") :])
    page = browser.new_context(locale="en-GB").new_page()
    parts: list[tuple[int, int]] = []
    kept: list[dict[str, str]] = []

    def line(route: Route) -> None:
        if route.request.method == "PATCH":
            octets = route.request.post_data_buffer or b""
            parts.append((int(route.request.headers["upload-offset"]), len(octets)))
            kept.append(json.loads(page.evaluate("JSON.stringify(localStorage)")))
            if len(parts) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.goto(f"{site.url}/organise/")
    page.fill("[name=email]", site.email)
    page.fill("[name=password]", site.password)
    page.locator("main button[type=submit]").click()
    meeting = page.locator("main a[href*='tandems-die-tragen']").first.get_attribute("href")
    assert meeting is not None
    page.goto(f"{site.url}/organise/events/{meeting.split('/')[3]}/slides")
    page.locator("main a[href*='slides/new?item']").first.click()
    page.route("**/uploads/**", line)
    page.set_input_files("input[type=file]", file)
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url("**/slides")
    expect(page.locator("main")).to_contain_text("Vortrag Meral Thoms.pdf")
    assert parts[1][0] == parts[2][0] > 0, "the broken part is sent again, nothing before it"
    assert len(parts) > 3
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (site.data / "files" / digest[:2] / digest).is_file()
    assert re.fullmatch(
        r'\{"upload-[0-9a-f]{32}":"[\w-]{12}"\}', json.dumps(kept[1]).replace(" ", "")
    )
    assert page.evaluate("localStorage.length") == 0
    page.context.close()


def test_a_speaker_chooses_a_file_and_then_says_hand_in(
    site: RunningSite, browser: Browser, tmp_path: Path
) -> None:
    """R58: what is chosen after the file counts too, and the button does not cut the upload."""
    file = tmp_path / "Folien.pdf"
    file.write_bytes((Path(__file__).parents[2] / "eventkit/demo/talk.pdf").read_bytes())
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{site.url}/organise/")
    page.fill("[name=email]", site.email)
    page.fill("[name=password]", site.password)
    page.locator("main button[type=submit]").click()
    meeting = page.locator("main a[href*='tandems-die-tragen']").first.get_attribute("href")
    assert meeting is not None
    page.goto(f"{site.url}/organise/events/{meeting.split('/')[3]}/speakers")
    page.locator("main a[href*='/speakers/people/']").first.click()
    link = page.locator("input[value*='/speaking/']")
    if not link.count():
        page.locator("form[action$='/link'] button").click()
    page.goto(link.input_value())
    page.locator("main a[href*='/slides/']").first.click()
    page.set_input_files("input[type=file]", file)
    page.select_option("[name=licence]", "CC BY 4.0")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("#there")).to_contain_text("Folien.pdf")
    page.select_option("[name=material]", index=1)
    page.set_input_files("input[type=file]", file)
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("#there")).to_contain_text("version 2")
    assert not page.locator(".error-summary").count()
    page.context.close()
