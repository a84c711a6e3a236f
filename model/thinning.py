"""The screen: upper bounds of what may happen to anybody this month, by door and class of migrant.

The bound of a lane is the largest chance that any rule on that lane can reach for a migrant of that door and
class (`screen_class` in agents/migrant.py), whatever the place. Luck above it needs no closer look. A test
runs the rules beside their bounds; another finds the same run without a screen.
"""

from __future__ import annotations

from collections.abc import Callable
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
from ..agents.migrant import N_CLASSES
from ..agents.moving import shortfall
from ..agents.needs import MOST_HARM, N_NEEDS, need_rate
from ..agents.rule import kernel, rule
from ..scenarios.catalogue import DOORS, IRREGULAR, LEGAL, OVERSTAYER
from ..scenarios.errors import ScenarioError

N_LANES = 8
N_DOORS = len(DOORS)
_STEPS = 256.0  # a bound is kept as a byte
INSURED_ALREADY, KNOWS_INSURANCE = 1, 2  # the third of `screen_class`
_STATUS_OF_RUNG = (LEGAL, IRREGULAR, OVERSTAYER)  # the rungs of `screen_class`

# What each lane's chances come from, for the message about too large ones.
_LANE_PARAMETERS = {
    NEED_STRIKES: "needs.*.rate and the risks of the door",
    MOVES: "doors.*.moving, labour.layoffs and moving.wage_seeking",
    LEAVES: "doors.*.leaving and labour.layoffs",
    LEARNS: "awareness.outreach and awareness.peers",
    HEARS_OF_NGO: "awareness.ngo_outreach and awareness.peers",
    ENROLS: "claiming.insure, claiming.join and claiming.quit",
    SETTLES: "settling.* and doors.*.settling",
    CHANGES_STATUS: "enforcement.*, status.* and doors.*.runaway",
}


@rule
def most_needs(world, door, status, family, harmed):
    """A need of any kind strikes, in the most tense of all places, where nobody watches employers."""
    harm = 0
    if harmed:
        harm = MOST_HARM
    tension = world.public_discrimination * world.most_tension
    bound = 0.0
    for need in range(N_NEEDS):
        bound += need_rate(world, door, status, family, harm, need, tension, 0.0)
    return bound


@rule
def most_enrolling(world, family, settler, insurance, programme):
    """Enrols in insurance that is known or lets it lapse, joins a programme or drops out."""
    chance = 0.0
    if insurance == INSURED_ALREADY:
        chance = world.claiming_lapse
    elif insurance == KNOWS_INSURANCE:
        chance = world.claiming_insure
        if not settler:
            chance = chance * world.claiming_insure_sojourner
    if programme:
        return chance + world.claiming_quit
    join = world.claiming_join
    if not settler:
        join = join * world.claiming_join_sojourner
    if family:
        join = join * world.claiming_join_family
    return chance + join


@rule
def most_settling(world, door, family, settler):
    """Decides to stay for good, after ten years and more, and fully at home."""
    if settler:
        return 0.0
    ties = 1.0 + 10.0 * world.settling_years + world.settling_family * family + world.settling_belonging
    return world.settling_drift * world.doors_settling[door] * ties


@rule
def most_status_changes(world, door, status, family, settler):
    """All that may happen on the ladder of status."""
    bound = 0.0
    if status >= OVERSTAYER:
        bound = world.apprehension
    elif status == IRREGULAR:
        bound = world.apprehension * world.enforcement_outside_activity
    if status < OVERSTAYER:
        bound += world.doors_runaway[door]
    if status == LEGAL:
        bound += world.doors_outside_activity[door]
        if not family:
            bound += world.doors_family_joins[door]
    if settler:
        bound += world.status_marriage
        if status == LEGAL:
            bound += world.status_permanent_rate + world.status_naturalise_apply
    return bound


