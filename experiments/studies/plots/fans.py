"""Fan charts: a yearly outcome over time, its band either the spread of runs or the interval of a mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ....outcomes.wording import joined
from ..comparing import OF_MEAN, SPREAD, Verdict, differences, estimate, verdict
from ..reading import SCENARIO, by_year, point_names, words_of
from ..results import StudyResults
from .spoken import bounds, change_said, outcome_axis, shortened, source_line, unit_said, value_said

MOST_FANS, MOST_LINES = 3, 5
COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)


@dataclass(frozen=True)
class Group:
    """Runs that are told together: one design point, or all points of a scenario."""

    name: str
    points: tuple[int, ...]


def groups(results: StudyResults, at_most: int) -> list[Group]:
    """A group for each point if there are no more than `at_most`, else for each scenario (at most so many)."""
    if len(results.points) <= at_most:
        return [Group(name, (point,)) for point, name in point_names(results).items()]
    return [
        Group(str(scenario), tuple(points["point"]))
        for scenario, points in results.points.groupby(SCENARIO, sort=False)
    ][:at_most]


def fan_data(results: StudyResults, outcome: str, at_most: int = MOST_FANS) -> pd.DataFrame:
    """A row a group and year: group, points, year, outcome, label, unit, n (runs), mean, low, high (interval of the
    mean; of one point only, since runs of several points are no replicates), q05, q25, q50, q75, q95 (of runs).
    """
    label, unit = words_of(results, outcome)
    rows = []
    for year, numbers in by_year(results, outcome).items():
        for group in groups(results, at_most):
            told = estimate(numbers.wide.loc[list(group.points)].to_numpy(dtype=float).ravel())
            if len(group.points) > 1:
                told |= {"low": np.nan, "high": np.nan}
            head = {"group": group.name, "points": len(group.points), "year": year}
            rows.append({**head, "outcome": outcome, "label": label, "unit": unit, **told})
    return pd.DataFrame(rows)


def fan(results: StudyResults, outcome: str) -> Figure:
    """The spread of runs over the years, a panel for each group (at most three)."""
    data = fan_data(results, outcome)
    names = list(dict.fromkeys(data["group"]))
    label, unit = words_of(results, outcome)
    last = data[data["year"] == data["year"].max()]
    pooled = bool((data["points"] > 1).any())
    of = "runs of all design points (factors and luck together)" if pooled else "replicates"
    counts = sorted({int(n) for n in last["n"]})
    number = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    subtitle = (
        f"{label}, {unit_said(unit)}. Bands: {SPREAD} (half of them, and 90%), no interval of a mean; "
        f"n = {number} {of}{' each' if len(names) > 1 else ''}"
    )
    page = style.sheet(_spread_title(last, label, unit), subtitle, source_line(results))
    all_axes = page.panels([1.0] * len(names))
    limits = bounds(data[["q05", "q95"]].to_numpy(dtype=float))
    for axes, name, colour in zip(all_axes, names, COLOURS, strict=False):
        rows = data[data["group"] == name]
        years = rows["year"].to_numpy(dtype=float)
        for low, high, shade in (("q05", "q95", 0.25), ("q25", "q75", 0.5)):
            axes.fill_between(
                years, rows[low], rows[high], color=colour, alpha=shade, lw=0, gid=f"{low}-{high}"
            )
        axes.plot(years, rows["q50"], color=style.dark(colour), lw=2.5, gid="median")
        if len(names) > 1:
            axes.set_title(shortened(name, 76 // len(names)), color=style.dark(colour), fontsize=style.TEXT)
        style.year_axis(axes, [int(year) for year in years], at_most=9 // len(names))
        axes.set_ylim(*limits)
        outcome_axis(axes, unit)
        if axes is not all_axes[0]:
            axes.tick_params(labelleft=False)
    if len(data["year"].unique()) > 1:
        row = last[last["group"] == names[-1]].iloc[0]
        colour = COLOURS[len(names) - 1]
        ends = [(float(row["q50"]), "median", colour)]
        if row["q95"] > row["q05"]:
            ends += [
                (float(row["q95"]), "95% of runs below", colour),
                (float(row["q05"]), "5% of runs below", colour),
            ]
        style.label_ends(page, all_axes[-1], ends)
    return page.finish()


def _spread_title(last: pd.DataFrame, label: str, unit: str) -> str:
    year = int(last["year"].iloc[0])
    if len(last) == 1:
        row = last.iloc[0]
        low, high = value_said(row["q05"], unit), value_said(row["q95"], unit)
        return f"{label}: nine runs in ten end {year} between {low} and {high}"
    told = [
        f"{value_said(row['q50'], unit)} ({shortened(str(row['group']), 28)})" for _, row in last.iterrows()
    ]
    return f"{label} in {year}: the median run has {joined(told)}"


def mean_lines(results: StudyResults, outcome: str, target: float | None = None) -> Figure:
    """Means over the years with the interval of each mean, a line a design point (at most five points)."""
    data = fan_data(results, outcome, MOST_LINES)
    data = data[data["points"] == 1]
    label, unit = words_of(results, outcome)
    names = list(dict.fromkeys(data["group"]))
    judged, title = _judged(results, outcome, names, target)
    subtitle = f"{label}, {unit_said(unit)}. Bands: {OF_MEAN}, no spread of runs; {judged.words}"
    page = style.sheet(title, subtitle, source_line(results))
    (axes,) = page.panels()
    ends = []
    for name, colour in zip(names, COLOURS, strict=False):
        rows = data[data["group"] == name]
        years = rows["year"].to_numpy(dtype=float)
        axes.fill_between(
            years, rows["low"], rows["high"], color=colour, alpha=0.3, lw=0, gid="interval-of-mean"
        )
        axes.plot(years, rows["mean"], color=colour, lw=2.5, gid="mean")
        ends.append((float(rows["mean"].iloc[-1]), shortened(name, 30), colour))
    axes.set_ylim(*bounds(data[["low", "high", "mean"]].to_numpy(dtype=float)))
    style.year_axis(axes, sorted({int(year) for year in data["year"]}))
    outcome_axis(axes, unit)
    style.label_ends(page, axes, ends)
    return page.finish()


def _judged(
    results: StudyResults, outcome: str, names: list[str], target: float | None
) -> tuple[Verdict, str]:
    """The verdict on the last year, and the finding in a sentence."""
    told = by_year(results, outcome)
    year = max(told)
    numbers = told[year].of([group.points[0] for group in groups(results, MOST_LINES)])
    label, unit = words_of(results, outcome)
    judged = verdict(numbers, target)
    means = numbers.wide.mean(axis=1)
    if len(names) == 1:
        return judged, f"{label} averages {value_said(float(means.iloc[0]), unit)} in {year}"
    words = dict(zip(numbers.points, names, strict=True))
    bottom, top = numbers.extremes()
    found = differences(numbers.of([bottom, top]), bottom).iloc[0]
    high, low = shortened(words[top], 32), shortened(words[bottom], 32)
    if int(found["n"]) < 2:
        return judged, f"{label} in {year}: one run a point, so that differences can't be told from luck"
    if not found["low"] > 0.0:
        return (
            judged,
            f"{label} in {year}: no difference that chance could not make, between {high} and {low}",
        )
    change = change_said(float(found["difference"]), unit)
    return judged, f"{label} in {year}: {high} has {change} against {low}"
