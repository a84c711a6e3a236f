"""Enrolment: health insurance, and sustained programmes (D7)."""

from __future__ import annotations

from .chance import EMPLOYER, ENROLMENT, ENROLS, draw
from .employers import readiness_to_insure, trade_of
from .event import FAMILY, GOES_ON, INSURANCE, PROGRAMME, SETTLER, by_chance, when
from .event_log import INSURANCE_LAPSED, INSURED, JOINED, QUIT, log_event
from .family import SCHOOL_FROM, SCHOOL_UNTIL, has_pupil
from .haste import haste_of, is_indebted
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

MOST_QUITTING = 0.25  # chance a month to leave a programme, at most
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


@rule("D4", "D7")
def dearness_of_premium(migrant, here):
    """The part of people like this one whom the premium of the city's insurance keeps away: more where wages are below
    what is usual, with debts to pay off, and without a wage. Whatever the plans: health is a necessity."""
    world = here.world
    dear = world.claiming_premium * (1.0 + max(0.0, world.usual_wages - here.city.fiscal_strength))
    if world.month < migrant.owes_until or migrant.jobless:
        dear = dear * world.claiming_premium_poor
    return min(1.0, dear)


@rule("D7")
def is_under_treatment(migrant, world):
    """In need of what an insurance pays."""
    return (migrant.need != 0) & (world.needs_insured[migrant.need - 1] != 0)


@rule("D4", "D7")
def chance_to_let_lapse(migrant, here):
    """Premiums stop being paid where they are dear, and where the job has come to insure; never in an illness."""
    world = here.world
    if is_under_treatment(migrant, world):
        return 0.0
    if migrant.enrolled & BY_EMPLOYER:
        return most_to_let_lapse(migrant, here)
    return most_to_let_lapse(migrant, here) * dearness_of_premium(migrant, here)


@rule("D7")
def most_to_let_lapse(migrant, here):
    """The same for one to whom it is as dear as can be."""
    if insured_with(migrant, here.world) < 0:
        return 0.0
    return here.world.claiming_lapse


@by_chance(
    order=90,
    slot=ENROLS,
    chance=most_to_let_lapse,
    looks_at=INSURANCE,
    hint="claiming.insure, claiming.join and claiming.quit",
)
@rule("D4", "D7")
def let_insurance_lapse(migrant, here, u):
    """The insurance of the city ends for who stops paying."""
    if u >= chance_to_let_lapse(migrant, here):
        return GOES_ON
    service = insured_with(migrant, here.world)
    migrant.enrolled = migrant.enrolled & ~bit_of(service)
    log_event(migrant, here, INSURANCE_LAPSED, 0, CITY, service)
    return GOES_ON


@rule("D4", "D7")
def chance_to_insure(migrant, here):
    """The dearer the premium, the fewer take out an insurance."""
    return most_to_insure(migrant, here) * (1.0 - dearness_of_premium(migrant, here))


@rule("B2", "D7")
def most_to_insure(migrant, here):
    """The same if it cost nothing: who knows of the city's health insurance, and may, and has none."""
    world = here.world
    if migrant.enrolled & (world.insurance_bits | BY_EMPLOYER) or insurance_to_be_had(migrant, here) < 0:
        return 0.0
    return world.claiming_insure


@by_chance(order=91, slot=ENROLS, chance=most_to_insure, looks_at=INSURANCE)
@rule("D4", "D7")
def be_insured(migrant, here, u):
    """Enrols in the insurance of the city."""
    if u >= chance_to_insure(migrant, here):
        return GOES_ON
    service = insurance_to_be_had(migrant, here)
    migrant.enrolled = migrant.enrolled | bit_of(service)
    log_event(migrant, here, INSURED, 0, CITY, service)
    return GOES_ON


@rule("A1", "D7", "D13")
def employer_insures(migrant, here, occasion):
    """The law has legal workers insured through their job; not every employer does it."""
    if not is_registered(migrant, here.world) or migrant.jobless:
        return False
    return draw(here.world.luck_now, migrant.identity, EMPLOYER, occasion) < readiness_to_insure(
        migrant, here
    )


@rule("A1", "D7", "D13")
def be_insured_by_employer(migrant, here, occasion):
    """With a job comes its insurance, where there is one."""
    if not migrant.enrolled & BY_EMPLOYER and employer_insures(migrant, here, occasion):
        migrant.enrolled = migrant.enrolled | BY_EMPLOYER
        log_event(migrant, here, INSURED, 0, EMPLOYERS, here.world.insurance_of_job)


