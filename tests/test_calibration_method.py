"""The method on a made model: emulators, what is left, and the posterior hold what they claim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibration_tools import LUCK, MadeRuns, curved, few_points, observed, outcome, plan_of

from local_citizenship.experiments.calibration.emulator import emulators_of, features, fitted_process
from local_citizenship.experiments.calibration.ensemble import chosen_sets
from local_citizenship.experiments.calibration.exploring import filling, moved, spread_out, what_is_left
from local_citizenship.experiments.calibration.luck import luck_of
from local_citizenship.experiments.calibration.plan import Budget, Target, Unknown
from local_citizenship.experiments.calibration.posterior import Posterior
from local_citizenship.experiments.calibration.process import Process
from local_citizenship.experiments.calibration.running import ensemble_of
from local_citizenship.experiments.calibration.seen import Seen
from local_citizenship.experiments.calibration.tables import LEARNED, all_tables
from local_citizenship.experiments.calibration.truth import coverage, truth_table
from local_citizenship.experiments.calibration.waves import Implausibility, Stage
from local_citizenship.experiments.intervals import weighted_quantiles
from local_citizenship.experiments.studies.ensembles import NOT_LEARNED
from local_citizenship.scenarios.schema import Prior


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small population, for what needs no exact shares."""
    few_points(monkeypatch)


BUDGET = Budget(waves=2, points=30, replicates=2, posterior=80, sets=50)


def seen_at(shares: np.ndarray, plan: object, replicates: int = 2, seed: int = 1) -> Seen:
    return MadeRuns(plan, seed).seen(Stage("made", 1, 1, 1.0), shares, replicates)  # type: ignore[arg-type]


def test_an_emulator_knows_its_own_error() -> None:
    rng = np.random.default_rng(1)
    plan = plan_of(3, observed(np.array([0.3, 0.6, 0.5]), 0.02, rng), BUDGET)
    emulators = emulators_of(plan, seen_at(filling(3, 40, rng), plan))
    unseen = seen_at(rng.random((300, 3)), plan, seed=2)
    mean, deviation = emulators.predicted(unseen)
    errors = (unseen.means - mean) / deviation
    assert np.abs(errors).max() < 6
    assert (np.abs(errors) > 3).mean() < 0.02
    assert 0.8 < errors.std() < 1.3
    assert np.abs(mean - curved(unseen.shares)).mean() < LUCK


def test_luck_is_told_from_effects() -> None:
    plan = plan_of(2, observed(np.array([0.3, 0.6]), 0.02, np.random.default_rng(1)), BUDGET)
    seen = seen_at(filling(2, 200, np.random.default_rng(2)), plan, replicates=4)
    found = [luck_of(seen.values[:, :, target]) for target in range(3)]
    assert np.sqrt([each.variance for each in found]) == pytest.approx([LUCK] * 3, rel=0.1)
    seen.values[0, 0, 0] = np.nan
    assert np.isfinite(seen.means).all()


def test_luck_that_grows_with_the_level_is_seen() -> None:
    rng = np.random.default_rng(5)
    level = rng.uniform(1.0, 3.0, (300, 1))
    values = level + rng.normal(0.0, 0.02 * level**2, (300, 2))
    found = luck_of(values)
    at = np.array([1.2, 2.0, 2.8])
    assert np.sqrt(found.at(at)) == pytest.approx(0.02 * at**2, rel=0.3)
    even = luck_of(level + rng.normal(0.0, 0.05, (300, 2)))
    assert np.sqrt(even.at(at)) == pytest.approx([0.05] * 3, rel=0.25)
    assert luck_of(level).at(at).tolist() == [0.0] * 3  # where nothing was repeated


def test_a_process_says_what_its_library_says() -> None:
    rng = np.random.default_rng(2)
    at = rng.random((40, 3)) - 0.5
    values = 5.0 + np.sin(3.0 * at[:, 0]) + at[:, 1] + rng.normal(0.0, 0.02, 40)
    library = fitted_process(at, values, 1e-4)
    ours = Process.of(library, at, values)
    new = rng.random((50, 3)) - 0.5
    mean, deviation = library.predict(new, return_std=True)
    assert ours(new)[0] == pytest.approx(mean, rel=1e-9)
    assert np.sqrt(ours(new)[1]) == pytest.approx(deviation, rel=1e-6)
    said = ours.left_out()[7]  # what the others say of one, with the same kernel
    kernel = library.kernel_(at) + 1e-4 * np.eye(40)
    rest = np.delete(np.arange(40), 7)
    weights = np.linalg.solve(kernel[np.ix_(rest, rest)], kernel[rest, 7])
    normal = (values - values.mean()) / values.std()
    variance = kernel[7, 7] - weights @ kernel[rest, 7]
    assert said == pytest.approx((normal[7] - weights @ normal[rest]) / np.sqrt(variance), rel=1e-6)


