"""The map: what each municipality offers, and what becomes of needs there."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ...scenarios.languages import tr
from ..cascade import take_up
from ..deciding import Says, says_of
from ..groups import last_months, own_help_of, share, totals
from ..inequality import LEAST_NEEDS, least_needs
from ..places_info import PlacesInfo, places_info
from ..run import Run
from ..wording import count, localised, percent, percentage, sentence
from . import style
from .declaration import figure
from .insets import Crowd, boxes, corners_of, insets, islands
from .land import draw_land, extent, mark_window, name_a_few

LEAST_AREA = 2.5  # of a marker, in square points; less where thousands of places would cover the map
UP_TO = 0.98  # the colours end where so much of the migrants is covered; an arrow stands for the rest
NAMED = 6  # up to so many places are named on the map
# The largest marker, in square points: of a few places; of many on outlines, where it must not hide its neighbours; and
# of many without.
LARGEST, LARGEST_ON_LAND, LARGEST_ALONE = 1200.0, 120.0, 150.0
WIDE_PANEL = 0.7  # of the page, from which a map has its scale on the right
KEY_BESIDE = 0.11  # of the page, for that scale


WHERE = ["code", "name", "region_name", "latitude", "longitude"]


def map_data(run: Run) -> pd.DataFrame:
    """One row a municipality.

    Columns: place, code, name, region_name, latitude, longitude; migrants, service_level (end of the last
    year); needs, met, share_met (last five years; share_met is missing below five needs of records); name_local,
    where the run has names in the country's own script; and of few places share_met_alike (see `standardised`).
    """
    return run.cached("map", _map_data).copy()  # figures of more than the map need it


def _map_data(run: Run) -> pd.DataFrame:
    places = run.table("places").set_index("place")
    result = places[WHERE].copy()
    yearly = run.table("places_yearly")
    if yearly.empty:
        final = totals(run, "monthly", ["stock"], "place", since=max(0, run.months - 1))
        result["migrants"] = final.set_index("place")["stock"].reindex(result.index, fill_value=0)
        result["service_level"] = np.nan
    else:
        last = yearly[yearly["year"] == yearly["year"].max()].set_index("place")
        result["migrants"] = last["migrants"].reindex(result.index, fill_value=0)
        result["service_level"] = last["service_level"].reindex(result.index)
    first, _ = last_months(run)
    own = own_help_of(run)
    recent = totals(run, "monthly", ["needs", "unmet", *own], "place", since=first).set_index("place")
    recent = recent.reindex(result.index, fill_value=0)
    result["needs"] = recent["needs"]
    result["met"] = recent["needs"] - recent[["unmet", *own]].sum(axis=1)
    result["share_met"] = share(result["met"], result["needs"].where(result["needs"] >= least_needs(run), 0))
    if len(result) <= NAMED:
        result["share_met_alike"] = standardised(run, first).reindex(result.index)
    if "local_names" in run.tables:
        result["name_local"] = run.table("local_names").set_index("place")["name_local"]
    return result.reset_index()


def standardised(run: Run, since: int = 0) -> pd.Series:
    """Of each place the share of needs met had its people the country's mix of formal status, by needs (direct
    standardisation); a status that has no need there counts as it does in the country."""
    found = take_up(run, ("place", "status"), since=since)
    met, needs = (
        found.pivot_table(index="place", columns="status", values=name, aggfunc="sum", observed=True).fillna(
            0.0
        )
        for name in ("served", "needs")
    )
    weights = needs.sum() / needs.to_numpy().sum()
    rates = (met / needs.where(needs > 0)).fillna(met.sum() / needs.sum().where(needs.sum() > 0))
    alike: pd.Series = (rates * weights).sum(axis=1)
    return alike.where(needs.sum(axis=1) >= least_needs(run))


def _pooled_map(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    """A place that has its share of needs met in no run has none here."""
    by_place = rows.groupby("place")
    sums = by_place[["migrants", "needs", "met"]].sum()
    same = [name for name in ("place", *WHERE, "name_local") if name in rows]
    result = rows[same].drop_duplicates("place").set_index("place")
    result["migrants"] = sums["migrants"] / runs
    result["service_level"] = by_place["service_level"].mean()
    result["needs"], result["met"] = sums["needs"] / runs, sums["met"] / runs
    told = by_place["share_met"].count() > 0
    result["share_met"] = share(sums["met"], sums["needs"].where(told, 0))
    return result.reset_index()


def weighted_quantile(values: pd.Series, weights: pd.Series, share: float) -> float:
    """The value below which the given share of the weight lies; nan without weight."""
    known = values.notna() & (weights > 0)
    if not known.any():
        return float("nan")
    ordered = pd.DataFrame({"v": values[known], "w": weights[known]}).sort_values("v")
    passed = ordered["w"].cumsum() / ordered["w"].sum()
    return float(ordered["v"].iloc[min(len(ordered) - 1, int(np.searchsorted(passed, share)))])


def _map_title(data: pd.DataFrame, says: Says) -> str:
    if not data["migrants"].any():
        return tr("No municipality has a migrant in it")
    if len(data) <= NAMED:
        return _title_by_name(data, says)
    low, high = (weighted_quantile(data["service_level"], data["migrants"], q) for q in (0.1, 0.9))
    poor, rich = (weighted_quantile(data["share_met"], data["migrants"], q) for q in (0.1, 0.9))
    said = []
    if np.isfinite(low):
        said.append(tr("service levels {range}", range=range_of(low, high, as_percent=False)))
    if np.isfinite(poor):
        said.append(tr("needs met {range}", range=range_of(poor, rich, as_percent=True)))
    if not said:
        return tr("No service level and no need was recorded")
    return tr("Where the middle 80% of migrants live: {ranges}", ranges=", ".join(said))


def _end(place: str, column: str, lowest: bool) -> Callable[[pd.DataFrame], float]:
    """How far a place lies above each other; or below each."""

    def beyond(data: pd.DataFrame) -> float:
        known = data[data["migrants"] > 0].set_index("name")[column].dropna()
        if place not in known or len(known) < 2:
            return float("nan")
        others = known.drop(place)
        return float(others.min() - known[place]) if lowest else float(known[place] - others.max())

    return beyond


def _title_by_name(data: pd.DataFrame, says: Says) -> str:
    """The lowest and the highest where there are few places: by name, if they are the same in nearly every run."""
    said = []
    alike = "share_met_alike" in data and data["share_met_alike"].notna().any()
    met = tr("needs met at the same mix of status") if alike else tr("needs met")
    for column, what, words in (
        ("service_level", tr("service level"), _level),
        ("share_met_alike" if alike else "share_met", met, percent),
    ):
        known = data[data[column].notna() & (data["migrants"] > 0)]
        if len(known) != 2:
            known = known.sort_values(column, kind="stable")
        if known.empty:
            continue
        (low, first), (high, last) = ((words(known[column].iloc[i]), known["name"].iloc[i]) for i in (0, -1))
        told = {"what": what, "low": low, "high": high, "first": first, "last": last}
        if len(known) == 1:
            said.append(tr("{what} {low} in {first}", **told))
        elif low == high:
            said.append(tr("{what} {low} everywhere", **told))
        elif len(known) == 2:
            said.append(tr("{what} {low} in {first} and {high} in {last}", **told))
        elif all(says.sign(_end(str(of), column, end)) > 0 for of, end in ((first, True), (last, False))):
            said.append(tr("{what} from {low} in {first} to {high} in {last}", **told))
        else:
            said.append(tr("{what} {low} to {high}", **told))
    return sentence("; ".join(said)) if said else tr("No service level and no need was recorded")


def _level(value: float) -> str:
    """Two decimals, so that the ends of a range look alike."""
    if 0 < value < 0.005:
        return tr("under {number}", number=localised("0.01"))
    return localised(f"{value:.2f}")


def range_of(low: float, high: float, *, as_percent: bool) -> str:
    """From one share or level to another; one number where both are the same to the digits shown."""
    said = percent if as_percent else _level
    return _range(said(low), said(high))


def _range(low: str, high: str) -> str:
    return high if low == high else tr("{low} to {high}", low=low, high=high)


class Scale(NamedTuple):
    """What a map's colours and sizes mean. `areas`: of a marker, in square points: for each migrant, and the least."""

    norm: Normalize
    words: str
    areas: tuple[float, float]
    as_percent: bool
    colours: str = style.SEQUENTIAL


