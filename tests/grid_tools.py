"""Grids for tests: a small one, run in this process, and the hand-out that is made of it."""

from __future__ import annotations

from pathlib import Path

from study_tools import Here

from local_citizenship.app.classroom.bundle import PAGE
from local_citizenship.app.classroom.grid_handout import corner_runs, grid_handout
from local_citizenship.experiments.grids.found import Found, found_of
from local_citizenship.experiments.grids.grid import Grid, read_grid
from local_citizenship.experiments.grids.making import folder_of
from local_citizenship.experiments.studies.folder import StudyFolder
from local_citizenship.experiments.studies.running import run_study
from local_citizenship.outcomes.simulate import simulate

SMALL = """\
title: A small grid
question: Fear, or NGOs?
scenario: two-towns
months: 36
parameters:
  fear.weight: [8, 0, 16]
  ngos.enabled: [false, true]
seeds: 4
outcomes: [needs_met, take_up, unauthorised]
"""


def written(folder: Path, text: str = SMALL, name: str = "small.yaml") -> Path:
    """The file of a grid."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def made_grid(folder: Path, text: str = SMALL) -> tuple[Grid, StudyFolder, Found]:
    """A grid with all of its runs, and what they found."""
    grid = read_grid(written(folder, text))
    study = folder_of(grid, folder / "runs")
    run_study(study, lambda: Here(study))  # type: ignore[arg-type, return-value]
    return grid, study, found_of(grid, study)


def grid_page(grid: Grid, study: StudyFolder, found: Found, lives: int = 8) -> str:
    """Its hand-out as HTML."""
    runs = corner_runs(grid, study, lambda scenario, seed: simulate(scenario, seed=seed))
    return grid_handout(grid, found, runs, PAGE, lives=lives)
