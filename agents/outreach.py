"""How NGOs become known (C2, D2): their outreach, and what fellow nationals pass on."""

from __future__ import annotations

from .awareness import HEARING, learn_of_ngo, n_kinds
from .chance import HEARS_OF_NGO, SEEKS_OUT, draw
from .compatriots import group_of
from .event import GOES_ON, PLACE, by_chance
from .providers.left_out import part_left_out
from .rule import rule


@rule("D2")
def chance_to_hear_of_ngos(migrant, here):
    """By their outreach, or by a fellow national who knows; where there is none, the telephone may be heard of."""
    world, city = here.world, here.city
    if city.ngo_kinds == 0:
        return world.ngos_hotline
    return hears_from_ngos(here) + world.awareness_peers * city.ngo_knowers[group_of(migrant, world)]


@rule("D2")
def hears_from_ngos(here):
    """NGOs' outreach reaches further the more staff they have for the migrants of the place."""
    staff_per_hundred = 100.0 * here.city.ngo_staff / max(1.0, here.city.migrants * here.world.persons)
    return here.world.awareness_ngo_outreach * min(1.0, staff_per_hundred)


@rule("C2", "D2")
def kinds_that_seek_out(migrant, here):
    """The kinds of NGO, as bits, whose outreach is for people like this migrant: each as far as offices leave them out
    in the needs it answers, and for the rest as far as it takes on whom an office would serve."""
    world = here.world
    kinds = 0
    for kind in range(n_kinds(world)):
        if (here.city.ngo_kinds >> kind) & 1:
            served = 1.0 - part_left_out(migrant, here, kind)
            luck = draw(world.luck_now, migrant.identity, SEEKS_OUT, world.ngo_kinds_number[kind])
            if luck >= served * (1.0 - world.ngo_kinds_legal_clients[kind]):
                kinds = kinds | (1 << kind)
    return kinds


@by_chance(
    order=80,
    slot=HEARS_OF_NGO,
    chance=chance_to_hear_of_ngos,
    looks_at=PLACE,
    hint="awareness.ngo_outreach and awareness.peers",
)
@rule("D2")
def hear_of_ngos(migrant, here, u):
    """Of one of the kinds of NGO that are within reach and seek one out, or that can be called."""
    kinds = here.city.ngo_kinds
    if kinds == 0:
        kinds = here.world.phone_kinds
    elif u < hears_from_ngos(here):
        kinds = kinds_that_seek_out(migrant, here)
    learn_of_ngo(migrant, here, kinds, HEARING)
    return GOES_ON
