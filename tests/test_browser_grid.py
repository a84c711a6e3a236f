"""The hand-out with sliders in a real browser: from disk, by keys, on a telephone, on paper."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from browser import Windows, needs_browser
from grid_tools import grid_page, made_grid
from page_checks import wrong_with

from local_citizenship.experiments.grids.found import Found
from local_citizenship.experiments.intervals import paired

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Found]:
    """A hand-out, and the numbers it was made of."""
    folder = tmp_path_factory.mktemp("grid")
    grid, study, found = made_grid(folder)
    path = folder / "lesson.html"
    path.write_text(grid_page(grid, study, found), encoding="utf-8")
    return path, found


def opened(windows: Windows, file: Path, where: str = "", width: int = 1280, height: int = 720) -> Page:
    page = windows.another(width, height)
    page.goto(f"{file.as_uri()}{where}")
    page.wait_for_function("() => document.getElementById('app').page")
    return page


def lead(page: Page) -> str:
    return page.locator(".verdict .lead").inner_text()


def test_sliders_snap_are_worked_by_keys_and_taken_back(browser: Browser, made: tuple[Path, Found]) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0])
    assert page.title() == "A small grid"
    assert lead(page).startswith("Both worlds are the same so far.")
    fear = page.get_by_label("World B: Fear of apprehension")
    assert fear.get_attribute("aria-valuetext") == "8, as the scenario has it"
    assert (fear.get_attribute("min"), fear.get_attribute("max"), fear.get_attribute("step")) == (
        "0",
        "2",
        "1",
    )
    fear.focus()
    page.keyboard.press("ArrowRight")
    assert fear.get_attribute("aria-valuetext") == "16"
    assert not lead(page).startswith("Both worlds")
    page.get_by_label("World B: NGOs exist").press("Home")
    assert page.url.endswith("#a=1.1&b=2.0")
    page.keyboard.press("Control+z")
    assert page.url.endswith("#a=1.1&b=2.1")
    page.get_by_role("button", name="Undo").click()
    assert lead(page).startswith("Both worlds")
    assert page.get_by_role("button", name="Undo").is_disabled()
    page.get_by_role("button", name="Redo").click()
    page.keyboard.press("Control+Shift+Z")
    assert page.url.endswith("#a=1.1&b=2.0")
    page.get_by_role("button", name="Reset").click()
    assert page.url.endswith("#a=1.1&b=1.1")
    assert windows.wrong == []


def test_what_is_said_is_what_the_seeds_decide(browser: Browser, made: tuple[Path, Found]) -> None:
    """The page's intervals are those of the studies; more or less is said where they leave 0 out, and only there."""
    file, found = made
    windows = Windows(browser, file.as_uri())
    page = opened(windows, file)
    said = 0
    for name in ("needs_met", "take_up", "unauthorised", "place 1"):
        column = found.columns.index(name)
        for a, b in ((0, 1), (0, 5), (3, 1), (2, 4)):
            ours: dict[str, Any] = page.evaluate(
                "([a, b, name]) => document.getElementById('app').page.grid.paired(a, b, name)", [a, b, name]
            )
            theirs = paired(found.values[a, :, column], found.values[b, :, column])
            assert ours["n"] == theirs.n
            for key in ("first", "other", "change", "low", "high"):
                assert math.isclose(ours[key], getattr(theirs, key), rel_tol=1e-3, abs_tol=2e-5), (name, key)
            assert ours["clear"] == theirs.clear
            said += theirs.clear
    assert 0 < said < 16
    summary = page.evaluate("() => document.getElementById('app').page.grid.summary(1, 'needs_met')")
    of = found.values[1, :, found.columns.index("needs_met")]
    assert np.allclose(
        [summary["mean"], summary["low"], summary["high"]], [of.mean(), of.min(), of.max()], atol=1e-5
    )
    for a, b, name in (("1.0", "1.1", "needs_met"), ("0.1", "1.1", "needs_met"), ("1.1", "2.1", "needs_met")):
        page = opened(windows, file, f"#a={a}&b={b}")
        points = [2 * int(at[0]) + int(at[2]) for at in (a, b)]
        theirs = paired(*(found.values[point, :, found.columns.index(name)] for point in points))
        assert ("not decided" in lead(page)) == (not theirs.clear and not theirs.none_at_all)
        assert ("more in B" in lead(page)) == (theirs.low > 0)
        assert ("less in B" in lead(page)) == (theirs.high < 0)
    assert windows.wrong == []


