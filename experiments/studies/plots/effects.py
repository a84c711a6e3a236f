"""Figures of effects: a list of all with their intervals, main effects by value, and the largest interaction."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ...intervals import half_width
from ..factor_effects import BAND, effects, level_means
from ..reading import SCENARIO, Numbers, factor_table, ordered, said
from ..results import StudyResults
from .rows import ROLES, Row, chosen, draw
from .spoken import (
    bounds,
    change_said,
    change_unit,
    outcome_axis,
    shortened,
    source_line,
    unit_said,
    value_said,
)

MOST_PANELS = 4
LINES = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE)


def _labels(results: StudyResults) -> dict[str, str]:
    table = factor_table(results)
    return dict(zip(table["factor"].astype(str), table["label"].astype(str), strict=True))


def effects_figure(results: StudyResults, numbers: Numbers, data: pd.DataFrame | None = None) -> Figure:
    """All effects with their intervals: levers, uncertainties, interactions; the largest, if there are many."""
    data = effects(results, numbers) if data is None else data
    labels = _labels(results)
    rows = [_effect_row(row, labels) for row in data.to_dict("records")]
    shown = chosen(rows)
    main = data[data["kind"] == "main"]
    left_out = f". The {len(shown)} largest of {len(rows)}" if len(shown) < len(rows) else ""
    count = int(data["n"].min())
    how = "with the same luck" if numbers.shared else "each with its own luck"
    interplay = (
        ". Interactions: how much larger one effect is at the other's last value"
        if len(rows) > len(main)
        else ""
    )
    subtitle = f"{numbers.label}. Lines: {BAND} (n = {count}, {how}){interplay}{left_out}"
    page = style.sheet(_effects_title(data, numbers, labels), subtitle, source_line(results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True, name_length=46)
    outcome_axis(axes, numbers.unit, "x", 5, change=True)
    axes.set_xlabel(f"change, {change_unit(numbers.unit)}")
    return page.finish()


def _effect_row(row: Mapping[Hashable, Any], labels: dict[str, str]) -> Row:
    factor = labels[str(row["factor"])]
    if row["kind"] == "interaction":
        other = labels[str(row["with_factor"])]
        name, role = f"{shortened(factor, 20)} x {shortened(other, 20)}", ""
    else:
        values = f": {row['from']} to {row['to']}" + (f" ({row['scenario']})" if row["scenario"] else "")
        name, role = shortened(factor, max(12, 46 - len(values))) + values, str(row["role"])
    return Row(name, float(row["effect"]), float(row["low"]), float(row["high"]), role)


def _effects_title(data: pd.DataFrame, numbers: Numbers, labels: dict[str, str]) -> str:
    main = data[data["kind"] == "main"]
    clear = main[(main["low"] > 0) | (main["high"] < 0)]
    if main["n"].max() < 2:
        return f"{numbers.label}: one replicate a point, so that no effect can be told from luck"
    if clear.empty:
        return f"{numbers.label}: no factor moves it by more than chance makes"
    most = clear.iloc[int(np.argmax(clear["effect"].abs()))]
    change = change_said(float(most["effect"]), numbers.unit)
    label = labels[str(most["factor"])]
    return f"{numbers.label} is moved most by {shortened(label, 40)}: {change} from {most['from']} to {most['to']}"


def main_effects_figure(results: StudyResults, numbers: Numbers) -> Figure:
    """The mean at each value of each factor, over all values of the others (at most four factors)."""
    numbers = numbers.complete()
    table = factor_table(results)
    swings = {
        str(f): np.ptp([_mean(v) for v in _levels(results, numbers, str(f)).values()])
        for f in table["factor"]
    }
    names = sorted(sorted(swings, key=lambda name: -swings[name])[:MOST_PANELS], key=list(swings).index)
    roles = dict(zip(table["factor"].astype(str), table["role"].astype(str), strict=True))
    labels = _labels(results)
    count = int(numbers.wide.notna().all(axis=0).sum())
    subtitle = (
        f"{numbers.label}, {unit_said(numbers.unit)}: mean at each value, over all values of the other factors. Lines: "
        f"95% interval of its distance from the mean of all points (n = {count} replicates)"
    )
    page = style.sheet(_main_title(results, numbers, names, labels), subtitle, source_line(results))
    panels = page.panels([max(1.0, len(_levels(results, numbers, name)) ** 0.5) for name in names])
    ends: list[float] = []
    for axes, name in zip(panels, names, strict=True):
        levels = _levels(results, numbers, name)
        grand = np.mean(list(levels.values()), axis=0)
        places = np.arange(len(levels), dtype=float)
        means = np.array([_mean(each) for each in levels.values()])
        halves = np.array([half_width((each - grand)[~np.isnan(each)]) for each in levels.values()])
        colour = ROLES[roles[name]][1]
        if name != SCENARIO:
            axes.plot(places, means, color=colour, lw=1.5, alpha=0.6)
        bars = np.nan_to_num(halves)
        axes.errorbar(places, means, bars, fmt="o", color=colour, ms=9, lw=2.5, mec="white", gid="mean")
        room = 60 // (len(names) * len(places)) + 3
        axes.set_xticks(places, [shortened(said(value), room) for value in levels])
        axes.set_xlim(-0.4, len(places) - 0.6)
        axes.set_xlabel(
            f"{shortened(labels[name], 84 // len(names))}\n({roles[name]})", color=style.dark(colour)
        )
        ends += [*(means - bars), *(means + bars)]
        if axes is not panels[0]:
            axes.tick_params(labelleft=False)
    for axes in panels:
        axes.set_ylim(*bounds(np.array(ends)))
        outcome_axis(axes, numbers.unit)
    return page.finish()


def _main_title(results: StudyResults, numbers: Numbers, names: list[str], labels: dict[str, str]) -> str:
    """The values between which the factor that swings it most makes the largest difference."""
    means = {
        name: {value: _mean(runs) for value, runs in _levels(results, numbers, name).items()}
        for name in names
    }
    largest = max(names, key=lambda name: max(means[name].values()) - min(means[name].values()))
    values = ordered(results.points[largest])
    if largest == SCENARIO:
        values = sorted(values, key=lambda value: means[largest][value])
    first, last = values[0], values[-1]
    told = [value_said(means[largest][value], numbers.unit) for value in (first, last)]
    label = "" if largest == SCENARIO else f"{shortened(labels[largest], 36)} "
    return f"{numbers.label}: {told[0]} with {label}{said(first)}, {told[1]} with {label}{said(last)}"


def _levels(results: StudyResults, numbers: Numbers, name: str) -> dict[object, np.ndarray]:
    found = level_means(results, numbers, [name])
    return {value: found[value] for value in ordered(results.points[name])}


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def interaction_figure(results: StudyResults, numbers: Numbers, data: pd.DataFrame) -> Figure | None:
    """The interaction that is largest for its interval: lines, or a heat map if both factors have many values."""
    pairs = data[data["kind"] == "interaction"]
    if pairs.empty:
        return None
    numbers = numbers.complete()
    sureness = pairs["effect"].abs() / (pairs["high"] - pairs["low"]).replace(0.0, np.nan)
    largest = sureness if sureness.notna().any() else pairs["effect"].abs()
    row = pairs.iloc[int(np.argmax(largest.fillna(0.0)))]
    values = {str(name): ordered(results.points[str(name)]) for name in (row["factor"], row["with_factor"])}
    across, along = sorted(values, key=lambda name: -len(values[name]))
    x, z = values[across], values[along]
    cell = level_means(results, numbers, [across, along])
    labels = _labels(results)
    low, high = (change_said(float(row[key]), numbers.unit) for key in ("low", "high"))
    contrast = change_said(float(row["effect"]), numbers.unit)
    told = row["low"] > 0 or row["high"] < 0
    names = f"{shortened(labels[across], 34)} and {shortened(labels[along], 34)}"
    title = f"{numbers.label}: no clear interplay of {names}"
    if int(row["n"]) < 2:
        title = f"{numbers.label}: interplay can't be told from luck with one replicate a point"
    elif told:
        title = f"{numbers.label}: what one of {names} does depends on the other"
    subtitle = (
        f"{numbers.label}, {unit_said(numbers.unit)}. Interaction (difference of differences, last against first "
        f"values): {contrast}, {BAND} {low} to {high}, n = {int(row['n'])}"
    )
    page = style.sheet(title, subtitle, source_line(results))
    (axes,) = page.panels()
    if len(z) <= len(LINES):
        _lines(page, axes, x, z, cell, numbers, labels[along])
    else:
        _heat_map(axes, x, z, cell, numbers, labels[along])
    axes.set_xlabel(labels[across])
    return page.finish()


def _lines(
    page: style.Page, axes: style.Axes, x: list, z: list, cell: dict, numbers: Numbers, label: str
) -> None:
    ends, limits = [], []
    places = np.arange(len(x), dtype=float)
    grand = np.mean(list(cell.values()), axis=0)
    for value, colour in zip(z, LINES, strict=False):
        runs = [cell[each, value] for each in x]
        means = np.array([_mean(each) for each in runs])
        halves = np.nan_to_num([half_width((each - grand)[~np.isnan(each)]) for each in runs])
        axes.errorbar(
            places, means, halves, fmt="o-", color=colour, ms=8, lw=2.5, mec="white", gid="cell-mean"
        )
        ends.append((float(means[-1]), shortened(f"{label} {said(value)}", 34), colour))
        limits += [*(means - halves), *(means + halves)]
    axes.set_xticks(places, [said(value) for value in x])
    axes.set_xlim(-0.15, len(x) - 0.85)
    axes.set_ylim(*bounds(np.array(limits)))
    outcome_axis(axes, numbers.unit)
    style.label_ends(page, axes, ends)


def _heat_map(axes: style.Axes, x: list, z: list, cell: dict, numbers: Numbers, label: str) -> None:
    means = np.array([[_mean(cell[across, along]) for across in x] for along in z])
    image = axes.imshow(means, origin="lower", aspect="auto", cmap="viridis")
    for (i, j), value in np.ndenumerate(means):
        text = value_said(value, numbers.unit)
        colour = style.readable_on(image.cmap(image.norm(value)))
        axes.text(j, i, text, ha="center", va="center", fontsize=style.TEXT, color=colour)
    axes.set_xticks(range(len(x)), [said(value) for value in x])
    axes.set_yticks(range(len(z)), [said(value) for value in z])
    axes.set_ylabel(label)
    axes.grid(visible=False)
