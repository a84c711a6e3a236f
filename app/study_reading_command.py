"""`study export`, `study plot` and `sensitivity`: what a study has found, as tables, figures and indices."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from rich.text import Text
from typer import Argument, Option

from ..outcomes.invocation import COMMAND, typed
from .console import Strict, UsageMistake, conclude, err, out, say
from .folders import reading, replacing_files
from .options import Lang
from .tables import add_row, titled

if TYPE_CHECKING:
    from rich.table import Table

    from ..experiments.studies.results import StudyResults
    from ..experiments.studies.sensitivity import Sensitivity

StudyFolder = Annotated[Path, Argument(metavar="STUDY", help="The folder of a study.")]
Outcomes = Annotated[
    list[str] | None,
    Option("--outcome", metavar="NAME", help="One of its outcomes; may be given again; all if left out."),
]
Year = Annotated[
    int | None, Option(metavar="YEAR", help="The year of yearly outcomes; the last if left out.")
]

EXPORT, FIGURES = "export", "figures"


def export(
    study: StudyFolder,
    folder: Annotated[
        Path | None, Option("--out", metavar="DIR", help="Where to; STUDY/export if left out.")
    ] = None,
    formats: Annotated[
        list[str] | None,
        Option("--format", metavar="parquet|csv", help="May be given again; both if left out."),
    ] = None,
    wide: Annotated[
        bool, Option("--wide", help="Add a table with a row a run and a column an outcome.")
    ] = False,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace an older export.")] = False,
) -> None:
    """Write the tables of a study for other programs, with a data dictionary."""
    from ..experiments.studies.tables import FORMATS
    from ..experiments.studies.tables import export as write

    wanted = _formats(formats, FORMATS, "tables are written")
    with reading(study):
        place = folder or study / EXPORT
        written = write(_results(study), place, formats=wanted, wide=wide, overwrite=overwrite)
    say(written)


def plot(
    study: StudyFolder,
    outcomes: Outcomes = None,
    year: Year = None,
    formats: Annotated[
        list[str] | None, Option("--format", metavar="png|svg|pdf", help="May be given again.")
    ] = None,
    target: Annotated[
        float | None,
        Option(help="How well a mean or difference should be known: half an interval's width, in its unit."),
    ] = None,
    better: Annotated[
        str | None, Option(metavar="high|low", help="Which values are wanted: adds the regret of levers.")
    ] = None,
    folder: Annotated[
        Path | None, Option("--out", metavar="DIR", help="Where to; STUDY/figures if left out.")
    ] = None,
    strict: Strict = False,
    __: Lang = None,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Print the folder only.")] = False,
) -> None:
    """Draw what a study has found: figures, the table behind each, and a summary."""
    from .running import matplotlib_ready, undrawn

    matplotlib_ready()
    from ..experiments.studies.report import SUMMARY, chosen_outcomes, words_of, write_report
    from ..outcomes.declaration import in_words
    from ..outcomes.plots import FORMATS
    from ..outcomes.plots.letters import missing_letters

    wanted = _formats(formats, FORMATS, "figures are drawn", default=("png",))
    if target is not None and not (target > 0 and math.isfinite(target)):
        raise UsageMistake(f"--target is {target:g}, but must be above 0")
    if better not in (None, "high", "low"):
        raise UsageMistake(f"--better is {better!r}, but must be high or low")
    with reading(study):
        results = _results(study)
        names = chosen_outcomes(results, outcomes or (), year)
    place = folder or study / FIGURES
    failed: dict[str, str] = {}
    with reading(study), replacing_files(place) as built, err().status("Drawing ...") as status:
        drawn = write_report(
            results,
            built,
            outcomes=names,
            year=year,
            formats=wanted,
            target=target,
            better=better,
            command=f"{COMMAND} {_command(study.name, outcomes, year, target, better)}",
            progress=lambda stem: status.update(f"Drawing {stem} ..."),
            failed=lambda stem, error: failed.update({stem: in_words(error)}),
        )
    if quiet or not out().is_terminal:
        say(place)
    else:
        say(*(f"{file}: {title}" for file, title in drawn), f"All numbers: {place / SUMMARY}")
    again = typed(_command(shlex.quote(str(study)), outcomes, year, target, better))
    again += "".join(f" --format {each}" for each in formats or [])
    again += f" --out {shlex.quote(str(folder))}" if folder is not None else ""
    conclude([told for told in (undrawn(failed, again), missing_letters(words_of(results))) if told], strict)


def sensitivity(study: StudyFolder, outcomes: Outcomes = None, year: Year = None) -> None:
    """Tell what the outcomes of a study depend on, and how much of that rests on assumptions."""
    from ..experiments.studies.sensitivity import sensitivity as analysed

    with reading(study):
        results = _results(study)
    results.finished()
    screen = out()
    for name in [results.outcome_named(name) for name in outcomes or results.outcomes["outcome"]]:
        for found in analysed(results.outcome(name, year if name in results.yearly else None)):
            for shown in (_indices(found), _shares(found), *map(Text, found.sentences), ""):
                screen.print(shown)


def _results(study: Path) -> StudyResults:
    from ..experiments.studies.tables import load_results

    return load_results(study)


def _formats(
    wanted: list[str] | None, known: tuple[str, ...], what: str, default: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(wanted or default or known))
    for name in chosen:
        if name not in known:
            raise UsageMistake(f"there is no format {name!r}: {what} as {', '.join(known)}")
    return chosen


def _command(
    study: str, outcomes: list[str] | None, year: int | None, target: float | None, better: str | None
) -> str:
    """The command as it would be typed; `study`: its folder."""
    options = [f"--outcome {shlex.quote(name)}" for name in outcomes or []]
    options += [f"--year {year}"] if year is not None else []
    options += [f"--target {target:g}"] if target is not None else []
    options += [f"--better {better}"] if better is not None else []
    return " ".join(["study plot", study, *options])


def _indices(found: Sensitivity) -> Table:
    from ..experiments.studies.report import index_cells

    numbers = ("value", "95% interval", "luck left in")
    of = f" ({found.scenario})" if found.scenario else ""
    table = titled(
        f"{found.matrix.label}{of}", "factor", "role", "rests on", "index", *numbers, "unit", numbers=numbers
    )
    role = None
    for cells in sorted(index_cells(found, "alone"), key=lambda cells: (cells[1], cells[3])):
        if role not in (None, cells[1]):
            table.add_section()
        role = cells[1]
        add_row(table, *cells)
    return table


def _shares(found: Sensitivity) -> Table:
    from ..experiments.studies.report import share_cells

    numbers = ("share", "95% interval", "at most")
    title = f"What it rests on: {found.shares['measure'].iloc[0]}"
    table = titled(title, "made by", *numbers, numbers=numbers)
    for cells in share_cells(found):
        add_row(table, *cells[:-1])
    return table
