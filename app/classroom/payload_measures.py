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
    """One measure of a world. `when`: "month" or "year"; `palette`: "sequential" (more is darker) or "warning" (more is
    worse); `low`, `high`: the range of the colours, None for what there is; `array`: where its numbers are, if not
    under its own name (`column`: of the last axis); `sensitive`: colours towns that exist only for
    whoever asks again, after the warning."""

    label: str
    unit: str
    definition: str
    when: str = "year"
    palette: str = "sequential"
    low: float | None = 0.0
    high: float | None = None
    array: str = ""
    column: int | None = None
    sensitive: bool = False


MILLIONS = "million yen a year"
_MAPPED: dict[str, Shown] = {
    "level": Shown(
        "service level", "level, 0 to 1",
        "Mean of the levels of all services of the municipality, end of December.", high=1.0,
    ),
    "needs_met": Shown(
        "needs met", "share of needs",
        f"{BY_ID['E1']['substantive'].definition} Of the needs that ended here in the year; none where fewer than "
        f"{LEAST_NEEDS} records had one.", high=1.0,
    ),
    "unmet_rate": Shown(
        "unmet needs", "per 1,000 person-years", BY_ID["E8"]["unmet_per_1000"].definition, palette="warning",
    ),
    "unauthorised": Shown(
        "unauthorised", "share of migrants",
        f"{RUNG['unauthorised'].definition} Of the migrants living here, end of December.",
        palette="warning", high=1.0, sensitive=True,
    ),
    "ngos": Shown("NGOs", "offices", "Offices of NGOs, end of December."),
    "motivation": Shown(
        "motivation of the city", "motivation", "How far the city wants to act: sum of the weighted causes.",
    ),
    "budget": Shown("budget", MILLIONS, "What the municipality would spend on programmes for migrants."),
    "spent": Shown("spent", MILLIONS, "What the municipality's programmes for migrants cost."),
    "grant": Shown("central money", MILLIONS, "Central money the municipality was given for its programmes."),
    "tension": Shown(
        "tension between neighbours", "0 to 1", "Tension between migrants and their neighbours, end of December.",
        palette="warning", high=1.0, sensitive=True,
    ),
    "stock": Shown("migrants", "persons", "Migrants living here at the end of the month.", when="month"),
}  # fmt: skip
_CHARTED: dict[str, Shown] = {
    "cascade": Shown(
        "claiming cascade", "episodes a month",
        " ".join(STAGE[name].definition for name in ("needs", "aware", "willing", "eligible", "claimed", "served")),
        when="month",
    ),
    "who": Shown(
        "who met the need", "episodes a month",
        "Needs that ended in the month: met by the city, an NGO, the state (or a job's insurance), or nobody.",
        when="month",
    ),
    "stock_status": Shown(
        "migrants by status", "persons", "Migrants in the country at the end of the month, by formal status.",
        when="month",
    ),
    "theil_between": Shown(
        "unevenness between regions", "Theil index",
        f"{BY_ID['E2']['level_between_regions'].definition} (level_theil: {BY_ID['E2']['level_theil'].definition})",
    ),
    "theil_within": Shown(
        "unevenness within regions", "Theil index", BY_ID["E2"]["level_within_regions"].definition,
    ),
    "arrivals": Shown("arrivals", "persons a month", "Came from abroad in the month.", when="month"),
    "departures": Shown(
        "departures", "persons a month", "Left the country or were deported in the month.", when="month",
    ),
    "flows": Shown(
        "moves", "moves a year", "Moves from one group of places (first axis) to another in the year.",
    ),
}  # fmt: skip

MEASURES = {**_MAPPED, **_CHARTED}  # those that every world has


def measures_shown(arrays: Mapping[str, Packed], entries: Entries) -> dict[str, dict[str, object]]:
    """What can be shown of a world with these arrays: name -> label, unit, array, range, definition.

    `map` says whether it is a number for each place, by which the map can be coloured.
    """
    levels = {
        f"service_{name}": Shown(
            service.label,
            "level, 0 to 1",
            f"Level of the service, end of December: {service.meaning}.",
            high=1.0,
            array="services",
            column=number,
        )
        for number, (name, service) in enumerate(entries.services.items())
    }
    mapped = {**_MAPPED, **levels}
    shown = {name: asdict(each) for name, each in {**mapped, **_CHARTED}.items()}
    located = {name: {**about, "array": about["array"] or name} for name, about in shown.items()}
    return {n: {**about, "map": n in mapped} for n, about in located.items() if about["array"] in arrays}
