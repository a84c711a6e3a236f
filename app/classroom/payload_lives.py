"""The recorded lives of a run at a glance, and one of them in paragraphs: what the classroom's page lists and
tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ...outcomes.run import Run
from ...outcomes.story import lives_at_a_glance
from ...scenarios.catalogue import REASONS, STATUSES


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
