"""P01 to P12: how many, by which door and in what status; how long they stay, whether they move and leave."""

from __future__ import annotations

import numpy as np

from ...outcomes.run import Run
from .observations import (
    CITIZENS,
    census,
    doors_having,
    month_of,
    part,
    stock_by_month,
    stocks,
    unauthorised,
    whole_years,
    yearly_rate,
)
from .pattern import NotAnswerable, Part, Values, above, below, between, check, fit

LARGE_GROUP = 0.05
DECADE = range(1995, 2005)


@fit(
    "P01",
    "migrant stock, end of 2004 (article: close to 900,000; 0.71% of 127 million)",
    Part("migrants", "persons", between(810_000, 990_000)),
)
def stock(run: Run) -> Values:
    """Everybody but citizens in the country at the end of December 2004."""
    return {"migrants": float(stock_by_month(stocks(run), run)[month_of(run, "2004-12")])}


@fit(
    "P02",
    "un- and semi-skilled among them (article: about 800,000)",
    Part("un- and semi-skilled", "share", between(0.85, 0.93)),
)
def unskilled(run: Run) -> Values:
    """Of the migrants of P01, those who entered by any door but `skilled`."""
    now = stocks(run)[lambda rows: rows["month"] == month_of(run, "2004-12")]
    low = now.loc[now["door"] != "skilled", "stock"].sum()
    return {"un- and semi-skilled": part(low, now["stock"].sum(), "migrants")}


@fit(
    "P03",
    "of these, share that entered by side doors (article: over half)",
    Part("by side doors", "share", between(0.50, 0.65)),
)
def side_doors(run: Run) -> Values:
    """Of the un- and semi-skilled of P02, those whose door is a side door (co-ethnics, trainees, pre-college
    students, entertainers), whatever their status by now.
    """
    now = stocks(run)[lambda rows: rows["month"] == month_of(run, "2004-12")]
    low = now[now["door"] != "skilled"]
    side = low.loc[low["door"].isin(doors_having(run, "kind", "side")), "stock"].sum()
    return {"by side doors": part(side, low["stock"].sum(), "un- and semi-skilled")}


@fit(
    "P04",
    "all unauthorised (overstay, smuggled, outside the visa's activity), 1993–2004 mean "
    "(article: well over 300,000)",
    Part("unauthorised", "persons", between(300_000, 420_000)),
)
def all_unauthorised(run: Run) -> Values:
    """Mean of the month-end stocks of irregular, overstayers and smuggled, January 1993 to December 2004."""
    first, last = month_of(run, "1993-01"), month_of(run, "2004-12")
    return {"unauthorised": float(stock_by_month(unauthorised(stocks(run)), run)[first : last + 1].mean())}


@fit(
    "P05",
    "overstayers: peak year and ratio of 2004 to peak (298,646 in May 1993; 219,418 in January 2004)",
    Part("peak year", "year", between(1992, 1995)),
    Part("2004 to peak", "share", between(0.63, 0.83)),
    Part("peak", "persons"),
)
def overstayers(run: Run) -> Values:
    """Month-end stock of overstayers: the calendar year of its highest value in the whole run, and its
    value at the end of December 2003 (the official count is of 1 January 2004) over the highest.
    """
    month_of(run, "1990-01"), month_of(run, "2004-12")
    rows = stocks(run)
    series = stock_by_month(rows[rows["status"] == "overstayer"], run)
    peak = int(series.argmax())
    ratio = part(series[month_of(run, "2003-12")], series[peak], "overstayers")
    return {"peak year": float(run.date(peak)[:4]), "2004 to peak": ratio, "peak": float(series[peak])}


@check(
    "P06",
    "overstayers three years or longer in the country, 1996 (article: nearly half)",
    Part("three years or longer", "share", between(0.40, 0.52)),
)
def long_overstayers(run: Run) -> Values:
    """Census of December 1996: of the overstayers, those with three whole years in the country or more (years
    in the country, not years since the visa ran out).
    """
    rows = census(run, 1996)[lambda rows: rows["status"] == "overstayer"]
    long = rows.loc[rows["stay"] >= 3, "persons"].sum()
    return {"three years or longer": part(long, rows["persons"].sum(), "overstayers")}


