"""Figures of effects: all with their intervals, main effects by value, the largest interaction, what levers do."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.deciding import MANY
from ....outcomes.plots import style
from ....outcomes.wording import joined, percentage
from ....scenarios.languages import later, tr
from ...intervals import half_width
from ..factor_effects import BAND, OF_CASES, effects, level_means
from ..results import SCENARIO, OutcomeMatrix, ordered, value_shown
from .forest import ROLES, Row, chosen, draw
from .labels import (
    bounds,
    broken,
    change_text,
    change_unit,
    factor_text,
    outcome_axis,
    outcome_text,
    source_line,
    unit_text,
    value_text,
)

MOST_PANELS = 4
ONE_OF = {"lever": later("lever"), "uncertainty": later("uncertainty")}
LINES = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE)


def effects_figure(matrix: OutcomeMatrix, data: pd.DataFrame | None = None) -> Figure:
    """All effects with their intervals: levers, uncertainties, interactions; the largest, if there are many."""
    data = effects(matrix) if data is None else data
    labels = matrix.results.labels
    rows = [_effect_row(row, labels) for row in data.to_dict("records")]
    shown = chosen(rows)
    told = {"outcome": outcome_text(matrix.label), "band": tr(BAND), "number": int(data["n"].min())}
    parts = [
        tr("{outcome}. Lines: {band} (n = {number}, with the same luck)", **told)
        if matrix.shared
        else tr("{outcome}. Lines: {band} (n = {number}, each with its own luck)", **told)
    ]
    if (data["kind"] != "main").any():
        parts.append(tr("Interactions: how much larger one effect is at the other's last value"))
    if len(shown) < len(rows):
        parts.append(tr("The {number} largest of {all}", number=len(shown), all=len(rows)))
    page = style.sheet(_effects_title(data, matrix, labels), ". ".join(parts), source_line(matrix.results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True, name_length=46)
    outcome_axis(axes, matrix.unit, "x", 5, change=True)
    axes.set_xlabel(tr("change, {unit}", unit=change_unit(matrix.unit)))
    return page.finish()


def _effect_row(row: Mapping[Hashable, Any], labels: Mapping[str, str]) -> Row:
    factor = factor_text(labels[row["factor"]])
    if row["kind"] == "interaction":
        name, role = f"{factor} x {factor_text(labels[row['with_factor']])}", ""
    else:
        of = f" ({row['scenario']})" if row["scenario"] else ""
        name, role = _moved(row, factor) + of, str(row["role"])
    return Row(name, float(row["effect"]), float(row["low"]), float(row["high"]), role)


def _moved(row: Mapping[Hashable, Any], factor: str) -> str:
    before, after = _switch(row["from"]), _switch(row["to"])
    return tr("{before} to {after}: {factor}", before=before, after=after, factor=factor)


def _effects_title(data: pd.DataFrame, matrix: OutcomeMatrix, labels: Mapping[str, str]) -> str:
    outcome = outcome_text(matrix.label)
    main = data[data["kind"] == "main"]
    clear = main[_clear(main)]
    if unclear := _nothing_clear(data, outcome):
        return unclear
    most = clear.iloc[int(np.argmax(clear["effect"].abs()))]
    told = {
        "outcome": outcome,
        "factor": factor_text(labels[most["factor"]]),
        "change": change_text(float(most["effect"]), matrix.unit),
        "before": _switch(most["from"]),
        "after": _switch(most["to"]),
    }
    others = main[(main["factor"] != most["factor"])][["low", "high"]].abs().to_numpy()
    if others.size and not min(abs(most["low"]), abs(most["high"])) > np.nanmax(others):
        return tr("{outcome} changes by {change} when “{factor}” goes from {before} to {after}", **told)
    return tr("{outcome} is moved most by “{factor}”: {change} when it goes from {before} to {after}", **told)


def _clear(rows: pd.DataFrame) -> pd.Series:
    """Which effects can be told from luck: their interval leaves nought out."""
    return (rows["low"] > 0) | (rows["high"] < 0)


def _nothing_clear(data: pd.DataFrame, outcome: str) -> str:
    """That no main effect can be told from luck, in the words of each figure of effects; "" where one can."""
    main = data[data["kind"] == "main"]
    if main["n"].max() < 2:
        return tr(
            "{outcome}: one replicate a point, so that no effect can be told from luck", outcome=outcome
        )
    if not _clear(main).any():
        return tr("{outcome}: no factor moves it by more than chance makes", outcome=outcome)
    return ""


def _switch(value: str) -> str:
    """A value of a table of effects as a figure shows it: a switch is on or off."""
    return {"true": "on", "false": "off"}.get(value, value)


def main_effects_figure(matrix: OutcomeMatrix) -> Figure:
    """The mean at each value of each factor, over all values of the others (at most four factors)."""
    matrix = matrix.complete()
    table = matrix.results.varied
    levels = {}
    for factor in table.index:
        found = level_means(matrix, [factor])
        levels[factor] = {value: found[value] for value in ordered(matrix.results.points[factor])}
    swings = {factor: np.ptp([_mean(runs) for runs in each.values()]) for factor, each in levels.items()}
    names = sorted(sorted(swings, key=lambda name: -swings[name])[:MOST_PANELS], key=list(swings).index)
    count = int(matrix.wide.notna().all(axis=0).sum())
    subtitle = tr(
        "{outcome}, {unit}: mean at each value, over all values of the other factors. Lines: 95% interval of its "
        "distance from the mean of all points (n = {number} replicates)",
        outcome=outcome_text(matrix.label),
        unit=unit_text(matrix.unit),
        number=count,
    )
    page = style.sheet(_main_title(matrix, levels, names), subtitle, source_line(matrix.results))
    panels = page.panels([max(1.0, len(levels[name]) ** 0.5) for name in names])
    ends: list[float] = []
    for axes, name in zip(panels, names, strict=True):
        grand = np.mean(list(levels[name].values()), axis=0)
        places = np.arange(len(levels[name]), dtype=float)
        means, bars = _means_and_bars(levels[name].values(), grand)
        role, label = table.loc[name, ["role", "label"]]
        colour = ROLES[role][1]
        if name != SCENARIO:
            axes.plot(places, means, color=colour, lw=1.5, alpha=0.6)
        axes.errorbar(places, means, bars, fmt="o", color=colour, ms=9, lw=2.5, mec="white", gid="mean")
        room = 60 // (len(names) * len(places)) + 3
        axes.set_xticks(places, [broken(value_shown(value), room) for value in levels[name]])
        axes.set_xlim(-0.4, len(places) - 0.6)
        words = broken(factor_text(label), 84 // len(names))
        axes.set_xlabel(f"{words}\n({tr(ONE_OF.get(role, role))})", color=style.dark(colour))
        ends += [*(means - bars), *(means + bars)]
        if axes is not panels[0]:
            axes.tick_params(labelleft=False)
    for axes in panels:
        axes.set_ylim(*bounds(np.array(ends)))
        outcome_axis(axes, matrix.unit)
    return page.finish()


def _main_title(
    matrix: OutcomeMatrix, levels: Mapping[str, Mapping[object, np.ndarray]], names: list[str]
) -> str:
    """The values between which the factor that clearly swings it most makes the largest difference."""
    data = effects(matrix)
    if unclear := _nothing_clear(data, outcome_text(matrix.label)):
        return unclear
    clear = set(data.loc[(data["kind"] == "main") & _clear(data), "factor"])
    names = [name for name in names if name in clear] or names
    means = {name: {value: _mean(runs) for value, runs in levels[name].items()} for name in names}
    largest = max(names, key=lambda name: max(means[name].values()) - min(means[name].values()))
    values, factor = list(means[largest]), factor_text(matrix.results.labels[largest])
    if largest == SCENARIO:
        values = sorted(values, key=lambda value: means[largest][value])
    told = {
        "outcome": outcome_text(matrix.label),
        "factor": factor,
        "first": value_text(means[largest][values[0]], matrix.unit),
        "before": value_shown(values[0]),
        "last": value_text(means[largest][values[-1]], matrix.unit),
        "after": value_shown(values[-1]),
    }
    if told["first"] == told["last"]:
        return tr(
            "{outcome}: {value} at either end of what was varied",
            outcome=told["outcome"],
            value=told["first"],
        )
    if largest == SCENARIO:
        del told["factor"]
        return tr("{outcome}: {first} with {before}, {last} with {after}", **told)
    return tr("{outcome}: {first} with {before}: {factor}, {last} with {after}: {factor}", **told)


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _means_and_bars(levels: Any, grand: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of each level's runs, and half the interval of its distance from `grand`, run by run."""
    halves = [half_width((each - grand)[~np.isnan(each)]) for each in levels]
    return np.array([_mean(each) for each in levels]), np.nan_to_num(halves)


