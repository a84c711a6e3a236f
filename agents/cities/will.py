"""Political will (B10) and regional politics (B6): lasting, and changed by elections."""

from __future__ import annotations

from ..chance import ELECTS, GOVERNS, NEW_GOVERNOR, NEW_MAYOR, draw
from ..mechanism import mechanism
from ..rule import rule

_PARTS = 3  # uniform numbers, the sum of which has a standard deviation of a half

mechanism(
    "B10",
    "Will and contingency",
    "cities alike in every figure differ: pioneers, contact, an incident, a new mayor, retreat",
    without={"city.will": 0.0, "city.pioneers": 0.0, "city.incidents": 0.0},
    instead="city.adoption at threshold takes the agenda out as well; will is drawn by places_seed",
)


@rule("B10")
def hold_elections(city, world):
    """A new mayor every four years or so: partly the place's own will again, partly a person's."""
    if draw(world.luck_now, city.identity, ELECTS) < world.city_elections:
        city.will = will_of_mayor(city, world, world.luck_now)


@rule("B10")
def will_of_mayor(city, world, luck):
    """What those who are elected want, as many steps from the usual as the place's own will and their person make."""
    person = 0.0
    for part in range(_PARTS):
        person += draw(luck, city.identity, NEW_MAYOR, part)
    person = 2.0 * (person - 0.5 * _PARTS)
    return world.city_own_will * city.own_will + (1.0 - world.city_own_will) * person


@rule("B10")
def will_term(city, world):
    """Will adds to what moves a city, or takes from it."""
    return world.city_will * city.will


mechanism(
    "B6",
    "Regionalism",
    "regions with a history and identity of their own set their own baseline",
    without={"city.regionalism": 0.0},
)


@rule("B6")
def elect_governors(city, world):
    """A region's politics change as a city's do, for all its cities at once: they share the draw."""
    if draw(world.luck_now, city.region_identity, GOVERNS) < world.city_elections:
        city.autonomy = autonomy_under(city, world, world.luck_now)


@rule("B6")
def autonomy_under(city, world, luck):
    """The baseline of whoever governs the region: partly that of its history with foreigners, partly a person's."""
    person = 2.0 * draw(luck, city.region_identity, NEW_GOVERNOR) - 1.0
    return world.city_own_will * city.own_autonomy + (1.0 - world.city_own_will) * person


@rule("B6")
def regional_baseline(city, world):
    """Regions with autonomy or a strong identity set a baseline of their own, above or below the country's."""
    return world.city_regionalism * city.autonomy
