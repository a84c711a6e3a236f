"""Figures of what places offer: services and their unevenness, NGOs, and what movers leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...scenarios.vocabulary import BLUE, CLAIMS_ON_NGOS, GREY, MOVE, UNEVEN
from .. import diffusion, inequality
from ..diffusion import ADOPTED_LEVEL
from ..groups import year_of_month
from ..people import portability_loss
from ..run import Run
from ..wording import count, in_words, joined, level, percent, sentence
from . import style
from .declaration import figure


def adoption_data(run: Run) -> pd.DataFrame:
    """Share of municipalities that offer a service (level above 0.1), year's end: year, service, share."""
    if run.table("places_yearly").empty:
        return pd.DataFrame(columns=["year", "service", "share"])
    found = diffusion.adoption(run)[["year", "service", "places"]]
    return found.assign(service=found["service"].astype(str)).rename(columns={"places": "share"})


def _adoption_title(data: pd.DataFrame, labels: Mapping[str, str]) -> str:
    if data.empty:
        return "No December in this run: adoption is counted at the end of the year"
    last = data[data["year"] == data["year"].max()].set_index("service")["share"]
    if last.max() == 0:
        return "No municipality offered any service"
    if last.max() - last.min() < 0.005:
        return f"Every service was offered in {percent(float(last.max()))} of municipalities"
    top, low = ([labels.get(s, s) for s in last.index[last == end]] for end in (last.max(), last.min()))
    many, few = (joined(s) if len(s) <= 2 else f"{in_words(len(s))} services" for s in (top, low))
    where = "all municipalities" if last.max() == 1 else f"{percent(float(last.max()))} of municipalities"
    least = "none" if last.min() == 0 else percent(float(last.min()))
    verb = "was" if len(top) == 1 else "were"
    return f"{sentence(many)} {verb} offered in {where} in {data['year'].max()}, {few} in {least}"


@figure(8, "service-adoption", "share of municipalities that offer each service", data=adoption_data)
def adoption(run: Run, data: pd.DataFrame) -> Figure:
    """Share of municipalities that offer each service (level above 0.1), yearly (B1, B5, E7)."""
    services = run.entries.services
    title = _adoption_title(data, {name: entry.label.lower() for name, entry in services.items()})
    if data.empty:
        return style.nothing_to_show(run, title, "The run ends before its first December.")
    places = run.table("places_yearly")["place"].nunique()
    what = f"{places:,} municipalities with the service (level above {ADOPTED_LEVEL}), end of the year"
    page = style.page(run, title, f"Share of {what}")
    (axes,) = page.panels()
    wide = data.pivot(index="year", columns="service", values="share")
    years = wide.index.tolist()
    ends = []
    for name in services.names[::-1]:  # so that of those that end level, the first is named on top
        dashes = "-" if services[name].marker == "o" else "--"
        ends.append(style.line(axes, years, wide[name], services[name], f"adoption-{name}", dashes, ms=4))
    style.share_axis(axes, max(0.05, min(1.02, 1.08 * float(np.nanmax(wide.to_numpy())))))
    style.label_ends(page, axes, ends)
    style.year_axis(axes, years, margin=0.15)
    axes.set_ylabel("share of municipalities")
    return page.finish()


UNEVEN_WORDS = {"service_level": "Service level", "needs_met": "Share of needs met"}
PARTS = ("between", "within")


def unevenness_data(run: Run) -> pd.DataFrame:
    """Theil index each year: of_what (service_level, needs_met), year, part, theil (nats).

    `part`: between and within regions, which add up; and of needs met `luck`, what chance alone would give.

    Service level: at the year's end, municipalities weighted by their migrants. Needs met: share of the
    year's needs met, weighted by needs, in municipalities with five or more. Missing where the mean is zero,
    since unevenness is relative to it.
    """
    columns = ["of_what", "year", "part", "theil"]
    if run.table("places_yearly").empty:
        return pd.DataFrame(columns=columns)
    found = inequality.unevenness(run)
    by_region = (found["groups"] == "region") & found["weights"].isin(["migrants", "needs"])
    tidy = found.loc[by_region, ["of", "year", *PARTS, "luck"]].melt(
        ["of", "year"], var_name="part", value_name="nats"
    )
    tidy = tidy[(tidy["part"] != "luck") | (tidy["of"] == "needs_met")]
    return tidy.set_axis(columns, axis=1).reset_index(drop=True)


