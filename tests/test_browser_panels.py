"""The explorer's panels in a real browser: places, lives, predictions, parameters."""

from __future__ import annotations

import re
from typing import Any

from browser import Windows, assert_text, needs_browser, press, ready, shown
from classroom import world_sent

from local_citizenship.outcomes.simulate import simulate
from local_citizenship.outcomes.story import tell

pytestmark = needs_browser


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
    found = """async ([names, population]) => {
      const { PlacePanel } = await import('/page/place.js');
      return PlacePanel.prototype.largest.call({ places: { population } }, names, (name) => name.startsWith('kawa'));
    }"""
    assert page.evaluate(found, [["oizumi", "kawasaki-machi", "kawasaki-shi", "kawagoe"], [9, 1, 5, 2]]) == 2
    assert page.evaluate(found, [["oizumi"], [9]]) == -1


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
    migrant = int(story.locator("h2").inner_text().split()[-1])
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


def test_the_list_of_lives_tells_both_worlds(explore: Any) -> None:
    """Years, place and moves are those of each world where they differ, and a choice looks at both."""
    page = explore("b.fear.weight=0&panel=lives")
    page.locator(".life").first.wait_for()
    listed = """() => document.getElementById('app').page.lives.lives"""
    lives = page.evaluate(listed)
    start = 1990
    years = {
        each["migrant"]: [
            (start + one["first"] // 12, start + one["last"] // 12) for one in (each, each["other"])
        ]
        for each in lives
        if each["other"]
    }
    differ = [migrant for migrant, (one, other) in years.items() if one != other]
    assert differ, "or the list could not be wrong"
    page.get_by_label("Which lives").select_option("differ")
    shown_lives = [each for each in lives if each["other"] and each["migrant"] in differ]
    span = lambda first, last: str(first) if first == last else f"{first}–{last}"  # noqa: E731
    rows = "\n".join(page.locator(".life").all_inner_texts())
    first = years[shown_lives[0]["migrant"]]
    assert f"A {span(*first[0])}, B {span(*first[1])}; " in rows
    page.get_by_label("Which lives").select_option("moved")
    told = page.locator(".which + .note").inner_text()
    moved = sum(bool(each["moves"] or (each["other"] or {}).get("moves")) for each in lives)
    assert told.startswith(f"{moved:,}".replace(",", "") + " of ")


def test_while_lives_are_read_it_says_so_and_what_there_is_to_choose(windows: Windows) -> None:
    page = windows.another(1280, 720)
    held: list[Any] = []
    page.route("**/api/lives/*", lambda route: held.append(route))
    shown(page, windows, "panel=lives&two=no")
    assert page.locator(".which + .note").inner_text() == "Reading the recorded lives ..."
    which, door = page.locator(".which select").all()
    assert which.locator("option").all_inner_texts()[0] == "all lives"
    doors = door.locator("option").all_inner_texts()
    assert doors[0] == "any door"
    assert len(doors) > 3
    which.select_option("moved")  # already before they have come
    held.pop().continue_()
    page.locator(".life").first.wait_for()
    assert which.input_value() == "moved"
    assert "moved" in page.locator(".life").first.inner_text()
    assert set(door.locator("option").all_inner_texts()) <= set(doors)
    page.context.close()
    assert windows.wrong == []


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


def test_a_long_number_is_seen_in_four_digits_and_kept_whole(explore: Any) -> None:
    page = explore("b.enforcement.apprehension=0.00572863")
    state = "() => document.getElementById('app').page.store.state.b"
    box = page.locator('[data-path="enforcement.apprehension"] input.value').first
    assert box.input_value() == "0.005729"
    assert box.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    box.focus()
    box.press("End")
    page.locator('[data-path="fear.weight"] input.value').first.focus()
    assert box.input_value() == "0.005729"
    assert page.evaluate(state) == {"enforcement.apprehension": 0.00572863}, "nothing was edited"
    press(box, "0.00612345")
    page.keyboard.press("Tab")
    ready(page)
    assert box.input_value() == "0.006123"
    assert page.evaluate(state) == {"enforcement.apprehension": 0.00612345}


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
