"""Finding what is left of the unit cube, however little that is, and points in it that fill it or follow a density.

A population is moved through the cube by differences of its own members (ter Braak 2006), one half by the other's.
Shares of the cube are those of the prior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .plan import Floats

Measure = Callable[[Floats], Floats]

POPULATION = 2000  # points; a share that is left is known to some hundredths of itself
SWEEPS = 8
_KEPT = 0.25  # of a population from one level to the next
_MOST_LEVELS = 40
_HALF = 0.5
_LEAST_STEP = 0.01  # of the power, so that it comes to an end


@dataclass(frozen=True)
class Left:
    """What is left: `points` spread evenly over it, its `share` of the cube, and the `cutoff` that it was found with,
    which is wider than the one that was asked for where nothing would be left by that."""

    points: Floats
    share: float
    cutoff: float


def what_is_left(
    measure: Measure,
    dimensions: int,
    cutoff: float,
    rng: np.random.Generator,
) -> Left:
    """The part of the cube where `measure` is at most `cutoff`, by levels of which each is some quarter of the last."""
    population = POPULATION
    points = rng.random((population, dimensions))
    height = measure(points)
    share, level = 1.0, np.inf
    for _ in range(_MOST_LEVELS):
        before, level = level, max(float(np.quantile(height, _KEPT)), cutoff)
        inside = height <= level
        share *= float(inside.mean())
        chosen = rng.choice(np.flatnonzero(inside), population)
        points, height = points[chosen], height[chosen]
        bound = level

        def within(at: Floats, bound: float = bound) -> Floats:
            return np.where(is_within(measure, at, bound), 0.0, -np.inf)

        points = moved(points, within, rng, SWEEPS)
        height = measure(points)
        if level <= cutoff:
            return Left(points, share, cutoff)
        if before - level < 0.01 * level:  # it gets no lower
            break
    return Left(points, share, level)


def is_within(measure: Measure, at: Floats, bound: float) -> NDArray[np.bool_]:
    """Whether a measure is at most `bound`, by point; one that can tell so sooner than its value has a `within`."""
    sooner = getattr(measure, "within", None)
    return measure(at) <= bound if sooner is None else sooner(at, bound)


def moved(points: Floats, log_density: Measure, rng: np.random.Generator, sweeps: int) -> Floats:
    """The population after so many sweeps over all its members, which leave this density as it is."""
    points = points.copy()
    density = log_density(points)
    count, dimensions = points.shape
    halves = np.array_split(rng.permutation(count), 2)
    for sweep in range(sweeps):
        for mine, others in (halves, halves[::-1]):
            first, second = (points[rng.choice(others, len(mine))] for _ in range(2))
            some = rng.random((len(mine), dimensions)) < (1.0, 0.5, 0.25)[sweep % 3]
            some[np.arange(len(mine)), rng.integers(dimensions, size=len(mine))] = True
            far = (
                2.38 / np.sqrt(2.0 * some.sum(axis=1, keepdims=True)) * rng.uniform(0.2, 1.0, (len(mine), 1))
            )
            step = np.where(some, far * (first - second) + rng.normal(0.0, 0.01, first.shape), 0.0)
            new = _reflected(points[mine] + step)
            there = log_density(new)
            with np.errstate(invalid="ignore"):
                accepted = np.log(rng.random(len(mine))) < there - density[mine]
            points[mine[accepted]], density[mine[accepted]] = new[accepted], there[accepted]
    return points


def _reflected(points: Floats) -> Floats:
    """Back into the cube, as by mirrors at its faces."""
    turned = np.mod(points, 2.0)
    return np.where(turned > 1.0, 2.0 - turned, turned)


@dataclass(frozen=True)
class Drawn:
    """Points that follow a density on what is left, and the log of its integral there (of the mean, that is)."""

    points: Floats
    log_integral: float


def following(left: Left, log_density: Measure, inside: Measure, rng: np.random.Generator) -> Drawn:
    """Points that follow `log_density`, from those of `left` by steps that keep half of their weight (Del Moral 2006).

    `inside`: the measure by which `left` was found.
    """
    points, power, total = left.points, 0.0, 0.0
    density = log_density(points)
    while power < 1.0:
        step = _step(density, 1.0 - power)
        power += step
        weights = np.exp(step * (density - density.max()))
        total += float(np.log(weights.mean()) + step * density.max())
        points = points[rng.choice(len(points), len(points), p=weights / weights.sum())]

        def tempered(at: Floats, power: float = power) -> Floats:
            found = np.full(len(at), -np.inf)
            there = is_within(inside, at, left.cutoff)
            if there.any():
                found[there] = power * log_density(at[there])
            return found

        points = moved(points, tempered, rng, SWEEPS)
        density = log_density(points)
    return Drawn(points, total)


def _step(density: Floats, most: float) -> float:
    """The largest further power, up to `most`, that leaves half of the points their weight."""

    def keeps(power: float) -> bool:
        weights = np.exp(power * (density - density.max()))
        return bool(weights.sum() ** 2 >= _HALF * len(density) * (weights**2).sum())

    if keeps(most):
        return most
    low, high = 0.0, most
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if keeps(middle) else (low, middle)
    return max(low, _LEAST_STEP)


def spread_out(points: Floats, count: int, rng: np.random.Generator) -> Floats:
    """So many of the points, each as far from those before as may be."""
    chosen = [int(rng.integers(len(points)))]
    distance = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < min(count, len(points)):
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def filling(dimensions: int, count: int, rng: np.random.Generator) -> Floats:
    """So many points that fill the cube (a Latin hypercube)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(dimensions, rng=rng).random(count))
