"""A hand-out with sliders: the runs of its grid, what they found, and what the file holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import call, worked
from grid_tools import SMALL, grid_page, made_grid, written
from handout_content import content_of, unpacked
from study_tools import Here

from local_citizenship.app.classroom import grid_handout as handouts
from local_citizenship.app.classroom.bundle import PAGE
from local_citizenship.app.classroom.grid_handout import corners_of
from local_citizenship.experiments.grids.found import Found, found_of
from local_citizenship.experiments.grids.grid import Grid
from local_citizenship.experiments.studies import running
from local_citizenship.experiments.studies.folder import StudyFolder
from local_citizenship.experiments.studies.points import scenario_at, seed_for
from local_citizenship.experiments.studies.records import StudyError
from local_citizenship.outcomes.interruption import STOPPED
from local_citizenship.outcomes.measures import main_outcomes
from local_citizenship.outcomes.simulate import simulate

Made = tuple[Grid, StudyFolder, Found]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made_grid(tmp_path_factory.mktemp("grid"))


@pytest.fixture(scope="module")
def content(made: Made) -> dict[str, Any]:
    return content_of(grid_page(*made))


def test_the_numbers_are_those_of_the_runs(made: Made) -> None:
    _, study, found = made
    assert found.values.shape == (6, 4, len(found.columns))
    for point, seed in ((0, 0), (5, 3)):
        run = simulate(scenario_at(study.study, study.points[point]), seed=seed_for(study.study, point, seed))
        told = dict(zip(found.columns, found.values[point, seed], strict=True))
        for name, outcome in main_outcomes(run).items():
            if name in told:
                assert told[name] == pytest.approx(outcome.value, nan_ok=True), name
        assert told["cascade served"] == pytest.approx(told["needs_met"])
        helped = sum(told[f"met_by_{name}"] for name in ("city", "ngo", "nation", "job", "informal"))
        assert helped + told["who nobody"] == pytest.approx(1.0)
        assert told["needs_met"] == pytest.approx(helped - told["met_by_informal"])
    steps = [
        found.values[:, :, found.columns.index(f"cascade {step}")]
        for step in ("aware", "willing", "eligible")
    ]
    assert (steps[0] >= steps[1]).all()
    assert (steps[1] >= steps[2]).all()
    assert found.years == (1991, 1992)  # of the first only what was met at once is over
    towns = (
        found.values[:, :, found.columns.index("place 0")],
        found.values[:, :, found.columns.index("place 1")],
    )
    assert not np.allclose(*towns)


def test_without_all_runs_there_is_no_hand_out(made: Made, tmp_path: Path) -> None:
    grid, study, _ = made
    records = study.path / "records" / "runs.jsonl"
    whole = records.read_bytes()
    try:
        records.write_bytes(b"".join(whole.splitlines(keepends=True)[:-2]))
        with pytest.raises(StudyError, match="has not all 24 runs of the grid: 2 are missing"):
            found_of(grid, study)
    finally:
        records.write_bytes(whole)


def test_what_the_file_holds(made: Made, content: dict[str, Any]) -> None:
    _, _, found = made
    held = np.frombuffer(unpacked(content["values"]), "<f4").reshape(found.values.shape)
    assert np.allclose(held, found.values, rtol=1e-6, equal_nan=True)
    fear, ngos = content["factors"]
    assert (fear["values"], fear["own"]) == (["0", "8", "16"], 1)
    assert (ngos["values"], ngos["own"]) == (["no", "yes"], 1)
    assert content["question"] == "Fear, or NGOs?"
    assert content["places"] == ["Kawasaki-like", "Kawaguchi-like"]
    assert [each["name"] for each in content["outcomes"]] == ["needs_met", "take_up", "unauthorised"]
    assert len(content["quantiles"]) == 3
    assert content["quantiles"][-1] == pytest.approx(3.1824, abs=1e-4)  # of four pairs
    assert content["corners"] == [0, 1, 4, 5]


def test_maps_and_lives_of_the_corners(made: Made, content: dict[str, Any]) -> None:
    grid, study, _ = made
    corners = corners_of(grid)
    assert [corner.at for corner in corners] == [(0, 0), (0, 1), (2, 0), (2, 1)]
    maps = content["maps"]
    assert set(maps["corners"]) == set(content["lives"]["corners"]) == {"0", "1", "4", "5"}
    run = simulate(scenario_at(study.study, study.points[5]), seed=seed_for(study.study, 5, 0))
    size = len(maps["years"]) * 2
    block = unpacked(maps["corners"]["5"])
    assert len(block) == size * (4 + 1 + 1)
    stock = np.frombuffer(block, "<u4", size).reshape(-1, 2)
    last = run.table("monthly").query(f"month == {run.months - 1}").groupby("place")["stock"].sum()
    assert stock[-1].tolist() == last.tolist()
    told = [json.loads(unpacked(held)) for held in content["lives"]["corners"].values()]
    people = [[life["migrant"] for life in each["lives"]] for each in told]
    assert len(people[0]) == 8
    assert all(each == people[0] for each in people)  # the same in each corner
    assert all(set(each["told"]) == set(people[0]) for each in told)
    assert any(told[0]["told"][one] != told[1]["told"][one] for one in people[0])


def test_where_there_is_no_room_lives_go_first(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = grid_page(*made)
    assert len(whole.encode()) < 500_000
    without = len(whole) - len(json.dumps(content_of(whole)["lives"])) + 100
    monkeypatch.setattr(handouts, "LARGEST", without)
    small = content_of(grid_page(*made))
    assert small["lives"] is None
    assert small["maps"] is not None
    monkeypatch.setattr(handouts, "LARGEST", 1)
    assert content_of(grid_page(*made))["maps"] is None


def test_nothing_is_asked_outside(made: Made) -> None:
    html = grid_page(*made, lives=1)
    assert "src=" not in html
    assert re.findall(r'href="(?!data:)', re.sub(r"<script.*?</script>", "", html, flags=re.S)) == []
    assert "default-src 'none'" in html
    assert "grid.js" in html
    assert "panels" not in html
    for sheet in ("base.css", "grid.css", "grid_layouts.css"):
        assert (PAGE / sheet).read_text(encoding="utf-8") in html


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> list[Here]:
    """The command's runs are done here; `stop_after` of the last engine says when somebody presses Ctrl-C."""
    engines: list[Here] = []

    def engine(folder: StudyFolder, workers: int) -> Here:
        engines.append(Here(folder, after=3 if not engines else None))
        return engines[-1]

    monkeypatch.setattr(running, "LocalEngine", engine)
    return engines


