"""The tables of an ensemble: what was learned, how well the emulators did, what the sets say of each target."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd

from ..intervals import weighted_quantiles
from ..studies.ensembles import text_of
from .ensemble import Ensemble
from .plan import Floats

INTERVAL = (0.05, 0.5, 0.95)
EVEN_SD = math.sqrt(1.0 / 12.0)  # of what is spread evenly from 0 to 1, as a prior is over its own shares
LEARNED, PARTLY, NOT = "learned", "partly", "not learned"
MUCH, SOME = 0.5, 0.2  # of the prior's spread that is gone
TRADE_OFF = 0.4  # a rank correlation as strong is told


def sets_table(found: Ensemble) -> pd.DataFrame:
    """A row a set: set (from 0), weight, and its parameters by path."""
    rows = [
        {"set": number, "weight": float(weight), **found.plan.values(shares)}
        for number, (shares, weight) in enumerate(zip(found.shares, found.weights, strict=True))
    ]
    return pd.DataFrame(rows)


def parameters_table(found: Ensemble) -> pd.DataFrame:
    """A row a parameter: prior and posterior (5%, median, 95%), and how much was learned.

    `learned`: the part of the prior's standard deviation that is gone, over the shares of the prior; below 0 if nothing
    was. Columns `place_...` are the posterior's ends as shares of the prior.
    """
    posterior, rows = found.posterior, []
    for number, each in enumerate(found.plan.unknowns):
        column = posterior.shares[:, number]
        mean = float(posterior.weights @ column)
        sd = math.sqrt(float(posterior.weights @ (column - mean) ** 2))
        learned = 1.0 - sd / EVEN_SD
        places = weighted_quantiles(column, posterior.weights, (0.05, 0.25, 0.5, 0.75, 0.95))
        prior, ends = (_numbers(each.at, shares) for shares in (INTERVAL, places))
        rows.append(
            {
                "parameter": each.path,
                "label": each.label,
                "unit": each.unit,
                "source": each.source,
                "prior": each.prior.words,
                "own": text_of(each.value),
                **dict(zip(("prior_low", "prior_median", "prior_high"), prior, strict=True)),
                **dict(zip(("low", "lower", "median", "upper", "high"), ends, strict=True)),
                **dict(
                    zip(
                        ("place_low", "place_lower", "place_median", "place_upper", "place_high"),
                        places,
                        strict=True,
                    )
                ),
                "place_own": each.prior.share(each.value),
                "learned": learned,
                "verdict": LEARNED if learned >= MUCH else PARTLY if learned >= SOME else NOT,
            }
        )
    return pd.DataFrame(rows)


def _numbers(at: object, shares: object) -> list[str]:
    return [text_of(at(float(share))) for share in shares]  # type: ignore[operator, attr-defined]


def targets_table(found: Ensemble) -> pd.DataFrame:
    """A row a target, used or not: the observation, and what the sets' runs say of it (5%, median, 95%).

    `hit`: whether the median lies within the tolerance; `covered`: whether the observation lies within 5% to 95%;
    `holding`: the weight of the sets whose single run lies within the tolerance, to be set beside random behaviour's.
    """
    rows = []
    for number, each in enumerate(found.plan.targets):
        values = found.seen.values[:, 0, number]
        told = np.isfinite(values)
        weights = np.where(told, found.weights, 0.0)
        ends = np.full(3, math.nan)
        if weights.sum() > 0:
            ends = weighted_quantiles(values[told], weights[told] / weights.sum(), INTERVAL)
        low, median, high = (float(end) for end in ends)
        within = np.array([each.holds(float(value)) for value in values])
        inside = each.off(median) == 0.0 if each.side else low <= each.value <= high
        rows.append(
            {
                "target": each.name,
                "use": each.use,
                "scenario": each.scenario,
                "outcome": each.outcome.name,
                "label": each.outcome.label,
                "unit": each.outcome.unit,
                "side": each.side,
                "value": each.value,
                "tolerance": each.tolerance,
                "discrepancy": each.discrepancy,
                "source": each.source,
                "told": float(weights.sum()),
                "low": low,
                "median": median,
                "high": high,
                "hit": math.isfinite(median) and each.holds(median),
                "covered": math.isfinite(median) and bool(inside),
                "holding": float(weights[within].sum() / weights.sum()) if weights.sum() > 0 else math.nan,
            }
        )
    return pd.DataFrame(rows)


def predictive_table(found: Ensemble) -> pd.DataFrame:
    """A row a number: set, target, value of the set's run."""
    values = found.seen.values[:, 0, :]
    rows = [
        (number, target.name, float(values[number, column]))
        for number in range(len(values))
        for column, target in enumerate(found.plan.targets)
    ]
    return pd.DataFrame(rows, columns=["set", "target", "value"])


