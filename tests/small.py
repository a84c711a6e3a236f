"""Small worlds for the tests: places, scenarios and single agents, made in a moment.

Rules of one agent run on plain objects (`a_migrant`, `a_city`, `a_world` ... and `plain(rule)`); whole
months run on `small_scenario`, a country of a few towns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from local_citizenship.agents.apprehension import NO_DATE
from local_citizenship.agents.chance import SLOTS, random_bytes, uniform_for
from local_citizenship.agents.here import Here
from local_citizenship.agents.life import first_of, slots_used
from local_citizenship.agents.moving import MOST_DRAWN, steady
from local_citizenship.agents.ngo import NGO
from local_citizenship.agents.rule import interpreted
from local_citizenship.agents.settling import NEVER_DUE
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.model.world import new_world
from local_citizenship.scenarios import Change, Places, Scenario
from local_citizenship.scenarios.catalogue import DOORS, LEGAL, NEEDS, NGO_KINDS, SERVICES, STATUSES
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
    "ngos": {"initial": 8},
    "stories": {"share": 0.2},
}  # fmt: skip

# Single rules are looked at with the mechanisms that colour everything else out of the way; a test of one of
# those turns it on again.
NEUTRAL: Settings = {
    "doors": {door: {"family_joins": 0.0, "debt": 0} for door in DOORS},
    "trades": {key: {"unevenness": 0.0, "reluctance": 0.0, "ruthlessness": 0.0, "hours": 1.0} for key in TRADES},
    "claiming": {"haste_settler": 0.0, "haste_debt": 0.0},
    "city": {"regionalism": 0.0, "shirking": 0.0},
    "policy": {"programme": 0.0},
    "public": {"discrimination": 0.0},
    "voice": {"opening": 0.0, "surveys": 0.0, "mobilise": 0.0},
    "language": {"barrier": 0.0, "prerequisite": 0.0},
    "ngos": dict.fromkeys(("paternalism", "specialised", "competence", "referral", "telephone", "hotline", "membership",
                           "transience"), 0.0),
}  # fmt: skip


def nested(path: str, value: Any) -> Settings:
    """`{"fear": {"weight": 0.0}}` for fear.weight; an asterisk means every entry, as in `needs.*.rate`."""
    section, *inner = path.split(".")
    if not inner:
        return {section: value}
    if inner[0] == "*":
        return {
            section: {name: nested(".".join(inner[1:]), value) for name in getattr(SHIPPED, section).names}
        }
    return {section: nested(".".join(inner), value)}


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


# Whole countries ----------------------------------------------------------------------------------------


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


# Single agents, for single rules -----------------------------------------------------------------------


def plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    """The interpreted twin of a rule, with the wrap-around of the hash left uncommented."""
    twin = interpreted(rule)

    def called(*arguments: Any) -> Any:
        with np.errstate(over="ignore"):
            return twin(*arguments)

    return called


def as_plain(record: Any) -> SimpleNamespace:
    """A record as a plain object, whose arrays are its own."""
    values = {name: record[name] for name in record.dtype.names}
    return SimpleNamespace(**{name: v.copy() if v.ndim else v.item() for name, v in values.items()})


def _blank(dtype: np.dtype[Any]) -> SimpleNamespace:
    return as_plain(np.zeros(1, dtype)[0])


# Whose names the numbers of a field are; those of a migrant's need and membership begin at 1, and 0 is none.
_NAMES = {"door": DOORS, "group": DOORS, "status": STATUSES, "need": (None, *NEEDS), "member": (None, *NGO_KINDS),
          "kind": NGO_KINDS, "issue": NEEDS, "level": SERVICES, "level_before": SERVICES, "open": SERVICES,
          "unmet": NEEDS, "by_group": DOORS, "by_door": DOORS, "jobs": DOORS, "members": NGO_KINDS,
          "insures": TRADES, "ruthless": TRADES, "trades": TRADES}  # fmt: skip


def _filled(record: SimpleNamespace, fields: dict[str, Any]) -> SimpleNamespace:
    """The record with these fields, of which numbers may be said by name and parts of arrays as {name: value}."""
    for name, value in fields.items():
        assert hasattr(record, name), name
        if isinstance(value, dict):
            for which, number in value.items():
                at = _NAMES[name].index(which) if isinstance(which, str) else which
                getattr(record, name)[at] = number
        elif isinstance(getattr(record, name), np.ndarray) and np.ndim(value) == 0:
            getattr(record, name)[:] = value
        else:
            setattr(record, name, _NAMES[name].index(value) if isinstance(value, str) else value)
    return record


def a_world(*settings: Settings, month: int = 100, seed: int = 7, **shared: Any) -> SimpleNamespace:
    """A world record as a plain object: the defaults made neutral, nested settings, then fields by name."""
    world = as_plain(new_world(parameters_with(NEUTRAL, *settings))[0])
    world.month = month
    world.offered[:] = world.recruiting[:] = 1.0
    world.luck_ever = 1_000_003 * (seed + 1)
    world.luck_now = 7_000_003 * (seed + 1) + month
    return _filled(world, shared)


def a_migrant(identity: int = 1, **fields: Any) -> SimpleNamespace:
    """A legal woman without need, permit's end or target, whose family, if any, has a child at school; other fields by
    name, as `need="illness"`."""
    migrant = _blank(SHIPPED_LAYOUT.migrant)
    migrant.identity = identity
    migrant.present = 1
    migrant.status = LEGAL
    migrant.permit_until = NEVER_DUE
    migrant.target = NEVER_DUE
    migrant.last_ngo = NO_DATE
    migrant.woman = 1
    migrant.children = int(fields.get("family", 0))
    return _filled(migrant, fields)


def a_city(level: float | dict[Any, float] = 0.0, **fields: Any) -> SimpleNamespace:
    """A town of 100,000, its services well fitted, with the given level of all (or of some, by number or name);
    other fields by name, as `open={"schooling": 1}` or `unmet={"dispute": 9}`."""
    city = _blank(SHIPPED_LAYOUT.municipality)
    city.population = 100_000.0
    city.foreign_residents = 2_000.0
    city.fiscal_strength = 0.8
    city.migrants = 1_000
    city.fit = 1.0
    city.ruthless[:] = city.trades[:] = 1.0
    city.level[:] = 0.0 if isinstance(level, dict) else level
    _filled(city, {"identity": city_identity(fields), **fields})
    if isinstance(level, dict):
        _filled(city, {"level": level})
    city.region_identity = fields.get("region_identity", 7_000 + city.region)
    return city


def city_identity(fields: dict[str, Any]) -> int:
    """Places of differing rows have luck of their own, as those of differing codes have."""
    return 5_000 + int(fields.get("row", 0))


def an_ngo(**fields: Any) -> SimpleNamespace:
    """An NGO that takes all cases of its kind and misjudges none; fields by name."""
    ngo = _blank(NGO)
    ngo.identity = 5
    ngo.alive = 1
    ngo.skill = 0.6
    ngo.fit = 1.0
    ngo.issue = -1
    ngo.group = -1
    return _filled(ngo, fields)


class Records(list[Any]):
    """Plain records in place of an array of them, for a kernel that goes through all."""

    @property
    def shape(self) -> tuple[int]:
        """(number of records,), as an array's."""
        return (len(self),)


