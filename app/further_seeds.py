"""`run --seeds`: the same scenario under further seeds, so that its headlines may compare, and its lines have bands."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .console import cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..experiments.workers import WorkerPool
    from ..outcomes.run import Run
    from ..scenarios import Scenario

USUAL = 5  # as many as a comparing word takes
# What a run may cost to get further seeds unasked, in migrants times months: the same on every machine, for a fast one
# must not make other figures than a slow one. Assumption: 1.25 million a second and core, by which five runs take two
# seconds at most.
CHEAP = 500_000
A_PLACE = 5  # so many migrants a place costs each month, by the same assumption
LONG = 3.0  # seconds of a run from which processes are worth their start


def usual_seeds(run: Run) -> int:
    """How many seeds a run gets that nobody asked for: USUAL where they cost little, else its own alone."""
    migrants = run.manifest.get("timing", {}).get("migrant_months")
    if migrants is None:
        return 1
    return USUAL if migrants + A_PLACE * len(run.table("places")) * run.months <= CHEAP else 1


class FurtherSeeds:
    """The scenario of a run under so many seeds in all, the run's own among them.

    Where that is quick, the process that helps with the figures begins with them at once.
    """

    def __init__(self, run: Run, scenario: Scenario, count: int, helper: WorkerPool | None = None) -> None:
        from ..experiments.replicates import RunsBeside, seeds_for
        from ..outcomes.kept_seeds import tables_of_figures

        self._run, self._measure = run, tables_of_figures
        self._further = [replace(scenario, seed=seed) for seed in seeds_for(scenario.seed, count)[1:]]
        seconds = float(run.manifest.get("timing", {}).get("model_seconds") or 0.0)
        self._workers = min(cores(), len(self._further)) if seconds > LONG else 1
        quick = helper if self._workers == 1 else None
        self._beside = None if quick is None else RunsBeside(self._further, self._measure, quick)

    def finish(self, say: Callable[[str], object] | None = None) -> str:
        """Hang what the figures show in each seed on the run. `say`: told how far it is. Returns in a sentence what
        failed, "" if nothing did. Errors: OutputError if Matplotlib can't be loaded."""
        from ..experiments.replicates import run_many
        from ..outcomes.kept_seeds import over_seeds
        from .running import matplotlib_ready

        matplotlib_ready()
        begun = time.monotonic()

        def progress(done: int, total: int, _: object) -> None:
            if say is not None:
                left = (time.monotonic() - begun) / done * (total - done)
                say(f"Further seeds: {done} of {total}, {left:,.0f} s left ...")

        if say is not None:
            say(f"Further seeds: 0 of {len(self._further)} ...")
        own = self._measure(self._run)
        if self._beside is not None:
            done = self._beside.finish(progress)
        else:
            each_once = run_many(self._further, 1, self._measure, workers=self._workers, progress=progress)
            done = [replicate for (replicate,) in each_once]
        tables: dict[int, Mapping[str, Any]] = {self._run.seed: own}
        tables |= {each.seed: each.values for each in done if each.values is not None}
        self._run.over_seeds = over_seeds(tables) if len(tables) > 1 else None
        failed = [each for each in done if each.failed]
        if not failed:
            return ""
        return f"{len(failed)} of {len(done)} further seeds failed, and are left out: {failed[0].error}."


def keep_further_seeds(run: Run, folder: Path) -> None:
    """Write them into the run's folder. Errors: OutputError if the disk refuses."""
    from ..outcomes.kept_seeds import FOLDER, write_seeds
    from .folders import replacing_files

    if run.over_seeds is not None:
        with replacing_files(folder / FOLDER) as built:
            write_seeds(run.over_seeds, built)
