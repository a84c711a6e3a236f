"""Figures of what places offer: services and their unevenness, and what movers leave behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...scenarios.languages import later, tr
from ...scenarios.vocabulary import GREY, INK, MOVE, UNEVEN
from .. import diffusion, inequality
from ..deciding import Says, band, says_of
from ..diffusion import ADOPTED_LEVEL
from ..people import portability_loss
from ..run import Run
from ..wording import count, joined, level, localised, percent
from . import style
from .country import NAMED
from .declaration import figure


def adoption_data(run: Run) -> pd.DataFrame:
    """Share of municipalities that offer a service (level above 0.1), year's end: year, service, share."""
    if run.table("places_yearly").empty:
        return pd.DataFrame(columns=["year", "service", "share"])
    found = diffusion.adoption(run)[["year", "service", "places"]]
    return found.assign(service=found["service"].astype(str)).rename(columns={"places": "share"})


def _offered(data: pd.DataFrame, year: int) -> pd.Series:
    """Share of municipalities by service, at the end of a year."""
    return data[data["year"] == year].set_index("service")["share"].astype(float)


def _ahead(service: str, least: bool, year: int) -> Callable[[pd.DataFrame], float]:
    """How far a service is offered more often than each other; or less often than each."""

    def by(data: pd.DataFrame) -> float:
        shares = _offered(data, year)
        if service not in shares or len(shares) < 2:
            return float("nan")
        others = shares.drop(service)
        return float(others.min() - shares[service]) if least else float(shares[service] - others.max())

    return by


def _adoption_title(data: pd.DataFrame, labels: Mapping[str, str], says: Says) -> str:
    if data.empty:
        return tr("No December in this run: adoption is counted at the end of the year")
    year = int(data["year"].max())
    last = _offered(data, year)
    if last.max() == 0:
        return tr("No municipality offered any service")
    told: dict[str, Any] = {"number": localised(f"{last.sum():.1f}"), "services": len(last), "year": year}
    if (first := int(data["year"].min())) < year:
        told |= {"before": localised(f"{_offered(data, first).sum():.1f}"), "first": first}
        title = (
            tr(
                "On average a municipality offered {number} of {services} services in {first} as in {year}",
                **told,
            )
            if told["before"] == told["number"]
            else tr(
                "On average a municipality offered {number} of {services} services in {year}, {before} in {first}",
                **told,
            )
        )
    else:
        title = tr("On average a municipality offered {number} of {services} services in {year}", **told)
    said = []
    for service, least in ((str(last.idxmax()), False), (str(last.idxmin()), True)):
        if says.sign(_ahead(service, least, year)) > 0:
            share = float(last[service])
            words = {
                "service": labels.get(service, service),
                "share": tr("none") if share == 0 else tr("all") if share == 1 else percent(share),
            }
            said.append(
                tr("least often {service} ({share})", **words)
                if least
                else tr("most often {service} ({share})", **words)
            )
    return f"{title}; {joined(said)}" if said else title


