"""Enrolment: health insurance, and sustained programmes (D7)."""

from __future__ import annotations

from .chance import EMPLOYER, ENROLMENT, ENROLS, draw
from .employers import readiness_to_insure
from .event import FAMILY, GOES_ON, INSURANCE, PROGRAMME, SETTLER, by_chance, when
from .event_log import INSURANCE_LAPSED, INSURED, JOINED, QUIT, log_event
from .family import has_pupil
from .haste import is_indebted
from .mechanism import mechanism
from .needs import MANY
from .rule import rule
from .services import (
    BY_EMPLOYER,
    INSURES,
    bit_of,
    is_enrolled,
    is_known,
    is_offered,
    is_open,
    is_registered,
    n_services,
)
from .settling import feel_at_home, is_in_programme
from .tally import CITY

EMPLOYERS = 0  # no provider of the ledger's: insured through the job


mechanism(
    "D7",
    "Three modes of claiming",
    "never, in an emergency, or in a sustained way: the last for few, mostly settled families",
    without={"claiming.join": 0.0},
    instead="off, nobody joins a programme; school places got by a claim remain",
)


@rule("D7")
def insured_with(migrant, world):
    """The city's insurance the migrant is enrolled in; -1 for none."""
    for i in range(world.role_counts[INSURES]):
        if is_enrolled(migrant, world.role_services[INSURES, i]):
            return world.role_services[INSURES, i]
    return -1


@rule("B2", "D7")
def insurance_to_be_had(migrant, here):
    """An insurance of the city's that the migrant knows of, and may have; -1 for none."""
    world = here.world
    for i in range(world.role_counts[INSURES]):
        service = world.role_services[INSURES, i]
        if is_known(migrant, service) and is_offered(here.city, service) and is_open(migrant, here, service):
            return service
    return -1


@rule("D7")
def chance_to_let_lapse(migrant, here):
    """Premiums stop being paid."""
    if insured_with(migrant, here.world) < 0:
        return 0.0
    return here.world.claiming_lapse


@by_chance(
    order=90,
    slot=ENROLS,
    chance=chance_to_let_lapse,
    looks_at=INSURANCE,
    hint="claiming.insure, claiming.join and claiming.quit",
)
@rule("D7")
def let_insurance_lapse(migrant, here, _):
    """The insurance of the city ends for who stops paying."""
    service = insured_with(migrant, here.world)
    migrant.enrolled = migrant.enrolled & ~bit_of(service)
    log_event(migrant, here, INSURANCE_LAPSED, 0, CITY, service)
    return GOES_ON


@rule("B2", "D4", "D7")
def chance_to_insure(migrant, here):
    """Who knows of the city's health insurance, and may, and has none; who is in haste to save grudges the premium."""
    world = here.world
    if migrant.enrolled & (world.insurance_bits | BY_EMPLOYER) or insurance_to_be_had(migrant, here) < 0:
        return 0.0
    willing = world.willing_to_insure[migrant.door, migrant.settler, is_indebted(migrant, world)]
    return world.claiming_insure * willing


@by_chance(order=91, slot=ENROLS, chance=chance_to_insure, looks_at=INSURANCE | SETTLER)
@rule("D7")
def be_insured(migrant, here, _):
    """Enrols in the insurance of the city."""
    service = insurance_to_be_had(migrant, here)
    migrant.enrolled = migrant.enrolled | bit_of(service)
    log_event(migrant, here, INSURED, 0, CITY, service)
    return GOES_ON


@rule("A1", "D7", "D13")
def be_insured_by_employer(migrant, here, occasion):
    """The law has legal workers insured through their job; not every employer does it."""
    world = here.world
    if not is_registered(migrant, world) or migrant.enrolled & BY_EMPLOYER or migrant.jobless:
        return
    if draw(world.luck_now, migrant.identity, EMPLOYER, occasion) < readiness_to_insure(migrant, here):
        migrant.enrolled = migrant.enrolled | BY_EMPLOYER
        log_event(migrant, here, INSURED, 0, EMPLOYERS, world.insurance_of_job)


