"""What is finite is given out in two passes: requests first, then this one rule."""

from __future__ import annotations

import numpy as np

from ..agents.chance import REFERRED, draw
from ..agents.ngo import pull_of_room, takes_case
from ..agents.rule import kernel, rule

# Who turns to which NGO this month, and what comes of it.
QUEUE = np.dtype(
    [
        ("row", np.int64),  # of the migrant
        ("ngo", np.int64),
        ("identity", np.uint64),
        ("rank", np.float64),
        ("taken", np.int64),
        ("referred", np.int64),
    ]
)


def by_rank(rank: np.ndarray, who: np.ndarray) -> np.ndarray:
    """The requests in the order of their rank, (N,) indices.

    `rank` (N,): the smaller, the sooner; drawn, so that no row is favoured. `who` (N,): identity, which settles ties.
    """
    order = np.argsort(rank)
    ranked = rank[order]
    if (ranked[1:] == ranked[:-1]).any():  # hardly ever: to sort by both takes five times as long
        order = np.lexsort((who, rank))
    return order


@rule("C4")
def serve_first_come(queue, order, room):
    """Each NGO takes on as many as it has room for, in the order of their rank; the outcome does not depend on the
    order of the requests.

    Args:
        queue: (N,) of `QUEUE`; `taken` is set for those who are served.
        order: (N,) the requests by rank, as `by_rank` gives them.
        room: (M,) requests each NGO can meet; taken up.
    """
    for i in range(order.shape[0]):
        request = queue[order[i]]
        if room[request.ngo] > 0:
            room[request.ngo] -= 1
            request.taken = 1


@rule("C7", "C11")
def refer(queue, order, room, ngos, migrants, world, cities):
    """Some of those turned away are referred to another NGO that takes such a case, the one whose `room` is worth most
    at the distance.

    `order` goes through the queue by rank, so that the outcome does not depend on the order of rows.
    """
    for j in range(order.shape[0]):
        request = queue[order[j]]
        if request.taken or draw(world.luck_now, request.identity, REFERRED) >= world.ngos_referral:
            continue
        migrant = migrants[request.row]
        here = cities[migrant.home]
        best = -1
        most = 0.0
        for row in range(ngos.shape[0]):
            if room[row] > 0 and takes_case(ngos[row], world, migrant):
                pull = pull_of_room(room[row], here, cities[ngos[row].home], world)
                if pull > most:
                    best, most = row, pull
        if best >= 0:
            request.ngo = best
            request.taken = 1
            request.referred = 1
            room[best] -= 1


@kernel("C4", "C7")
def allocate(queue, order, room, ngos, migrants, worlds, cities):
    """First come, first served, and then referred; each NGO keeps accounts of whom it serves and turns away."""
    serve_first_come(queue, order, room)
    refer(queue, order, room, ngos, migrants, worlds[0], cities)
    for i in range(queue.shape[0]):
        if queue[i].taken:
            ngos[queue[i].ngo].served += 1
        else:
            ngos[queue[i].ngo].turned_away += 1
