"""Small worlds for the tests: places and scenarios of a few towns, made in a moment (single agents: `single`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import Change, Places, Scenario
from local_citizenship.scenarios.catalogue import DOORS, SERVICES
from local_citizenship.scenarios.checks import spelt_out
from local_citizenship.scenarios.places_draw import draw_will
from local_citizenship.scenarios.scenario import regimes_of
from local_citizenship.scenarios.schema import SHIPPED, Parameters

N_SERVICES, N_DOORS, TRADES = len(SERVICES), len(DOORS), SHIPPED.trades.names
Settings = dict[str, Any]

# Who comes to the small country: every door that behaves differently, and enough of each to count.
FLOWS: Settings = {
    "doors": {
        "skilled": {"initial": 60.0, "arrivals": 3.0, "permit": 36, "renewal": 0.9, "overstay": 0.02},
        "coethnic": {"initial": 300.0, "arrivals": 12.0, "permit": 36, "renewal": 0.95, "settlers": 0.2, "family": 0.45,
                     "visibility": 0.8},
        "trainee": {"initial": 60.0, "arrivals": 4.0, "permit": 24, "renewal": 0.2, "runaway": 0.01},
        "student": {"initial": 120.0, "arrivals": 6.0, "permit": 24, "renewal": 0.8, "outside_activity": 0.02},
        "visitor": {"initial": 250.0, "arrivals": 12.0, "permit": 3, "renewal": 0.0, "overstay": 0.95},
        "smuggled": {"initial": 60.0, "arrivals": 4.0, "permit": 0, "visibility": -0.8},
    },
    "trades": {key: {"jobs": 1000.0} for key in TRADES},
    "ngos": {"initial": 8},
    # Few migrants live in each town: less reason has to suffice there.
    "services": {name: {"threshold": service.threshold - 0.3} for name, service in SHIPPED.services.items()
                 if service.threshold > 1.0},
    "stories": {"share": 0.2},
}  # fmt: skip

# Single rules are looked at with the mechanisms that colour everything else out of the way; a test of one of
# those turns it on again.
NEUTRAL: Settings = {
    "doors": {door: {"family_joins": 0.0, "debt": 0} for door in DOORS},
    "trades": {key: {"unevenness": 0.0, "reluctance": 0.0, "ruthlessness": 0.0, "hours": 1.0, "brokers": 0.0}
               for key in TRADES},
    "claiming": {"haste_settler": 0.0, "haste_debt": 0.0, "premium": 0.0},
    "city": {"regionalism": 0.0, "shirking": 0.0, "will": 0.0},
    "policy": {"programme": 0.0},
    "enforcement": {"raids": 0.0, "borne": 1.0},
    "public": {"discrimination": 0.0, "prejudice": 0.0},
    "informal": {"circle": 0.0},
    "voice": {"opening": 0.0, "surveys": 0.0, "mobilise": 0.0},
    "language": {"barrier": 0.0, "prerequisite": 0.0},
    "ngos": dict.fromkeys(("paternalism", "specialised", "competence", "referral", "telephone", "hotline", "membership",
                           "transience"), 0.0),
}  # fmt: skip


def nested(path: str, value: Any) -> Settings:
    """`{"fear": {"weight": 0.0}}` for fear.weight; an asterisk means every entry, as in `needs.*.rate`."""
    if "*" in path:
        return merged({}, dict.fromkeys(spelt_out(path, SHIPPED), value))
    section, _, inner = path.partition(".")
    return {section: nested(inner, value) if inner else value}


def merged(first: Settings, second: Settings) -> Settings:
    """`second` laid over `first`, section by section; either may name parameters by dotted paths."""
    result = dict(first)
    for path, given in second.items():
        ((name, value),) = nested(path, given).items()
        inner = result.get(name)
        result[name] = merged(inner, value) if isinstance(value, dict) and isinstance(inner, dict) else value
    return result


def parameters_with(*settings: Settings) -> Parameters:
    """The defaults, changed by nested settings: `{"fear": {"weight": 0.0}}`; later ones win."""
    values = Parameters().model_dump()
    for each in settings:
        values = merged(values, each)
    return Parameters.model_validate(values)


def small_places(
    towns: int = 12,
    regions: int = 3,
    level: float | None = None,
    seed: int = 12,
    usual_population: float = 11.0,
) -> Places:
    """A country of a few towns, of differing size and means; the same whenever it is asked for.

    `level` gives all services of all towns this starting level (otherwise the towns decide); `usual_population` is
    the mean of its logarithm.
    """
    rng = np.random.default_rng(seed)
    region = np.sort(np.arange(towns) % regions)
    population = np.round(np.exp(rng.normal(usual_population, 0.8, towns)))
    return Places(
        code=[f"{row:02d}" for row in range(towns)],
        name=[f"Town {row}" for row in range(towns)],
        region=region.astype(np.int64),
        regions=[f"Region {number}" for number in range(regions)],
        region_codes=[f"R{number}" for number in range(regions)],
        latitude=rng.uniform(33.0, 40.0, towns),
        longitude=rng.uniform(130.0, 141.0, towns),
        population=population,
        foreign_residents=np.round(population * np.exp(rng.normal(-4.5, 0.7, towns))),
        fiscal_strength=rng.uniform(0.3, 1.3, towns),
        history=rng.uniform(0.0, 1.0, towns),
        internationalisation=rng.uniform(0.0, 1.0, towns),
        industry=rng.uniform(0.05, 1.0, towns),
        will=draw_will(1, [f"{row:02d}" for row in range(towns)]),
        level=np.full((towns, N_SERVICES), 0.0 if level is None else level),
        has_level=level is not None,
        synthetic=True,
        source="made up for a test",
    )


def small_scenario(
    *settings: Settings,
    months: int = 24,
    seed: int = 1,
    places: Places | None = None,
    changes: Iterable[tuple[int, str, Any]] = (),
) -> Scenario:
    """The small country with nested settings laid over its flows; `changes`: (month, path, value)."""
    parameters = parameters_with(FLOWS, *settings)
    timeline = [
        Change(month, path, value, "test") for month, path, value in sorted(changes, key=lambda c: c[0])
    ]
    return Scenario(
        name="small",
        title="A small country",
        question="",
        start="1990-01",
        months=months,
        seed=seed,
        places=places if places is not None else small_places(),
        places_name="none",
        places_seed=0,
        timeline=timeline,
        layers={},
        setting_layers={},
        sources={},
        regimes=regimes_of(parameters.model_dump(), timeline),
    )


def small_run(
    *settings: Settings, engine: str = "compiled", threads: int = 1, **how: Any
) -> LocalCitizenship:
    """The small country, run to its end."""
    model = LocalCitizenship(small_scenario(*settings, **how), engine=engine, threads=threads)
    model.run()
    return model


def total(model: LocalCitizenship, column: str, **where: Any) -> int:
    """Sum of a column of the table `monthly`, over the rows where `where` holds (`status="overstayer"`)."""
    frame = model.ledger.monthly()
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return int(frame[column].sum())


def assert_same_tables(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    """All tables equal, bit for bit, and none of those that count people empty."""
    assert one.keys() == other.keys()
    for name in ("monthly", "needs", "doors", "departures", "census", "moves", "events"):
        assert len(one[name]) > 0, f"{name} is empty: the comparison would prove nothing"
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True, obj=name)
