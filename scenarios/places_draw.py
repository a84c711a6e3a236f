"""Drawing what no table says: the synthetic municipalities of a table of regions, and traits that no register counts.

A region's people are shared out exactly: its municipalities sum to its population and foreign residents.
What is drawn is how unequally, and how size, foreign share and fiscal strength go together. Each region has
its own stream of chance, seeded by its code, so that a region added to the table leaves the others as they
were (but for the outline of its neighbours on the map, which give way).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded as they are used

from .outlines import Outlines, inside, read_outlines
from .places_shipped import UNKNOWN, TableInfo
from .places_table import Region

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Correlations within a region of size, foreign share and fiscal strength, as normal scores. Chosen so that
# the rank correlations over all municipalities of Japan's table come out as observed: foreign share with
# fiscal strength 0.57, with population 0.43, fiscal strength with population 0.71.
POPULATION_SHARE = 0.39
POPULATION_FISCAL = 0.76
SHARE_FISCAL = 0.26
CORRELATIONS = np.array(
    [
        [1.0, POPULATION_SHARE, POPULATION_FISCAL],
        [POPULATION_SHARE, 1.0, SHARE_FISCAL],
        [POPULATION_FISCAL, SHARE_FISCAL, 1.0],
    ]
)

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
class Towns:
    """Municipalities, region after region; arrays (P,)."""

    code: list[str]
    name: list[str]
    region: Ints
    latitude: Floats
    longitude: Floats
    population: Ints
    foreign_residents: Ints
    fiscal_strength: Floats


def draw_municipalities(regions: tuple[Region, ...], seed: int, about: TableInfo = UNKNOWN) -> Towns:
    """Draw the municipalities of all regions, each region's by falling population.

    The same table and seed give the same municipalities. `about`: whether they lie within outlines, and whether
    Japan's correlations are taken for theirs.
    """
    codes: list[str] = []
    names: list[str] = []
    people, foreigners, wealth, turns, jitters = [], [], [], [], []
    for region in regions:
        n = region.municipalities
        rng = _stream(seed, region.code)
        scores = _scores(rng, n, CORRELATIONS if about.like_japan else np.eye(3))
        population = _populations(region, scores[:, 0])
        order = np.argsort(-population, kind="stable")
        population, scores = population[order], scores[order]
        people.append(population)
        foreigners.append(_foreign_residents(region, population, scores[:, 1]))
        wealth.append(_fiscal_strength(region, scores[:, 2]))
        turns.append(rng.random())
        jitters.append(rng.random((n, 3)))
        digits = max(2, len(str(n)))
        ranks = [f"{rank:0{digits}}" for rank in range(1, n + 1)]
        codes += [f"{region.code}-{rank}" for rank in ranks]
        names += [f"{region.name} {rank}" for rank in ranks]
    latitude, longitude = lay_out(regions, turns, jitters, about.outlines)
    return Towns(
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


def _scores(rng: np.random.Generator, n: int, correlations: Floats) -> Floats:
    """Correlated normal scores of population, foreign share and fiscal strength, shape (n, 3).

    Stratified: each column has one score in each nth of the distribution, and the correlations that chance
    brings about are taken out first (Iman and Conover 1982). Otherwise the figures of a region of fifteen
    municipalities would be more the luck of the draw than the figures of the table.
    """
    independent = scipy.special.ndtri(np.clip(rng.random((n, 3)), 1e-12, 1.0 - 1e-12))
    if n >= ENOUGH_TO_DECORRELATE:
        chance = np.linalg.cholesky(np.corrcoef(independent, rowvar=False))
        independent = np.linalg.solve(chance, ((independent - independent.mean(0)) / independent.std(0)).T).T
    correlated = independent @ np.linalg.cholesky(correlations).T
    ranks = correlated.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    within = 0.05 + 0.9 * rng.random((n, 3))
    return scipy.special.ndtri((ranks + within) / n)


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
        values = scipy.special.gammaincinv(shape, scipy.special.ndtr(scores)) * deviation**2 / mean
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


# Where synthetic municipalities lie: around their region's centre, the larger ones nearer to it. A region table knows
# centres, no borders and no coast. How far a region reaches is read off the distance to the centres around it, and
# every point belongs to the region whose centre is nearest; some lie in the sea. Where the outlines of a country come
# with the table, they lie on land, and where one of these is the region's own, all over it.

KM_A_DEGREE = 111.2
# Reach of a region as a share of the mean distance to the two nearest centres: half of Japan's municipalities
# lie within 0.44 of it around their prefecture's centre.
REACH = 0.75
# Where centres are far apart or alone, the reach is set by the number of municipalities instead, up to that
# of a large island (km).
REACH_OF_ONE = 12.0
LARGEST_REACH = 150.0
REACH_OVER_LAND = 90.0  # where a coast and the nearest centres say where a region ends (km)
PROBES = 2000  # points by which it is found
# How strongly size draws to the centre; the rank correlation of size and distance comes out near the -0.32
# observed within Japan's prefectures.
CENTRALITY = 0.3
MOST_TRIES = 300  # points tried for each that lies on land
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))


def lay_out(
    regions: Sequence[Region], turns: Sequence[float], jitters: Sequence[Floats], outlines: str = ""
) -> tuple[Floats, Floats]:
    """Latitude and longitude of all municipalities, each region's by falling population; arrays (P,).

    `turns` holds a number in 0 to 1 for each region, `jitters` an array (n, 3) of such numbers. `outlines`: those
    that the places lie within, as `TableInfo` names them.
    """
    land = read_outlines(outlines) if outlines else None
    latitude = np.array([region.latitude for region in regions])
    longitude = np.array([region.longitude for region in regions])
    parts = []
    for row, region in enumerate(regions):
        others = np.delete(_offsets(latitude, longitude, region), row, axis=0)
        parts.append(_place_region(region, others, turns[row], jitters[row], land))
    points = np.concatenate(parts)
    return points[:, 0], points[:, 1]


def _offsets(latitude: Floats, longitude: Floats, region: Region) -> Floats:
    """Kilometres east and north of a region's centre, shape (R, 2)."""
    east = (longitude - region.longitude + 180.0) % 360.0 - 180.0
    return np.column_stack(
        [east * KM_A_DEGREE * _narrowing(region), (latitude - region.latitude) * KM_A_DEGREE]
    )


