"""Designs: how many points, within which bounds, and always the same ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_citizenship.experiments.studies.points import combinations, shares, size
from local_citizenship.experiments.studies.study import Design, Factor

EVEN = Factor("even", ("fear.weight",), "lever", "", "", low=1.0, high=9.0)
LOG = Factor("log", ("ngos.founding",), "lever", "", "", low=1e-5, high=1e-1, log=True)
WHOLE = Factor("whole", ("settling.round",), "lever", "", "", low=3.0, high=6.0, whole=True)
LISTED = Factor("listed", ("ngos.enabled",), "lever", "", "", values=(True, False))
DATE = Factor(
    "date", ("fear.firewall",), "lever", "", "", low=23_880.0, high=23_999.0, whole=True, changes=(("x", 1),)
)
ALL = [EVEN, LOG, WHOLE, LISTED, DATE]

DESIGNS = [
    (Design("grid", levels=3), 3 * 3 * 3 * 2 * 3),
    (Design("ofat", levels=4), 1 + 4 + 4 + 4 + 2 + 4),
    (Design("lhs", size=20), 20),
    (Design("morris", size=7, levels=4), 7 * 6),
    (Design("sobol", size=8), 8 * 7),
    (Design("sobol", size=8, second_order=True), 8 * 12),
    (Design("list", points=({}, {"even": 2.0})), 2),
    (Design("list"), 1),
]


@pytest.mark.parametrize(("design", "count"), DESIGNS)
def test_size_and_bounds(design: Design, count: int) -> None:
    points = combinations(design, ALL, 5)
    assert len(points) == size(design, ALL) == count
    for point in points:
        assert 1.0 <= point.get("even", 1.0) <= 9.0
        assert 1e-5 <= point.get("log", 1e-5) <= 1e-1
        assert point.get("whole", 3) in (3, 4, 5, 6)
        assert point.get("listed", True) in (True, False)
        assert "1990-01" <= point.get("date", "1990-01") <= "1999-12"


@pytest.mark.parametrize("design", [design for design, _ in DESIGNS])
def test_the_same_seed_gives_the_same_points(design: Design) -> None:
    assert combinations(design, ALL, 5) == combinations(design, ALL, 5)
    if design.kind in ("lhs", "morris", "sobol"):
        assert combinations(design, ALL, 5) != combinations(design, ALL, 6)
        assert combinations(design, ALL, 2**63 - 1)


def test_a_grid_has_every_combination_and_ofat_one_change_at_a_time() -> None:
    grid = combinations(Design("grid", levels=3), [EVEN, LISTED], 1)
    assert [tuple(point.values()) for point in grid] == [
        (x, y) for x in (1.0, 5.0, 9.0) for y in (True, False)
    ]
    ofat = combinations(Design("ofat", levels=3), [EVEN, LISTED], 1)
    assert ofat == [{}, {"even": 1.0}, {"even": 5.0}, {"even": 9.0}, {"listed": True}, {"listed": False}]
    assert LOG.spread(5) == [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
    assert DATE.spread(2) == ["1990-01", "1999-12"]


def test_a_latin_hypercube_has_one_point_in_each_slice() -> None:
    sample = shares(Design("lhs", size=16), 3, 1)
    for column in sample.T:
        assert sorted((column * 16).astype(int)) == list(range(16))
    whole = [point["whole"] for point in combinations(Design("lhs", size=16), [WHOLE], 1)]
    assert [whole.count(number) for number in (3, 4, 5, 6)] == [4, 4, 4, 4]


def test_morris_moves_one_factor_a_step() -> None:
    sample = shares(Design("morris", size=6, levels=4), 3, 1).reshape(6, 4, 3)
    moved = ~np.isclose(np.diff(sample, axis=1), 0.0)
    assert (moved.sum(axis=2) == 1).all()
    assert (moved.sum(axis=1) == 1).all()


def factors() -> st.SearchStrategy[Factor]:
    def ranged(low: float, more: float, log: bool, whole: bool) -> Factor:
        low, more = (math.floor(low) + 1.0, math.floor(more) + 1.0) if whole else (low, more)
        return Factor("f", ("x",), "lever", "", "", low=low, high=low + more, log=log, whole=whole)

    number = st.floats(1e-3, 1e4)
    listed = st.lists(st.integers(), min_size=1, max_size=5, unique=True)
    return st.one_of(
        st.builds(ranged, number, number, st.booleans(), st.booleans()),
        st.builds(lambda values: Factor("f", ("x",), "lever", "", "", values=tuple(values)), listed),
    )


def within(factor: Factor, value: Any) -> bool:
    return value in factor.values if factor.values else factor.low <= value <= factor.high


@given(factors(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_share_gives_a_value_within_bounds_and_in_order(factor: Factor, one: float, other: float) -> None:
    low, high = factor.at(min(one, other)), factor.at(max(one, other))
    assert within(factor, low)
    assert within(factor, high)
    if factor.values:
        assert factor.values.index(low) <= factor.values.index(high)
        assert (factor.at(0.0), factor.at(1.0)) == (factor.values[0], factor.values[-1])
    else:
        assert low <= high
        assert isinstance(low, int) == factor.whole
        assert (factor.at(0.0), factor.at(1.0)) == (factor.low, factor.high)


@given(factors(), st.integers(2, 7))
def test_levels_go_from_end_to_end(factor: Factor, levels: int) -> None:
    values = factor.spread(levels)
    assert all(within(factor, value) for value in values)
    assert len(set(values)) == len(values)
    if not factor.values:
        assert len(values) <= levels
        assert (values[0], values[-1]) == (factor.low, factor.high)
        assert values == sorted(values)
