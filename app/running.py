"""From a scenario to a folder of results: simulate, save, draw."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .console import complain, cores, err
from .progress import month_progress

if TYPE_CHECKING:
    from ..experiments.workers import WorkerPool
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
    with contextlib.ExitStack() as stack:
        helper = stack.enter_context(figure_helper()) if figures else None
        from ..outcomes.run_folder import on_disk, save_run
        from ..outcomes.simulate import simulate

        progress = stack.enter_context(month_progress(err(), scenario, show=show))
        run = simulate(scenario, threads=threads, progress=progress)

        undrawn: list[Exception] = []

        @contextlib.contextmanager
        def figures_drawn(unfinished: Path) -> Iterator[None]:
            kept = on_disk(run, unfinished)
            finish = begin_drawing(run, kept, unfinished / FIGURES, ("png",), helper)
            try:
                yield
                if progress:
                    progress.say("Drawing the figures ...")
                try:
                    finish()
                except OSError:
                    raise  # no room for them, and hardly for the tables
                except Exception as error:  # the tables are worth more than the figures
                    undrawn.append(error)
            finally:
                if helper:
                    helper.shutdown(wait=False)  # or it might write into a folder that is moved or removed

        if progress:
            progress.say("Saving the tables ...")
        save_run(run, folder, csv=csv, overwrite=overwrite, meanwhile=figures_drawn if figures else None)
    for error in undrawn:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        complain(f"Not all figures could be drawn ({reason}).")
        complain(f"The tables are kept; `local-citizenship plot {folder}` draws the figures again.")
    return run


@contextlib.contextmanager
def figure_helper() -> Iterator[WorkerPool | None]:
    """A second process for figures. It is forked where that is safe, and has Matplotlib from this one, which has loaded
    it; elsewhere it loads it while this one is at work on something else. It has to be had before there are threads.

    None where there is a single core, or somebody has loaded Matplotlib already, and may have threads.
    """
    if cores() < 2 or "matplotlib" in sys.modules:
        yield None
        return
    from ..experiments.workers import WorkerPool

    method = "fork" if sys.platform == "linux" else "spawn"
    if method == "fork":
        _get_ready()
    pool = WorkerPool(1, attempts=1, method=method)
    try:
        pool.submit(_get_ready)
        yield pool
    finally:
        pool.shutdown(wait=False)


def begin_drawing(
    run: Run, kept: Run, folder: Path, formats: tuple[str, ...], helper: WorkerPool | None
) -> Callable[[], None]:
    """Have the figures of a run drawn into `folder`: the helper begins with its half, and the rest is drawn when what
    is returned is called. `kept`: the same run with its tables on disk, where the helper finds them."""
    theirs = None if helper is None else helper.submit(_draw, kept, folder, formats, 1)

    def finish() -> None:
        from ..experiments.workers import WorkerDied

        _draw(run, folder, formats, 0)
        try:
            if theirs is not None:
                theirs.result()
                return
        except WorkerDied:
            pass
        _draw(run, folder, formats, 1)

    return finish


def _draw(run: Run, folder: Path, formats: tuple[str, ...], half: int) -> None:
    """Draw every second figure, from the first (0) or the second (1) on."""
    from ..outcomes.plots import FIGURES as ALL
    from ..outcomes.plots import draw_all

    draw_all(run, folder, formats, list(ALL)[half::2])


def _get_ready() -> None:
    """Load what figures need."""
    from ..outcomes import run_folder  # noqa: F401
    from ..outcomes.plots import FIGURES as ALL

    len(ALL)
