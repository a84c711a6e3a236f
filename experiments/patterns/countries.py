"""P31 to P34 and P48: Italy, Korea and Spain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from ...outcomes.groups import own_help_of
from ...outcomes.run import Run, date_of
from ...outcomes.unevenness import theil, theil_decomposed
from .observations import CITIZENS, month_of, municipalities, part, rank_correlation, stock_by_month
from .pattern import (
    NotAnswerable,
    Part,
    Values,
    above,
    at_least,
    between,
    check,
    fit,
    in_real_regions,
    reported,
)
from .people import moves_a_year

YEAR_OF_MOVES = 2019
UNDOCUMENTED = ("overstayer", "smuggled")
NEAR_ZERO = 0.005  # half the square of the coefficient of variation: regions a tenth of the mean apart
YEARS = {"japan": 2004, "italy": 2005, "spain": 2007}  # Spain's fund flowed from 2005 to 2009
TEN_YEARS = 120

# Foreign share in % on 1 January 2005 (INE, Padrón, in Expatica of 17 January 2006) of 13 of 17 autonomous communities,
# the wider regions of Spain's table.
FOREIGN_2005 = {
    "Balearics": 15.9,
    "Madrid": 13.1,
    "Valencia": 12.4,
    "Murcia": 12.4,
    "Catalonia": 11.4,
    "Canaries": 11.3,
    "Rioja": 10.3,
    "Cantabria": 3.7,
    "Castile and León": 3.6,
    "Basque Country": 3.4,
    "Asturias": 2.5,
    "Galicia": 2.5,
    "Extremadura": 2.3,
}


@fit(
    "P31",
    "Italy: residents moving to another municipality, a year (5.7% in 2019)",
    Part("moving a year", "share", between(0.045, 0.07)),
    setting="italy",
)
def moving_in_italy(run: Run) -> Values:
    """As P10, in Italy: in 2019 if it was simulated, else the mean of the last five whole years simulated."""
    return {"moving a year": moves_a_year(run, YEAR_OF_MOVES)}


def undocumented(run: Run, date: str) -> float:
    """Overstayers and smuggled over everybody but citizens, at the end of a month: spouses of nationals too, since the
    figures are of all foreigners who stay."""
    rows = run.table("doors")
    rows = rows[~rows["status"].isin(CITIZENS)]
    outside = rows[rows["status"].isin(UNDOCUMENTED)]
    month = month_of(run, date)
    return part(stock_by_month(outside, run)[month], stock_by_month(rows, run)[month], "migrants")


@fit(
    "P32a",
    "Korea: undocumented share, 2004 (27.9%)",
    Part("undocumented", "share", between(0.23, 0.33)),
    setting="korea",
)
def korea_2004(run: Run) -> Values:
    """Overstayers and smuggled over everybody but citizens at the end of December 2004 (who works outside the
    activity of a visa is documented).
    """
    return {"undocumented": undocumented(run, "2004-12")}


@check(
    "P32b",
    "Korea: undocumented share, 2010 (14.4%)",
    Part("undocumented", "share", between(0.10, 0.20)),
    setting="korea",
)
def korea_2010(run: Run) -> Values:
    """As P32a, at the end of June 2010, the date of the figure."""
    return {"undocumented": undocumented(run, "2010-06")}


def between_regions(run: Run, year: int) -> Values:
    """Theil index of service level between wider regions at a year's end, weighted by migrants and by residents."""
    places = municipalities(run, year)
    level, region = places.of("service_level"), places.wider_region
    found: Values = {}
    for weights in ("migrants", "population"):
        if not (level * places.of(weights)).sum():
            raise NotAnswerable("no municipality with people offers anything")
        found[weights] = theil_decomposed(level, places.of(weights), region).between
    return found


