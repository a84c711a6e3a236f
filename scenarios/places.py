"""The places of a run: the municipalities, drawn from a table of regions or taken from real ones."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .errors import ScenarioError, nearest
from .places_draw import draw_municipalities
from .places_table import Municipality, Region, read_table
from .places_traits import draw_traits
from .schema import SHIPPED as SHIPPED_PARAMETERS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PLACES_FOLDER = Path(__file__).parent / "data"

# The tables that come with the package, and where their figures are from (data/README.md says more).
SHIPPED = {
    "japan_prefectures.csv": "Japan: Basic Resident Register (MIC, 31 March 2013); fiscal strength index "
    "(MIC, fiscal year 2008, 2011 where blank); aggregated to prefectures",
    "korea_provinces.csv": "Korea: census of 2015 (Statistics Korea), aggregated to provinces",
    "italy_regions.csv": "Italy: residents and municipalities about 2017, foreign residents 2019 (ISTAT)",
    "spain_provinces.csv": "Spain: annual census of 2021 (INE), born abroad, aggregated to provinces",
    "two-towns.csv": "assumption: two towns after Kawasaki and Kawaguchi in Tsuda 2008",
    "one-town.csv": "assumption: a town after Kawasaki in Tsuda 2008",
    "railway-line.csv": "assumption: a made-up row of towns, for teaching",
}


@dataclass(frozen=True, eq=False)
class Places:
    """The municipalities of a run; arrays (P,) and read-only. Each region's are contiguous, in code order."""

    code: list[str]
    name: list[str]
    region: Ints  # index into regions
    regions: list[str]
    region_codes: list[str]
    latitude: Floats  # degrees north
    longitude: Floats  # degrees east
    population: Floats  # residents
    foreign_residents: Floats  # residents; read for where foreigners live, not how many
    fiscal_strength: Floats  # index: own revenue as a share of standard need
    history: Floats  # 0 to 1: experience with foreigners and minorities
    internationalisation: Floats  # 0 to 1: earlier programmes of exchange
    industry: Floats  # 0 to 1: factory town rather than city of services
    level: Floats  # (P, services of the scenario) starting level, 0 to 1
    has_level: bool  # whether the table says where the services start
    synthetic: bool  # drawn from a table of regions
    source: str

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all that can change a run: names, codes, regions, every array and `has_level`."""
        digest = hashlib.sha256()
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                kind = "<i8" if value.dtype.kind == "i" else "<f8"
                digest.update(f"{name}{value.shape}".encode() + value.astype(kind).tobytes())
            elif isinstance(value, (list, bool)):
                digest.update(f"{name}{value!r}".encode())
        return digest.hexdigest()


def shipped_table(name: str) -> Path | None:
    """Path of a table that comes with the package, or None."""
    return PLACES_FOLDER / name if name in SHIPPED else None


def load_places(
    path: str | Path,
    *,
    seed: int,
    services: Sequence[str] = SHIPPED_PARAMETERS.services.names,
    where: str | None = None,
) -> Places:
    """Read a table of places, and draw what it leaves open.

    path: a CSV file, of regions or of municipalities (columns in data/README.md).
    seed: the luck of the draw. The same table and seed give the same places.
    services: those of the scenario, of which the table may say the starting levels.
    where: what named the table, for the message should it be missing ("japan.yaml:4").
    Raises ScenarioError for a missing file and for anything wrong in it.
    """
    path = Path(path)
    if not os.path.exists(path):  # unlike Path.exists, False for a name that is too long or malformed
        close = nearest(path.name, list(SHIPPED))
        hint = f"did you mean the shipped table '{close}'?" if close else None
        raise ScenarioError(f"there is no table of places '{path}'", file=where, hint=hint)
    table = read_table(path, services)
    source = SHIPPED[path.name] if path.parent.resolve() == PLACES_FOLDER.resolve() else path.name
    if table.regions:
        return _synthetic(table.regions, seed, source, len(services))
    return _real(table.municipalities, table.has_level, seed, source)


def _synthetic(regions: tuple[Region, ...], seed: int, source: str, services: int) -> Places:
    drawn = draw_municipalities(regions, seed)
    population = drawn.population.astype(np.float64)
    foreign = drawn.foreign_residents.astype(np.float64)
    traits = draw_traits(seed, drawn.code, drawn.region, population, foreign, drawn.fiscal_strength)
    return Places(
        code=drawn.code,
        name=drawn.name,
        region=drawn.region,
        regions=[region.name for region in regions],
        region_codes=[region.code for region in regions],
        latitude=drawn.latitude,
        longitude=drawn.longitude,
        population=population,
        foreign_residents=foreign,
        fiscal_strength=drawn.fiscal_strength,
        history=traits[:, 0],
        internationalisation=traits[:, 1],
        industry=traits[:, 2],
        level=np.zeros((len(drawn.code), services)),
        has_level=False,
        synthetic=True,
        source=source,
    )


def _real(rows: tuple[Municipality, ...], has_level: bool, seed: int, source: str) -> Places:
    # Regions in the order of their first municipality's code; rows are sorted by code already.
    regions = list(dict.fromkeys(row.region for row in rows))
    index = {name: number for number, name in enumerate(regions)}
    rows = tuple(sorted(rows, key=lambda row: index[row.region]))
    codes = [row.code for row in rows]
    region = np.array([index[row.region] for row in rows], dtype=np.int64)
    population = np.array([row.population for row in rows], dtype=np.float64)
    foreign = np.array([row.foreign_residents for row in rows], dtype=np.float64)
    fiscal = np.array([row.fiscal_strength for row in rows], dtype=np.float64)
    given = np.array([row.traits for row in rows], dtype=np.float64)  # None becomes nan
    drawn = draw_traits(seed, codes, region, population, foreign, fiscal)
    traits = np.where(np.isnan(given), drawn, given)
    return Places(
        code=codes,
        name=[row.name for row in rows],
        region=region,
        regions=regions,
        region_codes=list(regions),
        latitude=np.array([row.latitude for row in rows]),
        longitude=np.array([row.longitude for row in rows]),
        population=population,
        foreign_residents=foreign,
        fiscal_strength=fiscal,
        history=traits[:, 0],
        internationalisation=traits[:, 1],
        industry=traits[:, 2],
        level=np.array([row.level for row in rows]),
        has_level=has_level,
        synthetic=False,
        source=source,
    )
