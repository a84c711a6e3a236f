"""The loops of a month: each goes once through its records and lets the rules of `agents` speak.

Compiled, they are the model's machine code; interpreted, the same source runs on plain objects.
"""

from __future__ import annotations

import numpy as np

from ..agents.awareness import ARRIVING, MOVING
from ..agents.chance import (
    ARRIVALS,
    QUEUES,
    REFERRED,
    WHICH_NGO,
    draw,
    lanes_below,
    luck,
    mixed,
)
from ..agents.claiming import TRIED_NGO, hear_from_ngo, rank_in_queue
from ..agents.enrolling import programmes_end, takes_part
from ..agents.migrant import (
    GOES,
    MOVES_AWAY,
    NO_LANES,
    QUEUES_AT_NGO,
    be_born,
    depart,
    have_been_here,
    identity_of,
    is_eventful,
    lanes_of,
    live_through_month,
    may_be_due,
    settle_in,
)
from ..agents.moving import (
    MILLION,
    MOST_DRAWN,
    attraction,
    change_job,
    choose_place,
    jobs_for,
    relocate,
    span,
    steady,
)
from ..agents.municipality import (
    neighbours_react,
    remember_raids,
)
from ..agents.nation import perceive_crime, set_demand, set_enforcement
from ..agents.needs import close_need
from ..agents.ngo import (
    N_KINDS,
    set_capacity,
    takes_case,
)
from ..agents.rule import kernel, rule
from ..agents.services import INSURED, SERVICES_KNOWN
from ..agents.settling import PROGRAMMES, feel_at_home
from ..scenarios.catalogue import (
    COETHNIC,
    CONSULTATION,
    DENIZEN,
    EMERGENCY,
    EPISODIC,
    INSURANCE,
    IRREGULAR,
    NEVER,
    NOBODY,
    SUSTAINED,
)
from .books import LONGEST_STAY, MOST_LINES_A_MONTH, N_DOORS, N_STATUSES, PEN_LINES
from .standing import count, is_in_programme, recount, signature_of, standing_from, standing_of

_WELFARE = (1 << INSURANCE) | (1 << EMERGENCY) | (1 << CONSULTATION)


@rule
def pick_ngo(migrant, world, city, ngos):
    """C1: one of the NGOs here that take such a case and that the migrant knows of, by lot; -1 for none."""
    need = migrant.need - 1
    found = 0
    for row in range(city.ngo_first, city.ngo_first + city.ngo_count):
        if takes_case(ngos[row], need, migrant.door) and (migrant.knows_ngo >> ngos[row].kind) & 1:
            found += 1
    pick = int(draw(world.luck_now, migrant.identity, WHICH_NGO, 1) * found)
    for row in range(city.ngo_first, city.ngo_first + city.ngo_count):
        if takes_case(ngos[row], need, migrant.door) and (migrant.knows_ngo >> ngos[row].kind) & 1:
            if pick == 0:
                return row
            pick -= 1
    return -1


@kernel
def set_luck(worlds, seed, month):
    """The keys of chance: one for lasting traits, from the seed, and one for this month's draws."""
    world = worlds[0]
    world.luck_ever = mixed(np.uint64(seed))
    world.luck_now = mixed(np.uint64(world.luck_ever) + np.uint64(month))


@kernel
def nation_acts(nations, worlds, unauthorised_share, reduction):
    """A4/A9/A10: public concern, enforcement and labour demand move, and everybody learns of it."""
    nation, world = nations[0], worlds[0]
    perceive_crime(nation, world, unauthorised_share)
    set_enforcement(nation, world, reduction)
    set_demand(nation, world)
    world.apprehension = nation.apprehension
    world.risk = nation.risk
    world.demand = nation.demand
    world.perception = nation.perception
    world.precedent = nation.precedent
    world.conceded = nation.conceded


@kernel
def count_newcomers(worlds, expected, numbers):
    """A10: whole numbers of newcomers, door by door, whose means are `expected`: fractions by lot."""
    world = worlds[0]
    for door in range(expected.shape[0]):
        whole = int(expected[door])
        if draw(world.luck_now, door, ARRIVALS) < expected[door] - whole:
            whole += 1
        numbers[door] = whole


BLOCK = 256  # records: few enough to stay in the processor's cache between the looks at them


