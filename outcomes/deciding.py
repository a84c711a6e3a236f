"""What is decided by several seeds, and so may be said in a word that compares: more, largest, first, rises.

Three rules, one for each kind of sentence:

- Of a mean ("over ten seeds, more needs are met with B"): the 95% t interval of the mean difference leaves 0 out.
- Of many means at once (what differs in each of 1,742 places): as of a mean, and so that of those called decided, by
  their weight, luck makes a twentieth at most in the mean, however many there are (Benjamini and Hochberg 1995; with
  weights 1997). It asks for LEAST_SEEDS seeds where things are more than a few, since in small places a few seeds are
  alike by chance.
- Of a run ("the stock grew"): a further seed would say the same with a probability of 99%, by the one-sided t
  prediction interval (Hahn and Meeker 1991). With 95%, words were said now and then that are true in two runs of
  three: where many sentences are tried, five seeds are sometimes alike by chance. It asks for LEAST_SEEDS seeds.

What is not decided is told as a plain number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..scenarios.languages import tr

if TYPE_CHECKING:
    from .run import Run

CONFIDENCE, OF_A_RUN = 0.95, 0.99
LEAST_SEEDS = 5
MANY = 20  # seeds (runs, cases) from which "nine in ten" is said and drawn, rather than all or most

Difference = Callable[[pd.DataFrame], float]


def t_quantile(share: float, degrees: int) -> float:
    """The quantile of Student's t distribution."""
    from scipy.special import stdtrit  # a tenth of what scipy.stats takes to load

    return float(stdtrit(degrees, share))


def sign_of_mean(differences: Sequence[float]) -> int:
    """1 or -1 if the mean of the differences (one a seed) is decided, else 0; what is no number does not count."""
    return _sign(differences, 2, lambda n: t_quantile(0.5 + CONFIDENCE / 2, n - 1) / math.sqrt(n))


FEW = 6  # things, of which each is told by its name


def signs_of_means(differences: np.ndarray, weights: np.ndarray, least: int | None = None) -> np.ndarray:
    """Of many things (column), each over the seeds (row): 1 or -1 where the mean of the differences is decided, else 0.

    `weights`: how much each thing matters (see `decided_at_once`). `least`: seeds that are asked for, by default 2 of
    FEW things and LEAST_SEEDS of more. What lacks more than a tenth of its seeds is not decided.
    """
    seeds, things = differences.shape
    signs = np.zeros(things, int)
    known = np.isfinite(differences).sum(axis=0)
    enough = least or (2 if things <= FEW else LEAST_SEEDS)
    told = np.flatnonzero(known >= max(enough, 0.9 * seeds))
    if not len(told):
        return signs
    own, degrees = differences[:, told], known[told] - 1
    means, spreads = np.nanmean(own, axis=0), np.nanstd(own, axis=0, ddof=1)
    from scipy.special import stdtr

    errors = spreads / np.sqrt(degrees + 1)
    away = np.where(np.abs(means) > 1e-12, np.abs(means), 0.0)  # what is less is rounding
    distances = np.divide(away, errors, out=np.where(away > 0, np.inf, 0.0), where=errors > 0)
    decided = decided_at_once(2 * stdtr(degrees, -distances), weights[told])
    signs[told[decided]] = np.sign(means[decided]).astype(int)
    return signs


