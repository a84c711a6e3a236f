"""The ledger: every month's counters, put away; and the tidy tables made from them, as arrays or data frames.

All tables count persons (records times the people a record stands for). `month` counts from 0 at the start of
the run. Rows without anything in them are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.tally import NOBODY, TALLIES
from ..scenarios.catalogue import EVENTS, REASONS, STATUSES
from .columns import Columns
from .count_tables import CountTable, Keys, LaterTable
from .counters import (
    CENSUS_COUNTS,
    COETHNICS,
    EPISODES,
    LOG_COLUMNS,
    LONGEST_STAY,
    SINGLE,
    STOCKS_AND_FLOWS,
)
from .layout import Layout
from .sparse import SparseMonths

if TYPE_CHECKING:
    import pandas as pd

    from ..scenarios import Places, Scenario

# Columns that are lines of a field of the counters.
_SERVED = {f"served_{tally}": ("served", row) for row, tally in enumerate(TALLIES) if row != NOBODY}
MONTHLY_COLUMNS = (*STOCKS_AND_FLOWS, *EPISODES, *_SERVED, *SINGLE[len(STOCKS_AND_FLOWS) + len(EPISODES) :])
NEEDS_COLUMNS = (*EPISODES, *_SERVED, "unmet")
MOVES_COLUMNS = ("moves", "level_before", "level_after", "enrolments_lost")
OF_PLACE = (
    "population",
    "foreign_residents",
    "fiscal_strength",
    "history",
    "internationalisation",
    "industry",
)
MOST_SINGLE_AREAS = 64  # with more places than that, moves are counted between regions
_MILLION = 1_000_000


class Series:
    """An array that has room for what comes month after month, or year after year."""

    def __init__(self, kind: np.dtype, room: int, shape: tuple[int, ...] = ()) -> None:
        self._room = np.zeros((max(1, room), *shape), kind)
        self._filled = 0
        self._is_shared = False

    def more(self) -> np.ndarray:
        """The next line, to be filled in."""
        if self._filled == len(self._room):  # a run that goes on beyond its scenario's end
            self._room = np.concatenate([self._room, np.zeros_like(self._room)])
        self._filled += 1
        return self._room[self._filled - 1 : self._filled]

    def again(self) -> np.ndarray:
        """The last line, to be filled in anew; a copy keeps the old one."""
        if self._is_shared:
            self._room, self._is_shared = self._room.copy(), False
        return self.lines[-1:]

    @property
    def lines(self) -> np.ndarray:
        """All that have been filled in."""
        return self._room[: self._filled]

    def copy(self) -> Series:
        """The lines so far, shared until one is filled in anew; those filled in later are not in the copy."""
        self._is_shared = True
        return copy(self)


def _copy(line: np.ndarray, record: np.ndarray) -> None:
    """A record (1,) into a line: at once, which takes a tenth of the time of field by field."""
    line.view(np.uint8)[:] = record.view(np.uint8)


# What is kept of the nation each month, and of a municipality at the end of a year.
_OF_NATION = ("apprehension", "fear", "demand", "perception", "precedent", "conceded", "crackdown")
_OF_CITY = (
    *(
        "motivation",
        "will",
        "budget",
        "revenue",
        "duties",
        "earmarked",
        "project",
        "spent",
        "grant",
        "to_ngos",
        "uptake",
    ),
    *("fit", "voice", "tension", "prejudice"),
)
_PEOPLE = ("migrants", "unauthorised")
_YEARLY = (*_PEOPLE, *_OF_CITY, "firewall", "level", "open", "service_level")


class Ledger:
    """What is observed of a run, in arrays by month and by year. `tables()` gives it as data frames.

    `months`: of the run, for which there is room; `areas`: between which moves are counted.
    """

    def __init__(self, scenario: Scenario, layout: Layout, areas: int) -> None:
        self._scenario, parameters = scenario, scenario.parameters
        self.persons = parameters.scale.persons_per_record
        self.start_year, self.start_month = (int(part) for part in scenario.start.split("-"))
        self._services = parameters.services.names
        self._names: dict[str, tuple[str, ...]] = {
            "status": STATUSES,
            "door": parameters.doors.names,
            "need": parameters.needs.names,
            "kind": parameters.ngo_kinds.names,
            "reason": REASONS,
            "event": EVENTS,
            "provider": tuple(TALLIES),
        }
        months, places, regions = scenario.months, len(scenario.places.code), len(scenario.places.regions)
        years = months // 12 + 2
        self._monthly = SparseMonths(MONTHLY_COLUMNS, layout.place, places, months, _SERVED)
        self._needs = SparseMonths(NEEDS_COLUMNS, layout.region, regions, months, _SERVED)
        self._national = Series(layout.nation, months)
        kinds = [*[(name, np.float64) for name in _OF_NATION], ("ngos", np.int64)]
        self._nation = Series(np.dtype(kinds), months)
        self._flows = Series(np.dtype(np.int64), years, (areas, areas))
        self._census = Series(layout.census, years)
        city = layout.municipality
        kept = [("year", np.int16), *[(name, city[name]) for name in _YEARLY]]
        kept += [
            ("ngos", np.int32),
            ("ngo_capacity", np.float64),
            ("ngo_within_reach", np.float64),
            ("largest_group", np.float64),  # of several nations, one nation's
            *[(name, np.int64) for name in COETHNICS],
        ]
        self._places_yearly = Series(np.dtype(kept), years, (places,))
        self._census_years: list[int] = []
        self._flows_years: list[int] = []
        self._ngos: list[tuple[int, float, np.ndarray]] = []
        self._events: list[dict[str, np.ndarray]] = []

    # What the schedule puts in ------------------------------------------------------------------------

    def record_month(self, month: int, places: np.ndarray, regions: np.ndarray, nations: np.ndarray) -> None:
        """Put the counters of a month away: `places` and `regions` as numbers, a line each; `nations` (1,)."""
        self._monthly.put(month, places)
        self._needs.put(month, regions)
        _copy(self._national.more(), nations)

    def record_flows(self, year: int, flows: np.ndarray) -> None:
        """Add a month's moves to those of its year, by area left and area found (A, A)."""
        if self._flows_years[-1:] != [year]:
            self._flows_years.append(year)
            self._flows.more()
        self._flows.again()[0] += flows

    def record_events(self, logs: np.ndarray) -> None:
        """Put aside what is in the buffer of the event log (1,), and empty it."""
        count = int(logs["count"][0])
        if count:
            self._events.append({name: logs[name][0, :count].copy() for name in LOG_COLUMNS})
            logs["count"] = 0

    def record_nation(self, *values: float) -> None:
        """The state of the nation in a month, as _OF_NATION has it, and the number of NGOs."""
        self._nation.more()[0] = values

    def record_census(self, year: int, census: np.ndarray) -> None:
        """The census (1,) of a December, in place of one taken that year as a run's last, if it has gone on."""
        if self._census_years[-1:] == [year]:
            line = self._census.again()
        else:
            self._census_years.append(year)
            line = self._census.more()
        _copy(line, census)

    def record_places_year(
        self, year: int, cities: np.ndarray, census: np.ndarray, ngo: np.ndarray, nations_of_group: np.ndarray
    ) -> None:
        """The state of all municipalities at the end of a year (or of the run, then replaced as the census is);
        `ngo` (3, P): number and monthly cases of those that have their office there, and monthly cases that fall to the
        place of those within reach; `nations_of_group`: as the world has it, for the largest of one nation."""
        kept = self._places_yearly
        (row,) = kept.again() if year in kept.lines["year"][-1:] else kept.more()
        row["year"] = year
        for name in _YEARLY:
            row[name] = cities[name]
        row["ngos"], row["ngo_capacity"], row["ngo_within_reach"] = ngo
        row["largest_group"] = (cities["by_group"] / nations_of_group).max(axis=1)
        for name in COETHNICS:
            row[name] = census[name]

    def record_ngos_year(self, year: int, ngos: np.ndarray, cases_per_staff: float) -> None:
        """The NGOs as they close their accounts, the closing ones included; the array is kept."""
        self._ngos.append((year, cases_per_staff, ngos))

    # What comes out -----------------------------------------------------------------------------------

    def year_of(self, month: int | np.ndarray) -> Any:
        """Calendar year of a month of the run."""
        return self.start_year + (month + self.start_month - 1) // 12

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, tidy, in persons."""
        return {name: table.frame() for name, table in self.sources().items()}

    def table(self, name: str) -> pd.DataFrame:
        """One of them. Errors: KeyError."""
        return self.sources()[name].frame()

    def sources(self) -> dict[str, CountTable | LaterTable]:
        """The same as of now, each made when it is asked for; those of a million rows can be had in parts."""
        now = self._as_of_now()
        small: dict[str, Callable[[], Columns]] = {
            "doors": now._by_door,
            "departures": now._departures,
            "census": now._by_stay,
            "places_yearly": now._by_year,
            "ngos": now._accounts,
            "moves": now._moves,
            "flows": now._between_areas,
            "nation": now._by_month,
            "events": now._lives,
            "places": lambda: _places_table(now._scenario),
        }
        large = {"monthly": now.by_place(), "needs": now.by_region()}
        return {**large, **{name: LaterTable(make) for name, make in small.items()}}

    def _as_of_now(self) -> Ledger:
        """What has been put away so far, arrays shared: a model may go on, and the tables of this stay."""
        now = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, (Series, SparseMonths, list)):
                setattr(now, name, value.copy())
        return now

    def monthly(self) -> pd.DataFrame:
        """Stocks, flows and the claiming cascade by month, place and status."""
        return self.by_place().frame()

    def by_place(self) -> CountTable:
        """The table `monthly`, which is large, to be had in parts."""
        return CountTable(self._monthly, self.persons, {"place": None, "status": STATUSES})

    def by_region(self) -> CountTable:
        """The table `needs`: closed episodes by month, region, status and need."""
        keys: Keys = {"region": None, "status": STATUSES, "need": self._names["need"]}
        return CountTable(self._needs, self.persons, keys)

    def _by_door(self) -> Columns:
        """Stock and arrivals by month, door and status."""
        stock, arrived = self._national.lines["stock"], self._national.lines["arrived"]
        month, door, status = np.nonzero(stock + arrived)
        return self._named(
            month=month.astype(np.int16),
            door=door,
            status=status,
            stock=stock[month, door, status] * self.persons,
            arrived=arrived[month, door, status] * self.persons,
        )

    def _by_month(self) -> Columns:
        """The state of the nation by month, and how many live in it."""
        kept, stock = self._nation.lines, self._national.lines["stock"].sum(axis=1) * self.persons
        people = {"migrants": stock[:, 1:].sum(axis=1), "unauthorised": stock[:, 3:].sum(axis=1)}
        state = {name: kept[name] for name in _OF_NATION}
        return Columns({"month": np.arange(len(kept)), **state, **people, "ngos": kept["ngos"]})

    def _departures(self) -> Columns:
        """Who left the country, by month, door, status and reason."""
        gone = self._national.lines["departures"]
        month, door, status, reason = np.nonzero(gone)
        return self._named(
            month=month.astype(np.int16),
            door=door,
            status=status,
            reason=reason,
            persons=gone[month, door, status, reason] * self.persons,
        )

    def _by_year(self) -> Columns:
        """The state of every place at the end of each year."""
        kept = self._places_yearly.lines
        if not len(kept):
            return Columns({})
        place = np.tile(np.arange(kept.shape[1], dtype=np.int32), len(kept))
        kept = kept.reshape(-1)
        columns: dict[str, np.ndarray] = {"year": kept["year"], "place": place}
        columns |= {name: kept[name] * self.persons for name in _PEOPLE}
        columns |= {name: kept[name] for name in _OF_CITY}
        columns["firewall"] = kept["firewall"] != 0
        for index, service in enumerate(self._services):
            columns[f"level_{service}"] = kept["level"][:, index]
            columns[f"open_{service}"] = kept["open"][:, index] != 0
        columns |= {
            name: kept[name] for name in ("service_level", "ngos", "ngo_capacity", "ngo_within_reach")
        }
        columns["largest_group"] = np.rint(kept["largest_group"] * self.persons).astype(np.int64)
        columns |= {name: kept[name] * self.persons for name in COETHNICS}
        return Columns(columns)

    def _accounts(self) -> Columns:
        """All NGOs at each closing of accounts."""
        if not self._ngos:
            return Columns({})
        sizes = [len(closing) for _, _, closing in self._ngos]
        year, cases = (np.repeat([each[of] for each in self._ngos], sizes) for of in range(2))
        ngos = np.concatenate([closing for _, _, closing in self._ngos])
        return self._named(
            year=year.astype(np.int16),
            ngo=ngos["identity"].astype(np.int64),
            kind=ngos["kind"],
            place=ngos["home"].astype(np.int32),
            branch=ngos["parent"] > 0,
            specialised=(ngos["issue"] >= 0) | (ngos["group"] >= 0),
            skill=ngos["skill"],
            capacity=ngos["staff"] * cases,
            funds=ngos["funds"],
            offered=ngos["year_capacity"] * self.persons,
            served=ngos["served"] * self.persons,
            turned_away=ngos["turned_away"] * self.persons,
            founded=self.year_of(ngos["founded"]),
            closed=ngos["alive"] == 0,
        )

    def _moves(self) -> Columns:
        """E6: moves by year, fifth of the origin and status, with the service levels left and found."""
        national = self._national.lines
        if not len(national):
            return Columns({})
        months = np.stack([national[name] for name in MOVES_COLUMNS], axis=1)
        first = np.flatnonzero(np.diff(self.year_of(np.arange(len(months))), prepend=-1))
        total = np.add.reduceat(months, first, axis=0)  # (years, 4, fifths, statuses)
        year, fifth, status = np.nonzero(total[:, 0])
        moves, before, after, lost = (total[year, of, fifth, status] * self.persons for of in range(4))
        return self._named(
            year=self.year_of(first)[year].astype(np.int16),
            origin_fifth=(fifth + 1).astype(np.int8),
            status=status,
            moves=moves,
            level_before=before / _MILLION,
            level_after=after / _MILLION,
            enrolments_lost=lost,
        )

    def _between_areas(self) -> Columns:
        """Moves by year, area left and area found (`area` of the table places)."""
        counts = self._flows.lines
        year, origin, destination = np.nonzero(counts)
        return self._named(
            year=np.array(self._flows_years, np.int16)[year],
            origin=origin.astype(np.int32),
            destination=destination.astype(np.int32),
            moves=counts[year, origin, destination] * self.persons,
        )

    def _by_stay(self) -> Columns:
        """E4 and others: the population each December, by door, status and years of stay."""
        counts = self._census.lines
        if not len(counts):
            return Columns({})
        year, door, status, stay = cell = np.nonzero(counts["persons"])
        found = {name: counts[name][cell] * self.persons for name in CENSUS_COUNTS}
        found["language"] = found["language"] / _MILLION
        years = np.array(self._census_years, np.int16)[year]
        stay = np.minimum(stay, LONGEST_STAY).astype(np.int8)
        return self._named(year=years, door=door, status=status, stay=stay, **found)

    def _lives(self) -> Columns:
        """The logs of the sampled lives, by month and migrant."""
        if not self._events:
            return Columns(dict.fromkeys(("month", "migrant", "event"), np.zeros(0, object)))
        joined = {name: np.concatenate([part[name] for part in self._events]) for name in LOG_COLUMNS}
        order = np.lexsort((joined["migrant"], joined["month"]))
        columns: dict[str, np.ndarray] = {name: values[order] for name, values in joined.items()}
        columns["place"] = columns["place"].astype(np.int32)
        columns["need"] = columns["need"].astype(np.int16) - 1  # counted from 1 in the log
        columns |= {name: columns[name] != 0 for name in ("knows_city", "knows_ngo", "settler")}
        return self._named(**columns)

    def _named(self, **columns: np.ndarray) -> Columns:
        """A table in which numbers of statuses, doors and so on are known as such."""
        names = {name: values for name, values in self._names.items() if name in columns}
        codes = {name: columns[name].astype(np.int8) for name in names}
        return Columns(columns | codes, names)


def areas_of(places: Places) -> np.ndarray:
    """The area of each place (P,), between which moves are counted: itself where places are few, else its region."""
    few = len(places.code) <= MOST_SINGLE_AREAS
    return np.arange(len(places.code)) if few else np.asarray(places.region, np.int64)


def _places_table(scenario: Scenario) -> Columns:
    """The places of a run, as they were at the start."""
    places = scenario.places
    region = np.asarray(places.region, np.int32)
    return Columns(
        {
            "place": np.arange(len(places.code), dtype=np.int32),
            "code": np.array(places.code, object),
            "name": np.array(places.name, object),
            "region": region,
            "region_name": np.array(places.regions, object)[region],
            "wider_region": np.array(places.wider_regions, object)[region],
            "area": areas_of(places).astype(np.int32),
            **{name: np.asarray(getattr(places, name)) for name in ("latitude", "longitude", *OF_PLACE)},
        }
    )