@rule
def find_eventful(block, world, lucks, lanes, may, rows):
    """To whom of a block something may happen this month: their number, and where they stand, in `rows`.

    A first look, at everybody, asks by luck and at a glance at the record, and lets one in three pass; of these the
    second asks exactly. `lucks` takes everybody's luck, `may` what the first look found, `lanes` the lanes on which the
    luck of those who passed is low enough. It asks one simple question after the other, which a processor asks of
    several records at a time. Rows are written down without branching on the answer: it is hard to foresee, and a
    wrong guess costs more than the rest of the look.
    """
    key, most = world.luck_now, world.screen_most
    for row in range(block.shape[0]):
        lucks[row] = block[row].identity
    for row in range(block.shape[0]):
        lucks[row] = luck(key, lucks[row])
    for row in range(block.shape[0]):
        may[row] = lanes_below(lucks[row], most) != NO_LANES
    for row in range(block.shape[0]):
        may[row] |= may_be_due(block[row], world)
    number = 0
    for row in range(block.shape[0]):
        rows[number] = row
        number += int(may[row])
    passed, number = number, 0
    for i in range(passed):
        row = rows[i]
        lanes[row] = lanes_of(block[row], world, lucks[row])
        rows[number] = row
        number += int(is_eventful(block[row], world, lucks[row], lanes[row]))
    return number


@kernel
def live(
    migrants, first, worlds, cities, ngos, bounds, destinations,
    accounts, regionals, nationals, pens, flows, queue, gone, counts,
    lucks, lanes, may, rows,
):  # fmt: skip
    """A block of migrants lives through the month, from row `first` on: those to whom something may happen.

    `flows` (A, A) counts moves by the areas left and found; `queue` takes (row, NGO), `gone` freed rows; `counts`
    their lengths; the last four are room for `find_eventful`. Stops early, and returns how many have lived, when the
    pen is nearly full.
    """
    world = worlds[0]
    national = nationals[0]
    pen = pens[0]
    start = 0
    while start < migrants.shape[0]:
        block = migrants[start : start + BLOCK]
        for i in range(find_eventful(block, world, lucks, lanes, may, rows)):
            row = rows[i]
            migrant = block[row]
            home = migrant.home
            account = accounts[home]
            city = cities[home]
            regional = regionals[city.region]
            was, joined = signature_of(migrant), migrant.joined
            outcome = live_through_month(migrant, world, city, account, regional, pen, lucks[row], lanes[row])
            place = home
            if outcome == QUEUES_AT_NGO:
                ngo = pick_ngo(migrant, world, city, ngos)
                if ngo >= 0:
                    queue[counts[0], 0] = first + start + row
                    queue[counts[0], 1] = ngo
                    counts[0] += 1
                else:
                    migrant.tried = migrant.tried | TRIED_NGO
            elif outcome == MOVES_AWAY:
                near, far = bounds[city.region, 0], bounds[city.region, 1]
                place = choose_place(migrant, world, destinations, near, far, MOVING)
                if place != home:
                    flows[city.area, cities[place].area] += 1
                    relocate(
                        migrant, world, city, account, place, cities[place], accounts[place], national, pen
                    )
                else:
                    change_job(migrant, world, city, pen)
            if outcome >= GOES:
                if migrant.need:
                    close_need(migrant, world, city, account, regional, pen, NOBODY)
                depart(migrant, world, city, account, national, pen, outcome - GOES)
                gone[counts[1]] = first + start + row
                counts[1] += 1
                before = standing_from(was, joined, world, world.month - 1)
                count(before, account, national, -1)
            else:
                now = signature_of(migrant)
                if was != now or place != home or is_in_programme(now):
                    before = standing_from(was, joined, world, world.month - 1)
                    after = standing_from(now, migrant.joined, world, world.month)
                    recount(before, account, after, accounts[place], national, place != home)
            if pen.count > PEN_LINES - MOST_LINES_A_MONTH:
                return start + row + 1
        start += BLOCK
    return migrants.shape[0]


@kernel
def admit(
    migrants, rows, numbers, month, done, worlds, cities, destinations,
    accounts, nationals, pens, present_at_start,
):  # fmt: skip
    """Newcomers, `numbers` (D,) of them through each door, take the given free rows; their ordinals begin at 0 for
    each door and month. `done`: how many were admitted before. Returns how many are, once the pen is full."""
    world = worlds[0]
    national = nationals[0]
    pen = pens[0]
    door = 0
    ordinal = done
    for i in range(done, rows.shape[0]):
        while ordinal >= numbers[door]:
            ordinal -= numbers[door]
            door += 1
        migrant = migrants[rows[i]]
        be_born(migrant, world, door, identity_of(month, door, ordinal))
        ordinal += 1
        place = choose_place(migrant, world, destinations, 0, destinations.shape[1], ARRIVING)
        migrant.home = place
        city = cities[place]
        if present_at_start:
            have_been_here(migrant, world, city, pen)
        else:
            settle_in(migrant, world, city, accounts[place], national, pen)
        # As of last month: the newcomer's first month is still to be lived.
        count(standing_of(migrant, world, world.month - 1), accounts[place], national, 1)
        if pen.count > PEN_LINES - MOST_LINES_A_MONTH:
            return i + 1
    return rows.shape[0]


