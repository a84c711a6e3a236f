"""How cities and NGOs share the work (E9)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .declaration import LEVEL, THIS_MODEL, WITH_NGOS, WITHOUT_NGOS, Measure, theme
from .groups import By, keys_of, share
from .run import Run

LEAST_MIGRANTS = 50  # spending a head of fewer says little


def collaboration(run: Run, by: By = "ngos") -> pd.DataFrame:
    """E9: what cities do with and without NGOs beside them, by year (end of December).

    One row a year and group of municipalities with at least LEAST_MIGRANTS = 50 migrants: `ngos` (whether the
    municipality has any; with `by=()` all are one group, and the column is left out), and the measures declared below.
    A city that leans on NGOs shows less effort at the same motivation; since NGOs are founded where needs go unmet, the
    difference between the groups is no effect. For that, compare runs with city.shirking, ngos.grant or ngos.enabled
    switched off.
    """
    state = run.table("places_yearly")
    state = state[state["migrants"] >= LEAST_MIGRANTS]
    keys, rows = keys_of(by), []
    for (year, *has), group in state.groupby(["year", *(state[key] > 0 for key in keys)], sort=True):
        people = group["migrants"].to_numpy(float)
        motivation, level = (
            float(np.average(group[name], weights=people)) for name in ("motivation", "service_level")
        )
        spent = float(share(1000.0 * group["spent"].sum(), people.sum()))
        effort = float(share(level, motivation))
        rows.append((year, *map(bool, has), len(group), motivation, level, spent, effort))
    columns = ["year", *keys, "places", "motivation", "service_level", "spent_per_migrant", "effort"]
    return pd.DataFrame(rows, columns=columns)


@theme(
    "E9", "Collaboration", "cities do less, or more, where NGOs are at work",
    Measure("places", "places counted", "places", f"Municipalities with {LEAST_MIGRANTS} migrants or more."),
    Measure(
        "motivation", "motivation", "motivation",
        "How far the city wants to act: sum of the weighted causes. Mean weighted by migrants.",
    ),
    Measure(
        "service_level", "service level", LEVEL,
        "Mean of the levels of all services, end of December. Mean over places weighted by migrants.",
    ),
    Measure(
        "spent_per_migrant", "spent a migrant", "thousand yen a year",
        "What the cities' programmes cost, over the migrants living there.",
    ),
    Measure(
        "effort", "effort", "level / motivation",
        "Service level over motivation: how much of what it is moved to do a city does.", THIS_MODEL,
    ),
    vary="vary city.shirking and ngos.grant",
    by=("ngos",),
    notes=(
        "NGOs are founded where needs go unmet: the difference between places with and without is no effect. "
        "For that, compare runs: local-citizenship compare.",
    ),
)  # fmt: skip
def _with_and_without_ngos(run: Run, by: By) -> pd.DataFrame:
    found = collaboration(run, "ngos" if "ngos" in keys_of(by) else ())
    if "ngos" in found:
        found["ngos"] = np.where(found["ngos"].astype(bool), WITH_NGOS, WITHOUT_NGOS)
    return found