def draw_places(axes: Axes, data: pd.DataFrame, column: str, scale: Scale, gid: str) -> None:
    """A marker a place: its area stands for migrants, its colour for the value; grey where there is none."""
    own = data.iloc[
        np.argsort(-data["migrants"].to_numpy(), kind="stable")
    ]  # small markers on top of large ones
    shown = own[column].to_numpy(dtype=float)
    area, known = areas_of(own["migrants"], scale.areas), np.isfinite(shown)
    edge = np.where(area > 12, 0.5, 0.0)  # a white rim tells large markers apart, and would hide small ones
    east, north = own["longitude"].to_numpy(), own["latitude"].to_numpy()
    axes.scatter(east[~known], north[~known], s=area[~known], color="#cccccc", lw=0)
    axes.scatter(
        east[known], north[known], s=area[known], c=shown[known], cmap=scale.colours, norm=scale.norm,
        edgecolor="white", linewidths=edge[known].tolist(), gid=f"{gid}-{column}",
    )  # fmt: skip


def marker_areas(data: pd.DataFrame, info: PlacesInfo, panels: int = 2) -> tuple[float, float]:
    """What every map has as `Scale.areas`, by its places and how many panels stand side by side."""
    few = len(data) <= NAMED
    most = LARGEST if few else LARGEST_ON_LAND if info.outlines else LARGEST_ALONE
    largest = max(1.0, float(data["migrants"].max()))
    return most / (1.0 if panels < 3 else 1.5) / largest, min(LEAST_AREA, 4000 / len(data))


