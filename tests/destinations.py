"""Where those who move are drawn to, laid out as `lay_out_destinations` does."""

from __future__ import annotations

import numpy as np
from single import plain

from local_citizenship.agents.moving import MOST_DRAWN, steady
from local_citizenship.scenarios.catalogue import DOORS


def drawn_to(weights: np.ndarray, jobs: np.ndarray | None = None) -> np.ndarray:
    """Destinations (4 D, P) as `lay_out_destinations` has them, of every door alike, from how places draw and jobs."""
    jobs = np.ones(len(weights)) if jobs is None else jobs
    jobs = jobs / jobs.sum()
    most = most_drawn_to(weights) * jobs
    rows = [np.minimum(weights, most), jobs, np.maximum(0.0, weights - most), jobs]
    return np.repeat([row.cumsum() for row in rows], len(DOORS), axis=0)


def most_drawn_to(weights: np.ndarray) -> float:
    """The bound that goes with them, `world.most_drawn` of each door."""
    return float(plain(steady)(MOST_DRAWN * weights.sum()))
