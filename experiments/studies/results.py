"""What a study has found: tidy tables, the same for any number of workers and any order of the runs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

WHOLE_RUN = -1  # the `year` of an outcome that is told of the whole run


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
    All sorted by their first columns. `design` is list, grid, lhs, ofat, morris or sobol.
    """

    name: str
    title: str
    design: str
    points: pd.DataFrame
    runs: pd.DataFrame
    values: pd.DataFrame
    outcomes: pd.DataFrame
    factors: pd.DataFrame
