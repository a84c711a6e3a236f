"""The map of a run: every place once, what lies far off in a corner, names and colours that can be told apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from drawn import figure_of, run_of, texts
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from local_citizenship.outcomes.deciding import Says
from local_citizenship.outcomes.places_info import places_info
from local_citizenship.outcomes.plots import FIGURES, country, style
from local_citizenship.outcomes.plots.insets import far_off
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.simulate import simulate


def test_map_shows_every_place_once_with_its_level() -> None:
    run = run_of("usual")
    data = country.map_data(run)
    assert len(data) == 60
    assert data["migrants"].sum() == run.table("places_yearly").query("year == 1996")["migrants"].sum() > 0
    figure = figure_of("map")
    shown = ("map-service_level", "corner-service_level")
    drawn = [p for p in figure.findobj() if p.get_gid() in shown]
    values = np.sort(np.concatenate([np.asarray(p.get_array()) for p in drawn]))
    assert values == pytest.approx(np.sort(data["service_level"].to_numpy()))
    areas = np.concatenate([p.get_sizes() for p in drawn])
    biggest = data["migrants"].max()
    assert areas.max() / np.sort(areas)[-2] == pytest.approx(
        biggest / data["migrants"].nlargest(2).iloc[1], rel=1e-6
    )


def islands(at: tuple[float, float], names: tuple[str, ...], migrants: int) -> pd.DataFrame:
    """A country of 120 places between 34 and 40 degrees north, and five islands for each name."""
    rng = np.random.default_rng(3)

    def places(north: float, east: float, size: tuple[float, float], **named: object) -> pd.DataFrame:
        height, width = size
        there = {
            "latitude": north + rng.uniform(0, height, count),
            "longitude": east + rng.uniform(0, width, count),
        }
        return pd.DataFrame({**there, **named})

    count = 120
    found = [places(34, 132, (6, 8), region_name=[f"R{i % 6}" for i in range(count)], migrants=100)]
    count = 5
    found += [
        places(at[0], at[1] + 2 * i, (1, 1), region_name=name, migrants=migrants)
        for i, name in enumerate(names)
    ]
    return pd.concat(found, ignore_index=True)


@pytest.mark.parametrize("at", [(24.0, 124.0), (36.0, 115.0), (36.0, 155.0), (50.0, 136.0)])
@pytest.mark.parametrize("names", [("Isles",), ("East Isles", "West Isles")])
def test_places_far_off_are_drawn_in_a_corner(at: tuple[float, float], names: tuple[str, ...]) -> None:
    data = islands(at, names, 9)
    assert list(np.flatnonzero(far_off(data))) == list(range(120, 120 + 5 * len(names)))


def test_what_is_near_or_where_the_people_are_is_no_corner() -> None:
    assert not far_off(islands((24.0, 124.0), (), 0)).any()
    assert not far_off(islands((33.0, 131.0), ("Isles",), 9)).any(), "too near"
    assert not far_off(islands((24.0, 124.0), ("Isles",), 500)).any(), "too many live there"


def test_the_corner_names_its_regions_and_the_map_is_larger_for_it() -> None:
    run = run_of("usual")
    data = country.map_data(run)
    whole = FIGURES["map"].draw(run, data).axes[0].get_ylim()
    away = data.tail(3).index
    data.loc[away, "latitude"] = data["latitude"].min() - 15
    data.loc[away, "migrants"] = 1
    data.loc[away, "region_name"] = "Isles"
    apart = FIGURES["map"].draw(run, data)
    assert "Isles" in {t.get_text() for t in texts(apart)}
    assert np.ptp(apart.axes[0].get_ylim()) <= 1.1 * np.ptp(whole)


def test_a_few_outliers_do_not_make_the_whole_map_dark() -> None:
    data = country.map_data(run_of("usual"))
    data["share_met"] = 0.2
    data.loc[data["migrants"].idxmin(), "share_met"] = 1.0
    assert country.top_of_scale(data["share_met"], data["migrants"]) == pytest.approx(0.2)
    assert country.top_of_scale(data["share_met"] * np.nan, data["migrants"]) == 1.0


def test_of_a_few_places_the_map_says_the_names() -> None:
    data = pd.DataFrame(
        {"name": ["A", "B"], "migrants": [9, 9], "service_level": [0.5, 0.25], "share_met": [0.3, 0.3]}
    )
    assert (
        country._map_title(data, Says()) == "Service level 0.50 in A and 0.25 in B; needs met 30% everywhere"
    )
    three = pd.concat([data, data.iloc[:1].assign(name="C", service_level=0.75)])
    assert country._map_title(three, Says()).startswith("Service level 0.25 to 0.75")
    assert country._map_title(three, Says([three] * 5)).startswith(
        "Service level from 0.25 in B to 0.75 in C"
    )


@pytest.fixture(scope="module")
def japan() -> Run:
    return simulate("japan-sample", months=12, sets=["scale.persons_per_record=100"])


def test_where_places_crowd_a_box_shows_them_larger_and_no_box_covers_another_or_is_lost(japan: Run) -> None:
    data = country.map_data(japan)
    for size in ("two maps", "three maps", "one map"):
        spans = {
            "two maps": [(0.025, 0.46), (0.515, 0.46)],
            "three maps": [(0.025 + i * 0.3225, 0.305) for i in range(3)],
            "one map": [(0.025, 0.95)],
        }[size]
        page = style.sheet("Title", "What", "Source")
        info = places_info(japan)
        scale = country.Scale(Normalize(0, 1), "level", country.marker_areas(data, info), False)
        for span in spans:
            country.map_panel(page, span, data, "service_level", scale, "", info)
        boxes = [each for each in page.figure.axes if each.get_title(loc="left")]
        names = {each.get_title(loc="left").replace("\n", ", ") for each in boxes}
        assert names == {"Tokyo", "Osaka", "Okinawa, Amami", "Ogasawara"}, size
        own = [each.get_tightbbox() for each in boxes[: len(boxes) // len(spans)]]
        assert not any(a.overlaps(b) for a, b in combinations([each for each in own if each], 2)), size
    shown = [p for p in page.figure.findobj() if p.get_gid() in ("map-service_level", "corner-service_level")]
    assert sum(len(p.get_sizes()) for p in shown) == len(data)  # and no place is lost


def under_the_largest(axes: Axes, gid: str) -> tuple[int, int]:
    """Of the places drawn: how many have their centre under the largest disc, and how many there are."""
    (drawn,) = (each for each in axes.collections if each.get_gid() == gid)
    areas = np.asarray(drawn.get_sizes())  # of the square about a disc, in points
    at = axes.transData.transform(drawn.get_offsets()) * 72 / axes.figure.dpi
    largest = int(areas.argmax())
    away = np.hypot(*(at - at[largest]).T)
    return int((away < np.sqrt(areas[largest]) / 2).sum()) - 1, len(areas)


def test_where_places_crowd_the_largest_disc_lies_on_few_others_in_the_box_that_shows_them(
    japan: Run,
) -> None:
    """On the map one in fourteen of Japan's towns lies under the disc of Osaka: the box is there to tell them."""
    figure = FIGURES["map"].draw(japan)
    figure.canvas.draw()
    main, *boxes = (axes for axes in figure.axes if any(each.get_gid() for each in axes.collections))
    crowds = [each for each in boxes if any(c.get_gid() == "crowd-service_level" for c in each.collections)]
    assert len(crowds) == 2
    on_map, _ = under_the_largest(main, "map-service_level")
    for axes in crowds:
        hidden, places = under_the_largest(axes, "crowd-service_level")
        assert places > 100
        assert hidden <= places / 20, "of a disc of 300 square points, that of Osaka hid one in eight"
        assert hidden < on_map / 5


def test_what_the_article_tells_of_is_named_first_and_at_the_end_of_a_line_where_places_crowd(
    japan: Run,
) -> None:
    run = japan
    figure = FIGURES["who-lives-where"].draw(run)
    for axes in (each for each in figure.axes if any(text.get_gid() == "name" for text in each.texts)):
        names = [text for text in axes.texts if text.get_gid() == "name"]
        said = [text.get_text() for text in names]
        assert len(said) == len(set(said))  # nobody twice
        assert {"Hamamatsu", "Toyota"} <= set(said)
        (hamamatsu,) = (text for text in names if text.get_text() == "Hamamatsu")
        assert np.hypot(*hamamatsu.get_position()) > 20  # points: it stands away from where others crowd
    data = FIGURES["who-lives-where"].data(run)
    known = data.dropna(subset=["share_of_largest", "share_of_coethnics"])
    assert len(known)
    assert (known["share_of_largest"] >= 1 / 20).all()
    assert (data.loc[data["migrants"] < 5 * run.persons_per_record, "share_of_largest"]).isna().all()
    assert known["share_of_coethnics"].between(0.0, 1.0).all()
