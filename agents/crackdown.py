"""Crackdowns (A4, A9): what brings one about, a concern that has lasted or a dated plan, how it ends, what it costs."""

from __future__ import annotations

from .rule import interpreted, rule


@rule("A4", "A9")
def be_pressed(nation, world):
    """Concern beyond what a government bears presses it, in concern times years, and what has pressed it is forgotten
    by and by: pressure follows concern and ebbs with it, so that a concern only just beyond never suffices. A
    crackdown relieves it."""
    beyond = max(0.0, nation.perception - world.enforcement_borne)
    pressed = nation.pressed + beyond / 12.0 - nation.pressed / world.enforcement_ebb
    nation.pressed = (1.0 - nation.cracks_down) * pressed


@rule("A4", "A9")
def is_called_for(nation, world):
    """Whether the government gives way."""
    return nation.pressed >= world.enforcement_patience


@rule("A4", "A9")
def announce(nation, world, unauthorised, by_concern):
    """A crackdown begins (see nation.announce_harder: its news)."""
    nation.cracks_down = 1.0
    nation.by_concern = by_concern
    nation.since = world.month
    nation.stock_then = unauthorised
    nation.spent = 0.0


@rule("A4")
def years_of_plan(halve_in, answers_in):
    """Time in which a crackdown is to halve the unauthorised: that of the dated plan, where there is one."""
    if halve_in > 0.0:
        return halve_in
    return answers_in


@rule("A4")
def spend_on_it(nation, world, share):
    """What a crackdown costs so far: whom it has taken beyond what is usual, in years' worth of the usual."""
    taken = world.raids * world.persons / share
    if nation.cracks_down > 0.0:
        nation.spent = nation.spent + max(0.0, taken - nation.usually_taken) / max(
            1.0, 12.0 * nation.usually_taken
        )
    else:
        nation.usually_taken = nation.usually_taken + (taken - nation.usually_taken) / 12.0


@rule("A4", "A9")
def has_ended(nation, world, unauthorised):
    """It has its aim, half of the unauthorised there were; its time is over; or, where concern alone had brought it,
    the public has lost interest, or it has cost too much."""
    years = years_of_plan(world.enforcement_halve_in, world.enforcement_answers_in)
    if world.month - nation.since >= 12.0 * years:
        return True
    if unauthorised > 0.0 and unauthorised <= 0.5 * nation.stock_then:
        return True
    if nation.by_concern == 0.0:
        return False
    return is_forgotten(nation, world) or nation.spent >= world.enforcement_purse


@rule("A4", "A9")
def is_forgotten(nation, world):
    """Nobody asks for a crackdown any more; in its first months its own news is still to come."""
    if world.month - nation.since < world.enforcement_at_least:
        return False
    return nation.perception < world.enforcement_given_up * world.enforcement_borne


@rule("A4", "A9")
def plan_crackdown(nation, world, unauthorised, share):
    """One is announced when the scenario dates a plan, or when concern has pressed for it long enough; one that is
    dated takes the place of another, and calls it off where it has no years."""
    spend_on_it(nation, world, share)
    be_pressed(nation, world)
    if world.enforcement_halve_in != nation.dated:
        nation.dated = world.enforcement_halve_in
        nation.cracks_down = 0.0
        if nation.dated > 0.0:
            announce(nation, world, unauthorised, 0.0)
    elif is_called_for(nation, world):
        announce(nation, world, unauthorised, 1.0)
    if nation.stock_then == 0.0:
        nation.stock_then = unauthorised  # announced before anybody had come
    if nation.cracks_down > 0.0 and has_ended(nation, world, unauthorised):
        nation.cracks_down = 0.0


@rule("A4", "A9")
def grow_weary(nation, world):
    """What a crackdown costs, in officers, money and trouble, wearies the public the more, the longer it lasts; that
    passes once it is over."""
    nation.weary = nation.weary + (nation.cracks_down - nation.weary) / world.public_weary


def monthly_reduction(halve_in: float, answers_in: float) -> float:
    """What a crackdown adds to the chance of apprehension a month, to halve the unauthorised in the plan's years."""
    return float(1.0 - 0.5 ** (1.0 / (12.0 * interpreted(years_of_plan)(halve_in, answers_in))))
