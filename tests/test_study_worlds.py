"""Studies with `uncertainty: ensemble`: worlds at every point, luck shared within them, told with its parts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import assert_readable
from matplotlib.backends.backend_agg import FigureCanvasAgg
from study_tools import Here, made

from local_citizenship.experiments.studies import ensembles, folder, working
from local_citizenship.experiments.studies.folder import StudyFolder, open_study
from local_citizenship.experiments.studies.parts import COLUMNS
from local_citizenship.experiments.studies.plots.labels import source_line
from local_citizenship.experiments.studies.plots.worlds import parts_figure
from local_citizenship.experiments.studies.points import scenario_at, seed_for, set_options
from local_citizenship.experiments.studies.report import SUMMARY, write_report
from local_citizenship.experiments.studies.running import run_study
from local_citizenship.experiments.studies.tables import load_results
from local_citizenship.experiments.studies.worlds_told import parts_table
from local_citizenship.scenarios import ScenarioError

STUDY = """\
title: A policy over plausible worlds
scenarios: [two-towns, deaf.yaml]
months: 6
uncertainty: {ensemble: ./kept, sets: 4, places: 3}
replicates: 2
outcomes: [needs_met, take_up]
"""
DEAF = "extends: two-towns\nawareness: {search: 0.01}\n"  # a policy, in a parameter of the ensemble


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an ensemble of two parameters and a scenario; points are not tried beforehand."""
    monkeypatch.setattr(folder, "check_points", lambda study, points: None)
    kept = tmp_path / "kept"
    kept.mkdir()
    sets = pd.DataFrame({"set": range(4), "weight": [0.25] * 4, "awareness.search": [0.1, 0.2, 0.3, 0.4]})
    sets.assign(**{"fear.weight": [2.0, 4.0, 6.0, 8.5]}).to_csv(kept / "sets.csv", index=False)
    own = pd.DataFrame({"parameter": ["awareness.search", "fear.weight"], "own": ["0.15", "8"]})
    own.to_csv(kept / "parameters.csv", index=False)
    (kept / "manifest.json").write_text(json.dumps({"rules": "those"}))
    (tmp_path / "deaf.yaml").write_text(DEAF)
    return tmp_path


@pytest.fixture
def ran(here: Path, monkeypatch: pytest.MonkeyPatch) -> StudyFolder:
    """The study, run without the model: needs met fall with fear, differ by places and luck."""

    def values(installed: object, point: int, seed: int) -> dict[str, list[tuple[int, float]]]:
        at = scenario_at(installed.study, installed.points[point])  # type: ignore[attr-defined]
        luck = np.random.default_rng(seed).normal(0.0, 0.01)
        place = 0.02 * (at.places_seed // 7919 % 3)
        met = 0.5 - 0.02 * at.parameters.fear.weight + at.parameters.awareness.search + place + luck
        return {"needs_met": [(-1, met)], "take_up": [(-1, luck)]}

    monkeypatch.setattr(working, "_values", values)
    kept = made(here, STUDY)
    run_study(kept, lambda: Here(kept))
    return open_study(kept.path)


def test_every_point_is_run_under_every_world(here: Path) -> None:
    kept = made(here, STUDY)
    study, points = kept.study, kept.points
    assert study.worlds is not None
    assert len(points) == 2 * 4 * 3
    assert study.worlds.kept == {"two-towns": (), "deaf": ("awareness.search",)}
    first, other = scenario_at(study, points[0]), scenario_at(study, points[12])
    assert (first.parameters.awareness.search, first.parameters.fear.weight) == (0.1, 2.0)
    assert (other.parameters.awareness.search, other.parameters.fear.weight) == (
        0.01,
        2.0,
    )  # the policy stays
    assert set_options(study, points[12]) == ["fear.weight=2.0", f"places_seed={first.places_seed}"]
    assert len({scenario_at(study, point).places_seed for point in points}) == 3
    seeds = [[seed_for(study, point.number, replicate) for replicate in range(2)] for point in points]
    assert seeds[:12] == seeds[12:]  # luck is shared by the scenarios, world by world
    assert len({seed for pair in seeds for seed in pair}) == 12 * 2
    again = open_study(kept.path)
    assert [point.key for point in again.points] == [point.key for point in points]


def test_a_study_needs_nothing_beside_its_folder(here: Path) -> None:
    kept = made(here, STUDY)
    for file in (here / "kept").iterdir():
        file.unlink()
    assert len(open_study(kept.path).points) == 24


def test_what_is_told_over_worlds(ran: StudyFolder, tmp_path: Path) -> None:
    results = load_results(ran.path)
    pooled = results.over_worlds
    assert pooled.points["scenario"].tolist() == ["two-towns", "deaf"]
    assert pooled.runs.groupby("point")["replicate"].nunique().tolist() == [24, 24]
    assert pooled.shared
    table = parts_table(results, ["needs_met"])
    assert {*COLUMNS} <= {*table.columns}
    alone, _, difference = table.to_dict("records")
    assert alone["parameters"] > 0.5
    assert 0.0 < alone["places"] < 0.5
    # The search of each set less that of the policy, 0.01, and nothing else differs.
    assert difference["mean"] == pytest.approx(0.01 - 0.25, abs=1e-9)
    assert difference["parameters"] == pytest.approx(1.0, abs=1e-6)
    assert difference["more"] == 0.0
    report = tmp_path / "report"
    report.mkdir()
    write_report(results, report)
    text = (report / SUMMARY).read_text()
    assert "deaf against two-towns. Needs met: -24 points; 90% of plausible worlds: " in text
    assert "; less or the same in 100% of them. Of its variance 0% is luck, 100% parameters" in text
    assert "## What nobody knows" in text
    assert (report / "worlds.png").is_file()
    assert len(pd.read_csv(report / "worlds.csv")) == 6


def test_its_figure_can_be_read(ran: StudyFolder) -> None:
    results = load_results(ran.path)
    figure = parts_figure(source_line(results.over_worlds), parts_table(results, ["needs_met", "take_up"]))
    assert figure is not None
    FigureCanvasAgg(figure)
    assert_readable(figure)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("uncertainty: {ensemble: ./kept, sets: 4, places: 3}", "uncertainty: all", "must be ensemble"),
        ("./kept", "./kent", "there is no ensemble"),
        ("sets: 4", "sets: 1", "sets is 1"),
        ("uncertainty: {ensemble: ./kept, sets: 4, places: 3}", "uncertainty: ensemble", "no ensemble is shipped for"),
        ("replicates: 2", "replicates: 2\nfactors: {fear.talk: {low: 0, high: 1}}\ndesign: {lhs: 8}", "list or a grid"),
        ("replicates: 2", "replicates: 2\nfactors: {places_seed: [1, 2]}", "places_seed is a factor already"),
        ("replicates: 2", "replicates: 2\nfactors: {draw: {parameter: fear.talk, values: [0, 1]}}", "called draw"),
    ],
)  # fmt: skip
def test_mistakes(
    here: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str, said: str
) -> None:
    monkeypatch.setattr(ensembles, "_shipped", lambda: tmp_path / "none")
    with pytest.raises(ScenarioError, match=said):
        made(here, STUDY.replace(old, new))
