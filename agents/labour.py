"""Work that comes and goes (A10): what trades offer, how they come to depend on migrants, and who loses a job."""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import EXPIRY, IRREGULAR, LEGAL, OVERSTAYER, RETURN
from .awareness import FINDING_WORK
from .chance import LEAVES, MOVES, OVERSTAYS, WHICH_TRADE, draw
from .employers import find_job, lose_job, trade_of
from .enrolling import be_insured_by_employer
from .event import GOES, GOES_ON, JOBLESS, MOVES_AWAY, RUNG, SETTLER, by_chance
from .event_log import FOUND_WORK, LAID_OFF, log_event
from .mechanism import mechanism
from .rule import rule
from .status import change_status

TRADE = np.dtype(
    [
        ("jobs", np.float64),  # jobs of a boom for which it takes migrants too (records)
        ("dependence", np.float64),  # share of these for which only migrants can be had
        ("offered", np.float64),  # jobs offered, as a share of those of a boom
        ("laid_off", np.float64),  # this month's chance of a migrant to lose the job
        ("workers", np.int64),  # migrants at work in it, at the end of last month (records)
        ("vacant", np.float64),  # jobs free, over all places (records)
        ("remaining", np.float64),  # of these, those that nobody here looks for (records)
    ]
)


mechanism(
    "A10",
    "Embedded labour demand",
    "trades come to depend on migrants, so that demand outlasts the boom; in a crisis jobs are lost",
    without={"labour.embeddedness": 0.0, "trades.*.dependence": 0.0},
    instead="off, what trades offer follows the business cycle to the full",
)


# What trades offer --------------------------------------------------------------------------------------


@rule("A10")
def share_held(trade):
    """The share of a trade's jobs of the day that migrants hold; natives hold the others, or nobody does."""
    return min(1.0, trade.workers / max(1.0, trade.jobs * trade.offered))


@rule("A10")
def share_vacant(trade):
    """The share of its jobs of the day that were free last month."""
    return min(1.0, trade.vacant / max(1.0, trade.jobs * trade.offered))


@rule("A10")
def come_to_depend(trade, world):
    """Of the jobs that migrants come to hold natives no longer learn a part. Where migrants hold few, a trade can do
    without; once they leave, it has to, and by and by can again."""
    target = world.labour_embeddedness * share_held(trade)
    trade.dependence = trade.dependence + (target - trade.dependence) / (12.0 * world.labour_habit)


@rule("A10")
def jobs_wanted(trade, cyclical, demand):
    """Jobs as a share of a boom's: what depends on migrants stays, and of the rest some follows the business cycle."""
    return trade.dependence + (1.0 - trade.dependence) * (1.0 - cyclical * (1.0 - demand))


@rule("A10")
def offer_jobs(trade, world, cyclical):
    """Employers adjust to the business cycle by and by; where jobs are lost, migrants are laid off first, but for those
    jobs that were empty."""
    before = trade.offered
    filled = 1.0 - share_vacant(trade)
    trade.offered = (
        before + (jobs_wanted(trade, cyclical, world.labour_demand) - before) / world.labour_adjusts
    )
    trade.laid_off = 0.0
    if trade.offered < before:
        trade.laid_off = laid_off_of(filled * (before - trade.offered) / before, world)


@rule("A10")
def laid_off_of(lost, world):
    """Of the jobs lost (a share), migrants bear more than their part."""
    return min(MOST_LAID_OFF, world.labour_layoffs * lost)


@rule("A10")
def most_laid_off(world):
    """The same in the worst month, in which a trade that offered all its jobs comes to offer none."""
    return laid_off_of(1.0 / world.labour_adjusts, world)


@rule("A10")
def recruiting(trade, world):
    """Of those who would come, the share that finds a job: all while many jobs stay free, whoever looks for one where
    they are, and correspondingly fewer of them where fewer do."""
    if trade.jobs <= 0.0:
        return 1.0
    if trade.remaining < 1.0:
        return 0.0
    return min(1.0, trade.remaining / (world.labour_slack * trade.jobs))


@rule("A2", "A10")
def recruiting_elsewhere(own, trades, world):
    """The same of those who would take any other trade than their `own`, as far as it takes people of others."""
    jobs = 0.0
    free = 0.0
    for number in range(world.openings.shape[0]):
        if number != own:
            jobs += trades[number].jobs * world.trades_outsiders[number]
            free += world.openings[number]
    return min(1.0, free / max(1e-9, world.labour_slack * jobs))


@rule("A2", "A10")
def recruit(door, trades, world):
    """By the front and the side doors people come for their trade alone. By the back door they come for whatever jobs
    stay free, those that a side door's people would have taken among them."""
    own = world.trade_of_door[door]
    wanted = recruiting(trades[own], world)
    more = 0.0
    if world.doors_visit[door] or world.doors_smuggled[door]:
        more = (1.0 - wanted) * world.labour_other_trades * recruiting_elsewhere(own, trades, world)
    world.recruiting[door] = wanted + more
    world.recruited_elsewhere[door] = more / max(1e-9, wanted + more)


# Free jobs, place by place -------------------------------------------------------------------------------


@rule("A10")
def open_to_migrants(trade, world):
    """Jobs that migrants may have, as a share of those of a boom: in a slump natives who have lost theirs are glad of
    others."""
    return max(0.0, trade.offered - world.labour_natives * max(0.0, 1.0 - trade.offered))


