"""What no register counts: a municipality's history with foreigners, its internationalisation, its industry.

There is no table of these, so they are drawn, for synthetic and real municipalities by the same rule. All
three are assumptions: Tsuda (2008) names the causes, not their figures. A municipality's luck depends on the
seed and its own code alone, so that a row edited or added elsewhere does not draw it anew.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr, ndtri

Floats = npt.NDArray[np.float64]

# Scales on which a municipality is called large or prosperous: near the middle and the deviation of Japan's.
_LOG_POPULATION = (10.1, 1.5)
_FISCAL_STRENGTH = (0.56, 0.33)
_LOG_FOREIGN_SHARE_SD = 0.9


def _luck(seed: int, codes: list[str]) -> Floats:
    """Three standard normal numbers for each code, shape (P, 3)."""
    uniform = np.empty((len(codes), 3))
    for row, code in enumerate(codes):
        digest = hashlib.blake2b(f"traits/{seed}/{code}".encode(), digest_size=24).digest()
        # 53 bits, centred in their cell: never 0 or 1.
        uniform[row] = ((np.frombuffer(digest, dtype="<u8") >> np.uint64(11)) + 0.5) / 2.0**53
    return ndtri(uniform)


def draw_traits(
    seed: int,
    codes: list[str],
    region: npt.NDArray[np.int64],
    population: Floats,
    foreign_residents: Floats,
    fiscal_strength: Floats,
) -> Floats:
    """History, internationalisation and industry of each municipality, shape (P, 3), each in 0 to 1.

    history: long experience with foreigners and minorities. Rare: a quarter of the places lie above 0.25 and
        one in twenty-five above 0.8; more often in large places and where foreigners are many for the region.
    internationalisation: exchange programmes of earlier years, sister cities, an international desk: the
        more, the larger and the more prosperous the place.
    industry: a factory town (1) rather than a city of services or a village (0): prosperous and middle-sized.
    """
    luck = _luck(seed, codes)
    size = _scaled(np.log(population), *_LOG_POPULATION)
    wealth = _scaled(fiscal_strength, *_FISCAL_STRENGTH)
    # Against the own region, not the country: a row added elsewhere must not change what is drawn here.
    there = np.bincount(region, foreign_residents) / np.bincount(region, population)
    share = (foreign_residents + 0.5) / (population + 1.0)
    presence = _scaled(np.log(share / (there[region] + 1e-6)), 0.0, _LOG_FOREIGN_SHARE_SD)

    history = ndtr(0.35 * size + 0.30 * presence + 0.89 * luck[:, 0]) ** 4
    internationalisation = expit(0.9 * size + 0.5 * wealth + 0.8 * luck[:, 1] - 1.2)
    industry = expit(1.1 * wealth - 0.5 * (size - 0.7) ** 2 + 0.9 * luck[:, 2] - 0.2)
    return np.column_stack([history, internationalisation, industry])


def _scaled(value: Floats, middle: float, deviation: float) -> Floats:
    return np.clip((value - middle) / deviation, -3.0, 3.0)
