"""The map: what each municipality offers, and what becomes of needs there."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ..cascade import SERVED
from ..groups import share, totals
from ..run import Run
from ..spread import LEAST_NEEDS
from . import style
from .tables import last_months
from .wording import count, level, percent

LEAST_AREA = 2.5  # of a marker, in square points
NAMED = 6  # up to so many places are named on the map


def map_data(run: Run) -> pd.DataFrame:
    """One row a municipality.

    Columns: place, code, name, region_name, latitude, longitude; migrants, service_level (end of the last
    year); needs, met, share_met (last five years; share_met is missing below five needs).
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
    recent = totals(run, "monthly", ["needs", *SERVED], "place", since=first).set_index("place")
    recent = recent.reindex(result.index, fill_value=0)
    result["needs"] = recent["needs"]
    result["met"] = recent[list(SERVED)].sum(axis=1)
    result["share_met"] = share(result["met"], result["needs"].where(result["needs"] >= LEAST_NEEDS, 0))
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
    low, high = (weighted_quantile(data["service_level"], data["migrants"], q) for q in (0.1, 0.9))
    poor, rich = (weighted_quantile(data["share_met"], data["migrants"], q) for q in (0.1, 0.9))
    said = []
    if np.isfinite(low):
        said.append(f"service levels {_range(level(low), level(high))}")
    if np.isfinite(poor):
        said.append(f"needs met {_range(percent(poor), percent(rich))}")
    if not said:
        return "No service level and no need was recorded"
    return f"Where the middle 80% of migrants live: {', '.join(said)}"


def _range(low: str, high: str) -> str:
    return high if low == high else f"{low} to {high}"


def far_away(data: pd.DataFrame) -> np.ndarray:
    """Places of a small far region (at most 5% of migrants) that would squeeze the map; drawn in a corner.

    A region qualifies if the map of the others could be drawn at least a quarter larger.
    """
    chosen = np.zeros(len(data), dtype=bool)
    regions = data["region_name"].to_numpy()
    migrants = data["migrants"].to_numpy(dtype=float)
    if len(set(regions)) < 5 or migrants.sum() == 0:
        return chosen
    whole = _extent(data)
    best = 1.25
    for region in pd.unique(regions):
        own = regions == region
        if migrants[own].sum() > 0.05 * migrants.sum():
            continue
        gain = whole / max(1e-9, _extent(data[~own]))
        if gain >= best:
            best, chosen = gain, own
    return chosen


def _extent(data: pd.DataFrame) -> float:
    """The longer side of the map, in degrees of latitude."""
    north, east = data["latitude"], data["longitude"]
    return float(max(np.ptp(north), np.ptp(east) * np.cos(np.radians(north.mean()))))


def _draw(
    axes: Axes, data: pd.DataFrame, values: pd.Series, norm: Normalize, unit_area: float, gid: str
) -> Any:
    order = np.argsort(-data["migrants"].to_numpy(), kind="stable")  # small markers on top of large ones
    own = data.iloc[order]
    shown = values.iloc[order].to_numpy(dtype=float)
    area = np.maximum(LEAST_AREA, unit_area * own["migrants"].to_numpy(dtype=float))
    edge = np.where(area > 12, 0.5, 0.0)  # a white rim tells large markers apart, and would hide small ones
    known = np.isfinite(shown)
    east, north = own["longitude"].to_numpy(), own["latitude"].to_numpy()
    axes.scatter(east[~known], north[~known], s=area[~known], color="#cccccc", lw=0)
    axes.scatter(
        east[known],
        north[known],
        s=area[known],
        c=shown[known],
        cmap="viridis",
        norm=norm,
        edgecolor="white",
        linewidths=edge[known],
        gid=gid,
    )


def _frame(axes: Axes, data: pd.DataFrame, pad: float) -> None:
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


