"""What is decided over seeds: the sign of a mean, and of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from local_citizenship.experiments.intervals import paired
from local_citizenship.outcomes.deciding import (
    OverSeeds,
    Says,
    band,
    sign_in_runs,
    sign_of_mean,
    signs_of_means,
    t_quantile,
)


def test_the_quantile_is_students() -> None:
    for share, degrees in ((0.975, 4), (0.95, 9), (0.6, 30)):
        assert t_quantile(share, degrees) == pytest.approx(stats.t.ppf(share, degrees))


def test_fewer_than_five_seeds_decide_nothing_of_a_run() -> None:
    assert sign_in_runs([1.0] * 4) == 0
    assert sign_of_mean([1.0]) == 0
    assert sign_in_runs([1.0] * 5) == sign_of_mean([1.0] * 5) == 1
    assert sign_in_runs([-1.0] * 5) == -1
    assert sign_in_runs([0.0] * 9) == 0


def test_what_a_run_cannot_tell_does_not_count() -> None:
    assert sign_in_runs([1.0, 1.1, 0.9, 1.0, float("nan")]) == 0
    assert sign_in_runs([1.0, 1.1, 0.9, 1.0, 1.2, 1.0, 0.9, 1.0, 1.1, 1.0, float("nan")]) == 1


def test_a_mean_is_decided_as_the_intervals_of_comparisons_are() -> None:
    rng = np.random.default_rng(1)
    for shift in np.linspace(-1.5, 1.5, 40):
        differences = rng.normal(shift, 1.0, 8)
        assert (sign_of_mean(differences) != 0) == paired(np.zeros(8), differences).clear


def test_of_many_means_few_are_decided_by_luck() -> None:
    """Of 1,700 places that luck alone makes differ, none; of 200 that really differ, most; and few of the others."""
    rng = np.random.default_rng(3)
    alike = np.ones(1700)
    luck = [int((signs_of_means(rng.normal(0, 1, (10, 1700)), alike) != 0).sum()) for _ in range(10)]
    assert sorted(luck)[8] <= 2
    differences = rng.normal(0, 1, (10, 1700))
    differences[:, :200] += 3
    found = signs_of_means(differences, alike)
    assert (found[:200] == 1).mean() > 0.9
    assert (found[200:] != 0).sum() < 0.1 * (found != 0).sum()


def test_of_many_means_a_large_thing_is_decided_sooner() -> None:
    rng = np.random.default_rng(4)
    differences = rng.normal(0, 1, (8, 1000))
    differences[:, 0] = [-1.2, -0.8, -1.5, -0.6, -1.1, -0.4, -1.4, -0.9]
    large = np.where(np.arange(1000) == 0, 200.0, 1.0)
    assert signs_of_means(differences, np.ones(1000))[0] == 0
    assert signs_of_means(differences, large)[0] == -1


@pytest.mark.parametrize("real", [0, 100, 400, 800])
def test_of_the_weight_that_is_decided_little_is_so_by_luck(real: int) -> None:
    """Few large and many small, as municipalities are, of which a part differ: in the mean of such maps at most a
    twentieth of the weight is decided by luck, and nothing that its own interval leaves open."""
    rng = np.random.default_rng(5)
    weights = 1 / np.arange(1, 1001)
    false = []
    for _ in range(40):
        differences = rng.normal(0, 1, (10, 1000))
        differs = rng.permutation(1000) < real
        differences[:, differs] += 1.5
        found = signs_of_means(differences, weights) != 0
        false.append(weights[found & ~differs].sum() / max(1e-9, weights[found].sum()))
        assert all(sign_of_mean(differences[:, each]) for each in np.flatnonzero(found))
    assert np.mean(false) < 0.08


def test_of_many_means_four_seeds_decide_none_and_of_a_few_two_do() -> None:
    assert not signs_of_means(np.ones((4, 100)), np.ones(100)).any()
    assert signs_of_means(np.ones((5, 100)), np.ones(100)).all()
    assert signs_of_means(np.array([[1.0, -1.0], [1.0, 1.0]]), np.ones(2)).tolist() == [1, 0]
    missing = np.full((5, 100), np.nan)
    assert not signs_of_means(missing, np.ones(100)).any()
    assert not signs_of_means(np.zeros((0, 2)), np.ones(2)).any()
    assert not signs_of_means(np.zeros((5, 2)), np.ones(2)).any()
    assert not signs_of_means(np.ones((5, 2)), np.zeros(2)).any(), "where nobody lives nothing is said"


def test_a_word_about_a_run_is_hardly_ever_false_of_a_further_one() -> None:
    """Whatever the true distance from 0, of a hundred sentences one at most is said and false of a further run."""
    rng = np.random.default_rng(2)
    for distance in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0):
        false = 0
        for _ in range(3000):
            seen = rng.normal(distance, 1.0, 5)
            said = sign_in_runs(seen)
            false += bool(said) and np.sign(rng.normal(distance, 1.0)) != said
        assert false / 3000 <= 0.015, distance
    assert sign_in_runs([3.0, 4.0, 3.5, 4.5, 4.0]) == 1
    assert sign_in_runs([1.0, 2.2, 1.5, 2.5, 1.4]) == 0, "which is decided with 95%, and not with 99%"


def test_a_headline_keeps_what_it_was_told() -> None:
    tables = [pd.DataFrame({"value": [seed + 10.0]}) for seed in range(5)]

    def value(table: pd.DataFrame) -> float:
        return float(table["value"].iloc[0])

    says = Says(tables)
    assert says.sign(value) == 1
    assert says.sign(lambda table: value(table) - 12.0) == 0
    assert says.claims == [(value, 1)]
    assert Says().sign(value) == 0


def test_a_band_holds_all_of_few_seeds_and_most_of_many() -> None:
    def rows(seeds: int) -> pd.DataFrame:
        return pd.DataFrame(
            {"seed": range(seeds), "year": 1990, "value": [float(each) for each in range(seeds)]}
        )

    few = band(rows(5), ["year"], "value").loc[1990]
    assert (few["low"], few["high"]) == (0.0, 4.0)
    many = band(rows(101), ["year"], "value").loc[1990]
    assert (many["low"], many["high"]) == (5.0, 95.0)
    kept = OverSeeds([1], {"stock": rows(1)})
    assert kept.band("stock", ["year"], "value") is None
    assert OverSeeds([1, 2], {"stock": rows(2)}).band("stock", ["year"], "value") is not None
