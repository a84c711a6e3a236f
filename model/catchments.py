"""Catchments (C11): which NGOs the people of a place have in view, and how far the distance lets these help.

An office helps in full where it is, half as much at `ngos.reach`, and nobody where less than LEAST is left. Of each
kind people have the nearest few in view. Laid out once a year, when NGOs have been founded and have closed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..agents.mechanism import mechanism
from ..agents.municipality import NEAREST
from ..scenarios import Places
from .geography import on_globe

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

EARTH = 6371.0  # km
LEAST = 0.05  # part of its help below which an office is out of reach
_SAME = 6  # decimals of distances and weights: what a processor makes of the last bits decides nothing
_PART = 1024  # towns looked from at a time

mechanism(
    "C11",
    "Catchment",
    "an NGO sits where the excluded are or in a seat of government, and its help thins out with distance",
    without={"ngos.reach": 0.0, "ngos.at_seat": 0.0},
    instead="off, an NGO helps in its own municipality alone, and is founded where its founders live",
)


def spots_of(places: Places) -> Floats:
    """Where each place lies, from the centre of the globe, in km; shape (P, 3)."""
    return EARTH * on_globe(places.latitude, places.longitude)


def seats_of(places: Places) -> Rows:
    """Row of the largest place of each place's region, the first of equals; shape (P,)."""
    order = np.lexsort((np.arange(len(places.region)), -places.population, places.region))
    first = order[np.flatnonzero(np.diff(places.region[order], prepend=-1))]
    seat = np.zeros(int(places.region.max()) + 1, np.int64)
    seat[places.region[first]] = first
    return seat[places.region]


class Catchments:
    """Lays them out for places at `spots` (P, 3): see `spots_of`. Which places a town's NGOs reach, and what distance
    leaves of their help, is kept: neither changes from year to year."""

    def __init__(self, spots: Floats, n_kinds: int) -> None:
        self._spots, self._n_kinds = spots, n_kinds
        self._reach = 0.0
        self._reached: dict[int, tuple[Rows, Floats]] = {}  # by town

    def lay_out(self, homes: Rows, kinds: Rows, reach: float) -> tuple[Rows, Floats]:
        """Of each place and kind the nearest NGOs, and what distance leaves of their help; (P, n_kinds, NEAREST) each,
        -1 and 0 where there are no more.

        `homes`, `kinds` (N,): place and kind of each NGO, as the register has them; `reach` (km): see `ngos.reach`.
        Of NGOs equally far the first in the register is the nearer one.
        """
        near = np.full((len(self._spots), self._n_kinds, NEAREST), -1, np.int64)
        weight = np.zeros(near.shape)
        if not len(homes):
            return near, weight
        ngo, place, left = self._within_reach(homes, reach)
        cell = place * self._n_kinds + kinds[ngo]
        order = np.lexsort((ngo, -left, cell))
        cell, ngo, left = cell[order], ngo[order], left[order]
        first = np.flatnonzero(np.diff(cell, prepend=-1))
        turn = np.arange(len(cell)) - np.repeat(first, np.diff(np.append(first, len(cell))))
        seen = turn < NEAREST
        at = np.unravel_index(cell[seen] * NEAREST + turn[seen], near.shape)
        near[at], weight[at] = ngo[seen], left[seen]
        return near, weight

    def _within_reach(self, homes: Rows, reach: float) -> tuple[Rows, Rows, Floats]:
        """Pairs of an NGO and a place it reaches, and what is left of its help there."""
        if reach <= 0.0:
            return np.arange(len(homes)), homes.astype(np.int64), np.ones(len(homes))
        if reach != self._reach:
            self._reach, self._reached = reach, {}
        self._look_from([town for town in np.unique(homes).tolist() if town not in self._reached])
        reached = [self._reached[home] for home in homes.tolist()]
        ngo = np.repeat(np.arange(len(homes)), [len(place) for place, _ in reached])
        place, left = (np.concatenate(each) for each in zip(*reached, strict=True))
        return ngo, place, left

    def _look_from(self, towns: list[int]) -> None:
        """Find out what is within reach of towns that have had no NGO before."""
        for start in range(0, len(towns), _PART):
            part = towns[start : start + _PART]
            distance = np.linalg.norm(self._spots[part][:, None] - self._spots, axis=2)
            weights = np.round(0.5 ** np.round(distance / self._reach, _SAME), _SAME)
            for town, left in zip(part, weights, strict=True):
                places = np.flatnonzero(left >= LEAST)
                self._reached[town] = places, left[places]
