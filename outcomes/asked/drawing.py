"""From a question to a chart: what `run.plot` and the command `plot --measure` do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ..run import Run
from .observed import observed_on
from .question import ask, kind_of
from .told import Told, told_by_runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Drawn(NamedTuple):
    """A chart with the table behind it, and what it says to whoever can't see it."""

    axes: Axes
    table: pd.DataFrame
    alt: str
    stem: str


def plot(
    runs: Sequence[Run],
    measure: str,
    *,
    by: str | None = None,
    kind: str | None = None,
    years: Any = None,
    groups: Sequence[str] = (),
    observed: str | Path | pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The chart of a measure of some runs; see `Run.plot`. Errors: AskedError, MeasureError."""
    question = ask(measure, by, years, groups, runs[0].entries)
    chosen = kind_of(kind, question)
    return drawn(told_by_runs(runs, question, chosen), chosen, observed, ax).axes


def drawn(told: Told, kind: str, observed: str | Path | pd.DataFrame | None, ax: Axes | None = None) -> Drawn:
    """A chart of what was told. Errors: AskedError."""
    seen = observed_on(told, kind, observed)
    from .chart import alt_text, chart

    file = "" if observed is None or isinstance(observed, pd.DataFrame) else Path(observed).name
    axes = chart(told, kind, seen, ax, file)
    stem = f"{told.question.stem}-{kind}"
    return Drawn(axes, table_of(told, seen), alt_text(told, kind, seen), stem)


def table_of(told: Told, observed: pd.DataFrame) -> pd.DataFrame:
    """What a chart draws, a row a scenario, year and group: scenario, year (or years), id, measure, by, group, label,
    value (mean over seeds), low, high, seeds, unit; observed rows have "observed" for their scenario."""
    question = told.question
    rows = told.summary().rename(columns={"arm": "scenario", "runs": "seeds"})
    seen = observed.assign(scenario="observed", low=None, high=None, seeds=0)
    table = pd.concat([rows, seen], ignore_index=True) if len(seen) else rows
    labels = {each.name: each.label for each in told.groups}
    table = table[table["group"].isin(labels)]
    first, last = (told.years[0], told.years[-1]) if told.years else (0, 0)
    when = f"{first}" if first == last else f"{first}-{last}"
    return pd.DataFrame(
        {
            "scenario": table["scenario"].str.replace("\u00a0", " "),
            "year": when if told.together else table["year"].astype(int),
            "id": question.theme.id,
            "measure": question.measure.name,
            "by": question.by,
            "group": table["group"],
            "label": table["group"].map(labels),
            "value": table["value"].astype(float),
            "low": table["low"].astype(float),
            "high": table["high"].astype(float),
            "seeds": table["seeds"].astype(int),
            "unit": question.measure.unit,
        }
    ).reset_index(drop=True)
