"""Everything a run consists of: the records of all agents, the books, and what is shared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..agents.ngo import NGO
from . import month as kernels
from .engine import engine_called
from .geography import neighbours, region_bounds, similar
from .layout import Layout, layout_of
from .ledger import Ledger
from .thinning import Thinning
from .world import new_world, world_layout

if TYPE_CHECKING:
    from ..scenarios import Places, Scenario
    from ..scenarios.schema import Parameters

NATION_FIELDS = ("apprehension", "risk", "demand", "perception", "precedent", "conceded")
MOST_SINGLE_AREAS = 64  # with more places than that, moves are counted between regions
_BEFORE_THE_RUN = 1_000
_FIRST_ROOM = 5.0
_SPARE_ROWS = 1.15  # rows reserved beyond those in use


class Counters:
    """One thread's counters of the present month, and its buffer of the event log."""

    def __init__(self, layout: Layout, places: int, regions: int, areas: int) -> None:
        self.places = np.zeros(places, layout.place)
        self.regions = np.zeros(regions, layout.region)
        self.nations = np.zeros(1, layout.nation)
        self.logs = np.zeros(1, layout.log)
        self.flows = np.zeros((areas, areas), np.int64)  # moves by area left and area found
        assert layout.place.fields is not None
        self._stock_bytes = layout.place.fields["arrived"][1]  # the stock comes first, then the flows

    @property
    def all(self) -> tuple[np.ndarray, ...]:
        """Places, regions, nation and log, as kernels take them."""
        return self.places, self.regions, self.nations, self.logs

    def clear(self) -> None:
        """All at zero."""
        for counted in (self.places, self.regions, self.nations):
            counted.view(np.uint8).fill(0)
        self.flows.fill(0)

    def carry_over(self) -> None:
        """A new month: the stock stands, flows begin anew."""
        self.places.view(np.uint8).reshape(len(self.places), -1)[:, self._stock_bytes :] = 0
        stock = self.nations["stock"].copy()
        self.nations.view(np.uint8).fill(0)
        self.nations["stock"] = stock
        self.regions.view(np.uint8).fill(0)
        self.flows.fill(0)

    def add(self, other: Counters) -> None:
        """Add another thread's counters to these; all are whole numbers, and changes of stock may be below 0."""
        _add(self.places, other.places, np.int32)
        _add(self.regions, other.regions, np.int32)
        _add(self.nations, other.nations, np.int64)
        self.flows += other.flows


def _add(into: np.ndarray, other: np.ndarray, kind: type) -> None:
    into.view(kind)[...] += other.view(kind)


