"""The world record: all parameters, and what everybody shares this month, as one record that rules can read.

The fields are made from the schema, so that a declared parameter cannot be missing: `fear.weight` becomes
`world.fear_weight`, and `doors.coethnic.arrivals` becomes `world.doors_arrivals[COETHNIC]`.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..agents.chance import (
    CHANGES_STATUS,
    ENROLS,
    HEARS_OF_NGO,
    LEARNS,
    LEAVES,
    MOVES,
    NEED_STRIKES,
    SETTLES,
)
from ..agents.needs import MOST_HARM, N_NEEDS, need_rate
from ..agents.rule import interpreted
from ..scenarios.catalogue import DOORS, IRREGULAR, LEGAL, OVERSTAYER, SERVICES
from ..scenarios.errors import ScenarioError
from ..scenarios.schema import KeyedSection, Leaf, Parameters, leaves

N_LANES = 8
# Whose bounds they are (see `screen_class` in agents/migrant.py): status and family.
CLASSES = tuple((status, family) for status in (LEGAL, IRREGULAR, OVERSTAYER) for family in (0, 1))
N_CLASSES = len(CLASSES)
N_DOORS = len(DOORS)

_SHARED = [
    ("month", np.int64),
    ("luck_now", np.uint64),  # this month's key
    ("luck_ever", np.uint64),  # the key of lasting traits
    ("persons", np.float64),  # people a record stands for
    ("sampled_share", np.float64),
    ("apprehension", np.float64),  # A4: this month's chance
    ("risk", np.float64),  # D3: the yearly risk in the country
    ("demand", np.float64),  # A10
    ("perception", np.float64),  # A9
    ("precedent", np.float64),  # C8
    ("phone_kinds", np.int64),  # C3: kinds of NGO that exist anywhere, as bits
    ("screen", np.uint64, (N_DOORS, N_CLASSES)),  # upper bounds of the lanes, in 256ths, one byte a lane
    ("services_by_threshold", np.int64, len(SERVICES)),
]


def _keyed_sections() -> dict[str, tuple[str, ...]]:
    found = {}
    for name in Parameters.model_fields:
        section = getattr(Parameters(), name)
        if isinstance(section, KeyedSection):
            found[name] = section.names
    return found


_KEYED = _keyed_sections()


def _field_of(leaf: Leaf) -> tuple[str, int | None]:
    """World field of a parameter, and its index there if the section is keyed by a catalogue list."""
    section, *rest = leaf.path.split(".")
    if section in _KEYED:
        return f"{section}_{rest[1]}", _KEYED[section].index(rest[0])
    return "_".join([section, *rest]), None


def _as_number(leaf: Leaf) -> float | int:
    if leaf.choices is not None:
        return leaf.choices.index(leaf.default)
    return leaf.default


def world_dtype() -> np.dtype[Any]:
    """The dtype of the world record: shared fields, then one field a parameter."""
    fields: dict[str, tuple[Any, ...]] = {}
    for leaf in leaves(Parameters()):
        name, index = _field_of(leaf)
        kind = np.float64 if leaf.type is float else np.int64
        if index is None:
            fields[name] = (name, kind)
        else:
            section = leaf.path.split(".")[0]
            fields[name] = (name, kind, len(_KEYED[section]))
    return np.dtype([*_SHARED, *fields.values()])


WORLD = world_dtype()


def set_parameters(world: np.ndarray, parameters: Parameters) -> None:
    """Write all parameters into the one-row world array, and what follows from them alone."""
    record = world[0]
    for leaf in leaves(parameters):
        name, index = _field_of(leaf)
        if index is None:
            record[name] = _as_number(leaf)
        else:
            record[name][index] = _as_number(leaf)
    record["persons"] = parameters.scale.persons_per_record
    order = np.argsort(record["services_threshold"], kind="stable")
    record["services_by_threshold"] = order


def set_screen(world: np.ndarray) -> None:
    """Upper bounds of what may happen to anybody this month, by door and lane.

    The bound of a lane is the largest chance any rule on that lane can reach for any migrant of that door; a
    test runs the rules beside their bounds. In 256ths, rounded up.
    """
    record = world[0]
    plain = SimpleNamespace(**{name: record[name] for name in WORLD.names or ()})
    rate = interpreted(need_rate)
    short = 1.0 + plain.labour_layoffs * max(0.0, 1.0 - plain.demand)
    ties = 1.0 + 10.0 * plain.settling_years + plain.settling_family + plain.settling_belonging
    for door in range(N_DOORS):
        for number, (status, family) in enumerate(CLASSES):
            bounds = np.zeros(N_LANES)
            bounds[NEED_STRIKES] = sum(
                rate(plain, door, status, family, MOST_HARM, need, plain.public_discrimination, 0.0)
                for need in range(N_NEEDS)
            )
            bounds[MOVES] = plain.doors_moving[door] * short * (plain.moving_family if family else 1.0)
            bounds[LEAVES] = plain.doors_leaving[door] * short
            bounds[LEARNS] = plain.awareness_outreach + plain.awareness_peers
            local = plain.awareness_ngo_outreach + plain.awareness_peers
            bounds[HEARS_OF_NGO] = max(local, plain.ngos_hotline)
            insure = plain.claiming_insure if status < OVERSTAYER else 0.0
            join = plain.claiming_join * (plain.claiming_join_family if family else 1.0)
            bounds[ENROLS] = max(plain.claiming_lapse, insure) + max(plain.claiming_quit, join)
            bounds[SETTLES] = plain.settling_drift * plain.doors_settling[door] * ties
            bounds[CHANGES_STATUS] = _status_bound(record, door, status, family)
            record["screen"][door, number] = _packed(bounds, DOORS[door])


def _status_bound(record: Any, door: int, status: int, family: int) -> float:
    """Upper bound of the status lane: all that may happen on the ladder to somebody of this class."""
    bound = record["status_marriage"]
    if status == LEGAL:
        bound += record["status_permanent_rate"] + record["status_naturalise_apply"]
        bound += record["doors_outside_activity"][door]
        if not family:
            bound += record["doors_family_joins"][door]
    elif status == IRREGULAR:
        bound += record["apprehension"] * record["enforcement_outside_activity"]
    else:
        bound += record["apprehension"]
    if status < OVERSTAYER:
        bound += record["doors_runaway"][door]
    return float(bound)


def set_status_lane(world: np.ndarray) -> None:
    """Set anew the one bound that moves from month to month, with the chance of apprehension."""
    record = world[0]
    shift = 8 * CHANGES_STATUS
    for door in range(N_DOORS):
        for number, (status, family) in enumerate(CLASSES):
            if status < IRREGULAR:
                continue
            byte = _byte(_status_bound(record, door, status, family), CHANGES_STATUS, DOORS[door])
            rest = int(record["screen"][door, number]) & ~(0xFF << shift)
            record["screen"][door, number] = rest | (byte << shift)


# What each lane's chances come from, for the message about too large ones.
_LANE_PARAMETERS = {
    NEED_STRIKES: "needs.*.rate and the risks of the door",
    MOVES: "doors.*.moving and labour.layoffs",
    LEAVES: "doors.*.leaving and labour.layoffs",
    LEARNS: "awareness.outreach and awareness.peers",
    HEARS_OF_NGO: "awareness.ngo_outreach and awareness.peers",
    ENROLS: "claiming.insure, claiming.join and claiming.quit",
    SETTLES: "settling.* and doors.*.settling",
    CHANGES_STATUS: "enforcement.*, status.* and doors.*.runaway",
}


def _packed(bounds: np.ndarray, door: str) -> int:
    """Bounds (8,) in 256ths, rounded up, one a byte."""
    return sum(_byte(bound, lane, door) << (8 * lane) for lane, bound in enumerate(bounds))


def _byte(bound: float, lane: int, door: str) -> int:
    """A bound in 256ths, rounded up. Errors: ScenarioError if it is too large for a byte."""
    byte = math.ceil(256.0 * bound + 1e-9) if bound > 0.0 else 0
    if byte > 255:
        raise ScenarioError(
            f"the chances of {door} from {_LANE_PARAMETERS[lane]} add up to {bound:.2f} a month, but must stay "
            "below 1: lower one of them"
        )
    return byte
