"""How far services fit needs (B8): what an office has learnt, and who speaks in the council."""

from __future__ import annotations

from ..chance import SURVEYS, draw
from ..mechanism import mechanism
from ..needs import n_needs
from ..rule import rule
from ..services import VOICES, effect_of
from .adoption import guidance_on_all

FADING = 0.2  # part of what was learnt of needs that is out of date a year later

mechanism(
    "B8",
    "Fit of services to need",
    "programmes run without immigrants' voice miss what presses them; councils and surveys help",
    without={"voice.fit_unheard": 1.0, "voice.agenda": 0.0},
    instead="off, services fit without being told; voice.council and voice.surveys at 0 silence immigrants",
)


@rule("B8", "A5", "A6")
def learn_what_is_needed(city, world):
    """An office learns by what it does, and by surveys, so far as its programmes are its own and no national
    standard's; what was learnt fades."""
    own = 1.0 - guidance_on_all(world)
    floor = world.voice_fit_unheard
    city.fit = floor + max(0.0, city.fit - floor) * (1.0 - FADING)
    city.fit = city.fit + own * world.voice_practice * city.service_level * (1.0 - city.fit)
    if draw(world.luck_now, city.identity, SURVEYS) < world.voice_surveys * min(1.0, city.motivation):
        city.fit = city.fit + own * world.voice_survey_gain * (1.0 - city.fit)


@rule("B8")
def seat_the_council(city, world):
    """A council has a few seats, which go to the largest groups; it speaks for those who are in it."""
    city.voice = world.voice_council * effect_of(city, world, VOICES)
    groups = city.by_group.shape[0]
    for group in range(groups):
        city.seats[group] = 0
    for _ in range(min(groups, world.voice_seats)):
        most = 0
        largest = -1
        for group in range(groups):
            if city.by_group[group] > most and not city.seats[group]:
                most = city.by_group[group]
                largest = group
        if largest >= 0:
            city.seats[largest] = 1


@rule("B8")
def has_a_seat(migrant, here):
    """Whether somebody like this migrant sits in the council: one who has settled, of a group with a seat."""
    return migrant.settler != 0 and here.city.seats[here.world.group_of_door[migrant.door]] != 0


@rule("B8")
def fit_for(migrant, here):
    """How well the city's services fit this migrant's needs."""
    city = here.city
    if city.voice > 0.0 and has_a_seat(migrant, here):
        return city.fit + city.voice * (1.0 - city.fit)
    return city.fit


@rule("B8")
def is_heard(city, world):
    """How far immigrants are heard in the town hall, 0 to 1: through the council, or by what offices have learnt."""
    if world.voice_fit_unheard >= 1.0:
        return city.voice
    learnt = (city.fit - world.voice_fit_unheard) / (1.0 - world.voice_fit_unheard)
    return max(city.voice, min(1.0, max(0.0, learnt)))


@rule("B8")
def most_pressing_service(city, world):
    """The service that answers what went unmet most often here in the past year; -1 if nothing did."""
    most = 0
    pressing = -1
    for need in range(n_needs(world)):
        if city.unmet[need] > most and world.needs_services[need, 0] >= 0:
            most = city.unmet[need]
            pressing = world.needs_services[need, 0]
    return pressing
