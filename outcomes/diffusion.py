"""How services spread between cities, and whether cities grow alike (E7)."""

from __future__ import annotations

import pandas as pd

from .declaration import LEVEL, MORAN, Measure, theme
from .groups import By, keys_of, share
from .run import Run
from .unevenness import NEIGHBOURS, moran, neighbours_of

ADOPTED_LEVEL = 0.1  # a service above this level counts as adopted
_COLUMNS = ["year", "service", "places", "migrants", "mean_level", "deviation", "variance", "moran"]


def adoption(run: Run) -> pd.DataFrame:
    """E7: services adopted, by year (end of December) and service.

    Columns: year, service, places (share of municipalities with the service at a level above ADOPTED_LEVEL =
    0.1), migrants (share of migrants living in these), mean_level, deviation and variance (plain mean, standard
    deviation and variance between municipalities), moran (Moran's I of having adopted; NaN while all or none have).
    """
    neighbours = neighbours_of(run.table("places"))
    services, rows = run.entries.services.names, []
    for year, state in run.table("places_yearly").groupby("year", sort=True):
        state = state.sort_values("place")
        people = state["migrants"].to_numpy(float)
        for service in services:
            level = state[f"level_{service}"].to_numpy(float)
            adopted = level > ADOPTED_LEVEL
            living = float(share((people * adopted).sum(), people.sum()))
            alike = float("nan") if neighbours is None else moran(adopted, neighbours=neighbours)
            spread = level.mean(), level.std(), level.var()
            rows.append((year, service, adopted.mean(), living, *spread, alike))
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return table.assign(service=pd.Categorical(table["service"], categories=list(services), ordered=True))


def convergence(run: Run) -> pd.DataFrame:
    """E7: do places grow alike? Columns: year (end of December), mean_level, variance.

    Plain mean and variance between municipalities of the service level (mean of all levels).
    """
    level = run.columns_of("places_yearly", ["year", "service_level"]).groupby("year")["service_level"]
    return pd.DataFrame({"mean_level": level.mean(), "variance": level.var(ddof=0)}).reset_index()


@theme(
    "E7", "Diffusion", "sharing programmes makes cities more alike",
    Measure(
        "places", "places with it", "share of places",
        f"Municipalities with the service at a level above {ADOPTED_LEVEL}.",
    ),
    Measure(
        "migrants", "migrants with it", "share of migrants",
        f"Migrants who live where its level is above {ADOPTED_LEVEL}.",
    ),
    Measure("mean_level", "mean level", LEVEL, "Plain mean over municipalities, end of December."),
    Measure(
        "variance", "variance between places", "squared level",
        "Plain variance of the level between municipalities (divided by their number).",
    ),
    Measure(
        "moran", "Moran's I of adoption", "-1 to 1",
        f"Moran's I of having it (level above {ADOPTED_LEVEL}), {NEIGHBOURS} nearest places as neighbours; "
        "missing while all or none have it.", MORAN,
    ),
    vary="compare no-diffusion",
    by=("service",),
)  # fmt: skip
def _diffusion(run: Run, by: By) -> pd.DataFrame:
    return adoption(run).drop(columns="deviation") if "service" in keys_of(by) else convergence(run)