def interaction_figure(matrix: OutcomeMatrix, data: pd.DataFrame) -> Figure | None:
    """The interaction that is largest for its interval: lines, or a heat map if both factors have many values."""
    pairs = data[data["kind"] == "interaction"]
    if pairs.empty:
        return None
    matrix = matrix.complete()
    results = matrix.results
    sureness = pairs["effect"].abs() / (pairs["high"] - pairs["low"]).replace(0.0, np.nan)
    largest = sureness if sureness.notna().any() else pairs["effect"].abs()
    row = pairs.iloc[int(np.argmax(largest.fillna(0.0)))]
    values = {str(name): ordered(results.points[str(name)]) for name in (row["factor"], row["with_factor"])}
    across, along = sorted(values, key=lambda name: -len(values[name]))
    x, z = values[across], values[along]
    cell = level_means(matrix, [across, along])
    label_x, label_z = (factor_text(results.labels[each]) for each in (across, along))
    words = {"outcome": outcome_text(matrix.label), "factors": joined([label_x, label_z])}
    if int(row["n"]) < 2:
        title = tr("{outcome}: interplay can't be told from luck with one replicate a point", **words)
    elif row["low"] > 0 or row["high"] < 0:
        title = tr("{outcome}: what one of {factors} does depends on the other", **words)
    else:
        title = tr("{outcome}: no clear interplay of {factors}", **words)
    contrast, low, high = (change_text(float(row[key]), matrix.unit) for key in ("effect", "low", "high"))
    subtitle = tr(
        "{outcome}, {unit}. Interaction (difference of differences, last against first values): {change}, {band} {low} "
        "to {high}, n = {number}",
        outcome=words["outcome"],
        unit=unit_text(matrix.unit),
        change=contrast,
        band=tr(BAND),
        low=low,
        high=high,
        number=int(row["n"]),
    )
    page = style.sheet(title, subtitle, source_line(results))
    (axes,) = page.panels()
    if len(z) <= len(LINES):
        _lines(page, axes, x, z, cell, matrix.unit, label_z)
    else:
        _heat_map(axes, x, z, cell, matrix.unit, label_z)
    axes.set_xlabel(label_x)
    return page.finish()


