"""Questions in a real browser: a condition shows and hides, a drag puts them in order."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def keys(page: Page) -> list[str]:
    """The questions as they stand on the page."""
    return page.eval_on_selector_all(".form-questions > li", "all => all.map(li => li.dataset.key)")


def test_an_organiser_builds_a_form_and_a_guest_sees_it(site: RunningSite, desk: Page) -> None:
    desk.goto(f"{site.url}/organise/")
    desk.fill("[name=email]", site.email)
    desk.fill("[name=password]", site.password)
    desk.locator("main button[type=submit]").click()
    desk.goto(site.url)
    public = desk.locator("main a[href$='/register']").first.get_attribute("href") or ""
    slug = public.split("/")[2]
    base = f"{site.url}/organise/events/{slug}/form"
    desk.goto(base)
    demo = keys(desk)
    assert demo[0] == "train"
    desk.locator("form:has([value=heard]) button").click()
    desk.goto(f"{base}/new")
    options = desk.locator("[name=option_de]").first
    expect(options).to_be_hidden()
    desk.select_option("[name=kind]", "choice")
    expect(options).to_be_visible()
    desk.select_option("[name=kind]", "short")
    desk.fill("[name=label_de]", "Welcher Zug?")
    desk.fill("[name=purpose_de]", "Zum Abholen.")
    desk.check("[value='train=yes']")
    desk.locator("form.form .actions button[type=submit]").click()
    expect(desk.locator("#q_welcher_zug")).to_be_visible()

    desk.goto(f"{site.url}{public}")
    field = desk.locator("[name=q_welcher_zug]")
    expect(field).to_be_hidden()
    desk.check("[name=q_train][value=yes]")
    expect(field).to_be_visible()
    desk.check("[name=q_train][value=no]")
    expect(field).to_be_hidden()

    desk.goto(base)
    assert keys(desk) == [*demo, "heard", "welcher_zug"]
    rows = desk.locator(".form-questions > li")
    with desk.expect_navigation():
        grip = desk.locator(".form-grip").first
        box = rows.nth(1).bounding_box()
        assert box is not None
        grip.drag_to(rows.nth(1), target_position={"x": 60, "y": box["height"] - 8})
    moved = [demo[1], demo[0], *demo[2:]]
    assert keys(desk) == [*moved, "heard", "welcher_zug"]
    for key in ("welcher_zug", "heard"):  # the other stories find no more questions than before
        desk.goto(f"{base}/questions/{key}/remove")
        desk.locator("main form button[type=submit]").click()
    assert keys(desk) == moved
