"""Single agents for single rules: plain objects, on which a rule runs interpreted (`plain(rule)`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from small import N_SERVICES, NEUTRAL, TRADES, Settings, parameters_with

from local_citizenship.agents.apprehension import NO_DATE
from local_citizenship.agents.chance import SLOTS, random_bytes, uniform_for
from local_citizenship.agents.here import Here
from local_citizenship.agents.life import first_of, slots_used
from local_citizenship.agents.municipality import LEVELS
from local_citizenship.agents.ngo import NGO
from local_citizenship.agents.rule import interpreted
from local_citizenship.agents.settling import NEVER_DUE
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.model.world import new_world
from local_citizenship.scenarios.catalogue import DOORS, LEGAL, NEEDS, NGO_KINDS, SERVICES, STATUSES
from local_citizenship.scenarios.schema import SHIPPED


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
          "open_before": SERVICES, "off_register": NEEDS,
          "fits": SERVICES, "unmet": NEEDS, "left_out": NEEDS, "by_group": DOORS, "by_door": DOORS, "jobs": DOORS,
          "members": NGO_KINDS, "trade": TRADES, "insures": TRADES, "ruthless": TRADES, "trades": TRADES}  # fmt: skip


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


_WORLDS: dict[str, Any] = {}


def _world_of(settings: tuple[Settings, ...]) -> Any:
    """The record, made once of the same settings: some tests ask for that of each of a thousand months."""
    told = repr(settings)
    if told not in _WORLDS:
        _WORLDS[told] = new_world(parameters_with(NEUTRAL, *settings))[0]
    return _WORLDS[told]


def a_world(*settings: Settings, month: int = 100, seed: int = 7, **shared: Any) -> SimpleNamespace:
    """A world record as a plain object: the defaults made neutral, nested settings, then fields by name."""
    world = as_plain(_world_of(settings))
    world.month = month
    world.offered[:] = world.recruiting[:] = 1.0
    world.luck_ever = 1_000_003 * (seed + 1)
    world.luck_now = 7_000_003 * (seed + 1) + month
    return _filled(world, shared)


def a_migrant(identity: int = 1, **fields: Any) -> SimpleNamespace:
    """A legal woman of her door's trade, without need, permit's end or target, whose family, if any, has a child at
    school; other fields by name, as `need="illness"`."""
    migrant = _blank(SHIPPED_LAYOUT.migrant)
    migrant.identity = identity
    migrant.present = 1
    migrant.status = LEGAL
    migrant.permit_until = NEVER_DUE
    migrant.target = NEVER_DUE
    migrant.last_ngo = NO_DATE
    migrant.woman = 1
    migrant.children = int(fields.get("family", 0))
    _filled(migrant, fields)
    if "trade" not in fields:
        migrant.trade = TRADES.index(SHIPPED.doors[DOORS[migrant.door]].trade)
    return migrant


def a_city(level: float | dict[Any, float] = 0.0, **fields: Any) -> SimpleNamespace:
    """A town of 100,000, its services well fitted, with the given level of all (or of some, by number or name);
    other fields by name, as `open={"schooling": 1}` or `unmet={"dispute": 9}`."""
    city = _blank(SHIPPED_LAYOUT.municipality)
    city.population = 100_000.0
    city.foreign_residents = 2_000.0
    city.fiscal_strength = 0.8
    city.migrants = city.registered = 1_000
    city.prejudice = city.uptake = 1.0
    city.fit = 1.0
    city.fits[:] = fields.get("fit", 1.0)
    city.ruthless[:] = city.trades[:] = 1.0
    city.near[:] = -1
    city.level[:] = 0.0 if isinstance(level, dict) else level
    _filled(city, {"identity": city_identity(fields), **fields})
    if isinstance(level, dict):
        _filled(city, {"level": level})
    city.region_identity = fields.get("region_identity", 7_000 + city.region)
    if "within" not in fields:
        city.within[:] = city.ngo_kinds  # kinds that are here are within everybody's reach
    return city


def with_offices(
    city: SimpleNamespace, register: list[Any], rows: Iterable[int], weight: float = 1.0
) -> SimpleNamespace:
    """The city, with those NGOs of the register within its reach, as far as the weight says."""
    for row in rows:
        kind = register[row].kind
        at = int((city.near[kind] >= 0).sum())
        city.near[kind, at], city.near_weight[kind, at] = row, weight
        city.ngo_kinds |= 1 << kind
        city.near_total += weight
        city.within[: round(weight * LEVELS)] |= 1 << kind
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