@rule("A10", "D9")
def count_vacancies(trade, number, world, cities):
    """Jobs of a trade in each place that neither migrants hold there nor natives come back for; and which of them stay
    free, if all who look for one where they live come first."""
    open_share = open_to_migrants(trade, world)
    trade.vacant = 0.0
    trade.remaining = 0.0
    for place in range(cities.shape[0]):
        city = cities[place]
        free = max(0.0, city.posts[number] * open_share - city.at_work[number])
        city.vacant[number] = free
        trade.vacant = trade.vacant + free
        trade.remaining = trade.remaining + max(0.0, free - city.looking[number])


@rule("A10")
def found_by(free, seekers):
    """The share of seekers, whom nothing else holds up, that find one of the free jobs."""
    return free / max(1e-9, free + max(1.0, seekers))


@rule("A10")
def match(city, world):
    """How easily work is found here: by free jobs of one's trade against those who look for one; for want of them, by
    jobs of other trades that take people of others, against all who look."""
    trades = city.vacant.shape[0]
    free = 0.0
    looking = 0
    for trade in range(trades):
        free += city.vacant[trade] * world.trades_outsiders[trade]
        looking += city.looking[trade]
    for trade in range(trades):
        own = found_by(city.vacant[trade], city.looking[trade])
        others = found_by(free - city.vacant[trade] * world.trades_outsiders[trade], looking)
        city.finding[trade] = world.labour_rehiring * own
        city.finding_else[trade] = world.labour_rehiring * (1.0 - own) * world.labour_other_trades * others


@rule("A10")
def other_trade(migrant, here):
    """One of the other trades, by their free jobs here."""
    city, world = here.city, here.world
    free = 0.0
    for trade in range(city.vacant.shape[0]):
        if trade != migrant.trade:
            free += city.vacant[trade] * world.trades_outsiders[trade]
    mark = free * draw(world.luck_now, migrant.identity, WHICH_TRADE)
    for trade in range(city.vacant.shape[0]):
        if trade != migrant.trade:
            mark -= city.vacant[trade] * world.trades_outsiders[trade]
            if mark < 0.0:
                return trade
    return int(migrant.trade)


MOST_LAID_OFF = 0.25  # a month


# Losing a job, and what follows -----------------------------------------------------------------------------


@rule("A10")
def chance_of_layoff(migrant, here):
    """The same for all of a trade; the detained have no job to lose."""
    if migrant.jobless or migrant.detained:
        return 0.0
    return here.world.laid_off[trade_of(migrant, here.world)]


@by_chance(order=51, slot=LEAVES, chance=chance_of_layoff, looks_at=JOBLESS)
@rule("A10", "A3", "D11", "D13")
def be_laid_off(migrant, here, _):
    """With the job goes the permit that was given for it: one leaves, or stays without."""
    world, door = here.world, migrant.door
    lose_job(migrant, world)
    log_event(migrant, here, LAID_OFF, 0, 0, 0)
    if (
        world.doors_tied[door]
        and migrant.grounds == 0
        and (migrant.status == LEGAL or migrant.status == IRREGULAR)
    ):
        if draw(world.luck_now, migrant.identity, OVERSTAYS) >= world.doors_overstay[door]:
            return GOES + EXPIRY
        change_status(migrant, here, OVERSTAYER)
    return GOES_ON


@rule
def looks_for_work(migrant):
    """Without work, and free to look for some."""
    return migrant.jobless != 0 and migrant.detained == 0


@rule("A10")
def chance_to_find_work(migrant, here):
    """Work may be found here, as far as there are free jobs for those who look; who has just lost a job looks from the
    next month on."""
    if not looks_for_work(migrant):
        return 0.0
    trade = trade_of(migrant, here.world)
    return here.city.finding[trade] + here.city.finding_else[trade]


@by_chance(order=52, slot=LEAVES, chance=chance_to_find_work, looks_at=JOBLESS)
@rule("A10", "D7")
def find_work(migrant, here, u):
    """At work again, some in another trade; the new employer may insure."""
    if u >= here.city.finding[trade_of(migrant, here.world)]:
        migrant.trade = other_trade(migrant, here)
    find_job(migrant, here.world)
    log_event(migrant, here, FOUND_WORK, 0, 0, 0)
    be_insured_by_employer(migrant, here, FINDING_WORK)
    return GOES_ON


@rule("A10", "D11")
def chance_to_go_homewards(migrant, here):
    """Of those who find no work: settlers stay the longer, and so does who has no permit and could not come back."""
    if not looks_for_work(migrant):
        return 0.0
    world = here.world
    chance = world.labour_homewards * (1.0 - chance_to_find_work(migrant, here))
    if migrant.settler:
        chance = chance * world.labour_homewards_settler
    if migrant.status >= OVERSTAYER:
        chance = chance * world.labour_homewards_unauthorised
    return chance


@by_chance(order=53, slot=LEAVES, chance=chance_to_go_homewards, looks_at=RUNG | SETTLER | JOBLESS)
@rule("A10", "D11")
def go_homewards(_, __, ___):
    """Without work one may as well go home."""
    return GOES + RETURN


@rule("A10", "D8")
def chance_to_leave_for_work(migrant, here):
    """Of those who are still here without work."""
    if not looks_for_work(migrant):
        return 0.0
    return here.world.labour_elsewhere


@by_chance(order=121, slot=MOVES, chance=chance_to_leave_for_work, looks_at=JOBLESS)
@rule("A10", "D8")
def leave_for_work(_, __, ___):
    """Off to where there may be some."""
    return MOVES_AWAY
