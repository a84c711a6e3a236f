"""Fan charts: a yearly outcome over time, its band either the spread of runs or the interval of a mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.deciding import MANY
from ....outcomes.plots import style
from ....outcomes.wording import joined
from ....scenarios.languages import tr, tr_number
from ..comparing import OF_MEAN, Verdict, differences, estimate, verdict
from ..results import SCENARIO, StudyResults
from .labels import (
    bounds,
    broken,
    change_text,
    is_share,
    outcome_axis,
    outcome_text,
    source_line,
    unit_text,
    value_text,
)

MOST_FANS, MOST_LINES = 3, 5
NINE_IN_TEN = 1.645  # standard deviations on either side
COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)


def groups(results: StudyResults, at_most: int) -> list[tuple[str, list[int]]]:
    """What is told together, by name: each point if there are no more than `at_most`, else the points of each
    scenario (at most so many).
    """
    if len(results.points) <= at_most:
        return [(name, [point]) for point, name in results.point_names().items()]
    scenarios = results.points.groupby(SCENARIO, sort=False)["point"]
    return [(str(scenario), list(points)) for scenario, points in scenarios][:at_most]


def fan_data(results: StudyResults, outcome: str, at_most: int = MOST_FANS) -> pd.DataFrame:
    """A row a group and year: group, points, year, outcome, label, unit, n, mean, low, high (interval of the mean; of
    one point only), q05, q25, q50, q75, q95, luck. Of one point, the quantiles are of its runs, and n their number. Of
    several, they are of the means of the points, n is the number of points, and `luck` is how far nine in ten runs lie
    from their point's mean, where there are several runs a point: what factors do and what luck does is kept apart.
    """
    label, unit = results.words_of(outcome)
    rows = []
    words = {"outcome": outcome, "label": label, "unit": unit}
    for year, matrix in results.by_year(outcome).items():
        for group, points in groups(results, at_most):
            runs = matrix.wide.loc[points].to_numpy(dtype=float)
            several = len(points) > 1
            found = estimate(np.nanmean(runs, axis=1) if several else runs.ravel())
            if several:
                found |= {"low": np.nan, "high": np.nan}
            luck = _luck(runs) if several else np.nan
            rows.append({"group": group, "points": len(points), "year": year, **words, **found, "luck": luck})
    return pd.DataFrame(rows)


def _luck(runs: np.ndarray) -> float:
    """Half the width that holds nine in ten runs about their point's mean; NaN where no point has two runs. `runs`:
    a row a point."""
    counts = np.isfinite(runs).sum(axis=1)
    free = float((counts - 1).clip(0).sum())
    if free == 0.0:
        return float("nan")
    off = runs - np.nanmean(runs, axis=1, keepdims=True)
    return NINE_IN_TEN * float(np.sqrt(np.nansum(off**2) / free))


def _words(results: StudyResults, outcome: str) -> tuple[str, str]:
    label, unit = results.words_of(outcome)
    return outcome_text(label), unit


def _of_each(number: str, pooled: bool, panels: int) -> str:
    """How many runs, or design points, a band is made of."""
    if pooled and panels > 1:
        return tr("{number} design points each", number=number)
    if pooled:
        return tr_number("{number} design point", "{number} design points", 2, number=number)
    if panels > 1:
        return tr("{number} replicates each", number=number)
    return tr("{number} replicates", number=number)


def fan(results: StudyResults, outcome: str) -> Figure:
    """The spread of runs over the years, a panel for each group (at most three)."""
    data = fan_data(results, outcome)
    names = list(dict.fromkeys(data["group"]))
    label, unit = _words(results, outcome)
    last = data[data["year"] == data["year"].max()]
    pooled = bool((data["points"] > 1).any())
    counts = sorted({int(n) for n in last["n"]})
    number = f"{counts[0]}" if len(counts) == 1 else tr("{low} to {high}", low=counts[0], high=counts[-1])
    told = {"outcome": label, "unit": unit_text(unit), "number": _of_each(number, pooled, len(names))}
    if not pooled:
        subtitle = tr(
            "{outcome}, {unit}. Bands: spread of runs (half of them, and 90%), no interval of a mean; n = "
            "{number}",
            **told,
        )
    elif last["luck"].notna().any():
        subtitle = tr(
            "{outcome}, {unit}. Bands: spread of the means of design points (half of them, and 90%), no interval of a "
            "mean; n = {number}; black bar: luck alone, nine in ten runs of a point",
            **told,
        )
    else:
        subtitle = tr(
            "{outcome}, {unit}. Bands: spread of the means of design points (half of them, and 90%), no interval of a "
            "mean; n = {number}, one run each, luck in it",
            **told,
        )
    page = style.sheet(_spread_title(last, label, unit), subtitle, source_line(results))
    all_axes = page.panels([1.0] * len(names))
    limits = bounds(data[["q05", "q95"]].to_numpy(dtype=float))
    for axes, name, colour in zip(all_axes, names, COLOURS, strict=False):
        rows = data[data["group"] == name]
        years = rows["year"].to_numpy(dtype=float)
        for low, high, shade in (("q05", "q95", 0.25), ("q25", "q75", 0.5)):
            band: dict[str, Any] = {"alpha": shade, "lw": 0, "gid": f"{low}-{high}"}
            axes.fill_between(years, rows[low], rows[high], color=colour, **band)
        axes.plot(years, rows["q50"], color=style.dark(colour), lw=2.5, gid="median")
        if len(names) > 1:
            axes.set_title(broken(name, 76 // len(names)), color=style.dark(colour), fontsize=style.TEXT)
        style.year_axis(axes, [int(year) for year in years], at_most=9 // len(names))
        axes.set_ylim(*limits)
        outcome_axis(axes, unit)
        if axes is not all_axes[0]:
            axes.tick_params(labelleft=False)
    if len(data["year"].unique()) > 1:
        row = last[last["group"] == names[-1]].iloc[0]
        colour = COLOURS[len(names) - 1]
        ends = {"q50": tr("median")}
        if row["q95"] > row["q05"] and pooled:
            ends |= {"q95": tr("95% of points below"), "q05": tr("5% of points below")}
        elif row["q95"] > row["q05"]:
            ends |= {"q95": tr("95% of runs below"), "q05": tr("5% of runs below")}
        _show_luck(all_axes, last, names)
        style.label_ends(page, all_axes[-1], [(float(row[q]), text, colour) for q, text in ends.items()])
    return page.finish()


def _show_luck(all_axes: Sequence[Any], last: pd.DataFrame, names: list[str]) -> None:
    """A bar at the last year of each panel: how far luck alone takes runs of one design point from its mean."""
    for axes, name in zip(all_axes, names, strict=True):
        row = last[last["group"] == name].iloc[0]
        luck, middle = float(row["luck"]), float(row["q50"])
        if np.isfinite(luck):
            ends = [middle - luck, middle + luck]
            axes.plot(
                [float(row["year"])] * 2, ends, color=style.INK, lw=3, clip_on=False, gid="luck", zorder=5
            )


def _spread_title(last: pd.DataFrame, label: str, unit: str) -> str:
    year = int(last["year"].iloc[0])
    if len(last) == 1:
        row = last.iloc[0]
        told = {
            "outcome": label,
            "year": year,
            "low": value_text(row["q05"], unit),
            "high": value_text(row["q95"], unit),
        }
        if told["low"] == told["high"]:
            return tr("{outcome} in {year}: {low} in nine of ten", **told)
        told["number"] = int(row["n"])
        if int(row["points"]) == 1 and int(row["n"]) < MANY:
            return tr("{outcome}: most of the {number} runs end {year} between {low} and {high}", **told)
        if int(row["n"]) < MANY:
            return tr(
                "{outcome}: most of the {number} design points end, in the mean, {year} between {low} and {high}",
                **told,
            )
        if int(row["points"]) == 1:
            return tr("{outcome}: nine runs in ten end {year} between {low} and {high}", **told)
        return tr(
            "{outcome}: nine design points in ten end, in the mean, {year} between {low} and {high}", **told
        )
    medians = zip(last["q50"], last["group"], strict=True)
    texts = {group: value_text(value, unit) for value, group in medians}
    values = [tr("{value} ({group})", value=value, group=group) for group, value in texts.items()]
    if len(set(texts.values())) == 1:
        values = [tr("{value} in all groups", value=value_text(last["q50"].iloc[0], unit))]
    words = {"outcome": label, "year": year, "values": joined(values)}
    if (last["points"] == 1).all():
        return tr("{outcome} in {year}: the median run has {values}", **words)
    return tr("{outcome} in {year}: the median design point has {values}", **words)


def mean_lines(results: StudyResults, outcome: str, target: float | None = None) -> Figure:
    """Means over the years with the interval of each mean, a line a design point (at most five points)."""
    data = fan_data(results, outcome, MOST_LINES)
    data = data[data["points"] == 1]
    label, unit = _words(results, outcome)
    names = list(dict.fromkeys(data["group"]))
    judged, title = _judged(results, outcome, names, target)
    subtitle = tr(
        "{outcome}, {unit}. Bands: {band}, no spread of runs; {verdict}",
        outcome=label,
        unit=unit_text(unit),
        band=tr(OF_MEAN),
        verdict=judged.words,
    )
    page = style.sheet(title, subtitle, source_line(results))
    (axes,) = page.panels()
    ends = []
    for name, colour in zip(names, COLOURS, strict=False):
        rows = data[data["group"] == name]
        years = rows["year"].to_numpy(dtype=float)
        band: dict[str, Any] = {"alpha": 0.3, "lw": 0, "gid": "interval-of-mean"}
        low, high = rows["low"], rows["high"]
        if is_share(unit):  # whose mean lies nowhere else
            low, high = low.clip(lower=0.0), high.clip(upper=1.0)
        axes.fill_between(years, low, high, color=colour, **band)
        axes.plot(years, rows["mean"], color=colour, lw=2.5, gid="mean")
        ends.append((float(rows["mean"].iloc[-1]), broken(name, 30), colour))
    axes.set_ylim(*bounds(data[["low", "high", "mean"]].to_numpy(dtype=float)))
    style.year_axis(axes, sorted({int(year) for year in data["year"]}))
    outcome_axis(axes, unit)
    style.label_ends(page, axes, ends)
    return page.finish()


def _judged(
    results: StudyResults, outcome: str, names: list[str], target: float | None
) -> tuple[Verdict, str]:
    """The verdict on the last year, and the finding in a sentence."""
    year, matrix = max(results.by_year(outcome).items())
    matrix = matrix.of([points[0] for _, points in groups(results, MOST_LINES)])
    label, unit = _words(results, outcome)
    judged = verdict(matrix, target)
    if len(names) == 1:
        mean = float(matrix.wide.mean(axis=1).iloc[0])
        return judged, tr(
            "{outcome} averages {value} in {year}", outcome=label, value=value_text(mean, unit), year=year
        )
    words = dict(zip(matrix.points, names, strict=True))
    bottom, top = matrix.extremes()
    found = differences(matrix.of([bottom, top]), bottom).iloc[0]
    high, low = words[top], words[bottom]
    told = {"outcome": label, "year": year, "high": high, "low": low}
    if int(found["n"]) < 2:
        return judged, tr(
            "{outcome} in {year}: one run a point, so that differences can't be told from luck",
            outcome=label,
            year=year,
        )
    if found["low"] > 0.0:
        change = change_text(float(found["difference"]), unit)
        return judged, tr("{outcome} in {year}: {high} has {change} against {low}", change=change, **told)
    return judged, tr(
        "{outcome} in {year}: no difference that chance could not make, between {high} and {low}", **told
    )