def _lines(page: style.Page, axes: style.Axes, x: list, z: list, cell: dict, unit: str, label: str) -> None:
    ends, limits = [], []
    places = np.arange(len(x), dtype=float)
    grand = np.mean(list(cell.values()), axis=0)
    look: dict[str, Any] = {"fmt": "o-", "ms": 8, "lw": 2.5, "mec": "white", "gid": "cell-mean"}
    for value, colour in zip(z, LINES, strict=False):
        means, bars = _means_and_bars([cell[each, value] for each in x], grand)
        axes.errorbar(places, means, bars, color=colour, **look)
        ends.append(
            (
                float(means[-1]),
                broken(tr("{name}: {value}", name=value_shown(value), value=label), 30),
                colour,
            )
        )
        limits += [*(means - bars), *(means + bars)]
    axes.set_xticks(places, [value_shown(value) for value in x])
    axes.set_xlim(-0.15, len(x) - 0.85)
    axes.set_ylim(*bounds(np.array(limits)))
    outcome_axis(axes, unit)
    style.label_ends(page, axes, ends)


def _heat_map(axes: style.Axes, x: list, z: list, cell: dict, unit: str, label: str) -> None:
    means = np.array([[_mean(cell[across, along]) for across in x] for along in z])
    image = axes.imshow(means, origin="lower", aspect="auto", cmap="viridis")
    for (i, j), value in np.ndenumerate(means):
        colour = style.readable_on(image.cmap(image.norm(value)))
        text = value_text(value, unit)
        axes.text(j, i, text, ha="center", va="center", fontsize=style.TEXT, color=colour)
    axes.set_xticks(range(len(x)), [value_shown(value) for value in x])
    axes.set_yticks(range(len(z)), [value_shown(value) for value in z])
    axes.set_ylabel(label)
    axes.grid(visible=False)