def _narrowing(region: Region) -> float:
    return max(0.05, math.cos(math.radians(region.latitude)))


def _place_region(
    region: Region, others: Floats, turn: float, jitter: Floats, land: Outlines | None
) -> Floats:
    """Latitude and longitude of one region's municipalities, shape (n, 2)."""
    n = region.municipalities
    if n == 1:
        return np.array([[region.latitude, region.longitude]])
    rings = [] if land is None else [_kilometres(ring, region) for ring in land.of(region.name)]
    if land is not None and region.name in land.regions:
        others = others[:0]  # its own outline says where it ends, not the distance to its neighbours
        mainland = max(rings, key=lambda ring: float(np.prod(np.ptp(ring, axis=0))))
        reach = float(np.hypot(*mainland.T).max())
    else:
        distances = np.sort(np.hypot(others[:, 0], others[:, 1]))[:2]
        reach = min(LARGEST_REACH, REACH_OF_ONE * math.sqrt(n))
        if len(distances):
            reach = min(reach, max(1.0, REACH * float(distances.mean())))
        if rings:  # as far as there is land nearer to this centre than to others
            others = others[np.hypot(*others.T) < 2.0 * REACH_OVER_LAND]
            land_there = _within(_spiral(PROBES, REACH_OVER_LAND, 0.0), others, rings)
            reach = float(np.hypot(*land_there.T).max()) if len(land_there) else reach
    spots, spacing = _spots(n, reach, others, 2.0 * math.pi * turn, rings)
    # Points of the spiral lie at least 1.5 spacings apart, so half a spacing of jitter lets none meet.
    angle = 2.0 * math.pi * jitter[:, 0]
    length = 0.5 * spacing * np.sqrt(jitter[:, 1])
    moved = spots + np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    spots = np.where(inside(rings, moved)[:, None], moved, spots) if rings else moved
    # By rank: from the largest at 0 to the smallest at 1, blurred by chance.
    rank = (np.arange(n) + 0.5) / n
    order = np.argsort(CENTRALITY * rank + (1.0 - CENTRALITY) * jitter[:, 2], kind="stable")
    placed = np.empty((n, 2))
    placed[order] = spots
    latitude = np.clip(region.latitude + placed[:, 1] / KM_A_DEGREE, -90.0, 90.0)
    longitude = region.longitude + placed[:, 0] / (KM_A_DEGREE * _narrowing(region))
    return np.column_stack([latitude, (longitude + 180.0) % 360.0 - 180.0])


