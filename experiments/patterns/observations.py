"""What patterns look at: months by date, stocks, the state of the municipalities, simple statistics."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from ...outcomes.diffusion import ADOPTED_LEVEL
from ...outcomes.groups import UNAUTHORISED_STATUSES, year_of_month
from ...outcomes.run import Run, date_of
from ...scenarios.catalogue import SERVICES
from .pattern import NotAnswerable

Floats = NDArray[np.float64]

CITIZENS = ("citizen",)
# On the register: whoever holds a visa, those who work outside its activity included.
REGISTERED = ("denizen", "legal", "irregular")


def month_of(run: Run, date: str) -> int:
    """Index of a month given as "2004-12". Errors: NotAnswerable outside the run."""
    year, month = (int(part) for part in date.split("-"))
    first_year, first = (int(part) for part in run.start.split("-")[:2])
    index = (year - first_year) * 12 + month - first
    if not 0 <= index < run.months:
        last = date_of(run.start, run.months - 1)
        raise NotAnswerable(f"the run lasts from {run.start} to {last}, without {date}")
    return index


def whole_years(run: Run) -> list[int]:
    """The calendar years of which all twelve months were simulated."""
    years, months = np.unique(year_of_month(run), return_counts=True)
    return [int(year) for year, count in zip(years, months, strict=True) if count == 12]


def doors_having(run: Run, trait: str, value: object = True) -> list[str]:
    """The categories of entry whose `trait` (as `kind`, `coethnic`, `channel`) has this value."""
    return [name for name, door in run.entries.doors.items() if getattr(door, trait) == value]


def of_work(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of those who came by the article's doors, to work: all but spouses of nationals."""
    return table[~table["door"].isin(doors_having(run, "kind", "family"))]


def stocks(run: Run) -> pd.DataFrame:
    """Migrants who came to work (all but citizens and spouses of nationals) by month, door and status."""
    doors = run.table("doors")
    return of_work(run, doors[~doors["status"].isin(CITIZENS)])


def stock_by_month(frame: pd.DataFrame, run: Run) -> Floats:
    """Sum of the stock of the rows of `frame` for each month of the run, (months,)."""
    months = frame["month"].to_numpy(np.int64)
    return np.bincount(months, frame["stock"].to_numpy(float), minlength=run.months).astype(np.float64)


