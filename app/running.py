"""From a scenario to a folder of results: simulate, save, draw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .console import err
from .progress import month_progress

if TYPE_CHECKING:
    from ..outcomes.run import Run
    from ..scenarios import Scenario

FIGURES = "figures"


def run_into(
    folder: Path,
    scenario: Scenario,
    *,
    overwrite: bool,
    threads: int | None,
    csv: bool,
    figures: bool,
    show: bool,
) -> Run:
    """Run `scenario` and leave its results in `folder`, which appears whole or not at all.

    `show` draws a progress bar on standard error. Errors: OutputError if `folder` can't be written.
    """
    from ..agents.rule import cache_is_cold

    greeting = "Setting up ..."
    if cache_is_cold():
        greeting = "Compiling the rules, once for this version (about half a minute) ..."
    with month_progress(err(), scenario, greeting, show=show) as progress:
        from ..outcomes.run_folder import save_run
        from ..outcomes.simulate import simulate

        run = simulate(scenario, threads=threads, progress=progress)

        def add_figures(unfinished: Path) -> None:
            if progress:
                progress.say("Drawing the figures ...")
            draw(run, unfinished / FIGURES, ("png",))

        if progress:
            progress.say("Saving the tables ...")
        save_run(run, folder, csv=csv, overwrite=overwrite, extra=add_figures if figures else None)
    return run


def draw(run: Run, folder: Path, formats: tuple[str, ...]) -> list[str]:
    """Draw all figures of a run into `folder`; returns what each shows, in a line."""
    from ..outcomes.plots import draw_all

    return [title for _, title in draw_all(run, folder, formats)]
