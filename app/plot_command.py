"""`plot`: the figures of a finished run again, or what one asks for: a measure of runs or a study, as a chart."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from typer import Argument, Option

from ..outcomes.invocation import typed
from .console import Strict, UsageMistake, conclude, relaxed_gc, say
from .folders import reading, replacing_files
from .options import Lang

if TYPE_CHECKING:
    from ..outcomes.asked.told import Told

STUDY = "study.yaml"  # by which the folder of a study is known
MOST_IN_NAME = 2  # runs that the name of a file tells of
ENDINGS = (".png", ".svg", ".pdf")

Runs = Annotated[
    list[Path],
    Argument(
        metavar="RUN",
        help="The folder of a finished run, or several; with --measure in one chart, or that of a study.",
    ),
]
Formats = Annotated[
    list[str] | None, Option("--format", metavar="png|svg|pdf", help="May be given again; png if left out.")
]
Size = Annotated[
    str, Option("--size", metavar="slide|print", help="For a slide (16:9), or for print (17 cm across).")
]
Only = Annotated[
    list[str] | None,
    Option(
        "--only", metavar="FIGURES", help="Only these of the standard figures, as 03,06; may be given again."
    ),
]
AMeasure = Annotated[
    str | None,
    Option(
        "--measure",
        "-m",
        metavar="NAME",
        help="Draw a measure, as E3.served_of_needs (`measures --define` lists them), or mine.py:share.",
    ),
]
By = Annotated[
    str | None,
    Option(
        "--by", metavar="WHAT", help="Split it by status, group, place, region, need ...: what it can be."
    ),
]
YearsAsked = Annotated[
    str | None, Option("--years", metavar="YEARS", help="As 1995-2009 or 2004; all if left out.")
]
Kind = Annotated[
    str | None,
    Option("--kind", metavar="line|bar|map|heat", help="The kind of chart; what suits if left out."),
]
Groups = Annotated[
    list[str] | None,
    Option("--group", metavar="NAME", help="Only this group, as a town's name; may be given again."),
]
Observed = Annotated[
    Path | None,
    Option("--observed", metavar="FILE.csv", help="Your own points on top: columns year, value (and group)."),
]
Points = Annotated[
    list[int] | None,
    Option("--point", metavar="NUMBER", help="Of a study, only this design point; may be given again."),
]
Out = Annotated[
    Path | None,
    Option(
        "--out", metavar="DIR|FILE", help="Where to; RUN/figures if left out. A chart can have a file's name."
    ),
]


class Place(NamedTuple):
    """Where a chart goes: folder, name without ending (its own if ""), and formats."""

    folder: Path
    stem: str
    formats: tuple[str, ...]


@relaxed_gc()
def plot(
    runs: Runs,
    measure: AMeasure = None,
    by: By = None,
    years: YearsAsked = None,
    kind: Kind = None,
    groups: Groups = None,
    observed: Observed = None,
    points: Points = None,
    only: Only = None,
    formats: Formats = None,
    size: Size = "slide",
    folder: Out = None,
    strict: Strict = False,
    __: Lang = None,
) -> None:
    """Draw the figures of a finished run again, or a measure of runs or a study as you ask for it."""
    from ..outcomes.plots.sizes import FORMATS, SIZES

    wanted = tuple(dict.fromkeys(formats or ["png"]))
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise UsageMistake(f"there is no format {unknown[0]!r}: figures are drawn as png, svg or pdf")
    if size not in SIZES:
        raise UsageMistake(f"there is no size {size!r}: figures are drawn for {' or '.join(SIZES)}")
    if measure is None:
        asked = {"--by": by, "--years": years, "--kind": kind, "--group": groups, "--observed": observed}
        for option, value in {**asked, "--point": points}.items():
            if value is not None:
                raise UsageMistake(
                    f"{option} says how to draw a measure: give --measure too, as E3.served_of_needs"
                )
        _standard(runs, only, wanted, size, folder, strict, bool(formats))
        return
    if only:
        raise UsageMistake(
            "--only chooses among the standard figures, and --measure asks for another: give one"
        )
    place = _place(runs, wanted, folder, bool(formats))
    files, letters = _asked(runs, measure, by, years, kind, groups or (), observed, points or (), place, size)
    say(*files)
    conclude([letters] if letters else [], strict)


# The standard figures -------------------------------------------------------------------------------------


def _standard(
    runs: Sequence[Path],
    only: list[str] | None,
    formats: tuple[str, ...],
    size: str,
    folder: Path | None,
    strict: bool,
    said: bool,
) -> None:
    from ..outcomes.run_folder import load_run
    from .running import FIGURES, Wanted, draw_figures, figure_helper

    if folder is not None and len(runs) > 1:
        raise UsageMistake("the figures of several runs would replace each other in one --out: leave it out")
    if folder is not None and folder.suffix in ENDINGS and not folder.is_dir():
        raise UsageMistake(
            f"{folder} is the name of a file: the standard figures need a folder (or ask --measure)"
        )
    if studies := [each for each in runs if (each / STUDY).is_file()]:
        told = f"{typed('study plot')} {shlex.quote(str(studies[0]))}"
        raise UsageMistake(f"{studies[0]} is a study: `{told}` draws it, or ask for a --measure")
    for run in runs if len(runs) > 1 else ():  # before the first is drawn
        with reading(run):
            load_run(run)
    lacking: list[str] = []
    with figure_helper() as helper:
        names = _named(only)
        wanted = Wanted(formats, names, size)
        for run in runs:
            target = folder or run / FIGURES
            words = ["plot", str(run), *(f"--format={each}" for each in formats if said)]
            words += [] if folder is None else ["--out", str(folder)]
            words += ["--only", ",".join(only)] if only else []
            words += ["--size", size] if size != "slide" else []
            with reading(run):
                loaded = load_run(run)
                lacking += draw_figures(loaded, loaded, target, wanted, helper, typed(shlex.join(words)))
            say(f"The figures are in {target}.")
    if len(runs) > 1:
        beside = shlex.join(["plot", *map(str, runs), "--measure", "E3.served_of_needs"])
        say(f"Each run has its own. In one chart: {typed(beside)}")
    conclude(lacking, strict)


def _named(only: list[str] | None) -> tuple[str, ...]:
    """Names of the figures chosen. Errors: UsageMistake, with those there are."""
    if not only:
        return ()
    from ..outcomes.plots import UnknownFigure, figure_named
    from .running import matplotlib_ready

    matplotlib_ready()
    words = [part for each in only for part in each.split(",") if part.strip()]
    try:
        return tuple(dict.fromkeys(figure_named(each).name for each in words))
    except UnknownFigure as error:
        raise UsageMistake(f"--only: {error}") from None


# What one asks for ----------------------------------------------------------------------------------------


def _place(runs: Sequence[Path], formats: tuple[str, ...], out: Path | None, said: bool) -> Place:
    """Where a chart goes. Errors: UsageMistake if its name and its format differ."""
    if out is None:
        return Place(runs[0] / "figures", "", formats)
    if out.suffix.lower() not in ENDINGS or out.is_dir():
        return Place(out, "", formats)
    own = out.suffix.lower().removeprefix(".")
    if said and formats != (own,):
        raise UsageMistake(
            f"{out} is a {own} file, and --format says {', '.join(formats)}: give one of the two"
        )
    return Place(out.parent, out.stem, (own,))


def _asked(
    runs: Sequence[Path],
    measure: str,
    by: str | None,
    years: str | None,
    kind: str | None,
    groups: Sequence[str],
    observed: Path | None,
    points: Sequence[int],
    place: Place,
    size: str,
) -> tuple[list[Path], str]:
    """Draw a chart; its files, and in a sentence the letters that no font has."""
    from ..outcomes.asked.drawing import drawn
    from ..outcomes.asked.question import Question, ask, kind_of
    from ..outcomes.csv_text import write_csv
    from .running import matplotlib_ready

    matplotlib_ready()
    from ..outcomes.plots.letters import missing_letters
    from ..outcomes.plots.saving import save

    def question(entries: Any, mapped: bool = True) -> tuple[Question, str]:
        found = ask(measure, by, years, groups, entries)
        return found, kind_of(kind, found, mapped)

    with reading(*runs):
        told, chosen = _told(runs, question, points)
        chart = drawn(told, chosen, observed)
    stem = place.stem or f"{chart.stem}{_of(runs)}"
    figure: Any = chart.axes.figure
    with replacing_files(place.folder) as built:
        for ending in place.formats:
            save(figure, built / f"{stem}.{ending}", size=size, alt=chart.alt)
        write_csv(chart.table, built / f"{stem}.csv", float_format="%.6g")
    words = {*told.arms, *(each.label for each in told.groups), told.source}
    return [place.folder / f"{stem}.{each}" for each in place.formats], missing_letters(words)


def _told(runs: Sequence[Path], question: Any, points: Sequence[int]) -> tuple[Told, str]:
    """What the runs, or the study, answer, and the kind of chart."""
    studies = [each for each in runs if (each / STUDY).is_file()]
    if studies and len(runs) > 1:
        raise UsageMistake(f"{studies[0]} is a study, which is drawn alone: leave out the other folders")
    if studies:
        from ..experiments.studies.asked import told_by_study
        from ..experiments.studies.folder import open_study
        from ..outcomes.entries import entries_of

        found, kind = question(entries_of(open_study(runs[0]).study.scenarios[0].parameters), False)
        return told_by_study(runs[0], found, kind, points), kind
    if points:
        raise UsageMistake("--point chooses design points of a study, and these are runs")
    from ..outcomes.asked.told import told_by_runs
    from ..outcomes.run_folder import load_run

    loaded = [load_run(folder) for folder in runs]
    found, kind = question(loaded[0].entries)
    return told_by_runs(loaded, found, kind), kind


def _of(runs: Sequence[Path]) -> str:
    """What the name of a file says of further runs."""
    others = [run.resolve().name for run in runs[1:]]
    if not others:
        return ""
    return f"-and-{'-'.join(others)}" if len(others) < MOST_IN_NAME else f"-of-{len(runs)}-runs"
