"""The loops of a month, but for that of those who live through it (living.py): each goes once through its records and
lets the rules of `agents` speak.

Compiled, they are the model's machine code; interpreted, the same source runs on plain objects. Those that go through
people do so from row `first` to before `last`, and return how far they came: no further once the log is nearly full.
"""

from __future__ import annotations

import numpy as np

from ..agents.awareness import ARRIVING
from ..agents.chance import ARRIVALS, draw, mixed
from ..agents.cities.hostility import neighbours_react, notice_neglect, prejudice_moves
from ..agents.compatriots import n_groups
from ..agents.crackdown import plan_crackdown
from ..agents.enrolling import programmes_end
from ..agents.fear import felt, risk_as_told, trust_firewall
from ..agents.here import Here
from ..agents.labour import (
    come_to_depend,
    count_vacancies,
    jobs_wanted,
    match,
    offer_jobs,
    recruit,
    share_vacant,
)
from ..agents.migrant import be_born, have_been_here, identity_of, settle_in
from ..agents.moving import (
    LISTS,
    MOST_DRAWN,
    attraction,
    be_deceived,
    chain_of_compatriots,
    choose_place,
    presence_of,
    pull_of_compatriots,
    pull_of_vacancies,
    span,
    steady,
)
from ..agents.nation import announce_harder, be_used_to, perceive_crime, precedent_of, set_enforcement
from ..agents.needs import n_needs
from ..agents.ngo import set_capacity
from ..agents.providers.ngo import hear_from_ngo
from ..agents.providers.state import count_the_usual
from ..agents.rule import kernel, rule
from ..agents.settling import is_in_programme
from ..scenarios.catalogue import DENIZEN, IRREGULAR, OVERSTAYER, SMUGGLED
from .counters import N_STATUSES, is_nearly_full
from .raids import plan_raids, remember_raids, tell_of_raids
from .stock import count, key_of, recount


@kernel
def set_luck(worlds, seed, month):
    """The keys of chance: one for lasting traits, from the seed, and one for this month's draws."""
    world = worlds[0]
    world.luck_ever = mixed(np.uint64(seed))
    world.luck_now = mixed(np.uint64(world.luck_ever) + np.uint64(month))


@kernel("A4", "A9")
def nation_acts(nations, worlds, cities, share, reduction):
    """Public concern and enforcement move, by the news of last month, and all learn of it; raids are planned. `share`:
    of the country."""
    nation, world = nations[0], worlds[0]
    unauthorised = 0
    for place in range(cities.shape[0]):
        unauthorised += cities[place].unauthorised
    plan_crackdown(nation, world, unauthorised, share)
    announce_harder(nation, world, reduction)
    perceive_crime(nation, world, share)
    set_enforcement(nation, world, reduction)
    world.apprehension = nation.apprehension
    world.risk = nation.risk
    world.perception = nation.perception
    world.conceded = nation.conceded
    nation.precedent = 0.0
    for need in range(n_needs(world)):
        world.precedent[need] = precedent_of(nation.judgments[need], world)
        nation.precedent = nation.precedent + world.precedent[need] / n_needs(world)
    plan_raids(world, cities)


@kernel("A9")
def begin_concern(nations, worlds, cities, share):
    """What the public was used to before the first month."""
    people = 0
    unauthorised = 0
    for place in range(cities.shape[0]):
        people += cities[place].migrants
        unauthorised += cities[place].unauthorised
    be_used_to(nations[0], worlds[0], people, unauthorised, share)


@rule("A10")
def count_workers(trade, number, cities):
    """Migrants at work in a trade, citizens left out. Spouses of nationals come for a family, and whatever work they
    find is not what a trade was short of (see stock.count)."""
    trade.workers = 0
    for place in range(cities.shape[0]):
        trade.workers = trade.workers + cities[place].at_work[number]


@kernel("A10")
def begin_trades(trades, worlds, share):
    """What trades depend on and offer before the first month, in this `share` of the country; nobody has just been laid
    off."""
    world = worlds[0]
    for number in range(trades.shape[0]):
        trade = trades[number]
        trade.jobs = world.trades_jobs[number] * share / world.persons
        trade.dependence = min(world.trades_dependence[number], world.labour_embeddedness)
        trade.offered = jobs_wanted(trade, world.trades_cyclical[number], world.labour_demand)
        world.offered[number] = trade.offered


