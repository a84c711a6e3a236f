"""Whether the accounts of a run balance to the person, told from its tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from local_citizenship.outcomes.run import Run

CLAIMED_FROM = ["served_city", "served_ngo", "served_nation", "served_job"]
SERVED = [*CLAIMED_FROM, "served_informal"]


def unbalanced(run: Run) -> Iterator[str]:
    """What does not add up, in words."""
    monthly, needs = run.table("monthly"), run.table("needs")
    for name, frame in (("monthly", monthly), ("needs", needs)):
        numbers = frame.select_dtypes("number")
        if not np.isfinite(numbers.to_numpy(dtype=float)).all():
            yield f"{name} has a number that is none"
        if (numbers < 0).any(axis=None):
            yield f"{name} has a negative count"
        if not (frame["needs"] == frame[[*SERVED, "unmet"]].sum(axis=1)).all():
            yield f"{name}: needs are not what was served and what was not"
        for wider, narrower in pairwise(("needs", "aware", "willing", "eligible", "claimed")):
            if (frame[wider] < frame[narrower]).any():
                yield f"{name}: more are {narrower} than {wider}"
        if (frame[CLAIMED_FROM].sum(axis=1) > frame["claimed"]).any():
            yield f"{name}: more claims are met than made"
    yield from _stocks(monthly)


def _stocks(monthly: pd.DataFrame) -> Iterator[str]:
    keys = ["month", "place", "status"]
    if len(monthly) == 0:
        return
    flows = ["arrived", "moved_in", "status_in", "moved_out", "status_out", "left", "deported"]
    table = monthly.astype({"status": str}).set_index(keys)[["stock", *flows]].astype(np.int64)
    months = table.groupby("month").sum()
    for one, other in (("moved_in", "moved_out"), ("status_in", "status_out")):
        if (months[one] != months[other]).any():
            yield f"{one} is not {other}"
    wide = table.unstack("month", fill_value=0)
    stock = wide["stock"].to_numpy()
    came = np.sum([wide[name].to_numpy() for name in flows[:3]], axis=0)
    went = np.sum([wide[name].to_numpy() for name in flows[3:]], axis=0)
    if (stock[:, 1:] != stock[:, :-1] + came[:, 1:] - went[:, 1:]).any():
        yield "stocks do not follow from flows"
