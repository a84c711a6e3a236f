"""The loops of a fiscal year: municipalities decide, NGOs close their accounts, are founded and come to an end."""

from __future__ import annotations

import numpy as np

from ..agents.awareness import n_kinds
from ..agents.chance import FOUNDS_KIND, FOUNDS_WHERE, draw
from ..agents.cities.access import begin_city, begin_openings, decide_firewall, decide_opening
from ..agents.cities.adoption import consider_service
from ..agents.cities.agenda import THRESHOLD, comes_on_agenda, norm_among, pull_of_others
from ..agents.cities.money import claim_on_fund, pay_for_services
from ..agents.cities.reasons import motivation_of, readiness_of_region, take_up_policy, zeal_of
from ..agents.cities.voice import learn_what_is_needed, most_pressing_service, seat_the_council
from ..agents.cities.will import elect_governors, hold_elections
from ..agents.moving import row_at
from ..agents.municipality import LEVELS, NEAREST, NEIGHBOURS
from ..agents.nation import answer_the_media, go_to_court, lobby_the_state, may_be_tried
from ..agents.needs import n_needs
from ..agents.ngo import (
    branch_off,
    calls_for,
    close_accounts,
    comes_to_an_end,
    is_founded,
    judge_needs,
    opens_at_seat,
    opens_branch,
    set_up,
    share_in_network,
)
from ..agents.rule import kernel, rule
from ..agents.services import OFFERED, n_services

FOUNDED_FOR_LEGAL = 0.1  # how far a legal resident calls for the first NGOs, beside one without papers


@kernel("C5")
def found_first(ngos, worlds, cities, number):
    """The NGOs that exist at the start, where those are whom offices leave out; kinds by readiness to be founded."""
    world = worlds[0]
    places = cities.shape[0]
    readiness = 0.0
    for kind in range(n_kinds(world)):
        readiness += world.ngo_kinds_founding[kind]
    people = np.zeros(places)
    total = 0.0
    for place in range(places):
        city = cities[place]
        total += city.unauthorised + FOUNDED_FOR_LEGAL * (city.migrants - city.unauthorised)
        people[place] = total
    for i in range(number):
        home = row_at(people, 0, places - 1, draw(world.luck_ever, i, FOUNDS_WHERE) * total)
        mark = draw(world.luck_ever, i, FOUNDS_KIND) * readiness
        chosen = n_kinds(world) - 1
        for kind in range(n_kinds(world)):
            mark -= world.ngo_kinds_founding[kind]
            if mark < 0.0:
                chosen = kind
                break
        set_up(ngos[i], world, cities[home], i + 1, chosen)


@rule("C10", "C11", "D12")
def share_out(ngos, world, city):
    """The people of a place divide their support among the NGOs within reach, by what distance leaves of each; members
    pay those of their kind."""
    residents = city.population / max(1.0, city.near_total)
    voices = city.mobilised * city.migrants * world.persons / max(1.0, city.near_total)
    for kind in range(n_kinds(world)):
        of_kind = 0.0
        for i in range(NEAREST):
            of_kind += city.near_weight[kind, i]
        members = city.members[kind] * world.persons / max(1.0, of_kind)
        for i in range(NEAREST):
            if city.near[kind, i] < 0:
                break
            ngo = ngos[city.near[kind, i]]
            left = city.near_weight[kind, i]
            ngo.supporters = ngo.supporters + left * residents
            ngo.voices = ngo.voices + left * voices
            ngo.members = ngo.members + left * members


@kernel("C4", "C5", "C9", "C11")
def keep_accounts(ngos, worlds, cities):
    """Each NGO closes its yearly accounts, by who supports it now, and looks at how it judges; some come to an end."""
    world = worlds[0]
    for row in range(ngos.shape[0]):
        ngo = ngos[row]
        ngo.supporters = 0.0
        ngo.members = 0.0
        ngo.voices = 0.0
    for place in range(cities.shape[0]):
        share_out(ngos, world, cities[place])
    for row in range(ngos.shape[0]):
        ngo = ngos[row]
        city = cities[ngo.home]
        close_accounts(ngo, world, city)
        judge_needs(ngo, world)
        if comes_to_an_end(ngo, world, city):
            ngo.alive = 0
        ngo.year_capacity = 0
        ngo.served = 0
        ngo.turned_away = 0


@kernel("C7")
def meet_in_networks(ngos, worlds):
    """NGOs of a kind even out what they know and have."""
    world = worlds[0]
    for kind in range(n_kinds(world)):
        number = 0
        skill = 0.0
        funds = 0.0
        for row in range(ngos.shape[0]):
            if ngos[row].kind == kind and ngos[row].alive:
                number += 1
                skill += ngos[row].skill
                funds += ngos[row].funds
        for row in range(ngos.shape[0]):
            if ngos[row].kind == kind and ngos[row].alive:
                share_in_network(ngos[row], world, skill / number, funds / number)


