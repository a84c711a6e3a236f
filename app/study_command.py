"""`local-citizenship study`: many runs from one file, on this computer, in parts, or on a cluster."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import study_reading_command as reading
from .console import PlainErrors, UsageMistake, err, out
from .progress import RunsProgress

if TYPE_CHECKING:
    from ..experiments.studies.folder import StudyFolder
    from ..experiments.studies.run_queue import Shard
    from ..experiments.studies.running import LocalEngine, Ran

HOME = Path("studies")
MOST_FAILURES_TOLD = 5

study = typer.Typer(
    cls=PlainErrors,
    help="Many runs from one file: run, go on, look, read.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", help="A shipped study (see `study list`) or a study file.")
]
Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder of a study.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes; the results are the same. One for each core if left out."),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="tcp://HOST:PORT", help="A Dask scheduler whose workers do the runs."),
]
Part = Annotated[
    str | None,
    typer.Option("--shard", metavar="I/N", help="Do the I-th of N parts, in a batch job of its own."),
]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measure", metavar="FILE.py:NAME", help="A measure of your own to keep; may be given again."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the study's folder only.")]


@study.command()
def run(
    file: StudyName,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to; studies/NAME if left out.")
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    shard: Part = None,
    measures: Measures = None,
    quiet: Quiet = False,
) -> None:
    """Run a study; leave a folder of its runs and tables."""
    from ..experiments.studies.folder import create, join
    from ..experiments.studies.read_study import find_study

    part = _part(shard)
    source = find_study(file)
    target = folder or _fresh(source, part)
    own = measures or ()
    study = create(source, target, measures=own) if shard is None else join(source, target, own)
    _go(study, part, workers, cluster, quiet)


@study.command()
def resume(
    folder: Folder,
    workers: Workers = None,
    cluster: Cluster = None,
    shard: Part = None,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept-changes", help="Go on though the study's file, the model or a version has changed."
        ),
    ] = False,
    retry: Annotated[bool, typer.Option("--retry-failed", help="Do the runs that failed again.")] = False,
    measures: Measures = None,
    quiet: Quiet = False,
) -> None:
    """Do what is missing of a study, and no more."""
    _go(_opened(folder, accept, measures), _part(shard), workers, cluster, quiet, retry)


@study.command("add-replicates")
def add_replicates(
    folder: Folder,
    count: Annotated[int, typer.Argument(metavar="N", min=1, help="How many more, at each design point.")],
    workers: Workers = None,
    cluster: Cluster = None,
    accept: Annotated[bool, typer.Option("--accept-changes", help="As for `study resume`.")] = False,
    measures: Measures = None,
    quiet: Quiet = False,
) -> None:
    """Run each design point N more times."""
    study = _opened(folder, accept, measures)
    study.add_replicates(count)
    _go(study, _part(None), workers, cluster, quiet)


@study.command()
def status(folder: Folder) -> None:
    """Tell how far a study is, who is at it, and what went wrong."""
    from ..experiments.studies.status import status_of

    for line in status_of(_folder(folder)):
        out().print(line, markup=False, soft_wrap=True)


@study.command()
def check(
    file: StudyName,
    workers: Workers = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the estimate of time.")] = False,
) -> None:
    """Read a study file, find its mistakes, and tell how many runs it has and about how long they take."""
    from ..experiments.studies.points import points_of
    from ..experiments.studies.read_study import find_study, read_study
    from ..experiments.studies.status import seconds_of_a_run, summary

    loaded = read_study(find_study(file))
    points = points_of(loaded)
    screen = out()
    for line in summary(loaded, points):
        screen.print(line, markup=False, soft_wrap=True)
    if quick:
        return
    seconds = seconds_of_a_run(loaded)
    if seconds is None:
        line = "Time: not known before the rules are compiled, which the first run does."
    else:
        cores = workers or _cores()
        least, most = (
            n * len(points) * seconds / cores for n in (loaded.replicates.least, loaded.replicates.most)
        )
        span = _time(least) if loaded.replicates.fixed else f"{_time(least)} to {_time(most)}"
        line = f"Time: about {span} with {cores} process{'es' if cores > 1 else ''} ({seconds:.2g} s a run)."
    screen.print(line, markup=False, soft_wrap=True)


@study.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The study file to write.")],
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="SCENARIO", help="The scenario to study.")
    ] = "two-towns",
) -> None:
    """Write a commented study file to start from."""
    from .new_study import write

    write(file, scenario)
    out().print(f"Wrote {file}.", markup=False, soft_wrap=True)
    for command in ("check", "run"):
        line = f"Next: local-citizenship study {command} {shlex.quote(str(file))}"
        out().print(line, markup=False, soft_wrap=True)


@study.command("list")
def list_() -> None:
    """List the studies that come with the package and the question each asks."""
    from ..experiments.studies.read_study import list_studies
    from .tables import add_row, titled

    table = titled("Studies", "name", "question")
    for name, question in list_studies():
        add_row(table, name, question)
    out().print(table)


study.command()(reading.export)
study.command()(reading.plot)
study.command()(reading.sensitivity)


# Running --------------------------------------------------------------------------------------------------


def _go(
    folder: StudyFolder,
    part: Shard,
    workers: int | None,
    cluster: str | None,
    quiet: bool,
    retry: bool = False,
) -> None:
    from ..agents.rule import cache_is_cold
    from ..experiments.studies.running import run_study

    if workers is not None and cluster is not None:
        raise UsageMistake("give --workers or --cluster, not both: a cluster's workers are its own")
    if not quiet and cluster is None and cache_is_cold():
        err().print("Compiling the rules, once for this version (about half a minute) ...")

    def say(text: str) -> None:
        err().print(text, markup=False, soft_wrap=True)

    try:
        with RunsProgress(err(), quiet=quiet) as progress:
            ran = run_study(
                folder, _engine(folder, workers, cluster), shard=part, retry=retry, progress=progress, say=say
            )
    except KeyboardInterrupt:
        say(f"Stopped. What is finished is kept; go on with: {_again(folder, part)}")
        raise typer.Exit(130) from None
    _tell(folder, part, ran, quiet)
    if ran.failed:
        raise typer.Exit(1)


def _engine(folder: StudyFolder, workers: int | None, cluster: str | None) -> Callable[[], LocalEngine]:
    def make() -> LocalEngine:
        if cluster is not None:
            from ..experiments.studies.cluster import DaskEngine

            return DaskEngine(folder, cluster)
        from ..experiments.studies.running import LocalEngine

        return LocalEngine(folder, workers or _cores())

    return make


def _tell(folder: StudyFolder, part: Shard, ran: Ran, quiet: bool) -> None:
    screen = out()
    if quiet:
        screen.print(str(folder.path), markup=False, soft_wrap=True)
    else:
        of = "" if part.of == 1 else f", part {part.number} of {part.of}"
        lines = [f"{folder.study.name}{of}: {ran.done:,} of {ran.total:,} runs are done, in {folder.path}"]
        if ran.complete:
            shown = shlex.quote(str(folder.path))
            lines.append(
                f"Its tables: {folder.path / 'tables'}; figures: local-citizenship study plot {shown}"
            )
        elif part.of > 1:
            lines.append("Other parts are still to come; the last one writes the tables.")
        for line in lines:
            screen.print(line, markup=False, soft_wrap=True)
    if ran.failed:
        command = f"local-citizenship study status {shlex.quote(str(folder.path))}"
        line = f"{ran.failed:,} runs failed: `{command}` has the command that repeats each."
        err().print(line, style="red", markup=False, soft_wrap=True)


def _again(folder: StudyFolder, part: Shard) -> str:
    words = ["local-citizenship", "study", "resume", str(folder.path)]
    return shlex.join(words + ([] if part.of == 1 else ["--shard", f"{part.number}/{part.of}"]))


def _folder(path: Path) -> StudyFolder:
    from ..experiments.studies.folder import open_study

    return open_study(path)


def _opened(path: Path, accept: bool, measures: list[str] | None) -> StudyFolder:
    """The study of a folder to go on with. Errors: UsageMistake if something has changed and is not accepted."""
    from ..experiments.studies.folder import load_measures

    load_measures(measures or ())
    folder = _folder(path)
    words = folder.changed()
    if not words:
        return folder
    if accept:
        return folder.accept()
    raise UsageMistake(
        f"since {path} was begun, this has changed: {', '.join(words)}; its runs would not be of one kind: begin a new "
        "study, or give --accept-changes to go on all the same"
    )


def _part(text: str | None) -> Shard:
    from ..experiments.studies.run_queue import WHOLE, Shard

    if text is None:
        return WHOLE
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip())
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageMistake(f"--shard is {text!r}, but must be I/N with I from 1 to N, as 2/16")
    return Shard(int(found[1]), int(found[2]))


def _fresh(source: Path, part: Shard) -> Path:
    """A folder below `studies/` that is not there yet; of a study in parts always the same one."""
    stem = source.name.removesuffix(".yaml").removesuffix(".yml")
    folder, number = HOME / stem, 1
    while part.of == 1 and os.path.lexists(folder):
        number += 1
        folder = HOME / f"{stem}-{number}"
    return folder


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    hours = round(seconds / 3600)
    return f"{hours} h" if hours < 72 else f"{round(hours / 24)} days"
