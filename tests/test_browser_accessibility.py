"""Everybody can use the pages: axe-core finds no violation in any of them, at any size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe import violations
from browser import Windows, needs_browser, ready, shown
from classroom import listening, room
from grid_tools import grid_page, made_grid

from local_citizenship.app.classroom.bundle import PAGE
from local_citizenship.app.classroom.handout import Exhibit, handout
from local_citizenship.app.classroom.visitors import Visitors
from local_citizenship.outcomes.simulate import simulate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

CHANGED = "b.fear.weight=0&months=36"
SIZES = {"desk": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
PANELS = ("change", "predict", "place&place=1", "lives", "about")


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<main><button></button><p style='color: #bbb; background: #fff'>faint</p></main>")
    rules = {each.partition(":")[0] for each in violations(page)}
    assert {"button-name", "color-contrast", "html-has-lang"} <= rules
    page.close()


def test_the_explorer(browser: Browser) -> None:
    """As it begins, with its tables, its menu and a meaning unfolded, presented, and as small as a phone."""
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = shown(windows.another(*SIZES["desk"]), windows, CHANGED)
        assert violations(page) == []
        for summary in page.locator(".as-table summary").all():
            summary.click()
        page.locator(".control .more").first.click()
        page.get_by_text("Share", exact=True).click()
        assert violations(page) == []
        page.get_by_role("button", name="Present").click()
        ready(page)
        assert violations(page) == []
        page.get_by_role("button", name="Leave presentation").click()
        page.set_viewport_size({"width": 390, "height": 844})
        page.get_by_role("tab", name="What if").click()
        ready(page)
        assert violations(page) == []
        assert windows.wrong == []


@pytest.mark.thorough
@pytest.mark.parametrize("size", SIZES)
def test_each_panel(browser: Browser, size: str) -> None:
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = windows.another(*SIZES[size])
        for panel in PANELS:
            page.goto("about:blank")
            shown(page, windows, f"{CHANGED}&panel={panel}")
            assert violations(page) == [], panel
        page.goto("about:blank")
        shown(page, windows, f"{CHANGED}&panel=lives")
        page.locator(".life").first.click()
        page.locator(".story .events").first.wait_for()
        assert violations(page) == []


# States that a link leads to, beside the panels as they open.
STATES = {
    "the difference": f"{CHANGED}&view=difference",
    "three worlds": f"{CHANGED}&c.fear.weight=3",
    "four worlds, less A": f"{CHANGED}&c.fear.weight=3&d.fear.weight=4&view=difference",
    "a date with a change": "two=no&month=28",
    "no rate yet": "two=no&month=3",
    "a lesson, hidden": f"{CHANGED}&panel=predict&lesson=fear",
    "a panel, presented": f"{CHANGED}&panel=place&place=1&present=yes",
    "a prediction, presented": f"{CHANGED}&panel=predict&lesson=fear&present=yes",
    "all of Japan, less A": "scenario=japan-sample&months=24&b.fear.weight=0&view=difference",
    "a shaming colour": "scenario=japan-sample&months=24&two=no&measure=unmet_rate",
}


@pytest.mark.thorough
@pytest.mark.parametrize("size", SIZES)
def test_each_state_of_a_link(browser: Browser, size: str) -> None:
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = windows.another(*SIZES[size], has_touch=size != "desk", is_mobile=size != "desk")
        for name, state in STATES.items():
            page.goto("about:blank")
            shown(page, windows, state)
            assert violations(page) == [], name
        assert windows.wrong == []


@pytest.mark.thorough
@pytest.mark.parametrize("size", SIZES)
def test_each_state_that_a_press_leads_to(browser: Browser, size: str) -> None:
    """Before the first world, a part of the map, the menu, tables, a life, a prediction told, a mistake."""
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = windows.another(*SIZES[size], has_touch=size != "desk", is_mobile=size != "desk")
        page.route("**/api/run", lambda _: None)  # held
        page.goto(f"{address}/#scenario=japan-sample&months=24&b.fear.weight=0")
        page.locator(".differs", has_text="The first run").wait_for()
        assert violations(page) == [], "before the first world"
        page.unroute("**/api/run")  # which lets go what is held
        ready(page)
        areas = page.locator(".areas button")
        if size == "phone":
            areas.nth(1).tap()
            ready(page)
            assert violations(page) == [], "Tokyo, closer"
            areas.first.tap()
        page.locator(".menu > summary").click()
        assert violations(page) == [], "the menu"
        page.locator(".menu > summary").click()
        for summary in page.locator(".as-table summary").all():
            summary.click()
        assert violations(page) == [], "tables"
        page.goto("about:blank")
        shown(page, windows, f"{CHANGED}&panel=lives")
        page.locator(".life").first.click()
        page.locator(".story .events").first.wait_for()
        assert violations(page) == [], "a life"
        page.goto("about:blank")
        shown(page, windows, f"{CHANGED}&panel=predict&lesson=fear")
        page.get_by_role("group", name="Your prediction").get_by_role("button", name="up").click()
        page.get_by_role("button", name="Show world B").click()
        ready(page)
        assert violations(page) == [], "a prediction, told"
        page.get_by_label("Seed").fill("many")
        page.get_by_label("Seed").press("Enter")
        page.get_by_role("alert").get_by_text("must be a whole number").wait_for()
        assert violations(page) == [], "a mistake"


def test_a_class(browser: Browser) -> None:
    """The door, a student's page before and after the run, and the teacher's with what came out."""
    of = room(class_mode=True, visitors=Visitors(code="K7QX2M"), join_address="http://192.0.2.7:8765")
    with listening(of) as address:
        windows = Windows(browser, address)
        teacher, student = windows.another(1280, 800), windows.another(*SIZES["phone"])
        student.goto(address)
        assert violations(student) == []
        student.get_by_label("The code").fill("K7QX2M")
        student.get_by_role("button", name="Join").click()
        student.get_by_text("Wait for the teacher's question").wait_for()
        teacher.goto(f"{address}/teacher/{of.visitors.teacher_key}")
        teacher.get_by_text("1 student").wait_for()
        assert violations(teacher) == []
        teacher.get_by_label("What is changed in B").select_option("fear.weight")
        teacher.get_by_label("to", exact=True).fill("0")
        teacher.get_by_role("button", name="Ask the class").click()
        student.locator("#prediction").fill("2")
        student.locator("#prediction").press("Enter")
        assert violations(student) == []
        student.get_by_role("button", name="Run my two worlds").click()
        student.get_by_text("In your two worlds").wait_for()
        assert violations(student) == []
        teacher.get_by_text("1 of 1 have run").wait_for()
        teacher.get_by_text("A new question").click()
        assert violations(teacher) == []
        teacher.get_by_role("button", name="Large, for the projector").click()
        assert violations(teacher) == []


def opened(browser: Browser, file: Path, size: str) -> Page:
    page = Windows(browser, file.as_uri()).another(*SIZES[size])
    page.goto(file.as_uri())
    page.wait_for_function("() => document.getElementById('app').page")
    return page


@pytest.mark.thorough
def test_a_handout(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "lesson.html"
    worlds = {"as it is": [], "without fear": ["fear.weight=0"]}
    exhibits = [
        Exhibit(simulate("two-towns", sets=sets, months=36), label, label) for label, sets in worlds.items()
    ]
    file.write_text(handout(exhibits, PAGE, title="A lesson on fear"), encoding="utf-8")
    for size in SIZES:
        page = opened(browser, file, size)
        ready(page)
        assert violations(page) == [], size
        page.context.close()


@pytest.mark.thorough
def test_a_handout_with_sliders(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "grid.html"
    file.write_text(grid_page(*made_grid(tmp_path)), encoding="utf-8")
    for size in SIZES:
        page = opened(browser, file, size)
        page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert violations(page) == [], size
        page.context.close()
