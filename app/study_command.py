"""`local-citizenship study`: many runs from one file, on this computer, in parts, or on a cluster."""

from __future__ import annotations

import re
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ..outcomes.invocation import as_typed, typed
from . import study_reading_command as reading
from .computing import Computing, Workers, computes, resumable
from .console import (
    INCOMPLETE,
    PlainErrors,
    UsageMistake,
    complain,
    cores,
    err,
    every_mistake,
    out,
    say,
)
from .folders import fresh
from .folders import reading as reading_folder
from .options import MaxTable
from .progress import RunsProgress, time_in_words

if TYPE_CHECKING:
    from ..experiments.studies.folder import StudyFolder
    from ..experiments.studies.run_queue import Shard
    from ..experiments.studies.running import Ran

HOME = Path("studies")

study = typer.Typer(
    cls=PlainErrors,
    help="Many runs from one file: run, go on, look, read.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyName = Annotated[
    str, Argument(metavar="STUDY", help="A shipped study (see `study list`) or a study file.")
]
Part = Annotated[
    str | None, Option("--shard", metavar="I/N", help="Do the I-th of N parts, in a batch job of its own.")
]
Measures = Annotated[
    list[str] | None,
    Option("--measure", metavar="FILE.py:NAME", help="A measure of your own to keep; may be given again."),
]


@study.command()
@computes
def run(
    file: StudyName,
    folder: Annotated[
        Path | None, Option("--out", metavar="DIR", help="Where to; studies/NAME if left out.")
    ] = None,
    shard: Part = None,
    measures: Measures = None,
    _: MaxTable = None,
    *,
    computing: Computing,
) -> None:
    """Run a study; leave a folder of its runs and tables."""
    from ..experiments.studies.folder import create, join
    from ..experiments.studies.read_study import find_study

    part = _part(shard)
    source = find_study(file)
    target = folder or _fresh(source, part)
    own = measures or ()
    study = create(source, target, measures=own) if shard is None else join(source, target, own)
    _go(study, part, computing)


@study.command()
@computes
def resume(
    folder: reading.StudyFolder,
    shard: Part = None,
    accept: Annotated[
        bool,
        Option("--accept-changes", help="Go on though the study's file, the model or a version has changed."),
    ] = False,
    retry: Annotated[bool, Option("--retry-failed", help="Do the runs that failed again.")] = False,
    measures: Measures = None,
    *,
    computing: Computing,
) -> None:
    """Do what is missing of a study, and no more."""
    _go(_opened(folder, accept, measures), _part(shard), computing, retry)


@study.command("add-replicates")
@computes
def add_replicates(
    folder: reading.StudyFolder,
    count: Annotated[int, Argument(metavar="N", min=1, help="How many more, at each design point.")],
    accept: Annotated[bool, Option("--accept-changes", help="As for `study resume`.")] = False,
    measures: Measures = None,
    *,
    computing: Computing,
) -> None:
    """Run each design point N more times."""
    study = _opened(folder, accept, measures)
    study.add_replicates(count)
    _go(study, _part(None), computing)


@study.command()
def status(folder: reading.StudyFolder) -> None:
    """Tell how far a study is, who is at it, and what went wrong."""
    from ..experiments.studies.folder import open_study
    from ..experiments.studies.status import status_of

    with reading_folder(folder):
        say(*map(as_typed, status_of(open_study(folder))))


@study.command()
def check(
    file: StudyName,
    workers: Workers = None,
    quick: Annotated[bool, Option("--quick", help="Leave out the estimate of time.")] = False,
    _: MaxTable = None,
) -> None:
    """Read a study file, find its mistakes, and tell how many runs it has and about how long they take."""
    from ..experiments.studies.points import check_points, points_of
    from ..experiments.studies.read_study import find_study, read_study
    from ..experiments.studies.status import seconds_of_a_run, summary

    with every_mistake():
        loaded = read_study(find_study(file))
    points = points_of(loaded)
    check_points(loaded, points)
    say(*summary(loaded, points))
    if quick:
        return
    seconds = seconds_of_a_run(loaded)
    if seconds is None:
        say("Time: not known before the rules are compiled, which the first run does.")
        return
    at_once, times = workers or cores(), loaded.replicates
    least, most = (time_in_words(n * len(points) * seconds / at_once) for n in (times.least, times.most))
    span = least if times.fixed else f"{least} to {most}"
    say(f"Time: about {span} with {at_once} process{'es' if at_once > 1 else ''} ({seconds:.2g} s a run).")


@study.command()
def new(
    file: Annotated[Path, Argument(metavar="FILE", help="The study file to write.")],
    scenario: Annotated[
        str, Option("--scenario", metavar="SCENARIO", help="The scenario to study.")
    ] = "two-towns",
) -> None:
    """Write a commented study file to start from."""
    from .new_files import write_study

    write_study(file, scenario)
    name = shlex.quote(str(file))
    say(f"Wrote {file}.", *(f"Next: {typed('study')} {command} {name}" for command in ("check", "run")))


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


def _go(folder: StudyFolder, part: Shard, computing: Computing, retry: bool = False) -> None:
    from ..experiments.studies.running import run_study

    computing.say_if_cold()
    again = ["study", "resume", str(folder.path)]
    again += [] if part.of == 1 else ["--shard", f"{part.number}/{part.of}"]
    with resumable(*again), RunsProgress(err(), quiet=computing.quiet) as progress:
        ran = run_study(
            folder,
            partial(computing.engine, folder),
            shard=part,
            retry=retry,
            progress=progress,
            say=partial(say, to=err()),
        )
    _tell(folder, part, ran, computing.quiet)
    if ran.failed:
        raise typer.Exit(INCOMPLETE)


def _tell(folder: StudyFolder, part: Shard, ran: Ran, quiet: bool) -> None:
    name = shlex.quote(str(folder.path))
    if quiet:
        say(folder.path)
    else:
        of = "" if part.of == 1 else f", part {part.number} of {part.of}"
        say(f"{folder.study.name}{of}: {ran.done:,} of {ran.total:,} runs are done, in {folder.path}")
        if ran.complete and out().is_terminal:
            _tell_what_was_found(folder)
        elif ran.complete:
            say(f"Its tables: {folder.path / 'tables'}; figures: {typed('study plot')} {name}")
        elif part.of > 1:
            say("Other parts are still to come; the last one writes the tables.")
    if ran.failed:
        command = f"{typed('study status')} {name}"
        complain(f"{ran.failed:,} runs failed: `{command}` has the command that repeats each.")


def _tell_what_was_found(folder: StudyFolder) -> None:
    """At a terminal: the main outcome by design point, and where there is more."""
    from ..experiments.studies.tables import load_results
    from .study_found import found, where_next

    results = load_results(folder.path)
    screen = out()
    for shown in found(results):
        screen.print(shown, markup=False)
    say(where_next(results, folder.path), f"Its tables: {folder.path / 'tables'}", to=screen)


def _opened(path: Path, accept: bool, measures: list[str] | None) -> StudyFolder:
    """The study of a folder to go on with. Errors: UsageMistake if something has changed and is not accepted."""
    from ..experiments.studies.folder import open_study, refuse_unknown_code
    from ..outcomes.declaration import load_measures

    for each in measures or ():
        load_measures(each)
    with reading_folder(path):
        folder = open_study(path)
        refuse_unknown_code(folder.study)
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
    return fresh(HOME, stem) if part.of == 1 else HOME / stem