class State:
    """The state of a run between two months.

    `migrants` is an array of records with free rows (`present` = 0); `used` is the number of rows ever used.
    A row is no identity: it is given to another migrant once free.
    """

    def __init__(self, scenario: Scenario, *, engine: str = "compiled", threads: int = 1) -> None:
        if threads < 1:
            raise ValueError(f"threads is {threads}, but must be 1 or more")
        self.scenario = scenario
        self.parameters: Parameters = scenario.parameters
        self.call: Callable[..., Any] = engine_called(engine)
        self.month = 0
        self.start_year, self.start_month = (int(part) for part in scenario.start.split("-"))

        self.layout = layout_of(self.parameters)
        self.world = new_world(self.parameters)
        # NGOs of two towns stand for those of the country when it comes to the country's courts.
        self.scale_of_country = 1.0 / max(1e-9, self.parameters.scale.share)
        self.world["sampled_share"] = self.parameters.stories.share
        self.set_month_luck()

        places = scenario.places
        self.cities = _municipalities(scenario)
        self.bounds = np.ascontiguousarray(region_bounds(places.region), np.int64)
        doors = len(self.parameters.doors)
        self.destinations = np.zeros((3 * doors, len(self.cities)))  # see month.lay_out_destinations
        self.ngos = np.zeros(0, NGO)
        self.ngos_changed = False
        self.offers_changed = True  # by a change dated this month: of services, rights, or what NGOs do
        self.nation = np.zeros(1, [(name, float) for name in NATION_FIELDS])

        self.migrants = np.zeros(self._first_capacity(), self.layout.migrant)
        self.used = 0
        self._free: list[np.ndarray] = []
        self.areas = int(self.cities["area"].max()) + 1
        self.counters = [self._new_counters() for _ in range(threads)]
        self.queues: list[np.ndarray] = []
        self.initial_counts = self.counters[0].places.copy()
        self.ledger = Ledger(self.parameters)
        self.ledger.start_year, self.ledger.start_month = self.start_year, self.start_month
        self.ledger.record_places(_places_table(scenario, self.cities["area"]))

        self.thinning = Thinning(self.call, self.parameters, self.layout)

    def write_parameters(self) -> None:
        """Write the parameters that hold now into the world record."""
        world_layout(self.parameters).write(self.world, self.parameters)

    def _new_counters(self) -> Counters:
        return Counters(self.layout, len(self.cities), len(self.scenario.places.regions), self.areas)

    # Time and luck ------------------------------------------------------------------------------------

    @property
    def calendar_month(self) -> int:
        """1 to 12."""
        return (self.start_month - 1 + self.month) % 12 + 1

    @property
    def year(self) -> int:
        """Calendar year of the present month."""
        return self.start_year + (self.start_month - 1 + self.month) // 12

    def set_month_luck(self) -> None:
        """The month's key: all draws of the month start from it."""
        self.world["month"] = self.month
        counted = self.month + _BEFORE_THE_RUN  # years of decisions before the run have luck as well
        self.call(kernels.set_luck, self.world, np.uint64(self.scenario.seed), counted)

    def newcomers(self, expected: np.ndarray) -> np.ndarray:
        """Records to arrive through each door (D,), whose means are `expected`: fractions by lot."""
        numbers = np.zeros(len(expected), np.int64)
        self.call(kernels.count_newcomers, self.world, expected, numbers)
        return numbers

    def people_living(self) -> int:
        """Migrant records present at the end of the month (citizens among them)."""
        return int(self.counters[0].nations["stock"].sum())

    def head_count(self, month: int) -> Counters:
        """Counters with nothing in them but the stock as it stands at the end of `month`."""
        counted = self._new_counters()
        self.call(
            kernels.count_everybody,
            self.migrants,
            self.used,
            month,
            self.world,
            counted.places,
            counted.nations,
        )
        return counted

    # Rows ---------------------------------------------------------------------------------------------

    def _first_capacity(self) -> int:
        """Rows for those present at the start, and for many more: memory is taken only as rows are used."""
        scale = self.parameters.scale
        records = sum(door.initial for door in self.parameters.doors.values())
        return int(records * scale.share / scale.persons_per_record * _FIRST_ROOM) + 4096

    def take_rows(self, number: int) -> np.ndarray:
        """`number` free rows (number,), reserving more where there are too few."""
        rows = [np.zeros(0, np.int64)]
        while number > 0 and self._free:
            freed = self._free.pop()
            rows.append(freed[:number])
            if len(freed) > number:
                self._free.append(freed[number:])
            number -= len(rows[-1])
        if number > 0:
            if self.used + number > len(self.migrants):
                self._reserve(int((self.used + number) * _SPARE_ROWS) + 64)
            rows.append(np.arange(self.used, self.used + number, dtype=np.int64))
            self.used += number
        return np.concatenate(rows)

    def _reserve(self, capacity: int) -> None:
        grown = np.zeros(capacity, self.layout.migrant)
        grown[: self.used] = self.migrants[: self.used]
        self.migrants = grown

    def free_rows(self, rows: np.ndarray) -> None:
        """Rows whose migrants have left."""
        if len(rows):
            self._free.append(rows.copy())

    def shuffle_rows(self, rng: np.random.Generator) -> None:
        """Put the migrants into another order; no result depends on it (a test holds this)."""
        self.migrants[: self.used] = self.migrants[rng.permutation(self.used)]
        self._free = [np.flatnonzero(self.migrants["present"][: self.used] == 0).astype(np.int64)]


def _identity(name: str) -> int:
    """A number for a name, the same on every machine."""
    return int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "little")


def areas_of(places: Places) -> np.ndarray:
    """The area of each place (P,), between which moves are counted: itself where places are few, else its region."""
    few = len(places.code) <= MOST_SINGLE_AREAS
    return np.arange(len(places.code)) if few else np.asarray(places.region, np.int64)


def _municipalities(scenario: Scenario) -> np.ndarray:
    places = scenario.places
    cities = np.zeros(len(places.code), layout_of(scenario.parameters).municipality)
    cities["row"] = np.arange(len(cities))
    cities["identity"] = [_identity(code) for code in places.code]
    cities["area"] = areas_of(places)
    cities["region_identity"] = [_identity(places.regions[region]) for region in places.region]
    for name in (
        "region",
        "population",
        "foreign_residents",
        "fiscal_strength",
        "history",
        "internationalisation",
        "industry",
        "level",
    ):
        cities[name] = getattr(places, name)
    # Big-city jobs: the rank of the population, so that the largest places draw most.
    ranks = np.argsort(np.argsort(places.population, kind="stable"), kind="stable")
    cities["urban"] = (ranks + 0.5) / len(cities)
    cities["neighbours"] = neighbours(places.latitude, places.longitude)
    cities["similar"] = similar(places)
    return cities


def _places_table(scenario: Scenario, area: np.ndarray) -> pd.DataFrame:
    places = scenario.places
    return pd.DataFrame(
        {
            "place": np.arange(len(places.code), dtype=np.int32),
            "code": places.code,
            "name": places.name,
            "region": np.asarray(places.region, np.int32),
            "region_name": [places.regions[r] for r in places.region],
            "area": area.astype(np.int32),
            "latitude": places.latitude,
            "longitude": places.longitude,
            "population": places.population,
            "foreign_residents": places.foreign_residents,
            "fiscal_strength": places.fiscal_strength,
            "history": places.history,
            "internationalisation": places.internationalisation,
            "industry": places.industry,
        }
    )