@check(
    "P33",
    "unevenness (population-weighted Theil of service level between regions): Japan against Italy and Spain "
    "while the fund flows",
    Part("Japan less Italy", "number", above(0.0)),
    Part("Japan less Spain", "number", above(0.0)),
    Part("the least of the three", "number", at_least(NEAR_ZERO)),
    Part("Japan", "number"),
    Part("Italy", "number"),
    Part("Spain", "number"),
    Part("Japan, weighted by residents", "number"),
    Part("Italy, weighted by residents", "number"),
    Part("Spain, weighted by residents", "number"),
    observers={
        "japan": lambda run: between_regions(run, YEARS["japan"]),
        "italy": lambda run: between_regions(run, YEARS["italy"]),
        "spain": lambda run: between_regions(run, YEARS["spain"]),
    },
)
def unevenness_of_countries(observed: Mapping[str, Values]) -> Values:
    """Between-regions part of the Theil index of service level, municipalities weighted by the migrants
    who live there. Regions are the units of two to three million residents that have a government of their own, the
    wider regions of the tables: Japan's 47 prefectures at the end of 2004, Italy's 20 regions of 2005, Spain's 19
    autonomous communities and cities of 2007. Near zero is below 0.005, as if regions were no more than a tenth of the
    mean apart.
    """
    names = {"Japan": "japan", "Italy": "italy", "Spain": "spain"}
    theil = {name: observed[setting]["migrants"] for name, setting in names.items()}
    return {
        "Japan less Italy": theil["Japan"] - theil["Italy"],
        "Japan less Spain": theil["Japan"] - theil["Spain"],
        "the least of the three": min(theil.values()),
        **theil,
        **{f"{name}, weighted by residents": observed[at]["population"] for name, at in names.items()},
    }


@check(
    "P34",
    "Spain: foreign share by region, 2005 (Balearics 15.9% … Extremadura 2.3%): rank correlation after ten "
    "simulated years",
    Part("rank correlation", "number", above(0.8)),
    setting="spain",
    given=in_real_regions,
)
def foreign_share_in_spain(run: Run) -> Values:
    """Spearman's rank correlation over the 13 autonomous communities of which the figure of 1 January 2005 is
    known: migrants over residents at the end of the tenth year of the run, with that figure.
    """
    date = date_of(run.start, TEN_YEARS - 1)
    month_of(run, date)
    if not date.endswith("-12"):
        raise NotAnswerable("its tenth year does not end with December")
    places = municipalities(run, int(date[:4]))
    simulated = []
    for community in FOREIGN_2005:
        inside = places.wider_region == community
        residents = places.of("population")[inside].sum()
        simulated.append(part(places.of("migrants")[inside].sum(), residents, f"residents of {community}"))
    return {"rank correlation": rank_correlation(simulated, list(FOREIGN_2005.values()), "communities")}


def needs_met(run: Run, year: int) -> Values:
    """What was met of a year's needs, unevenness of that between wider regions, and how well services fit."""
    first = month_of(run, f"{year}-01")
    places = municipalities(run, year)
    needs = run.table("needs")
    needs = needs[needs["month"].between(first, first + 11)]
    wider = dict(zip(places.place["region"], places.wider_region, strict=True))
    other = ["unmet", *own_help_of(run)]
    rows = needs.groupby(needs["region"].map(wider).to_numpy(str))[["needs", *other]].sum()
    rows = rows[rows["needs"] > 0]
    met = 1.0 - rows[other].sum(axis=1) / rows["needs"]
    if not met.sum():
        raise NotAnswerable("no need was met")
    return {
        "between regions": theil(met, rows["needs"]),
        "met": float(np.average(met, weights=rows["needs"])),
        "fit": float(np.average(places.of("fit"), weights=places.of("migrants"))),
    }


_UNDER_GUIDANCE = "italy under guidance"


@reported(
    "P48",
    "Italy and Spain under money: uniformity bought? needs met between regions against Japan's, and fit of services "
    "where guidance is strong against weak",
    *(
        Part(f"{part}, {country}", kind)
        for part, kind in (("between regions", "number"), ("met", "share"), ("fit", "share"))
        for country in ("Japan", "Italy", "Spain", "Italy under guidance")
    ),
    observers={
        name: partial(needs_met, year=year)
        for name, year in {**YEARS, _UNDER_GUIDANCE: YEARS["italy"]}.items()
    },
)
def uniformity_and_fit(observed: Mapping[str, Values]) -> Values:
    """Theil index of the share of needs met between wider regions, weighted by needs, in the years of P33; what is met
    of all needs; and how well services fit, by migrants. Under guidance Italy's cities follow, from the start and as in
    the scenario national-standard, a uniform standard of 0.6 to nine tenths. No band: either sign would be an answer.
    """
    return {
        f"{part}, {name[0].upper()}{name[1:]}": value
        for name, values in observed.items()
        for part, value in values.items()
    }
