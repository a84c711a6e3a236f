"""P31 to P34: Italy, Korea and Spain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...outcomes.run import Run, date_of
from ...outcomes.unevenness import theil_decomposed
from .observations import month_of, municipalities, part, rank_correlation, stock_by_month, stocks
from .pattern import NotAnswerable, Part, Values, above, at_least, between, check, fit, in_real_regions
from .people import moves_a_year

YEAR_OF_MOVES = 2019
UNDOCUMENTED = ("overstayer", "smuggled")
NEAR_ZERO = 0.005  # half the square of the coefficient of variation: regions a tenth of the mean apart
YEARS = {"japan": 2004, "italy": 2005, "spain": 2007}  # Spain's fund flowed from 2005 to 2009
TEN_YEARS = 120

# Foreign share in % on 1 January 2005 (INE, Padrón, in Expatica of 17 January 2006) of 13 of 17 communities, and the
# provinces that make up each of them, as spain_provinces.csv calls them.
COMMUNITIES = {
    "Balearics": (15.9, "Balears, Illes"),
    "Madrid": (13.1, "Madrid"),
    "Valencia": (12.4, "Alicante/Alacant; Castellón/Castelló; Valencia/València"),
    "Murcia": (12.4, "Murcia"),
    "Catalonia": (11.4, "Barcelona; Girona; Lleida; Tarragona"),
    "Canaries": (11.3, "Palmas, Las; Santa Cruz de Tenerife"),
    "Rioja": (10.3, "Rioja, La"),
    "Cantabria": (3.7, "Cantabria"),
    "Castile and León": (3.6, "Ávila; Burgos; León; Palencia; Salamanca; Segovia; Soria; Valladolid; Zamora"),
    "Basque Country": (3.4, "Araba/Álava; Bizkaia; Gipuzkoa"),
    "Asturias": (2.5, "Asturias"),
    "Galicia": (2.5, "Coruña, A; Lugo; Ourense; Pontevedra"),
    "Extremadura": (2.3, "Badajoz; Cáceres"),
}
FOREIGN_2005 = {name: share for name, (share, _) in COMMUNITIES.items()}
PROVINCES = {name: provinces.split("; ") for name, (_, provinces) in COMMUNITIES.items()}


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
    """Overstayers and smuggled over everybody but citizens, at the end of a month."""
    rows = stocks(run)
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
    """Theil index of service level between regions at a year's end, weighted by migrants and by residents."""
    places = municipalities(run, year)
    level, region = places.of("service_level"), places.of("region")
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
    who live there: Japan (prefectures) at the end of 2004, Italy (regions) of 2005, Spain (provinces) of
    2007. Near zero is below 0.005, as if regions were no more than a tenth of the mean apart.
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
    known: migrants over residents at the end of the tenth year of the run, provinces taken together to
    communities, with that figure.
    """
    date = date_of(run.start, TEN_YEARS - 1)
    month_of(run, date)
    if not date.endswith("-12"):
        raise NotAnswerable("its tenth year does not end with December")
    places = municipalities(run, int(date[:4]))
    name = places.place["region_name"].astype(str).to_numpy()
    simulated = []
    for community in FOREIGN_2005:
        inside = np.isin(name, PROVINCES[community])
        residents = places.of("population")[inside].sum()
        simulated.append(part(places.of("migrants")[inside].sum(), residents, f"residents of {community}"))
    return {"rank correlation": rank_correlation(simulated, list(FOREIGN_2005.values()), "communities")}