@kernel("A10")
def trades_act(trades, worlds, cities):
    """Trades come to depend on those who work in them, and offer jobs; which are free where, everybody learns."""
    world = worlds[0]
    world.worst_trade = 0
    for number in range(trades.shape[0]):
        trade = trades[number]
        count_workers(trade, number, cities)
        come_to_depend(trade, world)
        offer_jobs(trade, world, world.trades_cyclical[number])
        world.offered[number] = trade.offered
        world.laid_off[number] = trade.laid_off
        if trade.laid_off > world.laid_off[world.worst_trade]:
            world.worst_trade = number
        count_vacancies(trade, number, world, cities)
        world.vacancy[number] = share_vacant(trade)
        world.openings[number] = trade.remaining * world.trades_outsiders[number]
    for door in range(world.recruiting.shape[0]):
        recruit(door, trades, world)
    for place in range(cities.shape[0]):
        match(cities[place], world)


@kernel("A10")
def count_newcomers(worlds, share, numbers):
    """Records to arrive door by door, of this `share` of a country's newcomers: as many as their trade recruits, and
    all who marry; fractions by lot."""
    world = worlds[0]
    for door in range(numbers.shape[0]):
        recruited = 1.0
        if not world.doors_spouse[door]:
            recruited = world.recruiting[door]
        expected = world.doors_arrivals[door] * share * recruited / world.persons
        whole = int(expected)
        if draw(world.luck_now, door, ARRIVALS) < expected - whole:
            whole += 1
        numbers[door] = whole


@kernel
def admit(
    migrants, first, last, worlds, cities, places, regions, nations, logs,
    rows, numbers, month, destinations, present_at_start,
):  # fmt: skip
    """Newcomers, `numbers` (D,) of them through each door, take the free `rows`; their ordinals begin at 0 for each
    door and month. (The first and the last are places in `rows`.)"""
    world = worlds[0]
    door = 0
    ordinal = first
    for i in range(first, last):
        while ordinal >= numbers[door]:
            ordinal -= numbers[door]
            door += 1
        migrant = migrants[rows[i]]
        be_born(migrant, world, door, identity_of(month, world.doors_number[door], ordinal))
        ordinal += 1
        place = choose_place(migrant, world, destinations, 0, destinations.shape[1], ARRIVING)
        be_deceived(migrant, world, ARRIVING)
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
    return last


@kernel
def count_everybody(migrants, first, last, worlds, _, places, __, nations, ___, month):
    """The stock at the end of `month`, head by head."""
    for row in range(first, last):
        migrant = migrants[row]
        if migrant.present:
            count(key_of(migrant, worlds[0], month), places[migrant.home], nations[0], 1)
    return last


@kernel
def order_by_home(migrants, words, used, heads, ends):
    """Put the first `used` migrants in the order of where they live, free rows last, where they lie: nobody is copied
    who is at home already. `words` (N, W): the same records as plain words; `heads`, `ends` (P + 1,): room, place by
    place. Returns how many there are."""
    free = heads.shape[0] - 1
    for place in range(free + 1):
        ends[place] = 0
    for row in range(used):
        ends[place_of(migrants[row], free)] += 1
    begin = 0
    for place in range(free + 1):
        heads[place] = begin
        begin += ends[place]
        ends[place] = begin
    for place in range(free + 1):
        while heads[place] < ends[place]:
            row = heads[place]
            home = place_of(migrants[row], free)
            other = heads[home]
            heads[home] += 1
            if home != place and place_of(migrants[other], free) != home:
                for word in range(words.shape[1]):
                    words[row, word], words[other, word] = words[other, word], words[row, word]
    return ends[free - 1]


@rule
def place_of(migrant, free):
    """Where somebody lives; `free` for a row that nobody has."""
    if migrant.present:
        return int(migrant.home)
    return free


