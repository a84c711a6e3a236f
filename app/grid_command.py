"""`handout --grid`: all runs of a grid, and the hand-out with sliders that is made of them."""

from __future__ import annotations

import shlex
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from ..outcomes.invocation import typed
from .console import INCOMPLETE, STOPPED, complain, cores, err, every_mistake, say, say_if_cold
from .progress import RunsProgress, month_progress

if TYPE_CHECKING:
    from ..experiments.grids.grid import Grid
    from ..experiments.studies.folder import StudyFolder
    from ..outcomes.run import Run
    from ..scenarios import Scenario

HOME = Path("studies")


def grid_handout(
    reference: str,
    target: Path,
    *,
    runs: Path | None = None,
    workers: int | None = None,
    title: str = "",
    lives: int | None = None,
) -> None:
    """Make what runs are missing of a grid, and write its hand-out to `target`.

    Errors: ScenarioError for a mistake in its file; StudyError if its runs can't be kept or gone on with.
    """
    from ..experiments.grids.found import found_of
    from ..experiments.grids.grid import find_grid, read_grid
    from ..experiments.grids.making import folder_of
    from ..experiments.studies.points import check_points
    from ..outcomes.whole_folder import refusal_told, write_whole
    from .classroom.bundle import PAGE
    from .classroom.grid_handout import LARGEST, MOST_LIVES, corner_runs
    from .classroom.grid_handout import grid_handout as page_of

    started = time.monotonic()
    with every_mistake():
        grid = read_grid(find_grid(reference))
    kept = runs or HOME / f"handout-{grid.name}"
    folder = folder_of(grid, kept)
    check_points(folder.study, folder.points)
    say(f"{grid.points} combinations, {grid.seeds} seeds each: {grid.runs:,} runs, kept in {kept}.", to=err())
    say_if_cold()
    _run(folder, workers or cores())
    found = found_of(grid, folder)
    many = MOST_LIVES if lives is None else lives
    seen = corner_runs(grid, folder, partial(_seen, grid))
    try:
        page = page_of(grid, found, seen, PAGE, title=title, lives=many).encode()
    except KeyboardInterrupt:
        _stopped(kept)
    with refusal_told(target):
        write_whole(target, page)
    seconds = time.monotonic() - started
    say(f"Wrote {target} ({len(page) / 1e6:.1f} MB, runs: {grid.runs:,}, in {seconds:.0f} s).")
    if len(page) > LARGEST:
        say("It is large to send, even without maps and lives: list fewer values, or fewer seeds.", to=err())


def _run(folder: StudyFolder, workers: int) -> None:
    """Do the runs that are missing. On Ctrl-C, and if runs failed, the command ends here."""
    from ..experiments.studies.running import LocalEngine, run_study

    try:
        with RunsProgress(err()) as progress:
            ran = run_study(
                folder,
                lambda: LocalEngine(folder, workers),
                retry=True,
                progress=progress,
                say=partial(say, to=err()),
            )
    except KeyboardInterrupt:
        _stopped(folder.path)
    if ran.failed:
        command = f"{typed('study status')} {shlex.quote(str(folder.path))}"
        complain(f"{ran.failed:,} runs failed, and no hand-out was written: `{command}` says why.")
        raise typer.Exit(INCOMPLETE)


def _stopped(folder: Path) -> NoReturn:
    say(f"Stopped. What is finished is kept in {folder}: the same command goes on from there.", to=err())
    raise typer.Exit(STOPPED) from None


def _seen(grid: Grid, scenario: Scenario, seed: int) -> Run:
    """A run of a corner, with all its tables."""
    from ..outcomes.simulate import simulate

    start = f"Maps and lives of {grid.scenario.name} ..."
    with month_progress(err(), scenario, start, show=err().is_terminal) as progress:
        return simulate(scenario, seed=seed, progress=progress)
