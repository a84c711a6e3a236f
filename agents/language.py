"""Host-language and cultural competence, and what stands in for it (D6)."""

from __future__ import annotations

from ..scenarios.catalogue import INFORMATION, LANGUAGE
from .rule import rule


@rule
def learn_language(migrant, world, enclave, months):
    """D6: competence grows with months in the country, faster in a class, slower in an enclave."""
    growth = world.language_learning * (1.0 - world.language_enclave * enclave)
    if (migrant.enrolled >> LANGUAGE) & 1:
        growth = min(1.0, growth + world.language_classes)
    distance = 1.0 - migrant.language
    for _ in range(months):
        distance = distance * (1.0 - growth)
    migrant.language = 1.0 - distance


@rule
def gets_through(migrant, world, interpreters, enclave):
    """D6: chance to make oneself understood at an office: by competence, interpreters, or fellow nationals."""
    barrier = world.language_barrier * (1.0 - migrant.language)
    barrier = barrier * (1.0 - world.language_interpreters * interpreters)
    return 1.0 - barrier * (1.0 - world.language_enclave_help * enclave)


@rule
def interpreters_of(city):
    """B1: translation and information at the town hall."""
    return city.level[INFORMATION]
