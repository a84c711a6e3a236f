"""Thinning: upper bounds of what may happen to anybody this month, by door and class of migrant.

The bound of a slot is the sum of the chances of its events, taken with the very functions by which they happen, for
somebody of the class to whom as much as possible may happen (agents/classes.py), in places of extremes. Luck above it
needs no closer look. A test holds every event of a run inside its bound; another finds the same run without bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..agents.chance import SLOTS
from ..agents.classes import N_CLASSES, N_COMMON, be_of_class, first_alike
from ..agents.here import Here
from ..agents.life import EVENTS, WORDS, total_chance
from ..agents.rule import kernel, rule, written_rule
from ..scenarios.errors import ScenarioError
from ..scenarios.schema import Parameters

N_SLOTS = WORDS * SLOTS
_STEPS = 256.0  # a bound is kept as a byte


def _slot_table() -> np.ndarray:
    """For each slot and class, the first class with the same bound, (N_SLOTS, N_CLASSES); -1 for an empty slot."""
    table = np.full((N_SLOTS, N_CLASSES), -1, np.int64)
    for slot in total_chance:
        looks_at = 0
        for event in EVENTS:
            if event.slot == slot:
                looks_at |= event.looks_at
        table[slot] = first_alike(looks_at)
    return table


SLOT_TABLE = _slot_table()


def _firsts() -> np.ndarray:
    """Of each slot, the classes that stand for others too, (N_SLOTS, N_CLASSES), -1 after the last."""
    firsts = np.full_like(SLOT_TABLE, -1)
    for slot in total_chance:
        own = np.unique(SLOT_TABLE[slot])
        firsts[slot, : len(own)] = own
    return firsts


FIRSTS = _firsts()


# (slot, migrant, here): the chances of all events on that slot together.
chance_on = written_rule(
    "chance_on",
    "slot, migrant, here",
    [f"if slot == {slot}: return total_{slot}(migrant, here)" for slot in total_chance] + ["return 0.0"],
    **{f"total_{slot}": total for slot, total in total_chance.items()},
)


def extreme_places(parameters: Parameters, dtype: np.dtype, ruthless: np.ndarray) -> np.ndarray:
    """Two municipalities: one where everything is offered, open and known, with many NGOs; one with nothing at all.

    Both pay least, and their employers are the most ruthless of any trade (`ruthless`), for people change trades, and
    nobody watches them; work is found there at best, or not at all; how tense they are is set by the month.
    """
    cities = np.zeros(2, dtype)
    cities["population"] = 1.0
    cities["ruthless"] = np.max(ruthless)
    rich = cities[0]
    rich["finding"] = parameters.labour.rehiring
    for field in ("level", "open", "knowers", "ngo_knowers"):
        rich[field] = 1
    rich["ngo_count"], rich["ngo_staff"] = 1, 1e9
    rich["ngo_kinds"] = (1 << len(parameters.ngo_kinds)) - 1
    return cities


@rule
def byte_above(bound):
    """The 256th above a chance; 0 only for what can't happen."""
    if bound <= 0.0:
        return 0
    return min(255, 1 + int(_STEPS * bound))


@rule
def is_excess(bound):
    """Whether no byte is above this chance."""
    return 1 + int(_STEPS * bound) > 255


