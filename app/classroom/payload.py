"""A run reduced to what the classroom's page shows of it: a world. Computed from tables and scenario alone.

Arrays by month count persons exactly; arrays by calendar year are states at the end of December (or of the run)
or sums over the year's months, rounded to steps far below what a picture shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...model.columns import Columns
from ...outcomes.crowds import crowds
from ...outcomes.entries import HELPERS, OWN_HELPERS
from ...outcomes.groups import CLAIMED_FROM, MONTHS_A_YEAR, SERVED, STAGES, share, year_of_month
from ...outcomes.inequality import least_needs
from ...outcomes.places_info import WARNING, PlacesInfo, places_info
from ...outcomes.run import Run
from ...outcomes.unevenness import theil_decomposed
from ...scenarios.catalogue import STATUSES
from ...scenarios.outlines import read_outlines
from ...scenarios.vocabulary import payload
from .payload_bytes import Packed, counts, floats, measured, to_bytes
from .payload_counted import counted_shown
from .payload_events import events_shown
from .payload_measures import measures_shown

_STAGES = STAGES[:-1]
_FLOWS = ("arrived", "left", "deported")
_MONTHLY = ("month", "place", "status", "stock", *_FLOWS, *_STAGES, *SERVED, "unmet")
_YEARLY_PART = {"needs": "needs", "unmet": "unmet", **dict.fromkeys(CLAIMED_FROM, "met")}
_STATES = ("motivation", "budget", "spent", "grant")  # of a place, each year; their range is what there is


def world_of(run: Run) -> bytes:
    """The world of a run, as the bytes that the page reads. Errors: OutputError, for a damaged run folder."""
    there = run.tables.columns("monthly")  # not who is a provider here, and was none where the run was made
    names = [name for name in _MONTHLY if name in there or name not in SERVED]
    return _packed(run, run.tables.arrays("monthly", names))


def _packed(run: Run, pieces: Iterable[Columns]) -> bytes:
    """`pieces`: the columns of the table monthly, part by part."""
    years = np.unique(year_of_month(run))
    arrays = {**_monthly(run, years, pieces), **_yearly(run, years), **_moves(run, years)}
    header = {
        "id": world_id(run),
        "scenario": run.scenario_name,
        "title": run.title,
        "question": run.question,
        "seed": str(run.seed),
        "start": run.start,
        "months": run.months,
        "years": years.tolist(),
        "persons": run.persons_per_record,
        "sets": {path: run.parameters[path] for path, layer in run.layers.items() if layer == "--set"},
        "places_id": places_id(run.table("places")),
        "statuses": STATUSES,
        "providers": (*HELPERS, "nobody"),
        "unclaimed": OWN_HELPERS,
        **{kind: section.names for kind, section in run.entries.keyed()},
        "vocabulary": payload(run.entries),
        **({"groups": _groups(run.table("places"))} if "flows" in arrays else {}),
        "measures": measures_shown(arrays, run.entries),
        "events": events_shown(run),
        "counted": counted_shown(run),
    }
    return to_bytes(header, arrays)


def world_id(run: Run) -> str:
    """What tells a world from all others: the hash of the scenario (seed and length are in it)."""
    return f"{run.scenario_hash[:20]}-{run.seed}"


def _monthly(run: Run, years: NDArray[np.int64], pieces: Iterable[Columns]) -> dict[str, Packed]:
    """Stocks and flows by month; and by place and year, what became of needs."""
    months, places, persons = run.months, len(run.table("places")), run.persons_per_record
    year = np.searchsorted(years, year_of_month(run)) * places
    stock, by_status = np.zeros(months * places), np.zeros(months * len(STATUSES))
    by_month = {name: np.zeros(months) for name in (*_FLOWS, *_STAGES, *SERVED, "unmet")}
    by_year = {name: np.zeros(len(years) * places) for name in ("needs", "met", "unmet", "stock")}
    for piece in pieces:
        month, place, here = piece["month"].astype(np.int64), piece["place"], piece["stock"]
        # A piece holds few months, and only these are added to.
        first, last = (int(month.min()), int(month.max()) + 1) if len(month) else (0, 0)
        some = slice(first * places, last * places)
        stock[some] += np.bincount((month - first) * places + place, here, (last - first) * places)
        by_status += np.bincount(month * len(STATUSES) + piece["status"], here, len(by_status))
        cell = year[month] + place
        by_year["stock"] += np.bincount(cell, here, len(by_year["stock"]))
        for name, total in by_month.items():
            if name not in piece:
                continue
            column = piece[name]
            filled = np.flatnonzero(column)  # of most counters, most cells have none
            total += np.bincount(month[filled], column[filled], months)
            part = _YEARLY_PART.get(name)
            if part is not None:
                by_year[part] += np.bincount(cell[filled], column[filled], len(by_year[part]))
    served = [by_month[name] for name in SERVED]
    stages = [
        *(by_month[name] for name in _STAGES),
        np.sum([by_month[name] for name in CLAIMED_FROM], axis=0),
    ]
    shape = (len(years), places)
    needs, met, unmet = (by_year[name].reshape(shape) for name in ("needs", "met", "unmet"))
    person_years = by_year["stock"].reshape(shape) / MONTHS_A_YEAR
    enough = np.where(needs >= least_needs(run), needs, 0.0)

    def people(values: NDArray[np.float64]) -> Packed:
        return counts(values, persons)

    return {
        "stock": people(stock.reshape(months, places)),
        "stock_status": people(by_status.reshape(months, -1)),
        "arrivals": people(by_month["arrived"]),
        "departures": people(by_month["left"] + by_month["deported"]),
        "cascade": people(np.stack(stages, axis=1)),
        "who": people(np.stack([*served, by_month["unmet"]], axis=1)),
        "needs_met": measured(share(met, enough), low=0.0, high=1.0),
        "unmet_rate": measured(1000 * share(unmet, person_years), low=0.0),
    }


def _yearly(run: Run, years: NDArray[np.int64]) -> dict[str, Packed]:
    """The state of each place at the end of each year, and how uneven the levels of service are."""
    rows = run.table("places_yearly")
    places = run.table("places")
    shape = (len(years), len(places))
    # In order of year and place as the ledger leaves them; a table that was sorted otherwise is put right.
    order = np.searchsorted(years, rows["year"].to_numpy()) * shape[1] + rows["place"].to_numpy()

    def state(name: str) -> NDArray[np.float64]:
        values = np.full(shape[0] * shape[1], np.nan)
        values[order] = rows[name].to_numpy(np.float64)
        return values.reshape(shape)

    levels = [state(f"level_{name}") for name in run.entries.services]
    migrants, level = state("migrants"), state("service_level")
    region = places.sort_values("place")["region"].to_numpy()
    parts = [_theil(level[i], migrants[i], region) for i in range(shape[0])]
    return {
        "unauthorised": measured(share(state("unauthorised"), migrants), low=0.0, high=1.0),
        "level": measured(level, low=0.0, high=1.0),
        "ngos": counts(state("ngos")),
        "tension": measured(state("tension"), low=0.0, high=1.0),
        **{name: measured(state(name), low=0.0) for name in _STATES},
        "services": measured(np.stack(levels, axis=2), "u1", low=0.0, high=1.0),
        **_access(run, rows, state),
        "theil_between": floats([between for between, _ in parts]),
        "theil_within": floats([within for _, within in parts]),
    }


def _access(run: Run, rows: pd.DataFrame, state: Callable[[str], NDArray[np.float64]]) -> dict[str, Packed]:
    """Of each place and year, whom it lets in: a bit for each service open to the unauthorised, of which there are
    at most as many as a number has, and whether it has a firewall; nothing of a run whose tables do not tell."""
    columns = [f"open_{service}" for service in run.entries.services]
    if not {*columns, "firewall"} <= set(rows.columns):
        return {}
    bits = sum(np.nan_to_num(state(name)) * 2**bit for bit, name in enumerate(columns))
    return {"access": counts(bits), "firewall": counts(np.nan_to_num(state("firewall")))}


def _moves(run: Run, years: NDArray[np.int64]) -> dict[str, Packed]:
    """Moves between areas by year, and the area of each place; nothing of a run that did not count them."""
    places = run.table("places")
    if "flows" not in run.tables or "area" not in places.columns:
        return {}
    flows, area = run.table("flows"), places.sort_values("place")["area"].to_numpy()
    moves = np.zeros((len(years), int(area.max()) + 1, int(area.max()) + 1))
    year = np.searchsorted(years, flows["year"].to_numpy())
    moves[year, flows["origin"].to_numpy(), flows["destination"].to_numpy()] = flows["moves"].to_numpy()
    return {"flows": counts(moves, run.persons_per_record), "group_of_place": counts(area)}


def _groups(places: pd.DataFrame) -> list[str]:
    """Names of the areas between which moves are counted: the regions', or where each place is one, the places'."""
    by_area = places.drop_duplicates("area").sort_values("area")
    single = places["area"].is_unique
    return by_area["name" if single else "region_name"].astype(str).tolist()


def _theil(level: NDArray[Any], migrants: NDArray[Any], region: NDArray[Any]) -> tuple[float, float]:
    """E2: unevenness of the service level between and within regions; NaN without migrants or services."""
    if np.dot(level, migrants) <= 0:
        return float("nan"), float("nan")
    found = theil_decomposed(level, migrants, region)
    return found.between, found.within


# The places of a world travel apart from it, once for all worlds that share them.


def places_id(places: pd.DataFrame) -> str:
    """What tells these places from others: a hash of their table."""
    digest = hashlib.sha256()
    for name in ("code", "name", "region_name"):
        digest.update("\n".join(map(str, places[name])).encode())
    for name in ("place", "region", "latitude", "longitude", "population"):
        digest.update(places[name].to_numpy(np.float64).tobytes())
    return digest.hexdigest()[:16]


def places_shown(run: Run) -> dict[str, Any]:
    """The places as the page takes them: columns, a value a place in order, names of regions, and the land below.

    `synthetic`: whether the municipalities are drawn rather than real, None if that is not known.
    """
    rows, info = run.table("places").sort_values("place", ignore_index=True), places_info(run)
    regions = rows.drop_duplicates("region").set_index("region")["region_name"]
    return {
        "id": places_id(run.table("places")),
        "code": rows["code"].astype(str).tolist(),
        "name": rows["name"].astype(str).tolist(),
        "region": rows["region"].astype(int).tolist(),
        "latitude": rows["latitude"].round(4).tolist(),
        "longitude": rows["longitude"].round(4).tolist(),
        "population": rows["population"].round().astype(int).tolist(),
        "regions": [str(regions.get(number, "")) for number in range(int(rows["region"].max()) + 1)],
        "synthetic": info.synthetic,
        "named": info.named,
        "warning": WARNING if info.named else "",
        "credit": info.credit,
        "language": info.language,
        "name_local": _local_names(run),
        "observed": run.table("observed").to_dict("records") if "observed" in run.tables else [],
        **_land(info, rows),
    }


def _local_names(run: Run) -> list[str] | None:
    if "local_names" not in run.tables:
        return None
    return run.table("local_names").sort_values("place")["name_local"].astype(str).tolist()


def _land(info: PlacesInfo, places: pd.DataFrame) -> dict[str, Any]:
    """Outlines, each a flat list of degrees east and north; windows of islands that are drawn apart, and of where
    places crowd, which the map shows larger beside it."""
    if not info.outlines:
        return {"land": [], "islands": [], "crowds": []}
    outlines = read_outlines(info.outlines)
    rings = [ring.round(3).ravel().tolist() for rings in outlines.rings for ring in rings]
    where = places["longitude"], places["latitude"]
    apart = [window.holds(*where) for _, window in outlines.islands]
    near = places[~np.any([np.zeros(len(places), bool), *apart], axis=0)]
    return {
        "land": rings,
        "islands": [{"name": name, "box": list(box)} for name, box in outlines.islands],
        "crowds": [
            {"name": name, "box": [round(each, 4) for each in box]}
            for name, box in crowds(near, "population")
        ],
    }


def places_json(run: Run) -> bytes:
    """The same as JSON in UTF-8."""
    return json.dumps(places_shown(run), ensure_ascii=False, separators=(",", ":")).encode()
