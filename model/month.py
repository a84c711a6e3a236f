"""The loops of a month: each goes once through its records and lets the rules of `agents` speak.

Compiled, they are the model's machine code; interpreted, the same source runs on plain objects.
"""

from __future__ import annotations

import numpy as np

from ..agents.awareness import ARRIVING, MOVING
from ..agents.chance import (
    ARRIVALS,
    NEED_STRIKES,
    QUEUES,
    REFERRED,
    draw,
    mixed,
    random_bytes,
    slots_below,
)
from ..agents.chance import SLOTS as SLOTS_A_WORD
from ..agents.enrolling import programmes_end
from ..agents.event import GOES, MOVES_AWAY, QUEUES_AT_NGO
from ..agents.here import Here
from ..agents.life import WORDS, is_due, live_through_month, may_be_due, slots_of, words_at
from ..agents.migrant import be_born, depart, have_been_here, identity_of, settle_in
from ..agents.moving import (
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
from ..agents.ngo import set_capacity, takes_case
from ..agents.providers.ngo import REFUSAL, hear_from_ngo, pick_ngo, rank_in_queue
from ..agents.rule import kernel, rule
from ..agents.settling import is_in_programme
from ..agents.tally import NOBODY
from ..scenarios.catalogue import DENIZEN, IRREGULAR
from .counters import LOG_LINES, MOST_LINES_A_MONTH, N_STATUSES
from .stock import count, key_at, key_of, may_change_by_itself, recount, undated_key_of

BLOCK = 256  # records: few enough to stay in the processor's cache between the looks at them
_NO_SLOTS = np.uint64(0)
_TOP_OF_NEED = np.uint64(8 * NEED_STRIKES + SLOTS_A_WORD - 1)


@rule
def is_nearly_full(log):
    """Whether there is no room left for another migrant's month."""
    return log.count > LOG_LINES - MOST_LINES_A_MONTH


@kernel
def set_luck(worlds, seed, month):
    """The keys of chance: one for lasting traits, from the seed, and one for this month's draws."""
    world = worlds[0]
    world.luck_ever = mixed(np.uint64(seed))
    world.luck_now = mixed(np.uint64(world.luck_ever) + np.uint64(month))


@kernel("A4", "A9", "A10")
def nation_acts(nations, worlds, unauthorised_share, reduction):
    """Public concern, enforcement and labour demand move, and everybody learns of it."""
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


@kernel("A10")
def count_newcomers(worlds, expected, numbers):
    """Whole numbers of newcomers, door by door, whose means are `expected`: fractions by lot."""
    world = worlds[0]
    for door in range(expected.shape[0]):
        whole = int(expected[door])
        if draw(world.luck_now, door, ARRIVALS) < expected[door] - whole:
            whole += 1
        numbers[door] = whole


@rule
def is_eventful(migrant, world, random, slots):
    """Whether anything may happen to this migrant this month: luck is low enough on some slot (that of needs is idle
    while one is under way), or it is due."""
    idle = np.uint64(migrant.need != 0) << _TOP_OF_NEED
    lucky = slots[0] & ~idle
    for word in range(1, WORDS):
        lucky = lucky | slots[word]
    return (migrant.present != 0) & ((lucky != _NO_SLOTS) | is_due(migrant, world, random))


@rule
def find_eventful(block, world, lucks, low, may, rows):
    """To whom of a block something may happen this month: their number, and where they stand, in `rows`.

    A first look, at everybody, asks by luck and at a glance at the record, and lets one in three pass; of these the
    second asks exactly. The first asks one simple question after the other, which a processor asks of several records
    at a time. `lucks` (WORDS, BLOCK) takes everybody's random bytes, `may` (BLOCK,) what the first look found, `low`
    (WORDS, BLOCK) the slots on which the luck of those who passed is low enough. Rows are written down without
    branching on the answer: it is hard to foresee, and a wrong guess costs more than the rest of the look.
    """
    key = world.luck_now
    for row in range(block.shape[0]):
        may[row] = 0
    for word in range(WORDS):
        highest = world.highest_bounds[word]
        luck = lucks[word]
        for row in range(block.shape[0]):
            luck[row] = block[row].identity
        for row in range(block.shape[0]):
            luck[row] = random_bytes(key, luck[row], word)
        for row in range(block.shape[0]):
            may[row] |= slots_below(luck[row], highest) != _NO_SLOTS
    for row in range(block.shape[0]):
        may[row] |= may_be_due(block[row], world)
    number = 0
    for row in range(block.shape[0]):
        rows[number] = row
        number += int(may[row])
    passed, number = number, 0
    for i in range(passed):
        row = rows[i]
        random = words_at(row, lucks)
        slots = slots_of(block[row], world, random)
        for word in range(WORDS):
            low[word, row] = slots[word]
        rows[number] = row
        number += int(is_eventful(block[row], world, random, slots))
    return number


@kernel
def live(
    migrants, first, worlds, cities, ngos, bounds, destinations,
    places, regions, nations, logs, flows, queue, gone, counts, lucks, low, may, rows,
):  # fmt: skip
    """A block of migrants lives through the month, from row `first` on: those to whom something may happen.

    `flows` (A, A) counts moves by the areas left and found; `queue` takes (row, NGO), `gone` freed rows; `counts`
    their lengths; the last four are room for `find_eventful`. Stops early, and returns how many have lived, when the
    log is nearly full.
    """
    world = worlds[0]
    nation = nations[0]
    log = logs[0]
    start = 0
    while start < migrants.shape[0]:
        block = migrants[start : start + BLOCK]
        for i in range(find_eventful(block, world, lucks, low, may, rows)):
            row = rows[i]
            migrant = block[row]
            home = migrant.home
            city = cities[home]
            here = Here(world, city, places[home], regions[city.region], nation, log)
            was, joined = undated_key_of(migrant, world), migrant.joined
            outcome = live_through_month(migrant, here, words_at(row, lucks), words_at(row, low))
            place = home
            if outcome == QUEUES_AT_NGO:
                ngo = pick_ngo(migrant, here, ngos)
                if ngo >= 0:
                    queue[counts[0], 0] = first + start + row
                    queue[counts[0], 1] = ngo
                    counts[0] += 1
                else:
                    migrant.tried = migrant.tried | REFUSAL
            elif outcome == MOVES_AWAY:
                near, far = bounds[city.region, 0], bounds[city.region, 1]
                place = choose_place(migrant, world, destinations, near, far, MOVING)
                if place != home:
                    there = Here(
                        world, cities[place], places[place], regions[cities[place].region], nation, log
                    )
                    flows[city.area, cities[place].area] += 1
                    relocate(migrant, here, there)
                else:
                    change_job(migrant, here)
            if outcome >= GOES:
                if migrant.need:
                    close_need(migrant, here, NOBODY)
                depart(migrant, here, outcome - GOES)
                gone[counts[1]] = first + start + row
                counts[1] += 1
                count(key_at(was, joined, world, world.month - 1), places[home], nation, -1)
            else:
                now = undated_key_of(migrant, world)
                if was != now or place != home or may_change_by_itself(now):
                    before = key_at(was, joined, world, world.month - 1)
                    after = key_at(now, migrant.joined, world, world.month)
                    recount(before, places[home], after, places[place], nation, place != home)
            if is_nearly_full(log):
                return start + row + 1
        start += BLOCK
    return migrants.shape[0]


@kernel
def admit(
    migrants, rows, numbers, month, done, worlds, cities, destinations,
    places, regions, nations, logs, present_at_start,
):  # fmt: skip
    """Newcomers, `numbers` (D,) of them through each door, take the given free rows; their ordinals begin at 0 for
    each door and month. `done`: how many were admitted before. Returns how many are, once the log is full."""
    world = worlds[0]
    door = 0
    ordinal = done
    for i in range(done, rows.shape[0]):
        while ordinal >= numbers[door]:
            ordinal -= numbers[door]
            door += 1
        migrant = migrants[rows[i]]
        be_born(migrant, world, door, identity_of(month, world.doors_number[door], ordinal))
        ordinal += 1
        place = choose_place(migrant, world, destinations, 0, destinations.shape[1], ARRIVING)
        migrant.home = place
        city = cities[place]
        here = Here(world, city, places[place], regions[city.region], nations[0], logs[0])
        if present_at_start:
            have_been_here(migrant, here)
        else:
            settle_in(migrant, here)
        # As of last month: the newcomer's first month is still to be lived.
        count(key_of(migrant, world, world.month - 1), places[place], nations[0], 1)
        if is_nearly_full(logs[0]):
            return i + 1
    return rows.shape[0]


@kernel
def count_everybody(migrants, last, month, worlds, places, nations):
    """The stock at the end of `month`, head by head."""
    for row in range(last):
        migrant = migrants[row]
        if migrant.present:
            count(key_of(migrant, worlds[0], month), places[migrant.home], nations[0], 1)


@kernel("D8", "D9")
def lay_out_destinations(worlds, cities, destinations):
    """For each door, summed up over the places in their order: how they attract, as far as that is at most
    MOST_DRAWN times as usual for their jobs; the jobs alone, by which brokers place people; and what attracts beyond
    that. Sums of (3 D, P), in this order."""
    world = worlds[0]
    places = cities.shape[0]
    doors = destinations.shape[0] // 3
    residents = 0.0
    wages = 0.0
    for place in range(places):
        residents += cities[place].foreign_residents
        wages += cities[place].foreign_residents * cities[place].fiscal_strength
    world.usual_wages = wages / max(1.0, residents)
    for door in range(doors):
        group = world.group_of_door[door]
        jobs = 0.0
        people = 0
        for place in range(places):
            jobs += jobs_for(world, cities[place], door)
            people += cities[place].by_group[group]
        total = 0.0
        openings = 0.0
        for place in range(places):
            city = cities[place]
            jobs_share = 1.0 / places
            if jobs > 0.0:
                jobs_share = jobs_for(world, city, door) / jobs
            coethnic_share = jobs_share
            if people > 0:
                coethnic_share = city.by_group[group] / people
            wish = attraction(world, city, jobs_share, coethnic_share)
            total += wish
            openings += jobs_share
            destinations[door, place] = wish
            destinations[doors + door, place] = openings
        bound = steady(max(1e-9, MOST_DRAWN * total / openings))
        world.most_drawn[door] = bound
        usual = 0.0
        beyond = 0.0
        for place in range(places):
            wish = destinations[door, place]
            most = bound * span(destinations[doors + door], place, place)
            usual += min(wish, most)
            beyond += max(0.0, wish - most)
            destinations[door, place] = usual
            destinations[2 * doors + door, place] = beyond


@kernel("C2", "C4")
def rank_queue(migrants, worlds, ngos, queue, keys):
    """The rank of each client in the queue, by lot and kind of client."""
    world = worlds[0]
    for i in range(queue.shape[0]):
        migrant = migrants[queue[i, 0]]
        keys[i] = rank_in_queue(
            migrant, world, ngos[queue[i, 1]], draw(world.luck_now, migrant.identity, QUEUES)
        )


@kernel("C7")
def refer(migrants, worlds, cities, bounds, ngos, queue, order, taken, referred, room):
    """Some of those turned away are referred to the NGO in the region with most room for such a case.

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
            if roomier and takes_case(ngos[row], world, migrant.need - 1, migrant.door):
                best = row
        if best >= 0:
            queue[i, 1] = best
            taken[i] = True
            referred[i] = True
            room[best] -= 1


@kernel("C4")
def answer_queue(
    migrants, worlds, cities, ngos, places, regions, nations, logs, queue, taken, referred, first
):  # fmt: skip
    """NGOs take cases on or turn them away; returns how far it came before the log was full."""
    world = worlds[0]
    for i in range(first, queue.shape[0]):
        migrant = migrants[queue[i, 0]]
        ngo = ngos[queue[i, 1]]
        city, place = cities[migrant.home], places[migrant.home]
        if referred[i]:
            place.ngo_referred[migrant.status] += 1
        if taken[i]:
            ngo.served += 1
        else:
            ngo.turned_away += 1
        before = key_of(migrant, world, world.month)
        here = Here(world, city, place, regions[city.region], nations[0], logs[0])
        hear_from_ngo(migrant, here, ngo, taken[i])
        recount(before, place, key_of(migrant, world, world.month), place, nations[0], False)
        if is_nearly_full(logs[0]):
            return i + 1
    return queue.shape[0]


@kernel("C4")
def open_offices(ngos, worlds):
    """This month's capacity of each NGO."""
    for row in range(ngos.shape[0]):
        set_capacity(ngos[row], worlds[0])


@kernel
def take_stock(worlds, cities, places):
    """What everybody will know next month of who lives where."""
    world = worlds[0]
    world.most_tension = 0.0
    for row in range(cities.shape[0]):
        city = cities[row]
        place = places[row]
        people = 0
        unauthorised = 0
        deported = 0
        for status in range(DENIZEN, N_STATUSES):
            people += place.stock[status]
            if status >= IRREGULAR:
                unauthorised += place.stock[status]
                deported += place.deported[status]
        remember_raids(city, deported)
        taking_part = 0
        mobilised = 0
        for status in range(N_STATUSES):
            taking_part += place.sustained[status]
            mobilised += place.mobilised[status]
        everybody = max(1, people + place.stock[0])
        city.participation = taking_part / everybody
        city.mobilised = mobilised / everybody
        for kind in range(city.members.shape[0]):
            city.members[kind] = place.members_of[kind]
        city.migrants = people
        city.unauthorised = unauthorised
        city.share = people * world.persons / city.population
        neighbours_react(city, world)
        city.share_past[world.month % 12] = city.share
        world.most_tension = max(world.most_tension, city.tension)
        count_groups(world, city, place)
        for need in range(city.unmet.shape[0]):
            city.unmet[need] += place.unmet_needs[need]


@rule("D2")
def count_groups(world, city, place):
    """How many compatriots of each group live here, and what share of them know a service or an NGO."""
    for group in range(city.by_group.shape[0]):
        city.by_group[group] = 0
        city.knowers[group] = 0.0
        city.ngo_knowers[group] = 0.0
    for door in range(city.by_door.shape[0]):
        group = world.group_of_door[door]
        city.by_door[door] = place.by_door[door]
        city.by_group[group] += place.by_door[door]
        city.knowers[group] += place.knowers[door]
        city.ngo_knowers[group] += place.ngo_knowers[door]
    for group in range(city.by_group.shape[0]):
        own = max(1, city.by_group[group])
        city.knowers[group] = city.knowers[group] / own
        city.ngo_knowers[group] = city.ngo_knowers[group] / own


@kernel("B1", "D7")
def end_programmes(migrants, worlds, cities, places, regions, nations, logs):
    """Programmes a city no longer offers end for those who took part.

    Returns how many it came through before the log was full.
    """
    world = worlds[0]
    for row in range(migrants.shape[0]):
        migrant = migrants[row]
        if not migrant.present or not is_in_programme(migrant, world):
            continue
        city, place = cities[migrant.home], places[migrant.home]
        before = key_of(migrant, world, world.month - 1)
        programmes_end(migrant, Here(world, city, place, regions[city.region], nations[0], logs[0]))
        recount(before, place, key_of(migrant, world, world.month - 1), place, nations[0], False)
        if is_nearly_full(logs[0]):
            return row + 1
    return migrants.shape[0]
