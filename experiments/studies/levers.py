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
from .factor_effects import is_crossed
from .reading import SCENARIO, Numbers, ReadingError, factor_table, known, ordered, said
from .results import StudyResults
from .sensitivity import unit_inputs
from .sources import LEVER

COLUMNS = ["outcome", "label", "unit", "scenario", "lever", "lever_label", "from", "to", "median", "q05", "q25", "q75",
           "q95", "same_sign", "worst_regret", "n", "band"]  # fmt: skip
BAND = "spread over the uncertain worlds (5% to 95%)"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def robustness(results: StudyResults, numbers: Numbers, better: str | None = None) -> pd.DataFrame:
    """A row a lever and value: the spread of its effect over the uncertain worlds; none if the design has not both.

    Crossed designs, and scenarios over one and the same sample: the effect of each value against the first, in each
    world. Sobol' and Morris samples: the effect over the lever's whole range, from the pairs of points that differ in
    it alone. `same_sign`: the share of worlds in which the effect has the sign of the median. `better` ("high" or
    "low"): which values of the outcome are wanted; then `worst_regret` is what is lost at most, over the worlds, by
    that value instead of the best one there (crossed designs only). Errors: ReadingError for another `better`.
    """
    if better not in (None, "high", "low"):
        raise ReadingError(f"better is {better!r}, but must be high or low")
    table = factor_table(results)
    levers = [str(name) for name in table.loc[table["role"] == LEVER, "factor"]]
    unsure = [str(name) for name in table.loc[table["role"] != LEVER, "factor"]]
    rows: list[dict[str, object]] = []
    if levers and unsure:
        labels = dict(zip(table["factor"].astype(str), table["label"].astype(str), strict=True))
        for lever in levers:
            if lever == SCENARIO or is_crossed(results):
                rows += _by_value(results, numbers, lever, labels[lever], better)
            elif results.design in ("sobol", "morris"):
                rows += _by_step(results, numbers, lever, labels[lever], table[table["factor"] != SCENARIO])
    return pd.DataFrame(rows, columns=COLUMNS)


def _by_value(
    results: StudyResults, numbers: Numbers, lever: str, label: str, better: str | None
) -> list[dict[str, object]]:
    """All points alike but for the lever are one world; with its replicates, if luck is shared, else their mean."""
    points = results.points.set_index("point").loc[numbers.wide.index]
    others = [str(name) for name in factor_table(results)["factor"] if name != lever]
    worlds = points[others].astype(str).agg("\x1f".join, axis=1)
    frame = numbers.wide if numbers.shared else numbers.wide.mean(axis=1).to_frame()
    values = ordered(points[lever])
    place = {
        value: number for number, value in enumerate(values)
    }  # columns by number: true and false would be masks
    long = frame.assign(world=worlds, lever=[place[value] for value in known(points[lever])])
    long = long.melt(["world", "lever"], var_name="replicate")
    wide = long.pivot_table(index=["world", "replicate"], columns="lever", values="value", sort=False)
    wide = wide.reindex(columns=range(len(values))).dropna()
    y = wide.to_numpy(dtype=float)
    regret = np.full(len(values), math.nan)
    if better is not None and len(y):
        best = y.max(axis=1) if better == "high" else y.min(axis=1)
        regret = np.abs(best[:, None] - y).max(axis=0)
    found = []
    for number, value in enumerate(values):
        if number or not math.isnan(regret[0]):  # the first against itself: of use for its regret alone
            row = _row(numbers, "", lever, label, said(values[0]), said(value), y[:, number] - y[:, 0])
            found.append(row | {"worst_regret": float(regret[number])})
    return found


def _by_step(
    results: StudyResults, numbers: Numbers, lever: str, label: str, table: pd.DataFrame
) -> list[dict[str, object]]:
    factors = [str(name) for name in table["factor"]]
    column = factors.index(lever)
    found = []
    several = results.points[SCENARIO].nunique() > 1
    for scenario, points in results.points.groupby(SCENARIO, sort=False):
        unit = unit_inputs(points[factors], table)
        y = numbers.wide.loc[points["point"]].mean(axis=1).to_numpy(dtype=float)
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
        steps = change[~np.isnan(change)]
        values = ordered(points[lever])
        low, high = said(values[0]), said(values[-1])
        row = table.loc[table["factor"] == lever].iloc[0]
        if (
            not isinstance(values[0], str)
            and math.isfinite(float(row["low"]))
            and math.isfinite(float(row["high"]))
        ):
            low, high = said(float(row["low"])), said(float(row["high"]))
        found.append(_row(numbers, str(scenario) if several else "", lever, label, low, high, steps))
    return found


def _row(
    numbers: Numbers, scenario: str, lever: str, label: str, first: str, last: str, change: np.ndarray
) -> dict[str, object]:
    spread = np.quantile(change, QUANTILES) if len(change) else np.full(len(QUANTILES), math.nan)
    median = float(spread[2])
    same = float((np.sign(change) == np.sign(median)).mean()) if len(change) else math.nan
    return {
        "outcome": numbers.outcome,
        "label": numbers.label,
        "unit": numbers.unit,
        "scenario": scenario,
        "lever": lever,
        "lever_label": label,
        "from": first,
        "to": last,
        "median": median,
        **{f"q{round(100 * q):02d}": float(v) for q, v in zip(QUANTILES, spread, strict=True) if q != 0.5},
        "same_sign": same,
        "worst_regret": math.nan,
        "n": len(change),
        "band": BAND,
    }
