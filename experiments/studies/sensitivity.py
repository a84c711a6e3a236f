"""Sensitivity of an outcome to the factors of a study, by what its design can tell, with luck told apart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...scenarios.languages import later
from . import morris, sobol
from .estimators import LEAST_JACKKNIFE, Estimates, Estimator, crossed_estimator, estimated, linear_estimator
from .provenance import members, rests_on
from .results import SCENARIO, OutcomeMatrix, ReadingError, as_number, ordered
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
SHARES = [name for name, (_, unit) in INDICES.items() if unit == "share"]
BAND = "95% interval (bootstrap over the sample)"
BAND_SHARED = "95% interval (bootstrap over the sample, jackknife over the shared luck)"
BAND_GRID = "95% interval over replicates"


@dataclass(frozen=True)
class Sensitivity:
    """What a design tells of one outcome in one scenario.

    `indices`, a row an index: scenario, outcome, label, unit, factor, with_factor (S2), role, rests_on, index, value,
    low, high (of shares NaN where the factors' variance can't be told from luck), raw (luck not taken out; NaN where it
    makes no difference), floor (mu_star that luck alone would show), n (base samples, trajectories or points),
    replicates, band. `shares`, a row a kind of source, then "interplay" and
    "luck": rests_on, share, low, high, at_most, at_most_low, at_most_high, measure, and the words above.
    `convergence`, a row an index of a part of the sample: n, factor, index, value. `noise`: variance of runs at a
    point; `variance`: what the factors make. `sentences` say what to make of it; `told` is False where the design is
    too small to say anything.
    """

    design: str
    scenario: str
    matrix: OutcomeMatrix
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


def sensitivity(matrix: OutcomeMatrix) -> list[Sensitivity]:
    """The sensitivity of an outcome, for each scenario (of a grid: over all scenarios at once).

    Errors: ReadingError for a design that tells no sensitivity, or for too few runs.
    """
    results, table = matrix.results, matrix.results.varied
    if results.design in ("grid", "list") and results.is_crossed:
        return [_analysed(matrix, table, "", "grid")]
    if results.design not in ("sobol", "morris", "lhs"):
        raise ReadingError(
            f"the design of study {results.name} ({results.design}) tells no sensitivity: designs sobol, morris, lhs "
            "and grid do (`study plot` draws what this one tells)"
        )
    table = table.drop(index=SCENARIO, errors="ignore")
    if table.empty:
        raise ReadingError(f"no factor of study {results.name} varies, so there is no sensitivity to tell")
    return [
        _analysed(matrix.of(points["point"]), table, str(scenario), results.design)
        for scenario, points in results.points.groupby(SCENARIO, sort=False)
    ]


def _analysed(matrix: OutcomeMatrix, table: pd.DataFrame, scenario: str, design: str) -> Sensitivity:
    kinds = [rests_on(*each) for each in zip(table["role"], table["source"].astype(str), strict=True)]
    table = table.assign(rests_on=kinds)
    there, groups = members(kinds)
    sample = _sample(matrix, table, groups, design)
    replicates = sample.y.shape[1]
    shared = matrix.shared
    estimator = sample.make(sample.units)
    whole = estimated(estimator, sample.y, sample.units, resampled=sample.resampled, shared=shared)
    band = BAND if not (shared and replicates >= LEAST_JACKKNIFE) else BAND_SHARED
    words = {"scenario": scenario, "outcome": matrix.outcome, "label": matrix.label}
    band = band if sample.resampled else BAND_GRID
    counts = {"n": sample.units, "replicates": replicates, "band": band}
    indices = _index_rows(whole, table, matrix.unit, words, counts)
    above_luck = not float(whole.value["variance"]) <= float(whole.half["variance"])
    if replicates > 1 and not above_luck:  # shares of nothing that can be told
        of_variance = indices["index"].isin(SHARES)
        indices.loc[of_variance, ["value", "low", "high", "raw"]] = math.nan
    shares = _share_rows(whole, there, design, replicates, words, counts)
    convergence = _convergence(sample, table)
    good, sentences = verdicts(design, indices, shares, convergence, counts, above_luck)
    if shared and sample.resampled and 1 < replicates < LEAST_JACKKNIFE:
        sentences.append(
            f"With {replicates} replicates of shared luck the intervals leave out what luck adds, and are too narrow: "
            f"{LEAST_JACKKNIFE} replicates or more would tell it."
        )
    noise = float(whole.value["residual"]) if replicates > 1 else math.nan
    variance = float(whole.value["variance"])
    return Sensitivity(
        design, scenario, matrix, indices, shares, convergence, noise, variance, good, sentences
    )


def _sample(matrix: OutcomeMatrix, table: pd.DataFrame, groups: np.ndarray, design: str) -> Sample:
    """The design's units, without those that lack a run. Errors: ReadingError if too few are left, or none can be."""
    y, inputs = matrix.wide.to_numpy(dtype=float), matrix.inputs[list(table.index)]
    name = matrix.results.name
    if design == "grid":
        y = y[:, ~np.isnan(y).any(axis=0)]
        if not y.shape[1]:
            raise ReadingError(
                f"no replicate of study {name} has a value of {matrix.outcome} at all {len(y)} points of the "
                "grid, and its shares of variance need them all"
            )
        return Sample(y, len(y), False, lambda units: crossed_estimator(inputs, groups))
    unit = unit_inputs(inputs, table)
    what = ""
    rows: np.ndarray | None = np.arange(len(y))[:, None]
    if design == "sobol":
        blocks = sobol.blocks_of(inputs)
        what, rows = "Sobol' sample (A, B and what lies between)", None if blocks is None else blocks.rows()
    elif design == "morris":
        what, rows = (
            "Morris sample (trajectories that move one factor at a time)",
            morris.trajectories_of(unit),
        )
    if rows is None:
        raise ReadingError(f"the points of study {name} are no {what}, so its indices can't be computed")
    complete = ~np.isnan(y).any(axis=1) if y.shape[1] else np.zeros(len(y), dtype=bool)
    kept = rows[complete[rows].all(axis=1)]  # units: points, blocks or trajectories that lack no run
    if len(kept) < 2:
        raise ReadingError(
            f"study {name} has too few finished runs of {matrix.outcome} for its indices: `study resume` does what is "
            "missing"
        )
    y, unit, count = y[kept.ravel()], unit[kept.ravel()], len(kept)
    if design == "lhs":
        return Sample(y, count, True, lambda units: _head(linear_estimator(unit[:units], groups), units))
    if design == "morris":
        rows = np.arange(len(y)).reshape(count, -1)
        return Sample(y, count, True, lambda units: morris.estimator(unit, rows[:units], groups))
    whole = sobol.blocks_of(inputs.iloc[kept.ravel()])
    assert whole is not None
    return Sample(y, count, True, lambda units: sobol.estimator(whole.of(np.arange(units)), groups))


