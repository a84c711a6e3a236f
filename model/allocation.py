"""What is finite is given out in two passes: requests first, then this one rule."""

from __future__ import annotations

import numpy as np

from ..agents.rule import kernel

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
    order = np.argsort(rank)  # the quickest sort: equal ranks are put in order below
    if np.any(rank[order[1:]] == rank[order[:-1]]):
        order = np.lexsort((who, rank))
    return order


@kernel("C4")
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
