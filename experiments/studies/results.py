"""What a study has found: tidy tables, and one outcome of them by design point and replicate.

The same for any number of workers and any order of the runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ...outcomes.whole_folder import OutputError
from ...scenarios.errors import did_you_mean

WHOLE_RUN = -1  # the `year` of an outcome that is told of the whole run
SCENARIO = "scenario"  # stands among the factors where a study has several scenarios
MOST_POINTS = 11  # that are set side by side; of more, only what a design tells of all together
ALMOST_ALL = 0.9  # a replicate that fewer points have finished is left out of what needs all points


class ReadingError(OutputError):
    """A study can't tell what was asked, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class StudyResults:
    """The finished runs of a study.

    `points`, a row a design point: point (from 0), scenario (name), then a column for each factor, by its name.
    `runs`, a row a run: point, replicate (from 0), seed, error ("" if it went well), command ("" or what repeats it).
    `values`, a row a number: point, replicate, outcome, year (WHOLE_RUN for one number a run), value (NaN where the
    run can't tell); runs that failed have none.
    `outcomes`, a row an outcome: outcome, label, unit.
    `factors`, a row a factor: factor (name), path (of the parameter), role ("lever" or "uncertainty"), source (as the
    scenario gives it: a citation, "fitted ..." or "assumption ..."), unit, low, high (NaN if listed; of dates, months
    since the year 0), label, and where it is known scale ("linear" or "log").
    All sorted by their first columns. `design` is list, grid, lhs, ofat, morris or sobol. `worlds`: the factors, if
    there are, that go through what nobody knows at every design point (sets of parameters, draws of places).
    """

    name: str
    title: str
    design: str
    points: pd.DataFrame
    runs: pd.DataFrame
    values: pd.DataFrame
    outcomes: pd.DataFrame
    factors: pd.DataFrame
    worlds: tuple[str, ...] = ()

    @cached_property
    def over_worlds(self) -> StudyResults:
        """The same, with each run under another world (and all its luck) as one more replicate of its design point:
        what is told of a mean is told over all that is not known. Itself, where there are no worlds."""
        if not self.worlds:
            return self
        asked = [name for name in self.points.columns if name not in ("point", *self.worlds)]
        groups = self.points.groupby(asked, sort=False, dropna=False)
        place = pd.DataFrame(
            {"point": self.points["point"], "base": groups.ngroup(), "world": groups.cumcount()}
        )
        place = place.set_index("point")
        each = int(self.runs["replicate"].max()) + 1 if len(self.runs) else 1

        def moved(table: pd.DataFrame) -> pd.DataFrame:
            at = place.loc[table["point"]]
            again = table.assign(
                point=at["base"].to_numpy(),
                replicate=at["world"].to_numpy() * each + table["replicate"].to_numpy(),
            )
            return again.sort_values(["point", "replicate"], kind="stable", ignore_index=True)

        points = self.points[place["world"].to_numpy() == 0].drop(columns=[*self.worlds])
        return replace(
            self,
            points=points.assign(point=range(len(points))).reset_index(drop=True),
            runs=moved(self.runs),
            values=moved(self.values),
            factors=self.factors[~self.factors["factor"].isin(self.worlds)].reset_index(drop=True),
            worlds=(),
        )

    def finished(self) -> int:
        """How many runs went well. Errors: ReadingError if none did."""
        good = int((self.runs["error"] == "").sum())
        if not good or self.values.empty:
            why = f": {len(self.runs) - good} failed" if len(self.runs) > good else ""
            raise ReadingError(f"study {self.name} has no finished run to read{why}")
        return good

    # Outcomes -------------------------------------------------------------------------------------------

    def outcome_named(self, name: str) -> str:
        """`name`, if it is an outcome of the study. Errors: ReadingError with the nearest one."""
        names = [str(each) for each in self.outcomes["outcome"]]
        if name not in names:
            hint = did_you_mean(name, names) or f"it has {', '.join(names)}"
            raise ReadingError(f"study {self.name} has no outcome {name!r}; {hint}")
        return name

    def words_of(self, outcome: str) -> tuple[str, str]:
        """Label and unit of an outcome."""
        row = self.outcomes.set_index("outcome").loc[outcome]
        return str(row["label"]), str(row["unit"])

    def years_of(self, outcome: str) -> list[int]:
        """The years for which an outcome is told; WHOLE_RUN alone for one number a run."""
        return sorted({int(year) for year in self.values.loc[self.values["outcome"] == outcome, "year"]})

    @cached_property
    def yearly(self) -> list[str]:
        """The outcomes that are told of several years, in the study's order."""
        years = self.values[self.values["year"] != WHOLE_RUN].groupby("outcome")["year"].nunique()
        return [str(name) for name in self.outcomes["outcome"] if years.get(name, 0) > 1]

    @cached_property
    def shared(self) -> bool:
        """Whether each replicate has one and the same seed at all points, so that points can be paired."""
        seeds = self.runs.groupby("replicate")["seed"].nunique()
        return len(self.points) > 1 and bool((seeds == 1).all())

    def outcome(self, name: str, year: int | None = None) -> OutcomeMatrix:
        """One outcome by point and replicate, of `year`; of the whole run, or the last year, if None.

        Errors: ReadingError for an unknown outcome, or a year that it is not told of.
        """
        self.outcome_named(name)
        self.finished()
        years = self.years_of(name)
        if not years:
            raise ReadingError(f"no run of study {self.name} has told {name} yet")
        if year is None:
            year = WHOLE_RUN if WHOLE_RUN in years else years[-1]
        elif year not in years:
            first = years[0] if years[0] != WHOLE_RUN or len(years) == 1 else years[1]
            known = "the whole run only" if first == WHOLE_RUN else f"{first} to {years[-1]}"
            raise ReadingError(f"{name} is not told of {year}: there is {known}")
        chosen = self.values[(self.values["outcome"] == name) & (self.values["year"] == year)]
        wide = chosen.pivot(index="point", columns="replicate", values="value").astype(float)
        wide = wide.reindex(index=self.points["point"].tolist()).sort_index(axis=1)
        label, unit = self.words_of(name)
        if year != WHOLE_RUN and str(year) not in label:
            label = f"{label}, {year}"
        return OutcomeMatrix(self, name, label, unit, year, wide)

    def by_year(self, outcome: str) -> dict[int, OutcomeMatrix]:
        """A yearly outcome: year -> its values."""
        alone = replace(self, values=self.values[self.values["outcome"] == outcome])
        return {year: alone.outcome(outcome, year) for year in alone.years_of(outcome) if year != WHOLE_RUN}

    # Factors and points ---------------------------------------------------------------------------------

    @cached_property
    def varied(self) -> pd.DataFrame:
        """The factors that vary, by name, with the scenario among them (as a lever) where there are several.

        A row a factor: factor, path, role, source, unit, low, high, label.
        """
        varies = [self.points[str(name)].astype(str).nunique() > 1 for name in self.factors["factor"]]
        table = self.factors[np.array(varies, dtype=bool)]
        if self.points[SCENARIO].nunique() > 1:
            row = dict.fromkeys(("path", "source"), "") | dict.fromkeys(("low", "high"), np.nan)
            row |= {"factor": SCENARIO, "role": "lever", "unit": "name", "label": "Scenario"}
            table = pd.concat([pd.DataFrame([row]), table], ignore_index=True)
        table = table.astype({"factor": str, "role": str, "label": str})
        return table.set_index("factor", drop=False).rename_axis(None)

    @property
    def labels(self) -> dict[str, str]:
        """The factors that vary -> what each is called in figures."""
        return dict(zip(self.varied.index, self.varied["label"], strict=True))

    @cached_property
    def is_crossed(self) -> bool:
        """Whether every value of each factor meets every value of all others, once."""
        names = list(self.varied.index)
        if not names:
            return False
        cells = math.prod(self.points[name].astype(str).nunique() for name in names)
        return cells == len(self.points) == len(self.points[names].astype(str).drop_duplicates())

    def base_points(self) -> dict[str, int]:
        """The base point of each scenario of a one-factor-at-a-time design: its first, which sets nothing.

        Errors: ReadingError if some point differs from it in more than one factor.
        """
        found = {}
        names = [name for name in self.varied.index if name != SCENARIO]
        for scenario, points in self.points.groupby(SCENARIO, sort=False):
            text = points[names].map(format_value)
            if not names or ((text != text.iloc[0]).sum(axis=1) > 1).any():
                raise ReadingError(f"study {self.name} does not change one factor at a time")
            found[str(scenario)] = int(points["point"].iloc[0])
        return found

    def point_names(self) -> dict[int, str]:
        """What tells each design point from the others: `firewall`, or `0: fear weight, 1.5: NGOs`, the value first.

        Of a one-factor-at-a-time design: the base case, and what each other point changes.
        """
        bases = self.base_points() if self.design == "ofat" else {}
        points = self.points.set_index("point")
        names = {}
        for point, row in points.iterrows():
            base = bases.get(str(row[SCENARIO]))
            parts = []
            for factor, label in self.labels.items():
                if factor == SCENARIO:
                    parts.append(str(row[factor]))
                elif base is None or format_value(row[factor]) != format_value(points.at[base, factor]):
                    parts.append(f"{value_shown(row[factor])}: {label}")
            if base == point:
                parts.append("base case")
            names[int(str(point))] = ", ".join(parts) or str(row[SCENARIO])
        return names