@fit(
    "P07",
    "mean stay so far of all migrants, 1996 (article: had reached five years)",
    Part("years", "number", between(4, 6)),
)
def mean_stay(run: Run) -> Values:
    """Census of December 1996: months stayed so far over persons, in years; everybody but citizens."""
    rows = census(run, 1996)
    return {"years": part(rows["months_stayed"].sum(), rows["persons"].sum(), "migrants") / 12}


@check(
    "P08",
    "share who intend to settle, by group, 1996 (article: over half of Filipinos, Chinese, Thais)",
    Part("most settled large group", "share", above(0.5)),
    Part("all migrants", "share", below(0.6)),
)
def settlers(run: Run) -> Values:
    """Census of December 1996: settlers over persons, spouses of nationals among them. A group is that of
    compatriots; a large one has at least 5% of all migrants.
    """
    table = run.table("census")
    rows = table[(table["year"] == 1996) & ~table["status"].isin(CITIZENS)]
    month_of(run, "1996-12")
    group = rows["door"].astype(str).map({name: door.group for name, door in run.entries.doors.items()})
    groups = rows.groupby(group)[["settlers", "persons"]].sum()
    everybody = part(groups["settlers"].sum(), groups["persons"].sum(), "migrants")
    large = groups[groups["persons"] >= LARGE_GROUP * groups["persons"].sum()]
    highest = float((large["settlers"] / large["persons"]).max())
    return {"most settled large group": highest, "all migrants": everybody}


@check(
    "P09",
    "stock through the recession decade 1992–2002: largest fall from a peak (article: no appreciable "
    "decline)",
    Part("largest fall", "share", below(0.05)),
)
def no_decline(run: Run) -> Values:
    """Month-end stock of everybody but citizens, January 1992 to December 2002: the largest fall below the
    highest value reached so far since January 1992, as a share of that value.
    """
    first, last = month_of(run, "1992-01"), month_of(run, "2002-12")
    series = stock_by_month(stocks(run), run)[first : last + 1]
    highest = np.maximum.accumulate(series)
    if not highest[0]:
        raise NotAnswerable("there are no migrants")
    return {"largest fall": float(((highest - series) / highest).max())}


@fit(
    "P10",
    "legal residents moving to another municipality, a year (13.7% in 2013; natives 4.0%)",
    Part("moving a year", "share", between(0.12, 0.16)),
)
def moving(run: Run) -> Values:
    """Moves to another municipality by registered residents (denizen, legal, irregular: all who hold a
    visa) in a calendar year over the mean of their month-end stocks; mean of the years 1995 to 2004.
    """
    return {"moving a year": yearly_rate(run, ["moved_out"], DECADE)}


@fit(
    "P11",
    "legal residents leaving the country, a year (4.7–6.6%)",
    Part("leaving a year", "share", between(0.04, 0.08)),
    Part("with deportations", "share"),
)
def leaving(run: Run) -> Values:
    """As P10, with departures from the country of one's own accord. Who is deported is struck off the
    register ex officio, which the register counts apart; the rate with deportations is shown beside.
    """
    return {
        "leaving a year": yearly_rate(run, ["left"], DECADE),
        "with deportations": yearly_rate(run, ["left", "deported"], DECADE),
    }


@check(
    "P12",
    "deportation procedures in 2005 (57,172, of which 73.9% overstay)",
    Part("deported", "persons", between(40_000, 75_000)),
    Part("of which overstayers", "share"),
)
def deportations(run: Run) -> Values:
    """Persons deported in the calendar year 2005, whatever their status."""
    first, last = month_of(run, "2005-01"), month_of(run, "2005-12")
    rows = run.table("monthly")
    gone = rows[rows["month"].between(first, last)].groupby("status", observed=True)["deported"].sum()
    overstay = float(gone.get("overstayer", 0))
    return {
        "deported": float(gone.sum()),
        "of which overstayers": overstay / gone.sum() if gone.sum() else float("nan"),
    }


def moves_a_year(run: Run, year: int) -> float:
    """As P10, in `year` if it was simulated, else in the last five whole years of the run."""
    years = whole_years(run)
    if not years:
        raise NotAnswerable("the run has no whole year")
    return yearly_rate(run, ["moved_out"], [year] if year in years else years[-5:])
