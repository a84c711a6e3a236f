"""The figure of NGOs: how many there are, what they have room for, whom they serve, and why room is left."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...scenarios.languages import tr, tr_number
from ...scenarios.vocabulary import BLUE, CLAIMS_ON_NGOS
from ..deciding import band_of
from ..run import Run
from ..wording import count, percent
from . import style
from .declaration import figure


def ngos_data(run: Run) -> pd.DataFrame:
    """NGOs by year: year, ngos (that go on), capacity, served, turned_away, unused, unused_unasked (cases a month).

    NGOs close their accounts at the start of the fiscal year: what is counted is of the twelve months before (in the
    first year, of those since the start). `unused`: capacity less cases taken on; `unused_unasked`: of it, at offices
    that turned nobody away in all that time.
    """
    offices = run.table("ngos")
    unused = ("unused", "unused_unasked")
    if offices.empty:
        decembers = [int(run.date(m)[:4]) for m in range(run.months) if run.date(m).endswith("-12")]
        return pd.DataFrame({"year": decembers, **dict.fromkeys(("ngos", *CLAIMS_ON_NGOS, *unused), 0)})
    if "offered" not in offices:  # runs of 0.1.0 have the capacity at the end alone
        offices = offices.assign(offered=12 * offices["capacity"])
    offices = offices.assign(unused=offices["offered"] - offices["served"])
    offices["unused_unasked"] = offices["unused"].where(offices["turned_away"] == 0, 0)
    sums = offices.groupby("year")[["offered", "served", "turned_away", *unused]].sum()
    first = month_of_closing(run)  # when there may be no NGO yet
    closed = first + 12 * (sums.index.to_numpy() - int(run.date(first)[:4]))
    months = pd.Series(np.minimum(closed, 12), index=sums.index)
    go_on = offices[~offices["closed"].astype(bool)].groupby("year")["ngo"].nunique()
    result = sums.rename(columns={"offered": "capacity"}).div(months, axis=0)
    result.insert(0, "ngos", go_on.reindex(result.index, fill_value=0))
    return result.reset_index()


def month_of_closing(run: Run) -> int:
    """The first month of the run, from 0, in which NGOs close their accounts: that of the fiscal year, but for the
    very first."""
    fiscal_month = int(run.parameters.get("city.fiscal_month", 4))
    return (fiscal_month - int(run.start[5:7])) % 12 or 12


def _why_unused(data: pd.DataFrame) -> str:
    """For a subtitle: how much capacity went unused in the last year, and where; "" where none did."""
    last = data.iloc[-1]
    if not last["capacity"] or last["unused"] < 0.005 * last["capacity"]:
        return ""
    share, unasked = last["unused"] / last["capacity"], last["unused_unasked"] / last["unused"]
    if unasked >= 0.995:
        return ". " + tr(
            "Unused in {year}: {share} of capacity, all of it where nobody was turned away all year (too few within "
            "reach asked)",
            year=int(last["year"]),
            share=percent(float(share)),
        )
    return ". " + tr(
        "Unused in {year}: {share} of capacity, of it {unasked} where nobody was turned away all year (too few "
        "within reach asked), the rest in quiet months",
        year=int(last["year"]),
        share=percent(float(share)),
        unasked=percent(float(unasked)),
    )


def _ngos_title(data: pd.DataFrame) -> str:
    if data.empty:
        return tr("No NGO was counted in a December of this run")
    if data["ngos"].max() == 0:
        return tr("There were no NGOs")
    first, last = data.iloc[0], data.iloc[-1]
    told = {"number": count(last["ngos"]), "before": count(first["ngos"])}
    told |= {"year": str(int(last["year"])), "first": str(int(first["year"]))}
    if len(data) > 1 and told["number"] == told["before"]:
        number = tr_number(
            "{number} NGO in {first} as in {year}",
            "{number} NGOs in {first} as in {year}",
            last["ngos"],
            **told,
        )
    elif len(data) > 1:
        number = tr_number(
            "{number} NGO in {year}, {before} in {first}",
            "{number} NGOs in {year}, {before} in {first}",
            last["ngos"],
            **told,
        )
    else:
        number = tr_number("{number} NGO", "{number} NGOs", last["ngos"], number=told["number"])
    asked = float(last["served"] + last["turned_away"])
    if asked == 0:
        return tr("{ngos}; nobody came to them in the last year", ngos=number)
    if last["turned_away"] == 0:
        return tr("{ngos}; nobody was turned away in the last year", ngos=number)
    return tr(
        "{ngos}; {share} of claims on them were turned away in the last year",
        ngos=number,
        share=percent(float(last["turned_away"]) / asked),
    )


@figure(12, "ngos", "number of NGOs, capacity, served, turned away", data=ngos_data)
def ngos(run: Run, data: pd.DataFrame) -> Figure:
    """Number of NGOs, and their capacity, cases taken on and claims turned away a month (C4, C5, E5)."""
    title = _ngos_title(data)
    if data.empty or data["ngos"].max() == 0:
        return style.nothing_to_show(run, title, tr("NGOs are counted at the end of each year."))
    what = tr("Left: organisations open at the end of the year. Right: cases a month")
    page = style.page(run, title, what + _why_unused(data))
    left, right = page.panels([1.0, 1.35])
    years = data["year"].tolist()
    left.plot(years, data["ngos"], color=BLUE, lw=3, marker="o", ms=6, clip_on=False, gid="ngos")
    highest = {"ngos": float(data["ngos"].max()), "cases": float(data[list(CLAIMS_ON_NGOS)].max().max())}
    for axes, name, colour in (
        (left, "ngos", BLUE), *((right, name, term.colour) for name, term in CLAIMS_ON_NGOS.items())
    ):  # fmt: skip
        if (over := band_of(run, "ngos", ["year"], name)) is not None:
            over = over.reindex(years)
            style.band(axes, years, over, colour, name)
            what = "ngos" if axes is left else "cases"
            highest[what] = max(highest[what], float(over["high"].max()))
    left.set_ylabel(tr("organisations"))
    ends = []
    for name, term in CLAIMS_ON_NGOS.items():
        dashes = "--" if name == "capacity" else "-"
        ends.append(style.line(right, years, data[name], term, name, dashes, lw=3, ms=6))
    style.label_ends(page, right, ends)
    right.set_ylabel(tr("cases a month"))
    for axes, what in ((left, "ngos"), (right, "cases")):
        style.year_axis(axes, years, at_most=4, margin=0.2)
        axes.set_ylim(0, max(1.0, 1.1 * highest[what]))
        style.count_axis(axes)
    return page.finish()
