"""Designs: which combinations of the factors' values are run. SciPy and SALib make the samples."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .study import Design, Factor

SAMPLED = ("lhs", "morris", "sobol")
KINDS = ("list", "grid", "ofat", *SAMPLED)

Combination = Mapping[str, Any]  # factor -> value; a factor that is left out stays as the scenario has it


def combinations(design: Design, factors: Sequence[Factor], seed: int) -> list[Combination]:
    """The points of a design, in order: for each, the factors that are set, by name.

    Sampled designs depend on `seed` alone.
    """
    names = [factor.name for factor in factors]
    if design.kind == "list":
        return list(design.points) or [{}]
    if design.kind == "grid":
        values = [factor.spread(design.levels) for factor in factors]
        return [dict(zip(names, chosen, strict=True)) for chosen in product(*values)]
    if design.kind == "ofat":
        return [{}, *({f.name: value} for f in factors for value in f.spread(design.levels))]
    return [
        {factor.name: factor.at(float(share)) for factor, share in zip(factors, row, strict=True)}
        for row in shares(design, len(factors), seed)
    ]


def size(design: Design, factors: Sequence[Factor]) -> int:
    """How many points a design has, told without making them."""
    count = len(factors)
    if design.kind == "list":
        return max(1, len(design.points))
    if design.kind == "grid":
        return int(np.prod([len(factor.spread(design.levels)) for factor in factors], dtype=np.int64))
    if design.kind == "ofat":
        return 1 + sum(len(factor.spread(design.levels)) for factor in factors)
    if design.kind == "morris":
        return design.size * (count + 1)
    if design.kind == "sobol":
        return design.size * ((2 * count if design.second_order else count) + 2)
    return design.size


def shares(design: Design, count: int, seed: int) -> NDArray[np.float64]:
    """The sample of a lhs, morris or sobol design in the unit cube, (points, count): what SALib analyses.

    `Factor.at` turns each share into a value.
    """
    if design.kind == "lhs":
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(design.size))
    problem = problem_of([f"x{number}" for number in range(count)])
    narrow = seed % 2**32  # as far as SALib's seeds go
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a size that is no power of 2, which the file's check has told
        if design.kind == "morris":
            from SALib.sample import morris

            return np.asarray(morris.sample(problem, design.size, num_levels=design.levels, seed=narrow))
        from SALib.sample import sobol

        return np.asarray(
            sobol.sample(problem, design.size, calc_second_order=design.second_order, seed=narrow)
        )


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """The factors as SALib wants them told, in the unit cube."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
