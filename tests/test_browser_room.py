"""The explorer's page in the room it is used in: on a projector, under a finger, with steps back and kept settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browser import Windows, needs_browser, ready, shown, slide, tap_a_place
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
  // near its lower left: the last line of a text may be short, and others go on beside it
  const at = document.elementFromPoint(box.left + 16, Math.max(box.top + 2, box.bottom - 6));
  return [selector, inside && box.width > 60 && box.height > 12 && (each.contains(at) || at.contains(each))];
}))"""
FIRST = [".lead h1", ".differs", ".world.a canvas", ".world.b canvas", ".timebar", ".chart"]


@pytest.fixture
def opened(windows: Windows) -> Iterator[Any]:
    """Opens a window of a size in a state; at the end nothing may have gone wrong."""
    pages: list[Page] = []

    def window(state: str = "", size: tuple[int, int] = (1280, 800), **options: Any) -> Page:
        page = windows.another(*size, **options)
        pages.append(page)
        return shown(page, windows, state)

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


def until_still(page: Page, selector: str) -> None:
    """Wait until it has come where it goes."""
    page.wait_for_function(
        """async (selector) => {
          const height = () => document.querySelector(selector).getBoundingClientRect().height;
          const before = height();
          for (let frame = 0; frame < 5; frame += 1) await new Promise((next) => requestAnimationFrame(next));
          return height() === before;
        }""",
        arg=selector,
    )


@pytest.mark.thorough
def test_steps_are_taken_back_and_again(opened: Any) -> None:
    page = opened()
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    page.wait_for_function("() => history.state && history.state.step === 0")
    assert undo.is_disabled()
    assert redo.is_disabled()
    before = page.evaluate("() => history.length")
    page.locator('[data-path="fear.weight"] input[type=range]').first.evaluate(
        """(slider) => { for (const to of [1, 2, 3]) {
          slider.value = to;
          slider.dispatchEvent(new Event('input', { bubbles: true }));
        } }"""
    )  # a slider that is dragged is one step
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


@pytest.mark.thorough
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


@pytest.mark.thorough
@pytest.mark.parametrize("size", [(1024, 768), (390, 844)])
def test_under_a_finger_a_place_opens_in_sight(opened: Any, size: tuple[int, int]) -> None:
    page = opened("scenario=japan-sample&b.fear.weight=0", size, has_touch=True, is_mobile=True)
    seen = page.evaluate(_IN_VIEW, FIRST)
    assert [name for name, whole in seen.items() if not whole] == []
    tap_a_place(page)
    whole = f"(names) => Object.values(({_IN_VIEW})(names)).every(Boolean)"  # once the sheet has come up
    page.wait_for_function(whole, arg=[".place-name", ".lead h1", ".world.a canvas"])
    page.wait_for_function("() => history.state.step === 1")
    page.go_back()  # Back closes the sheet, it does not leave the page
    until_state(page, "state.panel === ''")
    page.get_by_role("tab", name="What if").tap()
    page.locator(".controls .control").first.wait_for()
    high = page.locator(".side").bounding_box()["height"]
    grip = page.get_by_role("button", name="Larger panel")
    grip.press("Enter")
    taller = "(least) => document.querySelector('.side').getBoundingClientRect().height > least"
    page.wait_for_function(taller, arg=1.5 * high)
    until_still(page, ".side")
    box = page.locator(".grip").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, size[1] - 80, steps=8)
    page.wait_for_timeout(400)
    page.mouse.move(box["x"] + box["width"] / 2, size[1] - 30, steps=2)
    page.mouse.up()
    until_state(page, "state.panel === ''")
    assert page.locator(".controls .control").first.is_hidden()


# What is cut of the bar at the top, of tabs, and of what stands below the maps: beyond the screen, or hidden in part.
_CUT = """() => {
  const found = [];
  const parts = '.topbar :is(button, input, summary, span), .tabs button, '
    + '.toolbar :is(button, label, select), .timebar *';
  for (const each of document.querySelectorAll(parts)) {
    if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('.menu-box, .marks')) continue;
    const box = each.getBoundingClientRect();
    const beyond = box.left < -1 || box.right > innerWidth + 1;
    const short = each.tagName === 'BUTTON' && each.scrollWidth > each.clientWidth + 1;
    if (box.width && (beyond || short)) found.push(`${each.tagName} ${each.textContent || each.className}`);
  }
  return found;
}"""


