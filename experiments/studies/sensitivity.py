"""Sensitivity of an outcome to the factors of a study, by what its design can tell, with luck told apart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import factorial, morris, regression, sobol
from .estimating import LEAST_JACKKNIFE, Estimates, Estimator, estimated
from .factor_effects import is_crossed
from .reading import SCENARIO, Numbers, ReadingError, as_number, factor_table, numbers, ordered
from .results import StudyResults
from .sources import kinds_of, members
from .verdicts import verdicts

METHODS = {
    "sobol": "Sobol' indices",
    "morris": "elementary effects (Morris)",
    "lhs": "partial rank correlations and straight lines",
    "grid": "shares of variance over the grid",
}
# Index -> what it is and its unit ("" stands for the unit of the outcome).
INDICES = {
    "S1": ("share of the factors' variance that the factor makes by itself", "share"),
    "ST": (
        "share of the factors' variance that would go if the factor were known, interplay included",
        "share",
    ),
    "S2": ("share of the factors' variance that two factors make only together", "share"),
    "mu": ("mean effect over the whole range of the factor", ""),
    "mu_star": ("mean size of the effect over the whole range of the factor", ""),
    "sigma": ("how much the effect differs over the other factors' ranges, luck taken out", ""),
    "PRCC": ("correlation of ranks, the other factors held", "-1 to 1"),
    "linear": ("share of the factors' variance that a straight line in this factor explains", "share"),
}
RAW = {"S1": "raw_S1", "ST": "raw_ST", "sigma": "raw_sigma"}
BAND = "95% interval (bootstrap over the sample)"
BAND_SHARED = "95% interval (bootstrap over the sample, jackknife over the shared luck)"
BAND_GRID = "95% interval over replicates"


@dataclass(frozen=True)
class Sensitivity:
    """What a design tells of one outcome in one scenario.

    `indices`, a row an index: scenario, outcome, label, unit, factor, with_factor (S2), role, rests_on, index, value,
    low, high, raw (luck not taken out; NaN where it makes no difference), floor (mu_star that luck alone would show),
    n (base samples, trajectories or points), replicates, band. `shares`, a row a kind of source, then "interplay" and
    "luck": rests_on, share, low, high, at_most, at_most_low, at_most_high, measure, and the words above.
    `convergence`, a row an index of a part of the sample: n, factor, index, value. `sentences` say what to make of
    it; `told` is False where the design is too small to say anything.
    """

    design: str
    scenario: str
    numbers: Numbers
    indices: pd.DataFrame
    shares: pd.DataFrame
    convergence: pd.DataFrame
    noise: float
    variance: float
    told: bool
    sentences: list[str]


@dataclass(frozen=True)
class Sample:
    """A design ready to be analysed: points by replicates, how many units, and the estimator of any of them."""

    y: np.ndarray
    units: int
    resampled: bool
    make: Callable[[int], Estimator]  # the estimator of the first so many units


def sensitivity(results: StudyResults, outcome: str, year: int | None = None) -> list[Sensitivity]:
    """The sensitivity of an outcome, for each scenario (of a grid: over all scenarios at once).

    Errors: ReadingError for an unknown outcome, a study without runs, or a design that tells no sensitivity.
    """
    told = numbers(results, outcome, year)
    table = factor_table(results)
    if results.design in ("grid", "list") and is_crossed(results):
        return [_analysed(results, told, table, "", "grid")]
    if results.design not in ("sobol", "morris", "lhs"):
        raise ReadingError(
            f"the design of study {results.name} ({results.design}) tells no sensitivity: designs sobol, morris, lhs "
            "and grid do (`study plot` draws what this one tells)"
        )
    table = table[table["factor"] != SCENARIO].reset_index(drop=True)
    if table.empty:
        raise ReadingError(f"no factor of study {results.name} varies, so there is no sensitivity to tell")
    found = []
    for scenario, points in results.points.groupby(SCENARIO, sort=False):
        found.append(
            _analysed(results, told.of(points["point"].tolist()), table, str(scenario), results.design)
        )
    return found


def _analysed(
    results: StudyResults, told: Numbers, table: pd.DataFrame, scenario: str, design: str
) -> Sensitivity:
    kinds = kinds_of(table)
    there, groups = members(kinds)
    points = results.points.set_index("point").loc[told.wide.index]
    sample = _sample(results, told, points[[str(name) for name in table["factor"]]], table, groups, design)
    replicates = sample.y.shape[1]

    def estimates(units: int) -> Estimates:
        return estimated(sample.make(units), sample.y, units, resampled=sample.resampled, shared=told.shared)

    whole = estimates(sample.units)
    lucky = told.shared and replicates >= LEAST_JACKKNIFE
    band = BAND_GRID if not sample.resampled else BAND_SHARED if lucky else BAND
    words: dict[str, object] = {"scenario": scenario, "outcome": told.outcome, "label": told.label}
    counts: dict[str, object] = {"n": sample.units, "replicates": replicates, "band": band}
    indices = _index_rows(whole, table, kinds, told.unit, words, counts)
    shares = _share_rows(whole, there, design, replicates, words, counts)
    convergence = _convergence(sample, table)
    above_luck = not float(whole.value["variance"]) <= float(whole.half["variance"])
    good, sentences = verdicts(design, indices, shares, convergence, counts, above_luck)
    if told.shared and sample.resampled and 1 < replicates < LEAST_JACKKNIFE:
        sentences.append(
            f"With {replicates} replicates of shared luck the intervals leave out what luck adds, and are too narrow: "
            f"{LEAST_JACKKNIFE} replicates or more would tell it."
        )
    return Sensitivity(
        design,
        scenario,
        told,
        indices,
        shares,
        convergence,
        float(whole.value["noise"]) if replicates > 1 else math.nan,
        float(whole.value["variance"]),
        good,
        sentences,
    )


def _sample(
    results: StudyResults,
    told: Numbers,
    inputs: pd.DataFrame,
    table: pd.DataFrame,
    groups: np.ndarray,
    design: str,
) -> Sample:
    """The design's units, without those that lack a run. Errors: ReadingError if too few are left, or none can be."""
    y = told.wide.to_numpy(dtype=float)
    if design == "grid":
        y = y[:, ~np.isnan(y).any(axis=0)]
        if not y.shape[1]:
            raise ReadingError(
                f"no replicate of study {results.name} has a value of {told.outcome} at all {len(y)} points of the "
                "grid, and its shares of variance need them all"
            )
        return Sample(y, len(y), False, lambda units: factorial.estimator(inputs, groups))
    whole = ~np.isnan(y).any(axis=1) if y.shape[1] else np.zeros(len(y), dtype=bool)
    unit = unit_inputs(inputs, table)
    if design == "lhs":
        _some(results, told, int(whole.sum()))
        y, unit = y[whole], unit[whole]
        return Sample(y, len(y), True, lambda units: _head(regression.estimator(unit[:units], groups), units))
    if design == "sobol":
        kept = _whole_units(
            results, told, sobol.blocks_of(inputs), whole, "Sobol' sample (A, B and what lies between)"
        )
        blocks = sobol.blocks_of(inputs.iloc[kept])
        assert blocks is not None
        return Sample(
            y[kept], len(blocks), True, lambda units: sobol.estimator(blocks.of(np.arange(units)), groups)
        )
    rows = morris.trajectories_of(unit)
    what = "Morris sample (trajectories that move one factor at a time)"
    kept = _whole_units(results, told, rows, whole, what)
    unit, rows = unit[kept], np.arange(len(kept)).reshape(-1, unit.shape[1] + 1)
    return Sample(y[kept], len(rows), True, lambda units: morris.estimator(unit, rows[:units], groups))


