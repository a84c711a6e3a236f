"""What factors do: main effects and interactions, and what levers do over the whole spread of the uncertainties.

An effect is a contrast of design points, taken within each replicate and then averaged, so that its interval over
replicates holds whether or not the points share their luck (if they do, what is common to all points cancels).

A lever is what somebody can set; an uncertainty is what nobody knows. One world is one draw of all uncertainties (and,
where replicates share their luck, one replicate); the lever's effect there is the outcome with the lever at one value
less that with it at another, all else equal.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from ...scenarios.languages import later
from ..intervals import interval
from . import morris, sobol
from .comparing import quantiles
from .results import SCENARIO, OutcomeMatrix, ReadingError, format_value, known, ordered
from .sensitivity import unit_inputs
from .study import LEVER

BAND = later("95% interval over replicates")
COLUMNS = ["outcome", "label", "unit", "kind", "scenario", "factor", "role", "with_factor", "from", "to", "effect",
           "low", "high", "n", "band"]  # fmt: skip


def effects(matrix: OutcomeMatrix) -> pd.DataFrame:
    """A row an effect: main effects, then interactions of two factors; the columns are COLUMNS.

    Main: the outcome at `to` less that at `from` (the first value of the factor), averaged over all values of the
    other factors (at the base point, of a one-factor-at-a-time design). Interaction: how much larger the effect of
    `factor`, from its first value to its last, is at the last value of `with_factor` than at its first. Errors:
    ReadingError for a design that tells no effects: list ones that are not crossed, samples.
    """
    results = matrix.results
    if results.design == "ofat":
        return _one_at_a_time(matrix)
    if not results.is_crossed:
        raise ReadingError(
            f"the design of study {results.name} ({results.design}) is not crossed, so that effects can't be told "
            "apart: grid and ofat designs tell main effects, lhs, morris and sobol sensitivity"
        )
    matrix = matrix.complete()
    values = {factor: ordered(results.points[factor]) for factor in results.varied.index}
    rows = []
    for factor, (first, *others) in values.items():
        means = level_means(matrix, [factor])
        rows += [_row(matrix, "main", factor, first, each, means[each] - means[first]) for each in others]
    for one, other in itertools.combinations(values, 2):
        cell = level_means(matrix, [one, other])
        a, b = values[one], values[other]
        change = (cell[a[-1], b[-1]] - cell[a[0], b[-1]]) - (cell[a[-1], b[0]] - cell[a[0], b[0]])
        rows.append(_row(matrix, "interaction", one, a[0], a[-1], change, with_factor=other))
    return pd.DataFrame(rows, columns=COLUMNS)


def level_means(matrix: OutcomeMatrix, factors: list[str]) -> dict[object, np.ndarray]:
    """Value (of several factors: tuple of values) -> the mean over all points that have it, by replicate.

    A replicate in which some of the points is missing is NaN everywhere, so that all values rest on the same runs.
    """
    whole = matrix.wide.notna().all(axis=0).to_numpy()
    columns = [known(matrix.inputs[factor]) for factor in factors]
    keys: list[object] = list(columns[0]) if len(columns) == 1 else list(zip(*columns, strict=True))
    values = matrix.wide.to_numpy(dtype=float)
    found = {}
    for key in dict.fromkeys(keys):
        rows = np.array([each == key for each in keys])
        found[key] = np.where(whole, values[rows].mean(axis=0), np.nan)
    return found


def _row(
    matrix: OutcomeMatrix,
    kind: str,
    factor: str,
    first: object,
    last: object,
    change: np.ndarray,
    *,
    with_factor: str = "",
    scenario: str = "",
) -> dict[str, object]:
    """`scenario`: the one whose effect it is; averaged over all where it is empty."""
    runs = change[~np.isnan(change)]
    low, high = interval(runs)
    role = matrix.results.varied.at[factor, "role"]
    which = {"kind": kind, "scenario": scenario, "factor": factor, "role": role, "with_factor": with_factor}
    effect = float(runs.mean()) if len(runs) else math.nan
    size = {"effect": effect, "low": low, "high": high, "n": len(runs), "band": BAND}
    return {**matrix.words, **which, "from": format_value(first), "to": format_value(last), **size}


def _one_at_a_time(matrix: OutcomeMatrix) -> pd.DataFrame:
    points = matrix.results.points.set_index("point")
    factors = [name for name in matrix.results.varied.index if name != SCENARIO]
    bases = matrix.results.base_points()
    rows = []
    for scenario, base in bases.items():
        for point in points.index[points[SCENARIO] == scenario]:
            for factor in factors:
                before, after = points.at[base, factor], points.at[point, factor]
                if format_value(before) != format_value(after):
                    change = (matrix.wide.loc[point] - matrix.wide.loc[base]).to_numpy(dtype=float)
                    of = scenario if len(bases) > 1 else ""
                    rows.append(_row(matrix, "main", factor, before, after, change, scenario=of))
    return pd.DataFrame(rows, columns=COLUMNS)


LEVER_COLUMNS = ["outcome", "label", "unit", "scenario", "lever", "lever_label", "from", "to", "median", "q05", "q25",
                 "q75", "q95", "same_sign", "worst_regret", "n", "band"]  # fmt: skip
OF_CASES = later("spread over the cases of what is uncertain (5% to 95%)")
Rows = list[dict[str, object]]


def robustness(matrix: OutcomeMatrix, better: str | None = None) -> pd.DataFrame:
    """A row a lever and value: the spread of its effect over the cases of what is uncertain; none if the design has
    not both. A case: a set of values of the uncertainties and, where points share their luck, a seed; else the mean
    over seeds.

    Crossed designs, and scenarios over one and the same sample: the effect of each value against the first, in each
    case. Sobol' and Morris samples: the effect over the lever's whole range, from the pairs of points that differ in
    it alone. `same_sign`: the share of cases in which the effect has the sign of the median. `better` ("high" or
    "low"): which values of the outcome are wanted; then `worst_regret` is what is lost at most, over the cases, by
    that value instead of the best one there (crossed designs only). Errors: ReadingError for another `better`.
    """
    if better not in (None, "high", "low"):
        raise ReadingError(f"better is {better!r}, but must be high or low")
    results = matrix.results
    is_lever = results.varied["role"] == LEVER
    rows: Rows = []
    if is_lever.any() and not is_lever.all():
        for lever in results.varied.index[is_lever]:
            if lever == SCENARIO or results.is_crossed:
                rows += _by_value(matrix, lever, better)
            elif results.design in ("sobol", "morris"):
                rows += _by_step(matrix, lever)
    return pd.DataFrame(rows, columns=LEVER_COLUMNS)


def _by_value(matrix: OutcomeMatrix, lever: str, better: str | None) -> Rows:
    """All points alike but for the lever are one case; with each of its replicates, if luck is shared, else their
    mean."""
    points = matrix.inputs
    others = [name for name in matrix.results.varied.index if name != lever]
    cases = points[others].astype(str).agg("\x1f".join, axis=1)
    frame = matrix.wide if matrix.shared else matrix.wide.mean(axis=1).to_frame()
    values = ordered(points[lever])
    # Columns by number: true and false would be masks.
    place = {value: number for number, value in enumerate(values)}
    long = frame.assign(case=cases, lever=[place[value] for value in known(points[lever])])
    long = long.melt(["case", "lever"], var_name="replicate")
    wide = long.pivot_table(index=["case", "replicate"], columns="lever", values="value", sort=False)
    y = wide.reindex(columns=range(len(values))).dropna().to_numpy(dtype=float)
    regret = np.full(len(values), math.nan)
    if better is not None and len(y):
        best = y.max(axis=1) if better == "high" else y.min(axis=1)
        regret = np.abs(best[:, None] - y).max(axis=0)
    # The first against itself is of use for its regret alone.
    shown = range(1 if math.isnan(regret[0]) else 0, len(values))
    words = [format_value(value) for value in values]
    rows = [_lever_row(matrix, "", lever, words[0], words[k], y[:, k] - y[:, 0]) for k in shown]
    return [row | {"worst_regret": float(regret[k])} for k, row in zip(shown, rows, strict=True)]


def _by_step(matrix: OutcomeMatrix, lever: str) -> Rows:
    results = matrix.results
    table = results.varied.drop(index=SCENARIO, errors="ignore")
    factors = list(table.index)
    column = factors.index(lever)
    found = []
    several = results.points[SCENARIO].nunique() > 1
    for scenario, points in results.points.groupby(SCENARIO, sort=False):
        unit = unit_inputs(points[factors], table)
        y = matrix.wide.loc[points["point"]].mean(axis=1).to_numpy(dtype=float)
        if results.design == "morris":
            rows = morris.trajectories_of(unit)
            if rows is None:
                continue
            change = morris.elementary_effects(unit, rows, y[:, None])[:, column, 0]
        else:
            blocks = sobol.blocks_of(points[factors])
            if blocks is None:
                continue
            step = unit[blocks.ab[:, column], column] - unit[blocks.a, column]
            differs = np.abs(step) > 0.1  # a small step says little of the whole range, and much of luck
            change = (y[blocks.ab[:, column]] - y[blocks.a])[differs] / step[differs]
        first, *_, last = ordered(points[lever])
        low, high = table.loc[[lever], ["low", "high"]].to_numpy(dtype=float)[0]
        if not isinstance(first, str) and math.isfinite(low) and math.isfinite(high):
            first, last = low, high
        of = str(scenario) if several else ""
        ends = format_value(first), format_value(last)
        found.append(_lever_row(matrix, of, lever, *ends, change[~np.isnan(change)]))
    return found


def _lever_row(
    matrix: OutcomeMatrix, scenario: str, lever: str, first: str, last: str, change: np.ndarray
) -> dict[str, object]:
    spread = quantiles(change)
    median = spread.pop("q50")
    same = float((np.sign(change) == np.sign(median)).mean()) if len(change) else math.nan
    label = matrix.results.labels[lever]
    which = {"scenario": scenario, "lever": lever, "lever_label": label, "from": first, "to": last}
    size = {"median": median, **spread, "same_sign": same, "worst_regret": math.nan, "n": len(change)}
    return {**matrix.words, **which, **size, "band": OF_CASES}