@pytest.mark.thorough
@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (390, 844)])
def test_nothing_is_cut_in_any_language(browser: Browser, size: tuple[int, int]) -> None:
    """The longest words; message, map and a chart are in view all the same."""
    with listening(room(workers=1, language="auto")) as address:
        windows = Windows(browser, address)
        touch = {"has_touch": True, "is_mobile": True} if size[0] < 1100 else {}
        for language in ("en-US", "ja-JP", "ko-KR", "es-ES", "it-IT"):
            page = windows.another(*size, locale=language, **touch)
            shown(page, windows, "scenario=japan-sample&months=24&b.fear.weight=0")
            assert page.evaluate(_CUT) == [], language
            seen = page.evaluate(_IN_VIEW, FIRST)
            assert [name for name, whole in seen.items() if not whole] == [], language
            page.context.close()
        assert windows.wrong == []


@pytest.mark.thorough
def test_a_menu_and_a_table_open_in_sight(opened: Any) -> None:
    """A menu leaves the button that closes it free; a table stands where its chart was, and can be read."""
    for size in ((390, 844), (1024, 768)):
        page = opened("scenario=japan-sample&months=24&b.fear.weight=0", size, has_touch=True, is_mobile=True)
        share = page.locator(".menu > summary")
        share.tap()
        assert page.evaluate(_IN_VIEW, [".menu-items"]) == {".menu-items": True}
        share.tap()
        assert page.locator(".menu-items").is_hidden()
        page.locator(".chart .as-table summary").first.tap()
        box = page.locator(".chart .table-box").first.bounding_box()
        assert box["height"] > 100
        assert box["x"] + box["width"] <= size[0]
        page.locator(".chart .as-table summary").first.tap()
        assert (
            page.locator(".chart .table-box").count() == 0
            or page.locator(".chart .table-box").first.is_hidden()
        )


# While time passes


def dots(page: Page, world: str) -> int:
    """Pixels of dots that are painted over a world's map."""
    found = page.evaluate(
        """(world) => {
          const layer = document.querySelector('.maps > .dots');
          if (!layer.width) return 0;
          const parts = [layer, document.querySelector(`.world.${world} canvas`)];
          const [all, map] = parts.map((each) => each.getBoundingClientRect());
          const [left, top] = [map.left - all.left, map.top - all.top];
          const { data } = layer.getContext('2d').getImageData(left, top, map.width, map.height);
          return data.filter((value, i) => i % 4 === 3 && value > 0).length;
        }""",
        world,
    )
    return int(found)


@pytest.mark.thorough
def test_play_unfolds_charts_and_shows_who_moves_and_what_happens(opened: Any) -> None:
    page = opened("b.fear.weight=0&month=20&speed=3")
    ahead = page.locator(".chart .ahead").first
    assert ahead.evaluate("(each) => getComputedStyle(each).opacity") != "1"  # pale while time stands still
    assert dots(page, "a") == 0
    page.locator("main").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('app').page.month() >= 27")
    assert ahead.evaluate("(each) => getComputedStyle(each).opacity") == "1"
    covered = ahead.evaluate("(each) => each.getBoundingClientRect().width / each.parentElement.clientWidth")
    assert covered > 0.6  # of twenty years two have passed
    assert dots(page, "a") > 0
    assert dots(page, "b") > 0
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()
    ready(page)
    assert dots(page, "a") == 0


@pytest.mark.thorough
def test_dated_changes_come_up(opened: Any) -> None:
    page = opened("month=28")
    told = page.locator(".happening")
    assert "April 1992" in told.inner_text()
    assert "Labour demand 1 → 0.85" in told.inner_text()
    page.keyboard.press("Shift+ArrowLeft")
    ready(page)
    assert told.is_hidden()
    assert page.locator(".marks i").count() > 5


@pytest.mark.thorough
def test_nothing_moves_for_who_wants_nothing_to_move(opened: Any) -> None:
    page = opened("month=20", reduced_motion="reduce")
    page.locator("main").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('app').page.month() > 25")
    assert dots(page, "a") == 0


@pytest.mark.thorough
def test_there_is_no_rate_before_a_year_is_full(opened: Any) -> None:
    page = opened("two=no&month=10")
    first = page.locator(".chart").nth(1).locator(".legend b")
    assert set(first.all_inner_texts()) == {"none"}
    assert "none" in page.locator(".chart.cascade canvas").get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.getElementById('app').page.month() === 11")
    ready(page)
    assert "none" not in first.all_inner_texts()


# Several worlds, several seeds


