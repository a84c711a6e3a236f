"""Taking a service up, building it up, cutting it (B1, B5, B10)."""

from __future__ import annotations

from ..rule import rule
from ..services import is_offered, n_services
from .reasons import ngo_strength


@rule("B7")
def lean_on_ngos(city, world, wanted):
    """A city shirks what strong NGOs do for it."""
    return wanted * (1.0 - world.city_shirking * ngo_strength(city, world))


@rule("A5")
def guidance_on(world, service):
    """How far national guidance, or a model ordinance, acts on this service."""
    return world.policy_guidance * world.services_guided[service]


@rule("A5", "A6")
def guidance_on_all(world):
    """The same of the bundle as a whole."""
    total = 0.0
    for service in range(n_services(world)):
        total += guidance_on(world, service)
    return total / n_services(world)


@rule("A5")
def follow_guidance(world, service, wanted):
    """National guidance narrows what cities do: towards the national standard, from above and below."""
    return wanted + guidance_on(world, service) * (world.policy_standard - wanted)


@rule("B1", "B3", "B10")
def consider_service(city, world, service, support):
    """A service on the agenda moves a step towards the level the city wants; what is there is kept for a while when its
    reasons fail, and is cut by half steps if they fail by more. `support`: what other cities add."""
    surplus = city.motivation + support - world.services_threshold[service]
    if is_offered(city, service):
        surplus = surplus + world.city_habit
    wanted = min(1.0, max(0.0, surplus / world.city_slope))
    wanted = follow_guidance(world, service, lean_on_ngos(city, world, wanted))
    level = city.level_before[service]
    if wanted > level:
        city.level[service] = min(wanted, level + world.city_step)
    else:
        city.level[service] = max(wanted, level - 0.5 * world.city_step)