class Counters:
    """Empty counters of a month: `place`, `region`, `nation`, and a `log` for lives that nobody records."""

    def __init__(self) -> None:
        self.place = _blank(SHIPPED_LAYOUT.place)
        self.region = _blank(SHIPPED_LAYOUT.region)
        self.nation = _blank(SHIPPED_LAYOUT.nation)
        self.log = SimpleNamespace(count=0)


def a_here(world: Any = None, city: Any = None, counters: Counters | None = None) -> Here:
    """What surrounds a migrant: a world (the default one), a city (one with nothing), and counters."""
    counted = counters or Counters()
    return Here(
        world=a_world() if world is None else world,
        city=a_city() if city is None else city,
        place=counted.place,
        region=counted.region,
        nation=counted.nation,
        log=counted.log,
    )


def on_slot(slot: int, migrant: Any, here: Here) -> Any:
    """Let the month's luck on a slot decide which of its events, if any, comes true; what it comes to."""
    luck, who = here.world.luck_now, migrant.identity
    u = plain(uniform_for)(luck, who, plain(random_bytes)(luck, who, slot // SLOTS), slot)
    return plain(_competing(slot))(migrant, here, u)


@cache
def _competing(slot: int) -> Callable[..., Any]:
    return first_of(slots_used()[slot])


def bits(*services: int | str) -> int:
    """Those services, by number or name, as `knows` and `enrolled` have them."""
    return sum(2 << (SERVICES.index(each) if isinstance(each, str) else each) for each in services)


ALL_SERVICES = bits(*range(N_SERVICES))
PROGRAMMES = bits(*(SERVICES.index(name) for name in SHIPPED.services.having("programme")))
MANY = range(1, 401)  # identities for a comparison "same luck, everything else equal"


def drawn_to(weights: np.ndarray, jobs: np.ndarray | None = None) -> np.ndarray:
    """Destinations (3 D, P) as `lay_out_destinations` has them, of every door alike, from how places draw and jobs."""
    jobs = np.ones(len(weights)) if jobs is None else jobs
    jobs = jobs / jobs.sum()
    most = most_drawn_to(weights) * jobs
    rows = [np.minimum(weights, most), jobs, np.maximum(0.0, weights - most)]
    return np.repeat([row.cumsum() for row in rows], len(DOORS), axis=0)


def most_drawn_to(weights: np.ndarray) -> float:
    """The bound that goes with them, `world.most_drawn` of each door."""
    return float(plain(steady)(MOST_DRAWN * weights.sum()))
