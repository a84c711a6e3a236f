"""Class mode in a real browser: a teacher's screen and ten students', each a browser of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Windows, needs_browser
from classroom import listening, room
from page_checks import faint, wrong_with

from local_citizenship.app.classroom.visitors import Visitors

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser
STUDENTS = 10


def test_a_class_of_ten(browser: Browser, tmp_path: Path) -> None:
    of = room(class_mode=True, visitors=Visitors(code="K7QX2M"), join_address="http://192.0.2.7:8765")
    with listening(of) as address:
        screens = Windows(browser, address)
        teacher = screens.another(1280, 900)
        teacher.goto(f"{address}/teacher/{of.visitors.teacher_key}")
        assert teacher.locator("#code").inner_text() == "K7QX2M"
        assert "teacher" not in teacher.url  # the key does not stay in the address bar of a projector

        students = [screens.another() for _ in range(STUDENTS)]
        for page in students:
            page.goto(address)
            assert page.url.endswith("/join")
            page.get_by_label("The code").fill("k7qx2m")
            page.get_by_role("button", name="Join").click()
            page.get_by_text("Wait for the teacher's question").wait_for()
        teacher.get_by_text(f"{STUDENTS} students").wait_for()

        teacher.get_by_label("What is changed in B").select_option("fear.weight")
        teacher.get_by_label("to", exact=True).fill("8")  # which it is
        assert "goes from 8 to 8" in teacher.get_by_label("The question").input_value()
        teacher.get_by_role("button", name="Ask the class").click()
        teacher.get_by_text("is the same in world A and world B").wait_for()
        teacher.get_by_label("to", exact=True).fill("0")
        teacher.get_by_role("button", name="Try it first").click()
        teacher.get_by_text("in 5 worlds of your own").wait_for()
        students[0].get_by_text("Wait for the teacher's question").wait_for()
        teacher.get_by_label("The question").fill("Does fear keep people from asking?")
        teacher.get_by_role("button", name="Ask the class").click()

        for number, page in enumerate(students):
            page.get_by_text("Does fear keep people from asking?").wait_for()
            assert page.locator("#run").is_disabled()
            page.locator("#prediction").fill(str(number))
            page.locator("#prediction").press("Enter")
        for page in students:
            page.get_by_role("button", name="Run my two worlds").click()
        for page in students:
            page.get_by_text("In your two worlds").wait_for()

        pooled = teacher.get_by_text(f"Mean of {STUDENTS}:")
        pooled.wait_for()
        results = teacher.evaluate("fetch('/api/class/results').then((answer) => answer.json())")
        mean = 100 * results["pooled"]["mean"]
        assert f"{abs(mean):.1f}" in pooled.inner_text()
        assert teacher.locator("svg").nth(1).locator("circle").count() == STUDENTS
        assert [one["prediction"] for one in results["students"]] == [
            pytest.approx(number / 100) for number in range(STUDENTS)
        ]

        seed = students[4].locator(".note").first.inner_text()
        students[4].reload()
        students[4].get_by_text("In your two worlds").wait_for()
        assert students[4].locator(".note").first.inner_text() == seed

        for page in (teacher, students[0]):
            assert wrong_with(page) == []
        assert_legible_at_the_back(teacher, tmp_path / "projector.png")

        teacher.get_by_text("A new question").click()
        teacher.get_by_label("The question").fill("And now?")
        teacher.get_by_role("button", name="Ask the class").click()
        students[4].get_by_text("And now?").wait_for()
        teacher.get_by_text("Look at it again").click()
        again = teacher.locator(".rounds svg")
        again.nth(1).wait_for()
        assert again.nth(1).locator("circle").count() == STUDENTS
        teacher.screenshot(path=tmp_path / "teacher.png", full_page=True)
        students[3].screenshot(path=tmp_path / "student.png", full_page=True)
        teacher.once("dialog", lambda dialog: dialog.accept())
        teacher.get_by_role("button", name="Delete all answers").click()
        teacher.get_by_text("No question yet").wait_for()
        students[4].get_by_text("Wait for the teacher's question").wait_for()
        assert ["(Bad Request)" in one for one in screens.wrong] == [
            True
        ]  # the question without a difference


def assert_legible_at_the_back(teacher: Page, picture: Path) -> None:
    """Large, on a projector of 1280 x 720: all is on it, and no letter that counts is below a thirtieth of its height.

    Those on the axes of the pictures may be a little smaller."""
    teacher.set_viewport_size({"width": 1280, "height": 720})
    large = teacher.get_by_role("button", name="Large, for the projector")
    large.click()
    assert large.get_attribute("aria-pressed") == "true"
    assert not teacher.get_by_label("The question").is_visible()
    for words in (teacher.locator(".question"), teacher.locator("#pooled"), teacher.locator("#address")):
        box = words.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        assert float(words.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)")) >= 720 / 30
    drawn = teacher.locator("main svg .tick:not(.odd)").first.bounding_box()
    assert drawn
    assert drawn["height"] >= 720 / 45
    assert faint(teacher) == []
    teacher.screenshot(path=picture)
    large.click()
    teacher.set_viewport_size({"width": 1280, "height": 900})


def test_without_a_picture_the_address_is_in_large_letters(browser: Browser) -> None:
    """As where the package that draws it is not installed."""
    of = room(
        class_mode=True, visitors=Visitors(code="K7QX2M"), workers=1, join_address="http://192.0.2.7:8765"
    )
    with listening(of) as address:
        screens = Windows(browser, address)
        teacher = screens.another(1280, 720)
        teacher.route("**/qr.svg", lambda route: route.fulfill(status=404, body="{}"))
        teacher.goto(f"{address}/teacher/{of.visitors.teacher_key}")
        teacher.locator("body.typed").wait_for()
        assert teacher.locator("#qr").count() == 0
        size = "(each) => parseFloat(getComputedStyle(each).fontSize)"
        assert teacher.locator("#address").evaluate(size) >= 48
        assert teacher.locator("#code").evaluate(size) >= 48


def test_a_telephone_brings_the_code_along(browser: Browser) -> None:
    of = room(class_mode=True, visitors=Visitors(code="K7QX2M"), workers=1)
    with listening(of) as address:
        screens = Windows(browser, address)
        phone = screens.another(390, 844)
        phone.goto(f"{address}/join#K7QX2M")
        phone.get_by_text("You are student 1").wait_for()
        assert "K7QX2M" not in phone.url
        teacher = screens.another(1280, 720)
        teacher.goto(f"{address}/teacher/{of.visitors.teacher_key}")
        picture = teacher.get_by_role("button", name="The address as a code for telephones")
        picture.click()
        assert picture.get_attribute("aria-expanded") == "true"
        assert teacher.locator("#qr img").evaluate("image => image.naturalWidth") > 0
        picture.click()
        assert screens.wrong == []


def test_a_wrong_code_is_told(browser: Browser) -> None:
    with listening(room(class_mode=True, visitors=Visitors(code="K7QX2M"), workers=1)) as address:
        page = Windows(browser, address).another()
        page.goto(address)
        page.get_by_label("The code").fill("AAAAAA")
        page.get_by_role("button", name="Join").click()
        page.get_by_text("this is not the code").wait_for()
        assert page.url.endswith("/join")
