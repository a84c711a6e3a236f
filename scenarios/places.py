"""The places of a run: the municipalities, drawn from a table of regions or taken from real ones."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .errors import ScenarioError, did_you_mean
from .places_draw import Towns, draw_municipalities, draw_traits, draw_will, luck_of_regions
from .places_shipped import FORMER as FORMER
from .places_shipped import PLACES_FOLDER as PLACES_FOLDER
from .places_shipped import SHIPPED, UNKNOWN, TableInfo, info_of
from .places_shipped import shipped_table as shipped_table
from .places_table import NUMBERS, TRAITS, Municipality, Region, read_table
from .schema import SHIPPED as SHIPPED_PARAMETERS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Observation(NamedTuple):
    """A service that was seen in a place: its row among the places, the service, the date ("2006" for the end of that
    year, or "2006-04"), and the level, 0 to 1."""

    place: int
    service: str
    date: str
    level: float


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
    will: Floats  # standard deviations: lasting political will to do something for migrants
    level: Floats  # (P, services of the scenario) starting level, 0 to 1
    has_level: bool  # whether the table says where the services start
    synthetic: bool  # drawn from a table of regions
    source: str
    packed_table: bytes = b""  # the table they were read from, compressed; of a shipped one nothing
    name_local: tuple[str, ...] = ()  # in the country's own script; () where the table does not say
    observed: tuple[Observation, ...] = ()
    about: TableInfo = UNKNOWN
    seed: int = 1  # luck of all that is drawn of places
    wider: tuple[str, ...] = ()  # (R,) the wider region of each region; () where each is one of its own

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def own_table(self) -> bytes | None:
        """The CSV file that they were read from, unless it comes with the package."""
        return zlib.decompress(self.packed_table) if self.packed_table else None

    def __len__(self) -> int:
        return len(self.code)

    @property
    def wider_regions(self) -> Sequence[str]:
        """(R,) what each belongs to: a province to a region with a government of its own, others to themselves."""
        return self.wider or self.regions

    @property
    def named(self) -> bool:
        """Whether these may be towns that exist: no draw, and not known to be made up."""
        return not self.synthetic and not self.about.made_up

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all that can change a run: names, codes, regions, arrays, `has_level`, `seed`, observations.

        Numbers count with single precision: what is drawn has exponentials in it, and processors differ in their last
        bit.
        """
        digest = hashlib.sha256()
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                kind = "<i8" if value.dtype.kind == "i" else "<f4"
                digest.update(f"{name}{value.shape}".encode() + value.astype(kind).tobytes())
            elif isinstance(value, (list, int)) or (isinstance(value, tuple) and value):
                digest.update(f"{name}{value!r}".encode())
        return digest.hexdigest()


def load_places(
    path: str | Path, *, seed: int, services: Sequence[str] = SHIPPED_PARAMETERS.services.names
) -> Places:
    """Read a table of places, and draw what it leaves open.

    path: a CSV file, of regions or of municipalities (columns in data/README.md).
    seed: the luck of the draw. The same table and seed give the same places.
    services: those of the scenario, of which the table may say the starting levels.
    Raises ScenarioError for a missing file and for anything wrong in it.
    """
    path = Path(path)
    if not os.path.exists(path):  # unlike Path.exists, False for a name that is too long or malformed
        raise ScenarioError(f"there is no table of places '{path}'", hint=did_you_mean(path.name, SHIPPED))
    table, about = read_table(path, services), info_of(path)
    local: tuple[str, ...] = ()
    observed: tuple[Observation, ...] = ()
    if table.regions:
        towns = draw_municipalities(table.regions, seed, about)
        names, codes = ([getattr(region, each) for region in table.regions] for each in ("name", "code"))
        level = np.zeros((len(towns.code), len(services)))
        given = np.full((len(towns.code), len(TRAITS)), np.nan)
    else:
        # Regions in the order of their first municipality's code; rows are sorted by code already.
        names = codes = list(dict.fromkeys(row.region for row in table.municipalities))
        order = {name: number for number, name in enumerate(names)}
        rows = sorted(table.municipalities, key=lambda row: order[row.region])
        columns = {field.name: [getattr(row, field.name) for row in rows] for field in fields(Municipality)}
        numbers = {each: np.array(columns[each]) for each in NUMBERS}
        region = np.array([order[each] for each in columns["region"]])
        towns = Towns(code=columns["code"], name=columns["name"], region=region, **numbers)
        level = np.array(columns["level"])
        local = tuple(columns["name_local"]) if any(columns["name_local"]) else ()
        observed = tuple(Observation(n, *seen) for n, each in enumerate(columns["observed"]) for seen in each)
        given = np.column_stack([columns[each] for each in TRAITS])
    people, foreign = towns.population.astype(np.float64), towns.foreign_residents.astype(np.float64)
    wider = _wider(table.regions)
    regional = luck_of_regions(seed, wider or names)[towns.region]
    traits = draw_traits(seed, towns.code, regional, towns.region, people, foreign, towns.fiscal_strength)
    drawn = np.column_stack([traits, draw_will(seed, towns.code)])
    is_shipped = path.parent.resolve() == PLACES_FOLDER.resolve()
    return Places(
        code=towns.code,
        name=towns.name,
        region=towns.region,
        regions=names,
        region_codes=list(codes),
        latitude=towns.latitude,
        longitude=towns.longitude,
        population=people,
        foreign_residents=foreign,
        fiscal_strength=towns.fiscal_strength,
        **dict(zip(TRAITS, np.where(np.isnan(given), drawn, given).T, strict=True)),
        level=level,
        has_level=table.has_level,
        synthetic=bool(table.regions),
        source=about.source,
        name_local=local,
        observed=observed,
        about=about,
        packed_table=b"" if is_shipped else zlib.compress(table.raw, 1),
        seed=seed,
        wider=wider,
    )


def drawn_anew(places: Places, name: str, seed: int, services: tuple[str, ...]) -> Places:
    """The places of the same table, with another luck of all that is drawn of them.

    name: the table's, as the scenario has it. Errors: ScenarioError for places that were read from no table.
    """
    if seed == places.seed:
        return places
    known = places.fingerprint, name, seed, services
    if known not in _DRAWN:
        while len(_DRAWN) >= _MOST_DRAWS:
            _DRAWN.pop(next(iter(_DRAWN)))
        _DRAWN[known] = _drawn_anew(places, name, seed, services)
    return _DRAWN[known]


_DRAWN: dict[tuple[str, str, int, tuple[str, ...]], Places] = {}  # the points of a study share their draws
_MOST_DRAWS = 16


def _drawn_anew(places: Places, name: str, seed: int, services: tuple[str, ...]) -> Places:
    own = places.own_table
    if own is None:
        shipped = shipped_table(name)
        if shipped is None:
            raise ScenarioError(f"the places of {name!r} can't be drawn anew", hint="they come from no table")
        return load_places(shipped, seed=seed, services=services)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "places.csv"
        copy.write_bytes(own)
        return load_places(copy, seed=seed, services=services)


def _wider(regions: Sequence[Region]) -> tuple[str, ...]:
    """The wider region of each, unless each is its own."""
    return tuple(each.wider or each.name for each in regions) if any(each.wider for each in regions) else ()