@pytest.mark.thorough
def test_four_worlds_stand_side_by_side(opened: Any) -> None:
    page = opened("b.fear.weight=0")
    page.get_by_role("button", name="Three worlds").click()
    ready(page)
    assert state_of(page)["c"] == {"fear.weight": 0}  # a further world begins as the last one
    slide(page, "fear.weight", 3)  # and is what will be changed
    page.keyboard.press("4")
    page.locator("main").focus()
    page.keyboard.press("4")
    ready(page)
    slide(page, "city.pace", 1)
    ready(page)
    assert [page.locator(f".world.{name}").is_visible() for name in "abcd"] == [True] * 4
    worlds = page.evaluate(
        "() => { const { shown } = document.getElementById('app').page.worlds; "
        "return ['a', 'b', 'c', 'd'].map((name) => shown[name].sets); }"
    )
    assert worlds == [
        {},
        {"fear.weight": 0},
        {"fear.weight": 3},
        {"city.pace": 1, "fear.weight": 3},
    ]
    told = page.locator(".differs").inner_text()
    assert all(f" in {letter}" in told for letter in "ABCD")
    heads = page.locator(".chart").nth(1).locator(".legend .worlds b").all_inner_texts()
    assert heads == ["A", "B", "C", "D"]
    page.wait_for_function("() => location.hash.includes('d.city.pace=1')")
    other = opened(page.url.partition("#")[2])
    assert other.locator(".differs").inner_text() == told
    page.get_by_role("button", name="Two worlds").click()
    ready(page)
    assert page.locator(".world.c").is_hidden()
    assert state_of(page)["d"] is None


@pytest.mark.thorough
def test_twenty_seeds_give_a_band(opened: Any) -> None:
    page = opened("b.fear.weight=0&months=36")
    assert not page.evaluate(
        "() => document.getElementById('app').page.charts.who.lines[0].bands.some(Boolean)"
    )
    page.get_by_role("button", name="20 seeds").click()
    page.get_by_text("band over 20 seeds").first.wait_for()
    low, high, own = page.evaluate(
        """() => {
          const { bands: [[low, high]], values: [own] } = document.getElementById('app').page.charts.status.lines[2];
          return [low, high, own].map((each) => Array.from(each));
        }"""
    )
    assert len(low) == len(own) == 36
    assert all(one <= two for one, two in zip(low, high, strict=True))
    assert low[-1] < high[-1]
    assert low[-1] * 0.8 < own[-1] < high[-1] * 1.2
    assert "20 seeds" in page.locator(".differs").inner_text()
    assert page.get_by_role("button", name="20 seeds").count() == 0
    slide(page, "fear.weight", 1)  # other worlds: the band was not theirs
    ready(page)
    assert page.get_by_text("band over 20 seeds").count() == 0


# What lessons ask, and what a small world counts


@pytest.mark.thorough
def test_a_lesson_has_more_questions(opened: Any) -> None:
    page = opened("panel=predict&lesson=towns")
    page.get_by_role("button", name="What becomes of the part of needs that cities meet?").click()
    page.locator("h1", has_text="What becomes of the part of needs that cities meet?").wait_for()
    assert page.locator(".world.b .veil").is_visible()
    page.get_by_role("group", name="Your prediction").get_by_role("button", name="up").click()
    page.get_by_role("button", name="Show world B").click()
    ready(page)
    assert "Met by cities" in page.locator(".predict").inner_text()
    page.get_by_role("button", name="And of the needs that are met?").click()
    page.locator("h1", has_text="And of the needs that are met?").wait_for()
    assert page.locator(".world.b .veil").is_visible()  # each is predicted first


@pytest.mark.thorough
def test_every_question_of_a_lesson_is_about_an_outcome(opened: Any) -> None:
    missing = opened().evaluate(
        """async () => {
          const { LESSONS } = await import('/page/lessons.js');
          const { outcomesOf } = await import('/page/outcomes.js');
          const keys = outcomesOf(document.getElementById('app').page.worlds.shown.a).map((each) => each.key);
          const asked = LESSONS.flatMap(({ about, more }) => [about, ...more.map((each) => each.about)]);
          return [asked.filter((key) => !keys.includes(key)), LESSONS.map(({ about, more }) => new Set(
            [about, ...more.map((each) => each.about)]).size)];
        }"""
    )
    assert missing[0] == []
    assert min(missing[1]) == 4


@pytest.mark.thorough
def test_a_small_world_counts_its_own_people(opened: Any) -> None:
    page = opened()
    field = page.locator('[data-path="doors.coethnic.arrivals"]')
    country = page.evaluate(
        "() => document.getElementById('app').page.scenario.parameters"
        ".find((each) => each.path === 'doors.coethnic.arrivals').value"
    )
    box = field.get_by_role("textbox")
    assert float(box.input_value()) == pytest.approx(country * 0.002)
    box.fill("20")
    box.press("Enter")
    ready(page)
    assert state_of(page)["b"] == {"doors.coethnic.arrivals": 10_000}
    assert page.locator(".world.b .chip").inner_text().split("\n")[0].endswith("= 20")