@dataclass(frozen=True)
class OutcomeMatrix:
    """One outcome of a study in one year (or of the whole run), with its words.

    `wide` has a row a design point and a column a replicate; NaN where the run failed, is missing or can't tell.
    """

    results: StudyResults
    outcome: str
    label: str
    unit: str
    year: int
    wide: pd.DataFrame

    @property
    def shared(self) -> bool:
        """Whether replicate r has the same luck (seed) at every point."""
        return self.results.shared

    @property
    def words(self) -> dict[str, object]:
        """What every row of a table about it begins with."""
        return {"outcome": self.outcome, "label": self.label, "unit": self.unit}

    @property
    def inputs(self) -> pd.DataFrame:
        """Scenario and factors of its points, in the same order."""
        return self.results.points.set_index("point").loc[self.wide.index]

    def of(self, points: Iterable[int]) -> OutcomeMatrix:
        """The same for some of the points, in the order given."""
        return replace(self, wide=self.wide.reindex(list(points)))

    @property
    def points(self) -> list[int]:
        """The points, in order."""
        return [int(str(point)) for point in self.wide.index]

    def extremes(self) -> tuple[int, int]:
        """The points with the lowest and the highest mean, two if two have a value. Errors: IndexError if none has."""
        means = self.wide.mean(axis=1).to_numpy(dtype=float)
        order = np.argsort(means, kind="stable")[: np.count_nonzero(~np.isnan(means))]  # NaN come last
        return self.points[int(order[0])], self.points[int(order[-1])]

    def complete(self) -> OutcomeMatrix:
        """Without the replicates that fewer than 90% of the points have, as when points ask for more in turn."""
        return replace(self, wide=self.wide.loc[:, self.wide.notna().mean() >= ALMOST_ALL])


