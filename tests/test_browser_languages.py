"""The explorer's page in a real browser that speaks Japanese: by the command's word, and by the browser's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import Windows, needs_browser, ready, shown
from classroom import listening, room

from local_citizenship.app.classroom.visitors import Visitors

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

# What one works the page with: the bar at the top, tabs, sliders, play; not the charts' own drawing, nor paths of
# parameters. Of each, every word that is seen or read aloud.
_SAID = """() => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true });
  const controls = '.topbar, [role=tab], [role=tabpanel] button, [role=tabpanel] h2, .control, .timebar, .toolbar';
  const found = new Set();
  for (const part of Array.from(document.querySelectorAll(controls)).filter(seen)) {
    for (const each of [part, ...part.querySelectorAll('*')]) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.add(each.getAttribute(name) || '');
      for (const child of each.childNodes) if (child.nodeType === Node.TEXT_NODE) found.add(child.data.trim());
    }
  }
  found.delete('');
  return Array.from(found);
}"""
# All that a page shows, reads aloud or draws; of a choice, what is chosen.
_WHOLE = """() => {
  const found = new Set(window.drawn || []);
  for (const each of document.body.querySelectorAll('*')) {
    if (!each.checkVisibility({ visibilityProperty: true }) || ['SCRIPT', 'STYLE'].includes(each.tagName)) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-roledescription'])
      found.add(each.getAttribute(name) || '');
    for (const child of each.childNodes) if (child.nodeType === Node.TEXT_NODE) found.add(child.data.trim());
  }
  found.delete('');
  return Array.from(found);
}"""
_REMEMBER_DRAWN = """
  window.drawn = new Set();
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    window.drawn.add(String(text));
    return draw.call(this, text, ...where);
  };
"""
# Written so in Japanese too: keys, kinds of files, what has a name of its own or is the scenario's; and paths,
# as fear.weight.
_ANYWHERE = re.compile(
    r"\b(?:NGO|Ctrl|Shift|CSV|PNG|HTML|YAML|Tsuda|Enter|Home|End|Tab|two-towns|level_theil)\b|"
    r"local-citizenship(?: compare)?|docs/ethics\.md|"
    r"\b[a-z_]+(?:\.[a-z_]+)+\b|\b\w+-like\b|T\. Tsuda, “[^”]*”, Japan Focus|Takeyuki",
    re.ASCII,
)


def begun(page: Page, address: str) -> list[str]:
    """What the controls say, as soon as they are there: no world need have come."""
    page.goto(address)
    page.locator('[data-path="fear.weight"] input[type=range]').first.wait_for()
    page.locator(".topbar option").first.wait_for(state="attached")
    said: list[str] = page.evaluate(_SAID)
    return said


def in_english(said: list[str]) -> list[str]:
    return [text for text in said if re.search(r"[A-Za-z]{3,}", _ANYWHERE.sub("", text))]


@pytest.mark.parametrize(("asked", "browsers"), [("ja", "en-US"), ("auto", "ja-JP")])
def test_the_controls_are_in_japanese(browser: Browser, asked: str, browsers: str) -> None:
    with listening(room(language=asked)) as address:
        windows = Windows(browser, address)
        page = windows.another(1280, 800, locale=browsers)
        said = begun(page, address)
        assert page.locator("html").get_attribute("lang") == "ja"
        assert in_english(said) == []
        assert sum(bool(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text)) for text in said) > 30
        page.context.close()
    assert windows.wrong == []


def test_the_same_controls_are_in_english_if_nobody_asks(browser: Browser) -> None:
    with listening(room()) as address:
        page = Windows(browser, address).another(1280, 800, locale="ja-JP")
        said = begun(page, address)
        assert page.locator("html").get_attribute("lang") == "en"
        assert len(in_english(said)) > 30
        page.context.close()


def test_all_that_it_says_of_two_worlds_is_in_japanese(browser: Browser) -> None:
    """The lead, maps, charts and their tables, a place with its reasons, a life: glued from no English part."""
    with listening(room(language="ja", workers=1)) as address:
        windows = Windows(browser, address)
        page = windows.another(1280, 800)
        page.add_init_script(_REMEMBER_DRAWN)
        shown(page, windows, "b.fear.weight=0&months=120&panel=place&place=1")
        for table in page.locator(".as-table summary").all():
            table.click()
        page.locator(".world.b canvas").focus()
        page.keyboard.press("ArrowRight")
        assert in_english(page.evaluate(_WHOLE)) == []
        page.locator("[role=tab]").nth(3).click()
        page.locator(".life").first.wait_for()
        assert in_english(page.evaluate(_WHOLE)) == []
        page.goto("about:blank")
        shown(page, windows, "two=no&months=120&panel=about&month=30")
        ready(page)
        assert in_english(page.evaluate(_WHOLE)) == []
        assert windows.wrong == []


def test_a_class_is_in_japanese(browser: Browser) -> None:
    """The door, with a wrong code and the right one; a student's page; the teacher's, before and after a question."""
    of = room(
        language="ja", class_mode=True, visitors=Visitors(code="K7QX2M"), join_address="http://192.0.2.7:8765"
    )
    with listening(of) as address:
        windows = Windows(browser, address)
        teacher, student = windows.another(1280, 800), windows.another()
        own = re.compile(r"K7QX2M|http://[\d.:]+")

        def left(page: Page) -> list[str]:
            return in_english([own.sub("", text) for text in page.evaluate(_WHOLE)])

        student.goto(address)
        student.locator("button", has_text="参加").wait_for()
        student.locator("#code").fill("AAAAAA")
        student.locator("button").click()
        student.get_by_text("このコードは違う").wait_for()
        assert left(student) == []
        student.locator("#code").fill("K7QX2M")
        student.locator("button").click()
        student.get_by_text("先生の質問を待とう").wait_for()
        assert left(student) == []
        teacher.goto(f"{address}/teacher/{of.visitors.teacher_key}")
        teacher.locator("#lever").select_option("fear.weight")
        teacher.locator("#value").fill("0")
        teacher.locator("#count", has_text="生徒1人").wait_for()
        assert left(teacher) == []
        teacher.locator("#ask").click()
        student.locator("#prediction").fill("2")
        student.locator("#prediction").press("Enter")
        student.locator("#run:enabled").click()
        student.locator("#told").wait_for()
        assert left(student) == []
        teacher.get_by_text("1人中1人が実行した").wait_for()
        assert left(teacher) == []
        assert teacher.locator("html").get_attribute("lang") == "ja"
