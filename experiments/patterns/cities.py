"""P27b, P29b, P38 to P41: what cities do that are large, dependent or alike, and what it makes of needs met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...outcomes.groups import own_help_of
from ...outcomes.run import Run
from ...scenarios.catalogue import DENIZEN, LEGAL, STATUSES
from .localities import PARTS_OF_CAUSES, SPECIFIC, fall_of_theil, slopes_of_causes
from .observations import Floats, month_of, municipalities, part
from .pattern import NotAnswerable, Part, Values, above, below, between, check

MOST_MIGRANTS = 50
FEW_SERVICES = 3
SMALL_TOWN = 20_000, 60_000
DEPENDENT = 0.04
FIFTH = 0.2


@check(
    "P27b",
    "service level regressed on foreign share, fiscal strength, history and log population",
    *PARTS_OF_CAUSES,
    Part("log population", "number"),
)
def causes_beside_size(run: Run) -> Values:
    """As P27, with the logarithm of residents among the causes."""
    return slopes_of_causes(run, beside_size=True)


@check(
    "P29b",
    "Theil of service level over time, diffusion on against off, by residents' and by migrants' weights",
    Part("beyond, weighted by residents", "number", above(0.0), clear=True),
    Part("beyond, weighted by migrants", "number", above(0.0), clear=True),
    observers={"japan": fall_of_theil, "japan without diffusion": fall_of_theil},
)
def diffusion_by_both_weights(observed: Mapping[str, Values]) -> Values:
    """As P29, the fall beyond that without diffusion, by both weights."""
    on, off = observed["japan"], observed["japan without diffusion"]
    return {
        "beyond, weighted by residents": on["fall, population"] - off["fall, population"],
        "beyond, weighted by migrants": on["fall, migrants"] - off["fall, migrants"],
    }


@check(
    "P38",
    "needs met of legal residents, best against worst fifth of legal residents, places ranked by service level "
    '(article: "can vary considerably from city to city")',
    Part("ratio", "number", above(1.5)),
    Part("ratio, lower end", "number", above(1.2), clear=True),
    Part("best fifth", "share"),
    Part("worst fifth", "share"),
)
def met_by_place(run: Run) -> Values:
    """Needs of denizens and legal residents that ended in 2004, and how many were met: in the places of the highest
    service level, by the end of 2004, in which a fifth of these residents live, over those of the lowest.
    """
    first = month_of(run, "2004-01")
    places = municipalities(run, 2004)
    monthly = run.table("monthly")
    rows = monthly[monthly["status"].isin((STATUSES[DENIZEN], STATUSES[LEGAL]))]
    rows = rows[rows["month"].between(first, first + 11)]
    own = own_help_of(run)
    sums = rows.groupby("place")[["stock", "needs", "unmet", *own]].sum()
    sums = sums.reindex(range(len(places.state)), fill_value=0)
    order = np.argsort(places.of("service_level"), kind="stable")
    people = sums["stock"].to_numpy(float)[order]
    below_them = np.cumsum(people) - people / 2.0
    at = below_them / part(people.sum(), 1.0, "residents")
    needs = sums["needs"].to_numpy(float)[order]
    served = needs - sums[["unmet", *own]].sum(axis=1).to_numpy(float)[order]
    met = {
        name: part(served[chosen].sum(), needs[chosen].sum(), "needs")
        for name, chosen in (("best fifth", at > 1.0 - FIFTH), ("worst fifth", at < FIFTH))
    }
    if not met["worst fifth"]:
        raise NotAnswerable("no need is met in the worst fifth")
    ratio = met["best fifth"] / met["worst fifth"]
    return {"ratio": ratio, "ratio, lower end": ratio, **met}


@check(
    "P39",
    "of the 50 places with most migrants, those with at most three of the eight services for foreigners, 2004 "
    '(article: Kawaguchi, "significant immigrant populations … minimal")',
    Part("with three or fewer", "share", between(0.10, 0.40)),
)
def large_and_minimal(run: Run) -> Values:
    """The 50 municipalities with most migrants at the end of 2004, but for Kawasaki and Kawaguchi, whose will is
    written in: information, exchange, language, registration, housing, consultation, council and ordinance, as P26
    counts them.
    """
    places = municipalities(run, 2004)
    largest = places.largest("migrants", MOST_MIGRANTS)
    return {"with three or fewer": float((places.offered(SPECIFIC)[largest] <= FEW_SERVICES).mean())}


@check(
    "P40",
    "towns of 20,000 to 60,000 with 4% foreigners and more on the register, 2004: median rank by service level "
    "(article: larger immigrant populations, dependence)",
    Part("median rank", "share", below(FIFTH)),
    Part("towns", "count"),
)
def dependent_towns(run: Run) -> Values:
    """Rank by service level at the end of 2004 among all municipalities, 0 the best; foreigners and residents of the
    table of places.
    """
    places = municipalities(run, 2004)
    population = places.of("population")
    towns = (population >= SMALL_TOWN[0]) & (population <= SMALL_TOWN[1])
    towns &= places.of("foreign_residents") >= DEPENDENT * population
    if not towns.any():
        raise NotAnswerable("there are no such towns")
    return {
        "median rank": float(np.median(ranks(places.of("service_level"))[towns])),
        "towns": float(towns.sum()),
    }


def ranks(level: Floats) -> Floats:
    """(P,) the share of places with a higher level, and of half of those with the same."""
    ordered = np.sort(level)
    higher = len(level) - np.searchsorted(ordered, level, side="right")
    same = np.searchsorted(ordered, level, side="right") - np.searchsorted(ordered, level, side="left")
    return (higher + same / 2.0) / len(level)


@check(
    "P41",
    "municipalities with exchange events, 2001 (972 international exchange associations among some 3,200 "
    "municipalities of before the mergers, 30%)",
    Part("with exchange events", "share", between(0.20, 0.60)),
)
def with_exchange(run: Run) -> Values:
    """Municipalities that offer exchange events at the end of 2001."""
    return {"with exchange events": float((municipalities(run, 2001).offered(["exchange"]) > 0).mean())}
