"""The page without its server: a hand-out opened from disk, and the notebook's widget with a kernel at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Windows, needs_browser, ready, slide
from classroom import listening, room

from local_citizenship.app.classroom.bundle import PAGE, one_module
from local_citizenship.app.classroom.handout import Exhibit, handout
from local_citizenship.outcomes.simulate import simulate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hand-out of two towns: as they are, and without fear."""
    worlds = {"as it is": [], "without fear": ["fear.weight=0"]}
    exhibits = [
        Exhibit(simulate("two-towns", sets=sets, months=120), label, label) for label, sets in worlds.items()
    ]
    path = tmp_path_factory.mktemp("handout") / "lesson.html"
    path.write_text(handout(exhibits, PAGE, title="A lesson on fear"), encoding="utf-8")
    return path


def test_a_handout_opens_from_disk(browser: Browser, file: Path, tmp_path: Path) -> None:
    windows = Windows(browser, file.as_uri())
    page = windows.another(1280, 800)
    page.goto(file.as_uri())
    ready(page)
    assert page.title() == "A lesson on fear"
    told = page.locator(".differs").inner_text()
    assert "were met in B and" in told
    assert "(one seed)" in told
    assert page.locator(".world.b figcaption").inner_text().replace("\n", " ") == "B without fear"
    assert page.locator("[data-path]").count() == 0  # no sliders: nothing can be run

    page.get_by_role("combobox", name="World B").select_option(label="as it is")
    page.get_by_text("Both worlds are the same.").wait_for()
    page.get_by_role("combobox", name="World B").select_option(label="without fear")
    ready(page)
    page.locator("main").focus()
    page.keyboard.press("Home")
    page.locator(".date", has_text="January 1990").wait_for()

    page.get_by_role("tab", name="Lives").click()
    page.get_by_label("Which lives").select_option("differ")
    page.locator(".life").first.click()
    page.locator(".story .events").first.wait_for()
    page.get_by_role("tab", name="Place").click()
    page.get_by_label("Find a place").fill("Kawasaki-like")
    page.get_by_label("Find a place").press("Enter")
    page.locator(".place-name", has_text="Kawasaki-like").wait_for()

    page.wait_for_function("() => location.hash.includes('place=0')")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    ready(page)
    assert page.locator(".date").inner_text() == "January 1990"
    assert page.locator(".place-name").inner_text() == "Kawasaki-like"

    page.locator(".menu > summary").click()
    assert page.get_by_role("button", name="Scenario file").count() == 0
    with page.expect_download() as found:
        page.get_by_role("button", name="What the charts show").click()
    found.value.save_as(tmp_path / "charts.csv")
    assert len((tmp_path / "charts.csv").read_text().splitlines()) == 241
    assert windows.wrong == []


def test_towns_that_exist_are_no_estimate_and_are_shamed_only_when_asked(
    browser: Browser, tmp_path: Path
) -> None:
    run = simulate("korea", sets=["scale.persons_per_record=1000"], months=12)
    path = tmp_path / "korea.html"
    path.write_text(handout([Exhibit(run, "as it is", "as it is")], PAGE), encoding="utf-8")
    windows = Windows(browser, path.as_uri())
    page = windows.another(1280, 800)
    page.goto(f"{path.as_uri()}#measure=unauthorised")
    ready(page)
    credit = page.locator(".credit").inner_text()
    assert "no number is an estimate for a town that exists" in credit
    assert "Statistics Korea" in credit
    colour = page.get_by_label("Colour of the map")
    assert colour.input_value() == "level"
    page.get_by_text("point at them with numbers that nobody counted").wait_for()
    page.get_by_role("button", name="Show unauthorised all the same").click()
    ready(page)
    assert colour.input_value() == "unauthorised"
    assert page.locator(".warning").is_hidden()
    land = "() => document.getElementById('app').page.stage.frames[0].view.base.getContext('2d')"
    wide = page.evaluate(f"({land})().canvas.width")
    pixels = page.evaluate(f"() => Array.from(({land})().getImageData({wide} >> 1, 0, 1, 200).data)")
    assert [233, 230, 221] in [
        pixels[i : i + 3] for i in range(0, len(pixels), 4)
    ]  # a country, in the middle
    page.get_by_role("tab", name="Place").click()
    page.get_by_label("Find a place").fill("ansan")
    page.get_by_label("Find a place").press("Enter")
    page.locator(".place-name", has_text="Ansan-si").wait_for()
    page.get_by_text("Simulated: no estimate for this town.").wait_for()
    assert windows.wrong == []


def test_the_widget_draws_and_asks_its_kernel(browser: Browser) -> None:
    # The kernel's part is played by the server's home, which the same messages reach.
    kernel = """async (source) => {
      const { serverHome } = await import('/page/home-server.js');
      const home = serverHome();
      let hear;
      const model = {
        get: (name) => ({ content: '', scenario: 'two-towns', seed: '5', height: '700px' })[name],
        on: (_, listener) => { hear = listener; },
        off: () => { hear = null; },
        send: async ({ call, verb, arguments: given }) => {
          if (!call) return;
          try {
            const news = verb === 'run' ? [(progress) => hear({ call, progress })] : [];
            const result = await home[verb](...given, ...news);
            if (verb === 'run') hear({ call, result: null }, [new DataView(result)]);
            else hear({ call, result });
          } catch (error) {
            hear({ call, error: error.message, hint: error.hint || '' });
          }
        },
      };
      const { default: widget } = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
      const box = document.createElement('div');
      document.body.replaceChildren(box);
      window.ended = await widget.render({ model, el: box });
      box.firstChild.id = 'app';
    }"""
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = windows.another(1280, 800, bypass_csp=True)  # a notebook lets modules come from blobs
        page.goto(f"{address}/page/style.css")  # any page of this origin
        page.evaluate(kernel, one_module(PAGE, "widget.js"))
        ready(page)
        assert page.get_by_label("Seed").input_value() == "5"
        slide(page, "fear.weight", 0)
        page.get_by_text("were met in B").first.wait_for()
        assert page.locator(".world.b .chip").inner_text().startswith("Fear of apprehension = 0")
        field = page.locator('[data-path="fear.weight"] input.value').first
        field.fill("99")
        field.press("Enter")
        page.get_by_role("alert").get_by_text("fear.weight is 99").wait_for()
        assert page.url == f"{address}/page/style.css"  # a notebook's address is left alone
        page.evaluate("() => window.ended()")
        assert [text for text in windows.wrong if "400" not in text] == []
