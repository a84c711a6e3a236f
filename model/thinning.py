"""Thinning: upper bounds of what may happen to anybody this month, by zone, door and class of migrant.

The bound of a slot is the sum of the chances of its events, taken with the very functions by which they happen, for
somebody of the class to whom as much as possible may happen (agents/classes.py), in places of extremes. Luck above it
needs no closer look. A test holds every event of a run inside its bound; another finds the same run without bounds.

The worst of all places is far worse than most. Those alike in how often needs strike are therefore one zone, and those
raided this month another; what depends on the place is bounded by the worst there is in its zone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..agents.chance import NEED_STRIKES, SLOTS
from ..agents.classes import N_CLASSES, N_COMMON, be_of_class, first_alike
from ..agents.compatriots import n_groups
from ..agents.event import PLACE
from ..agents.here import Here
from ..agents.life import EVENTS, WORDS, total_chance
from ..agents.municipality import ZONES
from ..agents.outreach import hears_from_ngos
from ..agents.rule import kernel, rule, written_rule
from ..scenarios.errors import ScenarioError
from ..scenarios.schema import Parameters

N_SLOTS = WORDS * SLOTS
_BYTE = np.uint64(0xFF)
_STEPS = 256.0  # a bound is kept as a byte
_WORTH_A_ZONE = 10_000  # people: for fewer, bounds of their own take longer than they save
_BETWEEN_DIVISIONS = 12  # months: how hostile places are moves by and by
_COUNTRY = ZONES  # among the extremes, after those of the zones: those of the whole country


def _slot_table() -> np.ndarray:
    """For each slot and class, the first class with the same bound, (N_SLOTS, N_CLASSES); -1 for an empty slot."""
    table = np.full((N_SLOTS, N_CLASSES), -1, np.int64)
    for slot in total_chance:
        looks_at = 0
        for event in EVENTS:
            if event.slot == slot:
                looks_at |= event.looks_at
        table[slot] = first_alike(looks_at & ~PLACE)
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

# Of each slot, whether its chances are bounded zone by zone, (N_SLOTS,); of others they are for the whole country.
BY_ZONE = np.zeros(N_SLOTS, np.int64)
for _event in EVENTS:
    if _event.slot is not None and _event.looks_at & PLACE:
        BY_ZONE[_event.slot] = 1


# (slot, migrant, here): the chances of all events on that slot together.
chance_on = written_rule(
    "chance_on",
    "slot, migrant, here",
    [f"if slot == {slot}: return total_{slot}(migrant, here)" for slot in total_chance] + ["return 0.0"],
    **{f"total_{slot}": total for slot, total in total_chance.items()},
)


def extreme_places(parameters: Parameters, dtype: np.dtype, pairs: int = 1) -> np.ndarray:
    """Municipalities (2 * pairs,), by turns one where everything is offered, open and known, with many NGOs, and one
    with nothing at all.

    Both pay least, and nobody watches their employers; work is found there at best, or not at all. How ruthless
    employers are, how tense a place is and the like is set by the month (`worsen`).
    """
    cities = np.zeros(2 * pairs, dtype)
    cities["population"] = 1.0
    rich = cities[::2]
    rich["finding"] = parameters.labour.rehiring
    for field in ("level", "open", "knowers", "ngo_knowers"):
        rich[field] = 1
    rich["ngo_count"], rich["ngo_staff"] = 1, 1e9
    rich["ngo_kinds"] = (1 << len(parameters.ngo_kinds)) - 1
    return cities


# What is worst in a zone ------------------------------------------------------------------------------------


@rule
def be_harmless(extreme, world):
    """As of a zone without places: nobody does harm there, nobody knows anything, and no NGO reaches anybody."""
    extreme.tension, extreme.prejudice, extreme.raid = 0.0, 0.0, 0.0
    extreme.ngo_staff, extreme.migrants = 0.0, 0
    for trade in range(extreme.ruthless.shape[0]):
        extreme.ruthless[trade] = 0.0
    for group in range(n_groups(world)):
        extreme.knowers[group], extreme.ngo_knowers[group] = 0.0, 0.0


@rule
def most_ruthless(city):
    """Of the employers of any trade, for people change trades."""
    most = 0.0
    for trade in range(city.ruthless.shape[0]):
        most = max(most, city.ruthless[trade])
    return most


@rule
def worsen(there, here):
    """Let as much happen `there`, in a place of extremes, as may happen here."""
    extreme, city = there.city, here.city
    extreme.tension = max(extreme.tension, city.tension)
    extreme.prejudice = max(extreme.prejudice, city.prejudice)
    extreme.raid = max(extreme.raid, city.raid)
    ruthless = most_ruthless(city)
    for trade in range(extreme.ruthless.shape[0]):
        extreme.ruthless[trade] = max(extreme.ruthless[trade], ruthless)
    for group in range(n_groups(here.world)):
        extreme.knowers[group] = max(extreme.knowers[group], city.knowers[group])
        extreme.ngo_knowers[group] = max(extreme.ngo_knowers[group], city.ngo_knowers[group])
    if hears_from_ngos(here) > hears_from_ngos(there):
        extreme.ngo_staff, extreme.migrants = city.ngo_staff, city.migrants


@kernel
def rank_places(worlds, someone, extremes, cities, places, regions, nations, logs, chances):
    """How often needs strike one and the same person in each place, as far as zones bound it: (P,) `chances`."""
    world, migrant, extreme = worlds[0], someone[0], extremes[1]
    be_of_class(migrant, world, 0, 0)
    there = Here(world, extreme, places[0], regions[0], nations[0], logs[0])
    for row in range(cities.shape[0]):
        be_harmless(extreme, world)
        worsen(there, Here(world, cities[row], places[0], regions[0], nations[0], logs[0]))
        chances[row] = chance_on(NEED_STRIKES, migrant, there)


@kernel
def find_extremes(worlds, extremes, cities, places, regions, nations, logs):
    """Set the extreme places of all zones, and of the country, by those that are in them."""
    world = worlds[0]
    for i in range(extremes.shape[0]):
        be_harmless(extremes[i], world)
        for trade in range(extremes[i].finding.shape[0]):
            extremes[i].finding[trade] = world.labour_rehiring * (i % 2 == 0)
    for row in range(cities.shape[0]):
        here = Here(world, cities[row], places[0], regions[0], nations[0], logs[0])
        there = Here(world, extremes[2 * cities[row].zone], places[0], regions[0], nations[0], logs[0])
        worsen(there, here)
    country = Here(world, extremes[2 * _COUNTRY], places[0], regions[0], nations[0], logs[0])
    for zone in range(_COUNTRY + 1):
        rich = Here(world, extremes[2 * zone], places[0], regions[0], nations[0], logs[0])
        worsen(Here(world, extremes[2 * zone + 1], places[0], regions[0], nations[0], logs[0]), rich)
        if zone < _COUNTRY:
            worsen(country, rich)


# The bounds --------------------------------------------------------------------------------------------------


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
    worlds, someone, extremes, places, regions, nations, logs,
    zones, firsts, slot_table, by_zone, bounds, bytes_,
):  # fmt: skip
    """The bounds, and from them the 256th above each, a byte a slot; and the highest of common classes.

    `firsts` (slots, C) are the classes that differ in what chances on a slot look at, -1 after the last: only of these
    are `bounds` (D, C, slots), of whatever zone, and `bytes_` (Z, D, C, slots) worked out. Where no byte of a slot
    differs from last month's, the world's bounds stand. Returns the first door * slots + slot whose chances come to
    more than a byte holds, or -1.
    """
    world = worlds[0]
    migrant = someone[0]
    n_slots = slot_table.shape[0]
    excess = -1
    for slot in range(n_slots):
        for zone in range(zones):
            at = zone if by_zone[slot] else _COUNTRY
            changed = False
            for door in range(bounds.shape[0]):
                highest = 0
                for k in range(firsts.shape[1]):
                    number = firsts[slot, k]
                    if number < 0:
                        break
                    byte = int(bytes_[0, door, number, slot])
                    if zone == 0 or by_zone[slot]:
                        be_of_class(migrant, world, door, number)
                        bound = 0.0
                        for i in range(2):
                            here = Here(
                                world, extremes[2 * at + i], places[0], regions[0], nations[0], logs[0]
                            )
                            bound = max(bound, chance_on(slot, migrant, here))
                        if excess < 0 and is_excess(bound):
                            excess = door * n_slots + slot
                        if zone > 0:
                            bounds[door, number, slot] = max(bound, bounds[door, number, slot])
                        else:
                            bounds[door, number, slot] = bound
                        byte = byte_above(bound)
                    changed = changed or byte != bytes_[zone, door, number, slot]
                    bytes_[zone, door, number, slot] = byte
                    if number < N_COMMON:
                        highest = max(highest, byte)
                word = world.highest_bounds[zone, door, slot // SLOTS]
                world.highest_bounds[zone, door, slot // SLOTS] = with_byte(word, slot, highest)
            if changed:
                spread_bounds(world, zone, slot, slot_table, bytes_)
    return excess


@rule
def with_byte(word, slot, byte):
    """A word of bytes, with another one for this slot."""
    shift = np.uint64(8 * (slot % SLOTS))
    return (np.uint64(word) & ~(_BYTE << shift)) | (np.uint64(byte) << shift)


@rule
def spread_bounds(world, zone, slot, slot_table, bytes_):
    """Give each class the byte of the first like it on this slot."""
    for door in range(bytes_.shape[1]):
        for number in range(bytes_.shape[2]):
            first = slot_table[slot, number]
            if first >= 0:
                word = world.bounds[zone, door, number, slot // SLOTS]
                byte = int(bytes_[zone, door, first, slot])
                world.bounds[zone, door, number, slot // SLOTS] = with_byte(word, slot, byte)


class Thinning:
    """Bounds the chances of each month. `call` is the engine's way to call a kernel."""

    def __init__(self, call: Callable[..., Any], parameters: Parameters, layout: Any) -> None:
        self._call = call
        self._someone = np.zeros(1, layout.migrant)
        self._extremes = extreme_places(parameters, layout.municipality, ZONES + 1)
        self._counters = [
            np.zeros(1, kind) for kind in (layout.place, layout.region, layout.nation, layout.log)
        ]
        self._doors = parameters.doors.names
        self.bounds = np.zeros((len(self._doors), N_CLASSES, N_SLOTS))
        self._bytes = np.zeros((ZONES, *self.bounds.shape), np.uint8)
        self.zones = np.zeros(0, np.uint8)  # of the places (P,)
        self._parts, self._part_of = 0, np.zeros(0, np.int64)  # into which places are divided, raided or not

    def set_bounds(self, world: np.ndarray, cities: np.ndarray, *, look_again: bool = True) -> None:
        """Set this month's bounds in the one-row world array, and the zones of the places.

        `look_again`: what cities, NGOs and the state offer may have changed, so that those who knew nobody to ask have
        to be looked at, whatever comes of asking around. Errors: ScenarioError if the chances of a slot add up to
        more than one a month.
        """
        world["search_bound"] = (
            _STEPS if look_again else 1 + int(_STEPS * float(world["awareness_search"][0]))
        )
        zones = self._divide(world, cities)
        self.zones = cities["zone"].astype(np.uint8)
        self._call(find_extremes, world, self._extremes, cities, *self._counters)
        tables = FIRSTS, SLOT_TABLE, BY_ZONE, self.bounds, self._bytes
        excess = int(
            self._call(lay_out_bounds, world, self._someone, self._extremes, *self._counters, zones, *tables)
        )
        if excess >= 0:
            door, slot = divmod(excess, N_SLOTS)
            hint = next(event.hint for event in EVENTS if event.slot == slot)
            raise ScenarioError(
                f"the chances of {self._doors[door]} from {hint} add up to "
                f"{self.bounds[door, :, slot].max():.2f} a month, but must stay below 1: lower one of them"
            )

    def _divide(self, world: np.ndarray, cities: np.ndarray) -> int:
        """Divide the places into zones, and those that are raided this month into one of their own; how many there
        are."""
        if len(self._part_of) != len(cities) or world["month"][0] % _BETWEEN_DIVISIONS == 0:
            self._rank(world, cities)
        cities["zone"] = self._part_of
        if self._parts == 1:
            return 1
        cities["zone"][cities["raid"] > 0.0] = self._parts
        return self._parts + 1

    def _rank(self, world: np.ndarray, cities: np.ndarray) -> None:
        """From the most peaceful places to the most hostile, as many people in each part."""
        people = cities["migrants"]
        self._parts = int(max(1, min(ZONES - 1, people.sum() // _WORTH_A_ZONE)))
        chances = np.zeros(len(cities))
        if self._parts > 1:
            self._call(rank_places, world, self._someone, self._extremes, cities, *self._counters, chances)
        order = np.argsort(chances, kind="stable")
        before = np.cumsum(people[order]) - people[order]
        self._part_of = np.zeros(len(cities), np.int64)
        self._part_of[order] = np.minimum(self._parts - 1, before * self._parts // max(1, people.sum()))
