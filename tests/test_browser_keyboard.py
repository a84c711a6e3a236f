"""A lesson without a mouse: play, a question of one's own, a class; and axe-core finds no violation on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe import violations
from browser import Windows, needs_browser, ready, shown
from classroom import listening, room

from local_citizenship.app.classroom.visitors import Visitors

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [needs_browser, pytest.mark.thorough]

CODE = "K7QX2M"
MOST_STEPS = 250


def reach(page: Page, control: Locator) -> None:
    """Go on by Tab to a control, which must then be in sight and have a mark of being there."""
    control.wait_for()
    for _ in range(MOST_STEPS):
        if control.evaluate("(each) => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    seen = control.evaluate(
        """(each) => {
          const { outlineStyle, boxShadow } = getComputedStyle(each);
          const box = each.getBoundingClientRect();
          const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
          return [each === document.activeElement, inSight, outlineStyle !== 'none' || boxShadow !== 'none'];
        }"""
    )
    assert seen == [True, True, True], control


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    reach(page, control)
    page.keyboard.press(key)


def choose(page: Page, field: Locator, words: str) -> None:
    """Choose in a list by its first letters."""
    reach(page, field)
    page.keyboard.type(words, delay=5)
    assert words in field.evaluate("(each) => each.selectedOptions[0].textContent")


def test_play_then_a_question_of_ones_own(browser: Browser) -> None:
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = shown(windows.another(1280, 720), windows, "months=48&month=12&speed=60")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # past the panels
        press(page, page.get_by_role("button", name="Play"))
        page.wait_for_function("() => document.getElementById('app').page.month() > 20")
        page.keyboard.press("Space")
        ready(page)
        press(page, page.locator(".world.a canvas"), "ArrowDown")
        page.keyboard.press("Enter")
        page.locator(".place-name").wait_for()
        assert violations(page) == []

        page.reload()
        ready(page)
        reach(page, page.get_by_role("tab", name="Place"))
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        slider = page.locator('[data-path="fear.weight"] input[type=range]')
        press(page, slider, "Home")
        ready(page)
        assert page.evaluate("() => document.getElementById('app').page.store.state.b") == {"fear.weight": 0}
        reach(page, page.get_by_role("tab", name="What if"))
        page.keyboard.press("ArrowRight")
        reach(page, page.get_by_role("textbox", name="Your question"))
        page.keyboard.type("Who dares?")
        choose(page, page.get_by_label("The outcome it is about"), "Unauthorised")
        press(page, page.get_by_role("button", name="Ask it"))
        page.locator("h1", has_text="Who dares?").wait_for()
        assert page.locator(".world.b .veil").is_visible()
        assert violations(page) == []
        press(page, page.get_by_role("button", name="up"))
        press(page, page.get_by_role("button", name="Show world B"))
        ready(page)
        assert not page.locator(".world.b .veil").is_visible()
        assert violations(page) == []
        press(page, page.get_by_role("button", name="Present"))
        ready(page)
        assert violations(page) == []
        assert windows.wrong == []


def test_a_class(browser: Browser) -> None:
    of = room(class_mode=True, visitors=Visitors(code=CODE), join_address="http://192.0.2.7:8765", workers=1)
    with listening(of) as address:
        windows = Windows(browser, address)
        teacher, student = windows.another(1280, 720), windows.another(390, 844)
        teacher.goto(f"{address}/teacher/{of.visitors.teacher_key}")
        student.goto(address)
        reach(student, student.get_by_label("The code"))
        student.keyboard.type(CODE)
        student.keyboard.press("Enter")
        student.get_by_text("Wait for the teacher's question").wait_for()

        choose(teacher, teacher.get_by_label("What is changed in B"), "Fear of apprehension")
        reach(teacher, teacher.get_by_label("to", exact=True))
        teacher.keyboard.type("0")
        press(teacher, teacher.get_by_role("button", name="Try it first"))
        teacher.get_by_text("in 5 worlds of your own").wait_for()
        assert violations(teacher) == []
        press(teacher, teacher.get_by_role("button", name="Ask the class"))
        reach(student, student.locator("#prediction"))
        assert violations(student) == []
        student.keyboard.type("2")
        student.keyboard.press("Enter")
        press(student, student.get_by_role("button", name="Run my two worlds"))
        student.get_by_text("In your two worlds").wait_for()
        assert violations(student) == []
        teacher.get_by_text("1 of 1 have run").wait_for()
        press(teacher, teacher.get_by_role("button", name="Large, for the projector"))
        assert (
            teacher.get_by_role("button", name="Large, for the projector").get_attribute("aria-pressed")
            == "true"
        )
        assert violations(teacher) == []
        assert windows.wrong == []