def test_a_band_of_many_seeds_is_the_middle_of_them(browser: Browser, made: tuple[Path, Found]) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0])
    values = np.random.default_rng(3).normal(size=30).astype(np.float32)
    script = """async (values) => {
      const { Grid } = await import('page/grid_data.js');
      const about = { columns: ['x'], factors: [{ values: ['0'] }], seeds: 30, few: 20, quantiles: [] };
      const grid = new Grid(about, Float32Array.from(values));
      return [grid.summary(0, 'x'), grid.band()];
    }"""
    summary, band = page.evaluate(script, [float(value) for value in values])
    assert np.allclose([summary["low"], summary["high"]], np.quantile(values, [0.05, 0.95]), atol=1e-6)
    assert band == "the middle 90% of 30 seeds"
    assert windows.wrong == []


def test_each_chart_has_words_and_its_table(browser: Browser, made: tuple[Path, Found]) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0], "#a=0.0&b=2.1")
    page.locator(".maps figure").nth(1).wait_for()
    figures = page.locator("figure")
    assert figures.count() == 8  # six charts, two maps
    for i in range(8):
        picture = figures.nth(i).get_by_role("img")
        words = "".join(picture.locator(f"> {part}").text_content() or "" for part in ("title", "desc"))
        assert len(words) > 60
        assert figures.nth(i).locator("table tbody tr").count() >= 2
    assert "B " in figures.first.locator("desc").text_content()
    figures.first.get_by_text("The numbers").click()
    assert "knew of help" in figures.first.locator("table").inner_text()
    page.get_by_label("What is shown by year").select_option("level")
    page.get_by_role("heading", name="Service level, mean, over the years").wait_for()
    page.get_by_label("Which slider is moved").select_option(label="NGOs exist")
    page.get_by_role("heading", name="Needs met, along “NGOs exist”").wait_for()
    assert windows.wrong == []


def test_maps_and_lives_are_at_the_corners(browser: Browser, made: tuple[Path, Found]) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0], "#a=1.1&b=2.1")
    page.get_by_role("button", name="Move world A to the nearest corner").first.click()
    assert page.url.endswith("#a=2.1&b=2.1")
    page.get_by_role("heading", name="In both worlds").wait_for()
    page.get_by_label("World B: NGOs exist").press("ArrowLeft")
    page.get_by_role("heading", name="In world B").wait_for()
    assert page.locator(".lives .story li").count() > 2
    whose = page.get_by_label("Whose life")
    assert whose.locator("option").count() == 8
    assert page.locator(".apart").inner_text()
    before = page.locator(".lives .side").first.inner_text()
    whose.select_option(index=3)
    assert page.locator(".lives .side").first.inner_text() != before
    page.get_by_label("Year of the maps").select_option(label="1991")
    page.get_by_role("heading", name="World B, 1991: service level").wait_for()
    assert windows.wrong == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_all_is_named_legible_and_reached_by_keys(
    browser: Browser, made: tuple[Path, Found], width: int, height: int
) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0], "#a=0.0&b=2.1", width, height)
    page.locator(".maps figure").nth(1).wait_for()
    assert wrong_with(page) == []
    assert windows.wrong == []


def test_a_telephone_has_one_worlds_sliders_and_the_message_in_sight(
    browser: Browser, made: tuple[Path, Found]
) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0], "#a=1.1&b=0.1", 390, 844)
    assert page.get_by_label("World B: Fear of apprehension").is_visible()
    assert not page.get_by_label("World A: Fear of apprehension").is_visible()
    page.get_by_role("button", name="World A", exact=True).click()
    assert page.get_by_label("World A: Fear of apprehension").is_visible()
    verdict = page.locator(".verdict").bounding_box()
    assert verdict
    assert verdict["y"] + verdict["height"] < 844
    page.evaluate("() => scrollTo(0, 2000)")
    box = page.get_by_label("World A: Fear of apprehension").bounding_box()
    assert box
    assert 0 <= box["y"] < 300


def test_on_paper_there_are_words_for_the_sliders(browser: Browser, made: tuple[Path, Found]) -> None:
    windows = Windows(browser, made[0].as_uri())
    page = opened(windows, made[0], "#a=1.1&b=0.1")
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
    stand = page.locator(".stand")
    assert stand.is_visible()
    assert "Fear of apprehension: 8; NGOs exist: yes" in stand.inner_text()
    assert page.locator("figure svg").first.is_visible()
    assert page.pdf(format="A4", prefer_css_page_size=True)[:5] == b"%PDF-"
