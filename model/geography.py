"""Who is near whom: neighbours on the globe, similar places, and the rows of each region."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded as they are used

from ..scenarios.places import Places
from ..scenarios.places_draw import SCALES

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Distances that differ by less than this count as equal, so that the last bit decides nothing (6 micrometres
# on the globe, where the unit is the earth's radius).
_SAME = 12  # decimals
_SPARE = 8  # more than asked for, to see ties at the edge
_PART = 32_768  # spots asked about at a time


def on_globe(latitude: Floats, longitude: Floats) -> Floats:
    """Points given in degrees, from the centre of a globe of radius 1; shape (P, 3)."""
    north, east = np.radians(latitude), np.radians(longitude)
    ring = np.cos(north)
    return np.column_stack([ring * np.cos(east), ring * np.sin(east), np.sin(north)])


def nearest_places(latitude: Floats, longitude: Floats, k: int) -> Rows:
    """Rows of the k nearest other places by great-circle distance, nearest first; shape (P, k), degrees (P,).

    Equal distances go by row. With fewer than k other places these repeat; a place alone in the world is its own
    neighbour.
    """
    # The straight line through the earth grows with the distance along its surface: the order is the same.
    return _nearest(on_globe(latitude, longitude), k)


def neighbours(places: Places, k: int = 6) -> Rows:
    """Rows of the k nearest other places with foreign residents, as `nearest_places` finds them; shape (P, k).

    Places without foreign residents are nobody's neighbours: there is nothing to see there.
    """
    points = on_globe(places.latitude, places.longitude)
    return _nearest_with_foreigners(points, places.foreign_residents > 0.0, k)


def similar(places: Places, k: int = 6) -> Rows:
    """Rows of the k other places most alike in size, fiscal strength and foreign share; shape (P, k).

    Each is measured in standard deviations of Japan's places, size and share as logarithms: on scales that no other
    row of the table changes. Ties, too few places and places without foreign residents as in `neighbours`.
    """
    share = np.maximum(places.foreign_residents, 0.5) / places.population
    columns = np.column_stack([np.log(places.population), places.fiscal_strength, np.log(share)])
    return _nearest_with_foreigners(columns / SCALES, places.foreign_residents > 0.0, k)


def _nearest_with_foreigners(points: Floats, has: npt.NDArray[np.bool_], k: int) -> Rows:
    """Rows of the k nearest other points among those that have foreign residents; shape (P, k)."""
    if has.all() or not has.any():
        return _nearest(points, k)
    inhabited = np.flatnonzero(has)
    found = np.empty((len(points), k), np.int64)
    found[inhabited] = inhabited[_nearest(points[inhabited], k)]
    for row in np.flatnonzero(~has):
        distance = np.round(np.linalg.norm(points[inhabited] - points[row], axis=1), _SAME)
        found[row] = inhabited[np.argsort(distance, kind="stable")[np.arange(k) % len(inhabited)]]
    return found


def region_bounds(region: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """First row and the row after the last of each region; shape (R, 2). The regions 0 to R-1 in order."""
    region = np.asarray(region, dtype=np.int64)
    if len(region) == 0:
        return np.empty((0, 2), dtype=np.int64)
    starts = np.flatnonzero(np.diff(region, prepend=-1))
    if not np.array_equal(region[starts], np.arange(len(starts))):
        raise ValueError("the places of each region must follow one another, regions in order")
    return np.column_stack([starts, np.append(starts[1:], len(region))])


def _all_of(spots: Floats) -> Callable[[Floats, range], tuple[Floats, Rows]]:
    """What asks so few spots that a tree would give all of them in any case: of each of some points the distances to
    all, and which these are."""

    def ask(some: Floats, _: range) -> tuple[Floats, Rows]:
        distance = np.linalg.norm(some[:, None] - spots, axis=2)
        return distance, np.broadcast_to(np.arange(len(spots)), distance.shape)

    return ask


def _nearest(points: Floats, k: int) -> Rows:
    """Rows of the k nearest other points, ties by row; shape (P, k).

    Points may lie on one spot, many of them even: a tree of the spots is asked, and those of a spot follow by row.
    """
    places = len(points)
    if places <= 1:
        return np.zeros((places, k), np.int64)
    wanted = min(k, places - 1)
    order = np.lexsort(points.T)  # row after row within a spot
    begins = np.any(np.diff(points[order], axis=0, prepend=np.nan) != 0.0, axis=1)
    first = np.flatnonzero(begins)
    size = np.diff(first, append=places)
    spots = points[order[first]]
    nearest = np.empty((len(spots), wanted + 1), np.int64)  # of everybody, those on the spot among them
    asked = min(len(spots), wanted + 1 + _SPARE)
    ask = _all_of(spots) if asked == len(spots) else scipy.spatial.cKDTree(spots).query
    waiting = [(part, asked) for part in np.split(np.arange(len(spots)), range(_PART, len(spots), _PART))]
    while waiting:
        part, asked = waiting.pop()
        distance, near = ask(spots[part], range(1, asked + 1))
        distance = np.round(distance, _SAME)
        turn = np.arange(min(wanted + 1, size[near].max()))
        there = turn < size[near][:, :, None]
        row = order[np.minimum(first[near][:, :, None] + turn, places - 1)].reshape(len(part), -1)
        far = np.where(there, distance[:, :, None], np.inf).reshape(len(part), -1)
        ranked = np.lexsort((row, far), axis=1)[:, : wanted + 1]
        nearest[part] = np.take_along_axis(row, ranked, axis=1)
        # Where the last spot asked for is no further than the last place wanted, more of them may tie.
        edge = np.take_along_axis(far, ranked[:, -1:], axis=1)[:, 0]
        unsure = part[edge >= distance[:, -1]] if asked < len(spots) else part[:0]
        if len(unsure):
            waiting.append((unsure, min(len(spots), 2 * asked)))
    spot_of = np.empty(places, np.int64)
    spot_of[order] = np.cumsum(begins) - 1
    found = nearest[spot_of]
    own = found == np.arange(places)[:, None]
    own[~own.any(axis=1), -1] = True  # one of many on a spot, with enough others before it
    return found[~own].reshape(places, wanted)[:, np.arange(k) % wanted]
