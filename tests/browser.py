"""Help for tests in a real browser: Chromium where there is one, and windows whose every fault is remembered."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium on this machine (Debian: chromium)"
)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_PATIENCE = 300_000  # ms: the machine may be busy, or the rules not compiled yet
_READY = """() => {
  const page = document.getElementById('app').page;
  return page && page.worlds.upToDate && page.stats.shown > 0 && page.stats.drawn === page.stats.shown;
}"""


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a screen."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def slide(page: Page, path: str, value: float) -> None:
    """Move a slider as a hand does."""
    page.locator(f'[data-path="{path}"] input[type=range]').first.evaluate(
        "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input', {bubbles: true})); }",
        value,
    )


def press(field: Any, text: str) -> None:
    """Type over what stands in a field, and Enter."""
    field.fill(text)
    field.press("Enter")


def ready(page: Page) -> None:
    """Wait until the explorer's page has drawn what it was last asked for: maps are drawn before the next frame."""
    page.wait_for_function(_READY)
    page.evaluate("() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))")
    page.wait_for_function(_READY)


def canvas_sum(page: Page, world: str) -> int:
    """Of all pixels of a map: whether it was drawn otherwise than before."""
    found = page.locator(f".world.{world} canvas").evaluate(
        """(map) => {
          const { data } = map.getContext('2d').getImageData(0, 0, map.width, map.height);
          return data.reduce((sum, value) => (sum * 31 + value) % 1e9, 7);
        }"""
    )
    return int(found)


def assert_text(of: Any, text: str | re.Pattern[str]) -> None:
    """What stands there, at once or soon."""
    from playwright.sync_api import expect

    expect(of).to_have_text(text)


class Windows:
    """Windows apart from each other; every error, and every request to anywhere but `address`, is remembered."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self.address = browser, address
        self.wrong: list[str] = []

    def another(self, width: int = 420, height: int = 800, **options: Any) -> Page:
        """One more window, with cookies of its own."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, **options)
        context.route(re.compile(rf"^(?!{re.escape(self.address)}|data:|blob:)"), self._refuse)
        page = context.new_page()
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.set_default_timeout(_PATIENCE)
        return page

    def _refuse(self, route: Any) -> None:
        self.wrong.append(f"asked outside: {route.request.url}")
        route.abort()


def shown(page: Page, windows: Windows, state: str = "") -> Page:
    """Open the explorer in a state, and wait until it is drawn."""
    page.goto(f"{windows.address}/#{state}")
    ready(page)
    return page


def tap_a_place(page: Page) -> None:
    """Put a finger on the first place of the first map, and wait until it is open."""
    x, y = page.evaluate(
        "() => { const { x, y, order } = document.getElementById('app').page.stage.frames[0].view; "
        "return [x[order[0]], y[order[0]]]; }"
    )
    page.locator(".world.a canvas").tap(position={"x": x, "y": y})
    page.locator(".place-name").wait_for()