@rule
def bound_of(world, lane, door, status, family, settler):
    """The largest chance on this lane, other than those of needs and of enrolling, for a migrant of this door and
    class."""
    short = 1.0 + world.labour_layoffs * shortfall(world)
    if lane == MOVES:
        chance = world.doors_moving[door] * short * (1.0 + world.moving_wage_seeking * world.usual_wages)
        if settler:
            chance = chance * world.moving_settler
        if family:
            chance = chance * world.moving_family
        return chance
    if lane == LEAVES:
        chance = world.doors_leaving[door] * short
        if settler:
            chance = chance * world.settling_leaving
        return chance
    if lane == LEARNS:
        return world.awareness_outreach + world.awareness_peers
    if lane == HEARS_OF_NGO:
        return max(world.awareness_ngo_outreach + world.awareness_peers, world.ngos_hotline)
    if lane == SETTLES:
        return most_settling(world, door, family, settler)
    return most_status_changes(world, door, status, family, settler)


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
def lay_out_screen(worlds, bounds):
    """The bounds (D, C, 8), and from them the screen: the 256th above each, a byte a lane; and the highest of all.

    Returns the first door * 8 + lane whose chances come to more than a byte holds, or -1.
    """
    world = worlds[0]
    highest = np.zeros(N_LANES)
    for door in range(N_DOORS):
        for first in range(0, N_CLASSES, 6):  # six classes differ in how they stand to services alone
            status = _STATUS_OF_RUNG[first // 48]
            family, harmed, settler = first // 24 % 2, first // 12 % 2, first // 6 % 2
            common = np.uint64(0)
            for lane in range(N_LANES):
                if lane == ENROLS:
                    continue
                bound = 0.0
                if lane == NEED_STRIKES:
                    bound = most_needs(world, door, status, family, harmed)
                else:
                    bound = bound_of(world, lane, door, status, family, settler)
                highest[lane] = max(highest[lane], bound)
                for number in range(first, first + 6):
                    bounds[door, number, lane] = bound
                common = common | (np.uint64(byte_above(bound)) << np.uint64(8 * lane))
            for number in range(first, first + 6):
                bound = most_enrolling(world, family, settler, number // 2 % 3, number % 2)
                highest[ENROLS] = max(highest[ENROLS], bound)
                bounds[door, number, ENROLS] = bound
                world.screen[door, number] = common | (np.uint64(byte_above(bound)) << np.uint64(8 * ENROLS))
    most = np.uint64(0)
    excess = False
    for lane in range(N_LANES):
        most = most | (np.uint64(byte_above(highest[lane])) << np.uint64(8 * lane))
        excess = excess or is_excess(highest[lane])
    world.screen_most = most
    if excess:
        return first_excess(bounds)
    return -1


@rule
def first_excess(bounds):
    """door * 8 + lane of the first bound that a byte can't hold; -1 if there is none."""
    for door in range(N_DOORS):
        for number in range(N_CLASSES):
            for lane in range(N_LANES):
                if is_excess(bounds[door, number, lane]):
                    return door * N_LANES + lane
    return -1


def set_screen(call: Callable[..., Any], world: np.ndarray, *, look_again: bool = True) -> None:
    """Set this month's screen in the one-row world array; `call` is the engine's way to call a kernel.

    `look_again`: what cities, NGOs and the state offer may have changed, so that those who knew nobody to ask have
    to be looked at, whatever comes of asking around. Errors: ScenarioError if the chances of a lane add up to more
    than one a month.
    """
    world["search_bound"] = _STEPS if look_again else 1 + int(_STEPS * float(world["awareness_search"][0]))
    bounds = np.zeros((N_DOORS, N_CLASSES, N_LANES))
    excess = int(call(lay_out_screen, world, bounds))
    if excess >= 0:
        door, lane = divmod(excess, N_LANES)
        raise ScenarioError(
            f"the chances of {DOORS[door]} from {_LANE_PARAMETERS[lane]} add up to "
            f"{bounds[door, :, lane].max():.2f} a month, but must stay below 1: lower one of them"
        )
