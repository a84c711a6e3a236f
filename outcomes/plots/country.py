"""The map: what each municipality offers, and what becomes of needs there."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ..groups import last_months, share, totals
from ..inequality import least_needs
from ..run import Run
from ..wording import count, percent, sentence
from . import style
from .declaration import figure

LEAST_AREA = 2.5  # of a marker, in square points; less where thousands of places would cover the map
UP_TO = 0.98  # the colours end where so much of the migrants is covered; an arrow stands for the rest
CORNER = 0.3  # width and height of the box for places far off, of those of the map
NAMED = 6  # up to so many places are named on the map
# Places so far off that the map of all others would shrink for them get an inset box.
MOST_MIGRANTS = 0.1  # where more of the migrants live is no appendix
LEAST_GAP = 0.1  # of the map's height or width, empty between them and the others
LEAST_GAIN = 1.25  # how much larger the others must become
WIDE = 1.6  # width of the room for a map, over its height


def map_data(run: Run) -> pd.DataFrame:
    """One row a municipality.

    Columns: place, code, name, region_name, latitude, longitude; migrants, service_level (end of the last
    year); needs, met, share_met (last five years; share_met is missing below five needs of records).
    """
    places = run.table("places").set_index("place")
    result = places[["code", "name", "region_name", "latitude", "longitude"]].copy()
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
    recent = totals(run, "monthly", ["needs", "unmet"], "place", since=first).set_index("place")
    recent = recent.reindex(result.index, fill_value=0)
    result["needs"] = recent["needs"]
    result["met"] = recent["needs"] - recent["unmet"]
    result["share_met"] = share(result["met"], result["needs"].where(result["needs"] >= least_needs(run), 0))
    return result.reset_index()


def _pooled_map(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    """A place that has its share of needs met in no run has none here."""
    by_place = rows.groupby("place")
    sums = by_place[["migrants", "needs", "met"]].sum()
    same = ["place", "code", "name", "region_name", "latitude", "longitude"]
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


def _map_title(data: pd.DataFrame) -> str:
    if not data["migrants"].any():
        return "No municipality has a migrant in it"
    if len(data) <= NAMED:
        return _title_by_name(data)
    low, high = (weighted_quantile(data["service_level"], data["migrants"], q) for q in (0.1, 0.9))
    poor, rich = (weighted_quantile(data["share_met"], data["migrants"], q) for q in (0.1, 0.9))
    said = []
    if np.isfinite(low):
        said.append(f"service levels {_range(_level(low), _level(high))}")
    if np.isfinite(poor):
        said.append(f"needs met {_range(percent(poor), percent(rich))}")
    if not said:
        return "No service level and no need was recorded"
    return f"Where the middle 80% of migrants live: {', '.join(said)}"


def _title_by_name(data: pd.DataFrame) -> str:
    """The lowest and the highest, by name, where there are few places."""
    said = []
    for column, what, words in (
        ("service_level", "service level", _level),
        ("share_met", "needs met", percent),
    ):
        known = data[data[column].notna() & (data["migrants"] > 0)].sort_values(column, kind="stable")
        if known.empty:
            continue
        (low, first), (high, last) = ((words(known[column].iloc[i]), known["name"].iloc[i]) for i in (0, -1))
        if low == high:
            said.append(f"{what} {low} in {first}" if len(known) == 1 else f"{what} {low} everywhere")
        elif len(known) == 2:
            said.append(f"{what} {low} in {first} and {high} in {last}")
        else:
            said.append(f"{what} from {low} in {first} to {high} in {last}")
    return sentence("; ".join(said)) if said else "No service level and no need was recorded"


def _level(value: float) -> str:
    """Two decimals, so that the ends of a range look alike."""
    return "under 0.01" if 0 < value < 0.005 else f"{value:.2f}"


def _range(low: str, high: str) -> str:
    return high if low == high else f"{low} to {high}"


class Scale(NamedTuple):
    """What a map's colours and sizes mean. `areas`: of a marker, in square points: for each migrant, and the least."""

    norm: Normalize
    words: str
    areas: tuple[float, float]
    as_percent: bool
    colours: str = "viridis"


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


@figure(6, "map", "service level and needs met, by municipality", data=map_data, pooled=_pooled_map)
def country(run: Run, data: pd.DataFrame) -> Figure:
    """Two maps: service level, and share of needs met; a marker's area stands for migrants (B1, E2)."""
    title = _map_title(data)
    if not data["migrants"].any():
        return style.nothing_to_show(run, title, "No municipality has a migrant in it at the end of the run.")
    _, period = last_months(run)
    largest = float(data["migrants"].max())
    what = f"{len(data):,} municipalities; area of a marker: migrants (largest {count(largest)})"
    if data["share_met"].isna().any():
        what += f"; grey: under {least_needs(run)} needs"
    page = style.page(run, title, what)
    areas = (480.0 if len(data) > NAMED else 1200.0) / largest, min(LEAST_AREA, 4000 / len(data))
    end = run.date(max(0, run.months - 1))
    asked = (("service_level", f"service level (0 to 1), {end[:4]}"), ("share_met", f"needs met, {period}"))
    width = 0.46
    for i, (column, words) in enumerate(asked):
        left = style.MARGIN + i * (1 - 2 * style.MARGIN - width)
        norm = Normalize(0.0, top_of_scale(data[column], data["migrants"]))
        map_panel(page, (left, width), data, column, Scale(norm, words, areas, column == "share_met"), "")
    return page.finish()