def test_the_command_is_stopped_and_goes_on(tmp_path: Path, in_this_process: list[Here]) -> None:
    file, page = written(tmp_path, SMALL.replace("months: 36", "months: 12")), tmp_path / "lesson.html"
    words = ("handout", "--grid", file, "--runs", tmp_path / "runs", "-o", page)
    stopped = call(*words)
    assert stopped.exit_code == STOPPED, stopped.output
    assert "the same command goes on from there" in stopped.stderr
    assert not page.exists()
    finished = worked(*words)
    assert "runs: 24" in finished.stdout
    assert in_this_process[0].done + in_this_process[1].done < 24 + 4  # none that was finished is done again
    assert in_this_process[1].done < 24
    assert content_of(page.read_text(encoding="utf-8"))["title"] == "A small grid"
    worked(*words, "--overwrite", "--title", "Fear")
    assert len(in_this_process) == 2  # all runs are there
    assert content_of(page.read_text(encoding="utf-8"))["title"] == "Fear"


def test_what_does_not_go_together(tmp_path: Path) -> None:
    file, new = written(tmp_path), ("-o", tmp_path / "x.html")
    bad = written(tmp_path, SMALL.replace("seeds: 4", "seeds: 1"), "bad.yaml")
    for words, says in (
        (("--grid", file, "two-towns"), "--grid and SOURCE don't go together"),
        (("--grid", file, "--seeds", 3), "--grid and --seeds"),
        (("--grid", file, "--set", "fear.weight=0"), "--grid and --set"),
        (
            (
                "--grid",
                "two-town",
            ),
            "did you mean 'two-towns'",
        ),
        (("--grid", bad), "bad.yaml:8:8: seeds is 1"),
        (("--runs", tmp_path / "runs", "two-towns"), "--runs is for a grid"),
        (("--workers", 2, "two-towns"), "--workers is for a grid"),
        ((), "say what to hand out"),
    ):
        result = call("handout", *words, *new)
        assert result.exit_code == 2, result.output
        assert says in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "x.html").exists()