@rule("D7")
def chance_to_quit(migrant, here):
    """Taking part ends."""
    if not is_in_programme(migrant, here.world):
        return 0.0
    return here.world.claiming_quit


@by_chance(order=92, slot=ENROLS, chance=chance_to_quit, looks_at=PROGRAMME)
@rule("D7")
def quit_programmes(migrant, here, _):
    """Gives up the programmes taken part in."""
    world = here.world
    feel_at_home(migrant, here)  # while still taking part
    for service in range(n_services(world)):
        if migrant.enrolled & world.programme_bits & bit_of(service):
            log_event(migrant, here, QUIT, 0, CITY, service)
    migrant.enrolled = migrant.enrolled & ~world.programme_bits
    return GOES_ON


@rule("A11", "D4", "D6", "D7")
def chance_to_join(migrant, here, belonging, language):
    """Taking part needs time, which long hours do not leave, and belonging; parents come for their child's sake."""
    world = here.world
    if is_in_programme(migrant, world):
        return 0.0
    drawn = belonging
    if has_pupil(migrant, world):
        drawn = max(belonging, world.claiming_join_for_child)
    willing = world.willing_to_join[migrant.door, migrant.settler, is_indebted(migrant, world)]
    chance = world.claiming_join * drawn * willing
    return chance * (1.0 - world.language_prerequisite * (1.0 - language))


@rule("D7")
def chance_to_join_when_at_home(migrant, here):
    """The same whatever the belonging and the language, which take time to look at."""
    return chance_to_join(migrant, here, 1.0, 1.0)


@rule("D7")
def may_join(migrant, here, service):
    """Whether this programme is offered, known, open, and meant for someone like this migrant."""
    world = here.world
    if not world.services_programme[service] or not is_offered(here.city, service):
        return False
    if not is_known(migrant, service) or not is_open(migrant, here, service):
        return False
    return world.services_school[service] == 0 or has_pupil(migrant, world)


@by_chance(order=93, slot=ENROLS, chance=chance_to_join_when_at_home, looks_at=FAMILY | SETTLER | PROGRAMME)
@rule("D7")
def join_programme(migrant, here, u):
    """Joins one of the programmes open to the migrant, by lot."""
    world = here.world
    feel_at_home(migrant, here)
    if u >= chance_to_join(migrant, here, migrant.belonging, migrant.language):
        return GOES_ON
    count = 0
    for service in range(n_services(world)):
        if may_join(migrant, here, service):
            count += 1
    pick = int(draw(world.luck_now, migrant.identity, ENROLMENT) * count)
    for service in range(n_services(world)):
        if may_join(migrant, here, service):
            if pick == 0:
                migrant.enrolled = migrant.enrolled | bit_of(service)
                migrant.joined = world.month
                migrant.claims = min(MANY, migrant.claims + 1)
                log_event(migrant, here, JOINED, 0, CITY, service)
            pick -= 1
    return GOES_ON


@rule("B1", "D7")
def programmes_end(migrant, here):
    """A programme that the city gives up ends for those who took part."""
    world = here.world
    feel_at_home(migrant, here)  # while still taking part
    for service in range(n_services(world)):
        if migrant.enrolled & world.programme_bits & bit_of(service) and not is_offered(here.city, service):
            migrant.enrolled = migrant.enrolled & ~bit_of(service)
            log_event(migrant, here, QUIT, 0, CITY, service)


@rule("E4")
def takes_part(migrant, world, month):
    """In a sustained programme, at the end of `month` for long enough to count."""
    if not is_in_programme(migrant, world):
        return False
    return month - migrant.joined >= world.claiming_sustained_after


@rule
def becomes_regular(migrant, world):
    """Has been in a programme for just so long that it counts."""
    return is_in_programme(migrant, world) & (world.month - migrant.joined == world.claiming_sustained_after)


@when(becomes_regular, order=130, glance=is_in_programme)
@rule("E4")
def take_part_regularly(_, __):
    """From this month on counted as taking part: whoever is looked at is counted anew."""
    return GOES_ON
