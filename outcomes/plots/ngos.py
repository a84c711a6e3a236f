"""The figure of the NGOs: how many, what they can take, whom they turn away."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ...scenarios.vocabulary import BLUE, CLAIMS_ON_NGOS
from ..run import Run
from ..wording import count, percent
from . import style
from .declaration import figure


def ngos_data(run: Run) -> pd.DataFrame:
    """NGOs by year: year, ngos (open at its end), capacity, served, turned_away (cases a month).

    The numbers served and turned away in a year are divided by its months within the run.
    """
    offices = run.table("ngos")
    if offices.empty:
        decembers = [int(run.date(m)[:4]) for m in range(run.months) if run.date(m).endswith("-12")]
        return pd.DataFrame({"year": decembers, **dict.fromkeys(("ngos", *CLAIMS_ON_NGOS), 0)})
    months = pd.Series([int(run.date(m)[:4]) for m in range(run.months)]).value_counts()
    sums = offices.groupby("year")[["served", "turned_away"]].sum()
    open_ones = offices[~offices["closed"].astype(bool)].groupby("year")
    result = pd.DataFrame(index=pd.Index(sorted(set(sums.index)), name="year", dtype="int64"))
    result["ngos"] = open_ones["ngo"].nunique().reindex(result.index, fill_value=0)
    result["capacity"] = open_ones["capacity"].sum().reindex(result.index, fill_value=0).astype(float)
    for name in ("served", "turned_away"):
        result[name] = sums[name] / months.reindex(result.index, fill_value=12)
    return result.reset_index()


def _ngos_title(data: pd.DataFrame) -> str:
    if data.empty:
        return "No NGO was counted in a December of this run"
    if data["ngos"].max() == 0:
        return "There were no NGOs"
    first, last = data.iloc[0], data.iloc[-1]
    number = f"{count(last['ngos'])} NGO{'' if last['ngos'] == 1 else 's'}"
    if len(data) > 1:
        verb = (
            "as many as"
            if last["ngos"] == first["ngos"]
            else "up from"
            if last["ngos"] > first["ngos"]
            else "down from"
        )
        number += (
            f" in {int(last['year'])}, {verb} in {int(first['year'])}"
            if verb == "as many as"
            else (f" in {int(last['year'])}, {verb} {count(first['ngos'])} in {int(first['year'])}")
        )
    asked = float(last["served"] + last["turned_away"])
    if asked == 0:
        return f"{number}; nobody came to them in the last year"
    if last["turned_away"] == 0:
        return f"{number}; nobody was turned away in the last year"
    refused = percent(float(last["turned_away"]) / asked)
    return f"{number}; {refused} of claims on them were turned away in the last year"


@figure(12, "ngos", "number of NGOs, capacity, served, turned away", data=ngos_data)
def ngos(run: Run, data: pd.DataFrame) -> Figure:
    """Number of NGOs, and their capacity, cases taken on and claims turned away a month (C4, C5, E5)."""
    title = _ngos_title(data)
    if data.empty or data["ngos"].max() == 0:
        return style.nothing_to_show(run, title, "NGOs are counted at the end of each year.")
    page = style.page(run, title, "Left: organisations open at the end of the year. Right: cases a month")
    left, right = page.panels([1.0, 1.35])
    years = data["year"].tolist()
    left.plot(years, data["ngos"], color=BLUE, lw=3, marker="o", ms=6, clip_on=False, gid="ngos")
    left.set_ylabel("organisations")
    ends = []
    for name, term in CLAIMS_ON_NGOS.items():
        dashes = "--" if name == "capacity" else "-"
        right.plot(
            years, data[name], dashes, color=term.colour, lw=3, marker="o", ms=6, clip_on=False, gid=name
        )
        ends.append((float(data[name].iloc[-1]), term.label, term.colour))
    style.label_ends(page, right, ends)
    right.set_ylabel("cases a month")
    for axes, top in ((left, data["ngos"].max()), (right, data[list(CLAIMS_ON_NGOS)].max().max())):
        style.year_axis(axes, years, at_most=4, margin=0.2)
        axes.set_ylim(0, max(1.0, 1.1 * float(top)))
        style.count_axis(axes)
    return page.finish()
