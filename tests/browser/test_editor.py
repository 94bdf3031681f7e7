"""The programme's editor with mouse and keys."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import RunningSite
from tests.reader import proof_read

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def board(site: RunningSite, desk: Page) -> Page:
    """The demo's coming meeting in the editor."""
    desk.goto(f"{site.url}/organise/")
    if desk.locator("[name=password]").count():
        desk.fill("[name=email]", site.email)
        desk.fill("[name=password]", site.password)
        desk.locator("main button[type=submit]").click()
        desk.wait_for_url("**/organise/")
    desk.goto(site.url)
    coming = desk.locator("main a[href$='/register']").first.get_attribute("href") or ""
    slug = coming.split("/events/")[1].split("/")[0]
    desk.goto(f"{site.url}/organise/events/{slug}/agenda")
    return desk


def goto(page: Page, url: str) -> Page:
    """The page at an address."""
    page.goto(url)
    return page


def slot_of(page: Page) -> Locator:
    """A talk with room around it, by its place in the programme."""
    slot = page.locator(".slot-talk").first
    slot.scroll_into_view_if_needed()
    return page.locator(f"#{slot.get_attribute('id')}")


def grab(page: Page, slot: Locator, *, lower_edge: bool = False) -> tuple[float, float]:
    """Press the mouse on an item and say where."""
    box = slot.bounding_box()
    assert box
    at = (box["x"] + 30, box["y"] + (box["height"] - 3 if lower_edge else 12))
    page.mouse.move(*at)
    page.mouse.down()
    return at


def hour(page: Page) -> float:
    """The height of an hour."""
    box = page.locator(".board-hour").first.bounding_box()
    assert box
    return box["height"]


def test_an_item_is_dragged_resized_nudged_and_brought_back(board: Page) -> None:
    slot = slot_of(board)
    times, first = slot.locator("time"), slot.locator("time").all_text_contents()
    minute, room = (slot.get_attribute(f"data-{name}") for name in ("minute", "room"))
    said = board.locator("#editor-status")
    x, y = grab(board, slot)
    board.mouse.move(x, y + hour(board) / 2, steps=3)
    expect(times.first).not_to_have_text(first[0])
    board.keyboard.press("Escape")
    board.mouse.up()
    expect(times.first).to_have_text(first[0])

    x, y = grab(board, slot)
    column = board.locator(".board-room").nth(1)
    box = column.bounding_box()
    assert box
    board.mouse.move(box["x"] + 40, y + hour(board) / 2, steps=3)
    board.mouse.up()
    expect(slot).to_have_attribute("data-minute", str(int(minute or 0) + 30))
    expect(slot).to_have_attribute("data-room", column.get_attribute("data-room") or "")
    expect(said).to_have_text(re.compile(r"moved\.$"))

    x, y = grab(board, slot, lower_edge=True)
    board.mouse.move(x, y + hour(board) / 4, steps=3)
    board.mouse.up()
    expect(said).to_have_text(re.compile(r"longer or shorter\.$"))

    slot.locator("a").focus()
    board.keyboard.press("Enter")
    expect(slot).to_have_class(re.compile("slot-chosen"))
    expect(slot.locator("a")).to_be_focused()
    board.keyboard.press("ArrowUp")
    board.keyboard.press("ArrowUp")
    expect(slot).to_have_attribute("data-minute", str(int(minute or 0) + 20))
    expect(slot.locator("a")).to_be_focused()
    proof_read(board.content().replace(' style=""', ""))
    board.keyboard.press("Delete")
    expect(board.locator("#undo")).to_be_focused()
    for _ in range(5):
        expect(board.locator("#editor")).not_to_have_attribute("aria-busy", "true")
        board.keyboard.press("Control+z")
        expect(said).to_have_text(re.compile("^Undone"))
        board.evaluate("document.getElementById('editor-status').textContent = ''")
    expect(slot).to_have_attribute("data-minute", minute or "")
    expect(slot).to_have_attribute("data-room", room or "")
    assert times.all_text_contents() == first
    expect(board.locator("#redo")).to_be_enabled()


@pytest.mark.slow
def test_a_line_after_the_other_makes_a_day_without_leaving_the_field(
    site: RunningSite, board: Page
) -> None:
    """A new meeting with two tracks and eight speakers, by the keyboard alone."""
    title = board.locator("#quick [name=title]")
    for n in range(8):
        title.fill(f"Vortrag {n}, 20 min")
        board.locator("#quick [name=people]").fill(f"Sprecher Nummer {n}")
        board.keyboard.press("Enter")
        expect(board.locator("#editor-status")).to_have_text(re.compile(f"“Vortrag {n}” added"))
        expect(title).to_be_focused()
        expect(title).to_have_value("")
    title.fill("")
    board.keyboard.press("Enter")
    assert board.locator(".slot", has_text="Sprecher Nummer").count() == 8


@pytest.mark.slow
def test_a_lost_line_is_said_and_the_item_goes_back(board: Page, browser: Browser) -> None:
    context = browser.new_context(storage_state=board.context.storage_state())
    board = goto(context.new_page(), board.url)
    slot = slot_of(board)
    first = slot.locator("time").all_text_contents()
    board.route("**/step", lambda route: route.abort())
    x, y = grab(board, slot)
    board.mouse.move(x, y + hour(board) / 2, steps=3)
    board.mouse.up()
    expect(board.locator("#editor-status.editor-failed")).to_have_text(re.compile("not saved"))
    assert slot.locator("time").all_text_contents() == first
    board.unroute("**/step")
    board.route("**/agenda?*item=*", lambda route: route.abort(), times=1)
    slot.locator("a").click()
    expect(slot).to_have_class(re.compile("slot-chosen"))
    board.locator(".panel-close").click()
    expect(slot.locator("a")).to_be_focused()
    context.close()


@pytest.mark.slow
def test_the_editor_works_on_a_phone_without_javascript(site: RunningSite, phone: Page) -> None:
    phone.goto(f"{site.url}/organise/login")
    phone.fill("[name=email]", site.email)
    phone.fill("[name=password]", site.password)
    phone.locator("main button[type=submit]").tap()
    phone.wait_for_url("**/organise/")
    phone.goto(site.url)
    coming = phone.locator("main a[href$='/register']").first.get_attribute("href") or ""
    slug = coming.split("/events/")[1].split("/")[0]
    phone.goto(f"{site.url}/organise/events/{slug}/agenda")
    proof_read(phone.content())
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    slot = phone.locator(".slot-talk").first
    minute = int(slot.get_attribute("data-minute") or 0)
    slot.locator("a").tap()
    phone.locator("#later-15").tap()
    expect(phone.locator(".slot-chosen")).to_have_attribute("data-minute", str(minute + 15))
    phone.locator("#undo").tap()
    expect(phone.locator(".slot-chosen")).to_have_attribute("data-minute", str(minute))
