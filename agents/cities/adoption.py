"""Taking a service up, building it up, cutting it (B1, B5, B10)."""

from __future__ import annotations

from ..rule import rule
from ..services import is_offered
from .money import TEACHERS
from .reasons import ngo_strength


@rule("B7")
def lean_on_ngos(city, world, wanted):
    """A city shirks what strong NGOs do for it."""
    return wanted * (1.0 - world.city_shirking * ngo_strength(city, world))


@rule("A5")
def guidance_on(city, world, service):
    """How far national guidance, or a model ordinance, acts on this service: as far as the region carries it out."""
    return world.policy_guidance * world.services_guided[service] * city.uptake


@rule("A5")
def follow_guidance(city, world, service, wanted):
    """National guidance narrows what cities do: towards the national standard, from above and below."""
    return wanted + guidance_on(city, world, service) * (world.policy_standard - wanted)


@rule("A7")
def be_sent_teachers(city, world, service, wanted):
    """Teachers whom the nation sends to schools with many foreign pupils make good part of what a city would lack."""
    if (
        world.services_relief[service] != TEACHERS
        or city.registered * world.persons < world.policy_teachers_from
    ):
        return wanted
    return wanted + world.policy_relief_teachers * (1.0 - wanted)


@rule("B1", "B3", "B10")
def consider_service(city, world, service, support):
    """A service on the agenda moves a step towards the level the city wants; what is there is kept for a while when its
    reasons fail, and is cut by half steps if they fail by more. `support`: what other cities add."""
    surplus = city.motivation + support - world.services_threshold[service]
    if is_offered(city, service):
        surplus = surplus + world.city_habit
    wanted = min(1.0, max(0.0, surplus / world.city_slope))
    wanted = follow_guidance(city, world, service, lean_on_ngos(city, world, wanted))
    wanted = be_sent_teachers(city, world, service, wanted)
    level = city.level_before[service]
    if wanted > level:
        city.level[service] = min(wanted, level + world.city_step)
    else:
        city.level[service] = max(wanted, level - 0.5 * world.city_step)
