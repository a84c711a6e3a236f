"""Where places crowd: the parts of a country that its map is too small for, to be shown larger beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..scenarios.outlines import Window

SIDE = 1 / 9  # of a window where places crowd, of the map's longer side
LEAST_CROWD = 0.08  # of the people live there, or it is not worth a box
LEAST_PLACES = 12
MOST_CROWDS = 2
TRIED = 150


def crowds(data: pd.DataFrame, people: str) -> list[tuple[str, Window]]:
    """The windows where places crowd, that with most people first, each with the name of the region that has most of
    them, in the letters that names of towns have (Osaka); often none. `people`: the column that counts them; others
    used: longitude, latitude, region_name."""
    found = list[tuple[str, Window]]()
    for _ in range(MOST_CROWDS):
        window = _crowded(data, people, [each for _, each in found])
        if window is None:
            break
        there = data[window.holds(data["longitude"], data["latitude"])]
        most = there.groupby("region_name", observed=True)[people].sum().idxmax()
        found.append((_plain(str(most)), window))
    return found


def _plain(name: str) -> str:
    """The name without macrons."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).replace("\u0304", ""))


def _crowded(data: pd.DataFrame, people: str, taken: Sequence[Window]) -> Window | None:
    """The square about a place that holds most people, where a map is too small for its places, and that touches none
    of `taken`; often none."""
    if len(data) < 4 * LEAST_PLACES:
        return None
    north, east, number = data["latitude"], data["longitude"], data[people]
    stretch = 1 / max(0.05, float(np.cos(np.radians(north.mean()))))
    half = SIDE / 2 * max(float(np.ptp(north)), float(np.ptp(east)) / stretch)
    best, most = None, 0.0
    for row in data.nlargest(TRIED, people).itertuples():
        x, y = float(str(row.longitude)), float(str(row.latitude))
        window = Window(x - half * stretch, y - half, x + half * stretch, y + half)
        if any(window.touches(other) for other in taken):
            continue
        inside = window.holds(east, north)
        few = number[inside].sum() < LEAST_CROWD * number.sum()
        # What lies in its middle counts for more: the box is about a town, and not between two.
        off = np.maximum((east - x).abs() / (half * stretch), (north - y).abs() / half)
        here = float((number * np.maximum(0.0, 1 - off)).sum())
        if inside.sum() >= LEAST_PLACES and not few and here > most:
            best, most = window, here
    return best
