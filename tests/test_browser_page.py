"""The explorer's page in a real browser: its link, what it keeps, its mistakes, for every eye, hand and screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from browser import Windows, assert_text, canvas_sum, needs_browser, press, ready, shown, slide, tap_a_place
from classroom import listening, room
from page_checks import faint, nameless

from local_citizenship.scenarios import load_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser


def test_a_link_holds_the_whole_state(explore: Any) -> None:
    page = explore()
    same = page.evaluate(
        """async () => {
          const { freshState, fromHash, toHash } = await import('/page/state.js');
          const state = {
            ...freshState(), scenario: 'japan-sample', seed: '9223372036854775807', months: 120, two: true,
            view: 'difference', a: { 'fear.weight': 0.25, 'ngos.enabled': false },
            b: { 'policy.programme_open': 'legal' }, month: 7, measure: 'needs_met', place: 0,
            life: '18446744073709551615', panel: 'lives', moves: true, speed: 60, present: true,
            lesson: 'fear', ask: 'Ärger & mehr = #?', about: 'met', c: {}, d: { 'city.pace': 0.3 },
            presets: [{ name: 'no fear', link: 'b.fear.weight=0&seed=2' }],
          };
          const back = fromHash('#' + toHash(state));
          const odd = fromHash('#month=-3&place=x&view=up&panel=none&speed=9999&seed=' + 'x'.repeat(999));
          const same = JSON.stringify(back) === JSON.stringify(state);
          return [same, toHash(freshState()), odd.month, odd.place, odd.view, odd.panel, odd.speed];
        }"""
    )
    assert same == [True, "", None, None, "pair", "change", 24]


def test_a_link_brings_the_very_state_back(explore: Any, windows: Windows) -> None:
    page = explore("b.fear.weight=0.5&seed=7&panel=place&place=1&measure=needs_met&view=difference&month=60")
    page.get_by_role("button", name="New world").click()
    ready(page)
    page.locator(".menu > summary").click()
    link = page.get_by_label("Link to this very state").input_value()
    assert "seed=8" in link
    assert "b.fear.weight=0.5" in link
    other = windows.another(1280, 800)
    other.goto(link)
    ready(other)
    for part in (".differs", ".date", ".toolbar", ".side", ".charts", ".world.b figcaption"):
        assert other.locator(part).inner_text() == page.locator(part).inner_text()
    assert canvas_sum(other, "b") == canvas_sum(page, "b")
    other.context.close()
    page.wait_for_function("() => location.hash.includes('seed=8')")
    page.evaluate("() => { location.hash = '#seed=3'; }")
    page.wait_for_function("() => document.getElementById('app').page.store.state.seed === '3'")
    ready(page)
    assert page.locator(".world.b .chip").count() == 0


def test_what_is_kept_can_be_read_again(explore: Any, tmp_path: Path, town_worlds: Any) -> None:
    page = explore("b.fear.weight=0")

    def kept(name: str) -> Path:
        page.locator(".menu").evaluate("(menu) => { menu.open = true; }")
        with page.expect_download() as found:
            page.get_by_role("button", name=name).click()
        path = tmp_path / found.value.suggested_filename
        found.value.save_as(path)
        return path

    scenario = load_scenario(str(kept("Scenario file of B")))
    assert (scenario.parameters.fear.weight, scenario.seed) == (0, 1)
    series = pd.read_csv(kept("What the charts show"))
    assert len(series) == 480
    assert (series["world"] == "B").sum() == 240
    assert series["met_city"][series["world"] == "B"].sum() == town_worlds[1]["who"].values[:, 0].sum()
    measures = kept("Outcome measures of A").read_text()
    assert measures.splitlines()[0].count(",") > 2
    assert len(measures.splitlines()) > 100
    picture = kept("Picture")
    assert picture.suffix == ".png"
    import matplotlib.image

    pixels = matplotlib.image.imread(picture)
    assert pixels.shape[:2] == (1180, 1600)
    assert pixels[1120:1160, 40:1500, :3].min() < 0.5  # the caption


def test_a_mistake_is_told_in_a_sentence(explore: Any, windows: Windows) -> None:
    page = explore()
    press(page.locator('[data-path="fear.weight"] input.value').first, "-2")
    page.get_by_role("alert").get_by_text("World B: fear.weight is -2, but must be a number").wait_for()
    page.get_by_role("button", name="Take it back").click()
    ready(page)
    assert page.get_by_role("alert").count() == 0
    press(page.get_by_label("Seed"), "many")
    page.get_by_role("alert").get_by_text("must be a whole number").wait_for()
    page.get_by_role("button", name="Take it back").first.click()
    ready(page)
    page.route("**/api/run", lambda route: route.abort())
    slide(page, "fear.weight", 3)
    page.get_by_role("alert").get_by_text("the server does not answer").wait_for()
    page.unroute("**/api/run")
    slide(page, "fear.weight", 4)
    ready(page)
    assert page.get_by_role("alert").count() == 0
    refused = [text for text in windows.wrong if "400" in text or "ERR_FAILED" in text]
    assert windows.wrong == refused  # the browser's own words about what was refused on purpose
    windows.wrong.clear()


FIRST = "The first run is on its way, one for all worlds while nothing differs: maps and charts come with it."


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_before_the_first_world_it_says_what_is_done(windows: Windows, size: tuple[int, int]) -> None:
    windows.wrong.clear()
    page = windows.another(*size)
    held: list[Any] = []
    page.route("**/api/scenarios", lambda route: held.append(route))
    page.route("**/api/run", lambda route: held.append(route))
    page.goto(windows.address)
    assert_text(page.locator(".differs"), "Reading the scenario ...")
    assert page.locator(".world:visible .progress").all_inner_texts() == ["Starting ..."] * 2
    page.wait_for_function("() => document.getElementById('app').page.home")
    held.pop().continue_()
    page.locator("h1", has_text="What").wait_for()
    assert_text(page.locator(".differs"), FIRST)
    assert page.locator(".progress:visible").count() == 2  # one run, of which both are told
    page.locator(".world.b .progress", has_text="Running ...").wait_for()
    page.evaluate(
        """() => document.getElementById('app').page.worlds.busy('a', {step: 'compiling', done: 3, total: 20})"""
    )
    assert page.locator(".progress:visible").all_inner_texts() == ["Compiling the rules, once: 3 of 20"] * 2
    assert page.locator(".map-box canvas:visible, .plot canvas:visible").count() == 0
    assert page.locator(".toolbar:visible, .timebar:visible").count() == 0
    waits = page.locator(".plot").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each, '::before').content)"
    )
    assert waits == ['"Comes with the first run."'] * 4
    fail = "(name) => document.getElementById('app').page.failed(new Error('no memory'), name)"
    page.evaluate(fail, "b")  # while A is on its way
    assert page.locator(".progress:visible").count() == 2
    assert_text(page.locator(".differs"), FIRST)
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("tab", name="Predict").click()
    assert "Comes with the first run." in page.locator(".predict").inner_text()
    held.pop().continue_()
    ready(page)
    assert page.locator(".progress:visible").count() == 0
    assert page.locator(".world canvas:visible").count() == 2
    assert page.locator(".timebar").is_visible()
    page.context.close()
    assert windows.wrong == []


@pytest.mark.parametrize("panel", ["change", "predict", "place", "lives", "about"])
def test_everything_has_a_name_and_can_be_read(explore: Any, panel: str) -> None:
    page = explore(f"b.fear.weight=0&place=0&panel={panel}")
    page.locator(".menu > summary").click()
    assert nameless(page) == []
    assert faint(page) == []
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_keyboard_alone_will_do(explore: Any) -> None:
    page = explore()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to the maps"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.tagName") == "MAIN"
    page.get_by_role("tab", name="What if").focus()
    page.keyboard.press("ArrowRight")
    ready(page)
    assert page.get_by_role("tab", name="Predict").get_attribute("aria-selected") == "true"
    for key, shown_large in (("p", 1), ("Escape", 0)):
        page.keyboard.press(key)
        ready(page)
        assert page.locator(".lc.present").count() == shown_large
    page.locator("main").focus()
    page.keyboard.press("1")
    ready(page)
    assert page.locator(".world.b").is_hidden()
    page.get_by_role("button", name="Play").focus()
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (768, 1024), (390, 800)])
def test_it_fits_screens(windows: Windows, tmp_path: Path, size: tuple[int, int]) -> None:
    windows.wrong.clear()
    page = shown(
        windows.another(*size, has_touch=size[0] < 1000), windows, "scenario=japan-sample&b.fear.weight=0"
    )
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    maps = page.locator(".world canvas").first.bounding_box()
    assert maps is not None
    assert min(maps["width"], maps["height"]) > 150
    if size[0] < 1000:
        tap_a_place(page)
    page.screenshot(path=tmp_path / "page.png")
    page.context.close()
    assert windows.wrong == []


def test_it_speaks_another_language(browser: Browser) -> None:
    with listening(room(language="ja")) as address:
        windows = Windows(browser, address)
        page = shown(windows.another(1280, 800), windows, "b.fear.weight=0")
        assert page.locator("html").get_attribute("lang") == "ja"
        assert page.locator(".world.b .chip").inner_text().startswith("摘発への恐れ = 0")
        stages = page.evaluate("() => document.getElementById('app').page.charts.cascade.stages")
        assert stages[0] == "ニーズあり"
        assert windows.wrong == []
