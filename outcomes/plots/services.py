"""Figures of services: adoption over time, unevenness between places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...scenarios.vocabulary import UNEVEN
from .. import diffusion, inequality
from ..diffusion import ADOPTED_LEVEL
from ..run import Run
from ..wording import in_words, joined, level, percent, sentence
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
    page = style.page(
        run,
        title,
        f"Share of {places:,} municipalities with the service (level above {ADOPTED_LEVEL}), end of the year",
    )
    (axes,) = page.panels()
    wide = data.pivot(index="year", columns="service", values="share")
    years = wide.index.tolist()
    ends = []
    for name, service in reversed(
        services.items()
    ):  # so that of those that end level, the first is named on top
        heights = wide[name].to_numpy(dtype=float)
        axes.plot(
            years,
            heights,
            "-" if service.marker == "o" else "--",
            color=service.colour,
            lw=2.5,
            gid=f"adoption-{name}",
            marker="o",
            ms=4,
            clip_on=False,
        )
        ends.append((float(heights[-1]), service.label, service.colour))
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
    elif abs(last - first) < 0.05 * max(first, last) or abs(last - first) < 0.005:
        title = f"{name} stayed as uneven as they were (Theil index {level(last)})"
    else:
        verb = "less" if last < first else "more"
        title = f"{name} grew {verb} uneven: Theil index from {level(first)} to {level(last)}"
    if last >= 0.005:
        within = float(wide.loc[what]["within"].iloc[-1]) / last
        title += (
            ", all of it between regions" if within < 1e-9 else f", {percent(within)} of it within regions"
        )
    return title


@figure(
    5,
    "unevenness",
    "Theil between and within regions, over time",
    data=unevenness_data,
    pooled=_pooled_unevenness,
)
def unevenness(run: Run, data: pd.DataFrame) -> Figure:
    """Theil index of service level and of needs met, split between and within regions (E2, B5, B6)."""
    title = _uneven_title(data)
    shown = [w for w in UNEVEN_WORDS if data.loc[data["of_what"] == w, "theil"].notna().any()]
    if not shown:
        why = "Unevenness is relative to the mean, and there is no mean above zero here."
        return style.nothing_to_show(run, title, why)
    luck = data[data["part"] == "luck"]
    page = style.page(
        run,
        title,
        "Theil index between municipalities, weighted by migrants and by needs"
        + ("; dotted: by luck alone" if luck["theil"].notna().any() else ""),
    )
    panels = page.panels([1.0] * len(shown))
    years = sorted(set(data["year"]))
    highest = float(data.drop(luck.index).groupby(["of_what", "year"])["theil"].sum().max())
    if luck["theil"].notna().any():
        highest = max(highest, float(luck["theil"].max()))
    ends: list[tuple[float, str, str]] = []
    for i, (axes, what) in enumerate(zip(panels, shown, strict=True)):
        wide = (
            data[data["of_what"] == what].pivot(index="year", columns="part", values="theil").reindex(years)
        )
        floor = np.zeros(len(years))
        ends = []
        for part in PARTS:
            term, height = UNEVEN[part], wide[part].to_numpy(dtype=float)
            if np.nanmax(height) > 1e-9:
                words = term.label.replace(" ", "\n")
                ends.append((float(floor[-1] + height[-1] / 2), words, term.colour))
            floor = style.columns(axes, np.array(years), floor, height, 0.86, term.colour, f"{what}-{part}")
        if "luck" in wide:
            chance = wide["luck"].to_numpy(dtype=float)
            axes.plot(
                years, chance, color=UNEVEN["luck"].colour, lw=2, ls=":", marker="o", ms=4, gid=f"{what}-luck"
            )
            ends.append((float(chance[-1]), UNEVEN["luck"].label, UNEVEN["luck"].colour))
        axes.set_title(UNEVEN_WORDS[what], loc="left", fontsize=style.TEXT)
        axes.set_ylim(0, max(0.01, 1.06 * highest))
        style.plain_axis(axes)
        if i:
            axes.set_yticklabels([])
        style.year_axis(axes, years, at_most=4 if len(shown) > 1 else 9, margin=0.5)
    panels[0].set_ylabel("Theil index (0 = even)")
    style.label_ends(page, panels[-1], ends)
    return page.finish()
