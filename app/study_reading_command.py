"""`study export`, `study plot` and `sensitivity`: what a study has found, as tables, figures and indices."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import UsageMistake, err, out
from .folders import replacing_files
from .tables import add_row, titled

if TYPE_CHECKING:
    from rich.table import Table

    from ..experiments.studies.results import StudyResults
    from ..experiments.studies.sensitivity import Sensitivity

StudyFolder = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder of a study.")]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome", metavar="NAME", help="One of its outcomes; may be given again; all if left out."
    ),
]
Year = Annotated[
    int | None, typer.Option(metavar="YEAR", help="The year of yearly outcomes; the last if left out.")
]

EXPORT, FIGURES = "export", "figures"


def export(
    study: StudyFolder,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to; STUDY/export if left out.")
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="parquet|csv", help="May be given again; both if left out."),
    ] = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="Add a table with a row a run and a column an outcome.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older export.")] = False,
) -> None:
    """Write the tables of a study for other programs, with a data dictionary."""
    from ..experiments.studies.export import FORMATS
    from ..experiments.studies.export import export as write

    wanted = _formats(formats, FORMATS, "tables are written")
    written = write(_results(study), folder or study / EXPORT, formats=wanted, wide=wide, overwrite=overwrite)
    out().print(str(written), markup=False, soft_wrap=True)


def plot(
    study: StudyFolder,
    outcomes: Outcomes = None,
    year: Year = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="png|svg|pdf", help="May be given again.")
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(
            help="How well a mean or difference should be known: half an interval's width, in its unit."
        ),
    ] = None,
    better: Annotated[
        str | None,
        typer.Option(metavar="high|low", help="Which values are wanted: adds the regret of levers."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to; STUDY/figures if left out.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder only.")] = False,
) -> None:
    """Draw what a study has found: figures, the table behind each, and a summary."""
    from ..experiments.studies.reading_report import SUMMARY, chosen_outcomes, write_report
    from ..outcomes.plots import FORMATS

    wanted = _formats(formats, FORMATS, "figures are drawn", default=("png",))
    if target is not None and not (target > 0 and math.isfinite(target)):
        raise UsageMistake(f"--target is {target:g}, but must be above 0")
    if better not in (None, "high", "low"):
        raise UsageMistake(f"--better is {better!r}, but must be high or low")
    results = _results(study)
    names = chosen_outcomes(results, outcomes or (), year)
    place = folder or study / FIGURES
    screen, progress = out(), err()
    with replacing_files(place) as built, progress.status("Drawing ...") as status:
        drawn = write_report(
            results,
            built,
            outcomes=names,
            year=year,
            formats=wanted,
            target=target,
            better=better,
            command=_command(study, outcomes, year, target, better),
            progress=lambda stem: status.update(f"Drawing {stem} ..."),
        )
    if not quiet and screen.is_terminal:
        for file, title in drawn:
            screen.print(f"{file}: {title}", markup=False, soft_wrap=True)
        screen.print(f"All numbers: {place / SUMMARY}", markup=False, soft_wrap=True)
    else:
        screen.print(str(place), markup=False, soft_wrap=True)


def sensitivity(study: StudyFolder, outcomes: Outcomes = None, year: Year = None) -> None:
    """Tell what the outcomes of a study depend on, and how much of that rests on assumptions."""
    from ..experiments.studies.reading import finished, outcome_named, yearly
    from ..experiments.studies.sensitivity import sensitivity as analysed

    results = _results(study)
    finished(results)
    told_by_year = yearly(results)
    screen = out()
    for name in [outcome_named(results, name) for name in outcomes or results.outcomes["outcome"]]:
        for told in analysed(results, name, year if name in told_by_year else None):
            screen.print(_indices(told))
            screen.print(_shares(told))
            for sentence in told.sentences:
                screen.print(sentence, markup=False)
            screen.print()


def _results(study: Path) -> StudyResults:
    from ..experiments.studies.store import load_results

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
    study: Path, outcomes: list[str] | None, year: int | None, target: float | None, better: str | None
) -> str:
    """The command as it would be typed, without the place of the study."""
    options = [f"--outcome {shlex.quote(name)}" for name in outcomes or []]
    options += [f"--year {year}"] if year is not None else []
    options += [f"--target {target:g}"] if target is not None else []
    options += [f"--better {better}"] if better is not None else []
    return " ".join(["local-citizenship study plot", Path(study).name, *options])


def _indices(told: Sensitivity) -> Table:
    numbers = ("value", "95% interval", "luck left in")
    of = f" ({told.scenario})" if told.scenario else ""
    table = titled(
        f"{told.numbers.label}{of}", "factor", "role", "rests on", "index", *numbers, "unit", numbers=numbers
    )
    role = None
    for row in told.indices.sort_values(["role", "index"], kind="stable").to_dict("records"):
        if role not in (None, row["role"]):
            table.add_section()
        role = row["role"]
        factor = f"{row['factor']} x {row['with_factor']}" if row["with_factor"] else row["factor"]
        between = "not told" if math.isnan(row["high"]) else f"{row['low']:.3g} to {row['high']:.3g}"
        value = "not told" if math.isnan(row["value"]) else f"{row['value']:.3g}"
        raw = "" if math.isnan(row["raw"]) else f"{row['raw']:.3g}"
        if not math.isnan(row["floor"]):
            raw = f"alone: {row['floor']:.3g}"
        add_row(
            table,
            factor,
            role,
            row["rests_on"],
            row["index"],
            value,
            between,
            raw,
            row["unit"],
        )
    return table


def _shares(told: Sensitivity) -> Table:
    from ..experiments.studies.sources import WORDS

    numbers = ("share", "95% interval", "at most")
    title = f"What it rests on: {told.shares['measure'].iloc[0]}"
    table = titled(title, "made by", *numbers, numbers=numbers)
    for row in told.shares.to_dict("records"):
        if math.isnan(row["share"]):
            continue
        between = "not told" if math.isnan(row["high"]) else f"{row['low']:.2f} to {row['high']:.2f}"
        most = "" if math.isnan(row["at_most"]) else f"{min(1.0, row['at_most']):.2f}"
        add_row(table, WORDS[row["rests_on"]], f"{row['share']:.2f}", between, most)
    return table
