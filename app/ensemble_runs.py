"""`run --ensemble` and `compare --ensemble`: a result with all that the parameters leave open."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..outcomes.invocation import typed
from . import folders
from .console import INCOMPLETE, UsageMistake, complain, conclude, cores, err, fail, say, say_if_cold
from .progress import RunsProgress, time_in_words

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..experiments.calibration.uncertainty import Worlds
    from ..experiments.studies.ensembles import KeptEnsemble
    from ..scenarios import Scenario

COPIED = "needs_met"  # the outcome that has a sentence to be copied
SEEDS = 2  # of a set: the fewest from which luck can be told


def refuse(unfit: dict[str, object]) -> None:
    """Options that say nothing to an ensemble. Errors: UsageMistake."""
    for name, value in unfit.items():
        if value:
            raise UsageMistake(
                f"{name} is not for --ensemble, which makes many runs and keeps their headline numbers"
            )


def words_of(command: str, scenarios: Sequence[str], options: Mapping[str, object]) -> list[str]:
    """What was asked, as typed; an option that was left out has None or nothing."""
    words = [command, *scenarios]
    for name, value in options.items():
        for each in value if isinstance(value, list) else [value]:
            words += [name, str(each)] if each is not None else []
    return words


def under_ensemble(
    scenarios: Sequence[Scenario],
    ensemble: str,
    seeds: int | None,
    workers: int | None,
    folder: Path | None,
    overwrite: bool,
    quiet: bool,
    asked: Sequence[str],
    *,
    figures: bool = True,
    strict: bool = False,
) -> None:
    """Run one scenario, or compare two, under every set of an ensemble, and tell luck from parameters. `asked`: the
    command and what it is about, as typed; with the ensemble and seeds it makes the same again. `figures`: draw them,
    where there is a folder; `strict`: one that can't be drawn is a failure."""
    from ..experiments.calibration.uncertainty import MARK, parts_of, under, write_worlds
    from ..experiments.studies.ensembles import find_ensemble, load_ensemble
    from ..experiments.studies.parts import sentence_of, to_copy

    with folders.reading(Path(ensemble)):
        kept = load_ensemble(find_ensemble(ensemble))
    folder = None if folder is None else folder.expanduser()
    titles, lacking = list[str](), list[str]()
    count, at_once = SEEDS if seeds is None else seeds, workers or cores()
    again = [*asked, "--ensemble", ensemble, "--seeds", str(count)]
    with folders.reserved(folder, overwrite, MARK, "runs under an ensemble"):
        if not quiet:
            say_if_cold()
            _tell_how_long(scenarios, kept, count, at_once)
        with RunsProgress(err(), quiet=quiet) as progress:
            worlds = under(
                scenarios,
                kept,
                count,
                workers=at_once,
                progress=progress,
            )
        parts = parts_of(worlds)
        if folder is not None:
            write_worlds(worlds, parts, folder, overwrite, command=shlex.join(again), ensemble=kept.told)
            if figures and len(parts):
                repeated = typed(shlex.join([*again, "--out", str(folder), "--overwrite"]))
                titles, lacking = _drawn(worlds, parts, folder, kept.told, repeated)
    if not quiet:
        what = " against ".join(reversed(worlds.names))
        say(f"{what}, under {len(kept.sets)} sets of {ensemble}, {_counted(count, 'seed')} each:")
        if kept.outdated:
            complain(
                "The model has other rules than when this ensemble was made: calibrate again before you rely on it."
            )
        if worlds.kept:
            say(
                f"The scenario's own stays of {', '.join(worlds.kept)}, where it differs from the calibrated one."
            )
        if count < 2:
            say(
                "With one seed a set luck can't be told from parameters, and these ranges hold both: give --seeds 2 or "
                "more."
            )
    say(
        *(
            sentence_of({str(k): v for k, v in row.items()}, len(scenarios) > 1)
            for row in parts.to_dict("records")
        )
    )
    if not quiet:
        each = f"{count} runs each" if count > 1 else "one run each, so that luck is not told from parameters"
        for row in parts[parts["outcome"] == COPIED].to_dict("records"):
            told = {str(name): value for name, value in row.items()}
            which = f"{len(kept.sets)} plausible worlds ({kept.told}; {each})"
            say("", f"To copy: {to_copy(told, worlds.names, which, __version__)}")
            say(f"To make it again: {typed(shlex.join(again))}")
    if folder is not None:
        say(*([] if quiet else [f"Figure: {title}" for title in titles]), f"All numbers: {folder}")
    if worlds.failed:
        fail(f"{worlds.failed} runs failed, and their sets are left out.", INCOMPLETE)
    conclude(lacking, strict)


def _drawn(
    worlds: Worlds, parts: DataFrame, folder: Path, ensemble: str, again: str
) -> tuple[list[str], list[str]]:
    """Draw the figures of worlds that are on disk; what each says, and in sentences what is lacking. `again`: the
    command that does it all once more. Errors: OutputError if the disk refuses; typer.Exit if stopped."""
    from ..outcomes.declaration import in_words
    from .running import FIGURES, matplotlib_ready, tables_are_kept, undrawn

    failed: dict[str, str] = {}
    with tables_are_kept(folder, again):
        matplotlib_ready()
        from ..experiments.calibration.worlds_figures import draw_worlds

        with folders.replacing_files(folder / FIGURES) as built:
            titles = draw_worlds(
                worlds, parts, built, ensemble=ensemble,
                failed=lambda stem, error: failed.update({stem: in_words(error)}),
            )  # fmt: skip
    return titles, [told for told in [undrawn(failed, again)] if told]


def _tell_how_long(scenarios: Sequence[Scenario], kept: KeptEnsemble, seeds: int, workers: int) -> None:
    """Tell, on standard error, how many runs there will be, and about how long they take, by a run of each scenario."""
    from ..experiments.calibration.uncertainty import headline_values
    from ..experiments.studies.points import with_settings
    from ..experiments.studies.status import mean_seconds

    sets = len(kept.sets)
    count = sets * seeds * len(scenarios)
    both = f", {len(scenarios)} scenarios" if len(scenarios) > 1 else ""
    runs = f"{_counted(sets, 'set')}{both}, {_counted(seeds, 'seed')} each: {_counted(count, 'run')}"
    seconds = mean_seconds(scenarios, headline_values)
    if seconds is None:
        say(f"{runs}.", to=err())
        return
    began = time.perf_counter()
    for scenario in scenarios:  # each set is settled first, by one process
        with_settings(scenario, kept.settings(0, kept.kept(scenario)), "ensemble")
    settled = sets * (time.perf_counter() - began)
    say(
        f"{runs}, about {time_in_words(settled + count * seconds / workers)} with {_counted(workers, 'process', 'es')} "
        f"({seconds:.2g} s a run).",
        to=err(),
    )


def _counted(number: int, what: str, plural: str = "s") -> str:
    return f"{number:,} {what}{'' if number == 1 else plural}"
