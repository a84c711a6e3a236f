"""How services spread between cities, and whether cities grow alike (E7)."""

from __future__ import annotations

import pandas as pd

from ..model.columns import Columns
from .declaration import COUNTRY, LEVEL, MORAN, Framed, Measure, theme
from .groups import By, keys_of, places_each_year, places_of, share
from .run import Run
from .unevenness import NEIGHBOURS, POSITION, moran, neighbours_of

ADOPTED_LEVEL = 0.1  # a service above this level counts as adopted
_COLUMNS = ["year", "service", "places", "migrants", "mean_level", "deviation", "variance", "moran"]


@Framed
def adoption(run: Run) -> Columns:
    """E7: services adopted, by year (end of December) and service.

    Columns: year, service, places (share of municipalities with the service at a level above ADOPTED_LEVEL =
    0.1), migrants (share of migrants living in these), mean_level, deviation and variance (plain mean, standard
    deviation and variance between municipalities), moran (Moran's I of having adopted; NaN while all or none have).
    """
    neighbours = neighbours_of(places_of(run, POSITION))
    services, rows = run.entries.services.names, []
    levels = [f"level_{service}" for service in services]
    for year, state in places_each_year(run, ["migrants", *levels]).items():
        people = state["migrants"].astype(float)
        for number, name in enumerate(levels):
            level = state[name]
            adopted = level > ADOPTED_LEVEL
            living = float(share((people * adopted).sum(), people.sum()))
            alike = float("nan") if neighbours is None else moran(adopted, neighbours)
            spread = level.mean(), level.std(), level.var()
            rows.append((year, number, adopted.mean(), living, *spread, alike))
    return Columns.of_rows(_COLUMNS, rows, {"service": services})


@Framed
def convergence(run: Run, by: By = ()) -> Columns:
    """E7: do places grow alike? Columns: year (end of December), by, mean_level, variance.

    Plain mean and variance between municipalities of the service level (mean of all levels). `by`: region, or place.
    """
    keys = [key for key in keys_of(by) if key != "year"]
    state = run.arrays_of("places_yearly", ["year", "place", "service_level"])
    if "region" in keys:
        state = state.adding({"region": places_of(run, ["region"])["region"][state["place"]]})
    level = pd.Series(state["service_level"]).groupby([state[key] for key in ("year", *keys)])
    told = pd.DataFrame({"mean_level": level.mean(), "variance": level.var(ddof=0)})
    return Columns.of(told.rename_axis(["year", *keys]).reset_index())


@theme(
    "E7", "Diffusion", "sharing programmes makes cities more alike",
    Measure(
        "places", "places with it", "share of places",
        f"Municipalities with the service at a level above {ADOPTED_LEVEL}.",
        not_by=(COUNTRY, "region", "place"),
    ),
    Measure(
        "migrants", "migrants with it", "share of migrants",
        f"Migrants who live where its level is above {ADOPTED_LEVEL}.",
        not_by=(COUNTRY, "region", "place"),
    ),
    Measure("mean_level", "mean level", LEVEL, "Plain mean over municipalities, end of December."),
    Measure(
        "variance", "variance between places", "squared level",
        "Plain variance of the level between municipalities (divided by their number).", not_by=("place",),
    ),
    Measure(
        "moran", "Moran's I of adoption", "-1 to 1",
        f"Moran's I of having it (level above {ADOPTED_LEVEL}), {NEIGHBOURS} nearest places as neighbours; "
        "missing while all or none have it.", MORAN, not_by=(COUNTRY, "region", "place"),
    ),
    vary="compare no-diffusion",
    by=("service",),
    also=("region", "place"),
)  # fmt: skip
def _diffusion(run: Run, by: By) -> Columns:
    return (
        adoption.arrays(run).without("deviation") if "service" in keys_of(by) else convergence.arrays(run, by)
    )