def _pooled_unevenness(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    return rows.groupby(["of_what", "year", "part"], sort=False)[["theil"]].mean().reset_index()


def _uneven_title(data: pd.DataFrame) -> str:
    if data.empty:
        return "No December in this run: unevenness is measured by whole years"
    parts = data[data["part"].isin(list(PARTS))]
    wide = parts.pivot_table(index=["of_what", "year"], columns="part", values="theil", dropna=True)
    if wide.empty:
        return "No service and no need met: there is nothing to be uneven"
    total = wide.sum(axis=1)
    what = "service_level" if "service_level" in total.index.get_level_values(0) else "needs_met"
    own = total[what]
    name = "Service levels" if what == "service_level" else "Needs met"
    first, last = float(own.iloc[0]), float(own.iloc[-1])
    if len(own) == 1:
        title = f"{name}: a Theil index of {level(last)}"
    else:
        (begin, end), words = (own.index[0], own.index[-1]), level(last)
        title = f"Unevenness of {name.lower()} (Theil index): {level(first)} in {begin}, {words} in {end}"
    if last < 0.005:
        return title
    within = float(wide.loc[what]["within"].iloc[-1]) / last
    return f"{title}, {'all of it between' if within < 1e-9 else f'{percent(within)} of it within'} regions"


@figure(
    5, "unevenness", "Theil between and within regions, over time", data=unevenness_data, pooled=_pooled_unevenness
)  # fmt: skip
def unevenness(run: Run, data: pd.DataFrame) -> Figure:
    """Theil index of service level and of needs met, split between and within regions (E2, B5, B6)."""
    title = _uneven_title(data)
    told = set(data.loc[data["theil"].notna(), "of_what"])
    shown = {what: words for what, words in UNEVEN_WORDS.items() if what in told}
    if not shown:
        why = "Unevenness is relative to the mean, and there is no mean above zero here."
        return style.nothing_to_show(run, title, why)
    luck = data[data["part"] == "luck"]
    dotted = "; dotted: by luck alone" if luck["theil"].notna().any() else ""
    weighted = "Theil index between municipalities, weighted by migrants and by needs"
    page = style.page(run, title, f"{weighted}{dotted}")
    years = sorted(set(data["year"]))
    heights = data.drop(luck.index).groupby(["of_what", "year"])["theil"].sum()
    highest = float(np.nanmax([heights.max(), luck["theil"].max()]))
    ends: list[style.Label] = []
    for what, axes in page.beside(shown, "Theil index (0 = even)"):
        wide = data[data["of_what"] == what].pivot(index="year", columns="part", values="theil")
        wide = wide.reindex(years)
        parts = style.stacked(axes, np.array(years), wide[list(PARTS)], UNEVEN, what, 0.86)
        ends = [
            (height, words.replace(" ", "\n"), colour)
            for part, (height, words, colour) in zip(PARTS, parts, strict=True)
            if np.nanmax(wide[part]) > 1e-9
        ]
        if "luck" in wide:
            look = {"lw": 2, "ms": 4, "clip_on": True}
            ends.append(style.line(axes, years, wide["luck"], UNEVEN["luck"], f"{what}-luck", ":", **look))
        axes.set_ylim(0, max(0.01, 1.06 * highest))
        style.plain_axis(axes)
        style.year_axis(axes, years, at_most=4 if len(shown) > 1 else 9, margin=0.5)
    style.label_ends(page, page.axes[-1], ends)
    return page.finish()


def ngos_data(run: Run) -> pd.DataFrame:
    """NGOs by year: year, ngos (open at its end), capacity, served, turned_away (cases a month).

    The numbers served and turned away in a year are divided by its months within the run.
    """
    offices = run.table("ngos")
    if offices.empty:
        decembers = [int(run.date(m)[:4]) for m in range(run.months) if run.date(m).endswith("-12")]
        return pd.DataFrame({"year": decembers, **dict.fromkeys(("ngos", *CLAIMS_ON_NGOS), 0)})
    months = pd.Series(year_of_month(run)).value_counts()
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
        number += f" in {int(last['year'])}, {count(first['ngos'])} in {int(first['year'])}"
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
        ends.append(style.line(right, years, data[name], term, name, dashes, lw=3, ms=6))
    style.label_ends(page, right, ends)
    right.set_ylabel("cases a month")
    for axes, top in ((left, data["ngos"].max()), (right, data[list(CLAIMS_ON_NGOS)].max().max())):
        style.year_axis(axes, years, at_most=4, margin=0.2)
        axes.set_ylim(0, max(1.0, 1.1 * float(top)))
        style.count_axis(axes)
    return page.finish()


def what_movers_lose_data(run: Run) -> pd.DataFrame:
    """Moves by the fifth of the place left: origin_fifth, moves, level_before, level_after, change (means per
    move, level 0 to 1), enrolments_lost_per_100."""
    columns = ["moves", "level_before", "level_after", "change", "enrolments_lost_per_100"]
    if run.table("moves").empty:
        return pd.DataFrame(columns=["origin_fifth", *columns])
    found = portability_loss(run)
    found["change"] = -found["level_lost"]
    found["enrolments_lost_per_100"] = 100 * found["enrolments_lost"]
    found["origin_fifth"] = found["origin_fifth"].astype(int)
    return found[["origin_fifth", *columns]]


def _change(value: float) -> str:
    if abs(value) < 0.005:
        return "kept the same level"
    return f"{'gained' if value > 0 else 'lost'} {level(abs(value))}"


def _moves_title(data: pd.DataFrame) -> str:
    if not data["moves"].any():
        return "Nobody moved"
    known: Any = data[data["moves"] > 0].set_index("origin_fifth")
    best, worst = int(known.index.max()), int(known.index.min())
    if best == worst:
        return f"Service level: movers {_change(float(known.loc[best, 'change']))}"
    well, ill = "best" if best == 5 else "better", "worst" if worst == 1 else "worse"
    return (
        f"Service level: movers out of the {well} served places {_change(float(known.loc[best, 'change']))}; "
        f"those out of the {ill} {_change(float(known.loc[worst, 'change']))}"
    )


@figure(9, "what-movers-lose", "service level and enrolments, by origin", data=what_movers_lose_data)
def what_movers_lose(run: Run, data: pd.DataFrame) -> Figure:
    """Service level before and after a move, and enrolments lost per 100 moves, by origin (D8, E6)."""
    title = _moves_title(data)
    known = data[data["moves"] > 0]
    if known.empty:
        return style.nothing_to_show(run, title, "No migrant changed municipality in this run.")
    total = count(float(known["moves"].sum()))
    page = style.page(run, title, f"Means over {total} moves, by how well the place they left is served")
    left, right = page.panels([1.5, 1.0])
    rows = known["origin_fifth"].to_numpy()
    before, after = known["level_before"].to_numpy(dtype=float), known["level_after"].to_numpy(dtype=float)
    left.hlines(rows, before, after, color=GREY, lw=3, zorder=1)
    left.plot(before, rows, "o", ms=13, color=MOVE["before"].colour, gid="before")
    left.plot(after, rows, "o", ms=13, mfc="white", mec=MOVE["after"].colour, mew=3, gid="after")
    top = len(rows) - 1
    apart = 1 if before[top] >= after[top] else -1
    for value, name, side in ((before[top], "before", apart), (after[top], "after", -apart)):
        left.annotate(
            MOVE[name].label, (value, rows[top]), xytext=(12 * side, 0), textcoords="offset points", va="center",
            ha="left" if side > 0 else "right", fontsize=style.TEXT, color=MOVE[name].colour,
        )  # fmt: skip
    high = max(0.1, float(np.nanmax([before.max(), after.max()])))
    left.set_xlim(-0.22 * high, 1.3 * high)
    left.set_xticks([t for t in left.get_xticks() if 0 <= t <= min(1.0, 1.3 * high)])
    left.set_xlabel("service level, 0 to 1")
    left.set_ylabel("place they left")
    lost = known["enrolments_lost_per_100"]
    right.barh(rows, lost, height=0.55, color=MOVE["enrolments"].colour, gid="enrolments")
    largest = float(lost.max()) or 1.0
    for row, value in zip(rows, lost, strict=True):
        right.text(value + 0.03 * largest, row, f"{value:.1f}", va="center", fontsize=style.TEXT)
    right.set_xlim(0, 1.3 * largest)
    right.xaxis.set_major_locator(MaxNLocator(4))
    right.set_xlabel("enrolments lost per 100 moves")
    for axes in (left, right):
        axes.grid(False, axis="y")
        axes.grid(axis="x", color="#e6e6e6")
        axes.set_ylim(0.5, 5.5)
    fifths = zip(rows, known["moves"], strict=True)
    left.set_yticks(rows, [f"{MOVE[str(fifth)].label}\n{count(n)} moves" for fifth, n in fifths])
    right.set_yticks(rows, [""] * len(rows))
    return page.finish()
