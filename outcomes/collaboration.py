"""How cities and NGOs share the work (E9)."""

from __future__ import annotations

import numpy as np

from ..model.columns import Columns
from .declaration import LEVEL, THIS_MODEL, WITH_NGOS, WITHOUT_NGOS, Framed, Measure, theme
from .groups import By, keys_of, share
from .run import Run

LEAST_MIGRANTS = 50  # spending a head of fewer says little


@Framed
def collaboration(run: Run, by: By = "ngos") -> Columns:
    """E9: what cities do with and without NGOs beside them, by year (end of December).

    One row a year and group of municipalities with at least LEAST_MIGRANTS = 50 migrants: `ngos` (whether the
    municipality has any; with `by=()` all are one group, and the column is left out), and the measures declared below.
    A city that leans on NGOs shows less effort at the same motivation; since NGOs are founded where needs go unmet, the
    difference between the groups is no effect. For that, compare runs with city.shirking, ngos.grant or ngos.enabled
    switched off.
    """
    keys, sums = keys_of(by), ("motivation", "service_level", "spent")
    state = run.arrays_of("places_yearly", ["year", "migrants", *keys, *sums])
    state = state.at(state["migrants"] >= LEAST_MIGRANTS)
    group = {key: state[key] > 0 for key in keys}
    first = np.unique(np.stack([state["year"], *group.values()]), axis=1)
    found = []
    for year, *has in first.T.tolist():
        same = np.all(
            [state["year"] == year, *(group[key] == of for key, of in zip(keys, has, strict=True))], axis=0
        )
        here = state.at(same)
        people = here["migrants"].astype(float)
        motivation, level = (float(np.average(here[name], weights=people)) for name in sums[:2])
        spent = float(share(1000.0 * here["spent"].sum(), people.sum()))
        found.append(
            (year, *map(bool, has), len(here), motivation, level, spent, float(share(level, motivation)))
        )
    columns = ["year", *keys, "places", "motivation", "service_level", "spent_per_migrant", "effort"]
    return Columns.of_rows(columns, found)


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
def _with_and_without_ngos(run: Run, by: By) -> Columns:
    found = collaboration.arrays(run, "ngos" if "ngos" in keys_of(by) else ())
    if "ngos" in found:
        found = found.adding({"ngos": np.where(found["ngos"].astype(bool), WITH_NGOS, WITHOUT_NGOS)})
    return found
