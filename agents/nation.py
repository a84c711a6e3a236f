"""The nation: enforcement (A4), labour demand (A10)."""

from __future__ import annotations

from .rule import rule


@rule
def set_enforcement(nation, world, monthly_reduction):
    """A4: the chance of apprehension, raised in a crackdown by what halves the unauthorised in the time set."""
    nation.apprehension = min(1.0, world.enforcement_apprehension + monthly_reduction)
    nation.risk = min(1.0, 12.0 * nation.apprehension)


@rule
def set_demand(nation, world):
    """A10: demand follows the business cycle only as far as it is not structurally embedded."""
    embedded = world.labour_embeddedness
    nation.demand = embedded + (1.0 - embedded) * world.labour_demand