def test_what_is_ruled_out_is_found_sooner_and_the_same() -> None:
    rng = np.random.default_rng(4)
    plan = plan_of(3, observed(np.array([0.3, 0.6, 0.5]), 0.02, rng), BUDGET)
    first, other = (emulators_of(plan, seen_at(filling(3, 30, rng), plan, seed=seed)) for seed in (1, 2))
    all_so_far = Implausibility([first, other])
    points = rng.random((500, 3))
    height = all_so_far(points)
    for bound in (1.0, 3.0, 10.0):
        assert (all_so_far.within(points, bound) == (height <= bound)).all()
    assert 0 < (height <= 3.0).sum() < 500


def test_what_never_changes_is_foretold() -> None:
    plan = plan_of(1, [Target("two-towns", outcome("y1"), 1.0, 0.1, 0.0)], BUDGET)
    seen = Seen(filling(1, 20, np.random.default_rng(1)), np.full((20, 2, 1), 2.0))
    assert emulators_of(plan, seen).implausibility(np.array([[0.5]])) == pytest.approx(20.0, rel=1e-3)


def test_choices_have_no_order() -> None:
    three = Unknown("a", "a", "", Prior(choices=("x", "y", "z")), "x", "assumption")
    two = Unknown("b", "b", "", Prior(choices=(False, True)), True, "assumption")
    found = features([three, two], np.array([[0.1, 0.1], [0.5, 0.9], [0.9, 0.9]]))
    assert found.tolist() == [[0.5, -0.5, -0.5, -0.5], [-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]]


def test_the_share_that_is_left_is_found_however_small() -> None:
    def far(at: np.ndarray) -> np.ndarray:
        return np.abs(at - 0.5).max(axis=1) / 0.01  # 3 and less: a cube with edges of 0.06

    left = what_is_left(far, 4, 3.0, np.random.default_rng(1))
    assert left.cutoff == 3.0
    assert left.share == pytest.approx(0.06**4, rel=0.5)
    assert (np.abs(left.points - 0.5) <= 0.03).all()
    assert left.points.std(axis=0) == pytest.approx([0.06 / 12**0.5] * 4, rel=0.15)


def test_where_nothing_is_left_the_nearest_is_told() -> None:
    left = what_is_left(lambda at: 5.0 + at.sum(axis=1), 2, 3.0, np.random.default_rng(1))
    assert 5.0 <= left.cutoff < 5.3
    assert left.points.sum(axis=1).max() <= left.cutoff - 5.0 + 1e-9


def test_moves_leave_a_density_as_it_is() -> None:
    rng = np.random.default_rng(1)
    points = moved(rng.random((2000, 2)), lambda at: -0.5 * ((at - 0.4) ** 2).sum(axis=1) / 0.1**2, rng, 30)
    assert points.mean(axis=0) == pytest.approx([0.4, 0.4], abs=0.01)
    assert points.std(axis=0) == pytest.approx([0.1, 0.1], rel=0.08)


def test_points_are_spread_out() -> None:
    points = np.random.default_rng(1).random((500, 2))
    chosen = spread_out(points, 10, np.random.default_rng(2))
    apart = np.sqrt(((chosen[:, None] - chosen[None]) ** 2).sum(axis=2))[np.triu_indices(10, 1)]
    assert apart.min() > 0.25


def test_weighted_quantiles_and_sets() -> None:
    nine = np.arange(9.0, 0.0, -1.0)
    assert weighted_quantiles(nine, np.full(9, 1 / 9), [0.1, 0.5, 0.9]).tolist() == pytest.approx(
        [1.0, 5.0, 9.0]
    )
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.4, 0.4])
    assert weighted_quantiles(values, weights, [0.5])[0] < 2.0 < weighted_quantiles(values, weights, [0.7])[0]
    few = np.array([0.0, 0.4, 0.5, 0.6, 1.0])  # worth three points: those at the ends have hardly any weight
    ends = weighted_quantiles(few, np.array([1e-6, 1 / 3, 1 / 3, 1 / 3, 1e-6]), [0.05, 0.95])
    assert ends.tolist() == pytest.approx([0.4, 0.6], abs=1e-4)
    posterior = Posterior(values[:, None], weights, 1.0)
    shares, found = chosen_sets(posterior, 10, np.random.default_rng(1))
    assert dict(zip(shares[:, 0].tolist(), found, strict=True)) == pytest.approx(
        {3.0: 0.2, 1.0: 0.4, 2.0: 0.4}
    )


