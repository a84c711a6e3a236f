"""Made studies whose answers are known: points, a function of the factors, and noise of known size."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from local_citizenship.experiments.studies.results import WHOLE_RUN, StudyResults

ASSUMED, FITTED, CITED = "assumption, after Tsuda 2008", "fitted to P18", "Pak 2000"
Function = Callable[[np.ndarray], np.ndarray]


def study(
    design: str,
    points: np.ndarray | pd.DataFrame,
    function: Function,
    *,
    replicates: int = 1,
    noise: float = 0.0,
    luck: float = 0.0,
    shared: bool = False,
    roles: Sequence[str] = (),
    sources: Sequence[str] = (),
    low: float = 0.0,
    high: float = 1.0,
    unit: str = "units",
    years: Sequence[int] = (),
    scenarios: Sequence[str] = ("two-towns",),
    lift: float = 0.0,
    seed: int = 1,
) -> StudyResults:
    """y = function(points) + lift x number of the scenario + normal noise of this standard deviation.

    `luck`: the standard deviation of what all points of a replicate share, if luck is `shared`. With `years`, an
    outcome `yearly` grows evenly from nought to y in the last of them.
    """
    rng = np.random.default_rng(seed)
    frame = points if isinstance(points, pd.DataFrame) else pd.DataFrame(points)
    names = [f"x{j + 1}" for j in range(frame.shape[1])]
    frame = frame.set_axis(names, axis=1)
    base = np.concatenate([function(frame.to_numpy(dtype=float)) + lift * k for k in range(len(scenarios))])
    frame = pd.concat([frame.assign(scenario=name) for name in scenarios], ignore_index=True)
    frame.insert(0, "point", range(len(frame)))
    y = base[:, None] + rng.normal(0.0, noise, (len(frame), replicates))
    if shared:
        y = y + rng.normal(0.0, luck, replicates)
    pairs = list(itertools.product(range(len(frame)), range(replicates)))
    runs = pd.DataFrame(pairs, columns=["point", "replicate"])
    seeds = runs["replicate"] if shared else pd.Series(range(len(runs)))
    rows = []
    for point, replicate in pairs:
        rows.append((point, replicate, "y", WHOLE_RUN, y[point, replicate]))
        for place, year in enumerate(years, start=1):
            rows.append((point, replicate, "yearly", year, y[point, replicate] * place / len(years)))
    outcomes = [("y", "Needs met", unit), ("yearly", "Unevenness", unit)][: 2 if years else 1]
    count = len(names)
    factors = pd.DataFrame(
        {
            "factor": names,
            "path": [f"section.{name}" for name in names],
            "role": list(roles) or ["uncertainty"] * count,
            "source": list(sources) or [ASSUMED] * count,
            "unit": "share",
            "low": low,
            "high": high,
            "label": [f"Factor {name}" for name in names],
        }
    )
    return StudyResults(
        name="made",
        title="A made study",
        design=design,
        points=frame[["point", "scenario", *names]],
        runs=runs.assign(seed=seeds, error="", command=""),
        values=pd.DataFrame(rows, columns=["point", "replicate", "outcome", "year", "value"]),
        outcomes=pd.DataFrame(outcomes, columns=["outcome", "label", "unit"]),
        factors=factors,
    )


def linear(*weights: float) -> Function:
    """The sum of the factors, each times its weight."""
    return lambda x: x @ np.array(weights)


def problem(count: int, low: float = 0.0, high: float = 1.0) -> dict[str, object]:
    """SALib's definition of so many factors."""
    names = [f"x{j + 1}" for j in range(count)]
    return {"num_vars": count, "names": names, "bounds": [[low, high]] * count}


def sobol_points(
    count: int, samples: int, *, second: bool = False, seed: int = 1, low: float = 0.0, high: float = 1.0
):  # type: ignore[no-untyped-def]
    from SALib.sample import sobol

    return sobol.sample(problem(count, low, high), samples, calc_second_order=second, seed=seed)


def grid(*values: Sequence[float]) -> np.ndarray:
    """Every combination of these values."""
    return np.array(list(itertools.product(*values)))
