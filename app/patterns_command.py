"""`local-citizenship patterns`: hold the model against what is known, and write down what came of it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import UsageMistake, err, out
from .progress import RunsProgress

if TYPE_CHECKING:
    from ..experiments.patterns.check import Check

JAPAN, SAMPLE = "japan", "japan-sample"
SEEDS = 5


def patterns(
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="SCENARIO", help="What to take for Japan.")
    ] = JAPAN,
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each scenario, each with its own luck.")] = SEEDS,
    quick: Annotated[bool, typer.Option("--quick", help="A sample of Japan: rough, and soon done.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes; the results are the same.")] = 2,
    file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to; docs/patterns.md for japan if left out."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the file's name only.")] = False,
) -> None:
    """Hold the model against the patterns it should show, over several seeds."""
    if quick and scenario != JAPAN:
        raise UsageMistake("--quick is the scenario japan-sample: give --quick or --scenario, not both")
    scenario = SAMPLE if quick else scenario
    target = file or _default_file(scenario)
    if target.is_dir():
        raise UsageMistake(f"{target} is a folder, and the report needs a file: give another --out")

    from ..agents.rule import cache_is_cold
    from ..experiments.patterns.check import check_patterns
    from ..experiments.patterns.report import NOTES, NotesError, counts, read_notes, write_patterns

    try:
        read_notes(target.with_name(NOTES), may_be_missing=True)  # before the runs rather than after them
        if not quiet and cache_is_cold():
            err().print("Compiling the rules, once for this version (about half a minute) ...")
        with RunsProgress(err(), quiet=quiet) as progress:
            check = check_patterns(scenario, seeds, workers=workers, progress=progress)
        written = write_patterns(target, check, _command(scenario, seeds, file))
    except NotesError as error:
        raise UsageMistake(str(error)) from error
    except OSError as error:
        raise UsageMistake(f"{target} can't be written: {error.strerror or error}") from error

    screen = out()
    if quiet:
        screen.print(str(written), markup=False, soft_wrap=True)
    else:
        screen.print(_table(check))
        for line in (counts(check.findings).replace("*", ""), f"The report: {written}"):
            screen.print(line, markup=False, soft_wrap=True)
    if all(each.failed for runs in check.runs.values() for each in runs.replicates):
        raise typer.Exit(1)


def _default_file(scenario: str) -> Path:
    """docs/patterns.md, or patterns.md where there is no docs; another scenario than Japan in its name."""
    name = "patterns.md" if scenario == JAPAN else f"patterns-{Path(scenario).stem}.md"
    return Path("docs") / name if Path("docs").is_dir() else Path(name)


def _command(scenario: str, seeds: int, file: Path | None) -> str:
    """The command line that makes the same report."""
    words = ["local-citizenship", "patterns", "--seeds", str(seeds)]
    if scenario == SAMPLE:
        words.append("--quick")
    elif scenario != JAPAN:
        words += ["--scenario", scenario]
    if file is not None:
        words += ["--out", file.as_posix()]
    return shlex.join(words)


def _table(check: Check) -> object:
    from ..experiments.patterns.report import bands, shown, verdict
    from .tables import add_row, titled

    table = titled("Patterns", "id", "band", "value", "")
    for each in check.findings:
        cells = (bands(each), shown(each, judged_only=True), verdict(each).replace("*", ""))
        add_row(table, each.pattern.id, *cells)
    return table
