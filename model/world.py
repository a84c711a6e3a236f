"""The world record: all parameters, and what everybody shares this month, as one record that rules can read.

The fields are made from the parameters, so that a declared one cannot be missing: `fear.weight` becomes
`world.fear_weight`, and `doors.coethnic.arrivals` becomes one of `world.doors_arrivals`, an array over the doors.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..agents.classes import N_CLASSES
from ..agents.life import WORDS
from ..agents.municipality import ZONES
from ..agents.services import ROLES
from ..scenarios.errors import ScenarioError
from ..scenarios.schema import KeyedSection, Parameters, iter_parameters
from .derived import derive, derived_fields, derived_from
from .made_once import made_once


def shared_fields(services: int, needs: int, doors: int, ngo_kinds: int, trades: int) -> list[Any]:
    """The fields that are no parameters, for so many services, needs, doors, kinds of NGO and trades."""
    return [
        ("month", np.int64),
        ("luck_now", np.uint64),  # this month's key
        ("luck_ever", np.uint64),  # the key of lasting traits
        ("persons", np.float64),  # people a record stands for
        ("sampled_share", np.float64),
        ("apprehension", np.float64),  # A4: this month's chance
        ("risk", np.float64),  # D3: the yearly risk in the country
        ("offered", np.float64, (trades,)),  # A10: jobs, as a share of a boom's
        ("recruiting", np.float64, (doors,)),  # A10: arrivals, as a share of those who would come
        ("laid_off", np.float64, (trades,)),  # A10: this month's chance to lose the job
        ("vacancy", np.float64, (trades,)),  # A10: free jobs, as a share of those offered
        ("worst_trade", np.int64),  # A10: in which that is highest
        ("openings", np.float64, (trades,)),  # A10: jobs that stay free for those of other trades (records)
        ("recruited_elsewhere", np.float64, (doors,)),  # A2: of a door's newcomers, those for other trades
        ("talk", np.float64, (doors,)),  # D3: yearly risk of each group, as compatriots remember it
        (
            "usual",
            np.float64,
            (doors,),
        ),  # A6: people of each group in the country, beside those of the largest
        ("perception", np.float64),  # A9
        ("incidents", np.float64),  # A9: arrests last month (records)
        ("raids", np.float64),  # A9: apprehensions last month (records)
        ("precedent", np.float64, (needs,)),  # C8: how far courts have advanced a right on paper
        ("conceded", np.float64),  # C8: how far lobbying has freed officials of the duty to report
        ("usual_wages", np.float64),  # D8: fiscal strength where the jobs are
        ("share", np.float64),  # of the country that this run is
        (
            "network",
            np.float64,
            (doors,),
        ),  # D13: how far compatriots in the country take the place of brokers
        ("most_drawn", np.float64, (doors,)),  # D9: attraction for its jobs up to which they choose the place
        ("phone_kinds", np.int64),  # C3: kinds of NGO that exist anywhere, as bits
        # Thinning: upper bounds of the chances on each slot, in 256ths, a byte a slot (see thinning.py)
        ("bounds", np.uint64, (ZONES, doors, N_CLASSES, WORDS)),
        ("highest_bounds", np.uint64, (ZONES, doors, WORDS)),
        ("search_bound", np.uint64),  # above every first byte with which asking around may succeed
        # What entries are and whom they answer
        ("services_by_threshold", np.int64, (services,)),
        ("services_number", np.int64, (services,)),  # by which the luck of an entry is keyed
        ("needs_number", np.int64, (needs,)),
        ("doors_number", np.int64, (doors,)),
        ("ngo_kinds_number", np.int64, (ngo_kinds,)),
        ("role_counts", np.int64, (len(ROLES),)),  # services of each role
        ("role_services", np.int64, (len(ROLES), services)),  # which they are
        ("insurance_bits", np.int64),  # in `knows` and `enrolled`
        ("programme_bits", np.int64),
        ("school_bits", np.int64),  # programmes for those with a child at school
        ("welfare_bits", np.int64),
        ("insurance_of_job", np.int64),  # the insurance, as the city has it, that comes with the job
        ("needs_services", np.int64, (needs, services + 1)),  # those that answer, by turn; -1 after the last
        ("needs_kinds", np.int64, (needs,)),  # kinds of NGO that take such a case, as bits
        ("women_kinds", np.int64),  # kinds of NGO that take the cases of women alone, as bits
        ("needs_insured", np.int64, (needs,)),  # whether a health insurance answers it
        ("need_in_detention", np.int64),
        ("groups", np.int64),  # of compatriots; fields for each have room for as many as there are doors
        ("group_of_door", np.int64, (doors,)),
        ("trade_of_door", np.int64, (doors,)),
        ("trades_number", np.int64, (trades,)),
        *derived_fields(needs, doors, trades),
    ]


class WorldLayout:
    """The world record for certain entries, and how parameters are written into it."""

    def __init__(self, parameters: Parameters) -> None:
        keyed = dict(parameters.keyed())
        fields: dict[str, tuple[Any, ...]] = {}
        # Field -> (section, name of a parameter, its choices); of an entry's once for all entries.
        self._written: dict[str, tuple[str, str, tuple[str, ...] | None]] = {}
        for info in iter_parameters(parameters):
            section, field = info.path.partition(".")[0], field_of(info.path)
            if not info.in_world or field in fields:
                continue
            kind = np.float64 if info.type is float else np.int64
            fields[field] = (field, kind, (len(keyed[section]),)) if section in keyed else (field, kind)
            self._written[field] = (section, info.path.rpartition(".")[2], info.choices)
        self.dtype = np.dtype([*shared_fields(**parameters.counts()), *fields.values()])

    def write(self, record: Any, parameters: Parameters) -> None:
        """Write all parameters into a world, and what follows from them."""
        self._write(record, parameters, self._written)
        record["persons"] = parameters.scale.persons_per_record
        record["share"] = parameters.scale.share
        record["sampled_share"] = parameters.stories.share
        derive(record)

    def write_some(self, record: Any, parameters: Parameters, paths: Iterable[str]) -> None:
        """Write those parameters that stand under `paths`, and what follows from them."""
        fields = {field_of(path) for path in paths} & self._written.keys()
        self._write(record, parameters, fields)
        derive(record, derived_from(fields))

    def _write(self, record: Any, parameters: Parameters, fields: Iterable[str]) -> None:
        for field in fields:
            name, called, choices = self._written[field]
            section = getattr(parameters, name)
            if isinstance(section, KeyedSection):
                record[field] = [_number(getattr(entry, called), choices) for entry in section.values()]
            else:
                record[field] = _number(getattr(section, called), choices)


def field_of(path: str) -> str:
    """The field of a parameter: `doors.coethnic.arrivals` and those of other doors share `doors_arrivals`."""
    section, _, name = path.partition(".")
    return f"{section}_{name.rpartition('.')[2]}"


def _number(value: Any, choices: tuple[str, ...] | None) -> Any:
    return value if choices is None else choices.index(value)


def _write_traits(record: Any, parameters: Parameters) -> None:
    """What entries are, and whom they answer, as numbers that rules can go by."""
    services, needs, kinds = parameters.services, parameters.needs, parameters.ngo_kinds
    for name, section in parameters.keyed():
        record[f"{name}_number"] = section.numbers
    for row, role in enumerate(ROLES):
        having = [services.position(name) for name in services.having(role)]
        record["role_counts"][row] = len(having)
        record["role_services"][row, : len(having)] = having
    insurances = [services.position(name) for name in services.having("insurance")]
    for trait in ("insurance", "programme", "welfare"):
        record[f"{trait}_bits"] = sum(2 << services.position(name) for name in services.having(trait))
    schools = set(services.having("school")) & set(services.having("programme"))
    record["school_bits"] = sum(2 << services.position(name) for name in schools)
    record["insurance_of_job"] = insurances[0] if insurances else 0
    record["needs_services"] = -1
    for number, need in enumerate(needs):
        answering = [(entry.turn, at) for at, entry in enumerate(services.values()) if need in entry.answers]
        record["needs_services"][number, : len(answering)] = [at for _, at in sorted(answering)]
        record["needs_kinds"][number] = sum(
            1 << at for at, kind in enumerate(kinds.values()) if need in kind.answers
        )
        record["needs_insured"][number] = any(at in insurances for _, at in answering)
    record["women_kinds"] = sum(1 << kinds.position(name) for name in kinds.having("women_only"))
    record["need_in_detention"] = needs.position(need_in_detention(parameters))
    groups = groups_of(parameters)
    trades = parameters.trades.names
    record["trade_of_door"] = [trades.index(door.trade) for door in parameters.doors.values()]
    record["groups"] = len(groups)
    record["group_of_door"] = [groups.index(door.group) for door in parameters.doors.values()]


def need_in_detention(parameters: Parameters) -> str:
    """The need that begins with detention. Errors: ScenarioError unless there is just one."""
    if why := parameters.needs.why_not_in_detention():
        raise ScenarioError(why)
    return parameters.needs.having("detention")[0]


def groups_of(parameters: Parameters) -> list[str]:
    """The groups of compatriots, in the order in which doors name them."""
    return list(dict.fromkeys(door.group for door in parameters.doors.values()))


_LAYOUTS: dict[tuple[tuple[str, ...], ...], WorldLayout] = {}


def world_layout(parameters: Parameters) -> WorldLayout:
    """The layout for the entries of these parameters, made once: walking the schema takes long."""
    names = tuple(section.names for _, section in parameters.keyed())
    if names not in _LAYOUTS:
        _LAYOUTS[names] = WorldLayout(parameters)
    return _LAYOUTS[names]


@made_once(64)
def _world_of(parameters: Parameters) -> np.ndarray:
    layout = world_layout(parameters)
    world = np.zeros(1, layout.dtype)
    _write_traits(world[0], parameters)  # first: some of what is derived goes by them
    layout.write(world[0], parameters)
    return world


def new_world(parameters: Parameters) -> np.ndarray:
    """A world array (1,) with all parameters written."""
    return _world_of(parameters).copy()


def change_world(world: np.ndarray, parameters: Parameters, paths: Iterable[str]) -> None:
    """Write those parameters that stand under `paths` into a world array."""
    world_layout(parameters).write_some(world[0], parameters, paths)