@kernel("A9", "C8")
def speak_up(nations, worlds, cities, advocates, workers):
    """Of so many advocates in court, and workers in all NGOs."""
    world = worlds[0]
    grounds = np.zeros(n_needs(world))
    migrants = 0
    for place in range(cities.shape[0]):
        migrants += cities[place].migrants
        for need in range(n_needs(world)):
            grounds[need] += cities[place].unmet[need]
    for need in range(n_needs(world)):
        if not may_be_tried(world, need):
            grounds[need] = 0.0
    go_to_court(nations[0], world, grounds, advocates)
    lobby_the_state(nations[0], world, workers)
    answer_the_media(nations[0], world, workers, migrants)


@kernel("C3")
def open_branches(ngos, worlds, cities, homes):
    """Where each NGO opens a branch this year: the place out of reach of its kind where most needs without an office
    call for it, and which no other of its kind has chosen; -1 for none."""
    world = worlds[0]
    calls = np.zeros((n_kinds(world), cities.shape[0]))
    for place in range(cities.shape[0]):
        for kind in range(n_kinds(world)):
            if (cities[place].ngo_kinds >> kind) & 1 == 0:
                calls[kind, place] = calls_for(cities[place], world, kind)
    for row in range(ngos.shape[0]):
        homes[row] = -1
        ngo = ngos[row]
        if ngo.alive and opens_branch(ngo, world):
            most = 0.0
            for place in range(cities.shape[0]):
                if calls[ngo.kind, place] > most:
                    most = calls[ngo.kind, place]
                    homes[row] = place
            if homes[row] >= 0:
                calls[ngo.kind, homes[row]] = 0.0


@kernel("C3", "C5")
def set_up_new(new, ngos, parents, worlds, cities):
    """The new ones begin: branches of `parents` (rows of `ngos`) first, then those that citizens have founded."""
    world = worlds[0]
    for row in range(new.shape[0]):
        ngo = new[row]
        if row < parents.shape[0]:
            branch_off(ngo, ngos[parents[row]], world, cities[ngo.home], ngo.identity)
        else:
            set_up(ngo, world, cities[ngo.home], ngo.identity, ngo.kind)


@kernel("B4")
def divide_fund(worlds, cities):
    """Central money goes to cities by size, proposals and political leverage."""
    world = worlds[0]
    total = 0.0
    for place in range(cities.shape[0]):
        total += claim_on_fund(cities[place], world)
    for place in range(cities.shape[0]):
        cities[place].grant = 0.0
        if total > 0.0:
            cities[place].grant = world.policy_fund * claim_on_fund(cities[place], world) / total


@kernel("C5")
def found_new(kinds, homes, worlds, cities):
    """The kind of NGO that people of each place found this year, or -1; and where it opens its office."""
    world = worlds[0]
    for place in range(cities.shape[0]):
        city = cities[place]
        kinds[place] = is_founded(city, world)
        homes[place] = place
        if opens_at_seat(city, world):
            homes[place] = city.seat


EXPECTED = 0.01  # cases of a migrant that NGOs take on in a year, as far as nobody knows yet


@rule("C11")
def clients_of(city):
    """Cases of its people that NGOs took on in the past year; before there were any, by their number."""
    return city.ngo_cases + EXPECTED * (city.migrants + 1)


@kernel("C1", "C4", "C8", "C11")
def know_ngos(ngos, worlds, cities):
    """Each municipality learns which NGOs have their offices in it (they are sorted by place), which are within reach,
    how much of their staff falls to it by the cases they take on from there, and how far unions watch its employers."""
    world = worlds[0]
    last = 0
    world.phone_kinds = 0
    clients = np.zeros(ngos.shape[0])  # cases taken on, as far as each is within reach
    for place in range(cities.shape[0]):
        city = cities[place]
        first = last
        while last < ngos.shape[0] and ngos[last].home == place:
            world.phone_kinds = world.phone_kinds | (1 << ngos[last].kind)
            last += 1
        city.ngo_count = last - first
        for kind in range(n_kinds(world)):
            for i in range(NEAREST):
                if city.near[kind, i] >= 0:
                    clients[city.near[kind, i]] += city.near_weight[kind, i] * clients_of(city)
    for place in range(cities.shape[0]):
        city = cities[place]
        kinds = 0
        total = 0.0
        staff = 0.0
        watching = 0.0
        for level in range(LEVELS):
            within = 0
            for kind in range(n_kinds(world)):
                if city.near_weight[kind, 0] * LEVELS >= level + 0.5:
                    within = within | (1 << kind)
            city.within[level] = within
        for kind in range(n_kinds(world)):
            for i in range(NEAREST):
                row = city.near[kind, i]
                if row >= 0:
                    left = city.near_weight[kind, i]
                    own = ngos[row].staff * left * clients_of(city) / clients[row]
                    kinds = kinds | (1 << kind)
                    total += left
                    staff += own
                    if world.ngo_kinds_monitors[kind]:
                        watching += own
        thousands = max(0.1, city.migrants * world.persons / 1000.0)
        city.monitored = watching / (watching + world.voice_watch * thousands)
        city.ngo_kinds = kinds
        city.near_total = total
        city.ngo_staff = staff