# Values of factors ----------------------------------------------------------------------------------------


def missing(value: object) -> bool:
    """Whether a point leaves a factor as its scenario has it."""
    return value is None or (isinstance(value, float | np.floating) and math.isnan(value))


def known(column: pd.Series) -> list[object]:
    """The values of a column, None for what is left out."""
    return [None if missing(value) else value for value in column]


def ordered(column: pd.Series) -> list[object]:
    """The different values of a column, numbers and dates by size, others as they come; None for what is left out."""
    values = list(dict.fromkeys(known(column)))
    numbers = [as_number(value) for value in values]
    if any(math.isnan(number) for number in numbers):
        return values
    return [values[place] for place in np.argsort(numbers, kind="stable")]


def as_number(value: object) -> float:
    """A factor's value as a number, a date ("1998-04") as months since the year 0; NaN for other words."""
    if isinstance(value, bool | np.bool_ | int | float | np.integer | np.floating):
        return float(value)
    year, dash, month = str(value).partition("-")
    if dash and year.isdecimal() and month.isdecimal():
        return 12.0 * int(year) + int(month) - 1.0
    return math.nan


def value_shown(value: object) -> str:
    """A factor's value as a figure shows it: a switch is on or off."""
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    return format_value(value)


def format_value(value: object) -> str:
    """A factor's value, shortly, as a scenario file has it."""
    if missing(value):
        return "as it is"
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)