def _kilometres(ring: Floats, region: Region) -> Floats:
    """A ring in degrees, as kilometres east and north of a region's centre."""
    east, north = ring.T
    return np.column_stack(
        [
            (east - region.longitude) * KM_A_DEGREE * _narrowing(region),
            (north - region.latitude) * KM_A_DEGREE,
        ]
    )


def _spiral(points: int, reach: float, turn: float) -> Floats:
    """Points evenly over a disc about (0, 0), from within outward; (n, 2)."""
    step = np.arange(points) + 0.5
    spots = np.column_stack([np.cos(step * GOLDEN_ANGLE + turn), np.sin(step * GOLDEN_ANGLE + turn)])
    return spots * (reach * np.sqrt(step / points))[:, None]


def _within(spots: Floats, others: Floats, rings: Sequence[Floats]) -> Floats:
    """Those that lie nearer to (0, 0) than to any other centre, and inside the rings, if there are any."""
    # Centres that all but coincide can't be told apart on the map: they overlap.
    for other in others[np.hypot(others[:, 0], others[:, 1]) > 1.0]:
        spots = spots[spots @ other <= 0.5 * (other @ other)]
    return spots[inside(rings, spots)] if rings else spots


def _spots(
    n: int, reach: float, others: Floats, turn: float, rings: Sequence[Floats]
) -> tuple[Floats, float]:
    """n points evenly over a disc around (0, 0), less what lies nearer to another centre or outside the rings; (n, 2).

    Also the spacing: the radius of a disc as large as each point's share. Kilometres; the points run outward.
    """
    points = n
    while True:
        spots = _within(_spiral(points, reach, turn), others, rings)
        if len(spots) >= n:
            return spots[:n], reach / math.sqrt(points)
        share = len(spots) / points
        points += max(1, points // 8)
        if rings and share > 0.0:  # with a coast it may be a small share, which is found by fewer tries
            points = max(points, int(0.95 * n / share))
        if points > MOST_TRIES * n:  # a centre at sea, with hardly any land within reach
            points, reach = n, 1.25 * reach


# What no register counts: a municipality's history with foreigners, its internationalisation, its industry. They are
# drawn for synthetic and real municipalities by the same rule. All three are assumptions: Tsuda (2008) names the
# causes, not their figures. A municipality's luck depends on the seed and its own code alone, so that a row edited or
# added elsewhere does not draw it anew.

# Scales on which a municipality is called large or prosperous: near the middle and the deviation of Japan's.
_LOG_POPULATION = (10.1, 1.5)
_FISCAL_STRENGTH = (0.56, 0.33)
_LOG_FOREIGN_SHARE_SD = 0.9
SCALES = np.array(
    [_LOG_POPULATION[1], _FISCAL_STRENGTH[1], _LOG_FOREIGN_SHARE_SD]
)  # log size, strength, log share


def luck_of_places(seed: int, codes: list[str], what: str) -> Floats:
    """Three standard normal numbers for each code and purpose, shape (P, 3)."""
    uniform = np.empty((len(codes), 3))
    for row, code in enumerate(codes):
        digest = hashlib.blake2b(f"{what}/{seed}/{code}".encode(), digest_size=24).digest()
        # 53 bits, centred in their cell: never 0 or 1.
        uniform[row] = ((np.frombuffer(digest, dtype="<u8") >> np.uint64(11)) + 0.5) / 2.0**53
    return scipy.special.ndtri(uniform)


def factor_of(luck: Floats, deviation: Floats | float) -> Floats:
    """Factors of 1 in the mean, whose logarithm has this standard deviation, from standard normal luck."""
    return np.exp(deviation * luck - 0.5 * deviation**2)


def luck_of_regions(seed: int, names: Sequence[str]) -> Floats:
    """A standard normal number for each wider region, (R,): how long its history with foreigners and minorities is."""
    return luck_of_places(seed, list(names), "autonomy")[:, 0]


_REGIONAL_HISTORY = 0.45  # of the luck of a place's history, what it shares with its region


def draw_traits(
    seed: int,
    codes: list[str],
    regional: Floats,
    region: npt.NDArray[np.int64],
    population: Floats,
    foreign_residents: Floats,
    fiscal_strength: Floats,
) -> Floats:
    """History, internationalisation and industry of each municipality, shape (P, 3), each in 0 to 1.

    history: long experience with foreigners and minorities. Rare: a quarter of the places lie above 0.25 and
        one in twenty-five above 0.8; more often in large places, where foreigners are many for the region, and in
        regions of a long history (`regional`: (P,) the luck of each place's).
    internationalisation: exchange programmes of earlier years, sister cities, an international desk: the
        more, the larger and the more prosperous the place.
    industry: a factory town (1) rather than a city of services or a village (0): prosperous and middle-sized.
    """
    luck = luck_of_places(seed, codes, "traits")
    size = size_of(population)
    wealth = _scaled(fiscal_strength, *_FISCAL_STRENGTH)
    # Against the own region, not the country: a row added elsewhere must not change what is drawn here.
    there = np.bincount(region, foreign_residents) / np.bincount(region, population)
    share = (foreign_residents + 0.5) / (population + 1.0)
    presence = _scaled(np.log(share / (there[region] + 1e-6)), 0.0, _LOG_FOREIGN_SHARE_SD)

    own = math.sqrt(1.0 - _REGIONAL_HISTORY**2)
    of_history = _REGIONAL_HISTORY * regional + own * luck[:, 0]
    history = scipy.special.ndtr(0.35 * size + 0.30 * presence + 0.89 * of_history) ** 4
    internationalisation = scipy.special.expit(0.9 * size + 0.5 * wealth + 0.8 * luck[:, 1] - 1.2)
    beside = _LUCK_OF_INDUSTRY * luck_left(population) * luck[:, 2]
    industry = industry_of(population, fiscal_strength, beside)
    return np.column_stack([history, internationalisation, industry])


def draw_will(seed: int, codes: list[str]) -> Floats:
    """(P,) lasting political will of each municipality, in standard deviations: luck alone."""
    return luck_of_places(seed, codes, "will")[:, 0]


_LUCK_OF_INDUSTRY = 0.9


def industry_of(population: Floats, fiscal_strength: Floats, beside: Floats) -> Floats:
    """(P,) how far a place is a factory town, 0 to 1; `beside`: what else is known or drawn of it (logits)."""
    size, wealth = size_of(population), _scaled(fiscal_strength, *_FISCAL_STRENGTH)
    return scipy.special.expit(1.1 * wealth - 0.5 * (size - 0.7) ** 2 + beside - 0.2)


def luck_left(population: Floats) -> Floats:
    """(P,) how much of the luck of one workplace, or trade, is left in a place of this size: a large city is many of
    them, whose luck averages out, and a small town may live on one."""
    return 1.0 / np.sqrt(1.0 + population / _ONE_WORLD_OF_WORK)


_ONE_WORLD_OF_WORK = 100_000.0  # residents: an assumption


def size_of(population: Floats) -> Floats:
    """(P,) how large a place is, in standard deviations from the middle of Japan's; from -3 to 3."""
    return _scaled(np.log(np.maximum(1.0, population)), *_LOG_POPULATION)


def _scaled(value: Floats, middle: float, deviation: float) -> Floats:
    return np.clip((value - middle) / deviation, -3.0, 3.0)
