"""The ledger: every month's counters, put away; and the tidy tables made from them.

All tables count persons (records times the people a record stands for). `month` counts from 0 at the start of
the run. Rows without anything in them are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..agents.tally import NOBODY, TALLIES
from ..scenarios.catalogue import EVENTS, REASONS, STATUSES
from ..scenarios.schema import Parameters
from .counters import (
    CENSUS_COUNTS,
    COETHNICS,
    EPISODES,
    LOG_COLUMNS,
    LONGEST_STAY,
    SINGLE,
    STOCKS_AND_FLOWS,
)
from .layout import layout_of
from .sparse import SparseMonths

# Columns that are lines of a field of the counters.
_SERVED = {f"served_{tally}": ("served", row) for row, tally in enumerate(TALLIES) if row != NOBODY}
MONTHLY_COLUMNS = (*STOCKS_AND_FLOWS, *EPISODES, *_SERVED, *SINGLE[len(STOCKS_AND_FLOWS) + len(EPISODES) :])
NEEDS_COLUMNS = (*EPISODES, *_SERVED, "unmet")
MOVES_COLUMNS = ("moves", "level_before", "level_after", "enrolments_lost")
_MILLION = 1_000_000
Keys = dict[str, tuple[str, ...] | None]


def _category(codes: np.ndarray, names: tuple[str, ...]) -> pd.Categorical:
    kind = pd.CategoricalDtype(list(names), ordered=True)
    return pd.Categorical.from_codes(codes.astype(np.int8), dtype=kind)


class Ledger:
    """What is observed of a run. `tables()` gives it as data frames."""

    def __init__(self, parameters: Parameters) -> None:
        self.persons = parameters.scale.persons_per_record
        self._services = parameters.services.names
        self._doors_names = parameters.doors.names
        self._needs_names = parameters.needs.names
        self._kinds_names = parameters.ngo_kinds.names
        layout = layout_of(parameters)
        self._monthly = SparseMonths(MONTHLY_COLUMNS, layout.place, _SERVED)
        self._needs = SparseMonths(NEEDS_COLUMNS, layout.region, _SERVED)
        self._doors: list[tuple[np.ndarray, np.ndarray]] = []
        self._departures: list[np.ndarray] = []
        self._moves: list[tuple[np.ndarray, ...]] = []
        self._flows: dict[int, np.ndarray] = {}
        self._census: list[tuple[int, Any]] = []
        self._places_yearly: list[dict[str, np.ndarray]] = []
        self._ngos: list[dict[str, np.ndarray]] = []
        self._nation: list[dict[str, float]] = []
        self._events: list[dict[str, np.ndarray]] = []
        self._places = pd.DataFrame()
        self.start_year = 0
        self.start_month = 1

    # What the schedule puts in ------------------------------------------------------------------------

    def record_month(self, month: int, places: np.ndarray, regions: np.ndarray, national: Any) -> None:
        """Put the counters of a month away: `places` (P,), `regions` (R,), one record of the nation."""
        self._monthly.put(month, places)
        self._needs.put(month, regions)
        self._doors.append((national["stock"].copy(), national["arrived"].copy()))
        self._departures.append(national["departures"].copy())
        self._moves.append(tuple(national[name].copy() for name in MOVES_COLUMNS))

    def record_flows(self, year: int, flows: np.ndarray) -> None:
        """Add a month's moves to those of its year, by area left and area found (A, A)."""
        if year in self._flows:
            self._flows[year] += flows
        else:
            self._flows[year] = flows.copy()

    def record_events(self, logs: np.ndarray) -> None:
        """Put aside what is in the buffer of the event log (1,); the caller then empties it."""
        count = int(logs["count"][0])
        if count:
            self._events.append({name: logs[name][0, :count].copy() for name in LOG_COLUMNS})

    def record_nation(self, **values: float) -> None:
        """One row of the table `nation`."""
        self._nation.append(values)

    def record_census(self, year: int, census: Any) -> None:
        """The census of a December."""
        self._census.append((year, census.copy()))

    def record_places_year(self, year: int, cities: np.ndarray, census: np.ndarray, ngo: np.ndarray) -> None:
        """The state of all municipalities at the end of a year; `ngo` (P, 2): number and monthly cases."""
        rows: dict[str, Any] = {
            "year": np.full(len(cities), year, np.int16),
            "place": np.arange(len(cities), dtype=np.int32),
            "migrants": cities["migrants"] * self.persons,
            "unauthorised": cities["unauthorised"] * self.persons,
            "motivation": cities["motivation"].copy(),
            "budget": cities["budget"].copy(),
            "spent": cities["spent"].copy(),
            "grant": cities["grant"].copy(),
            "to_ngos": cities["to_ngos"].copy(),
            "fit": cities["fit"].copy(),
            "tension": cities["tension"].copy(),
            "firewall": cities["firewall"].astype(bool),
        }
        for index, service in enumerate(self._services):
            rows[f"level_{service}"] = cities["level"][:, index].copy()
            rows[f"open_{service}"] = cities["open"][:, index].astype(bool)
        rows["service_level"] = cities["service_level"].copy()
        rows["ngos"] = ngo[:, 0].astype(np.int32)
        rows["ngo_capacity"] = ngo[:, 1].copy()
        for name in COETHNICS:
            rows[name] = census[name] * self.persons
        self._places_yearly.append(rows)

    def record_ngos_year(self, year: int, ngos: np.ndarray, cases_per_staff: float) -> None:
        """The NGOs as they close their accounts, the closing ones included."""
        rows: dict[str, np.ndarray] = {
            "year": np.full(len(ngos), year, np.int16),
            "ngo": ngos["identity"].astype(np.int64),
            "kind": ngos["kind"].copy(),
            "place": ngos["home"].astype(np.int32),
            "branch": ngos["parent"] > 0,
            "specialised": (ngos["issue"] >= 0) | (ngos["group"] >= 0),
            "skill": ngos["skill"].copy(),
            "capacity": ngos["staff"] * cases_per_staff,
            "funds": ngos["funds"].copy(),
            "served": ngos["served"] * self.persons,
            "turned_away": ngos["turned_away"] * self.persons,
            "founded": (self.start_year + (ngos["founded"] + self.start_month - 1) // 12),
            "closed": ngos["alive"] == 0,
        }
        self._ngos.append(rows)

    def record_places(self, places: pd.DataFrame) -> None:
        """The places of the run, as they were at the start."""
        self._places = places

    # What comes out -----------------------------------------------------------------------------------

    def year_of(self, month: int | np.ndarray) -> Any:
        """Calendar year of a month of the run."""
        return self.start_year + (month + self.start_month - 1) // 12

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, tidy, in persons."""
        return {"monthly": self.monthly(), **{name: make() for name, make in self._small_tables().items()}}

    def sources(self) -> dict[str, CountTable | LaterTable]:
        """The same, each made when it is asked for; `monthly`, of a million rows, can be had in parts."""
        return {
            "monthly": self.by_place(),
            **{name: LaterTable(make) for name, make in self._small_tables().items()},
        }

    def _small_tables(self) -> dict[str, Callable[[], pd.DataFrame]]:
        return {
            "needs": self.needs,
            "doors": self.doors,
            "departures": self.departures,
            "census": self.census,
            "places_yearly": self.places_yearly,
            "ngos": self.ngos,
            "moves": self.moves,
            "flows": self.flows,
            "nation": lambda: pd.DataFrame(self._nation),
            "events": self.events,
            "places": lambda: self._places,
        }

    def monthly(self) -> pd.DataFrame:
        """Stocks, flows and the claiming cascade by month, place and status."""
        return self.by_place().frame()

    def counts_of_years(self) -> list[dict[str, np.ndarray]]:
        """What `monthly` is made from, a year a piece, in records and not in persons: `month`, `cell` (place times
        number of statuses, plus status) and each counter, an array each, of one length."""
        return self._monthly.pieces()

    def by_place(self) -> CountTable:
        """The table `monthly`, which is large, to be had in parts."""
        return CountTable(self._monthly, self.persons, {"place": None, "status": STATUSES})

    def needs(self) -> pd.DataFrame:
        """Closed episodes by month, region, status and need."""
        keys: Keys = {"region": None, "status": STATUSES, "need": self._needs_names}
        return CountTable(self._needs, self.persons, keys).frame()

    def doors(self) -> pd.DataFrame:
        """Stock and arrivals by month, door and status."""
        stock = np.stack([s for s, _ in self._doors]) if self._doors else np.zeros((0, 1, 1), np.int64)
        arrived = np.stack([a for _, a in self._doors]) if self._doors else stock
        month, door, status = np.nonzero(stock + arrived)
        return pd.DataFrame(
            {
                "month": month.astype(np.int16),
                "door": _category(door, self._doors_names),
                "status": _category(status, STATUSES),
                "stock": stock[month, door, status] * self.persons,
                "arrived": arrived[month, door, status] * self.persons,
            }
        )

    def departures(self) -> pd.DataFrame:
        """Who left the country, by month, door, status and reason."""
        gone = np.stack(self._departures) if self._departures else np.zeros((0, 1, 1, 1), np.int64)
        month, door, status, reason = np.nonzero(gone)
        return pd.DataFrame(
            {
                "month": month.astype(np.int16),
                "door": _category(door, self._doors_names),
                "status": _category(status, STATUSES),
                "reason": _category(reason, REASONS),
                "persons": gone[month, door, status, reason] * self.persons,
            }
        )

    def places_yearly(self) -> pd.DataFrame:
        """The state of every place at the end of each year."""
        return pd.DataFrame(_stacked(self._places_yearly))

    def ngos(self) -> pd.DataFrame:
        """All NGOs at each closing of accounts."""
        rows: dict[str, Any] = _stacked(self._ngos)
        if rows:
            rows["kind"] = _category(rows["kind"], self._kinds_names)
        return pd.DataFrame(rows)

    def moves(self) -> pd.DataFrame:
        """E6: moves by year, fifth of the origin and status, with the service levels left and found."""
        if not self._moves:
            return pd.DataFrame()
        months = np.array(self._moves)
        first = np.flatnonzero(np.diff(self.year_of(np.arange(len(months))), prepend=-1))
        total = np.add.reduceat(months, first, axis=0)  # (years, 4, fifths, statuses)
        year, fifth, status = np.nonzero(total[:, 0])
        moves, before, after, lost = (total[year, of, fifth, status] * self.persons for of in range(4))
        return pd.DataFrame(
            {
                "year": self.year_of(first)[year].astype(np.int16),
                "origin_fifth": (fifth + 1).astype(np.int8),
                "status": _category(status, STATUSES),
                "moves": moves,
                "level_before": before / _MILLION,
                "level_after": after / _MILLION,
                "enrolments_lost": lost,
            }
        )

    def flows(self) -> pd.DataFrame:
        """Moves by year, area left and area found (`area` of the table places)."""
        counts = np.array(list(self._flows.values())) if self._flows else np.zeros((0, 1, 1), np.int64)
        year, origin, destination = np.nonzero(counts)
        return pd.DataFrame(
            {
                "year": np.array(list(self._flows), np.int16)[year],
                "origin": origin.astype(np.int32),
                "destination": destination.astype(np.int32),
                "moves": counts[year, origin, destination] * self.persons,
            }
        )

    def census(self) -> pd.DataFrame:
        """E4 and others: the population each December, by door, status and years of stay."""
        if not self._census:
            return pd.DataFrame()
        counts = np.array([taken for _, taken in self._census], self._census[0][1].dtype)
        year, door, status, stay = np.nonzero(counts["persons"])
        frame: dict[str, Any] = {
            "year": np.array([of for of, _ in self._census], np.int16)[year],
            "door": _category(door, self._doors_names),
            "status": _category(status, STATUSES),
            "stay": np.minimum(stay, LONGEST_STAY).astype(np.int8),
        }
        for name in CENSUS_COUNTS:
            frame[name] = counts[name][year, door, status, stay] * self.persons
        frame["language"] = frame["language"] / _MILLION
        return pd.DataFrame(frame)

    def events(self) -> pd.DataFrame:
        """The logs of the sampled lives, by month and migrant."""
        if not self._events:
            return pd.DataFrame(columns=["month", "migrant", "event"])
        joined = _stacked(self._events)
        order = np.lexsort((joined["migrant"], joined["month"]))
        joined = {name: values[order] for name, values in joined.items()}
        need = joined["need"].astype(np.int16) - 1
        return pd.DataFrame(
            {
                "month": joined["month"],
                "migrant": joined["migrant"],
                "event": _category(joined["event"], EVENTS),
                "place": joined["place"].astype(np.int32),
                "status": _category(joined["status"], STATUSES),
                "need": _category(need, self._needs_names),
                "provider": _category(joined["provider"], tuple(TALLIES)),
                "detail": joined["detail"],
                "knows_city": joined["knows_city"].astype(bool),
                "knows_ngo": joined["knows_ngo"].astype(bool),
                "settler": joined["settler"].astype(bool),
                "fear": joined["fear"],
                "belonging": joined["belonging"],
            }
        )


class LaterTable:
    """A table that is made when it is first asked for, and then kept."""

    def __init__(self, make: Callable[[], pd.DataFrame]) -> None:
        self._make = make

    @cached_property
    def _whole(self) -> pd.DataFrame:
        return self._make()

    @property
    def columns(self) -> list[str]:
        return [str(name) for name in self._whole.columns]

    def __len__(self) -> int:
        return len(self._whole)

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The table, or only some of its columns."""
        return self._whole if columns is None else self._whole[columns]

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The table, in one piece."""
        yield self._whole


class CountTable:
    """A tidy table over a `SparseMonths`: whole, by columns, or in pieces of a year.

    `keys`: what the cell number stands for, the last varying fastest: name -> names of its values, or None for
    a plain number (only the first).
    """

    def __init__(self, counts: SparseMonths, persons: int, keys: Keys) -> None:
        self._counts, self._persons, self._keys = counts, persons, keys
        self.columns = ["month", *keys, *counts.names]

    def __len__(self) -> int:
        return sum(len(piece["cell"]) for piece in self._counts.pieces())

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The table, or only some of its columns."""
        return self._made_of(self._counts.pieces(), columns)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The table in pieces of a year."""
        for piece in self._counts.pieces():
            yield self._made_of([piece], None)

    def _made_of(self, pieces: list[dict[str, np.ndarray]], columns: list[str] | None) -> pd.DataFrame:
        wanted = self.columns if columns is None else columns
        frame: dict[str, Any] = {name: self._column(pieces, name) for name in wanted}
        return pd.DataFrame(frame, copy=False)

    def _column(self, pieces: list[dict[str, np.ndarray]], name: str) -> Any:
        if name in self._keys:
            return self._key(_joined(pieces, "cell", np.int32), name)
        if name == "month":
            return _joined(pieces, "month", np.int16)
        return _joined(pieces, name, np.int32) * np.int32(self._persons)

    def _key(self, cell: np.ndarray, wanted: str) -> Any:
        for name, values in reversed(self._keys.items()):
            if values is None:
                return cell
            if name == wanted:
                return _category(cell % len(values), values)
            cell = cell // len(values)
        raise KeyError(wanted)


def _joined(pieces: list[dict[str, np.ndarray]], name: str, kind: type) -> np.ndarray:
    if not pieces:
        return np.zeros(0, kind)
    return np.concatenate([piece[name] for piece in pieces], dtype=kind)


def _stacked(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Columns of several parts, one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}
