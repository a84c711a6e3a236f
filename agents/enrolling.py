"""Enrolment: health insurance, and sustained programmes (D7)."""

from __future__ import annotations

from ..scenarios.catalogue import CITY, INSURANCE, SCHOOLING
from .chance import EMPLOYER, ENROLMENT, ENROLS, draw, lane_draw
from .diary import INSURANCE_LAPSED, INSURED, JOINED, QUIT, note
from .rule import rule
from .services import BY_EMPLOYER, N_SERVICES, is_offered, is_open, is_registered
from .settling import PROGRAMMES, feel_at_home

EMPLOYERS = 0  # no provider of the article's: insured through the job
MANY = 250  # claims are counted no further


@rule
def consider_enrolling(migrant, world, city, luck_bytes, pen):
    """D7: one month's chances to enrol in, or drop out of, insurance or a programme; at most one comes true."""
    u = lane_draw(world.luck_now, migrant.identity, luck_bytes, ENROLS)
    if (migrant.enrolled >> INSURANCE) & 1:
        chance = world.claiming_lapse
        if u < chance:
            migrant.enrolled = migrant.enrolled & ~(1 << INSURANCE)
            note(migrant, world, city, pen, INSURANCE_LAPSED, 0, CITY, INSURANCE)
            return
    else:
        chance = chance_to_insure(migrant, world, city)
        if u < chance:
            migrant.enrolled = migrant.enrolled | (1 << INSURANCE)
            note(migrant, world, city, pen, INSURED, 0, CITY, INSURANCE)
            return
    u = u - chance
    if migrant.enrolled & PROGRAMMES:
        if u < world.claiming_quit:
            feel_at_home(migrant, world, city)  # while still taking part
            quit_programmes(migrant, world, city, pen)
    elif u < chance_to_join(migrant, world, 1.0, 1.0):  # whatever the belonging and the language
        feel_at_home(migrant, world, city)
        if u < chance_to_join(migrant, world, migrant.belonging, migrant.language):
            join_programme(migrant, world, city, pen)


@rule
def be_insured_by_employer(migrant, world, city, occasion, pen):
    """A1/D7: the law has legal workers insured through their job; not every employer does it."""
    if not is_registered(migrant) or migrant.enrolled & BY_EMPLOYER:
        return
    if draw(world.luck_now, migrant.identity, EMPLOYER, occasion) < world.claiming_employer_insures:
        migrant.enrolled = migrant.enrolled | BY_EMPLOYER
        note(migrant, world, city, pen, INSURED, 0, EMPLOYERS, INSURANCE)


@rule
def chance_to_insure(migrant, world, city):
    """B2/D4/D7: who knows of the city's health insurance, and may, and has none through the job; sojourners
    grudge the premium."""
    if not is_offered(city, INSURANCE) or not is_open(migrant, city, INSURANCE):
        return 0.0
    if not (migrant.knows >> INSURANCE) & 1 or migrant.enrolled & BY_EMPLOYER:
        return 0.0
    if migrant.settler:
        return world.claiming_insure
    return world.claiming_insure * world.claiming_insure_sojourner


@rule
def chance_to_join(migrant, world, belonging, language):
    """D7: taking part needs belonging and time; families with children come first, target earners last."""
    chance = world.claiming_join * belonging
    chance = chance * (1.0 - world.language_prerequisite * (1.0 - language))
    if not migrant.settler:
        chance = chance * world.claiming_join_sojourner
    if migrant.family:
        chance = chance * world.claiming_join_family
    return chance


@rule
def may_join(migrant, city, service):
    """Whether this programme is offered, known, open, and meant for someone like this migrant."""
    if not (PROGRAMMES >> service) & 1 or not is_offered(city, service):
        return False
    if not (migrant.knows >> service) & 1 or not is_open(migrant, city, service):
        return False
    return service != SCHOOLING or migrant.family == 1


@rule
def join_programme(migrant, world, city, pen):
    """D7: one of the programmes open to the migrant, by lot."""
    count = 0
    for service in range(N_SERVICES):
        if may_join(migrant, city, service):
            count += 1
    pick = int(draw(world.luck_now, migrant.identity, ENROLMENT) * count)
    for service in range(N_SERVICES):
        if may_join(migrant, city, service):
            if pick == 0:
                migrant.enrolled = migrant.enrolled | (1 << service)
                migrant.joined = world.month
                migrant.claims = min(MANY, migrant.claims + 1)
                note(migrant, world, city, pen, JOINED, 0, CITY, service)
            pick -= 1


@rule
def quit_programmes(migrant, world, city, pen):
    """D7: taking part ends."""
    for service in range(N_SERVICES):
        if (migrant.enrolled & PROGRAMMES) >> service & 1:
            note(migrant, world, city, pen, QUIT, 0, CITY, service)
    migrant.enrolled = migrant.enrolled & ~PROGRAMMES


@rule
def programmes_end(migrant, world, city, pen):
    """B1/D7: a programme that the city gives up ends for those who took part."""
    feel_at_home(migrant, world, city)  # while still taking part
    for service in range(N_SERVICES):
        if (migrant.enrolled & PROGRAMMES) >> service & 1 and not is_offered(city, service):
            migrant.enrolled = migrant.enrolled & ~(1 << service)
            note(migrant, world, city, pen, QUIT, 0, CITY, service)


@rule
def takes_part(migrant, world, month):
    """E4: in a sustained programme, at the end of `month` for long enough to count."""
    if not migrant.enrolled & PROGRAMMES:
        return False
    return month - migrant.joined >= world.claiming_sustained_after
