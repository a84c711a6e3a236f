"""The explorer's page in a real browser: what one does with it, and what then stands on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from browser import Windows, assert_text, canvas_sum, needs_browser, press, ready, slide
from classroom import listening, room, world_sent
from page_checks import faint, nameless

from local_citizenship.experiments.intervals import interval
from local_citizenship.outcomes.headline import headlines
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.outcomes.story import tell
from local_citizenship.scenarios import load_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    with listening(room()) as address:
        yield Windows(browser, address)


@pytest.fixture(scope="module")
def shared(windows: Windows) -> Page:
    return windows.another(1280, 800)


@pytest.fixture
def explore(windows: Windows, shared: Page) -> Iterator[Any]:
    """Opens the page in a state; at the end nothing may have gone wrong."""

    def opened(state: str = "") -> Page:
        shared.goto("about:blank")
        return shown(shared, windows, state)

    windows.wrong.clear()
    yield opened
    assert windows.wrong == []


def shown(page: Page, windows: Windows, state: str = "") -> Page:
    page.goto(f"{windows.address}/#{state}")
    ready(page)
    return page


@pytest.fixture(scope="module")
def town_worlds() -> tuple[Any, Any]:
    """Two towns as they are, and without fear: arrays as numbers."""
    return world_sent()[1], world_sent("fear.weight=0")[1]


def met(world: Any) -> tuple[float, float]:
    """Of 100 needs: met by anybody, and by cities."""
    who = world["who"].values.sum(axis=0)
    return 100 * (1 - who[-1] / who.sum()), 100 * who[0] / who.sum()


def in_percent(share: float) -> str:
    return "under 1%" if 0 < share < 0.005 else f"{np.floor(100 * share + 0.5):.0f}%"


def test_what_is_decoded_is_what_was_sent(explore: Any, town_worlds: Any) -> None:
    page = explore()
    sums = page.evaluate(
        """() => {
          const { arrays } = document.getElementById('app').page.worlds.shown.a;
          const known = (value) => (Number.isFinite(value) ? value : 0);
          const sum = (packed) => packed.raw.reduce((all, _, i) => all + known(packed.at(i)), 0);
          const about = ([name, packed]) => [name, [sum(packed), ...packed.shape]];
          return Object.fromEntries(Object.entries(arrays).map(about));
        }"""
    )
    for name, packed in town_worlds[0].items():
        total, *shape = sums[name]
        assert shape == list(packed.values.shape), name
        assert total == pytest.approx(np.nansum(packed.values), rel=1e-6, abs=1e-9), name


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


def test_a_slider_runs_world_b_anew(explore: Any, town_worlds: Any) -> None:
    page = explore()
    page.get_by_text("Both worlds are the same so far").wait_for()
    assert canvas_sum(page, "a") == canvas_sum(page, "b")
    slide(page, "fear.weight", 0)
    ready(page)
    (before, city_before), (after, city_after) = met(town_worlds[0]), met(town_worlds[1])
    told = page.locator(".differs").inner_text()
    assert f"Of 100 needs, {after:.1f} were met in B and {before:.1f} in A" in told
    assert f"cities {city_after:.1f} and {city_before:.1f}" in told
    assert "(one seed)" in told
    assert not re.search(r"\b(more|fewer|less)\b", told)
    assert page.locator(".world.b .chip").inner_text().startswith("Fear of apprehension = 0")
    assert page.locator(".world.a .chip").count() == 0
    page.get_by_role("button", name="Take back fear.weight").click()
    page.get_by_text("Both worlds are the same so far").wait_for()


def test_five_seeds_decide_whether_it_is_more_or_fewer(explore: Any) -> None:
    page = explore()
    slide(page, "fear.weight", 0)
    ready(page)
    page.get_by_role("button", name="5 seeds").click()
    page.wait_for_function(
        "() => /5 seeds: |over 5 seeds/.test(document.querySelector('.differs').textContent)"
    )
    told = page.locator(".differs").inner_text()
    by = [_by_seed(seed) for seed in range(1, 6)]
    low, high = interval(np.array(by))
    assert (
        f"{abs(np.mean(by)):.1f} {'more' if np.mean(by) > 0 else 'fewer'} of 100 needs" in told
        or low < 0 < high
    )
    assert f"{abs(low):.1f} to " in told
    assert page.get_by_role("button", name="5 seeds").count() == 0
    slide(page, "fear.weight", 1)  # another question: one seed again
    ready(page)
    assert "(one seed)" in page.locator(".differs").inner_text()


def _by_seed(seed: int) -> float:
    """Of 100 needs, how many more are met without fear."""
    runs = (simulate("two-towns", seed=seed, sets=sets) for sets in ([], ["fear.weight=0"]))
    before, after = (headlines(run, ["needs_met"])["needs_met"] for run in runs)
    return 100 * (after - before)


def test_the_newest_wish_wins(explore: Any) -> None:
    page = explore("scenario=japan-sample&two=no")
    for value in (1, 2, 3, 4):
        slide(page, "fear.weight", value)
        page.wait_for_timeout(60)
    page.locator(".world.a .progress").wait_for()  # it takes long enough to be told how far it is
    ready(page)
    sets = page.evaluate("() => document.getElementById('app').page.worlds.shown.a.sets")
    assert sets == {"fear.weight": 4}
    assert page.locator(".world.a .progress").is_hidden()
    assert page.locator(".errors").is_hidden()


def test_worlds_are_copied_reset_and_shown_alone(explore: Any) -> None:
    page = explore("b.fear.weight=0&b.ngos.enabled=false&a.fear.weight=2")
    assert page.locator(".world.b .chip").count() == 2
    page.get_by_role("button", name="Copy A to B").click()
    ready(page)
    assert page.locator(".world.b .chip").inner_text().startswith("Fear of apprehension = 2")
    page.get_by_text("Both worlds are the same.").wait_for()
    page.get_by_role("button", name="Reset B").click()
    ready(page)
    assert page.locator(".world.b .chip").count() == 0
    page.get_by_role("button", name="One world").click()
    ready(page)
    assert page.locator(".world.b").is_hidden()
    assert page.get_by_role("button", name="Copy A to B").is_hidden()
    slide(page, "fear.weight", 7)
    ready(page)
    assert page.locator(".world.a .chip").inner_text().startswith("Fear of apprehension = 7")


def test_time_is_scrubbed_and_played(explore: Any) -> None:
    page = explore()
    date = page.locator(".date")
    assert date.inner_text() == "December 2009"
    page.locator("body").press("Home")
    assert_text(date, "January 1990")
    page.locator("body").press("ArrowRight")
    page.locator("body").press("Shift+ArrowRight")
    assert_text(date, "February 1991")
    page.locator("body").press("ArrowLeft")
    assert_text(date, "January 1991")
    ready(page)
    first = canvas_sum(page, "a")
    page.get_by_label("Speed").select_option("60")
    page.locator("main").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function("() => document.getElementById('app').page.month() > 24")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()
    stood = date.inner_text()
    assert int(stood[-4:]) >= 1992
    assert canvas_sum(page, "a") != first
    page.get_by_role("slider", name="Month", exact=True).fill("100")
    assert_text(date, "May 1998")
    page.keyboard.press("End")
    page.get_by_label("Speed").select_option("3")
    page.locator("main").focus()
    page.get_by_role("button", name="Play").click()  # from the end it begins anew
    page.wait_for_function("() => document.getElementById('app').page.month() < 100")
    page.get_by_role("button", name="Pause").click()


def test_charts_say_the_values_of_the_date(explore: Any, town_worlds: Any) -> None:
    page = explore("b.fear.weight=0&month=119")
    for world, column in zip(town_worlds, ("b:not(.of-b)", ".of-b"), strict=True):
        who = world["who"].values[108:120].sum(axis=0)
        told = page.locator(".chart").nth(1).locator(f".legend li:not(.worlds) {column}").all_inner_texts()
        assert told == [in_percent(share) for share in who / who.sum()]
    chart = page.locator(".chart").nth(1)
    chart.get_by_text("Table").click()
    rows = chart.locator("tbody tr")
    rows.nth(19).wait_for()
    assert rows.count() == 20
    assert rows.nth(9).locator("th").inner_text() == "1999"
    chart = page.locator(".chart").nth(3)
    plot = chart.locator("canvas")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 10)
    legal = town_worlds[0]["stock_status"].values[-1, 2]
    assert_text(chart.locator(".legend li:not(.worlds) b").nth(4), f"{legal:.0f}")
    plot.click(position={"x": box["width"] / 4, "y": 20})
    page.locator(".date", has_not_text="December 1999").wait_for()


def test_colours_of_the_map_and_the_difference(explore: Any) -> None:
    page = explore("b.fear.weight=0")
    plain = canvas_sum(page, "a")
    page.get_by_label("Colour of the map").select_option("unmet_rate")
    ready(page)
    assert "per 1,000 person-years" in page.locator(".toolbar").inner_text()
    assert canvas_sum(page, "a") != plain
    second = canvas_sum(page, "b")
    page.get_by_role("button", name="Other worlds less A").click()
    ready(page)
    assert "less A" in page.locator(".legend-row").inner_text()
    assert canvas_sum(page, "b") != second
    lines = canvas_sum(page, "a")
    page.get_by_label("Moves").uncheck()
    ready(page)
    assert canvas_sum(page, "a") != lines


def test_a_place_tells_what_it_offers_and_why(explore: Any, town_worlds: Any) -> None:
    page = explore("b.city.pace=0.3")
    x, y = page.evaluate(
        "() => { const { view } = document.getElementById('app').page.stage.frames[0]; return [view.x[1], view.y[1]]; }"
    )
    page.locator(".world.a canvas").hover(position={"x": x, "y": y})
    assert_text(page.locator(".tip"), re.compile("Kawaguchi-like"))
    page.locator(".world.a canvas").click(position={"x": x, "y": y})
    panel = page.locator('[role=tabpanel][data-name="place"]')
    assert_text(panel.locator(".place-name"), "Kawaguchi-like")
    levels = town_worlds[0]["services"].values[-1, 1]
    told = panel.locator(".strip-row:nth-of-type(2) b").all_inner_texts()
    assert told == [f"{100 * level:.0f}%" if level > 0 else "–" for level in levels]
    why = panel.locator(".why").first.inner_text()
    assert f"motivation to act was {town_worlds[0]['motivation'].values[-1, 1]:.3g}" in why
    assert "million yen a year" in why
    page.locator(".world.a canvas").focus()
    page.keyboard.press("ArrowDown")  # from the place that is marked
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert_text(panel.locator(".place-name"), "Kawasaki-like")
    press(panel.get_by_label("Find a place"), "kawag")
    assert_text(panel.locator(".place-name"), "Kawaguchi-like")
    press(panel.get_by_label("Find a place"), "Atlantis")
    panel.get_by_text("No place here is called “Atlantis”.").wait_for()


def test_a_life_is_told_and_where_it_parts(explore: Any) -> None:
    page = explore("b.fear.weight=0&panel=lives")
    page.locator(".life").first.wait_for()
    page.get_by_label("Which lives").select_option("one")
    rows = page.locator(".life").all_inner_texts()
    assert rows
    helped = [[int(met) > 0 for met in re.findall(r"[AB] (\d+) of", row)] for row in rows]
    assert all(sum(each) == 1 for each in helped), rows
    page.locator(".life").first.click()
    story = page.locator(".story")
    story.locator(".events").first.wait_for()
    migrant = int(story.locator("h3").inner_text().split()[-1])
    first = story.locator(".events li p").first.inner_text()
    assert first in " ".join(tell(simulate("two-towns"), migrant).split())
    assert "both lives are the same" in story.locator(".parting").inner_text()
    assert story.locator(".lane").count() == 2
    lanes = [lane.inner_text() for lane in story.locator(".lane").all()]
    assert lanes[0].split("\n", 1)[1] != lanes[1].split("\n", 1)[1]
    page.get_by_role("button", name="All lives").click()
    page.get_by_label("Which lives").select_option("all")
    page.get_by_label("Door of entry").select_option("trainee")
    page.locator(".life").first.wait_for()
    assert all(row.startswith("Trainee") for row in page.locator(".life").all_inner_texts())


def test_world_b_stays_hidden_until_one_has_predicted(explore: Any) -> None:
    page = explore("panel=predict&lesson=towns")
    assert page.locator(".world.b .veil").is_visible()
    assert page.locator(".differs").inner_text() == ""
    assert page.locator(".chart .of-b").count() == 0
    assert page.get_by_role("button", name="Show world B").is_disabled()
    page.goto("about:blank")
    page = explore("panel=predict")
    assert page.locator(".lesson").count() >= 6
    page.get_by_role("button", name="Two towns, another budget").click()
    ready(page)
    page.get_by_role("group", name="Your prediction").get_by_role("button", name="up").click()
    page.get_by_label("By how much?").fill("0.2")
    page.get_by_role("button", name="Show world B").click()
    ready(page)
    assert page.locator(".world.b .veil").is_hidden()
    levels = []
    for _, arrays in (world_sent(), world_sent("city.pace=0.3", "city.budget=2000")):
        people = arrays["stock"].values[-1]
        levels.append((arrays["level"].values[-1] * people).sum() / people.sum())
    told = page.locator(".predict").inner_text()
    assert f"{levels[0]:.2g} in A, {levels[1]:.2g} in B" in told
    assert ("As you said: up" in told) == (levels[1] > levels[0] + 0.005)
    page.get_by_role("button", name="Does it hold in another world?").click()
    page.locator(".seeds li").nth(1).wait_for()
    assert page.get_by_label("Seed").input_value() == "2"
    page.get_by_role("button", name="Another question").click()
    page.get_by_label("Your question").fill("More or fewer?")
    page.get_by_label("The outcome it is about").select_option("migrants")
    page.get_by_role("button", name="Ask it").click()
    page.locator("h1", has_text="More or fewer?").wait_for()
    assert page.locator(".world.b .veil").is_visible()


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


def test_all_parameters_are_found_and_explained(explore: Any) -> None:
    page = explore()
    page.get_by_label("Search all parameters").fill("fear fades")
    page.get_by_label("Search all parameters").fill("city.neighbours")
    found = page.locator('.control[data-path="city.neighbours"]')
    found.get_by_role("button", name="What is city.neighbours?").click()
    said = found.locator(".meaning").inner_text()
    for words in ("neighbouring municipalities", "Source", "Range"):
        assert words in said
    page.get_by_label("Search all parameters").fill("nothing of the kind")
    page.get_by_text("0 found.").wait_for()
    page.get_by_label("Search all parameters").fill("policy.programme_open")
    page.locator('[data-path="policy.programme_open"] select').select_option("legal")
    ready(page)
    assert "Programme open to = legal" in page.locator(".world.b .chip").inner_text()


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
        x, y = page.evaluate(
            "() => { const { x, y, order } = document.getElementById('app').page.stage.frames[0].view; "
            "return [x[order[0]], y[order[0]]]; }"
        )
        page.locator(".world.a canvas").tap(position={"x": x, "y": y})
        page.locator(".place-name").wait_for()
    page.screenshot(path=tmp_path / "page.png")
    page.context.close()
    assert windows.wrong == []