@kernel
def reset_unmet(cities):
    """The year's unmet needs have had their say, in town halls and among founders."""
    for place in range(cities.shape[0]):
        city = cities[place]
        city.ngo_cases = 0
        for need in range(city.unmet.shape[0]):
            city.unmet[need] = 0
            city.left_out[need] = 0
            city.off_register[need] = 0


@rule("B5")
def look_around(cities, city, service):
    """What others offer: the share of neighbours and of similar cities that do, whether one of the latter does, and
    their mean and best levels."""
    near = alike = best = near_level = alike_level = best_level = 0.0
    for j in range(NEIGHBOURS):
        level = cities[city.neighbours[j]].level_before[service]
        near += level > OFFERED
        near_level += level
        level = cities[city.similar[j]].level_before[service]
        alike += level > OFFERED
        alike_level += level
        best_level = max(best_level, level)
    best = 1.0 * (best_level > OFFERED)
    return (
        (near / NEIGHBOURS, alike / NEIGHBOURS, best),
        (near_level / NEIGHBOURS, alike_level / NEIGHBOURS, best_level),
    )


@rule("B2", "B5")
def share_open(cities, city, world, service):
    """Of the neighbours and similar cities that offer a service, the share that have opened it to the unauthorised; as
    many as usual if none offer it."""
    offering = 0.0
    having = 0.0
    for j in range(2 * NEIGHBOURS):
        other = city.neighbours[j] if j < NEIGHBOURS else city.similar[j - NEIGHBOURS]
        if cities[other].level_before[service] > OFFERED:
            offering += 1.0
            having += cities[other].open_before[service]
    if offering == 0.0:
        return world.services_open_to_unauthorised[service]
    return having / offering


@rule("B5", "D3")
def share_with_firewall(cities, city):
    """Of the neighbours and similar cities, the share with a firewall."""
    having = 0.0
    for j in range(NEIGHBOURS):
        having += cities[city.neighbours[j]].firewall_before + cities[city.similar[j]].firewall_before
    return having / (2.0 * NEIGHBOURS)


@rule("A5")
def carry_out_policy(world, cities):
    """Each region takes up the nation's policy as it is ready to, by what its cities wanted last year."""
    regions = 1
    for place in range(cities.shape[0]):
        regions = max(regions, cities[place].wider_region + 1)
    zeal = np.zeros(regions)
    people = np.full(regions, 1e-9)
    for place in range(cities.shape[0]):
        city = cities[place]
        zeal[city.wider_region] += city.registered * zeal_of(city)
        people[city.wider_region] += city.registered
    for place in range(cities.shape[0]):
        region = cities[place].wider_region
        take_up_policy(
            cities[place], world, readiness_of_region(cities[place], zeal[region] / people[region])
        )


@kernel
def decide(worlds, cities):
    """B1 to B12: elections first; then all municipalities decide at once, each seeing last year's levels of others."""
    world = worlds[0]
    places = cities.shape[0]
    for place in range(places):
        city = cities[place]
        hold_elections(city, world)
        elect_governors(city, world)
        for service in range(n_services(world)):
            city.level_before[service] = city.level[service]
            city.open_before[service] = city.open[service]
        city.firewall_before = city.firewall
    carry_out_policy(world, cities)
    for place in range(places):
        city = cities[place]
        city.motivation = motivation_of(city, world)
        pressing = most_pressing_service(city, world)
        for service in range(n_services(world)):
            offering, levels = look_around(cities, city, service)
            near, alike, best = offering
            support = norm_among(world, near, alike)
            if world.city_adoption == THRESHOLD:
                support = pull_of_others(world, city.level_before[service], levels[0], levels[1], levels[2])
            if comes_on_agenda(city, world, service, near, alike, best, pressing):
                consider_service(city, world, service, support)
        pay_for_services(city, world)
        learn_what_is_needed(city, world)
        seat_the_council(city, world)
        for service in range(n_services(world)):
            decide_opening(city, world, service, share_open(cities, city, world, service))
        decide_firewall(city, world, share_with_firewall(cities, city))


@kernel("B2", "B3", "D3")
def begin_services(worlds, cities):
    """Once, when it is known who lives where: why cities act, and whom they serve."""
    for place in range(cities.shape[0]):
        cities[place].motivation = motivation_of(cities[place], worlds[0])
        begin_openings(cities[place], worlds[0])


@kernel("B6", "B10", "B12")
def begin_cities(worlds, cities):
    """Once, at the start."""
    for place in range(cities.shape[0]):
        begin_city(cities[place], worlds[0])