def areas_of(migrants: pd.Series, areas: tuple[float, float]) -> np.ndarray:
    """Of markers: `areas` is that for a migrant, and the least."""
    a_migrant, least = areas
    return np.maximum(least, a_migrant * migrants.to_numpy(dtype=float))


def frame(axes: Axes, data: pd.DataFrame, pad: float) -> None:
    """The part of the globe that holds all places, in its right proportions."""
    north, east = data["latitude"], data["longitude"]
    stretch = 1 / max(0.05, float(np.cos(np.radians(north.mean()))))
    high = max(0.02, float(np.ptp(north)) * pad)
    wide = max(0.02 * stretch, float(np.ptp(east)) * pad)
    # One degree of latitude is `stretch` degrees of longitude: widen whichever side the axes has room for.
    box = axes.get_window_extent()
    half_high, half_wide = float(np.ptp(north)) / 2 + high, (float(np.ptp(east)) / 2 + wide) / stretch
    half = max(half_high, half_wide * box.height / box.width)
    axes.set_ylim((north.min() + north.max()) / 2 - half, (north.min() + north.max()) / 2 + half)
    half = half * stretch * box.width / box.height
    axes.set_xlim((east.min() + east.max()) / 2 - half, (east.min() + east.max()) / 2 + half)
    axes.set_xticks([])
    axes.set_yticks([])


def markers_text(data: pd.DataFrame, run: Run) -> str:
    """How many places a map shows, what the areas of its markers mean, and that it is of one run."""
    told = {"number": localised(f"{len(data):,}"), "largest": count(float(data["migrants"].max()))}
    return (
        tr(
            "{number} municipalities, one run (single places differ by luck); area of a marker: migrants (largest "
            "{largest})",
            **told,
        )
        if run.over_seeds is None
        else tr(
            "{number} municipalities, the run of seed {seed} (single places differ by luck); area of a marker: "
            "migrants (largest {largest})",
            **told,
            seed=run.seed,
        )
    )


@figure(6, "map", "service level and needs met, by municipality", data=map_data, pooled=_pooled_map)
def country(run: Run, data: pd.DataFrame) -> Figure:
    """Two maps: service level, and share of needs met; a marker's area stands for migrants (B1, E2)."""
    title = _map_title(data, says_of(run, "map"))
    if not data["migrants"].any():
        return style.nothing_to_show(
            run, title, tr("No municipality has a migrant in it at the end of the run.")
        )
    info = places_info(run)
    _, period = last_months(run)
    what = markers_text(data, run)
    if data["share_met"].isna().any():
        few = {"number": count(least_needs(run)), "simulated": LEAST_NEEDS}
        what += "; " + (
            tr("grey: under {number} needs of persons ({simulated} simulated)", **few)
            if run.persons_per_record > 1
            else tr("grey: under {number} needs of persons", number=few["number"])
        )
    page = style.page(run, title, what, info.credit)
    areas = marker_areas(data, info)
    end = run.date(max(0, run.months - 1))
    asked = (
        ("service_level", tr("service level (0 to 1), {year}", year=end[:4])),
        ("share_met", tr("needs met, {period}", period=period)),
    )
    width = 0.46
    for i, (column, words) in enumerate(asked):
        left = style.MARGIN + i * (1 - 2 * style.MARGIN - width)
        norm = Normalize(0.0, top_of_scale(data[column], data["migrants"]))
        map_panel(
            page, (left, width), data, column, Scale(norm, words, areas, column == "share_met"), "", info
        )
    return page.finish()


