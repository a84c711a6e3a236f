"""A Gaussian process that has been fitted, as it is asked: quickly, at thousands of points, and of each of its own runs
as if that had been left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular

from .plan import Floats

_ROOT5 = math.sqrt(5.0)


@dataclass(frozen=True)
class Process:
    """A straight line (variance `linear` of its constant and slopes), bent by Matérn 5/2 (variance `bent`, a length for
    each feature), with a `nugget` of what it can't follow, all in units of `spread` around `middle`.

    `at`: features of the runs it has learned from; `answer` and `root`: their covariance, solved for what they said,
    and the inverse of its Cholesky factor.
    """

    at: Floats
    linear: float
    bent: float
    nugget: float
    lengths: Floats
    middle: float
    spread: float
    answer: Floats
    root: Floats

    @classmethod
    def of(cls, fitted: Any, at: Floats, values: Floats) -> Process:
        """What scikit-learn has fitted to `values`, its kernel that of `emulator.fitted_process`."""
        kernel = fitted.kernel_
        root = solve_triangular(fitted.L_, np.eye(len(at)), lower=True)
        return cls(
            at=at,
            linear=float(kernel.k1.k1.k1.constant_value),
            bent=float(kernel.k1.k2.k1.constant_value),
            nugget=float(kernel.k2.noise_level),
            lengths=np.asarray(kernel.k1.k2.k2.length_scale, dtype=float),
            middle=float(values.mean()),
            spread=float(values.std()),
            answer=np.asarray(fitted.alpha_, dtype=float).ravel(),
            root=root,
        )

    def __call__(self, at: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of what it expects at these features, its nugget included."""
        between = self._between(at)
        own = self.linear * (1.0 + (at**2).sum(axis=1)) + self.bent + self.nugget
        left = own - ((between @ self.root.T) ** 2).sum(axis=1)
        mean = between @ self.answer
        return self.middle + self.spread * mean, self.spread**2 * np.maximum(left, 1e-12)

    def left_out(self) -> Floats:
        """By run, how far it lies from what all others would have said of it, in standard deviations of that (Dubrule
        1983): errors at points not seen, without a run more."""
        precision = (self.root**2).sum(axis=0)
        return self.answer / np.sqrt(precision)

    def _between(self, at: Floats) -> Floats:
        one, other = at / self.lengths, self.at / self.lengths
        squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2.0 * one @ other.T
        far = _ROOT5 * np.sqrt(np.maximum(squares, 0.0))
        return self.linear * (1.0 + at @ self.at.T) + self.bent * (1.0 + far + far**2 / 3.0) * np.exp(-far)
