"""What the page can colour the map by, and what its charts show: label, unit, range, definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ...outcomes.entries import Entries
from ...outcomes.inequality import LEAST_NEEDS
from ...outcomes.measures import BY_ID
from ...scenarios.vocabulary import RUNG, STAGE
from .payload_bytes import Packed


@dataclass(frozen=True)
class Shown:
    """One measure of a world. `array`: where its numbers are (`column`: of the last axis); `when`: "month" or
    "year"; `palette`: "sequential" (more is darker) or "warning" (more is worse); `low`, `high`: the range of
    the colours, None for what there is."""

    label: str
    unit: str
    array: str
    when: str
    palette: str
    low: float | None
    high: float | None
    definition: str
    column: int | None = None


def _level(label: str, meaning: str, column: int) -> Shown:
    return Shown(
        label, "level, 0 to 1", "services", "year", "sequential", 0.0, 1.0,
        f"Level of the service, end of December: {meaning}.", column,
    )  # fmt: skip


_E8 = BY_ID["E8"]["unmet_per_1000"]
_MAPPED: dict[str, Shown] = {
    "level": Shown(
        "service level", "level, 0 to 1", "level", "year", "sequential", 0.0, 1.0,
        "Mean of the levels of all services of the municipality, end of December.",
    ),
    "needs_met": Shown(
        "needs met", "share of needs", "needs_met", "year", "sequential", 0.0, 1.0,
        f"{BY_ID['E1']['substantive'].definition} Of the needs that ended here in the year; none where fewer than "
        f"{LEAST_NEEDS} records had one.",
    ),
    "unmet_rate": Shown(
        "unmet needs", "per 1,000 person-years", "unmet_rate", "year", "warning", 0.0, None, _E8.definition,
    ),
    "unauthorised": Shown(
        "unauthorised", "share of migrants", "unauthorised", "year", "warning", 0.0, 1.0,
        f"{RUNG['unauthorised'].definition} Of the migrants living here, end of December.",
    ),
    "ngos": Shown("NGOs", "offices", "ngos", "year", "sequential", 0.0, None, "Offices of NGOs, end of December."),
    "motivation": Shown(
        "motivation of the city", "motivation", "motivation", "year", "sequential", 0.0, None,
        "How far the city wants to act: sum of the weighted causes.",
    ),
    "budget": Shown(
        "budget", "million yen a year", "budget", "year", "sequential", 0.0, None,
        "What the municipality would spend on programmes for migrants.",
    ),
    "spent": Shown(
        "spent", "million yen a year", "spent", "year", "sequential", 0.0, None,
        "What the municipality's programmes for migrants cost.",
    ),
    "grant": Shown(
        "central money", "million yen a year", "grant", "year", "sequential", 0.0, None,
        "Central money the municipality was given for its programmes.",
    ),
    "tension": Shown(
        "tension between neighbours", "0 to 1", "tension", "year", "warning", 0.0, 1.0,
        "Tension between migrants and their neighbours, end of December.",
    ),
    "stock": Shown(
        "migrants", "persons", "stock", "month", "sequential", 0.0, None,
        "Migrants living here at the end of the month.",
    ),
}  # fmt: skip
_CHARTED: dict[str, Shown] = {
    "cascade": Shown(
        "claiming cascade", "episodes a month", "cascade", "month", "sequential", 0.0, None,
        " ".join(STAGE[name].definition for name in ("needs", "aware", "willing", "eligible", "claimed", "served")),
    ),
    "who": Shown(
        "who met the need", "episodes a month", "who", "month", "sequential", 0.0, None,
        "Needs that ended in the month: met by the city, an NGO, the state (or a job's insurance), or nobody.",
    ),
    "stock_status": Shown(
        "migrants by status", "persons", "stock_status", "month", "sequential", 0.0, None,
        "Migrants in the country at the end of the month, by formal status.",
    ),
    "theil_between": Shown(
        "unevenness between regions", "Theil index", "theil_between", "year", "sequential", 0.0, None,
        f"{BY_ID['E2']['level_between_regions'].definition} (level_theil: {BY_ID['E2']['level_theil'].definition})",
    ),
    "theil_within": Shown(
        "unevenness within regions", "Theil index", "theil_within", "year", "sequential", 0.0, None,
        BY_ID["E2"]["level_within_regions"].definition,
    ),
    "arrivals": Shown(
        "arrivals", "persons a month", "arrivals", "month", "sequential", 0.0, None, "Came from abroad in the month.",
    ),
    "departures": Shown(
        "departures", "persons a month", "departures", "month", "sequential", 0.0, None,
        "Left the country or were deported in the month.",
    ),
    "flows": Shown(
        "moves", "moves a year", "flows", "year", "sequential", 0.0, None,
        "Moves from one group of places (first axis) to another in the year.",
    ),
}  # fmt: skip


def measures_shown(arrays: Mapping[str, Packed], entries: Entries) -> dict[str, dict[str, object]]:
    """What can be shown of a world with these arrays: name -> label, unit, array, range, definition.

    `map` says whether it is a number for each place, by which the map can be coloured.
    """
    levels = {
        f"service_{name}": _level(service.label, service.meaning, i)
        for i, (name, service) in enumerate(entries.services.items())
    }
    mapped = {**_MAPPED, **levels}
    return {
        name: {**asdict(shown), "map": name in mapped}
        for name, shown in {**mapped, **_CHARTED}.items()
        if shown.array in arrays
    }
