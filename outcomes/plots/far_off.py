"""Places so far off that the map of all others would shrink for them: they get an inset box."""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST_MIGRANTS = 0.1  # where more of the migrants live is no appendix
LEAST_GAP = 0.1  # of the map's height or width, empty between them and the others
LEAST_GAIN = 1.25  # how much larger the others must become
WIDE = 1.6  # width of the room for a map, over its height


def far_off(data: pd.DataFrame) -> np.ndarray:
    """Which places lie beyond a wide gap, few migrants in them, and are better drawn apart; often none.

    Of all cuts through an empty strip from north to south or from east to west, the one that lets the rest be
    drawn largest; none, if that is less than a quarter larger.
    """
    chosen = np.zeros(len(data), dtype=bool)
    north = data["latitude"].to_numpy(dtype=float)
    east = data["longitude"].to_numpy(dtype=float) * np.cos(np.radians(north.mean())) if len(data) else north
    migrants = data["migrants"].to_numpy(dtype=float)
    best = LEAST_GAIN
    for along in (north, east):
        order = np.argsort(along, kind="stable")
        gaps = np.diff(along[order])
        for cut in np.flatnonzero(gaps > LEAST_GAP * np.ptp(along)) + 1:
            for group in (order[:cut], order[cut:]):
                apart = np.zeros(len(data), dtype=bool)
                apart[group] = True
                if migrants[apart].sum() > MOST_MIGRANTS * migrants.sum():
                    continue
                gain = _size(north, east) / max(1e-9, _size(north[~apart], east[~apart]))
                if gain >= best:
                    best, chosen = gain, apart
    return chosen


def _size(north: np.ndarray, east: np.ndarray) -> float:
    """What limits the scale of a map, in degrees of latitude."""
    return float(max(np.ptp(north), np.ptp(east) / WIDE))
