"""What comes on a city's agenda (B5, B10): two rival rules, `city.adoption`."""

from __future__ import annotations

from ..chance import AGENDA, draw
from ..mechanism import mechanism
from ..rule import rule
from ..services import is_offered
from .adoption import guidance_on
from .hostility import heat
from .money import project_asks
from .reasons import lobbying_term
from .voice import is_heard

CONTAGION, THRESHOLD = range(2)  # the choices of city.adoption

mechanism(
    "B5",
    "Horizontal diffusion",
    "cities copy neighbours and their like, and vie with them, which evens out local citizenship",
    without={"city.neighbours": 0.0, "city.similar": 0.0, "city.rivalry": 0.0, "city.norm": 0.0},
)


@rule("B10")
def pioneer_spirit(city, world):
    """0 to 1: how far those who govern want to be the first."""
    return min(1.0, max(0.0, city.will - world.city_pioneers_from))


@rule("A12", "B5", "B10")
def brought_up(city, world, service, near, alike, best):
    """The chance that somebody brings up what the city does not offer: a pioneer, neighbours (a share `near` of whom
    offer it) and similar cities (`alike`), rivalry with one that does (`best`), NGOs, an incident, the nation, its
    project, the law."""
    if world.services_by_law[service]:
        return 1.0
    silence = 1.0 - world.city_pioneers * pioneer_spirit(city, world)
    silence = silence * (1.0 - world.city_neighbours * near) * (1.0 - world.city_similar * alike)
    silence = silence * (1.0 - world.city_rivalry * best)
    silence = silence * (1.0 - world.city_advocacy * lobbying_term(city, world))
    silence = silence * (1.0 - world.city_incidents * heat(city, world))
    silence = silence * (1.0 - project_asks(city, world, service))
    return 1.0 - silence * (1.0 - guidance_on(city, world, service))


@rule("B1", "B5", "B8", "B10")
def comes_on_agenda(city, world, service, near, alike, best, pressing):
    """What a city gets round to this year: by contagion, something new has to be brought up first. Where immigrants are
    heard, rather what presses them most."""
    chance = world.city_pace
    if world.city_adoption == CONTAGION and not is_offered(city, service):
        chance = chance * brought_up(city, world, service, near, alike, best)
    if service == pressing:
        chance = chance * (1.0 + world.voice_agenda * is_heard(city, world))
    return draw(world.luck_now, city.identity, AGENDA, world.services_number[service]) < chance


@rule("B5")
def pull_of_others(world, own, near, alike, best):
    """By threshold: copying neighbours and similar cities whose level is higher on the mean, and rivalry with the best
    of the latter, add to motivation. Nobody does less because others do."""
    pull = world.city_neighbours * max(0.0, near - own) + world.city_similar * max(0.0, alike - own)
    return pull + world.city_rivalry * max(0.0, best - own)


@rule("B5")
def norm_among(world, near, alike):
    """By contagion: the more of the cities one knows offer something, the more it is what a city does."""
    return world.city_norm * 0.5 * (near + alike)
