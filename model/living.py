"""The loop of those who live through the month: most are passed over, and for the others the rules of `agents` speak.

It goes through the records block after block, and looks at everybody by luck and at a glance before it looks closer.
"""

from __future__ import annotations

import numpy as np

from ..agents.awareness import MOVING
from ..agents.chance import NEED_STRIKES, QUEUES, draw, random_bytes, slots_below
from ..agents.chance import SLOTS as SLOTS_A_WORD
from ..agents.classes import is_uncommon
from ..agents.event import GOES, MOVES_AWAY, QUEUES_AT_NGO
from ..agents.here import Here
from ..agents.life import WORDS, is_due, live_through_month, may_be_due, slots_of, words_at
from ..agents.migrant import depart
from ..agents.moving import be_deceived, change_job, choose_place, relocate
from ..agents.needs import close_need
from ..agents.providers.ngo import REFUSAL, pick_ngo, rank_in_queue
from ..agents.rule import kernel, rule
from ..agents.tally import NOBODY
from .counters import is_nearly_full
from .stock import count, key_at, may_change_by_itself, recount, undated_key_of

BLOCK = 256  # records: few enough to stay in the processor's cache between the looks at them
_NO_SLOTS = np.uint64(0)
_TOP_OF_NEED = np.uint64(8 * NEED_STRIKES + SLOTS_A_WORD - 1)


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
def find_eventful(block, world, zones, lucks, low, may, rows):
    """To whom of a block something may happen this month: their number, and where they stand, in `rows`.

    A first look, at everybody, asks by luck that may bring something to most classes of the door in the zone, and at a
    glance at the record; of those whom it lets pass, all of the few classes among them, the second asks exactly. The
    first asks one simple question after the other, which a processor asks of several records at a time. `lucks`
    (WORDS, BLOCK) takes everybody's random bytes, `may` (BLOCK,) what the first look found, `low` (WORDS, BLOCK) the
    slots on which the luck of those who passed is low enough. Rows are written down without branching on the answer: it
    is hard to foresee, and a wrong guess costs more than the rest of the look. `zones` (P,) are those of the places.
    """
    key = world.luck_now
    for row in range(block.shape[0]):
        may[row] = 0
    for word in range(WORDS):
        luck = lucks[word]
        for row in range(block.shape[0]):
            luck[row] = block[row].identity
        for row in range(block.shape[0]):
            luck[row] = random_bytes(key, luck[row], word)
        for row in range(block.shape[0]):
            highest = world.highest_bounds[zones[block[row].home], block[row].door, word]
            may[row] |= slots_below(luck[row], highest) != _NO_SLOTS
    for row in range(block.shape[0]):
        may[row] |= may_be_due(block[row], world) | is_uncommon(block[row], world)
    number = 0
    for row in range(block.shape[0]):
        rows[number] = row
        number += int(may[row])
    passed, number = number, 0
    for i in range(passed):
        row = rows[i]
        random = words_at(row, lucks)
        slots = slots_of(block[row], zones[block[row].home], world, random)
        for word in range(WORDS):
            low[word, row] = slots[word]
        rows[number] = row
        number += int(is_eventful(block[row], world, random, slots))
    return number


@kernel
def live(
    migrants, first, last, worlds, cities, places, regions, nations, logs,
    ngos, bounds, zones, destinations, flows, queue, gone, counts,
):  # fmt: skip
    """Migrants live through the month, block after block: those to whom something may happen.

    `zones` (P,) are those of the places, side by side; `flows` (A, A) counts moves by the areas left and found; `queue`
    takes who turns to which NGO, `gone` freed rows; `counts` their lengths.
    """
    world = worlds[0]
    nation = nations[0]
    log = logs[0]
    lucks, low = np.empty((WORDS, BLOCK), np.uint64), np.empty((WORDS, BLOCK), np.uint64)
    may, rows = np.empty(BLOCK, np.uint8), np.empty(BLOCK + 1, np.int64)
    start = first
    while start < last:
        block = migrants[start : min(start + BLOCK, last)]
        for i in range(find_eventful(block, world, zones, lucks, low, may, rows)):
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
                    request = queue[counts[0]]
                    request.row, request.ngo, request.identity = start + row, ngo, migrant.identity
                    request.taken, request.referred = 0, 0
                    luck = draw(world.luck_now, migrant.identity, QUEUES)
                    request.rank = rank_in_queue(migrant, here, ngos[ngo], luck)
                    counts[0] += 1
                else:
                    migrant.tried = migrant.tried | REFUSAL
            elif outcome == MOVES_AWAY:
                near, far = bounds[city.region, 0], bounds[city.region, 1]
                place = choose_place(migrant, world, destinations, near, far, MOVING)
                be_deceived(migrant, world, MOVING)
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
                gone[counts[1]] = start + row
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
    return last
