"""Where the explorer's map is too small for its places, a box beside it shows them larger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browser import Windows, needs_browser, ready, shown
from classroom import listening, room

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

# Of a map of a hundred places in a square country, of which many lie within half a degree of its middle.
_PROJECTED = """async ([width, height, k, taken]) => {
  const { layOut, project } = await import('/page/projection.js');
  const spread = Array.from({ length: 100 }, (_, i) => [(i % 10) + 0.5, Math.floor(i / 10) + 0.5]);
  const crowd = Array.from({ length: 60 }, (_, i) => [4.6 + 0.1 * (i % 8), 4.6 + 0.1 * Math.floor(i / 8)]);
  const all = [...spread, ...crowd];
  const places = {
    name: all.map((_, i) => `P${i}`),
    longitude: all.map(([east]) => east),
    latitude: all.map(([, north]) => north),
    land: [[-8, 0, 10, 0, 10, 10, -8, 10]],
    islands: [],
    crowds: [{ name: 'Middle', box: [4.5, 4.5, 5.5, 5.5] }],
  };
  const found = project(layOut(places), width, height, 10, { k, x: 0, y: 0 }, taken);
  return found.crowds.map(({ name, box, frame, inside, x, y }) =>
    ({ name, box, frame, inside: Array.from(inside), x: Array.from(x), y: Array.from(y), map: Array.from(found.x) }));
}"""


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[tuple[Page, Windows]]:
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        yield shown(windows.another(1280, 800), windows, "two=no&months=2"), windows


def crowds(page: Page, width: int, height: int, k: float = 1, *taken: list[float]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(_PROJECTED, [width, height, k, list(taken)])
    return found


def test_places_that_crowd_are_shown_larger_where_there_is_room(opened: tuple[Page, Windows]) -> None:
    page, _ = opened
    (box,) = crowds(page, 600, 300)
    left, top, right, bottom = box["box"]
    assert box["name"] == "Middle"
    assert right - left > 2 * (box["frame"][2] - box["frame"][0])
    assert 0 < left < right < 600
    assert 0 < top < bottom < 300
    there = [place for place, inside in enumerate(box["inside"]) if inside]
    assert there[-60:] == list(range(100, 160))
    assert all(left <= box["x"][place] <= right and top <= box["y"][place] <= bottom for place in there)
    apart = [max(of) - min(of) for of in ([box[which][place] for place in there] for which in ("x", "map"))]
    assert apart[0] > 2 * apart[1]


def test_it_keeps_clear_of_what_is_taken_and_is_left_out_where_there_is_no_room(
    opened: tuple[Page, Windows],
) -> None:
    page, _ = opened
    (free,) = crowds(page, 600, 300)
    (moved,) = crowds(page, 600, 300, 1, free["box"])
    assert moved["box"][0] > free["box"][2] or moved["box"][1] > free["box"][3] or moved["box"] != free["box"]
    assert crowds(page, 600, 300, 1, [0, 0, 600, 300]) == []
    assert crowds(page, 200, 110) == []  # too small to show anything larger
    assert crowds(page, 600, 300, 2) == []  # who has drawn the map closer sees them there


@pytest.mark.thorough
def test_japan_has_boxes_for_tokyo_and_the_kansai(opened: tuple[Page, Windows]) -> None:
    page, windows = opened
    page.goto("about:blank")
    shown(page, windows, "scenario=japan-sample&months=24&b.fear.weight=0")
    found = page.evaluate(
        """() => {
          const { frames } = document.getElementById('app').page.stage;
          return frames.slice(0, 2).map(({ view, box, closer }) => {
            const [all, own] = [box, closer].map((each) => each.getBoundingClientRect());
            const plus = [own.left - all.left, own.top - all.top, own.right - all.left, own.bottom - all.top];
            const tokyo = view.crowds[0];
            const place = view.order.find((each) => tokyo.inside[each]);
            const at = view.at(tokyo.x[place], tokyo.y[place]);
            const boxes = [...view.insets, ...view.crowds.map((each) => each.box)];
            return { names: view.crowds.map(({ name }) => name), plus, boxes, inside: tokyo.inside[at] };
          });
        }"""
    )
    for each in found:
        assert each["names"] == ["Tokyo", "Osaka"]
        assert each["inside"] == 1  # a tap in the box is on a place of Tokyo's
        boxes = [*each["boxes"], each["plus"]]
        for number, (left, top, right, bottom) in enumerate(boxes):
            for other in boxes[number + 1 :]:
                assert left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]
    page.get_by_role("button", name="Closer, on the map").first.click()
    ready(page)
    assert page.evaluate("() => document.getElementById('app').page.stage.frames[0].view.crowds.length") == 0
    page.get_by_role("button", name="The whole map").first.click()
    ready(page)
    assert page.evaluate("() => document.getElementById('app').page.stage.frames[0].view.crowds.length") == 2
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Closer, on the map"
    assert windows.wrong == []


# Of each map: what boxes it has of where places crowd, and how far apart Tokyo's places are drawn, of its size.
_TOKYO = """() => document.getElementById('app').page.stage.frames.slice(0, 2).map(({ view }) => {
  const places = view.order.filter((each) => view.layout.crowds[0].inside[each]);
  const along = (of, size) => {
    const found = Array.from(places, (each) => of[each]);
    return (Math.max(...found) - Math.min(...found)) / size;
  };
  const crowds = view.crowds.map(({ name }) => name);
  return { crowds, insets: view.insets.length, apart: Math.max(along(view.x, view.width), along(view.y, view.height)) };
})"""
CHANGED = "scenario=japan-sample&months=24&b.fear.weight=0"


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en-US", "es-ES"])
def test_the_boxes_stay_when_the_difference_is_shown(browser: Browser, language: str) -> None:
    """Its legend is longer: on a small projector the map has less room."""
    with listening(room(workers=1, language="auto")) as address:
        windows = Windows(browser, address)
        page = windows.another(1280, 720, locale=language)
        shown(page, windows, f"{CHANGED}&view=difference")
        assert [each["crowds"] for each in page.evaluate(_TOKYO)] == [["Tokyo", "Osaka"]] * 2
        assert page.locator(".areas").is_hidden()  # nothing that they would stand for
        assert windows.wrong == []


@pytest.mark.thorough
def test_on_a_phone_a_tap_draws_tokyo_closer(browser: Browser) -> None:
    """On both maps, whatever their size; and another brings all of Japan back."""
    with listening(room(workers=1)) as address:
        windows = Windows(browser, address)
        page = shown(windows.another(390, 844, has_touch=True, is_mobile=True), windows, CHANGED)
        whole = page.evaluate(_TOKYO)
        assert all(each["apart"] < 0.1 for each in whole)
        buttons = page.get_by_role("group", name="Parts of the map").get_by_role("button")
        assert buttons.all_inner_texts() == ["⤢", "Tokyo", "Osaka"]
        tokyo = page.get_by_role("button", name="Tokyo, closer on the map")
        tokyo.tap()
        ready(page)
        closer = page.evaluate(_TOKYO)
        assert all(0.6 < each["apart"] <= 1.01 for each in closer)
        assert [each["insets"] for each in closer] == [0, 0]  # boxes would hide it
        assert tokyo.get_attribute("aria-pressed") == "true"
        page.set_viewport_size({"width": 360, "height": 800})
        ready(page)
        assert all(0.6 < each["apart"] <= 1.01 for each in page.evaluate(_TOKYO))  # it stays what is shown
        buttons.first.tap()
        ready(page)
        assert [each["insets"] for each in page.evaluate(_TOKYO)] == [each["insets"] for each in whole]
        assert all(each["apart"] < 0.1 for each in page.evaluate(_TOKYO))
        assert windows.wrong == []
