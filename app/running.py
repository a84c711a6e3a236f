"""From a scenario to a folder of results: simulate, save, draw."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..outcomes.invocation import typed
from .console import STOPPED, cores, err, fail
from .folders import RUN, replacing_files, reserved
from .progress import month_progress

if TYPE_CHECKING:
    from ..experiments.workers import WorkerPool
    from ..outcomes.csv_text import Csv
    from ..outcomes.declaration import Measure, MeasureError
    from ..outcomes.plots.declaration import Failed
    from ..outcomes.run import Run
    from ..scenarios import Scenario

FIGURES = "figures"
MOST_TOLD = 5  # figures that failed, by name


def run_into(
    folder: Path,
    scenario: Scenario,
    *,
    overwrite: bool,
    threads: int | None,
    csv: Csv,
    figures: bool,
    show: bool,
    seeds: int | None = None,
) -> tuple[Run, list[str]]:
    """Run `scenario` and leave its results in `folder`, which appears whole or not at all; its figures follow.

    `seeds`: under how many seeds in all, for headlines and bands; if None a few, where figures are drawn and that costs
    little. Returns the run, and in sentences what it lacks: a figure or a user's measure that failed. `show` draws a
    progress bar on standard error. Errors: OutputError if `folder` can't be written; typer.Exit if stopped at the
    figures.
    """
    again = typed(shlex.join(["plot", str(folder)]))
    lacking: list[str] = []

    def unmeasured(measure: Measure, error: MeasureError) -> None:
        named = f" --measure {shlex.quote(measure.origin)}" if measure.origin else ""
        lacking.append(
            f"{str(error)[:1].upper()}{str(error)[1:]}. All else is kept; once it is mended: "
            f"`{typed('measures')} {shlex.quote(str(folder))}{named}`"
        )

    with contextlib.ExitStack() as stack:
        stack.enter_context(reserved(folder, overwrite, *RUN))
        helper = stack.enter_context(figure_helper()) if figures else None
        from ..outcomes.run_folder import on_disk, save_run
        from ..outcomes.simulate import simulate
        from .further_seeds import FurtherSeeds, keep_further_seeds, usual_seeds

        progress = stack.enter_context(month_progress(err(), scenario, show=show))
        run = simulate(scenario, threads=threads, progress=progress)
        if progress:
            progress.say("Saving the tables ...")
        wanted = usual_seeds(run) if seeds is None and figures else seeds or 1
        further = FurtherSeeds(run, scenario, wanted, helper) if wanted > 1 else None
        save_run(run, folder, csv=csv, overwrite=overwrite, failed=unmeasured)
        with tables_are_kept(folder, again):
            if further is not None:
                told = further.finish(progress.say if progress else None)
                lacking += [told] if told else []
                keep_further_seeds(run, folder)
            if figures:
                if progress:
                    progress.say("Drawing the figures ...")
                lacking += draw_figures(run, on_disk(run, folder), folder / FIGURES, Wanted(), helper, again)
    return run, lacking


@contextlib.contextmanager
def tables_are_kept(folder: Path, again: str) -> Iterator[None]:
    """Around what is drawn once the tables are in the folder: who stops it, or has no room, is told so.

    `again`: the command that draws. Errors: OutputError; typer.Exit if stopped.
    """
    from ..outcomes.whole_folder import OutputError

    try:
        yield
    except KeyboardInterrupt:
        fail(f"Stopped. The tables are in {folder}; its figures are drawn by `{again}`.", STOPPED)
    except OutputError as error:
        raise OutputError(f"{error}; the tables are kept, and figures are drawn by `{again}`") from error


def drawn_beside(
    folder: Path, again: str, draw: Callable[[Path, Failed], list[str]], words: Callable[[], Iterable[str]]
) -> tuple[list[str], list[str]]:
    """Draw the figures of something whose tables are in `folder`; what each says, and in sentences what is lacking.

    `again`: the command that does it all once more. `draw` writes them into a folder, and tells which can't be drawn;
    `words`: names that they may show. Errors: OutputError if the disk refuses; typer.Exit if stopped.
    """
    from ..outcomes.declaration import in_words

    failed: dict[str, str] = {}
    with tables_are_kept(folder, again):
        matplotlib_ready()
        from ..outcomes.plots.letters import missing_letters

        with replacing_files(folder / FIGURES) as built:
            titles = draw(built, lambda stem, error: failed.update({stem: in_words(error)}))
    return titles, [told for told in (undrawn(failed, again), missing_letters(words())) if told]


@contextlib.contextmanager
def figure_helper() -> Iterator[WorkerPool | None]:
    """A second process for figures and further seeds. It is forked where that is safe, and has what it needs from this
    one, which has loaded it; elsewhere it loads it while this one is at work on something else. It has to be had before
    there are threads.

    None where there is a single core, or somebody has loaded Matplotlib already, and may have threads.
    """
    if cores() < 2 or "matplotlib" in sys.modules:
        yield None
        return
    from ..experiments.workers import WorkerPool

    method = "fork" if sys.platform == "linux" else "spawn"
    if method == "fork":
        from ..outcomes.whole_folder import OutputError

        try:
            _get_ready()
        except OutputError:  # told once the tables are in place
            yield None
            return
    pool = WorkerPool(1, attempts=1, method=method)
    try:
        helper: WorkerPool | None = pool
        try:
            pool.submit(_get_ready)
        except OSError:  # no further process may be had
            helper = None
        yield helper
    finally:
        pool.shutdown(wait=False)


class Wanted(NamedTuple):
    """Which figures (all, if none is named), in which formats and size."""

    formats: tuple[str, ...] = ("png",)
    names: tuple[str, ...] = ()
    size: str = "slide"


def draw_figures(
    run: Run, kept: Run, folder: Path, wanted: Wanted, helper: WorkerPool | None, again: str
) -> list[str]:
    """Draw the figures of a run into `folder`, each in place of its namesake; the helper draws half of them.

    `kept`: the same run with its tables on disk, where the helper finds them; `again`: the command that draws them
    again. Returns in sentences what is lacking: figures that could not be drawn, letters that no font has.
    Errors: OutputError if the disk refuses, or a table can't be read.
    """
    helper = None if len(wanted.names) == 1 else helper

    with replacing_files(folder) as built:
        theirs = None if helper is None else helper.submit(_draw, kept, built, wanted, 1)
        try:
            failed = _draw(run, built, wanted, 0)
            try:
                failed |= _draw(run, built, wanted, 1) if theirs is None else theirs.result()
            except Exception:  # it died, or had no room for what it is told; a full disk shows here, too
                failed |= _draw(run, built, wanted, 1)
        except BaseException:
            if helper is not None:
                helper.shutdown(wait=False)  # or it might still write into a folder that is being removed
            raise
    from ..outcomes.plots.declaration import words_of
    from ..outcomes.plots.letters import missing_letters

    return [told for told in (undrawn(failed, again), missing_letters(words_of(run))) if told]


def matplotlib_ready() -> None:
    """Load Matplotlib, for figures in files; what it has to say of a user's settings, which ours overrule, is left out.

    Errors: OutputError if it can't be loaded.
    """
    import logging
    import warnings

    from ..outcomes.declaration import in_words
    from ..outcomes.whole_folder import OutputError

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        import matplotlib.figure  # noqa: F401
    except Exception as error:  # as of a file of settings that is no text
        raise OutputError(
            f"Matplotlib can't be loaded ({in_words(error)}): its file `matplotlibrc` may be damaged"
        ) from error
    from ..outcomes.plots.letters import MissingLetters

    warnings.filterwarnings("ignore", category=MissingLetters)  # told in a sentence, at the end


def undrawn(failed: Mapping[str, str], again: str) -> str:
    """In a sentence: figures that could not be drawn, why the first of them, and the command that tries again."""
    if not failed:
        return ""
    few = [*failed][:MOST_TOLD]
    named = ", ".join(few) + (f" and {len(failed) - len(few)} more" if len(failed) > len(few) else "")
    reason = next(iter(failed.values()))
    return f"Not all figures could be drawn: {named} ({reason}). All else is kept; they are drawn again by `{again}`."


def _draw(run: Run, folder: Path, wanted: Wanted, half: int) -> dict[str, str]:
    """Draw every second figure, from the first (0) or the second (1) on; which failed, and why."""
    from ..outcomes.declaration import in_words

    matplotlib_ready()
    from ..outcomes.plots import FIGURES as ALL
    from ..outcomes.plots import draw_all
    from ..outcomes.plots.declaration import others_go_on

    failed: dict[str, str] = {}

    def note(stem: str, error: Exception) -> None:
        failed[stem] = in_words(error)

    with others_go_on("all", note):
        names = (wanted.names or [*ALL])[half::2]
        draw_all(run, folder, wanted.formats, names, note, wanted.size)
    return failed


def _get_ready() -> None:
    """Load what runs and figures need. It all stays: garbage is not looked for there again, run after run."""
    import gc

    matplotlib_ready()
    from ..experiments import replicates  # noqa: F401
    from ..outcomes import run_folder  # noqa: F401
    from ..outcomes.plots import FIGURES as ALL

    len(ALL)
    gc.freeze()
