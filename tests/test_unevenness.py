"""Gini, Theil and Moran's I: by hand, by their laws, and against PySAL."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import TheilD

from local_citizenship.model.columns import Columns
from local_citizenship.model.geography import nearest_places, neighbours
from local_citizenship.outcomes.unevenness import (
    indices_of,
    moran,
    neighbours_of,
    theil,
    theil_by_luck,
    theil_decomposed,
)

unhurried = settings(deadline=None, max_examples=60)  # the machine may be busy
VALUES = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))
UNITS = (
    st.lists(st.tuples(VALUES, st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=30)
    .filter(lambda units: any(value > 0 and weight > 0 for value, weight, _ in units))
    .map(lambda units: tuple(np.array(column) for column in zip(*units, strict=True)))
)  # values, weights, groups


def gini(values, weights=None):
    """Gini coefficient, as `indices_of` tells it."""
    return _indices(values, weights).gini


def variation(values, weights=None):
    """Coefficient of variation, as `indices_of` tells it."""
    return _indices(values, weights).variation


def _indices(values, weights):
    weights = np.ones(len(values)) if weights is None else weights
    return indices_of(values, weights, np.zeros(len(values), int))


def test_by_hand():
    # Two places, one with 3 of 4 parts: G = 3/4 - 1/2; T = 1/2 (3/2 ln 3/2 + 1/2 ln 1/2).
    assert gini([1, 3]) == pytest.approx(0.25)
    assert theil([1, 3]) == pytest.approx(0.5 * (1.5 * math.log(1.5) + 0.5 * math.log(0.5)))
    assert variation([1, 3]) == pytest.approx(0.5)
    # One of four has everything.
    assert gini([0, 0, 0, 5]) == pytest.approx(0.75)
    assert theil([0, 0, 0, 5]) == pytest.approx(math.log(4))
    # The same with a weight instead of repeats.
    assert gini([0, 5], [3, 1]) == pytest.approx(0.75)
    assert theil([0, 5], [3, 1]) == pytest.approx(math.log(4))


def test_decomposition_by_hand():
    # Groups (1, 3) and (4, 4) with means 2 and 4 and grand mean 3.
    split = theil_decomposed([1, 3, 4, 4], None, ["a", "a", "b", "b"])
    assert split.between == pytest.approx(0.5 * (2 / 3 * math.log(2 / 3) + 4 / 3 * math.log(4 / 3)))
    assert split.within == pytest.approx(1 / 3 * theil([1, 3]))
    assert split.between_share == pytest.approx(split.between / theil([1, 3, 4, 4]))


@unhurried
@given(UNITS)
def test_total_is_between_plus_within(units):
    """One group has nothing between, and singletons nothing within."""
    values, weights, groups = units
    split = theil_decomposed(values, weights, groups)
    assert split.total == pytest.approx(theil(values, weights), rel=1e-9, abs=1e-12)
    assert split.total == pytest.approx(split.between + split.within)
    assert min(split.between, split.within) >= 0
    assert theil_decomposed(values, weights, np.zeros(len(values))).between == pytest.approx(0, abs=1e-12)
    assert theil_decomposed(values, weights, np.arange(len(values))).within == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("index", [gini, theil, variation])
@unhurried
@given(UNITS, st.floats(1e-2, 1e2), st.integers(2, 4), st.randoms(use_true_random=False))
def test_scale_copies_and_order_do_not_matter_and_weights_are_repeats(index, units, factor, copies, random):
    values, weights, _ = units
    order = np.array(random.sample(range(len(values)), len(values)))
    for what, *as_uneven in (
        ("values scaled", values * factor, weights),
        ("weights scaled", values, weights * factor),
        ("a copied country", np.tile(values, copies), np.tile(weights, copies)),
        ("weights as repeats", np.repeat(values, weights)),
        ("another order", values[order], weights[order]),
    ):
        assert index(*as_uneven) == pytest.approx(index(values, weights), rel=1e-9, abs=1e-9), what


@unhurried
@given(UNITS)
def test_bounds_hold(units):
    values, weights, _ = units
    assert 0 <= gini(values, weights) <= 1 - 1 / weights.sum() + 1e-9
    assert 0 <= theil(values, weights) <= math.log(weights.sum()) + 1e-9


@unhurried
@given(st.floats(1e-3, 1e3), st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_equal_is_zero(value, weights):
    values = np.full(len(weights), value)
    assert gini(values, weights) == pytest.approx(0, abs=1e-12)
    assert theil(values, weights) == pytest.approx(0, abs=1e-12)
    assert variation(values, weights) == pytest.approx(0, abs=1e-7)


@unhurried
@given(UNITS)
def test_giving_to_the_richer_makes_it_more_uneven(units):
    values, weights, _ = units
    values, weights = np.append(values, [1.0, 2.0]), np.append(weights, [1, 1])
    after = values.copy()
    after[-2:] += [-0.5, 0.5]
    assert gini(after, weights) > gini(values, weights)
    assert theil(after, weights) > theil(values, weights)


@unhurried
@given(UNITS.filter(lambda units: np.sum(units[0] > 0) > 1))
def test_agrees_with_pysal_at_equal_weights(units):
    values, _, groups = units
    values = values + 1e-3  # PySAL knows no zeros in Theil's decomposition
    assert gini(values) == pytest.approx(Gini(values).g, rel=1e-6, abs=1e-9)
    theirs = TheilD(values, groups)
    ours = theil_decomposed(values, None, groups)
    assert ours.total == pytest.approx(float(theirs.T), rel=1e-6, abs=1e-9)
    assert ours.between == pytest.approx(float(np.squeeze(theirs.bg)), rel=1e-6, abs=1e-9)
    assert ours.within == pytest.approx(float(np.squeeze(theirs.wg)), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("values", "weights", "what"),
    [
        ([1, -1], [1, 1], "negative"),
        ([1, 1], [1, -1], "negative"),
        ([1, 2], [0, 0], "weights are all zero"),
        ([], [], "weights are all zero"),
        ([0, 0], [1, 1], "values are all zero"),
        ([0, 3], [1, 0], "values are all zero"),
        ([1, np.nan], [1, 1], "finite"),
        ([1, 2], [1, np.inf], "finite"),
        ([1, 2], [1], "2 values, but 1 weights"),
    ],
)
def test_what_has_no_unevenness_is_refused(values, weights, what):
    with pytest.raises(ValueError, match=what):
        theil(values, weights)


def test_groups_must_match():
    with pytest.raises(ValueError, match="2 values, but 3 groups"):
        theil_decomposed([1, 2], None, [1, 1, 2])


def places_at(latitude, longitude):
    return Columns({"latitude": np.asarray(latitude, float), "longitude": np.asarray(longitude, float)})


def test_neighbours_are_those_that_cities_have():
    # A line with equal distances, two places on one spot, and one far off: ties go by row, as in the model.
    latitude, longitude = [36.0, 37.0, 38.0, 38.0, 39.0, 40.0, 41.0, 60.0], [138.0] * 8
    towns = SimpleNamespace(
        latitude=np.array(latitude), longitude=np.array(longitude), foreign_residents=np.ones(8)
    )
    assert neighbours_of(places_at(latitude, longitude)).tolist() == neighbours(towns, 6).tolist()


def test_few_places_have_few_neighbours_and_nobody_is_its_own():
    assert neighbours_of(places_at([36.0], [138.0])) is None
    assert neighbours_of(places_at([36.0, 37.0, 38.0], [138.0] * 3)).tolist() == [[1, 2], [0, 2], [1, 0]]
    found = neighbours_of(places_at([36.0] * 9, [138.0] * 9))
    assert found.shape == (9, 6)
    assert not (found == np.arange(9)[:, None]).any()


def test_moran_by_hand():
    # Four places in a row, each with one neighbour: 0-1, 1-0, 2-3, 3-2. z = -1, -1, 1, 1.
    pairs = np.array([[1], [0], [3], [2]])
    assert moran([1, 1, 3, 3], pairs) == pytest.approx(1.0)
    assert moran([1, 3, 1, 3], pairs) == pytest.approx(-1.0)
    # z = -1.5, -0.5, 0.5, 1.5: (2 * 0.75 + 2 * 0.75) / 5
    assert moran([0, 1, 2, 3], pairs) == pytest.approx(0.6)


def test_moran_tells_clusters_from_chance_and_from_a_chessboard():
    rows, columns = np.divmod(np.arange(144), 12)
    latitude, longitude = 36 + 0.1 * rows, 138 + 0.1 * columns
    smooth = latitude + longitude
    chance = np.random.default_rng(1).permutation(smooth)
    chessboard = (rows + columns) % 2
    near = nearest_places(latitude, longitude, 6)
    assert moran(smooth, near) > 0.8
    assert abs(moran(chance, near)) < 0.15
    assert moran(chessboard, nearest_places(latitude, longitude, 4)) < -0.5
    assert math.isnan(moran(np.ones(144), near))


def test_moran_is_the_textbook_formula_with_a_full_matrix_of_weights():
    rng = np.random.default_rng(5)
    latitude, longitude, values = rng.uniform(30, 45, 60), rng.uniform(130, 145, 60), rng.random(60)
    near = nearest_places(latitude, longitude, 6)
    weights = np.zeros((60, 60))
    for place, others in enumerate(near):
        weights[place, others] = 1 / 6
    z = values - values.mean()
    expected = 60 / weights.sum() * (z @ weights @ z) / (z @ z)
    assert moran(values, near) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "places", "what"),
    [([1.0, np.nan], 2, "finite"), ([1.0, 2.0, 3.0], 2, "3 values, but neighbours of 2")],
)
def test_moran_refuses(values, places, what):
    with pytest.raises(ValueError, match=what):
        moran(values, neighbours_of(places_at(range(places), range(places))))


@pytest.mark.parametrize("places", [2, 300])
def test_places_that_are_alike_differ_by_luck_as_much_as_is_said(places):
    rng = np.random.default_rng(5)
    episodes = rng.integers(60, 200, places)
    drawn = [
        theil(met / episodes, episodes)
        for met in (rng.binomial(episodes, 0.3) for _ in range(4000 // places + 100))
    ]
    assert np.mean(drawn) == pytest.approx(theil_by_luck(0.3, places, episodes.sum()), rel=0.12)
    assert math.isnan(theil_by_luck(0.0, places, 10))
