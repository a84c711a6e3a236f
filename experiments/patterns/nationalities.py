"""P35, P36, P42, P43, P45, P46, P49: co-ethnics in the crisis, last status, enclaves, insurance, naturalisation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...outcomes.groups import share
from ...outcomes.run import Run
from .claims import LEAST_COETHNICS
from .observations import (
    CITIZENS,
    REGISTERED,
    doors_having,
    month_of,
    municipalities,
    part,
    plain,
)
from .pattern import NotAnswerable, Part, Values, above, between, check, fit

VISIBLE = 0.04
# Overstayers of January 2004 by the status they last had (Ministry of Justice), of 219,418.
LAST_STATUS = {
    "visitor": 150_326,
    "entertainer": 11_974,
    "student": 16_183,
    "trainee": 3_959,
    "other": 36_976,
}
NATURALISING = range(2002, 2007)
LONG_SETTLED = "korea"  # whose naturalisations are, in the register, those of a minority of before 1945


def stock_at(
    run: Run, date: str, doors: list[str] | None = None, statuses: tuple[str, ...] | None = None
) -> float:
    """Persons at the end of a month, of some doors and statuses (all but citizens unless told)."""
    rows = run.table("doors")
    rows = rows[rows["month"] == month_of(run, date)]
    if doors is not None:
        rows = rows[rows["door"].isin(doors)]
    kept = rows["status"].isin(statuses) if statuses else ~rows["status"].isin(CITIZENS)
    return float(rows.loc[kept, "stock"].sum())


def coethnic_doors(run: Run) -> list[str]:
    """The categories of Japanese descent. Errors: NotAnswerable if there are none."""
    doors = doors_having(run, "coethnic")
    if not doors:
        raise NotAnswerable("there are no co-ethnics")
    return doors


@check(
    "P35",
    "co-ethnics in the country, end of 2008 to end of 2011 (Brazilians in Aichi 79,156 to 54,458; registered "
    "foreigners 2.22 to 2.08 million)",
    Part("co-ethnics", "share", between(-0.40, -0.15)),
    Part("all on the register", "share", between(-0.12, -0.02)),
)
def after_the_crisis(run: Run) -> Values:
    """Change of the stock from December 2008 to December 2011: of co-ethnics but citizens, and of all who hold a visa
    or permanent residence, spouses of nationals among them.
    """
    doors = coethnic_doors(run)
    own = part(stock_at(run, "2011-12", doors), stock_at(run, "2008-12", doors), "co-ethnics")
    after, before = (stock_at(run, date, statuses=REGISTERED) for date in ("2011-12", "2008-12"))
    return {"co-ethnics": own - 1.0, "all on the register": part(after, before, "residents") - 1.0}


@fit(
    "P36",
    "overstayers by last status, January 2004 (150,326 visitors, 11,974 entertainers, 16,183 students, 3,959 "
    "trainees, 36,976 other, of 219,418), over the share observed",
    *(
        Part(f"{channel}s" if channel != "other" else channel, "ratio", between(0.5, 2.0))
        for channel in LAST_STATUS
    ),
)
def last_status(run: Run) -> Values:
    """Overstayers at the end of December 2003 by the channel through which they entered, as shares, each over the
    share observed.
    """
    rows = run.table("doors")
    rows = rows[(rows["month"] == month_of(run, "2003-12")) & (rows["status"] == "overstayer")]
    channel = {name: door.channel for name, door in run.entries.doors.items()}
    of = rows["door"].astype(str).map(channel)
    found = rows["stock"].groupby(of.where(of.isin(list(LAST_STATUS)), "other")).sum()
    whole, observed = float(found.sum()), sum(LAST_STATUS.values())
    return {
        f"{name}s" if name != "other" else name: part(found.get(name, 0), whole, "overstayers")
        * observed
        / count
        for name, count in LAST_STATUS.items()
    }


@check(
    "P42",
    "municipalities where one group is over 4% of residents (scaled as in P13), 2004 (article: highly visible "
    "communities; Ōizumi)",
    Part("municipalities", "count", between(2, 25)),
)
def visible_communities(run: Run) -> Values:
    """End of 2004: the largest group of compatriots over residents, scaled by register total over model stock."""
    places = municipalities(run, 2004)
    scale = part(places.of("foreign_residents").sum(), places.of("migrants").sum(), "migrants")
    largest = share(places.of("largest_group") * scale, places.of("population"))
    return {"municipalities": float((largest > VISIBLE).sum())}


@check(
    "P43",
    "uninsured share of co-ethnics among places with 200 of them, 2003: range from 10th to 90th percentile",
    Part("range", "share", above(0.10)),
)
def uneven_insurance(run: Run) -> Values:
    """End of 2003, over the municipalities with 200 co-ethnics and more: 90th less 10th percentile of the share
    without health insurance.
    """
    places = municipalities(run, 2003)
    people = places.of("coethnics")
    enough = people >= LEAST_COETHNICS
    if enough.sum() < 3:
        raise NotAnswerable("fewer than three municipalities have 200 co-ethnics")
    uninsured = 1.0 - places.of("coethnics_insured")[enough] / people[enough]
    low, high = np.quantile(uninsured, [0.1, 0.9])
    return {"range": float(high - low)}


@check(
    "P45",
    "departures of co-ethnics, year from October 2008 against the year from October 2006",
    Part("ratio", "ratio", above(1.5)),
)
def departures_in_the_crisis(run: Run) -> Values:
    """Departures from the country for whatever reason, twelve months each."""
    doors = coethnic_doors(run)
    rows = run.table("departures")
    rows = rows[rows["door"].isin(doors)]

    def departed(begin: str) -> float:
        first = month_of(run, begin)
        return float(rows.loc[rows["month"].between(first, first + 11), "persons"].sum())

    month_of(run, "2009-09")
    return {"ratio": part(departed("2008-10"), departed("2006-10"), "departures")}


@fit(
    "P46",
    "naturalised a year over registered residents, Koreans left out, 2002–2006 mean (0.42%)",
    Part("naturalised a year", "share", between(0.0028, 0.0055)),
)
def naturalised(run: Run) -> Values:
    """Those who became citizens in a year (growth of the stock of citizens, and citizens who left), over the mean of
    the residents with a visa at its beginning and end; without those of Korea's group.
    """
    doors = [name for name in run.entries.doors if run.entries.doors[name].group != LONG_SETTLED]
    gone = run.table("departures")
    gone = gone[gone["door"].isin(doors) & gone["status"].isin(CITIZENS)]
    rates = []
    for year in NATURALISING:
        before, after = f"{year - 1}-12", f"{year}-12"
        first, last = month_of(run, before) + 1, month_of(run, after)
        left = float(gone.loc[gone["month"].between(first, last), "persons"].sum())
        new = stock_at(run, after, doors, CITIZENS) - stock_at(run, before, doors, CITIZENS) + left
        residents = [stock_at(run, date, doors, REGISTERED) for date in (before, after)]
        rates.append(part(new, float(np.mean(residents)), "residents"))
    return {"naturalised a year": float(np.mean(rates))}


@check(
    "P49",
    "co-ethnics' share living in Aichi, 2004 (24,296 of 119,333 Brazilians in 1991; 79,156 of 312,582 in 2008)",
    Part("in Aichi", "share", between(0.15, 0.32)),
)
def in_aichi(run: Run) -> Values:
    """End of 2004: co-ethnics in the municipalities of Aichi over all."""
    places = municipalities(run, 2004)
    there: pd.Series = places.place["region_name"].astype(str).map(plain) == "aichi"
    people = places.of("coethnics")
    return {"in Aichi": part(people[there.to_numpy()].sum(), people.sum(), "co-ethnics")}
