"""Compatriots: who they are, and how many one has in a place (D14)."""

from __future__ import annotations

from .rule import rule


@rule
def n_groups(world):
    """Number of groups of compatriots, at most one for each door."""
    return world.groups


@rule
def group_of(migrant, world):
    """Who one's compatriots are."""
    return world.group_of_door[migrant.door]


@rule("D14")
def compatriots_in(city, world, group):
    """Compatriots whom one of a group has in a place, persons: of a group of several nations, one nation's."""
    return city.by_group[group] * world.persons / world.nations_of_group[group]


@rule("D14")
def largest_group(city, world):
    """The group of which somebody has most compatriots here."""
    chosen = 0
    for group in range(n_groups(world)):
        if compatriots_in(city, world, group) > compatriots_in(city, world, chosen):
            chosen = group
    return chosen