def map_panel(
    page: style.Page, span: tuple[float, float], data: pd.DataFrame, column: str, scale: Scale, title: str,
    info: PlacesInfo,
) -> None:  # fmt: skip
    """A map of a column with its scale below it, or on its right where it is wide. `span`: left edge and width on the
    page."""
    (left, width), few = span, len(data) <= NAMED
    beside = width > WIDE_PANEL and bool(info.outlines)
    below = 0.02 if beside else 0.15
    apart = {} if few else islands(data, info)
    on_map = ~np.any([np.zeros(len(data), bool), *apart.values()], axis=0)
    main = data[on_map]
    height = page.top - page.bottom - below - (0.07 if title else 0.0)
    axes = page.figure.add_axes((left, page.bottom + below, width - (KEY_BESIDE if beside else 0.0), height))
    style.dress(axes)
    axes.grid(False)
    for side in axes.spines.values():
        side.set_visible(False)
    draw_land(axes, info)
    draw_places(axes, main, column, scale, "map")
    frame(axes, extent(main, info), 0.45 if few else 0.04 if not info.outlines else 0.01)
    if few:
        name_places(axes, main, scale.areas)
    held = extent(main, info)
    drawn = boxes(page, axes, data, held, [] if few else insets(data, info, axes))
    for inset, box in drawn:
        if isinstance(inset, Crowd):
            mark_window(axes, inset.window)
            box.set_xlim(inset.window.west, inset.window.east)
            box.set_ylim(inset.window.south, inset.window.north)
            box.set_xticks([])
            box.set_yticks([])
            main = main.drop(main.index.intersection(data.index[inset.there]))
        else:
            there = data[inset.there] if inset.window is None else corners_of(inset.window)
            frame(box, there, 0.15 if inset.window is None else 0.02)
        draw_land(box, info)
        draw_places(box, data[inset.there], column, scale, "crowd" if isinstance(inset, Crowd) else "corner")
    if info.outlines and info.named:
        tight = [box.get_tightbbox() for _, box in drawn]
        name_a_few(axes, main, info, [Bbox(each) for each in tight if each])
    if title:
        axes.set_title(textwrap.shorten(title, 30, placeholder=" ..."), loc="left", fontsize=style.TEXT)
    beyond = bool((data[column].abs() > float(scale.norm.vmax or 0.0)).any())
    if beside:
        where = (left + width - KEY_BESIDE + 0.02, page.bottom + below + 0.1 * height, 0.014, 0.8 * height)
    else:
        inset_by = 0.03 if title else 0.06
        where = (left + inset_by, page.bottom + 0.105, width - 2 * inset_by, 0.025)
    key(page, where, scale, beyond, upright=beside)


def top_of_scale(values: pd.Series, migrants: pd.Series) -> float:
    """Where the colours end, a multiple of 0.05: some tiny place with all needs met would make all others dark."""
    usual = weighted_quantile(values, migrants, UP_TO)
    return max(0.05, float(np.ceil(usual * 20 - 1e-9)) / 20) if np.isfinite(usual) else 1.0


def name_places(axes: Axes, data: pd.DataFrame, areas: tuple[float, float]) -> None:
    """Names below the markers, or above them where there is no room; a name that fits nowhere is left out."""
    panel = axes.get_window_extent()
    taken: list[Bbox] = []
    ordered = data.sort_values("migrants", ascending=False, kind="stable")
    for row, area in zip(ordered.itertuples(), areas_of(ordered["migrants"], areas), strict=True):
        away = float(np.sqrt(area / np.pi)) + 3
        for side in (-1, 1):
            name = axes.annotate(
                textwrap.fill(str(row.name), 16), (float(str(row.longitude)), float(str(row.latitude))),
                xytext=(0, side * away), textcoords="offset points", ha="center",
                va="top" if side < 0 else "bottom", fontsize=style.TEXT,
            )  # fmt: skip
            box = name.get_window_extent()
            inward = max(0.0, panel.x0 - box.x0) - max(0.0, box.x1 - panel.x1)
            name.set_position((inward * 72 / style.DPI, side * away))
            box = name.get_window_extent()
            if not any(box.overlaps(other) for other in taken):
                taken.append(Bbox(box.get_points()))
                break
            name.remove()


def key(
    page: style.Page,
    where: tuple[float, float, float, float],
    scale: Scale,
    beyond: bool,
    upright: bool = False,
) -> None:
    """The scale of colours, below the map, or `upright` beside it; an arrow where some values lie beyond it."""
    axes = page.figure.add_axes(where)
    extend = "neither" if not beyond else "both" if (scale.norm.vmin or 0.0) < 0 else "max"
    shown = ScalarMappable(scale.norm, scale.colours)
    which: Any = "vertical" if upright else "horizontal"
    bar = page.figure.colorbar(shown, cax=axes, orientation=which, extend=extend, extendfrac=0.04)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(4)
    bar.formatter = FuncFormatter(lambda v, _: percentage(v) if scale.as_percent else localised(f"{v:g}"))
    bar.update_ticks()
    axes.tick_params(labelsize=style.TEXT, length=3, pad=2)
    if upright:
        axes.set_ylabel(textwrap.fill(scale.words, 26), fontsize=style.TEXT, labelpad=4)
    else:
        axes.set_xlabel(scale.words, fontsize=style.TEXT, labelpad=2)