def waves_table(found: Ensemble) -> pd.DataFrame:
    """A row a wave: points, runs, the share of the prior that is left after it, the cutoff it was found with."""
    scenarios = len(found.plan.scenarios)
    rows = [
        (
            wave.stage.number,
            len(wave.seen.shares),
            len(wave.seen.shares) * wave.seen.replicates * scenarios,
            wave.left.share,
            wave.left.cutoff,
        )
        for wave in found.waves
    ]
    return pd.DataFrame(rows, columns=["wave", "points", "runs", "left", "cutoff"])


def errors_table(found: Ensemble) -> pd.DataFrame:
    """A row a point and target: what the emulators expected before it was run, with their error, and what was seen.

    `error`: the difference, in standard deviations of what was expected.
    """
    rows = []
    for stage, (mean, deviation, seen) in found.errors.items():
        for column, target in enumerate(found.plan.fitted):
            for point in range(len(mean)):
                told = mean[point, column], deviation[point, column], seen[point, column]
                if math.isfinite(told[2]):
                    rows.append(
                        (stage, target.name, point, *told, (told[2] - told[0]) / max(told[1], 1e-300))
                    )
    return pd.DataFrame(rows, columns=["stage", "target", "point", "expected", "deviation", "seen", "error"])


def pairs_table(found: Ensemble) -> pd.DataFrame:
    """A row a pair of parameters: their rank correlation in the posterior, the strongest first.

    Below 0: the one can make up for the other. Only pairs whose correlation is beyond what chance makes of so few
    points of weight are `clear`.
    """
    posterior = found.posterior
    ranks = [_ranks(column, posterior.weights) for column in posterior.shares.T]
    chance = 2.0 / math.sqrt(max(posterior.worth - 1.0, 1.0))
    rows = []
    for one, other in combinations(range(len(ranks)), 2):
        strength = _correlation(ranks[one], ranks[other], posterior.weights)
        names = (found.plan.unknowns[one].path, found.plan.unknowns[other].path)
        rows.append((*names, strength, abs(strength) >= max(TRADE_OFF, chance)))
    table = pd.DataFrame(rows, columns=["first", "second", "correlation", "clear"])
    return table.sort_values(
        "correlation", key=lambda column: -column.abs(), kind="stable", ignore_index=True
    )


def _ranks(column: Floats, weights: Floats) -> Floats:
    order = np.argsort(column, kind="stable")
    found = np.empty(len(column))
    found[order] = np.cumsum(weights[order]) - 0.5 * weights[order]
    return found


def _correlation(one: Floats, other: Floats, weights: Floats) -> float:
    a, b = (each - float(weights @ each) for each in (one, other))
    spread = math.sqrt(float(weights @ a**2) * float(weights @ b**2))
    return float(weights @ (a * b)) / spread if spread > 0 else 0.0


def all_tables(found: Ensemble) -> dict[str, pd.DataFrame]:
    """Every table by its name."""
    return {
        "sets": sets_table(found),
        "parameters": parameters_table(found),
        "targets": targets_table(found),
        "predictive": predictive_table(found),
        "waves": waves_table(found),
        "errors": errors_table(found),
        "pairs": pairs_table(found),
    }