def unauthorised(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows whose status is unauthorised: overstayers, smuggled, outside the visa's activity."""
    return frame[frame["status"].isin(UNAUTHORISED_STATUSES)]


def census(run: Run, year: int) -> pd.DataFrame:
    """The census of a December, of those who came to work (all but citizens). Errors: NotAnswerable."""
    month_of(run, f"{year}-12")
    table = run.table("census")
    return of_work(run, table[(table["year"] == year) & ~table["status"].isin(CITIZENS)])


def yearly_rate(run: Run, columns: Sequence[str], years: Sequence[int]) -> float:
    """Mean over years of: a year's flows of registered residents over their mean stock in that year."""
    month_of(run, f"{min(years)}-01"), month_of(run, f"{max(years)}-12")
    monthly = run.table("monthly")
    rows = monthly[monthly["status"].isin(REGISTERED)]
    sums = rows[["stock", *columns]].groupby(rows["month"].to_numpy()).sum()
    sums = sums.reindex(range(run.months), fill_value=0)
    year = year_of_month(run)
    rates = []
    for each in years:
        of_year = sums[year == each]
        rates.append(part(of_year[list(columns)].to_numpy().sum(), of_year["stock"].mean(), "residents"))
    return float(np.mean(rates))


def last_whole_year(run: Run) -> int:
    """The last year whose December was simulated, 2009 at most. Errors: NotAnswerable if there is none."""
    years = whole_years(run)
    if not years:
        raise NotAnswerable("the run has no whole year")
    return min(2009, years[-1])


WRITTEN_IN = ("Kawasaki-shi", "Kawaguchi-shi")  # what they want is in the table of places, after the article


class Municipalities(NamedTuple):
    """The municipalities at the end of a year: `state` of places_yearly and `place` of places, row by row."""

    state: pd.DataFrame
    place: pd.DataFrame

    def of(self, column: str) -> Floats:
        """A column of either table as numbers, (P,)."""
        frame = self.state if column in self.state.columns else self.place
        return frame[column].to_numpy(float)

    @property
    def wider_region(self) -> NDArray[np.object_]:
        """The wider region of each, by name, (P,)."""
        return self.place["wider_region"].astype(str).to_numpy(object)

    def largest(self, column: str, number: int) -> NDArray[np.intp]:
        """Rows of so many with the largest number in the column, but for those whose will is `WRITTEN_IN`."""
        written_in = self.place["name"].astype(str).isin(WRITTEN_IN).to_numpy()
        in_order = np.argsort(-self.of(column), kind="stable")
        return in_order[~written_in[in_order]][:number]

    @property
    def share(self) -> Floats:
        """Migrants over residents (residents at the start of the run)."""
        return self.of("migrants") / self.of("population")

    @property
    def register_share(self) -> Floats:
        """Share of foreigners, scaled so that all municipalities together have as many as on the register."""
        migrants = self.of("migrants").sum()
        return self.share * part(self.of("foreign_residents").sum(), migrants, "migrants")

    def offered(self, services: Sequence[str] = SERVICES) -> NDArray[np.int64]:
        """How many of these services each municipality offers, (P,)."""
        levels = self.state[[f"level_{service}" for service in services]].to_numpy(float)
        return (levels > ADOPTED_LEVEL).sum(axis=1)


def municipalities(run: Run, year: int) -> Municipalities:
    """All municipalities at the end of `year`. Errors: NotAnswerable if its December is not in the run."""
    month_of(run, f"{year}-12")
    yearly = run.table("places_yearly")
    state = yearly[yearly["year"] == year].sort_values("place", ignore_index=True)
    return Municipalities(state, run.table("places").sort_values("place", ignore_index=True))


def part(of: float, whole: float, name: str) -> float:
    """of / whole. Errors: NotAnswerable if there is no `name` at all."""
    if not whole:
        raise NotAnswerable(f"there are no {name}")
    return float(of) / float(whole)


def rank_correlation(a: ArrayLike, b: ArrayLike, name: str) -> float:
    """Spearman's rho. Errors: NotAnswerable for fewer than three `name`, or if all are equal."""
    x, y = np.asarray(a, float), np.asarray(b, float)
    if x.size < 3:
        raise NotAnswerable(f"there are fewer than three {name}")
    if x.min() == x.max() or y.min() == y.max():
        raise NotAnswerable(f"all {name} are alike")
    return float(stats.spearmanr(x, y).statistic)


def regression(y: ArrayLike, columns: Sequence[ArrayLike]) -> tuple[Floats, Floats, Floats]:
    """Least squares of y on a constant and the columns, each first divided by its standard deviation.

    Returns slopes, lower and upper ends of their 95% intervals, (columns,) each, without the constant;
    standard errors allow for unequal variance (HC1). Errors: NotAnswerable if too few or linearly
    dependent.
    """
    outcome = np.asarray(y, float)
    x = np.column_stack([np.asarray(column, float) for column in columns])
    n, k = len(outcome), x.shape[1] + 1
    deviation = x.std(axis=0) if n else np.zeros(k - 1)
    if n <= k or (deviation == 0).any():
        raise NotAnswerable("the municipalities are too few or too much alike for a regression")
    design = np.column_stack([np.ones(n), (x - x.mean(axis=0)) / deviation])
    if np.linalg.matrix_rank(design) < k:
        raise NotAnswerable("the causes cannot be told apart by a regression")
    inverse = np.linalg.inv(design.T @ design)
    slopes = inverse @ design.T @ outcome
    residual = outcome - design @ slopes
    meat = (design * residual[:, None] ** 2).T @ design
    errors = np.sqrt(np.diag(inverse @ meat @ inverse) * n / (n - k))
    reach = float(stats.t.ppf(0.975, n - k)) * errors
    return slopes[1:], (slopes - reach)[1:], (slopes + reach)[1:]


def plain(name: str) -> str:
    """A name without accents and in small letters, to compare: Tōkyō -> tokyo."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
