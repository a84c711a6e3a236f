"""Moving between municipalities, what it loses (D8), and where people go (D9)."""

from __future__ import annotations

from ..scenarios.catalogue import RETURN
from .awareness import MOVING, be_told_on_registering, forget_on_moving
from .chance import BROKER, DECEIVES, KEEPS, LEAVES, MOVES, NEARBY, TAKES, WHERE_TO, draw, item_of
from .employers import trade_of
from .enrolling import be_insured_by_employer, be_insured_by_next_employer
from .event import FAMILY, GOES, JOBLESS, MOVES_AWAY, RUNG, SETTLER, by_chance
from .event_log import LOST, MOVED, log_event
from .mechanism import mechanism
from .needs import KNOWS_NOBODY, be_wronged
from .rule import rule
from .services import BY_EMPLOYER, bit_of, is_enrolled, is_offered, is_open, is_registered, n_services
from .settling import feel_at_home, return_is_free

_OF_ENROLMENTS = 2  # in the KEEPS draws: neither knowledge of services nor of NGOs
MILLION = 1_000_000  # service levels are tallied in millionths, so that sums do not depend on their order


mechanism(
    "D8",
    "Moving, and what it loses",
    "workers move from job to job and leave rights and services behind",
    without={"doors.*.moving": 0.0},
    instead="off, only a lost job (A10, D10) makes people move; for the loss alone, set moving.entitlements_kept, "
    "awareness.kept_on_moving and belonging.kept_on_moving to 1",
)


@rule("D8")
def chance_to_move(migrant, here):
    """Contracts end, and better wages beckon where one's own place pays less than is usual; less often for
    settlers and families."""
    world = here.world
    if migrant.detained or migrant.jobless:
        return 0.0
    lower = max(0.0, world.usual_wages - here.city.fiscal_strength)
    chance = world.doors_moving[migrant.door] * (1.0 + world.moving_wage_seeking * lower)
    if migrant.settler:
        chance = chance * world.moving_settler
    if migrant.family:
        chance = chance * world.moving_family
    return chance


@by_chance(
    order=120,
    slot=MOVES,
    chance=chance_to_move,
    looks_at=FAMILY | SETTLER | JOBLESS,
    hint="doors.*.moving, moving.wage_seeking and labour.elsewhere",
)
@rule("D8")
def move_away(_, __, ___):
    """Off to another place, or to another job in the same one."""
    return MOVES_AWAY


mechanism(
    "D11",
    "Leaving",
    "the sojourn is temporary: target reached, need unmet, caught, permit over, or home",
    without={"settling.homeward": 0.0, "doors.*.leaving": 0.0, "needs.*.departure": 0.0},
    instead="those whose permit runs out (A3) or who are deported (A4) leave even so",
)


@rule("D11")
def chance_to_return(migrant, here):
    """Some go home whatever the target, settlers less often, and those who could not come back."""
    world = here.world
    chance = world.doors_leaving[migrant.door] * return_is_free(migrant, world)
    if migrant.settler:
        chance = chance * world.settling_leaving
    return chance


@by_chance(
    order=50,
    slot=LEAVES,
    chance=chance_to_return,
    looks_at=RUNG | SETTLER,
    hint="doors.*.leaving, labour.layoffs, labour.rehiring and labour.homewards",
)
@rule("D11")
def go_home(_, __, ___):
    """Leaves the country for good."""
    return GOES + RETURN


mechanism(
    "D9",
    "Destination choice",
    "people go where jobs, wages and their own are; services are not what most move for",
    without={"moving.wages": 0.0, "moving.vacancies": 0.0, "moving.nearby": 0.0},
    brought_in={"moving.services": 1.0},
    instead="off, jobs alone decide; moving.services switches the pull of services on",
)


mechanism(
    "D14",
    "Chain migration and enclaves",
    "compatriots bring one another, so that highly visible communities arise in some places",
    without={"moving.coethnics": 0.0},
    instead="off, nobody follows compatriots, or is hired through them; an enclave acts by language.enclave and "
    "belonging.enclave",
)


@rule("D14", "D13")
def chain_of_compatriots(world, presence):
    """Compatriots bring one another, employers hire through those they have, and recruiters fill whole workplaces: of a
    trade's free jobs in a place the more go to a category, the more of its group are there.

    `presence`: the group among the migrants of the place, relative to the whole country.
    """
    return presence**world.moving_chain


@rule("D14", "D13")
def pull_of_compatriots(world, chain, nations):
    """How far some follow their own: of a group of several `nations` only one in so many is a compatriot."""
    own = world.moving_coethnics / nations
    return 1.0 - own + own * chain


@rule("D14")
def presence_of(world, here, everybody_here, usual):
    """A group's part of the migrants of a place over its part of the country's (`usual`, above 0): near 1 where hardly
    anybody is, for few say little of whom an employer could hire through them. Numbers in records."""
    few = world.moving_few / world.persons
    return (here / usual + few) / (everybody_here + few)


@rule("D9")
def pull_of_vacancies(world, vacant, posts, usual):
    """Few go where all jobs are taken, more where a larger part of them is free: `vacant` of `posts`, against what is
    `usual` in the country. Of a place with hardly a job it says nothing."""
    if usual <= 0.0:
        return 1.0
    free = min(MOST_VACANT, (vacant / usual + 1.0) / (posts + 1.0))
    if world.moving_vacancies == 1.0:  # a power takes longer than all else that is asked of a place
        return free
    return free**world.moving_vacancies


