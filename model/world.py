"""The world record: all parameters, and what everybody shares this month, as one record that rules can read.

The fields are made from the schema, so that a declared parameter cannot be missing: `fear.weight` becomes
`world.fear_weight`, and `doors.coethnic.arrivals` becomes `world.doors_arrivals[COETHNIC]`.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np

from ..agents.migrant import N_CLASSES
from ..scenarios.catalogue import DOORS, SERVICES
from ..scenarios.schema import KeyedSection, ParameterInfo, Parameters, iter_parameters

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
    ("precedent", np.float64),  # C8: how far courts have advanced rights on paper
    ("conceded", np.float64),  # C8: how far lobbying has freed officials of the duty to report
    ("usual_wages", np.float64),  # D8: fiscal strength where the jobs are
    (
        "most_drawn",
        np.float64,
        N_DOORS,
    ),  # D9: attraction for its jobs up to which a place is chosen by its jobs
    ("phone_kinds", np.int64),  # C3: kinds of NGO that exist anywhere, as bits
    ("most_tension", np.float64),  # B9: of all places
    ("screen", np.uint64, (N_DOORS, N_CLASSES)),  # upper bounds of the lanes, in 256ths, one byte a lane
    ("screen_most", np.uint64),  # lane by lane the highest of them
    ("search_bound", np.uint64),  # above every first byte with which asking around may succeed
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


def _field_of(info: ParameterInfo) -> tuple[str, int | None]:
    """World field of a parameter, and its index there if the section is keyed by a catalogue list."""
    section, *rest = info.path.split(".")
    if section in _KEYED:
        return f"{section}_{rest[1]}", _KEYED[section].index(rest[0])
    return "_".join([section, *rest]), None


def world_dtype() -> np.dtype[Any]:
    """The dtype of the world record: shared fields, then one field a parameter."""
    fields: dict[str, tuple[Any, ...]] = {}
    for info in iter_parameters(Parameters()):
        if not info.in_world:
            continue
        name, index = _field_of(info)
        kind = np.float64 if info.type is float else np.int64
        if index is None:
            fields[name] = (name, kind)
        else:
            section = info.path.split(".")[0]
            fields[name] = (name, kind, len(_KEYED[section]))
    return np.dtype([*_SHARED, *fields.values()])


WORLD = world_dtype()


def _places_in_world() -> list[tuple[attrgetter[Any], str, int | None, tuple[str, ...] | None]]:
    """For each parameter: how to get it, its field of the world, its index there, its choices."""
    return [
        (attrgetter(info.path), *_field_of(info), info.choices)
        for info in iter_parameters(Parameters())
        if info.in_world
    ]


_PLACES_IN_WORLD = (
    _places_in_world()
)  # found once: walking the schema takes longer than ten months of a small run


def set_parameters(world: np.ndarray, parameters: Parameters) -> None:
    """Write all parameters into the one-row world array, and what follows from them alone."""
    record = world[0]
    for value_in, name, index, choices in _PLACES_IN_WORLD:
        value = value_in(parameters)
        number = value if choices is None else choices.index(value)
        if index is None:
            record[name] = number
        else:
            record[name][index] = number
    record["persons"] = parameters.scale.persons_per_record
    order = np.argsort(record["services_threshold"], kind="stable")
    record["services_by_threshold"] = order