@figure(8, "service-adoption", "share of municipalities that offer each service", data=adoption_data)
def adoption(run: Run, data: pd.DataFrame) -> Figure:
    """Share of municipalities that offer each service (level above 0.1), yearly: a row a service, the most offered on
    top, darker for more (B1, B5, E7)."""
    services = run.entries.services
    says = says_of(run, "service-adoption")
    title = _adoption_title(data, {name: entry.label.lower() for name, entry in services.items()}, says)
    if data.empty:
        return style.nothing_to_show(run, title, tr("The run ends before its first December."))
    places = run.table("places_yearly")["place"].nunique()
    what = tr(
        "Share of {number} municipalities with the service (level above {level}), end of the year; darker: more",
        number=localised(f"{places:,}"),
        level=localised(f"{ADOPTED_LEVEL:g}"),
    )
    page = style.page(run, title, what + style.events_words(run))
    (axes,) = page.panels()
    wide: Any = data.pivot(index="service", columns="year", values="share")
    ordered = wide.iloc[:, -1].sort_values(ascending=False, kind="stable").index
    wide = wide.loc[ordered]
    years, last = wide.columns.tolist(), wide.iloc[:, -1].to_numpy(dtype=float)
    shown = axes.imshow(
        wide.to_numpy(dtype=float), aspect="auto", cmap=style.SEQUENTIAL, vmin=0.0, vmax=1.0, interpolation="nearest",
        extent=(years[0] - 0.5, years[-1] + 0.5, len(wide) - 0.5, -0.5), gid="adoption",
    )  # fmt: skip
    axes.grid(False)
    axes.set_yticks(range(len(wide)), [services[name].label for name in wide.index])
    axes.set_ylabel(tr("service"))
    axes.hlines(np.arange(len(wide) - 1) + 0.5, years[0] - 0.5, years[-1] + 0.5, color="white", lw=1.5)
    for row, share in enumerate(last):
        axes.text(
            1.01,
            row,
            percent(share),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=style.TEXT,
            color=INK,
        )
    style.year_axis(axes, years, margin=0.5)
    style.mark_events(axes, run, yearly=True)
    style.scale_of_shares(page, shown)
    return page.finish()


UNEVEN_WORDS = {"service_level": later("Service level"), "needs_met": later("Share of needs met")}
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
        return tr("No December in this run: unevenness is measured by whole years")
    parts = data[data["part"].isin(list(PARTS))]
    wide = parts.pivot_table(index=["of_what", "year"], columns="part", values="theil", dropna=True)
    if wide.empty:
        return tr("No service and no need met: there is nothing to be uneven")
    total = wide.sum(axis=1)
    what = "service_level" if "service_level" in total.index.get_level_values(0) else "needs_met"
    own = total[what]
    first, last = float(own.iloc[0]), float(own.iloc[-1])
    told: dict[str, Any] = {"level": level(last), "first_level": level(first)}
    told |= {"first": own.index[0], "last": own.index[-1]}
    if len(own) == 1:
        title = (
            tr("Service levels: a Theil index of {level}", **told)
            if what == "service_level"
            else tr("Needs met: a Theil index of {level}", **told)
        )
    elif told["first_level"] == told["level"]:
        title = (
            tr("Unevenness of service levels (Theil index): {level} in {first} as in {last}", **told)
            if what == "service_level"
            else tr("Unevenness of needs met (Theil index): {level} in {first} as in {last}", **told)
        )
    elif what == "service_level":
        title = tr(
            "Unevenness of service levels (Theil index): {first_level} in {first}, {level} in {last}", **told
        )
    else:
        title = tr(
            "Unevenness of needs met (Theil index): {first_level} in {first}, {level} in {last}", **told
        )
    if last < 0.005 or (wide.loc[what]["within"] < 1e-9).all():  # as where each region is one place
        return title
    within = float(wide.loc[what]["within"].iloc[-1]) / last
    if within < 1e-9:
        return tr("{unevenness}, all of it between regions", unevenness=title)
    return tr("{unevenness}, {share} of it within regions", unevenness=title, share=percent(within))


