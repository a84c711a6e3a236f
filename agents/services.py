"""What a municipality's services are to a migrant: offered or not, open or not (B1, B2), and of what effect.

What rules need to know of a service are its traits, never its position: is it insurance, is it a school, does it
inform. World records hold the services of each trait (see model/world.py).
"""

from __future__ import annotations

from ..scenarios.catalogue import LEGAL, OVERSTAYER
from .mechanism import mechanism
from .rule import rule

OFFERED = 0.05  # a service below this level is not offered

# Services that act beside meeting needs: their traits, as rows of `world.role_services`.
ROLES = ("informs", "teaches", "voices", "protects", "mingles", "insurance", "openable")
INFORMS, TEACHES, VOICES, PROTECTS, MINGLES, INSURES, OPENABLE = range(len(ROLES))

# In `migrant.knows` and `migrant.enrolled`, bit 0 is for what no city gives; those of services follow.
RIGHTS = 1  # known: the rights one has under national law (D2)
BY_EMPLOYER = 1  # enrolled: the health insurance that comes with the job (A1)
SERVICES_KNOWN = ~RIGHTS


@rule
def n_services(world):
    """Number of services."""
    return world.services_fit.shape[0]


@rule
def bit_of(service):
    """The bit of a service in `knows` and `enrolled`."""
    return 2 << service


@rule
def is_known(migrant, service):
    """D2: whether the migrant knows of this service of the city."""
    return migrant.knows & bit_of(service) != 0


@rule
def is_enrolled(migrant, service):
    """D7: whether the migrant is enrolled in it."""
    return migrant.enrolled & bit_of(service) != 0


mechanism(
    "B1",
    "A bundle of services",
    "some cities offer nearly everything, some brochures and classes, most next to nothing",
    without={"services.*.threshold": 3.0},
    instead="the bundle is structure; off, no city reaches any threshold. Vary services.<name>.threshold",
)


@rule("B1")
def is_offered(city, service):
    """Whether the city offers the service at all."""
    return city.level[service] > OFFERED


@rule("B1")
def effect_of(city, world, role):
    """What services of this kind achieve of what they are for: the best one's level times its effect at full level."""
    effect = 0.0
    for i in range(world.role_counts[role]):
        service = world.role_services[role, i]
        effect = max(effect, city.level[service] * world.services_fit[service])
    return effect


@rule("B1", "B2")
def open_effect(migrant, here, role):
    """The same, of those that are open to this migrant."""
    world, city = here.world, here.city
    effect = 0.0
    for i in range(world.role_counts[role]):
        service = world.role_services[role, i]
        if is_open(migrant, here, service):
            effect = max(effect, city.level[service] * world.services_fit[service])
    return effect


mechanism(
    "B2",
    "Eligibility",
    "cities serve the registered; the unauthorised only in schools and, here and there, emergencies",
    without={"services.*.open_to_unauthorised": 1.0},
    instead="off, every service is open to everybody",
)


@rule("B2")
def is_registered(migrant, world):
    """Registered are residents with a permit; a visitor on holiday is none."""
    if migrant.status >= OVERSTAYER:
        return False
    return world.doors_visit[migrant.door] == 0 or migrant.status < LEGAL or migrant.grounds != 0


@rule("B2")
def is_open(migrant, here, service):
    """Services are for registered residents; for others only where the city lets them."""
    return is_registered(migrant, here.world) or here.city.open[service] == 1
