"""The classroom's page in a real browser: redraws a second while it plays (also with migrants seen moving), from a
slider to the redrawn page, and from the file of a hand-out to its page.

Headless Chromium without a graphics card, the worst that a classroom has. Two worlds stand side by side, so that
each redraw is of both maps. Times are the browser's own: from the slider's event to the end of the first drawing
of the new world.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bench_explore import LARGE, SECONDS_TO_WARM, SMALL, serving
from benchmarks.common import Figure, arguments, machine, median, report, spread

if TYPE_CHECKING:
    from playwright.sync_api import Page

BAR_REDRAWS = 30.0
BAR_SMALL, BAR_LARGE = 0.1, 1.2  # seconds
BAR_SIZE, BAR_OPENS = 3.0, 2.0  # MB, seconds
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
READY = "() => { const p = document.getElementById('app').page; return p && p.worlds.upToDate && p.stats.redraws > 0; }"

# One month a redraw, as quickly as the browser asks for frames.
_PLAY = """async (seconds) => {
  const page = document.getElementById('app').page;
  const months = page.worlds.shown.a.months;
  const [from, since] = [page.stats.redraws, performance.now()];
  let month = 0;
  while (performance.now() - since < seconds * 1000) {
    page.store.set({ month: month++ % months });
    await new Promise(requestAnimationFrame);
  }
  return (page.stats.redraws - from) / ((performance.now() - since) / 1000);
}"""

# As whoever presses Play sees it: months pass, charts unfold, migrants move between places.
_PLAY_WITH_DOTS = """async (seconds) => {
  const page = document.getElementById('app').page;
  page.store.set({ month: 12, speed: 24 });
  await new Promise(requestAnimationFrame);
  page.timebar.play();
  const [from, since] = [page.stats.moments, performance.now()];
  await new Promise((next) => setTimeout(next, seconds * 1000));
  const rate = (page.stats.moments - from) / ((performance.now() - since) / 1000);
  const layer = document.querySelector('.maps > .dots');
  const { data } = layer.getContext('2d').getImageData(0, 0, layer.width, layer.height);
  page.timebar.stop();
  if (!data.some((value) => value > 0)) throw new Error('nobody is seen moving');
  return rate;
}"""

_SLIDE = """async (value) => {
  const page = document.getElementById('app').page;
  const slider = document.querySelector('[data-path="fear.weight"] input[type=range]');
  const [drawn, since] = [page.stats.drawn, performance.now()];
  slider.value = value;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  while (page.stats.drawn === drawn) await new Promise((next) => setTimeout(next, 0));
  return (performance.now() - since) / 1000;
}"""


def opened(page: Page, address: str, scenario: str) -> None:
    """The page with two worlds of a scenario, drawn."""
    page.goto("about:blank")  # a change of the hash alone would not load it anew
    page.goto(f"{address}/#scenario={scenario}&b.fear.weight=1")
    page.wait_for_function(READY, timeout=120_000)


def from_slider(page: Page, rounds: int) -> list[float]:
    """Seconds from a slider's event to the redrawn page."""
    taken = []
    for number in range(rounds + 1):
        taken.append(page.evaluate(_SLIDE, 2 + 0.2 * number))
        time.sleep(0.3)
    return taken[1:]


def handed_out(page: Page, rounds: int) -> list[Figure]:
    """Size of a hand-out of Japan in two worlds, as the command writes it, and seconds from the file to its maps."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lesson.html"
        command = [sys.executable, "-m", "local_citizenship.app", "handout", LARGE, "--set", "fear.weight=0"]
        subprocess.run([*command, "-o", str(file)], check=True, stdout=subprocess.DEVNULL)
        size, taken = file.stat().st_size / 1e6, []
        for _ in range(rounds):
            page.goto("about:blank")
            page.goto(file.as_uri())
            page.wait_for_function(READY, polling="raf", timeout=120_000)
            taken.append(
                page.evaluate("() => performance.now() / 1000")
            )  # since the browser was told to open it
    return [
        Figure(f"hand-out of {LARGE}, two worlds", size, "MB", BAR_SIZE, note="with lives"),
        Figure("opening it from disk, to its maps", median(taken), "s", BAR_OPENS, note=spread(taken)),
    ]


def measured(page: Page, address: str, rounds: int) -> list[Figure]:
    """All figures."""
    found = []
    for scenario, bar in ((SMALL, BAR_SMALL), (LARGE, BAR_LARGE)):
        opened(page, address, scenario)
        taken = from_slider(page, rounds)
        found.append(
            Figure(f"slider to redrawn page, {scenario}", median(taken), "s", bar, note=spread(taken))
        )
    rates: list[Any] = [page.evaluate(_PLAY, 2.0) for _ in range(rounds)]
    found.append(
        Figure(
            f"redraws a second in play, {LARGE}, both maps",
            median(rates),
            "a second",
            BAR_REDRAWS,
            at_least=True,
            note=spread(rates),
        )
    )
    rates = [page.evaluate(_PLAY_WITH_DOTS, 2.0) for _ in range(rounds)]
    found.append(
        Figure(
            f"frames a second in play with moving dots, {LARGE}",
            median(rates),
            "a second",
            BAR_REDRAWS,
            at_least=True,
            note=spread(rates),
        )
    )
    return found


def main() -> None:
    """Measure, print, and put into the file of results if asked."""
    options = arguments(__doc__, rounds=5).parse_args()
    from playwright.sync_api import sync_playwright

    about = machine()
    with serving() as connection, sync_playwright() as playwright:
        time.sleep(SECONDS_TO_WARM)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        figures = measured(page, f"http://{connection.host}:{connection.port}", options.rounds)
        figures += handed_out(page, options.rounds)
        browser.close()
    report("page", figures, about, options.json)


if __name__ == "__main__":
    main()