@figure(
    5, "unevenness", "Theil between and within regions, over time", data=unevenness_data, pooled=_pooled_unevenness
)  # fmt: skip
def unevenness(run: Run, data: pd.DataFrame) -> Figure:
    """Theil index of service level and of needs met, split between and within regions (E2, B5, B6)."""
    title = _uneven_title(data)
    told = set(data.loc[data["theil"].notna(), "of_what"])
    shown = {what: tr(words) for what, words in UNEVEN_WORDS.items() if what in told}
    if not shown:
        why = tr("Unevenness is relative to the mean, and there is no mean above zero here.")
        return style.nothing_to_show(run, title, why)
    luck = data[data["part"] == "luck"]
    if luck["theil"].notna().any():
        what = tr(
            "Theil index between municipalities, weighted by migrants and by needs; dotted: by luck alone"
        )
    else:
        what = tr("Theil index between municipalities, weighted by migrants and by needs")
    page = style.page(run, title, what)
    years = sorted(set(data["year"]))
    heights = data.drop(luck.index).groupby(["of_what", "year"])["theil"].sum()
    highest = float(np.nanmax([heights.max(), luck["theil"].max()]))
    # Where each region is one place, there is no "within", and "between regions" is between places.
    divided = run.table("places")["region_name"].nunique() < run.tables.rows("places")
    ends: list[style.Label] = []
    for what, axes in page.beside(shown, tr("Theil index (0 = even)")):
        wide = data[data["of_what"] == what].pivot(index="year", columns="part", values="theil")
        wide = wide.reindex(years)
        parts = style.stacked(axes, np.array(years), wide[list(PARTS)], UNEVEN, what, 0.86)
        ends = [
            (height, (words if divided else tr("between places")).replace(" ", "\n"), colour)
            for part, (height, words, colour) in zip(PARTS, parts, strict=True)
            if np.nanmax(wide[part]) > 1e-9
        ]
        if "luck" in wide:
            look = {"lw": 2, "ms": 4, "clip_on": True}
            ends.append(style.line(axes, years, wide["luck"], UNEVEN["luck"], f"{what}-luck", ":", **look))
        if run.over_seeds is not None and "unevenness" in run.over_seeds:
            rows = run.over_seeds.table("unevenness")
            rows = rows[(rows["of_what"] == what) & rows["part"].isin(PARTS)]
            sums = rows.groupby(["seed", "year"], as_index=False)["theil"].sum()
            total = band(sums, ["year"], "theil").reindex(years)
            style.whiskers(axes, years, total, f"{what}-total")
            highest = max(highest, float(total["high"].max()))
        axes.set_ylim(0, max(0.01, 1.06 * highest))
        style.plain_axis(axes)
        style.year_axis(axes, years, at_most=4 if len(shown) > 1 else 9, margin=0.5)
    style.label_ends(page, page.axes[-1], ends)
    return page.finish()


def what_movers_lose_data(run: Run) -> pd.DataFrame:
    """Moves by the fifth of the place left: origin_fifth, moves, level_before, level_after, level_random, change (means
    per move, level 0 to 1), enrolments_lost_per_100. `level_random`: what movers would find if where they go had
    nothing to do with where they come from, the mean of all moves."""
    columns = ["moves", "level_before", "level_after", "level_random", "change", "enrolments_lost_per_100"]
    if run.table("moves").empty:
        return pd.DataFrame(columns=["origin_fifth", *columns])
    found = portability_loss(run)
    found["change"] = -found["level_lost"]
    found["enrolments_lost_per_100"] = 100 * found["enrolments_lost"]
    found["origin_fifth"] = found["origin_fifth"].astype(int)
    moved = found[found["moves"] > 0]
    whole = float(np.average(moved["level_after"], weights=moved["moves"])) if len(moved) else np.nan
    return found.assign(level_random=whole)[["origin_fifth", *columns]]


def _moves_title(data: pd.DataFrame, few: bool = False) -> str:
    """`few`: of so few places that they are not divided into fifths of migrants."""
    if not data["moves"].any():
        return tr("Nobody moved")
    known: Any = data[data["moves"] > 0].set_index("origin_fifth")
    best, worst = int(known.index.max()), int(known.index.min())
    two = len(known) == 2
    names = (FIFTH[best], FIFTH[worst]) if not few else (BETTER, WORSE) if two else (BEST, WORST)

    def said(fifth: int, end: str) -> str:
        return level(float(known.loc[fifth, f"level_{end}"]))

    if best == worst and said(best, "before") == said(best, "after"):
        return tr("Movers found the service level that they left, {before}", before=said(best, "before"))
    if best == worst:
        return tr(
            "Movers went from {before} to {after} of service level",
            before=said(best, "before"),
            after=said(best, "after"),
        )
    return tr(
        "Out of the {fifth} movers went from {before} to {after} of service level, out of the {other} from "
        "{other_before} to {other_after}; a random move ends at {random}",
        fifth=tr(names[0]),
        before=said(best, "before"),
        after=said(best, "after"),
        other=tr(names[1]),
        other_before=said(worst, "before"),
        other_after=said(worst, "after"),
        random=said(best, "random"),
    )


