"""Host-language and cultural competence, and what stands in for it (D6)."""

from __future__ import annotations

from .mechanism import mechanism
from .rule import rule
from .services import INFORMS, TEACHES, is_enrolled, open_effect


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


mechanism(
    "D6",
    "Language and enclave",
    "a certain cultural citizenship comes first; fellow nationals stand in for it",
    without={"language.barrier": 0.0, "language.prerequisite": 0.0},
)


@rule("D6")
def learn_language(migrant, world, enclave, months):
    """Competence grows with months in the country, faster in a class, slower in an enclave."""
    growth = world.language_learning * (1.0 - world.language_enclave * enclave)
    for i in range(world.role_counts[TEACHES]):
        service = world.role_services[TEACHES, i]
        if is_enrolled(migrant, service):
            growth = min(1.0, growth + world.language_classes * world.services_fit[service])
    migrant.language = 1.0 - (1.0 - migrant.language) * remaining(growth, months)


@rule("D6")
def gets_through(migrant, world, interpreters, enclave):
    """Chance to make oneself understood at an office: by competence, interpreters, or fellow nationals."""
    barrier = world.language_barrier * (1.0 - migrant.language)
    barrier = barrier * (1.0 - world.language_interpreters * interpreters)
    return 1.0 - barrier * (1.0 - world.language_enclave_help * enclave)


@rule("B1")
def interpreters_for(migrant, here):
    """Translation and information at the town hall, for those it is open to."""
    return open_effect(migrant, here, INFORMS)
