"""What a municipality's services are to a migrant: offered or not, open or not (B1, B2), and of what effect."""

from __future__ import annotations

from ..scenarios.catalogue import INSURANCE, LEGAL, OVERSTAYER, SERVICES, VISITOR
from .rule import rule

N_SERVICES = len(SERVICES)
OFFERED = 0.05  # a service below this level is not offered

# Bits beside those of the services: in `knows`, the rights one has under national law (D2); in `enrolled`, the
# health insurance that comes with the job (A1).
RIGHTS = 1 << 15
SERVICES_KNOWN = (1 << N_SERVICES) - 1
BY_EMPLOYER = 1 << N_SERVICES
INSURED = (1 << INSURANCE) | BY_EMPLOYER


@rule
def is_offered(city, service):
    """B1: whether the city offers the service at all."""
    return city.level[service] > OFFERED


@rule
def effect_of(world, city, service):
    """B1: what the service achieves of what it is for: its level times its effect at full level."""
    return city.level[service] * world.services_fit[service]


@rule
def is_registered(migrant):
    """B2: registered are residents with a permit; a visitor on holiday is none."""
    if migrant.status >= OVERSTAYER:
        return False
    return migrant.door != VISITOR or migrant.status < LEGAL or migrant.grounds != 0


@rule
def is_open(migrant, city, service):
    """B2: services are for registered residents; for others only where the city lets them."""
    return is_registered(migrant) or city.open[service] == 1
