"""Sensitivity of made studies: known indices are found, and known noise is told from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.sample import latin
from SALib.sample import morris as morris_sample
from SALib.test_functions import Ishigami
from study_samples import ASSUMED, CITED, FITTED, Function, grid, linear, problem, sobol_points, study

from local_citizenship.experiments.studies import morris, sobol, verdicts
from local_citizenship.experiments.studies.results import ReadingError
from local_citizenship.experiments.studies.sensitivity import Sensitivity, sensitivity

# Ishigami and Homma 1990, with a = 7 and b = 0.1.
ISHIGAMI_S1, ISHIGAMI_ST, ISHIGAMI_VARIANCE = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), 13.845


def indices(told: Sensitivity, index: str, column: str = "value") -> np.ndarray:
    return told.indices.loc[told.indices["index"] == index, column].to_numpy(dtype=float)


def shares(told: Sensitivity) -> dict[str, float]:
    return dict(zip(told.shares["rests_on"], told.shares["share"], strict=True))


def read(design: str, points: np.ndarray, function: Function, **how: Any) -> Sensitivity:
    """What a made study tells of its one outcome."""
    (told,) = sensitivity(study(design, points, function, **how).outcome("y"))
    return told


def holds(told: Sensitivity, truth: np.ndarray) -> np.ndarray:
    """Which intervals of total indices hold the true ones."""
    return (indices(told, "ST", "low") <= truth) & (truth <= indices(told, "ST", "high"))


def half_widths(told: Sensitivity, index: str) -> np.ndarray:
    return (indices(told, index, "high") - indices(told, index, "low")) / 2


# --- Sobol'


@pytest.mark.parametrize("shared", [False, True])
def test_sobol_indices_of_ishigami_are_found_in_noise(shared: bool) -> None:
    points = sobol_points(3, 1024, low=-np.pi, high=np.pi)
    made = study("sobol", points, Ishigami.evaluate, replicates=4, noise=3.0, luck=2.0, shared=shared)
    (told,) = sensitivity(made.outcome("y"))
    assert indices(told, "S1") == pytest.approx(ISHIGAMI_S1, abs=0.04)
    assert indices(told, "ST") == pytest.approx(ISHIGAMI_ST, abs=0.05)
    assert told.variance == pytest.approx(ISHIGAMI_VARIANCE, rel=0.06)
    # Luck that all points share is part of the noise of single runs, but makes no difference between points.
    assert told.noise == pytest.approx(np.mean(made.outcome("y").wide.var(axis=1)), rel=1e-9)
    if not shared:
        assert told.noise == pytest.approx(9.0, rel=0.06)


def test_luck_would_raise_the_total_indices_and_is_taken_out() -> None:
    """ST of means is (ST V + noise/R) / (V + noise/R); a factor that does nothing shows it best."""
    told = read("sobol", sobol_points(3, 1024), linear(1.0, 1.0, 0.0), replicates=2, noise=0.3)
    variance, luck = 2 / 12, 0.09 / 2
    assert indices(told, "ST", "raw")[2] == pytest.approx(luck / (variance + luck), abs=0.03)
    assert indices(told, "ST")[2] == pytest.approx(0.0, abs=0.03)
    assert shares(told)["luck"] == pytest.approx(0.09 / (0.09 + variance), abs=0.03)
    assert "Luck makes 3" in told.sentences[0]
    assert "1 of 3 can't be told from zero" in " ".join(told.sentences)


def test_without_noise_the_indices_are_those_of_salib() -> None:
    points = sobol_points(3, 64, second=True)

    def function(x: np.ndarray) -> np.ndarray:
        return x[:, 0] + 2.0 * x[:, 1] * x[:, 2]

    told = read("sobol", points, function)
    expected = salib_sobol.analyze(problem(3), function(points), seed=1)
    for index in ("S1", "ST"):
        assert indices(told, index) == pytest.approx(expected[index], rel=1e-9)
    assert indices(told, "S2") == pytest.approx(expected["S2"][np.triu_indices(3, 1)], rel=1e-9)
    assert half_widths(told, "ST") == pytest.approx(
        expected["ST_conf"], rel=0.35
    )  # both resample, with other draws


def _told(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    """Indices as `Sensitivity` has them: index, factor, value, low, high."""
    table = pd.DataFrame(rows, columns=["index", "factor_label", "value", "low", "high"])
    return table.assign(floor=np.nan, unit="share")


def test_a_share_above_one_is_called_the_error_it_is() -> None:
    """Of few base samples the numerator and the variance that it is a share of are of different points."""
    (said,) = verdicts._beyond(_told(("S1", "A", 1.12, 0.81, 1.43), ("ST", "A", 0.95, 0.7, 1.2)))
    assert said.startswith("S1 of A is 1.12 (0.81 to 1.43), and no share is above 1: this is the error")
    assert said.endswith("Read it as 0.81 to 1.")
    (said,) = verdicts._beyond(_told(("S1", "A", 1.12, 1.02, 1.22)))
    assert "Do not read it" in said
    assert verdicts._beyond(_told(("S1", "A", 1.001, 0.9, 1.1), ("S2", "A", 1.3, 0.9, 1.7))) == []


def test_what_matters_most_is_said_only_if_the_intervals_decide_it() -> None:
    apart = _told(("ST", "A", 0.2, 0.1, 0.3), ("ST", "B", 0.8, 0.7, 0.9), ("ST", "C", 0.0, -0.1, 0.1))
    rows, decided = verdicts.leaders("sobol", apart)
    assert (rows["factor_label"].tolist(), decided) == (["B"], True)
    assert verdicts._who("sobol", apart).startswith(
        "What matters most: B (ST 0.8, 0.7 to 0.9). Then A (ST 0.2,"
    )
    near = _told(("ST", "A", 0.5, 0.4, 0.6), ("ST", "B", 0.55, 0.45, 0.65))
    rows, decided = verdicts.leaders("sobol", near)
    assert (rows["factor_label"].tolist(), decided) == (["B", "A"], False)
    assert verdicts._who("sobol", near).endswith("overlap, so that which matters most is not decided.")
    two = _told(
        ("PRCC", "A", -0.9, -0.95, -0.8), ("PRCC", "B", 0.88, 0.8, 0.94), ("PRCC", "C", 0.1, -0.2, 0.4)
    )
    rows, decided = verdicts.leaders("lhs", two)
    assert (rows["factor_label"].tolist(), decided) == (["A", "B"], True)


def test_one_factor_alone_has_no_pair() -> None:
    made = study("sobol", sobol_points(1, 16, second=True), lambda x: x[:, 0])
    (told,) = sensitivity(made.outcome("y"))
    assert set(told.indices["index"]) == {"S1", "ST"}


def test_interaction_is_second_order() -> None:
    """Of (x1 - 1/2)(x2 - 1/2) neither factor does anything alone."""
    points = sobol_points(2, 512, second=True)
    told = read("sobol", points, lambda x: (x[:, 0] - 0.5) * (x[:, 1] - 0.5), sources=[ASSUMED, CITED])
    assert indices(told, "S2") == pytest.approx([1.0], abs=0.08)
    assert indices(told, "S1") == pytest.approx([0.0, 0.0], abs=0.05)
    assert shares(told)["interplay"] == pytest.approx(1.0, abs=0.08)
    assert told.shares["at_most"].iloc[0] == pytest.approx(1.0, abs=0.05)  # all may hang on the assumption


def test_shares_by_source() -> None:
    """Of 3 x1 + 2 x2 + x3 + x4 the variances are as 9, 4, 1, 1; noise of 15/12 is as much again."""
    about = {"roles": ["uncertainty"] * 3 + ["lever"], "sources": [ASSUMED, FITTED, CITED, ASSUMED]}
    noise = (15 / 12) ** 0.5
    told = read(
        "sobol", sobol_points(4, 1024), linear(3.0, 2.0, 1.0, 1.0), replicates=4, noise=noise, **about
    )
    expected = {"assumption": 9 / 30, "fitted": 4 / 30, "cited": 1 / 30, "lever": 1 / 30}
    assert shares(told) == pytest.approx({**expected, "interplay": 0.0, "luck": 0.5}, abs=0.03)
    row = told.shares.iloc[0]
    assert row["low"] < 9 / 30 < row["high"]
    assert "assumptions make" in told.sentences[-1]


def test_intervals_cover_what_they_should() -> None:
    """Of 80 small noisy designs, at least 9 in 10 intervals hold the true ST (they are on the safe side)."""
    truth = np.array([0.8, 0.2, 0.0])
    held = []
    for seed in range(80):
        points = np.random.default_rng(seed).random((64 * 2, 3))
        a, b = points[:64], points[64:]
        blocks = np.stack([a, *(np.where(np.eye(3, dtype=bool)[j], b, a) for j in range(3)), b], axis=1)
        points = blocks.reshape(-1, 3)
        told = read("sobol", points, linear(2.0, 1.0, 0.0), replicates=3, noise=0.3, seed=seed)
        held.append(holds(told, truth))
    assert np.mean(held) >= 0.9
    assert np.mean(held) < 1.0


def test_a_block_that_lacks_a_run_is_left_out() -> None:
    made = study("sobol", sobol_points(2, 32), linear(1.0, 1.0), replicates=3, noise=0.1)
    lost = made.values["point"].eq(5) & made.values["replicate"].eq(1)  # in the second block of four points
    (told,) = sensitivity(replace(made, values=made.values[~lost]).outcome("y"))
    assert set(told.indices["n"]) == {31}
    assert indices(told, "ST") == pytest.approx([0.5, 0.5], abs=0.2)
    assert told.noise == pytest.approx(0.01, rel=0.3)


def test_points_that_are_no_sobol_sample_are_refused() -> None:
    made = study("sobol", np.random.default_rng(1).random((32, 2)), linear(1.0, 1.0))
    with pytest.raises(ReadingError, match="no Sobol' sample"):
        sensitivity(made.outcome("y"))
    assert sobol.blocks_of(made.points[["x1", "x2"]]) is None


def test_small_and_noisy_designs_say_so() -> None:
    few = read("sobol", sobol_points(2, 8), linear(1.0, 1.0), replicates=2, noise=0.1)
    assert not few.told
    assert any("too small" in sentence for sentence in few.sentences)
    one = read("sobol", sobol_points(2, 64), linear(1.0, 1.0))
    assert "one replicate a point, so luck can't be told" in one.sentences[0]
    assert np.isnan(shares(one)["luck"])
    assert any("Convergence: from 32 to 64 base samples" in sentence for sentence in one.sentences)
    assert {16, 32, 64} == set(one.convergence["n"])


def test_where_all_is_luck_it_says_so() -> None:
    still = linear(0.0, 0.0)
    for told in (
        read("sobol", sobol_points(2, 16), still, replicates=3, noise=1.0),
        read("grid", grid((0.0, 1.0), (0.0, 1.0)), still, replicates=3, noise=1.0, seed=3),
    ):
        assert not told.told
        assert "no clear difference here that luck does not make as well" in told.sentences[0]
        assert told.shares["share"].max() <= 1.0
        assert (
            told.indices[["value", "low", "high"]].isna().all(axis=None)
        )  # shares of nothing that can be told
    assert not read("sobol", sobol_points(2, 16), still, replicates=3).told


def test_each_scenario_has_its_own_indices() -> None:
    points = sobol_points(2, 32)
    made = study("sobol", points, linear(1.0, 2.0), scenarios=("two-towns", "no-ngos"), lift=5.0)
    told = sensitivity(made.outcome("y"))
    assert [each.scenario for each in told] == ["two-towns", "no-ngos"]
    assert indices(told[0], "S1") == pytest.approx(indices(told[1], "S1"))


@pytest.mark.parametrize("replicates", [2, 3])
def test_luck_that_changes_what_a_factor_does_widens_the_intervals(replicates: int) -> None:
    """A slope that differs between replicates, alike at all points: resampling points does not see it."""
    truth, held = np.array([0.8, 0.2, 0.0]), []
    for seed in range(25):
        points = sobol_points(3, 32, seed=seed + 1)
        made = study("sobol", points, linear(2.0, 1.0, 0.0), replicates=replicates, shared=True, seed=seed)
        slope = np.random.default_rng(seed).normal(0.0, 0.5, replicates)
        values = made.values
        lift = slope[values["replicate"]] * (points[values["point"], 2] - 0.5)
        (told,) = sensitivity(replace(made, values=values.assign(value=values["value"] + lift)).outcome("y"))
        held.append(holds(told, truth))
        warned = any("too narrow: 3 replicates or more" in sentence for sentence in told.sentences)
        assert warned is (replicates == 2)
    if replicates > 2:
        assert np.mean(held) >= 0.85


# --- Morris


def test_elementary_effects_are_those_of_salib() -> None:
    points = morris_sample.sample(problem(4), 10, num_levels=4, seed=2)

    def function(x: np.ndarray) -> np.ndarray:
        return 3.0 * x[:, 0] - 2.0 * x[:, 1] + x[:, 2] * x[:, 1] + np.sin(5 * x[:, 3])

    told = read("morris", points, function)
    expected = salib_morris.analyze(problem(4), points, function(points), num_levels=4, seed=1)
    for index in ("mu", "mu_star", "sigma"):
        assert indices(told, index) == pytest.approx(np.asarray(expected[index], dtype=float), rel=1e-9)


def test_noise_does_not_pass_for_an_effect() -> None:
    """Of a straight line the effects differ by luck alone, and a factor that does nothing stays below the floor."""
    points = morris_sample.sample(problem(3), 40, num_levels=4, seed=2)
    noisy = {"replicates": 4, "noise": 0.2, "sources": [ASSUMED, CITED, CITED]}
    told = read("morris", points, linear(2.0, -1.0, 0.0), **noisy)
    assert indices(told, "mu") == pytest.approx([2.0, -1.0, 0.0], abs=0.12)
    luck = 0.2 * (2 / 4) ** 0.5 * 1.5  # of the difference of two means, over a step of two thirds
    assert indices(told, "sigma", "raw") == pytest.approx([luck] * 3, rel=0.3)
    assert (indices(told, "sigma") < 0.5 * luck).all()
    star, floor = indices(told, "mu_star"), indices(told, "mu_star", "floor")
    assert (star[:2] > 4 * floor[:2]).all()
    assert star[2] < floor[2]
    assert "Of 3 factors, 2 have a larger mean effect than luck alone" in told.sentences[0]
    assert shares(told)["assumption"] == pytest.approx(0.8, abs=0.05)
    assert "no share of variance" in told.sentences[-1]


def test_steps_that_rounding_undid_are_left_out() -> None:
    unit = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    rows = morris.trajectories_of(unit)
    assert rows is not None
    found = morris.elementary_effects(unit, rows, (unit @ np.array([2.0, 3.0]))[:, None])[:, :, 0]
    assert np.isnan(found[0, 0])
    assert found[1].tolist() == pytest.approx([2.0, 3.0])
    assert morris.trajectories_of(np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])) is None


# --- Latin hypercube and grid


def test_straight_lines_over_a_latin_hypercube() -> None:
    points = latin.sample(problem(3), 200, seed=4)
    noisy = {"replicates": 3, "noise": (5 / 12) ** 0.5, "sources": [ASSUMED, CITED, CITED]}
    told = read("lhs", points, linear(2.0, -1.0, 0.0), **noisy)
    assert indices(told, "linear") == pytest.approx([0.8, 0.2, 0.0], abs=0.09)
    prcc = indices(told, "PRCC")
    assert prcc[0] > 0.75 > 0.2 > abs(prcc[2])
    assert prcc[1] < -0.5
    expected = {
        "assumption": (0.4, 0.07),
        "cited": (0.1, 0.05),
        "luck": (0.5, 0.05),
        "interplay": (0.0, 0.06),
    }
    for kind, (share, within) in expected.items():
        assert shares(told)[kind] == pytest.approx(share, abs=within), kind


def test_what_no_straight_line_explains_is_told() -> None:
    points = latin.sample(problem(2), 200, seed=4)
    told = read("lhs", points, lambda x: (x[:, 0] - 0.5) ** 2)
    assert indices(told, "linear") == pytest.approx([0.0, 0.0], abs=0.05)
    assert shares(told)["interplay"] == pytest.approx(1.0, abs=0.05)
    assert not read("lhs", points[:8], linear(1.0, 1.0)).told


def test_shares_over_a_grid_are_exact() -> None:
    """Of 2 a + b + 2 a b with a and b of -1 and 1: variances 4, 1 and 4."""
    points = grid((-1.0, 1.0), (-1.0, 1.0))
    noisy = {"replicates": 400, "noise": 3.0, "sources": [ASSUMED, CITED]}
    told = read("grid", points, lambda x: 2 * x[:, 0] + x[:, 1] + 2 * x[:, 0] * x[:, 1], **noisy)
    assert indices(told, "S1") == pytest.approx([4 / 9, 1 / 9], abs=0.03)
    assert indices(told, "ST") == pytest.approx([8 / 9, 5 / 9], abs=0.03)
    expected = {"assumption": 4 / 18, "cited": 1 / 18, "interplay": 4 / 18, "luck": 0.5}
    assert shares(told) == pytest.approx(expected, abs=0.03)
    assert (half_widths(told, "ST") > 0).all()


# --- what can't be told


def test_designs_without_sensitivity_name_those_that_have_it() -> None:
    points = np.array([[0.5, 0.5], [0.0, 0.5], [0.5, 1.0]])
    with pytest.raises(ReadingError, match="designs sobol, morris, lhs and grid do"):
        sensitivity(study("ofat", points, linear(1.0, 1.0)).outcome("y"))


def test_no_runs_and_unknown_outcomes() -> None:
    made = study("grid", grid((0.0, 1.0), (0.0, 1.0)), linear(1.0, 1.0))
    failed = replace(made, runs=made.runs.assign(error="boom"), values=made.values.iloc[:0])
    lacking = replace(made, values=made.values[made.values["point"] != 2])
    for of, outcome, said in (
        (made, "Y", "no outcome 'Y'; did you mean 'y'"),
        (failed, "y", "no finished run to read: 4 failed"),
        (lacking, "y", "no replicate of study made has a value of y at all 4 points"),
    ):
        with pytest.raises(ReadingError, match=said):
            sensitivity(of.outcome(outcome))


def test_every_index_says_what_it_is() -> None:
    told = read("sobol", sobol_points(2, 16), linear(1.0, 1.0), replicates=2)
    words = ("label", "unit", "factor", "role", "rests_on", "index", "band")
    numbers = ("value", "low", "high", "n", "replicates")
    assert told.indices[[*words, *numbers]].notna().all().all()
    assert (told.indices["band"].str.contains("95%")).all()