def _whole_units(
    results: StudyResults,
    told: Numbers,
    units: sobol.Blocks | np.ndarray | None,
    whole: np.ndarray,
    what: str,
) -> np.ndarray:
    """The points of the units (blocks, trajectories) that lack no run. Errors: ReadingError if there are too few."""
    if units is None:
        raise ReadingError(
            f"the points of study {results.name} are no {what}, so its indices can't be computed"
        )
    rows = units if isinstance(units, np.ndarray) else units.rows()
    good = whole[rows].all(axis=1)
    _some(results, told, int(good.sum()))
    return rows[good].ravel()


def _head(estimator: Estimator, units: int) -> Estimator:
    return lambda y, rows: estimator(y[:units], rows)


def _some(results: StudyResults, told: Numbers, units: int) -> None:
    if units < 2:
        raise ReadingError(
            f"study {results.name} has too few finished runs of {told.outcome} for its indices: `study resume` does "
            "what is missing"
        )


def unit_inputs(inputs: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """Points by factors, each factor from 0 (its low) to 1 (its high); of listed values, by their order."""
    columns = []
    for row in table.to_dict("records"):
        column = inputs[str(row["factor"])]
        low, high = float(row["low"]), float(row["high"])
        numbers = np.array([as_number(value) for value in column])
        if math.isfinite(low) and math.isfinite(high) and high > low and np.isfinite(numbers).all():
            if str(row.get("scale", "")) == "log":
                numbers, low, high = np.log(numbers), math.log(low), math.log(high)
            columns.append((numbers - low) / (high - low))
        else:
            places = {value: place for place, value in enumerate(ordered(column))}
            columns.append(np.array([places[value] for value in column]) / max(1, len(places) - 1))
    return np.column_stack(columns)


def _index_rows(
    found: Estimates,
    table: pd.DataFrame,
    kinds: list[str],
    unit: str,
    words: dict[str, object],
    counts: dict[str, object],
) -> pd.DataFrame:
    rows = []
    factors = [str(name) for name in table["factor"]]
    pairs = list(itertools.combinations(range(len(factors)), 2))
    for index, (_, index_unit) in INDICES.items():
        if index not in found.value:
            continue
        which = pairs if index == "S2" else [(j, -1) for j in range(len(factors))]
        for place, (j, k) in enumerate(which):
            value, half = float(found.value[index][place]), float(found.half[index][place])
            raw = found.value.get(RAW.get(index, ""))
            floor = found.value.get("floor") if index == "mu_star" else None
            rows.append(
                {
                    **words,
                    "unit": index_unit or unit,
                    "factor": factors[j],
                    "factor_label": str(table["label"].iloc[j]),
                    "with_factor": factors[k] if k >= 0 else "",
                    "role": str(table["role"].iloc[j]),
                    "rests_on": kinds[j],
                    "index": index,
                    "value": value,
                    "low": max(0.0, value - half) if index in ("mu_star", "sigma") else value - half,
                    "high": value + half,
                    "raw": math.nan if raw is None else float(raw[place]),
                    "floor": math.nan if floor is None else float(floor[place]),
                    **counts,
                }
            )
    return pd.DataFrame(rows)


SHARE_MEASURES = {
    "sobol": "share of the variance of runs",
    "grid": "share of the variance of runs over the grid",
    "lhs": "share of the variance of runs that straight lines explain",
    "morris": "share of all squared elementary effects: a screening, no variance",
}


def _share_rows(
    found: Estimates,
    there: list[str],
    design: str,
    replicates: int,
    words: dict[str, object],
    counts: dict[str, object],
) -> pd.DataFrame:
    """By kind of source; luck is NaN where one replicate can't tell it."""
    rows = []

    def row(kind: str, share: float, half: float, most: float, most_half: float) -> None:
        found_row = {"rests_on": kind, "share": share, "low": share - half, "high": share + half}
        found_row |= {"at_most": most, "at_most_low": most - most_half, "at_most_high": most + most_half}
        rows.append({**words, "unit": "share", **found_row, "measure": SHARE_MEASURES[design], **counts})

    value, half = found.value, found.half
    for place, kind in enumerate(there):
        most = float(value["at_most"][place]) if "at_most" in value else math.nan
        most_half = float(half["at_most"][place]) if "at_most" in value else math.nan
        row(kind, float(value["own"][place]), float(half["own"][place]), most, most_half)
    if "between" in value:
        row("interplay", float(value["between"]), float(half["between"]), math.nan, math.nan)
        luck = (float(value["luck"]), float(half["luck"])) if replicates > 1 else (math.nan, math.nan)
        row("luck", *luck, math.nan, math.nan)
    return pd.DataFrame(rows)


def _convergence(sample: Sample, table: pd.DataFrame) -> pd.DataFrame:
    """The main index from a quarter, half and all of the sample; empty for a grid, which is no sample."""
    rows = []
    if sample.resampled:
        for units in dict.fromkeys((sample.units // 4, sample.units // 2, sample.units)):
            if units < 2:
                continue
            value = sample.make(units)(sample.y, np.arange(units)[:, None])
            index = next(name for name in ("ST", "mu_star", "PRCC") if name in value)
            for factor, each in zip(table["factor"], value[index][:, 0], strict=True):
                rows.append({"n": units, "factor": str(factor), "index": index, "value": float(each)})
    return pd.DataFrame(rows, columns=["n", "factor", "index", "value"])
