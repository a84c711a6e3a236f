"""Sojourners and settlers (D4), and belonging to a place (D5)."""

from __future__ import annotations

from ..scenarios.catalogue import OVERSTAYER, TARGET_REACHED
from .chance import EXTENDS, SETTLES, draw
from .compatriots import compatriots_in, group_of
from .employers import trade_of
from .event import FAMILY, GOES, GOES_ON, SETTLER, by_chance, when
from .event_log import EXTENDED, SETTLED, log_event
from .fear import fear_of
from .language import learn_language, remaining
from .mechanism import mechanism
from .needs import NOT_WORTH_IT
from .rule import rule

NEVER_DUE = 32_000  # a date beyond every run, for those without permit or savings target


@rule("D6", "D14")
def enclave_of(migrant, here):
    """How far compatriots make a world of their own here: by their share of residents, if they are enough for shops,
    churches and media. Many in a large city live among others all the same."""
    world = here.world
    own = compatriots_in(here.city, world, group_of(migrant, world))
    among_their_own = min(1.0, own / here.city.population / world.language_full_enclave)
    return among_their_own * min(1.0, own / world.language_enclave_size)


@rule("D7")
def is_in_programme(migrant, world):
    """Whether enrolled in a programme that asks for some commitment."""
    return migrant.enrolled & world.programme_bits != 0


mechanism(
    "D5",
    "Belonging",
    "attachment to a place grows with time, part in it and good treatment, and is lost by moving",
    without={"belonging.growth": 0.0, "belonging.participation": 0.0, "belonging.treatment": 0.0},
    instead="off, nobody comes to belong, and so nobody joins; school places got by a claim remain",
)


@rule("D5")
def feel_at_home(migrant, here):
    """Belonging grows towards 1 with every month here, faster by taking part, slower in an enclave.

    Months since belonging was last looked at are made up for when it is next needed.
    """
    world = here.world
    months = world.month - migrant.belonging_at
    if months > 0:
        enclave = enclave_of(migrant, here)
        learn_language(migrant, world, enclave, months)
        growth = world.belonging_growth * (1.0 - world.belonging_enclave * enclave)
        if is_in_programme(migrant, world):
            growth = min(1.0, growth + world.belonging_participation)
        migrant.belonging = 1.0 - (1.0 - migrant.belonging) * remaining(growth, months)
        migrant.belonging_at = world.month


@rule("D5")
def be_treated_well(migrant, here):
    """A claim that is met brings people closer to the place."""
    feel_at_home(migrant, here)
    migrant.belonging = migrant.belonging + here.world.belonging_treatment * (1.0 - migrant.belonging)


@rule("D5")
def be_treated_badly(migrant, here):
    """A claim refused drives them away from it."""
    feel_at_home(migrant, here)
    migrant.belonging = migrant.belonging * (1.0 - here.world.belonging_treatment)


@rule
def years_here(migrant, world):
    """Years since entering the country."""
    return (world.month - migrant.arrived) / 12.0


mechanism(
    "D4",
    "Sojourner against settler",
    "target earners save, work long hours and claim only necessities; some come to stay",
    without={"needs.*.necessity": 1.0, "claiming.join_at_work": 1.0, "claiming.quit_at_work": 0.0},
    instead="off, all have the time to ask and to take part; settling.drift and doors.<name>.settlers set who settles",
)


@rule("D4")
def chance_to_settle(migrant, here, belonging):
    """Intention drifts towards settlement with years, family and belonging."""
    world = here.world
    if migrant.settler:
        return 0.0
    ties = 1.0 + world.settling_years * min(10.0, years_here(migrant, world))
    ties = ties + world.settling_family * migrant.family + world.settling_belonging * belonging
    return world.settling_drift * world.doors_settling[migrant.door] * ties


@rule("D4")
def chance_to_settle_when_at_home(migrant, here):
    """The same whatever the belonging, which takes time to look at."""
    return chance_to_settle(migrant, here, 1.0)


@by_chance(
    order=60,
    slot=SETTLES,
    chance=chance_to_settle_when_at_home,
    looks_at=FAMILY | SETTLER,
    hint="settling.* and doors.*.settling",
)
@rule("D4")
def settle(migrant, here, u):
    """A sojourner may decide to stay for good."""
    feel_at_home(migrant, here)
    if u < chance_to_settle(migrant, here, migrant.belonging):
        migrant.settler = 1
        migrant.target = NEVER_DUE
        migrant.stage = migrant.stage & ~NOT_WORTH_IT
        log_event(migrant, here, SETTLED, 0, 0, 0)
    return GOES_ON


@rule
def target_is_due(migrant, world):
    """The month of a sojourner's savings target has come."""
    return (world.month >= migrant.target) & (migrant.settler == 0)


@rule("D11")
def return_is_free(migrant, world):
    """How readily one leaves who would have to leave for good: without a permit there is no way back."""
    if migrant.status >= OVERSTAYER:
        return world.settling_no_return
    return 1.0


@rule("D4", "D5", "D11", "A10")
def odds_to_go_home(migrant, here):
    """For going home against adding a round, once the sum is saved. A job in a trade that goes on asking for people, a
    family here, a home come to be felt, debts left and no way back hold people; fear and want of work drive them."""
    world = here.world
    odds = world.settling_homeward * return_is_free(migrant, world)
    odds = odds * (1.0 - world.settling_attached * migrant.belonging)
    if migrant.family:
        odds = odds * world.settling_round_family
    if world.month < migrant.owes_until:
        odds = odds * world.settling_round_debt
    odds = odds * (1.0 + world.settling_round_fear * fear_of(migrant, here))
    idle = 1.0
    if not migrant.jobless:
        idle = max(0.0, 1.0 - world.offered[trade_of(migrant, world)])
    return odds * (1.0 + world.settling_round_work * idle)


@when(target_is_due, order=40)
@rule("D4", "D11")
def reach_target(migrant, here):
    """The sum is saved: the target earner goes home, or adds another round."""
    feel_at_home(migrant, here)
    odds = odds_to_go_home(migrant, here)
    if draw(here.world.luck_now, migrant.identity, EXTENDS) * (1.0 + odds) < odds:
        return GOES + TARGET_REACHED
    migrant.target = here.world.month + here.world.settling_round
    log_event(migrant, here, EXTENDED, 0, 0, 0)
    return GOES_ON
