"""Paired differences: against SciPy and by hand; what shared luck is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from local_citizenship.experiments.intervals import (
    half_width,
    interval,
    interval_of_reduction,
    paired,
    replicates_for,
)

VALUES = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def pairs(draw: st.DrawFn, least: int = 2) -> tuple[np.ndarray, np.ndarray]:
    count = draw(st.integers(least, 30))
    a, b = (draw(arrays(float, count, elements=VALUES)) for _ in range(2))
    return a, b


@given(pairs())
def test_the_interval_is_that_of_the_paired_t_test(both: tuple[np.ndarray, np.ndarray]) -> None:
    a, b = both
    assume(np.std(b - a) > 1e-6 * (1 + np.abs(a).max() + np.abs(b).max()))
    found = paired(a, b)
    test = stats.ttest_rel(b, a)
    expected = test.confidence_interval(0.95)
    assert found.n == len(a)
    assert found.change == pytest.approx(float((b - a).mean()), rel=1e-9, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-6)
    assert found.clear == (test.pvalue < 0.05) or abs(test.pvalue - 0.05) < 1e-9


@given(pairs())
def test_turned_round_the_difference_has_the_other_sign(both: tuple[np.ndarray, np.ndarray]) -> None:
    a, b = both
    one, other = paired(a, b), paired(b, a)
    assert (one.change, one.low, one.high) == pytest.approx((-other.change, -other.high, -other.low))
    assert one.variance == pytest.approx(other.variance)
    assert one.unpaired == pytest.approx(other.unpaired)


@given(arrays(float, st.integers(2, 20), elements=VALUES))
def test_the_same_twice_differs_by_exactly_nothing(values: np.ndarray) -> None:
    found = paired(values, values)
    assert (found.change, found.low, found.high, found.variance) == (0.0, 0.0, 0.0, 0.0)
    assert found.none_at_all
    assert not found.clear


def test_by_hand() -> None:
    """Differences 1, 2, 3: mean 2, variance 1, half-width 4.303 / sqrt(3). Variances of the values: 1 and 4."""
    found = paired([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    assert (found.n, found.first, found.other, found.change, found.variance) == (3, 2.0, 4.0, 2.0, 1.0)
    assert found.unpaired == pytest.approx(5.0)
    assert found.variance_reduction_factor == pytest.approx(5.0)
    half = 4.302652729911275 / math.sqrt(3)
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half))
    assert not found.clear
    assert paired([1.0, 2.0, 3.0], [6.0, 7.1, 8.0]).clear


def test_a_constant_difference_makes_shared_luck_worth_any_number_of_runs() -> None:
    found = paired([1.0, 5.0, 9.0], [2.0, 6.0, 10.0])
    assert found.variance_reduction_factor == math.inf
    assert (found.low, found.high) == (1.0, 1.0)
    assert found.clear
    assert math.isnan(paired([3.0, 3.0], [4.0, 4.0]).variance_reduction_factor), (
        "nothing varies: luck plays no part"
    )


def test_pairs_of_which_one_is_missing_do_not_count() -> None:
    nan = math.nan
    found = paired([1.0, nan, 3.0, 4.0], [2.0, 5.0, nan, 5.0])
    assert (found.n, found.first, found.change) == (2, 2.5, 1.0)
    none = paired([nan], [1.0])
    assert none.n == 0
    assert math.isnan(none.change)
    assert not none.clear
    assert not none.none_at_all
    single = paired([1.0], [3.0])
    assert (single.n, single.change) == (1, 2.0)
    assert math.isnan(single.low)
    assert not single.clear


def test_rounding_is_no_difference() -> None:
    assert paired([0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]).none_at_all


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="two values each"):
        paired([1.0, 2.0], [1.0])


@settings(max_examples=20)
@given(st.floats(0.0, 0.95), st.integers(0, 2**32 - 1))
def test_reduction_follows_from_the_correlation(correlation: float, seed: int) -> None:
    """Equal variances v: unpaired 2v, paired 2v (1 - r), so that sharing is worth 1 / (1 - r)."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=20_000)
    b = correlation * a + math.sqrt(1 - correlation**2) * rng.normal(size=20_000)
    assert paired(a, b).variance_reduction_factor == pytest.approx(1 / (1 - correlation), rel=0.1)


def test_as_many_unpaired_runs_as_the_factor_says_give_as_narrow_an_interval() -> None:
    rng = np.random.default_rng(1)
    luck = rng.normal(size=400)
    a, b = luck + 0.3 * rng.normal(size=400), luck + 0.3 * rng.normal(size=400) + 1
    found = paired(a, b)
    alone = math.sqrt(
        found.unpaired / (400 * found.variance_reduction_factor)
    )  # of the mean, from so many more runs
    assert alone == pytest.approx(math.sqrt(found.variance / 400))
    assert found.variance_reduction_factor > 5


def test_the_interval_of_the_factor_holds_it_and_is_none_for_few_pairs() -> None:
    rng = np.random.default_rng(2)
    luck = rng.normal(size=24)
    a, b = luck + 0.3 * rng.normal(size=24), luck + 0.3 * rng.normal(size=24)
    low, high = interval_of_reduction(a, b)
    assert low < paired(a, b).variance_reduction_factor < high
    assert interval_of_reduction(a, b) == (low, high), "the same each time"
    assert all(math.isnan(end) for end in interval_of_reduction(a[:5], b[:5]))
    assert all(math.isnan(end) for end in interval_of_reduction(a, a + 1))


# Intervals of means, and how many replicates they take


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([1.0, 2.0, 4.0])
    expected = stats.t.interval(0.95, 2, loc=values.mean(), scale=stats.sem(values))
    assert interval(values) == pytest.approx(expected)
    assert math.isnan(half_width(np.array([1.0])))


@pytest.mark.parametrize("target", [0.5, 1.0])
def test_replicates_for_a_target_are_the_fewest(target: float) -> None:
    count = replicates_for(2.0, target)
    assert count is not None
    wide = [stats.t.ppf(0.975, n - 1) * 2.0 / math.sqrt(n) for n in (count - 1, count)]
    assert wide[0] > target >= wide[1]
    assert replicates_for(1.0, 0.0) is None
    assert replicates_for(1.0, 1e-6) is None
    assert replicates_for(0.0, 0.1) == 2


def test_intervals_cover_their_mean() -> None:
    rng = np.random.default_rng(5)
    held = [low <= 1.0 <= high for low, high in (interval(rng.normal(1.0, 2.0, 5)) for _ in range(1000))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