def test_a_truth_is_found_and_what_does_nothing_is_not_learned(few: None) -> None:
    truth = np.array([0.3, 0.7, 0.2])
    plan = plan_of(3, observed(truth, 0.02, np.random.default_rng(4)), BUDGET)
    found = ensemble_of(MadeRuns(plan))
    tables = all_tables(found)
    parameters = tables["parameters"].set_index("parameter")
    assert parameters["verdict"].tolist() == [LEARNED, LEARNED, NOT_LEARNED]
    assert float(parameters.loc["x1", "place_median"]) == pytest.approx(0.3, abs=0.08)
    assert float(parameters.loc["x2", "place_median"]) == pytest.approx(0.7, abs=0.08)
    assert found.waves[-1].left.share < found.waves[0].left.share * 1.2 < 0.3
    assert tables["targets"]["hit"].sum() >= 2
    assert found.weights.sum() == pytest.approx(1.0)


def test_the_medoid_is_in_the_middle_of_what_was_learned_and_meets_what_was_learned_from(few: None) -> None:
    truth = np.array([0.3, 0.7, 0.2])
    found = ensemble_of(MadeRuns(plan_of(3, observed(truth, 0.02, np.random.default_rng(4)), BUDGET)))
    middle = found.weights @ found.shares[:, :2]
    away = np.abs(found.shares[:, :2] - middle).max(axis=1)
    assert found.met[found.medoid] == found.met.max() == 3
    assert away[found.medoid] <= np.median(away)
    idle = np.random.default_rng(1).random(len(found.shares))  # the third does nothing: it has no say
    elsewhere = replace(found, shares=np.column_stack([found.shares[:, :2], idle]))
    assert elsewhere.medoid == found.medoid
    values = found.seen.values.copy()
    values[found.medoid] += 10.0  # as if its run had missed all
    assert replace(found, seen=replace(found.seen, values=values)).medoid != found.medoid


def test_what_makes_up_for_each_other_is_told(few: None) -> None:
    plan = plan_of(2, [], BUDGET)
    (sum_of_both,) = (Target("two-towns", outcome("y3"), 1.0, 0.1, 0.0) for _ in range(1))
    plan = plan.observing([sum_of_both])

    class OfTheSum(MadeRuns):
        def seen(self, stage: Stage, shares: np.ndarray, replicates: int) -> Seen:
            rng = np.random.default_rng(len(shares))
            return Seen(
                shares, shares.sum(axis=1)[:, None, None] + rng.normal(0, LUCK, (len(shares), replicates, 1))
            )

    pairs = all_tables(ensemble_of(OfTheSum(plan)))["pairs"]
    assert pairs["correlation"].iloc[0] < -0.8
    assert bool(pairs["clear"].iloc[0])


def test_intervals_hold_the_truth_as_often_as_they_say(few: None) -> None:
    budget, tables = Budget(waves=1, points=30, replicates=2, posterior=60, sets=20), []
    for number in range(8):
        rng = np.random.default_rng([7, number])
        truth = rng.random(3)
        plan = plan_of(3, observed(truth, 0.04, rng), budget, seed=number)
        tables.append(truth_table(ensemble_of(MadeRuns(plan, seed=number)), truth, number))
    import pandas as pd

    found = coverage(pd.concat(tables)).set_index(["parameter", "interval"])["coverage"]
    assert found["all", 0.9] >= 0.8
    assert 0.3 <= found["all", 0.5] <= 0.75


def test_the_same_seed_gives_the_same_ensemble(few: None) -> None:
    plan = plan_of(2, observed(np.array([0.3, 0.6]), 0.05, np.random.default_rng(1)), BUDGET)
    one, other = (ensemble_of(MadeRuns(plan)) for _ in range(2))
    assert np.array_equal(one.shares, other.shares)
    assert np.array_equal(one.weights, other.weights)
