"""Moving between municipalities, what it loses (D8), and where people go (D9)."""

from __future__ import annotations

from ..scenarios.catalogue import DOORS
from .awareness import MOVING, be_told_on_registering, forget_on_moving
from .chance import BROKER, KEEPS, NEARBY, TAKES, WHERE_TO, draw
from .diary import LOST, MOVED, note
from .enrolling import be_insured_by_employer
from .needs import KNOWS_NOBODY
from .rule import rule
from .services import BY_EMPLOYER, N_SERVICES, is_offered, is_open, is_registered
from .settling import feel_at_home

N_DOORS = len(DOORS)
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
def before(cumulative, row):
    """What the rows before this one add up to."""
    if row == 0:
        return 0.0
    return cumulative[row - 1]


@rule
def span(cumulative, low, high):
    """What the rows from `low` to `high` add up to."""
    return cumulative[high] - before(cumulative, low)


@rule
def row_at(cumulative, low, high, mark):
    """The row, of those from `low` to `high`, at which the sum exceeds `mark`. Binary search, without branching on what
    is found: a processor that guesses wrong at every step loses more time than the search takes."""
    rows = high - low + 1
    while rows > 1:
        half = rows // 2
        low += half * (cumulative[low + half - 1] <= mark)
        rows -= half
    return low


@rule
def place_at(cumulative, low, high, part):
    """The row, of those from `low` to `high`, at which their sum exceeds `part` of it."""
    return row_at(cumulative, low, high, before(cumulative, low) + part * span(cumulative, low, high))


MOST_DRAWN = 2.0  # times the usual: what draws more than so many times as its jobs would is chosen apart
MOST_TRIES = 64


@rule
def steady(number):
    """The next of 1, 1.25, 1.5, 1.75, 2, 2.5 ... (times any power of two) from a positive number on, which little
    changes of the number leave as it is."""
    scale = 1.0
    while scale > number:
        scale = scale / 2.0
    while 2.0 * scale <= number:
        scale = 2.0 * scale
    part = 1.0
    while part * scale < number:
        part += 0.25
    return part * scale


@rule
def choose_place(migrant, world, destinations, first, last, occasion):
    """D8/D9: brokers send one wherever there is work; else a place is chosen with a chance in proportion to its
    attraction, often within the region, whose rows are `first` to `last`.

    Places come to mind as they have jobs, and are taken or not by how they attract. So the same person goes to the
    same place in two worlds unless that place attracts otherwise: a place that draws a little more elsewhere in the
    list sends nobody next door. What attracts far more than its jobs would is chosen apart (`beyond`).
    """
    now, who = world.luck_now, migrant.identity
    jobs = destinations[N_DOORS + migrant.door]
    low, high = 0, jobs.shape[0] - 1
    if is_sent_by_broker(migrant, world, occasion):
        return place_at(jobs, low, high, draw(now, who, WHERE_TO, occasion))
    wishes = destinations[migrant.door]
    beyond = destinations[2 * N_DOORS + migrant.door]
    if occasion == MOVING and draw(now, who, NEARBY, occasion) < world.moving_nearby:
        low, high = first, last - 1
    apart = span(beyond, low, high)
    if draw(now, who, TAKES, occasion) * (span(wishes, low, high) + apart) < apart:
        return place_at(beyond, low, high, draw(now, who, WHERE_TO, occasion))
    bound = world.most_drawn[migrant.door]
    begin, size = before(jobs, low), span(jobs, low, high)
    for i in range(1, MOST_TRIES + 1):
        mark = begin + size * draw(now, who, WHERE_TO, 2 * i + occasion)
        place = row_at(jobs, low, high, mark)
        # Where in the place's jobs the mark has come to lie is as good as another draw.
        if (mark - before(jobs, place)) * bound < span(wishes, place, place):
            return place
    return place_at(wishes, low, high, draw(now, who, WHERE_TO, occasion))


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