def _head(estimator: Estimator, units: int) -> Estimator:
    return lambda y, rows: estimator(y[:units], rows)


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
    unit: str,
    words: dict[str, Any],
    counts: dict[str, Any],
) -> pd.DataFrame:
    rows = []
    columns = ["factor", "factor_label", "with_factor", "role", "rests_on"]
    factors = (
        table.rename(columns={"label": "factor_label"}).assign(with_factor="")[columns].to_dict("records")
    )
    pairs: list[Any] = list(itertools.combinations(factors, 2))
    for index, (_, index_unit) in INDICES.items():
        if index not in found.value:
            continue
        value, half = found.value[index], found.half[index]
        nothing = np.full(len(value), math.nan)
        raw = found.value.get(RAW.get(index, ""), nothing)
        floor = found.value["floor"] if index == "mu_star" else nothing
        low = value - half if index not in ("mu_star", "sigma") else np.maximum(0.0, value - half)
        which = pairs if index == "S2" else [(factor, {"factor": ""}) for factor in factors]
        for place, (factor, other) in enumerate(which):
            numbers = {"value": value, "low": low, "high": value + half, "raw": raw, "floor": floor}
            told = {name: float(each[place]) for name, each in numbers.items()}
            of = {"unit": index_unit or unit, **factor, "with_factor": other["factor"], "index": index}
            rows.append({**words, **of, **told, **counts})
    return pd.DataFrame(rows)


SHARE_MEASURES = {
    "sobol": later("share of the variance of runs"),
    "grid": later("share of the variance of runs over the grid"),
    "lhs": later("share of the variance of runs that straight lines explain"),
    "morris": later("share of all squared elementary effects: a screening, no variance"),
}


def _share_rows(
    found: Estimates,
    there: list[str],
    design: str,
    replicates: int,
    words: dict[str, Any],
    counts: dict[str, Any],
) -> pd.DataFrame:
    """By kind of source; luck is NaN where one replicate can't tell it."""
    value, half = found.value, found.half
    rows = []

    def row(kind: str, index: str, most: str = "", place: Any = ()) -> None:
        numbers: dict[str, float] = {}
        for name, of, before in (("share", index, ""), ("at_most", most, "at_most_")):
            is_told = of in value and not (kind == "luck" and replicates < 2)
            share, width = (float(each[of][place]) if is_told else math.nan for each in (value, half))
            numbers |= {name: share, f"{before}low": share - width, f"{before}high": share + width}
        measure = SHARE_MEASURES[design]
        rows.append({**words, "unit": "share", "rests_on": kind, **numbers, "measure": measure, **counts})

    for place, kind in enumerate(there):
        row(kind, "first_order", "upper_bound", place)
    if "interaction" in value:
        row("interplay", "interaction")
        row("luck", "luck")
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