@rule("A1", "D7", "D13")
def be_insured_by_next_employer(migrant, here, occasion):
    """The insurance of one job ends with it, and that of the next begins: in a life, it goes on."""
    was_insured = migrant.enrolled & BY_EMPLOYER != 0
    if employer_insures(migrant, here, occasion):
        migrant.enrolled = migrant.enrolled | BY_EMPLOYER
        if not was_insured:
            log_event(migrant, here, INSURED, 0, EMPLOYERS, here.world.insurance_of_job)
    elif was_insured:
        migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER
        log_event(migrant, here, INSURANCE_LAPSED, 0, EMPLOYERS, here.world.insurance_of_job)


@rule("A11", "D4", "D7")
def chance_to_quit(migrant, here):
    """Taking part ends where work leaves no time for it, and where what is offered misses what is needed; parents go on
    for their child's sake."""
    world = here.world
    haste = 0.0
    if not migrant.jobless:
        haste = haste_of(trade_of(migrant, world), migrant.settler, is_indebted(migrant, world), world)
    chance = world.claiming_quit * (1.0 + world.claiming_quit_at_work * (haste - 1.0))
    chance = chance * (1.0 + world.claiming_quit_unfit * (1.0 - here.city.fit))
    if migrant.enrolled & world.school_bits:
        chance = chance * (1.0 - world.claiming_join_for_child)
    return min(MOST_QUITTING, chance)


@rule("D7")
def most_to_quit(migrant, here):
    """More than that can be: in debt, in the trade of the longest hours, where nothing fits."""
    world = here.world
    if not is_in_programme(migrant, world):
        return 0.0
    haste = world.longest_hours * (1.0 + world.claiming_haste_debt)
    chance = world.claiming_quit * (1.0 + world.claiming_quit_at_work * max(0.0, haste - 1.0))
    return min(MOST_QUITTING, chance * (1.0 + world.claiming_quit_unfit))


@by_chance(order=92, slot=ENROLS, chance=most_to_quit, looks_at=PROGRAMME)
@rule("A11", "D4", "D7")
def quit_programmes(migrant, here, u):
    """Gives up the programmes taken part in."""
    world = here.world
    if u >= chance_to_quit(migrant, here):
        return GOES_ON
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
    trade = trade_of(migrant, world)
    willing = world.willing_to_join[trade, migrant.settler, is_indebted(migrant, world)]
    chance = world.claiming_join * drawn * willing
    return chance * (1.0 - world.language_prerequisite * (1.0 - language))


@rule("D7")
def most_to_join(migrant, here):
    """More than that can be: at home, speaking the language, in the trade of the shortest hours, without debts."""
    world = here.world
    if is_in_programme(migrant, world):
        return 0.0
    return world.claiming_join * world.most_willing_to_join[migrant.settler]


@rule("D7")
def may_join(migrant, here, service):
    """Whether this programme is offered, known, open, and meant for someone like this migrant."""
    world = here.world
    if not world.services_programme[service] or not is_offered(here.city, service):
        return False
    if not is_known(migrant, service) or not is_open(migrant, here, service):
        return False
    return world.services_school[service] == 0 or has_pupil(migrant, world)


@by_chance(order=93, slot=ENROLS, chance=most_to_join, looks_at=FAMILY | SETTLER | PROGRAMME)
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


@rule("A11")
def child_has_left_school(migrant, world):
    """Enrolled in what a school offers, without a child of school age."""
    has_none = (
        (migrant.children == 0)
        | (world.month - migrant.first_born < SCHOOL_FROM)
        | (world.month - migrant.last_born >= SCHOOL_UNTIL)
    )
    return (migrant.enrolled & world.school_bits != 0) & has_none


@when(child_has_left_school, order=94, glance=is_in_programme)
@rule("A11", "D7")
def leave_school(migrant, here):
    """With the child's last school year ends what its parents took part in there."""
    world = here.world
    feel_at_home(migrant, here)  # while still taking part
    for service in range(n_services(world)):
        if migrant.enrolled & world.school_bits & bit_of(service):
            log_event(migrant, here, QUIT, 0, CITY, service)
    migrant.enrolled = migrant.enrolled & ~world.school_bits
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
