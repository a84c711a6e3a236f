"""The explorer's page in the room it is used in: on a projector, under a finger, with steps back and kept settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browser import Windows, needs_browser, ready, slide
from classroom import listening, room

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

# Which of these can be seen, whole: nothing beyond the screen, nothing covered.
_IN_VIEW = """(selectors) => Object.fromEntries(selectors.map((selector) => {
  const each = Array.from(document.querySelectorAll(selector)).find((one) => one.checkVisibility());
  if (!each) return [selector, false];
  const box = each.getBoundingClientRect();
  const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
  const at = document.elementFromPoint(box.left + box.width / 2, Math.max(box.top + 2, box.bottom - 6));
  return [selector, inside && box.width > 60 && box.height > 12 && (each.contains(at) || at.contains(each))];
}))"""
FIRST = [".lead h1", ".differs", ".world.a canvas", ".world.b canvas", ".timebar", ".chart"]


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    with listening(room()) as address:
        yield Windows(browser, address)


@pytest.fixture
def opened(windows: Windows) -> Iterator[Any]:
    """Opens a window of a size in a state; at the end nothing may have gone wrong."""
    pages: list[Page] = []

    def window(state: str = "", size: tuple[int, int] = (1280, 800), **options: Any) -> Page:
        page = windows.another(*size, **options)
        pages.append(page)
        page.goto(f"{windows.address}/#{state}")
        ready(page)
        return page

    windows.wrong.clear()
    yield window
    for page in pages:
        page.context.close()
    assert windows.wrong == []


def state_of(page: Page) -> Any:
    return page.evaluate("() => document.getElementById('app').page.store.state")


def until_state(page: Page, condition: str) -> None:
    page.wait_for_function(
        f"() => {{ const state = document.getElementById('app').page.store.state; return {condition}; }}"
    )


def test_steps_are_taken_back_and_again(opened: Any) -> None:
    page = opened()
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    page.wait_for_function("() => history.state && history.state.step === 0")
    assert undo.is_disabled()
    assert redo.is_disabled()
    before = page.evaluate("() => history.length")
    for value in (1, 2, 3):  # a slider that is dragged is one step
        slide(page, "fear.weight", value)
    page.wait_for_function("() => history.state.step === 1")
    page.get_by_role("tab", name="Place").click()  # a panel, and the month, are none
    page.keyboard.press("Home")
    page.get_by_role("button", name="New world").click()
    page.wait_for_function("() => history.state.step === 2")
    assert page.evaluate("() => history.length") == before + 2
    undo.click()
    until_state(page, "state.seed === '1'")
    assert state_of(page)["b"] == {"fear.weight": 3}
    assert (state_of(page)["month"], state_of(page)["panel"]) == (0, "place")
    page.locator("main").focus()
    page.keyboard.press("Control+z")
    until_state(page, "!('fear.weight' in state.b)")
    assert undo.is_disabled()
    page.keyboard.press("Control+Shift+z")
    until_state(page, "state.b['fear.weight'] === 3")
    page.go_forward()  # the browser's own
    until_state(page, "state.seed === '2'")
    page.go_back()
    until_state(page, "state.seed === '1'")
    assert redo.is_enabled()
    page.get_by_role("button", name="One world").click()  # what would have come again is gone
    page.wait_for_function("() => history.state.step === 2 && !history.state.two")
    assert redo.is_disabled()
    ready(page)


def test_settings_are_kept_under_a_name_and_in_the_link(opened: Any, windows: Windows) -> None:
    page = opened()
    slide(page, "fear.weight", 0)
    page.get_by_label("Name for what is set now").fill("no fear | at all")
    page.get_by_role("button", name="Keep", exact=True).click()
    kept = page.get_by_role("group", name="Kept settings")
    assert kept.get_by_role("button").get_attribute("aria-pressed") == "true"
    slide(page, "fear.weight", 12)
    assert kept.get_by_role("button").get_attribute("aria-pressed") == "false"
    page.get_by_label("Name for what is set now").fill("great fear")
    page.get_by_role("button", name="Keep", exact=True).click()
    kept.get_by_role("button", name="no fear / at all").click()
    ready(page)
    assert state_of(page)["b"] == {"fear.weight": 0}
    page.wait_for_function("() => decodeURIComponent(location.hash).includes('great+fear')")
    other = opened(f"{page.url.partition('#')[2]}&present=yes")
    other.get_by_role("group", name="Kept settings").get_by_role("button", name="great fear").click()
    ready(other)
    assert (state_of(other)["b"], state_of(other)["present"]) == ({"fear.weight": 12}, True)
    page.get_by_role("button", name="Forget great fear").click()
    assert kept.get_by_role("button").all_inner_texts() == ["no fear / at all"]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_a_presentation_fits_the_projector(opened: Any, size: tuple[int, int]) -> None:
    page = opened("scenario=japan-sample&b.fear.weight=0&present=yes", size)
    charts = [f".chart:nth-child({number})" for number in (1, 2, 3, 4)]
    seen = page.evaluate(_IN_VIEW, [*FIRST, *charts])
    assert [name for name, whole in seen.items() if not whole] == []
    assert (
        page.evaluate(
            "() => { const main = document.querySelector('main'); return main.scrollHeight - main.clientHeight; }"
        )
        <= 1
    )


@pytest.mark.parametrize("size", [(1024, 768), (390, 844)])
def test_under_a_finger_a_place_opens_in_sight(opened: Any, size: tuple[int, int]) -> None:
    page = opened("scenario=japan-sample&b.fear.weight=0", size, has_touch=True, is_mobile=True)
    seen = page.evaluate(_IN_VIEW, FIRST)
    assert [name for name, whole in seen.items() if not whole] == []
    x, y = page.evaluate(
        "() => { const { x, y, order } = document.getElementById('app').page.stage.frames[0].view; "
        "return [x[order[0]], y[order[0]]]; }"
    )
    page.locator(".world.a canvas").tap(position={"x": x, "y": y})
    page.locator(".place-name").wait_for()
    page.wait_for_timeout(300)  # until the sheet has come up
    seen = page.evaluate(_IN_VIEW, [".place-name", ".lead h1", ".world.a canvas"])
    assert [name for name, whole in seen.items() if not whole] == []
    page.wait_for_function("() => history.state.step === 1")
    page.go_back()  # Back closes the sheet, it does not leave the page
    until_state(page, "state.panel === ''")
    page.get_by_role("tab", name="What if").tap()
    page.locator(".controls .control").first.wait_for()
    high = page.locator(".side").bounding_box()["height"]
    grip = page.get_by_role("button", name="Larger panel")
    grip.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator(".side").bounding_box()["height"] > 1.5 * high
    box = page.locator(".grip").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, size[1] - 80, steps=8)
    page.wait_for_timeout(400)
    page.mouse.move(box["x"] + box["width"] / 2, size[1] - 30, steps=2)
    page.mouse.up()
    until_state(page, "state.panel === ''")
    assert page.locator(".controls .control").first.is_hidden()