def levers_figure(matrix: OutcomeMatrix, data: pd.DataFrame) -> Figure:
    """What each lever does in all cases of what is uncertain: median, half of the cases, nine in ten. `data`:
    `robustness`."""
    rows, moves = [], {}
    for row in data[data["from"] != data["to"]].to_dict("records"):
        same = "" if not math.isfinite(row["same_sign"]) else percentage(row["same_sign"])
        of = f" ({row['scenario']})" if row["scenario"] else ""
        name = _moved(row, factor_text(row["lever_label"])) + of
        ends, inner = (float(row["q05"]), float(row["q95"])), (float(row["q25"]), float(row["q75"]))
        rows.append(Row(name, float(row["median"]), *ends, "lever", inner=inner, note=same))
        moves[name] = {
            "factor": factor_text(row["lever_label"]) + of,
            "before": _switch(row["from"]),
            "after": _switch(row["to"]),
        }
    shown = chosen(rows, 10)
    most = max(shown, key=lambda row: abs(row.value))
    number = int(data["n"].max())
    low, high = (change_text(value, matrix.unit) for value in (most.low, most.high))
    words = {"outcome": outcome_text(matrix.label), "low": low, "high": high, **moves[most.name]}
    if matrix.results.is_crossed and (unclear := _nothing_clear(effects(matrix), words["outcome"])):
        title = unclear
    elif not (most.low > 0 or most.high < 0):
        title = tr(
            "{outcome}: what it does when “{factor}” goes from {before} to {after} differs from case to case, {low} "
            "to {high}",
            **words,
        )
    elif number < MANY:
        title = tr(
            "{outcome} changes by {low} to {high} in most of {number} cases when “{factor}” goes from {before} to "
            "{after}",
            number=number,
            **words,
        )
    else:
        title = tr(
            "{outcome} changes by {low} to {high} in nine cases of ten when “{factor}” goes from {before} to {after}",
            **words,
        )
    subtitle = tr(
        "Change of {outcome} in {number} cases, each {case}. Thin lines: {band}; thick: half of the cases; right: the "
        "share of cases where the sign is that of the median",
        outcome=words["outcome"],
        number=number,
        case=_case(matrix, data),
        band=tr(OF_CASES),
    )
    page = style.sheet(title, subtitle, source_line(matrix.results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True, headings=False, name_length=44)
    outcome_axis(axes, matrix.unit, "x", 5, change=True)
    axes.set_xlabel(tr("change, {unit}", unit=change_unit(matrix.unit)))
    return page.finish()


def _case(matrix: OutcomeMatrix, data: pd.DataFrame) -> str:
    """What a case of what is uncertain is: luck is part of it where seeds are told apart (see `robustness`)."""
    by_value = (data["lever"] == SCENARIO) | matrix.results.is_crossed
    if matrix.shared and by_value.all():
        return tr("a set of uncertain values under one seed")
    if matrix.shared and by_value.any():
        return tr("a set of uncertain values")
    return tr("a set of uncertain values, in the mean of its seeds")
