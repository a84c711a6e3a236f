"""How cities and NGOs share the work (E9)."""

from __future__ import annotations

import numpy as np

from ..model.columns import Columns
from .declaration import LEVEL, THIS_MODEL, WITH_NGOS, WITHOUT_NGOS, Framed, Measure, theme
from .groups import By, grouped, keys_of, places_of, share
from .invocation import typed
from .run import Run

LEAST_MIGRANTS = 50  # spending a head of fewer says little


@Framed
def collaboration(run: Run, by: By = "ngos") -> Columns:
    """E9: what cities do with and without NGOs beside them, by year (end of December).

    One row a year and group of municipalities with at least LEAST_MIGRANTS = 50 migrants: `ngos` (whether the
    municipality has any; with `by=()` all are one group, and the column is left out), region or place, and the measures
    declared below.
    A city that leans on NGOs shows less effort at the same motivation; since NGOs are founded where needs go unmet, the
    difference between the groups is no effect. For that, compare runs with city.shirking, ngos.grant or ngos.enabled
    switched off.
    """
    keys, means = keys_of(by), ("motivation", "service_level")
    of_place = ["place"] if {"place", "region"} & set(keys) else []
    state = run.arrays_of("places_yearly", ["year", *of_place, "migrants", "ngos", "spent", *means])
    state = state.at(state["migrants"] >= LEAST_MIGRANTS)
    people = state["migrants"].astype(float)
    state = state.adding(
        {
            "ngos": (state["ngos"] > 0).astype(np.int8),
            **({"region": places_of(run, ["region"])["region"][state["place"]]} if "region" in keys else {}),
            "places": np.ones(len(state), np.int64),
            **{name: people * state[name] for name in means},
            "spent": state["spent"].astype(float),
        }
    )
    found = grouped(state, ["places", "migrants", "spent", *means], ("year", *keys))
    motivation, level = (share(found[name], found["migrants"]) for name in means)
    has = {"ngos": found["ngos"].astype(bool)} if "ngos" in keys else {}
    return found.some(["year", *keys, "places"]).adding(
        {
            **has,
            "motivation": motivation,
            "service_level": level,
            "spent_per_migrant": share(1000.0 * found["spent"], found["migrants"]),
            "effort": share(level, motivation),
        }
    )


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
    also=("region", "place"),
    notes=(
        "NGOs are founded where needs go unmet: the difference between places with and without is no effect. "
        f"For that, compare runs: `{typed('compare')}`.",
    ),
)  # fmt: skip
def _with_and_without_ngos(run: Run, by: By) -> Columns:
    found = collaboration.arrays(run, tuple(key for key in keys_of(by) if key != "year"))
    if "ngos" in found:
        found = found.adding({"ngos": np.where(found["ngos"].astype(bool), WITH_NGOS, WITHOUT_NGOS)})
    return found
