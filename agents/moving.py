"""Moving between municipalities, what it loses (D8), and where people go (D9)."""

from __future__ import annotations

from .awareness import MOVING, be_told_on_registering, forget_on_moving
from .chance import BROKER, KEEPS, NEARBY, WHERE_TO, draw
from .diary import LOST, MOVED, note
from .enrolling import be_insured_by_employer
from .needs import KNOWS_NOBODY
from .rule import rule
from .services import BY_EMPLOYER, N_SERVICES, is_offered, is_open, is_registered
from .settling import feel_at_home

_ENTITLEMENTS = 32  # items of the KEEPS draws from here on are about enrolments
MILLION = 1_000_000  # service levels are tallied in millionths, so that sums do not depend on their order


@rule
def shortfall(world):
    """A10: how far labour demand falls short, beyond what is structurally embedded."""
    return max(0.0, 1.0 - world.demand)


@rule
def chance_to_move(migrant, world, city):
    """D8: contracts end, and better wages beckon where one's own place pays less than is usual; less often for
    settlers and families."""
    chance = world.doors_moving[migrant.door] * (1.0 + world.labour_layoffs * shortfall(world))
    chance = chance * (1.0 + world.moving_wage_seeking * max(0.0, world.usual_wages - city.fiscal_strength))
    if migrant.settler:
        chance = chance * world.moving_settler
    if migrant.family:
        chance = chance * world.moving_family
    return chance


@rule
def chance_to_return(migrant, world):
    """D11: some go home whatever the target, settlers less often, more of them when work is short."""
    chance = world.doors_leaving[migrant.door] * (1.0 + world.labour_layoffs * shortfall(world))
    if migrant.settler:
        chance = chance * world.settling_leaving
    return chance


@rule
def jobs_for(world, city, door):
    """D9: jobs open to a category: in proportion to foreign residents, in big cities or factory towns."""
    urban = world.doors_urban[door]
    return city.foreign_residents * (urban * city.urban + (1.0 - urban) * city.industry)


@rule
def attraction(world, city, door, jobs_share, coethnic_share):
    """D9: jobs, co-ethnics, wages, and (if switched on) services."""
    weight = world.moving_coethnics * coethnic_share + (1.0 - world.moving_coethnics) * jobs_share
    weight = weight * (1.0 + world.moving_wages * city.fiscal_strength)
    return weight * (1.0 + world.moving_services * city.service_level)


@rule
def is_sent_by_broker(migrant, world, occasion):
    """D8: labour brokers place some, on arrival or from job to job, wherever in the country there is work."""
    return draw(world.luck_now, migrant.identity, BROKER, occasion) < world.moving_brokers


@rule
def change_job(migrant, world, city, pen):
    """D8: another job in the same place: the insurance that came with the old one ends, and one may come with the
    new."""
    migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER
    migrant.stage = migrant.stage & ~KNOWS_NOBODY  # the new job's insurance may be one to ask
    be_insured_by_employer(migrant, world, city, MOVING, pen)


@rule
def choose_place(migrant, world, cumulative, first, last, occasion):
    """D9: a place with a chance in proportion to its attraction; often one within the region.

    `cumulative` is this category's attraction summed over the places in order; `first` and `last` are the
    rows of the migrant's region. Binary search; returns a row.
    """
    low, high = 0, cumulative.shape[0] - 1
    if draw(world.luck_now, migrant.identity, NEARBY, occasion) < world.moving_nearby:
        low, high = first, last - 1
    floor = 0.0
    if low > 0:
        floor = cumulative[low - 1]
    mark = floor + draw(world.luck_now, migrant.identity, WHERE_TO, occasion) * (cumulative[high] - floor)
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > mark:
            high = middle
        else:
            low = middle + 1
    return low


@rule
def relocate(migrant, world, origin, origin_account, place, city, account, national, pen):
    """D8: the rights, enrolments, knowledge and belonging of the old place stay behind."""
    feel_at_home(migrant, world, origin)
    status = migrant.status
    fifth = origin.fifth
    origin_account.moved_out[status] += 1
    account.moved_in[status] += 1
    national.moves[fifth, status] += 1
    national.level_before[fifth, status] += int(origin.service_level * MILLION)
    national.level_after[fifth, status] += int(city.service_level * MILLION)
    old_place = migrant.home
    lost = lose_enrolments(migrant, world, city)
    for service in range(N_SERVICES):
        national.enrolments_lost[fifth, status] += (lost >> service) & 1
    forget_on_moving(migrant, world)
    migrant.member = 0  # C3: an NGO is of one place, and so are its members and its cause
    migrant.mobilised = 0
    migrant.belonging = migrant.belonging * world.belonging_kept_on_moving
    migrant.belonging_at = world.month
    migrant.home = place
    migrant.tried = 0
    migrant.stage = migrant.stage & ~KNOWS_NOBODY  # there may be somebody to ask here
    migrant.moved = 1
    note(migrant, world, city, pen, MOVED, 0, 0, old_place)
    if lost:
        note(migrant, world, city, pen, LOST, 0, 0, lost)
    be_insured_by_employer(migrant, world, city, MOVING, pen)
    if is_registered(migrant):
        be_told_on_registering(migrant, world, city, MOVING, pen)


@rule
def lose_enrolments(migrant, world, city):
    """D8: enrolments end with residence, unless the scenario lets them follow the mover to a city that has such
    a service; the insurance of the job ends with the job. Returns the services lost, as bits."""
    lost = 0
    for service in range(N_SERVICES):
        if (migrant.enrolled >> service) & 1:
            kept = world.moving_entitlements_kept
            if not is_offered(city, service) or not is_open(migrant, city, service):
                kept = 0.0
            if draw(world.luck_now, migrant.identity, KEEPS, _ENTITLEMENTS + service) >= kept:
                lost = lost | (1 << service)
    migrant.enrolled = migrant.enrolled & ~(lost | BY_EMPLOYER)
    return lost