MOST_VACANT = 3.0  # times the usual share of free jobs, beyond which a place draws no more


@rule("D9")
def attraction(world, city, jobs_share, kin, room):
    """Jobs, compatriots (`kin`: their pull), free jobs (`room`), wages, and (if switched on) services."""
    weight = jobs_share * kin * room
    weight = weight * (1.0 + world.moving_wages * city.fiscal_strength)
    return weight * (1.0 + world.moving_services * city.service_level)


@rule("D13")
def is_sent_by_broker(migrant, world, occasion):
    """Labour brokers place some, on arrival or from job to job: of the trades that recruit through them, and the fewer,
    the more compatriots there are in the country to go to. Spouses of nationals have come to a family."""
    if world.doors_spouse[migrant.door]:
        return False
    share = world.trades_brokers[trade_of(migrant, world)] * (1.0 - world.network[migrant.door])
    return draw(world.luck_now, migrant.identity, BROKER, occasion) < share


@rule("D4", "D13")
def be_deceived(migrant, world, occasion):
    """Some brokers promise more than there is: what they have taken takes longer to pay off."""
    if not is_sent_by_broker(migrant, world, occasion):
        return
    if draw(world.luck_now, migrant.identity, DECEIVES, occasion) < world.moving_deceit:
        migrant.owes_until = max(migrant.owes_until, world.month) + world.moving_deceit_debt
        be_wronged(migrant, world)
        if not migrant.settler:
            migrant.target = migrant.target + world.moving_deceit_debt


@rule("D8")
def change_job(migrant, here):
    """Another job in the same place: the insurance that came with the old one ends, and one may come with the new."""
    if migrant.jobless:
        return
    migrant.stage = migrant.stage & ~KNOWS_NOBODY  # the new job's insurance may be one to ask
    be_insured_by_next_employer(migrant, here, MOVING)


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


LISTS = 4  # of what draws people, for each door (see month.lay_out_destinations)
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


@rule("D8", "D9")
def choose_place(migrant, world, destinations, first, last, occasion):
    """Brokers send one wherever employers ask them for people; else a place is chosen with a chance in proportion to
    its attraction, often within the region, whose rows are `first` to `last`.

    Places come to mind as they have jobs, and are taken or not by how they attract. So the same person goes to the
    same place in two worlds unless that place attracts otherwise: a place that draws a little more elsewhere in the
    list sends nobody next door. What attracts far more than its jobs would is chosen apart (`beyond`).
    """
    now, who = world.luck_now, migrant.identity
    doors = destinations.shape[0] // LISTS
    jobs = destinations[doors + migrant.door]
    low, high = 0, jobs.shape[0] - 1
    if is_sent_by_broker(migrant, world, occasion):
        return place_at(destinations[3 * doors + migrant.door], low, high, draw(now, who, WHERE_TO, occasion))
    wishes = destinations[migrant.door]
    beyond = destinations[2 * doors + migrant.door]
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


@rule("D8")
def relocate(migrant, here, there):
    """From `here` to `there`: the rights, enrolments, knowledge and belonging of the old place stay behind."""
    feel_at_home(migrant, here)
    world, nation = here.world, here.nation
    status, quintile = migrant.status, here.city.service_quintile
    here.place.moved_out[status] += 1
    there.place.moved_in[status] += 1
    nation.moves[quintile, status] += 1
    nation.level_before[quintile, status] += int(here.city.service_level * MILLION)
    nation.level_after[quintile, status] += int(there.city.service_level * MILLION)
    lost = lose_enrolments(migrant, there)
    for service in range(n_services(world)):
        nation.enrolments_lost[quintile, status] += lost >> service & 1
    forget_on_moving(migrant, world)
    migrant.member = 0  # C3: an NGO is of one place, and so are its members and its cause
    migrant.mobilised = 0
    migrant.belonging = migrant.belonging * world.belonging_kept_on_moving
    migrant.belonging_at = world.month
    migrant.home = there.city.row
    migrant.tried = 0
    migrant.stage = migrant.stage & ~KNOWS_NOBODY  # there may be somebody to ask here
    migrant.moved = 1
    log_event(migrant, there, MOVED, 0, 0, here.city.row)
    if lost:
        log_event(migrant, there, LOST, 0, 0, lost)
    be_insured_by_employer(migrant, there, MOVING)
    if is_registered(migrant, world):
        be_told_on_registering(migrant, there, MOVING)


@rule("D8")
def lose_enrolments(migrant, there):
    """Enrolments end with residence, unless the scenario lets them follow the mover to a city that has such a
    service; the insurance of the job ends with the job. Returns the services lost, as bits."""
    world = there.world
    lost = 0
    for service in range(n_services(world)):
        if is_enrolled(migrant, service):
            kept = world.moving_entitlements_kept
            if not is_offered(there.city, service) or not is_open(migrant, there, service):
                kept = 0.0
            item = item_of(_OF_ENROLMENTS, world.services_number[service])
            if draw(world.luck_now, migrant.identity, KEEPS, item) >= kept:
                lost = lost | (1 << service)
                migrant.enrolled = migrant.enrolled & ~bit_of(service)
    migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER
    return lost
