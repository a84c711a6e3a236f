"""Who is near whom: neighbours on the globe, similar places, and the rows of each region."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from ..scenarios.places import Places

Floats = npt.NDArray[np.float64]

# Distances that differ by less than this count as equal, so that the last bit decides nothing (6 micrometres
# on the globe, where the unit is the earth's radius).
_SAME = 12  # decimals
_SPARE = 8  # more than asked for, to see ties at the edge


def neighbours(latitude: Floats, longitude: Floats, k: int = 6) -> npt.NDArray[np.uint16]:
    """Rows of the k nearest other places by great-circle distance, nearest first; shape (P, k).

    Degrees in, arrays (P,). Equal distances go by row. With fewer than k other places these repeat; a place
    alone in the world is its own neighbour.
    """
    north, east = np.radians(latitude), np.radians(longitude)
    # The straight line through the earth grows with the distance along its surface: the order is the same.
    ring = np.cos(north)
    return _nearest(np.column_stack([ring * np.cos(east), ring * np.sin(east), np.sin(north)]), k)


def similar(places: Places, k: int = 6) -> npt.NDArray[np.uint16]:
    """Rows of the k other places most alike in size, fiscal strength and foreign share; shape (P, k).

    Each is measured in standard deviations over all places, size and share as logarithms. Ties and too few
    places as in `neighbours`.
    """
    share = np.maximum(places.foreign_residents, 0.5) / places.population
    columns = np.column_stack([np.log(places.population), places.fiscal_strength, np.log(share)])
    deviation = columns.std(axis=0)
    # A column in which all are alike says nothing; rounding must not make it speak.
    scale = np.where(deviation > 1e-9, deviation, np.inf)
    return _nearest((columns - columns.mean(axis=0)) / scale, k)


def region_bounds(region: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """First row and the row after the last of each region; shape (R, 2). The regions 0 to R-1 in order."""
    region = np.asarray(region, dtype=np.int64)
    if len(region) == 0:
        return np.empty((0, 2), dtype=np.int64)
    starts = np.flatnonzero(np.diff(region, prepend=-1))
    if not np.array_equal(region[starts], np.arange(len(starts))):
        raise ValueError("the places of each region must follow one another, regions in order")
    return np.column_stack([starts, np.append(starts[1:], len(region))])


def _nearest(points: Floats, k: int) -> npt.NDArray[np.uint16]:
    """Rows of the k nearest other points, ties by row; shape (P, k). At most 65,535 points."""
    places = len(points)
    if places > np.iinfo(np.uint16).max:
        raise ValueError(f"{places} places; at most {np.iinfo(np.uint16).max} have room in 16 bits")
    if places <= 1:
        return np.zeros((places, k), dtype=np.uint16)
    wanted = min(k, places - 1)
    asked = min(places, wanted + 1 + _SPARE)
    distance, row = cKDTree(points).query(points, k=asked)
    order = _by_distance_then_row(distance, row, np.arange(places))
    found = np.take_along_axis(row, order, axis=1)[:, :wanted]
    if asked < places:
        # Where the last one asked for is no further than the last one wanted, more of them may tie.
        ranked = np.round(np.take_along_axis(distance, order, axis=1), _SAME)
        for place in np.flatnonzero(ranked[:, wanted - 1] >= np.round(distance[:, -1], _SAME)):
            straight = np.linalg.norm(points - points[place], axis=1)
            everyone = np.arange(places)
            ordered = _by_distance_then_row(straight[None], everyone[None], np.array([place]))[0]
            found[place] = ordered[:wanted]
    return found[:, np.arange(k) % wanted].astype(np.uint16)


def _by_distance_then_row(
    distance: Floats, row: npt.NDArray[np.integer], own: npt.NDArray[np.integer]
) -> npt.NDArray[np.integer]:
    """Order of each line's entries: nearest first, equals by row, the place itself last; shape as given."""
    far = np.where(row == own[:, None], np.inf, np.round(distance, _SAME))
    return np.lexsort((row, far), axis=1)
