"""The explorer's page in a real browser that speaks Japanese: by the command's word, and by the browser's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import Windows, needs_browser
from classroom import listening, room

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
# Written so in Japanese too: keys, kinds of files, what has a name of its own or is the scenario's; and paths,
# as fear.weight.
_ANYWHERE = re.compile(
    r"\b(?:NGO|Ctrl|Shift|CSV|PNG|HTML|YAML|Tsuda|local-citizenship)\b|Co-ethnic \(Brazil\)|\b[a-z_]+(?:\.[a-z_]+)+\b",
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
