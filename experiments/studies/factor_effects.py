"""Main effects and interactions of the factors of a crossed or a one-factor-at-a-time design.

An effect is a contrast of design points, taken within each replicate and then averaged, so that its interval over
replicates holds whether or not the points share their luck (if they do, what is common to all points cancels).
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from ..intervals import interval
from .results import SCENARIO, OutcomeMatrix, ReadingError, format_value, known, ordered

BAND = "95% interval over replicates"
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
