"""Drawing the synthetic municipalities of a region table.

A region's people are shared out exactly: its municipalities sum to its population and foreign residents.
What is drawn is how unequally, and how size, foreign share and fiscal strength go together. Each region has
its own stream of chance, seeded by its code, so that a region added to the table leaves the others as they
were (but for the outline of its neighbours on the map, which give way).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtr, ndtri

from .places_layout import lay_out
from .places_table import Region

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Correlations within a region of size, foreign share and fiscal strength, as normal scores. Chosen so that
# the rank correlations over all municipalities of Japan's table come out as observed: foreign share with
# fiscal strength 0.57, with population 0.43, fiscal strength with population 0.71.
POPULATION_SHARE = 0.39
POPULATION_FISCAL = 0.76
SHARE_FISCAL = 0.26

# With fewer municipalities, three columns of scores can be near to one line or plane.
ENOUGH_TO_DECORRELATE = 8

# No municipality is larger than this (Yokohama, the largest of the register, has 3.7 million), nor holds more
# than this share of its region (Kyoto holds 57% of its prefecture, the most of the larger ones).
LARGEST_POPULATION = 3_800_000
LARGEST_SHARE_OF_REGION = 0.6
# None is smaller than this, or a tenth of the region's mean where all are small.
SMALLEST_POPULATION = 300
# Foreign share: at most this (14.5% is the highest of the register), or 2.5 times the region's own share.
LARGEST_FOREIGN_SHARE = 0.15
# A region's deviation of log foreign share counts up to this. What lies above owes to a few villages with
# next to no foreigners (the middle half of Tokyo's municipalities is as narrow as that of a normal
# distribution with a deviation of 0.7, where the table has 1.06); drawn in full, a tenth would lie too low.
WIDEST_FOREIGN_SHARE = 0.6
SMALLEST_FISCAL_STRENGTH = 0.05
# A mean or deviation below this is as good as none.
SMALLEST_FIGURE = 1e-3


@dataclass(frozen=True)
class Drawn:
    """Synthetic municipalities, region after region, each by falling population; arrays (P,)."""

    code: list[str]
    name: list[str]
    region: Ints
    latitude: Floats
    longitude: Floats
    population: Ints
    foreign_residents: Ints
    fiscal_strength: Floats


def draw_municipalities(regions: tuple[Region, ...], seed: int) -> Drawn:
    """Draw the municipalities of all regions. The same table and seed give the same municipalities."""
    codes: list[str] = []
    names: list[str] = []
    people, foreigners, wealth, turns, jitters = [], [], [], [], []
    for region in regions:
        n = region.municipalities
        rng = _stream(seed, region.code)
        scores = _scores(rng, n)
        population = _populations(region, scores[:, 0])
        order = np.argsort(-population, kind="stable")
        population, scores = population[order], scores[order]
        people.append(population)
        foreigners.append(_foreign_residents(region, population, scores[:, 1]))
        wealth.append(_fiscal_strength(region, scores[:, 2]))
        turns.append(rng.random())
        jitters.append(rng.random((n, 3)))
        digits = max(2, len(str(n)))
        codes += [f"{region.code}-{rank:0{digits}}" for rank in range(1, n + 1)]
        names += [f"{region.name} {rank:0{digits}}" for rank in range(1, n + 1)]
    latitude, longitude = lay_out(regions, turns, jitters)
    return Drawn(
        code=codes,
        name=names,
        region=np.repeat(np.arange(len(regions)), [region.municipalities for region in regions]),
        latitude=latitude,
        longitude=longitude,
        population=np.concatenate(people),
        foreign_residents=np.concatenate(foreigners),
        fiscal_strength=np.concatenate(wealth),
    )


def _stream(seed: int, code: str) -> np.random.Generator:
    digest = hashlib.blake2b(f"region/{seed}/{code}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))


def _scores(rng: np.random.Generator, n: int) -> Floats:
    """Correlated normal scores of population, foreign share and fiscal strength, shape (n, 3).

    Stratified: each column has one score in each nth of the distribution, and the correlations that chance
    brings about are taken out first (Iman and Conover 1982). Otherwise the figures of a region of fifteen
    municipalities would be more the luck of the draw than the figures of the table.
    """
    correlations = np.array(
        [
            [1.0, POPULATION_SHARE, POPULATION_FISCAL],
            [POPULATION_SHARE, 1.0, SHARE_FISCAL],
            [POPULATION_FISCAL, SHARE_FISCAL, 1.0],
        ]
    )
    independent = ndtri(np.clip(rng.random((n, 3)), 1e-12, 1.0 - 1e-12))
    if n >= ENOUGH_TO_DECORRELATE:
        chance = np.linalg.cholesky(np.corrcoef(independent, rowvar=False))
        independent = np.linalg.solve(chance, ((independent - independent.mean(0)) / independent.std(0)).T).T
    correlated = independent @ np.linalg.cholesky(correlations).T
    ranks = correlated.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    within = 0.05 + 0.9 * rng.random((n, 3))
    return ndtri((ranks + within) / n)


def _populations(region: Region, scores: Floats) -> Ints:
    n = region.municipalities
    mean = region.population / n
    largest = min(LARGEST_POPULATION, LARGEST_SHARE_OF_REGION * region.population)
    largest = min(region.population, round(max(largest, 1.5 * mean)))
    smallest = max(1, int(min(SMALLEST_POPULATION, mean / 10.0)))
    low = np.full(n, smallest, dtype=np.int64)
    high = np.full(n, max(largest, -(-region.population // n)), dtype=np.int64)
    return share_out(region.population, np.exp(region.sd_log_population * scores), low, high)


def _foreign_residents(region: Region, population: Ints, scores: Floats) -> Ints:
    share = region.foreign_residents / region.population
    most = min(1.0, max(LARGEST_FOREIGN_SHARE, 2.5 * share))
    low = np.zeros(len(population), dtype=np.int64)
    high = np.minimum(population, np.ceil(most * population).astype(np.int64))
    weights = population.astype(np.float64) * np.exp(
        min(WIDEST_FOREIGN_SHARE, region.sd_log_foreign_share) * scores
    )
    return share_out(region.foreign_residents, weights, low, high)


def _fiscal_strength(region: Region, scores: Floats) -> Floats:
    """Gamma with the region's mean and deviation: never negative, and skewed as the observed index is."""
    mean, deviation = region.fiscal_strength_mean, region.fiscal_strength_sd
    if mean < SMALLEST_FIGURE or deviation < SMALLEST_FIGURE:
        values = np.full(len(scores), mean)
    else:
        shape = (mean / deviation) ** 2
        values = gammaincinv(shape, ndtr(scores)) * deviation**2 / mean
    return np.maximum(SMALLEST_FISCAL_STRENGTH, values)


def share_out(total: int, weights: Floats, low: Ints, high: Ints) -> Ints:
    """Whole numbers in proportion to the weights that sum to the total, each within low to high.

    Needs sum(low) <= total <= sum(high); arrays (n,). What a bound takes or leaves is shared by the others.
    """
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"{total} can't be shared out between {low.sum()} and {high.sum()}")
    # The scale at which the bounded shares sum to the total, found by halving: the sum rises with it.
    logs = np.log(np.maximum(weights, 1e-300))
    below, above = -800.0, 800.0
    for _ in range(100):
        middle = 0.5 * (below + above)
        if np.clip(np.exp(np.clip(logs + middle, -700.0, 700.0)), low, high).sum() < total:
            below = middle
        else:
            above = middle
    shares = np.clip(np.exp(np.clip(logs + below, -700.0, 700.0)), low, high)
    whole = np.floor(shares).astype(np.int64)
    # Rounding leaves fewer units than places; the largest remainders get them first.
    missing = int(total - whole.sum())
    order = np.argsort(-(shares - whole), kind="stable")
    while missing > 0:
        for row in order:
            if missing > 0 and whole[row] < high[row]:
                whole[row] += 1
                missing -= 1
    return whole
