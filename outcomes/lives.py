"""The recorded lives of a run at a glance, and one of them in paragraphs: what the classroom's page lists and
tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..scenarios.catalogue import EVENTS, REASONS, STATUSES
from .run import Run
from .story import recorded

_ARRIVED, _PRESENT, _NEED, _SERVED, _MOVED, _DEPORTED, _LEFT = (
    EVENTS.index(name) for name in ("arrived", "present", "need", "served", "moved", "deported", "left")
)


def lives_at_a_glance(run: Run) -> dict[str, NDArray[Any]]:
    """The recorded lives, a value each, in order of the migrant's number.

    migrant (uint64); door (index into the run's doors, -1 if not recorded); status (of the last event, index into
    STATUSES); first, last (month); events, needs, met, moves (counts); place (of the last event); end (index into
    REASONS, -1 if recorded to the end). Empty arrays if no life was recorded.
    """
    events = recorded(run)
    order = np.argsort(events["migrant"].to_numpy(), kind="stable")
    sorted_by = events["migrant"].to_numpy()[order]
    migrants, starts = np.unique(sorted_by, return_index=True)
    lasts = np.append(starts[1:], len(order)) - 1
    event = events["event"].cat.codes.to_numpy()[order]
    detail, month = events["detail"].to_numpy()[order], events["month"].to_numpy()[order]

    def number_of(kind: int) -> NDArray[np.int64]:
        return np.add.reduceat(event == kind, starts, dtype=np.int64) if len(starts) else starts

    def last_detail(*kinds: int) -> NDArray[np.int64]:
        """The detail of the last event of these kinds in each life, -1 where there is none."""
        found = np.full(len(starts), -1, np.int64)
        at = np.flatnonzero(np.isin(event, kinds))
        found[np.searchsorted(starts, at, side="right") - 1] = detail[at]
        return found

    end = last_detail(_LEFT)
    end[number_of(_DEPORTED) > 0] = REASONS.index("deported")
    return {
        "migrant": migrants,
        "door": last_detail(_ARRIVED, _PRESENT),
        "status": events["status"].cat.codes.to_numpy(np.int64)[order][lasts],
        "first": month[starts],
        "last": month[lasts],
        "events": lasts - starts + 1,
        "needs": number_of(_NEED),
        "met": number_of(_SERVED),
        "moves": number_of(_MOVED),
        "place": events["place"].to_numpy()[order][lasts],
        "end": end,
    }


def lives_shown(run: Run, most: int | None = None) -> dict[str, Any]:
    """The lives as the page takes them; if `most` are wanted of more, an evenly spaced sample."""
    columns = lives_at_a_glance(run)
    total = len(columns["migrant"])
    wanted = range(total) if most is None or total <= most else np.linspace(0, total - 1, most).astype(int)
    lives = [
        {
            "migrant": str(columns["migrant"][i]),
            "door": run.entries.doors.names[columns["door"][i]] if columns["door"][i] >= 0 else "",
            "status": STATUSES[columns["status"][i]],
            **{name: int(columns[name][i]) for name in ("first", "last", "needs", "met", "moves", "place")},
            "end": REASONS[columns["end"][i]] if columns["end"][i] >= 0 else "still there",
        }
        for i in wanted
    ]
    return {"lives": lives, "total": total}


def diaries_of(run: Run, migrants: Iterable[int] | None = None) -> Run:
    """The same run with no table but what lives are told from: its events (of `migrants`, or all) and its places,
    year by year too, where a life parts from another because of what a town offers."""
    events: pd.DataFrame = run.table("events")
    if migrants is not None:
        events = events[events["migrant"].isin(list(migrants))]
    places = {name: run.table(name) for name in ("places", "places_yearly")}
    return run.part(events=events, **places)
