"""What a lever does over the whole spread of the uncertainties: not one effect, but how it differs between worlds.

A lever is what somebody can set; an uncertainty is what nobody knows. One world is one draw of all uncertainties (and,
where replicates share their luck, one replicate); the lever's effect there is the outcome with the lever at one value
less that with it at another, all else equal.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from . import morris, sobol
from .comparing import quantiles
from .results import SCENARIO, OutcomeMatrix, ReadingError, format_value, known, ordered
from .sensitivity import unit_inputs
from .study import LEVER

COLUMNS = ["outcome", "label", "unit", "scenario", "lever", "lever_label", "from", "to", "median", "q05", "q25", "q75",
           "q95", "same_sign", "worst_regret", "n", "band"]  # fmt: skip
BAND = "spread over the uncertain worlds (5% to 95%)"
Rows = list[dict[str, object]]


def robustness(matrix: OutcomeMatrix, better: str | None = None) -> pd.DataFrame:
    """A row a lever and value: the spread of its effect over the uncertain worlds; none if the design has not both.

    Crossed designs, and scenarios over one and the same sample: the effect of each value against the first, in each
    world. Sobol' and Morris samples: the effect over the lever's whole range, from the pairs of points that differ in
    it alone. `same_sign`: the share of worlds in which the effect has the sign of the median. `better` ("high" or
    "low"): which values of the outcome are wanted; then `worst_regret` is what is lost at most, over the worlds, by
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
    return pd.DataFrame(rows, columns=COLUMNS)


def _by_value(matrix: OutcomeMatrix, lever: str, better: str | None) -> Rows:
    """All points alike but for the lever are one world; with its replicates, if luck is shared, else their mean."""
    points = matrix.inputs
    others = [name for name in matrix.results.varied.index if name != lever]
    worlds = points[others].astype(str).agg("\x1f".join, axis=1)
    frame = matrix.wide if matrix.shared else matrix.wide.mean(axis=1).to_frame()
    values = ordered(points[lever])
    # Columns by number: true and false would be masks.
    place = {value: number for number, value in enumerate(values)}
    long = frame.assign(world=worlds, lever=[place[value] for value in known(points[lever])])
    long = long.melt(["world", "lever"], var_name="replicate")
    wide = long.pivot_table(index=["world", "replicate"], columns="lever", values="value", sort=False)
    y = wide.reindex(columns=range(len(values))).dropna().to_numpy(dtype=float)
    regret = np.full(len(values), math.nan)
    if better is not None and len(y):
        best = y.max(axis=1) if better == "high" else y.min(axis=1)
        regret = np.abs(best[:, None] - y).max(axis=0)
    # The first against itself is of use for its regret alone.
    shown = range(1 if math.isnan(regret[0]) else 0, len(values))
    words = [format_value(value) for value in values]
    rows = [_row(matrix, "", lever, words[0], words[k], y[:, k] - y[:, 0]) for k in shown]
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
        found.append(_row(matrix, of, lever, *ends, change[~np.isnan(change)]))
    return found


def _row(
    matrix: OutcomeMatrix, scenario: str, lever: str, first: str, last: str, change: np.ndarray
) -> dict[str, object]:
    spread = quantiles(change)
    median = spread.pop("q50")
    same = float((np.sign(change) == np.sign(median)).mean()) if len(change) else math.nan
    label = matrix.results.labels[lever]
    which = {"scenario": scenario, "lever": lever, "lever_label": label, "from": first, "to": last}
    size = {"median": median, **spread, "same_sign": same, "worst_regret": math.nan, "n": len(change)}
    return {**matrix.words, **which, **size, "band": BAND}
