"""Outlines of a country's regions: the coast and the borders that its maps are drawn on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .places_shipped import PLACES_FOLDER

Floats = npt.NDArray[np.float64]
Ring = Floats  # (n, 2): degrees east and north, the first point again as the last


class Window(NamedTuple):
    """Part of a map, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which points lie in it."""
        x, y = np.asarray(longitude, float), np.asarray(latitude, float)
        return (x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north)

    def touches(self, other: Window) -> bool:
        """Whether they have a part in common."""
        across = self.west <= other.east and other.west <= self.east
        return across and self.south <= other.north and other.south <= self.north


@dataclass(frozen=True)
class Outlines:
    """The regions of a country, in the order of their codes, each the rings of its parts and of holes in them.

    `islands`: what lies so far off that a map shows it apart, by name.
    """

    regions: tuple[str, ...]
    rings: tuple[tuple[Ring, ...], ...]
    islands: tuple[tuple[str, Window], ...]

    def of(self, region: str) -> tuple[Ring, ...]:
        """The rings of a region; of the whole country, if none is called that."""
        if region in self.regions:
            return self.rings[self.regions.index(region)]
        return tuple(ring for rings in self.rings for ring in rings)


def outline_file(name: str) -> Path:
    """The GeoJSON file of the outlines that a shipped table names."""
    return PLACES_FOLDER / f"{name}.geojson"


@cache
def read_outlines(name: str) -> Outlines:
    """The outlines that a shipped table names (`TableInfo.outlines`)."""
    regions, rings = list[str](), list[tuple[Ring, ...]]()
    content = json.loads(outline_file(name).read_text(encoding="utf-8"))
    for feature in content["features"]:
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        regions.append(feature["properties"]["region"])
        rings.append(tuple(np.array(ring, np.float64) for part in parts for ring in part))
    islands = tuple((each["name"], Window(*each["bbox"])) for each in content["islands"])
    return Outlines(tuple(regions), tuple(rings), islands)


def inside(rings: Sequence[Ring], points: Floats) -> npt.NDArray[np.bool_]:
    """Which points (n, 2) lie within: a ray to the east crosses the rings an odd number of times."""
    crossings = np.zeros(len(points), np.int64)
    for ring in rings:
        (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
        near = np.flatnonzero(Window(west, south, east, north).holds(*points.T))
        if not len(near):
            continue
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        x, y = points[near, :1], points[near, 1:]
        spans = (y0 > y) != (y1 > y)
        with np.errstate(all="ignore"):
            meets = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        crossings[near] += (spans & (meets > x)).sum(axis=1)
    return crossings % 2 == 1