@kernel
def lay_out_bounds(
    worlds, someone, extremes, places, regions, nations, logs, firsts, slot_table, bounds, bytes_
):
    """The bounds, and from them the 256th above each, a byte a slot; and the highest of all.

    `firsts` (slots, C) are the classes that differ in what chances on a slot look at, -1 after the last: only of these
    are `bounds` and `bytes_` (D, C, slots) worked out. Where no byte differs from last month's, the world's bounds
    stand. Returns the first door * slots + slot whose chances come to more than a byte holds, or -1.
    """
    world = worlds[0]
    migrant = someone[0]
    n_slots = slot_table.shape[0]
    excess = -1
    changed = False
    for i in range(extremes.shape[0]):
        extremes[i].tension = world.most_tension
        extremes[i].prejudice = world.most_prejudice
        extremes[i].raid = world.most_raided
    for trade in range(extremes[0].finding.shape[0]):
        extremes[0].finding[trade] = world.labour_rehiring
    for slot in range(n_slots):
        for door in range(bounds.shape[0]):
            for k in range(firsts.shape[1]):
                number = firsts[slot, k]
                if number < 0:
                    break
                be_of_class(migrant, world, door, number)
                bound = 0.0
                for i in range(extremes.shape[0]):
                    here = Here(world, extremes[i], places[0], regions[0], nations[0], logs[0])
                    bound = max(bound, chance_on(slot, migrant, here))
                if excess < 0 and is_excess(bound):
                    excess = door * n_slots + slot
                bounds[door, number, slot] = bound
                byte = byte_above(bound)
                changed = changed or byte != bytes_[door, number, slot]
                bytes_[door, number, slot] = byte
    if changed:
        spread_bounds(world, slot_table, bytes_)
    return excess


@rule
def spread_bounds(world, slot_table, bytes_):
    """Give each class the byte of the first like it on each slot, and note the highest of each slot among the common
    classes."""
    for word in range(world.highest_bounds.shape[0]):
        highest = np.uint64(0)
        for slot in range(8 * word, 8 * word + 8):
            most = 0
            for door in range(bytes_.shape[0]):
                for number in range(N_COMMON):
                    first = slot_table[slot, number]
                    if first >= 0:
                        most = max(most, int(bytes_[door, first, slot]))
            highest = highest | (np.uint64(most) << np.uint64(8 * (slot % 8)))
        world.highest_bounds[word] = highest
        for door in range(bytes_.shape[0]):
            for number in range(bytes_.shape[1]):
                bounds = np.uint64(0)
                for slot in range(8 * word, 8 * word + 8):
                    first = slot_table[slot, number]
                    if first >= 0:
                        bounds = bounds | (np.uint64(bytes_[door, first, slot]) << np.uint64(8 * (slot % 8)))
                world.bounds[door, number, word] = bounds


class Thinning:
    """Bounds the chances of each month. `call` is the engine's way to call a kernel."""

    def __init__(
        self, call: Callable[..., Any], parameters: Parameters, layout: Any, ruthless: np.ndarray
    ) -> None:
        self._call = call
        self._someone = np.zeros(1, layout.migrant)
        self._extremes = extreme_places(parameters, layout.municipality, ruthless)
        self._counters = [
            np.zeros(1, kind) for kind in (layout.place, layout.region, layout.nation, layout.log)
        ]
        self._doors = parameters.doors.names
        self.bounds = np.zeros((len(self._doors), N_CLASSES, N_SLOTS))
        self._bytes = np.zeros(self.bounds.shape, np.uint8)

    def set_bounds(self, world: np.ndarray, *, look_again: bool = True) -> None:
        """Set this month's bounds in the one-row world array.

        `look_again`: what cities, NGOs and the state offer may have changed, so that those who knew nobody to ask have
        to be looked at, whatever comes of asking around. Errors: ScenarioError if the chances of a slot add up to
        more than one a month.
        """
        world["search_bound"] = (
            _STEPS if look_again else 1 + int(_STEPS * float(world["awareness_search"][0]))
        )
        counted = (*self._counters, FIRSTS, SLOT_TABLE, self.bounds, self._bytes)
        excess = int(self._call(lay_out_bounds, world, self._someone, self._extremes, *counted))
        if excess >= 0:
            door, slot = divmod(excess, N_SLOTS)
            hint = next(event.hint for event in EVENTS if event.slot == slot)
            raise ScenarioError(
                f"the chances of {self._doors[door]} from {hint} add up to "
                f"{self.bounds[door, :, slot].max():.2f} a month, but must stay below 1: lower one of them"
            )
