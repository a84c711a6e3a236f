"""The numbers of one outcome of a study, laid out by design point and replicate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...outcomes.run_folder import OutputError
from ...scenarios.errors import did_you_mean
from .results import WHOLE_RUN, StudyResults

SCENARIO = "scenario"  # stands among the factors where a study has several scenarios
MOST_POINTS = 11  # that are set side by side; of more, only what a design tells of all together
ALMOST_ALL = 0.9  # a replicate that fewer points have finished is left out of what needs all points


class ReadingError(OutputError):
    """A study can't tell what was asked, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class Numbers:
    """One outcome of a study in one year (or of the whole run), with its words.

    `wide` has a row a design point and a column a replicate; NaN where the run failed, is missing or can't tell.
    `shared` says whether replicate r has the same luck (seed) at every point, so that points can be paired.
    """

    outcome: str
    label: str
    unit: str
    year: int
    wide: pd.DataFrame
    shared: bool

    def of(self, points: Iterable[int]) -> Numbers:
        """The same for some of the points, in the order given."""
        return replace(self, wide=self.wide.reindex(list(points)))

    def runs_of(self, point: int) -> pd.Series:
        """The value of each replicate of a point, by replicate."""
        return pd.Series(self.wide.to_numpy(dtype=float)[self.points.index(point)], index=self.wide.columns)

    @property
    def points(self) -> list[int]:
        """The points, in order."""
        return [int(str(point)) for point in self.wide.index]

    def extremes(self) -> tuple[int, int]:
        """The points with the lowest and the highest mean, two if two have a value. Errors: IndexError if none has."""
        means = self.wide.mean(axis=1).to_numpy(dtype=float)
        told = np.flatnonzero(~np.isnan(means))
        order = told[np.argsort(means[told], kind="stable")]
        return self.points[int(order[0])], self.points[int(order[-1])]

    def complete(self) -> Numbers:
        """Without the replicates that fewer than 90% of the points have, as when points ask for more in turn."""
        kept = self.wide.notna().mean() >= ALMOST_ALL
        return replace(self, wide=self.wide.loc[:, kept])


def finished(results: StudyResults) -> int:
    """How many runs went well. Errors: ReadingError if none did."""
    good = int((results.runs["error"] == "").sum())
    if not good or results.values.empty:
        failed = len(results.runs) - good
        why = f": {failed} failed" if failed else ""
        raise ReadingError(f"study {results.name} has no finished run to read{why}")
    return good


def outcome_named(results: StudyResults, name: str) -> str:
    """`name`, if it is an outcome of the study. Errors: ReadingError with the nearest one."""
    known = [str(each) for each in results.outcomes["outcome"]]
    if name not in known:
        hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
        raise ReadingError(f"study {results.name} has no outcome {name!r}; {hint}")
    return name


def years_of(results: StudyResults, outcome: str) -> list[int]:
    """The years for which an outcome is told; WHOLE_RUN alone for one number a run."""
    values = results.values
    return sorted({int(year) for year in values.loc[values["outcome"] == outcome, "year"]})


def yearly(results: StudyResults) -> list[str]:
    """The outcomes that are told of several years, in the study's order."""
    years = results.values[results.values["year"] != WHOLE_RUN].groupby("outcome")["year"].nunique()
    return [str(name) for name in results.outcomes["outcome"] if years.get(name, 0) > 1]


def shares_luck(results: StudyResults) -> bool:
    """Whether each replicate has one and the same seed at all points."""
    seeds = results.runs.groupby("replicate")["seed"].nunique()
    return len(results.points) > 1 and bool((seeds == 1).all())


def words_of(results: StudyResults, outcome: str) -> tuple[str, str]:
    """Label and unit of an outcome."""
    row = results.outcomes.set_index("outcome").loc[outcome]
    return str(row["label"]), str(row["unit"])


def numbers(results: StudyResults, outcome: str, year: int | None = None) -> Numbers:
    """One outcome by point and replicate, of `year`; of the whole run, or the last year, if None.

    Errors: ReadingError for an unknown outcome, or a year that it is not told of.
    """
    outcome_named(results, outcome)
    finished(results)
    there = years_of(results, outcome)
    if not there:
        raise ReadingError(f"no run of study {results.name} has told {outcome} yet")
    if year is None:
        year = WHOLE_RUN if WHOLE_RUN in there else there[-1]
    elif year not in there:
        told = (
            "the whole run only" if there == [WHOLE_RUN] else f"{max(0, there[0]) or there[1]} to {there[-1]}"
        )
        raise ReadingError(f"{outcome} is not told of {year}: there is {told}")
    values = results.values
    chosen = values[(values["outcome"] == outcome) & (values["year"] == year)]
    wide = chosen.pivot(index="point", columns="replicate", values="value").astype(float)
    wide = wide.reindex(index=results.points["point"].tolist()).sort_index(axis=1)
    label, unit = words_of(results, outcome)
    if year != WHOLE_RUN and str(year) not in label:
        label = f"{label}, {year}"
    return Numbers(outcome, label, unit, year, wide, shares_luck(results))