def country(run: Run, data: pd.DataFrame | None = None) -> Figure:
    """Two maps: service level, and share of needs met; a marker's area stands for migrants (B1, E2)."""
    data = map_data(run) if data is None else data
    title = _map_title(data)
    if not data["migrants"].any():
        return style.nothing_to_show(run, title, "No municipality has a migrant in it at the end of the run.")
    _, period = last_months(run)
    largest = float(data["migrants"].max())
    what = f"{len(data):,} municipalities; area of a marker: migrants (largest {count(largest)})"
    if data["share_met"].isna().any():
        what += f"; grey: under {LEAST_NEEDS} needs"
    page = style.page(run, title, what)
    aside = far_away(data)
    main, corner = data[~aside], data[aside]
    unit_area = (480.0 if len(data) > NAMED else 1200.0) / largest
    end = run.date(max(0, run.months - 1))
    asked = (("service_level", f"service level (0 to 1), {end[:4]}"), ("share_met", f"needs met, {period}"))
    width, height = 0.46, page.top - page.bottom
    for i, (column, words) in enumerate(asked):
        left = style.MARGIN + i * (1 - 2 * style.MARGIN - width)
        axes = page.figure.add_axes((left, page.bottom + 0.15, width, height - 0.15))
        style.dress(axes)
        axes.grid(False)
        for side in axes.spines.values():
            side.set_visible(False)
        top = float(data[column].max()) if data[column].notna().any() else 1.0
        norm = Normalize(0.0, max(0.05, np.ceil(top * 20) / 20))
        _draw(axes, main, main[column], norm, unit_area, f"map-{column}")
        _frame(axes, main, 0.04 if len(data) > NAMED else 0.45)
        if len(data) <= NAMED:
            _name(axes, main, unit_area)
        if len(corner):
            _corner(page, axes, main, corner, column, norm, unit_area)
        _key(
            page, (left + 0.06, page.bottom + 0.105, width - 0.12, 0.025), norm, words, column == "share_met"
        )
    return page.finish()


def _name(axes: Axes, data: pd.DataFrame, unit_area: float) -> None:
    """Names below the markers, or above them where there is no room; a name that fits nowhere is left out."""
    panel = axes.get_window_extent()
    taken: list[Bbox] = []
    for row in data.sort_values("migrants", ascending=False, kind="stable").itertuples():
        away = float(np.sqrt(max(LEAST_AREA, unit_area * float(str(row.migrants))) / np.pi)) + 3
        for side in (-1, 1):
            name = axes.annotate(
                textwrap.fill(str(row.name), 16),
                (float(str(row.longitude)), float(str(row.latitude))),
                xytext=(0, side * away),
                textcoords="offset points",
                ha="center",
                va="top" if side < 0 else "bottom",
                fontsize=style.TEXT,
            )
            box = name.get_window_extent()
            inward = max(0.0, panel.x0 - box.x0) - max(0.0, box.x1 - panel.x1)
            name.set_position((inward * 72 / style.DPI, side * away))
            box = name.get_window_extent()
            if not any(box.overlaps(other) for other in taken):
                taken.append(Bbox(box.get_points()))
                break
            name.remove()


def _corner(
    page: style.Page,
    axes: Axes,
    main: pd.DataFrame,
    corner: pd.DataFrame,
    column: str,
    norm: Normalize,
    unit_area: float,
) -> None:
    """The far region in the corner of the map where the fewest places lie."""
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    x, y = (main["longitude"] - x0) / (x1 - x0), (main["latitude"] - y0) / (y1 - y0)
    corners = [(0.0, 0.62), (0.70, 0.0), (0.0, 0.0), (0.70, 0.62)]
    crowd = [int(((x >= cx) & (x <= cx + 0.30) & (y >= cy) & (y <= cy + 0.38)).sum()) for cx, cy in corners]
    cx, cy = corners[int(np.argmin(crowd))]
    box = axes.get_position()
    inset = page.figure.add_axes(
        (box.x0 + cx * box.width, box.y0 + cy * box.height, 0.30 * box.width, 0.30 * box.height)
    )
    for side in inset.spines.values():
        side.set_color("#a8a8a8")
    _draw(inset, corner, corner[column], norm, unit_area, f"corner-{column}")
    _frame(inset, corner, 0.15)
    inset.set_title(str(corner["region_name"].iloc[0]), fontsize=style.TEXT, loc="left", pad=3)


def _key(
    page: style.Page, where: tuple[float, float, float, float], norm: Normalize, words: str, as_percent: bool
) -> None:
    axes = page.figure.add_axes(where)
    bar = page.figure.colorbar(ScalarMappable(norm, "viridis"), cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(4)
    bar.formatter = FuncFormatter(lambda v, _: f"{100 * v:.0f}%" if as_percent else f"{v:g}")
    bar.update_ticks()
    axes.tick_params(labelsize=style.TEXT, length=3, pad=2)
    axes.set_xlabel(words, fontsize=style.TEXT, labelpad=2)
