"""`local-citizenship calibrate`: sets of parameters that make the model do what was observed."""

from __future__ import annotations

import contextlib
import math
import os
import shlex
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ..outcomes.invocation import typed
from .console import STOPPED, PlainErrors, UsageMistake, cores, err, every_mistake, say, say_if_cold
from .folders import reading
from .options import MaxTable
from .progress import RunsProgress

if TYPE_CHECKING:
    from ..experiments.calibration.folder import CalibrationFolder
    from ..experiments.calibration.waves import Stage, Told
    from ..experiments.studies.folder import StudyFolder
    from ..experiments.studies.running import LocalEngine

HOME = Path("calibrations")
_ENDINGS = (".yaml", ".yml")


class _RunsAFile(PlainErrors):
    """`calibrate FILE.yaml` is `calibrate run FILE.yaml`, and so is a shipped one's name."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and _is_file(args[0]):
            args = ["run", *args]
        return super().resolve_command(ctx, args)


def _is_file(word: str) -> bool:
    from ..experiments.calibration.read_plan import shipped_plans

    return word.endswith(_ENDINGS) or word in shipped_plans()


calibrate = typer.Typer(
    cls=_RunsAFile,
    help="Fit parameters to what was observed, and carry along what stays unknown.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

File = Annotated[
    str,
    Argument(metavar="FILE", help="A calibration's file, or a shipped one: two-towns, japan, korea, ..."),
]
Folder = Annotated[Path, Argument(metavar="DIR", help="The folder of a calibration.")]
Out = Annotated[Path | None, Option("--out", metavar="DIR", help="Where to; calibrations/NAME if left out.")]
Workers = Annotated[
    int | None, Option(min=1, help="Processes; the results are the same. One for each core if left out.")
]
Cluster = Annotated[
    str | None,
    Option("--cluster", metavar="tcp://HOST:PORT", help="A Dask scheduler whose workers do the runs."),
]
Quiet = Annotated[bool, Option("--quiet", "-q", help="Print the ensemble's folder only.")]
Minutes = Annotated[
    float | None,
    Option("--minutes", metavar="N", min=0, help="Stop after so many, and tell the command that goes on."),
]


@calibrate.command()
def run(
    file: File,
    folder: Out = None,
    workers: Workers = None,
    cluster: Cluster = None,
    minutes: Minutes = None,
    _: MaxTable = None,
    quiet: Quiet = False,
) -> None:
    """Calibrate; leave a folder with an ensemble of parameter sets."""
    _go(_created(file, folder), workers, cluster, quiet, minutes)


@calibrate.command()
def resume(
    folder: Folder,
    workers: Workers = None,
    cluster: Cluster = None,
    minutes: Minutes = None,
    quiet: Quiet = False,
) -> None:
    """Do what is missing of a calibration, and no more."""
    _go(_opened(folder), workers, cluster, quiet, minutes)


@calibrate.command()
def status(folder: Folder) -> None:
    """Tell how far a calibration is, and what came of it."""
    from ..experiments.calibration.status import status_of

    with reading(folder):
        say(*status_of(_opened(folder)))


@calibrate.command()
def check(
    file: File,
    workers: Workers = None,
    quick: Annotated[
        bool, Option("--quick", help="Make no run: leave out the time, and whether runs tell the targets.")
    ] = False,
    _: MaxTable = None,
) -> None:
    """Read a calibration's file, find its mistakes, and tell priors, targets, how many runs, and about how long."""
    from ..experiments.calibration.read_plan import find_plan, read_plan
    from ..experiments.calibration.status import summary, tried

    with every_mistake():
        plan = read_plan(find_plan(file))
    say(*summary(plan))
    if not quick:
        say_if_cold()
        say(*tried(plan, workers or cores()))


@calibrate.command()
def truth(
    file: File,
    truths: Annotated[int, Option("--truths", metavar="N", min=1, max=1000, help="How many.")] = 20,
    folder: Out = None,
    workers: Workers = None,
    cluster: Cluster = None,
    minutes: Minutes = None,
    _: MaxTable = None,
    quiet: Quiet = False,
) -> None:
    """Try the method on made-up truths: how often do its intervals hold them? Goes on with --out, if it is there."""
    from ..experiments.calibration.emulator import need_libraries
    from ..experiments.calibration.truth import coverage_sentences, truths_plan, try_truths

    need_libraries()
    kept = _created(file, folder, "-truths", again=True)
    say_if_cold()
    total, until = truths_plan(kept.plan, truths), _until(minutes)
    again = shlex.join(["truth", file, "--truths", str(truths), "--out", str(kept.path)])
    with RunsProgress(err(), quiet=quiet) as progress, _resumable(again):
        table = try_truths(
            kept,
            _engine(workers, cluster),
            truths,
            told=lambda number: _telling(progress, f"Truth {number + 1} of {truths}: ", until),
            say=partial(say, to=err()),
        )
    if quiet:
        say(kept.path / "coverage")
        return
    say(*coverage_sentences(table, int(table["truth"].nunique())))
    say(f"Up to {total:,} runs were made. The truths, and coverage by parameter: {kept.path / 'coverage'}")


