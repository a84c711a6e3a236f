"""What is finite is given out in two passes: requests first, then this one rule."""

from __future__ import annotations

import numpy as np

from ..agents.rule import kernel


def by_rank(rank: np.ndarray, who: np.ndarray) -> np.ndarray:
    """The requests in the order of their rank, (N,) indices.

    `rank` (N,): the smaller, the sooner; drawn, so that no row is favoured. `who` (N,): identity, which settles ties.
    """
    order = np.argsort(rank)  # the quickest sort: equal ranks are put in order below
    if np.any(rank[order[1:]] == rank[order[:-1]]):
        order = np.lexsort((who, rank))
    return order


@kernel
def serve_first_come(provider, order, room, served):
    """Each provider serves as many as it has room for, in the order of their rank; the outcome does not depend on the
    order of the requests.

    Args:
        provider: (N,) index of the provider each request goes to.
        order: (N,) the requests by rank, as `by_rank` gives them.
        room: (M,) requests each provider can meet; taken up.
        served: (N,) bool, in the order of the requests; set for those who are served.
    """
    for request in order:
        if room[provider[request]] > 0:
            room[provider[request]] -= 1
            served[request] = True