@kernel("D8", "D9", "D13", "D14")
def lay_out_destinations(worlds, cities, destinations):
    """For each door, summed up over the places in their order: how they attract, as far as that is at most
    MOST_DRAWN times as usual for their jobs; the jobs alone; what attracts beyond that; and the free jobs for which
    employers turn to brokers, the worst of them most. Sums of (4 D, P), in this order. Spouses of
    nationals live where nationals do: their "jobs" are residents, and nothing else draws them."""
    world = worlds[0]
    places = cities.shape[0]
    doors, groups = destinations.shape[0] // LISTS, n_groups(world)
    trades = world.offered.shape[0]
    residents = 0.0
    wages = 0.0
    rooms = np.empty((places, trades))
    jobs = np.zeros(doors)
    people = np.zeros(groups, np.int64)
    crowds = np.zeros(places, np.int64)  # people of all groups, citizens among them
    for place in range(places):  # once through their records, which are long: all doors at each
        city = cities[place]
        residents += city.foreign_residents
        wages += city.foreign_residents * city.fiscal_strength
        for trade in range(trades):
            vacant, posts = city.vacant[trade], city.posts[trade]
            rooms[place, trade] = pull_of_vacancies(world, vacant, posts, world.vacancy[trade])
        for door in range(doors):
            jobs[door] += city.jobs[door]
        for group in range(groups):
            people[group] += city.by_group[group]
            crowds[place] += city.by_group[group]
    everybody = crowds.sum()
    world.usual_wages = wages / max(1.0, residents)
    for door in range(doors):
        group = world.group_of_door[door]
        compatriots = people[group] * world.persons / world.share / world.nations_of_group[group]
        world.network[door] = compatriots / (compatriots + world.moving_network)
    total, openings, brokered = np.zeros(doors), np.zeros(doors), np.zeros(doors)
    kin = np.ones(groups)
    for place in range(places):
        city = cities[place]
        nobody = chain_of_compatriots(world, presence_of(world, 0, crowds[place], 1.0))
        for group in range(groups):
            chain = nobody  # the same for all groups that are not here: a power takes long
            if city.by_group[group] > 0:
                usual = people[group] / everybody
                chain = chain_of_compatriots(
                    world, presence_of(world, city.by_group[group], crowds[place], usual)
                )
            if people[group] > 0:  # or they have nobody to follow anywhere
                kin[group] = pull_of_compatriots(world, chain, world.nations_of_group[group])
        for door in range(doors):
            trade = world.trade_of_door[door]
            jobs_share = 1.0 / places  # where nobody has jobs, all places are alike
            if jobs[door] > 0.0:
                jobs_share = city.jobs[door] / jobs[door]
            wish = jobs_share
            if not world.doors_spouse[door]:
                wish = attraction(
                    world, city, jobs_share, kin[world.group_of_door[door]], rooms[place, trade]
                )
            total[door] += wish
            openings[door] += jobs_share
            brokered[door] += jobs_share * rooms[place, trade] * city.ruthless[trade]
            destinations[door, place] = wish
            destinations[doors + door, place] = openings[door]
            destinations[3 * doors + door, place] = brokered[door]
    for door in range(doors):
        bound = steady(max(1e-9, MOST_DRAWN * total[door] / openings[door]))
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


@kernel("C4")
def answer_queue(migrants, first, last, worlds, cities, places, regions, nations, logs, ngos, queue):
    """Those in the queue hear whether their case is taken on. (The first and the last are places in the queue.)"""
    world = worlds[0]
    for i in range(first, last):
        request = queue[i]
        migrant = migrants[request.row]
        city, place = cities[migrant.home], places[migrant.home]
        place.ngo_referred[migrant.status] += request.referred
        before = key_of(migrant, world, world.month)
        here = Here(world, city, place, regions[city.region], nations[0], logs[0])
        hear_from_ngo(migrant, here, ngos[request.ngo], request.taken)
        recount(before, place, key_of(migrant, world, world.month), place, nations[0], False)
        if is_nearly_full(logs[0]):
            return i + 1
    return last


@kernel("C4")
def open_offices(ngos, worlds):
    """This month's capacity of each NGO."""
    for row in range(ngos.shape[0]):
        set_capacity(ngos[row], worlds[0])


