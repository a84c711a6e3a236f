"""Where the synthetic municipalities of a region lie: around its centre, the larger ones nearer to it.

A region table knows centres, no borders and no coast. How far a region reaches is read off the distance to
the centres around it, and every point belongs to the region whose centre is nearest; some lie in the sea.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .places_table import Region

Floats = npt.NDArray[np.float64]

KM_A_DEGREE = 111.2
# Reach of a region as a share of the mean distance to the two nearest centres: half of Japan's municipalities
# lie within 0.44 of it around their prefecture's centre.
REACH = 0.75
# Where centres are far apart or alone, the reach is set by the number of municipalities instead, up to that
# of a large island (km).
REACH_OF_ONE = 12.0
LARGEST_REACH = 150.0
# How strongly size draws to the centre; the rank correlation of size and distance comes out near the -0.32
# observed within Japan's prefectures.
CENTRALITY = 0.3
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))


def lay_out(
    regions: Sequence[Region], turns: Sequence[float], jitters: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """Latitude and longitude of all municipalities, each region's by falling population; arrays (P,).

    `turns` holds a number in 0 to 1 for each region, `jitters` an array (n, 3) of such numbers.
    """
    latitude = np.array([region.latitude for region in regions])
    longitude = np.array([region.longitude for region in regions])
    parts = []
    for row, region in enumerate(regions):
        others = np.delete(_offsets(latitude, longitude, region), row, axis=0)
        parts.append(_place_region(region, others, turns[row], jitters[row]))
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


def _place_region(region: Region, others: Floats, turn: float, jitter: Floats) -> Floats:
    """Latitude and longitude of one region's municipalities, shape (n, 2)."""
    n = region.municipalities
    if n == 1:
        return np.array([[region.latitude, region.longitude]])
    distances = np.sort(np.hypot(others[:, 0], others[:, 1]))[:2]
    reach = min(LARGEST_REACH, REACH_OF_ONE * math.sqrt(n))
    if len(distances):
        reach = min(reach, max(1.0, REACH * float(distances.mean())))
    spots, spacing = _spots(n, reach, others, 2.0 * math.pi * turn)
    # Points of the spiral lie at least 1.5 spacings apart, so half a spacing of jitter lets none meet.
    angle = 2.0 * math.pi * jitter[:, 0]
    length = 0.5 * spacing * np.sqrt(jitter[:, 1])
    spots = spots + np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    # By rank: from the largest at 0 to the smallest at 1, blurred by chance.
    rank = (np.arange(n) + 0.5) / n
    order = np.argsort(CENTRALITY * rank + (1.0 - CENTRALITY) * jitter[:, 2], kind="stable")
    placed = np.empty((n, 2))
    placed[order] = spots
    latitude = np.clip(region.latitude + placed[:, 1] / KM_A_DEGREE, -90.0, 90.0)
    longitude = region.longitude + placed[:, 0] / (KM_A_DEGREE * _narrowing(region))
    return np.column_stack([latitude, (longitude + 180.0) % 360.0 - 180.0])


def _spots(n: int, reach: float, others: Floats, turn: float) -> tuple[Floats, float]:
    """n points evenly over a disc around (0, 0), less what lies nearer to another centre; (n, 2).

    Also the spacing: the radius of a disc as large as each point's share. Kilometres; the points run outward.
    """
    points = n
    while True:
        step = np.arange(points) + 0.5
        radius = reach * np.sqrt(step / points)
        spots = np.column_stack([np.cos(step * GOLDEN_ANGLE + turn), np.sin(step * GOLDEN_ANGLE + turn)])
        spots *= radius[:, None]
        # Centres that all but coincide can't be told apart on the map: they overlap.
        for other in others[np.hypot(others[:, 0], others[:, 1]) > 1.0]:
            spots = spots[spots @ other <= 0.5 * (other @ other)]
        if len(spots) >= n:
            return spots[:n], reach / math.sqrt(points)
        points += max(1, points // 8)
