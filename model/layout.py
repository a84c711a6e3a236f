"""The records of a run, made for as many services, needs, doors, kinds of NGO, trades and places as its scenario has.

Machine code is compiled for each layout, once. Shipped scenarios have three, since countries differ in their doors of
entry: Japan's and all that extend it (21 doors), Italy and Spain (11, and one more trade), Korea (9). A field has room
for as many as there are, and rules go through all of them every month, so that one layout for all would make the
smaller countries go through doors that nobody comes by.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ..agents.migrant import migrant_dtype
from ..agents.municipality import municipality_dtype
from ..scenarios.schema import SHIPPED, Parameters
from .counters import census_dtype, log_dtype, nation_dtype, place_dtype, region_dtype

_FLAG_BITS = 1  # beside those of services (see agents/services.py)


@dataclass(frozen=True)
class Layout:
    """The dtypes of a run's records."""

    migrant: np.dtype
    municipality: np.dtype
    place: np.dtype
    region: np.dtype
    nation: np.dtype
    census: np.dtype
    log: np.dtype


def layout_of(parameters: Parameters, places: int = 0) -> Layout:
    """The layout for the entries of these parameters, and so many places."""
    row = np.uint16 if places <= np.iinfo(np.uint16).max else np.uint32
    return _layout(**parameters.counts(), row=row)


@cache
def _layout(services: int, needs: int, doors: int, ngo_kinds: int, trades: int, row: type) -> Layout:
    service_bits = _bits(services + _FLAG_BITS, 16)
    kind_bits = _bits(ngo_kinds, 8)
    return Layout(
        migrant=migrant_dtype(service_bits, kind_bits, row),
        municipality=municipality_dtype(services, needs, doors, ngo_kinds, trades, kind_bits, row),
        place=place_dtype(doors, ngo_kinds, needs, trades),
        region=region_dtype(needs),
        nation=nation_dtype(doors),
        census=census_dtype(doors),
        log=log_dtype(np.int32 if services < 32 else np.int64),
    )


def _bits(number: int, narrow: int) -> type:
    """The narrowest type for so many bits that is at least `narrow` bits wide."""
    for width, kind in ((8, np.uint8), (16, np.uint16), (32, np.uint32)):
        if max(number, narrow) <= width:
            return kind
    return np.uint64


SHIPPED_LAYOUT = layout_of(SHIPPED)
