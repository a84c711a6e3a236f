"""Host-language and cultural competence, and what stands in for it (D6)."""

from __future__ import annotations

from ..scenarios.catalogue import INFORMATION, LANGUAGE
from .rule import rule
from .services import effect_of, is_open


@rule
def remaining(growth, months):
    """The part of a distance that is left when `growth` of it is covered each month: (1 - growth) ** months.

    By repeated squaring, since a power function may differ in its last bit between compiled and plain code.
    """
    left = 1.0
    factor = 1.0 - growth
    while months > 0:
        if months & 1:
            left = left * factor
        factor = factor * factor
        months = months >> 1
    return left


@rule
def learn_language(migrant, world, enclave, months):
    """D6: competence grows with months in the country, faster in a class, slower in an enclave."""
    growth = world.language_learning * (1.0 - world.language_enclave * enclave)
    if (migrant.enrolled >> LANGUAGE) & 1:
        growth = min(1.0, growth + world.language_classes * world.services_fit[LANGUAGE])
    migrant.language = 1.0 - (1.0 - migrant.language) * remaining(growth, months)


@rule
def gets_through(migrant, world, interpreters, enclave):
    """D6: chance to make oneself understood at an office: by competence, interpreters, or fellow nationals."""
    barrier = world.language_barrier * (1.0 - migrant.language)
    barrier = barrier * (1.0 - world.language_interpreters * interpreters)
    return 1.0 - barrier * (1.0 - world.language_enclave_help * enclave)


@rule
def interpreters_for(migrant, world, city):
    """B1: translation and information at the town hall, for those it is open to."""
    if not is_open(migrant, city, INFORMATION):
        return 0.0
    return effect_of(world, city, INFORMATION)