@kernel
def take_stock(worlds, cities, places, nations):
    """What everybody will know next month of who lives where, and of raids."""
    world = worlds[0]
    world.incidents = nations[0].incidents
    world.raids = nations[0].raids
    for row in range(cities.shape[0]):
        city = cities[row]
        place = places[row]
        people = 0
        unauthorised = 0
        settled = 0
        gone = 0
        taken = 0
        for status in range(DENIZEN, N_STATUSES):
            people += place.stock[status]
            gone += place.left[status] + place.moved_out[status] + place.deported[status]
            if status >= IRREGULAR:
                unauthorised += place.stock[status]
            if status <= IRREGULAR:
                settled += place.settled[status]
        taking_part = 0
        mobilised = 0
        for status in range(N_STATUSES):
            taken += place.ngo_cases[status]
            taking_part += place.sustained[status]
            mobilised += place.mobilised[status]
        everybody = max(1, people + place.stock[0])
        city.participation = taking_part / everybody
        city.mobilised = mobilised / everybody
        city.turnover = city.turnover + (12.0 * gone / everybody - city.turnover) / 12.0
        for kind in range(city.members.shape[0]):
            city.members[kind] = place.members_of[kind]
        for trade in range(city.at_work.shape[0]):
            city.at_work[trade] = place.at_work[trade]
            city.looking[trade] = place.looking[trade]
        city.migrants = people
        city.unauthorised = unauthorised
        city.registered = people - place.stock[OVERSTAYER] - place.stock[SMUGGLED]
        city.settled = settled
        city.ngo_cases += taken
        city.share = people * world.persons / city.population
        missing = 0
        for need in range(city.unmet.shape[0]):
            missing += place.unmet_needs[need]
        notice_neglect(city, world, missing)
        neighbours_react(city, world)
        prejudice_moves(city, world)
        city.share_past[world.month % 12] = city.share
        trust_firewall(city, world, place.reported)
        count_groups(world, city, place)
        for need in range(city.unmet.shape[0]):
            city.unmet[need] += place.unmet_needs[need]
            city.left_out[need] += place.left_out[need]
            city.off_register[need] += place.off_register[need]
    remember_raids(world, cities)
    tell_of_raids(world, nations[0])
    count_the_usual(world, nations[0])


@kernel("D3")
def note_fear(nations, worlds, cities):
    """Fear of an overstayer, over the places and groups in which the unauthorised are (those of a place shared among
    its groups as all who live there are)."""
    world = worlds[0]
    afraid, people = 0.0, 0.0
    for place in range(cities.shape[0]):
        city = cities[place]
        if city.unauthorised > 0:
            everybody = 0
            for group in range(n_groups(world)):
                everybody += city.by_group[group]
            each = city.unauthorised / max(1, everybody)
            for group in range(n_groups(world)):
                if city.by_group[group] > 0:
                    here = each * city.by_group[group]
                    people += here
                    afraid += here * felt(world.fear_weight * risk_as_told(city, world, group))
    nations[0].mean_fear = afraid / max(1e-9, people)


@rule("D2")
def count_groups(world, city, place):
    """How many compatriots of each group live here, and what share of them know a service or an NGO."""
    for group in range(n_groups(world)):
        city.by_group[group] = 0
        city.knowers[group] = 0.0
        city.ngo_knowers[group] = 0.0
    for door in range(city.by_door.shape[0]):
        group = world.group_of_door[door]
        city.by_door[door] = place.by_door[door]
        city.by_group[group] += place.by_door[door]
        city.knowers[group] += place.knowers[door]
        city.ngo_knowers[group] += place.ngo_knowers[door]
    for group in range(n_groups(world)):
        own = max(1, city.by_group[group])
        city.knowers[group] = city.knowers[group] / own
        city.ngo_knowers[group] = city.ngo_knowers[group] / own


@kernel("B1", "D7")
def end_programmes(migrants, first, last, worlds, cities, places, regions, nations, logs):
    """Programmes a city no longer offers end for those who took part."""
    world = worlds[0]
    for row in range(first, last):
        migrant = migrants[row]
        if not migrant.present or not is_in_programme(migrant, world):
            continue
        city, place = cities[migrant.home], places[migrant.home]
        before = key_of(migrant, world, world.month - 1)
        programmes_end(migrant, Here(world, city, place, regions[city.region], nations[0], logs[0]))
        recount(before, place, key_of(migrant, world, world.month - 1), place, nations[0], False)
        if is_nearly_full(logs[0]):
            return row + 1
    return last
