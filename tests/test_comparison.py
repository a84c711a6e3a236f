"""Scenarios under the same seeds: the same people in each, paired outcomes, what is left on disk."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from synthetic_tables import make_run

from local_citizenship.experiments import comparison as comparison_module
from local_citizenship.experiments.chosen_outcome import UnknownOutcome, outcome_named
from local_citizenship.experiments.comparison import Comparison, NothingToCompare, compare_scenarios
from local_citizenship.experiments.comparison_folder import COLUMNS, comparison_data, save_comparison
from local_citizenship.experiments.pooled import pool
from local_citizenship.outcomes import Run
from local_citizenship.outcomes.divergence import compare_lives
from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.scenarios import load_scenario

UNAFRAID = "extends: two-towns\ntitle: Without fear\nfear: {weight: 0}\n"


@pytest.fixture(scope="module")
def unafraid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scenarios") / "unafraid.yaml"
    file.write_text(UNAFRAID)
    return file


@pytest.fixture(scope="module")
def found(unafraid: Path) -> Comparison:
    """Two towns, and two towns without fear, under four seeds."""
    scenarios = [load_scenario(name, months=60) for name in ("two-towns", str(unafraid))]
    return compare_scenarios(scenarios, 4, outcomes=[outcome_named("E3.willing_of_aware[overstayer]")])


def test_each_world_has_the_same_seeds_and_its_own_runs(found: Comparison) -> None:
    assert [world.name for world in found.worlds] == ["two-towns", "unafraid"]
    assert found.seeds[0] == 1
    assert len(set(found.seeds)) == 4
    for world in found.worlds:
        assert list(world.values.index) == found.seeds
    differences = found.differences(1)
    willing = differences["E3.willing_of_aware[overstayer]"]
    assert willing.n == 4
    assert willing.clear
    assert willing.change > 0, "without fear more of those who know of help are willing to ask"
    assert willing.first == pytest.approx(found.worlds[0].values["E3.willing_of_aware[overstayer]"].mean())


def test_the_chosen_outcome_is_the_measure_of_the_last_year(found: Comparison) -> None:
    first = found.worlds[0]
    single = load_scenario("two-towns", months=60)
    run = comparison_module.Run.from_model(_model_of(single))
    table = run_measures(run)
    rows = table[
        (table["id"] == "E3") & (table["measure"] == "willing_of_aware") & (table["group"] == "overstayer")
    ]
    expected = rows[rows["year"] == 1994]["value"].iloc[0]
    assert first.values.loc[1, "E3.willing_of_aware[overstayer]"] == expected
    assert (
        outcome_named("E3.willing_of_aware[overstayer]").value(run, 1992)
        == (rows[rows["year"] == 1992]["value"].iloc[0])
    )


def _model_of(scenario: object) -> object:
    from local_citizenship.model import LocalCitizenship

    model = LocalCitizenship(scenario)  # type: ignore[arg-type]
    model.run()
    return model


def run_measures(run: Run) -> pd.DataFrame:
    from local_citizenship.outcomes.measures import measures_table

    return measures_table(run)


def test_the_first_seeds_people_are_the_same_in_both(found: Comparison) -> None:
    one, other = (world.first for world in found.worlds)
    assert one is not None
    assert other is not None
    lives = compare_lives(one, other)
    assert (lives["in_a"] & lives["in_b"]).all()
    assert 0 < lives["parted"].count() < 0.5 * len(lives)


def test_the_same_scenario_twice_differs_by_exactly_nothing() -> None:
    scenario = load_scenario("two-towns", months=24)
    twice = compare_scenarios([scenario, scenario], 2, figures=False)
    assert [world.name for world in twice.worlds] == ["two-towns (1)", "two-towns (2)"]
    for name, each in twice.differences(1).items():
        assert each.none_at_all or each.n == 0, name
    assert compare_lives(twice.worlds[0].first, twice.worlds[1].first)["parted"].isna().all()  # type: ignore[arg-type]


def test_lives_are_recorded_alike_and_nothing_else_changes() -> None:
    """Of two scenarios the one that records fewer lives records as many as the other, with the same outcomes."""
    scenario = load_scenario("two-towns", months=12)
    few = load_scenario("two-towns", months=12, sets=["stories.share=0"])
    both = compare_scenarios([few, scenario], 2, figures=False)
    counts = [len(world.first.table("events")) for world in both.worlds if world.first is not None]
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("E3.served_of_need", "did you mean E3.served_of_needs"),
        ("E1.served_of_needs", "did you mean E3.served_of_needs"),
        ("nonsense", "measures --define"),
        ("E3.aware[", "there is no outcome"),
    ],
)
def test_an_unknown_outcome_names_the_nearest(name: str, words: str) -> None:
    with pytest.raises(UnknownOutcome, match=re.escape(words)):
        outcome_named(name)
    assert outcome_named("e3.Served_of_needs".replace("S", "s")).name == "E3.served_of_needs"


def test_pooled_tables_are_sums_over_runs() -> None:
    runs = [make_run(places=12, regions=2, months=24, seed=seed) for seed in (1, 2, 3)]
    for name in ("claiming-cascade", "who-met-the-need", "map"):
        tables = [FIGURES[name].data(run) for run in runs]
        pooled = pool(name, tables)
        assert list(pooled.columns) == list(tables[0].columns)
        count = "needs" if name == "map" else "episodes"
        assert pooled[count].sum() == pytest.approx(sum(t[count].sum() for t in tables) / 3)
        assert len(pooled) <= len(pd.concat(tables))
        alone = pool(name, tables[:1])
        key = [c for c in tables[0].columns if c in ("group", "stage", "year", "provider", "place")]
        pd.testing.assert_frame_equal(
            alone.sort_values(key, ignore_index=True),
            tables[0].sort_values(key, ignore_index=True),
            check_dtype=False,
        )
    uneven = [FIGURES["unevenness"].data(run) for run in runs]
    expected = pd.concat(uneven).groupby(["of_what", "year", "part"])["theil"].mean()
    assert pool("unevenness", uneven).set_index(["of_what", "year", "part"])[
        "theil"
    ].sort_index().to_numpy() == (pytest.approx(expected.to_numpy(), nan_ok=True))


def test_a_comparison_on_disk_describes_itself(found: Comparison, unafraid: Path, tmp_path: Path) -> None:
    scenarios = [load_scenario(name, months=60) for name in ("two-towns", str(unafraid))]
    lives = compare_lives(found.worlds[0].first, found.worlds[1].first)  # type: ignore[arg-type]
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