@calibrate.command()
def pack(
    ensemble: Annotated[
        str, Argument(metavar="DIR", help="An ensemble: a calibration's folder, or `ensemble` in it.")
    ],
    folder: Annotated[
        Path | None, Option("--out", metavar="DIR", help="Write it here, small, as shipped ones are.")
    ] = None,
    into: Annotated[
        Path | None,
        Option(
            "--into", metavar="FILE", help="Give this scenario file the medoid's parameters and their source."
        ),
    ] = None,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace what --out holds.")] = False,
) -> None:
    """Make an ensemble small enough to ship, or its medoid (the set in the middle) a scenario's parameters."""
    from ..experiments.calibration.packing import pack as packed
    from ..experiments.calibration.packing import write_medoid
    from ..experiments.studies.ensembles import find_ensemble

    if folder is None and into is None:
        raise UsageMistake("say where to: --out DIR, or --into SCENARIO.yaml, or both")
    with reading(Path(ensemble)):
        place = find_ensemble(ensemble)
        if folder is not None:
            say(f"Wrote {folder}: {packed(place, folder, overwrite):,} bytes.")
    if into is not None:
        with every_mistake():
            say(*write_medoid(place, into))
        say(f"Gave {into} the medoid of {place}.")


@calibrate.command()
def new(
    file: Annotated[Path, Argument(metavar="FILE", help="The file to write.")],
    scenario: Annotated[
        str, Option("--scenario", metavar="SCENARIO", help="The scenario to calibrate.")
    ] = "two-towns",
) -> None:
    """Write a commented calibration's file to start from, and a table of targets beside it."""
    from .new_files import write_calibration

    say(*(f"Wrote {path}." for path in write_calibration(file, scenario)))
    name = shlex.quote(str(file))
    say(*(f"Next: {typed('calibrate')} {command} {name}" for command in ("check", "run")))


# Running --------------------------------------------------------------------------------------------------


def _go(
    folder: CalibrationFolder,
    workers: int | None,
    cluster: str | None,
    quiet: bool,
    minutes: float | None = None,
) -> None:
    from ..experiments.calibration.emulator import need_libraries
    from ..experiments.calibration.folder import ENSEMBLE
    from ..experiments.calibration.running import calibrate as carry_out
    from ..experiments.calibration.status import status_of
    from ..experiments.calibration.writing import told_of
    from .running import matplotlib_ready

    if folder.complete:
        say(*([folder.path / ENSEMBLE] if quiet else status_of(folder)))
        return
    need_libraries()
    matplotlib_ready()
    if not quiet and cluster is None:
        say_if_cold()
    with RunsProgress(err(), quiet=quiet) as progress, _resumable(shlex.join(["resume", str(folder.path)])):
        found = carry_out(
            folder,
            _engine(workers, cluster),
            told=_telling(progress, until=_until(minutes)),
            say=partial(say, to=err()),
        )
    place = folder.path / ENSEMBLE
    if quiet:
        say(place)
    else:
        say(*told_of(found, folder), f"The ensemble: {place} (summary.md has its tables and figures)")


def _until(minutes: float | None) -> float:
    """When to stop, by the clock of `time.monotonic`."""
    return math.inf if minutes is None else time.monotonic() + 60.0 * minutes


def _telling(progress: RunsProgress, what: str = "", until: float = math.inf) -> Told:
    """Tells of each run; when the time is up it stops as Ctrl-C would, with all finished runs kept."""

    def told(stage: Stage, done: int, total: int, record: Any) -> None:
        progress(done, total, record, f"{what}{stage.words}")
        if time.monotonic() >= until:
            raise KeyboardInterrupt

    return told


def _engine(workers: int | None, cluster: str | None) -> Callable[[StudyFolder], LocalEngine]:
    if workers is not None and cluster is not None:
        raise UsageMistake("give --workers or --cluster, not both: a cluster's workers are its own")

    def make(folder: StudyFolder) -> LocalEngine:
        if cluster is not None:
            from ..experiments.studies.cluster import DaskEngine

            return DaskEngine(folder, cluster)
        from ..experiments.studies.running import LocalEngine

        return LocalEngine(folder, workers or cores())

    return make


@contextlib.contextmanager
def _resumable(command: str) -> Iterator[None]:
    """Ctrl-C is told with the command that goes on."""
    try:
        yield
    except KeyboardInterrupt:
        told = typed(f"calibrate {command}")
        say(f"Stopped. What is finished is kept; go on with: {told}", to=err())
        raise typer.Exit(STOPPED) from None


def _created(file: str, folder: Path | None, ending: str = "", *, again: bool = False) -> CalibrationFolder:
    """A new folder; `again`: or the one that is there, if it holds the same calibration."""
    from ..experiments.calibration.folder import create
    from ..experiments.calibration.read_plan import find_plan
    from ..scenarios.bounded import yaml_bytes

    source = find_plan(file)
    stem = source.name.removesuffix(".yaml").removesuffix(".yml") + ending
    target, number = folder or HOME / stem, 1
    if again and folder is not None and folder.is_dir():
        kept = _opened(folder)
        if kept.text != yaml_bytes(source):
            raise UsageMistake(f"{folder} holds another calibration than {file}: give another --out")
        return kept
    while folder is None and os.path.lexists(target):
        number += 1
        target = HOME / f"{stem}-{number}"
    with every_mistake():
        return create(source, target)


def _opened(path: Path) -> CalibrationFolder:
    from ..experiments.calibration.folder import open_calibration

    with reading(path):
        return open_calibration(path)