@kernel
def count_everybody(migrants, last, month, worlds, accounts, nationals):
    """The stock at the end of `month`, head by head."""
    for row in range(last):
        migrant = migrants[row]
        if migrant.present:
            count(standing_of(migrant, worlds[0], month), accounts[migrant.home], nationals[0], 1)


@kernel
def lay_out_destinations(worlds, cities, destinations):
    """D8/D9: for each door, summed up over the places in their order: how they attract, as far as that is at most
    MOST_DRAWN times as usual for their jobs; the jobs alone, by which brokers place people; and what attracts beyond
    that. Sums of (3 D, P), in this order."""
    world = worlds[0]
    places = cities.shape[0]
    residents = 0.0
    wages = 0.0
    for place in range(places):
        residents += cities[place].foreign_residents
        wages += cities[place].foreign_residents * cities[place].fiscal_strength
    world.usual_wages = wages / max(1.0, residents)
    for door in range(N_DOORS):
        jobs = 0.0
        people = 0
        for place in range(places):
            jobs += jobs_for(world, cities[place], door)
            people += cities[place].by_door[door]
        total = 0.0
        openings = 0.0
        for place in range(places):
            city = cities[place]
            jobs_share = 1.0 / places
            if jobs > 0.0:
                jobs_share = jobs_for(world, city, door) / jobs
            coethnic_share = jobs_share
            if people > 0:
                coethnic_share = city.by_door[door] / people
            wish = attraction(world, city, door, jobs_share, coethnic_share)
            total += wish
            openings += jobs_share
            destinations[door, place] = wish
            destinations[N_DOORS + door, place] = openings
        bound = steady(max(1e-9, MOST_DRAWN * total / openings))
        world.most_drawn[door] = bound
        usual = 0.0
        beyond = 0.0
        for place in range(places):
            wish = destinations[door, place]
            most = bound * span(destinations[N_DOORS + door], place, place)
            usual += min(wish, most)
            beyond += max(0.0, wish - most)
            destinations[door, place] = usual
            destinations[2 * N_DOORS + door, place] = beyond


@kernel
def rank_queue(migrants, worlds, ngos, queue, keys):
    """C2/C4: the rank of each client in the queue, by lot and kind of client."""
    world = worlds[0]
    for i in range(queue.shape[0]):
        migrant = migrants[queue[i, 0]]
        keys[i] = rank_in_queue(
            migrant, world, ngos[queue[i, 1]], draw(world.luck_now, migrant.identity, QUEUES)
        )


@kernel
def refer(migrants, worlds, cities, bounds, ngos, queue, order, taken, referred, room):
    """C7: some of those turned away are referred to the NGO in the region with most room for such a case.

    `order` goes through the queue by rank, so that the outcome does not depend on the order of rows; `room` is
    what each NGO has left.
    """
    world = worlds[0]
    for j in range(order.shape[0]):
        i = order[j]
        migrant = migrants[queue[i, 0]]
        if taken[i] or draw(world.luck_now, migrant.identity, REFERRED) >= world.ngos_referral:
            continue
        region = cities[migrant.home].region
        best = -1
        # NGOs are sorted by place, and places by region: those of a region follow one another.
        first = cities[bounds[region, 0]].ngo_first
        last_city = cities[bounds[region, 1] - 1]
        for row in range(first, last_city.ngo_first + last_city.ngo_count):
            roomier = room[row] > 0 and (best < 0 or room[row] > room[best])
            if roomier and takes_case(ngos[row], migrant.need - 1, migrant.door):
                best = row
        if best >= 0:
            queue[i, 1] = best
            taken[i] = True
            referred[i] = True
            room[best] -= 1


@kernel
def answer_queue(
    migrants, worlds, cities, ngos, accounts, regionals, nationals, pens, queue, taken, referred, first
):  # fmt: skip
    """C4: NGOs take cases on or turn them away; returns how far it came before the pen was full."""
    world = worlds[0]
    pen = pens[0]
    for i in range(first, queue.shape[0]):
        migrant = migrants[queue[i, 0]]
        ngo = ngos[queue[i, 1]]
        city = cities[migrant.home]
        if referred[i]:
            accounts[migrant.home].ngo_referred[migrant.status] += 1
        if taken[i]:
            ngo.served += 1
        else:
            ngo.turned_away += 1
        account = accounts[migrant.home]
        before = standing_of(migrant, world, world.month)
        hear_from_ngo(migrant, world, city, account, regionals[city.region], pen, ngo, taken[i])
        recount(before, account, standing_of(migrant, world, world.month), account, nationals[0], False)
        if pen.count > PEN_LINES - MOST_LINES_A_MONTH:
            return i + 1
    return queue.shape[0]


