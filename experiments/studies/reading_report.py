"""All that a study tells, in one folder: figures, each with its table, and `summary.md`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .comparing import verdict
from .factor_effects import effects, is_crossed
from .levers import robustness
from .reading import (
    MOST_POINTS,
    Numbers,
    ReadingError,
    factor_table,
    finished,
    numbers,
    outcome_named,
    yearly,
)
from .results import StudyResults
from .sensitivity import Sensitivity, sensitivity
from .summary import Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUMMARY = "summary.md"
MOST_BARS = 7  # outcomes on the figure of what they rest on


@dataclass(frozen=True)
class Asked:
    """What is wanted of the figures: see `write_report`."""

    year: int | None
    target: float | None
    better: str | None


@dataclass(frozen=True)
class Planned:
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
    for planned in _planned(results, summary, names, Asked(year, target, better)):
        if progress is not None:
            progress(planned.stem)
        _write(planned, folder, formats, summary)
    (folder / SUMMARY).write_text(summary.text(results, command), encoding="utf-8", newline="\n")
    return summary.figures


def chosen_outcomes(results: StudyResults, outcomes: Sequence[str], year: int | None) -> list[str]:
    """The outcomes named, or all that have been told; the year is tried on those of several years.

    Errors: ReadingError for a study without runs, an unknown outcome, or a year that is not told.
    """
    finished(results)
    there = set(results.values.dropna(subset=["value"])["outcome"])
    names = [outcome_named(results, name) for name in outcomes]
    for name in names:
        if name not in there:
            raise ReadingError(f"no run of study {results.name} can tell {name}")
    names = names or [str(name) for name in results.outcomes["outcome"] if name in there]
    for name in set(names) & set(yearly(results)):
        numbers(results, name, year)
    return names


def _write(planned: Planned, folder: Path, formats: Sequence[str], summary: Summary) -> None:
    import matplotlib as mpl

    from ...outcomes.plots import LOOK, save, title_of

    with mpl.rc_context(LOOK):
        figure = planned.draw()
    stem = re.sub(r"[^\w-]+", "-", planned.stem)  # names of outcomes may have dots and blanks
    if figure is None:
        return
    table = folder / f"{stem}.csv"
    planned.table.to_csv(table, index=False, float_format="%.6g", lineterminator="\n")
    for extension in formats:
        save(figure, folder / f"{stem}.{extension}", palette=True)
    summary.figures.append((f"{stem}.{formats[0]}", title_of(figure)))


def _planned(
    results: StudyResults, summary: Summary, names: Sequence[str], asked: Asked
) -> Iterator[Planned]:
    from .plots.rests_on import rests_on_figure

    several = len(factor_table(results)) > 1  # one factor alone makes all that luck does not
    told: list[Sensitivity] = []
    for name in names:
        of_years = name in yearly(results)
        whole = numbers(results, name, asked.year if of_years else None)
        if (
            len(results.points) <= MOST_POINTS
        ):  # of a sample of points, the two furthest apart are no comparison anybody asked for
            summary.verdict(whole, verdict(whole, asked.target))
        if of_years:
            yield from _fans(results, name, asked)
        yield from _points(results, summary, name, whole, asked)
        if several:
            yield from _effects(results, summary, name, whole)
        if results.design in ("sobol", "morris", "lhs") or (is_crossed(results) and several):
            found = sensitivity(results, name, whole.year if of_years else None)
            told += found
            yield from _sensitivity(results, summary, name, found)
        yield from _levers(results, summary, name, whole, asked)
    if told:
        summary.shares(told)
        table = pd.concat([each.shares for each in told], ignore_index=True)
        yield Planned("rests-on", table, partial(rests_on_figure, results, told[:MOST_BARS]))


def _fans(results: StudyResults, name: str, asked: Asked) -> Iterator[Planned]:
    from .plots import fans

    yield Planned(f"fan-{name}", fans.fan_data(results, name), partial(fans.fan, results, name))
    if len(results.points) <= fans.MOST_LINES:
        lines = fans.fan_data(results, name, fans.MOST_LINES)
        yield Planned(f"mean-{name}", lines, partial(fans.mean_lines, results, name, asked.target))


def _points(
    results: StudyResults, summary: Summary, name: str, whole: Numbers, asked: Asked
) -> Iterator[Planned]:
    from .plots.points import points_data, points_figure

    if len(results.points) <= MOST_POINTS:
        data = points_data(results, whole)
        summary.points(whole, data)
        yield Planned(f"points-{name}", data, partial(points_figure, results, whole, asked.target))


def _effects(results: StudyResults, summary: Summary, name: str, whole: Numbers) -> Iterator[Planned]:
    from .plots.effects import effects_figure, interaction_figure, main_effects_figure

    crossed = is_crossed(results)
    if results.design == "ofat" or crossed:
        data = effects(results, whole)
        summary.effects(whole, data)
        yield Planned(f"effects-{name}", data, partial(effects_figure, results, whole, data))
        if crossed:
            yield Planned(f"main-effects-{name}", data, partial(main_effects_figure, results, whole))
            yield Planned(f"interaction-{name}", data, partial(interaction_figure, results, whole, data))


def _sensitivity(
    results: StudyResults, summary: Summary, name: str, found: Sequence[Sensitivity]
) -> Iterator[Planned]:
    from .plots.indices import indices_figure

    for each in found:
        summary.sensitivity(each)
        stem = f"sensitivity-{name}" + (f"-{each.scenario}" if len(found) > 1 else "")
        yield Planned(stem, each.indices, partial(indices_figure, results, each))


def _levers(
    results: StudyResults, summary: Summary, name: str, whole: Numbers, asked: Asked
) -> Iterator[Planned]:
    from .plots.levers import levers_figure

    data = robustness(results, whole, asked.better)
    if (data["from"] != data["to"]).any():
        summary.levers(whole, data)
        yield Planned(f"levers-{name}", data, partial(levers_figure, results, whole, data))
