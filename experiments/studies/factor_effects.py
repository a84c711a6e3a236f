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
from .reading import SCENARIO, Numbers, ReadingError, base_points, factor_table, known, ordered, said
from .results import StudyResults

BAND = "95% interval over replicates"
COLUMNS = ["outcome", "label", "unit", "kind", "scenario", "factor", "role", "with_factor", "from", "to", "effect",
           "low", "high", "n", "band"]  # fmt: skip


def is_crossed(results: StudyResults) -> bool:
    """Whether every value of each factor meets every value of all others, once."""
    names = [str(name) for name in factor_table(results)["factor"]]
    if not names:
        return False
    cells = math.prod(results.points[name].astype(str).nunique() for name in names)
    return cells == len(results.points) == len(results.points[names].astype(str).drop_duplicates())


def effects(results: StudyResults, numbers: Numbers) -> pd.DataFrame:
    """A row an effect: main effects, then interactions of two factors; the columns are COLUMNS.

    Main: the outcome at `to` less that at `from` (the first value of the factor), averaged over all values of the
    other factors (at the base point, of a one-factor-at-a-time design). Interaction: how much larger the effect of
    `factor`, from its first value to its last, is at the last value of `with_factor` than at its first. Errors:
    ReadingError for a design that tells no effects: list ones that are not crossed, samples.
    """
    if results.design == "ofat":
        return _one_at_a_time(results, numbers)
    if not is_crossed(results):
        raise ReadingError(
            f"the design of study {results.name} ({results.design}) is not crossed, so that effects can't be told "
            "apart: grid and ofat designs tell main effects, lhs, morris and sobol sensitivity"
        )
    table = factor_table(results)
    roles = dict(zip(table["factor"].astype(str), table["role"], strict=True))
    numbers = numbers.complete()
    rows = []
    for factor in roles:
        means = level_means(results, numbers, [factor])
        first, *others = ordered(results.points[factor])
        for value in others:
            rows.append(_row(numbers, "main", factor, roles, "", first, value, means[value] - means[first]))
    for one, other in itertools.combinations(roles, 2):
        a, b = ordered(results.points[one]), ordered(results.points[other])
        cell = level_means(results, numbers, [one, other])
        change = (cell[a[-1], b[-1]] - cell[a[0], b[-1]]) - (cell[a[-1], b[0]] - cell[a[0], b[0]])
        rows.append(_row(numbers, "interaction", one, roles, other, a[0], a[-1], change))
    return pd.DataFrame(rows, columns=COLUMNS)


def level_means(results: StudyResults, numbers: Numbers, factors: list[str]) -> dict[object, np.ndarray]:
    """Value (of several factors: tuple of values) -> the mean over all points that have it, by replicate.

    A replicate in which some of the points is missing is NaN everywhere, so that all values rest on the same runs.
    """
    whole = numbers.wide.notna().all(axis=0).to_numpy()
    groups = results.points.set_index("point").loc[numbers.wide.index]
    columns = [known(groups[factor]) for factor in factors]
    keys: list[object] = list(columns[0]) if len(columns) == 1 else list(zip(*columns, strict=True))
    values = numbers.wide.to_numpy(dtype=float)
    found = {}
    for key in dict.fromkeys(keys):
        rows = np.array([each == key for each in keys])
        found[key] = np.where(whole, values[rows].mean(axis=0), np.nan)
    return found


def _row(
    numbers: Numbers,
    kind: str,
    factor: str,
    roles: dict[str, str],
    other: str,
    first: object,
    last: object,
    change: np.ndarray,
) -> dict[str, object]:
    told = change[~np.isnan(change)]
    low, high = interval(told)
    return {
        "outcome": numbers.outcome,
        "label": numbers.label,
        "unit": numbers.unit,
        "kind": kind,
        "scenario": "",  # of the effects of one scenario; averaged over all where it is empty
        "factor": factor,
        "role": roles[factor],
        "with_factor": other,
        "from": said(first),
        "to": said(last),
        "effect": float(told.mean()) if len(told) else math.nan,
        "low": low,
        "high": high,
        "n": len(told),
        "band": BAND,
    }


def _one_at_a_time(results: StudyResults, numbers: Numbers) -> pd.DataFrame:
    table = factor_table(results)
    roles = dict(zip(table["factor"].astype(str), table["role"], strict=True))
    points = results.points.set_index("point")
    bases = base_points(results)
    rows = []
    for scenario, base in bases.items():
        for point in points.index[points[SCENARIO] == scenario]:
            for factor in roles:
                if factor == SCENARIO or said(points.at[point, factor]) == said(points.at[base, factor]):
                    continue
                change = (numbers.wide.loc[point] - numbers.wide.loc[base]).to_numpy(dtype=float)
                before, after = points.at[base, factor], points.at[point, factor]
                found = _row(numbers, "main", factor, roles, "", before, after, change)
                rows.append(found | {"scenario": scenario if len(bases) > 1 else ""})
    return pd.DataFrame(rows, columns=COLUMNS)
