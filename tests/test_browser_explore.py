"""What one changes on the explorer's page in a real browser, and what maps and charts then show."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from browser import assert_text, canvas_sum, needs_browser, ready, slide

from local_citizenship.experiments.intervals import interval
from local_citizenship.outcomes.entries import HELPERS
from local_citizenship.outcomes.headline import HEADLINES, headlines
from local_citizenship.outcomes.measures import who_fills
from local_citizenship.outcomes.simulate import simulate

pytestmark = needs_browser


def met(world: Any) -> tuple[float, float]:
    """Of 100 needs: met (help that nobody claims is counted apart), and met by cities."""
    who = world["who"].values.sum(axis=0)
    return 100 * world["cascade"].values[:, -1].sum() / who.sum(), 100 * who[0] / who.sum()


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


def test_the_page_counts_as_tables_do(explore: Any) -> None:
    page = explore()
    found = page.evaluate(
        """async () => {
          const { outcomesOf } = await import('/page/outcomes.js');
          const { a } = document.getElementById('app').page.worlds.shown;
          const told = ({ key, value, short, label }) => [key, [value(a), short(a), label(a)]];
          return Object.fromEntries(outcomesOf(a).map(told));
        }"""
    )
    table = headlines(simulate("two-towns"), HEADLINES)
    same = {"met": "needs_met", "aware": "aware", **{f"met_{name}": f"met_by_{name}" for name in HELPERS}}
    assert {key: found[key][0] for key in same} == pytest.approx({key: table[same[key]] for key in same})
    assert found["met"][2] == "the part of needs met by cities, NGOs, the state and job insurance"
    assert found["met"][0] == pytest.approx(1 - table["met_by_informal"] - unmet("two-towns"))
    assert table["met_by_informal"] > 0.01, "or nobody could tell the two apart"
    assert found["met_informal"][1:] == [
        "help from compatriots",
        "the part of needs that compatriots helped with",
    ]
    told = re.sub(r"\s+", " ", page.evaluate(WHAT_HAPPENED))
    of_100 = {key: f"{100 * value:.1f}" for key, value in table.items() if key.startswith(("needs_", "met_"))}
    assert f"Of 100 needs, {of_100['needs_met']} were met (one seed): cities {of_100['met_by_city']}" in told
    assert (
        f"A further {of_100['met_by_informal']} ended with help from compatriots, which is no claim" in told
    )


def unmet(scenario: str) -> float:
    """Of all needs, those that nobody met."""
    return float(who_fills(simulate(scenario), by=())["nobody"].iloc[0])


WHAT_HAPPENED = """async () => {
  const { whatHappened } = await import('/page/differs.js');
  return whatHappened(document.getElementById('app').page.worlds.shown.a);
}"""


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
        "() => /5 seeds: |[Oo]ver 5 seeds/.test(document.querySelector('.differs').textContent)"
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


# Whether progress has been told, however short a while it stood there.
_SEEN = """() => {
  const bar = document.querySelector('.world.a .progress');
  const look = (changes) => { window.progressSeen ||= !bar.hidden || changes.some((one) => one.oldValue === null); };
  window.progressSeen = false;
  new MutationObserver(look).observe(bar, { attributeFilter: ['hidden'], attributeOldValue: true });
}"""


def test_the_newest_wish_wins(explore: Any) -> None:
    page = explore("scenario=japan-sample&two=no")
    page.evaluate(_SEEN)
    for value in (1, 2, 3, 4):
        slide(page, "fear.weight", value)
        page.wait_for_timeout(60)
    ready(page)
    assert page.evaluate("() => window.progressSeen")  # it takes long enough to be told how far it is
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


def test_what_is_said_above_is_what_the_charts_show(explore: Any, town_worlds: Any) -> None:
    """The headline says the months it is of; the bars sum from the first of them, and have its numbers at the last.
    The lines beside them are of twelve months each, since sums from the first month on would hide what a date changed.
    """
    page = explore("b.fear.weight=0")
    told = page.locator(".differs strong").inner_text()
    assert told.startswith("Jan 1990 to Dec 2009: Of 100 needs, ")
    needs, served = (
        page.evaluate(
            "(stage) => document.getElementById('app').page.charts.cascade.all.map((each) => each[stage].at(-1))",
            stage,
        )
        for stage in (0, 5)
    )
    of_a, of_b = (f"{100 * met / all_:.1f}" for met, all_ in zip(served, needs, strict=True))
    assert f"{of_b} were met in B and {of_a} in A" in told
    notes = page.locator(".chart figcaption p").all_inner_texts()
    assert notes[:2] == ["of needs that ended since Jan 1990", "share of needs, over 12 months"]


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
