"""Scenarios under the same seeds: the same people in each, paired outcomes, what is left on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from synthetic_tables import make_run

from local_citizenship.experiments import comparison as comparison_module
from local_citizenship.experiments.comparison import (
    COLUMNS,
    Comparison,
    NothingToCompare,
    compare_scenarios,
    comparison_data,
    save_comparison,
)
from local_citizenship.outcomes import Run
from local_citizenship.outcomes.divergence import compare_lives
from local_citizenship.outcomes.measures import measures_table
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import load_scenario

WILLING = OutcomeSpec.parse("E3.willing_of_aware[overstayer]")


@pytest.fixture(scope="module")
def found(unafraid: Path) -> Comparison:
    """Two towns, and two towns without fear, under four seeds."""
    scenarios = [load_scenario(name, months=60) for name in ("two-towns", str(unafraid))]
    return compare_scenarios(scenarios, 4, outcomes=[WILLING])


def test_each_world_has_the_same_seeds_and_its_own_runs(found: Comparison) -> None:
    assert [arm.name for arm in found.arms] == ["two-towns", "unafraid"]
    assert found.seeds[0] == 1
    assert len(set(found.seeds)) == 4
    for arm in found.arms:
        assert list(arm.values.index) == found.seeds
    differences = found.differences(1)
    willing = differences[WILLING.name]
    assert willing.n == 4
    assert willing.clear
    assert willing.change > 0, "without fear more of those who know of help are willing to ask"
    assert willing.first == pytest.approx(found.arms[0].values[WILLING.name].mean())


def test_the_chosen_outcome_is_the_measure_of_the_last_year(found: Comparison) -> None:
    table = measures_table(simulate("two-towns", months=60))
    wanted = {"id": "E3", "measure": "willing_of_aware", "group": "overstayer"}
    rows = table[(table[list(wanted)] == list(wanted.values())).all(axis=1)].set_index("year")["value"]
    assert found.arms[0].values.loc[1, WILLING.name] == rows[1994]
    assert WILLING.value(simulate("two-towns", months=60), 1992) == rows[1992]


def test_the_first_seeds_people_are_the_same_in_both(found: Comparison) -> None:
    one, other = (arm.first for arm in found.arms)
    assert one is not None
    assert other is not None
    lives = compare_lives(one, other)
    assert (lives["in_a"] & lives["in_b"]).all()
    assert 0 < lives["parted"].count() < 0.5 * len(lives)


def test_the_same_scenario_twice_differs_by_exactly_nothing() -> None:
    scenario = load_scenario("two-towns", months=24)
    twice = compare_scenarios([scenario, scenario], 2, figures=False)
    assert [arm.name for arm in twice.arms] == ["two-towns (1)", "two-towns (2)"]
    for name, each in twice.differences(1).items():
        assert each.none_at_all or each.n == 0, name
    assert compare_lives(twice.arms[0].first, twice.arms[1].first)["parted"].isna().all()  # type: ignore[arg-type]


def test_lives_are_recorded_alike_and_nothing_else_changes() -> None:
    """Of two scenarios the one that records fewer lives records as many as the other, with the same outcomes."""
    scenario = load_scenario("two-towns", months=12)
    few = load_scenario("two-towns", months=12, sets=["stories.share=0"])
    both = compare_scenarios([few, scenario], 2, figures=False)
    counts = [len(arm.first.table("events")) for arm in both.arms if arm.first is not None]
    assert counts[0] == counts[1] > 0
    assert all(each.none_at_all or each.n == 0 for each in both.differences(1).values())


def test_a_run_that_fails_is_told_and_left_out_with_its_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("two-towns", months=12)
    kept = comparison_module._kept

    def fails_once(run: Run, **how: object) -> dict[str, object]:
        if run.seed != 1:
            raise ZeroDivisionError("out of luck")
        return kept(run, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(comparison_module, "_kept", fails_once)
    half = compare_scenarios([scenario, scenario], 2, figures=False)
    assert len(half.failed) == 2
    assert "ZeroDivisionError: out of luck" in half.failed[0]
    assert half.differences(1)["needs_met"].n == 1
    monkeypatch.setattr(comparison_module, "_kept", lambda run, **how: 1 / 0)
    with pytest.raises(NothingToCompare, match=r"no pair of runs went well.*division by zero"):
        compare_scenarios([scenario, scenario], 2, figures=False)


def test_pooled_tables_are_sums_over_runs() -> None:
    runs = [make_run(places=12, regions=2, months=24, seed=seed) for seed in (1, 2, 3)]
    for name in ("claiming-cascade", "who-met-the-need", "map"):
        tables = [FIGURES[name].data(run) for run in runs]
        pooled = FIGURES[name].pool(tables)
        assert list(pooled.columns) == list(tables[0].columns)
        count = "needs" if name == "map" else "episodes"
        assert pooled[count].sum() == pytest.approx(sum(t[count].sum() for t in tables) / 3)
        assert len(pooled) <= len(pd.concat(tables))
        alone = FIGURES[name].pool(tables[:1])
        key = [c for c in tables[0].columns if c in ("group", "stage", "year", "provider", "place")]
        same = [table.sort_values(key, ignore_index=True) for table in (alone, tables[0])]
        pd.testing.assert_frame_equal(*same, check_dtype=False)
    uneven = [FIGURES["unevenness"].data(run) for run in runs]
    expected = pd.concat(uneven).groupby(["of_what", "year", "part"])["theil"].mean()
    pooled = FIGURES["unevenness"].pool(uneven).set_index(["of_what", "year", "part"])["theil"].sort_index()
    assert pooled.to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)


def test_a_comparison_on_disk_describes_itself(found: Comparison, unafraid: Path, tmp_path: Path) -> None:
    scenarios = [load_scenario(name, months=60) for name in ("two-towns", str(unafraid))]
    lives = compare_lives(found.arms[0].first, found.arms[1].first)  # type: ignore[arg-type]
    folder = tmp_path / "left"
    titles = save_comparison(found, scenarios, folder, figures=True, command="it", lives={1: lives})
    assert len(titles) == len(list((folder / "figures").glob("*.png"))) >= 5
    about = json.loads((folder / "comparison.json").read_text())
    assert about["seeds"] == found.seeds
    assert about["command"] == "it"
    dictionary = pd.read_csv(folder / "data-dictionary.csv")
    for name in ("differences", "runs", "lives"):
        (file,) = (folder / "tables").glob(f"{name}*.csv")
        columns = set(pd.read_csv(file).columns)
        described = set(", ".join(dictionary.loc[dictionary["table"] == name, "column"]).split(", "))
        assert columns == described, name
        assert set(COLUMNS[name]) <= set(dictionary["column"])
    assert sorted(f.name for f in (folder / "scenarios").iterdir()) == ["two-towns.yaml", "unafraid.yaml"]
    runs = pd.read_csv(folder / "tables" / "runs.csv")
    assert len(runs) == 2 * 4 * len(found.words)
    assert "60" not in comparison_data(found).source
    assert "4 seeds in each, from 1; 1990-01 to 1994-12" in comparison_data(found).source


def test_numbers_are_finite_or_missing(found: Comparison) -> None:
    table = found.differences_table()
    assert np.isfinite(table.loc[table["n"] > 1, ["difference", "low", "high"]].to_numpy()).all()
    assert (table["low"] <= table["difference"]).all()
    assert (table["difference"] <= table["high"]).all()