@kernel
def open_offices(ngos, worlds):
    """C4: this month's capacity of each NGO."""
    for row in range(ngos.shape[0]):
        set_capacity(ngos[row], worlds[0])


@kernel
def take_stock(worlds, cities, accounts):
    """What everybody will know next month of who lives where."""
    world = worlds[0]
    world.most_tension = 0.0
    for place in range(cities.shape[0]):
        city = cities[place]
        account = accounts[place]
        people = 0
        unauthorised = 0
        deported = 0
        for status in range(DENIZEN, N_STATUSES):
            people += account.stock[status]
            if status >= IRREGULAR:
                unauthorised += account.stock[status]
                deported += account.deported[status]
        remember_raids(city, deported)
        taking_part = 0
        mobilised = 0
        for status in range(N_STATUSES):
            taking_part += account.sustained[status]
            mobilised += account.mobilised[status]
        everybody = max(1, people + account.stock[0])
        city.participation = taking_part / everybody
        city.mobilised = mobilised / everybody
        for kind in range(N_KINDS):
            city.members[kind] = account.members_of[kind]
        city.migrants = people
        city.unauthorised = unauthorised
        city.share = people * world.persons / city.population
        neighbours_react(city, world)
        city.share_past[world.month % 12] = city.share
        world.most_tension = max(world.most_tension, city.tension)
        for door in range(N_DOORS):
            own = max(1, account.by_door[door])
            city.by_door[door] = account.by_door[door]
            city.knowers[door] = account.knowers[door] / own
            city.ngo_knowers[door] = account.ngo_knowers[door] / own
        for need in range(city.unmet.shape[0]):
            city.unmet[need] += account.unmet_needs[need]


@rule
def mode_of(migrant, world):
    """E4: sustained while in a programme, episodic after any claim, else never."""
    if takes_part(migrant, world, world.month):
        return SUSTAINED
    if migrant.claims:
        return EPISODIC
    return NEVER


@kernel
def take_census(migrants, last, worlds, cities, censuses, place_censuses):
    """E4 and others: everybody present, by door, status and years of stay."""
    world = worlds[0]
    census = censuses[0]
    for row in range(last):
        migrant = migrants[row]
        if not migrant.present:
            continue
        feel_at_home(migrant, world, cities[migrant.home])
        door, status = migrant.door, migrant.status
        months = world.month - migrant.arrived
        stay = min(LONGEST_STAY, months // 12)
        insured = 0
        if migrant.enrolled & INSURED:
            insured = 1
        mode = mode_of(migrant, world)
        census.persons[door, status, stay] += 1
        census.settlers[door, status, stay] += migrant.settler
        census.months_stayed[door, status, stay] += months
        census.first_city[door, status, stay] += 1 - migrant.moved
        census.insured[door, status, stay] += insured
        census.members[door, status, stay] += migrant.member != 0
        census.mobilised[door, status, stay] += migrant.mobilised
        census.language[door, status, stay] += int(migrant.language * MILLION)
        if migrant.knows & SERVICES_KNOWN:
            census.knows_city[door, status, stay] += 1
        if migrant.knows_ngo & cities[migrant.home].ngo_kinds:
            census.knows_ngo[door, status, stay] += 1
        if mode == NEVER:
            census.never[door, status, stay] += 1
        elif mode == EPISODIC:
            census.episodic[door, status, stay] += 1
        else:
            census.sustained[door, status, stay] += 1
        if door == COETHNIC:
            place = place_censuses[migrant.home]
            place.coethnics += 1
            place.coethnics_insured += insured
            place.coethnics_first_city += 1 - migrant.moved
            if migrant.knows & _WELFARE:
                place.coethnics_know_welfare += 1


@kernel
def end_programmes(migrants, worlds, cities, accounts, nationals, pens):
    """B1/D7: programmes a city no longer offers end for those who took part.

    Returns how many it came through before the pen was full.
    """
    world = worlds[0]
    for row in range(migrants.shape[0]):
        migrant = migrants[row]
        if not migrant.present or not migrant.enrolled & PROGRAMMES:
            continue
        account = accounts[migrant.home]
        before = standing_of(migrant, world, world.month - 1)
        programmes_end(migrant, world, cities[migrant.home], pens[0])
        recount(before, account, standing_of(migrant, world, world.month - 1), account, nationals[0], False)
        if pens[0].count > PEN_LINES - MOST_LINES_A_MONTH:
            return row + 1
    return migrants.shape[0]
