"""Shares of variance in a crossed design: every value of a factor is as likely as the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .estimators import Estimator, Values, centred, ratio, within_points, without_luck


def estimator(inputs: pd.DataFrame, groups: np.ndarray) -> Estimator:
    """Estimate from points by replicates; `inputs`: a row a point, a column a factor.

    S1 (share of the factors' variance that a factor makes by itself) and ST (with its interplay): a row a factor;
    first_order and upper_bound (a row a group: its share of the variance of runs, by itself and with its interplay),
    interaction, luck, variance, residual. A crossed design is no sample, so that these are the shares themselves, but
    for replicate noise.
    """
    codes = np.column_stack([pd.factorize(inputs[name].astype(str))[0] for name in inputs.columns])

    def of_means(y: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The variance of the means over all points that agree in these columns."""
        if not columns.any():
            return np.zeros(y.shape[1])
        cells = np.unique(codes[:, columns], axis=0, return_inverse=True)[1].ravel()
        counts = np.bincount(cells)[:, None]
        sums = np.zeros((len(counts), y.shape[1]))
        np.add.at(sums, cells, y)
        return np.asarray(((sums / counts)[cells] ** 2).mean(axis=0))

    def estimate(y: np.ndarray, rows: np.ndarray) -> Values:
        level = centred(y)
        both = np.column_stack([level.mean(axis=1), level])

        def clean(columns: np.ndarray) -> np.ndarray:
            forms = of_means(both, columns)
            return without_luck(forms[0], forms[1:])

        everything = np.ones(codes.shape[1], dtype=bool)
        total = clean(everything)
        each = np.eye(codes.shape[1], dtype=bool)
        sets = groups > 0
        residual = within_points(y).mean()
        whole = np.maximum(total, 0.0) + residual
        alone = np.array([clean(one) for one in sets])
        found = {
            "S1": ratio(np.array([clean(one) for one in each]), total),
            "ST": ratio(np.array([total - clean(~one) for one in each]), total),
            "first_order": ratio(alone, whole),
            "upper_bound": ratio(np.array([total - clean(~one) for one in sets]), whole),
            "interaction": ratio(total - alone.sum(), whole),
            "luck": ratio(residual, whole),
            "variance": total,
            "residual": residual,
        }
        return {name: np.asarray(value)[..., None] for name, value in found.items()}

    return estimate