def map_panel(
    page: style.Page, span: tuple[float, float], data: pd.DataFrame, column: str, scale: Scale, title: str
) -> None:
    """A map of a column with its scale below it. `span`: left edge and width on the page."""
    (left, width), few = span, len(data) <= NAMED
    aside = np.zeros(len(data), dtype=bool) if few else far_off(data)
    main, corner = data[~aside], data[aside]
    height = page.top - page.bottom - (0.22 if title else 0.15)
    axes = page.figure.add_axes((left, page.bottom + 0.15, width, height))
    style.dress(axes)
    axes.grid(False)
    for side in axes.spines.values():
        side.set_visible(False)
    draw_places(axes, main, column, scale, "map")
    frame(axes, main, 0.45 if few else 0.04)
    if few:
        name_places(axes, main, scale.areas)
    if len(corner):
        draw_places(corner_box(page, axes, main, corner), corner, column, scale, "corner")
    if title:
        axes.set_title(textwrap.shorten(title, 30, placeholder=" ..."), loc="left", fontsize=style.TEXT)
    inset = 0.03 if title else 0.06
    beyond = bool((data[column].abs() > float(scale.norm.vmax or 0.0)).any())
    key(page, (left + inset, page.bottom + 0.105, width - 2 * inset, 0.025), scale, beyond)


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


def corner_box(page: style.Page, axes: Axes, main: pd.DataFrame, corner: pd.DataFrame) -> Axes:
    """Axes for the places far off, in the corner that is emptiest once the others have moved out of its way."""
    regions = list(dict.fromkeys(corner["region_name"].astype(str)))
    names = regions if len(regions) <= 2 else [f"{len(regions)} regions"]
    name = "\n".join(textwrap.fill(n, 13) for n in names)
    box = axes.get_position()
    line = 1.25 * style.TEXT / 72 / (box.height * style.HEIGHT)
    tall = CORNER + line * (name.count("\n") + 1)
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    x, y = (main["longitude"] - x0) / (x1 - x0), (main["latitude"] - y0) / (y1 - y0)
    corners = []  # how many places it would cover, how far these have to move, where it is
    for left in (True, False):
        need = CORNER + 0.04 - (x.min() if left else 1 - x.max())
        room = 1 - x.max() if left else x.min()
        shift = float(np.clip(need, 0.0, max(0.0, room))) * (1 if left else -1)
        inside = (x + shift <= CORNER + 0.02) if left else (x + shift >= 0.98 - CORNER)
        for high in (True, False):
            crowd = int((inside & ((y >= 1 - tall) if high else (y <= tall))).sum())
            corners.append((crowd, shift, 0.0 if left else 1 - CORNER, 1 - tall if high else 0.0))
    _, shift, cx, cy = min(corners, key=lambda each: each[0])
    axes.set_xlim(x0 - shift * (x1 - x0), x1 - shift * (x1 - x0))
    inset = page.figure.add_axes(
        (box.x0 + cx * box.width, box.y0 + cy * box.height, CORNER * box.width, CORNER * box.height)
    )
    for side in inset.spines.values():
        side.set_color("#a8a8a8")
    frame(inset, corner, 0.15)
    inset.set_title(name, fontsize=style.TEXT, loc="left", pad=3)
    return inset


def key(page: style.Page, where: tuple[float, float, float, float], scale: Scale, beyond: bool) -> None:
    """The scale of colours, below the map; an arrow where some values lie beyond it."""
    axes = page.figure.add_axes(where)
    extend = "neither" if not beyond else "both" if (scale.norm.vmin or 0.0) < 0 else "max"
    shown = ScalarMappable(scale.norm, scale.colours)
    bar = page.figure.colorbar(shown, cax=axes, orientation="horizontal", extend=extend, extendfrac=0.04)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(4)
    bar.formatter = FuncFormatter(lambda v, _: f"{100 * v:.0f}%" if scale.as_percent else f"{v:g}")
    bar.update_ticks()
    axes.tick_params(labelsize=style.TEXT, length=3, pad=2)
    axes.set_xlabel(scale.words, fontsize=style.TEXT, labelpad=2)


def far_off(data: pd.DataFrame) -> np.ndarray:
    """Which places lie beyond a wide gap, few migrants in them, and are better drawn apart; often none.

    Of all cuts through an empty strip from north to south or from east to west, the one that lets the rest be
    drawn largest; none, if that is less than a quarter larger.
    """
    chosen = np.zeros(len(data), dtype=bool)
    north = data["latitude"].to_numpy(dtype=float)
    east = data["longitude"].to_numpy(dtype=float) * np.cos(np.radians(north.mean())) if len(data) else north
    migrants = data["migrants"].to_numpy(dtype=float)
    best = LEAST_GAIN
    for along in (north, east):
        order = np.argsort(along, kind="stable")
        gaps = np.diff(along[order])
        for cut in np.flatnonzero(gaps > LEAST_GAP * np.ptp(along)) + 1:
            for group in (order[:cut], order[cut:]):
                apart = np.zeros(len(data), dtype=bool)
                apart[group] = True
                if migrants[apart].sum() > MOST_MIGRANTS * migrants.sum():
                    continue
                gain = _size(north, east) / max(1e-9, _size(north[~apart], east[~apart]))
                if gain >= best:
                    best, chosen = gain, apart
    return chosen


def _size(north: np.ndarray, east: np.ndarray) -> float:
    """What limits the scale of a map, in degrees of latitude."""
    return float(max(np.ptp(north), np.ptp(east) / WIDE))
