"""`local-citizenship calibrate`: sets of parameters that make the model do what was observed."""

from __future__ import annotations

import math
import shlex
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ..outcomes.invocation import typed
from .computing import Computing, Workers, computes, resumable
from .console import PlainErrors, UsageMistake, cores, err, every_mistake, say, say_if_cold
from .folders import fresh, reading
from .options import MaxTable
from .progress import RunsProgress

if TYPE_CHECKING:
    from ..experiments.calibration.folder import CalibrationFolder
    from ..experiments.calibration.waves import Stage, Told

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


@dataclass(frozen=True)
class _Computing(Computing):
    """For so many minutes at most."""

    minutes: Annotated[
        float | None,
        Option(
            "--minutes", metavar="N", min=0, help="Stop after so many, and tell the command that goes on."
        ),
    ] = None

    def until(self) -> float:
        """When to stop, by the clock of `time.monotonic`."""
        return math.inf if self.minutes is None else time.monotonic() + 60.0 * self.minutes


@calibrate.command()
@computes
def run(file: File, folder: Out = None, _: MaxTable = None, *, computing: _Computing) -> None:
    """Calibrate; leave a folder with an ensemble of parameter sets."""
    _go(_created(file, folder), computing)


@calibrate.command()
@computes
def resume(folder: Folder, *, computing: _Computing) -> None:
    """Do what is missing of a calibration, and no more."""
    _go(_opened(folder), computing)


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
@computes
def truth(
    file: File,
    truths: Annotated[int, Option("--truths", metavar="N", min=1, max=1000, help="How many.")] = 20,
    folder: Out = None,
    _: MaxTable = None,
    *,
    computing: _Computing,
) -> None:
    """Try the method on made-up truths: how often do its intervals hold them? Goes on with --out, if it is there."""
    from ..experiments.calibration.emulator import need_libraries
    from ..experiments.calibration.truth import coverage_sentences, truths_plan, try_truths

    need_libraries()
    kept = _created(file, folder, "-truths", again=True)
    computing.say_if_cold()
    total, until = truths_plan(kept.plan, truths), computing.until()
    again = "calibrate", "truth", file, "--truths", str(truths), "--out", str(kept.path)
    with RunsProgress(err(), quiet=computing.quiet) as progress, resumable(*again):
        table = try_truths(
            kept,
            computing.engine,
            truths,
            told=lambda number: _telling(progress, f"Truth {number + 1} of {truths}: ", until),
            say=partial(say, to=err()),
        )
    if computing.quiet:
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
    same_rules: Annotated[
        bool,
        Option(
            "--same-rules",
            help="The code of the model's rules is another by now, and was found to make the same tables "
            "(`python -m benchmarks.same_tables`).",
        ),
    ] = False,
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
            say(f"Wrote {folder}: {packed(place, folder, overwrite, same_rules=same_rules):,} bytes.")
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


def _go(folder: CalibrationFolder, computing: _Computing) -> None:
    from ..experiments.calibration.emulator import need_libraries
    from ..experiments.calibration.folder import ENSEMBLE
    from ..experiments.calibration.running import calibrate as carry_out
    from ..experiments.calibration.status import status_of
    from ..experiments.calibration.writing import told_of
    from .running import matplotlib_ready

    if folder.complete:
        say(*([folder.path / ENSEMBLE] if computing.quiet else status_of(folder)))
        return
    need_libraries()
    matplotlib_ready()
    computing.say_if_cold()
    again = "calibrate", "resume", str(folder.path)
    with RunsProgress(err(), quiet=computing.quiet) as progress, resumable(*again):
        found = carry_out(
            folder,
            computing.engine,
            told=_telling(progress, until=computing.until()),
            say=partial(say, to=err()),
        )
    place = folder.path / ENSEMBLE
    if computing.quiet:
        say(place)
    else:
        say(*told_of(found, folder), f"The ensemble: {place} (summary.md has its tables and figures)")


def _telling(progress: RunsProgress, what: str = "", until: float = math.inf) -> Told:
    """Tells of each run; when the time is up it stops as Ctrl-C would, with all finished runs kept."""

    def told(stage: Stage, done: int, total: int, record: Any) -> None:
        progress(done, total, record, f"{what}{stage.words}")
        if time.monotonic() >= until:
            raise KeyboardInterrupt

    return told


def _created(file: str, folder: Path | None, ending: str = "", *, again: bool = False) -> CalibrationFolder:
    """A new folder; `again`: or the one that is there, if it holds the same calibration."""
    from ..experiments.calibration.folder import create, hash_of_table
    from ..experiments.calibration.read_plan import find_plan, read_plan
    from ..scenarios.bounded import yaml_bytes

    source = find_plan(file)
    stem = source.name.removesuffix(".yaml").removesuffix(".yml") + ending
    target = folder or fresh(HOME, stem)
    if again and folder is not None and folder.is_dir():
        kept = _opened(folder)
        with every_mistake():
            table = hash_of_table(read_plan(source))
        if (kept.text, hash_of_table(kept.plan)) != (yaml_bytes(source), table):
            raise UsageMistake(f"{folder} holds another calibration than {file}: give another --out")
        return kept
    with every_mistake():
        return create(source, target)


def _opened(path: Path) -> CalibrationFolder:
    from ..experiments.calibration.folder import open_calibration

    with reading(path):
        return open_calibration(path)
