"""Emulators: what the model would say at points where it was not run, and how sure that is.

One Gaussian process for each target: a straight line, bent by what is alike at points near each other (Matérn 5/2, a
length for each parameter), and luck. Its error is its own: it grows with the distance from the runs. Luck is at least
what runs of one point differ by. Since the process is fitted to the runs by which it is judged, its variance is
enlarged by the freedoms that this takes, as that of a regression, or by as much as its runs lie farther than it claims
from what the others would have said of them, whichever is more.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from ...outcomes.whole_folder import OutputError
from ...scenarios.schema import Prior
from .luck import Luck, luck_of, of_points
from .plan import Floats, Plan, Target, Unknown
from .process import Process
from .seen import Seen

MOST_RUN = 400  # points that an emulator learns from: the last ones
MOST_REFITTED = 150  # points of which parts are left out, and the process fitted anew
_PARTS = 5
_LEAST_PART = 1e-6  # of a prior, beyond which its tail is taken to end
_FEWEST = 8
NO_LUCK = Luck(0.0)


class NotInstalled(OutputError):
    """Calibrating needs more than the package asks for."""


def need_libraries() -> None:
    """Errors: NotInstalled, if what calibrating needs is not there."""
    try:
        import sklearn.gaussian_process  # noqa: F401
    except ImportError:
        raise NotInstalled(
            "calibrating needs scikit-learn: `pip install 'local-citizenship[calibrate]'` installs it"
        ) from None


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """In the block matrices are multiplied by one thread: with more, sums are added in another order from one machine
    to the next. Errors: NotInstalled."""
    need_libraries()
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def features(unknowns: Sequence[Unknown], shares: Floats) -> Floats:
    """Points of the unit cube as an emulator sees them. A number by its place on the scale of its prior, nine in ten
    from -0.5 to 0.5: by its place *in* the prior the last values of a tail would lie on a cliff. A choice without order
    by a column for each of its values."""
    columns = []
    for each, column in zip(unknowns, np.asarray(shares, float).T, strict=True):
        count = len(each.prior.choices)
        if count:
            place = np.minimum((column * count + 1e-9).astype(int), count - 1)
            columns += [(place == value) - 0.5 for value in (range(count) if count > 2 else [1])]
            continue
        if each.prior.whole:
            column = np.array([each.prior.share(each.at(share)) for share in column])
        columns.append(_on_scale(each.prior, column))
    return np.column_stack(columns)


def _on_scale(prior: Prior, shares: Floats) -> Floats:
    if not np.isfinite(prior.spread):
        return shares - 0.5
    below, up_to = prior.cut
    part = np.clip(below + shares * (up_to - below), _LEAST_PART, 1.0 - _LEAST_PART)
    return ndtri(part) / (ndtri(0.95) - ndtri(0.05))


@dataclass(frozen=True)
class Emulator:
    """One target's; `process` is None where all runs said the same, `constant`."""

    target: Target
    process: Process | None
    constant: float
    scale: float
    luck: Luck = NO_LUCK  # where nothing was repeated the process holds it
    enlarged: float = 1.0

    def __call__(self, at: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of what many runs would say on average at these features."""
        if self.process is None:
            return np.full(len(at), self.constant), np.full(len(at), self.scale**2)
        mean, variance = self.process(at)
        return mean, self.enlarged * variance

    def variance(self, mean: Floats, of_mean: Floats) -> Floats:
        """Of the observation: around the mean, with luck, its own error, and the model's discrepancy."""
        return of_mean + self.luck.at(mean) + self.target.sd**2

    def implausibility(self, at: Floats) -> Floats:
        """How far the target is, in standard deviations of all that is not known."""
        mean, variance = self(at)
        return np.abs(self.target.off(mean)) / np.sqrt(self.variance(mean, variance))


@dataclass(frozen=True)
class Emulators:
    """One for each target that is learned from, of the runs of one wave and those before it."""

    unknowns: tuple[Unknown, ...]
    each: tuple[Emulator, ...]

    def of(self, targets: Sequence[Target]) -> Emulators:
        """The same, held against other observations of the same outcomes."""
        found = (replace(one, target=target) for one, target in zip(self.each, targets, strict=True))
        return Emulators(self.unknowns, tuple(found))

    def implausibility(self, shares: Floats) -> Floats:
        """The largest of all targets, by point."""
        at = features(self.unknowns, shares)
        return np.max([one.implausibility(at) for one in self.each], axis=0)

    def log_likelihood(self, shares: Floats) -> Floats:
        """Of the observations, by point, with all that the emulators do not know."""
        at = features(self.unknowns, shares)
        found = np.zeros(len(at))
        for one in self.each:
            mean, variance = one(at)
            found = found + one.target.log_likelihood(mean, one.variance(mean, variance))
        return found

    def predicted(self, seen: Seen) -> tuple[Floats, Floats]:
        """Mean and standard deviation of what the mean of the runs of each point should be, by point and target.

        `seen`: of the targets that are learned from. Where its runs are repeated, their own luck is what their means
        may be off, so that a difference beyond it is the emulator's error, not that of its luck.
        """
        at = features(self.unknowns, seen.shares)
        told = [one(at) for one in self.each]
        luck = np.column_stack(
            [
                _luck_seen(seen.values[:, :, number], one.luck, mean) / seen.replicates
                for number, (one, (mean, _)) in enumerate(zip(self.each, told, strict=True))
            ]
        )
        variances = np.column_stack([variance for _, variance in told])
        return np.column_stack([mean for mean, _ in told]), np.sqrt(variances + luck)


def _luck_seen(values: Floats, luck: Luck, expected: Floats) -> Floats:
    """Variance of a run by point: by its own runs and their like; as the emulator has it where nothing was repeated."""
    own = luck_of(values)
    return of_points(values, own) if own.variance > 0.0 else luck.at(expected)


def emulators_of(plan: Plan, seen: Seen) -> Emulators:
    """Emulators of the plan's targets to learn from. Errors: NotInstalled; OutputError if hardly any run can tell."""
    known = seen.of(plan.fitted_places)
    means = known.means
    at = features(plan.unknowns, seen.shares)
    with one_thread():
        each = [
            _fitted(target, at, means[:, number], known.values[:, :, number])
            for number, target in enumerate(plan.fitted)
        ]
    return Emulators(plan.unknowns, tuple(each))


def _fitted(target: Target, at: Floats, values: Floats, runs: Floats) -> Emulator:
    luck, replicates = luck_of(runs), runs.shape[1]
    told = np.isfinite(values)
    of_each = of_points(runs, luck)[told][-MOST_RUN:]
    at, values = at[told][-MOST_RUN:], values[told][-MOST_RUN:]
    if len(values) < _FEWEST:
        raise OutputError(
            f"only {len(values)} points can tell {target.name}: leave this target out, run longer, or take more points"
        )
    spread = float(values.std())
    if spread <= 1e-12 * max(1.0, abs(float(values.mean()))):
        return Emulator(target, None, float(values[0]), 1e-9 * max(1.0, abs(float(values[0]))), luck)
    known = 1e-8 + of_each / replicates / spread**2
    fitted = fitted_process(at, values, known)
    free = max(len(values) - len(fitted.kernel_.theta) - 1, 0.2 * len(values))
    process = Process.of(fitted, at, values)
    enlarged = max(len(values) / free, float((process.left_out() ** 2).mean()), _by_parts(at, values, known))
    return Emulator(target, process, float(values.mean()), spread, luck, enlarged)


def _by_parts(at: Floats, values: Floats, known: Floats) -> float:
    """Mean squared error at a fifth of the points of a process fitted to the others, each fifth in turn, over what that
    process claims. Where points are many they are not fitted again, for the time that it takes, and it is 0."""
    if len(values) > MOST_REFITTED:
        return 0.0
    part, squares = np.random.default_rng(0).permutation(len(values)) % _PARTS, 0.0
    for number in range(_PARTS):
        rest = part != number
        process = Process.of(fitted_process(at[rest], values[rest], known[rest]), at[rest], values[rest])
        mean, variance = process(at[~rest])
        luck = known[~rest] * float(values.std()) ** 2
        squares += float(((values[~rest] - mean) ** 2 / (variance + luck)).sum())
    return squares / len(values)


def fitted_process(at: Floats, values: Floats, known: Floats | float) -> Any:
    """scikit-learn's process, fitted; `known`: variance of luck of each value, beside that of the values."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct, Matern, WhiteKernel

    kernel = (
        ConstantKernel(1.0, (1e-3, 1e3)) * DotProduct(1.0, "fixed")
        + ConstantKernel(0.3, (1e-4, 1e2)) * Matern(np.full(at.shape[1], 1.0), (0.2, 30.0), nu=2.5)
        + WhiteKernel(0.1, (1e-6, 2.0))
    )
    process = GaussianProcessRegressor(kernel, normalize_y=True, alpha=known, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # at the bounds of a length: a parameter does nothing
        return process.fit(at, values)
