"""How far services fit needs (B8): what an office has learnt, and who speaks in the council."""

from __future__ import annotations

from ..chance import SURVEYS, draw
from ..compatriots import compatriots_in, group_of
from ..mechanism import mechanism
from ..needs import n_needs
from ..rule import rule
from ..services import VOICES, effect_of, is_offered, n_services
from .adoption import guidance_on
from .reasons import lobbying_term, zeal_of

mechanism(
    "B8",
    "Fit of services to need",
    "programmes run without immigrants' voice miss what presses them; councils and surveys help",
    without={"voice.fit_unheard": 1.0, "voice.agenda": 0.0},
    instead="off, services fit without being told; voice.council and voice.surveys at 0 silence immigrants",
)


@rule("B8", "A5", "A6")
def learn_what_is_needed(city, world):
    """An office learns of each service by what it does, and of all by surveys, so far as its programmes are its own and
    no national standard's; what was learnt fades."""
    floor = world.voice_fit_unheard
    surveyed = draw(world.luck_now, city.identity, SURVEYS) < world.voice_surveys * zeal_of(city)
    total = 0.0
    for service in range(n_services(world)):
        own = 1.0 - guidance_on(city, world, service)
        fit = floor + max(0.0, city.fits[service] - floor) * (1.0 - world.voice_fading)
        fit = fit + own * world.voice_practice * city.level[service] * (1.0 - fit)
        if surveyed:
            fit = fit + own * world.voice_survey_gain * (1.0 - fit)
        city.fits[service] = fit
        total += fit
    city.fit = total / n_services(world)


@rule("B8")
def seat_the_council(city, world):
    """A council has a few seats, which go to the largest groups; it speaks for those who are in it."""
    city.voice = world.voice_council * effect_of(city, world, VOICES)
    groups = city.by_group.shape[0]
    for group in range(groups):
        city.seats[group] = 0
    for _ in range(min(groups, world.voice_seats)):
        most = 0.0
        largest = -1
        for group in range(groups):
            people = compatriots_in(city, world, group)
            if people > most and not city.seats[group]:
                most = people
                largest = group
        if largest >= 0:
            city.seats[largest] = 1


@rule("B8")
def has_a_seat(migrant, here):
    """Whether somebody like this migrant sits in the council: one who has settled, of a group with a seat."""
    return migrant.settler != 0 and here.city.seats[group_of(migrant, here.world)] != 0


@rule("B8")
def fit_for(migrant, here, service):
    """How well a service of the city fits this migrant's needs: better for those for whom a seat in the council speaks.
    It speaks for one of the group's nations, so for one in so many of its people."""
    city, world = here.city, here.world
    fit = city.fits[service]
    if city.voice > 0.0 and has_a_seat(migrant, here):
        return fit + city.voice / world.nations_of_group[group_of(migrant, world)] * (1.0 - fit)
    return fit


@rule("B8")
def is_heard(city, world):
    """How far immigrants are heard in the town hall, 0 to 1: through the council, or by what offices have learnt."""
    if world.voice_fit_unheard >= 1.0:
        return city.voice
    learnt = (city.fit - world.voice_fit_unheard) / (1.0 - world.voice_fit_unheard)
    return max(city.voice, min(1.0, max(0.0, learnt)))


@rule("B2", "B8")
def heard_of(city, world, need, service):
    """How often a city has heard, in the past year, of a need that went unmet and that the service would answer: from
    those on its register, and from the others if it has opened the service to them, else as far as NGOs speak for them.
    """
    if city.open[service]:
        return 1.0 * city.unmet[need]
    others = city.off_register[need]
    return city.unmet[need] - others * (1.0 - lobbying_term(city, world))


@rule("B8")
def most_pressing_service(city, world):
    """Of the services that a city may offer and does not, the one that would answer what it has heard of most often in
    the past year; -1 if none would."""
    most = 0.0
    pressing = -1
    for need in range(n_needs(world)):
        for i in range(world.needs_services.shape[1]):
            service = world.needs_services[need, i]
            if service < 0:
                break
            if not world.services_by_law[service] and not is_offered(city, service):
                heard = heard_of(city, world, need, service)
                if heard > most:
                    most = heard
                    pressing = service
    return pressing