def by_year(results: StudyResults, outcome: str) -> dict[int, Numbers]:
    """A yearly outcome: year -> its numbers."""
    alone = replace(results, values=results.values[results.values["outcome"] == outcome])
    return {year: numbers(alone, outcome, year) for year in years_of(alone, outcome) if year != WHOLE_RUN}


def factor_table(results: StudyResults) -> pd.DataFrame:
    """The factors that vary, with the scenario among them (as a lever) where there are several.

    A row a factor: factor, path, role, source, unit, low, high, label.
    """
    table = results.factors
    varied = [results.points[str(name)].astype(str).nunique() > 1 for name in table["factor"]]
    table = table[np.array(varied, dtype=bool)]
    if results.points[SCENARIO].nunique() > 1:
        row = {
            "factor": SCENARIO, "path": "", "role": "lever", "source": "", "unit": "name",
            "low": np.nan, "high": np.nan, "label": "Scenario",
        }  # fmt: skip
        table = pd.concat([pd.DataFrame([row]), table], ignore_index=True)
    return table.reset_index(drop=True)


def levels(results: StudyResults, factor: str) -> list[object]:
    """The different values of a factor, in order: of numbers by size, else as they come."""
    return ordered(results.points[factor])


def ordered(column: pd.Series) -> list[object]:
    """The different values of a column, numbers and dates by size, others as they come; None for what is left out."""
    values = list(dict.fromkeys(known(column)))
    numbers = [as_number(value) for value in values]
    if any(math.isnan(number) for number in numbers):
        return values
    return [value for _, value in sorted(zip(numbers, values, strict=True), key=lambda pair: pair[0])]


def as_number(value: object) -> float:
    """A factor's value as a number, a date ("1998-04") as months since the year 0; NaN for other words."""
    if isinstance(value, bool | np.bool_ | int | float | np.integer | np.floating):
        return float(value)
    year, dash, month = str(value).partition("-")
    if dash and year.isdecimal() and month.isdecimal():
        return 12.0 * int(year) + int(month) - 1.0
    return math.nan


def missing(value: object) -> bool:
    """Whether a point leaves a factor as its scenario has it."""
    return value is None or (isinstance(value, float | np.floating) and math.isnan(value))


def known(column: pd.Series) -> list[object]:
    """The values of a column, None for what is left out."""
    return [None if missing(value) else value for value in column]


def said(value: object) -> str:
    """A factor's value, shortly, as a scenario file has it."""
    if missing(value):
        return "as it is"
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    return str(value)


def base_points(results: StudyResults) -> dict[str, int]:
    """The base point of each scenario of a one-factor-at-a-time design: the one that has most in common with all.

    Errors: ReadingError if some point differs from it in more than one factor.
    """
    found = {}
    names = [str(name) for name in factor_table(results)["factor"] if name != SCENARIO]
    for scenario, points in results.points.groupby(SCENARIO, sort=False):
        told = points[names].map(said)
        unlike = (told != told.mode().iloc[0]).sum(axis=1)
        if not names or not (unlike == 0).any() or (unlike > 1).any():
            raise ReadingError(f"study {results.name} does not change one factor at a time")
        found[str(scenario)] = int(points.loc[unlike == 0, "point"].iloc[0])
    return found


def point_names(results: StudyResults) -> dict[int, str]:
    """What tells each design point from the others: `firewall`, or `fear weight 0, NGOs 1.5`.

    Of a one-factor-at-a-time design: the base case, and what each other point changes.
    """
    table = factor_table(results)
    bases = base_points(results) if results.design == "ofat" else {}
    points = results.points.set_index("point")
    names = {}
    for point, row in points.iterrows():
        base = bases.get(str(row[SCENARIO]))
        parts = []
        for factor, label in zip(table["factor"].astype(str), table["label"], strict=True):
            if factor == SCENARIO:
                parts.append(str(row[factor]))
            elif base is None or said(row[factor]) != said(points.at[base, factor]):
                parts.append(f"{label} {said(row[factor])}")
        if base == point:
            parts.append("base case")
        names[int(str(point))] = ", ".join(parts) or str(row[SCENARIO])
    return names
