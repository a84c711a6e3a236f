"""P16 to P22, P28, P30: NGOs, who knows what, programmes, and what movers lose."""

from __future__ import annotations

from ...outcomes.groups import share
from ...outcomes.run import Run
from .observations import Municipalities, census, month_of, municipalities, part, rank_correlation
from .pattern import NotAnswerable, Part, Values, above, between, check, fit

INDUSTRIAL = 0.5
LEAST_COETHNICS = 200
LEAST_MIGRANTS = 50
BEST_FIFTH = 5


@fit(
    "P16",
    "NGOs that help foreign workers, 2002 (article: about 200)",
    Part("NGOs", "count", between(150, 250)),
)
def ngos(run: Run) -> Values:
    """NGOs in the country at the end of December 2002."""
    nation = run.table("nation")
    return {"NGOs": float(nation.loc[nation["month"] == month_of(run, "2002-12"), "ngos"].sum())}


@check(
    "P17",
    "migrants who know of any NGO that would help them, 2002 (article: most have not heard)",
    Part("know of an NGO", "share", between(0.10, 0.45)),
)
def know_an_ngo(run: Run) -> Values:
    """Census of December 2002: those who know a kind of NGO that exists in their municipality; everybody but
    citizens.
    """
    rows = census(run, 2002)
    return {"know of an NGO": part(rows["knows_ngo"].sum(), rows["persons"].sum(), "migrants")}


def provided_cities(run: Run) -> Municipalities:
    """The municipalities of P18: the best-provided tenth, industrial, with co-ethnics; end of 2003."""
    all_ = municipalities(run, 2003)
    level = all_.of("service_level")
    ranked = level.argsort(kind="stable")[::-1]
    best = ranked[: max(1, round(len(level) / 10))]
    chosen = best[(all_.of("industry")[best] > INDUSTRIAL) & (all_.of("coethnics")[best] >= LEAST_COETHNICS)]
    if not len(chosen):
        raise NotAnswerable("no well-provided industrial city has 200 co-ethnics")
    return Municipalities(all_.state.iloc[chosen], all_.place.iloc[chosen])


def of_coethnics(run: Run, column: str) -> float:
    """Sum of a column over the co-ethnics, in the cities of P18."""
    cities = provided_cities(run)
    return float(cities.of(column).sum() / cities.of("coethnics").sum())


@fit(
    "P18",
    "side-door co-ethnics in well-provided industrial cities who do not know the city's health and welfare "
    "services, 2003 (Toyohashi: 47.8%)",
    Part("do not know", "share", between(0.38, 0.58)),
    Part("cities", "count"),
)
def ignorant_of_welfare(run: Run) -> Values:
    """End of 2003, all co-ethnics (by door of entry) of these cities taken together: the tenth of all
    municipalities with the highest service level, of these the ones with industry above 0.5 and at least 200
    co-ethnics. Health and welfare services are the city's health insurance, emergency care and consultation;
    who knows one of them knows.
    """
    know = of_coethnics(run, "coethnics_know_welfare")
    return {"do not know": 1 - know, "cities": float(len(provided_cities(run).state))}


@fit(
    "P19",
    "the same group without health insurance, 2003 (34.4%)",
    Part("uninsured", "share", between(0.27, 0.42)),
)
def uninsured(run: Run) -> Values:
    """The cities and co-ethnics of P18, end of 2003: those not in the health insurance."""
    return {"uninsured": 1 - of_coethnics(run, "coethnics_insured")}


@check(
    "P20",
    "the same group living in the city of their arrival, 2003 (40.3%, of whom most came five to ten years "
    "before)",
    Part("in the city of arrival", "share", between(0.30, 0.50)),
)
def city_of_arrival(run: Run) -> Values:
    """The cities and co-ethnics of P18, end of 2003: those who have never moved to another municipality."""
    return {"in the city of arrival": of_coethnics(run, "coethnics_first_city")}


@check(
    "P21",
    "migrants in any sustained programme (article: a small minority; language learners about 8% in 2023)",
    Part("in a programme", "share", between(0.04, 0.15)),
)
def in_a_programme(run: Run) -> Values:
    """Census of December 2004: in language classes, school and parents' group, exchange or council; everybody
    but citizens.
    """
    rows = census(run, 2004)
    return {"in a programme": part(rows["sustained"].sum(), rows["persons"].sum(), "migrants")}


@check(
    "P22",
    "of claims on NGOs, those by people who do not come back within a year after the problem is solved "
    "(article: leave quickly)",
    Part("do not come back", "share", between(0.60, 0.95)),
)
def do_not_come_back(run: Run) -> Values:
    """One less returns over needs met by NGOs, both summed over January 1996 to December 2006. A return is
    a new claim on an NGO within the parameter's time (12 months) after an NGO met a need.
    """
    rows = run.table("monthly")
    rows = rows[rows["month"].between(month_of(run, "1996-01"), month_of(run, "2006-12"))]
    returned = part(rows["ngo_returned"].sum(), rows["ngo_served"].sum(), "needs met by NGOs")
    return {"do not come back": 1 - returned}


@check(
    "P28",
    "NGO capacity per migrant against the unauthorised share of the place",
    Part("rank correlation", "number", above(0.2)),
    uncounted="P28b is its sharper form",
)
def ngos_where_unauthorised(run: Run) -> Values:
    """Spearman's rank correlation over the municipalities with at least 50 migrants at the end of 2004: NGO
    cases a month for each migrant, and unauthorised over migrants.
    """
    cities = municipalities(run, 2004)
    enough = cities.of("migrants") >= LEAST_MIGRANTS
    people = cities.of("migrants")[enough]
    capacity = share(cities.of("ngo_capacity")[enough], people)
    outside = share(cities.of("unauthorised")[enough], people)
    name = "municipalities with 50 migrants"
    return {"rank correlation": rank_correlation(capacity, outside, name)}


@check(
    "P30",
    "services of movers: mean service level lost a move from the best fifth of places",
    Part("level lost a move", "number", above(0.0), clear=True),
)
def lost_by_moving(run: Run) -> Values:
    """All moves of the run out of the best fifth (municipalities ranked by service level, so cut that each
    fifth holds a fifth of the migrants): mean service level of the place left less that of the place moved
    to. The interval is that of the mean over seeds.
    """
    moves = run.table("moves")[lambda rows: rows["origin_fifth"] == BEST_FIFTH]
    lost = moves["level_before"].sum() - moves["level_after"].sum()
    return {"level lost a move": part(lost, moves["moves"].sum(), "moves out of the best fifth")}
