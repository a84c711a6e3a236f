"""Geography: neighbours on the globe, similar places, rows of a region."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_citizenship.model.geography import _nearest, neighbours, region_bounds, similar
from local_citizenship.scenarios.places import PLACES_FOLDER, load_places


def on_the_globe(latitude: Any, longitude: Any, foreign_residents: Any = 100.0) -> Any:
    """Places at these degrees; they have foreign residents unless it is said."""
    foreign = np.broadcast_to(foreign_residents, np.shape(latitude))
    return SimpleNamespace(latitude=latitude, longitude=longitude, foreign_residents=foreign)


LATITUDES = st.sampled_from([-90.0, -30.0, 0.0, 35.5, 36.0, 89.0])
SPOTS = st.tuples(LATITUDES, st.integers(-18, 18).map(lambda x: 10.0 * x))


@given(places=st.lists(SPOTS, min_size=2, max_size=40), k=st.integers(1, 8))
def test_neighbours_are_the_nearest_ties_by_row(places: list[tuple[float, float]], k: int) -> None:
    latitude, longitude = np.array(places).T
    found = neighbours(on_the_globe(latitude, longitude), k)
    assert found.shape == (len(places), k)
    # The haversine formula, another way to the same order.
    north, east = np.radians(latitude), np.radians(longitude)
    angle = (
        np.sin((north[:, None] - north) / 2) ** 2
        + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    )
    wanted = min(k, len(places) - 1)
    for place in range(len(places)):
        others = [row for row in range(len(places)) if row != place]
        nearest = sorted(others, key=lambda row: (round(2 * np.sqrt(angle[place, row]), 9), row))[:wanted]
        assert found[place, :wanted].tolist() == nearest


def test_distance_runs_over_the_globe_and_the_date_line() -> None:
    latitude = np.array([60.0, 60.0, 62.0, 0.0, 0.0])
    longitude = np.array([0.0, 3.0, 0.0, 179.5, -179.5])
    found = neighbours(on_the_globe(latitude, longitude), 1)[:, 0]
    assert found[0] == 1  # 167 km east, though 3 degrees; 2 is 222 km north
    assert found[3] == 4


@pytest.mark.parametrize(
    ("latitudes", "k", "expected"),
    [
        ([0.0], 3, [[0, 0, 0]]),
        ([0.0, 1.0], 3, [[1, 1, 1], [0, 0, 0]]),
        ([0.0, 1.0, 3.0], 5, [[1, 2, 1, 2, 1], [0, 2, 0, 2, 0], [1, 0, 1, 0, 1]]),
    ],
)
def test_few_places_repeat_in_order(latitudes: list[float], k: int, expected: list[list[int]]) -> None:
    assert neighbours(on_the_globe(np.array(latitudes), np.zeros(len(latitudes))), k).tolist() == expected
    assert neighbours(on_the_globe(np.empty(0), np.empty(0)), 4).shape == (0, 4)


def test_who_has_no_foreign_residents_is_nobodys_neighbour_but_has_some() -> None:
    towns = on_the_globe(np.arange(5.0), np.zeros(5), [9.0, 0.0, 9.0, 9.0, 0.0])
    assert neighbours(towns, 3).tolist() == [[2, 3, 2], [0, 2, 3], [3, 0, 3], [2, 0, 2], [3, 2, 0]]
    nobody = on_the_globe(np.arange(3.0), np.zeros(3), 0.0)
    assert neighbours(nobody, 2).tolist() == [[1, 2], [0, 2], [1, 0]]


def test_many_on_one_spot_go_by_row() -> None:
    found = neighbours(on_the_globe(np.full(40, 35.0), np.full(40, 139.0)), 3)
    assert found[[0, 1, 39]].tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 2]]


def test_many_places_on_few_spots_take_no_time() -> None:
    spots = np.random.default_rng(2).uniform(-60.0, 60.0, (2, 4_000))
    latitude, longitude = spots[:, np.arange(60_000) % 4_000]
    start = time.process_time()  # others on the machine don't count
    found = neighbours(on_the_globe(latitude, longitude))
    assert time.process_time() - start < 5.0
    assert found[7_000].tolist() == [3_000, 11_000, 15_000, 19_000, 23_000, 27_000]  # all on its spot


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), places=st.integers(2, 60), k=st.integers(1, 8), wide=st.integers(1, 5))
def test_repeated_points_and_ties_go_by_distance_then_row(seed: int, places: int, k: int, wide: int) -> None:
    """On a grid most distances tie, and most spots have several points."""
    points = np.random.default_rng(seed).integers(0, wide, (places, 3)).astype(float)
    found = _nearest(points, k)
    rows = np.arange(places)
    for place in range(places):
        distance = np.round(np.linalg.norm(points - points[place], axis=1), 12)
        order = np.lexsort((rows, distance))
        others = order[order != place][: min(k, places - 1)]
        assert found[place].tolist() == others[np.arange(k) % len(others)].tolist()


def test_similar_places_are_alike_in_all_three() -> None:
    places = load_places(PLACES_FOLDER / "japan_prefectures.csv", seed=1990)
    found = similar(places)
    rows = np.arange(len(places))
    assert (found != rows[:, None]).all()
    share = np.log(np.maximum(places.foreign_residents, 0.5) / places.population)
    for value in (np.log(places.population), places.fiscal_strength, share):
        gap = np.abs(value[found[:, 0]] - value).mean()
        assert gap < 0.25 * np.abs(value[rows[::-1]] - value).mean()


def test_similar_does_not_mind_two_towns_nor_what_all_have_alike() -> None:
    towns = load_places(PLACES_FOLDER / "two-towns.csv", seed=1)
    assert similar(towns, 2).tolist() == [[1, 1], [0, 0]]


def test_alike_in_everything_go_by_row(tmp_path: Path) -> None:
    header = "code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength\n"
    rows = "".join(f"{row},A,T{row},{row},0,1000,0,0.1\n" for row in range(1, 10))
    (tmp_path / "t.csv").write_text(header + rows)
    found = similar(load_places(tmp_path / "t.csv", seed=1), 2)
    assert found[:3].tolist() == [[1, 2], [0, 2], [0, 1]]


def test_region_bounds() -> None:
    assert region_bounds(np.array([0, 0, 1, 2, 2, 2])).tolist() == [[0, 2], [2, 3], [3, 6]]
    assert region_bounds(np.empty(0, dtype=np.int64)).shape == (0, 2)


@pytest.mark.parametrize("region", [[0, 1, 0], [1, 1], [0, 2], [1, 0]])
def test_scattered_regions_are_refused(region: list[int]) -> None:
    with pytest.raises(ValueError, match="follow one another"):
        region_bounds(np.array(region))


def test_eight_thousand_places_take_no_time() -> None:
    places = load_places(PLACES_FOLDER / "spain_provinces_2021.csv", seed=1)
    start = time.process_time()  # others on the machine don't count
    near, alike = neighbours(places), similar(places)
    assert time.process_time() - start < 5.0
    assert near.shape == alike.shape == (8131, 6)
    bounds = region_bounds(places.region)
    assert len(bounds) == 52
    assert bounds[-1, 1] == 8131