def decided_at_once(chances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Which of several things (a mask) are decided, where `chances` are those of luck alone to make as much of each.

    Of the weight of those called decided, luck makes 1 - CONFIDENCE at most, in the mean: those with the smallest
    chances are taken, as long as the next one's is no more than that times the share of all weight that they have
    together. So none is taken whose chance is larger than 1 - CONFIDENCE.
    """
    order = np.argsort(chances, kind="stable")
    shares = np.cumsum(weights[order]) / max(float(weights.sum()), 1e-300)
    below = np.flatnonzero((chances[order] <= (1 - CONFIDENCE) * shares) & (shares > 0.0))
    decided = np.zeros(len(chances), bool)
    decided[order[: below[-1] + 1] if len(below) else order[:0]] = True
    return decided & (weights > 0.0)


def sign_in_runs(differences: Sequence[float]) -> int:
    """1 or -1 if a further run would have this sign with a probability of 99%, else 0."""
    return _sign(differences, LEAST_SEEDS, lambda n: t_quantile(OF_A_RUN, n - 1) * math.sqrt(1 + 1 / n))


def _sign(differences: Sequence[float], least: int, deviations: Callable[[int], float]) -> int:
    values = np.asarray(differences, dtype=float)
    values = values[np.isfinite(values)]
    if len(values) < max(least, 0.9 * len(differences)):  # a run that can't tell is no witness
        return 0
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    if abs(mean) <= deviations(len(values)) * spread or mean == 0.0:
        return 0
    return 1 if mean > 0 else -1


@dataclass
class Says:
    """Which comparing words a headline of a run may use. `tables`: of its figure, one a seed, none where there was one
    seed; `claims`: what it was told that it may say, to be held against further seeds."""

    tables: Sequence[pd.DataFrame] = ()
    claims: list[tuple[Difference, int]] = field(default_factory=list)

    def sign(self, difference: Difference) -> int:
        """1 if the difference, a function of the figure's table, is above 0 in nearly every run; -1 below; else 0."""
        if len(self.tables) < LEAST_SEEDS:
            return 0
        found = sign_in_runs([difference(table) for table in self.tables])
        if found:
            self.claims.append((difference, found))
        return found


class OverSeeds:
    """The tables of a run's figures under several seeds, its own first. `tables`: figure -> table with a column
    `seed`, or what reads it."""

    def __init__(self, seeds: Sequence[int], tables: Mapping[str, pd.DataFrame]) -> None:
        self.seeds, self._tables = list(seeds), tables
        self.said: dict[str, Says] = {}  # by figure, as its headline was made

    @property
    def names(self) -> list[str]:
        """The figures that have a table."""
        return [*self._tables]

    def __contains__(self, figure: str) -> bool:
        return len(self.seeds) > 1 and figure in self._tables

    def table(self, figure: str) -> pd.DataFrame:
        """The rows of all seeds. Errors: KeyError."""
        return self._tables[figure]

    def says(self, figure: str) -> Says:
        """What a headline of this figure may say."""
        tables = (
            [part for _, part in self.table(figure).groupby("seed", sort=False)] if figure in self else []
        )
        self.said[figure] = Says(tables)
        return self.said[figure]

    def band(self, figure: str, keys: Sequence[str], value: str) -> Any:
        """Low and high of a column over the seeds, by keys (columns); None without several seeds."""
        if figure not in self:
            return None
        return band(self.table(figure), keys, value)

    @property
    def words(self) -> str:
        """For a source line."""
        number = len(self.seeds)
        if number >= MANY:
            return tr(
                "lines and bands: middle 90% of {number} seeds, which decide what a title compares",
                number=number,
            )
        return tr(
            "lines and bands: lowest to highest of {number} seeds, which decide what a title compares",
            number=number,
        )


def band(rows: Any, keys: Sequence[str], value: str) -> pd.DataFrame:
    """Low and high of a column over the rows of several seeds, by keys: all of them, or nine in ten of MANY."""
    groups = rows.groupby([*keys], observed=True, sort=False)[value]
    many = rows["seed"].nunique() >= MANY
    low, high = (groups.quantile(0.05), groups.quantile(0.95)) if many else (groups.min(), groups.max())
    return pd.DataFrame({"low": low, "high": high})


def says_of(run: Run, figure: str) -> Says:
    """What a headline of a figure of this run may say; nothing comparing where it was run under one seed."""
    return Says() if run.over_seeds is None else run.over_seeds.says(figure)


def band_of(run: Run, figure: str, keys: Sequence[str], value: str) -> Any:
    """The band of a column over the seeds of a run; None where there was one seed."""
    return None if run.over_seeds is None else run.over_seeds.band(figure, keys, value)
