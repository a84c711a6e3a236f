"""All that a study tells, in one folder: figures, each with its table, and `summary.md`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from .comparing import verdict
from .factor_effects import effects
from .levers import robustness
from .results import MOST_POINTS, OutcomeMatrix, ReadingError, StudyResults
from .sensitivity import Sensitivity, sensitivity
from .summary import Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUMMARY = "summary.md"
MOST_BARS = 7  # outcomes on the figure of what they rest on


class Planned(NamedTuple):
    """One figure to be: its file name without ending, the table behind it, how it is drawn (None: nothing to draw)."""

    stem: str
    table: pd.DataFrame
    draw: Callable[[], Figure | None]


def write_report(
    results: StudyResults,
    folder: Path,
    *,
    outcomes: Sequence[str] = (),
    year: int | None = None,
    formats: Sequence[str] = ("png",),
    target: float | None = None,
    better: str | None = None,
    command: str = "",
    progress: Callable[[str], None] | None = None,
) -> list[tuple[str, str]]:
    """Write figures, tables and `summary.md` into `folder`, which is there; return file name and title of each figure.

    `outcomes`: those named only; all if empty. `year`: of yearly outcomes, where one number is needed; the last if
    None. `target`, `better`: see `verdict` and `robustness`. `command` is quoted in the summary; `progress(file name)`
    is called before each figure. Errors: ReadingError for a study without runs, an unknown outcome or year.
    """
    names = chosen_outcomes(results, outcomes, year)
    summary = Summary()
    for planned in _planned(results, summary, names, year, target, better):
        if progress is not None:
            progress(planned.stem)
        _write(planned, folder, formats, summary)
    (folder / SUMMARY).write_text(summary.text(results, command), encoding="utf-8", newline="\n")
    return summary.figures


def chosen_outcomes(results: StudyResults, outcomes: Sequence[str], year: int | None) -> list[str]:
    """The outcomes named, or all that have been told; the year is tried on those of several years.

    Errors: ReadingError for a study without runs, an unknown outcome, or a year that is not told.
    """
    results.finished()
    there = set(results.values.dropna(subset=["value"])["outcome"])
    names = [results.outcome_named(name) for name in outcomes]
    for name in names:
        if name not in there:
            raise ReadingError(f"no run of study {results.name} can tell {name}")
    names = names or [str(name) for name in results.outcomes["outcome"] if name in there]
    for name in set(names) & set(results.yearly):
        results.outcome(name, year)
    return names


def _write(planned: Planned, folder: Path, formats: Sequence[str], summary: Summary) -> None:
    import matplotlib as mpl

    from ...outcomes.plots import LOOK, save, title_of

    with mpl.rc_context(LOOK):
        figure = planned.draw()
    if figure is None:
        return
    stem = re.sub(r"[^\w-]+", "-", planned.stem)  # names of outcomes may have dots and blanks
    planned.table.to_csv(folder / f"{stem}.csv", index=False, float_format="%.6g", lineterminator="\n")
    for extension in formats:
        save(figure, folder / f"{stem}.{extension}", palette=True)
    summary.figures.append((f"{stem}.{formats[0]}", title_of(figure)))


def _planned(
    results: StudyResults,
    summary: Summary,
    names: Sequence[str],
    year: int | None,
    target: float | None,
    better: str | None,
) -> Iterator[Planned]:
    from .plots import fans
    from .plots.indices import indices_figure
    from .plots.levers import levers_figure
    from .plots.points import points_data, points_figure
    from .plots.rests_on import rests_on_figure

    several = len(results.varied) > 1  # one factor alone makes all that luck does not
    few = (
        len(results.points) <= MOST_POINTS
    )  # two points of a large sample are no comparison anybody asked for
    told: list[Sensitivity] = []
    for name in names:
        yearly = name in results.yearly
        matrix = results.outcome(name, year if yearly else None)
        if few:
            summary.verdict(matrix, verdict(matrix, target))
        if yearly:
            yield Planned(f"fan-{name}", fans.fan_data(results, name), partial(fans.fan, results, name))
            if len(results.points) <= fans.MOST_LINES:
                data = fans.fan_data(results, name, fans.MOST_LINES)
                yield Planned(f"mean-{name}", data, partial(fans.mean_lines, results, name, target))
        if few:
            data = points_data(matrix)
            summary.points(matrix, data)
            yield Planned(f"points-{name}", data, partial(points_figure, matrix, target))
        if several and (results.design == "ofat" or results.is_crossed):
            yield from _effects(summary, matrix)
        if results.design in ("sobol", "morris", "lhs") or (results.is_crossed and several):
            found = sensitivity(matrix)
            told += found
            for each in found:
                summary.sensitivity(each)
                stem = f"sensitivity-{name}" + (f"-{each.scenario}" if len(found) > 1 else "")
                yield Planned(stem, each.indices, partial(indices_figure, each))
        data = robustness(matrix, better)
        if (data["from"] != data["to"]).any():
            summary.levers(matrix, data)
            yield Planned(f"levers-{name}", data, partial(levers_figure, matrix, data))
    if told:
        summary.shares(told)
        table = pd.concat([each.shares for each in told], ignore_index=True)
        yield Planned("rests-on", table, partial(rests_on_figure, told[:MOST_BARS]))


def _effects(summary: Summary, matrix: OutcomeMatrix) -> Iterator[Planned]:
    from .plots.effects import effects_figure, interaction_figure, main_effects_figure

    data, name = effects(matrix), matrix.outcome
    summary.effects(matrix, data)
    yield Planned(f"effects-{name}", data, partial(effects_figure, matrix, data))
    if matrix.results.is_crossed:
        yield Planned(f"main-effects-{name}", data, partial(main_effects_figure, matrix))
        yield Planned(f"interaction-{name}", data, partial(interaction_figure, matrix, data))