FIFTH = {
    1: later("worst served fifth"),
    2: later("second fifth by service"),
    3: later("third fifth by service"),
    4: later("fourth fifth by service"),
    5: later("best served fifth"),
}
# Of few places, which no fifths can be told of.
BETTER, WORSE = later("better served place"), later("worse served place")
BEST, WORST = later("best served place"), later("worst served place")


def _origins(fifths: list[int], few: bool) -> list[str]:
    """Where movers come from, a name for each of these fifths, the worst first."""
    if not few:
        return [MOVE[str(fifth)].label for fifth in fifths]
    ends = (WORSE, BETTER) if len(fifths) == 2 else (WORST, BEST)
    between = [tr("place {number}", number=number) for number in range(len(fifths) - 1, 1, -1)]
    return [tr(ends[0]), *between, tr(ends[1])] if len(fifths) > 1 else [tr("any place")]


@figure(9, "what-movers-lose", "service level and enrolments, by origin", data=what_movers_lose_data)
def what_movers_lose(run: Run, data: pd.DataFrame) -> Figure:
    """Service level before and after a move, and enrolments lost per 100 moves, by origin (D8, E6)."""
    few = run.tables.rows("places") <= NAMED
    title = _moves_title(data, few)
    known = data[data["moves"] > 0].sort_values("origin_fifth")
    if known.empty:
        return style.nothing_to_show(run, title, tr("No migrant changed municipality in this run."))
    total = count(float(known["moves"].sum()))
    what = tr(
        "Means over {number} moves, by how well the place they left is served; dashed: where a random move ends",
        number=total,
    )
    page = style.page(run, title, what)
    left, right = page.panels([1.5, 1.0])
    rows = np.arange(1, len(known) + 1) if few else known["origin_fifth"].to_numpy()
    before, after = known["level_before"].to_numpy(dtype=float), known["level_after"].to_numpy(dtype=float)
    left.hlines(rows, before, after, color=GREY, lw=3, zorder=1)
    left.axvline(float(known["level_random"].iloc[0]), color=INK, lw=1.5, ls="--", zorder=0, gid="random")
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
    left.set_xlabel(tr("service level, 0 to 1"))
    left.set_ylabel(tr("place they left"))
    lost = known["enrolments_lost_per_100"]
    right.barh(
        rows, lost, height=0.55 if len(rows) > 2 else 0.35, color=MOVE["enrolments"].colour, gid="enrolments"
    )
    largest = float(lost.max()) or 1.0
    for row, value in zip(rows, lost, strict=True):
        right.text(value + 0.03 * largest, row, localised(f"{value:.1f}"), va="center", fontsize=style.TEXT)
    right.set_xlim(0, 1.3 * largest)
    right.xaxis.set_major_locator(MaxNLocator(4))
    right.set_xlabel(tr("enrolments lost per 100 moves"))
    for axes in (left, right):
        axes.grid(False, axis="y")
        axes.grid(axis="x", color="#e6e6e6")
        axes.set_ylim(0.5, (len(rows) if few else 5) + 0.5)
    origins = _origins(known["origin_fifth"].tolist(), few)
    said = [
        tr("{fifth}\n{number} moves", fifth=origin, number=count(n))
        for origin, n in zip(origins, known["moves"], strict=True)
    ]
    left.set_yticks(rows, said)
    right.set_yticks(rows, [""] * len(rows))
    return page.finish()
