"""Sobol' indices (S1, ST, S2) of a Saltelli sample, by the estimators of SALib, without replicate noise.

After Saltelli et al. (2010), Computer Physics Communications 181(2), with SALib's own functions.
"""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .estimators import Estimator, Values, centred, ratio, within_points, without_luck


@dataclass(frozen=True)
class Blocks:
    """Rows of the design, for N base samples and D factors: A and B (N), AB and BA (N by D; BA may be missing).

    AB[i, j] is the row of A[i] with factor j taken from B[i].
    """

    a: np.ndarray
    b: np.ndarray
    ab: np.ndarray
    ba: np.ndarray | None

    def __len__(self) -> int:
        return len(self.a)

    def of(self, kept: np.ndarray) -> Blocks:
        """Some of the blocks."""
        return Blocks(self.a[kept], self.b[kept], self.ab[kept], None if self.ba is None else self.ba[kept])

    def rows(self) -> np.ndarray:
        """The rows of each block (N by rows in a block)."""
        parts = [self.a[:, None], self.ab, *([] if self.ba is None else [self.ba]), self.b[:, None]]
        return np.concatenate(parts, axis=1)


def blocks_of(inputs: pd.DataFrame) -> Blocks | None:
    """Find A, B and what lies between in the order of SALib's sample; None if the rows are no such sample.

    `inputs`: a row a point, a column a factor. Told by the values themselves, which also tells whether the sample
    is one for second-order indices.
    """
    codes = np.column_stack([pd.factorize(inputs[name])[0] for name in inputs.columns])
    count, factors = codes.shape
    own = np.eye(factors, dtype=bool)
    for size in (factors + 2, 2 * factors + 2):
        if count % size:
            continue
        cube = codes.reshape(-1, size, factors)
        a, b = cube[:, :1, :], cube[:, -1:, :]
        expected = [np.where(own, b, a)] + ([np.where(own, a, b)] if size > factors + 2 else [])
        if (cube[:, 1:-1, :] == np.concatenate(expected, axis=1)).all():
            rows = np.arange(count).reshape(-1, size)
            ba = rows[:, 1 + factors : -1] if size > factors + 2 else None
            return Blocks(rows[:, 0], rows[:, -1], rows[:, 1 : 1 + factors], ba)
    return None


def estimator(blocks: Blocks, groups: np.ndarray) -> Estimator:
    """Estimate from points by replicates; `groups` (groups by factors, 0 or 1) says whose shares are summed.

    S1, ST (a row a factor), S2 (a row a pair, if the sample has it); raw_S1 and raw_ST, of means with their noise.
    """
    from SALib.analyze.sobol import first_order, second_order, total_order

    pairs = list(itertools.combinations(range(blocks.ab.shape[1]), 2)) if blocks.ba is not None else []

    def forms(y: np.ndarray, rows: np.ndarray) -> Values:
        """SALib's indices times the variance that they are shares of, for each draw of blocks."""
        a, b = y[blocks.a[rows]], y[blocks.b[rows]]
        ab = [y[column[rows]] for column in blocks.ab.T]
        variance = np.concatenate([a, b]).var(axis=0)
        found = {
            "variance": variance,
            "S1": np.stack([first_order(a, each, b) * variance for each in ab]),
            "ST": np.stack([total_order(a, each, b) * variance for each in ab]),
        }
        if pairs and blocks.ba is not None:  # one factor alone has no pair
            ba = [y[column[rows]] for column in blocks.ba.T]
            found["S2"] = np.stack([second_order(a, ab[j], ab[k], ba[j], b) * variance for j, k in pairs])
        return found

    def estimate(y: np.ndarray, rows: np.ndarray) -> Values:
        level = centred(y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of constant outcomes, which the sentences tell of
            of_mean = forms(level.mean(axis=1), rows)
            each = [forms(column, rows) for column in level.T]
        clean = {name: without_luck(of_mean[name], np.stack([one[name] for one in each])) for name in of_mean}
        found = {name: ratio(clean[name], clean["variance"]) for name in clean if name != "variance"}
        found |= {f"raw_{name}": ratio(of_mean[name], of_mean["variance"]) for name in ("S1", "ST")}
        residual = within_points(y)[blocks.rows()].mean(axis=1)[rows].mean(axis=0)
        whole = np.maximum(clean["variance"], 0.0) + residual
        alone = groups @ found["S1"]
        for place, (j, k) in enumerate(pairs):
            alone = alone + (groups[:, j] * groups[:, k])[:, None] * found["S2"][place]
        at_most = np.minimum(groups @ found["ST"], 1.0 - (alone.sum(axis=0) - alone))
        of_run = ratio(clean["variance"], whole)
        return found | {
            "first_order": alone * of_run,
            "upper_bound": np.maximum(at_most, alone) * of_run,
            "interaction": (1.0 - alone.sum(axis=0)) * of_run,
            "luck": ratio(residual, whole),
            "variance": clean["variance"],
            "residual": residual,
        }

    return estimate
