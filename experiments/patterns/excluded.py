"""P28b, P37, P44, P47: NGOs where the unauthorised are, who fills the gap, fear, and public concern."""

from __future__ import annotations

import numpy as np
from scipy import stats

from ...outcomes.groups import year_of_month
from ...outcomes.run import Run
from .claims import LEAST_MIGRANTS
from .observations import Floats, month_of, municipalities, part, unauthorised
from .pattern import NotAnswerable, Part, Values, above, between, check

FEARFUL_YEARS = range(1992, 2009)
CALM, HUNTED = range(1995, 2000), range(2005, 2009)


def partial_rank_correlation(a: Floats, b: Floats, given: Floats, name: str) -> tuple[float, float]:
    """Spearman's correlation of a and b with `given` held constant, and the lower end of its 95% interval (Fisher's z).

    Errors: NotAnswerable for fewer than ten `name`, or where ranks leave nothing to correlate.
    """
    if len(a) < 10:
        raise NotAnswerable(f"there are fewer than ten {name}")
    design = np.column_stack([np.ones(len(a)), stats.rankdata(given)])

    def left(values: Floats) -> Floats:
        ranks = stats.rankdata(values)
        return ranks - design @ np.linalg.lstsq(design, ranks, rcond=None)[0]

    one, other = left(a), left(b)
    if min(one.std(), other.std()) < 1e-6:
        raise NotAnswerable(f"all {name} are alike")
    r = float(np.corrcoef(one, other)[0, 1])
    if 1.0 - abs(r) < 1e-9:
        return r, r
    return r, float(np.tanh(np.arctanh(r) - 1.96 / np.sqrt(len(a) - 4)))


@check(
    "P28b",
    "NGO capacity (by catchment) against the number of unauthorised, given the number of legal residents",
    Part("partial rank correlation", "number", above(0.15)),
    Part("lower end", "number", above(0.0)),
    Part("by place of the office", "number"),
    Part("against the legal, given the unauthorised", "number"),
)
def ngos_where_many_unauthorised(run: Run) -> Values:
    """Municipalities with at least 50 migrants at the end of 2004: cases a month that NGOs within reach can take on, as
    they fall to the place by distance and the cases that it brings, against its unauthorised; ranks, with those of its
    other migrants held constant. The interval is over municipalities, by Fisher's z. Beside it the same with each NGO's
    cases put where its office is, and the correlation with the other migrants, the unauthorised held constant.
    """
    cities = municipalities(run, 2004)
    enough = cities.of("migrants") >= LEAST_MIGRANTS
    outside = cities.of("unauthorised")[enough]
    legal = cities.of("migrants")[enough] - outside
    name = "municipalities with 50 migrants"
    near, lower = partial_rank_correlation(cities.of("ngo_within_reach")[enough], outside, legal, name)
    here, _ = partial_rank_correlation(cities.of("ngo_capacity")[enough], outside, legal, name)
    others, _ = partial_rank_correlation(cities.of("ngo_within_reach")[enough], legal, outside, name)
    return {
        "partial rank correlation": near,
        "lower end": lower,
        "by place of the office": here,
        "against the legal, given the unauthorised": others,
    }


@check(
    "P37",
    "who meets needs, 2002–2004, informal help and job insurance apart: cities and NGOs together against the state "
    '(article: "almost exclusively responsible")',
    Part("cities and NGOs", "share", above(0.60)),
    Part("informal, of all met", "share"),
    Part("job insurance, of all met", "share"),
)
def who_fills(run: Run) -> Values:
    """Needs met by cities and NGOs over those met by cities, NGOs and offices of the state, January 2002 to December
    2004. Beside it what compatriots and the insurance of the job met, of all that were met.
    """
    rows = run.table("monthly")
    rows = rows[rows["month"].between(month_of(run, "2002-01"), month_of(run, "2004-12"))]
    met = {name: float(rows[f"served_{name}"].sum()) for name in ("city", "ngo", "nation", "job", "informal")}
    local = met["city"] + met["ngo"]
    everybody = sum(met.values())
    return {
        "cities and NGOs": part(local, local + met["nation"], "needs that an office met"),
        "informal, of all met": part(met["informal"], everybody, "needs met"),
        "job insurance, of all met": part(met["job"], everybody, "needs met"),
    }


@check(
    "P44",
    "unauthorised who know of a government office and do not dare, yearly 1992–2008",
    Part("least", "share", between(0.20, 0.95)),
    Part("most", "share", between(0.20, 0.95)),
    Part("after 2004 beyond 1995–1999", "number", above(0.0)),
    Part("1995–1999", "share"),
    Part("2005–2008", "share"),
)
def do_not_dare(run: Run) -> Values:
    """Needs of the unauthorised in whose first month they knew of an office of city or state that answers such a need:
    the share in which they dared to ask none, by calendar year. After 2004 is 2005 to 2008.
    """
    month_of(run, "1992-01"), month_of(run, "2008-12")
    rows = unauthorised(run.table("monthly"))
    year = year_of_month(run)[rows["month"].to_numpy(np.int64)]
    sums = rows[["office_known", "office_feared"]].groupby(year).sum()

    def afraid(years: range) -> float:
        of = sums.reindex(years, fill_value=0).sum()
        return part(of["office_feared"], of["office_known"], "unauthorised who know of an office")

    by_year = [afraid(range(each, each + 1)) for each in FEARFUL_YEARS]
    calm, hunted = afraid(CALM), afraid(HUNTED)
    return {
        "least": min(by_year),
        "most": max(by_year),
        "after 2004 beyond 1995–1999": hunted - calm,
        "1995–1999": calm,
        "2005–2008": hunted,
    }


@check(
    "P47",
    "public concern over foreigners' crime, mean of 2000–2003 against 1993–1996 (article: increasing)",
    Part("rise", "number", above(0.0)),
    Part("1993–1996", "number"),
    Part("2000–2003", "number"),
    uncounted="a campaign in 2000 is an input, and what it takes of attention was chosen with this in sight",
)
def concern_rises(run: Run) -> Values:
    """Public perception of crime (A9), 0 to 1: mean of the months of 2000 to 2003 less that of 1993 to 1996."""
    nation = run.table("nation")

    def mean(first: str, last: str) -> float:
        months = nation["month"].between(month_of(run, first), month_of(run, last))
        return float(nation.loc[months, "perception"].mean())

    before, after = mean("1993-01", "1996-12"), mean("2000-01", "2003-12")
    return {"rise": after - before, "1993–1996": before, "2000–2003": after}
