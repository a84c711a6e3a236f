"""What is finite is given out in two passes: requests first, then this one rule."""

from __future__ import annotations

import numpy as np


def by_rank(rank: np.ndarray, who: np.ndarray) -> np.ndarray:
    """The requests in the order of their rank, (N,) indices.

    `rank` (N,): the smaller, the sooner; drawn, so that no row is favoured. `who` (N,): identity, which settles ties.
    """
    order = np.argsort(rank)  # the quickest sort: equal ranks are put in order below
    if np.any(rank[order[1:]] == rank[order[:-1]]):
        order = np.lexsort((who, rank))
    return order


def first_served(provider: np.ndarray, order: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Who is served, when each provider serves as many as it can in the order of their rank.

    Args:
        provider: (N,) index of the provider each request goes to.
        order: (N,) the requests by rank, as `by_rank` gives them.
        capacity: (M,) requests each provider can meet.

    Returns:
        (N,) bool, in the order of the requests; the result does not depend on that order.
    """
    width = np.uint16 if len(capacity) <= 2**16 else np.int64  # narrow numbers are sorted by counting
    order = order[np.argsort(provider[order].astype(width), kind="stable")]
    sorted_provider = provider[order]
    starts = np.searchsorted(sorted_provider, sorted_provider, side="left")
    place_in_queue = np.arange(len(order)) - starts
    served = np.zeros(len(order), bool)
    served[order] = place_in_queue < capacity[sorted_provider]
    return served
