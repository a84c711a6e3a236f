"""The file of a grid: what may stand in it, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from grid_tools import SMALL, written

from local_citizenship.experiments.grids.grid import find_grid, read_grid, shipped_grids
from local_citizenship.experiments.grids.making import folder_of, study_of
from local_citizenship.experiments.studies.points import points_of
from local_citizenship.experiments.studies.records import StudyError
from local_citizenship.scenarios import ScenarioError


@pytest.mark.parametrize("name", shipped_grids())
def test_shipped_grids_start_at_the_scenario_itself(name: str) -> None:
    grid = read_grid(find_grid(name))
    own = grid.scenario.index
    for factor in grid.factors:
        (path,) = factor.paths
        section, _, rest = path.partition(".")
        value = getattr(getattr(grid.scenario.parameters, section), rest)
        assert value in factor.values, path
        assert path in own.parameters
    assert grid.runs == len(points_of(study_of(grid)[0])) * grid.seeds


def test_values_are_put_in_order_and_all_combinations_run(tmp_path: Path) -> None:
    grid = read_grid(written(tmp_path))
    assert [factor.values for factor in grid.factors] == [(0, 8, 16), (False, True)]
    study, _ = study_of(grid)
    points = points_of(study)
    assert len(points) == grid.points == 6
    assert points[1].values == {"fear.weight": 0, "ngos.enabled": True}  # the last slider moves fastest
    assert study.replicates.least == study.replicates.most == 4
    assert study.scenarios[0].months == 36
    assert study.common_random_numbers


def test_a_slider_may_stand_for_named_settings(tmp_path: Path) -> None:
    text = SMALL.replace(
        "ngos.enabled: [false, true]",
        "help:\n    alternatives:\n      as it is: {}\n      no NGOs: {ngos: {enabled: false}}",
    )
    grid = read_grid(written(tmp_path, text))
    study, _ = study_of(grid)
    assert grid.factors[1].values == ("as it is", "no NGOs")
    assert points_of(study)[1].values["help"] == "no NGOs"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title:", "titel:", "small.yaml:1:1: a grid has no key 'titel'; did you mean 'title'?"),
        ("scenario: two-towns", "scenario: two-town", "small.yaml:3:11: "),
        ("scenario: two-towns", "scenario: [two-towns]", "small.yaml:3:11: scenario is a list"),
        ("fear.weight:", "fear.wait:", "small.yaml:6:3: unknown parameter 'fear.wait'"),
        ("[8, 0, 16]", "[8, 0, 99]", "small.yaml:6:23: "),
        ("[8, 0, 16]", "[8, 0, 8]", "small.yaml:6:23: fear.weight has the value 8 twice"),
        ("[8, 0, 16]", "8", "small.yaml:6:3: fear.weight has 1 value, and a slider has 2 to 9"),
        ("[8, 0, 16]", "{low: 0, high: 9}", "small.yaml:6:3: fear.weight has a range"),
        ("  ngos.enabled: [false, true]\n", "", "small.yaml:5:1: the grid has 1 parameter, and"),
        ("seeds: 4", "seeds: 2", "small.yaml:8:8: seeds is 2, but must be a whole number (3 to 100)"),
        ("seeds: 4", "seed: 4\nseeds: 4.5", "small.yaml:9:8: seeds is 4.5"),
        ("months: 36", "months: 0", "small.yaml:4:9: months is 0"),
        (
            "take_up,",
            "take_pu,",
            "small.yaml:9:23: there is no headline number 'take_pu'; did you mean 'take_up'?",
        ),
        ("take_up,", "needs_met,", "small.yaml:9:23: the outcome 'needs_met' is given twice"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in SMALL
    file = written(tmp_path, SMALL.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_grid(file)
    told = str(caught.value)
    assert says in told
    assert told.startswith(str(file))
    assert "\n" not in told


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    for text, says in (
        ("", "a grid needs at least `scenario` and `parameters`"),
        ("seeds: 4\n", "the grid has no scenario"),
        ("scenario: two-towns\n", "the grid has no parameters"),
        ("scenario: two-towns\nparameters: 4\n", "parameters is 4, but must be names with values"),
    ):
        with pytest.raises(ScenarioError, match=says.replace("(", r"\(")):
            read_grid(written(tmp_path, text))
    with pytest.raises(ScenarioError, match="did you mean 'two-towns'"):
        find_grid("two-town")
    many = SMALL.replace("[8, 0, 16]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]").replace(
        "ngos.enabled: [false, true]",
        "settling.drift: [0, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008]",
    )
    with pytest.raises(ScenarioError, match="81 combinations, 100 seeds each, are 8,100 runs, and 5,000"):
        read_grid(written(tmp_path, many.replace("seeds: 4", "seeds: 100")))


def test_runs_are_gone_on_with_and_never_mixed(tmp_path: Path) -> None:
    grid = read_grid(written(tmp_path))
    first = folder_of(grid, tmp_path / "runs")
    again = folder_of(grid, tmp_path / "runs")
    assert [point.key for point in first.points] == [point.key for point in again.points]
    other = read_grid(written(tmp_path, SMALL.replace("16]", "12]")))
    with pytest.raises(StudyError, match=r"the grid's file; give another --runs"):
        folder_of(other, tmp_path / "runs")
