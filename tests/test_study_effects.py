"""Points compared, effects and interactions, levers over uncertain worlds: made studies whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from study_samples import grid, linear, sobol_points, study

from local_citizenship.experiments.studies.comparing import Verdict, differences, estimates, verdict
from local_citizenship.experiments.studies.factor_effects import effects, robustness
from local_citizenship.experiments.studies.results import ReadingError, StudyResults

CORNERS = grid((0.0, 1.0), (0.0, 1.0))


def corners(x: np.ndarray) -> np.ndarray:
    """Effects at the low value of the other: 1 and 2; together half a unit more."""
    return 10.0 + x[:, 0] + 2.0 * x[:, 1] + 0.5 * x[:, 0] * x[:, 1]


def two(**how: Any) -> StudyResults:
    """Two points, one unit apart."""
    return study(
        "list", np.array([[0.0], [1.0]]), linear(1.0), **{"replicates": 12, "luck": 3.0, "noise": 0.1, **how}
    )


# --- points


def test_estimates_of_points() -> None:
    made = study("list", np.array([[0.0]]), linear(1.0), replicates=9, noise=1.0)
    values = made.values["value"].to_numpy()
    (row,) = estimates(made.outcome("y")).to_dict("records")
    expected = stats.t.interval(0.95, 8, loc=values.mean(), scale=stats.sem(values))
    assert (row["low"], row["high"]) == pytest.approx(expected)
    assert row["q05"] == pytest.approx(np.quantile(values, 0.05))
    assert (row["n"], row["label"], row["unit"]) == (9, "Needs met", "units")
    assert row["band"] == "95% interval of the mean"


def test_shared_luck_is_paired() -> None:
    paired = differences(two(shared=True).outcome("y"), against=0).iloc[0]
    assert paired["band"] == "95% interval of the mean paired difference"
    assert paired["difference"] == pytest.approx(1.0, abs=0.1)
    assert paired["high"] - paired["low"] < 0.3
    many = differences(two(shared=True, luck=1.0, replicates=1000).outcome("y"), against=0).iloc[0]
    assert many["variance_reduction_factor"] == pytest.approx((1.0 + 0.01) / 0.01, rel=0.15)
    unpaired = differences(two(shared=False, noise=3.0).outcome("y"), against=0).iloc[0]
    assert unpaired["band"] == "95% interval of the difference of means"
    assert unpaired["high"] - unpaired["low"] > 3.0
    assert np.isnan(unpaired["variance_reduction_factor"])


def test_welch_interval() -> None:
    made = two(shared=False, noise=1.0)
    wide = made.outcome("y").wide
    found = differences(made.outcome("y"), against=0).iloc[0]
    expected = stats.ttest_ind(wide.loc[1], wide.loc[0], equal_var=False).confidence_interval(0.95)
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))


def test_a_pair_that_lacks_a_run_is_left_out() -> None:
    made = two(shared=True)
    lost = made.values["point"].eq(1) & made.values["replicate"].eq(4)
    found = differences(replace(made, values=made.values[~lost]).outcome("y"), against=0).iloc[0]
    assert found["n"] == 11


def test_as_many_more_replicates_as_told_are_enough() -> None:
    def judged(**how: Any) -> Verdict:
        return verdict(two(shared=True, **how).outcome("y"), target=0.3)

    few = judged(noise=1.0, replicates=6, seed=3)
    assert few.more is not None
    assert not few.enough
    assert f"about {few.more} more would make the largest difference known within 0.3 units" in few.words
    halves = [judged(noise=1.0, replicates=6 + few.more, seed=seed).half for seed in range(20)]
    assert np.median(halves) == pytest.approx(0.3, rel=0.5)
    known = "n = 12 a point: enough (the largest difference is known within 0.3 units)"
    assert judged().words.startswith(known)


def test_one_point_is_judged_by_its_mean() -> None:
    lone = study("list", np.array([[0.5]]), linear(1.0), replicates=5, noise=0.001, unit="share of needs")
    known = "n = 5 a point: enough (the mean is known within 1 percentage point)"
    assert verdict(lone.outcome("y")).words == known
    single = study("list", np.array([[0.5]]), linear(1.0))
    assert verdict(single.outcome("y")).words == "n = 1 a point, so that no interval can be told"


# --- effects


def test_main_effects_and_interaction_of_a_made_two_by_two() -> None:
    made = study("grid", CORNERS, corners, roles=["lever", "uncertainty"])
    found = effects(made.outcome("y"))
    assert found["effect"].tolist() == pytest.approx(
        [1.25, 2.25, 0.5]
    )  # main ones over both values of the other
    assert found["kind"].tolist() == ["main", "main", "interaction"]
    assert found["role"].tolist() == ["lever", "uncertainty", "lever"]
    assert found["low"].isna().all()  # of one replicate


@pytest.mark.parametrize("shared", [False, True])
def test_effects_in_noise_have_intervals_that_cover_them(shared: bool) -> None:
    held = []
    for seed in range(60):
        made = study("grid", CORNERS, corners, replicates=6, noise=0.5, luck=2.0, shared=shared, seed=seed)
        found = effects(made.outcome("y"))
        truth = np.array([1.25, 2.25, 0.5])
        held.append((found["low"].to_numpy() <= truth) & (truth <= found["high"].to_numpy()))
        assert set(found["n"]) == {6}
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)


def test_several_scenarios_are_a_lever() -> None:
    made = study("grid", np.array([[0.0], [1.0]]), linear(2.0), scenarios=("plain", "firewall"), lift=3.0)
    found = effects(made.outcome("y")).set_index("factor")
    assert found.loc["scenario", "effect"].tolist() == pytest.approx([3.0, 0.0])  # main, and with x1
    assert found.loc["x1", "effect"] == pytest.approx(2.0)


def test_one_factor_at_a_time_is_told_against_the_base_case() -> None:
    points = np.array([[0.5, 0.5], [0.0, 0.5], [1.0, 0.5], [0.5, 1.0]])
    made = study("ofat", points, linear(2.0, -3.0))
    found = effects(made.outcome("y"))
    assert dict(zip(found["to"], found["effect"], strict=True))["0"] == pytest.approx(-1.0)
    assert found["effect"].tolist() == pytest.approx([-1.0, 1.0, -1.5])
    assert made.point_names() == {0: "base case", 1: "0: Factor x1", 2: "1: Factor x1", 3: "1: Factor x2"}


def test_the_base_case_is_the_first_point_also_of_one_factor() -> None:
    """Of one factor each value comes once, and none is the most frequent."""
    made = study("ofat", np.array([[8.0], [1.0], [10.0]]), linear(2.0), scenarios=("plain", "firewall"))
    assert made.base_points() == {"plain": 0, "firewall": 3}
    names = made.point_names()
    assert [names[point] for point in range(3)] == [
        "plain, base case",
        "plain, 1: Factor x1",
        "plain, 10: Factor x1",
    ]
    assert effects(made.outcome("y"))["effect"].tolist() == pytest.approx([-14.0, 4.0] * 2)
    two_at_once = study("ofat", np.array([[8.0, 1.0], [1.0, 2.0]]), linear(2.0, 1.0))
    with pytest.raises(ReadingError, match="one factor at a time"):
        two_at_once.base_points()


def test_a_sample_tells_no_effects() -> None:
    made = study("lhs", np.random.default_rng(1).random((8, 2)), linear(1.0, 1.0))
    with pytest.raises(ReadingError, match="not crossed"):
        effects(made.outcome("y"))


def test_years_that_are_not_told() -> None:
    made = study("list", np.array([[0.0], [1.0]]), linear(1.0), years=(2001, 2002))
    assert made.outcome("yearly").year == 2002
    assert made.outcome("yearly", 2001).label == "Unevenness, 2001"
    with pytest.raises(ReadingError, match="not told of 1999: there is 2001 to 2002"):
        made.outcome("yearly", 1999)
    with pytest.raises(ReadingError, match="the whole run only"):
        made.outcome("y", 2001)


# --- levers


def test_a_lever_over_the_uncertain_worlds_of_a_grid() -> None:
    """The lever adds 1 in one world and takes 2 in the other."""
    made = study("grid", CORNERS, lambda x: x[:, 0] * (1.0 - 3.0 * x[:, 1]), roles=["lever", "uncertainty"])
    found = robustness(made.outcome("y"), better="high")
    assert found[["lever", "from", "to", "n"]].values.tolist() == [["x1", "0", "0", 2], ["x1", "0", "1", 2]]
    assert found["worst_regret"].tolist() == pytest.approx([1.0, 2.0])
    row = found.iloc[1]
    assert (row["median"], row["same_sign"]) == pytest.approx((-0.5, 0.5))
    assert row["q05"] < -1.8
    with pytest.raises(ReadingError, match="must be high or low"):
        robustness(made.outcome("y"), better="more")


def test_a_lever_that_is_switched_on_and_off() -> None:
    roles = ["lever", "uncertainty"]
    made = study("grid", CORNERS, linear(-2.0, 1.0), roles=roles, shared=True, replicates=3)
    switched = replace(made, points=made.points.assign(x1=made.points["x1"] > 0.5))
    (row,) = robustness(switched.outcome("y")).to_dict("records")
    assert (row["from"], row["to"], row["n"]) == ("false", "true", 6)
    assert (row["q05"], row["q95"]) == pytest.approx((-2.0, -2.0))
    main = effects(switched.outcome("y")).iloc[0]
    assert (main["from"], main["to"], main["effect"]) == ("false", "true", pytest.approx(-2.0))


def test_a_lever_over_a_sobol_sample() -> None:
    made = study("sobol", sobol_points(2, 64), linear(3.0, 5.0), roles=["lever", "uncertainty"])
    (row,) = robustness(made.outcome("y")).to_dict("records")
    assert (row["q05"], row["median"], row["q95"]) == pytest.approx((3.0, 3.0, 3.0))
    assert (row["from"], row["to"], row["same_sign"]) == ("0", "1", 1.0)


def test_scenarios_over_one_sample() -> None:
    points = np.random.default_rng(1).random((20, 2))
    made = study("lhs", points, linear(1.0, 1.0), scenarios=("plain", "firewall"), lift=2.0, replicates=2)
    (row,) = robustness(made.outcome("y")).to_dict("records")
    assert (row["lever"], row["from"], row["to"], row["n"]) == ("scenario", "plain", "firewall", 20)
    assert row["median"] == pytest.approx(2.0)


def test_without_levers_or_without_uncertainty_there_is_no_spread_to_tell() -> None:
    for roles in (["lever", "lever"], ["uncertainty", "uncertainty"]):
        made = study("grid", CORNERS, corners, roles=roles)
        assert robustness(made.outcome("y")).empty
