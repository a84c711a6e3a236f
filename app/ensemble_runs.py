"""`run --ensemble` and `compare --ensemble`: a result with all that the parameters leave open."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .. import __version__
from ..outcomes.invocation import typed
from . import folders
from .console import INCOMPLETE, UsageMistake, complain, conclude, cores, err, say, say_if_cold
from .progress import RunsProgress, time_in_words

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..experiments.calibration.uncertainty import Worlds
    from ..experiments.studies.ensembles import KeptEnsemble
    from ..outcomes.plots.declaration import Failed
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

    if seeds is not None and seeds < 1:
        raise UsageMistake(f"--seeds is {seeds}, but must be 1 or more")
    kept = load(ensemble)
    folder = None if folder is None else folder.expanduser()
    count, at_once = SEEDS if seeds is None else seeds, workers or cores()
    again = [*asked, "--ensemble", ensemble, "--seeds", str(count)]
    titles, lacking = list[str](), list[str]()
    with folders.reserved(folder, overwrite, MARK, "runs under an ensemble"):
        if not quiet:
            say_if_cold()
            _tell_how_long(scenarios, kept, count, at_once)
        with RunsProgress(err(), quiet=quiet) as progress:
            worlds = under(scenarios, kept, count, workers=at_once, progress=progress)
        parts = parts_of(worlds)
        if folder is not None:
            write_worlds(worlds, parts, folder, overwrite, command=shlex.join(again), ensemble=kept.told)
        _tell(worlds, parts, kept, scenarios, count, ensemble, again, quiet)
        if folder is not None and figures and len(parts):
            repeated = typed(shlex.join([*again, "--out", str(folder), "--overwrite"]))
            titles, lacking = _drawn(worlds, parts, folder, kept.told, repeated)
    if folder is not None:
        say(*([] if quiet else [f"Figure: {title}" for title in titles]), f"All numbers: {folder}")
    if worlds.failed:
        complain(f"{worlds.failed} runs failed, and their sets are left out.")
    conclude(lacking, strict)
    if worlds.failed:
        raise typer.Exit(INCOMPLETE)


def load(ensemble: str) -> KeptEnsemble:
    """The ensemble of this name or folder. Errors: OutputError."""
    from ..experiments.studies.ensembles import find_ensemble, load_ensemble

    with folders.reading(Path(ensemble)):
        return load_ensemble(find_ensemble(ensemble))


def tell_cautions(kept: KeptEnsemble, scenarios: Sequence[Scenario], own: Sequence[str]) -> None:
    """What a user of an ensemble should know. `own`: parameters in which a scenario keeps its own value."""
    for words in dict.fromkeys(words for scenario in scenarios for words in kept.cautions(scenario)):
        complain(words)
    if own:
        stays = "stays at the scenario's own value" if len(own) == 1 else "stay at the scenario's own values"
        say(
            f"{', '.join(own)} {stays}, which differ{'s' if len(own) == 1 else ''} from the calibrated one's."
        )


def _tell(
    worlds: Worlds,
    parts: DataFrame,
    kept: KeptEnsemble,
    scenarios: Sequence[Scenario],
    seeds: int,
    ensemble: str,
    again: Sequence[str],
    quiet: bool,
) -> None:
    """What came of it, and how to say it in a paper."""
    from ..experiments.studies.parts import sentence_of, to_copy

    if not quiet:
        what = " against ".join(reversed(worlds.names))
        say(f"{what}, under {len(kept.sets)} sets of {ensemble}, {_counted(seeds, 'seed')} each:")
        tell_cautions(kept, scenarios, worlds.kept)
        if worlds.few:
            say(
                f"So few sets (worth {worlds.worth:.0f} of equal weight) tell the ends of 90%, and what is luck, only "
                "roughly."
            )
        if seeds < 2:
            say(
                "With one seed a set luck can't be told from parameters, and these ranges hold both: give --seeds 2 or "
                "more."
            )
    rows = [{str(name): value for name, value in row.items()} for row in parts.to_dict("records")]
    say(*(sentence_of(row, len(worlds.names) > 1) for row in rows))
    if not quiet:
        each = f"{seeds} runs each" if seeds > 1 else "one run each, so that luck is not told from parameters"
        which = f"{len(kept.sets)} plausible worlds ({kept.told}; {each})"
        for row in rows:
            if row["outcome"] == COPIED:
                say("", f"To copy: {to_copy(row, worlds.names, which, __version__)}")
                say(f"To make it again: {typed(shlex.join(again))}")


def _drawn(
    worlds: Worlds, parts: DataFrame, folder: Path, ensemble: str, again: str
) -> tuple[list[str], list[str]]:
    """Draw the figures of worlds that are on disk; as `drawn_beside`."""
    from .running import drawn_beside

    def draw(built: Path, failed: Failed) -> list[str]:
        from ..experiments.calibration.worlds_figures import draw_worlds

        return draw_worlds(worlds, parts, built, ensemble=ensemble, failed=failed)

    return drawn_beside(folder, again, draw, lambda: {*worlds.names, ensemble})


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
