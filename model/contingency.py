"""What makes cities differ that are alike in every figure (B6, B10, B12), drawn by `places_seed`, or given: will.

Drawn from a place's own code, or its wider region's name: a row elsewhere in the table changes nothing here. The luck
of a run decides what becomes of it (elections, agendas): a study may vary the two apart.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ..agents.cities.hostility import MOST_PREJUDICE
from ..scenarios.places import Places
from ..scenarios.places_draw import factor_of, luck_of_places, luck_of_regions
from .made_once import made_once

Floats = npt.NDArray[np.float64]

UNEVEN_PREJUDICE = 0.5  # standard deviation of its logarithm


def draw_contingency(cities: np.ndarray, places: Places) -> None:
    """Write lasting will, autonomy and prejudice into the cities (P,)."""
    cities["own_will"], cities["own_autonomy"], cities["own_prejudice"] = _contingency(places)


@made_once(8)  # a study may vary places_seed
def _contingency(places: Places) -> tuple[Floats, Floats, Floats]:
    """(P,) each: will, in standard deviations; autonomy of the wider region, -1 to 1; prejudice, 1 in the mean."""
    prejudice = luck_of_places(places.seed, places.code, "will")[:, 1]
    by_region = luck_of_regions(places.seed, places.wider_regions)  # that of the history of its places, too
    prejudice = factor_of(prejudice, UNEVEN_PREJUDICE)
    return places.will, 2.0 * ndtr(by_region)[places.region] - 1.0, np.minimum(MOST_PREJUDICE, prejudice)
